#!/bin/sh
# Make sure that the browser tests have a browser (LIVEFEED_CHROMIUM, one on PATH, else Debian's as root) and the fonts
# that their stored pictures were made with.
set -eu

browser() {
    [ -n "${LIVEFEED_CHROMIUM:-}" ] && [ -x "$LIVEFEED_CHROMIUM" ] && return
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null && return
    done
    return 1
}

font() {
    fc-list "$1" 2>/dev/null | grep -q .
}

missing=
browser || missing=" chromium"
font "Noto Color Emoji" || missing="$missing fonts-noto-color-emoji"
font "DejaVu Sans" || missing="$missing fonts-dejavu-core"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the browser tests (once):$missing"
    # shellcheck disable=SC2086 # words
    apt-get update >/dev/null </dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y $missing >/dev/null </dev/null && exit 0
fi
browser || {
    echo "livefeed: the browser tests need Chromium: run 'sudo apt-get install chromium', or name one with LIVEFEED_CHROMIUM=/path/to/chromium." >&2
    exit 1
}
echo "livefeed: without$missing the visual regressions are skipped: run 'sudo apt-get install$missing' to have them." >&2
