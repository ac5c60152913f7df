"""The measurements against scikit-image and scipy, on rendered shapes.

    test-oracle.py MEASURE-SHAPES

Exact (to 1e-6) against figures that have one meaning: area, centroid, box;
the ellipse, from scikit-image's moments; Feret's diameter and the hull, from
scipy over all corners of pixels; the perimeter, from an outline walked here.
Within stated tolerances against what scikit-image calls by the same names but
takes from pixel centres, and against the true figures of ellipses.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import math
import os
import subprocess
import sys
import tempfile

try:
    import numpy
    from scipy.ndimage import binary_fill_holes, gaussian_filter, label
    from scipy.spatial import ConvexHull
    from scipy.spatial.distance import pdist
    from skimage.measure import regionprops
except ImportError as missing:
    print(f'1..0 # SKIP {missing}')
    sys.exit(0)

CELL = 120  # each shape has a square of its own, in pixels
COLUMNS = 6

# Tolerances against scikit-image's own words: parts of the figure.
PERIMETER = 0.08
FERET = 0.03
SOLIDITY = 0.04
# Against the ellipse that was drawn: parts of the axes, degrees.
AXES = 0.01
ANGLE = 0.6


# ---- Shapes -----------------------------------------------------------------

def grid():
    y, x = numpy.mgrid[0:CELL, 0:CELL] + 0.5
    return x - 60.3, y - 59.6


def ellipse(a, b, degrees):
    """Half axes a and b, the first turned counter-clockwise."""
    x, y = grid()
    t = math.radians(degrees)
    u = x * math.cos(t) - y * math.sin(t)
    v = x * math.sin(t) + y * math.cos(t)
    return (u / a) ** 2 + (v / b) ** 2 <= 1.0


def rectangle(a, b, degrees):
    x, y = grid()
    t = math.radians(degrees)
    u = x * math.cos(t) - y * math.sin(t)
    v = x * math.sin(t) + y * math.cos(t)
    return (abs(u) <= a) & (abs(v) <= b)


def crescent():
    x, y = grid()
    return (numpy.hypot(x, y) <= 45) & (numpy.hypot(x - 25, y + 9) > 38)


def blob(seed):
    """A smooth random shape in one piece without holes."""
    noise = gaussian_filter(
        numpy.random.default_rng(seed).normal(size=(CELL, CELL)), 9)
    x, y = grid()
    pieces, _ = label(noise / noise.std() - numpy.hypot(x, y) / 30 > -1.2)
    sizes = numpy.bincount(pieces.ravel())[1:]
    return binary_fill_holes(pieces == 1 + sizes.argmax())


ELLIPSES = [(40, 40, 0), (45, 20, 0), (45, 20, 90), (45, 20, 30),
            (45, 20, 135), (50, 8, 72), (30, 25, 160), (12, 6, 45)]
SHAPES = ([ellipse(*figures) for figures in ELLIPSES]
          + [rectangle(40, 15, t) for t in (0, 20, 45, 110)]
          + [crescent(), rectangle(0.5, 40, 0), rectangle(0.3, 0.5, 0)]
          + [blob(seed) for seed in range(12)])


def draw():
    rows = -(-len(SHAPES) // COLUMNS)
    labels = numpy.zeros((rows * CELL, COLUMNS * CELL), numpy.int32)
    for i, shape in enumerate(SHAPES):
        y, x = divmod(i, COLUMNS)
        labels[y * CELL:(y + 1) * CELL, x * CELL:(x + 1) * CELL][shape] = i + 1
    return labels


# ---- Oracles ----------------------------------------------------------------

def corners(region):
    points = region.coords[:, ::-1]
    return numpy.unique(numpy.concatenate(
        [points + offset for offset in ((0, 0), (0, 1), (1, 0), (1, 1))]),
        axis=0).astype(float)


def hull(region):
    return ConvexHull(corners(region))


def feret(region):
    shape = hull(region)
    return pdist(shape.points[shape.vertices]).max()


def axes(region):
    """The ellipse of the same area and second moments; scikit-image's moments
    are those of points, and each pixel's own is added to both."""
    large, small = (value + 1 / 12 for value in region.inertia_tensor_eigvals)
    ratio = math.sqrt(large / small)
    minor = math.sqrt(4 * region.area / (math.pi * ratio))
    return minor * ratio, minor


def sides(region):
    """Lengths of the outline's straight sides, from its top left corner on."""
    inside = numpy.pad(region.image, 1)

    def has(x, y):
        return inside[y + 1, x + 1]
    start = (int(numpy.argmax(region.image[0])), 0)
    at, (dx, dy), lengths = start, (1, 0), [0]
    while True:
        at = (at[0] + dx, at[1] + dy)
        lengths[-1] += 1
        # The two pixels ahead, left and right of the way.
        left = has(at[0] + (dx + dy - 1) // 2, at[1] + (dy - dx - 1) // 2)
        right = has(at[0] + (dx - dy - 1) // 2, at[1] + (dy + dx - 1) // 2)
        if at == start:
            return lengths
        if not right:
            dx, dy = -dy, dx
            lengths.append(0)
        elif left:
            dx, dy = dy, -dx
            lengths.append(0)


def perimeter(region):
    """ImageJ's rule: a corner is cut where the side before it is longer than a
    pixel, or the corner before was not cut."""
    cut, cuts = False, 0
    lengths = sides(region)
    for length in [lengths[-1]] + lengths[:-1]:
        cut = length > 1 or not cut
        cuts += cut
    return sum(lengths) - cuts * (2 - math.sqrt(2))


# ---- Comparing --------------------------------------------------------------

def worst(measured, regions, figure, oracle):
    """The largest relative error, with its shape."""
    return max((abs(measured[region.label][figure] - oracle(region))
                / max(1.0, abs(oracle(region))), region.label)
               for region in regions)


def turned(measured, degrees):
    return abs((measured - degrees + 90) % 180 - 90)


class Tap:
    def __init__(self):
        self.count = 0

    def say(self, passed, name):
        self.count += 1
        print(f'{"ok" if passed else "not ok"} {self.count} - {name}')

    def within(self, error, tolerance, name):
        self.say(error[0] <= tolerance,
                 f'{name}: {error[0]:.2g}, at most {tolerance:g} '
                 f'(shape {error[1]})')


def measure(program, labels):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'labels')
        labels.tofile(path)
        text = subprocess.run([program, path, str(labels.shape[1]),
                               str(labels.shape[0])], capture_output=True,
                              check=True, text=True).stdout
    return {int(row['number']): {key: float(value)
                                 for key, value in row.items()}
            for row in csv.DictReader(text.splitlines())}


def main():
    labels = draw()
    measured = measure(sys.argv[1], labels)
    regions = regionprops(labels)
    # Of lines as thin as a pixel, pixel centres tell too little.
    large = [region for region in regions if axes(region)[1] > 4]
    tap = Tap()
    tap.say(sorted(measured) == [region.label for region in regions],
            f'{len(SHAPES)} shapes')
    for figure, oracle in (
            ('area', lambda r: r.area), ('x', lambda r: r.centroid[1] + 0.5),
            ('y', lambda r: r.centroid[0] + 0.5), ('bx', lambda r: r.bbox[1]),
            ('by', lambda r: r.bbox[0]),
            ('width', lambda r: r.bbox[3] - r.bbox[1]),
            ('height', lambda r: r.bbox[2] - r.bbox[0]),
            ('major', lambda r: axes(r)[0]), ('minor', lambda r: axes(r)[1]),
            ('feret', feret), ('perimeter', perimeter),
            ('solidity', lambda r: r.area / hull(r).volume),
            ('circularity', lambda r: min(1.0, 4 * math.pi * r.area
                                          / perimeter(r) ** 2))):
        tap.within(worst(measured, regions, figure, oracle), 1e-6, figure)
    for figure, tolerance, oracle in (
            ('perimeter', PERIMETER, lambda r: r.perimeter),
            ('feret', FERET, lambda r: r.feret_diameter_max),
            ('solidity', SOLIDITY, lambda r: r.solidity)):
        tap.within(worst(measured, large, figure, oracle), tolerance,
                   f'{figure} beside scikit-image\'s')
    drawn = [(abs(measured[i + 1][name] / (2 * half) - 1), i + 1)
             for i, figures in enumerate(ELLIPSES[:-1])
             for name, half in zip(('major', 'minor'), figures)]
    tap.within(max(drawn), AXES, 'axes of drawn ellipses')
    angles = [(turned(measured[i + 1]['angle'], figures[2]), i + 1)
              for i, figures in enumerate(ELLIPSES) if figures[0] > figures[1]]
    tap.within(max(angles), ANGLE, 'angles of drawn ellipses, degrees')
    angles = [(turned(measured[r.label]['angle'],
                      90 + math.degrees(r.orientation)), r.label)
              for r in large if r.eccentricity > 0.5]
    tap.within(max(angles), 1e-4, 'angles beside scikit-image\'s, degrees')
    print(f'1..{tap.count}')


if __name__ == '__main__':
    main()
