#!/usr/bin/env python3
"""Fits the weights of filters/core/classify.c to pictures with known lesions.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: fit.py WEIGHTS.H PICTURES FEATURES [PICTURES FEATURES]...

WEIGHTS.H  the file to write: filters/core/weights.h
PICTURES   a folder with NAME.png, NAME.truth.png and NAME.ini of each picture,
           as pockmark-phantom writes them
FEATURES   a folder with NAME.features of each, as pockmark-features writes them

Real photographs tell less, and NAME.ini says how much: "rest=unknown" where the
truth holds what was planted on a real face (or nothing: NAME.truth.png may be
missing), which has no scars, but may have marks of its own; "scars=crater" or
"scars=ice-pick" where a photograph shows scars that nobody outlined.  There the
candidates that the first fit takes for scars most readily are taken for them.

A candidate is labelled by the truth at its centre (the true region grown by
0.35 mm) where its own size is near enough to the true one, else as none of the
classes.  The glance is fitted to let pass nearly all that are labelled; the
classes are fitted on what passes, twice: the second time without the candidates
that a surer one would push aside, as pockmark_detect does, and with those that
find a lesion again as none.  So a confidence is the chance that what is shown
is right.  Scars also count a second time with less colour: how red a pit looks
hangs on how a renderer, or a camera, blurs red light, and must not decide.
All this is done FITS times from other random numbers, and the mean of the
scores decides: what one fit takes from chance counts half.
Needs numpy, scipy and OpenCV; developers only.
"""

import glob
import os
import sys

import cv2
import numpy as np
from scipy import ndimage

CLASSES = 5
GLANCE = 25
WIDTH = 1
GLANCE_HIDDEN = 12
FITS = 2
# Of each fit.
HIDDEN = 192
GROWN_MM = 0.35
SIZE_RANGE = (0.45, 2.2)
# The share of the lesions that the glance lets pass by one candidate at least.
PASSING = 0.985
# As in filters/core/detect.c: nearer than this share of both radii, of the same
# class or of another, the surer one stays alone, and so it does nearer than this
# share of the larger diameter, where it covers the other; an unsure one yields
# to a red mark.
APART = 1.0
APART_OTHERS = 0.6
COVERING = 0.35
NOTICED = 0.02
UNSURE = 0.3
RED_MARK = 3
# Kind, x, y, diameter, second view; then the features.
BEFORE_FEATURES = 5
# Spread of what is added to each standardised feature at every step: keeps
# the fit from hanging on any one of them.
JITTER = 0.3
DECAY = 0.02
BATCH = 512
# The numbers added come from a pool for so many batches, any stretch of it, which
# is quicker than new ones.
POOL = 40
# What a candidate weighs of pockmark-phantom's pictures and of real photographs,
# lest those of the other renderers outweigh them.
OWN_WEIGHT = 1.3
PHOTOGRAPH_WEIGHT = 1.8
# Labels of candidates that are known in part only: of a face without scars, and
# of a photograph with scars somewhere.
UNSCARRED = -1
SCARRED = -2
# How readily an unscarred candidate may be a mark of its own, none being 1; how
# much one weighs, and which share of them is enough.
OWN_MARK = 0.04
UNSCARRED_WEIGHT = 0.4
UNSCARRED_SHARE = 0.25
# So many candidates of a scarred photograph are taken for scars; a photograph
# of ice-picks has some craters too, and the other way round fewer.
SCARS_TAKEN = 12
SCARRED_WEIGHT = 0.9
SURE_OF_KIND = {"ice-pick": 0.5, "crater": 0.85}


def read_setting(path, key):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(key + "="):
                return line.split("=")[1].strip()
    return None


def read_scale(path):
    scale = read_setting(path, "pixels-per-mm")
    if scale is None:
        raise ValueError(f"{path} has no pixels-per-mm")
    return float(scale)


def read_candidates(path):
    values = np.fromfile(path, np.float32)
    return values.reshape(-1, BEFORE_FEATURES + FEATURES)


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
    # Where the last weights saw nothing worth a look, nothing was grown.
    size = np.where(candidates[:, 3] > 0, candidates[:, 3],
                    np.exp(candidates[:, BEFORE_FEATURES + WIDTH]) * scale)
    ratio = size / diameters[number]
    fits = (number > 0) & (ratio > SIZE_RANGE[0]) & (ratio < SIZE_RANGE[1])
    return np.where(fits, classes[number], 0), np.where(fits, number, 0)


def read_picture(folder, name, candidates):
    """The candidates' labels and lesions."""
    settings = os.path.join(folder, name + ".ini")
    truth = cv2.imread(os.path.join(folder, name + ".truth.png"), 0)
    none = np.zeros(len(candidates), int)
    if read_setting(settings, "scars"):
        return none + SCARRED, none
    if truth is None:
        return none + UNSCARRED, none
    klass, lesion = label(candidates, truth, read_scale(settings))
    if read_setting(settings, "rest") == "unknown":
        klass = np.where(klass == 0, UNSCARRED, klass)
    return klass, lesion


def weight_of(settings):
    """What a candidate of that picture weighs."""
    if read_setting(settings, "set") is not None:
        return OWN_WEIGHT
    if read_setting(settings, "rest") == "unknown":
        return PHOTOGRAPH_WEIGHT
    return 1.0


def read_all(folders):
    """Candidates, their labels, the lesions they find, their photographs and
    what they weigh; and the kind of scars that a scarred photograph shows, by
    its number."""
    rows, labels, lesions, photographs, worth, kinds = [], [], [], [], [], {}
    for pictures, features in folders:
        for ini in sorted(glob.glob(os.path.join(pictures, "*.ini"))):
            name = os.path.basename(ini)[:-4]
            path = os.path.join(features, name + ".features")
            if not os.path.exists(path):
                continue
            candidates = read_candidates(path)
            klass, lesion = read_picture(pictures, name, candidates)
            if SCARRED in klass:
                kinds[len(photographs)] = read_setting(ini, "scars")
            rows.append(candidates)
            labels.append(klass)
            lesions.append(lesion)
            photographs.append(np.full(len(klass), len(photographs)))
            worth.append(np.full(len(klass), weight_of(ini)))
    return (np.vstack(rows), np.concatenate(labels), np.concatenate(lesions),
            np.concatenate(photographs), np.concatenate(worth), kinds)


# ---- Networks: a layer of sums cut off below zero, then plain sums ----

def start_network(inputs, hidden, outputs, random):
    return [random.normal(0, np.sqrt(2 / inputs), (inputs, hidden)),
            np.zeros(hidden),
            random.normal(0, np.sqrt(1 / hidden), (hidden, outputs)),
            np.zeros(outputs)]


def forward(network, x):
    first, first_bias, second, second_bias = network
    hidden = np.maximum(x @ first + first_bias, 0)
    return hidden, hidden @ second + second_bias


def softmax(score):
    score = np.exp(score - score.max(1, keepdims=True))
    return score / score.sum(1, keepdims=True)


def gradients(network, x, may, weight):
    """Of the weighted cross entropy's mean; may holds how readily each row may
    be each class."""
    hidden, score = forward(network, x)
    chance = softmax(score)
    target = chance * may
    target /= target.sum(1, keepdims=True) + 1e-9
    error = (chance - target) * weight[:, None] / len(x)
    back = (error @ network[2].T) * (hidden > 0)
    return [x.T @ back, back.sum(0), hidden.T @ error, error.sum(0)]


def descend(network, x, may, weight, rounds, rate, random):
    """Adam with decoupled decay (Loshchilov and Hutter 2019, arXiv:1711.05101),
    the rate rising and falling once."""
    network = [part.astype(np.float32) for part in network]
    mean = [np.zeros_like(part) for part in network]
    square = [np.zeros_like(part) for part in network]
    stretch = BATCH * x.shape[1]
    pool = random.standard_normal(POOL * stretch, np.float32)
    steps = rounds * (len(x) // BATCH)
    step = 0
    for _ in range(rounds):
        order = random.permutation(len(x))
        for i in range(0, len(x) - BATCH + 1, BATCH):
            step += 1
            part = order[i:i + BATCH]
            first = random.integers(len(pool) - stretch)
            jitter = pool[first:first + stretch].reshape(BATCH, -1)
            slopes = gradients(network, x[part] + JITTER * jitter, may[part],
                               weight[part])
            now = rate * min(step / (0.25 * steps),
                             0.5 + 0.5 * np.cos(np.pi * max(0, step / steps - 0.25) / 0.75))
            for k, slope in enumerate(slopes):
                mean[k] += 0.1 * (slope - mean[k])
                square[k] += 0.001 * (slope * slope - square[k])
                size = np.sqrt(square[k] / (1 - 0.999 ** step)) + 1e-8
                network[k] -= now * (mean[k] / (1 - 0.9 ** step) / size
                                     + DECAY * network[k])
    return network


class Model:
    """A network with what makes features standard."""

    def __init__(self, x, hidden, outputs, seed=1):
        self.random = np.random.default_rng(seed)
        self.mean, self.spread = x.mean(0), x.std(0) + 1e-3
        self.network = start_network(x.shape[1], hidden, outputs, self.random)

    def fit(self, x, may, weight, rounds, rate):
        self.network = descend(self.network,
                               ((x - self.mean) / self.spread).astype(np.float32),
                               may.astype(np.float32), weight.astype(np.float32),
                               rounds, rate, self.random)

    def scores(self, x):
        parts = [forward(self.network, (x[i:i + 65536] - self.mean) / self.spread)[1]
                 for i in range(0, len(x), 65536)]
        return np.vstack(parts)

    def plain(self):
        """First layer by hidden sum and plain feature, second by hidden sum
        and constant and by output; the first feature is 1."""
        first, first_bias, second, second_bias = self.network
        weights = (first / self.spread[:, None]).T
        weights[:, 0] = first_bias - (weights * self.mean)[:, 1:].sum(1)
        return weights, np.vstack([second, second_bias])


# ---- Fitting ----

def chances(model, rows):
    """By row; rows that are two views of one candidate get their mean."""
    chance = softmax(model.scores(rows[:, BEFORE_FEATURES:]))
    second = np.nonzero(rows[:, 4] > 0)[0]
    chance[second] = chance[second - 1] = 0.5 * (chance[second] + chance[second - 1])
    return chance


def settle(rows, labels, lesions, photographs, model):
    """Who stays, and the labels with lesions found again as none."""
    chance = chances(model, rows)
    confidence = chance[:, 1:].max(1)
    klass = 1 + chance[:, 1:].argmax(1)
    stays = np.zeros(len(rows), bool)
    labels = labels.copy()
    for photograph in np.unique(photographs):
        here = np.nonzero((photographs == photograph) & (rows[:, 4] == 0)
                          & (rows[:, 3] > 0))[0]
        stays[here[confidence[here] <= NOTICED]] = True
        here = here[confidence[here] > NOTICED]
        rank = np.where(confidence[here] >= UNSURE, 2, klass[here] == RED_MARK)
        here = here[np.lexsort((-confidence[here], -rank))]
        kept = np.empty((0, 4))
        found = set()
        for i in here:
            x, y, diameter = rows[i, 1:4]
            distance = np.hypot(kept[:, 0] - x, kept[:, 1] - y)
            least = np.where(kept[:, 3] == klass[i], APART, APART_OTHERS)
            if (distance < np.maximum(
                    least * (kept[:, 2] + diameter) / 2,
                    COVERING * np.maximum(kept[:, 2], diameter))).any():
                continue
            kept = np.vstack([kept, (x, y, diameter, klass[i])])
            stays[i] = True
            if lesions[i] in found:
                labels[i] = min(labels[i], 0)
            elif lesions[i] > 0 and labels[i] == klass[i]:
                found.add(lesions[i])
    second = np.nonzero(rows[:, 4] > 0)[0]
    stays[second], labels[second] = stays[second - 1], labels[second - 1]
    return stays, labels


# Columns of classify.c's features that tell of colour: responses, shares of contrast
# and, for each plane, the rosette.
RESPONSES = {0: 7, 1: 8}
SHARES = slice(15, 18)
CONTRAST = GLANCE + 6
PLANE = 1 + 6 * (12 // 2 + 2)
FEATURES = CONTRAST + 1 + 3 * PLANE
POWER = (1, 0.25, 1)
SCARS = (1, 2)
PALER_WEIGHT = 0.4


def paler(x, random):
    """The same candidates with some of their colour taken away."""
    x = x.copy()
    share = x[:, SHARES].copy()
    full = 1 - np.abs(share).sum(1)
    before, after = np.zeros(len(x)), np.zeros(len(x))
    for plane in range(3):
        part = (random.uniform(0, 1, len(x)) if plane in RESPONSES
                else np.ones(len(x)))
        columns = slice(CONTRAST + 1 + plane * PLANE,
                        CONTRAST + 1 + (plane + 1) * PLANE)
        before += POWER[plane] * (x[:, columns] ** 2).sum(1)
        x[:, columns] *= part[:, None]
        after += POWER[plane] * (x[:, columns] ** 2).sum(1)
        share[:, plane] *= part
        if plane in RESPONSES:
            column = RESPONSES[plane]
            x[:, column] = (np.sign(x[:, column])
                            * np.log1p(part * np.expm1(np.abs(x[:, column]))))
    less = np.sqrt((after + 1e-6) / (before + 1e-6))
    x[:, CONTRAST] += np.log(less)
    x[:, CONTRAST + 1:] /= less[:, None]
    x[:, SHARES] = share / (full + np.abs(share).sum(1))[:, None]
    return x


def with_paler_scars(x, may, weight):
    scars = may[:, 0] == 0
    scars &= may[:, SCARS].sum(1) > 0
    return (np.vstack([x, paler(x[scars], np.random.default_rng(3))]),
            np.vstack([may, may[scars]]),
            np.concatenate([np.where(scars, 1 - PALER_WEIGHT, 1) * weight,
                            PALER_WEIGHT * weight[scars]]))


def what_may_be(labels):
    """How readily each candidate may be each class, and how much it weighs."""
    may = np.eye(CLASSES)[np.maximum(labels, 0)]
    may[labels == UNSCARRED] = [1, 0, 0, OWN_MARK, OWN_MARK]
    weight = np.where(labels == UNSCARRED, UNSCARRED_WEIGHT, 1.0)
    return may, weight


def take_scars(rows, photographs, kinds, model):
    """The candidates of scarred photographs that are taken for scars, and what
    they may be."""
    chance = chances(model, rows)
    scar = chance[:, SCARS].sum(1)
    taken, may = [], []
    for photograph, kind in kinds.items():
        here = np.nonzero((photographs == photograph) & (rows[:, 4] == 0))[0]
        apart = []
        for i in here[np.argsort(-scar[here])]:
            others = rows[apart]
            distance = np.hypot(others[:, 1] - rows[i, 1], others[:, 2] - rows[i, 2])
            if (distance > APART * (others[:, 3] + rows[i, 3]) / 2).all():
                apart.append(i)
            if len(apart) == SCARS_TAKEN:
                break
        klass = SCARS[kind == "ice-pick"]
        apart.sort(key=lambda i: -chance[i, klass] / scar[i])
        for k, i in enumerate(apart):
            sure = k < SURE_OF_KIND[kind] * len(apart)
            taken.append(i)
            may.append([c == klass if sure else c in SCARS for c in range(CLASSES)])
    return np.array(taken, int), np.array(may, float).reshape(-1, CLASSES)


def fit_glance(rows, labels, lesions, photographs):
    """The model and the least score that the best candidate of PASSING of the
    lesions has."""
    x = rows[:, BEFORE_FEATURES:BEFORE_FEATURES + GLANCE]
    lesion = labels > 0
    # Both sides of the question weigh the same.
    weight = np.where(lesion, 0.5 / lesion.mean(), 0.5 / (1 - lesion.mean()))
    model = Model(x, GLANCE_HIDDEN, 2)
    known = labels != SCARRED
    model.fit(x[known], np.eye(2)[lesion.astype(int)][known], weight[known], 4, 3e-3)
    score = model.scores(x)
    score = score[:, 1] - score[:, 0]
    best = {}
    for i in np.nonzero(lesion)[0]:
        key = (photographs[i], lesions[i])
        best[key] = max(best.get(key, score[i]), score[i])
    return model, np.quantile(list(best.values()), 1 - PASSING), score


def fit_part(model, rows, may, weight, rounds, rate):
    x, may, weight = with_paler_scars(rows[:, BEFORE_FEATURES:], may, weight)
    model.fit(x, may, weight, rounds, rate)


def fit_classes(seed, rows, labels, lesions, photographs, worth, scarred):
    """scarred: candidates of scarred photographs, these photographs and the
    kinds of their scars."""
    model = Model(rows[:, BEFORE_FEATURES:], HIDDEN, CLASSES, seed)
    may, weight = what_may_be(labels)
    fit_part(model, rows, may, worth * weight, 20, 6e-3)
    stays, labels = settle(rows, labels, lesions, photographs, model)
    may, weight = what_may_be(labels[stays])
    taken, scars = take_scars(*scarred, model)
    fit_part(model, np.vstack([rows[stays], scarred[0][taken]]),
             np.vstack([may, scars]),
             np.concatenate([worth[stays] * weight,
                             np.full(len(taken), SCARRED_WEIGHT)]),
             12, 2e-3)
    return model


# ---- Writing ----

def write_numbers(out, indent, numbers):
    texts = [f"{value:.5g}f" if "." in f"{value:.5g}" or "e" in f"{value:.5g}"
             else f"{value:.5g}.0f" for value in numbers]
    line = indent
    for text in texts:
        if len(line) + len(text) > 76:
            out.write(line.rstrip() + "\n")
            line = indent
        line += text + ", "
    out.write(line.rstrip() + "\n")


def write_rows(out, indent, rows):
    for row in rows:
        out.write(indent + "{\n")
        write_numbers(out, indent + "  ", row)
        out.write(indent + "},\n")


def write_table(out, comment, declaration, rows):
    out.write(f"\n/* {comment} */\nstatic const gfloat {declaration} = {{\n")
    write_rows(out, "  ", rows)
    out.write("};\n")


def write_tables(out, comment, declaration, tables):
    out.write(f"\n/* {comment} */\nstatic const gfloat {declaration} = {{\n")
    for rows in tables:
        out.write("  {\n")
        write_rows(out, "    ", rows)
        out.write("  },\n")
    out.write("};\n")


def write_header(path, glance, least, models):
    with open(path, "w", encoding="utf-8") as out:
        out.write("/* Pockmark: the weights of classify.c\n"
                  " * Copyright (C) 2026 The Pockmark developers\n"
                  " * SPDX-License-Identifier: GPL-3.0-or-later\n"
                  " *\n"
                  " * Written by tests/accuracy/fit.py: do not edit.\n"
                  " */\n\n"
                  f"#define POCKMARK_N_GLANCE_HIDDEN {GLANCE_HIDDEN}\n"
                  f"#define POCKMARK_N_FITS {FITS}\n"
                  f"#define POCKMARK_N_HIDDEN {HIDDEN}\n")
        first, second = glance.plain()
        output = second[:, 1] - second[:, 0]
        output[-1] -= least
        write_table(out, "By feature and hidden sum.",
                    "glance_hidden[POCKMARK_N_GLANCE][POCKMARK_N_GLANCE_HIDDEN]",
                    first.T)
        out.write("\n/* By hidden sum; the last is the constant. */\n"
                  "static const gfloat glance_output"
                  "[POCKMARK_N_GLANCE_HIDDEN + 1] = {\n")
        write_numbers(out, "  ", output)
        out.write("};\n")
        firsts, seconds = zip(*(model.plain() for model in models))
        write_tables(out, "By fit, feature and hidden sum.",
                     "hidden_weights[POCKMARK_N_FITS][POCKMARK_N_FEATURES]"
                     "[POCKMARK_N_HIDDEN]", [part.T for part in firsts])
        write_tables(out, "By fit, hidden sum and class.",
                     "output_weights[POCKMARK_N_FITS][POCKMARK_N_HIDDEN]"
                     "[POCKMARK_N_CLASSES]",
                     [part[:-1] / FITS for part in seconds])
        out.write("\n/* By class. */\nstatic const gfloat "
                  "output_constants[POCKMARK_N_CLASSES] = {\n")
        write_numbers(out, "  ", sum(part[-1] for part in seconds) / FITS)
        out.write("};\n")


def fewer(rows):
    """A share of the rows, both views of a candidate together."""
    some = np.random.default_rng(5).random(len(rows)) < UNSCARRED_SHARE
    second = np.nonzero(rows[:, 4] > 0)[0]
    some[second] = some[second - 1]
    return some


def main():
    if len(sys.argv) < 4 or len(sys.argv) % 2 != 0:
        sys.exit(__doc__)
    rows, labels, lesions, photographs, worth, kinds = read_all(
        list(zip(sys.argv[2::2], sys.argv[3::2])))
    glance, least, score = fit_glance(rows, labels, lesions, photographs)
    # Two views of one candidate share a glance.
    passing = (score > least) & (rows[:, 3] > 0)
    print(f"{len(rows)} candidates, {passing.mean():.3f} worth a look")
    scarred = passing & (labels == SCARRED)
    chosen = passing & ~scarred & ((labels != UNSCARRED) | fewer(rows))
    models = [fit_classes(seed, rows[chosen], labels[chosen], lesions[chosen],
                          photographs[chosen], worth[chosen],
                          (rows[scarred], photographs[scarred], kinds))
              for seed in range(1, FITS + 1)]
    write_header(sys.argv[1], glance, least, models)


if __name__ == "__main__":
    main()
