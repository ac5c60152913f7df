"""The batch scripts, run as a user would: gimp-console and Script-Fu.

    test-batch.py

Environment as for run-in-gimp.py.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import os
import shutil
import sys
import tempfile

from survey import (DRIVER, ENDINGS, check, files, gimp, plan, rows, scheme,
                    script)

# All that a file may be called, where only / separates folders.
NAME = 'it\'s a, "q\\x" \\ é日本'


def test_one(folder, environment, phantom):
    xcf = os.path.join(folder, 'one.xcf')
    status, log = gimp(environment, script(
        f'(pockmark-one-photograph {scheme(phantom)} {scheme(xcf)} 12)',
        'one-photograph.scm'))
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
    status, log = gimp(environment, script(
        f'(pockmark-photographs (list {names}) {scheme(output)} 12 0.5)'))
    check(status == 70, 'a failed photograph ends in an error', (status, log))
    check('2 of 4' in log, 'the error counts the failures', log)
    table = rows(output)
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
                for end in ENDINGS]
    check(files(output) == sorted(expected + ['lesions.csv', 'photographs.csv',
                                              'report.html']),
          'the promised files and no others', files(output))
    check(not any(DRIVER.OURS.search(line)
                  and not DRIVER.HARMLESS.search(line)
                  for line in log.splitlines()), 'no warnings', log)


def main():
    options = argparse.Namespace(locale='C.UTF-8', display=False, modules=[])
    with tempfile.TemporaryDirectory(prefix='pockmark-test-') as folder:
        environment = DRIVER.make_environment(folder, options)
        DRIVER.render_phantom(folder, 'phantom', '12')
        phantom = os.path.join(folder, 'phantom.png')
        test_one(folder, environment, phantom)
        test_many(folder, environment, phantom)
    plan()


if __name__ == '__main__':
    sys.exit(main())
