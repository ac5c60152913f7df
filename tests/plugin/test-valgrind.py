"""The plug-in's run under valgrind: detecting, redness, measuring.

    test-valgrind.py

Environment as for run-in-gimp.py.  GIMP starts our plug-in, and no other,
under valgrind.  GTK, GEGL and the font libraries keep what they once made, and
valgrind tells of that too: a finding is ours where the first caller that is no
library of theirs is our program or our module.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import glob
import os
import re
import shutil
import sys
import tempfile
import time
import xml.etree.ElementTree as xml

from survey import DRIVER, check, gimp, plan, render, scheme

# Whose call chain leads to the one who asked.
CARRIERS = re.compile(r'/(libc|libm|libglib|libgobject|libgio|ld-linux|'
                      r'vgpreload)[^/]*$')
# Seconds.
PATIENCE = 120

OURS = re.compile(r'/pockmark[^/]*(\.so)?$')

RUN = '''(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE {photograph})))
       (layers (car (gimp-image-get-layers image)))
       (layer (vector (vector-ref layers 0))))
  (plug-in-detect-pockmarks #:run-mode RUN-NONINTERACTIVE #:image image
    #:drawables layer #:pixels-per-mm 12 #:report-file {report})
  (plug-in-map-redness #:run-mode RUN-NONINTERACTIVE #:image image
    #:drawables layer #:pixels-per-mm 12)
  (plug-in-measure-pockmarks #:run-mode RUN-NONINTERACTIVE #:image image
    #:drawables layer))'''


def frames(error):
    return [(frame.findtext('obj') or '', frame.findtext('fn') or '?')
            for frame in error.find('stack').iter('frame')]


def is_ours(error):
    for obj, _ in frames(error):
        if not CARRIERS.search(obj):
            return bool(OURS.search(obj))
    return False


def read_log(path):
    """All findings of one process, and ours; None where it did not end.
    Looking for leaks takes valgrind longer than GIMP takes to go."""
    for _ in range(PATIENCE):
        try:
            errors = list(xml.parse(path).getroot().iter('error'))
            break
        except xml.ParseError:
            time.sleep(1)
    else:
        return None
    return errors, [f"{error.findtext('kind')}: "
                    + ' < '.join(name for _, name in frames(error)[:6])
                    for error in errors if is_ours(error)]


def run(folder, environment, photograph):
    log = os.path.join(folder, 'valgrind')
    environment['GIMP_PLUGIN_DEBUG_WRAP'] = 'pockmark'
    environment['GIMP_PLUGIN_DEBUG_WRAPPER'] = (
        'valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite '
        f'--show-leak-kinds=definite --xml=yes --xml-file={log}.%p')
    # Memory from GLib's own caches looks reachable when it is lost.
    environment['G_SLICE'] = 'always-malloc'
    status, text = gimp(environment, RUN.format(
        photograph=scheme(photograph),
        report=scheme(os.path.join(folder, 'lesions.csv'))))
    check(status == 0 and os.path.exists(os.path.join(folder, 'lesions.csv')),
          'the procedures work under valgrind', text)
    return sorted(glob.glob(log + '.*'))


def main():
    if not shutil.which('valgrind'):
        print('1..0 # SKIP there is no valgrind')
        return
    options = argparse.Namespace(locale='C.UTF-8', display=False, modules=[])
    with tempfile.TemporaryDirectory(prefix='pockmark-test-') as folder:
        environment = DRIVER.make_environment(folder, options)
        logs = run(folder, environment, render(folder, 1, 240, 180))
        check(len(logs) == 3, 'each procedure ran in a process of its own', logs)
        for log in logs:
            told = read_log(log)
            check(told is not None, 'valgrind ran to the end', log)
            if told:
                check(not told[1], 'valgrind finds nothing of ours, '
                      f'{len(told[0])} of the libraries', told[1])
    plan()


if __name__ == '__main__':
    sys.exit(main())
