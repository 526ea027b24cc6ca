#!/bin/sh
# Prints whether the account may write to a folder and replace latest.dat there: writable, read-only,
# missing, or sticky where only the owner of a file may do that, who is somebody else.
#
#     look-at-folder.sh FOLDER
is_somebody_elses() {
  test -n "$(find "$@" ! -user "$(id -u)" 2>/dev/null)"
}

if ! test -d "$1"; then
  echo missing
elif ! test -w "$1"; then
  echo read-only
elif test "$(id -u)" -ne 0 && is_somebody_elses "$1" -prune -perm -1000 &&
  is_somebody_elses "$1/latest.dat" -prune; then
  echo sticky
else
  echo writable
fi
