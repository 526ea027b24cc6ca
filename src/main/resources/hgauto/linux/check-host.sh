#!/bin/sh
# Checks what docs/remote-machines.md asks of a Linux host. Prints a line for each point: its name,
# a tab, "ok" or "no", a tab, and what there is. Nothing that it makes stays.
#
# usage: check-host.sh FILE FIND_DISK
#
# FILE was sent before, and is removed. FIND_DISK is the text of find_disk.py.
set -u
file=$1 find_disk=$2
export LC_ALL=C.UTF-8
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
bootstrap=/hgdev/venv-bootstrap/bin
python=/usr/bin/python3

point() {
  printf '%s\t%s\t%s\n' "$1" "$2" "$(printf '%s' "$3" | tr -s '\n\t\r' ';  ')"
}

# yes_or_no POINT DETAIL COMMAND...: DETAIL if the command works, else what it says
yes_or_no() {
  name=$1 detail=$2
  shift 2
  if said=$("$@" 2>&1); then
    point "$name" ok "$detail$said"
  else
    point "$name" no "${said:-$* ended with $?}"
  fi
}

# Those of the programs that are there, or with "no", that are not.
programs() {
  wanted=$1
  shift
  for program in "$@"; do
    there=yes
    command -v "$program" >/dev/null || there=no
    [ "$there" != "$wanted" ] || printf '%s ' "$program"
  done
}

there_is() {
  [ -x "$1" ] || {
    echo "there is no $1"
    return 1
  }
}

hg() {
  there_is "$bootstrap/hg" && HGPLAIN=1 HGRCPATH='' "$bootstrap/hg" "$@"
}

bash_version() {
  # shellcheck disable=SC2016 # it is that bash's variable
  there_is /bin/bash && /bin/bash -c 'printf %s "$BASH_VERSION"'
}

account() {
  groups=$(id -Gn)
  case "$(id -un) $groups " in
    "hg "*" hg "*) point user ok "hg, in the groups $groups" ;;
    "hg hg "*) point user ok "hg, in the groups $groups" ;;
    *) point user no "this account is $(id -un), in the groups $groups" ;;
  esac
}

tools() {
  missing=$(programs no flock mountpoint timeout stat find readlink)
  if [ -z "$missing" ]; then point tools ok "all there"; else point tools no "no $missing"; fi
}

# What find says itself counts, too: there may be no user of that name.
hgdev() {
  stray=$(find /hgdev \( ! -user hg -o ! -group hg \) -exec ls -ld {} \; 2>&1 | head -n 1)
  if [ -n "$stray" ]; then point hgdev no "$stray"; else point hgdev ok "all of it is hg:hg"; fi
}

bootstrap_versions() {
  hg version --quiet --template 'Mercurial {ver}' || return
  there_is "$bootstrap/python3" &&
    "$bootstrap/python3" -I -c 'import ctypes, json, platform
print(", Python", platform.python_version())'
}

source_tip() {
  found=$(hg -R /hgdev/src files --rev tip path:tests/run-tests.py 2>&1) || {
    echo "not a clone of Mercurial's repository${found:+: $found}"
    return 1
  }
  hg -R /hgdev/src log --rev tip --template 'tip is {rev}:{node|short}'
}

publishing() {
  value=$(hg -R /hgdev/src config phases.publish 2>&1 | tr '[:upper:]' '[:lower:]')
  case $value in
    false | no | off | 0 | never) point publishing ok "phases.publish is $value" ;;
    '' | true | yes | on | 1 | always) point publishing no "it is a publishing repository" ;;
    *) point publishing no "$value" ;;
  esac
}

# As prepare-work.sh sees it.
hgwork_is_ours() {
  sudo -n true || return
  stray=$(grep -o ' /hgwork/[^ ]*' /proc/self/mounts)
  [ -z "$stray" ] || {
    echo "something is mounted in it:$stray"
    return 1
  }
  limit=
  if mountpoint -q /hgwork && ! sudo -n grep -qsx mounted /hgwork/.hgauto; then
    limit="; for --filesystem default only, since something else is mounted there"
  fi
  if sudo -n test -e /hgwork/.hgauto; then
    echo ", and will be made anew$limit"
    return
  fi
  stray=$(sudo -n find /hgwork -mindepth 1 -maxdepth 1 ! -name lost+found -print -quit 2>&1)
  [ -z "$stray" ] || {
    echo "what is in it is not of an earlier run, for there is no /hgwork/.hgauto: $stray"
    return 1
  }
  echo ", and is empty$limit"
}

hgwork() {
  if [ -L /hgwork ] || { [ -e /hgwork ] && [ ! -d /hgwork ]; }; then
    point hgwork no "it is there and no folder: $(ls -ld /hgwork)"
  elif [ -d /hgwork ]; then
    yes_or_no hgwork "is there" hgwork_is_ours
  else
    # By another name: a run may be making /hgwork itself just now.
    yes_or_no hgwork "can be made" sudo -n sh -c "mkdir /hgwork-$$ && rmdir /hgwork-$$"
  fi
}

python_version() {
  there_is "$python" && "$python" -I -c 'import platform; print(platform.python_version())'
}

build() {
  missing=$(programs no make gcc)
  # shellcheck disable=SC2016
  "$python" -I -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' 2>/dev/null ||
    missing="${missing}Python.h (of $python)"
  if [ -z "$missing" ]; then
    point build ok "make, gcc, Python.h"
  else
    point build no "no $missing"
  fi
}

uv_version() {
  command -v uv >/dev/null || {
    echo "no uv"
    return 1
  }
  uv --version
}

pythons() {
  working='' broken=''
  for shim in /hgdev/pyenv/shims/python3.[0-9] /hgdev/pyenv/shims/python3.[0-9][0-9] \
    /hgdev/pyenv/shims/pypy3; do
    [ -x "$shim" ] || continue
    if PYENV_ROOT=/hgdev/pyenv "$shim" -I -c '' >/dev/null 2>&1; then
      working="$working ${shim##*/}"
    else
      broken="$broken ${shim##*/}"
    fi
  done
  if [ -n "$working" ] && [ -z "$broken" ]; then
    point pyenv ok "${working# }"
  else
    point pyenv no "works:${working:- none}${broken:+; fails:$broken}"
  fi
}

kernel_knows() {
  grep -qw "$1" /proc/filesystems || modprobe --dry-run --quiet "$1" 2>/dev/null
}

filesystems() {
  can='' cannot=''
  for filesystem in tmpfs ext3 ext4 xfs btrfs jfs; do
    lacks=
    kernel_knows "$filesystem" || lacks="unknown to the kernel"
    [ "$filesystem" = tmpfs ] || command -v "mkfs.$filesystem" >/dev/null ||
      lacks="${lacks:+$lacks, }mkfs.$filesystem"
    if [ -n "$lacks" ]; then
      cannot="$cannot $filesystem ($lacks)"
    else
      can="$can $filesystem"
    fi
  done
  if [ -z "$cannot" ]; then
    point filesystems ok "${can# }"
  else
    point filesystems no "can:${can:- none}; cannot:$cannot"
  fi
}

# As prepare-work.sh would find it, which unmounts the one of an earlier run first.
free_disk() {
  sudo -n true || return
  if sudo -n grep -qsx mounted /hgwork/.hgauto && mountpoint -q /hgwork; then
    mounted=$(findmnt --noheadings --output SOURCE /hgwork)
    case $mounted in
      /dev/*)
        echo "$mounted, which the last run has used"
        return
        ;;
    esac
  fi
  there_is "$bootstrap/python3" || return
  sudo -n lsblk --json --bytes \
    --output NAME,PATH,TYPE,SIZE,RO,SERIAL,FSTYPE,LABEL,PTTYPE,MOUNTPOINT |
    "$bootstrap/python3" -I -c "$find_disk"
}

space() {
  disk=$(df -Pk / | awk 'NR == 2 { print int($4 / 1024) }')
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
  detail="$disk MiB on the disk, $memory MiB of memory, $(nproc) processors"
  if [ "$disk" -ge 2048 ] && [ "$memory" -ge 1024 ]; then
    point space ok "$detail"
  else
    point space no "$detail"
  fi
}

module() {
  "$python" -I -c "import $1" 2>/dev/null
}

harness() {
  has=$(programs yes git svn cvs gpg msgfmt unzip bzip2 xz sqlite3 tic clang-format cargo emacs)
  lacks=$(programs no git svn cvs gpg msgfmt unzip bzip2 xz sqlite3 tic clang-format cargo emacs)
  for module in docutils pygments pyflakes; do
    if module "$module"; then has="$has$module "; else lacks="$lacks$module "; fi
  done
  if [ -z "$lacks" ]; then
    point harness ok "${has% }"
  else
    has=${has% }
    point harness no "has: ${has:-none}; lacks: ${lacks% }"
  fi
}

rm -f -- "$file"
yes_or_no bash "/bin/bash " bash_version
account
yes_or_no sudo "works" sudo -n true
tools
hgdev
yes_or_no python "" python_version
yes_or_no bootstrap "" bootstrap_versions
yes_or_no source "" source_tip
publishing
hgwork
build
yes_or_no uv "" uv_version
pythons
filesystems
yes_or_no disk "" free_disk
space
harness
