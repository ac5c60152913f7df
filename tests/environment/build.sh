# Building into build/ENVIRONMENT/MODE of the checkout, and the environment
# in which GEGL and GIMP find what was built.  The folder holds
#   meson/      meson's own
#   prefix/     what was installed: gegl/ (only the module), plug-ins/, share/
#   profile/    GIMP's profile, kept because a new one costs GIMP 15 s
#   home/       stands in for the XDG folders of the user
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later

build_options ()  # MODE
{
  case $1 in
    use) ;;
    check) echo '-Dwerror=true -Dsanitizers=true' ;;
    release) echo '--buildtype=release' ;;
  esac
}

# Whatever changes this line makes an old build folder worthless.
build_stamp ()  # MODE
{
  printf '%s\n' "$checkout" "$1" "$(build_options "$1")" \
    "$(pkg-config --modversion gimp-3.0 gegl-0.4 glib-2.0 | tr '\n' ' ')" \
    "$(cc --version 2>/dev/null | head -n 1)"
}

build_failed ()  # LOG
{
  say 'The build failed:'
  if grep -q '^FAILED:' "$1"; then
    sed -n '/^FAILED:/,$p' "$1" | head -n 60 >&2
  elif grep -q 'ERROR: ' "$1"; then
    sed -n '/ERROR: /,$p' "$1" | grep -v '^$' | head -n 20 >&2
  else
    say_tail "$1" 30
  fi
  fail "All of the build's output is in $1."
}

build_configure ()  # MODE LOG
{
  local stamp options

  stamp=$(build_stamp "$1")
  if [ -f "$build_dir/stamp" ] && [ "$(cat -- "$build_dir/stamp")" = "$stamp" ]; then
    return
  fi
  say "Configuring the build in ${build_dir}…"
  rm -rf -- "$meson_dir" "$prefix" "$build_dir/stamp"
  read -ra options < <(build_options "$1") || true
  meson setup "${options[@]}" --prefix "$prefix" \
    -Dgegl-module-dir="$prefix/gegl" -Dplug-in-dir="$prefix/plug-ins" \
    "$meson_dir" "$checkout" >"$2" 2>&1 </dev/null || build_failed "$2"
  printf '%s\n' "$stamp" >"$build_dir/stamp"
}

# Icons, catalogues and scripts are installed without ninja knowing of them.
build_is_installed ()  # NINJA-LOG
{
  [ -f "$prefix/.installed" ] && grep -q '^ninja: no work to do' "$1" &&
    [ -z "$(find "$checkout/filters" "$checkout/plugin" "$checkout/icons" "$checkout/po" \
              -newer "$prefix/.installed" -type f -print -quit)" ]
}

# Sets build_dir, meson_dir and prefix; leaves the suite installed in prefix.
build_suite ()  # MODE
{
  local lock log began

  case $checkout in
    *:*) fail "The path $checkout has a colon, which separates folders in GEGL_PATH; move the checkout." ;;
  esac
  build_dir=$checkout/build/$POCKMARK_ENVIRONMENT/$1
  meson_dir=$build_dir/meson
  prefix=$build_dir/prefix
  log=$build_dir/build.log
  mkdir -p -- "$build_dir" || fail "The build folder $build_dir cannot be made."
  began=$SECONDS

  exec {lock}>"$build_dir/lock"
  if have flock && ! flock --nonblock "$lock"; then
    say "Waiting for another tests/run that builds in ${build_dir}…"
    flock "$lock"
  fi
  build_configure "$1" "$log"
  if ! ninja -C "$meson_dir" -n 2>/dev/null | grep -q '^ninja: no work to do'; then
    say 'Compiling…'
  fi
  ninja -C "$meson_dir" >"$log" 2>&1 {lock}>&- || build_failed "$log"
  if ! build_is_installed "$log"; then
    rm -rf -- "$prefix"
    mkdir -p -- "$prefix/gegl" "$prefix/plug-ins" "$prefix/share"
    : >"$build_dir/began"
    meson install -C "$meson_dir" --no-rebuild --quiet >>"$log" 2>&1 || build_failed "$log"
    mv -- "$build_dir/began" "$prefix/.installed"
  fi
  exec {lock}>&-
  if [ $((SECONDS - began)) -ge 5 ]; then
    say "Built in $((SECONDS - began)) s."
  fi
}

# GIMP is told of the plug-in in its own profile; settings that the user made
# there stay.
build_profile ()
{
  local rc=$GIMP3_DIRECTORY/gimprc line
  local escaped=${prefix//\\/\\\\}

  escaped=${escaped//\"/\\\"}
  line="(plug-in-path \"\${gimp_dir}/plug-ins:\${gimp_plug_in_dir}/plug-ins:$escaped/plug-ins\")"
  mkdir -p -- "$GIMP3_DIRECTORY"
  if [ ! -f "$rc" ]; then
    printf '%s\n' "$line" '(check-updates no)' '(show-welcome-dialog no)' \
      '(color-profile-policy keep)' >"$rc"
  elif ! grep -qxF -- "$line" "$rc"; then
    { grep -v '^(plug-in-path ' "$rc" || true; printf '%s\n' "$line"; } >"$rc.new"
    mv -- "$rc.new" "$rc"
  fi
}

# So that plain gegl, gimp-console and gimp find the suite, and leave the
# user's own configuration and caches alone.
build_environment ()
{
  local home=$build_dir/home folder

  export GIMP3_DIRECTORY=$build_dir/profile
  export GEGL_PATH
  GEGL_PATH=$(pkg-config --variable=pluginsdir gegl-0.4):$prefix/gegl
  export XDG_DATA_DIRS=$prefix/share:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}
  export XDG_CACHE_HOME=$home/cache XDG_CONFIG_HOME=$home/config
  export XDG_DATA_HOME=$home/data XDG_STATE_HOME=$home/state
  for folder in cache config data state; do
    mkdir -p -- "$home/$folder"
  done
  if [ -z "${XDG_RUNTIME_DIR-}" ] || [ ! -d "$XDG_RUNTIME_DIR" ]; then
    export XDG_RUNTIME_DIR=$home/runtime
    mkdir -p -- "$XDG_RUNTIME_DIR"
    chmod 700 -- "$XDG_RUNTIME_DIR"
  fi
  export GSETTINGS_BACKEND=memory
  export POCKMARK_SOURCE_DIR=$checkout POCKMARK_BUILD_DIR=$meson_dir POCKMARK_PREFIX=$prefix
  export PATH=$meson_dir/tests/phantom:$PATH
  build_profile
}
