# Tests of tests/run itself, as TAP.  They work with the build that is being
# checked and prepare nothing.
#
# Copyright (C) 2026 The Pockmark developers
# SPDX-License-Identifier: GPL-3.0-or-later
set -uo pipefail

environment_dir=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
run=$environment_dir/../run
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
cd -- "$scratch" || exit 1

if [ -z "${POCKMARK_MODE-}" ]; then
  echo '1..0 # SKIP only tests/run check sets up what this needs'
  exit 0
fi

number=0

case_ok ()  # STATUS NAME
{
  number=$((number + 1))
  if [ "$1" = 0 ]; then
    echo "ok $number $2"
  else
    echo "not ok $number $2"
    sed 's/^/# /' out err 2>/dev/null
  fi
}

# Whether ACTUAL is what was WANTED.
case_is ()  # ACTUAL WANTED NAME
{
  local same=0

  if [ "$1" != "$2" ]; then
    same=1
    printf 'wanted %s, got %s\n' "$2" "$1" >>err
  fi
  case_ok $same "$3"
}

case_skip ()  # NAME REASON
{
  number=$((number + 1))
  echo "ok $number $1 # SKIP $2"
}

# Runs tests/run; what it says goes to out and err, its status to status.
call ()  # ARGUMENT…
{
  "$run" "$@" >out 2>err </dev/null
  status=$?
}

# A refusal has status 2, a sentence with WORD in it, and writes nothing.
refuses ()  # NAME WORD ARGUMENT…
{
  local name=$1 word=$2 before

  shift 2
  before=$(ls -A)
  call "$@"
  [ $status = 2 ] && [ ! -s out ] && grep -qF -- "$word" err && [ "$(ls -A)" = "$before" ]
  case_ok $? "refuses $name"
}

test_scripts ()
{
  local -a scripts=("$run" "$environment_dir/../../.ci"/{run,deb} "$environment_dir"/*.sh "$environment_dir"/commands/*.sh)
  local script wrong=0

  for script in "${scripts[@]}"; do
    bash -n "$script" 2>>err || wrong=1
  done
  case_ok $wrong 'every script parses'
  if command -v shellcheck >/dev/null; then
    shellcheck -x -s bash "${scripts[@]}" >out 2>err
    case_ok $? 'shellcheck has nothing to say'
  else
    case_skip 'shellcheck has nothing to say' 'shellcheck is not here'
  fi
}

test_help ()
{
  local name wrong=0

  call --help
  for name in "$environment_dir"/commands/*.sh; do
    grep -q "tests/run $(basename "$name" .sh)" out || wrong=1
  done
  [ $status = 0 ] && [ ! -s err ] && [ $wrong = 0 ]
  case_ok $? 'help lists every command'
}

test_refusals ()
{
  : >empty.jpg
  echo words >words.jpg
  : >out
  : >err
  refuses 'an unknown command' 'no such command' dance
  refuses 'an unknown option' --wrong --wrong
  refuses 'a photograph that is not there' 'There is no photograph not here.png' demo words.jpg 'not here.png'
  refuses 'a folder as photograph' 'folder' demo .
  refuses 'an empty photograph' 'empty.jpg is empty' demo empty.jpg
  refuses 'a scale with a comma' '6,5' demo words.jpg --pixels-per-mm 6,5
  refuses 'a scale of nothing' 'above 0' demo words.jpg --pixels-per-mm=0.0
  refuses 'a negative scale' '-3' demo words.jpg --pixels-per-mm -3
  refuses 'an option of demo without its value' 'needs a value' demo words.jpg --output
  refuses 'an unknown option of demo' '--fast' demo words.jpg --fast
  refuses 'an output folder that is a file' 'words.jpg is not a folder' demo words.jpg --output words.jpg/x
  refuses 'two photographs in one window' 'one photograph' gui words.jpg words.jpg
}

test_shell ()
{
  local began

  # shellcheck disable=SC2016
  call shell printf '<%s>' 'two  words' '' "it's" '"$HOME"' $'new\nline' '\n' '*' é
  # shellcheck disable=SC2016
  case_is "$(cat out)" $'<two  words><><it\'s><"$HOME"><new\nline><\\n><*><é>' \
    'shell passes every argument as it is'

  call shell sh -c 'exit 41'
  case_is $status 41 'shell passes the exit status on'

  case_is "$(echo through | "$run" shell cat 2>err)" through 'shell passes its input on'

  mkdir -p 'a "folder"'
  case_is "$(cd 'a "folder"' && "$run" shell pwd 2>err)" "$scratch/a \"folder\"" \
    'shell keeps the current folder'

  call shell gegl --list-all
  grep -q '^pockmark:' out
  case_ok $? 'gegl finds the filters in shell'

  began=$(date +%s%N)
  call shell true
  case_is $((($(date +%s%N) - began) / 5000000000)) 0 'a second call starts within 5 s'
}

test_quoting ()
{
  local quoted

  # shellcheck disable=SC2016
  quoted=$(bash -c '. "$1" && demo_quote "$2"' quote "$environment_dir/commands/demo.sh" $'/a "b" \\c\nd')
  case_is "$quoted" '"/a \"b\" \\c\nd"' 'names become strings of Script-Fu'

  # shellcheck disable=SC2016
  quoted=$(bash -c '. "$1" && demo_address "$2"' address "$environment_dir/commands/demo.sh" $'/a "é"\n%\xff')
  case_is "$quoted" 'file:///a%20%22%C3%A9%22%0A%25%FF' 'names become addresses, whatever their bytes'
}

test_warnings ()
{
  cat >log.txt <<'END'
(pockmark:12): LibGimpBase-WARNING **: 10:00:00.000: pockmark: gimp_flush(): error: Broken pipe
(script-fu:13): scriptfu-WARNING **: 10:00:00.000: script_fu_add_resource_arg
(pockmark:12): GEGL-CRITICAL **: 10:00:00.000: gegl_node_link: assertion failed
END
  # shellcheck disable=SC2016
  bash -c '. "$1" && demo_warnings "$2"' warnings "$environment_dir/commands/demo.sh" log.txt >out 2>err
  [ "$(wc -l <out)" = 1 ] && grep -q '^(pockmark:12): GEGL-CRITICAL' out
  case_ok $? 'warnings of Pockmark are told, and no others'
}

test_nearest ()
{
  local nearest

  mkdir -p here
  # shellcheck disable=SC2016
  nearest=$(bash -c '. "$1" && for dir in here/a/b /proc/nowhere/a there/a .; do printf "<%s>" "$(nearest_existing "$dir")"; done' \
    nearest "$environment_dir/say.sh")
  case_is "$nearest" '<here></proc><.><.>' 'the nearest folder that is there is found'
}

test_tally ()
{
  cat >log.json <<'END'
{"name": "two cases", "stdout": "1..3\nok 1 a\nok 2 b # SKIP no reason\nok 3 c - d\n", "result": "OK", "returncode": 0}
{"name": "dies", "stdout": "1..2\nok 1 a\n", "result": "ERROR", "returncode": -11}
{"name": "slow", "stdout": "", "result": "TIMEOUT", "returncode": -15, "duration": 30}
{"name": "fails", "stdout": "ok 1 a\nnot ok 2 b\n1..2\n", "result": "FAIL", "returncode": 1}
{"name": "plain", "result": "OK", "returncode": 0}
END
  python3 "$environment_dir/tally.py" log.json 1 >out 2>err
  [ $? = 1 ] && [ "$(tail -n 1 out)" = '5 passed, 3 failed' ] &&
    grep -q '^FAILED  dies: was ended by signal 11' out && grep -q '^SKIPPED two cases: b (no reason)' out
  case_ok $? 'cases, crashes, timeouts and skips are counted'

  : >log.json
  python3 "$environment_dir/tally.py" log.json 0 >out 2>err
  [ $? = 1 ] && [ "$(tail -n 1 out)" = '0 passed, 0 failed' ]
  case_ok $? 'no test at all is no success'
}

test_table ()
{
  mkdir -p table
  : >began
  sleep 0.1
  cat >table/photographs.csv <<'END'
Photograph,Pixels per mm,Skin area (cm2),crater,ice-pick,red-mark,brown-mark,Redness mean,Error
/x/known.png,6,12.34,1,2,3,4,0.12345,
"/x/un, known.png",,,1,2,3,4,0.1,
/x/broken.png,,,,,,,,It cannot be opened.
END
  python3 "$environment_dir/table.py" table began 3 >out 2>err
  [ $? = 1 ] && grep -qE '^known.png +1 +2 +3 +4 +12\.3 +0\.123$' out &&
    grep -qE '^un, known.png +1 +2 +3 +4 +unknown +0\.1$' out &&
    grep -qF 'broken.png: It cannot be opened.' out && grep -qF 'table/photographs.csv' out
  case_ok $? 'the table tells what is unknown and what failed'

  python3 "$environment_dir/table.py" table began 4 >out 2>err
  case_is $? 3 'the table misses a photograph without a line'
}

test_scripts
test_help
test_refusals
test_shell
test_quoting
test_warnings
test_nearest
test_tally
test_table
echo "1..$number"
