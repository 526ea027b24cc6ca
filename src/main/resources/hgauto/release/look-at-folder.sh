#!/bin/sh
# Prints whether the account may write to a folder: writable or read-only.
#
#     look-at-folder.sh FOLDER
if test -w "$1"; then
  echo writable
else
  echo read-only
fi
