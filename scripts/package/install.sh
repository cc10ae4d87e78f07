#!/bin/sh
# Puts this package beside the versions that are installed already, and makes it the current one:
#   ./install.sh [--prefix DIR] [--bin DIR]
# For root DIR is /opt/countersign and /usr/local/bin; for anybody else ~/.local/share/countersign and ~/.local/bin.
# Data is never touched. An older version stays until somebody removes its directory.
set -eu
umask 022
here=$(dirname -- "$(readlink -f -- "$0")")
if [ "$(id -u)" = 0 ]; then
  prefix=/opt/countersign bin=/usr/local/bin
else
  prefix=${HOME:?}/.local/share/countersign bin=${HOME:?}/.local/bin
fi
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) prefix=${2:?"--prefix needs a directory"}; shift 2 ;;
    --bin) bin=${2:?"--bin needs a directory"}; shift 2 ;;
    *) echo "usage: ./install.sh [--prefix DIR] [--bin DIR]" >&2; exit 64 ;;
  esac
done
if ! said=$("$here/countersign" --version); then
  echo "install.sh: the program in this package does not run here; nothing was installed" >&2
  exit 69
fi
name=$(cat "$here/VERSION")
mkdir -p "$prefix" "$bin"
prefix=$(readlink -f -- "$prefix")
target=$prefix/$name
if [ -e "$target" ]; then
  echo "Countersign $name is in $target already; it is made the current one."
else
  # Aside, and renamed when whole: an installation that was cut off leaves no half version.
  aside=$(mktemp -d "$prefix/.making-XXXXXX")
  trap 'rm -rf -- "$aside"' EXIT
  cp -a -- "$here/." "$aside/"
  if [ "$(id -u)" = 0 ]; then chown -R 0:0 "$aside"; fi
  chmod -R a+rX,go-w "$aside"
  mv -T -- "$aside" "$target"
  trap - EXIT
fi
ln -sfnT -- "$name" "$prefix/current"
ln -sfnT -- "$prefix/current/countersign" "$bin/countersign"
echo "Countersign $said ($name) is installed: $bin/countersign"
echo "Begin with: countersign init --help, and read $prefix/current/docs/package.md"
