#!/bin/bash
# Usage: bootstrap-hgdev.sh FOLDER
# Fills /hgdev: Pythons, Mercurial and a clone of its repository, and gets Rust. FOLDER has pins.conf
# and the lists of Python requirements. Runs as hg, who may use sudo. It can be run again, after a
# failure at any point too; what is done stays done.
set -euo pipefail
set -m # each job is a process group, with all that it starts

folder=$1
hgdev=/hgdev
export PYENV_ROOT=$hgdev/pyenv
export PYTHON_BUILD_CACHE_PATH=$hgdev/cache # a source that is there is not fetched again
export HGPLAIN=1 HGRCPATH=
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

# shellcheck source=/dev/null
. "$folder/pins.conf"
: "${pyenv_url:?}" "${pyenv_commit:?}" "${pythons:?}"
: "${rustup_url:?}" "${rustup_sha256:?}"
: "${rust_dist:?}" "${rust_version:?}" "${rust_manifest_sha256:?}"
: "${mercurial_url:?}" "${mercurial_node:?}"

names=()
declare -A jobs

# start NAME COMMAND...: at the same time as others; its output is told apart by its name.
start() {
  local name=$1
  shift
  names+=("$name")
  { "$@" 2>&1 </dev/null | sed -u "s|^|$name: |"; } &
  jobs[$name]=$!
}

# Waits for all of them; fails if one has failed.
finish() {
  local name failed=()
  for name in "${names[@]}"; do
    wait "${jobs[$name]}" || failed+=("$name")
  done
  if [ ${#failed[@]} -gt 0 ]; then
    echo "failed: ${failed[*]}" >&2
    return 1
  fi
}

# However this ends, nothing goes on by itself: a second run would meet it.
end_jobs() {
  local job
  for job in "${jobs[@]}"; do
    kill -KILL -- "-$job" 2>/dev/null || true # mostly it has ended
  done
  wait
}
trap end_jobs EXIT

# fetch URL SHA256 FILE
fetch() {
  mkdir -p "$(dirname "$3")"
  curl -fsSL --retry 3 --connect-timeout 30 -o "$3" "$1"
  echo "$2  $3" | sha256sum --check --quiet
}

# pip_install PYTHON REQUIREMENTS: no source package, whose build could fetch what is not pinned.
pip_install() {
  "$1" -m pip -q install --require-hashes --only-binary :all: -r "$folder/$2"
}

get_pyenv() {
  mkdir -p "$PYTHON_BUILD_CACHE_PATH"
  echo "pyenv at $pyenv_commit"
  if [ "$(git -C "$PYENV_ROOT" rev-parse HEAD 2>/dev/null)" != "$pyenv_commit" ]; then
    git init -q "$PYENV_ROOT"
    git -C "$PYENV_ROOT" fetch -q --depth 1 "$pyenv_url" "$pyenv_commit"
    git -C "$PYENV_ROOT" checkout -q --force --detach FETCH_HEAD
    [ "$(git -C "$PYENV_ROOT" rev-parse HEAD)" = "$pyenv_commit" ]
  fi
  git -C "$PYENV_ROOT" diff --quiet "$pyenv_commit" --
}

# build_python VERSION
build_python() {
  local prefix=$PYENV_ROOT/versions/$1
  if [ ! -e "$prefix/complete" ]; then
    rm -rf "$prefix"
    MAKE_OPTS=-j2 "$PYENV_ROOT/plugins/python-build/bin/python-build" "$1" "$prefix"
  fi
  pip_install "$prefix/bin/python" linux-tests.txt
  touch "$prefix/complete"
  echo "ready after $SECONDS s"
}

get_mercurial() {
  local venv=$hgdev/venv-bootstrap
  if ! cmp -s "$folder/linux-bootstrap.txt" "$venv/made-from"; then
    rm -rf "$venv"
    /usr/bin/python3 -m venv "$venv"
    pip_install "$venv/bin/python" linux-bootstrap.txt
    cp "$folder/linux-bootstrap.txt" "$venv/made-from"
  fi
  sudo ln -sfn -t /usr/local/bin "$venv/bin/uv"
  if [ ! -d $hgdev/src ]; then
    rm -rf $hgdev/src.part
    "$venv/bin/hg" clone "$mercurial_url" $hgdev/src.part
    "$venv/bin/hg" -R $hgdev/src.part log -r "$mercurial_node" -T 'has {node}\n'
    printf '\n[phases]\npublish = false\n' >>$hgdev/src.part/.hg/hgrc
    mv $hgdev/src.part $hgdev/src
  fi
  echo "ready after $SECONDS s"
}

# rustup fetches from a folder of ours, where its manifest is verified, and that has the hashes of
# the archives.
get_rust() {
  local bin=$HOME/.cargo/bin triple=x86_64-unknown-linux-gnu
  if [ "$("$bin/rustc" "+$rust_version" --version 2>/dev/null | cut -d ' ' -f 2)" != "$rust_version" ]; then
    local work part archive manifest
    work=$(mktemp -d)
    manifest=$work/dist/channel-rust-$rust_version.toml
    fetch "$rustup_url" "$rustup_sha256" "$work/rustup-init"
    fetch "$rust_dist/dist/channel-rust-$rust_version.toml" "$rust_manifest_sha256" "$manifest"
    sha256sum "$manifest" >"$manifest.sha256"
    for part in rustc cargo rust-std; do
      archive=$(grep -om 1 "/dist/[0-9-]*/$part-$rust_version-$triple\.tar\.xz" "$manifest")
      mkdir -p "$(dirname "$work$archive")"
      curl -fsSL --retry 3 --connect-timeout 30 -o "$work$archive" "$rust_dist$archive"
    done
    chmod 700 "$work/rustup-init"
    RUSTUP_DIST_SERVER=file://$work "$work/rustup-init" -q -y --no-modify-path --profile minimal \
      --default-host "$triple" --default-toolchain "$rust_version"
    rm -rf "$work"
  fi
  sudo ln -sfn -t /usr/local/bin "$bin/cargo" "$bin/rustc" "$bin/rustup"
  echo "ready after $SECONDS s"
}

# What is promised to whoever uses the machine.
check() {
  local version
  # shellcheck disable=SC2086 # words
  "$PYENV_ROOT/bin/pyenv" global $pythons
  "$PYENV_ROOT/bin/pyenv" rehash
  for version in $pythons; do
    version=${version%-*}
    case $version in
      pypy*) version=pypy3 ;;
      *) version=python${version%.*} ;;
    esac
    echo "$version: $("$PYENV_ROOT/shims/$version" --version 2>&1 | tail -n 1)"
  done
  "$hgdev/venv-bootstrap/bin/hg" version -q
  "$hgdev/venv-bootstrap/bin/hg" -R $hgdev/src log -r tip -T 'src: {node|short} of {date|isodate}\n'
  [ "$("$hgdev/venv-bootstrap/bin/hg" -R $hgdev/src config phases.publish)" = false ]
  "$HOME/.cargo/bin/rustc" --version
  uv --version
}

start mercurial get_mercurial
start rust get_rust
get_pyenv
for version in $pythons; do
  start "$version" build_python "$version"
done
finish
rm -rf "$PYTHON_BUILD_CACHE_PATH"
check
