#!/bin/bash
# Prints how many bytes of /hgwork can be written still, and of how many, in a line; and then what
# run-tests.py left in /hgwork/results: of each file a line with its length, and then its bytes. A
# file that is not there, or is longer than LARGEST, is printed as an empty one.
#
# usage: fetch-results.sh LARGEST
set -euo pipefail
read -r block free all < <(stat -f -c '%S %a %b' /hgwork)
printf '%s %s\n' $((free * block)) $((all * block))
for file in report.xml report.json .testtimes; do
  path=/hgwork/results/$file
  length=0
  [ ! -f "$path" ] || [ -L "$path" ] || length=$(stat -c %s "$path")
  [ "$length" -le "$1" ] || length=0
  printf '%s\n' "$length"
  [ "$length" -eq 0 ] || head -c "$length" "$path"
done
