# Runs COMMAND on a copy of the whole system that vanishes with it: what is
# installed there, nobody else sees.  What COMMAND has changed in the end is
# listed in FILE, a path a line, but for the folders of no account.
#
#   unshare --mount sh in-overlay.sh SCRATCH FILE COMMAND ARGUMENT…
#
# SCRATCH is an empty folder that both sides see.
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu

scratch=$1 changed=$2
shift 2

layers=$scratch/layers
mkdir "$layers"
mount -t tmpfs overlay "$layers"
mkdir "$layers/upper" "$layers/work" "$layers/root"
mount -t overlay overlay \
  -o "lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" "$layers/root" ||
  # Inside a user namespace.
  mount -t overlay overlay \
    -o "userxattr,lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" "$layers/root"
for folder in proc dev; do
  mount --rbind "/$folder" "$layers/root/$folder"
done
mkdir -p "$layers/root$scratch"
mount --bind "$scratch" "$layers/root$scratch"

status=0
chroot "$layers/root" "$@" || status=$?
(cd "$layers/upper" && find . ! -type d) | sed 's/^\.//' | sort >"$changed"
exit $status
