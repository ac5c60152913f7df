"""The window of Set Skin Scale, and its one step of undo.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import time

from harness import Gimp, items, open_phantom, path
from windows import (gone, press, shoot, wait_for, window, xdotool)

TITLE = 'Set Skin Scale'
SCALE = 14.0  # of ruler.png


def state(image):
    return items(image), image.get_resolution(), \
        image.get_unit().get_abbreviation()


def open_dialog(image_window):
    xdotool('windowactivate', '--sync', image_window)
    time.sleep(0.5)
    press('alt+r')
    press('Up')
    press('Right')
    press('s')
    dialog = window(TITLE)
    time.sleep(2.0)
    xdotool('windowactivate', '--sync', dialog)
    xdotool('mousemove', 5, 5)  # no tooltip in the picture
    return dialog


def set_and_undo(image, image_window, name, scale, *keys):
    """Answers the dialog with the keys; the scale must come and go."""
    before = state(image)
    open_dialog(image_window)
    if keys:
        press(*keys)
    time.sleep(1.0)
    shoot(f'{TITLE} {name}')
    press('Return')
    gone(TITLE)
    wait_for(lambda: image.get_parasite('pockmark'), 'the scale')
    resolution = image.get_resolution()[1] / 25.4
    assert abs(resolution / scale - 1) < 0.02, resolution
    xdotool('windowactivate', '--sync', image_window)
    press('ctrl+z')
    wait_for(lambda: state(image) == before, 'what was before')


def install_browser(log):
    """A program for HTML that only writes down what it was asked for."""
    applications = os.path.join(os.environ['XDG_DATA_HOME'], 'applications')
    os.makedirs(applications, exist_ok=True)
    script = path('browser')
    with open(script, 'w', encoding='utf-8') as file:
        file.write(f'#!/bin/sh\necho "$1" >>{log}\n')
    os.chmod(script, 0o755)
    with open(os.path.join(applications, 'pockmark-test.desktop'), 'w',
              encoding='utf-8') as file:
        file.write('[Desktop Entry]\nType=Application\nName=Browser\n'
                   f'Exec={script} %u\n'
                   'MimeType=text/html;x-scheme-handler/file;\n')
    os.makedirs(os.environ['XDG_CONFIG_HOME'], exist_ok=True)
    with open(os.path.join(os.environ['XDG_CONFIG_HOME'], 'mimeapps.list'),
              'w', encoding='utf-8') as file:
        file.write('[Default Applications]\n'
                   'text/html=pockmark-test.desktop\n'
                   'x-scheme-handler/file=pockmark-test.desktop\n')


def asked_for(log):
    if not os.path.exists(log):
        return ''
    with open(log, encoding='utf-8') as file:
        return file.read()


def test_help():
    """the Help button opens the guide at its part, without any network"""
    log = path('browser.log')
    install_browser(log)
    image, _ = open_phantom('ruler.png')
    display = Gimp.Display.new(image)
    Gimp.displays_flush()
    image_window = window('.*640x480 – GIMP')
    time.sleep(2.0)
    open_dialog(image_window)
    press('alt+h')
    told = wait_for(lambda: asked_for(log), 'the guide').strip()
    press('Escape')
    gone(TITLE)
    display.delete()
    assert told.startswith('file://'), told
    page, part = told[len('file://'):].split('#')
    with open(page, encoding='utf-8') as file:
        assert f'id="{part}"' in file.read(), told


def test_scale():
    """each way sets the scale, and one step of undo takes it back"""
    image, _ = open_phantom('ruler.png')
    Gimp.Display.new(image)
    Gimp.displays_flush()
    image_window = window('.*640x480 – GIMP')
    time.sleep(2.0)
    set_and_undo(image, image_window, 'ruler', SCALE)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 100, 400, 280, 20)
    set_and_undo(image, image_window, 'selection', 28.0)
    a_path = Gimp.Path.new(image, 'along the ruler')
    a_path.stroke_new_from_points(
        Gimp.PathStrokeType.BEZIER,
        [20.0, 400.0] * 3 + [160.0, 400.0] * 3, False)
    image.insert_path(a_path, None, 0)
    set_and_undo(image, image_window, 'path', SCALE)
