#!/bin/sh
# Usage: ready-image.sh REPOSITORY
# Makes of a machine that is as Debian's image is one that is as an image of ours is. It runs in that
# machine, as root, once; REPOSITORY is Mercurial's source.
set -eu

useradd --create-home --user-group --shell /bin/bash --groups sudo hg
echo 'hg ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/90-hg
chmod 440 /etc/sudoers.d/90-hg

mkdir /hgdev
chmod 755 /hgdev
cd /hgdev

# Debian's Mercurial, by a Python of its own.
/usr/bin/python3 -m venv --without-pip --system-site-packages venv-bootstrap
{ echo '#!/hgdev/venv-bootstrap/bin/python3' && tail -n +2 /usr/bin/hg; } >venv-bootstrap/bin/hg
chmod 755 venv-bootstrap/bin/hg

# Debian's Python, as pyenv would show it.
python=$(basename "$(readlink -f /usr/bin/python3)")
mkdir -p pyenv/shims pyenv/bin
for shim in python3 "$python"; do
  printf '#!/bin/sh\nexec /usr/bin/%s "$@"\n' "$python" >"pyenv/shims/$shim"
  chmod 755 "pyenv/shims/$shim"
done

# Tests build Mercurial, and need no fast one; this takes much less time.
echo CFLAGS=-O0 >/etc/environment

cp -a "$1" src
printf '[phases]\npublish = false\n' >>src/.hg/hgrc
chown -R hg:hg /hgdev

# So that it is known of each file that it is as committed, as in a clone.
su hg -c '/hgdev/venv-bootstrap/bin/hg -R /hgdev/src status'
