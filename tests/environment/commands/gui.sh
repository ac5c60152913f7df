# usage: gui [PHOTO]
# does: opens GIMP with Pockmark in it, on your display
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later

command_accept ()
{
  [ $# -le 1 ] || refuse 'tests/run gui opens one photograph at most.'
  if [ $# = 1 ]; then
    accept_photograph "$1"
  fi
  if [ -z "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
    refuse 'There is no display here (DISPLAY and WAYLAND_DISPLAY are empty); tests/run demo works without one.'
  fi
}

command_run ()
{
  exec gimp --new-instance --no-splash -- "$@"
}
