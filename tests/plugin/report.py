"""The files of a report.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os

from harness import (CLASSES, DETECT, Gimp, Gio, call, detect, measure,
                     name_image, open_phantom, path, pixels, read_table,
                     refused)
from measure import fill
from outlines import area, faults

LESIONS = ('Photograph,Lesion,Class,Confidence,X,Y,BX,BY,Width,Height,Area,'
           'Perim.,Major,Minor,Angle,Feret,Circ.,Solidity,Diameter (mm),'
           'Area (mm2),Hemoglobin,Melanin,Relief,a*,L*,Flags,Version,Parameters')
PHOTOGRAPHS = ('Photograph,Width,Height,Pixels per mm,Skin area (cm2),crater,'
               'ice-pick,red-mark,brown-mark,Density (per cm2),Redness mean,'
               'Redness area (%),ITA (degrees),ECCA atrophic,'
               'Goodman-Baron count,Version,Parameters,Error')
TEXT = ('Photograph', 'Class', 'Flags', 'Version', 'Parameters', 'Error')


def report(folder, photograph='face.jpg', stem='face', **arguments):
    os.makedirs(path(folder), exist_ok=True)
    image, layer = open_phantom()
    name_image(image, photograph, stem)
    return detect(image, layer, report_file=path(f'{folder}/lesions.csv'),
                  **arguments)


def raw(name):
    with open(path(name), 'rb') as file:
        return file.read()


def test_language():
    """a sentence of the core's comes in the user's language"""
    _, before = open_phantom()
    image, layer = open_phantom()
    layer.fill(Gimp.FillType.WHITE)
    _, _, error = call('plug-in-compare-visits', image, [layer],
                       before=before)
    said = ('Die beiden Fotos scheinen nicht '
            if os.environ['LC_ALL'].startswith('de')
            else 'The two photographs do not seem ')
    assert error.startswith(said), error


def test_headers():
    """the headers are the promised ones, lines end as RFC 4180 says"""
    report('headers')
    for name, header in (('lesions', LESIONS), ('photographs', PHOTOGRAPHS)):
        data = raw(f'headers/{name}.csv')
        assert data.startswith(header.encode() + b'\r\n'), data[:300]
        assert data.endswith(b'\r\n') and data.count(b'\r\n') == \
            data.count(b'\n')


def test_numbers():
    """numbers have a decimal point, whatever the locale"""
    report('numbers')
    for name in ('lesions', 'photographs'):
        rows = read_table(f'numbers/{name}.csv')
        assert rows
        for row in rows:
            for key, value in row.items():
                if key not in TEXT and value != '':
                    float(value)
                    assert ',' not in value


def test_counts_agree():
    """both tables and the values returned say the same"""
    values = report('counts')
    row = read_table('counts/photographs.csv')[0]
    rows = read_table('counts/lesions.csv')
    for word, count in zip(CLASSES, values):
        assert int(row[word]) == count
        assert sum(other['Class'] == word for other in rows) == count
    assert abs(float(row['Skin area (cm2)']) - values[4]) < 1e-3
    assert row['Width'] == '640' and row['Height'] == '480'
    assert row['Pixels per mm'] == '12' and row['Error'] == ''
    assert 'sensitivity=0.5' in row['Parameters']


def test_merge():
    """other photographs' rows stay, in their order; one's own are replaced"""
    report('merge', 'a, "one".jpg', 'one')
    report('merge', 'two.jpg', 'two')
    first = read_table('merge/lesions.csv')
    report('merge', 'a, "one".jpg', 'one', find_red_marks=False)
    rows = read_table('merge/lesions.csv')
    names = [row['Photograph'] for row in rows]
    assert names == sorted(names), names
    assert [row for row in rows if row['Photograph'] == 'two.jpg'] == \
        [row for row in first if row['Photograph'] == 'two.jpg']
    assert not any(row['Class'] == 'red-mark' for row in rows
                   if row['Photograph'] != 'two.jpg')
    assert [row['Photograph'] for row in
            read_table('merge/photographs.csv')] == ['a, "one".jpg',
                                                     'two.jpg']


def test_same_again():
    """the same run writes the same bytes and leaves nothing else"""
    report('again')
    first = {name: raw(f'again/{name}') for name in os.listdir(path('again'))}
    assert sorted(first) == ['face.classes.png', 'face.lesions.geojson',
                             'lesions.csv', 'photographs.csv'], first.keys()
    report('again')
    for name, data in first.items():
        assert raw(f'again/{name}') == data, name
    assert sorted(os.listdir(path('again'))) == sorted(first)


def no_json(text):
    raise ValueError(f'{text} is no JSON')


def load_outlines(name):
    with open(path(name), encoding='utf-8') as file:
        return json.load(file, parse_constant=no_json)


def test_geojson():
    """outlines are valid, and enclose as many pixels as the table says"""
    report('geojson')
    collection = load_outlines('geojson/face.lesions.geojson')
    rows = {int(row['Lesion']): row
            for row in read_table('geojson/lesions.csv')}
    assert not faults(collection), faults(collection)
    assert len(collection['features']) == len(rows)
    for feature in collection['features']:
        row = rows[feature['id']]
        properties = feature['properties']
        assert properties['classification']['name'] == row['Class']
        assert area(feature) == float(row['Area']), (area(feature), row)
        assert properties['measurements']['Area'] == area(feature)
        assert properties['metadata']['Flags'] == row['Flags']


def paint_loop(image, x, y):
    """Two holes in a loop whose ends touch by the tips of two pixels."""
    channel = image.get_channel_by_name('Pockmarks: crater')
    image.select_rectangle(Gimp.ChannelOps.REPLACE, x, y, 40, 40)
    image.select_rectangle(Gimp.ChannelOps.SUBTRACT, x + 10, y + 10, 20, 20)
    image.select_rectangle(Gimp.ChannelOps.SUBTRACT, x + 30, y + 30, 10, 10)
    image.select_rectangle(Gimp.ChannelOps.SUBTRACT, x + 2, y + 2, 5, 5)
    fill(channel, True)
    Gimp.Selection.none(image)


def test_tips():
    """a lesion that touches itself by a tip has simple rings, holes too"""
    os.makedirs(path('tips'))
    image, layer = open_phantom()
    name_image(image, 'face.jpg', 'face')
    detect(image, layer)
    for word in CLASSES:
        image.select_rectangle(Gimp.ChannelOps.REPLACE, 200, 200, 60, 60)
        fill(image.get_channel_by_name(f'Pockmarks: {word}'), False)
    paint_loop(image, 210, 210)
    measure(image, layer, report_file=path('tips/lesions.csv'))
    collection = load_outlines('tips/face.lesions.geojson')
    assert not faults(collection), faults(collection)
    loop = [feature for feature in collection['features']
            if [210, 210] in feature['geometry']['coordinates'][0][0]][0]
    assert area(loop) == 40 * 40 - 20 * 20 - 10 * 10 - 5 * 5, area(loop)
    assert [len(polygon) for polygon in loop['geometry']['coordinates']] == \
        [3], loop['geometry']
    assert 'edited' in loop['properties']['metadata']['Flags']


def test_class_picture():
    """the picture of the classes holds each class's number"""
    report('classes')
    image = Gimp.file_load(
        Gimp.RunMode.NONINTERACTIVE,
        Gio.File.new_for_path(path('classes/face.classes.png')))
    assert image.get_base_type() == Gimp.ImageBaseType.GRAY
    data = pixels(image.get_layers()[0], "Y' u8")
    assert len(data) == 640 * 480
    rows = read_table('classes/lesions.csv')
    for number, word in enumerate(CLASSES, 1):
        area = sum(float(row['Area']) for row in rows if row['Class'] == word)
        assert data.count(number) == area, (word, data.count(number), area)


def test_foreign():
    """files of somebody else are not overwritten, and nothing is"""
    for name in ('face.lesions.geojson', 'face.classes.png',
                 'photographs.csv'):
        folder = f'foreign {name}'
        os.makedirs(path(folder))
        with open(path(f'{folder}/{name}'), 'wb') as file:
            file.write(b'mine')
        image, layer = open_phantom()
        name_image(image, 'face.jpg', 'face')
        error = refused(DETECT, image, [layer],
                        report_file=path(f'{folder}/lesions.csv'))
        assert name in error, error
        assert os.listdir(path(folder)) == [name]
        assert raw(f'{folder}/{name}') == b'mine'
