"""How long Detect Pockmarks takes in GIMP, beside loading and one blur.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: in_gimp.py PHOTOGRAPH SCALE ROUNDS [CSV]

Each time is that of a whole gimp-console, from its start to its end.  The
detection adds layers, channels and paths and writes all its tables; detecting
twice, in the same image, with other outputs the second time, shows what a
second run costs.  Rounds take turns, and the shortest time counts.  Lines are
added to CSV as pockmark-bench writes them.
"""

import os
import subprocess
import sys
import tempfile
import time

MOST = 1.5    # what the project asks of itself
MEGAPIXELS = 24.0

LOAD = '''(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{photograph}")))
                 (layers (car (gimp-image-get-selected-drawables image))))
  {work}
  (gimp-image-delete image))'''

BLUR = '''(gimp-drawable-merge-new-filter (vector-ref layers 0)
    "gegl:gaussian-blur" 0 LAYER-MODE-REPLACE 1.0
    "std-dev-x" 10 "std-dev-y" 10)'''

DETECT = '''(plug-in-detect-pockmarks #:run-mode RUN-NONINTERACTIVE
    #:image image #:drawables layers #:pixels-per-mm {scale}
    #:report-file "{folder}/lesions.csv")'''

AGAIN = '''(plug-in-detect-pockmarks #:run-mode RUN-NONINTERACTIVE
    #:image image #:drawables layers #:pixels-per-mm {scale}
    #:add-paths FALSE #:add-channels FALSE #:add-labels FALSE)'''

CASES = {'load': '',
         'load and blur': BLUR,
         'load and detect': DETECT,
         'load and detect twice': DETECT + AGAIN}


def seconds(photograph, scale, work):
    with tempfile.TemporaryDirectory() as folder:
        batch = LOAD.format(photograph=photograph, work=work.format(
            scale=scale, folder=folder))
        began = time.monotonic()
        done = subprocess.run(
            ['gimp-console', '-idfs',
             '--batch-interpreter=plug-in-script-fu-eval', '-b', batch,
             '--quit'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False)
        took = time.monotonic() - began
        if done.returncode != 0 or (
                DETECT in work
                and not os.path.exists(os.path.join(folder, 'lesions.csv'))):
            sys.exit('GIMP has failed:\n'
                     + done.stdout.decode(errors='replace')[-2000:])
        return took


def main():
    photograph, scale, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    # The first start finds fonts and asks all plug-ins what they are.
    seconds(photograph, scale, '')
    best = {}
    for _ in range(rounds):
        for name, work in CASES.items():
            took = seconds(photograph, scale, work)
            best[name] = min(took, best.get(name, took))

    blur = best['load and blur']
    detect = best['load and detect']
    print('\nGIMP on a JPEG, whole processes:')
    for name, took in best.items():
        print(f'{name:58} {took:7.2f} s')
    print(f'{"load and detect / load and blur":58} {detect / blur:7.2f}   '
          f'(at most {MOST})')
    print(f'{"a second run with other outputs / the first":58} '
          f'{(best["load and detect twice"] - detect) / (detect - best["load"]):7.2f}')
    if len(sys.argv) > 4:
        with open(sys.argv[4], 'a', encoding='utf-8', newline='') as csv:
            for name, took in best.items():
                csv.write(f'GIMP: {name},{MEGAPIXELS:.1f},{took:.4f},'
                          f'{MEGAPIXELS / took:.2f},{took / blur:.4f},\r\n')


if __name__ == '__main__':
    main()
