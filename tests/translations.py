#!/usr/bin/env python3
"""Every catalogue is whole: nothing untranslated, nothing that msgfmt minds;
and what errors say is in them.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: translations.py CHECKOUT
"""

import glob
import os
import re
import subprocess
import sys
import tempfile

# As meson's preset "glib" has it.
KEYWORDS = ('_', 'N_', 'C_:1c,2', 'NC_:1c,2', 'Q_', 'ngettext:1,2')


def text_of(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True,
                          **more).stdout


def template(checkout, folder):
    path = os.path.join(folder, 'pockmark.pot')
    text_of('xgettext', '--from-code=UTF-8', '--files-from=po/POTFILES',
            f'--output={path}', *(f'--keyword={word}' for word in KEYWORDS),
            cwd=checkout)
    return path


def faults(po, pot):
    """What a translator would have to do."""
    merged = text_of('msgmerge', '--quiet', '--no-fuzzy-matching',
                     '--output-file=-', po, pot)
    checked = subprocess.run(['msgfmt', '--check', '--output-file=/dev/null',
                              '-'], input=merged, capture_output=True,
                             text=True, check=False)
    missing = text_of('msgattrib', '--untranslated', '--no-obsolete', '-',
                      input=merged).count('\nmsgid ')
    fuzzy = text_of('msgattrib', '--only-fuzzy', '--no-obsolete', '-',
                    input=merged).count('\nmsgid ')
    return checked.stderr + (f'{missing} untranslated ' if missing else '') + (
        f'{fuzzy} fuzzy' if fuzzy else '')


def unmarked(checkout):
    """Sentences of errors that would stay English."""
    call = re.compile(r'g_set_error(?:_literal)?\s*\((?:[^;"]|"(?:[^"\\]|\\.)*")*;')
    for folder in ('filters', 'filters/core', 'plugin'):
        for path in sorted(glob.glob(os.path.join(checkout, folder, '*.c'))):
            with open(path, encoding='utf-8') as file:
                for found in call.finditer(file.read()):
                    rest = re.sub(r'_\s*\("(?:[^"\\]|\\.|"\s*")*"', '',
                                  found.group())
                    if re.search(r'"[^"]*[a-z]{3}', rest):
                        yield f'{os.path.basename(path)}: {found.group()}'


def main():
    checkout = sys.argv[1]
    with open(os.path.join(checkout, 'po', 'LINGUAS'), encoding='utf-8') as lines:
        languages = lines.read().split()
    print(f'1..{len(languages) + 1}')
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        pot = template(checkout, folder)
        for number, language in enumerate(languages, 1):
            found = faults(os.path.join(checkout, 'po', language + '.po'), pot)
            failed = failed or bool(found)
            print(f"{'not ok' if found else 'ok'} {number} - {language} is whole")
            for line in found.splitlines():
                print('#', line)
    english = list(unmarked(checkout))
    print(f"{'not ok' if english else 'ok'} {len(languages) + 1} - what errors "
          'say is translated')
    for line in '\n'.join(english).splitlines():
        print('#', line)
    return 1 if failed or english else 0


if __name__ == '__main__':
    sys.exit(main())
