#!/bin/sh
# Usage: end-at-every-boot EPOCH_SECONDS SCRIPT
# Leaves a unit that runs SCRIPT, the text of end-at-expiry, at every later boot of this machine:
# cloud-init does so only as long as it gets the user data, which is until the metadata service is
# turned off. All names hold the machine's, so that what is in an image is not in the way.
set -eu
me=$({ grep '^i-' /sys/class/dmi/id/board_asset_tag || cat /sys/class/dmi/id/product_uuid; } 2>/dev/null) || me=
if [ -z "$me" ]; then
  echo "end-at-expiry: no name of this machine is found; only cloud-init ends it" >&2
  exit
fi
mkdir -p /usr/local/sbin /etc/systemd/system/multi-user.target.wants
printf '%s\n' "$2" >"/usr/local/sbin/end-at-expiry-$me"
cd /etc/systemd/system
cat >"end-at-expiry-$me.service" <<END
[Unit]
Description=End this machine at its expiry

[Service]
Type=oneshot
ExecStart=/bin/sh /usr/local/sbin/end-at-expiry-$me $1 $me
END
ln -sf "../end-at-expiry-$me.service" multi-user.target.wants
