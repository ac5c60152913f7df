# Becomes COMMAND inside a private Debian, with the caller's folders in place.
# Runs in a mount namespace of its own; called by root.sh.
#
#   enter.sh ROOT CHECKOUT COMMAND ARGUMENT…
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail

environment_dir=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
. "$environment_dir/say.sh"

root=$1 checkout=$2
shift 2

# Folders that belong to the private Debian, not to the machine.
is_debian_s ()  # PATH
{
  case $1/ in
    /bin/* | /sbin/* | /lib/* | /lib32/* | /lib64/* | /libx32/* | /usr/* | /etc/* | \
    /boot/* | /dev/* | /proc/* | /sys/* | /var/lib/* | /var/cache/*) return 0 ;;
    *) return 1 ;;
  esac
}

# Every other folder at the top (home, mnt, srv, tmp, whatever there is)
# appears whole.
show_top ()
{
  local path

  for path in /*; do
    case $path in
      /var | /run | /lost+found) continue ;;
    esac
    if is_debian_s "$path"; then
      continue
    elif [ -L "$path" ]; then
      [ -e "$root$path" ] || [ -L "$root$path" ] || cp -P -- "$path" "$root$path"
    elif [ -d "$path" ]; then
      mkdir -p -- "$root$path"
      mount --rbind -- "$path" "$root$path"
    fi
  done
}

# An empty file or folder is a mount point that an earlier call made.
is_taken ()  # PATH-IN-ROOT
{
  if [ -d "$1" ]; then
    [ -n "$(ls -A -- "$1")" ]
  else
    [ -s "$1" ]
  fi
}

# Shows PATH where show_top did not.
show ()  # ABSOLUTE-PATH
{
  local path=$1

  [ -e "$path" ] || return 0
  case $path in
    / | /var | /run) return 0 ;;
    /var/* | /run/*) ;;
    *) is_debian_s "$path" || return 0 ;;
  esac
  if is_debian_s "$path" && is_taken "$root$path"; then
    return 0
  fi
  if [ -d "$path" ]; then
    mkdir -p -- "$root$path"
    mount --rbind -- "$path" "$root$path"
  else
    mkdir -p -- "$root${path%/*}"
    [ -e "$root$path" ] || : >"$root$path"
    mount --bind -- "$path" "$root$path"
  fi
}

# An argument, or what stands behind the "=" of one, may be a path; both its
# name as given and the place it leads to through links are shown.
show_argument ()  # ARGUMENT
{
  local path=$1

  case $path in
    '') return 0 ;;
    /*) ;;
    *) path=$PWD/$path ;;
  esac
  [ -e "$path" ] || return 0
  show "$(realpath -s -- "$path")"
  show "$(realpath -- "$path")"
}

# Without this, the home folder inside would show the mounts inside once more.
mount --bind -- "$root" "$root"
mount --make-unbindable -- "$root"

show_top
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys" 2>/dev/null || true

for path in "$PWD" "$checkout" "${HOME-}" "${TMPDIR:-/tmp}" "${XDG_RUNTIME_DIR-}" \
            "${XAUTHORITY-}" "${XDG_CACHE_HOME-}" "${POCKMARK_OUTPUT-}" "$@"; do
  show_argument "$path"
  case $path in
    *=*) show_argument "${path#*=}" ;;
  esac
done

# What points at the machine's own libraries and tools misleads in here.
unset LD_LIBRARY_PATH LD_PRELOAD PYTHONHOME PYTHONPATH GI_TYPELIB_PATH \
      PKG_CONFIG_PATH PKG_CONFIG_LIBDIR GTK_MODULES GTK_PATH GIO_EXTRA_MODULES \
      GIO_MODULE_DIR GDK_PIXBUF_MODULE_FILE GDK_PIXBUF_MODULEDIR \
      GSETTINGS_SCHEMA_DIR XDG_DATA_DIRS BASH_ENV ENV CC CXX CFLAGS CPPFLAGS \
      LDFLAGS VIRTUAL_ENV container
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PYTHONNOUSERSITE=1

exec chroot "$root" /bin/bash -c '
  if ! cd -- "$1"; then
    printf "The folder %s cannot be seen from the private Debian; call from another one.\n" "$1" >&2
    exit 2
  fi
  # Only a few locales were made in here.
  wanted=${LC_ALL:-${LC_CTYPE:-${LANG:-none}}}
  case " $(locale -a | tr "[:upper:]\n" "[:lower:] ") " in
    *" $(printf %s "$wanted" | tr "[:upper:]" "[:lower:]" | sed s/utf-8/utf8/) "*) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
  shift
  exec "$@"' enter "$PWD" "$@"
