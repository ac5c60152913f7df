"""plug-in-detect-pockmarks: what lands in the image.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

from harness import (CLASSES, DETECT, Gegl, Gimp, GLib, MEASURE, PHANTOM_SCALE,
                     call, detect, items, measure, open_phantom, path, pixels,
                     read_table)


def channel_of(image, word):
    return image.get_channel_by_name(f'Pockmarks: {word}')


def count_set(data):
    return sum(value > 127 for value in data)


def test_values():
    """counts, skin area and group come back"""
    image, layer = open_phantom()
    values = detect(image, layer)
    assert sum(values[:4]) >= 4, values
    assert values[4] > 0.0, values
    assert values[5].get_name() == 'Pockmarks', values


def test_tree():
    """one group above the photograph, four channels, four paths, a record"""
    image, layer = open_phantom()
    detect(image, layer)
    layers, channels, paths, parasites = items(image)
    names = [f'Pockmarks: {word}' for word in CLASSES]
    assert len(layers) == 2, layers
    assert layers[0] == ('Pockmarks', [('Legend', None), ('Numbers', None),
                                       ('Overlay', None)]), layers
    assert channels == names and paths == names, (channels, paths)
    assert 'pockmark' in parasites, parasites
    assert image.get_selected_layers() == [layer]
    for channel in image.get_channels():
        assert not channel.get_visible()


REMEMBERED = 'pockmark-detected'
KEY_LENGTH = 32


def remembered(image):
    return list(image.get_parasite(REMEMBERED).get_data())


def test_detects_once():
    """a second run takes what the first one found"""
    image, layer = open_phantom()
    first = detect(image, layer)[:4]
    strict = remembered(image)
    detect(image, layer, sensitivity=0.9)
    lenient = remembered(image)
    found = detect(image, layer, sensitivity=0.9, add_overlay=False)[:4]
    assert sum(found) > sum(first), (found, first)
    # What is remembered for one sensitivity, put in place of the other's.
    image.attach_parasite(Gimp.Parasite.new(
        REMEMBERED, 0, strict[:KEY_LENGTH] + lenient[KEY_LENGTH:]))
    assert detect(image, layer, add_paths=False)[:4] == found
    found[0] = 0
    assert detect(image, layer, find_craters=False)[:4] == found
    # Not where the photograph is another one, by whatever little.
    image.attach_parasite(Gimp.Parasite.new(
        REMEMBERED, 0, strict[:KEY_LENGTH] + lenient[KEY_LENGTH:]))
    layer.set_pixel(0, 0, Gegl.Color.new('rgb(0.5, 0.4, 0.3)'))
    assert detect(image, layer)[:4] == first


def test_forgets_nonsense():
    """what makes no sense is not remembered"""
    image, layer = open_phantom()
    first = detect(image, layer)[:4]
    good = remembered(image)
    for bad in ([1], good[:KEY_LENGTH], good[:-9], good[:KEY_LENGTH] + [7]):
        image.attach_parasite(Gimp.Parasite.new(REMEMBERED, 0, bad))
        assert detect(image, layer)[:4] == first


def test_photograph_stays():
    """the photograph's pixels are the same afterwards"""
    image, layer = open_phantom()
    before = pixels(layer, "R'G'B'A u8")
    detect(image, layer)
    assert pixels(layer, "R'G'B'A u8") == before


def test_channels_agree():
    """channels hold as many pixels as the table says"""
    image, layer = open_phantom()
    detect(image, layer, report_file=path('agree.csv'))
    for word in CLASSES:
        area = sum(float(row['Area']) for row in read_table('agree.csv')
                   if row['Class'] == word)
        found = count_set(pixels(channel_of(image, word), 'Y u8'))
        assert found == area, (word, found, area)


def test_overlay():
    """the overlay is painted where lesions are and clear elsewhere"""
    image, layer = open_phantom()
    values = detect(image, layer, report_file=path('overlay.csv'))
    overlay = values[5].get_children()[-1]
    data = pixels(overlay, "R'G'B'A u8")
    alpha = data[3::4]
    painted = sum(value > 0 for value in alpha)
    area = sum(float(row['Area']) for row in read_table('overlay.csv'))
    assert painted >= area and painted < 0.8 * len(alpha), (painted, area)
    width = overlay.get_width()
    for row in read_table('overlay.csv'):
        x, y = int(float(row['X'])), int(float(row['Y']))
        box = alpha[y * width + x]
        assert box > 0 or float(row['Solidity']) < 0.7, row


def test_paths_follow():
    """each path has an outline for each lesion of its class"""
    image, layer = open_phantom()
    values = detect(image, layer)
    for a_path, count in zip(image.get_paths(), values[:4]):
        assert len(a_path.get_strokes()) >= count, a_path.get_name()
        for stroke in a_path.get_strokes():
            kind, points, closed = a_path.stroke_get_points(stroke)
            assert closed and len(points) >= 18
            assert all(-1 <= value <= 641 for value in points)


def test_offsets():
    """a layer that is moved takes channels, paths and overlay with it"""
    image, layer = open_phantom()
    detect(image, layer)
    plain = {word: pixels(channel_of(image, word), 'Y u8', (60, 50, 400, 300))
             for word in CLASSES}

    image, layer = open_phantom()
    layer.set_offsets(-60, -50)
    values = detect(image, layer)
    for word in CLASSES:
        channel = channel_of(image, word)
        assert channel.get_width() == image.get_width()
        assert pixels(channel, 'Y u8', (0, 0, 400, 300)) == plain[word], word
    _, x, y = values[5].get_children()[1].get_offsets()
    assert (x, y) == (-60, -50)


def test_selection():
    """nothing is found outside the selection"""
    image, layer = open_phantom()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 100, 80, 300, 250)
    detect(image, layer, report_file=path('selection.csv'))
    rows = read_table('selection.csv')
    assert rows
    for row in rows:
        assert 100.0 <= float(row['X']) <= 400.0, row
        assert 80.0 <= float(row['Y']) <= 330.0, row
    assert not Gimp.Selection.is_empty(image)


def test_again():
    """a second run replaces the first and nothing else"""
    image, layer = open_phantom()
    detect(image, layer)
    mine = image.get_channels()[0].copy()
    image.insert_channel(mine, None, 0)
    mine.set_name('mine')
    first = items(image)
    values = detect(image, layer, sensitivity=0.2)
    layers, channels, paths, parasites = items(image)
    assert layers == first[0], layers
    assert sorted(channels) == sorted(first[1]), channels
    assert paths == first[2] and parasites == first[3]
    values = detect(image, layer, add_overlay=False, add_labels=False,
                    add_legend=False, add_channels=False, add_paths=False)
    layers, channels, paths, _ = items(image)
    assert len(layers) == 1 and channels == ['mine'] and paths == []
    assert values[5] is None


def test_classes_sought():
    """classes that are not sought are neither counted nor drawn"""
    image, layer = open_phantom()
    full = detect(image, layer)
    image, layer = open_phantom()
    some = detect(image, layer, find_craters=False, find_brown_marks=False,
                  report_file=path('some.csv'))
    assert some[:4] == [0, full[1], full[2], 0], (full, some)
    rows = read_table('some.csv')
    assert [int(row['Lesion']) for row in rows] == \
        list(range(1, len(rows) + 1))
    assert {row['Class'] for row in rows} <= {'ice-pick', 'red-mark'}
    assert [channel.get_name() for channel in image.get_channels()] == \
        ['Pockmarks: ice-pick', 'Pockmarks: red-mark']


def test_scale_is_remembered():
    """a scale that was given once is the image's own"""
    image, layer = open_phantom()
    first = detect(image, layer)
    second = detect(image, layer, pixels_per_mm=0.0)
    assert first[:5] == second[:5], (first, second)


def test_scale_unknown():
    """without a scale there are no millimetres"""
    image, layer = open_phantom()
    values = detect(image, layer, pixels_per_mm=0.0,
                    report_file=path('unknown.csv'))
    assert values[4] == 0.0
    for row in read_table('unknown.csv'):
        assert row['Diameter (mm)'] == '' and row['Area (mm2)'] == '', row
    row = read_table('unknown-photographs.csv')[0]
    assert row['Pixels per mm'] == '' and row['Skin area (cm2)'] == '', row
    assert row['ECCA atrophic'] == '', row


def test_record():
    """the record names version and parameters, and no file"""
    image, layer = open_phantom()
    detect(image, layer)
    parasite = image.get_parasite('pockmark')
    record = GLib.KeyFile()
    text = bytes(parasite.get_data()).decode()
    record.load_from_data(text, len(text.encode()), GLib.KeyFileFlags.NONE)
    assert record.get_string('pockmark', 'version')
    assert record.get_double('scale', 'pixels-per-mm') == PHANTOM_SCALE
    assert parasite.is_persistent() and parasite.is_undoable()
    assert 'phantom' not in text and '/' not in text, text


def test_mask():
    """what a layer mask hides is not examined"""
    image, layer = open_phantom()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 320, 480)
    layer.add_mask(layer.create_mask(Gimp.AddMaskType.SELECTION))
    Gimp.Selection.none(image)
    detect(image, layer, report_file=path('mask.csv'))
    rows = read_table('mask.csv')
    assert rows
    for row in rows:
        assert float(row['X']) <= 320.0, row


def test_filters():
    """live filters of the layer are seen, and stay as they were"""
    image, layer = open_phantom()
    blurred = Gimp.DrawableFilter.new(layer, 'gegl:gaussian-blur', 'blur')
    blurred.get_config().set_property('std-dev-x', 40.0)
    blurred.get_config().set_property('std-dev-y', 40.0)
    blurred.update()
    layer.append_filter(blurred)
    images = len(Gimp.get_images())
    values = detect(image, layer)
    assert sum(values[:2]) == 0, values
    assert len(layer.get_filters()) == 1
    assert len(Gimp.get_images()) == images


def test_precisions():
    """8, 16 and 32 bits, integer and float, tell the same"""
    image, layer = open_phantom()
    reference = detect(image, layer)
    for precision in (Gimp.Precision.U16_NON_LINEAR,
                      Gimp.Precision.U32_NON_LINEAR,
                      Gimp.Precision.HALF_NON_LINEAR,
                      Gimp.Precision.FLOAT_LINEAR,
                      Gimp.Precision.FLOAT_NON_LINEAR):
        image, layer = open_phantom()
        image.convert_precision(precision)
        values = detect(image, layer)
        assert all(abs(a - b) <= 1 for a, b in zip(values[:4],
                                                   reference[:4])), \
            (precision, values, reference)
        total = sum(count_set(pixels(channel_of(image, word), 'Y u8'))
                    for word in CLASSES)
        assert total > 0


def test_profiles():
    """another colour space tells the same"""
    image, layer = open_phantom()
    reference = detect(image, layer)
    for profile in (Gimp.ColorProfile.new_rgb_adobe(),
                    Gimp.ColorProfile.new_rgb_srgb_linear()):
        image, layer = open_phantom()
        image.convert_precision(Gimp.Precision.U16_NON_LINEAR)
        image.convert_color_profile(
            profile, Gimp.ColorRenderingIntent.RELATIVE_COLORIMETRIC, True)
        values = detect(image, layer)
        assert all(abs(a - b) <= 1 for a, b in zip(values[:4],
                                                   reference[:4])), \
            (profile.get_label(), values, reference)


def test_in_group():
    """a photograph in a layer group has its findings beside it"""
    image, layer = open_phantom()
    reference = detect(image, layer)
    image, layer = open_phantom()
    group = Gimp.GroupLayer.new(image, 'visit')
    image.insert_layer(group, None, 0)
    image.reorder_item(layer, group, 0)
    values = detect(image, layer)
    assert values[:5] == reference[:5]
    assert values[5].get_parent() == group
    assert measure(image, layer)[:5] == reference[:5]


def test_last_values():
    """a run with the last values opens no window and finds the same"""
    image, layer = open_phantom()
    reference = detect(image, layer)
    image, layer = open_phantom()
    status, values, error = call(DETECT, image, [layer],
                                 run_mode=Gimp.RunMode.WITH_LAST_VALS,
                                 pixels_per_mm=PHANTOM_SCALE)
    assert status == Gimp.PDBStatusType.SUCCESS, error
    assert sum(values[:4]) > 0 and len(image.get_paths()) == 4
    assert len(reference) == len(values)
    status, values, error = call(MEASURE, image, [layer],
                                 run_mode=Gimp.RunMode.WITH_LAST_VALS)
    assert status == Gimp.PDBStatusType.SUCCESS, error
    assert sum(values[:4]) > 0
