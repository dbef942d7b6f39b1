#!/bin/sh
# Make .venv-diffusers for `make test-diffusers`: all that .venv has, and torch and diffusers on top, which are large and
# needed by one generator alone. Costs nothing when it is there; needs .venv as `tools/setup.sh dev` makes it.
#
# TORCH_INDEX is the address of a package index with builds of torch for processors alone; pytorch.org, "Get started",
# shows one. Without it, pip takes what it finds, which on Linux may be a build with CUDA: several GB.
#
# tools/diffusers.sh upgrade: take the newest versions, of torch that of requirements-diffusers.in, and write them down.
set -eu
cd "$(dirname "$0")/.."
folder=.venv-diffusers
lock=requirements-diffusers.txt

fail() { echo "livefeed: $*" >&2; exit 1; }
[ -x .venv/bin/python ] || fail "there is no .venv: run 'make test-diffusers'."
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
digest() { { pwd; echo "$packages"; .venv/bin/python --version; cat requirements-diffusers.* tools/diffusers.sh; } | cksum; }
install() { $folder/bin/python -m pip install --disable-pip-version-check "$@" </dev/null; }

if [ "${1:-}" != upgrade ]; then
    [ "$(cat $folder/.installed 2>/dev/null)" = "$(digest)" ] && $folder/bin/python -c 'import importlib.metadata as m; m.version("torch")' 2>/dev/null && exit 0
fi
torch=$(sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements-diffusers.in)

echo "Installing torch and diffusers into $folder (once)"
.venv/bin/python -m venv --clear $folder || fail "'.venv/bin/python -m venv $folder' failed: see above."
# Python reads this when it starts, and finds the packages of .venv after its own.
echo "$packages" >"$($folder/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/beside.pth"

if [ -n "${TORCH_INDEX:-}" ]; then
    install --quiet --extra-index-url "$TORCH_INDEX" "$torch"
else
    install --quiet --dry-run --report - "$torch" | grep -q '"nvidia' &&
        echo "This fetches torch with CUDA, several GB; TORCH_INDEX may name an index with smaller builds (tools/diffusers.sh)."
    install --quiet "$torch"
fi
if [ "${1:-}" = upgrade ]; then
    install --quiet --requirement requirements-diffusers.in
    {
        echo "# Written by 'tools/diffusers.sh upgrade'. Without hashes: torch has a build for every kind of machine."
        $folder/bin/python -m pip freeze --path "$($folder/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" |
            grep -Ev '^(nvidia|cuda|triton)' | sed 's/+[a-z0-9.]*$//'
    } >$lock
else
    install --quiet --requirement $lock
fi
digest >$folder/.installed
