"""The batch scripts, run as a user would: gimp-console and Script-Fu.

    test-batch.py

Environment as for run-in-gimp.py.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import csv
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = importlib.util.spec_from_file_location(
    'run_in_gimp', os.path.join(HERE, 'run-in-gimp.py'))
DRIVER = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(DRIVER)

CHECKS = []

# All that a file may be called, where only / separates folders.
NAME = 'it\'s a, "q\\x" \\ é日本'


def check(passed, name, detail=''):
    CHECKS.append(passed)
    print(f'{"ok" if passed else "not ok"} {len(CHECKS)} - {name}')
    if not passed and detail:
        for line in str(detail).splitlines():
            print('# ' + line)


def scheme(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def gimp(environment, command):
    done = subprocess.run(
        ['gimp-console', '-idfs',
         '--batch-interpreter=plug-in-script-fu-eval', '-b', command,
         '--quit'],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True,
        timeout=DRIVER.TIMEOUT, check=False)
    return done.returncode, (done.stdout + done.stderr).decode('utf-8',
                                                               'replace')


def script(name):
    return scheme(os.path.join(os.environ['POCKMARK_BATCH'], name))


def rows(output, name):
    with open(os.path.join(output, name), newline='',
              encoding='utf-8') as file:
        return list(csv.DictReader(file))


def test_one(folder, environment, phantom):
    xcf = os.path.join(folder, 'one.xcf')
    status, log = gimp(environment,
                       f'(load {script("one-photograph.scm")})'
                       f'(pockmark-one-photograph {scheme(phantom)} '
                       f'{scheme(xcf)} 12)')
    check(status == 0 and os.path.exists(xcf), 'one photograph becomes an XCF',
          log)
    check('red marks: ' in log, 'the counts are told', log)


def make_photographs(folder, phantom):
    """Good ones of one name in two folders, and all kinds of bad ones."""
    paths = []
    for name in ('visit 1', 'visit 2'):
        os.makedirs(os.path.join(folder, name))
        paths.append(os.path.join(folder, name, NAME + '.png'))
        shutil.copy(phantom, paths[-1])
    paths.insert(1, os.path.join(folder, 'missing.jpg'))
    paths.insert(1, os.path.join(folder, 'text.jpg'))
    with open(paths[1], 'w', encoding='utf-8') as file:
        file.write('no photograph\n')
    return paths


def test_many(folder, environment, phantom):
    output = os.path.join(folder, 'results')
    paths = make_photographs(folder, phantom)
    names = ' '.join(map(scheme, paths))
    status, log = gimp(environment,
                       f'(load {script("photographs.scm")})'
                       f'(pockmark-photographs (list {names}) '
                       f'{scheme(output)} 12 0.5)')
    check(status == 70, 'a failed photograph ends in an error', (status, log))
    check('2 of 4' in log, 'the error counts the failures', log)
    table = rows(output, 'photographs.csv')
    check([row['Photograph'] for row in table] ==
          [NAME + '.png', 'text.jpg', 'missing.jpg',
           f'visit 2/{NAME}.png'], 'each photograph has its row', table)
    check([bool(row['Error']) for row in table] == [False, True, True, False],
          'failures say why, the others are done', table)
    check(table[2]['Error'] == 'There is no such photograph.',
          'a missing photograph is called so', table[2])
    check([row['Redness mean'] for row in table][0] ==
          [row['Redness mean'] for row in table][3] != '',
          'equal photographs, equal figures', table)
    expected = [f'{start}.{end}' for start in (NAME, NAME + '-2')
                for end in ('annotated.png', 'classes.png', 'lesions.geojson',
                            'redness.png')]
    check(sorted(os.listdir(output)) ==
          sorted(expected + ['lesions.csv', 'photographs.csv']),
          'the promised files and no others', os.listdir(output))
    check(not any(DRIVER.OURS.search(line)
                  and not DRIVER.HARMLESS.search(line)
                  for line in log.splitlines()), 'no warnings', log)


def test_foreign(folder, environment, phantom):
    output = os.path.join(folder, 'foreign')
    os.makedirs(output)
    picture = os.path.join(output, 'phantom.redness.png')
    with open(picture, 'wb') as file:
        file.write(b'mine')
    status, log = gimp(environment,
                       f'(load {script("photographs.scm")})'
                       f'(pockmark-photographs (list {scheme(phantom)}) '
                       f'{scheme(output)} 12 0.5)')
    with open(picture, 'rb') as file:
        check(status == 70 and file.read() == b'mine',
              'a picture that is not ours is not overwritten', log)


def main():
    options = argparse.Namespace(locale='C.UTF-8', display=False, modules=[])
    with tempfile.TemporaryDirectory(prefix='pockmark-test-') as folder:
        environment = DRIVER.make_environment(folder, options)
        DRIVER.render_phantom(folder)
        phantom = os.path.join(folder, 'phantom.png')
        test_one(folder, environment, phantom)
        test_many(folder, environment, phantom)
        test_foreign(folder, environment, phantom)
    print(f'1..{len(CHECKS)}')


if __name__ == '__main__':
    sys.exit(main())
