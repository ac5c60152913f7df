#!/usr/bin/env python3
"""Every catalogue is whole: nothing untranslated, nothing that msgfmt minds.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: translations.py CHECKOUT
"""

import os
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


def main():
    checkout = sys.argv[1]
    with open(os.path.join(checkout, 'po', 'LINGUAS'), encoding='utf-8') as lines:
        languages = lines.read().split()
    print(f'1..{len(languages)}')
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        pot = template(checkout, folder)
        for number, language in enumerate(languages, 1):
            found = faults(os.path.join(checkout, 'po', language + '.po'), pot)
            failed = failed or bool(found)
            print(f"{'not ok' if found else 'ok'} {number} - {language} is whole")
            for line in found.splitlines():
                print('#', line)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
