"""What OpenCV's and scikit-image's blob detectors take for a photograph.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: peers.py NAME PICTURE MEGAPIXELS THREADS

Prints the seconds of one run and the bytes at the highest beyond the
photograph's.  PICTURE holds the R'G'B' bytes that pockmark-bench rendered; its
middle of so many megapixels is taken, in grey, decoded beforehand.  Both look
for spots of the widths that Pockmark looks for, 0.5 to 11.5 mm.
"""

import math
import os
import sys
import time

WIDTH, HEIGHT, SCALE = 6000, 4000, 20.0    # as in bench.h
NARROWEST, WIDEST = 0.5 * SCALE, 11.5 * SCALE
# As SimpleBlobDetector's own first steps: what is darker than around.
CONTRAST = 0.03


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
    part = picture[top:top + height, left:left + width].astype(numpy.float32)
    return (part @ numpy.float32([0.299, 0.587, 0.114])).astype(numpy.uint8)


def simple_blob_detector(grey, threads):
    import cv2
    cv2.setNumThreads(threads)
    parameters = cv2.SimpleBlobDetector_Params()
    parameters.minArea = math.pi / 4.0 * NARROWEST ** 2
    parameters.maxArea = math.pi / 4.0 * WIDEST ** 2
    detector = cv2.SimpleBlobDetector_create(parameters)
    return lambda: detector.detect(grey)


def blob_dog(grey, _threads):
    from skimage.feature import blob_dog as detect
    dark = 1.0 - grey / 255.0
    return lambda: detect(dark, min_sigma=NARROWEST / 4.0,
                          max_sigma=WIDEST / 4.0, threshold=CONTRAST)


PEERS = {'OpenCV SimpleBlobDetector': simple_blob_detector,
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
