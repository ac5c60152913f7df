"""plug-in-measure-pockmarks: the numbers follow the channels.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import math
import os

from harness import (CLASSES, Gegl, Gimp, Gio, MEASURE, PHANTOM_SCALE, detect,
                     items, measure, name_image, open_phantom, path, pixels,
                     read_table, refused)


def channel_of(image, word):
    return image.get_channel_by_name(f'Pockmarks: {word}')


def folder(name):
    """The report file in a new folder, as an argument."""
    os.makedirs(path(name))
    return path(f'{name}/lesions.csv')


def files(name):
    found = {}
    for file_name in os.listdir(path(name)):
        with open(path(f'{name}/{file_name}'), 'rb') as file:
            found[file_name] = file.read()
    assert sorted(found) == ['face.classes.png', 'face.lesions.geojson',
                             'lesions.csv', 'photographs.csv'], found.keys()
    return found


def open_face():
    image, layer = open_phantom()
    name_image(image, 'face.jpg', 'face')
    return image, layer


def detected(name, image=None, layer=None, **arguments):
    """An image with findings, whose report is in the folder."""
    if image is None:
        image, layer = open_face()
    values = detect(image, layer, report_file=folder(name), **arguments)
    return image, layer, values


def rows(name):
    return {int(row['Lesion']): row
            for row in read_table(f'{name}/lesions.csv')}


def kept(image):
    return bytes(value & 0xff for value in
                 image.get_parasite('pockmark-lesions').get_data())


def signed(data):
    """Bytes as the bindings take them."""
    return [value - 256 if value > 127 else value for value in data]


def fill(channel, white):
    """Fills the selection in the channel."""
    Gimp.context_push()
    Gimp.context_set_opacity(100.0)
    Gimp.context_set_paint_mode(Gimp.LayerMode.NORMAL)
    Gimp.context_set_foreground(Gegl.Color.new('white' if white else 'black'))
    channel.edit_fill(Gimp.FillType.FOREGROUND)
    Gimp.context_pop()


def ellipse(image, x, y, radius, antialias=True):
    Gimp.context_push()
    Gimp.context_set_antialias(antialias)
    Gimp.context_set_feather(False)
    image.select_ellipse(Gimp.ChannelOps.REPLACE, x - radius, y - radius,
                         2 * radius, 2 * radius)
    Gimp.context_pop()


def box(image, row, channel, white, grow=0):
    """Fills the box of a row of the table."""
    image.select_rectangle(Gimp.ChannelOps.REPLACE, float(row['BX']) - grow,
                           float(row['BY']) - grow,
                           float(row['Width']) + 2 * grow,
                           float(row['Height']) + 2 * grow)
    fill(channel, white)
    Gimp.Selection.none(image)


def free_place(image, radius):
    """The middle of a disc that meets no lesion."""
    width, height = image.get_width(), image.get_height()
    taken = [pixels(channel_of(image, word), 'Y u8') for word in CLASSES]
    for y in range(radius + 2, height - radius - 2, 8):
        for x in range(radius + 2, width - radius - 2, 8):
            if not any(data[j * width + i]
                       for j in range(y - radius - 2, y + radius + 3, 3)
                       for i in range(x - radius - 2, x + radius + 3, 3)
                       for data in taken):
                return x, y
    raise AssertionError('no free place')


def alone(table, count=1):
    """Rows of lesions whose boxes, grown a little, meet no other's."""
    def apart(a, b):
        return (float(a['BX']) - 2 > float(b['BX']) + float(b['Width'])
                or float(b['BX']) - 2 > float(a['BX']) + float(a['Width'])
                or float(a['BY']) - 2 > float(b['BY']) + float(b['Height'])
                or float(b['BY']) - 2 > float(a['BY']) + float(a['Height']))
    found = [row for row in table.values()
             if all(row is other or apart(row, other)
                    for other in table.values())]
    assert len(found) >= count
    return found[:count]


def reload(image):
    """The image saved as XCF and loaded again."""
    file = Gio.File.new_for_path(path('saved.xcf'))
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, file, None)
    image.delete()
    again = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
    name_image(again, 'face.jpg', 'face')
    return again


def photograph(image):
    return [layer for layer in image.get_layers() if not layer.is_group()][0]


# ---- Without an edit --------------------------------------------------------

def check_same(name, image=None, layer=None, **arguments):
    """Detects, measures, saves, loads and measures: all files the same."""
    image, layer, values = detected(f'{name}-1', image, layer, **arguments)
    assert sum(values[:4]) > 0, values
    Gimp.Selection.none(image)
    again = measure(image, layer, report_file=folder(f'{name}-2'))
    assert again[:5] == values[:5], (again, values)
    assert files(f'{name}-1') == files(f'{name}-2')
    image = reload(image)
    again = measure(image, photograph(image),
                    report_file=folder(f'{name}-3'))
    assert again[:5] == values[:5], (again, values)
    assert files(f'{name}-1') == files(f'{name}-3')


def test_same():
    """measuring without an edit writes the same bytes, also from XCF"""
    check_same('plain')


def test_same_lenient():
    """the same with many lesions that touch"""
    check_same('lenient', sensitivity=1.0)


def test_same_classes():
    """the same where not all classes were sought"""
    check_same('classes', find_red_marks=False, find_craters=False)


def test_same_selection():
    """the same for a feathered selection that is gone by now"""
    image, layer = open_face()
    Gimp.context_push()
    Gimp.context_set_feather(True)
    Gimp.context_set_feather_radius(21.0, 21.0)
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 80, 60, 420, 330)
    Gimp.context_pop()
    check_same('selection', image, layer)


def test_same_offsets():
    """the same for a layer that reaches beyond the image"""
    image, layer = open_face()
    layer.set_offsets(-60, -50)
    check_same('offsets', image, layer)


def test_same_scale_unknown():
    """the same without a scale"""
    check_same('scaleless', pixels_per_mm=0.0)


def test_same_precisions():
    """the same in 16 bits and in floats"""
    for precision in (Gimp.Precision.U16_NON_LINEAR,
                      Gimp.Precision.FLOAT_LINEAR):
        image, layer = open_face()
        image.convert_precision(precision)
        check_same(f'precision-{int(precision)}', image, layer)


def test_nothing_moves():
    """what is drawn again is what was drawn"""
    image, layer, values = detected('redrawn-1')
    before = items(image)
    overlay = pixels(values[5].get_children()[1], "R'G'B'A u8")
    channels = [channel.get_id() for channel in image.get_channels()]
    values = measure(image, layer)
    assert items(image) == before
    assert pixels(values[5].get_children()[1], "R'G'B'A u8") == overlay
    assert [channel.get_id() for channel in image.get_channels()] == channels


def test_selected_channel():
    """a selected channel, overlay or group is as good as the photograph"""
    image, layer, values = detected('selected-1')
    crater = channel_of(image, 'crater')
    image.set_selected_channels([crater])
    again = measure(image, crater, report_file=folder('selected-2'))
    assert again[:5] == values[:5]
    assert files('selected-1') == files('selected-2')
    assert image.get_selected_channels() == [crater]
    for item in (again[5].get_children()[0], image.get_layers()[0]):
        assert measure(image, item)[:5] == values[:5]


# ---- After edits ------------------------------------------------------------

def test_disc():
    """a disc of 3 mm is one more, of 7.07 mm2"""
    image, layer, values = detected('disc-1')
    radius = 1.5 * PHANTOM_SCALE
    for n, word in enumerate(CLASSES):
        x, y = free_place(image, int(radius))
        ellipse(image, x + 0.3, y + 0.6, radius)
        fill(channel_of(image, word), True)
    again = measure(image, layer, report_file=folder('disc-2'))
    assert [b - a for a, b in zip(values, again[:4])] == [1, 1, 1, 1], again
    before, after = rows('disc-1'), rows('disc-2')
    # The skin around may lie under a new lesion; that there was an edit is
    # told in every line.
    around = ('Hemoglobin', 'Melanin', 'Relief', 'a*', 'L*', 'Parameters')
    for number, row in before.items():
        other = after.pop(number)
        assert all(row[key] == other[key] for key in row
                   if key not in around), (row, other)
    assert sorted(after) == list(range(len(before) + 1, len(before) + 5))
    for row in after.values():
        area = float(row['Area (mm2)'])
        assert abs(area / (math.pi * 1.5 ** 2) - 1.0) <= 0.02, area
        assert row['Confidence'] == '1.000' and 'edited' in row['Flags']
    table = read_table('disc-2/photographs.csv')[0]
    assert table['Parameters'].endswith(';edited=yes'), table
    measure(image, layer, report_file=folder('disc-3'))
    assert files('disc-2') == files('disc-3')
    image = reload(image)
    measure(image, photograph(image), report_file=folder('disc-4'))
    assert files('disc-2') == files('disc-4')


def test_erase():
    """an erased lesion is gone, the others keep their numbers"""
    image, layer, values = detected('erase-1')
    before = rows('erase-1')
    lost = alone(before)[0]
    box(image, lost, channel_of(image, lost['Class']), False)
    again = measure(image, layer, report_file=folder('erase-2'))
    after = rows('erase-2')
    klass = CLASSES.index(lost['Class'])
    assert again[klass] == values[klass] - 1
    assert sorted(after) == sorted(set(before) - {int(lost['Lesion'])})
    keys = ('Class', 'Confidence', 'Area', 'X', 'Y')
    for number, row in after.items():
        assert all(row[key] == before[number][key] for key in keys)
    # The number is not given again.
    x, y = free_place(image, 18)
    ellipse(image, x, y, 18)
    fill(channel_of(image, 'crater'), True)
    measure(image, layer, report_file=folder('erase-3'))
    assert max(rows('erase-3')) == max(before) + 1


def test_overlay_follows():
    """overlay, numbers and paths follow the channels"""
    image, layer, values = detected('follow-1')
    lost = alone(rows('follow-1'))[0]
    x, y = int(float(lost['X'])), int(float(lost['Y']))
    strokes = {a_path.get_name(): len(a_path.get_strokes())
               for a_path in image.get_paths()}
    box(image, lost, channel_of(image, lost['Class']), False)
    again = measure(image, layer)
    spot = (x - 2, y - 2, 4, 4)
    assert not any(pixels(again[5].get_children()[1], "R'G'B'A u8", spot))
    after = {a_path.get_name(): len(a_path.get_strokes())
             for a_path in image.get_paths()}
    name = f"Pockmarks: {lost['Class']}"
    assert after.pop(name) < strokes.pop(name)
    assert after == strokes


def test_reclassified():
    """a lesion that moves to another channel keeps its number"""
    image, layer, _ = detected('class-1')
    before = rows('class-1')
    moved = alone({number: row for number, row in before.items()
                   if row['Class'] != 'brown-mark'} or before)[0]
    source = channel_of(image, moved['Class'])
    target = channel_of(image, 'brown-mark')
    box(image, moved, target, True)
    box(image, moved, source, False)
    measure(image, layer, report_file=folder('class-2'))
    row = rows('class-2')[int(moved['Lesion'])]
    assert row['Class'] == 'brown-mark' and row['Confidence'] == '1.000'
    assert 'edited' in row['Flags']


def test_in_two_channels():
    """a pixel in two channels belongs to the one that it was added to"""
    image, layer, _ = detected('two-1')
    one = alone(rows('two-1'))[0]
    word = 'crater' if one['Class'] != 'crater' else 'red-mark'
    box(image, one, channel_of(image, word), True, 1)
    for name in ('two-2', 'two-3'):
        measure(image, layer, report_file=folder(name))
        assert rows(name)[int(one['Lesion'])]['Class'] == word
    assert files('two-2') == files('two-3')


def test_half_covered():
    """what is covered by less than half does not count"""
    image, layer, values = detected('half-1')
    x, y = free_place(image, 18)
    crater = channel_of(image, 'crater')
    for grey, count in ((127, 0), (128, 1)):
        buffer = crater.get_buffer()
        buffer.set(Gegl.Rectangle.new(x, y, 10, 10), 'Y u16',
                   (grey * 257).to_bytes(2, 'little') * 100)
        buffer.flush()
        crater.update(x, y, 10, 10)
        assert pixels(crater, 'Y u8', (x, y, 1, 1))[0] in (grey, grey + 1)
        assert measure(image, layer)[0] == values[0] + count, grey


def test_brush():
    """strokes of brush and eraser are followed"""
    image, layer, values = detected('brush-1')
    crater = channel_of(image, 'crater')
    x, y = free_place(image, 24)
    Gimp.context_push()
    Gimp.context_set_defaults()
    brush = Gimp.Brush.new('test')
    brush.set_radius(12.0)
    Gimp.context_set_brush(brush)
    Gimp.context_set_brush_size(24.0)
    Gimp.context_set_foreground(Gegl.Color.new('white'))
    Gimp.paintbrush_default(crater, [x - 8.0, y, x + 8.0, y])
    assert measure(image, layer)[0] == values[0] + 1
    # What has no alpha is erased to the background.
    Gimp.context_set_background(Gegl.Color.new('black'))
    Gimp.context_set_brush_size(60.0)
    Gimp.eraser_default(crater, [x - 8.0, y, x + 8.0, y])
    Gimp.context_pop()
    brush.delete()
    assert measure(image, layer)[0] == values[0]


# ---- Channels that are not what they were -----------------------------------

def test_no_channels():
    """without any channel a sentence says what to do"""
    image, layer = open_face()
    assert 'channel' in refused(MEASURE, image, [layer])
    detect(image, layer, add_channels=False)
    assert 'channel' in refused(MEASURE, image, [layer])


def test_channel_deleted():
    """a channel that is gone holds no lesions"""
    image, layer, values = detected('deleted-1')
    image.remove_channel(channel_of(image, 'crater'))
    again = measure(image, layer)
    assert again[:4] == [0] + values[1:4]
    assert 'Pockmarks: crater' not in [a_path.get_name()
                                       for a_path in image.get_paths()]


def test_channel_renamed():
    """a renamed channel is the user's own"""
    image, layer, values = detected('renamed-1')
    channel_of(image, 'crater').set_name('mine')
    again = measure(image, layer)
    assert again[:4] == [0] + values[1:4]
    assert image.get_channel_by_name('mine')


def test_own_channel():
    """a channel of the right name is enough, without any detection"""
    image, layer = open_face()
    image.attach_parasite(Gimp.Parasite.new(
        'pockmark', 1, b'[scale]\npixels-per-mm=12\nsource=argument\n'))
    channel = Gimp.Channel.new(image, 'Pockmarks: ice-pick',
                               image.get_width(), image.get_height(), 50.0,
                               Gegl.Color.new('red'))
    image.insert_channel(channel, None, 0)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 640, 480)
    fill(channel, False)
    for x in (100, 200):
        ellipse(image, x, 200, 10)
        fill(channel, True)
    Gimp.Selection.none(image)
    values = measure(image, layer, report_file=folder('own-1'))
    assert values[:4] == [0, 2, 0, 0], values
    assert values[5] and len(values[5].get_children()) == 3
    measure(image, layer, report_file=folder('own-2'))
    assert files('own-1') == files('own-2')
    assert sorted(rows('own-1')) == [1, 2]


def test_layer_moved():
    """a photograph that is moved is measured below its channels"""
    image, layer, values = detected('moved-1')
    layer.set_offsets(3, 2)
    again = measure(image, layer, report_file=folder('moved-2'))
    assert again[:4] == values[:4]
    for number, row in rows('moved-1').items():
        other = rows('moved-2')[number]
        if 'border' not in row['Flags'] + other['Flags']:
            assert float(other['X']) == round(float(row['X']) - 3.0, 2)
            assert other['Area'] == row['Area']


def test_foreign_layer():
    """another layer is not taken for the photograph"""
    image, layer, _ = detected('foreign-1')
    notes = Gimp.Layer.new(image, 'notes', 640, 480,
                           Gimp.ImageType.RGBA_IMAGE, 100.0,
                           Gimp.LayerMode.NORMAL)
    image.insert_layer(notes, None, 0)
    assert 'belong to the layer' in refused(MEASURE, image, [notes])


def test_copied_layer():
    """a copy of the photograph is as good"""
    image, layer, values = detected('copied-1')
    copy = layer.copy()
    image.insert_layer(copy, None, 1)
    assert measure(image, copy)[:5] == values[:5]


def test_duplicate():
    """a duplicate of the image is measured like the image"""
    image, layer, values = detected('duplicate-1')
    other = image.duplicate()
    again = measure(other, photograph(other))
    assert again[:5] == values[:5]


def test_damaged():
    """a record that is damaged is as good as none"""
    image, layer, values = detected('damaged-1', sensitivity=0.2)
    whole = kept(image)
    for data in (b'', b'x', whole[:len(whole) // 2], b'\0' * 100,
                 whole[:10] + b'\xff' + whole[11:]):
        image.attach_parasite(Gimp.Parasite.new('pockmark-lesions', 1,
                                                signed(data or b'\n')))
        again = measure(image, layer)
        assert sum(again[:4]) > 0


def test_cropped():
    """after cropping the image the rest is measured"""
    image, layer, values = detected('cropped-1')
    image.crop(400, 300, 100, 80)
    again = measure(image, layer, report_file=folder('cropped-2'))
    assert 0 < sum(again[:4]) <= sum(values[:4])
    areas = {row['Area'] for row in rows('cropped-1').values()}
    inside = [row for row in rows('cropped-2').values()
              if 'border' not in row['Flags']]
    assert inside and all(row['Area'] in areas for row in inside)
    # The paths tell that it was cropped, so that numbers and confidences stay.
    before = rows('cropped-1')
    for row in inside:
        old = before[int(row['Lesion'])]
        assert (row['Area'], row['Class'], row['Confidence']) == \
            (old['Area'], old['Class'], old['Confidence']), (row, old)
        assert float(row['X']) == round(float(old['X']) - 100.0, 2)


def test_scaled():
    """after scaling the image lesions keep number, class and confidence"""
    image, layer = open_face()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 80, 60, 420, 330)
    image, layer, values = detected('scaled-1', image, layer)
    Gimp.Selection.none(image)
    image.scale(1280, 960)
    measure(image, layer, report_file=folder('scaled-2'))
    before, after = rows('scaled-1'), rows('scaled-2')
    known = set(before) & set(after)
    assert len(known) >= 0.9 * len(before), (len(known), len(before))
    for number in known:
        assert after[number]['Class'] == before[number]['Class']
        assert after[number]['Confidence'] == before[number]['Confidence']
        share = float(after[number]['Area']) / float(before[number]['Area'])
        assert 3.0 < share < 5.0, share


def test_turned():
    """what a selection limited is not guessed in an image that was turned"""
    image, layer = open_face()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 80, 60, 420, 330)
    image, layer, values = detected('turned-1', image, layer)
    Gimp.Selection.none(image)
    image.rotate(Gimp.RotationType.DEGREES90)
    assert 'select it again' in refused(MEASURE, image, [layer])
    image, layer, values = detected('turned-2')
    image.rotate(Gimp.RotationType.DEGREES90)
    again = measure(image, layer, report_file=folder('turned-3'))
    assert sum(again[:4]) > 0
    assert all('edited' in row['Flags'] for row in rows('turned-3').values())
