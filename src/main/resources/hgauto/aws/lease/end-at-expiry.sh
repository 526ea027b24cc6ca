#!/bin/sh
# Usage: end-at-expiry EPOCH_SECONDS [MACHINE]
# Powers this machine off at that time, or at once if it is past. cloud-init runs this early in a boot,
# so systemd-run must not wait: its timer starts when the boot is far enough, which waits for
# cloud-init. The timer is gone with the boot and is not on any disk. With MACHINE, as the unit that
# end-at-every-boot has made runs it, it does nothing on another: that was started from an image of
# this one, and what the unit consists of goes.
set -eu
me=$({ grep '^i-' /sys/class/dmi/id/board_asset_tag || cat /sys/class/dmi/id/product_uuid; } 2>/dev/null) || me=
if [ "${2-$me}" != "$me" ]; then
  cd /etc/systemd/system
  exec rm -f "multi-user.target.wants/end-at-expiry-$2.service" "end-at-expiry-$2.service" \
    "/usr/local/sbin/end-at-expiry-$2"
fi
left=$(($1 - $(date +%s)))
if [ "$left" -le 0 ]; then
  exec poweroff
fi
exec systemd-run --no-block --unit="end-at-expiry-$1${2:+-$2}" --on-active="${left}s" poweroff
