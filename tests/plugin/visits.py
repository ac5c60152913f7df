"""plug-in-compare-visits: layers, values, files, refusals.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import subprocess

from harness import (Gimp, Gio, PHANTOM_SCALE, call, items, name_image,
                     open_phantom, path, pixels, read_table, refused)

COMPARE = 'plug-in-compare-visits'
LAYERS = ['Legend', 'Fates', 'Redness Change', 'Earlier Visit']


def render_visits():
    """Two visits of one skin, made once; the names of the photographs."""
    if not os.path.exists(path('visit-later.png')):
        subprocess.run([os.environ['POCKMARK_PHANTOM'], '--seed', '3',
                        '--visit', '5', '--width', '640', '--height', '480',
                        '--pixels-per-mm', str(PHANTOM_SCALE),
                        '--output', path('visit')],
                       check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL)
    return 'visit.png', 'visit-later.png'


def later_scale():
    with open(path('visit-later.ini'), encoding='utf-8') as file:
        return float(next(line.split('=')[1] for line in file
                          if line.startswith('pixels-per-mm')))


def open_visits():
    return [open_phantom(name) for name in render_visits()]


def compare(before, after, **arguments):
    """The values of a run that has to succeed."""
    image, layer = after
    arguments.setdefault('pixels_per_mm', later_scale())
    arguments.setdefault('before_pixels_per_mm', PHANTOM_SCALE)
    if before is not None:
        arguments['before'] = before[1]
    status, values, error = call(COMPARE, image, [layer], **arguments)
    assert status == Gimp.PDBStatusType.SUCCESS, error
    return values


def test_layers():
    """group, layers and values; both photographs stay as they are"""
    before, after = open_visits()
    was = [pixels(visit[1], "R'G'B'A u8") for visit in (before, after)]
    new, persisting, resolved, change = compare(before, after)
    assert persisting > 3 and new >= 0 and resolved >= 0, \
        (new, persisting, resolved)
    assert abs(change) < 0.2, change
    assert items(after[0])[0][0] == \
        ('Pockmarks', [(name, None) for name in LAYERS]), items(after[0])
    assert was == [pixels(visit[1], "R'G'B'A u8")
                   for visit in (before, after)]
    assert after[0].get_selected_layers() == [after[1]]
    assert len(before[0].get_layers()) == 1


def test_aligned():
    """the aligned earlier photograph lies on the later one"""
    before, after = open_visits()
    compare(before, after)
    group = after[0].get_layers()[0]
    earlier = group.get_children()[3]
    assert earlier.get_name() == 'Earlier Visit' and not earlier.get_visible()
    data = pixels(earlier, "R'G'B'A u8")
    width, height = earlier.get_width(), earlier.get_height()
    assert (width, height) == (after[1].get_width(), after[1].get_height())
    assert data[4 * (height // 2 * width + width // 2) + 3] == 255


def test_files():
    """tables and a page of their own, with the same counts"""
    before, after = open_visits()
    name_image(before[0], 'first, "visit".png', 'first')
    name_image(after[0], 'second.png', 'second')
    values = compare(before, after, report_file=path('changes.csv'))
    rows = read_table('changes.csv')
    row = read_table('visits.csv')[0]
    for i, fate in enumerate(('new', 'persisting', 'resolved')):
        assert sum(r['Fate'] == fate for r in rows) == values[i]
        assert int(row[fate.capitalize()]) == values[i], row
    assert row['Before'] == 'first, "visit".png'
    for name in ('crater', 'ice-pick', 'red-mark', 'brown-mark'):
        for word in (name, name + ' before'):
            assert int(row['Shared ' + word]) <= int(row[word]), row
    with open(path('second.changes.html'), encoding='utf-8') as file:
        page = file.read()
    assert page.count('data:image/jpeg;base64,') == 2 and '<svg' in page
    assert 'http' not in page, 'the page is self-contained'
    assert 'first, &quot;visit&quot;.png' in page


def test_time_line():
    """a third visit goes on where the second ended"""
    before, after = open_visits()
    name_image(before[0], 'one', 'one')
    name_image(after[0], 'two', 'two')
    compare(before, after, report_file=path('line.csv'))
    name_image(before[0], 'three', 'three')
    compare(after, before, report_file=path('line.csv'),
            pixels_per_mm=PHANTOM_SCALE, before_pixels_per_mm=later_scale())
    with open(path('three.changes.html'), encoding='utf-8') as file:
        page = file.read()
    plot = page[page.index('<svg'):page.index('</svg>')]
    assert [plot.count(f'>{name}<') for name in ('one', 'two', 'three')] \
        == [1, 1, 1], plot
    assert len(read_table('line-visits.csv')) == 2


def test_one_image():
    """visits that are layers of one image go by the layers' names"""
    before, (image, later) = open_visits()
    earlier = Gimp.Layer.new_from_drawable(before[1], image)
    earlier.set_name('day 0')
    later.set_name('day 30')
    image.insert_layer(earlier, None, 1)
    name_image(image, 'face.xcf', 'face')
    compare((image, earlier), (image, later), report_file=path('one.csv'))
    row = read_table('one-visits.csv')[0]
    assert row['Before'] == 'face.xcf (day 0)', row
    assert row['Photograph'] == 'face.xcf (day 30)', row


def test_file_and_again():
    """the earlier visit may be a file; a second run replaces the first"""
    _, after = open_visits()
    count = len(Gimp.get_images())
    for _ in range(2):
        compare(None, after,
                before_file=Gio.File.new_for_path(path('visit.png')))
    assert len(Gimp.get_images()) == count
    assert items(after[0])[0][0][1] == [(name, None) for name in LAYERS]


def test_foreign_page():
    """a page that somebody else wrote is not overwritten"""
    before, after = open_visits()
    name_image(after[0], 'mine', 'mine')
    with open(path('mine.changes.html'), 'w', encoding='utf-8') as file:
        file.write('<p>mine</p>')
    refused(COMPARE, after[0], [after[1]], before=before[1],
            report_file=path('mine.csv'))
    with open(path('mine.changes.html'), encoding='utf-8') as file:
        assert file.read() == '<p>mine</p>'


def test_refusals():
    """no earlier visit, the same layer, a card that is not marked"""
    before, after = open_visits()
    refused(COMPARE, after[0], [after[1]])
    refused(COMPARE, after[0], [after[1]], before=after[1])
    refused(COMPARE, after[0], [after[1]], before=before[1], grey_card=True)


def test_unrelated():
    """photographs of another skin are refused, the image unchanged"""
    _, after = open_visits()
    other = open_phantom()
    was = items(after[0])
    status, _, error = call(COMPARE, after[0], [after[1]], before=other[1],
                            pixels_per_mm=later_scale(),
                            before_pixels_per_mm=PHANTOM_SCALE)
    assert status == Gimp.PDBStatusType.EXECUTION_ERROR, status
    assert 'same skin' in error, error
    assert items(after[0]) == was
