"""What the tests of packages and installations have in common.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import re
import shutil
import subprocess
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKOUT = os.path.dirname(os.path.dirname(HERE))

PROCEDURES = {
    'plug-in-compare-visits', 'plug-in-detect-pockmarks',
    'plug-in-map-redness', 'plug-in-measure-pockmarks',
    'plug-in-set-skin-scale', 'plug-in-survey-photographs'}
FILTERS = {'pockmark:annotate', 'pockmark:chromophores', 'pockmark:detect',
           'pockmark:lesions', 'pockmark:redness'}

# Of the check that runs this: they would lead to its own build.
LEADING = ('GEGL_PATH', 'GIMP3_DIRECTORY', 'XDG_DATA_DIRS', 'XDG_DATA_HOME',
           'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'DESTDIR',
           'MAKEFLAGS', 'MAKELEVEL')


class Skip(Exception):
    """Why a test cannot run here."""


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skip(f'{program} is not here')


def clean_environment(**more):
    environment = {key: value for key, value in os.environ.items()
                   if key not in LEADING}
    return {**environment, 'LC_ALL': 'C.UTF-8', 'LANGUAGE': '', **more}


def run(*command, **more):
    """What a command that has to succeed says."""
    more.setdefault('env', clean_environment())
    done = subprocess.run([str(word) for word in command], text=True,
                          errors='replace', stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False, **more)
    said = '\n'.join(done.stdout.splitlines()[-40:])
    assert done.returncode == 0, \
        f"{' '.join(map(str, command))} ended with {done.returncode}:\n{said}"
    return done.stdout


def files_below(folder):
    return {os.path.relpath(os.path.join(path, name), folder)
            for path, folders, names in os.walk(folder)
            for name in names + [one for one in folders if
                                 os.path.islink(os.path.join(path, one))]}


def copy_checkout(target):
    """The checkout without what was built, files that are as they were left
    alone, so that what was built from them in target stays."""
    kept = set()
    for path, folders, names in os.walk(CHECKOUT):
        inside = os.path.relpath(path, CHECKOUT)
        folders[:] = [name for name in folders if not (
            name in ('.git', '.cache', '__pycache__')
            or inside == '.' and (name.startswith('build')
                                  or name == 'pockmark-demo'))]
        os.makedirs(os.path.join(target, inside), exist_ok=True)
        for name in names:
            one, other = os.path.join(path, name), \
                os.path.join(target, inside, name)
            kept.add(os.path.normpath(os.path.join(inside, name)))
            if not (os.path.exists(other)
                    and os.stat(one).st_mtime_ns == os.stat(other).st_mtime_ns
                    and os.stat(one).st_size == os.stat(other).st_size):
                shutil.copy2(one, other)
    for name in files_below(target) - kept:
        if not name.startswith(('build', '.git/')):
            os.unlink(os.path.join(target, name))


def read_text(*path):
    with open(os.path.join(*path), encoding='utf-8') as file:
        return file.read()


def read_json(*path):
    return json.loads(read_text(*path))


def version():
    return re.search(r"^  version: '([^']*)'",
                     read_text(CHECKOUT, 'meson.build'), re.M)[1]


def ask_gimp(folder, **environment):
    """What a GIMP with this environment knows of Pockmark."""
    answer = os.path.join(folder, 'answer.json')
    said = run('gimp-console', '-idfs',
               '--batch-interpreter=python-fu-eval', '-b',
               f"exec (open ('{os.path.join(HERE, 'query.py')}').read ())",
               '--quit', timeout=600,
               env=clean_environment(POCKMARK_ANSWER=answer, **environment))
    assert os.path.exists(answer), said
    return read_json(answer)


def expected_shares():
    """Files below the data folder, from what the checkout holds."""
    wanted = {'metainfo/org.gimp.GIMP.Plugin.Pockmark.metainfo.xml'}
    for name in files_below(os.path.join(CHECKOUT, 'icons')) - {'meson.build'}:
        kind, icon = name.split('/')
        wanted |= {f'icons/hicolor/{kind}/apps/{icon}',
                   f'icons/hicolor/scalable/actions/{icon}'}
    for name in files_below(os.path.join(CHECKOUT, 'plugin', 'help')):
        wanted.add(f'pockmark/help/{name}')
    for name in os.listdir(os.path.join(CHECKOUT, 'plugin', 'batch')):
        wanted.add(f'pockmark/batch/{name}')
    for language in read_text(CHECKOUT, 'po', 'LINGUAS').split():
        wanted.add(f'locale/{language}/LC_MESSAGES/pockmark.mo')
    return wanted


def main(tests):
    """Runs the functions, as TAP; each is named by its docstring."""
    print(f'1..{len(tests)}')
    failed = False
    for number, test in enumerate(tests, 1):
        title = test.__doc__.splitlines()[0]
        try:
            test()
            print(f'ok {number} - {title}', flush=True)
        except Skip as reason:
            print(f'ok {number} - {title} # SKIP {reason}', flush=True)
        except Exception:  # a test may fail in any way
            failed = True
            print(f'not ok {number} - {title}', flush=True)
            for line in traceback.format_exc().splitlines():
                print('#', line, flush=True)
    sys.exit(failed)
