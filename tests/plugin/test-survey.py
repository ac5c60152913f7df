"""Survey Photographs: all kinds of files, being stopped, sharing the work.

    test-survey.py [--long] GROUP…

Each GROUP is a function, below or imported, whose name is test_GROUP.  --long
repeats what is repeated more often; tests/README.md tells what that is for.

Environment as for run-in-gimp.py.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import csv
import fcntl
import json
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from survey import (DRIVER, ENDINGS, SECRET, add_exif, alter, arguments,
                    check, convert, files, folder_call, gimp, hidden, kill,
                    kill_amid, leftovers, many, memory, plan, plug_in, read,
                    render, rows, scheme, script, skip, start, survey, tables)
from survey_formats import test_formats  # noqa: F401
from survey_machines import test_machines  # noqa: F401
from survey_truth import test_truth  # noqa: F401


# ---- All kinds of photographs -----------------------------------------------

GOOD = [b'a.jpg', b'a.png', b'a.tiff', b'a.webp', b'deep/er/a.jpg', b'deep/b.jpg',
        b'comma, "quote"; it\'s.png', b'new\nline.png', 'שלום 😀 é.png'.encode(),
        b'not-utf-8-\xff\xe9.png', b'x' * 240 + b'.png', b'turned.jpg',
        b'UPPER.JPG']
BAD = {'empty.jpg': 'The file is empty.',
       'text.jpg': 'GIMP cannot read the photograph',
       'cut.jpg': 'The photograph is cut off',
       'cut.png': 'GIMP cannot read the photograph',
       'pipe.png': 'The photograph cannot be opened',
       'odd scale.png': 'scales.csv is no scale'}


def shown(name):
    """A file name's bytes as the tables show them."""
    return name.decode('utf-8', 'backslashreplace')


def make_good(folder, phantom):
    kinds = {}
    for kind in ('jpg', 'tiff', 'webp'):
        kinds[kind] = os.path.join(folder, 'phantom.' + kind)
        convert(phantom, kinds[kind])
    top = os.fsencode(os.path.join(folder, 'photographs'))
    for name in GOOD:
        path = os.path.join(top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        kind = name.rpartition(b'.')[2].decode().lower()
        shutil.copy(kinds.get(kind, phantom), path)
    add_exif(os.path.join(top, b'turned.jpg'), 6)
    return os.fsdecode(top)


def write(path, data):
    with open(path, 'wb') as file:
        file.write(data)


def make_bad(top, phantom):
    def put(name, data):
        write(os.path.join(top, name), data)

    jpeg = read(top, 'a.jpg')
    put('empty.jpg', b'')
    put('text.jpg', b'no photograph\n')
    put('cut.jpg', jpeg[:len(jpeg) // 2])
    put('cut.png', read(phantom)[:20000])
    put('odd scale.png', read(phantom))
    os.mkfifo(os.path.join(top, 'pipe.png'))
    # What is no photograph of this survey.
    put('._a.jpg', b'of another system')
    put('notes.txt', b'of the photographer')
    os.symlink('..', os.path.join(top, 'deep', 'circle'))
    put('scales.csv', b'\xef\xbb\xbfPhotograph,Who,Pixels per mm\r\n'
          b'a.png,me,24\r\ndeep/er/a.jpg,me,6\r\nodd scale.png,me,"6,5"\r\n'
          b'a.tiff,me,\r\n')
    put('deep/scales.csv', b'"pixels per mm" ; PHOTOGRAPH\n 6,5 ; "b.jpg"\n')


def test_kinds(folder, environment, phantom, options):
    top = make_good(folder, phantom)
    make_bad(top, phantom)
    output = os.path.join(folder, 'results')
    status, log = survey(environment, top, output)
    table = {row['Photograph']: row for row in rows(output)}
    good = sorted(map(shown, GOOD))
    check(status == 70 and f'{len(BAD)} of {len(GOOD) + len(BAD)}' in log,
          'failures are counted in the error', log)
    check(list(table) == sorted(good + list(BAD)),
          'every photograph has its row, in order', '\n'.join(table))
    check(all(table[name]['Error'] == '' and table[name]['Redness mean']
              for name in good if name in table), 'whatever the name is',
          table)
    check(all(start in table.get(name, {}).get('Error', '')
              for name, start in BAD.items()), 'failures say why',
          [table.get(name, {}).get('Error') for name in BAD])
    check_files(output)
    check_scales(table)
    check_turned(top, output, table)
    check_provenance(output)
    check_report(folder, output, table)
    check(not any(DRIVER.OURS.search(line)
                  and not DRIVER.HARMLESS.search(line)
                  for line in log.splitlines()), 'no warnings', log)
    before = {name: read(output, name) for name in files(output)}
    status, log = survey(environment, top, output)
    check({name: read(output, name) for name in files(output)} == before,
          'surveyed once more, every file is the same')


def check_files(output):
    names = files(output)
    stems = {name[:-len('.classes.png')] for name in names
             if name.endswith('.classes.png')}
    check(len(stems) == len(GOOD)
          and names == sorted([f'{stem}.{end}' for stem in stems
                               for end in ENDINGS]
                              + ['lesions.csv', 'photographs.csv',
                                 'report.html']),
          'each has all its files and none has another\'s', names)
    check(not leftovers(output), 'nothing is left half-written',
          leftovers(output))


def check_scales(table):
    wanted = {'a.png': ('24', 'scales.csv'), 'a.jpg': ('12', 'argument'),
              'a.tiff': ('12', 'argument'),
              'deep/er/a.jpg': ('6', 'scales.csv'),
              'deep/b.jpg': ('6.5', 'scales.csv')}
    check(all(table[name]['Pixels per mm'] == scale
              and f'pixels-per-mm={scale};scale-source={source};'
              in table[name]['Parameters']
              for name, (scale, source) in wanted.items()),
          'scales.csv gives the scale of each, the argument that of the rest',
          table)


def check_turned(top, output, table):
    row = table['turned.jpg']
    check((row['Width'], row['Height']) == ('240', '320'),
          'a photograph is turned as its EXIF data say', row)
    upright = os.path.join(top, '..', 'upright.png')
    subprocess.run(['convert', os.path.join(top, 'a.jpg'), '-rotate', '90',
                    upright], check=True)
    seen = os.path.join(output, 'turned.redness.png')
    done = subprocess.run(['compare', '-metric', 'MAE', upright,
                           seen + '[240x320+0+0]', 'null:'],
                          capture_output=True, check=False)
    error = float(done.stderr.decode().split('(')[-1].strip(')'))
    check(error < 0.06, 'to the right side', done.stderr)


def png_texts(path):
    data, at, texts = read(path), 8, {}
    while at < len(data):
        size, kind = int.from_bytes(data[at:at + 4], 'big'), data[at + 4:at + 8]
        if kind in (b'tEXt', b'iTXt'):
            key, _, text = data[at + 8:at + 8 + size].partition(b'\0')
            texts[key.decode()] = text.rpartition(b'\0')[2].decode()
        at += 12 + size
    return texts


def check_provenance(output):
    row = next(row for row in rows(output) if row['Photograph'] == 'a.png')
    told = True
    for end in ('annotated.png', 'redness.png', 'classes.png'):
        texts = png_texts(os.path.join(output, 'a-2.' + end))
        told &= texts.get('Software') == 'Pockmark ' + row['Version'] \
            and texts.get('Comment') == row['Parameters']
    check(told, 'pictures tell version and parameters')
    collection = json.loads(read(output, 'a-2.lesions.geojson'))
    check(collection['generator'] == 'Pockmark ' + row['Version']
          and ';'.join(f'{key}={value}' for key, value in
                       collection['parameters'].items()) == row['Parameters']
          and 'profile' in collection['parameters'],
          'outlines tell them as well', collection.get('parameters'))
    check(all(lesion['Parameters'] and lesion['Version'] == row['Version']
              for lesion in rows(output, 'lesions.csv')),
          'so does every line of the tables')
    guilty = [name for name in files(output) if SECRET in read(output, name)]
    guilty += [name for name in hidden(output)
               if SECRET in read(output, '.pockmark', name)]
    check(not guilty, 'nothing personal of the photograph is in any', guilty)


def check_report(folder, output, table):
    html = read(output, 'report.html').decode()
    lower = html.lower()
    check(not any(word in lower for word in ('<script', 'http://', 'https://',
                                             '@import', 'url(')),
          'the report needs nothing from elsewhere')
    check(html.count('class="photograph"') == len(GOOD)
          and html.count('data:image/jpeg;base64,') == 2 * len(GOOD)
          and html.count('estimated from a photograph') == len(GOOD),
          'the report has every photograph, its picture and grades')
    check(all(row['Error'].replace('"', '&quot;') in html
              for row in table.values()), 'and every failure')
    check_widths(html, len(rows(output, 'lesions.csv')))
    browser = next(filter(None, map(shutil.which, ('chromium',
                                                   'google-chrome'))), None)
    if browser is None:
        skip('a browser shows it without overflow', 'chromium is not here')
        return
    probe = os.path.join(folder, 'probe.html')
    with open(probe, 'w', encoding='utf-8') as file:
        # The page itself allows no script: this one looks at it from around.
        file.write('<iframe id="f" style="width:700px;height:900px;border:0" '
                   f'src="file://{output}/report.html"></iframe><p id="p"></p>'
                   '<script>f.onload=()=>{let d=f.contentDocument;'
                   'let e=d.documentElement;p.textContent="overflow "+'
                   '(e.scrollWidth-e.clientWidth)+" broken "+[...d.images]'
                   '.filter(i=>i.complete&&!i.naturalWidth).length}</script>')
    text, log = browse(browser, '--allow-file-access-from-files',
                       '--virtual-time-budget=10000', '--dump-dom',
                       'file://' + probe)
    check(b'overflow 0 broken 0' in text,
          'a browser shows it without overflow', (text[-300:], log))
    printed = os.path.join(folder, 'printed.pdf')
    _, log = browse(browser, '--no-pdf-header-footer',
                    '--print-to-pdf=' + printed,
                    f'file://{output}/report.html')
    data = read(printed) if os.path.exists(printed) else b''
    pages = data.count(b'/Type /Page') - data.count(b'/Type /Pages')
    check(len(GOOD) < pages <= len(GOOD) + 3,
          f'printed, each photograph has one page: {pages}', log)


def check_widths(html, lesions):
    """The first plot is that of all widths; its top tick is 12 from above."""
    plot = html[html.index('<svg viewBox="0 0 460'):html.index('</svg>')]
    ticks = [(float(y) - 4.0, int(count)) for y, count in re.findall(
        'y="([0-9.]+)" text-anchor="end">([0-9]+)<', plot)]
    (ground, _), (below, _), (top, most) = ticks[0], ticks[-2], ticks[-1]
    stacks = {}
    for x, height in re.findall('<rect x="([0-9.]+)".*?height="([0-9.]+)"',
                                plot):
        stacks[x] = stacks.get(x, 0.0) + float(height)
    unit = (ground - top) / most
    check(abs(sum(stacks.values()) / unit - lesions) < 0.5
          and abs(top - 12.0) < 0.1
          and ground - below < max(stacks.values()) < ground - top + 0.1,
          'the plot has every lesion and is as high as its highest bar', plot)


def browse(browser, *options):
    done = subprocess.run([browser, '--headless', '--no-sandbox',
                           '--disable-gpu', '--disable-dev-shm-usage',
                           *options], capture_output=True, timeout=120,
                          check=False)
    return done.stdout, done.stderr.decode('utf-8', 'replace')[-2000:]


# ---- The same in every place ------------------------------------------------

def set_threads(environment, threads):
    """GIMP hands the number on to its plug-ins."""
    path = os.path.join(environment['GIMP3_DIRECTORY'], 'gimprc')
    with open(path, encoding='utf-8') as file:
        lines = [line for line in file if 'num-processors' not in line]
    with open(path, 'w', encoding='utf-8') as file:
        file.writelines(lines + [f'(num-processors {threads})\n'])


def test_places(folder, environment, phantom, options):
    top = many(os.path.join(folder, 'photographs'), 2,
               [phantom, render(folder, 2)])
    with open(os.path.join(top, 'text.jpg'), 'w', encoding='utf-8') as file:
        file.write('no photograph')
    seen = {}
    for locale, threads in (('C', 2), ('de_DE.UTF-8', 1), ('ja_JP.UTF-8', 2)):
        place = dict(environment, LC_ALL=locale,
                     LOCPATH=os.path.join(folder, 'locale'))
        set_threads(environment, threads)
        if locale != 'C' and not DRIVER.make_locale(folder, locale):
            skip(f'tables are the same in {locale}', 'it cannot be made here')
            continue
        output = os.path.join(folder, locale)
        _, log = survey(place, top, output)
        seen[locale] = tables(output)
        check(seen[locale] == seen['C'] and len(rows(output)) == 3,
              f'tables are the same in {locale} with {threads} threads', log)


# ---- Being stopped ----------------------------------------------------------

def test_stopped(folder, environment, phantom, options):
    top = many(os.path.join(folder, 'photographs'), 100 if options.long else 4,
               [phantom, render(folder, 2)])
    quiet = os.path.join(folder, 'quiet')
    status, log = survey(environment, top, quiet)
    check(status == 0, 'a survey that nobody stops', log)
    output = os.path.join(folder, 'stopped')
    chance = random.Random(options.seed)
    stopped = 0
    lines = 16 if options.long else 2
    for _ in range(10 if options.long else 3):
        process = start(environment, folder_call(top, output))
        # The first always finds work to stop.
        stopped += kill_amid(process,
                             chance.randrange(lines) if stopped else 0,
                             chance.uniform(0.0, 0.6) if stopped else 0.0)
    check(stopped == 10 if options.long else stopped > 0,
          f'killed {stopped} times, seed {options.seed}')
    status, log = survey(environment, top, output)
    check(status == 0 and tables(output) == tables(quiet),
          'it goes on, and the tables are those of the other', log)
    check(files(output) == files(quiet) and not leftovers(output),
          'so are the files, and nothing is left over', leftovers(output))
    check_done(environment, folder, top, output)


def check_done(environment, folder, top, output):
    def changed(work):
        before = {name: os.stat(os.path.join(output, name)).st_mtime_ns
                  for name in files(output) if '.classes.' in name}
        work()
        survey(environment, top, output)
        return sorted(name[:3] for name, when in before.items()
                      if os.stat(os.path.join(output, name)).st_mtime_ns
                      != when)

    check(changed(lambda: None) == [], 'what is done is not done again')
    victim = os.path.join(output, '001.redness.png')
    expected = read(victim)

    def damage():
        os.truncate(victim, 1000)
        alter(os.path.join(top, '002.png'))
        os.utime(os.path.join(top, '003.png'))
    check(changed(damage) == ['001', '002'] and read(victim) == expected,
          'a missing result or a changed photograph is, another time is none')


# ---- Sharing the work -------------------------------------------------------

def test_shared(folder, environment, phantom, options):
    top = many(os.path.join(folder, 'photographs'), 5,
               [phantom, render(folder, 2)])
    alone = os.path.join(folder, 'alone')
    survey(environment, top, alone)
    if shutil.which('parallel') is None:
        skip('several processes give what one gives',
             'GNU parallel is not here')
        return
    output = os.path.join(folder, 'shared')
    log = os.path.join(folder, 'joblog')
    command = ' '.join(map(shlex.quote, arguments(
        folder_call(top, output, '{}', 3)))) + ' </dev/null'
    command = ['parallel', '--will-cite', '--jobs', '2', '--joblog', log,
               '--resume', command, ':::', '1', '2', '3']
    done = subprocess.run(command, env=environment, capture_output=True,
                          stdin=subprocess.DEVNULL, check=False)
    check(done.returncode == 0 and len(read(log).splitlines()) == 4,
          'parallel runs every part', done.stderr.decode())
    check('lesions.csv' not in files(output), 'no part writes the tables')
    again = subprocess.run(command, env=environment, capture_output=True,
                           stdin=subprocess.DEVNULL, check=False)
    check(again.returncode == 0 and not again.stdout,
          'parallel --resume repeats nothing', again.stdout.decode())
    status, told = survey(environment, top, output)
    check(status == 0 and told.count('Pockmark: ') == 0
          and tables(output) == tables(alone)
          and files(output) == files(alone),
          'the last run merges them: several processes give what one gives',
          told)


REFUSED = 'Another survey is writing into the folder "results"'


def test_locked(folder, environment, phantom, options):
    """Two surveys of one folder of results at once."""
    top = many(os.path.join(folder, 'photographs'), 8, [phantom])
    output = os.path.join(folder, 'results')
    first = halted(environment, folder_call(top, output))
    status, log = gimp(environment, folder_call(top, output, 2, 2))
    check(status == 70 and REFUSED in log, 'beside a survey another is refused',
          log)
    kill(first)
    part = halted(environment, folder_call(top, output, 1, 2))
    check(part.poll() is None, 'the lock does not outlive a killed survey')
    for numbers, welcome in (((1, 3), False), ((2, 2), True)):
        status, log = gimp(environment, folder_call(top, output, *numbers))
        check(status == 0 if welcome else status == 70 and REFUSED in log,
              'beside part 1 of 2, part {} of {} is {}'.format(
                  *numbers, 'welcome' if welcome else 'refused'), log)
    os.killpg(part.pid, signal.SIGCONT)
    part.communicate()
    status, log = survey(environment, top, output)
    check(part.returncode == 0 and status == 0 and len(rows(output)) == 8,
          'all parts done, the last run writes the tables', log)
    check_tables_wait(environment, top, output)


def check_tables_wait(environment, top, output):
    """While another procedure writes its report into the same folder."""
    table = os.path.join(output, 'photographs.csv')
    os.remove(table)
    alter(os.path.join(top, '003.png'))
    lock = os.open(output, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    process = start(environment, folder_call(top, output))
    process.stdout.readline()
    time.sleep(2)
    check(process.poll() is None and not os.path.exists(table),
          'the tables wait for whoever else writes tables there')
    os.close(lock)
    process.communicate()
    check(process.returncode == 0 and len(rows(output)) == 8,
          'and are written then')


def halted(environment, call):
    """A survey that stands still after its first photograph."""
    process = start(environment, call)
    for line in process.stdout:
        if line.startswith(b'Pockmark: '):
            os.killpg(process.pid, signal.SIGSTOP)
            break
    return process


# ---- Visits -----------------------------------------------------------------

VISITS = (b'<!DOCTYPE html><html><head><meta name="generator" '
          b'content="Pockmark visits"></head><body>\n'
          b'<section class="visits">\n<h2>what changed</h2></section>\n'
          b'<p>another page\'s end</p></body></html>\n')


def test_visits(folder, environment, phantom, options):
    """The report tells of the comparisons that stand beside it."""
    top = write_folder(folder, 'photographs', phantom)
    output = os.path.join(folder, 'results')
    survey(environment, top, output)
    before = read(output, 'report.html')
    write(os.path.join(output, 'a.changes.html'), VISITS)
    write(os.path.join(output, 'b.changes.html'),
          VISITS.replace(b'Pockmark visits', b'somebody').replace(b'what', b'x'))
    survey(environment, top, output)
    after = read(output, 'report.html')
    check(b'class="visits"' not in before and b'script-src' not in before,
          'without comparisons the report allows no script')
    check(after.count(b'<section class="visits">') == 1
          and b'what changed</h2></section>' in after
          and b"another page's end" not in after,
          'the report takes over what Compare Visits has written', after[:3000])


# ---- What is not ours, and what cannot be -----------------------------------

def write_folder(folder, name, phantom):
    top = os.path.join(folder, name)
    os.makedirs(top)
    shutil.copy(phantom, os.path.join(top, 'a.png'))
    return top


def test_foreign(folder, environment, phantom, options):
    top = write_folder(folder, 'photographs', phantom)
    output = os.path.join(folder, 'results')
    os.makedirs(output)
    for name in ('b', 'c', 'd'):
        shutil.copy(phantom, os.path.join(top, name + '.png'))
    mine = ('a.redness.png', 'b.lesions.geojson', 'c.xcf')
    for name in mine:
        write(os.path.join(output, name), b'mine')
    status, log = save_layers(environment, top, output)
    check(status == 70 and all(read(output, name) == b'mine'
                               for name in mine)
          and [row['Error'].startswith(f'"{name}" would be overwritten')
               for row, name in zip(rows(output), mine)] == [True] * 3
          and rows(output)[3]['Error'] == '',
          'pictures, outlines, images of somebody else are not overwritten',
          log)
    for name in ('lesions.csv', 'report.html'):
        other = os.path.join(folder, 'with ' + name)
        os.makedirs(other)
        write(os.path.join(other, name), b'mine')
        status, log = save_layers(environment, top, other)
        check(status == 70 and read(other, name) == b'mine'
              and f'"{name}" would be overwritten' in log,
              f'{name} of somebody else is not overwritten', log)
    status, log = save_layers(environment, top, output, 'TRUE')
    check(status == 0 and all(read(output, name) != b'mine' for name in mine),
          'unless told to', log)
    xcf = os.path.join(output, 'a.xcf')
    with open(xcf, 'ab') as file:
        file.write(b'edited')
    status, log = save_layers(environment, top, output)
    check(status == 70 and read(xcf).endswith(b'edited')
          and [bool(row['Error']) for row in rows(output)] ==
          [True, False, False, False],
          'layered images of ours are replaced, edited ones are not', log)
    status, log = survey(environment, top, top)
    check(status == 70 and 'Choose another folder' in log,
          'results do not go among the photographs', log)


def save_layers(environment, top, output, overwrite='FALSE'):
    return gimp(environment, script(
        '(pockmark-judge (plug-in-survey-photographs '
        f'#:run-mode RUN-NONINTERACTIVE #:folder {scheme(top)} '
        f'#:output-folder {scheme(output)} #:save-xcf TRUE #:resume FALSE '
        f'#:overwrite {overwrite}))'))


def test_layers(folder, environment, phantom, options):
    """A survey of the layered images that another has written."""
    top = write_folder(folder, 'photographs', phantom)
    output = os.path.join(folder, 'layered')
    gimp(environment, script(
        '(plug-in-survey-photographs #:run-mode RUN-NONINTERACTIVE '
        f'#:folder {scheme(top)} #:output-folder {scheme(output)} '
        '#:pixels-per-mm 12 #:save-xcf TRUE)'))
    images = os.path.join(folder, 'images')
    os.makedirs(images)
    shutil.copy(os.path.join(output, 'a.xcf'), images)
    again = os.path.join(folder, 'again')
    status, log = gimp(environment, script(
        f'(pockmark-folder {scheme(images)} {scheme(again)} 0 0.5)'))
    check(status == 0, 'a layered image is surveyed', log)
    first, second = rows(output)[0], rows(again)[0]
    same = ('Width', 'Pixels per mm', 'Skin area (cm2)', 'crater', 'ice-pick',
            'red-mark', 'brown-mark', 'Redness mean', 'ITA (degrees)')
    check([first[key] for key in same] == [second[key] for key in same],
          'with its own scale, and without its overlay', (first, second))


def mount(path, size):
    return subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={size}',
                           'tmpfs', path], capture_output=True,
                          check=False).returncode == 0


def test_full(folder, environment, phantom, options):
    top = many(os.path.join(folder, 'photographs'), 3, [phantom])
    disk = os.path.join(folder, 'disk')
    os.makedirs(disk)
    if not mount(disk, '600k'):
        skip('a full disk', 'only root can make a small one')
        return
    try:
        status, log = survey(environment, top, os.path.join(disk, 'results'))
        told = rows(os.path.join(disk, 'results')) \
            if 'photographs.csv' in files(disk) else []
        check(status == 70 and 'could not be written' in log + str(told),
              'a full disk is told of', log)
        done = [name for name in files(disk) if name.endswith('.png')]
        broken = [name for name in done
                  if not read(disk, name).endswith(b'IEND\xaeB`\x82')]
        check(not broken and not leftovers(disk),
              'and leaves nothing half-written', (broken, leftovers(disk)))
        subprocess.run(['mount', '-o', 'remount,size=50m', disk], check=True)
        status, log = survey(environment, top, os.path.join(disk, 'results'))
        check(status == 0 and len(rows(os.path.join(disk, 'results'))) == 3,
              'with room again, the survey goes on', log)
    finally:
        subprocess.run(['umount', disk], check=False)


def for_everybody(folder, environment):
    """A copy of what GIMP needs, below folder: the checkout may be private."""
    place = dict(environment)
    for key in ('POCKMARK_PLUG_INS', 'POCKMARK_BATCH', 'GIMP3_DIRECTORY'):
        shutil.copytree(environment.get(key) or os.environ[key],
                        os.path.join(folder, key))
    paths = environment['GEGL_PATH'].split(':')
    for i, path in enumerate(paths):
        if not path.startswith('/usr/'):
            paths[i] = os.path.join(folder, f'gegl-{i}')
            shutil.copytree(path, paths[i])
    profile = os.path.join(folder, 'GIMP3_DIRECTORY')
    with open(os.path.join(profile, 'gimprc'), 'a', encoding='utf-8') as file:
        file.write('(plug-in-path "${gimp_plug_in_dir}/plug-ins:'
                   f'{folder}/POCKMARK_PLUG_INS")\n')
    place.update({'GIMP3_DIRECTORY': profile, 'GEGL_PATH': ':'.join(paths),
                  'HOME': folder, 'XDG_CACHE_HOME': folder + '/cache',
                  'XDG_CONFIG_HOME': folder + '/config',
                  'XDG_DATA_HOME': folder + '/data',
                  'POCKMARK_BATCH': os.path.join(folder, 'POCKMARK_BATCH')})
    return place


def survey_as_nobody(place, top, output):
    command = folder_call(top, output).replace(os.environ['POCKMARK_BATCH'],
                                               place['POCKMARK_BATCH'])
    done = subprocess.run(
        ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
        + arguments(command), env=place, cwd='/', stdin=subprocess.DEVNULL,
        capture_output=True, timeout=DRIVER.TIMEOUT, check=False)
    return done.returncode, (done.stdout + done.stderr).decode('utf-8',
                                                               'replace')


def test_forbidden(folder, environment, phantom, options):
    if os.geteuid() != 0 or shutil.which('setpriv') is None:
        skip('a folder without permission', 'only root can become another')
        return
    top = write_folder(folder, 'photographs', phantom)
    secret = os.path.join(top, 'secret')
    unreadable = os.path.join(top, 'unreadable.png')
    os.makedirs(secret)
    shutil.copy(phantom, secret)
    shutil.copy(phantom, unreadable)
    place = for_everybody(folder, environment)
    subprocess.run(['chown', '-R', '65534:65534', folder], check=True)
    for path in (secret, unreadable):
        os.chown(path, 0, 0)
        os.chmod(path, 0o700)
    output = os.path.join(folder, 'results')
    status, log = survey_as_nobody(place, top, output)
    table = {row['Photograph']: row['Error'] for row in rows(output)} \
        if os.path.exists(output) else {}
    check(status == 70 and table.get('a.png') == ''
          and 'folder cannot be read' in table.get('secret/', '')
          and 'may not read' in table.get('unreadable.png', ''),
          'what may not be read is told of, the rest is done', (table, log))
    status, log = survey_as_nobody(place, top, '/usr/pockmark-results')
    check(status == 70 and 'Nothing can be written into the folder' in log,
          'a folder that may not be written is told of', log)


# ---- Memory -----------------------------------------------------------------

def write_figures(path, used):
    with open(path, 'w', newline='', encoding='utf-8') as file:
        table = csv.writer(file)
        table.writerow(['Photographs done'] + [
            f'{who} {what} (KiB)' for who in used for what in ('now', 'peak')])
        for i, figures in enumerate(zip(*used.values()), 1):
            table.writerow([i] + [figure for pair in figures
                                  for figure in pair])


def check_flat(name, used, settled):
    """No more after the first so many than 10 % above what these took."""
    for what, series in zip(('between photographs', 'at the peaks'),
                            zip(*used)):
        base, most = max(series[:settled]), max(series[settled:])
        check(0 < most <= 1.1 * base,
              f'{name} {what}: {base / 1024:.0f} MiB at most in the first '
              f'{settled}, {most / 1024:.0f} MiB after them, '
              f'{series[-1] / 1024:.0f} MiB at the end', series)


def test_memory(folder, environment, phantom, options):
    """Both processes that last, GIMP and Pockmark; --long takes an hour or
    so and writes its figures beside, as memory.csv."""
    # A thread's own heap may come late, and is then there to stay.
    count, settled, kinds = (500, 50, 60) if options.long else (56, 28, 4)
    size = (1632, 1224) if options.long else (640, 480)
    phantoms = [render(folder, seed, *size) for seed in range(3, 3 + kinds)]
    top = many(os.path.join(folder, 'photographs'), count, phantoms)
    process = start(environment, folder_call(
        top, os.path.join(folder, 'results')))
    used = {'GIMP': [], 'Pockmark': []}
    pockmark = None
    for line in process.stdout:
        if line.startswith(b'Pockmark: '):
            pockmark = pockmark or plug_in(process)
            used['GIMP'].append(memory(process.pid))
            used['Pockmark'].append(memory(pockmark))
    process.wait()
    process.stdout.close()
    if options.long:
        write_figures('memory.csv', used)
    check(process.returncode == 0 and len(used['GIMP']) == count,
          f'{count} photographs, {kinds} of them different, in one process')
    for name, series in used.items():
        # GIMP's start, with its plug-ins to ask, is no part of a photograph.
        check_flat(name, series[1:], settled - 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--long', action='store_true')
    parser.add_argument('--seed', type=int,
                        default=random.randrange(1 << 30))
    parser.add_argument('groups', nargs='+')
    options = parser.parse_args()
    options.locale, options.display, options.modules = 'C.UTF-8', False, []
    if options.long:
        DRIVER.TIMEOUT = None
    with tempfile.TemporaryDirectory(prefix='pockmark-test-') as profile:
        environment = DRIVER.make_environment(profile, options)
        for group in options.groups:
            with tempfile.TemporaryDirectory(prefix='pockmark-test-') as folder:
                globals()['test_' + group](folder, environment,
                                           render(folder), options)
    plan()


if __name__ == '__main__':
    sys.exit(main())
