#!/bin/bash
# Updates /hgwork/src, where there is nothing that hg does not know, to what is to be tested, and builds it.
#
# usage: build-source.sh NODE PATCH PYTHON SECONDS [MAKE_ARGUMENT...]
#
# PATCH is a file with uncommitted changes to commit on top, or empty. SECONDS is how long make may
# take. Without MAKE_ARGUMENTs nothing is built. Prints "updated" and, where something was built,
# "built". What goes wrong is told on standard error. Exit code 100: it cannot be built.
set -euo pipefail
node=$1 patch=$2 python=$3 limit=$4
shift 4

hg() {
  HGPLAIN=1 HGRCPATH='' HGENCODING=utf-8 /hgdev/venv-bootstrap/bin/hg "$@"
}

cd /hgwork/src
hg update --quiet --clean --rev "$node"
[ -z "$patch" ] || hg import --quiet --message "uncommitted changes" "$patch"
echo updated

# Old changesets have no such target; their run-tests.py installs Mercurial by itself.
if [ $# -gt 0 ] && grep -qs '^local:' Makefile; then
  python=$("$python" -c 'import sys; print(sys.executable)')
  log=/hgwork/results/build.log
  # Cargo's programs find what they need by HOME.
  env -i HOME=/hgwork/home TMPDIR=/hgwork/tmp LANG=C.UTF-8 PATH="$(dirname "$python"):$PATH" \
    CARGO_HOME="$HOME/.cargo" RUSTUP_HOME="$HOME/.rustup" \
    timeout --kill-after=10 "$limit" make "$@" PYTHON="$python" >"$log" 2>&1 || {
    code=$?
    tail -n 30 "$log" >&2
    if [ "$code" -eq 124 ]; then
      printf 'make was ended at the time limit of %s s\n' "$limit" >&2
    else
      printf 'make ended with code %s\n' "$code" >&2
    fi
    exit 100
  }
  echo built
fi
