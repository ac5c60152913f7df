"""OpenCV's SimpleBlobDetector on the phantoms of pockmark-accuracy.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: peers.py EXCHANGE OUTPUT

EXCHANGE is what pockmark-accuracy --exchange left, OUTPUT the folder with its
accuracy.csv, to which the detector's lines are added.  Prints all methods
side by side; without OpenCV it says so and prints the others.

The detector looks for dark spots in an 8-bit picture, through many thresholds.
It gets each class's plane without its slow background, in units of the
photograph's own robust spread; the first threshold, the plane and the widths
are the ones with the highest F1 on this very set.
"""

import csv
import math
import multiprocessing
import os
import sys

try:
    import cv2
    import numpy
except ImportError:
    cv2 = None

BACKGROUND = 5.0        # mm, sigma of what counts as slow
STEPS = 10              # of the detector's thresholds
GREY_PER_SPREAD = 12    # levels of the 8-bit picture
SKIN_GREY = 200
STARTS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 9.0)  # first threshold, in spreads
METHOD = 'SimpleBlobDetector'

CLASSES = ('crater', 'ice-pick', 'red-mark', 'brown-mark')
NUMBER = {name: number for number, name in enumerate(CLASSES, 1)}

# (class, plane, narrowest and widest blob in mm)
SETTINGS = tuple(
    [('ice-pick', 'darkness', least, border) for least in (0.3, 0.6)
     for border in (1.0, 1.4, 2.0)]
    + [('crater', 'darkness', border, 9.0) for border in (1.0, 1.4, 2.0)]
    + [('red-mark', 'a*', 0.8, 9.0)]
    + [('brown-mark', plane, 0.8, 9.0) for plane in ('b*', 'darkness')])


def planes_of(picture):
    """Planes in which the blobs sought are brighter than their surroundings."""
    lab = cv2.cvtColor(picture.astype(numpy.float32) / 255.0, cv2.COLOR_BGR2Lab)
    return {'darkness': 100.0 - lab[:, :, 0], 'a*': lab[:, :, 1],
            'b*': lab[:, :, 2]}


def grey_of(plane, scale):
    """8 bits, blobs dark."""
    plane = cv2.GaussianBlur(plane, (0, 0), max(0.08 * scale, 0.5))
    rest = plane - cv2.GaussianBlur(plane, (0, 0), BACKGROUND * scale)
    spread = 1.4826 * numpy.median(numpy.abs(rest - numpy.median(rest)))
    grey = SKIN_GREY - GREY_PER_SPREAD * rest / max(spread, 1e-6)
    return numpy.clip(grey, 0, 255).astype(numpy.uint8)


def detector_of(start, narrowest, widest, scale):
    parameters = cv2.SimpleBlobDetector_Params()
    parameters.maxThreshold = SKIN_GREY - GREY_PER_SPREAD * start
    parameters.minThreshold = max(parameters.maxThreshold - 120, 5)
    parameters.thresholdStep = (parameters.maxThreshold
                                - parameters.minThreshold) / STEPS
    parameters.minRepeatability = 2
    parameters.minDistBetweenBlobs = 0.5 * narrowest * scale
    parameters.filterByColor = True
    parameters.blobColor = 0
    parameters.filterByArea = True
    parameters.minArea = math.pi / 4.0 * (narrowest * scale) ** 2
    parameters.maxArea = math.pi / 4.0 * (widest * scale) ** 2
    parameters.filterByCircularity = False
    parameters.filterByConvexity = True
    parameters.minConvexity = 0.7
    parameters.filterByInertia = True
    parameters.minInertiaRatio = 0.2
    return cv2.SimpleBlobDetector_create(parameters)


def nearest(labels, x, y, reach, taken):
    """The nearest free lesion within reach, 0 for none."""
    height, width = labels.shape
    x0, x1 = max(int(x - reach), 0), min(int(x + reach) + 2, width)
    y0, y1 = max(int(y - reach), 0), min(int(y + reach) + 2, height)
    best, found = reach, 0
    for py, px in zip(*numpy.nonzero(labels[y0:y1, x0:x1])):
        label = labels[y0 + py, x0 + px]
        away = math.hypot(max(abs(x0 + px + 0.5 - x) - 0.5, 0.0),
                          max(abs(y0 + py + 0.5 - y) - 0.5, 0.0))
        if away <= best and label not in taken:
            best, found = away, label
    return found


def count_right(keypoints, labels, reach):
    """One finding to a lesion, the largest first: blobs have no strength."""
    taken = set()
    for point in sorted(keypoints, key=lambda k: -k.size):
        x, y = point.pt[0] + 0.5, point.pt[1] + 0.5
        label = nearest(labels, x, y, reach, taken)
        if label:
            taken.add(label)
    return len(taken)


def examine(job):
    """(setting, start) -> (truth, found, right) of one phantom."""
    folder, stem, scale, tolerance = job
    cv2.setNumThreads(1)
    picture = cv2.imread(os.path.join(folder, stem + '.ppm'))
    labels = cv2.imread(os.path.join(folder, stem + '.labels.pgm'),
                        cv2.IMREAD_UNCHANGED)
    classes = cv2.imread(os.path.join(folder, stem + '.classes.pgm'),
                         cv2.IMREAD_UNCHANGED)
    greys = {name: grey_of(plane, scale)
             for name, plane in planes_of(picture).items()}
    counts = {}
    for setting in SETTINGS:
        name, plane, narrowest, widest = setting
        wanted = numpy.where(classes == NUMBER[name], labels, 0)
        truth = len(numpy.unique(wanted[wanted > 0]))
        for start in STARTS:
            detector = detector_of(start, narrowest, widest, scale)
            keypoints = detector.detect(greys[plane])
            counts[setting, start] = (truth, len(keypoints),
                                      count_right(keypoints, wanted,
                                                  tolerance * scale))
    return counts


def f1_of(truth, found, right):
    return 2.0 * right / (truth + found) if truth + found else 0.0


def total(phantoms, choice, group):
    rows = [counts[choice] for counts, groups in phantoms if group in groups]
    return tuple(sum(column) for column in zip(*rows)) if rows else (0, 0, 0)


def lines_of(phantoms, groups):
    """Lines of accuracy.csv, each class in its best setting."""
    lines = []
    for name in CLASSES:
        choices = [(setting, start) for setting in SETTINGS
                   if setting[0] == name for start in STARTS]
        best = max(choices, key=lambda choice: f1_of(
            *total(phantoms, choice, groups[0])))
        for group in groups:
            truth, found, right = total(phantoms, best, group)
            precision = '%.4f' % (right / found) if found else ''
            recall = '%.4f' % (right / truth) if truth else ''
            f1 = '%.4f' % f1_of(truth, found, right) if truth + found else ''
            lines.append([METHOD, group, name, str(truth), str(found),
                          str(right), precision, recall, f1])
    return lines


def measure(exchange, groups):
    with open(os.path.join(exchange, 'phantoms.csv'), newline='',
              encoding='utf-8') as file:
        index = list(csv.DictReader(file))
    jobs = [(exchange, row['Phantom'], float(row['Pixels per mm']),
             float(row['Tolerance (mm)'])) for row in index]
    with multiprocessing.Pool(min(os.cpu_count() or 1, 4)) as workers:
        counts = workers.map(examine, jobs, chunksize=1)
    phantoms = [(count, row['Groups'].split(';'))
                for count, row in zip(counts, index)]
    return lines_of(phantoms, groups)


def rounded(share):
    return '%.3f' % float(share) if share else '-'


def in_order(values):
    return list(dict.fromkeys(values))


def print_beside(rows):
    """Every class of the whole set in full, groups by their F1."""
    methods = in_order(row[0] for row in rows)
    groups = in_order(row[1] for row in rows)
    cell = {tuple(row[:3]): row[3:] for row in rows}
    print('\nSide by side        ' + ''.join('  %-30s' % m for m in methods).rstrip())
    print('               truth' + '   found   prec.  recall      F1' * len(methods))
    for name in CLASSES:
        line = '  %-11s%7s' % (name, cell[methods[0], groups[0], name][0])
        for method in methods:
            _, found, _, *shares = cell[method, groups[0], name]
            line += '  %6s' % found + ''.join(
                '  %6s' % rounded(share) for share in shares)
        print(line.rstrip())
    print('\nF1 by skin tone and light; in each column ' + ' / '.join(methods))
    print(' ' * 24 + ''.join('  %-21s' % name for name in CLASSES).rstrip())
    for group in groups[1:]:
        line = '  %-22s' % group
        for name in CLASSES:
            line += '  %-21s' % ' / '.join(
                rounded(cell[method, group, name][5]) for method in methods)
        print(line.rstrip())


def main():
    exchange, output = sys.argv[1:3]
    path = os.path.join(output, 'accuracy.csv')
    with open(path, newline='', encoding='utf-8') as file:
        header, *rows = list(csv.reader(file))
    rows.sort(key=lambda row: row[0] != 'Pockmark')
    if cv2 is None:
        print('\n%s: not measured: python3-opencv is missing' % METHOD)
    else:
        added = measure(exchange, in_order(row[1] for row in rows))
        rows += added
        with open(path, 'a', newline='', encoding='utf-8') as file:
            csv.writer(file).writerows(added)
    print_beside(rows)


if __name__ == '__main__':
    main()
