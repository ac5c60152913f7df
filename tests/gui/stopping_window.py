"""Cancel in a real window, and what is left of a plug-in that was killed amid
its changes.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import time

from harness import count_faults
from stopping import Stop, fingerprint, kill
from windows import (Canvas, Findings, answer, press, shoot, wait_for,
                     windows, xdotool)


# Of the button Cancel beside the progress bar, from the left and the bottom of
# the image window as Canvas has it.
CANCEL = (1017, 900 - 18)


def dismiss():
    """What GIMP says of a plug-in that was killed."""
    for message in windows('GIMP Message'):
        xdotool('windowactivate', '--sync', message)
        press('Return')


def interrupt(start, place, deal):
    """The image as it was, before what start () begins was stopped at place."""
    before = fingerprint(Canvas.get().image)
    with Stop(place, deal) as stop:
        start()
        stop.thread.join()
    assert stop.reached, f'nothing came to "{place}"'
    time.sleep(1.0)
    dismiss()
    return before


def cancel(process):
    """By the button beside the progress bar, or by its key."""
    canvas = Canvas.get()

    def ended():
        canvas.focus()
        xdotool('mousemove', '--window', canvas.window, *CANCEL, 'click', 1)
        press('Escape')
        return not os.path.exists(f'/proc/{process}')

    shoot('before cancel')
    wait_for(ended, 'the end of the cancelled plug-in')


def survives(start, place):
    """Cancelled at place, what start () begins leaves the image as it was."""
    before = interrupt(start, place, cancel)
    survived = fingerprint(Canvas.get().image) == before
    count_faults('plug-in cancelled', 1, survived)
    assert survived, place


def test_a_cancel():
    """cancelled amid their work, procedures leave the image as it was"""
    canvas = Canvas.get()
    for name, place in (('Detect Pockmarks', 'Looking for pockmarks'),
                        ('Detect Pockmarks', 'Drawing the findings'),
                        ('Map Redness', 'Painting the redness map')):
        survives(lambda: answer(canvas, name), place)


def test_b_undo():
    """killed amid its changes to the image, they are one step of undo"""
    canvas = Canvas.get()
    for place in ('layers', 'classes'):
        before = interrupt(lambda: answer(canvas, 'Detect Pockmarks'), place,
                           kill)
        shoot(f'killed at {place}')
        assert fingerprint(canvas.image) != before
        canvas.focus()
        press('ctrl+z')
        wait_for(lambda: fingerprint(canvas.image) == before,
                 'what was before')
        count_faults('plug-in killed', 1, 1)


def test_c_findings():
    """cancelled while it measures a change, the findings window changes nothing"""
    canvas = Canvas.get()
    answer(canvas, 'Detect Pockmarks')
    for place in ('Reading the channels', 'Drawing the findings'):
        findings = Findings(canvas)
        findings.focus()
        press('Home', 'space')
        survives(lambda: press('Delete'), place)
        answer(canvas, 'Measure Marked Regions')
