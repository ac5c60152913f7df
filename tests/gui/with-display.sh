#!/bin/sh
# Runs a command on a display of its own, with a window manager.
#
#   dbus-run-session -- with-display.sh COMMAND…
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later

numbers=$(mktemp)
trap 'kill $manager $server 2>/dev/null; rm -f "$numbers"' EXIT

# The server picks a free number and tells it.
Xvfb -displayfd 3 -screen 0 1400x1000x24 -nolisten tcp 3>"$numbers" 2>/dev/null &
server=$!
tries=0
until [ -s "$numbers" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 100 ] || { echo 'Xvfb did not start.' >&2; exit 1; }
  sleep 0.1
done
DISPLAY=:$(cat "$numbers")
export DISPLAY
export NO_AT_BRIDGE=1
openbox >/dev/null 2>&1 &
manager=$!

"$@"
