#!/bin/bash
# Usage: bootstrap.sh FOLDER PACKAGE... -- WANTED_PACKAGE...
# Makes this Debian or Ubuntu machine one that tests Mercurial: installs packages, makes the account
# hg, and has it fill /hgdev from the files in FOLDER. Runs as root. It can be run again, after a
# failure at any point too; what is done stays done.
set -euo pipefail

folder=$1
shift
needed=()
while [ "$1" != -- ]; do
  needed+=("$1")
  shift
done
wanted=("${@:2}")

step() {
  printf '== %s (after %s s)\n' "$*" "$SECONDS"
}

get() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get -qq -y \
    -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

# Until then cloud-init may be writing apt's sources.
await_boot() {
  if [ -e /run/cloud-init ] && command -v cloud-init >/dev/null; then
    step "waiting for cloud-init"
    timeout 600 cloud-init status --wait >/dev/null || true # it also fails for what is no matter
  fi
}

# They would be in the way of apt now, and of the tests later.
end_automatic_upgrades() {
  step "turning off automatic upgrades"
  local units=(apt-daily.timer apt-daily-upgrade.timer unattended-upgrades.service)
  if [ -d /run/systemd/system ]; then
    systemctl stop "${units[@]}" || true # some may not be there
  fi
  local unit
  for unit in "${units[@]}"; do # as "systemctl mask" does
    ln -sfn /dev/null "/etc/systemd/system/$unit"
  done
}

install_packages() {
  step "installing ${#needed[@]} packages"
  dpkg --configure -a </dev/null # where an earlier run was cut off
  get update
  local package there=() missing=()
  for package in "${wanted[@]}"; do
    case $(LC_ALL=C apt-cache policy "$package" | sed -n 's/^  Candidate: //p') in
      '' | '(none)') missing+=("$package") ;;
      *) there+=("$package") ;;
    esac
  done
  get install --no-install-recommends "${needed[@]}" "${there[@]}"
  if [ ${#missing[@]} -gt 0 ]; then
    echo "this distribution does not have: ${missing[*]}"
  fi
}

make_account() {
  step "making the account hg"
  getent group hg >/dev/null || groupadd hg
  getent passwd hg >/dev/null || useradd --gid hg --create-home --shell /bin/bash hg
  local rule=/etc/sudoers.d/hg.new # sudo does not read a file with a dot in its name
  echo 'hg ALL=(ALL:ALL) NOPASSWD: ALL' >"$rule"
  chmod 440 "$rule"
  visudo -c -q -f "$rule"
  mv "$rule" /etc/sudoers.d/hg
  visudo -c -q
}

fill_hgdev() {
  step "filling /hgdev"
  install -d -o hg -g hg /hgdev /hgdev/bootstrap
  install -o hg -g hg -m 644 -t /hgdev/bootstrap "$folder"/*
  sudo -H -u hg bash /hgdev/bootstrap/bootstrap-hgdev.sh /hgdev/bootstrap
}

await_boot
end_automatic_upgrades
install_packages
make_account
fill_hgdev
step "done"
