"""Bad arguments: a sentence that says what to do, and the image unchanged.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import os

from harness import (DETECT, Gimp, MEASURE, REDNESS, call, items, name_image,
                     open_phantom, path, refused)

BOTH = (DETECT, REDNESS)
ALL = BOTH + (MEASURE,)


def test_two_layers():
    """two layers are refused"""
    image, layer = open_phantom()
    other = layer.copy()
    image.insert_layer(other, None, 0)
    for name in ALL:
        assert 'one layer' in refused(name, image, [layer, other])


def test_no_layer():
    """no layer is refused"""
    image, _ = open_phantom()
    for name in ALL:
        refused(name, image, [])


def test_other_image():
    """a layer of another image is refused"""
    image, _ = open_phantom()
    _, other = open_phantom()
    for name in ALL:
        assert 'another image' in refused(name, image, [other])


def test_mask():
    """a layer mask is refused"""
    image, layer = open_phantom()
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(mask)
    for name in ALL:
        assert 'mask' in refused(name, image, [mask])


def test_channel():
    """a channel is refused"""
    image, _ = open_phantom()
    channel = Gimp.Channel.new_from_component(image, Gimp.ChannelType.RED,
                                              'red')
    image.insert_channel(channel, None, 0)
    for name in BOTH:
        assert 'channel' in refused(name, image, [channel])


def test_group():
    """a layer group is refused"""
    image, layer = open_phantom()
    group = Gimp.GroupLayer.new(image, 'group')
    image.insert_layer(group, None, 0)
    for name in ALL:
        assert 'group' in refused(name, image, [group])


def test_selection_elsewhere():
    """a selection that misses the layer is refused"""
    image, layer = open_phantom()
    layer.scale(100, 100, False)
    layer.set_offsets(0, 0)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 300, 300, 50, 50)
    for name in BOTH:
        assert 'selection' in refused(name, image, [layer]).lower()


def test_modes():
    """indexed and greyscale images are refused"""
    image, layer = open_phantom()
    image.convert_grayscale()
    for name in ALL:
        assert 'RGB' in refused(name, image, [layer])
    image, layer = open_phantom()
    image.convert_indexed(Gimp.ConvertDitherType.NONE,
                          Gimp.ConvertPaletteType.GENERATE, 32, False, False,
                          '')
    for name in ALL:
        assert 'RGB' in refused(name, image, [layer])


def test_show():
    """an unknown way to show is refused"""
    image, layer = open_phantom()
    assert 'contours' in refused(REDNESS, image, [layer], show='rainbow')


def test_scale():
    """a scale that cannot be is refused"""
    image, layer = open_phantom()
    for name in BOTH:
        refused(name, image, [layer], pixels_per_mm=0.001)


def test_nothing_to_find():
    """nothing to look for is refused"""
    image, layer = open_phantom()
    refused(DETECT, image, [layer], find_craters=False, find_ice_picks=False,
            find_red_marks=False, find_brown_marks=False)


def test_foreign_file():
    """a file that is not ours is refused and stays"""
    image, layer = open_phantom()
    with open(path('foreign.csv'), 'w', encoding='utf-8') as file:
        file.write('name,birthday\nA,1990-01-01\n')
    for name in BOTH:
        refused(name, image, [layer], report_file=path('foreign.csv'))
    with open(path('foreign.csv'), encoding='utf-8') as file:
        assert file.read() == 'name,birthday\nA,1990-01-01\n'


def test_foreign_companion():
    """a companion file that is not ours is refused before any work"""
    image, layer = open_phantom()
    name_image(image, 'face.jpg', 'face')
    os.makedirs(path('companion'))
    with open(path('companion/face.classes.png'), 'wb') as file:
        file.write(b'mine')
    refused(DETECT, image, [layer],
            report_file=path('companion/lesions.csv'))
    assert os.listdir(path('companion')) == ['face.classes.png']


def test_no_folder():
    """a report into a folder that is not there is refused"""
    image, layer = open_phantom()
    refused(DETECT, image, [layer], report_file=path('missing/lesions.csv'))


def test_nothing_visible():
    """a layer that is all transparent fails and changes nothing"""
    image, layer = open_phantom()
    layer.add_alpha()
    image.get_selection()
    Gimp.Selection.all(image)
    layer.edit_clear()
    Gimp.Selection.none(image)
    before = items(image)
    for name in BOTH:
        status, _, error = call(name, image, [layer])
        assert status != Gimp.PDBStatusType.SUCCESS
        assert len(error) > 10
        assert items(image) == before
