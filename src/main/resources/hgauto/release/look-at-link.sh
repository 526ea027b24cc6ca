#!/bin/sh
# Prints "link to" and where a name leads, and nothing where it is no link.
#
#     look-at-link.sh NAME
if test -L "$1"; then
  echo "link to $(readlink "$1")"
fi
