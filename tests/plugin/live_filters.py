"""The live filters: kept in XCF files, edited again, no more work than needed.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import os

from harness import Gegl, Gimp, Gio, PHANTOM_SCALE, open_phantom, path

# One property of each that is set before saving, and another value of it.
EDITS = {'pockmark:detect': ('opacity', 0.9, 0.0),
         'pockmark:redness': ('opacity', 0.2, 1.0),
         'pockmark:chromophores': ('component', 'melanin', 'shading')}


def append(layer, operation, **properties):
    live = Gimp.DrawableFilter.new(layer, operation, operation)
    config = live.get_config()
    for key, value in properties.items():
        config.set_property(key.replace('_', '-'), value)
    live.update()
    layer.append_filter(live)
    return live


def seen(image):
    """What the canvas would show, small."""
    whole = image.get_thumbnail(160, 120, Gimp.PixbufTransparency.KEEP_ALPHA)
    return bytes(whole.get_pixels())


def test_saved():
    """each is saved in an XCF file, loaded and edited again"""
    for operation, (key, value, other) in EDITS.items():
        image, layer = open_phantom()
        plain = seen(image)
        append(layer, operation, **{key: value})
        shown = seen(image)
        assert shown != plain, operation
        file = Gio.File.new_for_path(path('live.xcf'))
        Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, file, None)

        again = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
        filters = again.get_layers()[0].get_filters()
        assert [f.get_operation_name() for f in filters] == [operation]
        config = filters[0].get_config()
        kept = config.get_property(key)
        assert kept == value or abs(kept - value) < 1e-6, (operation, kept)
        assert seen(again) == shown, operation
        config.set_property(key, other)
        filters[0].update()
        assert seen(again) != shown, operation


def worked():
    """Seconds that processors have spent on GIMP, which runs this.  A clock
    would also count what the machine does besides."""
    with open(f'/proc/{os.getppid()}/stat', encoding='ascii') as file:
        fields = file.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def took(image, live, **properties):
    """What a change costs until all of the picture is there again."""
    for key, value in properties.items():
        live.get_config().set_property(key.replace('_', '-'), value)
    start = worked()
    live.update()
    seen(image)
    return worked() - start


def test_no_more_work():
    """other colours, opacity and outline do not detect again"""
    image, layer = open_phantom()
    image.scale(1920, 1440)  # detected as if it were a larger field
    live = append(layer, 'pockmark:detect', pixels_per_mm=PHANTOM_SCALE)
    seen(image)
    detecting = min(took(image, live, sensitivity=value)
                    for value in (0.2, 0.4, 0.6))
    for key, values in (('opacity', (0.9, 0.5, 0.7)), ('outline', (9, 5, 7)),
                        ('crater_color', map(Gegl.Color.new,
                                             ('red', 'blue', 'white')))):
        painting = min(took(image, live, **{key: value}) for value in values)
        assert painting < 0.5 * detecting, (key, painting, detecting)
