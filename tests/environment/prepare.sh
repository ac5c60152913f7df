# Makes or completes a private Debian.  Runs as root in namespaces of its own;
# called by root.sh.  A change in this file has existing roots brought up to
# date, as a change in the package list does.
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail

task=$1 release=$2 final=$3 log=$4 wanted=$5

environment_dir=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
. "$environment_dir/say.sh"
. "$environment_dir/choose.sh"

mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
# For tests of numbers and texts; C.UTF-8 is there without being made.
locales=(de_DE fr_FR ja_JP tr_TR)

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
unset LD_LIBRARY_PATH LD_PRELOAD TMPDIR

case $release in
  3.0) suite=trixie name='Debian 13' ;;
  3.2) suite=testing name='Debian testing' ;;
esac

inside ()
{
  chroot "$root" "$@"
}

# debootstrap's script of sid serves every later suite, and an older
# debootstrap has no other one for them.
make_base ()
{
  say "  1 of 4: the base system (about a minute)"
  debootstrap --variant=minbase "$suite" "$root" "$mirror" \
    "${DEBOOTSTRAP_DIR:-/usr/share/debootstrap}/scripts/sid" >>"$log" 2>&1
}

configure_base ()
{
  # No services get started in here.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  # The archive may be a mirror that is older than its Release file allows.
  cat >"$root/etc/apt/apt.conf.d/90pockmark" <<'END'
Acquire::Check-Valid-Until "false";
Acquire::Retries "3";
Acquire::Languages "none";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
END
  # A root that a power cut spoils is made again, so no waiting for the disk.
  cat >"$root/etc/dpkg/dpkg.cfg.d/90pockmark" <<'END'
force-unsafe-io
path-exclude=/usr/share/doc/*
path-exclude=/usr/share/man/*
END
  for file in resolv.conf hosts; do
    if [ -e "/etc/$file" ]; then
      rm -f -- "$root/etc/$file"
      cp -L -- "/etc/$file" "$root/etc/$file"
    fi
  done
}

# proc and dev come and go with this process's mount namespace.
mount_base ()
{
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  # Or else taking it away would take it from the machine.
  mount --make-rprivate "$root/dev"
}

# Turns apt's status lines into a sentence per quarter of the way.
show_progress ()
{
  local kind percent quarter last=0

  while IFS=: read -r kind _ percent _; do
    case $kind in
      dlstatus) kind=downloaded ;;
      pmstatus) kind=installed ;;
      *) continue ;;
    esac
    quarter=${kind}$((${percent%%.*} / 25 * 25))
    if [ "$quarter" != "$last" ] && [ "${quarter#"$kind"}" != 0 ]; then
      last=$quarter
      say "          ${quarter#"$kind"} % $kind"
    fi
  done
}

install_list ()
{
  local -a packages

  mapfile -t packages < <(package_list)
  say "  2 of 4: the list of packages"
  inside dpkg --configure -a >>"$log" 2>&1
  inside apt-get update >>"$log" 2>&1
  if [ "$task" = fresh ]; then
    say "  3 of 4: GIMP $release, compiler and tools (a few minutes, 350 MB of download)"
  else
    say '  3 of 4: what is new on the list of packages'
  fi
  inside apt-get -o APT::Status-Fd=3 --fix-broken -y install "${packages[@]}" \
    3> >(show_progress) >>"$log" 2>&1
  inside apt-get clean >>"$log" 2>&1
}

finish ()
{
  local locale

  say '  4 of 4: locales'
  for locale in "${locales[@]}"; do
    inside localedef --no-archive -i "$locale" -f UTF-8 "$locale.UTF-8" >>"$log" 2>&1
  done
  # Programs that talk over D-Bus want the machine to have a name.
  inside dbus-uuidgen --ensure=/etc/machine-id
}

note_release ()
{
  local version

  version=$(inside pkg-config --modversion gimp-3.0)
  say "  Ready: $name with GIMP $version."
  case $version in
    "$release" | "$release".*) ;;
    *) say "  ($name has moved on from GIMP $release.)" ;;
  esac
}

case $task in
  fresh)
    root=$final.partial
    say "Preparing a private $name with GIMP $release in $final, once."
    say "(The full log goes to $log.)"
    : >"$log"
    make_base
    ;;
  update)
    root=$final
    say "Bringing the private $name in $final up to date."
    say "(The full log goes to $log.)"
    : >"$log"
    # Interrupted, it is to be continued whatever the list then says.
    echo updating >"$root/.pockmark-ready"
    say '  1 of 4: the base system is there'
    ;;
esac
configure_base
mount_base
install_list
finish
note_release

printf '%s\n' "$wanted" >"$root/.pockmark-ready.new"
sync -f "$root/.pockmark-ready.new" || true
mv -- "$root/.pockmark-ready.new" "$root/.pockmark-ready"
if [ "$task" = fresh ]; then
  umount -l "$root/proc" "$root/dev"
  mv -- "$root" "$final"
fi
