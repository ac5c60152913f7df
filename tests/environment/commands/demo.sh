# usage: demo [PHOTO…] [--pixels-per-mm N] [--output DIR]
# does: finds pockmarks and maps redness on each photograph, or on one of its own making
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later

# Of the photograph that the demo renders when none is named.
demo_seed=1
demo_scale=12
demo_sensitivity=0.5

# Sets photographs, scale (empty: not given) and output.
demo_parse ()
{
  local option

  photographs=() scale='' output=pockmark-demo
  while [ $# -gt 0 ]; do
    option=$1
    case $option in
      --pixels-per-mm | --output)
        [ $# -ge 2 ] || refuse "$option needs a value after it."
        demo_option "$option" "$2"
        shift
        ;;
      --*=*) demo_option "${option%%=*}" "${option#*=}" ;;
      --) shift; photographs+=("$@"); return ;;
      -?*) demo_option "$option" '' ;;
      *) photographs+=("$option") ;;
    esac
    shift
  done
}

demo_option ()  # NAME VALUE
{
  case $1 in
    --pixels-per-mm)
      if ! [[ $2 =~ ^([0-9]+(\.[0-9]*)?|\.[0-9]+)$ ]] || ! [[ $2 =~ [1-9] ]]; then
        refuse "--pixels-per-mm is \"$2\"; it must be a number above 0, with a decimal point, like 12 or 7.5."
      fi
      scale=$2
      ;;
    --output)
      [ -n "$2" ] || refuse '--output needs the name of a folder.'
      output=${2%/}
      output=${output:-/}
      ;;
    *) refuse "demo has no option $1; it has --pixels-per-mm and --output. A photograph of that name is given as ./$1" ;;
  esac
}

command_accept ()
{
  local photograph existing

  demo_parse "$@"
  for photograph in "${photographs[@]}"; do
    accept_photograph "$photograph"
  done
  existing=$(nearest_existing "$output")
  if [ ! -d "$existing" ]; then
    refuse "$existing is not a folder; name another --output."
  elif ! printf %s "$output" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1; then
    refuse 'The name of the output folder is not UTF-8, so GIMP cannot be told of it; name another --output.'
  elif [ ! -w "$existing" ]; then
    refuse "You may not write into $existing; name another --output."
  elif [ ${#photographs[@]} = 0 ] && [ -e "$output/phantom.png" ] &&
       [ "$(find "$output" -maxdepth 1 -name 'phantom.*' | wc -l)" = 1 ]; then
    # Without the truth beside it, it is somebody else's.
    refuse "$output/phantom.png is not from here and would be overwritten; name another --output."
  fi
  # The private Debian shows what is named here, even if only in part there.
  export POCKMARK_OUTPUT=$existing
}

# PATH as a file:// address: plain letters, whatever bytes the name has.
demo_address ()  # PATH
{
  local LC_ALL=C path=$1 address='' byte i

  case $path in
    /*) ;;
    *) path=$PWD/$path ;;
  esac
  for ((i = 0; i < ${#path}; i++)); do
    byte=${path:i:1}
    case $byte in
      [A-Za-z0-9/._~-]) address+=$byte ;;
      *) printf -v byte '%%%02X' "'$byte"; address+=%${byte: -2} ;;
    esac
  done
  printf 'file://%s' "$address"
}

# TEXT as a string of Script-Fu.
demo_quote ()  # TEXT
{
  local text=$1

  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  printf '"%s"' "$text"
}

demo_phantom ()
{
  say 'Rendering a phantom photograph…'
  "$meson_dir/tests/phantom/pockmark-phantom" --seed "$demo_seed" \
    --pixels-per-mm "$scale" --output "$output/phantom" >"$1" 2>&1 </dev/null ||
    { say_tail "$1" 10; fail 'The phantom photograph could not be rendered.'; }
  photographs=("$output/phantom.png")
}

# A photograph that is named twice is examined once.
demo_unique ()
{
  local -A seen=()
  local -a unique=()
  local photograph path

  for photograph in "${photographs[@]}"; do
    path=$(realpath -s -- "$photograph")
    if [ -z "${seen[$path]-}" ]; then
      unique+=("$photograph")
    fi
    seen[$path]=yes
  done
  photographs=("${unique[@]}")
}

# The script that GIMP is to run.  In a file of its own: the photographs may be
# more than a command line can hold.
demo_script ()
{
  local photograph

  printf '(load %s)\n(pockmark-photographs (list' \
    "$(demo_quote "$checkout/plugin/batch/photographs.scm")"
  for photograph in "${photographs[@]}"; do
    printf '\n  "%s"' "$(demo_address "$photograph")"
  done
  printf ')\n  %s %s %s)\n' "$(demo_quote "$(realpath -s -- "$output")")" "${scale:-0}" "$demo_sensitivity"
}

# What GIMP's messages tell of how far it is.
demo_progress ()  # COUNT
{
  if [ "$1" = 1 ]; then
    cat >/dev/null
  else
    sed -nu 's/^Pockmark: //p'
  fi
}

# What LOG has of warnings of ours.  GIMP's "gimp_flush(): error: Broken pipe"
# bears the plug-in's name, but is GIMP's own: it ends and closes the pipe
# while its plug-ins still run.
demo_warnings ()  # LOG
{
  grep -iE 'pockmark.*(WARNING|CRITICAL)|(WARNING|CRITICAL).*pockmark' "$1" |
    grep -vF 'gimp_flush(): error' || true
}

command_run ()
{
  local log=$build_dir/demo.log began=$build_dir/demo.began
  local status=0 told=0 count

  demo_parse "$@"
  mkdir -p -- "$output" || fail "The folder $output cannot be made."
  : >"$began"
  if [ ${#photographs[@]} = 0 ]; then
    scale=${scale:-$demo_scale}
    demo_phantom "$log"
  fi
  # GIMP reads its arguments in the locale's encoding.
  [ "$(locale charmap)" = UTF-8 ] || export LC_ALL=C.UTF-8
  demo_unique
  count=${#photographs[@]}
  demo_script >"$build_dir/demo.scm"

  if [ "$count" = 1 ]; then
    say "Examining the photograph with GIMP $(pkg-config --modversion gimp-3.0)…"
  else
    say "Examining $count photographs with GIMP $(pkg-config --modversion gimp-3.0)…"
  fi
  gimp-console -idfs --batch-interpreter=plug-in-script-fu-eval \
    -b "(load $(demo_quote "$build_dir/demo.scm"))" --quit 2>&1 </dev/null |
    tee -- "$log" | demo_progress "$count" >&2 || status=$?
  demo_warnings "$log" >&2
  python3 "$environment_dir/table.py" "$output" "$began" "$count" || told=$?

  # GIMP ends with an error as well where the table has told of it.
  if [ "$told" = 1 ]; then
    say "Not every photograph succeeded. GIMP's own messages are in $log"
    exit 1
  elif [ "$told" != 0 ] || [ "$status" != 0 ]; then
    say "GIMP did not examine every photograph. The last of its messages, all of which are in $log:"
    say_tail "$log" 12
    exit 1
  fi
}
