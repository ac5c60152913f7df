"""The windows of a real GIMP: menus, dialogs, undo.

Runs inside GIMP on a display of its own.  Screenshots of what was seen go into
the folder POCKMARK_SCREENSHOTS.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import subprocess
import time

from harness import Gegl, Gimp, KEEP, items, open_phantom

PATIENCE = 60.0
SHOTS = os.environ['POCKMARK_SCREENSHOTS']
FILTERS = {'pockmark:redness': 'Redness Overlay',
           'pockmark:detect': 'Pockmark Overlay',
           'pockmark:chromophores': 'Chromophores'}
PROCEDURES = {'plug-in-detect-pockmarks': 'Detect Pockmarks',
              'plug-in-map-redness': 'Map Redness'}


# ---- Hands and eyes ---------------------------------------------------------

def xdotool(*words):
    done = subprocess.run(['xdotool', *map(str, words)], capture_output=True,
                          check=False, timeout=PATIENCE)
    return done.stdout.decode().split()


def wait_for(what, name):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.3)
    shoot('missing ' + name)
    raise AssertionError(f'{name} did not come within {PATIENCE} s')


def windows(title):
    return xdotool('search', '--onlyvisible', '--name', f'^{title}')


def window(title):
    return wait_for(lambda: windows(title), title)[0]


def gone(title):
    wait_for(lambda: not windows(title), f'the end of {title}')


def shoot(name):
    os.makedirs(SHOTS, exist_ok=True)
    subprocess.run(['import', '-window', 'root',
                    os.path.join(SHOTS, name + '.png')], check=False)


def press(*keys):
    xdotool('key', '--clearmodifiers', *keys)
    time.sleep(0.7)


class Canvas:
    """The one image window of this GIMP, with a phantom in it."""

    shown = None

    def __init__(self):
        self.image, self.layer = open_phantom()
        self.display = Gimp.Display.new(self.image)
        Gimp.displays_flush()
        self.window = window('.*640x480 – GIMP')
        xdotool('windowsize', self.window, 1300, 900)
        time.sleep(2.0)

    @classmethod
    def get(cls):
        if cls.shown is None:
            cls.shown = cls()
            KEEP.add(cls.shown.image.get_id())
        return cls.shown

    def focus(self):
        xdotool('windowactivate', '--sync', self.window)
        time.sleep(0.5)

    def open_menu(self, key=None):
        """Filters > Dermatology, the last of the menu, and there the item of
        the mnemonic key."""
        self.focus()
        press('alt+r')
        press('Up')
        press('Right')
        if key:
            press(key)


# ---- Tests ------------------------------------------------------------------

def test_a_places():
    """procedures and filters name Filters > Dermatology as their place"""
    for name in PROCEDURES:
        procedure = Gimp.get_pdb().lookup_procedure(name)
        assert procedure.get_menu_paths() == ['<Image>/Filters/Dermatology']
    for name in FILTERS:
        assert Gegl.Operation.get_key(name, 'gimp:menu-path') == \
            '<Image>/Filters/Dermatology', name
        assert Gegl.Operation.get_key(name, 'gimp:menu-label'), name


def test_b_menu():
    """the menu opens (see the screenshot)"""
    canvas = Canvas.get()
    canvas.open_menu()
    time.sleep(1.0)
    shoot('menu')
    press('Escape', 'Escape', 'Escape')


def test_c_filters():
    """each filter opens its dialog and is cancelled without a trace"""
    canvas = Canvas.get()
    before = items(canvas.image)
    for operation, name in FILTERS.items():
        label = Gegl.Operation.get_key(operation, 'gimp:menu-label')
        canvas.open_menu(label[label.index('_') + 1].lower())
        dialog = window(name)
        time.sleep(2.0)
        shoot(name)
        xdotool('windowactivate', '--sync', dialog)
        press('Escape')
        gone(name)
    assert items(canvas.image) == before
    assert not canvas.layer.get_filters()


def test_d_cancel():
    """each procedure's dialog is cancelled without a trace"""
    canvas = Canvas.get()
    before = items(canvas.image)
    for name in PROCEDURES.values():
        canvas.open_menu(name[0].lower())
        dialog = window(name)
        shoot(name)
        xdotool('windowactivate', '--sync', dialog)
        press('Escape')
        gone(name)
    assert items(canvas.image) == before


def run_detection(canvas):
    canvas.open_menu('d')
    dialog = window('Detect Pockmarks')
    xdotool('windowactivate', '--sync', dialog)
    press('Return')
    gone('Detect Pockmarks')


def test_e_undo():
    """a detection is one undo step"""
    canvas = Canvas.get()
    before = items(canvas.image)
    run_detection(canvas)
    wait_for(lambda: len(canvas.image.get_paths()) == 4, 'the findings')
    time.sleep(1.0)
    found = items(canvas.image)
    shoot('findings')
    canvas.focus()
    press('ctrl+z')
    wait_for(lambda: items(canvas.image) == before, 'what was before')
    press('ctrl+y')
    wait_for(lambda: items(canvas.image) == found, 'the findings again')
    # GIMP's redo leaves the last new channel selected.
    canvas.image.set_selected_layers([canvas.layer])


def test_f_again():
    """a second run asks first, and does nothing when told to"""
    canvas = Canvas.get()
    ids = [layer.get_id() for layer in canvas.image.get_layers()[0]
           .get_children()]
    for key, same in (('Escape', True), ('Return', False)):
        run_detection(canvas)
        question = window('Pockmarks$')
        shoot('question')
        xdotool('windowactivate', '--sync', question)
        press(key)
        gone('Pockmarks$')
        if same:
            time.sleep(2.0)
        else:
            wait_for(lambda: ids != [layer.get_id() for layer in
                                     canvas.image.get_layers()[0]
                                     .get_children()], 'new findings')
        assert (ids == [layer.get_id() for layer in
                        canvas.image.get_layers()[0].get_children()]) == same
