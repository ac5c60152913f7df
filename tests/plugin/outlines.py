"""Whether a file of outlines is what others take it for.

RFC 7946: a FeatureCollection of MultiPolygons whose rings are closed, run
counter-clockwise outside and clockwise around holes (right-hand rule, 3.1.6),
and are simple: none touches itself, which is also what the JTS library behind
QuPath asks of a valid polygon.

QuPath 0.4 and later, as its reader does it (qupath.lib.io, PathIO,
QuPathTypeAdapters, ROITypeAdapters and GsonTools): a Feature's id is no object
or list; objectType says what it becomes; name is a text; a classification has a
name, without the colon that makes two classes of it, and a colour of three
numbers, else the whole file is refused; measurements are numbers by name and
nothing else; metadata are texts by name.  Places are pixels of the photograph.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import math

WORDS = ('crater', 'ice-pick', 'red-mark', 'brown-mark')


def edges(ring):
    return list(zip(ring, ring[1:]))


def signed_area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in edges(ring)) / 2.0


def units(ring):
    """The sides of pixels that the ring runs along; None where it does not."""
    found = []
    for (ax, ay), (bx, by) in edges(ring):
        if (ax == bx) == (ay == by):
            return None
        for i in range(abs(bx - ax) + abs(by - ay)):
            step = ((bx > ax) - (bx < ax), (by > ay) - (by < ay))
            found.append((ax + i * step[0], ay + i * step[1]))
    return found


def ring_faults(ring, hole):
    if len(ring) < 4 or ring[0] != ring[-1]:
        yield 'a ring is not closed'
        return
    path = units([tuple(point) for point in ring])
    if path is None:
        yield 'a ring leaves the pixels\' sides'
    elif len(set(path)) != len(path):
        yield 'a ring touches itself'
    if (signed_area(ring) < 0) != hole:
        yield 'a ring runs the wrong way round'


def inside(ring, x, y):
    found = False
    for (ax, ay), (bx, by) in edges(ring):
        if (ay > y) != (by > y) and x < ax:
            found = not found
    return found


def polygon_faults(polygon):
    for n, ring in enumerate(polygon):
        yield from ring_faults(ring, n > 0)
    for hole in polygon[1:]:
        x, y = min((y, x) for x, y in hole)[::-1]
        if not inside(polygon[0], x + 0.5, y + 0.5):
            yield 'a hole lies outside its polygon'


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def is_figure(value):
    return isinstance(value, float) and math.isfinite(value) \
        or is_whole(value)


def property_faults(properties):
    classification = properties.get('classification', {})
    colour = classification.get('color', [])
    if properties.get('objectType') != 'annotation':
        yield 'objectType'
    if not isinstance(properties.get('name'), str):
        yield 'name'
    if set(classification) != {'name', 'color'} \
            or classification['name'] not in WORDS:
        yield 'classification'
    if len(colour) != 3 or not all(is_whole(value) and 0 <= value <= 255
                                   for value in colour):
        yield 'color'
    if not properties.get('measurements') or not all(
            is_figure(value) for value in properties['measurements'].values()):
        yield 'measurements'
    if not all(isinstance(value, str)
               for value in properties.get('metadata', {}).values()):
        yield 'metadata'


def place_faults(polygon, width, height):
    for ring in polygon:
        for point in ring:
            if len(point) != 2 or not all(map(is_whole, point)) \
                    or not (0 <= point[0] <= width and 0 <= point[1] <= height):
                yield 'a point lies outside the photograph'


def faults(collection):
    """All that is wrong with the collection of features."""
    found = []
    if collection.get('type') != 'FeatureCollection':
        found.append('no FeatureCollection')
    for feature in collection['features']:
        geometry = feature['geometry']
        if feature['type'] != 'Feature' or geometry['type'] != 'MultiPolygon' \
                or set(geometry) != {'type', 'coordinates'} \
                or not geometry['coordinates']:
            found.append('no Feature of a MultiPolygon')
        if not is_whole(feature['id']):
            found.append('id')
        for polygon in geometry['coordinates']:
            found += polygon_faults(polygon)
            found += place_faults(polygon, collection['width'],
                                  collection['height'])
        found += property_faults(feature['properties'])
    return found


def area(feature):
    """Of the polygons, holes taken off; in pixels."""
    return sum(signed_area(ring)
               for polygon in feature['geometry']['coordinates']
               for ring in polygon)
