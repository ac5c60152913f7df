"""What the renderers of this folder share: tones, numbers, filters, camera
and files.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

Skin, lesions and light are each renderer's own: two that share those would
teach and miss the same.  Needs numpy and OpenCV.
"""

import collections
import math
import os
import sys

import cv2
import numpy as np

# As in the truth, and as fit.py counts them.
CLASSES = {"crater": 1, "ice-pick": 2, "red-mark": 3, "brown-mark": 4}

# Share of melanosomes in the epidermis and the sRGB colour it gives with 1 %
# blood and 2 % glare, by the optics of Jacques, Skin Optics, Oregon Medical
# Laser Center News, January 1998 (https://omlc.org/news/jan98/skinoptics.html).
TONES = ((0.013, (206, 178, 164)),
         (0.04, (199, 166, 143)),
         (0.10, (182, 141, 106)),
         (0.20, (157, 107, 67)),
         (0.30, (134, 83, 47)),
         (0.43, (109, 63, 38)))

# The mosaic passes through 16 bits, with room for noise below black.
MOSAIC_WHITE = 50000
MOSAIC_BLACK = 1000

# Picture: blue, green and red bytes.  Truth: the class of each pixel.  Scale:
# pixels per millimetre.  Angles: degrees, the azimuth counterclockwise from
# the right.
Photograph = collections.namedtuple(
    "Photograph", "picture truth scale azimuth elevation")


# ---- The curve of sRGB (IEC 61966-2-1), from and to 0 to 1 ----

def to_linear(value):
    return np.where(value <= 0.04045, value / 12.92,
                    ((value + 0.055) / 1.055) ** 2.4)


def to_srgb(linear):
    value = np.clip(linear, 0, 1)
    return np.where(value <= 0.0031308, value * 12.92,
                    1.055 * value ** (1 / 2.4) - 0.055)


def to_bytes(value):
    return np.round(255 * np.clip(value, 0, 1)).astype(np.uint8)


# ---- Numbers and directions ----

def log_between(random, low, high):
    """A number between these, even in the logarithm."""
    return math.exp(random.uniform(math.log(low), math.log(high)))


def direction(light):
    """Towards a light, of length one: right, down and out of the picture."""
    azimuth, elevation = math.radians(light.azimuth), math.radians(light.elevation)
    return (math.cos(azimuth) * math.cos(elevation),
            -math.sin(azimuth) * math.cos(elevation), math.sin(elevation))


# ---- Filters ----

def blur(values, sigma):
    """A Gaussian; a wide one on a smaller copy."""
    if sigma < 0.25:
        return values
    border = cv2.BORDER_REFLECT
    shrink = int(sigma // 3)
    if shrink < 2:
        return cv2.GaussianBlur(values, (0, 0), sigma, borderType=border)
    height, width = values.shape[:2]
    small = cv2.resize(values, (max(2, width // shrink), max(2, height // shrink)),
                       interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / shrink, borderType=border)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def shifted(values, right, down):
    """What is that many pixels further, at each pixel."""
    move = np.array([[1, 0, right], [0, 1, down]], np.float32)
    return cv2.warpAffine(values, move, values.shape[::-1],
                          flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                          borderMode=cv2.BORDER_REPLICATE)


def sharpen(values, strength, sigma):
    return values + strength * (values - blur(values, sigma))


def steepen(values, share):
    """Mixes in that share of an S curve."""
    return values * (1 - share) + share * values ** 2 * (3 - 2 * values)


# ---- Camera ----

def expose(linear, full_well, read_noise, random):
    """A sensor behind a mosaic of filters, with the noise of its electrons, and
    the three channels that are made of that again."""
    raw = np.empty(linear.shape[:2], np.float32)
    raw[0::2, 0::2] = linear[0::2, 0::2, 0]
    raw[0::2, 1::2] = linear[0::2, 1::2, 1]
    raw[1::2, 0::2] = linear[1::2, 0::2, 1]
    raw[1::2, 1::2] = linear[1::2, 1::2, 2]
    noise = random.standard_normal(raw.shape, np.float32)
    raw += noise * np.sqrt(np.maximum(raw, 0) / full_well
                           + read_noise ** 2).astype(np.float32)
    raw = np.clip(MOSAIC_WHITE * raw + MOSAIC_BLACK, 0, 65535).astype(np.uint16)
    # OpenCV names a mosaic by its second row: this one starts with red.
    linear = cv2.cvtColor(raw, cv2.COLOR_BayerBG2RGB).astype(np.float32)
    return (linear - MOSAIC_BLACK) / MOSAIC_WHITE


def jpeg(picture, quality):
    """The picture as it comes back from such a file."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


# ---- Files ----

def write(path, photograph):
    cv2.imwrite(path + ".png", photograph.picture)
    cv2.imwrite(path + ".truth.png", photograph.truth)
    with open(path + ".ini", "w", encoding="utf-8") as out:
        out.write("[Phantom]\n"
                  f"pixels-per-mm={photograph.scale}\n"
                  f"azimuth={photograph.azimuth}\n"
                  f"elevation={photograph.elevation}\n")


def run(name, usage, render):
    """The main function of a renderer: RENDER makes the photograph of a
    number."""
    if len(sys.argv) != 4:
        sys.exit(usage)
    output, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.makedirs(output, exist_ok=True)
    # The same sums in the same order on every machine.
    cv2.setNumThreads(1)
    for number in range(first, last + 1):
        write(os.path.join(output, f"{name}-{number:03d}"), render(number))
