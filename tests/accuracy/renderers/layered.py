#!/usr/bin/env python3
"""Renders skin with lesions and their exact truth: a relief under real lamps.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: layered.py OUTPUT FIRST LAST

Writes layered-NNN.png, .truth.png (the class of each pixel) and .ini of each
number from FIRST to LAST for fit.py; a number always gives the same picture.

Furrows, pores, wrinkles, scars and the body's form are one relief, lit by a ring
flash, a flash, a soft box or a lamp at the side, with shadows, openness and
gloss.  Colour is Kubelka and Munk's reflectance of a dermis with blood behind an
epidermis with melanin, seen by a camera of its own in each picture.  Hairs,
rulers, plasters, moles and bumps are in the way.  Lesions are stamps of relief,
blood and melanin: those that an eye would hardly see are made stronger, those
that it would not see are left out.  Widths and depths of scars: Jacob 2001 (J Am
Acad Dermatol 45:109) and doi:10.15557/jou.2020.0049; pores:
doi:10.2147/CCID.S74401.  Written apart from the other renderers.  Needs numpy
and OpenCV.
"""

import dataclasses

import cv2
import numpy as np

import base
import spectral

# Keeps the random numbers apart from those of other programs with small seeds.
STREAM = 48611
# Bands of pixels per millimetre, taken in turn so that all are there.
SCALES = (6, 7.5, 9.5, 12.5, 17, 22, 30)
# Below this many pixels per millimetre, drawn at twice the size.
FINER_BELOW = 8.5
# Every other one of the wavelengths with known extinction, nm.
WAVES = spectral.WAVELENGTHS[::2]
# Absorption of melanosomes at 550 nm, 1/cm, as base.TONES have it.
MELANIN_AT_550 = 496
# The second constant of Planck's law, nm K.
PLANCK = 1.4388e7
# Widths in mm and shares by channel of light that has spread in the skin, as
# few Gaussians.
SPREAD = ((0.07, (0.25, 0.50, 0.66)), (0.25, (0.25, 0.33, 0.28)),
          (0.65, (0.30, 0.14, 0.06)), (1.5, (0.20, 0.03, 0.0)))
# The table of colours, over the logarithm of blood's share and over melanin's.
LUT = 512
LOG_BLOOD = (-6.5, -1.5)
MELANIN = (0., 1.2)
# A lesion is seen where it changes what is shown by this much and by this
# multiple of the texture's spread; below that share of it, it is left out.
LEAST_CHANGE = 0.042
GATE = 1.9
LOST = 0.4


@dataclasses.dataclass(eq=False)
class Stamp:
    """What one lesion or distractor adds to the layers, about one place."""
    name: str             # as in base.CLASSES, empty for a distractor
    row: int
    column: int
    relief: np.ndarray    # mm, negative below the skin
    blood: np.ndarray     # natural logarithm of the factor on blood
    melanin: np.ndarray   # added melanosome fraction
    inside: np.ndarray    # its truth
    scar: float = 0.      # how much of the skin's own texture is gone


class Canvas:
    """The picture's scale and chance, its lamps, camera and body.

    `open` is where a lesion may be; `scale` and `shape` are those of the layers,
    `final_scale` and `final_shape` the picture's.
    """

    def __init__(self, seed):
        rng = self.rng = np.random.default_rng([seed, STREAM])
        band = seed % 6
        self.final_scale = float(rng.uniform(SCALES[band], SCALES[band + 1]))
        self.over = 2 if self.final_scale < FINER_BELOW else 1
        if rng.random() < 0.5 or self.over > 1:
            width = int(rng.integers(1000, 1120))
        else:
            width = int(rng.integers(1120, 1500))
        height = int(width * rng.choice([0.75, 0.75, 0.667, 0.8]))
        if rng.random() < 0.2:
            width, height = height, width
        self.final_shape = (height, width)
        self.scale = self.final_scale * self.over
        self.shape = (height * self.over, width * self.over)
        self.tone = base.TONES[(seed + seed // 6) % len(base.TONES)][0]
        self.open = np.ones(self.shape, np.uint8)
        self.setup, self.camera = choose_setup(self), choose_camera(rng)
        self.table = reflectance_table(rng)
        self.form, self.skin = form_layer(self)

    def millimetres(self):
        return self.shape[0] / self.scale, self.shape[1] / self.scale


def halved(layer):
    return cv2.resize(layer, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def smooth_noise(rng, shape, cell):
    """Noise of unit deviation without detail finer than cell pixels."""
    if cell < 1.5:
        return rng.standard_normal(shape, np.float32)
    size = [int(side / cell) + 4 for side in shape]
    grid = rng.standard_normal(size, np.float32)
    big = cv2.resize(grid, (int(size[1] * cell) + 1, int(size[0] * cell) + 1),
                     interpolation=cv2.INTER_CUBIC)
    row, column = (int(value) for value in rng.uniform(0, cell, 2))
    big = big[row:row + shape[0], column:column + shape[1]]
    return big * np.float32(1.25)


def fractal(rng, shape, cell, octaves, gain=0.5):
    total, weight, power = 0, 1., 0.
    for _ in range(octaves):
        total = total + np.float32(weight) * smooth_noise(rng, shape, cell)
        power += weight * weight
        weight, cell = weight * gain, cell / 2
        if cell < 1:
            break
    return total / np.float32(np.sqrt(power))


def rise(values, low, high):
    t = np.clip((values - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


# ---- The skin ----

def furrows(canvas, cell, width):
    """A net of furrows, 0 between and 1 in them; cell and width in mm."""
    rng, scale = canvas.rng, canvas.scale
    squeeze = rng.uniform(1, 1.6)
    height = canvas.shape[0] + 40
    inner = (int(height / squeeze), canvas.shape[1] + 40)
    count = int(inner[0] * inner[1] / (cell * scale) ** 2)
    seeds = np.full(inner, 255, np.uint8)
    seeds[rng.integers(0, inner[0], count),
          rng.integers(0, inner[1], count)] = 0
    _, labels = cv2.distanceTransformWithLabels(
        seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    border = np.ones(inner, np.uint8)
    border[:, 1:] &= labels[:, 1:] == labels[:, :-1]
    border[1:] &= labels[1:] == labels[:-1]
    away = cv2.distanceTransform(border, cv2.DIST_L2, 5)
    net = np.exp(-np.square(away / max(width * scale, 0.8)))
    net = cv2.resize(net, (inner[1], height))
    rows, columns = np.indices(canvas.shape, np.float32)
    angle = rng.uniform(0, np.pi)
    middle = np.array(canvas.shape) / 2
    turned = cv2.getRotationMatrix2D(
        (float(middle[1]), float(middle[0])), np.degrees(angle), 1.)
    bend = 0.5 * cell * scale
    map_x = (turned[0, 0] * columns + turned[0, 1] * rows + turned[0, 2]
             + bend * smooth_noise(rng, canvas.shape, 2.2 * cell * scale))
    map_y = (turned[1, 0] * columns + turned[1, 1] * rows + turned[1, 2]
             + bend * smooth_noise(rng, canvas.shape, 2.2 * cell * scale))
    return cv2.remap(net, map_x.astype(np.float32), map_y.astype(np.float32),
                     cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def pore_layer(canvas, density):
    """Pores as a sum of small Gaussians; density per square mm, mean."""
    rng, scale, shape = canvas.rng, canvas.scale, canvas.shape
    total = np.zeros(shape, np.float32)
    patches = rise(smooth_noise(rng, shape, 18 * scale), -1.2, 1.2)
    for radius, share in ((0.09, 0.5), (0.13, 0.35), (0.19, 0.15)):
        wanted = int(share * density * shape[0] * shape[1] / scale ** 2)
        rows = rng.integers(0, shape[0], wanted)
        columns = rng.integers(0, shape[1], wanted)
        kept = rng.random(wanted) < patches[rows, columns] ** 1.5
        spots = np.zeros(shape, np.float32)
        np.add.at(spots, (rows[kept], columns[kept]),
                  rng.uniform(0.4, 1.2, kept.sum()).astype(np.float32))
        sigma = max(radius * scale, 0.6)
        height = 2 * np.pi * sigma ** 2 * (radius * scale / sigma) ** 2
        total += np.float32(height) * cv2.GaussianBlur(spots, (0, 0), sigma)
    return np.minimum(total, 1.6)


def texture_layer(canvas, pores):
    """The skin's own relief in mm."""
    rng, scale, shape = canvas.rng, canvas.scale, canvas.shape
    strength = float(np.exp(rng.normal(1., 0.45)))
    relief = -0.022 * strength * furrows(canvas, rng.uniform(0.5, 1.), 0.07)
    if scale > 14:
        relief -= 0.008 * strength * furrows(canvas, rng.uniform(0.2, 0.35), 0.04)
    relief += 0.012 * strength * fractal(rng, shape, 0.9 * scale, 4, 0.6)
    relief += rng.uniform(0.01, 0.03) * fractal(rng, shape, 3 * scale, 2)
    relief += 0.05 * rng.uniform(0.5, 1.5) * smooth_noise(rng, shape, 6 * scale)
    relief -= rng.uniform(0.05, 0.14) * pores
    where = rise(smooth_noise(rng, shape, 25 * scale), -1.5, 0.5)
    return relief * (0.45 + 0.55 * where)


def wrinkle_layer(canvas):
    rng, scale = canvas.rng, canvas.scale
    layer = np.zeros(canvas.shape, np.float32)
    if rng.random() > 0.35:
        return layer
    tall, wide = canvas.millimetres()
    heading = rng.uniform(0, np.pi)
    for _ in range(int(rng.integers(1, 8))):
        length = rng.uniform(8, 45)
        steps = np.linspace(-length / 2, length / 2, 24)
        bend = rng.normal(0, 0.004) * steps ** 2 + rng.normal(
            0, 0.15, 24).cumsum() * 0.4
        angle = heading + rng.normal(0, 0.12)
        x = rng.uniform(0, wide) + steps * np.cos(angle) - bend * np.sin(angle)
        y = rng.uniform(0, tall) + steps * np.sin(angle) + bend * np.cos(angle)
        line = np.zeros(canvas.shape, np.uint8)
        points = np.stack([x, y], 1) * scale * 16
        cv2.polylines(line, [points.astype(np.int32)], False, 255,
                      max(1, int(0.25 * scale)), cv2.LINE_AA, 4)
        soft = base.blur(line.astype(np.float32) / 255,
                         rng.uniform(0.2, 0.45) * scale)
        layer -= np.float32(rng.uniform(0.12, 0.35)) * soft
    return layer


def form_layer(canvas):
    """The body form's slopes, and where there is skin at all."""
    rng, scale, shape = canvas.rng, canvas.scale, canvas.shape
    tall, wide = canvas.millimetres()
    y, x = np.indices((shape[0] // 4 + 1, shape[1] // 4 + 1), np.float32)
    y, x = y * 4 / scale - tall / 2, x * 4 / scale - wide / 2
    if max(tall, wide) > 90 and rng.random() < 0.6:
        axes = rng.uniform(65, 95), rng.uniform(90, 130), rng.uniform(60, 90)
        x0, y0 = rng.uniform(-0.35, 0.35) * wide, rng.uniform(-0.3, 0.3) * tall
        lean = rng.normal(0, 0.3)
        u = (x - x0) * np.cos(lean) + (y - y0) * np.sin(lean)
        v = (y - y0) * np.cos(lean) - (x - x0) * np.sin(lean)
        ratio = (u / axes[0]) ** 2 + (v / axes[1]) ** 2
        form = axes[2] * np.sqrt(np.maximum(1 - ratio, 0.02))
        skin = (ratio < 0.96).astype(np.float32)
    else:
        radii = rng.uniform(60, 220, 2) + 0.5 * max(tall, wide)
        form = -(x - rng.normal(0, 15)) ** 2 / (2 * radii[0]) \
               - (y - rng.normal(0, 15)) ** 2 / (2 * radii[1])
        skin = np.ones_like(form)
    low = (form.shape[0], form.shape[1])
    form = form + rng.uniform(0.3, 1.6) * smooth_noise(
        rng, low, 28 * scale / 4) + 0.35 * smooth_noise(rng, low, 11 * scale / 4)
    form = form.astype(np.float32)
    size = (shape[1], shape[0])
    lean = [cv2.resize(np.gradient(form, 4 / scale, axis=axis), size)
            for axis in (1, 0)]
    skin = cv2.resize(base.blur(skin, 3.), size)
    return lean, rise(skin, 0.3, 0.7)


# ---- The lesions ----

def grid(canvas, reach):
    """Coordinates in mm about a stamp's middle, reach mm each way."""
    half = int(np.ceil(reach * canvas.scale)) + 1
    line = np.arange(-half, half + 1, dtype=np.float32) / canvas.scale
    return np.meshgrid(line, line)


def outline(rng, x, y, radius, wobble, stretch=1., corners=0):
    """How far out a place is: 0 in the middle and 1 on the edge."""
    angle = rng.uniform(0, np.pi)
    u = (x * np.cos(angle) + y * np.sin(angle)) / (radius * np.sqrt(stretch))
    v = (y * np.cos(angle) - x * np.sin(angle)) / (radius / np.sqrt(stretch))
    if corners:
        heading = np.sort(rng.uniform(0, 2 * np.pi / corners, corners)
                          + np.arange(corners) * 2 * np.pi / corners)
        sides = [(u * np.cos(a) + v * np.sin(a)) / rng.uniform(0.75, 1.05)
                 for a in heading]
        return np.maximum(sum(np.maximum(side, 0) ** 5 for side in sides),
                          1e-12) ** (1 / 5)
    theta = np.arctan2(v, u)
    edge = 1.
    for order in range(2, 7):
        edge = edge + wobble / order ** 0.8 * rng.normal() * np.cos(
            order * theta + rng.uniform(0, 6.3))
    return np.hypot(u, v) / np.maximum(edge, 0.35)


def crater(canvas):
    rng, scale = canvas.rng, canvas.scale
    merged = rng.random() < 0.12
    kind = rng.choice(["boxcar", "bowl", "rolling", "polygon", "oval"],
                      p=[0.26, 0.26, 0.2, 0.1, 0.18])
    low = max(1.2, 7 / canvas.final_scale)
    if kind == "rolling":
        width = rng.uniform(2.6, 6)
    else:
        width = np.clip(np.exp(rng.normal(np.log(2.2), 0.4)), low, 5)
    depth = np.clip(0.05 + 0.13 * width * rng.uniform(0.7, 1.6),
                    0.25 if kind == "rolling" else 0.15, 0.6)
    x, y = grid(canvas, width * (1.7 if merged else 1.1) + 0.5)
    parts = []
    for part in range(2 + int(rng.random() < 0.3) if merged else 1):
        turn = rng.uniform(0, 2 * np.pi)
        shift = 0.42 * width * (part > 0)
        q = outline(rng, x - shift * np.cos(turn), y - shift * np.sin(turn),
                    width / 2, 0.0 if kind == "bowl" else 0.12,
                    rng.uniform(1.3, 2.2) if kind == "oval"
                    else rng.uniform(1, 1.35),
                    int(rng.integers(4, 8)) if kind == "polygon" else 0)
        if kind in ("boxcar", "polygon"):
            wall = rng.uniform(0.12, 0.4) / (width / 2)
            parts.append(1 - rise(q, 1 - wall * 1.5, 1 + wall * 1.5))
        elif kind == "rolling":
            parts.append(np.square(np.cos(np.pi / 2.6 * np.minimum(q, 1.3))))
        else:
            parts.append(np.maximum(1 - q ** 2.5, 0) ** rng.uniform(0.8, 1.4))
    dent = np.maximum.reduce(parts)
    inside = dent > (0.35 if kind == "rolling" else 0.3)
    rim = base.blur(dent, rng.uniform(0.15, 0.4) * scale) * (1 - dent)
    relief = depth * (-dent + rng.choice([0, 0.3, 0.7]) * rim)
    floor = 0.08 * depth * smooth_noise(rng, x.shape, 0.5 * scale) * dent
    blood, melanin = scar_colour(canvas, dent, rim)
    return Stamp("crater", 0, 0, relief + floor, blood, melanin, inside,
                 rng.uniform(0.2, 0.85))


def scar_colour(canvas, dent, rim):
    """Old scars are pale or like the skin, young ones red, some brown."""
    rng = canvas.rng
    soft = base.blur(dent, 0.3 * canvas.scale)
    choice = rng.random()
    if choice < 0.35:
        return soft * rng.uniform(-0.1, 0.1), soft * 0.
    if choice < 0.5:
        return soft * rng.uniform(-0.5, -0.15), soft * -0.1 * canvas.tone
    if choice < 0.85:
        red = rng.uniform(0.1, 0.55)
        if rng.random() < 0.6:
            return soft * red, soft * 0.
        # Beyond the edge too, as healing skin is red about the dent.
        return red * base.blur(np.maximum(dent, 1.2 * rim),
                          0.45 * canvas.scale), soft * 0.
    return soft * rng.uniform(0, 0.3), soft * rng.uniform(0.01, 0.04)


def ice_pick(canvas):
    rng, scale = canvas.rng, canvas.scale
    low = max(0.35, 3.2 / canvas.final_scale)
    width = float(np.clip(np.exp(rng.normal(np.log(0.95), 0.42)), low, 2))
    depth = max(min(rng.uniform(0.5, 2), rng.uniform(0.6, 1.2) * width), 0.3)
    x, y = grid(canvas, width * 1.4 + 0.4)
    q = outline(rng, x, y, width / 2, 0.12, rng.uniform(1, 1.7))
    power = rng.uniform(1.3, 4)
    # The walls of real ones slant: the hole's middle is off its opening's.
    dent = np.exp(-np.log(4) * np.minimum(q, 4) ** power)
    funnel = rng.uniform(0, 0.16) * np.exp(-np.square(q / 2))
    rim = base.blur(dent, 0.18 * scale) * (1 - dent)
    relief = -depth * dent - funnel + rng.choice([0, 0.12, 0.3]) * rim
    soft = base.blur(dent, 0.12 * scale)
    blood = soft * rng.uniform(-0.1, 0.7) + rim * rng.uniform(0, 0.8)
    melanin = soft * rng.choice([0, 0.02, 0.05]) * rng.random()
    return Stamp("ice-pick", 0, 0, relief, blood, melanin, q < 1.02, 0.3)


def mark_grid(canvas, usual, spread, most, reach):
    """A mark's width in mm, and coordinates about it over REACH of that."""
    width = float(np.clip(np.exp(canvas.rng.normal(np.log(usual), spread)),
                          max(1.5, 8 / canvas.final_scale), most))
    return (width, *grid(canvas, width * reach + 0.5))


def red_mark(canvas):
    rng, scale = canvas.rng, canvas.scale
    width, x, y = mark_grid(canvas, 3.3, 0.42, 8, 1.1)
    q = outline(rng, x, y, width / 2, 0.11, rng.uniform(1, 1.6))
    q = q + 0.07 * fractal(rng, x.shape, 0.35 * width * scale, 3)
    edge = rng.uniform(0.25, 0.75)
    spot = 1 - rise(q, 1 - edge, 1 + edge)
    mottle = 1 + 0.18 * fractal(rng, x.shape, 0.8 * scale, 3, 0.7)
    if rng.random() < 0.2:
        mottle = mottle + 0.4 * np.exp(-np.square(q / 0.35))
    dose = rng.uniform(0.5, 1.5) * (1.1 if canvas.tone > 0.15 else 1)
    melanin = spot * canvas.tone * rng.choice([0, 0, 0.1])
    relief = spot * 0.
    return Stamp("red-mark", 0, 0, relief, np.float32(dose) * spot * mottle,
                 melanin, largest(spot > 0.42))


def brown_mark(canvas):
    rng, scale = canvas.rng, canvas.scale
    width, x, y = mark_grid(canvas, 3., 0.45, 10, 1.15)
    q = outline(rng, x, y, width / 2, 0.13, rng.uniform(1, 1.7))
    q = q + rng.uniform(0.04, 0.14) * fractal(rng, x.shape, 0.4 * width * scale,
                                            4, 0.55)
    edge = rng.uniform(0.18, 0.65)
    spot = 1 - rise(q, 1 - edge, 1 + edge)
    mottle = 1 + rng.uniform(0.05, 0.25) * fractal(rng, x.shape, scale, 3, 0.7)
    # An optical density in green of 0.13 to 0.6 over the epidermis' two ways.
    dose = rng.uniform(0.13, 0.55) / 7.5 * (1 + 0.6 * canvas.tone)
    blood = spot * rng.uniform(0.1, 0.5)
    return Stamp("brown-mark", 0, 0, spot * 0., blood,
                 np.float32(dose) * spot * mottle, largest(spot > 0.42))


def largest(mask):
    """The largest part of a mask alone."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=4)
    if count < 3:
        return mask
    return labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax()


# ---- The distractors ----

def papule(canvas):
    rng = canvas.rng
    width = rng.uniform(1.2, 4.5)
    x, y = grid(canvas, width)
    q = outline(rng, x, y, width / 2, 0.08, rng.uniform(1, 1.3))
    bump = np.exp(-np.log(2) * q ** rng.uniform(1.8, 3.5))
    return Stamp("", 0, 0, bump * rng.uniform(0.12, 0.5),
                 bump * rng.choice([0, 0, 0.15]), bump * 0., bump > 0.5, 0.4)


def mole(canvas):
    rng, scale = canvas.rng, canvas.scale
    width = rng.uniform(1.2, 4)
    x, y = grid(canvas, width)
    q = outline(rng, x, y, width / 2, 0.06, rng.uniform(1, 1.3))
    spot = 1 - rise(q, 0.8, 1.2)
    mottle = 1 + 0.12 * fractal(rng, x.shape, 0.6 * scale, 3)
    return Stamp("", 0, 0, spot * rng.choice([0, 0.1, 0.5]) * rng.random(),
                 spot * 0.3, spot * mottle * rng.uniform(0.15, 0.32), spot > 0.5)


def freckle(canvas):
    rng = canvas.rng
    width = rng.uniform(0.4, 1.2)
    x, y = grid(canvas, width * 1.2)
    q = outline(rng, x, y, width / 2, 0.2, rng.uniform(1, 1.6))
    spot = 1 - rise(q, 0.5, 1.5)
    return Stamp("", 0, 0, spot * 0., spot * 0.,
                 spot * rng.uniform(0.008, 0.035), spot > 0.5)


def comedo(canvas):
    """A blackhead: a flat dark plug in a slightly raised pore."""
    rng, scale = canvas.rng, canvas.scale
    width = rng.uniform(0.3, 0.8)
    x, y = grid(canvas, width * 2)
    q = outline(rng, x, y, width / 2, 0.1, rng.uniform(1, 1.3))
    spot = 1 - rise(q, 0.6, 1.3)
    rim = np.exp(-np.square((q - 1.7) / 0.7))
    return Stamp("", 0, 0, 0.05 * rim + 0.04 * spot,
                 0.4 * base.blur(spot, 0.1 * scale),
                 spot * rng.uniform(0.15, 0.5), spot > 0.5)


# ---- The placing ----

def place(canvas, stamp, taken, near=None):
    """Finds room for a stamp and says whether there was any."""
    rng, shape = canvas.rng, canvas.shape
    half = stamp.inside.shape[0] // 2
    gap = max(3 * canvas.over, int(0.35 * canvas.scale))
    grown = cv2.dilate(stamp.inside.astype(np.uint8),
                       np.ones((2 * gap + 1,) * 2, np.uint8))
    for _ in range(40):
        if near is not None and rng.random() < 0.75:
            centre = near[int(rng.integers(len(near)))]
            spread = 0.16 * min(shape)
            row, column = (int(value) for value in rng.normal(centre, spread))
        else:
            row, column = (int(rng.integers(side)) for side in shape)
        if not (half < row < shape[0] - half - 1
                and half < column < shape[1] - half - 1):
            continue
        window = (slice(row - half, row + half + 1),
                  slice(column - half, column + half + 1))
        if (canvas.open[window] == 0)[stamp.inside].any() \
                or (taken[window] * grown).any():
            continue
        taken[window] |= stamp.inside.astype(np.uint8)
        stamp.row, stamp.column = row, column
        return True
    return False


def lesion_list(canvas):
    """All lesions of a picture, each class sparse, usual or dense."""
    rng = canvas.rng
    area = np.prod(canvas.millimetres()) / 100 * canvas.open.mean()
    makers = {"crater": crater, "ice-pick": ice_pick, "red-mark": red_mark,
              "brown-mark": brown_mark}
    shared = np.zeros(canvas.shape, np.uint8)
    stamps = []
    for name, maker in makers.items():
        if rng.random() < 0.22:
            continue
        density = np.exp(rng.normal(-0.8, 0.8)) * (
            1.6 if name == "ice-pick" else 1)
        count = int(np.clip(density * area * (60 / (60 + area)) + 2, 2, 60))
        near = rng.uniform(0.2, 0.8, (int(rng.integers(1, 4)), 2)) \
            * canvas.shape
        # Some marks lie across scars: their own map of what is taken.
        taken = shared if rng.random() < 0.8 else np.zeros_like(shared)
        for _ in range(count):
            stamp = maker(canvas)
            if place(canvas, stamp, taken, near):
                stamps.append(stamp)
        shared |= taken
    return stamps, shared


def distractor_list(canvas, taken):
    rng = canvas.rng
    area = np.prod(canvas.millimetres()) / 100
    stamps = []
    for maker, chance, density in ((papule, 0.4, 0.25), (mole, 0.35, 0.05),
                                   (freckle, 0.3, 2.), (comedo, 0.35, 0.8)):
        if rng.random() > chance:
            continue
        count = int(min(1 + rng.uniform(0.2, 1.5) * density * area, 150))
        for _ in range(count):
            stamp = maker(canvas)
            if place(canvas, stamp, taken):
                stamps.append(stamp)
    return stamps


def corner(stamp):
    half = stamp.inside.shape[0] // 2
    return stamp.row - half, stamp.column - half


def press(layers, canvas, stamp):
    """Adds a stamp to the layers."""
    half = stamp.inside.shape[0] // 2
    window = (slice(stamp.row - half, stamp.row + half + 1),
              slice(stamp.column - half, stamp.column + half + 1))
    texture, relief, blood, melanin = layers
    texture[window] *= 1 - stamp.scar * base.blur(
        stamp.inside.astype(np.float32), 0.15 * canvas.scale)
    relief[window] += stamp.relief
    blood[window] += stamp.blood
    melanin[window] += stamp.melanin


# ---- The colours ----

def reflectance_table(rng):
    """Linear RGB over the logarithm of blood and over melanin."""
    oxygen = rng.uniform(0.55, 0.9)
    per_blood = spectral.BLOOD_ABSORPTION * (
        oxygen * spectral.OXYGENATED + (1 - oxygen) * spectral.DEOXYGENATED)[::2]
    # Blood lies in vessels, which shade themselves where it absorbs much.
    blood = np.exp(np.linspace(*LOG_BLOOD, LUT))
    melanin = np.linspace(*MELANIN, LUT)
    packed = per_blood / (1 + 0.0012 * per_blood)
    absorbed = blood[:, None] * packed + 0.25 * (WAVES / 500) ** -1.5
    scattered = 0.75 * rng.uniform(17, 24) * (WAVES / 550) ** -1.1
    ratio = 2 * absorbed / scattered
    dermis = 1 + ratio - np.sqrt(ratio ** 2 + 2 * ratio)
    # Melanin's slope in living skin is less than that of its granules.
    way = 2 * rng.uniform(0.0068, 0.0088) * MELANIN_AT_550 * (
        WAVES / 550.) ** -rng.uniform(2.7, 3.5)
    epidermis = np.exp(-melanin[:, None] * way)
    kelvin = rng.uniform(2900, 6800)
    light = WAVES ** -5. / np.expm1(PLANCK / (WAVES * kelvin))
    peaks = np.array([613, 540, 462]) + rng.normal(0, 6, 3)
    widths = np.array([32, 36, 27]) * rng.uniform(0.85, 1.15, 3)
    eyes = np.exp(-np.square((WAVES - peaks[:, None]) / widths[:, None]) / 2)
    eyes = eyes * light
    eyes /= eyes.sum(1, keepdims=True)
    table = np.einsum("bw,mw,cw->bmc", dermis, epidermis, eyes)
    # Colour correction makes up for the overlap of the camera's filters.
    k = rng.uniform(0, 0.2)
    mix = np.array([[1 + k, -k, 0], [-k / 2, 1 + k, -k / 2], [0, -k, 1 + k]])
    # The epidermis scatters a little too, before light comes to its melanin.
    own = np.array([0.022, 0.010, 0.005]) * rng.uniform(0.7, 1.4)
    return (np.maximum(table @ mix.T, 0) + own).astype(np.float32)


def albedo(table, blood, melanin):
    row = (blood - LOG_BLOOD[0]) / (LOG_BLOOD[1] - LOG_BLOOD[0]) * (LUT - 1)
    column = (melanin - MELANIN[0]) / (MELANIN[1] - MELANIN[0]) * (LUT - 1)
    return cv2.remap(table, np.clip(column, 0, LUT - 1).astype(np.float32),
                     np.clip(row, 0, LUT - 1).astype(np.float32),
                     cv2.INTER_LINEAR)


# ---- The lights ----

@dataclasses.dataclass
class Lamp:
    azimuth: float
    elevation: float
    colour: np.ndarray
    size: float      # degrees


def choose_lamps(rng):
    """A ring flash, a lamp near by, soft boxes or the sun, and ambient."""
    kind = rng.choice(["ring", "flash", "softbox", "side"],
                      p=[0.1, 0.2, 0.35, 0.35])
    azimuth = rng.uniform(0, 360)
    white = np.ones(3)
    if kind == "ring":
        lamps = [Lamp(azimuth + 90 * k, rng.uniform(72, 80), white / 4, 8.)
                 for k in range(4)]
    else:
        span = {"flash": (58, 80), "softbox": (30, 65), "side": (15, 45)}
        lamps = [Lamp(azimuth, rng.uniform(*span[kind]), white,
                      25. if kind == "softbox" else 6.)]
    if kind != "ring" and rng.random() < 0.35:
        tint = np.array([1, 1, 1]) + rng.normal(0, 0.1) * np.array([1, 0, -1])
        lamps[0].colour = lamps[0].colour * 0.65
        lamps.append(Lamp(azimuth + rng.uniform(70, 290),
                          rng.uniform(20, 75), tint * rng.uniform(0.2, 0.5),
                          20.))
    ambient = rng.uniform(0.12, 0.5) if kind != "ring" else rng.uniform(0.1, 0.25)
    return lamps, ambient


def cast_shadow(relief, scale, lamp):
    """The lit share of each place, by a walk towards the lamp."""
    slope = np.tan(np.radians(lamp.elevation))
    if lamp.elevation > 72:
        return 1.
    ahead = np.cos(np.radians(lamp.azimuth)), -np.sin(np.radians(lamp.azimuth))
    size = relief.shape[1::-1]
    relief, scale = halved(relief), scale / 2
    above = np.full_like(relief, -1.)
    reach = min(2.2, 1.2 / slope + 0.4)
    for step in np.geomspace(0.08, reach, 8):
        moved = base.shifted(relief, ahead[0] * step * scale,
                             ahead[1] * step * scale)
        soft = 0.05 + step * (0.05 + np.radians(lamp.size) * 0.6)
        np.maximum(above, (moved - relief - step * slope) / soft, out=above)
    return cv2.resize(1 - rise(above, -0.5, 0.5), size)


def gloss_of(normal, toward, rough):
    """Trowbridge and Reitz' highlight under a camera straight above."""
    half = toward + np.array([0, 0, 1])
    half = half / np.linalg.norm(half)
    cosine = np.clip(sum(n * h for n, h in zip(normal, half)), 0, 1)
    alpha = rough * rough
    spread = alpha / np.square(cosine * cosine * (alpha - 1) + 1)
    lit = np.clip(sum(n * t for n, t in zip(normal, toward)), 0, 1)
    fresnel = 0.028 + 0.972 * (1 - max(float(half @ toward), 0)) ** 5
    visible = 1 / (4 * np.maximum(lit + normal[2], 0.1) * 0.5)
    return (fresnel / np.pi * spread * visible * lit).astype(np.float32)


def normals(form, relief, scale):
    dx = form[0] + cv2.Sobel(relief, cv2.CV_32F, 1, 0, ksize=3,
                             scale=scale / 8)
    dy = form[1] + cv2.Sobel(relief, cv2.CV_32F, 0, 1, ksize=3,
                             scale=scale / 8)
    length = np.sqrt(1 + dx * dx + dy * dy)
    return -dx / length, -dy / length, 1 / length


def openness(relief, scale):
    """How much of the sky each place sees, from its depth at three widths."""
    seen = 1.
    for width, weight in ((0.25, 0.4), (0.7, 0.9), (2., 1.3)):
        below = np.maximum(base.blur(relief, width * scale) - relief, 0)
        seen = seen + weight * below / width
    return 1 / seen


def light_skin(scale, setup, form, relief, colour):
    """Linear RGB of the lit skin."""
    fine = normals(form, relief, scale)
    air = openness(relief, scale)
    falling = np.zeros(relief.shape + (3,), np.float32)
    shine = np.zeros_like(falling)
    for lamp in setup["lamps"]:
        e, a = np.radians(lamp.elevation), np.radians(lamp.azimuth)
        toward = np.array([np.cos(e) * np.cos(a), -np.cos(e) * np.sin(a),
                           np.sin(e)])
        wrap = setup["wrap"] + np.radians(lamp.size) * 0.2
        lit = np.clip((sum(n * t for n, t in zip(fine, toward)) + wrap)
                      / (1 + wrap), 0, 2)
        shaded = cast_shadow(relief, scale, lamp) * (0.35 + 0.65 * air)
        tint = lamp.colour.astype(np.float32)
        falling += (lit * shaded)[..., None] * tint
        if setup["gloss"] > 0:
            rough = np.hypot(setup["rough"], np.radians(lamp.size) * 0.35)
            shine += (gloss_of(fine, toward, rough) * shaded)[..., None] * tint
    # Walls light one another, red above all.
    around = base.blur(falling.mean(2), 0.5 * scale) * (1 - air)
    falling += around[..., None] * np.array([0.55, 0.38, 0.3], np.float32)
    falling += (setup["ambient"] * air * (0.6 + 0.4 * fine[2]))[..., None]
    spread = sum(base.blur(falling, width * setup["spread"] * scale)
                 * np.array(share, np.float32) for width, share in SPREAD)
    dull = setup["glare"] * falling
    return (colour * spread + dull
            + shine * (setup["gloss"] * setup["sebum"])[..., None])


# ---- Things over the skin ----

def hair_cover(canvas, skin):
    """Hairs and stubble as (cover, shadow), each 0 to 1."""
    rng, scale, shape = canvas.rng, canvas.scale, canvas.shape
    cover = np.zeros(shape, np.uint8)
    area = np.prod(canvas.millimetres()) / 100

    def strand(x, y, length, width, heading, curl):
        steps = np.linspace(0, 1, 12)
        angles = heading + curl * steps
        dx = np.cos(angles).cumsum() * length / 12
        dy = np.sin(angles).cumsum() * length / 12
        points = np.stack([x + dx, y + dy], 1) * 16
        thick = max(1, int(round(width)))
        cv2.polylines(cover, [points.astype(np.int32)], False,
                      int(255 * min(1, width / thick)), thick,
                      cv2.LINE_AA, 4)

    if rng.random() < 0.3:
        for _ in range(int(rng.integers(1, 14))):
            strand(rng.uniform(0, shape[1]), rng.uniform(0, shape[0]),
                   rng.uniform(6, 60) * scale, rng.uniform(0.05, 0.11) * scale,
                   rng.uniform(0, 6.3), rng.normal(0, 1))
    if rng.random() < 0.22:
        field = smooth_noise(rng, shape, 25 * scale)
        heading = rng.uniform(0, 6.3)
        longest = rng.choice([0.6, 1.2, 4])
        for _ in range(int(min(area * rng.uniform(8, 40), 6000))):
            x, y = rng.uniform(0, shape[1]), rng.uniform(0, shape[0])
            if field[int(y), int(x)] < 0.5:
                continue
            strand(x, y, rng.uniform(0.2, longest) * scale,
                   rng.uniform(0.03, 0.08) * scale,
                   heading + rng.normal(0, 0.5), rng.normal(0, 0.3))
    cover = cover.astype(np.float32) / 255 * (skin > 0.5)
    shift = np.float32([[1, 0, 0.15 * scale], [0, 1, 0.15 * scale]])
    shadow = base.blur(cv2.warpAffine(cover, shift, shape[1::-1]), 0.12 * scale)
    return cover, 0.4 * np.minimum(shadow, 1)


def vessels(canvas, blood):
    """Telangiectasia and scratches: thin red lines."""
    rng, scale, shape = canvas.rng, canvas.scale, canvas.shape
    line = np.zeros(shape, np.uint8)
    if rng.random() < 0.25:
        start = rng.uniform(0.2, 0.8, 2) * shape[::-1]
        for _ in range(int(rng.integers(3, 18))):
            point = start + rng.normal(0, 8 * scale, 2)
            walk = np.cumsum(rng.normal(0, 0.25, 25)) + rng.uniform(0, 6.3)
            step = rng.uniform(0.1, 0.3) * scale
            path = point + step * np.cumsum(
                np.stack([np.cos(walk), np.sin(walk)], 1), 0)
            cv2.polylines(line, [(path * 16).astype(np.int32)], False,
                          int(rng.integers(90, 255)),
                          max(1, int(0.1 * scale)), cv2.LINE_AA, 4)
    if rng.random() < 0.12:
        for _ in range(int(rng.integers(1, 4))):
            a = rng.uniform(0, 1, 2) * shape[::-1]
            b = a + rng.normal(0, 9 * scale, 2)
            cv2.line(line, tuple(int(v) for v in a), tuple(int(v) for v in b),
                     200, max(1, int(0.25 * scale)), cv2.LINE_AA)
    blood += np.float32(1.1) * base.blur(line.astype(np.float32) / 255,
                                    0.08 * scale)


def artefact(canvas):
    """A ruler or a plaster as (cover, linear colour), or nothing."""
    rng, scale, shape = canvas.rng, canvas.scale, canvas.shape
    choice = rng.random()
    cover = np.zeros(shape, np.uint8)
    paint = np.zeros(shape + (3,), np.float32)
    if choice < 0.07:
        wide = int(rng.uniform(7, 12) * scale)
        top = shape[0] - wide if rng.random() < 0.5 else 0
        cover[top:top + wide] = 255
        paint[:] = rng.uniform(0.55, 0.8)
        for k in range(int(shape[1] / scale)):
            x = int((k + 0.5) * scale)
            long = (0.5 if k % 10 == 0 else 0.35 if k % 5 == 0 else 0.2) * wide
            cv2.line(paint, (x, top), (x, int(top + long)), (0.05,) * 3,
                     max(1, int(0.15 * scale)), cv2.LINE_AA)
            if k % 10 == 0:
                cv2.putText(paint, str(k // 10), (x, int(top + 0.9 * wide)),
                            cv2.FONT_HERSHEY_SIMPLEX, 0.1 * scale,
                            (0.05,) * 3, max(1, int(0.25 * scale)), cv2.LINE_AA)
    elif choice < 0.12:
        size = rng.uniform(9, 14), rng.uniform(20, 30)
        middle = rng.uniform(0.15, 0.85, 2) * shape[::-1]
        box = cv2.boxPoints((middle.tolist(), (size[0] * scale,
                                               size[1] * scale),
                             float(rng.uniform(0, 180))))
        cv2.fillConvexPoly(cover, box.astype(np.int32), 255)
        cover = cv2.GaussianBlur(cover, (0, 0), 1.5 * scale)
        cover = np.uint8(255) * (cover > 127)
        weave = 1 + 0.08 * fractal(rng, shape, 0.5 * scale, 2)
        paint[:] = weave[..., None] * np.array([0.55, 0.38, 0.25], np.float32)
    else:
        return None
    canvas.open[cv2.dilate(cover, np.ones((5, 5), np.uint8)) > 0] = 0
    return base.blur(cover.astype(np.float32) / 255, 0.06 * scale), paint


def background(canvas):
    rng, shape = canvas.rng, canvas.shape
    colour = rng.choice([0.01, 0.05, 0.3, 0.7]) * rng.uniform(0.6, 1.3, 3)
    waves = 1 + 0.2 * smooth_noise(rng, shape, min(shape) / 3)
    return waves[..., None] * colour.astype(np.float32)


# ---- The camera ----

def choose_camera(rng):
    return {"full_well": float(np.exp(rng.uniform(np.log(2500), np.log(40000)))),
            "read_noise": rng.uniform(0.0005, 0.004),
            "defocus": float(abs(rng.normal(0, 0.55)) + 0.45),
            "disc": bool(rng.random() < 0.3),
            "sharpen": float(max(rng.normal(0.5, 0.45), 0)),
            "denoise": float(rng.uniform(0, 1)),
            "vignette": float(rng.uniform(0, 0.35) ** 1.5),
            "balance": np.exp(rng.normal(0, 0.06, 3)),
            "bright": float(rng.normal(0, 0.16)),
            "contrast": float(rng.uniform(0, 0.4)),
            "quality": int(rng.integers(80, 99)),
            "half": bool(rng.random() < 0.75)}


def lens(canvas, linear):
    """To the picture's own size, out of focus and darker at its corners."""
    camera = canvas.camera
    if canvas.over > 1:
        linear = cv2.resize(linear, canvas.final_shape[::-1],
                            interpolation=cv2.INTER_AREA)
    if camera["disc"]:
        radius = camera["defocus"] * 1.6
        y, x = np.indices((11, 11)) - 5
        kernel = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
        linear = cv2.filter2D(linear, -1, (kernel / kernel.sum()))
    else:
        linear = cv2.GaussianBlur(linear, (0, 0), camera["defocus"])
    y, x = (np.linspace(-1, 1, side, dtype=np.float32)
            for side in linear.shape[:2])
    fall = 1 - camera["vignette"] * (y[:, None] ** 2 + x ** 2) / 2
    return linear * fall[..., None]


def develop(canvas, linear):
    """The sensor's noise and mosaic, and what a camera makes of them."""
    camera = canvas.camera
    linear = np.clip(linear * camera["balance"].astype(np.float32), 0, 1.2)
    linear = base.expose(linear, camera["full_well"], camera["read_noise"],
                         canvas.rng)
    tones = base.steepen(base.to_srgb(linear), camera["contrast"])
    tones = cv2.cvtColor(tones.astype(np.float32), cv2.COLOR_RGB2YCrCb)
    tones[..., 1:] = cv2.GaussianBlur(tones[..., 1:], (0, 0),
                                      0.4 + 1.4 * camera["denoise"])
    light = tones[..., 0]
    if camera["denoise"] > 0.6:
        light = cv2.bilateralFilter(light, 5, 0.04, 1.5)
    tones[..., 0] = base.sharpen(light, camera["sharpen"], 1.2)
    return base.to_bytes(cv2.cvtColor(tones, cv2.COLOR_YCrCb2BGR))


def caption(canvas, picture):
    """A few pictures carry a printed word."""
    rng = canvas.rng
    if rng.random() > 0.08:
        return
    word = str(rng.choice(["BEFORE", "Fig. 2a", "day 0", "L", "2024-03-11",
                           "patient 14"]))
    size = rng.uniform(0.6, 1.8)
    shade = (255,) * 3 if rng.random() < 0.6 else (10,) * 3
    place_at = (int(rng.uniform(0.02, 0.6) * picture.shape[1]),
                int(rng.choice([0.08, 0.96]) * picture.shape[0]))
    cv2.putText(picture, word, place_at, cv2.FONT_HERSHEY_SIMPLEX, size,
                shade, max(1, int(2 * size)), cv2.LINE_AA)


def compress(picture, camera):
    """A JPEG's round trip, with full chroma as three grey pictures."""
    if camera["half"]:
        return base.jpeg(picture, camera["quality"])
    planes = cv2.split(cv2.cvtColor(picture, cv2.COLOR_BGR2YCrCb))
    planes = [base.jpeg(plane, camera["quality"])[..., 0] for plane in planes]
    return cv2.cvtColor(cv2.merge(planes), cv2.COLOR_YCrCb2BGR)


# ---- The picture ----

def choose_setup(canvas):
    rng = canvas.rng
    lamps, ambient = choose_lamps(rng)
    gloss = rng.choice([0, rng.uniform(0.2, 0.8), rng.uniform(0.8, 1.8)],
                       p=[0.1, 0.5, 0.4])
    sebum = rise(smooth_noise(rng, canvas.shape, 22 * canvas.scale), -1.6, 1)
    return {"lamps": lamps, "ambient": ambient,
            "gloss": float(gloss), "sebum": 0.25 + 0.75 * sebum,
            "rough": rng.uniform(0.3, 0.6), "wrap": rng.uniform(0.0, 0.15),
            "glare": rng.uniform(0.006, 0.025) * (1 - 1.6 * canvas.tone),
            "spread": float(np.exp(rng.normal(-0.5, 0.3)))}


def base_layers(canvas):
    """Texture, relief, blood and melanin of the skin without lesions."""
    rng, scale, shape = canvas.rng, canvas.scale, canvas.shape
    density = rng.uniform(0.1, 0.9)
    pores = pore_layer(canvas, density)
    texture = texture_layer(canvas, pores)
    relief = wrinkle_layer(canvas)
    flush = rng.uniform(0.12, 0.4)
    blood = np.log(rng.uniform(0.005, 0.013)) + flush * (
        0.6 * fractal(rng, shape, 20 * scale, 2)
        + 0.55 * fractal(rng, shape, 1.6 * scale, 4, 0.7))
    spots = (fractal(rng, shape, 17 * scale, 2)
             + 0.6 * fractal(rng, shape, 1.1 * scale, 4, 0.7))
    fraction = canvas.tone * np.exp(rng.normal(0, 0.15))
    uneven = rng.uniform(0.5, 1.5) * (0.0015 + 0.015 * fraction)
    melanin = (fraction + uneven * spots
               + rng.choice([0.015, 0.03, 0.06]) * pores)
    canvas.open[canvas.skin < 0.9] = 0
    return [texture, relief, blood.astype(np.float32),
            melanin.astype(np.float32)]


def contrast(camera, stamp, with_it, without):
    """How far a stamp stands out, 1 for what an eye would just see."""
    half = stamp.inside.shape[0] // 4 + 1
    row, column = stamp.row // 2, stamp.column // 2
    window = (slice(max(row - half, 0), row + half + 1),
              slice(max(column - half, 0), column + half + 1))
    size = max(np.sqrt(stamp.inside.sum()) / 2, 2)
    sigma = max(0.13 * size, 0.5)
    after = cv2.GaussianBlur(with_it[window], (0, 0), sigma)
    before = cv2.GaussianBlur(without[window], (0, 0), sigma)
    change = np.abs(after - before).max(2)
    signal = np.percentile(change, 100 - 40 * stamp.inside.mean())
    texture = (before - cv2.GaussianBlur(before, (0, 0), 3 * sigma)).std(
        (0, 1)).max()
    grain = 0.2 / np.sqrt(camera["full_well"]) / sigma
    return signal / max(LEAST_CHANGE, GATE * texture + 2 * grain)


def shown(linear):
    return np.clip(linear, 1e-6, 1) ** np.float32(1 / 2.2)


def brightness(linear, skin):
    """The skin's brightest usual value."""
    values = linear[::4, ::4].max(-1)[skin[::4, ::4] > 0.9]
    return max(float(np.percentile(values, 85)), 0.01)


def draw(canvas, layers, shrink=1):
    """Linear RGB of the layers; at half the size where SHRINK is 2."""
    setup, form = canvas.setup, canvas.form
    if shrink == 2:
        setup = dict(setup, sebum=halved(setup["sebum"]))
        form, layers = [halved(x) for x in form], [halved(x) for x in layers]
    texture, relief, blood, melanin = layers
    return light_skin(canvas.scale / shrink, setup, form, texture + relief,
                      albedo(canvas.table, blood, melanin))


def trial(canvas, layers):
    """A drawing at half the size, for the eye's judgement only."""
    return base.blur(draw(canvas, layers, 2),
                     canvas.camera["defocus"] * canvas.over / 2)


def keep_visible(canvas, layers, lesions, bare, gain):
    """Strengthens the faint lesions, and leaves out those nobody would see.

    BARE is the trial of LAYERS, which are without lesions."""
    full = [layer.copy() for layer in layers]
    for stamp in lesions:
        press(full, canvas, stamp)
    seen, bare = (shown(gain * x) for x in (trial(canvas, full), bare))
    kept = []
    for stamp in lesions:
        ratio = contrast(canvas.camera, stamp, seen, bare)
        if ratio < LOST:
            continue
        more = np.float32(np.clip(1.15 / ratio, 1, 2.2))
        stamp.relief = stamp.relief * more
        stamp.blood = stamp.blood * more
        stamp.melanin = stamp.melanin * more
        kept.append(stamp)
    return kept


def render(seed):
    """The photograph of a number."""
    canvas = Canvas(seed)
    rng = canvas.rng
    extra = artefact(canvas)
    layers = base_layers(canvas)
    vessels(canvas, layers[2])
    lesions, taken = lesion_list(canvas)
    for stamp in distractor_list(canvas, taken):
        press(layers, canvas, stamp)
    bare = trial(canvas, layers)
    target = rng.uniform(0.5, 0.8) * (1 - 1.5 * canvas.tone)
    gain = np.float32(target * np.exp(canvas.camera["bright"])
                      / brightness(bare, halved(canvas.skin)))
    lesions = keep_visible(canvas, layers, lesions, bare, gain)
    for stamp in lesions:
        press(layers, canvas, stamp)
    linear = gain * draw(canvas, layers)
    picture = develop(canvas, lens(canvas, over_skin(canvas, linear, extra)))
    caption(canvas, picture)
    lamp = canvas.setup["lamps"][0]
    return base.Photograph(compress(picture, canvas.camera),
                           truth_of(canvas, lesions), canvas.final_scale,
                           lamp.azimuth % 360, lamp.elevation)


def over_skin(canvas, linear, extra):
    """Hairs, a ruler or plaster, and what is beside the body."""
    rng, skin = canvas.rng, canvas.skin
    cover, shadow = hair_cover(canvas, skin)
    dark = rng.choice([0.02, 0.05, 0.12]) * np.array([1.3, 1, 0.8], np.float32)
    linear = linear * (1 - shadow)[..., None]
    linear += cover[..., None] * (dark - linear)
    if extra is not None:
        mask, paint = extra
        shade = base.blur(linear.mean(2), 6 * canvas.scale)
        shade = shade / max(float(shade.mean()), 1e-3)
        linear += mask[..., None] * (paint * shade[..., None] - linear)
    if skin.min() < 0.5:
        linear += (1 - skin)[..., None] * (background(canvas) - linear)
    return linear


def truth_of(canvas, lesions):
    """Scars above marks; each lesion stays in one piece, or is under others."""
    order = ("red-mark", "brown-mark", "crater", "ice-pick")
    ranked = sorted(lesions, key=lambda stamp: order.index(stamp.name))
    over = canvas.over
    numbers = np.zeros(canvas.final_shape, np.int32)
    boxes, areas = [], []
    for number, stamp in enumerate(ranked, 1):
        rows, columns = (np.arange(-(-at // over), (at + size - 1) // over + 1)
                         for at, size in zip(corner(stamp),
                                             stamp.inside.shape))
        row, column = corner(stamp)
        inside = stamp.inside[np.ix_(rows * over - row,
                                     columns * over - column)]
        boxes.append((slice(rows[0], rows[-1] + 1),
                      slice(columns[0], columns[-1] + 1)))
        areas.append(inside.sum())
        numbers[boxes[-1]][inside] = number
    truth = np.zeros(canvas.final_shape, np.uint8)
    for number, stamp in enumerate(ranked, 1):
        box = boxes[number - 1]
        part = largest(numbers[box] == number)
        if part.sum() > 0.25 * areas[number - 1]:
            truth[box][part] = base.CLASSES[stamp.name]
    return truth


if __name__ == "__main__":
    base.run("layered", __doc__, render)
