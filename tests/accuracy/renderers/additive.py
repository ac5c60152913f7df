#!/usr/bin/env python3
"""Renders skin with lesions and their exact truth: pigment densities add up.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: additive.py OUTPUT FIRST LAST

Writes additive-NNN.png, .truth.png (the class of each pixel) and .ini of each
number from FIRST to LAST for fit.py; a number always gives the same picture.

Skin's colour is a density by channel: looked up in base.TONES for melanin, with
a multiple of one vector added for haemoglobin.  Relief is a map of heights, lit
by one or two lamps with soft shadows; light spreads below the surface.  Widths
and depths of scars: Jacob 2001 (J Am Acad Dermatol 45:109) and
doi:10.15557/jou.2020.0049; pores: doi:10.2147/CCID.S74401.  Lesions fainter
than the texture around them are not in the truth.  Written apart from the
project's own renderer.  Needs numpy, scipy and OpenCV.
"""

import collections

import cv2
import numpy as np
from scipy.spatial import cKDTree

import base

# Keeps the random numbers apart from those of other programs with small seeds.
STREAM = 90210
CRATER_DEPTH_MM = (0.21, 0.56)
ICE_PICK_DEPTH_MM = (0.25, 0.75)
# Density that the walls of a pit add: light that reaches them came through skin.
ICE_PICK_DENSITY = (0.45, 1.35)
ICE_PICK_TINT = (0.95, 1.02, 1.04)
CRATER_TINT = (0.86, 1.03, 1.08)
FURROW_MM = (0.010, 0.034)
# Density of more blood: less than in proportion, as vessels hide each other.
BLOOD_DENSITY = 0.72
BLOOD_POWER = 0.62
# Directions of haemoglobin: Tsumura, doi:10.1364/josaa.16.002169, and from
# spectra of skin with more blood.
BLOOD_TSUMURA = np.array([0.2988, 0.6838, 0.6657])
BLOOD_SPECTRA = np.array([0.26, 0.71, 0.65])
# Plugs, moles.
DARK_DENSITY = 1.1 * np.array([0.55, 0.8, 1.0])
# By channel: how far light spreads below the surface, mm, and what share.
SPREAD = ((0.42, 0.62), (0.22, 0.5), (0.14, 0.42))
GLARE = 0.007
# A lesion is truth where its contrast is this multiple of the texture's spread
# and at least its class's in density.
GATE = 1.5
GATE_PIXELS_PER_MM = 10
LEAST_CONTRAST = {"crater": 0.02, "ice-pick": 0.02, "red-mark": 0.05,
                  "brown-mark": 0.03}

# Number: its value in the map of owners.  Place and diameter in mm.
Lesion = collections.namedtuple("Lesion", "number name x y diameter")
Light = collections.namedtuple("Light", "azimuth elevation strength")


def slow_noise(random, height, width, sigma):
    """Smooth noise of unit variance, correlated over sigma pixels."""
    factor = max(1, sigma / 2)
    rows, columns = int(height / factor) + 8, int(width / factor) + 8
    noise = random.standard_normal((rows, columns)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), sigma / factor)
    noise = (noise - noise.mean()) / (noise.std() + 1e-9)
    enlarge = np.array([[1 / factor, 0, 3], [0, 1 / factor, 3]], np.float32)
    return cv2.warpAffine(noise, enlarge, (width, height),
                          flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
                          borderMode=cv2.BORDER_REFLECT)


def grid(height, width):
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    return rows, columns


def cosine_bump(radius):
    return np.where(radius < 1, 0.5 + 0.5 * np.cos(np.pi * np.minimum(radius, 1)),
                    0).astype(np.float32)


def falling_edge(radius, softness):
    """From 1 inside to 0 outside of a radius of 1."""
    return 1 / (1 + np.exp(np.clip((radius - 1) / softness, -30, 30)))


class Scene:
    """Size, light and the maps that lesions and texture are drawn into.

    Lengths are mm, the maps' scale is `scale`; the picture's is `final_scale`.
    """

    def __init__(self, number):
        random = self.random = np.random.default_rng([number, STREAM])
        self.tone = (5 * number + number // 6) % len(base.TONES)
        self.final_scale = base.log_between(random, 6, 30)
        self.width_mm = min(random.uniform(40, 70), 1900 / self.final_scale)
        self.height_mm = self.width_mm * random.choice([0.667, 0.75, 0.8])
        self.final_width = int(self.width_mm * self.final_scale)
        self.final_height = int(self.height_mm * self.final_scale)
        self.finer = 2 if self.final_scale < 11 else 1
        self.scale = self.final_scale * self.finer
        self.width = self.final_width * self.finer
        self.height = self.final_height * self.finer
        self.choose_light(number)
        self.lesions = []
        self.circles = []
        self.choose_print()
        shape = (self.height, self.width)
        self.lesion_relief = np.zeros(shape, np.float32)
        self.texture = np.zeros(shape, np.float32)
        self.blood = np.ones(shape, np.float32)
        self.melanin = np.ones(shape, np.float32)
        self.dark = np.zeros(shape, np.float32)
        self.pit_density = np.zeros(shape, np.float32)
        self.crater_density = np.zeros(shape, np.float32)
        self.owner = np.zeros(shape, np.uint16)

    def choose_light(self, number):
        random = self.random
        # By the golden angle: any few pictures have light from all sides.
        azimuth = (137.508 * number + random.uniform(-25, 25)) % 360
        self.lights = [Light(azimuth, random.uniform(15, 80), 1)]
        if random.random() < 0.3:
            self.lights.append(Light((azimuth + random.uniform(60, 300)) % 360,
                                     random.uniform(25, 75),
                                     random.uniform(0.15, 0.5)))
        self.ambient = random.uniform(0.1, 0.5)

    def choose_print(self):
        """The corner of a ruler or of letters: left, top, right, bottom."""
        random = self.random
        self.print_box = None
        if random.random() < 0.12:
            corner = random.integers(4)
            width, height = random.uniform(9, 16), random.uniform(3.5, 6)
            left = 0 if corner % 2 == 0 else self.width_mm - width
            top = 0 if corner < 2 else self.height_mm - height
            self.print_box = (left, top, left + width, top + height)

    def noise(self, sigma_mm):
        return slow_noise(self.random, self.height, self.width,
                          sigma_mm * self.scale)

    def anywhere(self):
        return (self.random.uniform(0, self.width_mm),
                self.random.uniform(0, self.height_mm))

    # ---- Places ----

    def place(self, radius, apart=0.35, tries=80):
        """Centre of a free circle, or None."""
        random, margin = self.random, radius + 0.4
        for _ in range(tries):
            x = random.uniform(margin, self.width_mm - margin)
            y = random.uniform(margin, self.height_mm - margin)
            if self.print_box:
                left, top, right, bottom = self.print_box
                if (left - radius < x < right + radius
                        and top - radius < y < bottom + radius):
                    continue
            if all((x - a) ** 2 + (y - b) ** 2
                   > (radius + c + apart * random.uniform(0.4, 2)) ** 2
                   for a, b, c in self.circles):
                self.circles.append((x, y, radius))
                return x, y
        return None

    def outline(self, x, y, radius, irregular=0.12, longest=1.25):
        """Where in the maps an irregular, long blob is, and each pixel's
        distance from its centre as a multiple of the distance of its edge."""
        random, scale = self.random, self.scale
        reach = 1.9 * radius + 0.3
        left, top = max(0, int((x - reach) * scale)), max(0, int((y - reach) * scale))
        right = min(self.width, int((x + reach) * scale) + 2)
        bottom = min(self.height, int((y + reach) * scale) + 2)
        rows, columns = np.mgrid[top:bottom, left:right].astype(np.float32)
        dx, dy = (columns + 0.5) / scale - x, (rows + 0.5) / scale - y
        stretch = np.sqrt(random.uniform(1, longest))
        turn = random.uniform(0, np.pi)
        u = (dx * np.cos(turn) + dy * np.sin(turn)) / stretch
        v = (-dx * np.sin(turn) + dy * np.cos(turn)) * stretch
        angle = np.arctan2(v, u)
        edge = np.ones_like(angle)
        for wave in (2, 3, 4, 5, 7):
            edge += (irregular * random.normal() / wave ** 0.6
                     * np.cos(wave * angle + random.uniform(0, 2 * np.pi)))
        distance = np.hypot(u, v) / (radius * np.maximum(edge, 0.4))
        return (slice(top, bottom), slice(left, right)), distance

    # ---- Lesions ----

    def own(self, name, x, y, diameter, part, mask):
        lesion = Lesion(len(self.lesions) + 1, name, x, y, diameter)
        owner = self.owner[part]
        owner[mask & (owner == 0)] = lesion.number
        self.lesions.append(lesion)

    def crater(self, x, y, diameter):
        random = self.random
        # Steep (boxcar) or bowl-shaped (rolling).
        steep = (diameter < 4 and random.random() < 0.85) or random.random() < 0.15
        part, radius = self.outline(x, y, diameter / 2, 0.07 if steep else 0.1, 1.5)
        depth = (random.uniform(*CRATER_DEPTH_MM) * (1 if steep else 1.15)
                 * (1.15 if diameter > 3 else 0.9))
        if steep:
            power = float(random.choice([4, 5, 6]))
            bowl = np.exp(-(radius / 0.78) ** power * 0.9)
        else:
            bowl = cosine_bump(radius)
        rim = random.uniform(0, 0.22) if random.random() < 0.4 else 0
        self.lesion_relief[part] += depth * (
            rim * np.exp(-((radius - 1.12) / 0.15) ** 2) - bowl)
        if random.random() < 0.5:
            floor = np.exp(-(radius / 0.75) ** 4)
            self.blood[part] *= 1 + floor * random.uniform(-0.15, 0.25)
            self.melanin[part] *= 1 + floor * random.uniform(-0.12, 0.1)
        self.crater_density[part] += bowl * depth * random.uniform(0.3, 0.95)
        self.own("crater", x, y, diameter, part, radius < 1)

    def ice_pick(self, x, y, diameter):
        random = self.random
        part, radius = self.outline(x, y, diameter / 2, 0.09, 1.4)
        depth = random.uniform(*ICE_PICK_DEPTH_MM) * (0.65 + 0.35 * diameter / 1.2)
        inside = np.clip(1 - radius, 0, 1)
        self.lesion_relief[part] -= depth * inside ** random.uniform(0.9, 1.3)
        self.pit_density[part] += (random.uniform(*ICE_PICK_DENSITY)
                                   * np.clip(1.02 - radius, 0, 1) ** 0.8)
        self.blood[part] *= 1 + inside * random.uniform(0, 0.08)
        self.own("ice-pick", x, y, diameter, part, radius < 1)

    def spot(self, radius, diameter):
        """How strong a mark with a soft, frayed edge is at each pixel."""
        random = self.random
        frayed = slow_noise(random, *radius.shape,
                            max(2, diameter * self.scale * random.uniform(0.06, 0.2)))
        strength = falling_edge(radius + 0.16 * frayed, random.uniform(0.06, 0.25))
        strength *= 1 - np.clip((radius - 1.25) / 0.5, 0, 1)
        mottled = slow_noise(random, *radius.shape,
                             max(2, diameter * self.scale * 0.15))
        return np.clip(strength * (1 + 0.14 * mottled), 0, 1.2).astype(np.float32)

    def red_mark(self, x, y, diameter):
        random = self.random
        part, radius = self.outline(x, y, diameter / 2, 0.14, 1.7)
        multiple = 1.3 + 3.7 * random.random() ** 0.6
        spot = self.spot(radius, diameter)
        self.blood[part] *= 1 + (multiple - 1) * spot
        if random.random() < 0.3:
            self.melanin[part] *= 1 + random.uniform(0, 0.12) * spot
        if random.random() < 0.25:
            self.lesion_relief[part] += random.uniform(-0.03, 0.05) * spot
        self.own("red-mark", x, y, diameter, part, (spot > 0.5) & (radius < 1.4))

    def brown_mark(self, x, y, diameter):
        random = self.random
        part, radius = self.outline(x, y, diameter / 2, 0.14, 1.7)
        multiple = random.uniform(1.2, 2 if self.tone < 4 else 1.8)
        spot = self.spot(radius, diameter)
        self.melanin[part] *= 1 + (multiple - 1) * spot
        if random.random() < 0.3:
            self.blood[part] *= 1 + random.uniform(-0.1, 0.15) * spot
        self.own("brown-mark", x, y, diameter, part, (spot > 0.5) & (radius < 1.4))

    # ---- What is no lesion ----

    def papule(self, x, y, diameter):
        random = self.random
        part, radius = self.outline(x, y, diameter / 2, 0.06, 1.3)
        height = diameter * random.uniform(0.04, 0.11)
        self.lesion_relief[part] += (height
                                     * cosine_bump(radius) ** random.uniform(0.7, 1.2))
        if random.random() < 0.4:
            multiple = random.uniform(1.3, 2.2)
            self.blood[part] *= 1 + (multiple - 1) * self.spot(radius, diameter)

    def mole(self, x, y, diameter):
        random = self.random
        part, radius = self.outline(x, y, diameter / 2, 0.06, 1.3)
        spot = falling_edge(radius, random.uniform(0.04, 0.12))
        density = random.uniform(0.7, 1.5)
        mottled = slow_noise(random, *radius.shape, max(2, diameter * self.scale * 0.1))
        self.dark[part] += density * spot * (1 + 0.08 * mottled)
        if random.random() < 0.5:
            self.lesion_relief[part] += (diameter * random.uniform(0.02, 0.1)
                                         * np.clip(1 - radius ** 2, 0, 1))

    def pores(self):
        random, scale = self.random, self.scale
        count = int(self.width_mm * self.height_mm / 100 * random.uniform(10, 90))
        deepest, darkest = random.uniform(0.03, 0.1), random.uniform(0.05, 0.3)
        for _ in range(count):
            x, y = self.anywhere()
            radius = random.uniform(0.2, 0.45) / 2
            left, top = int((x - 2 * radius) * scale), int((y - 2 * radius) * scale)
            size = int(4 * radius * scale) + 2
            if (left < 0 or top < 0 or left + size >= self.width
                    or top + size >= self.height):
                continue
            part = slice(top, top + size), slice(left, left + size)
            rows, columns = np.mgrid[part].astype(np.float32)
            square = (((columns + 0.5) / scale - x) ** 2
                      + ((rows + 0.5) / scale - y) ** 2)
            pore = np.exp(-square / (2 * (radius * 0.55) ** 2))
            self.texture[part] -= deepest * pore * random.uniform(0.4, 1)
            self.pit_density[part] += darkest * pore * random.uniform(0.2, 1)

    def comedones(self):
        random = self.random
        count = int(random.integers(0, 14)) if random.random() < 0.6 else 0
        for _ in range(count):
            diameter = random.uniform(0.25, 0.48)
            place = self.place(diameter / 2, 0.2)
            if place:
                part, radius = self.outline(*place, diameter / 2, 0.08, 1.2)
                plug = np.exp(-0.7 * radius ** 2)
                self.texture[part] -= 0.06 * plug
                self.dark[part] += random.uniform(0.1, 0.6) * plug

    def freckles(self):
        random = self.random
        if random.random() >= 0.3:
            return
        for _ in range(int(random.integers(6, 40))):
            diameter = random.uniform(0.35, 0.95)
            place = self.place(diameter / 2, 0.1, tries=20)
            if place:
                part, radius = self.outline(*place, diameter / 2, 0.15, 1.5)
                self.melanin[part] *= (1 + random.uniform(0.15, 0.6)
                                       * np.exp(-0.8 * radius ** 2))

    def choose_things(self):
        """Names and diameters, the largest first as it is hardest to place."""
        random = self.random
        share = min(1, self.width_mm * self.height_mm / 1700)
        things = []
        for name in base.CLASSES:
            for _ in range(max(4, int(round(int(random.integers(4, 15)) * share)))):
                if name == "crater":
                    range_mm = (2, 4) if random.random() < 0.55 else (4, 8)
                    diameter = random.uniform(*range_mm)
                elif name == "ice-pick":
                    diameter = random.uniform(0.5, 1.9)
                else:
                    diameter = np.exp(random.normal(np.log(2.8), 0.5))
                    diameter = float(np.clip(diameter, 1, 8))
                things.append((name, diameter))
        things += [("papule", random.uniform(1.5, 5))
                   for _ in range(int(random.integers(1, 8)))]
        things += [("mole", random.uniform(0.9, 3.5))
                   for _ in range(int(random.integers(0, 3)))]
        return sorted(things, key=lambda thing: -thing[1])

    def draw_things(self):
        draw = {"crater": self.crater, "ice-pick": self.ice_pick,
                "red-mark": self.red_mark, "brown-mark": self.brown_mark,
                "papule": self.papule, "mole": self.mole}
        for name, diameter in self.choose_things():
            place = self.place(diameter / 2)
            if place:
                draw[name](*place, diameter)
        self.pores()
        self.comedones()
        self.freckles()

    # ---- Texture ----

    def furrows(self):
        """A net between cells of stretched, warped Worley noise; returns its
        direction."""
        random = self.random
        scale = min(self.scale, 11)
        height = int(self.height_mm * scale) + 2
        width = int(self.width_mm * scale) + 2

        def noise(sigma_mm):
            return slow_noise(random, height, width, sigma_mm * scale)

        cell, stretch = random.uniform(0.45, 1.1), random.uniform(1, 1.8)
        turn = random.uniform(0, np.pi)
        rows, columns = grid(height, width)
        x = columns / scale + 0.35 * noise(2.5) + 0.08 * noise(0.4)
        y = rows / scale + 0.35 * noise(2.5) + 0.08 * noise(0.4)
        u = (x * np.cos(turn) + y * np.sin(turn)) / stretch
        v = -x * np.sin(turn) + y * np.cos(turn)
        left, right, top, bottom = u.min() - 1, u.max() + 1, v.min() - 1, v.max() + 1
        count = int((right - left) * (bottom - top) / cell ** 2)
        seeds = np.c_[random.uniform(left, right, count),
                      random.uniform(top, bottom, count)]
        distance, nearest = cKDTree(seeds).query(np.c_[u.ravel(), v.ravel()], k=2)
        edge = (distance[:, 1] - distance[:, 0]).reshape(height, width)
        # Under grazing light real furrows of this depth would hide everything.
        depth = (random.uniform(*FURROW_MM)
                 * min(1.1, 0.35 + 0.75 * self.tangent()))
        top = random.normal(0, 0.25, count).astype(np.float32)
        top = top[nearest[:, 0]].reshape(height, width)
        net = (0.3 * base.blur(top, 0.1 * scale)
               - np.exp(-(edge.astype(np.float32) / (0.22 * cell)) ** 2)
               * (0.75 + 0.5 * base.blur(top, 1)))
        strength = depth * np.clip(1 + 0.35 * noise(6), 0.3, 1.8)
        net = strength * (net + 0.35 * (noise(0.12) + 0.8 * noise(0.35)))
        self.texture += cv2.resize(base.blur(net, 0.06 * scale).astype(np.float32),
                                   (self.width, self.height),
                                   interpolation=cv2.INTER_CUBIC)
        if self.scale > 14:
            self.texture += 0.06 * depth * self.noise(0.05)
        return turn

    def tangent(self):
        return np.tan(np.radians(self.lights[0].elevation))

    def lumps(self):
        for sigma_mm, least, most in ((1.6, 0.005, 0.02), (4.5, 0.02, 0.08)):
            self.texture += self.noise(sigma_mm) * self.random.uniform(least, most)

    def wrinkles(self, turn):
        random, scale = self.random, self.scale
        if random.random() >= 0.35:
            return
        for _ in range(int(random.integers(1, 6))):
            x, y = self.anywhere()
            angle = turn + random.normal(0, 0.3)
            points = []
            for _ in range(40):
                points.append((x * scale, y * scale))
                x, y = x + 0.8 * np.cos(angle), y + 0.8 * np.sin(angle)
                angle += random.normal(0, 0.06)
            points = np.array(points[:int(random.integers(12, 40))], np.int32)
            line = np.zeros((self.height, self.width), np.uint8)
            cv2.polylines(line, [points], False, 255, max(1, int(0.18 * scale)),
                          cv2.LINE_AA)
            fold = base.blur(line.astype(np.float32) / 255,
                             random.uniform(0.12, 0.4) * scale)
            self.texture -= fold / (fold.max() + 1e-6) * random.uniform(0.03, 0.16)

    def vary_pigments(self):
        random = self.random
        change = 0.10 * self.noise(random.uniform(6, 14))
        change += random.uniform(0.03, 0.10) * self.noise(1.3)
        change += random.uniform(0.01, 0.05) * self.noise(0.35)
        self.blood *= np.exp(change)
        change = 0.08 * self.noise(random.uniform(6, 14))
        change += random.uniform(0.02, 0.06) * self.noise(1.5)
        change += random.uniform(0.02, 0.06) * self.noise(0.3)
        self.melanin *= np.exp((1 if self.tone < 3 else 0.55) * change)

    def face(self):
        """A bulge, not so steep that low light leaves half of it dark."""
        random = self.random
        steepest = min(0.5, 0.5 * self.tangent())
        x = random.uniform(0.2, 0.8) * self.width_mm
        y = random.uniform(0.2, 0.8) * self.height_mm
        across = max(random.uniform(50, 200), 0.64 * self.width_mm / steepest)
        down = max(random.uniform(60, 300), 0.64 * self.height_mm / steepest)
        rows, columns = grid(self.height, self.width)
        return (-(columns / self.scale - x) ** 2 / (2 * across)
                - (rows / self.scale - y) ** 2 / (2 * down)).astype(np.float32)

    def strokes(self, count, length, strength, bend, where=None):
        """How much of each pixel thin curved hairs cover."""
        random, shift = self.random, 4
        cover = np.zeros((self.height, self.width), np.uint8)
        main_angle = random.uniform(0, 2 * np.pi)
        for _ in range(count):
            x, y = self.anywhere()
            if where is not None and where[min(self.height - 1, int(y * self.scale)),
                                           min(self.width - 1, int(x * self.scale))] < 0:
                continue
            angle = main_angle + random.normal(0, 0.5)
            step = random.uniform(*length) / 8
            turn = random.normal(0, bend) / 8
            points = []
            for _ in range(9):
                points.append((x, y))
                x, y = x + step * np.cos(angle), y + step * np.sin(angle)
                angle += turn
            points = np.array(points) * self.scale * 2 ** shift
            pixels = random.uniform(0.05, 0.1) * self.scale
            drawn = max(1, int(round(pixels)))
            value = random.uniform(*strength) * min(1, pixels / drawn)
            cv2.polylines(cover, [points.astype(np.int32)], False, int(255 * value),
                          drawn, cv2.LINE_AA, shift)
        return cover.astype(np.float32) / 255

    def hairs(self):
        random = self.random
        hairs = None
        if random.random() < 0.25:
            hairs = self.strokes(int(random.integers(1, 14)), (3, 18), (0.5, 0.95),
                                 0.9)
        if random.random() < 0.10:
            where = self.noise(12) + random.uniform(-0.3, 0.6)
            count = self.width_mm * self.height_mm * random.uniform(0.1, 0.5)
            stubble = self.strokes(int(count), (0.25, 1), (0.3, 0.9), 0.3, where)
            hairs = stubble if hairs is None else np.maximum(hairs, stubble)
        return hairs

    def draw(self):
        self.draw_things()
        turn = self.furrows()
        self.lumps()
        self.wrinkles(turn)
        self.vary_pigments()
        self.bulge = self.face()
        self.hair = self.hairs()


# ---- Light and colour ----

def direction(azimuth, elevation):
    azimuth, elevation = np.radians(azimuth), np.radians(elevation)
    return np.array([np.cos(elevation) * np.cos(azimuth),
                     np.cos(elevation) * np.sin(azimuth), np.sin(elevation)])


def shadow(relief, light, scale):
    """How far each pixel is in the soft shadow that the relief casts: 0 to 1."""
    rise = np.tan(np.radians(light.elevation))
    x, y, _ = direction(light.azimuth, 0) * scale
    hidden = np.zeros_like(relief)
    distance = 1.5 / scale
    while distance * rise < 0.5 and distance < 2.5:
        towards = base.shifted(relief, distance * x, -distance * y)
        hidden = np.maximum(hidden, (towards - relief - distance * rise)
                            / (0.06 + 0.15 * distance))
        distance *= 1.45
    return np.clip(hidden, 0, 1)


def shade(scene, relief, bulge, scale):
    """Light on each pixel, 1 on flat skin, and the surface's normals."""
    down, right = np.gradient(relief + bulge, 1 / scale)
    upright = 1 / np.sqrt(1 + right ** 2 + down ** 2)
    normals = (-right * upright, down * upright, upright)
    direct = np.zeros_like(relief)
    for light in scene.lights:
        towards = direction(light.azimuth, light.elevation)
        part = sum(a * b for a, b in zip(normals, towards)) / towards[2]
        part = np.clip(part, 0, 2.6)
        if light.elevation < 55:
            part *= 1 - 0.8 * shadow(relief, light, scale)
        direct += light.strength * part
    direct /= sum(light.strength for light in scene.lights)
    hollow = sum(np.maximum(0, base.blur(relief, sigma * scale) - relief) / sigma
                 for sigma in (0.3, 1))
    around = np.clip(1 - 1.2 * hollow, 0.3, 1)
    shading = (1 - scene.ambient) * direct + scene.ambient * around
    return shading.astype(np.float32), normals


def tone_densities():
    """Log melanosome fractions and the densities of each channel there; past
    the table's ends the lines go on."""
    fractions = np.log([fraction for fraction, _ in base.TONES])
    colours = base.to_linear(np.array([colour for _, colour in base.TONES]) / 255)
    table = -np.log(np.maximum(colours - GLARE, 0.004))
    ends = np.log([0.005, 1.3])
    first = table[0] - 0.3 * (table[1] - table[0])
    slope = (table[-1] - table[-2]) / (fractions[-1] - fractions[-2])
    # Less than the full slope: the densities level off in the darkest skin.
    last = table[-1] + slope * np.array([0.45, 0.45, 0.3]) * (ends[1] - fractions[-1])
    return (np.r_[ends[0], fractions, ends[1]], np.vstack([first, table, last]))


def skin_colour(scene):
    """Linear reflectance by channel."""
    random = scene.random
    share = random.uniform(0, 1)
    red = share * BLOOD_TSUMURA + (1 - share) * BLOOD_SPECTRA
    red = red * np.exp(random.normal(0, 0.04, 3))
    fraction = (np.log(base.TONES[scene.tone][0] * scene.melanin)
                + random.uniform(-0.15, 0.15))
    fraction = np.clip(fraction, np.log(0.008), np.log(1.2))
    blood = BLOOD_DENSITY * (np.maximum(scene.blood, 0.1) ** BLOOD_POWER - 1)
    fractions, densities = tone_densities()
    colour = np.empty(scene.blood.shape + (3,), np.float32)
    for channel in range(3):
        melanin = np.interp(fraction.ravel(), fractions, densities[:, channel])
        colour[..., channel] = np.exp(-(melanin.reshape(blood.shape)
                                        + red[channel] * blood
                                        + DARK_DENSITY[channel] * scene.dark))
    return colour


def gloss(scene, normals):
    """What an oily surface mirrors of the first light, in patches."""
    random = scene.random
    if random.random() >= 0.4:
        return 0
    light = scene.lights[0]
    strength = random.uniform(0.03, 0.22)
    middle = direction(light.azimuth, max(light.elevation, 35)) + (0, 0, 1)
    middle /= np.linalg.norm(middle)
    facing = np.clip(sum(a * b for a, b in zip(normals, middle)), 0, 1)
    oil = (np.clip(0.5 + 0.5 * scene.noise(8), 0, 1.5)
           * np.clip(0.8 + 0.4 * scene.noise(0.15), 0, 2))
    return (strength * oil * facing ** random.uniform(25, 90))[..., None]


def light_skin(scene):
    """Linear light from the skin, before hair and print are on it."""
    colour = skin_colour(scene)
    shading, normals = shade(scene, scene.lesion_relief + scene.texture,
                             scene.bulge, scene.scale)
    spread = scene.random.uniform(0.7, 1.3) * scene.scale
    linear = np.empty(colour.shape, np.float32)
    for channel, (sigma, share) in enumerate(SPREAD):
        walls = (ICE_PICK_TINT[channel] * scene.pit_density
                 + CRATER_TINT[channel] * scene.crater_density)
        albedo = base.blur(colour[..., channel] * np.exp(-walls), 0.05 * spread)
        linear[..., channel] = albedo * ((1 - share) * shading
                                         + share * base.blur(shading, sigma * spread))
    # Brighter here, darker there.
    uneven = 1 + 0.6 * scene.random.uniform(0, 0.22) * scene.noise(25)
    linear += scene.random.uniform(0.004, 0.012) * shading[..., None]
    linear += gloss(scene, normals)
    return linear, np.clip(uneven, 0.5, 1.6)[..., None]


def cover_with_hair(scene, linear):
    if scene.hair is None:
        return linear
    colour = ((0.035, 0.025, 0.02) if scene.random.random() < 0.8
              else (0.2, 0.13, 0.07))
    shift = int(0.1 * scene.scale)
    dimmed = 1 - 0.25 * base.blur(np.roll(scene.hair, (shift, shift), (0, 1)),
                                  0.1 * scene.scale)
    hair = scene.hair[..., None]
    return linear * dimmed[..., None] * (1 - hair) + np.float32(colour) * hair


def draw_ruler(linear, box, scale):
    left, top, right, bottom = box
    linear[top:bottom, left:right] = 0.675 * np.array([1, 0.98, 0.94])
    for mm in range(int((right - left) / scale)):
        x = int(left + mm * scale)
        length = 2.2 if mm % 10 == 0 else 1.6 if mm % 5 == 0 else 1
        linear[top:top + int(length * scale), x:x + max(1, int(0.12 * scale))] = 0.02
        if mm % 10 == 0:
            cv2.putText(linear, str(mm // 10), (x, int(top + 3.4 * scale)),
                        cv2.FONT_HERSHEY_SIMPLEX, 0.045 * scale, (0.03,) * 3,
                        max(1, int(0.15 * scale)), cv2.LINE_AA)


def draw_print(scene, linear):
    random, scale = scene.random, scene.scale
    left, top, right, bottom = (int(round(edge * scale)) for edge in scene.print_box)
    if random.random() < 0.5:
        draw_ruler(linear, (left, top, min(right, scene.width),
                            min(bottom, scene.height)), scale)
        return
    colour = (0.9, 0.9, 0.9) if random.random() < 0.5 else (0.01, 0.01, 0.02)
    text = random.choice(["Patient 014", "12.03.2019", "L cheek", "IMG 2203"])
    cv2.putText(linear, str(text),
                (left + int(scale), min(bottom, scene.height) - int(scale)),
                cv2.FONT_HERSHEY_SIMPLEX, 0.075 * scale, colour,
                max(1, int(0.25 * scale)), cv2.LINE_AA)


def light_scene(scene):
    """Linear light at the picture's scale."""
    linear, uneven = light_skin(scene)
    linear = (cover_with_hair(scene, linear) * uneven).astype(np.float32)
    if scene.print_box:
        draw_print(scene, linear)
    if scene.finer > 1:
        linear = cv2.resize(linear, (scene.final_width, scene.final_height),
                            interpolation=cv2.INTER_AREA)
    return linear


def take(scene, linear):
    """The photograph: exposure, white balance, lens, sensor, curve, JPEG."""
    random = scene.random
    wanted = base.to_linear(base.TONES[scene.tone][1][1] / 255)
    gain = ((wanted / np.median(linear[..., 1])) ** random.uniform(0.5, 1)
            * np.exp(random.normal(0, 0.12)))
    gain *= min(1, 0.97 / (gain * np.percentile(linear[..., 0], 98)))
    balance = np.exp(random.normal(0, 0.03, 3))
    linear = linear * gain * (balance / balance[1]).astype(np.float32)
    linear = base.blur(np.ascontiguousarray(linear, np.float32),
                       random.uniform(0.5, 1.1))
    full_well = base.log_between(random, 1500, 20000)
    linear = base.expose(linear, full_well, random.uniform(0.0005, 0.003), random)
    picture = base.to_srgb(linear).astype(np.float32)
    if random.random() < 0.5:
        picture = base.sharpen(picture, random.uniform(0.2, 0.7), 1.2)
    if random.random() < 0.35:
        picture = base.steepen(np.clip(picture, 0, 1), random.uniform(0.05, 0.25))
    return base.jpeg(base.to_bytes(picture)[..., ::-1], int(random.integers(80, 99)))


# ---- Truth ----

class Gate:
    """Compares each lesion's own contrast with the texture around it, at the
    lesion's own fineness."""

    def __init__(self, scene, linear):
        self.scale = min(scene.scale, GATE_PIXELS_PER_MM)
        factor = self.scale / scene.scale
        self.shape = int(scene.height * factor), int(scene.width * factor)
        texture, bulge = self.reduce(scene.texture), self.reduce(scene.bulge)
        relief = self.reduce(scene.lesion_relief)
        walls = self.reduce(scene.pit_density + scene.crater_density)
        self.without = self.soft(shade(scene, texture, bulge, self.scale)[0])
        lit = self.soft(shade(scene, texture + relief, bulge, self.scale)[0])
        self.relief = lit - walls - self.without
        self.without -= base.blur(self.without, 5 * self.scale)
        linear = self.reduce(linear)
        self.green = linear[..., 1]
        density = -np.log(np.maximum(linear, 0.003))
        self.marks = {"red-mark": density[..., 1] - density[..., 0],
                      "brown-mark": density @ np.float32([0.2, 0.5, 0.3])}
        self.owner = cv2.resize(scene.owner, self.shape[::-1],
                                interpolation=cv2.INTER_NEAREST)
        self.bare = self.owner == 0
        if scene.print_box:
            left, top, right, bottom = (int(round(edge * self.scale))
                                        for edge in scene.print_box)
            self.bare[max(0, top - 3):bottom + 3, max(0, left - 3):right + 3] = False

    def reduce(self, values):
        return cv2.resize(values, self.shape[::-1], interpolation=cv2.INTER_AREA)

    def soft(self, shading):
        mixed = 0.5 * shading + 0.5 * base.blur(shading, 0.22 * self.scale)
        return np.log(np.maximum(mixed, 0.02))

    def around(self, lesion):
        x, y = lesion.x * self.scale, lesion.y * self.scale
        reach = (0.65 * lesion.diameter + 2.2) * self.scale
        return (slice(int(max(0, y - reach)), int(min(self.shape[0], y + reach))),
                slice(int(max(0, x - reach)), int(min(self.shape[1], x + reach))))

    def passes(self, lesion):
        part = self.around(lesion)
        bare, mask = self.bare[part], self.owner[part] == lesion.number
        if mask.sum() < 3 or bare.sum() < 20:
            return False
        sigma = max(0.4, 0.14 * lesion.diameter * self.scale)
        if lesion.name in self.marks:
            plane = base.blur(self.marks[lesion.name][part].copy(), sigma)
            contrast = abs(np.median(plane[mask]) - np.median(plane[bare]))
            low, high = np.percentile(plane[bare], (16, 84))
            texture = (high - low) / 2
        else:
            own = base.blur(self.relief[part].copy(), 0.6 * sigma)[mask]
            contrast = np.sqrt(np.mean(own ** 2))
            texture = base.blur(self.without, sigma)[part][bare].std()
        return (contrast > GATE * texture and contrast > LEAST_CONTRAST[lesion.name]
                and self.green[part][mask].mean() > 0.006)


def truth_of(scene, gate):
    classes = np.zeros(len(scene.lesions) + 1, np.uint8)
    for lesion in scene.lesions:
        if gate.passes(lesion):
            classes[lesion.number] = base.CLASSES[lesion.name]
    middle = scene.finer // 2
    return classes[scene.owner[middle::scene.finer, middle::scene.finer]]


def render(number):
    scene = Scene(number)
    scene.draw()
    linear = light_scene(scene)
    return base.Photograph(take(scene, linear), truth_of(scene, Gate(scene, linear)),
                           scene.final_scale, scene.lights[0].azimuth,
                           scene.lights[0].elevation)


if __name__ == "__main__":
    base.run("additive", __doc__, render)
