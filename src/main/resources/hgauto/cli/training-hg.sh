#!/bin/sh
# Stands in for hg where hgauto.cli.Training lets hgauto run as if for real: one draft changeset.
node=0123456789012345678901234567890123456789
for last; do :; done
case "$*" in
  *--rev=bundle*) echo $node ;;
  log*) printf '%s\0default\0training\0draft\0training\0' $node ;;
  bundle*) echo bundle >"$last" ;;
  clone*) mkdir "$last" ;;
esac
