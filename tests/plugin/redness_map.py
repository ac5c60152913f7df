"""plug-in-map-redness: what lands in the image.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

from harness import (Gimp, detect, items, open_phantom, path, pixels,
                     read_table, redness)


def test_values():
    """mean, share and layer come back"""
    image, layer = open_phantom()
    mean, share, made = redness(image, layer)
    assert mean > 0.0 and 0.0 <= share <= 100.0, (mean, share)
    assert made.get_name() == 'Redness (heat)'
    assert made.get_parent().get_name() == 'Pockmarks'
    assert image.get_selected_layers() == [layer]


def test_photograph_stays():
    """the photograph's pixels are the same afterwards"""
    image, layer = open_phantom()
    before = pixels(layer, "R'G'B'A u8")
    redness(image, layer, show='contours')
    assert pixels(layer, "R'G'B'A u8") == before


def test_grey():
    """grey is opaque and without colour, and redder is brighter"""
    image, layer = open_phantom()
    detect(image, layer, report_file=path('grey.csv'))
    made = redness(image, layer, show='grey', opacity=0.3)[2]
    data = pixels(made, "R'G'B'A u8")
    assert made.get_opacity() == 100.0
    assert data[0::4] == data[1::4] == data[2::4]
    marks = [row for row in read_table('grey.csv')
             if row['Class'] == 'red-mark'
             and float(row['Confidence']) > 0.5]
    width = made.get_width()
    inside = [data[4 * (int(float(row['Y'])) * width + int(float(row['X'])))]
              for row in marks]
    everywhere = sorted(data[0::4])[len(data) // 8]
    assert marks and sum(inside) / len(inside) > everywhere, \
        (inside, everywhere)


def test_opacity():
    """opacity is the layer's own"""
    image, layer = open_phantom()
    made = redness(image, layer, opacity=0.4)[2]
    assert abs(made.get_opacity() - 40.0) < 0.5


def test_again():
    """a second map replaces the first; findings stay, above it"""
    image, layer = open_phantom()
    redness(image, layer)
    detect(image, layer)
    redness(image, layer, show='contours')
    layers = items(image)[0]
    assert layers[0] == ('Pockmarks', [('Legend', None), ('Numbers', None),
                                       ('Overlay', None),
                                       ('Redness (contours)', None)]), layers
    detect(image, layer)
    assert items(image)[0] == layers, items(image)[0]


def test_selection():
    """nothing is painted outside the selection"""
    image, layer = open_phantom()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 100, 80, 300, 250)
    made = redness(image, layer)[2]
    alpha = pixels(made, "R'G'B'A u8")[3::4]
    width = made.get_width()
    assert alpha[200 * width + 200] > 0
    assert not any(alpha[:80 * width]) and not any(alpha[340 * width:])


def test_row():
    """the row of a detection keeps its counts"""
    image, layer = open_phantom()
    detect(image, layer, report_file=path('row.csv'))
    before = read_table('row-photographs.csv')
    redness(image, layer, report_file=path('row-photographs.csv'))
    assert read_table('row-photographs.csv') == before

    redness(image, layer, report_file=path('alone.csv'))
    row = read_table('alone.csv')[0]
    assert row['crater'] == '' and float(row['Redness mean']) > 0.0, row
    assert row['Redness mean'] == before[0]['Redness mean']
