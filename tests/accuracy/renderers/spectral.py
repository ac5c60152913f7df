#!/usr/bin/env python3
"""Renders skin with lesions and their exact truth: colour from spectra.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: spectral.py OUTPUT FIRST LAST

Writes spectral-NNN.png, .truth.png (the class of each pixel) and .ini of each
number from FIRST to LAST for fit.py; a number always gives the same picture.

Skin's colour is the reflectance of an epidermis with melanin above a dermis with
blood from 400 to 700 nm, seen by a camera.  Relief is lit by one or two lamps
with shadows and occlusion; light spreads below the surface; oil shines.  Widths
and depths of scars: Jacob 2001 (J Am Acad Dermatol 45:109) and
doi:10.15557/jou.2020.0049; pores: doi:10.2147/CCID.S74401.  Lesions that hardly
change the picture are not in the truth.  Written apart from the project's own
renderer.  Needs numpy and OpenCV.
"""

import collections

import cv2
import numpy as np

import base

# Keeps the random numbers apart from those of other programs with small seeds.
STREAM = 7301
WAVELENGTHS = np.arange(400, 701, 10.0)
# Molar extinction of haemoglobin with and without oxygen, 1/(cm M): Prahl 1998,
# https://omlc.org/spectra/hemoglobin/
OXYGENATED = np.array([
    266232, 466840, 480360, 246072, 102580, 62816, 44480, 33209, 26629, 23684,
    20932, 20035, 24202, 39956, 53236, 43016, 32613, 44496, 50104, 14400, 3200,
    1506, 942, 610, 442, 368, 319, 294, 277, 276, 290])
DEOXYGENATED = np.array([
    223296, 303956, 407560, 528600, 413280, 103292, 23389, 16156, 14550, 16684,
    20862, 25773, 31589, 39036, 46592, 53412, 53788, 45072, 37020, 28324, 14677,
    9443, 6509, 5148, 4345, 3750, 3226, 2795, 2407, 2051, 1794])
# To 1/cm, for 150 g of haemoglobin in a litre of blood.
BLOOD_ABSORPTION = 2.303 * 150 / 64500
# Blood is in vessels, whose inside sees less light where they absorb most.
PACKAGING = 0.012
# (1 + r) / (1 - r) of the light that the surface throws back into skin.
INNER_REFLECTION = 3.2
# Linear sRGB from CIE XYZ (IEC 61966-2-1).
XYZ_TO_RGB = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415],
                       [0.0557, -0.2040, 1.0570]])
GLARE = 0.012
# The table of colours, by log shares of blood and melanosomes.
LOG_BLOOD = np.linspace(np.log(0.0015), np.log(0.15), 64)
LOG_MELANIN = np.linspace(np.log(0.004), np.log(4), 80)
# How much of a change of melanin is left, by tone: dark skin varies less.
MELANIN_CHANGE = (1, 1, 0.85, 0.7, 0.6, 0.45)
BROWN_POWER = (1, 1, 1, 1, 0.85, 0.65)
MOLE_MULTIPLE = (12, 12, 6, 6, 3.5, 3.5)
BRIGHTNESS = (0.36, 0.32, 0.25, 0.17, 0.12, 0.09)
# By channel: how far light spreads below the surface, mm, what share of it, and
# how far the rest spreads.
SPREAD_MM = np.array([0.42, 0.2, 0.12])
SPREAD_SHARE = (0.6, 0.5, 0.42)
NARROW_SPREAD_MM = (0.09, 0.06, 0.045)
# What a lesion must change in the log of green, by class.
LEAST_CONTRAST = (np.inf, 0.18, 0.2, 0.13, 0.1)
# The sensor's channels before white balance.
SENSITIVITY = np.array([1 / 1.9, 1, 1 / 1.6], np.float32)
LETTERS = list("ABCDEFGHKLMNPRSTUVX0123456789-/")

# Class: as in the truth.  Part: where in the maps.  Mask: its pixels there.
Lesion = collections.namedtuple("Lesion", "klass part mask")
# A thing to place: radius in mm.
Thing = collections.namedtuple("Thing", "radius kind")
Light = collections.namedtuple("Light", "azimuth elevation strength")
CLASS_OF = {"boxcar": 1, "rolling": 1, "ice-pick": 2, "red-mark": 3,
            "brown-mark": 4}


# ---- Optics ----

def camera_spectra(colorimetric_share):
    """Sensitivities of the three channels: those of sRGB and, mixed in, those
    without what is negative.  Curves of the standard observer: Wyman, Sloan and
    Shirley 2013, J Computer Graphics Techniques 2(2)."""
    def lobe(height, middle, below, above):
        width = np.where(WAVELENGTHS < middle, below, above)
        return height * np.exp(-0.5 * ((WAVELENGTHS - middle) / width) ** 2)
    x = (lobe(1.056, 599.8, 37.9, 31.0) + lobe(0.362, 442.0, 16.0, 26.7)
         + lobe(-0.065, 501.1, 20.4, 26.2))
    y = lobe(0.821, 568.8, 46.9, 40.5) + lobe(0.286, 530.9, 16.3, 31.1)
    z = lobe(1.217, 437.0, 11.8, 36.0) + lobe(0.681, 459.0, 26.0, 13.8)
    colorimetric = XYZ_TO_RGB @ np.stack([x, y, z])
    spectra = ((1 - colorimetric_share) * np.clip(colorimetric, 0, None)
               + colorimetric_share * colorimetric)
    return spectra / spectra.sum(1, keepdims=True)


def reflectance(blood, melanin, oxygen, epidermis_um):
    """By wavelength, for shares of blood and melanosomes.  Absorption and
    scattering: Jacques, Skin Optics, Oregon Medical Laser Center News, January
    1998 (https://omlc.org/news/jan98/skinoptics.html); reflectance of the
    dermis: Flock 1989, doi:10.1109/TBME.1989.1173624."""
    blood, melanin = blood[..., None], melanin[..., None]
    baseline = 0.244 + 85.3 * np.exp(-(WAVELENGTHS - 154) / 66.2)
    scattering = 2e5 * WAVELENGTHS ** -1.5 + 2e12 * WAVELENGTHS ** -4
    haemoglobin = BLOOD_ABSORPTION * (oxygen * OXYGENATED
                                      + (1 - oxygen) * DEOXYGENATED)
    # The dermis has less of what gives skin its baseline.
    absorption = blood * haemoglobin + (1 - blood) * baseline * 0.12
    absorption /= 1 + PACKAGING * absorption
    albedo = scattering / (scattering + absorption)
    k = INNER_REFLECTION
    dermis = albedo / (1 + 2 * k * (1 - albedo)
                       + (1 + 2 * k / 3) * np.sqrt(3 * (1 - albedo)))
    absorption = melanin * 6.6e11 * WAVELENGTHS ** -3.33 + (1 - melanin) * baseline
    # In and out again, at the mean slant of what comes back.
    return dermis * np.exp(-1.5e-4 * epidermis_um * absorption)


class Skin:
    """Linear colour by blood and melanin, fitted to the tone's own colour."""

    def __init__(self, tone, random):
        melanin, colour = base.TONES[tone]
        oxygen = random.uniform(0.6, 0.9)
        epidermis_um = random.uniform(60, 90)
        spectra = camera_spectra(1 - random.uniform(0.75, 1))

        def seen(blood, melanin):
            return np.clip(reflectance(blood, melanin, oxygen, epidermis_um)
                           @ spectra.T, 5e-4, None)
        blood_grid, melanin_grid = np.meshgrid(
            np.exp(LOG_BLOOD), np.exp(LOG_MELANIN), indexing="ij")
        wanted = base.to_linear(np.array(colour) / 255) - GLARE
        gain = (np.clip(wanted, 0.006, None)
                / seen(np.array([0.01]), np.array([melanin]))[0])
        self.table = (seen(blood_grid, melanin_grid) * gain).astype(np.float32)

    def colour(self, log_blood, log_melanin):
        row = (log_blood - LOG_BLOOD[0]) / (LOG_BLOOD[1] - LOG_BLOOD[0])
        column = (log_melanin - LOG_MELANIN[0]) / (LOG_MELANIN[1] - LOG_MELANIN[0])
        return cv2.remap(self.table, column.astype(np.float32),
                         row.astype(np.float32), cv2.INTER_LINEAR,
                         borderMode=cv2.BORDER_REPLICATE)


# ---- Shapes ----

def smooth_noise(random, height, width, cell, stretch=None, angle=0):
    """Smooth noise of unit variance with features of that many pixels; stretched
    along the angle."""
    if stretch is None:
        rows, columns = int(height / cell) + 4, int(width / cell) + 4
        values = random.standard_normal((rows, columns)).astype(np.float32)
        move = np.array([[1 / cell, 0, random.uniform(0.5, 1.5)],
                         [0, 1 / cell, random.uniform(0.5, 1.5)]])
    else:
        diagonal = np.hypot(height, width)
        rows = int(diagonal / cell) + 6
        columns = int(diagonal / cell / stretch) + 6
        values = random.standard_normal((rows, columns)).astype(np.float32)
        c, s = np.cos(angle) / cell, np.sin(angle) / cell
        turn = np.array([[c / stretch, s / stretch], [-s, c]])
        middle = np.array([columns / 2, rows / 2]) - turn @ (width / 2, height / 2)
        move = np.c_[turn, middle]
    values = cv2.warpAffine(values, move, (width, height),
                            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
                            borderMode=cv2.BORDER_REFLECT)
    return values / max(float(values.std()), 1e-6)


class Outline:
    """An irregular ellipse; its radius in mm is that of a circle as large."""

    def __init__(self, random, radius, irregular, roundness=(0.7, 1)):
        self.radius = radius
        self.squeeze = np.sqrt(random.uniform(*roundness))
        self.turn = random.uniform(0, np.pi)
        self.waves = [(wave, irregular * random.normal() / wave ** 0.8,
                       random.uniform(0, 2 * np.pi)) for wave in (2, 3, 4, 5, 7)]

    def around(self, x, y, scene, reach):
        """The part of the maps around a place in pixels, and each pixel's
        distance from it as a multiple of the outline's."""
        half = self.radius * reach * scene.scale + 2
        left, right = max(int(x - half), 0), min(int(x + half) + 2, scene.width)
        top, bottom = max(int(y - half), 0), min(int(y + half) + 2, scene.height)
        rows, columns = np.mgrid[top:bottom, left:right].astype(np.float32)
        dx, dy = (columns - x) / scene.scale, (rows - y) / scene.scale
        c, s = np.cos(self.turn), np.sin(self.turn)
        u, v = (dx * c + dy * s) * self.squeeze, (-dx * s + dy * c) / self.squeeze
        angle = np.arctan2(v, u)
        edge = np.ones_like(angle)
        for wave, height, phase in self.waves:
            edge += height * np.cos(wave * angle + phase)
        distance = np.hypot(u, v) / (self.radius * np.clip(edge, 0.5, 1.6))
        return (slice(top, bottom), slice(left, right)), distance


def draw_line(image, points, value, thickness):
    cv2.polylines(image, [np.round(points * 8).astype(np.int32)], False, value,
                  thickness, cv2.LINE_AA, 3)


class Scene:
    """Size, light and the maps that lesions and texture are drawn into.

    Sizes of maps are pixels, radii mm.  What truth lesions add is kept apart, as
    the truth is what changes when they are left out.
    """

    def __init__(self, number):
        random = self.random = np.random.default_rng([STREAM, number])
        self.tone = number % len(base.TONES)
        self.scale = base.log_between(random, 6, 30)
        width_mm = random.uniform(40, 70)
        if self.scale * width_mm > 1300:
            width_mm = max(40, 1300 / self.scale)
        self.width_mm = width_mm
        self.width = int(self.scale * width_mm)
        self.height = int(self.width * random.choice([0.667, 0.75, 0.75, 0.85]))
        self.height_mm = self.height / self.scale
        self.choose_light()
        self.lesions = []
        self.circles = []
        shape = (self.height, self.width)
        self.relief = np.zeros(shape, np.float32)
        self.lesion_relief = np.zeros(shape, np.float32)
        self.lesion_melanin = np.zeros(shape, np.float32)
        self.lesion_blood = np.zeros(shape, np.float32)

    def choose_light(self):
        """Angles are radians."""
        random = self.random
        azimuth = random.uniform(0, 2 * np.pi)
        self.lights = [Light(azimuth, np.radians(random.uniform(15, 80)), 1)]
        if random.random() < 0.25:
            self.lights.append(Light(
                azimuth + random.uniform(0.8, 2.6) * random.choice([-1, 1]),
                np.radians(random.uniform(25, 75)), random.uniform(0.2, 0.5)))
        self.ambient = random.uniform(0.12, 0.45)
        self.flat_light = self.ambient + sum(
            light.strength * np.sin(light.elevation) for light in self.lights)

    def noise(self, cell_mm, *stretch_and_angle):
        return smooth_noise(self.random, self.height, self.width,
                            cell_mm * self.scale, *stretch_and_angle)

    def anywhere(self):
        return self.random.uniform(0, self.width), self.random.uniform(0, self.height)

    # ---- Skin ----

    def draw_pigments(self):
        random = self.random
        self.melanin_change = MELANIN_CHANGE[self.tone]
        melanin = base.TONES[self.tone][0] * np.exp(random.normal(0, 0.06))
        self.skin = Skin(self.tone, random)
        blood = 0.01 * np.exp(random.normal(0, 0.15))
        change = random.uniform(0.02, 0.06) * self.noise(random.uniform(5, 12))
        change += random.uniform(0.01, 0.035) * self.noise(random.uniform(0.7, 2))
        change += 0.015 * self.noise(0.25)
        self.melanin = np.float32(np.log(melanin)) + self.melanin_change * change
        change = random.uniform(0.05, 0.14) * self.noise(random.uniform(6, 15))
        change += random.uniform(0.02, 0.06) * self.noise(random.uniform(1, 3))
        change += 0.025 * self.noise(0.3)
        self.blood = np.float32(np.log(blood)) + change

    def draw_furrows(self):
        """Three families of furrows that cross; keeps their main direction."""
        random, pixel = self.random, 1 / self.scale
        self.grain = random.uniform(0, np.pi)
        depth = base.log_between(random, 0.006, 0.035)
        cell = random.uniform(0.35, 0.8)
        for turn, share in ((0, 1), (random.uniform(0.9, 1.6), 0.8),
                            (random.uniform(1.7, 2.4), 0.5)):
            ridge = self.noise(max(0.7 * cell, 2.2 * pixel),
                               random.uniform(2.2, 4), self.grain + turn)
            self.relief -= 0.55 * depth * share * np.exp(-(ridge / 0.35) ** 2)
        self.relief += 0.25 * depth * self.noise(max(0.5, 2 * pixel))
        self.relief += 0.12 * depth * self.noise(max(0.2, 1.6 * pixel))
        self.relief *= np.clip(0.75 + 0.3 * self.noise(12), 0.25, 1.5)
        self.relief += (0.05 * random.uniform(0.2, 0.9)
                        * self.noise(random.uniform(3, 7)))

    def draw_pores(self):
        random = self.random
        per_cm2 = base.log_between(random, 10, 90)
        where = self.noise(10)
        darkness = (0.2, 0.6) if random.random() < 0.12 else (0.02, 0.14)
        for _ in range(int(per_cm2 * self.width_mm * self.height_mm / 100)):
            x, y = self.anywhere()
            if where[int(y), int(x)] < random.normal(-0.4, 0.7):
                continue
            outline = Outline(random, random.uniform(0.1, 0.25), 0.08, (0.6, 1))
            part, distance = outline.around(x, y, self, 1.8)
            pore = np.exp(-1.6 * distance ** 2)
            self.relief[part] -= random.uniform(0.01, 0.045) * pore
            self.melanin[part] += (self.melanin_change * pore
                                   * random.uniform(*darkness))

    def curve(self, length_mm, bend):
        """Points of a line along the grain."""
        random = self.random
        x, y = self.anywhere()
        angle = self.grain + random.normal(0, 0.35)
        count = max(int(length_mm / 0.5), 3)
        turns = (random.normal(0, bend)
                 + 0.3 * random.normal(0, 0.6 * bend, count).cumsum())
        angles = angle + np.cumsum(0.05 * turns)
        step = 0.5 * self.scale
        return np.stack([x + step * np.cumsum(np.cos(angles)),
                         y + step * np.cumsum(np.sin(angles))], 1)

    def draw_wrinkles(self):
        random = self.random
        if random.random() >= 0.25:
            return
        for _ in range(random.integers(1, 4)):
            line = np.zeros((self.height, self.width), np.uint8)
            width = 0.4 * random.uniform(0.25, 0.7) * self.scale
            draw_line(line, self.curve(random.uniform(8, 35), 0.2), 255,
                      max(1, round(width)))
            fold = base.blur(line.astype(np.float32) / 255, width)
            depth = random.uniform(0.05, 0.2) / max(fold.max(), 0.05)
            self.relief -= depth * fold * np.clip(1 + 0.3 * self.noise(3), 0.2, 2)

    def choose_ruler(self):
        """The rows that a ruler covers."""
        random = self.random
        self.ruler = None
        if random.random() < 0.09:
            height = int(random.uniform(3.5, 6) * self.scale)
            self.ruler = (slice(0, height) if random.random() < 0.5
                          else slice(self.height - height, self.height))

    # ---- Places ----

    def under_ruler(self, y_mm):
        row = min(max(int(y_mm * self.scale), 0), self.height - 1)
        return self.ruler is not None and self.ruler.start <= row < self.ruler.stop

    def place(self, thing):
        """Centre of a free circle in pixels, or None."""
        random, radius, margin = self.random, thing.radius, thing.radius + 0.6
        apart = 0.2 if thing.kind == "freckle" else 0.7
        for _ in range(60):
            x = random.uniform(margin, self.width_mm - margin)
            y = random.uniform(margin, self.height_mm - margin)
            if self.under_ruler(y + radius + 0.5) or self.under_ruler(y - radius - 0.5):
                continue
            if all(np.hypot(x - a, y - b) > 1.12 * (radius + c) + apart
                   for a, b, c in self.circles):
                self.circles.append((x, y, radius))
                return x * self.scale, y * self.scale
        return None

    def choose_things(self):
        """The largest first, as they are hardest to place."""
        random = self.random

        def spread(least, most):
            return base.log_between(random, least, most)
        counts = [int(random.integers(4, 15)) for _ in base.CLASSES]
        steep_share = random.dirichlet([2.2, 1.3])[0]
        things = []
        for _ in range(counts[0]):
            if random.random() < steep_share:
                things.append(Thing(random.uniform(0.75, 2), "boxcar"))
            else:
                things.append(Thing(spread(2, 4.2), "rolling"))
        things += [Thing(random.uniform(0.25, 0.95), "ice-pick")
                   for _ in range(counts[1])]
        for kind, count in (("red-mark", counts[2]), ("brown-mark", counts[3])):
            things += [Thing(0.5 * spread(1, 6.5), kind) for _ in range(count)]
        for kind, least, most, chance, radii in (
                ("papule", 1, 6, 0.75, (0.6, 2.2)),
                ("red-papule", 1, 2, 0.45, (0.7, 2)),
                ("mole", 1, 3, 0.45, (0.5, 1.8)),
                ("freckle", 5, 35, 0.22, (0.15, 0.45)),
                ("comedo", 1, 4, 0.25, (0.25, 0.6))):
            if random.random() < chance:
                things += [Thing(random.uniform(*radii), kind)
                           for _ in range(random.integers(least, most + 1))]
        return sorted(things, key=lambda thing: -thing.radius)

    def draw_things(self):
        draw = {"boxcar": self.crater, "rolling": self.crater,
                "ice-pick": self.ice_pick, "red-mark": self.mark,
                "brown-mark": self.mark, "papule": self.papule,
                "red-papule": self.papule, "mole": self.mole,
                "freckle": self.freckle, "comedo": self.comedo}
        for thing in self.choose_things():
            place = self.place(thing)
            if place:
                draw[thing.kind](thing, *place)
        self.lesion_blood = base.blur(self.lesion_blood, 0.18 * self.scale)
        self.lesion_melanin = base.blur(self.lesion_melanin, 0.08 * self.scale)

    # ---- Lesions ----

    def own(self, thing, part, mask):
        self.lesions.append(Lesion(CLASS_OF[thing.kind], part, mask))

    def crater(self, thing, x, y):
        random = self.random
        steep = thing.kind == "boxcar"
        outline = Outline(random, thing.radius, 0.07 if steep else 0.05)
        part, distance = outline.around(x, y, self, 1.9)
        depth = random.uniform(0.12, 0.5 if steep else 0.4)
        power = random.uniform(3, 7)
        if steep:
            # A tenth of the depth is left on the outline.
            bowl = -depth * np.exp(-np.log(10) * distance ** power)
        else:
            bowl = -0.5 * depth * (1 + np.cos(np.pi * np.clip(distance, 0, 1)))
        if random.random() < 0.3:
            bowl += 0.08 * depth * np.exp(-((distance - 1.15) / 0.18) ** 2)
        self.lesion_relief[part] += bowl
        floor = np.exp(-distance ** 3)
        if random.random() < 0.35:
            self.lesion_blood[part] += random.normal(0, 0.22) * floor
        if random.random() < 0.35:
            self.lesion_melanin[part] += random.normal(0, 0.12) * floor
        self.own(thing, part, distance < (1 if steep else 0.85))

    def ice_pick(self, thing, x, y):
        random = self.random
        outline = Outline(random, thing.radius, 0.05, (0.75, 1))
        part, distance = outline.around(x, y, self, 1.5)
        depth = random.uniform(0.2, 0.6)
        cone = np.clip(1.01 - np.sqrt(distance ** 2 + 0.01), 0, None)
        self.lesion_relief[part] -= depth * cone ** random.uniform(0.9, 1.5)
        if random.random() < 0.25:
            self.lesion_melanin[part] += (random.uniform(0, 0.3)
                                          * np.exp(-2 * distance ** 2))
        if random.random() < 0.2:
            self.lesion_blood[part] += (random.uniform(0, 0.3)
                                        * np.exp(-distance ** 2))
        self.own(thing, part, distance < 1)

    def mark(self, thing, x, y):
        random = self.random
        outline = Outline(random, thing.radius, 0.12, (0.6, 1))
        part, distance = outline.around(x, y, self, 2)
        hardness = random.uniform(2, 5)
        mottled = smooth_noise(random, *distance.shape, max(0.5 * self.scale, 3))
        frayed = np.maximum(distance * (1 + 0.08 * mottled), 0)
        spot = (np.exp(-np.log(2) * frayed ** hardness)
                * np.clip(1 + 0.15 * mottled, 0.5, 1.5))
        if thing.kind == "red-mark":
            multiple = base.log_between(random, 1.45, 5)
            own, other, most = self.lesion_blood, self.lesion_melanin, 0.12
        else:
            multiple = random.uniform(1.2, 2) ** BROWN_POWER[self.tone]
            own, other, most = self.lesion_melanin, self.lesion_blood, 0.2
        own[part] += np.log(multiple) * spot
        if random.random() < 0.3:
            other[part] += random.uniform(0, most) * spot
        self.own(thing, part, distance < 1)

    # ---- What is no lesion ----

    def blot(self, thing, x, y):
        outline = Outline(self.random, thing.radius, 0.07, (0.75, 1))
        return outline.around(x, y, self, 2)

    def papule(self, thing, x, y):
        random = self.random
        part, distance = self.blot(thing, x, y)
        height = min(random.uniform(0.12, 0.55), 0.45 * thing.radius)
        self.relief[part] += height * np.exp(-1.4 * distance ** random.uniform(2, 3))
        more = (np.log(random.uniform(1.5, 4)) if thing.kind == "red-papule"
                else random.uniform(0, 0.15))
        self.blood[part] += more * np.exp(-0.7 * distance ** 3)

    def mole(self, thing, x, y):
        random = self.random
        part, distance = self.blot(thing, x, y)
        more = random.uniform(0.5, 1) * np.log(MOLE_MULTIPLE[self.tone])
        spot = np.clip(1 - distance ** random.uniform(4, 9), 0, 1) ** 0.7
        self.melanin[part] += more * spot
        if random.random() < 0.4:
            self.relief[part] += (random.uniform(0.05, 0.35)
                                  * np.exp(-1.2 * distance ** 3))

    def freckle(self, thing, x, y):
        part, distance = self.blot(thing, x, y)
        more = self.random.uniform(0.12, 0.45) * self.melanin_change
        self.melanin[part] += more * np.exp(-0.7 * distance ** 2.5)

    def comedo(self, thing, x, y):
        random = self.random
        part, distance = self.blot(thing, x, y)
        self.melanin[part] += random.uniform(0.6, 1.5) * np.exp(-0.9 * distance ** 4)
        self.relief[part] += random.uniform(-0.04, 0.08) * np.exp(-distance ** 2)

    # ---- Shape of the face, surface ----

    def choose_face(self):
        """The slopes of a bulge, and how far each pixel is from its top."""
        random = self.random
        radius = random.uniform(80, 250)
        if self.lights[0].elevation <= 0.6:
            radius *= 1.8
        rows, columns = np.mgrid[0:self.height, 0:self.width].astype(np.float32)
        self.right = (columns - self.width * random.uniform(0.35, 0.65)) / self.scale
        self.up = -(rows - self.height * random.uniform(0.35, 0.65)) / self.scale
        flatter = random.uniform(0.3, 1)
        across, along = (1, flatter) if random.random() < 0.5 else (flatter, 1)
        self.face = (-self.right / radius * across, -self.up / radius * along)

    def choose_surface(self):
        random = self.random
        self.tint = np.float32([1, random.uniform(0.96, 1.03),
                                random.uniform(0.9, 1.08)])
        self.spread = SPREAD_MM * random.uniform(0.7, 1.4) * self.scale
        self.oil = np.clip(0.6 + 0.5 * self.noise(8), 0.05, 2)
        self.gloss = base.log_between(random, 0.015, 0.22)
        self.shininess = base.log_between(random, 8, 60)
        self.rough = 0.05 * self.noise(max(0.12, 1.1 / self.scale))

    def draw(self):
        self.draw_pigments()
        self.draw_furrows()
        self.draw_pores()
        self.draw_wrinkles()
        self.choose_ruler()
        self.draw_things()
        self.choose_face()
        self.choose_surface()


# ---- Light ----

def visible(relief, light, scale):
    """How much of the light each pixel sees past the relief: 0 to 1."""
    if light.elevation >= np.radians(55):
        return 1
    rise = np.tan(light.elevation)
    farthest = min(0.9 / rise, 3)
    least = np.ones_like(relief)
    for step in range(1, 13):
        distance = farthest * (step / 12) ** 1.6
        if distance * scale < 0.7:
            continue
        towards = base.shifted(relief, distance * scale * np.cos(light.azimuth),
                               -distance * scale * np.sin(light.azimuth))
        least = np.minimum(least, (relief + distance * rise - towards)
                           / (0.02 + 0.10 * distance) + 0.5)
    return np.clip(least, 0, 1)


def slopes(scene, relief):
    """To the right and up, of the relief on the face."""
    share = scene.scale / 8
    return (cv2.Sobel(relief, cv2.CV_32F, 1, 0, ksize=3, scale=share) + scene.face[0],
            -cv2.Sobel(relief, cv2.CV_32F, 0, 1, ksize=3, scale=share) + scene.face[1])


def towards(light):
    return (np.cos(light.elevation) * np.cos(light.azimuth),
            np.cos(light.elevation) * np.sin(light.azimuth), np.sin(light.elevation))


def mirrored(scene, right, up, light, seen):
    """Light that an oily surface mirrors, more at a glancing angle (Schlick)."""
    x, y, z = towards(light)
    right, up = right + scene.rough, up - scene.rough
    length = np.sqrt(x * x + y * y + (z + 1) ** 2)
    facing = (-right * x - up * y + z + 1) / length / np.sqrt(1 + right ** 2 + up ** 2)
    fresnel = 0.03 + 0.97 * (1 - np.sqrt((1 + z) / 2)) ** 5
    shine = np.exp((np.clip(facing, 0, 1) - 1) * scene.shininess)
    return light.strength * seen * (
        0.5 * scene.gloss * fresnel / 0.03 * scene.oil * shine + 0.008)


def shade(scene, relief, channels):
    """Light that enters and leaves skin, by channel, and what is mirrored."""
    right, up = slopes(scene, relief)
    upright = 1 / np.sqrt(1 + right ** 2 + up ** 2)
    hollow = sum(share * np.clip((base.blur(relief, sigma * scene.scale) - relief)
                                 / sigma, -0.15, None)
                 for sigma, share in ((0.3, 0.45), (0.9, 0.55)))
    open_share = np.exp(-1.5 * hollow)
    entering = scene.ambient * open_share * (0.5 + 0.5 * upright)
    shine = np.zeros_like(relief)
    for light in scene.lights:
        x, y, z = towards(light)
        seen = visible(relief, light, scene.scale)
        entering += (light.strength * np.clip((-right * x - up * y + z) * upright, 0, None)
                     * seen * open_share ** 0.6)
        shine += mirrored(scene, right, up, light, seen)
    leaving = [(1 - SPREAD_SHARE[channel])
               * base.blur(entering, NARROW_SPREAD_MM[channel] * scene.scale)
               + SPREAD_SHARE[channel] * base.blur(entering, scene.spread[channel])
               for channel in channels]
    return leaving, shine * open_share


def truth_of(scene, with_lesions, without):
    """Classes of what changes green light enough."""
    dark = 0.002 * scene.flat_light
    change = base.blur(np.log((with_lesions + dark) / (without + dark)),
                       0.08 * scene.scale)
    truth = np.zeros(change.shape, np.uint8)
    for lesion in scene.lesions:
        values = change[lesion.part][lesion.mask]
        if values.size < 4:
            continue
        if lesion.klass in (CLASS_OF["red-mark"], CLASS_OF["brown-mark"]):
            contrast = -np.median(values)
        else:
            contrast = np.percentile(values, 92) - np.percentile(values, 8)
        if contrast > LEAST_CONTRAST[lesion.klass]:
            part = truth[lesion.part]
            part[lesion.mask & (part == 0)] = lesion.klass
    return truth


def light_scene(scene):
    """Linear light from the skin, the truth, and the shading without lesions."""
    leaving, shine = shade(scene, scene.relief + scene.lesion_relief, (0, 1, 2))
    (bare_green,), bare_shine = shade(scene, scene.relief, (1,))
    colour = scene.skin.colour(scene.blood + scene.lesion_blood,
                               scene.melanin + scene.lesion_melanin)
    bare_colour = scene.skin.colour(scene.blood, scene.melanin)
    linear = np.stack(leaving, 2) * colour + shine[..., None]
    bare = bare_green * bare_colour[..., 1] + bare_shine
    truth = truth_of(scene, linear[..., 1], bare)
    return linear, truth, bare_green


# ---- Things on the skin ----

def draw_stubble(scene, hairs):
    random = scene.random
    if random.random() >= 0.08:
        return
    where, main_angle = scene.noise(14), random.uniform(0, 2 * np.pi)
    per_cm2 = random.uniform(10, 30)
    for _ in range(int(per_cm2 * scene.width_mm * scene.height_mm / 100)):
        x, y = scene.anywhere()
        if where[int(y), int(x)] < 0.1:
            continue
        angle = main_angle + random.normal(0, 0.35)
        length = random.uniform(0.15, 0.9) * scene.scale
        points = np.array([[x, y], [x + length * np.cos(angle),
                                    y + length * np.sin(angle)]])
        draw_line(hairs, points, int(random.uniform(90, 230)),
                  max(1, round(0.08 * scene.scale)))


def cover_with_hair(scene, linear):
    random, scale = scene.random, scene.scale
    hairs = np.zeros((scene.height, scene.width), np.uint8)
    count = 0 if random.random() < 0.75 else int(random.integers(2, 14))
    for _ in range(count):
        draw_line(hairs, scene.curve(random.uniform(3, 16), 1.2),
                  int(random.uniform(60, 200)),
                  max(1, round(random.uniform(0.04, 0.09) * scale)))
    draw_stubble(scene, hairs)
    if not hairs.any():
        return linear
    cover = base.blur(hairs.astype(np.float32) / 255, 0.03 * scale)
    colour = (np.float32([0.05, 0.035, 0.025]) * scene.flat_light
              * random.uniform(0.5, 3 if scene.tone < 2 else 1.2))
    azimuth = scene.lights[0].azimuth
    shadow = np.roll(cover, (round(np.sin(azimuth) * 0.2 * scale),
                             -round(np.cos(azimuth) * 0.2 * scale)), (0, 1))
    linear = linear * (1 - 0.3 * base.blur(shadow, 0.12 * scale))[..., None]
    cover = 0.85 * cover[..., None]
    return linear * (1 - cover) + cover * colour


def draw_text(scene, linear, truth):
    """Ink or print; what it covers is no longer truth."""
    random, scale = scene.random, scene.scale
    if random.random() >= 0.09:
        return linear
    text = np.zeros((scene.height, scene.width), np.uint8)
    size = random.uniform(2.2, 4) * scale / 22
    word = "".join(random.choice(LETTERS, random.integers(2, 9)))
    (width, height), _ = cv2.getTextSize(word, cv2.FONT_HERSHEY_SIMPLEX, size, 1)
    place = (int(random.uniform(0, max(1, scene.width - width))),
             int(random.uniform(height, scene.height)))
    font = int(random.choice([cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX,
                              cv2.FONT_HERSHEY_COMPLEX]))
    cv2.putText(text, word, place, font, size, 255, max(1, round(0.35 * scale)),
                cv2.LINE_AA)
    cover = base.blur(text.astype(np.float32) / 255, 0.08 * scale)
    for lesion in scene.lesions:
        covered = (cover[lesion.part] > 0.3) & lesion.mask
        if covered.sum() > 0.1 * lesion.mask.sum():
            truth[lesion.part][lesion.mask & (truth[lesion.part] == lesion.klass)] = 0
    cover = cover[..., None]
    if random.random() < 0.5:
        return linear * (1 - cover * (1 - np.float32([0.12, 0.14, 0.3])))
    return linear * (1 - cover) + cover * float(random.choice([0.01, 1])
                                                * scene.flat_light)


def draw_ruler(scene, linear, shading):
    scale, rows = scene.scale, scene.ruler
    height = rows.stop - rows.start
    ruler = np.full((height, scene.width), 0.8, np.float32)
    # Its marks are on the side of the skin.
    top = rows.start == 0
    for mm in range(int(scene.width_mm)):
        x = int(mm * scale)
        length = int(height * (0.55 if mm % 10 == 0 else 0.4 if mm % 5 == 0 else 0.25))
        across = slice(height - length, height) if top else slice(0, length)
        ruler[across, x:x + max(1, int(0.12 * scale))] = 0.04
        if mm % 10 == 0:
            cv2.putText(ruler, str(mm // 10),
                        (x + int(0.4 * scale), int(height * (0.45 if top else 0.9))),
                        cv2.FONT_HERSHEY_SIMPLEX, height / 70, 0.04,
                        max(1, int(height / 40)), cv2.LINE_AA)
    light = base.blur(shading, 6 * scale)[rows]
    linear[rows] = (ruler * light)[..., None] * np.float32([1, 0.99, 0.96])


def take(scene, linear):
    """The photograph: vignette, exposure, lens, sensor, curve, JPEG."""
    random = scene.random
    from_middle = (scene.right ** 2 + scene.up ** 2) / scene.width_mm ** 2
    linear = linear * (1 - random.uniform(0, 0.5) * from_middle)[..., None]
    wanted = BRIGHTNESS[scene.tone] * np.exp(random.normal(0, 0.15))
    gain = wanted / float(np.median(linear[..., 1]))
    linear = linear * (gain * scene.tint * SENSITIVITY).astype(np.float32)
    linear = base.blur(np.ascontiguousarray(linear, np.float32),
                       random.uniform(0.45, 1) * (1.3 if scene.scale > 15 else 1))
    full_well = base.log_between(random, 9000, 50000)
    linear = base.expose(linear, full_well, random.uniform(2, 7) / full_well, random)
    balance = [np.exp(random.normal(0, 0.03)), 1, np.exp(random.normal(0, 0.04))]
    linear = linear / SENSITIVITY * np.float32(balance)
    if scene.scale > 12 and random.random() < 0.5:
        linear = base.blur(linear, 0.7)
    picture = base.steepen(base.to_srgb(linear), random.uniform(0, 0.35))
    if random.random() < 0.5:
        picture = base.sharpen(picture, random.uniform(0.1, 0.35), 1)
    return base.jpeg(base.to_bytes(picture)[..., ::-1], int(random.integers(80, 99)))


def render(number):
    scene = Scene(number)
    scene.draw()
    linear, truth, shading = light_scene(scene)
    linear = cover_with_hair(scene, linear)
    linear = draw_text(scene, linear, truth)
    if scene.ruler is not None:
        draw_ruler(scene, linear, shading)
    light = scene.lights[0]
    return base.Photograph(take(scene, linear), truth, scene.scale,
                           np.degrees(light.azimuth) % 360,
                           np.degrees(light.elevation))


if __name__ == "__main__":
    base.run("spectral", __doc__, render)
