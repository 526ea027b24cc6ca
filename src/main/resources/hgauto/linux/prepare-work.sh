#!/bin/bash
# Makes /hgwork anew, with a copy of /hgdev/src in it, and prints "ready": then it can be pushed to.
# Meanwhile removes what hg does not know from the copy's working copy, and prints "clean". Goes on until
# it is ended: until then nobody else can prepare this machine.
#
# usage: prepare-work.sh FILESYSTEM SERIAL PYTHON FIND_DISK
#
# FILESYSTEM is default, tmpfs, ext3, ext4, xfs, btrfs or jfs. SERIAL is that of the disk to
# overwrite, or empty. PYTHON is what the tests will run under. FIND_DISK is the text of
# find_disk.py. What goes wrong is told on standard error, and after "next: " what to do.
set -euo pipefail
shopt -s inherit_errexit # or what fails in "$(…)" goes on
filesystem=$1 serial=$2 python=$3 find_disk=$4
work=/hgwork
# Where it is, what is in the folder is ours; where it says "mounted", the mount is as well.
mark=$work/.hgauto
export LC_ALL=C.UTF-8

fail() {
  printf '%s\n' "$1" >&2
  printf 'next: %s\n' "$2" >&2
  exit 1
}

# What root does cannot be ended by us, and may outlive this script. So it holds the lock as well: as
# its standard input, since sudo closes what is beyond the first three.
root() {
  sudo -n -- "$@" <&9
}

check_interface() {
  [ -x /hgdev/venv-bootstrap/bin/hg ] || fail "there is no /hgdev/venv-bootstrap/bin/hg" \
    "Install Mercurial there."
  [ -d /hgdev/src/.hg ] || fail "there is no Mercurial repository in /hgdev/src" \
    "Clone Mercurial's own repository into it."
  [ -x "$python" ] || {
    pythons=$(compgen -G '/hgdev/pyenv/shims/*3*' | grep -E '/(python3\.[0-9]+|pypy3)$' || true)
    fail "there is no $python" \
      "Choose with --python-version among those that are there: $(
        [ ! -x /usr/bin/python3 ] || printf 'system3 '
        printf '%s' "$pythons" | sed 's|.*/||; s|^python||' | sort -V | tr '\n' ' '
      )"
  }
}

lock() {
  (: >>/hgdev/.hgwork.lock) 2>/dev/null || fail "$(id -un) cannot write to /hgdev/.hgwork.lock" \
    "As root: chown -R hg:hg /hgdev."
  exec 9>>/hgdev/.hgwork.lock
  flock --wait 5 9 || fail "another run uses this machine, since $(date -ur /hgdev/.hgwork.lock +%FT%TZ)" \
    "Wait for its end, or name another machine."
  touch /hgdev/.hgwork.lock
}

# As root where need be: tests take away permissions, and somebody else's folder may have none for us.
marked() {
  [ -e "$mark" ] || root test -e "$mark"
}

marked_as() {
  grep -qsx "$1" "$mark" || root grep -qsx "$1" "$mark"
}

# Only what a run of ours has made is ours to remove. A file system that is mounted may hold lost+found.
check_that_it_is_ours() {
  local stray
  if [ -L "$work" ] || { [ -e "$work" ] && [ ! -d "$work" ]; }; then
    fail "$work is no folder" "Move it away: sudo mv $work $work.old"
  fi
  stray=$(grep -o " $work/[^ ]*" /proc/self/mounts || true)
  [ -z "$stray" ] || fail "something is mounted in $work:$stray" "Unmount it."
  if [ ! -d "$work" ] || marked; then return; fi
  stray=$(root find "$work" -mindepth 1 -maxdepth 1 ! -name lost+found -print -quit 2>&1) || true
  [ -z "$stray" ] || fail "what is in $work is not of an earlier run, for there is no $mark: $stray" \
    "Empty $work, or move it away: sudo umount -q $work; sudo mv $work $work.old"
}

# The mark stays: without it nobody would know what to do with the rest, were this cut off.
empty_work() {
  find "$work" -mindepth 1 -maxdepth 1 ! -name "${mark##*/}" ! -name lost+found \
    -exec rm -rf --one-file-system -- {} +
}

remove_work() {
  check_that_it_is_ours
  if mountpoint -q "$work"; then
    if marked_as mounted; then
      root umount "$work" || return
      check_that_it_is_ours # what was below
    elif [ "$filesystem" != default ]; then
      fail "something else is mounted at $work" "Unmount it, or use --filesystem default."
    fi
  fi
  if marked; then
    # Tests take away permissions, and may do so while they are being ended.
    empty_work 2>/dev/null || {
      chmod -fR u+rwX "$work"
      empty_work
    }
  fi
}

# The processes of a run that was cut off take some seconds to end.
remove_work_of_an_earlier_run() {
  local tries=0 why
  until why=$(remove_work 2>&1); do
    tries=$((tries + 1))
    case $why in *next:*) printf '%s\n' "$why" >&2 && exit 1 ;; esac
    [ "$tries" -lt 75 ] || fail "cannot remove $work of an earlier run: $why" \
      "End what uses it, and remove it."
    sleep 0.2
  done
}

list_disks() {
  root lsblk --json --bytes \
    --output NAME,PATH,TYPE,SIZE,RO,SERIAL,FSTYPE,LABEL,PTTYPE,MOUNTPOINT "$@"
}

# Where udev knows the disk by its serial, and on Xen, where only lsblk does.
disk_by_serial() {
  local tries=0 link name
  while [ "$tries" -lt 50 ]; do
    for link in /dev/disk/by-id/*_"$serial"; do
      [ ! -b "$link" ] || {
        readlink -f "$link"
        return
      }
    done
    name=$(root lsblk --nodeps --noheadings --raw --output SERIAL,PATH | sed -n "s|^$serial ||p")
    if [ -n "$name" ]; then
      printf '%s\n' "$name"
      return
    fi
    tries=$((tries + 1))
    sleep 0.2
  done
  fail "the disk with serial number $serial has not come; there is: $(
    root lsblk --nodeps --noheadings --output PATH,SIZE,SERIAL | tr -s ' \n' ' '
  )" "Try again, or use --filesystem default."
}

find_disk() {
  local device=
  if [ -n "$serial" ]; then
    device=$(disk_by_serial)
  fi
  # shellcheck disable=SC2086 # no argument where there is no device
  list_disks $device | /hgdev/venv-bootstrap/bin/python3 -I -c "$find_disk" $device || {
    printf 'next: %s\n' "Give it an empty disk, or use --filesystem default or tmpfs." >&2
    exit 1
  }
}

# lsblk shows no signature where there are several.
check_signatures() {
  local found
  found=$(root wipefs --noheadings --output TYPE,LABEL "$1" | tr -s ' ')
  case $found in
    '' | *$'\n'*) ;;
    *' hgwork') return ;;
  esac
  [ -z "$found" ] || fail "$1 is not empty, it holds: ${found//$'\n'/, }" \
    "Give it an empty disk, or use --filesystem default or tmpfs."
}

# Makes the file system, and sets disk to where it is.
make_filesystem() {
  local mkfs package=e2fsprogs log
  grep -qw "$filesystem" /proc/filesystems || root modprobe -q "$filesystem" 2>/dev/null ||
    fail "the kernel of this machine has no $filesystem" "Use another --filesystem."
  mkfs=$(PATH=$PATH:/usr/sbin:/sbin command -v "mkfs.$filesystem") || {
    case $filesystem in
      xfs) package=xfsprogs ;;
      btrfs) package=btrfs-progs ;;
      jfs) package=jfsutils ;;
    esac
    fail "there is no mkfs.$filesystem" "Install the package $package, or use another --filesystem."
  }
  local options=(-q)
  case $filesystem in
    ext*) options+=(-F) ;;
    xfs | btrfs) options+=(-f) ;;
  esac
  disk=$(find_disk)
  check_signatures "$disk"
  root wipefs --all --quiet "$disk"
  log=$(root "$mkfs" "${options[@]}" -L hgwork "$disk" 2>&1) ||
    fail "mkfs.$filesystem $disk failed: $log" "Look at the disk, or use another --filesystem."
}

mount_work() {
  local made=mounted disk mount=()
  case $filesystem in
    default) made=folder ;;
    # The size is a limit and not taken from the memory until it is used.
    tmpfs) mount=(mount -t tmpfs -o size=75% hgwork "$work") ;;
    *)
      make_filesystem
      mount=(mount -t "$filesystem" "$disk" "$work")
      ;;
  esac
  # All or nothing, even where we are cut off: a mount without its mark would be taken for somebody's.
  # shellcheck disable=SC2016 # that bash's variables
  root /bin/bash -euc '
    trap "" TERM
    work=$1 mark=$2 made=$3 owner=$4
    mkdir -p "$work"
    "${@:5}"
    printf "%s\n" "$made" >"$mark"
    chown "$owner" "$work" "$mark"
  ' mount-work "$work" "$mark" "$made" "$(id -u):$(id -g)" "${mount[@]}"
  mkdir "$work/tmp" "$work/home" "$work/results" "$work/harness"
}

# Mercurial itself makes hard links of a store when it clones: it never changes a file that has
# several names. In a container the first link to a file copies it, which takes longer than to copy
# it at once.
copy_store() {
  if [ "$(stat -c %d /hgdev/src/.hg/store)" = "$(stat -c %d "$work")" ] &&
    [ "$(stat -f -c %T "$work")" != overlayfs ]; then
    cp -al /hgdev/src/.hg/store "$work/src/.hg/"
  else
    cp -a --reflink=auto /hgdev/src/.hg/store "$work/src/.hg/"
  fi
  rm -f "$work/src/.hg/store/lock"
}

copy_source() {
  mkdir -p "$work/src/.hg"
  copy_store & # at the same time: on a new disk each block is waited for
  find /hgdev/src/.hg -mindepth 1 -maxdepth 1 ! -name store ! -name wlock \
    -exec cp -a --reflink=auto -t "$work/src/.hg" -- {} +
  find /hgdev/src -mindepth 1 -maxdepth 1 ! -name .hg -exec cp -a --reflink=auto -t "$work/src" -- {} +
  wait $!
  # To a publishing repository drafts would be pushed as public, here as well.
  printf '\n[phases]\npublish = false\n' >>"$work/src/.hg/hgrc"
}

purge_source() {
  HGPLAIN=1 HGRCPATH='' HGENCODING=utf-8 /hgdev/venv-bootstrap/bin/hg --cwd "$work/src" \
    --config extensions.purge= purge --all
}

check_interface
lock
root true || fail "hg cannot become root by sudo without a password" "hgauto check-host tells how."
remove_work_of_an_earlier_run
mount_work
copy_source
echo ready
purge_source
echo clean
exec sleep infinity
