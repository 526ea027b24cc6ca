#!/bin/sh
# Prints whether the account may write to a folder: writable, read-only or missing.
#
#     look-at-folder.sh FOLDER
if ! test -d "$1"; then
  echo missing
elif test -w "$1"; then
  echo writable
else
  echo read-only
fi
