"""The windows of a real GIMP: menus, dialogs, undo.

Runs inside GIMP on a display of its own.  Screenshots of what was seen go into
the folder POCKMARK_SCREENSHOTS.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import subprocess
import time

from harness import (Gegl, Gimp, KEEP, items, open_phantom, path, pixels,
                     read_table)

PATIENCE = 60.0
SHOTS = os.environ['POCKMARK_SCREENSHOTS']
FILTERS = {'pockmark:redness': 'Redness Overlay',
           'pockmark:detect': 'Pockmark Overlay',
           'pockmark:chromophores': 'Chromophores'}
PROCEDURES = {'plug-in-compare-visits': 'Compare Visits',
              'plug-in-detect-pockmarks': 'Detect Pockmarks',
              'plug-in-map-redness': 'Map Redness',
              'plug-in-measure-pockmarks': 'Measure Marked Regions'}


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

    def call(self, name):
        """A procedure by GIMP's search of actions."""
        self.focus()
        press('slash')
        search = window('Search Actions')
        xdotool('windowactivate', '--sync', search)
        xdotool('type', '--delay', '40', name)
        time.sleep(1.0)
        press('Return')
        return window(name)


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
    survey = Gimp.get_pdb().lookup_procedure('plug-in-survey-photographs')
    assert survey.get_menu_paths() == ['<Image>/File']


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
    for name in ('Detect Pockmarks', 'Map Redness'):
        dialog = canvas.call(name)
        # The preview takes its time.
        time.sleep(4.0)
        shoot(name)
        xdotool('windowactivate', '--sync', dialog)
        press('Escape')
        gone(name)
    assert items(canvas.image) == before


def test_d_survey():
    """File > Survey Photographs opens its dialog and is cancelled"""
    canvas = Canvas.get()
    canvas.focus()
    press('alt+f')
    press('g')
    dialog = window('Survey Photographs')
    shoot('Survey Photographs')
    xdotool('windowactivate', '--sync', dialog)
    press('Escape')
    gone('Survey Photographs')


def answer(canvas, name, *keys):
    """Calls the procedure and presses keys in its dialog."""
    dialog = canvas.call(name)
    xdotool('windowactivate', '--sync', dialog)
    press(*keys or ('Return',))
    gone(name)


def close_findings():
    xdotool('windowactivate', '--sync', window('Findings'))
    press('Escape')
    gone('Findings')


def test_e_undo():
    """a detection is one undo step"""
    canvas = Canvas.get()
    before = items(canvas.image)
    answer(canvas, 'Detect Pockmarks')
    window('Findings')
    time.sleep(1.0)
    close_findings()
    found = items(canvas.image)
    assert len(found[2]) == 4
    shoot('findings')
    canvas.focus()
    press('ctrl+z')
    wait_for(lambda: items(canvas.image) == before, 'what was before')
    press('ctrl+y')
    wait_for(lambda: items(canvas.image) == found, 'the findings again')
    # GIMP's redo leaves the last new channel selected.
    canvas.image.set_selected_layers([canvas.layer])


def group_ids(canvas):
    return [layer.get_id() for layer in canvas.image.get_layers()[0]
            .get_children()]


def test_f_again():
    """a second run asks first, and does nothing when told to"""
    canvas = Canvas.get()
    ids = group_ids(canvas)
    for key, same in (('Escape', True), ('Return', False)):
        answer(canvas, 'Detect Pockmarks')
        question = window('Pockmarks$')
        shoot('question')
        xdotool('windowactivate', '--sync', question)
        press(key)
        gone('Pockmarks$')
        if same:
            time.sleep(2.0)
        else:
            close_findings()
        assert (ids == group_ids(canvas)) == same


# ---- The findings window ----------------------------------------------------

class Findings:
    """The window, driven by keys."""

    def __init__(self, canvas):
        self.canvas = canvas
        self.window = window('Findings')
        time.sleep(1.0)

    def focus(self):
        xdotool('windowactivate', '--sync', self.window)
        time.sleep(0.5)

    def report(self, name):
        """What Write Report writes, by number."""
        self.focus()
        press('alt+r')
        chooser = window('Write Report')
        xdotool('windowactivate', '--sync', chooser)
        time.sleep(1.0)
        press('ctrl+a')
        xdotool('type', path(f'{name}.csv'))
        time.sleep(0.5)
        press('Return')
        gone('Write Report')
        wait_for(lambda: os.path.exists(path(f'{name}-photographs.csv')),
                 'the report')
        return {int(row['Lesion']): row
                for row in read_table(f'{name}.csv')}

    def change(self, *keys):
        """Presses keys that change the image."""
        ids = group_ids(self.canvas)
        self.focus()
        for key in keys:
            press(key)
        wait_for(lambda: ids != group_ids(self.canvas), 'the change')
        time.sleep(1.0)


def selected_box(image):
    _, some, x0, y0, x1, y1 = Gimp.Selection.bounds(image)
    return (x0, y0, x1 - x0, y1 - y0) if some else None


def box_of(row):
    return tuple(int(row[key]) for key in ('BX', 'BY', 'Width', 'Height'))


def test_g_select():
    """a row selects its lesion in the image, pixel by pixel"""
    canvas = Canvas.get()
    answer(canvas, 'Measure Marked Regions')
    findings = Findings(canvas)
    table = findings.report('select')
    findings.focus()
    press('Home', 'space')
    time.sleep(0.5)
    first = table[min(table)]
    assert selected_box(canvas.image) == box_of(first), first
    selection = canvas.image.get_selection()
    assert sum(value > 127 for value in pixels(selection, 'Y u8')) == \
        float(first['Area'])
    press('Down')
    time.sleep(0.5)
    second = table[sorted(table)[1]]
    assert selected_box(canvas.image) == box_of(second), second
    shoot('findings window')


def test_h_not_a_lesion():
    """Delete takes a lesion out of channel, overlay and tables, in one step"""
    canvas = Canvas.get()
    findings = Findings(canvas)
    before = findings.report('kept')
    findings.change('Home', 'space', 'Delete')
    shoot('not a lesion')
    after = findings.report('removed')
    assert sorted(after) == sorted(before)[1:]
    lost = before[min(before)]
    channel = canvas.image.get_channel_by_name(f"Pockmarks: {lost['Class']}")
    spot = (int(float(lost['X'])), int(float(lost['Y'])), 1, 1)
    assert not any(pixels(channel, 'Y u8', spot))

    ids = group_ids(canvas)
    canvas.focus()
    press('ctrl+z')
    wait_for(lambda: any(pixels(channel, 'Y u8', spot)), 'what was before')
    assert ids != group_ids(canvas)
    # The window notices.
    again = findings.report('undone')
    assert again == before, (again, before)


def test_i_it_is():
    """a lesion that is given another class keeps its number"""
    canvas = Canvas.get()
    findings = Findings(canvas)
    before = findings.report('classes')
    number = min(before)
    key, word = ('b', 'brown-mark')
    if before[number]['Class'] == word:
        key, word = ('c', 'crater')
    findings.change('Home', 'space', 'alt+i', key)
    shoot('it is a')
    after = findings.report('reclassified')
    assert sorted(after) == sorted(before)
    assert after[number]['Class'] == word
    assert after[number]['Confidence'] == '1.000'
    assert 'edited' in after[number]['Flags'].split(';')
    for key in ('Area', 'X', 'Y', 'Perim.'):
        assert after[number][key] == before[number][key], key


def test_j_measure_again():
    """Measure Again follows what was painted meanwhile"""
    canvas = Canvas.get()
    findings = Findings(canvas)
    before = findings.report('unpainted')
    crater = canvas.image.get_channel_by_name('Pockmarks: crater')
    canvas.image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 640, 480)
    Gimp.context_set_foreground(Gegl.Color.new('black'))
    crater.edit_fill(Gimp.FillType.FOREGROUND)
    canvas.image.select_rectangle(Gimp.ChannelOps.REPLACE, 300, 200, 40, 30)
    Gimp.context_set_foreground(Gegl.Color.new('white'))
    crater.edit_fill(Gimp.FillType.FOREGROUND)
    findings.change('alt+a')
    after = findings.report('painted')
    craters = [row for row in after.values() if row['Class'] == 'crater']
    assert [row['Area'] for row in craters] == ['1200']
    assert {number for number, row in before.items()
            if row['Class'] != 'crater'} <= set(after)
    close_findings()
