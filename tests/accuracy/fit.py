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
0.35 mm) where its own size is near enough to the true one, else as none of the
classes.  The fit is made twice: the second time without the candidates that a
surer one would push aside, as pockmark_detect does, and with those that find a
lesion again as none.  So a confidence is the chance that what is shown is
right.  Scars also count a second time with less colour: how red a pit looks
hangs on how a renderer, or a camera, blurs red light, and must not decide.
Needs numpy, scipy and OpenCV; developers only.
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
SIZE_RANGE = (0.45, 2.2)
# As in filters/core/detect.c: nearer than this share of both radii, or, of
# another class, of the larger diameter, the surer one stays alone.
APART = 0.8
APART_OTHERS = 0.35
NOTICED = 0.05
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
    return np.where(fits, classes[number], 0), np.where(fits, number, 0)


def read_all(phantoms, features):
    """Candidates, their labels, the lesions they find and their photographs."""
    rows, labels, lesions, photographs = [], [], [], []
    for ini in sorted(glob.glob(os.path.join(phantoms, "*.ini"))):
        name = os.path.basename(ini)[:-4]
        csv = os.path.join(features, name + ".csv")
        truth = cv2.imread(os.path.join(phantoms, name + ".truth.png"), 0)
        if truth is None or not os.path.exists(csv):
            continue
        candidates = read_candidates(csv)
        if len(candidates):
            klass, lesion = label(candidates, truth, read_scale(ini))
            rows.append(candidates)
            labels.append(klass)
            lesions.append(lesion)
            photographs.append(np.full(len(klass), len(photographs)))
    return (np.vstack(rows), np.concatenate(labels), np.concatenate(lesions),
            np.concatenate(photographs))


def chances(x, model):
    first, second = model
    score = np.tanh(x @ first.T) @ second[:HIDDEN] + second[HIDDEN]
    score = np.exp(score - score.max(1, keepdims=True))
    return score / score.sum(1, keepdims=True)


def settle(rows, labels, lesions, photographs, models):
    """Who stays, and the labels with lesions found again as none."""
    confidence = np.zeros(len(rows))
    klass = np.zeros(len(rows), int)
    for kind in range(KINDS):
        chosen = rows[:, 0] == kind
        chance = chances(rows[chosen][:, COLUMNS_BEFORE_FEATURES:], models[kind])
        confidence[chosen] = chance[:, 1:].max(1)
        klass[chosen] = 1 + chance[:, 1:].argmax(1)
    stays = confidence <= NOTICED
    labels = labels.copy()
    for photograph in np.unique(photographs):
        here = np.nonzero((photographs == photograph) & ~stays)[0]
        here = here[np.argsort(-confidence[here])]
        kept = np.empty((0, 4))
        found = set()
        for i in here:
            x, y, diameter = rows[i, 1:4]
            distance = np.hypot(kept[:, 0] - x, kept[:, 1] - y)
            least = np.where(kept[:, 3] == klass[i],
                             APART * (kept[:, 2] + diameter) / 2,
                             APART_OTHERS * np.maximum(kept[:, 2], diameter))
            if (distance < least).any():
                continue
            kept = np.vstack([kept, (x, y, diameter, klass[i])])
            stays[i] = True
            if lesions[i] in found:
                labels[i] = 0
            elif lesions[i] > 0 and labels[i] == klass[i]:
                found.add(lesions[i])
    return stays, labels


# Features of classify.c that tell of colour: responses and shares.
RESPONSES = {"hemoglobin": 5, "melanin": 6}
SHARES = {"hemoglobin": 14, "melanin": 15, "shading": 16}
SCARS = (1, 2)
PALER_WEIGHT = 0.4


def paler(x, random):
    """The same candidates with some of their colour taken away."""
    x = x.copy()
    total = 1 - np.abs(x[:, list(SHARES.values())]).sum(1)
    for name, column in RESPONSES.items():
        part = random.uniform(0, 1, len(x))
        x[:, column] = (np.sign(x[:, column])
                        * np.log1p(part * np.expm1(np.abs(x[:, column]))))
        x[:, SHARES[name]] *= part
    total += np.abs(x[:, list(SHARES.values())]).sum(1)
    x[:, list(SHARES.values())] /= total[:, None]
    return x


def with_paler_scars(x, y):
    scars = np.isin(y, SCARS)
    weight = np.where(scars, 1 - PALER_WEIGHT, 1)
    return (np.vstack([x, paler(x[scars], np.random.default_rng(3))]),
            np.concatenate([y, y[scars]]),
            np.concatenate([weight, np.full(scars.sum(), PALER_WEIGHT)]))


def train(x, y):
    """Minimises the cross entropy; returns weights for unscaled features."""
    x, y, weight = with_paler_scars(x, y)
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
        error = (chance - target) * weight[:, None]
        back = (error @ second[:HIDDEN].T) * (1 - hidden * hidden)
        gradient = np.concatenate([(z.T @ back).ravel(),
                                   (extended.T @ error).ravel()])
        loss = -(weight * np.log(chance[np.arange(count), y] + 1e-12)).sum()
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


def train_all(rows, labels):
    models = []
    for kind in range(KINDS):
        chosen = rows[:, 0] == kind
        models.append(train(rows[chosen][:, COLUMNS_BEFORE_FEATURES:],
                            labels[chosen]))
    return models


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    rows, labels, lesions, photographs = read_all(sys.argv[1], sys.argv[2])
    models = train_all(rows, labels)
    stays, labels = settle(rows, labels, lesions, photographs, models)
    models = train_all(rows[stays], labels[stays])
    write_header(sys.argv[3], models)


if __name__ == "__main__":
    main()
