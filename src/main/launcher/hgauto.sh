#!/bin/sh
# Put in front of the jar by the build, so that one file is a program and a jar. It starts Java with
# the flags that start fastest, and with an archive of the classes a start needs, which is kept in
# the state folder's cache/. All that is known about the archive is in this file: where there is none
# yet, hgauto.startup.ClassArchive runs it once more after its own work, to make one.

fail() {
  printf 'hgauto: %s\n  %s\n  %s\n' "$1" "$2" "$3" >&2
  exit 3
}

# An archive is bound to the jar's path: take the same one through whatever links this was called.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=$(dirname "$self")/$link ;;
  esac
done
case $self in
  */*) ;;
  *) self=./$self ;;
esac
self=$(cd -P "${self%/*}/" && pwd -P)/${self##*/}

if [ -z "${JAVA_HOME:-}" ] && [ -x /usr/libexec/java_home ]; then # macOS
  JAVA_HOME=$(/usr/libexec/java_home -v 17+ 2>/dev/null)
fi
if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
  [ -x "$java" ] || fail "cannot start Java" "JAVA_HOME is $JAVA_HOME, which has no bin/java." \
    "Set JAVA_HOME to a Java 17 or newer, or unset it to use the java on the PATH."
else
  java=$(command -v java) || fail "cannot start Java" \
    "JAVA_HOME is not set, and there is no java on the PATH." \
    "Install Java 17 or newer (Debian, Ubuntu: apt install default-jre-headless)."
fi
# In the locale "C", or one that this machine does not have, Java cannot read the names of files
# and of people that are not in ASCII.
if [ "$(locale charmap 2>/dev/null)" = ANSI_X3.4-1968 ]; then
  export LC_ALL=C.UTF-8
fi

flags="-XX:+UseSerialGC -XX:-UsePerfData"
# An archive that does not fit is no news, and nothing of the JVM's belongs on stdout. One that fits
# is mapped where it was made for: to move it costs a fifth of a start.
flags="$flags -Xshare:auto -Xlog:all=off:stdout -Xlog:all=error:stderr"
flags="$flags -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0"

state=${HOME:-/dev/null}/.hgautomation
# What is over soon is over sooner without the better compiler. Commands that work on machines go on
# longer: without it, transfers have half the speed, and making a key takes five times as long.
speed="-XX:TieredStopAtLevel=1 -Xms24m -Xmn8m"
# It compiles AES-GCM after 120 calls instead of 5000: Java has the processor's own instructions for it
# only in what this compiler has compiled, and calls it once a packet, so 200 MB would be over before.
# Big numbers, which keys are made of, keep about their 5000. Whatever else waits for 60000, since to
# compile it takes more time than it saves. What is copied from buffer to buffer dies young, if there
# is room for the young.
machines="-Xms64m -Xmn32m -XX:Tier4InvocationThreshold=60000 -XX:Tier4MinInvocationThreshold=7500"
machines="$machines -XX:Tier4CompileThreshold=180000 -XX:Tier4BackEdgeThreshold=480000"
machines="$machines -XX:CompileCommand=quiet"
for sooner in 'com.sun.crypto.provider.GHASH::*,0.002' 'com.sun.crypto.provider.GCTR::*,0.002' \
  'com.sun.crypto.provider.CounterMode::*,0.002' 'java.math.*::*,0.08'; do
  machines="$machines -XX:CompileCommand=CompileThresholdScaling,$sooner"
done
previous=
for argument; do
  [ "$argument" = -- ] && break
  case $argument in
    --state-path=*) state=${argument#*=} ;;
    bootstrap-linux-dev | bootstrap-windows-dev | run-tests-linux | run-tests-windows | check-host) speed=$machines ;;
    build-all-windows-packages | build-windows-wheel | build-inno | build-wix) speed=$machines ;;
    publish-windows-artifacts) speed=$machines ;;
  esac
  [ "$previous" = --state-path ] && state=$argument
  previous=$argument
done
cache=${HGAUTO_ARCHIVE_CACHE:-$state/cache}

# What the archive fits: this very jar with this very java. GNU's stat, else BSD's.
key=$(stat -L -c %i.%s.%Y "$self" "$java" 2>/dev/null || stat -L -f %i.%z.%m "$self" "$java")
key=${key%%[!0-9.]*}-${key##*[!0-9.]}

# Flags are split into words, but are no names of files: set -f.
jvm() (
  set -f
  # shellcheck disable=SC2086 # flags are words
  env -i PATH="$PATH" LANG="${LANG:-}" LC_ALL="${LC_ALL:-}" HOME="$work" \
    nice "$java" $flags $speed "$@"
)

# A static archive: a dynamic one would leave out picocli, whose bytecode is of Java 5's time.
# The folder is the lock and the workshop. Training ends itself after five minutes, so an older one
# is what a machine that went down has left.
make_archive() {
  trap '' HUP
  umask 077
  mkdir -p "$cache" && cache=$(cd "$cache" && pwd) || exit
  work=$cache/.start-$key
  [ -n "$(find "$work" -prune -mmin +10 2>/dev/null)" ] && rm -rf "$work"
  mkdir "$work" || exit
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' INT TERM

  # Training gets nothing of the user's: neither the environment nor the home folder.
  jvm -XX:DumpLoadedClassList="$work/classes" -Duser.home="$work" -Djava.io.tmpdir="$work" \
    -cp "$self" hgauto.cli.Training "$work" &&
    jvm -Xshare:dump -XX:SharedClassListFile="$work/classes" -XX:SharedArchiveFile="$work/new.jsa" \
      -cp "$self" || exit

  # The checksum of the two paths finds what an older jar or java has left.
  pair=$(printf %s "$self:$java" | cksum)
  archive=$cache/start-${pair%% *}-$key.jsa
  sync # a half-written one, after a power failure, would crash the JVM
  mv "$work/new.jsa" "$archive" || exit
  for old in "$cache/start-${pair%% *}"-*.jsa; do
    [ "$old" = "$archive" ] || rm -f "$old"
  done
  find "$cache" -name 'start-*.jsa' -atime +30 -exec rm -f {} +
}

if [ -n "${HGAUTO_ARCHIVE_CACHE:-}" ]; then
  make_archive & # a JVM waits 0.3 s at its end for a child that goes on
  exit
fi

for archive in "$cache/start-"*"-$key.jsa"; do
  # shellcheck disable=SC3067 # every sh at hand has -O: an archive is code, so it must be ours
  if [ -O "$archive" ]; then
    set -f
    # shellcheck disable=SC2086
    exec "$java" $flags $speed -XX:SharedArchiveFile="$archive" -jar "$self" "$@"
  fi
done

# An archive proves that java is new enough; without one, its release file says so without a JVM.
real=$(readlink -f "$java" 2>/dev/null)
version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "${real%/bin/*}/release" 2>/dev/null)
[ -n "$version" ] || version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
[ "${version:-0}" -ge 17 ] || fail "this Java is too old" "$java is Java ${version:-of unknown age}." \
  "Install Java 17 or newer, and set JAVA_HOME if it is not the first on the PATH."

set -f
# shellcheck disable=SC2086
exec "$java" $flags $speed -Dhgauto.archive.cache="$cache" -jar "$self" "$@"
