#!/usr/bin/env python3
"""Makes a second, changed photograph of each phantom, for fit.py.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: augment.py [--jpeg] PHANTOMS OUTPUT

Some of the scars are tinted, as inflamed or pigmented scars are: a red floor
does not make a red mark of a hollow.  Each NAME.png gets other colours and another contrast, as another camera or
another renderer's pigments would give it, and folds; it is blurred or made
noisy, exposed by up to 25 % more or less, white-balanced up to 6 % wrongly,
scaled by 0.6 to 1.2 and saved as JPEG and back; NAME.truth.png and NAME.ini
follow.  What is learnt then does not hang on one camera or one renderer.  With
--jpeg a picture is but saved again as a poorer JPEG, its blocks elsewhere.
Needs numpy, scipy and OpenCV.
"""

import glob
import os
import sys

import cv2
import numpy as np

from fit import read_scale
from renderers import base


SCARS = (base.CLASSES["crater"], base.CLASSES["ice-pick"])
# The share of scars that is tinted, at most; of these, that of brown ones.
MOST_TINTED = 0.7
BROWN_SHARE = 0.3
# Amounts of pigment, and how far it spreads beyond, mm.
TINT = (0.04, 0.45)
TINT_SPREAD = (0.15, 0.6)
# Density of red, green and blue for one unit of blood and of melanin (Tsumura,
# doi:10.1364/josaa.16.002169).
PIGMENTS = np.array([[0.2988, 0.6838, 0.6657], [0.2203, 0.4788, 0.8499]],
                    np.float32)


def recolour(linear, random):
    """Mixes the channels' densities and stretches them.  Rows that sum to one
    leave shading colourless; the mixing turns the directions of haemoglobin and
    melanin by up to some 15 degrees."""
    mixing = np.eye(3) + random.normal(0, 0.09, (3, 3))
    mixing /= mixing.sum(1, keepdims=True)
    density = -np.log(np.maximum(linear, 1e-3)) @ mixing.T
    typical = np.median(density, axis=(0, 1))
    density = typical + random.uniform(0.75, 1.3) * (density - typical)
    return np.exp(-density).astype(np.float32)


def tint_scars(linear, truth, scale, random):
    """Adds blood or melanin to some of the scars, a little beyond their rims."""
    count, scars = cv2.connectedComponents(np.isin(truth, SCARS).astype(np.uint8))
    amount = np.zeros((count, 2))
    share = random.uniform(0, MOST_TINTED)
    for i in np.nonzero(random.random(count) < share)[0]:
        amount[i, int(random.random() < BROWN_SHARE)] = random.uniform(*TINT)
    amount[0] = 0
    tint = amount[scars].astype(np.float32)
    tint = cv2.GaussianBlur(tint, (0, 0), random.uniform(*TINT_SPREAD) * scale)
    return linear * np.exp(-tint @ PIGMENTS).astype(np.float32)


def undulate(linear, scale, random):
    """Shades the skin with smooth folds, wider along than across, as a face has
    them and a renderer's flat field has not: they are no hollows."""
    height, width = linear.shape[:2]
    across = random.uniform(1.2, 5) * scale
    along = across * random.uniform(1, 4)
    # Blurred at a fraction of the size: nothing finer is in it.
    step = max(1, int(across / 4))
    small = random.standard_normal((height // step + 2, width // step + 2))
    folds = cv2.GaussianBlur(small, (0, 0), sigmaX=along / step,
                             sigmaY=across / step)
    if random.random() < 0.5:
        folds = cv2.GaussianBlur(small, (0, 0), sigmaX=across / step,
                                 sigmaY=along / step)
    folds *= random.uniform(0.03, 0.15) / folds.std()
    folds = cv2.resize(folds, (width, height), interpolation=cv2.INTER_CUBIC)
    return (linear * np.exp(-folds)[:, :, None]).astype(np.float32)


def change(picture, truth, scale, random):
    linear = base.to_linear(picture[:, :, ::-1].astype(np.float32) / 255)
    linear = tint_scars(linear, truth, scale, random)
    linear = recolour(linear, random)
    if random.random() < 0.6:
        linear = undulate(linear, scale, random)
    kind = random.integers(3)
    if kind == 0:
        linear = cv2.GaussianBlur(linear, (0, 0), random.uniform(0.6, 1.6))
    elif kind == 1:
        smooth = cv2.bilateralFilter(linear, 7, 0.05, 3)
        linear = linear + random.uniform(0.5, 1) * (smooth - linear)
    else:
        linear = linear + random.normal(
            0, random.uniform(0.002, 0.008), linear.shape)
    gains = random.uniform(0.94, 1.06, 3) * random.uniform(0.75, 1.25)
    return base.to_bytes(base.to_srgb(linear * gains))[:, :, ::-1]


def another(picture, truth, scale, random):
    """The picture, truth and scale of another photograph of the same skin."""
    factor = random.uniform(0.6, 1.2)
    size = (int(picture.shape[1] * factor), int(picture.shape[0] * factor))
    picture = cv2.resize(change(picture, truth, scale, random), size,
                         interpolation=cv2.INTER_AREA)
    return (base.jpeg(picture, int(random.integers(80, 96))),
            cv2.resize(truth, size, interpolation=cv2.INTER_NEAREST),
            scale * factor)


def saved_again(picture, truth, scale, random):
    """The same as another after one more JPEG, without its first rows and
    columns."""
    row, column = random.integers(0, 8, 2)
    return (base.jpeg(picture[row:, column:], int(random.integers(74, 91))),
            truth[row:, column:], scale)


def main():
    as_jpeg = "--jpeg" in sys.argv[1:]
    folders = [argument for argument in sys.argv[1:] if argument != "--jpeg"]
    if len(folders) != 2:
        sys.exit(__doc__)
    source, output = folders
    random = np.random.default_rng(11 if as_jpeg else 7)
    make, mark = (saved_again, "-j") if as_jpeg else (another, "-b")
    os.makedirs(output, exist_ok=True)
    for ini in sorted(glob.glob(os.path.join(source, "*.ini"))):
        name = os.path.basename(ini)[:-4]
        picture = cv2.imread(os.path.join(source, name + ".png"))
        truth = cv2.imread(os.path.join(source, name + ".truth.png"), 0)
        if picture is None or truth is None:
            continue
        with open(ini, encoding="utf-8") as lines:
            settings = lines.read().splitlines()
        picture, truth, scale = make(picture, truth, read_scale(ini), random)
        out = os.path.join(output, name + mark)
        cv2.imwrite(out + ".png", picture)
        cv2.imwrite(out + ".truth.png", truth)
        with open(out + ".ini", "w", encoding="utf-8") as lines:
            for line in settings:
                lines.write(f"pixels-per-mm={scale}\n"
                            if line.startswith("pixels-per-mm=") else line + "\n")


if __name__ == "__main__":
    main()
