#!/usr/bin/env python3
"""Makes a second, changed photograph of each phantom, for fit.py.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: augment.py PHANTOMS OUTPUT

Each NAME.png gets other colours and another contrast, as another camera or
another renderer's pigments would give it, and folds; it is blurred or made noisy, exposed
by up to 25 % more or less, white-balanced up to 6 % wrongly, scaled by 0.6 to
1.2 and saved as JPEG and back; NAME.truth.png and NAME.ini follow.  What is
learnt then does not hang on one camera or one renderer.  Needs numpy and
OpenCV.
"""

import glob
import os
import sys

import cv2
import numpy as np

from renderers import base


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


def change(picture, scale, random):
    linear = base.to_linear(picture.astype(np.float32) / 255)
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
    return base.to_bytes(base.to_srgb(linear * gains))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    random = np.random.default_rng(7)
    os.makedirs(sys.argv[2], exist_ok=True)
    for ini in sorted(glob.glob(os.path.join(sys.argv[1], "*.ini"))):
        name = os.path.basename(ini)[:-4]
        picture = cv2.imread(os.path.join(sys.argv[1], name + ".png"))
        truth = cv2.imread(os.path.join(sys.argv[1], name + ".truth.png"), 0)
        if picture is None or truth is None:
            continue
        with open(ini, encoding="utf-8") as lines:
            settings = lines.read().splitlines()
        scale = float(next(line for line in settings
                           if line.startswith("pixels-per-mm=")).split("=")[1])
        factor = random.uniform(0.6, 1.2)
        size = (int(picture.shape[1] * factor), int(picture.shape[0] * factor))
        picture = cv2.resize(change(picture, scale, random), size,
                             interpolation=cv2.INTER_AREA)
        picture = base.jpeg(picture, int(random.integers(80, 96)))
        out = os.path.join(sys.argv[2], name + "-b")
        cv2.imwrite(out + ".png", picture)
        cv2.imwrite(out + ".truth.png",
                    cv2.resize(truth, size, interpolation=cv2.INTER_NEAREST))
        with open(out + ".ini", "w", encoding="utf-8") as lines:
            for line in settings:
                lines.write(f"pixels-per-mm={scale * factor}\n"
                            if line.startswith("pixels-per-mm=") else line + "\n")


if __name__ == "__main__":
    main()
