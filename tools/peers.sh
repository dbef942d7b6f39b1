#!/bin/sh
# Put the servers that `make bench` compares with into bench/peers/. The system is not changed, but for one empty folder:
# Debian's nginx wants /var/lib/nginx, which root has to make. Costs nothing the second time. What cannot be had is named in
# bench/peers/not-here.txt.
set -u
cd "$(dirname "$0")/.."
python=${PYTHON_IN:-.venv/bin/python}
folder=bench/peers
missing=$folder/not-here.txt
versions="socketify==0.0.31 socket.io@4.8.4 @socket.io/redis-streams-adapter@0.3.1 redis@6.3.1"
debian="nginx libnginx-mod-nchan nats-server"

[ "$(cat $folder/.installed 2>/dev/null)" = "$versions $debian" ] && exit 0
mkdir -p $folder
: >$missing
not_here() { echo "$*" | tee -a $missing >&2; }

echo "Installing the servers to compare with into $folder (once)"
"$python" -m venv $folder/venv &&
    $folder/venv/bin/python -m pip install --quiet --disable-pip-version-check socketify==0.0.31 </dev/null 2>$folder/pip-says.txt ||
    not_here "socketify cannot be installed from PyPI here (bench/peers/pip-says.txt)."

if command -v npm >/dev/null; then
    mkdir -p $folder/node
    echo '{"private": true}' >$folder/node/package.json
    npm install --silent --no-audit --no-fund --no-package-lock --prefix $folder/node \
        socket.io@4.8.4 @socket.io/redis-streams-adapter@0.3.1 redis@6.3.1 </dev/null >/dev/null 2>&1 ||
        not_here "socket.io cannot be installed from npm here."
else
    not_here "Socket.IO needs Node.js and npm."
fi

# Unpacked, not installed: nothing is started, nothing outside this folder changes.
if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
    mkdir -p $folder/packages
    for package in $debian; do
        (cd $folder/packages && apt-get download "$package" >/dev/null 2>&1) ||
            { [ "$(id -u)" = 0 ] && apt-get update >/dev/null 2>&1 && (cd $folder/packages && apt-get download "$package" >/dev/null 2>&1); } ||
            not_here "$package cannot be had from apt here."
    done
    for archive in $folder/packages/*.deb; do
        [ -e "$archive" ] && dpkg-deb -x "$archive" $folder/debian
    done
    rm -rf $folder/packages
    mkdir -p /var/lib/nginx 2>/dev/null || not_here "Nchan wants the folder /var/lib/nginx: make it as root (mkdir /var/lib/nginx)."
else
    not_here "Nchan and NATS are taken from Debian packages, and there is no apt-get here."
fi
[ -s $missing ] || { rm -f $missing; echo "$versions $debian" >$folder/.installed; }
exit 0
