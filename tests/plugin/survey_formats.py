"""Surveys of files that are no photographs of 8 bits in sRGB.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import math
import os
import shutil
import subprocess

from survey import check, gimp, render, rows, scheme, script

SCALE = 12
SIZE = (640, 480)

# What is transparent of a photograph, pixels from its top left.
HOLE = (200, 150)

# What ImageMagick does to the photograph, and how much of the lesions remains.
KINDS = {'deep.tiff': (['-depth', '16'], 1.0),
         'hole.png': (['(', '-size', '{}x{}'.format(*SIZE), 'xc:white',
                       '-fill', 'black', '-draw',
                       'rectangle 0,0 {},{}'.format(*(end - 1
                                                      for end in HOLE)),
                       ')', '-alpha', 'off', '-compose', 'CopyOpacity',
                       '-composite'], 0.8),
         'good.webp': (['-quality', '95'], 0.7),
         'indexed.png': (['-colors', '256', '-type', 'Palette'], 0.5),
         'ink.jpg': (['-colorspace', 'CMYK', '-quality', '95'], 0.5)}


def lesions(output, name):
    """Class and centre of each, the latter in pixels."""
    return [(row['Class'], float(row['X']), float(row['Y']))
            for row in rows(output, 'lesions.csv')
            if row['Photograph'] == name]


def share(some, others):
    """How many are among the others, not farther off than 0.35 mm."""
    same = sum(any(klass == other
                   and math.hypot(x - i, y - j) <= 0.35 * SCALE
                   for other, i, j in others) for klass, x, y in some)
    return same / max(len(some), 1)


def in_hole(lesion):
    return lesion[1] < HOLE[0] and lesion[2] < HOLE[1]


def make_photographs(folder, environment):
    top = os.path.join(folder, 'photographs')
    os.makedirs(top)
    plain = os.path.join(top, 'plain.png')
    shutil.move(render(folder, 3, *SIZE), plain)
    for name, (how, _) in {**KINDS,
                           'grey.png': (['-colorspace', 'Gray'], 0)}.items():
        subprocess.run(['convert', plain, *how, os.path.join(top, name)],
                       check=True, stdin=subprocess.DEVNULL)
    with open(os.path.join(top, 'scales.csv'), 'w', encoding='utf-8') as file:
        file.write('Photograph,Pixels per mm\n')
        file.writelines(f'{name},{SCALE}\n' for name in os.listdir(top)
                        if name != 'scales.csv')
    status, log = gimp(environment, f'''
      (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE
                                         {scheme(plain)}))))
        (plug-in-set-skin-scale #:run-mode RUN-NONINTERACTIVE #:image image
          #:drawables (car (gimp-image-get-selected-drawables image))
          #:pixels-per-mm {SCALE})
        (gimp-xcf-save RUN-NONINTERACTIVE image
                       {scheme(os.path.join(top, 'own.xcf'))}))''')
    check(status == 0, 'an image with a skin scale of its own is made', log)
    return top


def test_formats(folder, environment, phantom, options):
    """Scales come from scales.csv, or from the image: there is no argument."""
    top = make_photographs(folder, environment)
    output = os.path.join(folder, 'results')
    status, log = gimp(environment, script(
        f'(pockmark-folder {scheme(top)} {scheme(output)} 0 0.5)'))
    table = {row['Photograph']: row for row in rows(output)}
    check(status == 70 and f'1 of {len(KINDS) + 3}' in log
          and table['grey.png']['Error'].startswith(
              'A greyscale image has lost the colour'),
          'greyscale fails with its reason, and nothing else does',
          [row['Error'] for row in table.values()])
    plain = lesions(output, 'plain.png')
    for name, (_, least) in KINDS.items():
        wanted = plain
        if name == 'hole.png':
            wanted = [lesion for lesion in plain if not in_hole(lesion)]
        found = lesions(output, name)
        both = share(wanted, found), share(found, wanted)
        check(table[name]['Error'] == '' and min(both) >= least
              and len(wanted) > 5,
              '{}: {:.2f} of the lesions, {:.2f} right'.format(name, *both),
              (wanted, found))
        if name == 'hole.png':
            check(not any(map(in_hole, found)) and float(
                table[name]['Skin area (cm2)']) < 0.95 * float(
                    table['plain.png']['Skin area (cm2)']),
                  'what is transparent is no skin', found)
    check(lesions(output, 'own.xcf') == plain
          and table['own.xcf']['Pixels per mm'] == str(SCALE)
          and 'scale-source=number;' in table['own.xcf']['Parameters'],
          'an image of GIMP brings its scale', table['own.xcf'])
