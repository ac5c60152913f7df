# Speaking to the user, on stderr, so that a command's own output stays clean;
# and looking at the paths that he names.
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later

say ()
{
  printf '%s\n' "$*" >&2
}

fail ()
{
  say "$@"
  exit 1
}

# For what the caller got wrong.
refuse ()
{
  say "$@"
  exit 2
}

# The end of a log file, indented.
say_tail ()  # FILE LINES
{
  tail -n "$2" -- "$1" 2>/dev/null | sed 's/^/    /' >&2
}

# The nearest folder above DIR that is there.
nearest_existing ()  # DIR
{
  local dir=$1

  while [ ! -e "$dir" ]; do
    case $dir in
      */*) dir=${dir%/*}; dir=${dir:-/} ;;
      *) dir=. ;;
    esac
  done
  printf '%s\n' "$dir"
}

# A photograph named on the command line must be there.
accept_photograph ()  # PATH
{
  if [ -z "$1" ]; then
    refuse 'The name of a photograph is empty.'
  elif [ ! -e "$1" ]; then
    refuse "There is no photograph $1."
  elif [ -d "$1" ]; then
    refuse "$1 is a folder; name the photographs in it."
  elif [ ! -f "$1" ]; then
    refuse "$1 is not a file."
  elif [ ! -r "$1" ]; then
    refuse "You may not read $1."
  elif [ ! -s "$1" ]; then
    refuse "$1 is empty."
  fi
}
