# Where to work: with the machine's own GIMP 3, or in a private Debian.
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later

default_release=3.0

package_list ()
{
  sed 's/#.*//; s/[[:space:]]//g; /^$/d' "$environment_dir/packages"
}

have ()
{
  command -v "$1" >/dev/null 2>&1
}

# Does this machine's package archive hold GIMP 3 for developers?  Package
# lists may never have been fetched; then the distribution's number tells.
archive_has_gimp ()
{
  local id='' version=''

  have apt-get || return 1
  if apt-cache show libgimp-3.0-dev >/dev/null 2>&1; then
    return 0
  fi
  if [ -r /etc/os-release ]; then
    id=$(. /etc/os-release && echo "${ID-}")
    version=$(. /etc/os-release && echo "${VERSION_ID-}")
  fi
  case $id in
    # testing and unstable carry no number
    debian) [ -z "$version" ] || [ "${version%%.*}" -ge 13 ] ;;
    ubuntu) [ "${version%%.*}" -ge 25 ] ;;
    *) return 1 ;;
  esac 2>/dev/null
}

# Runs, or only names, the one line that brings PACKAGE… onto the machine.
install_packages ()  # yes|no WHY PACKAGE…
{
  local install=$1 why=$2 sudo='' line

  shift 2
  [ "$(id -u)" = 0 ] || sudo='sudo '
  line="${sudo}apt-get update && ${sudo}apt-get install --no-install-recommends -y $*"
  if [ "$install" = no ]; then
    say "$why Install it with"
    say "  $line"
    say 'and call again, or let tests/run --install do it.'
    exit 1
  fi
  say "$why Installing:"
  say "  $line"
  DEBIAN_FRONTEND=noninteractive sh -c "$line" </dev/null >&2 ||
    fail 'The installation failed; the lines above say why.'
}

# Sets environment to "own" or to the GIMP release of a private root.
choose_environment ()  # INSTALL
{
  local install=$1
  local -a packages

  case ${GIMP_RELEASE-} in
    3.0 | 3.2) environment=$GIMP_RELEASE; return ;;
    '') ;;
    *) refuse "GIMP_RELEASE is \"$GIMP_RELEASE\"; it can be 3.0 or 3.2, or unset for the machine's own GIMP." ;;
  esac

  environment=own
  if have meson && have pkg-config && pkg-config --exists gimp-3.0; then
    return
  fi
  if archive_has_gimp; then
    mapfile -t packages < <(package_list)
    install_packages "$install" \
      'GIMP 3 for developers or meson is missing here.' "${packages[@]}"
    return
  fi
  environment=$default_release
}
