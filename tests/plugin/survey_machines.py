"""A survey shared by several machines, which are all this one.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import json
import os
import re
import shlex
import shutil
import subprocess

from survey import (arguments, check, files, folder_call, hidden, many, read,
                    render, skip, survey)

# What ssh does, but for the way to the other machine: without its options and
# the machine's name, in a login's shell, from the home folder.  GNU parallel
# 20240222 does nothing there where SHELL is not set, and calls that success.
SSH = '''#!/bin/sh
while [ "${1#-}" != "$1" ]; do
  case $1 in -[BbcDEeFIiJLlmOopQRSWw]) shift ;; esac
  shift
done
shift
[ "$1" = -- ] && shift
SHELL=/bin/sh
export SHELL
cd && exec sh -c "$*"
'''


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    os.chmod(path, 0o700)
    return path


def words(folder, name):
    """What a file says.  Painted pixels are left out: babl may convert them
    another way in each process, which moves some by 1/255."""
    if name.endswith(('.annotated.png', '.redness.png')):
        return None
    return re.sub(rb'data:image/[^"]*', b'', read(folder, name))


def records(output):
    """What decides whether a photograph is done."""
    for name in hidden(output):
        if name.endswith('.json'):
            told = json.loads(read(output, '.pockmark', name))
            yield ' '.join([name, *(str(told[key]) for key in
                                    ('done', 'wishes', 'source', 'files'))])


def test_machines(folder, environment, phantom, options):
    top = many(os.path.join(folder, 'photographs'), 4,
               [phantom, render(folder, 2)])
    alone, output = (os.path.join(folder, name) for name in ('alone', 'all'))
    status, log = survey(environment, top, alone)
    check(status == 0, 'a survey by one process', log)
    if shutil.which('parallel') is None:
        skip('several machines give what one gives', 'GNU parallel is not here')
        return
    call = shlex.join(arguments(folder_call(top, output, 'NUMBER', 3)))
    write(os.path.join(folder, 'part.sh'),
          call.replace('NUMBER', '\'"$1"\'') + ' </dev/null\n')
    log = os.path.join(folder, 'joblog')
    done = subprocess.run(
        ['parallel', '--will-cite', '--joblog', log, '--resume', '--sshlogin',
         '1/first,1/second', '--workdir', '.', 'sh', 'part.sh', ':::', '1',
         '2', '3'],
        env={**environment, 'PARALLEL_SSH': write(
            os.path.join(folder, 'ssh'), SSH)},
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=240,
        check=False)
    with open(log, newline='', encoding='utf-8') as file:
        hosts = {row['Host'] for row in csv.DictReader(file, delimiter='\t')}
    check(done.returncode == 0 and hosts == {'first', 'second'}
          and 'lesions.csv' not in files(output),
          'parallel hands parts to both machines', (hosts, done.stderr))
    told = list(records(output))
    check(len(told) == 4, 'the parts leave a record of each photograph',
          (told, done.stderr))
    status, log = survey(environment, top, output)
    check(status == 0 and log.count('Pockmark: ') == 0,
          'the parts are merged without a photograph done again',
          '\n'.join([*told, done.stderr.decode('utf-8', 'replace'), log]))
    other = set(files(output)) ^ set(files(alone)) or [
        name for name in files(alone)
        if words(output, name) != words(alone, name)]
    check(not other, 'merged, the results are those of one process', other)
