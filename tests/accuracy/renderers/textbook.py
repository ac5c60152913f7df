#!/usr/bin/env python3
"""Renders skin as a textbook of its optics and relief would: known colours,
two chromophores in density, one height map in millimetres, Lambert light.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: textbook.py OUTPUT FIRST LAST

Truth is a relief scar where it is deeper than a tenth of its depth, and a mark
where its extra chromophore is above half of its maximum.

Sources: S. L. Jacques, Skin Optics, Oregon Medical Laser Center News, January
1998 (melanin, baseline, scattering, the colours of base.TONES); S. Prahl,
Optical absorption of hemoglobin, omlc.org/spectra/hemoglobin (extinction);
P. Kubelka, J. Opt. Soc. Am. 38:448, 1948 (reflectance of the dermis); J. F.
Blinn, SIGGRAPH 1977 (gloss); Jacob et al., J. Am. Acad. Dermatol. 45:109, 2001
and doi:10.15557/jou.2020.0049 (widths and depths of scars).
Needs numpy and OpenCV.
"""

import cv2
import numpy as np

import base

USAGE = "usage: textbook.py OUTPUT FIRST LAST"
# Numbers of different renderers must not share their random sequences.
SEED = 7150000

# ---- Optics ----

BANDS = np.array([600.0, 540.0, 450.0])     # nm: red, green, blue
BAND_SPREAD = 6.0                           # nm, from camera to camera
# Molar extinction in /cm/M, oxygenated and not, about the three bands.
NANOMETRES = (440, 450, 460, 530, 540, 550, 590, 600, 610)
OXYGENATED = (102580, 62816, 44480, 39957, 53236, 43016, 14401, 3200, 1506)
REDUCED = (413280, 103292, 23389, 39036, 46592, 53412, 28324, 14677, 9443)
GRAMS_PER_LITRE = 150                       # haemoglobin in blood
GRAMS_PER_MOLE = 64500
BLOOD = 0.01                                # of the dermis, in the base colours
# The way of light through the melanosomes, there and back, in cm: what parts
# the six base colours from each other in green and blue.
EPIDERMIS_PATH = 0.0110
# Of less melanin than this, marks have none to multiply, and are made by what
# inflammation left; above the most, a mark would be black.
LEAST_MELANIN = 0.07
MOST_EXTRA_MELANIN = 0.14

# ---- Lesions: widths and depths in mm, factors of blood and melanin ----

# By shape: up to 0.5 mm a hollow is a pore, below 2 mm no crater.
SCARS = {"V": ((0.56, 2.0), (0.2, 0.6)), "U": ((2.1, 4.0), (0.1, 0.5)),
         "M": ((4.0, 10.0), (0.1, 0.4))}
MARK_WIDTH = (1.1, 8.0)
BLOOD_FACTOR = (1.3, 5.0)
MELANIN_FACTOR = (1.2, 2.0)
RELIEF_EDGE = 0.1                           # of the depth: where truth ends
MARK_EDGE = 0.5                             # of the extra chromophore

# Visible is what stands out of the texture of its own size by this factor,
# and by this much of density where skin is smooth.
VISIBLE = {"crater": (2.5, 0.13), "ice-pick": (3.0, 0.34),
           "red-mark": (4.0, 0.14), "brown-mark": (2.5, 0.14)}
TRIES = 60                                  # for a place, or for enough colour
PLAN_SCALE = 2.0                            # px/mm of the maps of texture
UNREST_SIZES = (0.6, 1.2, 2.4, 4.8)         # mm of texture that lesions compete with


def dermis_reflectance(nanometres, blood, saturation):
    """Of an endless layer with that share of blood, by Kubelka and Munk."""
    extinction = (saturation * np.interp(nanometres, NANOMETRES, OXYGENATED)
                  + (1 - saturation) * np.interp(nanometres, NANOMETRES, REDUCED))
    whole_blood = np.log(10) * extinction * GRAMS_PER_LITRE / GRAMS_PER_MOLE
    baseline = 0.244 + 85.3 * np.exp(-(nanometres - 154) / 66.2)
    absorption = blood * whole_blood + (1 - blood) * baseline
    scattering = 2e5 * nanometres ** -1.5 + 2e12 * nanometres ** -4
    ratio = 2 * absorption / (0.75 * scattering)
    return 1 + ratio - np.sqrt(ratio ** 2 + 2 * ratio)


class Skin:
    """One picture in the making: planes of height in mm, of chromophores in
    densities without a wavelength, and what holds for all of it."""

    def __init__(self, random):
        self.random = random
        self.scale = self.log_between(6, 30)
        pixels, aspect = self.between(1.2e6, 2.5e6), self.between(0.67, 1.5)
        self.width, self.height = (int(np.sqrt(pixels * aspect)),
                                   int(np.sqrt(pixels / aspect)))
        self.share, tone = base.TONES[random.integers(len(base.TONES))]
        self.tone = base.to_linear(np.array(tone) / 255.0)
        # The same density is harder to see where skin is dark.
        self.dimness = 1 + 2.5 * self.share
        shape = (self.height, self.width)
        self.relief, self.face, self.oil = np.zeros((3, *shape), np.float32)
        # Share of melanosomes, and density of haemoglobin, more than usual.
        self.melanin, self.blood = np.zeros((2, *shape), np.float32)
        self.truth = np.zeros(shape, np.uint8)
        self.taken = []         # x, y and radius of what is on the skin, in mm
        pick = random.random()
        self.print = "ruler" if pick < 0.04 else "text" if pick < 0.08 else None
        self.choose_optics()
        self.choose_light()

    def between(self, low, high):
        return float(self.random.uniform(low, high))

    def log_between(self, low, high):
        return base.log_between(self.random, low, high)

    def chance(self, share):
        return self.random.random() < share

    def choose_optics(self):
        self.bands = BANDS + self.random.normal(0, BAND_SPREAD, 3).clip(-9, 9)
        self.saturation = self.between(0.6, 0.9)
        self.melanin_vector = 6.6e11 * self.bands ** -3.33 * EPIDERMIS_PATH
        vector = self.blood_density(3.0)
        self.blood_vector = vector / np.linalg.norm(vector)
        # Light goes less far, in mm, where blood takes it.
        self.diffusion = self.log_between(0.12, 0.40) * np.array(
            [1, self.between(0.4, 0.65), self.between(0.2, 0.4)])

    def blood_density(self, factor):
        """What that many times the blood adds in each band."""
        return -np.log(dermis_reflectance(self.bands, BLOOD * factor, self.saturation)
                       / dermis_reflectance(self.bands, BLOOD, self.saturation))

    def choose_light(self):
        self.lights = [(self.between(0, 360),
                        float(self.random.triangular(15, 30, 80)), 1.0)]
        if self.chance(0.4):
            self.lights.append((self.between(0, 360), self.between(15, 80),
                                self.between(0.15, 0.6)))
        # Near the skin's horizon light comes from a window or a flash with much
        # around it: alone it would leave half of the skin black.
        low = np.clip((40 - self.lights[0][1]) / 25, 0, 1)
        self.ambient = self.between(0.10, 0.40) + 0.3 * low
        self.cavity = self.between(0.8, 2.0)
        along = sum(strength * light for light, strength in self.vectors())
        self.flat = float(along[2])     # what flat skin has of it
        # The share of light that a slope of 1 gains or loses.
        self.slope_gain = (1 - self.ambient) * np.hypot(*along[:2]) / self.flat

    def vectors(self):
        """Towards each light, and its strength; y runs down."""
        for azimuth, elevation, strength in self.lights:
            a, e = np.radians([azimuth, elevation])
            yield np.array([np.cos(e) * np.cos(a), -np.cos(e) * np.sin(a),
                            np.sin(e)]), strength

    def noise(self, millimetres):
        """Smooth noise of that grain with a spread of about 1."""
        step = max(millimetres * self.scale, 1.0)
        grid = (int(self.height / step) + 4, int(self.width / step) + 4)
        small = self.random.standard_normal(grid).astype(np.float32)
        large = cv2.resize(small, (int(grid[1] * step), int(grid[0] * step)),
                           interpolation=cv2.INTER_CUBIC)
        start = int(step)
        return 1.35 * large[start:start + self.height, start:start + self.width]

    def blur(self, plane, millimetres):
        return base.blur(plane, millimetres * self.scale)

    def somewhere(self):
        """A point, in mm."""
        return (self.between(0, self.width / self.scale),
                self.between(0, self.height / self.scale))

    def window(self, x, y, radius):
        """The slices of a square about a point, and its coordinates in mm from
        there."""
        left = max(int((x - radius) * self.scale), 0)
        top = max(int((y - radius) * self.scale), 0)
        right = min(int((x + radius) * self.scale) + 2, self.width)
        bottom = min(int((y + radius) * self.scale) + 2, self.height)
        across = (np.arange(left, right, dtype=np.float32) + 0.5) / self.scale - x
        down = (np.arange(top, bottom, dtype=np.float32) + 0.5) / self.scale - y
        return (slice(top, bottom), slice(left, right)), across[None, :], down[:, None]

    def oval(self, place, width, aspect, rough):
        """The slices about an irregular oval of that mean width, and the
        distance from its middle, 1 at its edge."""
        part, across, down = self.window(*place, width)
        turn = self.between(0, np.pi)
        u = (across * np.cos(turn) + down * np.sin(turn)) / np.sqrt(aspect)
        v = (down * np.cos(turn) - across * np.sin(turn)) * np.sqrt(aspect)
        angle = np.arctan2(v, u)
        edge = np.ones_like(angle)
        for wave in (2, 3, 4, 5, 7):
            edge += rough / wave * self.random.normal() * np.cos(
                wave * angle + self.between(0, 2 * np.pi))
        return part, np.hypot(u, v) / np.clip(edge, 0.6, 1.4) * 2 / width

    def room(self, radius, gap):
        """A free place of that radius in mm, taken from now on, or None."""
        edge, printed = radius + 0.3, {"ruler": 8, "text": 4}.get(self.print, 0)
        right = self.width / self.scale - edge
        bottom = self.height / self.scale - edge - printed
        for _ in range(TRIES if edge < min(right, bottom) else 0):
            x, y = self.between(edge, right), self.between(edge, bottom)
            if all(np.hypot(x - u, y - v) > radius + far + gap
                   for u, v, far in self.taken):
                self.taken.append((x, y, radius))
                return x, y
        return None

    def rooms(self, most, widths):
        """Free places for fewer than so many spots, and their widths."""
        for _ in range(self.random.integers(0, most)):
            width = self.log_between(*widths)
            place = self.room(0.6 * width, 0.2)
            if place is not None:
                yield place, width


# ---- Texture ----

def cells(skin, spacing, warp):
    """How far each pixel is from the border between cells of about that size in
    mm: the second nearest of strewn points less the nearest."""
    y, x = np.mgrid[0:skin.height, 0:skin.width].astype(np.float32)
    pace = np.float32(1 / (skin.scale * spacing))
    x = x * pace + np.float32(warp) * skin.noise(4 * spacing)
    y = y * pace + np.float32(warp) * skin.noise(4 * spacing)
    column, row = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    points = skin.random.random((256, 256, 2), np.float32)
    nearest = np.full(x.shape, 9, np.float32)
    second = nearest.copy()
    x -= column
    y -= row
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            point = points[(row + down) & 255, (column + right) & 255]
            far = np.hypot(point[..., 0] + right - x, point[..., 1] + down - y)
            second = np.minimum(second, np.maximum(far, nearest))
            nearest = np.minimum(nearest, far)
    return (second - nearest) * spacing


def add_furrows(skin):
    """The net of furrows, 20 to 200 um deep, uneven over the face, and finer
    grain between."""
    depth = skin.log_between(0.020, 0.200)
    # Deep furrows part large cells.
    spacing = skin.log_between(0.45, 0.9) * (1 + 2.5 * depth)
    breadth = skin.between(0.16, 0.30) * spacing
    border = cells(skin, spacing, skin.between(0.1, 0.4))
    amount = np.clip(0.6 + 0.3 * skin.noise(12), 0.1, 1)
    skin.relief -= depth * amount * np.exp(-(border / breadth) ** 2)
    for grain, least, most in ((0.15, 2e-3, 8e-3), (1.2, 4e-3, 0.02), (5, 0.01, 0.05)):
        skin.relief += skin.between(least, most) * skin.noise(grain)


def add_pores(skin):
    """10 to 90 on a square centimetre, 0.2 to 0.5 mm wide, more in some parts."""
    area = skin.width * skin.height / skin.scale ** 2
    depth = skin.log_between(0.02, 0.10)
    dark = skin.between(0, 0.01) * skin.chance(0.5)
    where = skin.noise(20)
    for _ in range(int(area * skin.log_between(10, 90) / 100)):
        x, y = skin.somewhere()
        if where[int(y * skin.scale), int(x * skin.scale)] < skin.random.normal(-0.5):
            continue
        radius = skin.between(0.10, 0.25)
        part, across, down = skin.window(x, y, 2 * radius)
        pit = np.exp(-(across ** 2 + down ** 2) / (0.6 * radius ** 2))
        pit *= skin.between(0.4, 1)
        skin.relief[part] -= depth * pit
        skin.melanin[part] += dark * pit


def curve(skin, length, bend):
    """Points in pixels of a wavering line of that length in mm."""
    steps = 40
    turns = skin.random.normal(0, 1, (1, steps)).astype(np.float32)
    heading = skin.between(0, 2 * np.pi) + np.cumsum(base.blur(turns, 4)[0] * bend)
    way = np.stack([np.cos(heading), np.sin(heading)], 1) * length / steps
    return (skin.somewhere() + np.cumsum(way, 0)) * skin.scale


def drawn(skin, lines, millimetres):
    """How much of each pixel lines of that breadth cover."""
    plane = np.zeros((skin.height, skin.width), np.uint8)
    breadth = millimetres * skin.scale
    cv2.polylines(plane, [np.round(line * 16).astype(np.int32) for line in lines],
                  False, 255, max(int(round(breadth)), 1), cv2.LINE_AA, 4)
    return plane.astype(np.float32) * (min(breadth, 1) / 255)


def add_wrinkles(skin):
    for _ in range(skin.random.integers(1, 8) * skin.chance(0.5)):
        breadth = skin.between(0.15, 0.6)
        line = drawn(skin, [curve(skin, skin.between(8, 40), 0.15)], breadth)
        skin.relief -= skin.log_between(0.04, 0.25) * skin.blur(line, breadth * 0.6)


def add_curvature(skin):
    """A face is an ellipsoid nearby, turned no further than its light reaches."""
    steepest = 0.5 * min(np.tan(np.radians(skin.lights[0][1])), 1.0)
    half = np.hypot(skin.width, skin.height) / skin.scale / 2
    least = max(60.0, half / steepest)
    for side, axis in ((skin.width, 0), (skin.height, 1)):
        far = np.arange(side, dtype=np.float32) / skin.scale
        far -= skin.between(0.2, 0.8) * far[-1]
        fall = far ** 2 / (2 * skin.log_between(least, 6 * least))
        skin.face -= np.expand_dims(fall, axis)


def add_mottle(skin):
    """Blood and melanin vary over healthy skin too."""
    blood = float(np.linalg.norm(skin.blood_density(2.0)))
    melanin = max(skin.share, LEAST_MELANIN)
    for grain in (0.5, 2, 6, 25):
        skin.blood += blood * skin.between(0.01, 0.06) * skin.noise(grain)
        skin.melanin += melanin * skin.between(0.003, 0.025) * skin.noise(grain)


def normals(skin):
    """Of the height map, in mm."""
    relief, half = skin.relief + skin.face, skin.scale / 2
    across = cv2.Sobel(relief, cv2.CV_32F, 1, 0, ksize=1, scale=half)
    down = cv2.Sobel(relief, cv2.CV_32F, 0, 1, ksize=1, scale=half)
    up = 1 / np.sqrt(1 + across ** 2 + down ** 2)
    return -across * up, -down * up, up


def cosine(normal, direction):
    return np.maximum(sum(n * np.float32(d) for n, d in zip(normal, direction)), 0)


def shade(skin, normal):
    """Lambert's light and what is left of it in cavities, 1 on flat skin."""
    total = sum(np.float32(strength / skin.flat) * cosine(normal, light)
                for light, strength in skin.vectors())
    # Light does not reach well what lies deeper than its surroundings.
    hidden = sum(np.maximum(skin.blur(skin.relief, size) - skin.relief, 0) * 0.6 / size
                 for size in (0.25, 0.7))
    return ((skin.ambient + (1 - skin.ambient) * total)
            * np.exp(-skin.cavity * hidden))


def gloss(skin, normal):
    """Blinn's highlights: half way between light and eye, the eye above."""
    def half(light):
        return (light + (0, 0, 1)) / np.linalg.norm(light + (0, 0, 1))

    return skin.oil * sum(strength * cosine(normal, half(light)) ** skin.shine
                          for light, strength in skin.vectors())


def add_oil(skin):
    """Surface reflection, 0.02 of it already in the base colours; the normalised
    lobe of a smoother skin is narrower and brighter."""
    skin.shine = skin.log_between(8, 80)
    if skin.chance(0.4):
        return
    reflection = skin.between(0.005, 0.03) * (skin.shine + 8) / 24
    skin.oil += reflection * 0.5 * np.exp(np.minimum(0.6 * skin.noise(10), 1.4))
    for _ in range(skin.random.integers(3, 25) * skin.chance(0.5)):
        part, rho = skin.oval(skin.somewhere(), skin.log_between(0.4, 2.4), 1.5, 0.2)
        skin.oil[part] += skin.between(0.05, 0.3) * np.exp(-rho ** 4)


# ---- Lesions ----

def unrest(skin):
    """How unquiet the skin is before there are lesions, in density by size: of
    its brightness, and of its redness."""
    plan = [int(side * PLAN_SCALE / skin.scale) + 1
            for side in (skin.width, skin.height)]

    def spreads(plane):
        for size in UNREST_SIZES:
            band = skin.blur(plane, size / 6) - skin.blur(plane, size)
            yield cv2.resize(np.sqrt(np.maximum(skin.blur(band * band, 4), 0)),
                             plan, interpolation=cv2.INTER_AREA)

    red, green = (np.float32(skin.blood_vector[band]) for band in (0, 1))
    light = skin.blur(np.log(shade(skin, normals(skin)) + 0.05), skin.diffusion[1])
    light -= skin.melanin * np.float32(skin.melanin_vector[1]) + skin.blood * green
    return list(spreads(light)), list(spreads(skin.blood * (green - red)))


def needed_contrast(skin, planes, name, place, width):
    """What a lesion needs to be seen there."""
    size = int(np.argmin(np.abs(np.log(np.array(UNREST_SIZES) / width))))
    x, y = (int(along * PLAN_SCALE) for along in place)
    factor, least = VISIBLE[name]
    return max(factor * planes[size][y, x], least * skin.dimness)


def relief_contrast(skin, width):
    """About the spread of density that a hollow makes for each mm of depth: its
    dipole's, by its mean slope, and its darkness as a cavity."""
    dipole = 0.7 * skin.slope_gain * 2 / width
    darkness = skin.cavity * (0.5 / width + 0.3)
    if width < 2:
        dipole *= 0.5       # too narrow to show its two sides
    else:
        darkness *= 0.5     # at the walls only
    # What diffusion leaves of that.
    return np.hypot(dipole, darkness) / (1 + (3 * skin.diffusion[1] / width) ** 2)


def profile(kind, rho, power):
    """The depth of a scar, 1 at its deepest; RHO is 1 at half the width."""
    if kind == "V":
        return np.maximum(1 - rho, 0)
    if kind == "U":
        return np.exp(-np.log(1 / RELIEF_EDGE) * rho ** power)
    return 0.5 + 0.5 * np.cos(np.pi * np.minimum(rho, 1))


def add_scar(skin, brightness, kind, width, gap):
    name = "ice-pick" if kind == "V" else "crater"
    least, most = SCARS[kind][1]
    place = skin.room(0.6 * width, gap)
    if place is None:
        return
    # Contrast grows with depth: as deep as it has to be seen, or not at all.
    enough = (needed_contrast(skin, brightness, name, place, width)
              / relief_contrast(skin, width))
    if enough > most:
        return
    depth = skin.between(max(least, enough), most)
    aspect, rough = (1.15, 0.05) if kind == "V" else (1.35, 0.10)
    part, rho = skin.oval(place, width, skin.between(1, aspect), rough)
    shape = profile(kind, rho, skin.between(3, 8))
    # Healed skin is smoother than the skin around.
    smooth = skin.blur(np.ascontiguousarray(skin.relief[part]), 0.3)
    share = skin.between(0, 0.6) * np.minimum(2 * shape, 1)
    skin.relief[part] += share * (smooth - skin.relief[part]) - depth * shape
    skin.truth[part][shape > RELIEF_EDGE] = base.CLASSES[name]


def patch(skin, place, width, softest):
    """A spot with an irregular edge, half its maximum at half the width."""
    part, rho = skin.oval(place, width, skin.between(1, 1.6), skin.between(0.05, 0.25))
    steep = 4 / skin.between(softest / 4, softest)
    shape = 1 / (1 + np.exp(np.clip((rho - 1) * steep, -30, 30)))
    return part, shape / shape.max()


def add_mark(skin, planes, name, width, gap):
    place = skin.room(0.65 * width, gap)
    if place is None:
        return
    red = name == "red-mark"
    needed = needed_contrast(skin, planes, name, place, width)
    for _ in range(TRIES):
        if red:
            amount = np.linalg.norm(skin.blood_density(skin.between(*BLOOD_FACTOR)))
            contrast = amount * (skin.blood_vector[1] - skin.blood_vector[0])
        else:
            amount = min((skin.between(*MELANIN_FACTOR) - 1)
                         * max(skin.share, LEAST_MELANIN),
                         skin.between(0.05, MOST_EXTRA_MELANIN))
            contrast = amount * skin.melanin_vector[1]
        if contrast >= needed:
            break
    else:
        return
    part, shape = patch(skin, place, width, 0.8)
    (skin.blood if red else skin.melanin)[part] += np.float32(amount) * shape
    skin.truth[part][shape > MARK_EDGE] = base.CLASSES[name]


def add_lesions(skin):
    """8 to 20 of each class where there is room, the largest first."""
    brightness, redness = unrest(skin)
    sparse = skin.chance(0.15)
    # In some pictures lesions touch.
    gap = -0.3 if skin.chance(0.15) else skin.between(0.3, 1.0)
    wanted = []
    for name in base.CLASSES:
        count = skin.random.integers(1, 5) if sparse else skin.random.integers(8, 21)
        for _ in range(0 if skin.chance(0.06) else count):
            crater = "U" if skin.chance(0.65) else "M"
            kind = {"ice-pick": "V", "crater": crater}.get(name)
            limits = SCARS[kind][0] if kind else MARK_WIDTH
            wanted.append((skin.log_between(*limits), kind or name))
    for width, kind in sorted(wanted, reverse=True):
        if kind in SCARS:
            add_scar(skin, brightness, kind, width, gap)
        else:
            planes = redness if kind == "red-mark" else brightness
            add_mark(skin, planes, kind, width, gap)


# ---- What is no truth ----

def add_spots(skin, most, widths, melanin, raised):
    """Moles, freckles, comedones: melanin that is no brown mark."""
    for place, width in skin.rooms(most, widths):
        part, shape = patch(skin, place, width, 0.4)
        skin.melanin[part] += skin.between(*melanin) * shape
        skin.relief[part] += raised * skin.between(0, 1) * width * shape


def add_distractors(skin):
    # Papules: the dipole of a hollow the other way round.
    for place, width in skin.rooms(14, (1.0, 5.0)):
        part, rho = skin.oval(place, width, 1.2, 0.08)
        skin.relief[part] += skin.between(0.08, 0.14) * width * profile("M", rho, 0)
    mole = max(skin.share, 0.1)
    add_spots(skin, 4, (1.0, 4.5), (0.15 + mole, 0.35 + mole), 0.1)
    if skin.chance(0.4):
        freckle = np.clip(skin.share, LEAST_MELANIN, 0.1)
        add_spots(skin, 30, (0.3, 0.9), (0.2 * freckle, 0.8 * freckle), 0)
    add_spots(skin, 4, (0.3, 0.8), (0.06, 0.20), 0.15)


def add_hairs(skin, picture):
    """Hairs and stubble lie on the skin: they cover its light."""
    cover = np.zeros((skin.height, skin.width), np.float32)
    for _ in range(skin.random.integers(2, 15) * skin.chance(0.4)):
        hair = drawn(skin, [curve(skin, skin.between(4, 40), 0.2)],
                     skin.between(0.05, 0.10))
        cover = np.maximum(cover, hair)
    if skin.chance(0.12):
        area = skin.width * skin.height / skin.scale ** 2
        count = int(area * skin.log_between(0.005, 0.05))
        stubble = [curve(skin, skin.between(0.3, 1.2), 0.05) for _ in range(count)]
        cover = np.maximum(cover, drawn(skin, stubble, 0.08))
    cover *= skin.between(0.4, 0.9)
    colour = np.array([0.05, 0.035, 0.025], np.float32) * skin.between(0.3, 4)
    return picture + cover[..., None] * (colour - picture)


def add_print(skin, picture):
    if not skin.print:
        return picture
    scale, left = skin.scale, int(skin.between(0, 0.5) * skin.width)
    ink = np.zeros((skin.height, skin.width), np.uint8)
    words, size = f"IMG {skin.random.integers(1000, 9999)}", 2.5        # mm
    if skin.print == "ruler":
        words, size, top = "mm", 1.5, skin.height - int(6 * scale)
        end = min(left + int(skin.between(20, 40) * scale), skin.width)
        picture[top:, left:end] = skin.between(0.3, 0.6) * np.array([1, 0.98, 0.93])
        for tick in range(1, int((end - left) / scale)):
            length = (1.2, 2.0, 3.0)[int(tick % 5 == 0) + int(tick % 10 == 0)]
            x = left + int(tick * scale)
            cv2.line(ink, (x, top), (x, top + int(length * scale)), 255,
                     max(int(0.15 * scale), 1))
    cv2.putText(ink, words, (left + int(2 * scale), skin.height - int(0.8 * scale)),
                cv2.FONT_HERSHEY_SIMPLEX, size * scale / 22, 255,
                max(int(0.25 * scale), 1), cv2.LINE_AA)
    return picture * (1 - 0.85 * (ink.astype(np.float32) / 255)[..., None])


def reflect(skin):
    """The light that comes from the skin, red, green and blue, linear."""
    normal = normals(skin)
    light, white = shade(skin, normal), gloss(skin, normal)
    picture = np.empty((skin.height, skin.width, 3), np.float32)
    for channel in range(3):
        density = (skin.melanin * np.float32(skin.melanin_vector[channel])
                   + skin.blood * np.float32(skin.blood_vector[channel]))
        spread = skin.blur(light, skin.diffusion[channel])
        picture[..., channel] = (np.float32(skin.tone[channel]) * np.exp(-density)
                                 * spread + white)
    return picture


def photograph(skin, picture):
    """Lens, sensor, white balance, the camera's curve and its file."""
    picture = base.blur(picture, skin.between(0.4, 1.1))
    # Cameras lift dark skin, though not to the middle, and spare the lights.
    level = np.percentile(picture[::8, ::8], 99.5)
    exposure = min(skin.between(0.8, 1.15) * (1 + 1.2 * skin.share), 0.98 / level)
    y, x = np.mgrid[-1:1:skin.height * 1j, -1:1:skin.width * 1j].astype(np.float32)
    exposure = exposure * (1 - skin.between(0, 0.12) * (x * x + y * y))
    balance = np.exp(skin.random.normal(0, 0.04, 3).clip(-0.1, 0.1))
    picture = (picture * exposure[..., None] * balance).astype(np.float32)
    picture = base.expose(picture, skin.log_between(1500, 20000),
                          skin.log_between(0.0005, 0.003), skin.random)
    value = base.to_srgb(picture).astype(np.float32)
    if skin.chance(0.5):
        value = base.sharpen(value, skin.between(0.2, 0.8), skin.between(0.7, 1.5))
    return base.jpeg(base.to_bytes(value)[..., ::-1].copy(),
                     int(skin.random.integers(80, 99)))


def render(number):
    skin = Skin(np.random.default_rng(SEED + number))
    for add in (add_curvature, add_furrows, add_pores, add_wrinkles, add_mottle,
                add_lesions, add_distractors, add_oil):
        add(skin)
    picture = add_print(skin, add_hairs(skin, reflect(skin)))
    azimuth, elevation, _ = skin.lights[0]
    return base.Photograph(photograph(skin, picture), skin.truth, skin.scale,
                           azimuth, elevation)


if __name__ == "__main__":
    base.run("textbook", USAGE, render)
