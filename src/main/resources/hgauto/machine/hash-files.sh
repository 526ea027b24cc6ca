#!/bin/sh
# Prints for each file its size in bytes on one line and its SHA-256 on the next.
#
#     hash-files.sh FILE...
set -e
for file; do
  wc -c <"$file"
  sha256sum <"$file"
done
