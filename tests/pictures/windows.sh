#!/bin/sh
# Takes pictures of GIMP at work; called by make, on a display of its own.
#
#   windows.sh PHOTOGRAPH PIXELS-PER-MM RULER FOLDER
#
# writes scale.png, dialog.png, table.png and window.png into FOLDER.  RULER is
# a photograph with a ruler in it.
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu

photograph=$1 scale=$2 ruler=$3 folder=$4

fail ()
{
  echo "$1" >&2
  tail -n 20 "$folder/gimp.log" >&2
  exit 1
}

# The first visible window of that name.
window ()  # NAME
{
  tries=0
  until found=$(xdotool search --onlyvisible --name "$1"); do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || fail "No window $1 came."
    sleep 1
  done
  echo "$found" | head -n 1
}

# Windows say nothing when they have finished drawing.
settle ()
{
  sleep 2
}

# The folder "done" tells that the dialog was answered and the work is over.
gimp --new-instance --no-splash --batch-interpreter=plug-in-script-fu-eval -b "
  (let ((image (car (gimp-file-load RUN-NONINTERACTIVE \"$ruler\"))))
    (plug-in-set-skin-scale #:run-mode RUN-INTERACTIVE
                            #:image image
                            #:drawables (car (gimp-image-get-layers image)))
    (gimp-image-delete image))
  (let ((image (car (gimp-file-load RUN-NONINTERACTIVE \"$photograph\"))))
    (gimp-display-new image)
    (plug-in-detect-pockmarks #:run-mode RUN-INTERACTIVE
                              #:image image
                              #:drawables (car (gimp-image-get-layers image)))
    (dir-make \"$folder/done\"))" >"$folder/gimp.log" 2>&1 &
gimp=$!
trap 'kill "$gimp"' EXIT

dialog=$(window '^Set Skin Scale')
# No tooltip in the picture.
xdotool mousemove 5 5
settle
import -window "$dialog" "$folder/scale.png"
xdotool windowactivate --sync "$dialog" key Return

dialog=$(window '^Detect Pockmarks')
settle
xdotool windowactivate --sync "$dialog" key alt+x ctrl+a type "$scale"
xdotool key Tab
settle
import -window "$dialog" "$folder/dialog.png"

xdotool key Return
findings=$(window '^Findings')
settle
xdotool windowactivate --sync "$findings" key Home
settle
import -window "$findings" "$folder/table.png"
xdotool key Escape
tries=0
until [ -d "$folder/done" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 120 ] || fail 'The detection did not end.'
  sleep 1
done

main=$(window '– GIMP')
xdotool windowsize "$main" 1300 900 windowactivate --sync "$main"
settle
# The photograph as large as the window allows.
xdotool key shift+ctrl+j
settle
import -window "$main" "$folder/window.png"
