#!/usr/bin/env python3
"""Fits the weights of filters/core/classify.c to phantoms of the develop set.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: fit.py PHANTOMS FEATURES WEIGHTS.H

PHANTOMS   a folder with NAME.png, NAME.truth.png and NAME.ini of each phantom,
           as pockmark-phantom writes them
FEATURES   a folder with NAME.csv of each, as pockmark-features prints them
WEIGHTS.H  the file to write: filters/core/weights.h

A candidate is labelled by the truth at its centre (the true region grown by
0.35 mm) where its own size is between 0.4 and 2.2 times the true one, else as
none of the classes.  Needs numpy, scipy and OpenCV; developers only.
"""

import glob
import os
import sys

import cv2
import numpy as np
from scipy import ndimage
from scipy.optimize import minimize

KINDS = 4
CLASSES = 5
HIDDEN = 12
GROWN_MM = 0.35
SIZE_RANGE = (0.4, 2.2)
# Strength of the pull towards zero: chosen by the F1 on phantoms left out.
DECAY = 20.0
COLUMNS_BEFORE_FEATURES = 6


def read_scale(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("pixels-per-mm="):
                return float(line.split("=")[1])
    raise ValueError(f"{path} has no pixels-per-mm")


def read_candidates(path):
    with open(path, encoding="utf-8") as lines:
        rows = [[float(value) for value in line.split(",")]
                for line in lines if not line.startswith("#")]
    return np.array(rows)


def true_regions(truth, scale):
    """Numbers each lesion; returns the grown map, classes and diameters."""
    numbers = np.zeros(truth.shape, int)
    classes = [0]
    for klass in range(1, CLASSES):
        parts, count = ndimage.label(truth == klass)
        numbers[parts > 0] = parts[parts > 0] + len(classes) - 1
        classes += [klass] * count
    area = np.bincount(numbers.ravel(), minlength=len(classes))
    distance, nearest = ndimage.distance_transform_edt(
        numbers == 0, return_indices=True)
    grown = np.where(distance <= GROWN_MM * scale,
                     numbers[nearest[0], nearest[1]], 0)
    return grown, np.array(classes), np.maximum(2 * np.sqrt(area / np.pi), 3)


def label(candidates, truth, scale):
    grown, classes, diameters = true_regions(truth, scale)
    column = np.clip(candidates[:, 1].astype(int), 0, truth.shape[1] - 1)
    row = np.clip(candidates[:, 2].astype(int), 0, truth.shape[0] - 1)
    number = grown[row, column]
    ratio = candidates[:, 3] / diameters[number]
    fits = (number > 0) & (ratio > SIZE_RANGE[0]) & (ratio < SIZE_RANGE[1])
    return np.where(fits, classes[number], 0)


def read_all(phantoms, features):
    rows, labels = [], []
    for ini in sorted(glob.glob(os.path.join(phantoms, "*.ini"))):
        name = os.path.basename(ini)[:-4]
        csv = os.path.join(features, name + ".csv")
        truth = cv2.imread(os.path.join(phantoms, name + ".truth.png"), 0)
        if truth is None or not os.path.exists(csv):
            continue
        candidates = read_candidates(csv)
        if len(candidates):
            rows.append(candidates)
            labels.append(label(candidates, truth, read_scale(ini)))
    return np.vstack(rows), np.concatenate(labels)


def train(x, y):
    """Minimises the cross entropy; returns weights for unscaled features."""
    mean, spread = x.mean(0), x.std(0) + 1e-6
    mean[0], spread[0] = 0, 1
    z = (x - mean) / spread
    count, width = z.shape
    target = np.eye(CLASSES)[y]
    start = np.random.default_rng(0).normal(
        0, 0.3, width * HIDDEN + (HIDDEN + 1) * CLASSES)

    def cost(weights):
        first = weights[:width * HIDDEN].reshape(width, HIDDEN)
        second = weights[width * HIDDEN:].reshape(HIDDEN + 1, CLASSES)
        hidden = np.tanh(z @ first)
        extended = np.hstack([hidden, np.ones((count, 1))])
        score = extended @ second
        score -= score.max(1, keepdims=True)
        chance = np.exp(score)
        chance /= chance.sum(1, keepdims=True)
        error = chance - target
        back = (error @ second[:HIDDEN].T) * (1 - hidden * hidden)
        gradient = np.concatenate([(z.T @ back).ravel(),
                                   (extended.T @ error).ravel()])
        loss = -np.log(chance[np.arange(count), y] + 1e-12).sum()
        return (loss + 0.5 * DECAY * (weights * weights).sum(),
                gradient + DECAY * weights)

    best = minimize(cost, start, jac=True, method="L-BFGS-B",
                    options={"maxiter": 300}).x
    first = best[:width * HIDDEN].reshape(width, HIDDEN) / spread[:, None]
    first[0] -= (mean[1:, None] * first[1:]).sum(0)
    return first.T, best[width * HIDDEN:].reshape(HIDDEN + 1, CLASSES)


def write_rows(out, rows):
    for row in rows:
        numbers = [f"{value:.6g}f" if "." in f"{value:.6g}" or "e" in f"{value:.6g}"
                   else f"{value:.6g}.0f" for value in row]
        out.write("    {\n")
        for i in range(0, len(numbers), 5):
            out.write("      " + ", ".join(numbers[i:i + 5]) + ",\n")
        out.write("    },\n")


def write_header(path, models):
    with open(path, "w", encoding="utf-8") as out:
        out.write("/* Pockmark: the weights of classify.c\n"
                  " * Copyright (C) 2026 The Pockmark developers\n"
                  " * SPDX-License-Identifier: GPL-3.0-or-later\n"
                  " *\n"
                  " * Written by tests/accuracy/fit.py: do not edit.\n"
                  " */\n\n"
                  f"#define POCKMARK_N_HIDDEN {HIDDEN}\n\n"
                  "/* By kind, hidden sum and feature. */\n"
                  "static const gfloat hidden_weights[POCKMARK_N_KINDS]"
                  "[POCKMARK_N_HIDDEN][POCKMARK_N_FEATURES] = {\n")
        for first, _ in models:
            out.write("  {\n")
            write_rows(out, first)
            out.write("  },\n")
        out.write("};\n\n"
                  "/* By kind, hidden sum (the last is the constant) and class. */\n"
                  "static const gfloat output_weights[POCKMARK_N_KINDS]"
                  "[POCKMARK_N_HIDDEN + 1][POCKMARK_N_CLASSES] = {\n")
        for _, second in models:
            out.write("  {\n")
            write_rows(out, second)
            out.write("  },\n")
        out.write("};\n")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    rows, labels = read_all(sys.argv[1], sys.argv[2])
    models = []
    for kind in range(KINDS):
        chosen = rows[:, 0] == kind
        models.append(train(rows[chosen][:, COLUMNS_BEFORE_FEATURES:],
                            labels[chosen]))
    write_header(sys.argv[3], models)


if __name__ == "__main__":
    main()
