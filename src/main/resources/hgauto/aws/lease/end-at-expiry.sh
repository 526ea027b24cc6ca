#!/bin/sh
# Usage: end-at-expiry EPOCH_SECONDS
# Powers this machine off at that time, or at once if it is past. cloud-init runs this early in every
# boot, so systemd-run must not wait: its timer starts when the boot is far enough, which waits for
# cloud-init. The timer is gone with the boot and is not on any disk.
set -eu
left=$(($1 - $(date +%s)))
if [ "$left" -le 0 ]; then
  exec poweroff
fi
exec systemd-run --no-block --unit="end-at-expiry-$1" --on-active="${left}s" poweroff
