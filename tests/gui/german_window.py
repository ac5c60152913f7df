"""A dialog in German: what the catalogues say is what the user reads.

Runs inside a GIMP of that language, on a display of its own.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import threading
import time

from harness import DETECT, Gimp, call, items, open_phantom
from windows import gone, press, shoot, window, xdotool

TITLE = 'Aknenarben erkennen'


def look_and_cancel(seen):
    dialog = window(TITLE)
    # What is in it takes its time.
    time.sleep(3.0)
    shoot(TITLE)
    seen.append(dialog)
    xdotool('windowactivate', '--sync', dialog)
    press('Escape')
    gone(TITLE)


def test_detect():
    """Detect Pockmarks asks in German, and leaves the image alone on cancel"""
    image, layer = open_phantom()
    before = items(image)
    seen = []
    # The call below returns only when the dialog is gone.
    watcher = threading.Thread(target=look_and_cancel, args=[seen])
    watcher.start()
    status, _, _ = call(DETECT, image, [layer],
                        run_mode=Gimp.RunMode.INTERACTIVE)
    watcher.join()
    assert seen
    assert status == Gimp.PDBStatusType.CANCEL, status
    assert items(image) == before
