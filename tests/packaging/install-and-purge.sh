# Installs PACKAGE, asks GIMP and GEGL of it, and purges it; in an overlay.
# What they said is put into FOLDER.
#
#   install-and-purge.sh FOLDER PACKAGE QUERY.PY
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu

folder=$1 package=$2 query=$3
export DEBIAN_FRONTEND=noninteractive

dpkg --install "$package" </dev/null
dpkg --listfiles gimp-pockmark >"$folder/files"
gegl --list-all >"$folder/operations"
# A user who has never started GIMP.
export HOME=$folder/home POCKMARK_ANSWER=$folder/answer.json
mkdir "$HOME"
timeout 300 gimp-console -idfs --batch-interpreter=python-fu-eval \
  -b "exec (open ('$query').read ())" --quit </dev/null
dpkg --purge gimp-pockmark </dev/null
