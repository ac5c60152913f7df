# Libraries that Pockmark is compared with, and programs that only tests call.
# They are large and for these alone, so the private Debian gets them when
# first asked for; the machine only with --install.
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later

# Each PACKAGE brings the Python module before it.
want_peers ()  # MODULE PACKAGE…
{
  local -a missing=()

  while [ $# -gt 0 ]; do
    python3 -c "import $1" 2>/dev/null || missing+=("$2")
    shift 2
  done
  fetch_peers comparison "${missing[@]}"
}

# What tests compare with or look through; without them they are skipped.
want_helpers ()
{
  local -a missing=()
  local package

  for package in appstream chromium debhelper faketime git lintian parallel \
                 python3-skimage strace; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  have apt-get || return 0
  fetch_peers check "${missing[@]}"
}

fetch_peers ()  # PURPOSE PACKAGE…
{
  local log=$build_dir/peers.log purpose=$1

  shift
  [ $# -gt 0 ] || return 0
  case $POCKMARK_ENVIRONMENT in
    own)
      [ "${install-no}" = no ] ||
        install_packages yes "The $purpose needs more." "$@"
      ;;
    *)
      say "Installing $* for the $purpose, once (up to 250 MB of download)…"
      DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update &&
        apt-get install --no-install-recommends -y "$@" &&
        apt-get clean' install "$@" >"$log" 2>&1 </dev/null ||
        say "That did not succeed; the log is $log."
      ;;
  esac
}
