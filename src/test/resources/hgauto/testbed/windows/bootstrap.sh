#!/bin/sh
# Usage: bootstrap.sh
# What bootstrap-windows.ps1 leaves that others need: hg.cmd and a repository, which is empty here. It
# runs in the machine, as root.
set -eu
cd /C:/hgdev
rm -rf src
hg init src
printf '\n[phases]\npublish = False\n' >>src/.hg/hgrc
# shellcheck disable=SC2016 # the script's own
printf '#!/bin/sh\nexec /usr/bin/hg "$@"\n' >hg.cmd
chmod 755 hg.cmd
chown -R Administrator:Administrator src hg.cmd
