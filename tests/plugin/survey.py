"""What the tests of surveys have in common: photographs, runs, checks.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import importlib.util
import os
import shutil
import signal
import struct
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = importlib.util.spec_from_file_location(
    'run_in_gimp', os.path.join(HERE, 'run-in-gimp.py'))
DRIVER = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(DRIVER)

CHECKS = []
TABLES = ('lesions.csv', 'photographs.csv')
ENDINGS = ('annotated.png', 'classes.png', 'lesions.geojson', 'redness.png')

# Of nobody: what must never get from a photograph into a result.
SECRET = b'Jane Doe, 52.5N 13.4E'


def check(passed, name, detail=''):
    CHECKS.append(passed)
    print(f'{"ok" if passed else "not ok"} {len(CHECKS)} - {name}', flush=True)
    if not passed and detail:
        for line in str(detail).splitlines():
            print('# ' + line)


def skip(name, reason):
    CHECKS.append(True)
    print(f'ok {len(CHECKS)} - {name} # SKIP {reason}', flush=True)


def plan():
    print(f'1..{len(CHECKS)}')


# ---- Photographs ------------------------------------------------------------

def render(folder, seed=1, width=320, height=240):
    """A PNG of rendered skin, 12 pixels per mm."""
    stem = os.path.join(folder, f'phantom-{seed}')
    subprocess.run([os.environ['POCKMARK_PHANTOM'], '--seed', str(seed),
                    '--width', str(width), '--height', str(height),
                    '--pixels-per-mm', '12', '--output', stem],
                   check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)
    return stem + '.png'


def convert(source, target):
    subprocess.run(['convert', source, '-quality', '95', target], check=True,
                   stdin=subprocess.DEVNULL)


def add_exif(jpeg, orientation):
    """Puts an orientation and somebody's name and place into a JPEG file."""
    text = SECRET + b'\0'
    entries = (struct.pack('>HHII', 0x010e, 2, len(text), 38)
               + struct.pack('>HHIHH', 0x0112, 3, 1, orientation, 0))
    exif = (b'Exif\0\0MM\0*\0\0\0\x08' + struct.pack('>H', 2) + entries
            + b'\0\0\0\0' + text)
    comment = b'\xff\xfe' + struct.pack('>H', 2 + len(SECRET)) + SECRET
    with open(jpeg, 'rb') as file:
        data = file.read()
    with open(jpeg, 'wb') as file:
        file.write(data[:2] + b'\xff\xe1' + struct.pack('>H', 2 + len(exif))
                   + exif + comment + data[2:])


def many(folder, count, phantoms):
    """A folder of count photographs."""
    os.makedirs(folder)
    for i in range(count):
        shutil.copy(phantoms[i % len(phantoms)],
                    os.path.join(folder, f'{i:03}.png'))
    return folder


def alter(photograph):
    """Another file, of which no loader sees what is other."""
    with open(photograph, 'ab') as file:
        file.write(b'\0')


# ---- Runs -------------------------------------------------------------------

def scheme(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def script(call, name='photographs.scm'):
    file = scheme(os.path.join(os.environ['POCKMARK_BATCH'], name))
    return f'(load {file}){call}'


def arguments(command):
    return ['gimp-console', '-idfs',
            '--batch-interpreter=plug-in-script-fu-eval', '-b', command,
            '--quit']


def gimp(environment, command):
    """Status and messages of GIMP with a command of Script-Fu."""
    done = subprocess.run(arguments(command), env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=DRIVER.TIMEOUT, check=False)
    return done.returncode, (done.stdout + done.stderr).decode('utf-8',
                                                               'replace')


def folder_call(folder, output, part=1, parts=1):
    return script(f'(pockmark-part {scheme(folder)} {scheme(output)} 12 0.5 '
                  f'{part} {parts})')


def survey(environment, folder, output):
    return gimp(environment, folder_call(folder, output))


def start(environment, call):
    """A survey under way, in a session of its own, telling what it does."""
    return subprocess.Popen(arguments(call),
                            env=environment, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL,
                            start_new_session=True)


def kill(process):
    """Ends GIMP and its plug-ins at once, without a word."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    process.stdout.close()


def kill_amid(process, lines, seconds):
    """Kills it some seconds after it told of so many photographs; whether it
    was still at work."""
    for line in process.stdout:
        lines -= line.startswith(b'Pockmark: ')
        if lines < 0:
            break
    time.sleep(seconds)
    running = process.poll() is None
    kill(process)
    return running


def status(pid, *keys):
    """Figures in KiB of a process, 0 where there is none."""
    found = dict.fromkeys(keys, 0)
    try:
        with open(f'/proc/{pid}/status', encoding='utf-8') as file:
            for line in file:
                key, _, figure = line.partition(':')
                if key in found:
                    found[key] = int(figure.split()[0])
    except OSError:
        pass
    return [found[key] for key in keys]


def plug_in(process):
    """The number of the process in which the survey works for GIMP."""
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/stat', encoding='utf-8',
                      errors='replace') as file:
                name, _, rest = file.read().rpartition(')')
            if name.endswith('(pockmark') \
                    and int(rest.split()[1]) == process.pid:
                return int(pid)
        except (OSError, ValueError, IndexError):
            pass
    return None


def memory(pid):
    """Resident KiB of a process now, and at most since this was last asked.
    Loaders, which GIMP starts for each file, are processes of their own."""
    now, most = status(pid, 'VmRSS', 'VmHWM')
    try:
        with open(f'/proc/{pid}/clear_refs', 'w', encoding='utf-8') as file:
            file.write('5')
    except OSError:
        pass
    return now, most


# ---- Results ----------------------------------------------------------------

def rows(output, name='photographs.csv'):
    with open(os.path.join(output, name), newline='',
              encoding='utf-8') as file:
        return list(csv.DictReader(file))


def read(*path):
    with open(os.path.join(*path), 'rb') as file:
        return file.read()


def tables(output):
    return [read(output, name) for name in TABLES]


def files(folder):
    """Every file below, but for the records."""
    return sorted(os.path.relpath(os.path.join(top, name), folder)
                  for top, folders, names in os.walk(folder)
                  for name in names if '.pockmark' not in top)


def leftovers(folder):
    return [name for _, _, names in os.walk(folder) for name in names
            if name.endswith('.part')]


def hidden(folder):
    records = os.path.join(folder, '.pockmark')
    return sorted(os.listdir(records)) if os.path.isdir(records) else []
