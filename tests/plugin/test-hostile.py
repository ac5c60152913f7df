"""The procedures where the machine or the user's settings are against them,
and what they touch of the machine.

    test-hostile.py GROUP…

Each GROUP is a function below whose name is test_GROUP.  Environment as for
run-in-gimp.py.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import argparse

from survey import (DRIVER, arguments, check, convert, plan, read, render,
                    rows, scheme, script, skip)

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      'hostile.scm')
FAULTS = {}


def count(name, survived):
    tried, good = FAULTS.get(name, (0, 0))
    FAULTS[name] = tried + 1, good + bool(survived)


# ---- Working ----------------------------------------------------------------

class Place:
    """A folder with a photograph, a profile that has been started once, and
    what the procedures give when nothing is against them."""

    def __init__(self, folder):
        options = argparse.Namespace(locale='C.UTF-8', display=False,
                                     modules=[])
        self.folder = folder
        self.environment = DRIVER.make_environment(folder, options)
        self.profile = self.environment['GIMP3_DIRECTORY']
        self.phantom = render(folder)
        self.log = ''
        self.wanted = self.results('nothing in the way')

    def command(self, output, photographs):
        calls = ''.join(f'(hostile-work {scheme(path)} {scheme(output)} '
                        f'{scheme(os.path.basename(path))})'
                        for path in photographs)
        return arguments(f'(load {scheme(SCRIPT)}){calls}')

    def results(self, name, wrapper=(), photographs=None, **changes):
        """The tables of a run under other circumstances, None where it
        failed.  A change to None takes a variable away."""
        output = os.path.join(self.folder, name)
        os.makedirs(output, exist_ok=True)
        environment = {key: value for key, value in
                       {**self.environment, **changes}.items()
                       if value is not None}
        photographs = photographs or [self.phantom]
        done = subprocess.run([*wrapper, *self.command(output, photographs)],
                              env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=DRIVER.TIMEOUT, check=False)
        self.log = done.stdout.decode('utf-8', 'replace')
        if done.returncode != 0 \
                or self.log.count('Worked: ') != len(photographs):
            return None
        return {entry: read(output, entry) for entry in
                sorted(os.listdir(output))}

    def same(self, name, wrapper=(), **changes):
        """The very results, whatever the circumstances."""
        found = self.results(name, wrapper, **changes)
        good = self.wanted is not None and found == self.wanted
        check(good, name, self.log)
        count('hostile settings', good)


def can(*command):
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60,
                              check=False).returncode == 0
    except OSError:
        return False


# ---- Settings ---------------------------------------------------------------

def test_settings(place):
    check(place.wanted is not None and len(place.wanted) == 4,
          'nothing in the way', place.log)
    namespace = ['unshare', '--mount']
    if os.getuid() != 0:
        namespace += ['--user', '--map-root-user']
    if can(*namespace, 'sh', '-c', 'mount --bind /tmp /tmp'):
        place.same('a profile that cannot be written', (
            *namespace, 'sh', '-c', 'mount --bind "$0" "$0" && '
            'mount -o remount,bind,ro "$0" && ! touch "$0/x" && exec "$@"',
            place.profile))
    else:
        skip('a profile that cannot be written', 'nothing may be mounted here')
    # Below a file, where not even root can make it.
    place.same('no home folder', HOME='/dev/null/home', XDG_CACHE_HOME=None,
               XDG_CONFIG_HOME=None, XDG_DATA_HOME=None, XDG_STATE_HOME=None)
    nothing = os.path.join(place.folder, 'fonts.conf')
    with open(nothing, 'w', encoding='utf-8') as file:
        file.write('<?xml version="1.0"?><fontconfig></fontconfig>\n')
    place.same('no fonts', FONTCONFIG_FILE=nothing)
    place.same('the locale C', LC_ALL='C')
    if DRIVER.make_locale(place.folder, 'tr_TR.UTF-8'):
        turkish = {'LC_ALL': 'tr_TR.UTF-8',
                   'LOCPATH': os.path.join(place.folder, 'locale')}
        place.same('a Turkish locale', **turkish)
        survey_in_turkish(place, turkish)
    else:
        skip('a Turkish locale', 'tr_TR.UTF-8 cannot be made here')
    test_clock(place)
    test_no_display(place)


def survey_in_turkish(place, turkish):
    """Where I is no capital of i, endings and headings are still known."""
    top = os.path.join(place.folder, 'SIGIL')
    output = os.path.join(place.folder, 'turkish survey')
    os.makedirs(top)
    for name in ('I.TIFF', 'i.GIF', 'ILIK.JPG'):
        convert(place.phantom, os.path.join(top, name))
    with open(os.path.join(top, 'scales.csv'), 'w', encoding='utf-8') as file:
        file.write('PHOTOGRAPH,PIXELS PER MM\nI.TIFF,9.5\n')
    subprocess.run(arguments(script(
        f'(pockmark-part {scheme(top)} {scheme(output)} 12 0.5 1 1)')),
        env={**place.environment, **turkish}, stdin=subprocess.DEVNULL,
        capture_output=True, timeout=DRIVER.TIMEOUT, check=False)
    table = {row['Photograph']: row for row in rows(output)}
    good = set(table) == {'I.TIFF', 'i.GIF', 'ILIK.JPG'} \
        and table['I.TIFF']['Pixels per mm'] == '9.5'
    check(good, 'a survey knows .TIFF, .GIF and headings in a Turkish locale',
          table)
    count('hostile settings', good)


def test_clock(place):
    """A clock set back, and files from the future."""
    name = 'a clock set back'
    if can('faketime', '2001-02-03', 'true'):
        # Timers go by the monotonic clock; a faked one stops GIMP 3.2.
        place.same(name, ('faketime', '--exclude-monotonic', '-f', '-9000d'))
    else:
        skip(name, 'faketime is not here')
    future = os.path.join(place.folder, 'files from the future')
    shutil.copytree(os.path.join(place.folder, 'nothing in the way'), future)
    ahead = time.time() + 1e8
    for entry in os.listdir(future):
        os.utime(os.path.join(future, entry), (ahead, ahead))
    place.same('files from the future')


def test_no_display(place):
    """A dialog is asked for where there is no display."""
    call = (f'(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE '
            f'{scheme(place.phantom)}))) (layer (vector-ref (car '
            '(gimp-image-get-layers image)) 0))) '
            '(plug-in-detect-pockmarks #:run-mode RUN-INTERACTIVE '
            '#:image image #:drawables (vector layer)))')
    environment = {key: value for key, value in place.environment.items()
                   if key not in ('DISPLAY', 'WAYLAND_DISPLAY')}
    done = subprocess.run(arguments(call), env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=120, check=False)
    good = done.returncode == 70
    check(good, 'a dialog without a display ends in an error, at once',
          (done.returncode, done.stdout, done.stderr))
    count('hostile settings', good)


# ---- Two at once ------------------------------------------------------------

def test_together(place):
    """Two GIMPs write into the same tables at the same time."""
    photographs = []
    for number in range(8):
        photographs.append(os.path.join(place.folder, f'face {number}.png'))
        shutil.copy(place.phantom, photographs[-1])
    output = os.path.join(place.folder, 'together')
    os.makedirs(output)
    both = [subprocess.Popen(place.command(output, photographs[half::2]),
                             env=place.environment, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL) for half in range(2)]
    ended = [process.wait(timeout=DRIVER.TIMEOUT) for process in both]
    table = rows(output)
    good = ended == [0, 0] and len(table) == 8 \
        and {row['Photograph'] for row in table} == {
            os.path.basename(path) for path in photographs} \
        and len({tuple(row.values())[1:] for row in table}) == 1
    check(good, 'two at once: each photograph has its row', (ended, table))
    lesions = rows(output, 'lesions.csv')
    each = [sum(row['Photograph'] == os.path.basename(path)
                for row in lesions) for path in photographs]
    whole = each[0] > 0 and len(set(each)) == 1
    check(whole, 'and all its lesions', each)
    left = [entry for entry in os.listdir(output) if entry.endswith('.part')]
    check(not left, 'and nothing is left half-written', left)
    count('two at once', good and whole and not left)


# ---- Privacy ----------------------------------------------------------------

WRITES = re.compile(
    r'(?:open|openat|creat)\(.*O_(?:WRONLY|RDWR|CREAT|TRUNC)|'
    r'\b(?:mkdir|mkdirat|unlink|unlinkat|rename|renameat|renameat2|link|linkat|'
    r'symlink|symlinkat|truncate|chmod|fchmodat|chown|fchownat|utimensat|'
    r'mknod|mknodat|rmdir)\(')
NETWORK = re.compile(r'AF_INET|AF_PACKET|AF_NETLINK')
# Not files of anybody.
DEVICES = ('/dev/', '/proc/self/', '/memfd:')
# Fontconfig's own, which it brings up to date for root where it is not.
FONT_CACHE = '/var/cache/fontconfig/'


def our_processes(lines):
    """The numbers of processes and threads of the plug-in, from the trace."""
    ours = set()
    for line in lines:
        number = line.split(None, 1)[0]
        if re.search(r'execve\("[^"]*/pockmark/pockmark"', line):
            ours.add(number)
        born = re.search(r'(?:clone|clone3|fork|vfork)\(.*= (\d+)$', line)
        if born and number in ours:
            ours.add(born[1])
    return ours


def written_paths(line):
    """What a call that writes names, unless it failed."""
    if not WRITES.search(line) or re.search(r'= -1 ', line):
        return []
    return [path for path in re.findall(r'"((?:[^"\\]|\\.)*)"', line)
            if path.startswith('/')]


def test_privacy(place):
    network = ['unshare', '--net']
    if os.getuid() != 0:
        network += ['--user', '--map-root-user']
    if can(*network, 'true'):
        place.same('no network at all', network)
    else:
        skip('no network at all', 'unshare --net is refused here')

    trace = os.path.join(place.folder, 'trace')
    strace = ('strace', '-f', '-q', '-s', '400', '-o', trace,
              '-e', 'trace=network,%file,clone,clone3,fork,vfork')
    if not can('strace', '-o', '/dev/null', 'true'):
        skip('nothing is sent, nothing written elsewhere',
             'strace is not here, or refused')
        return
    temporary = os.path.join(place.folder, 'temporary')
    os.makedirs(temporary)
    place.same('traced', strace, TMPDIR=temporary)
    with open(trace, encoding='utf-8', errors='replace') as file:
        lines = file.read().splitlines()
    ours = our_processes(lines)
    mine = [line for line in lines if line.split(None, 1)[0] in ours]
    check(len(mine) > 100, 'the trace shows the plug-in', len(mine))
    sent = [line for line in mine if NETWORK.search(line)]
    check(not sent, 'the plug-in opens no connection', '\n'.join(sent[:20]))
    allowed = (os.path.join(place.folder, 'traced') + '/', place.profile + '/',
               temporary + '/', place.environment['XDG_CACHE_HOME'] + '/',
               FONT_CACHE, *DEVICES)
    astray = [line for line in mine for path in written_paths(line)
              if not (path + '/').startswith(allowed)]
    check(not astray, 'and writes nowhere but into its folder, the profile, '
          'the cache and the folder for temporary files',
          '\n'.join(astray[:20]))
    seen = {path for line in mine for path in written_paths(line)}
    check(any(path.endswith('lesions.csv.part') for path in seen),
          'the trace shows what it writes', sorted(seen))


def main():
    with tempfile.TemporaryDirectory(prefix='pockmark-test-') as folder:
        place = Place(folder)
        for group in sys.argv[1:]:
            globals()['test_' + group](place)
    for name, (tried, survived) in FAULTS.items():
        print(f'# faults: {name} tried {tried} survived {survived}')
    plan()


if __name__ == '__main__':
    sys.exit(main())
