#!/bin/sh
# Make sure that the browser tests have a browser: LIVEFEED_CHROMIUM, one on PATH, else Debian's as root.
set -eu
[ -n "${LIVEFEED_CHROMIUM:-}" ] && [ -x "$LIVEFEED_CHROMIUM" ] && exit 0
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests (once)"
    apt-get update >/dev/null </dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y chromium >/dev/null </dev/null && exit 0
fi
echo "livefeed: the browser tests need Chromium: run 'sudo apt-get install chromium', or name one with LIVEFEED_CHROMIUM=/path/to/chromium." >&2
exit 1
