# usage: bench [--quick] [--rounds N] [--threads N] [--output DIR]
# does: the speed table: time and memory beside GEGL's own filters and other detectors
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# shellcheck source-path=SCRIPTDIR
# shellcheck source=../peers.sh
. "$environment_dir/peers.sh"

command_mode=release

# Sets output, quick, and arguments for pockmark-bench.
bench_parse ()
{
  local option

  arguments=() output='' quick=no
  while [ $# -gt 0 ]; do
    option=$1
    case $option in
      --quick) quick=yes; arguments+=(--quick) ;;
      --rounds | --threads | --output)
        [ $# -ge 2 ] || refuse "$option needs a value after it."
        bench_option "$option" "$2"
        shift
        ;;
      --*=*) bench_option "${option%%=*}" "${option#*=}" ;;
      *) refuse "bench has no argument $option; it has --quick, --rounds, --threads and --output." ;;
    esac
    shift
  done
}

bench_option ()  # NAME VALUE
{
  case $1 in
    --rounds | --threads)
      [[ $2 =~ ^[1-9][0-9]?$ ]] ||
        refuse "$1 is \"$2\"; it must be a number from 1 to 99."
      arguments+=("$1" "$2")
      ;;
    --output)
      [ -n "$2" ] || refuse '--output needs the name of a folder.'
      output=$2
      ;;
    *) refuse "bench has no option $1; it has --quick, --rounds, --threads and --output." ;;
  esac
}

command_accept ()
{
  local existing

  bench_parse "$@"
  existing=$(nearest_existing "${output:-.}")
  if [ ! -d "$existing" ]; then
    refuse "$existing is not a folder; name another --output."
  elif [ ! -w "$existing" ] && [ -n "$output" ]; then
    refuse "You may not write into $existing; name another --output."
  fi
  # The private Debian shows what is named here, even if only in part there.
  export POCKMARK_OUTPUT=$existing
}

command_run ()
{
  local program=$meson_dir/tests/bench/pockmark-bench
  local picture=$build_dir/bench.rgb jpeg=$build_dir/bench.jpg
  local status=0

  bench_parse "$@"
  output=${output:-$checkout/build/bench}
  mkdir -p -- "$output" || fail "The folder $output cannot be made."
  [ "$quick" = yes ] || want_peers cv2 python3-opencv skimage python3-skimage
  # Another program may render another photograph.
  if [ -f "$picture" ] && [ "$program" -nt "$picture" ]; then
    rm -f -- "$picture" "$jpeg"
  fi
  [ -f "$picture" ] || say 'Rendering a photograph of 24 megapixels, once (half a minute)…'
  "$program" --picture "$picture" --peers "$checkout/tests/bench/detectors.py" \
    --output "$output/bench.csv" "${arguments[@]}" </dev/null || status=$?
  [ "$status" = 0 ] || exit "$status"
  if [ "$quick" = no ]; then
    [ -f "$jpeg" ] || "$program" --picture "$picture" --jpeg "$jpeg"
    python3 "$checkout/tests/bench/in_gimp.py" "$jpeg" 20 2 "$output/bench.csv" ||
      exit "$?"
  fi
  echo
  echo "Written: $output/bench.csv"
}
