"""Cancel in a real window.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import os

from harness import count_faults
from stopping import Stop, fingerprint
from windows import Canvas, answer, press, shoot, wait_for


def interrupt(name, place, deal):
    """The image as it was, before the procedure was stopped at place."""
    canvas = Canvas.get()
    before = fingerprint(canvas.image)
    with Stop(place, deal) as stop:
        answer(canvas, name)
        stop.thread.join()
    assert stop.reached, f'{name} never came to "{place}"'
    return before


def cancel(process):
    """By the key for the progress bar's button."""
    canvas = Canvas.get()
    shoot('before cancel')
    canvas.focus()
    press('Escape')
    wait_for(lambda: not os.path.exists(f'/proc/{process}'),
             'the end of the cancelled plug-in')


def test_a_cancel():
    """cancelled amid their work, procedures leave the image as it was"""
    canvas = Canvas.get()
    for name, place in (('Detect Pockmarks', 'Looking for pockmarks'),
                        ('Detect Pockmarks', 'Drawing the findings'),
                        ('Map Redness', 'Painting the redness map')):
        before = interrupt(name, place, cancel)
        survived = fingerprint(canvas.image) == before
        count_faults('plug-in cancelled', 1, survived)
        assert survived, (name, place)
