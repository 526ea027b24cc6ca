#!/bin/sh
# Usage: prepare-tests.sh NODE [PATCH]
# What prepare-tests.ps1 does, by the machine's own hg. It runs there, as Administrator.
set -eu
export HGPLAIN=1
cd /C:/hgdev/src
hg --config extensions.purge= purge --all
hg update --quiet --clean "$1"
[ $# -lt 2 ] || hg import --quiet --message 'uncommitted changes' "$2"
