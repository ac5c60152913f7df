# usage: accuracy [--set report|develop] [--count N] [--first N] [--output DIR]
# does: the accuracy table: findings on phantoms against their exact truth
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later
#
# shellcheck source-path=SCRIPTDIR
# shellcheck source=../peers.sh
. "$environment_dir/peers.sh"

command_mode=release

# Sets output, and arguments for pockmark-accuracy.
accuracy_parse ()
{
  local option

  arguments=() output=''
  while [ $# -gt 0 ]; do
    option=$1
    case $option in
      --set | --count | --first | --output)
        [ $# -ge 2 ] || refuse "$option needs a value after it."
        accuracy_option "$option" "$2"
        shift
        ;;
      --*=*) accuracy_option "${option%%=*}" "${option#*=}" ;;
      *) refuse "accuracy has no argument $option; it has --set, --count, --first and --output." ;;
    esac
    shift
  done
}

accuracy_option ()  # NAME VALUE
{
  case $1 in
    --set)
      case $2 in
        report | develop) ;;
        *) refuse "--set is \"$2\"; it can be report or develop." ;;
      esac
      ;;
    --count)
      [[ $2 =~ ^[1-9][0-9]{0,2}$ ]] ||
        refuse "--count is \"$2\"; it must be a number from 1 to 999."
      ;;
    --first)
      [[ $2 =~ ^[0-9]{1,4}$ ]] ||
        refuse "--first is \"$2\"; it must be a number from 0 to 9999."
      ;;
    --output)
      [ -n "$2" ] || refuse '--output needs the name of a folder.'
      output=$2
      return
      ;;
    *) refuse "accuracy has no option $1; it has --set, --count, --first and --output." ;;
  esac
  arguments+=("$1" "$2")
}

command_accept ()
{
  local existing

  accuracy_parse "$@"
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
  local exchange status=0

  accuracy_parse "$@"
  output=${output:-$checkout/build/accuracy}
  mkdir -p -- "$output" || fail "The folder $output cannot be made."
  want_peers cv2 python3-opencv
  exchange=$(mktemp -d "${TMPDIR:-/tmp}/pockmark-accuracy.XXXXXX") ||
    fail 'There is no room for a temporary folder.'
  say 'Rendering phantoms and examining them (a few minutes)…'
  { "$meson_dir/tests/accuracy/pockmark-accuracy" "${arguments[@]}" \
      --output "$output" --exchange "$exchange" &&
    python3 "$checkout/tests/accuracy/peers.py" "$exchange" "$output"; } \
    </dev/null | tee -- "$output/accuracy.txt" || status=$?
  rm -rf -- "$exchange"
  [ "$status" = 0 ] || exit "$status"
  echo
  echo "Written: $output/accuracy.txt, $output/accuracy.csv, $output/reliability.svg"
}
