#!/bin/sh
# Usage: enable-openssh.sh INSTANCE PUBLIC_KEY
# Lets one key in as Administrator, with a new host key, once on each machine. It runs there, as root.
set -eu
enabled=/var/lib/hgauto-openssh-enabled
[ "$(cat $enabled 2>/dev/null)" != "$1" ] || exit 0
rm -f /etc/ssh/ssh_host_*
ssh-keygen -q -t ed25519 -N '' -C '' -f /etc/ssh/ssh_host_ed25519_key
keys=/home/Administrator/.ssh
mkdir -p "$keys"
printf '%s\n' "$2" >"$keys/authorized_keys"
chmod 700 "$keys"
chmod 600 "$keys/authorized_keys"
chown -R Administrator:Administrator "$keys"

# What is looked for of Windows; the files that count here are those above.
mkdir -p /C:/ProgramData/ssh /C:/Windows/settings /C:/Windows/System32/OpenSSH
install -m 600 "$keys/authorized_keys" /C:/ProgramData/ssh/administrators_authorized_keys
touch /C:/Windows/settings/hgauto-ssh /C:/Windows/System32/OpenSSH/sshd.exe

if [ -e /run/sshd.pid ]; then
  old=$(cat /run/sshd.pid)
  kill "$old" 2>/dev/null || :
  while kill -0 "$old" 2>/dev/null; do sleep 0.01; done
fi
mkdir -p /run/sshd
/usr/sbin/sshd -E /var/log/sshd
echo "$1" >$enabled
