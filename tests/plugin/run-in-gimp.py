"""Runs test modules inside a GIMP of their own and tells their results as TAP.

    run-in-gimp.py [--locale NAME] [--display] MODULE…

Environment: POCKMARK_PLUG_INS (a folder for GIMP's plug-in-path), GEGL_PATH,
POCKMARK_PHANTOM (the renderer), POCKMARK_BATCH (the folder of the scripts).

Each MODULE is a Python file beside this one with functions whose names begin
with test_; see harness.py.  Messages of GIMP that name Pockmark as the source
of a warning fail the test as well.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT = 900

# GIMP closes the pipe to a plug-in that has answered: no fault of ours.
HARMLESS = re.compile(r'gimp_flush\(\): error')
# Nor where tests kill the plug-in amid its changes.
KILLED = re.compile(r'left image undo in inconsistent state')
OURS = re.compile(r'(?i)pockmark.*(warning|critical)|(warning|critical).*'
                  r'pockmark')


def quote(text):
    return text.replace('\\', '\\\\').replace('"', '\\"')


def gimp_version():
    told = subprocess.run(['gimp-console', '--version'], capture_output=True,
                          check=True, env={**os.environ, 'LC_ALL': 'C.UTF-8'})
    return re.search(rb'[0-9]+\.[0-9]+\.[0-9]+', told.stdout)[0].decode()


def make_profile(folder):
    """A profile that shows nothing of its own and knows our plug-in.  GIMP
    welcomes whoever has not used this very version before."""
    profile = os.path.join(folder, 'profile')
    os.makedirs(profile)
    with open(os.path.join(profile, 'gimprc'), 'w', encoding='utf-8') as rc:
        rc.write('(plug-in-path "${gimp_plug_in_dir}/plug-ins:%s")\n'
                 '(check-updates no)\n'
                 '(show-welcome-dialog no)\n'
                 '(color-profile-policy keep)\n'
                 '(config-version "%s")\n'
                 % (quote(os.environ['POCKMARK_PLUG_INS']), gimp_version()))
    return profile


def make_locale(folder, name):
    """False where the machine has not what it takes to make the locale."""
    path = os.path.join(folder, 'locale')
    os.makedirs(path, exist_ok=True)
    language = name.split('.')[0]
    try:
        done = subprocess.run(['localedef', '-i', language, '-f', 'UTF-8',
                               os.path.join(path, name)],
                              capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def make_environment(folder, options):
    environment = dict(os.environ)
    home = os.path.join(folder, 'home')
    os.makedirs(home)
    environment.update({
        'GIMP3_DIRECTORY': make_profile(folder),
        'HOME': home,
        'XDG_CACHE_HOME': os.path.join(home, 'cache'),
        'XDG_CONFIG_HOME': os.path.join(home, 'config'),
        'XDG_DATA_HOME': os.path.join(home, 'data'),
        'LC_ALL': options.locale,
        'LANGUAGE': '',
        'GEGL_USE_OPENCL': 'no',
        'PYTHONPATH': HERE + ':' + os.path.join(HERE, '..', 'gui'),
        'PYTHONDONTWRITEBYTECODE': '1',
        'POCKMARK_TEST_FOLDER': folder,
        'POCKMARK_TEST_STOP_AT': os.path.join(folder, 'stop'),
        'POCKMARK_TEST_RESULTS': os.path.join(folder, 'results.tap'),
        'POCKMARK_TEST_MODULES': ' '.join(options.modules),
    })
    if options.locale not in ('C.UTF-8', 'C'):
        environment['LOCPATH'] = os.path.join(folder, 'locale')
    return environment


def render_phantom(folder, name, scale, *more):
    subprocess.run([os.environ['POCKMARK_PHANTOM'], '--seed', '1',
                    '--width', '640', '--height', '480',
                    '--pixels-per-mm', scale,
                    '--output', os.path.join(folder, name), *more],
                   check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)


def command(options):
    start = ['gimp-console', '-idfs']
    if options.display:
        start = ['dbus-run-session', '--', 'sh',
                 os.path.join(HERE, '..', 'gui', 'with-display.sh'),
                 'gimp', '-s', '--new-instance']
    return start + ['--batch-interpreter=python-fu-eval',
                    '-b', 'import harness; harness.main()', '--quit']


def tell(results, log, status, modules):
    lines = []
    if os.path.exists(results):
        with open(results, encoding='utf-8') as file:
            lines = file.read().splitlines()
    complete = bool(lines) and lines[-1] == 'done'
    if complete:
        lines.pop()
    count = sum(line.startswith(('ok ', 'not ok ')) for line in lines)

    warnings = [line for line in log.splitlines()
                if OURS.search(line) and not HARMLESS.search(line)
                and not (KILLED.search(line)
                         and any(name.startswith('stopping')
                                 for name in modules))]
    lines += [f'{"not ok" if warnings else "ok"} {count + 1} - no warnings']
    lines += ['# ' + line for line in warnings]
    lines += [f'{"ok" if complete else "not ok"} {count + 2} - GIMP ran to '
              'the end']
    if not complete:
        lines += [f'# GIMP ended with {status}']
        lines += ['# ' + line for line in log.splitlines()[-40:]]
    print('\n'.join(lines))
    print(f'1..{count + 2}')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--locale', default='C.UTF-8')
    parser.add_argument('--display', action='store_true')
    parser.add_argument('modules', nargs='+')
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix='pockmark-test-') as folder:
        environment = make_environment(folder, options)
        if 'LOCPATH' in environment and not make_locale(folder,
                                                        options.locale):
            print(f'1..0 # SKIP the locale {options.locale} cannot be made '
                  'here')
            return
        render_phantom(folder, 'phantom', '12')
        render_phantom(folder, 'ruler', '14', '--ruler')
        with open(os.path.join(folder, 'log'), 'w+b') as log:
            try:
                status = subprocess.run(command(options), env=environment,
                                        stdin=subprocess.DEVNULL, stdout=log,
                                        stderr=log, timeout=TIMEOUT,
                                        check=False).returncode
            except subprocess.TimeoutExpired:
                status = 'the time limit'
            log.seek(0)
            text = log.read().decode('utf-8', 'replace')
        tell(environment['POCKMARK_TEST_RESULTS'], text, status,
             options.modules)


if __name__ == '__main__':
    sys.exit(main())
