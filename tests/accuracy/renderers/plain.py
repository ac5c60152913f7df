#!/usr/bin/env python3
"""Renders skin with exact truth the plain way: everything is a density.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: plain.py OUTPUT FIRST LAST

Writes for each number a photograph, its truth and a .ini with the scale and
the light, by the number alone.  The colour of a pixel is an optical density,

    D = base + melanin * v_m + blood * v_h + shading + hollows,

with the vectors of Tsumura (doi:10.1364/josaa.16.002169), turned a little for
each camera.  Shading is the logarithm of the light that the relief receives
from one or two lamps and the room, spread in the skin, red furthest.  Hollows
are darker than their surroundings are, most so in blue.  Gloss is added in
linear light.

The truth of a scar is where it is deeper than EDGE of its depth, that of a
mark where it holds more than half of its added blood or melanin.  A lesion
that does not stand out of the skin around it is made stronger, or left out.

Needs numpy and OpenCV.  Sources: the shapes of scars are those of Jacob
(doi:10.1067/mjd.2001.113451), pores those of doi:10.2147/CCID.S74401.
"""

import collections

import cv2
import numpy as np

import base

NAME = "plain"

# Density of red, green and blue for one unit of pigment (Tsumura).
MELANIN = (0.2203, 0.4788, 0.8499)
BLOOD = (0.2988, 0.6838, 0.6657)

AREA = (1.2e6, 2.4e6)       # pixels
SCALE = (6, 30)             # px/mm
SCALE_BIAS = 1.22           # makes half of the pictures coarser than 12 px/mm
ELEVATION = (15, 80)        # degrees
SPREAD = (0.27, 0.17, 0.11) # mm, of light in skin: red, green, blue
HOLLOW_TINT = (0.85, 1.0, 1.1)
HOLLOWS = ((0.3, 1.5), (0.9, 0.6), (2.2, 0.5))  # mm, weight
TEXTURE_DEPTH = 0.12        # mm, the deepest furrows
TEXTURE_SPREAD = 0.012      # mm, of the height; more would look like bark
SHADOW_STEPS = (0.15, 0.3, 0.5, 0.8, 1.2)  # mm, where a shadow may come from

LONGER = 0.6                # how much longer the darkest tone is exposed
LABEL_MARGIN = 3.5          # mm between lesions' middles and a ruler or print

EDGE = 0.15                 # share of a scar's depth at the edge of its truth
GAP = 0.8                   # mm between lesions
VISIBLE = 1.8               # contrast of a lesion over the skin's at its size
STRONGER = 2.2              # at most
SHRUNK = 0.8                # how much smaller lesions are that overlap

CRATER, ICE_PICK, RED, BROWN = NUMBERS = tuple(
    base.CLASSES[name] for name in ("crater", "ice-pick", "red-mark", "brown-mark"))
COUNT = {CRATER: (11, 20), ICE_PICK: (8, 18), RED: (8, 20), BROWN: (8, 20)}
CONTRAST = {CRATER: 0.06, ICE_PICK: 0.07, RED: 0.08, BROWN: 0.07}  # density, at least
AMOUNT = {RED: (0.8, 1.4), BROWN: (0.75, 1.6)}  # density of added pigment
DARK_GAIN = 0.9             # how much more of it marks on the darkest tone have

# Height in mm; melanin and blood in density over the base colour's; ink: the
# density of hairs, print and plugs, without colour.
Skin = collections.namedtuple("Skin", "height melanin blood ink")

# Direction towards the lamp, its share and its colour.
Lamp = collections.namedtuple("Lamp", "azimuth elevation colour")

# Light of the room over the first lamp's, spread over SPREAD, hollows' density.
Look = collections.namedtuple("Look", "room spread hollow")

# Radius: 1 at the edge of the truth.  Profile: what is added, 1 at most.
Lesion = collections.namedtuple("Lesion", "kind x y width radius profile amount tint")


# ---- Noise and shapes ----

def noise(random, shape, sigma):
    """Smooth noise with a spread of one."""
    shrink = max(1, int(sigma / 2))
    small = random.standard_normal((shape[0] // shrink + 8, shape[1] // shrink + 8),
                                   np.float32)
    small = cv2.GaussianBlur(small, (0, 0), sigma / shrink)
    small /= small.std() + 1e-6
    large = cv2.resize(small, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_CUBIC)
    return large[:shape[0], :shape[1]]


def overlap(shape, patch, x, y):
    """Where a patch with its middle at X and Y is in a plane of that shape, and
    which part of the patch is."""
    left, top = x - patch.shape[1] // 2, y - patch.shape[0] // 2
    right = min(left + patch.shape[1], shape[1])
    bottom = min(top + patch.shape[0], shape[0])
    x0, y0 = max(left, 0), max(top, 0)
    return np.s_[y0:bottom, x0:right], np.s_[y0 - top:bottom - top, x0 - left:right - left]


def stamp(target, patch, x, y):
    there, part = overlap(target.shape, patch, x, y)
    target[there] += patch[part]


def outline(random, width, reach, wobble, ragged, longer):
    """The distance from the middle of a blob of that width in pixels, 1 at its
    outline, as far as REACH."""
    half = int(np.ceil(reach * width / 2 * longer ** 0.5 * (1 + wobble))) + 1
    y, x = np.mgrid[-half:half + 1, -half:half + 1].astype(np.float32)
    x, y = x - random.uniform(-0.5, 0.5), y - random.uniform(-0.5, 0.5)
    turn = random.uniform(0, np.pi)
    along = (x * np.cos(turn) + y * np.sin(turn)) / longer ** 0.5
    across = (y * np.cos(turn) - x * np.sin(turn)) * longer ** 0.5
    angle = np.arctan2(across, along)
    uneven = ragged * noise(random, x.shape, max(1, width / 7))
    for lobes in range(2, 7):
        uneven += wobble / lobes * random.uniform(-1, 1) * np.cos(
            lobes * angle + random.uniform(0, 2 * np.pi))
    radius = np.hypot(along, across) / (width / 2)
    # Only towards the edge: a bottom with lobes would look like a star.
    return radius * np.exp(-uneven * (1 - np.exp(-2 * radius ** 2)))


def dots(random, shape, count, sizes):
    """Gaussian dots of about one, at random places, of a few widths in pixels."""
    result = np.zeros(shape, np.float32)
    for size in sizes:
        sigma = max(0.5, size / 2.35)
        seeds = np.zeros(shape, np.float32)
        places = random.integers(0, seeds.size, count // len(sizes))
        seeds.flat[places] = random.uniform(0.3, 1, places.size)
        result += cv2.GaussianBlur(seeds, (0, 0), sigma) * (2 * np.pi * sigma ** 2)
    return np.minimum(result, 1.5)


def curve(random, shape, length, bend):
    """The points of a curve of that length in pixels."""
    start = random.uniform(0, 1, 2) * (shape[1], shape[0])
    heading = random.uniform(0, 2 * np.pi)
    steps = np.linspace(0, 1, 24)
    turn = heading + bend * (steps * random.uniform(-1, 1)
                             + np.sin(3 * steps) * random.uniform(-0.5, 0.5))
    moves = np.stack([np.cos(turn), np.sin(turn)], 1) * length / 24
    return start + np.cumsum(moves, 0)


def draw(mask, points, thickness, value=255):
    cv2.polylines(mask, [np.round(points * 8).astype(np.int32)], False, value,
                  thickness, cv2.LINE_AA, 3)


# ---- Bare skin ----

def cells(random, shape, scale):
    """Furrows between the cells of a Worley pattern."""
    spacing = base.log_between(random, 0.4, 1.1) * scale
    seeds = np.full(shape, 255, np.uint8)
    seeds.flat[random.integers(0, seeds.size, int(seeds.size / spacing ** 2))] = 0
    _, labels = cv2.distanceTransformWithLabels(
        seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    border = ((labels != np.roll(labels, 1, 0)) | (labels != np.roll(labels, 1, 1)))
    distance = cv2.distanceTransform((~border).astype(np.uint8), cv2.DIST_L2, 5)
    width = max(0.8, random.uniform(0.06, 0.12) * scale)
    furrows = -np.exp(-(distance / width) ** 2).astype(np.float32)
    strength = 1 + 0.5 * np.clip(noise(random, shape, 2 * scale), -1.5, 1.5)
    return furrows * strength


def ridges(random, shape, scale):
    """Furrows where smooth noise changes its sign, in one or two directions."""
    result = np.zeros(shape, np.float32)
    for _ in range(random.integers(1, 4)):
        field = noise(random, shape, random.uniform(0.12, 0.35) * scale + 0.4)
        result -= np.exp(-(field / random.uniform(0.25, 0.5)) ** 2)
    return result


def texture(random, shape, scale, elevation):
    """Relief in mm, its contrast in this light within bounds."""
    furrows = cells if random.random() < 0.6 else ridges
    relief = furrows(random, shape, scale)
    relief += 0.4 * noise(random, shape, 0.15 * scale)
    relief += random.uniform(0, 1) * noise(random, shape, 0.5 * scale)
    across, down = np.gradient(relief[::3, ::3])
    slope = np.sqrt((across ** 2 + down ** 2).mean()) * scale / 3
    wanted = base.log_between(random, 0.04, 0.12) * np.tan(np.radians(elevation)) ** 0.9
    relief *= min(wanted / slope, TEXTURE_DEPTH, TEXTURE_SPREAD / relief.std())
    # Broad unevenness, as of fat under the skin.
    return relief + random.uniform(0.01, 0.04) * noise(random, shape, 3 * scale)


def bare(random, shape, scale, elevation):
    """Skin without lesions and distractors."""
    height = texture(random, shape, scale, elevation)
    blood, melanin = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for size in (0.4, 1.5, 5, 20):
        blood += random.uniform(0.01, 0.03) * noise(random, shape, size * scale)
        melanin += random.uniform(0.005, 0.03) * noise(random, shape, size * scale)
    return Skin(height, melanin, blood, np.zeros(shape, np.float32))


def curvature(random, shape, elevation):
    """The slopes to the right and down of a face that bends away."""
    most = np.tan(np.radians(min(random.uniform(4, 38), 0.55 * elevation)))
    y, x = np.mgrid[-1:1:shape[0] * 1j, -1:1:shape[1] * 1j].astype(np.float32)
    return [np.float32(-most * random.uniform(0.3, 1)) * (way - random.uniform(-0.6, 0.6))
            for way in (x, y)]


# ---- Distractors: none of these is in the truth ----

def some(random, place, most, widths):
    """Widths in mm and places of so many at most: where there is room."""
    for _ in range(int(most)):
        width = base.log_between(random, *widths)
        spot = place(width)
        if spot:
            yield width, spot


def bumps(random, skin, scale, place, load):
    """Papules and closed comedones."""
    for width, spot in some(random, place, random.integers(1, 5) * load, (1.2, 4.5)):
        radius = outline(random, width * scale, 2.2, 0.15, 0, random.uniform(1, 1.3))
        profile = np.exp(-0.7 * radius ** random.uniform(2, 3))
        stamp(skin.height, profile * width * random.uniform(0.05, 0.11), *spot)
        stamp(skin.blood, profile * random.uniform(0, 0.16), *spot)


def moles(random, skin, scale, place, load):
    for width, spot in some(random, place, random.integers(1, 4) * load, (1, 4)):
        radius = outline(random, width * scale, 1.8, 0.2, 0.04, random.uniform(1, 1.4))
        profile = np.exp(-0.7 * radius ** random.uniform(4, 8))
        stamp(skin.melanin, profile * random.uniform(0.8, 2.0), *spot)
        stamp(skin.height, profile * random.choice((0, 0.05, 0.12)) * width, *spot)


def freckles(random, skin, scale, _, load):
    area = skin.height.size / scale ** 2
    count = min(int(area * random.uniform(0.003, 0.015) * load), 150)
    spots = dots(random, skin.height.shape, count, np.linspace(0.35, 1.0, 4) * scale)
    skin.melanin[:] += random.uniform(0.1, 0.3) * spots


def pores(random, skin, scale, _, load):
    area = skin.height.size / scale ** 2
    count = int(area * random.uniform(0.1, 0.35) * load)
    spots = dots(random, skin.height.shape, count, np.linspace(0.18, 0.38, 3) * scale)
    where = np.clip(0.5 + noise(random, skin.height.shape, 12 * scale), 0, 1)
    skin.height[:] -= random.uniform(0.02, 0.06) * spots * where
    skin.ink[:] += random.uniform(0.02, 0.12) * spots * where


def comedones(random, skin, scale, place, load):
    for width, spot in some(random, place, random.integers(1, 4) * load, (0.3, 0.8)):
        radius = outline(random, max(2, width * scale), 3, 0.15, 0, 1.1)
        stamp(skin.ink, np.exp(-0.7 * radius ** 4) * random.uniform(0.15, 0.5), *spot)
        stamp(skin.height, 0.08 * np.exp(-0.25 * radius ** 2), *spot)


def threads(random, skin, scale, count, length, width, darkness):
    """Hairs of these lengths and widths in mm."""
    mask = np.zeros(skin.height.shape, np.uint8)
    for _ in range(count):
        draw(mask, curve(random, mask.shape, base.log_between(random, *length) * scale, 1.0),
             max(1, round(random.uniform(*width) * scale)), int(random.integers(120, 256)))
    # A hair thinner than a pixel covers only a part of it.
    part = min(1, sum(width) / 2 * scale)
    skin.ink[:] += mask.astype(np.float32) / 255 * darkness * part


def hairs(random, skin, scale, _, load):
    threads(random, skin, scale, int(random.integers(2, 9) * load), (4, 30), (0.05, 0.11),
            random.uniform(0.2, 0.9))


def stubble(random, skin, scale, _, load):
    count = min(int(skin.height.size / scale ** 2 * random.uniform(0.02, 0.1) * load), 1500)
    threads(random, skin, scale, count, (0.15, random.uniform(0.3, 0.9)), (0.06, 0.11),
            random.uniform(0.08, 0.3))


def wrinkles(random, skin, scale, _, load):
    for _ in range(int(random.integers(1, 5) * load)):
        mask = np.zeros(skin.height.shape, np.uint8)
        draw(mask, curve(random, mask.shape, base.log_between(random, 10, 50) * scale, 0.8), 1)
        distance = cv2.distanceTransform(255 - (mask > 99) * np.uint8(255), cv2.DIST_L2, 5)
        width = random.uniform(0.2, 0.6) * scale
        skin.height[:] -= random.uniform(0.04, 0.15) * np.exp(-(distance / width) ** 2)


DISTRACTORS = (bumps, moles, freckles, pores, comedones, hairs, stubble, wrinkles)


def label(random, shape, scale, taken):
    """A ruler or a line of print: its rows, and what of the skin's light it lets
    through and adds.  No lesion is put there."""
    thick = int(min(5 * scale, shape[0] / 9))
    top = 0 if random.random() < 0.5 else shape[0] - thick
    margin = int(LABEL_MARGIN * scale)
    taken[max(0, top - margin):top + thick + margin] = 255
    ink = np.zeros((thick, shape[1]), np.uint8)
    ruler = random.random() < 0.5
    if ruler:
        for mark in range(int(shape[1] / scale) + 1):
            long = 0.6 if mark % 10 == 0 else 0.45 if mark % 5 == 0 else 0.3
            cv2.line(ink, (int(mark * scale), 0), (int(mark * scale), int(long * thick)),
                     255, max(1, int(scale / 8)), cv2.LINE_AA)
    text = "  ".join(str(n) for n in random.integers(1, 9999, random.integers(1, 4)))
    cv2.putText(ink, text, (int(random.uniform(0, 0.4) * shape[1]), int(0.9 * thick)),
                cv2.FONT_HERSHEY_SIMPLEX, thick / 80, 255, max(1, thick // 30), cv2.LINE_AA)
    clear = 1 - ink[..., None] / 290
    return np.s_[top:top + thick], 0.1 if ruler else clear, 0.6 * clear if ruler else 0


# ---- Lesions ----

class Places:
    """Where lesions and distractors may still go."""

    def __init__(self, random, shape, scale, taken, closer):
        self.random, self.shape, self.scale, self.taken = random, shape, scale, taken
        self.closer = closer
        self.circles = []
        # Lesions gather in some regions of a face more than in others.
        self.likely = noise(random, (64, 64), random.uniform(8, 20))

    def __call__(self, width):
        """A free place for something that wide in mm, or None."""
        radius = width / 2 * self.closer
        edge = int(0.6 * width * self.scale) + 2
        for _ in range(80):
            x = int(self.random.integers(edge, self.shape[1] - edge))
            y = int(self.random.integers(edge, self.shape[0] - edge))
            region = self.likely[64 * y // self.shape[0], 64 * x // self.shape[1]]
            if self.taken[y, x] or self.random.normal(0, 1) > region + 1:
                continue
            if all(np.hypot(x - u, y - v) / self.scale > radius + other + GAP
                   for u, v, other in self.circles):
                self.circles.append((x, y, radius))
                return x, y
        return None


def scar(random, kind, scale, _):
    """Width and depth in mm, radius and profile of a crater or an ice-pick."""
    bowl = kind == CRATER and random.random() < 0.45
    if kind == ICE_PICK:
        width = random.triangular(0.6, 0.95, 1.6)
        depth = random.uniform(0.32, 0.7) * min(1, width)
        longer, wobble = random.uniform(1, 1.25), 0.12
    elif bowl:
        width, depth = random.uniform(3.2, 6.4), random.uniform(0.28, 0.6)
        longer, wobble = random.uniform(1, 1.6), 0.3
    else:
        width, depth = random.triangular(2.1, 2.6, 4.3), random.uniform(0.25, 0.6)
        longer, wobble = random.uniform(1, 1.5), 0.3
    radius = outline(random, width * scale, 2, wobble, 0.03, longer)
    if bowl:
        reach = np.arccos(2 * EDGE - 1)
        profile = 0.5 + 0.5 * np.cos(np.minimum(radius * reach, np.pi))
    elif kind == ICE_PICK and random.random() < 0.7:
        profile = np.maximum(0, 1 - (1 - EDGE) * radius)
    else:
        steep = random.uniform(3, 4.5) if kind == ICE_PICK else random.uniform(3, 7)
        profile = np.exp(np.log(EDGE) * radius ** steep)
    return width, depth, radius, profile


def mark(random, kind, scale, dark):
    """Width in mm, added density, radius and profile; DARK: 1 on darkest skin."""
    width = base.log_between(random, 1.6, 7)
    radius = outline(random, width * scale, 2.4, 0.35, random.uniform(0.03, 0.12),
                     random.uniform(1, 1.7))
    profile = np.exp(np.log(0.5) * radius ** random.uniform(1.5, 4))
    mottled = 1 + random.uniform(0, 0.15) * noise(random, radius.shape, max(1, 0.3 * scale))
    amount = base.log_between(random, *AMOUNT[kind]) * (1 + DARK_GAIN * dark)
    return width, amount, radius, profile * np.clip(mottled, 0.5, 1.5)


def lesions(random, scale, place, dark):
    """The lesions of a picture, large ones first."""
    counts = {kind: int(random.integers(*COUNT[kind], endpoint=True))
              for kind in NUMBERS}
    if random.random() < 0.3:
        counts[int(random.integers(1, 5))] = int(random.choice((0, 0, 2, 4)))
    made = [(kind, *(mark if kind in (RED, BROWN) else scar)(random, kind, scale, dark))
            for kind, count in counts.items() for _ in range(count)]
    result = []
    # Shuffled, so that a crowded picture lacks no class.
    for i in random.permutation(len(made)):
        kind, width, amount, radius, profile = made[i]
        extent = 2 * np.sqrt((radius <= 1).sum() / np.pi) / scale * 1.15
        spot = place(extent)
        if spot:
            result.append(Lesion(kind, *spot, width, radius, profile.astype(np.float32),
                                 amount, random.normal(0.02, 0.05)))
    return sorted(result, key=lambda lesion: -lesion.width)


def with_lesions(skin, found, strengths):
    skin = Skin(*(plane.copy() for plane in skin))
    for lesion, strength in zip(found, strengths):
        patch = lesion.profile * lesion.amount * strength
        if lesion.kind in (CRATER, ICE_PICK):
            stamp(skin.height, -patch, lesion.x, lesion.y)
            # New tissue is a little redder or paler.
            stamp(skin.blood, lesion.tint * lesion.profile, lesion.x, lesion.y)
        else:
            stamp(skin.blood if lesion.kind == RED else skin.melanin, patch,
                  lesion.x, lesion.y)
    return skin


def strengths_of(found, change, bare_density, scale):
    """By how much to strengthen each lesion, 0 to leave it out, from what it
    changes in the density of green and from what the skin does itself."""
    result, bands = [], {}
    for lesion in found:
        size = 2 ** round(np.log2(lesion.width * scale))
        if size not in bands:
            signal, rough = (base.blur(plane, size / 6) - base.blur(plane, 0.7 * size)
                             for plane in (change, bare_density))
            bands[size] = signal ** 2, base.blur(rough ** 2, 2 * size + 2 * scale)
        signal, rough = bands[size]
        there, part = overlap(change.shape, lesion.radius, lesion.x, lesion.y)
        contrast = np.sqrt(signal[there][lesion.radius[part] <= 1].mean())
        wanted = max(CONTRAST[lesion.kind],
                     VISIBLE * np.sqrt(max(rough[lesion.y, lesion.x], 0)))
        need = wanted / max(contrast, 1e-6)
        result.append(0 if need > STRONGER else max(1, need))
    return result


def truth_of(shape, found, strengths):
    truth = np.zeros(shape, np.uint8)
    for lesion, strength in zip(found, strengths):
        if strength:
            there, part = overlap(shape, lesion.radius, lesion.x, lesion.y)
            truth[there][lesion.radius[part] <= 1] = lesion.kind
    return truth


# ---- Light ----

def lamps(random):
    """One or two lamps, the second weaker, of slightly different colours."""
    result, share = [], 1.0
    for _ in range(random.choice((1, 2), p=(0.6, 0.4))):
        warm = random.normal(0, 0.06)
        colour = share * np.float32((1 + warm, 1, 1 - warm))
        result.append(Lamp(random.uniform(0, 360), base.log_between(random, *ELEVATION), colour))
        share = random.uniform(0.2, 0.6)
    return result


def normals(height, bend, scale):
    """The slopes to the right and down and the length of the normal."""
    right = cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=scale / 8) + bend[0]
    down = cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=scale / 8) + bend[1]
    return right, down, np.sqrt(right ** 2 + down ** 2 + 1)


def shadow(height, lamp, scale):
    """0 to 1: how much of the lamp the relief hides."""
    x, y, z = base.direction(lamp)
    level = np.hypot(x, y)
    hidden = np.zeros_like(height)
    for step in SHADOW_STEPS:
        there = base.shifted(height, x / level * step * scale, y / level * step * scale)
        # The lamp is wide.
        hidden = np.maximum(hidden, (there - height - z / level * step) / (0.25 * step))
    return np.clip(hidden, 0, 1)


def shading(skin, bend, scale, lights, look):
    """The densities of light and hollows in red, green and blue."""
    right, down, length = normals(skin.height, bend, scale)
    parts = []
    for lamp in lights:
        x, y, z = base.direction(lamp)
        lit = np.maximum((z - right * x - down * y) / length, 0.01) / z
        if lamp.elevation < 50:
            lit *= 1 - 0.85 * shadow(skin.height, lamp, scale)
        parts.append((lit, lamp.colour))
    hollow = sum(np.maximum(base.blur(skin.height, size * scale) - skin.height, 0)
                 * weight / size for size, weight in HOLLOWS)
    result = []
    for channel in range(3):
        light = look.room + sum(lit * colour[channel] for lit, colour in parts)
        light = base.blur(light, look.spread * SPREAD[channel] * scale)
        flat = look.room + sum(colour[channel] for _, colour in parts)
        result.append(-np.log(np.maximum(light / flat, 0.02))
                      + look.hollow * HOLLOW_TINT[channel] * base.blur(hollow, 0.08 * scale))
    return result


def density(skin, shade, vectors):
    melanin, blood = vectors
    return np.stack([shade[c] + skin.melanin * melanin[c] + skin.blood * blood[c] + skin.ink
                     for c in range(3)], -1)


def gloss(random, skin, bend, scale, lights):
    """What the oily surface mirrors, in linear light."""
    strength = random.choice((0, 0.02, 0.06, 0.15)) * random.uniform(0.5, 1.5)
    right, down, length = normals(base.blur(skin.height, 0.05 * scale), bend, scale)
    oily = np.clip(0.6 + 0.6 * noise(random, skin.height.shape, 10 * scale), 0, 1.5)
    sharp = random.uniform(8, 40)
    result = 0.004 * oily
    for lamp in lights:
        x, y, z = base.direction(lamp)
        norm = np.sqrt(2 + 2 * z)
        near = np.maximum((z + 1 - right * x - down * y) / (length * norm), 0)
        result = result + strength * lamp.colour[1] * oily * near ** sharp
    if random.random() < 0.25:
        # Small wet spots.
        count = int(random.integers(10, 80))
        result = result + 0.4 * dots(random, result.shape, count, (0.2 * scale, 0.4 * scale))
    return result


# ---- Camera and picture ----

def photograph(random, linear):
    """Blue, green and red bytes of what a camera makes of the light."""
    linear = base.blur(linear.astype(np.float32), random.uniform(0.4, 1.1))
    y, x = np.mgrid[-1:1:linear.shape[0] * 1j, -1:1:linear.shape[1] * 1j]
    linear *= (1 - random.uniform(0, 0.12) * (x * x + y * y))[..., None].astype(np.float32)
    linear *= np.float32((random.normal(1, 0.04), 1, random.normal(1, 0.05)))
    linear = base.expose(np.minimum(linear, 1), base.log_between(random, 1500, 20000),
                         base.log_between(random, 0.0005, 0.003), random)
    picture = base.to_srgb(linear) ** random.uniform(0.9, 1.12)
    picture = base.steepen(picture, random.uniform(0, 0.25)).astype(np.float32)
    picture = base.sharpen(picture, random.uniform(0, 0.6), random.uniform(0.8, 1.5))
    return base.jpeg(base.to_bytes(picture[..., ::-1]), int(random.integers(80, 99)))


def scene(random, shape, scale, lights, taken, dark):
    """The skin without lesions, and the lesions that may go on it."""
    skin = bare(random, shape, scale, lights[0].elevation)
    closer = 1 if random.random() < 0.85 else SHRUNK
    place = Places(random, shape, scale, taken, closer)
    found = lesions(random, scale, place, dark)
    # A third of the pictures each with few, several and many distractors.
    kinds, load = ((2, 0.6), (4, 1.2), (6, 2.0))[random.integers(3)]
    for distract in random.permutation(len(DISTRACTORS))[:kinds]:
        DISTRACTORS[distract](random, skin, scale, place, load)
    return skin, found


def render(number):
    random = np.random.default_rng((number, 20260707))
    scale = SCALE[0] * (SCALE[1] / SCALE[0]) ** (random.random() ** SCALE_BIAS)
    area, aspect = random.uniform(*AREA), random.choice((0.75, 1, 1.33, 1.5))
    shape = tuple(int((area * share) ** 0.5) // 2 * 2 for share in (1 / aspect, aspect))
    lights = lamps(random)
    bend = curvature(random, shape, min(lamp.elevation for lamp in lights))
    taken = np.zeros(shape, np.uint8)
    strip = label(random, shape, scale, taken) if random.random() < 0.2 else None
    tone = number % len(base.TONES)
    dark = tone / (len(base.TONES) - 1)
    skin, found = scene(random, shape, scale, lights, taken, dark)
    look = Look(random.uniform(0.1, 0.5), random.uniform(0.7, 1.5), random.uniform(0.7, 1.6))
    vectors = [np.float32(v) * random.normal(1, 0.05, 3) for v in (MELANIN, BLOOD)]

    plain = density(skin, shading(skin, bend, scale, lights, look), vectors)[..., 1]
    full = with_lesions(skin, found, np.ones(len(found)))
    change = density(full, shading(full, bend, scale, lights, look), vectors)[..., 1]
    strengths = strengths_of(found, change - plain, plain, scale)
    skin = with_lesions(skin, found, strengths)
    dense = density(skin, shading(skin, bend, scale, lights, look), vectors)

    colour = base.to_linear(np.float32(base.TONES[tone][1]) / 255)
    linear = colour * random.uniform(0.8, 1.25) * (1 + LONGER * dark) * np.exp(-dense)
    linear += gloss(random, skin, bend, scale, lights)[..., None]
    if strip:
        rows, through, added = strip
        linear[rows] = linear[rows] * through + added
    return base.Photograph(photograph(random, linear), truth_of(shape, found, strengths),
                           scale, lights[0].azimuth, lights[0].elevation)


if __name__ == "__main__":
    base.run(NAME, __doc__, render)
