#!/usr/bin/env python3
"""Guards the core's speed: instructions of each stage, counted by valgrind.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: instructions.py [--renew] [PROGRAM]

Counts do not depend on how busy a machine is, but on the compiler: the file
instructions.txt beside this has a line of counts for each one.  A stage fails
where it needs MARGIN more than recorded.  With --renew this compiler's lines
are written anew:

    GIMP_RELEASE=3.0 tests/run shell tests/bench/instructions.py --renew

PROGRAM is pockmark-stages; without it, that of the build that tests/run made.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

MARGIN = 0.05
RECORD = os.path.join(os.path.dirname(os.path.realpath(__file__)),
                      'instructions.txt')
STAGES = ('pockmark_reduced_new', 'pockmark_reduced_unmix',
          'pockmark_skin_new', 'pockmark_scale_space_new',
          'pockmark_light_estimate', 'pockmark_candidates_find',
          'pockmark_detect', 'pockmark_detection_render',
          'pockmark_redness_paint')


def output_of(*command):
    # Nothing that fills memory, or picks other functions, belongs in the count.
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(('MALLOC_', 'GLIBC_', 'G_'))}
    return subprocess.run(command, env=environment, check=True, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE).stdout


def count(program):
    """Instructions of each stage with all that it calls."""
    with tempfile.TemporaryDirectory() as folder:
        photograph = os.path.join(folder, 'photograph.rgb')
        counts = os.path.join(folder, 'counts')
        output_of(program, '--render', photograph)
        output_of('valgrind', '--tool=callgrind',
                  '--callgrind-out-file=' + counts, program, photograph)
        listing = output_of('callgrind_annotate', '--inclusive=yes',
                            '--threshold=100', '--auto=no', counts)
    found = {}
    for line in listing.splitlines():
        match = re.match(r'\s*([\d,]+) .*?[:\s](pockmark_\w+)(?: \[|$)', line)
        if match and match[2] in STAGES and match[2] not in found:
            found[match[2]] = int(match[1].replace(',', ''))
    return found


def recorded():
    """{compiler and processor: {stage: instructions}}"""
    record = {}
    with open(RECORD, encoding='ascii') as file:
        for line in file:
            words = line.split()
            if len(words) == 4 and not line.startswith('#'):
                record.setdefault(' '.join(words[:2]), {})[words[2]] = int(words[3])
    return record


def renew(compiler, found):
    with open(RECORD, encoding='ascii') as file:
        kept = [line for line in file if not line.startswith(compiler + ' ')]
    kept += [f'{compiler} {stage} {found[stage]}\n' for stage in STAGES
             if stage in found]
    with open(RECORD + '.new', 'w', encoding='ascii') as file:
        file.writelines(kept)
    os.replace(RECORD + '.new', RECORD)


def check(found, expected):
    failed = False
    print(f'1..{len(STAGES)}')
    for number, stage in enumerate(STAGES, 1):
        if stage not in found or stage not in expected:
            failed = True
            print(f'not ok {number} - {stage} was not counted')
            continue
        change = found[stage] / expected[stage] - 1.0
        slower = change > MARGIN
        failed |= slower
        print('not ok' if slower else 'ok', number,
              f'- {stage}: {found[stage] / 1e6:.1f} million instructions, '
              f'{100.0 * change:+.1f} %')
        if abs(change) > MARGIN:
            print('# If that is right, renew the record: see instructions.py.')
    return failed


def main():
    arguments = sys.argv[1:]
    renewing = '--renew' in arguments
    arguments = [word for word in arguments if word != '--renew']
    program = arguments[0] if arguments else os.path.join(
        os.environ.get('POCKMARK_BUILD_DIR', '.'), 'tests', 'bench',
        'pockmark-stages')
    missing = [tool for tool in ('valgrind', 'callgrind_annotate')
               if not shutil.which(tool)]
    compiler = output_of(program, '--compiler').strip()
    if missing and not renewing:
        print(f'1..0 # SKIP {missing[0]} is not here')
        return False
    if not renewing and compiler not in recorded():
        print(f'1..0 # SKIP there are no counts for {compiler}')
        return False
    found = count(program)
    if renewing:
        renew(compiler, found)
        print(f'{len(found)} stages recorded for {compiler}.')
        return len(found) < len(STAGES)
    return check(found, recorded()[compiler])


if __name__ == '__main__':
    sys.exit(main())
