#!/bin/bash
# Runs run-tests.py in /hgwork/src/tests. Its output, both streams of it in their order, is this
# script's standard output. Standard error gets a line for each test that begins or ends, see
# hgauto_test_result.py, and at last "end" and run-tests.py's exit code, or "limit".
#
# usage: run-tests.sh PYTHON SECONDS TEST_RESULT LOCAL [FLAG...]
#
# SECONDS is how long it may take. TEST_RESULT is the text of hgauto_test_result.py. LOCAL is
# --local, to be given to it where there is an hg that was built, or empty.
set -euo pipefail
python=$1 limit=$2 test_result=$3 local=$4
shift 4
exec 3>&2 2>&1

results=/hgwork/results
printf '%s' "$test_result" >/hgwork/harness/hgauto_test_result.py
rm -f "$results/report.xml" "$results/report.json"
python=$("$python" -c 'import sys; print(sys.executable)')
cd /hgwork/src/tests
grep -qs '^local:' ../Makefile || local= # nothing was built
exec 2>/dev/null # bash would tell of a signal that ends it, among its output
code=0
env -i HOME=/hgwork/home TMPDIR=/hgwork/tmp LANG=C.UTF-8 SHELL=/bin/sh USER="$USER" LOGNAME="$USER" \
  PATH="$(dirname "$python"):$PATH" CARGO_HOME="$HOME/.cargo" RUSTUP_HOME="$HOME/.rustup" \
  PYTHONPATH=/hgwork/harness CUSTOM_TEST_RESULT=hgauto_test_result HGAUTO_EVENTS_FD=3 \
  timeout --kill-after=10 "$limit" \
  "$python" -u run-tests.py "--xunit=$results/report.xml" --json "--outputdir=$results" ${local:+"$local"} \
  "$@" 2>&1 || code=$?
if [ "$SECONDS" -ge "$limit" ]; then
  echo limit >&3
else
  printf 'end\t%s\n' "$code" >&3
fi
exit "$code"
