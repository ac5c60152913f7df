#!/usr/bin/env python3
"""Within a dialog or menu, nothing answers to the same key as another thing, in
any language.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: mnemonics.py CHECKOUT
"""

import ast
import os
import re
import subprocess
import sys

# What each window shows, by the texts of the sources.  GIMP's own buttons come
# with GIMP's translations: they are known in English only.
GIMPS = ('_Help', '_Reset', '_Cancel')
WITHOUT_GIMPS = ('Filters > Dermatology', 'Findings')
WINDOWS = {
    'Filters > Dermatology': (
        'C_hromophores…', 'Pockmark _Overlay…', '_Redness Overlay…',
        '_Compare Visits…', '_Detect Pockmarks…', '_Map Redness…',
        'Measure Marked Re_gions…', 'Set Skin _Scale…'),
    'Detect Pockmarks': (
        'Pi_xels per mm', 'Sensiti_vity', 'Cra_ters', '_Ice-picks',
        'R_ed marks', '_Brown marks', 'Overla_y', '_Numbers', '_Legend',
        'Ch_annels', '_Paths', 'Report _file', '_Detect'),
    'Map Redness': (
        'Pi_xels per mm', 'Sho_w', 'Relative to the surroundin_g skin',
        'Opacit_y', 'Report _file', '_Map'),
    'Measure Marked Regions': ('Report _file', '_Measure'),
    'Set Skin Scale': (
        'The _path: %.1f pixels', "The s_election's longer side: %.0f pixels",
        '_Find the ruler in the picture', 'A _number that is known',
        '_Length (mm)', 'Pi_xels per mm', '_Set'),
    'Set Skin Scale without a stretch': (
        'The _path (draw one along the ruler)',
        'The s_election (select a stretch of the ruler)',
        '_Find the ruler in the picture', 'A _number that is known',
        '_Length (mm)', 'Pi_xels per mm', '_Set'),
    'Compare Visits': (
        'Ear_lier photograph', '_Or a file', 'Its pixels per _mm',
        'Pi_xels per mm', 'Sensiti_vity', 'The selections mark a _grey card',
        'Report _file', 'Com_pare'),
    'Survey Photographs': (
        '_Photographs', 'Res_ults', 'Pi_xels per mm', 'Sensiti_vity',
        'Save _layered images (XCF)', 'Pass over what is _done',
        '_Overwrite files of others', '_Survey'),
    'Findings': ('_Not a Lesion', '_It Is a…', 'Measure _Again',
                 'Write _Report…', '_Close'),
}


def catalogue(path):
    """Texts and their translations."""
    plain = subprocess.run(['msgcat', '--no-wrap', path], check=True,
                           capture_output=True, text=True).stdout
    texts = {}
    for block in plain.split('\n\n'):
        parts = dict(re.findall(r'^(msgid|msgstr) (".*")$', block, re.M))
        if len(parts) == 2:
            texts[ast.literal_eval(parts['msgid'])] = \
                ast.literal_eval(parts['msgstr'])
    return texts


def clashes(texts):
    keys = {}
    for text in texts:
        key = re.search(r'_(\w)', text)
        if key:
            keys.setdefault(key[1].casefold(), []).append(text)
        elif '_' not in text:
            yield 'no key', [text]
    yield from ((key, words) for key, words in keys.items() if len(words) > 1)


def main():
    checkout = sys.argv[1]
    with open(os.path.join(checkout, 'po', 'LINGUAS'), encoding='utf-8') as file:
        languages = ['en', *file.read().split()]
    print(f'1..{len(languages)}')
    failed = False
    for number, language in enumerate(languages, 1):
        known = {} if language == 'en' else catalogue(
            os.path.join(checkout, 'po', language + '.po'))
        found = []
        for window, texts in WINDOWS.items():
            shown = [known.get(text, text) for text in texts]
            if language == 'en' and window not in WITHOUT_GIMPS:
                shown += GIMPS
            found += [f'{window}: {key}: {" / ".join(words)}'
                      for key, words in clashes(shown)]
            if known:
                found += [f'{window}: "{text}" is not translated'
                          for text in texts if text not in known]
        failed = failed or bool(found)
        print(f"{'not ok' if found else 'ok'} {number} - {language}: one "
              'control a key')
        for line in found:
            print('#', line)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
