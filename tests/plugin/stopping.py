"""The plug-in is killed wherever it can be: GIMP lives on, the image and the
files stay whole.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import hashlib
import os
import shutil
import signal
import threading
import time

from harness import (DETECT, FOLDER, Gimp, MEASURE, PHANTOM_SCALE, REDNESS,
                     SCALE, call, count_faults, detect, items, name_image,
                     open_phantom, path, pixels)

VISITS = 'plug-in-compare-visits'
STOP = os.environ['POCKMARK_TEST_STOP_AT']
PATIENCE = 120.0

# Where the plug-in can be stopped: what it shows in the progress bar, the file
# that is about to get its name, and, at last, its steps in the image.
WORK = ['Looking for skin', 'Measuring the findings', 'Drawing the findings']
FILES = ['phantom.lesions.geojson', 'phantom.classes.png', 'lesions.csv',
         'photographs.csv']
COMMIT = ['removed', 'layers', 'classes']


# ---- Stopping ---------------------------------------------------------------

def stopped_plug_in():
    """The number of the plug-in's process where it has stopped itself."""
    for name in os.listdir('/proc'):
        try:
            with open(f'/proc/{name}/stat', encoding='utf-8',
                      errors='replace') as file:
                rest = file.read().rpartition(') ')
            with open(f'/proc/{name}/comm', encoding='utf-8') as file:
                program = file.read().strip()
        except OSError:
            continue
        state, parent = rest[2].split()[:2]
        if program == 'pockmark' and state == 'T' \
                and int(parent) == os.getppid():
            return int(name)
    return None


class Stop:
    """While it lasts, the plug-in stops itself at place; what then happens to
    it is told by deal, which gets the process's number."""

    def __init__(self, place, deal):
        self.place = place
        self.deal = deal
        self.reached = False
        self.over = False
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        until = time.monotonic() + PATIENCE
        while not self.over and time.monotonic() < until:
            process = stopped_plug_in()
            if process:
                self.reached = True
                self.deal(process)
                return
            time.sleep(0.02)

    def __enter__(self):
        with open(STOP, 'w', encoding='utf-8') as file:
            file.write(self.place)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over = True
        self.thread.join()
        os.unlink(STOP)


def kill(process):
    os.kill(process, signal.SIGKILL)


# ---- What has to stay -------------------------------------------------------

def digest(drawable):
    return hashlib.sha256(pixels(drawable, "R'G'B'A u8")).hexdigest()


def fingerprint(image):
    """All of the image that a plug-in could spoil; the count of changes is
    GIMP's own of its undo history."""
    return (items(image), image.is_dirty(), image.get_resolution(),
            [digest(layer) for layer in image.get_layers()
             if not layer.is_group()],
            [digest(channel) for channel in image.get_channels()],
            Gimp.Selection.bounds(image)[1:],
            [(name, list(image.get_parasite(name).get_data()))
             for name in items(image)[3]])


def written(folder):
    """All files that have their names."""
    found = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith('.part'):
            continue
        with open(os.path.join(folder, name), 'rb') as file:
            found[name] = file.read()
    return found


class Procedure:
    """A procedure on an image, and where it writes."""

    def __init__(self, name, image, layer, report=None, **arguments):
        self.name = name
        self.image = image
        self.layer = layer
        self.arguments = arguments
        self.folder = path('stopping')
        name_image(image, 'phantom.png', 'phantom')
        shutil.rmtree(self.folder, ignore_errors=True)
        os.mkdir(self.folder)
        if report:
            arguments['report_file'] = os.path.join(self.folder, report)

    def run(self):
        return call(self.name, self.image, [self.layer], **self.arguments)

    def killed_at(self, place):
        with Stop(place, kill) as stop:
            status, _, _ = self.run()
        assert stop.reached, f'{self.name} never came to "{place}"'
        assert status != Gimp.PDBStatusType.SUCCESS

    def finish(self):
        status, _, error = self.run()
        assert status == Gimp.PDBStatusType.SUCCESS, error


def try_places(procedure, places, in_the_image=()):
    """Kills procedure at each of places; those in_the_image come last, and
    what they leave is what the next run replaces."""
    photograph = digest(procedure.layer)
    survived = 0
    try:
        for place in places:
            before = fingerprint(procedure.image)
            files = written(procedure.folder)
            procedure.killed_at(place)
            assert fingerprint(procedure.image) == before, place
            # The same photograph gives the same file, or there is none.
            after = written(procedure.folder)
            assert {name: after.get(name) for name in files} == files, place
            survived += 1
        for place in in_the_image:
            procedure.killed_at(place)
            assert digest(procedure.layer) == photograph, place
            assert procedure.layer.get_parent() is None, place
            survived += 1
        procedure.finish()
    finally:
        count_faults('plug-in killed', len(places) + len(in_the_image),
                     survived)
    left = [name for name in os.listdir(procedure.folder)
            if name.endswith('.part') or name.startswith('.')]
    assert not left, left


def clean(image):
    image.clean_all()
    return image


# ---- Tests ------------------------------------------------------------------

def test_detect():
    """Detect Pockmarks, killed anywhere, leaves image and files whole"""
    image, layer = open_phantom()
    straight = Procedure(DETECT, image, layer, 'lesions.csv',
                         pixels_per_mm=PHANTOM_SCALE)
    straight.finish()
    wanted, files = items(image), written(straight.folder)
    image, layer = open_phantom()
    killed = Procedure(DETECT, clean(image), layer, 'lesions.csv',
                       pixels_per_mm=PHANTOM_SCALE)
    try_places(killed, WORK + ['Looking for pockmarks'] + FILES, COMMIT)
    # Run again, all is as if nobody had killed anything.
    assert items(image) == wanted, items(image)
    assert written(killed.folder) == files, list(written(killed.folder))


def test_redness():
    """Map Redness, killed anywhere, leaves image and files whole"""
    image, layer = open_phantom()
    killed = Procedure(REDNESS, clean(image), layer, 'photographs.csv',
                       pixels_per_mm=PHANTOM_SCALE)
    try_places(killed, ['Looking for skin', 'Painting the redness map',
                        'photographs.csv'], COMMIT[:2])


def test_measure():
    """Measure Marked Regions, killed anywhere, leaves image and files whole"""
    image, layer = open_phantom()
    detect(image, layer)
    killed = Procedure(MEASURE, clean(image), layer, 'lesions.csv')
    try_places(killed, WORK + ['Reading the channels'] + FILES, COMMIT)


def test_visits():
    """Compare Visits, killed anywhere, leaves images and files whole"""
    before, earlier = open_phantom()
    image, layer = open_phantom()
    untouched = fingerprint(clean(before))
    killed = Procedure(VISITS, clean(image), layer, 'changes.csv',
                       before=earlier, pixels_per_mm=PHANTOM_SCALE,
                       before_pixels_per_mm=PHANTOM_SCALE)
    try_places(killed, ['Comparing the visits', 'changes.csv',
                        'phantom.changes.html', 'visits.csv'], COMMIT[:2])
    assert fingerprint(before) == untouched


def test_scale():
    """Set Skin Scale, killed in the middle, is done in full the next time"""
    image, layer = open_phantom()
    killed = Procedure(SCALE, clean(image), layer, pixels_per_mm=9.0)
    try_places(killed, [], ['scale'])
    assert abs(image.get_resolution()[1] - 9.0 * 25.4) < 0.01


def test_folder():
    """nothing is left in the folder for temporary files"""
    assert not [name for name in os.listdir(FOLDER)
                if name.startswith('.') or name.endswith('.part')]
