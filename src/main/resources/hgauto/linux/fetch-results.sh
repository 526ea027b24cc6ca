#!/bin/bash
# Prints what run-tests.py left in /hgwork/results: of each file a line with its length, and then its
# bytes. A file that is not there, or is longer than LARGEST, is printed as an empty one.
#
# usage: fetch-results.sh LARGEST
set -euo pipefail
for file in report.xml report.json .testtimes; do
  path=/hgwork/results/$file
  length=0
  [ ! -f "$path" ] || [ -L "$path" ] || length=$(stat -c %s "$path")
  [ "$length" -le "$1" ] || length=0
  printf '%s\n' "$length"
  [ "$length" -eq 0 ] || head -c "$length" "$path"
done
