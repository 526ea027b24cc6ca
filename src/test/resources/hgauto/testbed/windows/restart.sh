#!/bin/sh
# Usage: restart.sh
# What of a restart is seen from outside: connections break, what runs is ended, and the SSH server is
# back if there was one. It runs in the machine, as root.
set -eu
pkill -KILL -u Administrator || :
if [ -e /run/sshd.pid ]; then
  pkill -KILL -x sshd || :
  while pkill -0 -x sshd; do sleep 0.01; done
  rm /run/sshd.pid
  /usr/sbin/sshd -E /var/log/sshd
fi
