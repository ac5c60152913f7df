#!/usr/bin/env python3
"""Plants red and brown marks on photographs of real skin, for fit.py.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: plant.py PHOTOGRAPHS STEPS.CSV OUTPUT [SEED]

PHOTOGRAPHS  a folder with NAME.png, NAME.skin.png (white where a mark may lie)
             and NAME.ini of each; pixels-per-mm=0 where the scale is not told
STEPS.CSV    the red lesions of real photographs, a line each: by how much their
             red, green and blue optical density is above that of the skin
             beside them, and their radius in mm
OUTPUT       gets NAME.png, NAME.truth.png and NAME.ini, with rest=unknown: what
             the skin had of its own is in nobody's list

A rendered mark has the colour that a model of skin gives it; real ones have
passed a real camera.  Nothing is planted that would drown in the texture.
Needs numpy, scipy and OpenCV.
"""

import glob
import os
import sys

import cv2
import numpy as np
from scipy import ndimage

from fit import read_scale
from renderers import base

RED_MARK, BROWN_MARK = 3, 4
RED_SHARE = 0.62
# A brown mark's density in red, green and blue, about: melanin (Tsumura et al.
# 1999) as cameras show it.
BROWN = np.array([0.55, 1.0, 1.55])
# The width in mm that a crop of a face of unknown scale may show.
CROP_MM = (45, 95)
# A mark's green density is above this much of the texture's spread, and this.
SEEN_TEXTURE = 1.8
SEEN_LEAST = 0.025


def outline(x, y, radius, softness, random):
    """How strong the mark is at each place (0 to 1), and the distance from its
    middle in radii of its own uneven shape."""
    turn, long = random.uniform(0, np.pi), random.uniform(1, 1.5) ** 0.5
    u = (x * np.cos(turn) + y * np.sin(turn)) / long
    v = (y * np.cos(turn) - x * np.sin(turn)) * long
    angle = np.arctan2(v, u)
    uneven = 1 + sum(random.normal(0, 0.14 / k)
                     * np.cos(k * angle + random.uniform(0, 2 * np.pi))
                     for k in range(2, 6))
    distance = np.hypot(u, v) / (radius * np.maximum(uneven, 0.4))
    strength = np.exp(-np.minimum(distance, 4) ** softness * np.log(2))
    return np.where(distance < 4, strength, 0), distance


def draw_mark(steps, random):
    """Its class, density, radius in mm and how sharply it ends."""
    if random.random() < RED_SHARE:
        step = steps[random.integers(len(steps))]
        density = (step[:3] * random.uniform(0.72, 1.8)
                   + random.normal(0, 0.012, 3))
        radius = np.clip(step[3] * random.uniform(0.7, 1.4), 0.5, 4.5)
        return RED_MARK, density, radius, random.uniform(1.6, 4)
    density = BROWN * random.dirichlet((40, 40, 40)) * 3
    density *= random.uniform(0.06, 0.32) / density[1]
    return BROWN_MARK, density, np.exp(random.uniform(*np.log((0.7, 4)))), \
        random.uniform(2.5, 7)


def is_seen(density, green, distance, radius):
    ring = (distance > 1.3) & (distance < 2.2)
    if ring.sum() < 8:
        return False
    texture = ndimage.gaussian_filter(green, radius / 2)[ring].std()
    return density[1] > SEEN_TEXTURE * texture + SEEN_LEAST


def plant(density, skin, scale, steps, random):
    """The picture's density with marks, and the truth."""
    truth = np.zeros(skin.shape, np.uint8)
    added = np.zeros_like(density)
    inner = ndimage.distance_transform_edt(np.pad(skin, 1))[1:-1, 1:-1]
    rows, columns = np.nonzero(inner > 2.5 * scale)
    if len(rows) < 100:
        return density, truth
    wanted = random.poisson(skin.sum() / scale ** 2 / 100
                            * random.uniform(0.15, 0.9))
    strength = random.uniform(0.5, 1.3)
    places = []
    for _ in range(600):
        if len(places) >= np.clip(wanted, 3, 60):
            break
        i = random.integers(len(rows))
        klass, step, radius, softness = draw_mark(steps, random)
        x, y, radius = columns[i], rows[i], radius * scale
        if radius < 2 or any(np.hypot(x - a, y - b) < 1.5 * (radius + c)
                             for a, b, c in places):
            continue
        reach = int(4 * radius) + 1
        box = (slice(max(0, y - reach), y + reach),
               slice(max(0, x - reach), x + reach))
        at_y, at_x = np.mgrid[box[0].start:min(box[0].stop, skin.shape[0]),
                              box[1].start:min(box[1].stop, skin.shape[1])]
        shape, distance = outline(at_x - x, at_y - y, radius, softness, random)
        if not is_seen(step * strength, density[box][..., 1], distance, radius):
            continue
        truth[box][shape > 0.5] = klass
        if klass == RED_MARK and random.random() < 0.3:
            # A papule's middle is darker, or shines.
            shape *= 1 + random.uniform(-0.6, 1) * 0.6 * np.exp(-(distance / 0.45) ** 2)
        added[box] += shape[..., None] * step * strength
        places.append((x, y, radius))
    return density + added, truth


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    source, output = sys.argv[1], sys.argv[3]
    steps = np.loadtxt(sys.argv[2], delimiter=",", ndmin=2)
    random = np.random.default_rng(int(sys.argv[4]) if len(sys.argv) > 4 else 21)
    os.makedirs(output, exist_ok=True)
    for ini in sorted(glob.glob(os.path.join(source, "*.ini"))):
        name = os.path.basename(ini)[:-4]
        picture = cv2.imread(os.path.join(source, name + ".png"))
        skin = cv2.imread(os.path.join(source, name + ".skin.png"), 0)
        if picture is None or skin is None:
            continue
        told = read_scale(ini)
        scale = told or picture.shape[1] / random.uniform(*CROP_MM)
        linear = base.to_linear(picture[:, :, ::-1].astype(np.float32) / 255)
        density, truth = plant(-np.log(np.maximum(linear, 2e-4)), skin > 127,
                               scale, steps, random)
        if not truth.any():
            continue
        planted = base.to_bytes(base.to_srgb(np.exp(-density)))[:, :, ::-1]
        cv2.imwrite(os.path.join(output, name + ".png"),
                    base.jpeg(planted, int(random.integers(82, 97))))
        cv2.imwrite(os.path.join(output, name + ".truth.png"), truth)
        with open(os.path.join(output, name + ".ini"), "w",
                  encoding="utf-8") as lines:
            lines.write(f"pixels-per-mm={told}\nrest=unknown\n")


if __name__ == "__main__":
    main()
