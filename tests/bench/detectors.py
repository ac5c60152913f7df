"""What OpenCV's and scikit-image's blob detectors take for a photograph.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: detectors.py NAME PICTURE MEGAPIXELS THREADS

Prints the seconds of one run and the bytes at the highest beyond the
photograph's.  PICTURE holds the R'G'B' bytes that pockmark-bench rendered; its
middle of so many megapixels is taken, decoded beforehand.

SimpleBlobDetector does the work of a detection as the accuracy table has it
do: the planes of the four classes made from the photograph, then one search in
each; and once with its own settings on the grey photograph, which finds little
on skin.  blob_dog looks for dark spots of the widths that Pockmark looks for,
0.5 to 11.5 mm.
"""

import math
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)),
                                '..', 'accuracy'))

WIDTH, HEIGHT, SCALE = 6000, 4000, 20.0    # as in bench.h
NARROWEST, WIDEST = 0.5 * SCALE, 11.5 * SCALE
CONTRAST = 0.03    # of blob_dog: grey, where white is 1
START = 2.0        # SimpleBlobDetector's first threshold, in spreads of skin


def memory(field):
    try:
        with open('/proc/self/status', encoding='ascii') as status:
            for line in status:
                if line.startswith(field):
                    return 1024.0 * float(line.split()[1])
    except OSError:
        pass
    return -1.0


def forget_peak():
    try:
        with open('/proc/self/clear_refs', 'w', encoding='ascii') as file:
            file.write('5')
    except OSError:
        pass


def middle(path, megapixels):
    import numpy
    picture = numpy.fromfile(path, numpy.uint8).reshape(HEIGHT, WIDTH, 3)
    share = math.sqrt(megapixels * 1e6 / (WIDTH * HEIGHT))
    height, width = round(HEIGHT * share), round(WIDTH * share)
    top, left = (HEIGHT - height) // 2, (WIDTH - width) // 2
    return picture[top:top + height, left:left + width].copy()


def grey_of(picture):
    import numpy
    weights = numpy.float32([0.299, 0.587, 0.114])
    return (picture.astype(numpy.float32) @ weights).astype(numpy.uint8)


def simple_blob_detector(picture, threads):
    import cv2
    import peers as accuracy
    cv2.setNumThreads(threads)

    def run():
        planes = accuracy.planes_of(picture[:, :, ::-1])
        greys = {name: accuracy.grey_of(plane, SCALE)
                 for name, plane in planes.items()}
        first = {setting[0]: setting for setting in reversed(accuracy.SETTINGS)}
        for _, plane, narrowest, widest in first.values():
            accuracy.detector_of(START, narrowest, widest, SCALE).detect(
                greys[plane])

    return run


def simple_blob_detector_alone(picture, threads):
    import cv2
    cv2.setNumThreads(threads)
    detector = cv2.SimpleBlobDetector_create()
    grey = grey_of(picture)
    return lambda: detector.detect(grey)


def blob_dog(picture, _threads):
    from skimage.feature import blob_dog as detect
    dark = 1.0 - grey_of(picture) / 255.0
    return lambda: detect(dark, min_sigma=NARROWEST / 4.0,
                          max_sigma=WIDEST / 4.0, threshold=CONTRAST)


PEERS = {'OpenCV SimpleBlobDetector': simple_blob_detector,
         'OpenCV SimpleBlobDetector alone': simple_blob_detector_alone,
         'scikit-image blob_dog': blob_dog}


def main():
    name, path, megapixels, threads = sys.argv[1:]
    try:
        run = PEERS[name](middle(path, float(megapixels)), int(threads))
    except ImportError as missing:
        sys.exit(f'{name} is not measured: {missing}.')
    before = memory('VmRSS:')
    forget_peak()
    began = time.monotonic()
    run()
    seconds = time.monotonic() - began
    peak = memory('VmHWM:')
    print(seconds, max(peak - before, 0.0) if before >= 0.0 else -1.0)


if __name__ == '__main__':
    os.environ['LC_ALL'] = 'C'
    main()
