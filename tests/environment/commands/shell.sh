# usage: shell [COMMAND…]
# does: runs COMMAND, or a shell, where gegl, gimp and gimp-console know Pockmark
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later

command_run ()
{
  local shell=${SHELL-}

  if [ "${1-}" = -- ]; then
    shift
  fi
  if [ $# -gt 0 ]; then
    exec "$@"
  fi
  [ -x "$shell" ] || shell=/bin/bash
  say 'gegl, gimp and gimp-console know Pockmark in this shell; exit leaves it.'
  exec "$shell"
}
