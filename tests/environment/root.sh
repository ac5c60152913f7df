# The private Debian: one root folder per GIMP release in the user's cache.
#
# A root is made under another name and renamed once complete, by one process
# at a time.  All work in it happens in a mount namespace of its own, so that
# nothing stays mounted whatever happens, and in a process namespace that dies
# with tests/run.
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later

root_cache_dir ()
{
  local base=${XDG_CACHE_HOME-}

  case $base in
    /*) ;;
    *)
      if [ -z "${HOME-}" ]; then
        HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
      fi
      base=${HOME:-/var/cache}/.cache
      ;;
  esac
  printf '%s/pockmark\n' "$base"
}

root_dir ()  # RELEASE
{
  printf '%s/root-%s\n' "$(root_cache_dir)" "$1"
}

# What a finished root must have been made from.
root_wanted ()
{
  { package_list; cat -- "$environment_dir/prepare.sh"; } | sha256sum | cut -d' ' -f1
}

root_is_ready ()  # ROOT
{
  [ -f "$1/.pockmark-ready" ] &&
    [ "$(cat -- "$1/.pockmark-ready")" = "$(root_wanted)" ]
}

# Runs COMMAND as root: a user who is not root gets a user namespace for it.
root_as_root ()  # COMMAND…
{
  if [ "$(id -u)" = 0 ]; then
    exec "$@"
  fi
  # Makes debootstrap do without device nodes, which such a root cannot make.
  export container=lxc
  exec unshare --user --map-root-user --map-auto -- "$@"
}

# Becomes COMMAND in a mount namespace.  Where / is no mount point, as in a
# chroot, its mounts cannot be made private; prepare.sh and enter.sh see to it
# for their own.
root_unshare ()  # live|die-with-parent UNSHARE-OPTION… COMMAND…
{
  local propagation=private
  local -a prefix=()

  if [ "$1" = die-with-parent ]; then
    prefix=(setpriv --pdeathsig KILL)
  fi
  shift

  (root_as_root unshare --mount --propagation private true) 2>/dev/null ||
    propagation=unchanged
  root_as_root "${prefix[@]}" unshare --mount --propagation "$propagation" "$@"
}

root_check_namespaces ()
{
  local answer

  answer=$(root_unshare live --pid --fork --mount-proc true 2>&1) && return
  if [ "$(id -u)" = 0 ]; then
    fail "A private Debian needs the right to mount, which this machine refuses ($answer). In a container, start it with that right (docker: --cap-add SYS_ADMIN --security-opt apparmor=unconfined), or install GIMP 3 with its development files and meson."
  fi
  fail "A private Debian needs user namespaces with a range of user ids, which you do not have here ($answer). Let the administrator install the package uidmap and add you to /etc/subuid and /etc/subgid (usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(id -un)), or call tests/run as root, or install GIMP 3 with its development files and meson."
}

root_check_tools ()  # LOG
{
  local -a packages=(debootstrap)

  if have debootstrap; then
    return
  fi
  if ! have apt-get; then
    fail 'GIMP 3 with its development files and meson are not here, and without debootstrap no private Debian can be made. Install either with your package manager and call again.'
  fi
  if grep -qs '^ID=ubuntu' /etc/os-release; then
    packages+=(debian-archive-keyring)
  fi
  if [ "$(id -u)" != 0 ]; then
    install_packages "$install" 'Preparing a private Debian needs debootstrap.' "${packages[@]}"
    return
  fi
  say 'Installing debootstrap.'
  if ! root_install "${packages[@]}" >"$1" 2>&1 </dev/null; then
    say 'debootstrap cannot be installed. The last lines of the log:'
    say_tail "$1" 12
    fail "All of it is in $1."
  fi
}

# The package lists may be missing, or older than their validity.
root_install ()  # PACKAGE…
{
  export DEBIAN_FRONTEND=noninteractive

  apt-get install --no-install-recommends -y "$@" && return
  apt-get update || apt-get -o Acquire::Check-Valid-Until=false update
  apt-get install --no-install-recommends -y "$@"
}

# Removes what an interrupted preparation left, and never through a mount.
root_remove ()  # FOLDER
{
  local mounted

  [ -e "$1" ] || return 0
  while read -r mounted; do
    mounted=$(printf '%b' "$mounted")
    case $mounted in
      "$1" | "$1"/*) umount -l -- "$mounted" || fail "$mounted is mounted and cannot be unmounted; remove $1 by hand." ;;
    esac
  done < <(cut -d' ' -f5 /proc/self/mountinfo | sort -r)
  # Only inside the same namespaces may a user delete what other ids own.
  (root_as_root rm -rf --one-file-system -- "$1") ||
    fail "$1 cannot be removed; remove it by hand and call again."
}

# Runs prepare.sh so that it dies with this script, kill -9 included: the
# outer unshare dies with the script, the process namespace with the unshare.
root_work ()  # fresh|update RELEASE FOLDER LOG
{
  local worker

  (
    root_unshare die-with-parent --pid --fork --kill-child --mount-proc \
      bash "$environment_dir/prepare.sh" "$@" "$(root_wanted)"
  ) </dev/null &
  worker=$!
  wait "$worker"
}

root_work_failed ()  # LOG
{
  say 'The preparation did not succeed. The last lines of its log:'
  say_tail "$1" 12
  fail "All of it is in $1; calling again tries again."
}

root_prepare ()  # RELEASE
{
  local root log lock available

  root=$(root_dir "$1")
  log=$root.log
  if root_is_ready "$root"; then
    return
  fi

  root_check_namespaces
  mkdir -p -- "${root%/*}" ||
    fail "The folder ${root%/*} cannot be made; set XDG_CACHE_HOME to one that can."
  # Inherited by the workers on purpose: the lock lasts as long as any of them.
  exec {lock}>"$root.lock"
  if ! flock --nonblock "$lock"; then
    say "Waiting for another tests/run that prepares ${root}…"
    flock "$lock"
  fi

  if ! root_is_ready "$root"; then
    root_check_tools "$log"
    if [ -f "$root/.pockmark-ready" ] && ! root_work update "$1" "$root" "$log"; then
      say 'That did not succeed; preparing it anew.'
      mv -- "$log" "$log.update" && rm -f -- "$root/.pockmark-ready"
    fi
    if ! root_is_ready "$root"; then
      root_remove "$root.partial"
      root_remove "$root"
      available=$(df -Pk -- "${root%/*}" | awk 'NR == 2 { print int ($4 / 1024) }')
      [ "$available" -ge 2500 ] ||
        fail "Preparing a private Debian takes 2500 MB; ${root%/*} has $available MB left. Set XDG_CACHE_HOME to a folder with more room."
      root_work fresh "$1" "$root" "$log" || root_work_failed "$log"
    fi
  fi
  exec {lock}>&-
}

# Becomes COMMAND inside the root.
root_enter ()  # RELEASE COMMAND ARGUMENT…
{
  local root

  root=$(root_dir "$1")
  POCKMARK_ENVIRONMENT=$1
  export POCKMARK_ENVIRONMENT
  shift
  root_unshare live bash "$environment_dir/enter.sh" "$root" "$checkout" "$@"
}
