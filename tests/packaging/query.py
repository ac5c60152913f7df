"""Run by GIMP's Python: writes what it knows of Pockmark, as JSON, to the file
that POCKMARK_ANSWER names.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os

import gi
gi.require_version('Gimp', '3.0')
gi.require_version('Gegl', '0.4')
from gi.repository import Gegl, Gimp  # noqa: E402

Gegl.init(None)
PDB = Gimp.get_pdb()
OURS = ('pockmarks', 'redness', 'skin-scale', 'visits', 'photographs')

answer = {
    'procedures': {
        name: PDB.lookup_procedure(name).get_menu_label()
        for name in PDB.query_procedures(*['plug-in-.*'] + ['.*'] * 7)
        if name.endswith(OURS)},
    'filters': {
        name: Gegl.Operation.get_key(name, 'title')
        for name in Gegl.list_operations() if name.startswith('pockmark:')},
}
with open(os.environ['POCKMARK_ANSWER'], 'w', encoding='utf-8') as file:
    json.dump(answer, file)
