"""The legend and the numbers: what they say, how large, what they hide.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

from harness import PHANTOM_SCALE, detect, open_phantom, pixels

COLOURS = {'crater': (0.00, 0.90, 0.98), 'ice-pick': (1.00, 1.00, 0.25),
           'red-mark': (0.62, 0.19, 0.99), 'brown-mark': (0.48, 0.73, 0.00)}


def layer_named(group, name):
    found = [layer for layer in group.get_children()
             if layer.get_name() == name]
    return found[0] if found else None


def rgba(layer):
    """Rows of (r, g, b, a) bytes."""
    width = layer.get_width()
    data = pixels(layer, "R'G'B'A u8")
    return [[data[4 * (y * width + x):4 * (y * width + x) + 4]
             for x in range(width)] for y in range(layer.get_height())]


def count_colour(rows, colour):
    want = [round(255 * part) for part in colour]
    return sum(all(abs(a - b) <= 3 for a, b in zip(pixel, want))
               and pixel[3] == 255 for row in rows for pixel in row)


def longest_white(rows):
    """The longest run of white in a row: the scale bar."""
    best = 0
    for row in rows:
        run = 0
        for pixel in row:
            run = run + 1 if min(pixel) > 240 else 0
            best = max(best, run)
    return best


def test_legend():
    """the legend has every class's colour and a bar of a round length"""
    image, layer = open_phantom()
    group = detect(image, layer)[5]
    legend = layer_named(group, 'Legend')
    assert group.get_children()[0].get_id() == legend.get_id()
    rows = rgba(legend)
    counts = [count_colour(rows, colour) for colour in COLOURS.values()]
    assert min(counts) > 50 and max(counts) == min(counts), counts
    bar = longest_white(rows) / PHANTOM_SCALE
    assert any(abs(bar - mm) < 1.5 / PHANTOM_SCALE
               for mm in (1, 2, 5, 10, 20, 50)), bar


def test_unknown_scale():
    """without a scale there is no bar, and of some classes only these"""
    image, layer = open_phantom()
    group = detect(image, layer, pixels_per_mm=0.0, find_craters=False)[5]
    rows = rgba(layer_named(group, 'Legend'))
    assert longest_white(rows) < 30
    assert count_colour(rows, COLOURS['crater']) == 0
    assert count_colour(rows, COLOURS['ice-pick']) > 50


def test_no_legend():
    """none where it is not wanted"""
    image, layer = open_phantom()
    group = detect(image, layer, add_legend=False)[5]
    assert layer_named(group, 'Legend') is None


def test_size():
    """letters grow with the photograph"""
    image, layer = open_phantom()
    small = layer_named(detect(image, layer)[5], 'Legend').get_height()
    image, layer = open_phantom()
    image.scale(1920, 1440)
    large = layer_named(detect(image, layer,
                               pixels_per_mm=3 * PHANTOM_SCALE)[5],
                        'Legend').get_height()
    assert 2.0 < large / small < 3.5, (small, large)


def test_numbers():
    """numbers hide no finding, and the legend hides no number"""
    image, layer = open_phantom()
    group = detect(image, layer)[5]
    numbers = layer_named(group, 'Numbers')
    legend = layer_named(group, 'Legend')
    width = numbers.get_width()
    ink = pixels(numbers, "R'G'B'A u8")[3::4]
    hidden = total = 0
    for channel in image.get_channels():
        marked = pixels(channel, "Y' u8")
        hidden += sum(1 for a, b in zip(ink, marked) if a and b > 127)
        total += sum(1 for b in marked if b > 127)
    assert hidden < 0.01 * total, (hidden, total)
    _, x0, y0 = legend.get_offsets()
    covered = sum(1 for y in range(y0, y0 + legend.get_height())
                  for x in range(x0, x0 + legend.get_width())
                  if ink[y * width + x])
    assert covered == 0, covered
