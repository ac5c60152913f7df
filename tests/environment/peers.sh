# Python libraries that Pockmark is compared with.  They are large and for
# these comparisons only, so the private Debian gets them when first asked for;
# the machine only with --install.
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later

# Each PACKAGE brings the Python module before it.
want_peers ()  # MODULE PACKAGE…
{
  local log=$build_dir/peers.log
  local -a missing=()

  while [ $# -gt 0 ]; do
    python3 -c "import $1" 2>/dev/null || missing+=("$2")
    shift 2
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  case $POCKMARK_ENVIRONMENT in
    own)
      [ "${install-no}" = no ] ||
        install_packages yes 'The comparison needs more.' "${missing[@]}"
      ;;
    *)
      say "Installing ${missing[*]} for the comparison, once (up to 250 MB of download)…"
      DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update &&
        apt-get install --no-install-recommends -y "$@" &&
        apt-get clean' install "${missing[@]}" >"$log" 2>&1 </dev/null ||
        say "That did not succeed; the log is $log."
      ;;
  esac
}
