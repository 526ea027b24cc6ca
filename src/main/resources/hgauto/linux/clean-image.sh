#!/bin/bash
# Usage: clean-image.sh LOGIN FOLDER
# Removes what must not be in an image of this machine: keys, what tells this machine from others, its
# history, and FOLDER. Runs as root, as the last thing before the image is made; LOGIN is whom the
# publisher's image lets in. That the machine ends itself stays: the unit knows its machine by name.
set -euo pipefail

login=$1
folder=$2

echo "== removing what must not be in an image"
for account in "$login" hg root; do
  home=$(getent passwd "$account" | cut -d : -f 6)
  rm -rf "$home/.ssh" "$home/.bash_history" "$home/.cache"
done
rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub
# The user data is in there, and with it the host key.
if command -v cloud-init >/dev/null; then
  cloud-init clean --logs
fi
rm -rf /var/lib/cloud/instance /var/lib/cloud/instances /var/lib/cloud/data /var/lib/cloud/sem
: >/etc/machine-id
rm -f /var/lib/dbus/machine-id /var/lib/systemd/random-seed
apt-get -q clean
rm -rf /var/lib/apt/lists/* /var/tmp/* /tmp/python-* "$folder"
rm -rf /var/log/journal/*
find /var/log -type f -exec truncate -s 0 {} +
sync
