"""The module's twins for newer processors find what the module finds.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: test-twins.py PHANTOM GEGL-MODULES MODULE TWIN…

Every module is loaded in place of the first, which GEGL would not do for a
twin that the processor cannot run; such a twin is skipped.
"""

import array
import os
import re
import shutil
import subprocess
import sys
import tempfile

# Largest difference of a lesion's number, class or confidence, and of colours.
TOLERANCE = 1e-6

NEEDS = {'v2': {'sse4_1', 'sse4_2', 'ssse3', 'popcnt'},
         'v3': {'avx2', 'bmi1', 'bmi2', 'fma', 'movbe', 'f16c'}}

OPERATIONS = {'lesions': ['pockmark:lesions', 'pixels-per-mm=12'],
              'redness': ['pockmark:redness', 'pixels-per-mm=12']}


def processor_flags():
    try:
        with open('/proc/cpuinfo', encoding='ascii', errors='replace') as file:
            return set(re.search(r'^flags\s*:(.*)$', file.read(), re.M)[1].split())
    except (OSError, TypeError):
        return set()


def pixels(path):
    """The floats of a .npy file, as the gegl command writes them."""
    with open(path, 'rb') as file:
        data = file.read()
    header = int.from_bytes(data[8:10], 'little')
    if b"'<f4'" not in data[10:10 + header]:
        raise ValueError(f'{path} has no floats')
    return array.array('f', data[10 + header:])


def outcome(module, own_modules, photograph, folder):
    stage = os.path.join(folder, 'stage')
    shutil.rmtree(stage, ignore_errors=True)
    os.mkdir(stage)
    shutil.copy(module, os.path.join(stage, 'pockmark.so'))
    environment = dict(os.environ, GEGL_PATH=f'{own_modules}:{stage}')
    results = {}
    for name, operation in OPERATIONS.items():
        path = os.path.join(folder, name + '.npy')
        subprocess.run(['gegl', photograph, '-o', path, '--', *operation],
                       env=environment, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        results[name] = pixels(path)
    return results


def farthest(a, b):
    if len(a) != len(b):
        return float('inf')
    return max((abs(x - y) for x, y in zip(a, b) if x != y), default=0.0)


def main():
    phantom, own_modules, module, *twins = sys.argv[1:]
    flags = processor_flags()
    number = 0
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        stem = os.path.join(folder, 'skin')
        subprocess.run([phantom, '--width', '600', '--height', '400',
                        '--pixels-per-mm', '12', '--output', stem], check=True,
                       stdout=subprocess.DEVNULL)
        expected = outcome(module, own_modules, stem + '.png', folder)
        number += 1
        found = max(expected['lesions']) > 0
        failed |= not found
        print('ok' if found else 'not ok', number, '- there is something to find')
        for twin in twins:
            level = re.search(r'-(v\d)\.', os.path.basename(twin))[1]
            missing = NEEDS[level] - flags
            if not missing:
                results = outcome(twin, own_modules, stem + '.png', folder)
            for name in OPERATIONS:
                number += 1
                if missing:
                    print(f'ok {number} - {name} of {level} # SKIP this processor '
                          f'has no {", ".join(sorted(missing))}')
                    continue
                away = farthest(expected[name], results[name])
                failed |= away > TOLERANCE
                print('ok' if away <= TOLERANCE else 'not ok', number,
                      f'- {name} of {level}: {away:g} away')
    print(f'1..{number}')
    return failed


if __name__ == '__main__':
    sys.exit(main())
