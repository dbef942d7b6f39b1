# Each command does its own set-up, into .venv/ (.venv-diffusers/) and livefeed/web_dist/, and costs nothing the second time.
# ARGS goes to the tool: make test ARGS="-k resume", make lock ARGS=--upgrade.
SHELL := /bin/sh
PYTHON_IN := .venv/bin/python
# Where the environment forbids bytecode, each of the several hundred processes that the tests start would compile anew.
PYTEST := PYTHONDONTWRITEBYTECODE= $(PYTHON_IN) -m pytest
# A file is one process's, so that its tests share their servers; tests/conftest.py says how many there are.
SHARED := --numprocesses=auto --dist=loadfile --no-loadscope-reorder
COMPILE := $(PYTHON_IN) -m piptools compile --quiet --strip-extras --allow-unsafe --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.PHONY: help run test test-diffusers lint format bench soak dev screenshots lock clean setup setup-dev web

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' Makefile

run: setup web ## Serve livefeed on http://127.0.0.1:8080 (LIVEFEED_PORT, LIVEFEED_DATA, LIVEFEED_REDIS_URL)
	@exec .venv/bin/livefeed serve $(ARGS)

test: setup-dev web ## Run every kind of test; the Python tests' summary comes last
	@tools/browser.sh
	@web=0; $(PYTHON_IN) tools/web.py test || web=1; \
	python=0; $(PYTEST) $(SHARED) $(ARGS) || python=$$?; \
	[ $$web = 0 ] || echo "livefeed: the web tests failed, see above the Python tests." >&2; \
	[ $$web = 0 ] && exit $$python || exit 1

test-diffusers: setup-dev web ## Run the tests of the diffusers engine, which `make test` leaves out: it installs torch
	@tools/diffusers.sh
	@.venv-diffusers/bin/python -m pytest -m diffusers tests/diffusers tests/contract/test_generators.py tests/contract/test_cut_lines.py $(ARGS)

lint: setup-dev ## Check style and types, Python and web
	@$(PYTHON_IN) -m ruff check
	@$(PYTHON_IN) -m ruff format --check --quiet || { echo "livefeed: run 'make format'." >&2; exit 1; }
	@$(PYTHON_IN) -m mypy
	@$(PYTHON_IN) tools/web.py lint

format: setup-dev ## Write the Python files the way lint wants them
	@$(PYTHON_IN) -m ruff check --fix --quiet || true
	@$(PYTHON_IN) -m ruff format

bench: setup-dev web ## Measure, and print the figures beside those of other servers (PAIRS=9 for more runs)
	@tools/peers.sh
	@$(PYTHON_IN) -m bench $(ARGS)

soak: setup-dev web ## Run the seeded tests at their full counts
	@LIVEFEED_SOAK=1 $(PYTEST) -m soak --timeout=3600 $(ARGS)

dev: setup-dev web ## Serve, and reload on changes
	@exec $(PYTHON_IN) tools/dev.py

screenshots: setup-dev web ## Take the pictures of docs/screenshots
	@tools/browser.sh
	@$(PYTHON_IN) tools/screenshots.py $(ARGS)

lock: setup-dev ## Pin what pyproject.toml and requirements*.in ask for
	@$(COMPILE) $(ARGS) --output-file=requirements.txt pyproject.toml requirements.in
	@$(COMPILE) $(ARGS) --output-file=requirements-build.txt requirements-build.in
	@$(COMPILE) $(ARGS) --output-file=requirements-node.txt requirements-node.in
	@$(COMPILE) $(ARGS) --output-file=requirements-dev.txt requirements-dev.in

clean: ## Remove everything that the commands above made, never the data folder
	rm -rf .venv .venv-diffusers bench/peers bench/load/build bench/results livefeed/web_dist web/node_modules build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

setup:
	@tools/setup.sh run

setup-dev:
	@tools/setup.sh dev

web: setup
	@$(PYTHON_IN) tools/web.py build
