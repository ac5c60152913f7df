# usage: check [TEST…]
# does: runs every test, or those named; the last line is "N passed, N failed"
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later

command_mode=check

# shellcheck source=../peers.sh
. "$environment_dir/peers.sh"

# Callers read the last line even where nothing could be built.
command_failed_early ()
{
  echo '0 passed, 1 failed'
}

# No window of a test opens on the user's display, no test talks to his session.
check_environment ()
{
  unset DISPLAY WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS GEGL_USE_OPENCL
  export XDG_RUNTIME_DIR=$build_dir/home/runtime
  mkdir -p -- "$XDG_RUNTIME_DIR"
  chmod 700 -- "$XDG_RUNTIME_DIR"
  if [ -d "$checkout/../shared/photographs" ]; then
    POCKMARK_PHOTOGRAPHS=$(cd -- "$checkout/../shared/photographs" && pwd)
    export POCKMARK_PHOTOGRAPHS
  fi
  # Tests that call tests/run again work with this very build.
  export POCKMARK_MODE=check
}

# The first start on a new profile takes GIMP so long that it would count
# against whichever test comes first.
check_warm_profile ()
{
  if [ ! -f "$GIMP3_DIRECTORY/pluginrc" ] && have gimp-console; then
    say 'Starting GIMP for the first time…'
    timeout 300 gimp-console -idfs --batch-interpreter=plug-in-script-fu-eval \
      -b '(gimp-version)' --quit </dev/null >"$build_dir/first-start.log" 2>&1 || true
  fi
}

command_run ()
{
  local status=0

  check_environment
  want_helpers
  check_warm_profile
  rm -f -- "$meson_dir/meson-logs/testlog.json"
  meson test -C "$meson_dir" --setup all --no-rebuild --timeout-multiplier 4 "$@" </dev/null |
    sed '/^>>> /d' || status=$?
  # meson names the log of a setup after it.
  mv -f -- "$meson_dir/meson-logs/testlog-all.json" "$meson_dir/meson-logs/testlog.json" || true
  echo
  python3 "$environment_dir/tally.py" "$meson_dir/meson-logs/testlog.json" "$status"
}
