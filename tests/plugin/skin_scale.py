"""Set Skin Scale: from a path, a selection, a number; what keeps it.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import math

from harness import (DETECT, Gimp, Gio, PHANTOM_SCALE, REDNESS, SCALE, call,
                     detect, items, open_phantom, path, refused)

# Of the phantom with a ruler that the driver renders.
RULER_SCALE = 14.0


def set_scale(image, layer, **arguments):
    """The scale that a run which has to succeed tells."""
    status, values, error = call(SCALE, image, [layer], **arguments)
    assert status == Gimp.PDBStatusType.SUCCESS, error
    return values[0]


def draw(image, points, closed=False, name='ruler'):
    """A path of straight lines through the points."""
    a_path = Gimp.Path.new(image, name)
    controls = [c for x, y in points for c in (x, y) * 3]
    a_path.stroke_new_from_points(Gimp.PathStrokeType.BEZIER, controls, closed)
    image.insert_path(a_path, None, 0)
    image.set_selected_paths([a_path])
    return a_path


def near(value, truth, share=1e-6):
    assert abs(value - truth) <= share * truth, (value, truth)


def record(image):
    parasite = image.get_parasite('pockmark')
    text = bytes(parasite.get_data()).decode()
    return dict(line.split('=', 1) for line in text.splitlines()
                if '=' in line)


def check_resolution(image, scale):
    good, x, y = image.get_resolution()
    assert good
    near(x, scale * 25.4)
    near(y, scale * 25.4)
    assert image.get_unit().get_abbreviation() == 'mm'


def test_number():
    """a number is kept as record and as the image's resolution"""
    image, layer = open_phantom()
    near(set_scale(image, layer, pixels_per_mm=12.5), 12.5)
    assert float(record(image)['pixels-per-mm']) == 12.5
    assert record(image)['source'] == 'number'
    check_resolution(image, 12.5)


def test_path():
    """a path drawn along a slanted ruler"""
    image, layer = open_phantom()
    draw(image, [(100, 100), (250, 200), (400, 300)])
    near(set_scale(image, layer, length_mm=20.0), math.hypot(300, 200) / 20,
         1e-4)
    assert record(image)['source'] == 'path'


def test_selection():
    """a selection, by its longer side"""
    image, layer = open_phantom()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 30, 40, 50, 240)
    near(set_scale(image, layer, length_mm=20.0), 12.0)
    assert record(image)['source'] == 'selection'
    check_resolution(image, 12.0)


def test_path_first():
    """a path is taken before a selection, and of several the selected one"""
    image, layer = open_phantom()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 30, 40, 50, 240)
    draw(image, [(0, 0), (300, 0)])
    near(set_scale(image, layer, length_mm=10.0), 30.0, 1e-4)
    wanted = draw(image, [(0, 0), (100, 0)])
    draw(image, [(0, 0), (400, 0)])
    image.set_selected_paths([wanted])
    near(set_scale(image, layer, length_mm=10.0), 10.0, 1e-4)


def test_own_paths():
    """paths that Pockmark made are not taken for what the user drew"""
    image, layer = open_phantom()
    detect(image, layer)
    image.set_selected_paths(image.get_paths())
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 30, 40, 50, 240)
    near(set_scale(image, layer, length_mm=20.0), 12.0)
    near(set_scale(image, layer, length_mm=10.0), 24.0)


def test_again():
    """a second scale replaces the first"""
    image, layer = open_phantom()
    set_scale(image, layer, pixels_per_mm=20.0)
    once = items(image)
    set_scale(image, layer, pixels_per_mm=20.0)
    assert items(image) == once
    set_scale(image, layer, pixels_per_mm=10.0)
    assert len(image.get_paths()) == 1
    check_resolution(image, 10.0)


def test_found_again():
    """saved as XCF and loaded, every procedure finds it"""
    image, layer = open_phantom()
    set_scale(image, layer, pixels_per_mm=PHANTOM_SCALE)
    truth = detect(image, layer, pixels_per_mm=PHANTOM_SCALE)
    file = Gio.File.new_for_path(path('scale.xcf'))
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, file, None)
    again = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
    photograph = again.get_layers()[-1]
    check_resolution(again, PHANTOM_SCALE)
    found = detect(again, photograph, pixels_per_mm=0.0)
    assert found[:5] == truth[:5], (found, truth)
    assert found[4] > 0
    status, _, error = call(REDNESS, again, [photograph])
    assert status == Gimp.PDBStatusType.SUCCESS, error
    assert float(record(again)['pixels-per-mm']) == PHANTOM_SCALE


def test_scaled():
    """an image that is scaled, cropped and turned has the scale that follows
    """
    image, layer = open_phantom()
    set_scale(image, layer, pixels_per_mm=PHANTOM_SCALE)
    image.scale(960, 720)
    detect(image, layer, pixels_per_mm=0.0)
    near(float(record(image)['pixels-per-mm']), 1.5 * PHANTOM_SCALE, 1e-3)
    check_resolution(image, 1.5 * PHANTOM_SCALE)
    image.crop(640, 480, 100, 100)
    image.rotate(Gimp.RotationType.DEGREES90)
    detect(image, layer, pixels_per_mm=0.0)
    near(float(record(image)['pixels-per-mm']), 1.5 * PHANTOM_SCALE, 1e-3)


def test_stretched():
    """an image that was stretched, or scaled without a path, has none"""
    image, layer = open_phantom()
    set_scale(image, layer, pixels_per_mm=PHANTOM_SCALE)
    image.scale(960, 480)
    assert detect(image, layer, pixels_per_mm=0.0)[4] == 0
    image, layer = open_phantom()
    set_scale(image, layer, pixels_per_mm=PHANTOM_SCALE)
    image.remove_path(image.get_paths()[0])
    assert detect(image, layer, pixels_per_mm=0.0)[4] > 0
    image.scale(320, 240)
    assert detect(image, layer, pixels_per_mm=0.0)[4] == 0


def test_argument_follows():
    """a scale given to another procedure replaces this one everywhere"""
    image, layer = open_phantom()
    set_scale(image, layer, pixels_per_mm=20.0)
    detect(image, layer, pixels_per_mm=PHANTOM_SCALE)
    check_resolution(image, PHANTOM_SCALE)
    image.scale(960, 720)
    detect(image, layer, pixels_per_mm=0.0)
    near(float(record(image)['pixels-per-mm']), 1.5 * PHANTOM_SCALE, 1e-3)


def test_refused():
    """what makes no scale is refused with a sentence"""
    image, layer = open_phantom()
    assert 'more than 0' in refused(SCALE, image, [layer])
    assert 'twice' in refused(SCALE, image, [layer], length_mm=10.0,
                              pixels_per_mm=12.0)
    assert 'path' in refused(SCALE, image, [layer], length_mm=10.0)
    assert 'between' in refused(SCALE, image, [layer], pixels_per_mm=0.01)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 10, 3, 3)
    assert 'short' in refused(SCALE, image, [layer], length_mm=1.0)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 10, 30, 3)
    assert 'check' in refused(SCALE, image, [layer], length_mm=9000.0)


def test_refused_paths():
    """a path that is no single open line is refused"""
    image, layer = open_phantom()
    a_path = draw(image, [(0, 0), (50, 0), (50, 50)], closed=True)
    assert 'path' in refused(SCALE, image, [layer], length_mm=10.0)
    image.remove_path(a_path)
    one = draw(image, [(0, 0), (50, 0)])
    two = draw(image, [(0, 0), (90, 0)])
    image.set_selected_paths([one, two])
    assert 'several' in refused(SCALE, image, [layer], length_mm=10.0)
    image.set_selected_paths([one])
    one.stroke_new_from_points(Gimp.PathStrokeType.BEZIER,
                               [9.0, 9.0] * 3 + [99.0, 9.0] * 3, False)
    assert 'one line' in refused(SCALE, image, [layer], length_mm=10.0)
    assert len(Gimp.get_images()) == 1


def test_other_arguments():
    """grey images have a scale too; two layers or a group have not"""
    image, layer = open_phantom()
    image.convert_grayscale()
    near(set_scale(image, layer, pixels_per_mm=9.0), 9.0)
    refused(SCALE, image, [layer, layer], pixels_per_mm=9.0)
    refused(DETECT, image, [layer])


def test_ruler():
    """the ruler of a rendered photograph is found, and its selection, too"""
    image, layer = open_phantom('ruler.png')
    found = set_scale(image, layer, find_ruler=True)
    near(found, RULER_SCALE, 0.02)
    assert record(image)['source'] == 'ruler'
    image, layer = open_phantom('ruler.png')
    height = image.get_height()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, height // 2,
                           image.get_width(), height - height // 2)
    near(set_scale(image, layer, find_ruler=True), RULER_SCALE, 0.02)


def test_no_ruler():
    """where there is no ruler nothing is set"""
    image, layer = open_phantom()
    before = items(image)
    status, _, error = call(SCALE, image, [layer], find_ruler=True)
    assert status == Gimp.PDBStatusType.EXECUTION_ERROR
    assert 'No ruler' in error, error
    assert items(image) == before
    assert 'twice' in call(SCALE, image, [layer], find_ruler=True,
                           pixels_per_mm=3.0)[2]
