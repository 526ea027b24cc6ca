#!/bin/sh
# Usage: bootstrap.sh
# What bootstrap-windows.ps1 leaves that others need or look for: hg.cmd and a repository, which is
# empty here, and files without content. It runs in the machine, as root.
set -eu
cd /C:/hgdev
rm -rf src
hg init src
printf '\n[phases]\npublish = False\n' >>src/.hg/hgrc
# shellcheck disable=SC2016 # the script's own
printf '#!/bin/sh\nexec /usr/bin/hg "$@"\n' >hg.cmd
chmod 755 hg.cmd
mkdir -p python314-x64 venv-bootstrap/Scripts MinGW/msys/1.0/bin /C:/Windows/Microsoft.NET/Framework64/v3.5
touch python314-x64/python.exe venv-bootstrap/Scripts/python.exe MinGW/msys/1.0/bin/sh.exe
chown -R Administrator:Administrator src hg.cmd python314-x64 venv-bootstrap MinGW
