#!/usr/bin/env python3
"""Renders skin: its colour by two-flux optics, its relief a sum of profiles.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: optical.py OUTPUT FIRST LAST

Colour: an epidermis with melanin over an endless dermis with blood, each by
Kubelka and Munk, at 15 wavelengths, seen by three broad bands of a camera of
the picture's own and turned into sRGB by a matrix fitted to that camera.
Relief: cones (V), super-Gaussians (U) and cosines (M), signed, on a curved
face with furrows.  Light: Oren-Nayar and GGX, shadows by marching.

Truth: a scar is where its depth is above a tenth of its greatest, a mark where
its extra melanin or blood is above half of its most.  What a careful person could
not see against the skin around it is made stronger, or else left out.

Sources: Jacques and Prahl (https://omlc.org/news/jan98/skinoptics.html,
https://omlc.org/spectra/hemoglobin); Kubelka, J. Opt. Soc. Am. 38:448, 1948;
Saunderson, ibid. 32:727, 1942; Wyman, J. Comput. Graph. Tech. 2(2):1, 2013; Oren
and Nayar, SIGGRAPH 1994; Walter, EGSR 2007 (GGX).
"""

import collections
import math

import cv2
import numpy as np

import base

NAME = "optical"

# ---- Optics: wavelengths in nm, molar extinction of blood in 1/(cm M) ----
WAVES = np.arange(420.0, 701.0, 20.0)
OXYGENATED = np.array([480360, 102580, 44480, 26629, 20933, 24202, 53236, 32613,
                       50104, 3200, 942, 442, 320, 278, 290.0])
REDUCED = np.array([407560, 413280, 23389, 14550, 20862, 31590, 46592, 53788,
                    37010, 14677, 6510, 4345, 3227, 2408, 1794.0])
# Absorption of whole blood (150 g/l, 64500 g/mol) per extinction.
BLOOD_FACTOR = 2.303 * 150 / 64500
# Skin's surface: diffuse reflection from inside and outside, reflection straight on.
INSIDE, OUTSIDE = 0.48, 0.005
FRESNEL = 0.028
# The table's points each way, and the logarithms of the fractions that it spans.
TABLE = 40
MELANIN_RANGE = (math.log(0.004), math.log(0.95))
BLOOD_RANGE = (math.log(0.001), math.log(0.16))
# Most melanin and blood that a mark may have.
MOST_MELANIN, MOST_BLOOD = math.log(0.65), math.log(0.12)
# Linear sRGB from XYZ with its white at 1,1,1 (D65 taken out).
FROM_XYZ = (np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415],
                      [0.0557, -0.2040, 1.0570]]) * (0.9505, 1, 1.089))

# ---- Picture: millimetres, pixels per millimetre, degrees, pixels ----
SCALES, AREAS, ELEVATIONS = (6, 30), (1.25e6, 2.45e6), (15, 80)
LESIONS = {1: (9, 20), 2: (8, 15), 3: (9, 20), 4: (9, 20)}
GAP = 0.35
# Marching toward the light: mm per step and in all; a light's width (tangent).
STEP, REACH, PENUMBRA = 0.14, 2.6, 0.12
# Finest scale at which visibility is judged.
JUDGED = 9
# Per class: least contrast (natural logarithm), least contrast in units of the
# skin's own at that size, most that a lesion may be strengthened by.
VISIBLE = {1: (0.12, 2.2, 2.2), 2: (0.23, 2.8, 2.2), 3: (0.095, 2.3, 1.8),
           4: (0.12, 2.2, 2.2)}
DEEPEST = {1: 0.6, 2: 0.7}
# Melanin that a mark on fair skin may add.
FAIR_MARK = 0.06

# A mark; kind 0 is a distractor.  Centre and half width in mm; RIM: amplitudes and
# phases of the outline; TERMS: profile, offset along and across, size (half widths),
# height (share of DEPTH, mm).  Melanin, blood: logarithm of the factor in the middle.
Mark = collections.namedtuple(
    "Mark", "kind x y half aspect angle rim terms depth exponent melanin blood")

# Sorts of marks: widths and depths in mm, factors of melanin and blood.  MOST: of
# a distractor, in a picture of AMPLE square millimetres.
Sort = collections.namedtuple(
    "Sort", "kind widths aspect exponents depths melanin blood most")
AMPLE = 1700
SORTS = (
    Sort(1, (2.3, 6.6), 1.4, (3, 8), (0.28, 0.55), (0.95, 1.15), (0.9, 1.2), 0),
    Sort(3, (1.3, 7.5), 1.6, (1.8, 4), (), (1, 1.1), (2.3, 5), 0),
    Sort(4, (1.8, 7.5), 1.6, (2, 5), (), (1.5, 2), (1, 1.1), 0),
    Sort(2, (0.75, 1.65), 1.25, (2.5, 5), (0.32, 0.6), (1, 1.25), (0.9, 1.1), 0),
    # Moles, papules, freckles, comedones.
    Sort(0, (1.8, 5), 1.4, (5, 9), (0, 0.25), (2.5, 8), (1, 1.3), 1),
    Sort(0, (1, 4.5), 1.3, (2, 3), (0.1, 0.4), (1, 1.1), (1, 1.6), 3),
    Sort(0, (0.4, 1.2), 1.5, (2, 4), (), (1.2, 1.7), (1, 1.1), 10),
    Sort(0, (0.25, 0.5), 1.2, (3, 5), (0, 0.05), (1.4, 2.5), (1, 1.1), 5))

# One picture's skin without marks.  Relief in mm, logarithms of the fractions.
Skin = collections.namedtuple("Skin", "texture face melanin blood mottle oil")
Light = collections.namedtuple("Light", "azimuth elevation power")
Look = collections.namedtuple(
    "Look", "table lights ambient cavity roughness gloss width scatter share")


def flux(absorption, scattering, depth):
    """Reflectance and transmittance of a layer; the depth in cm."""
    s = 0.75 * scattering
    a = 1 + 2 * absorption / s
    b = np.sqrt(a * a - 1)
    argument = np.minimum(b * s * depth, 40)
    below = a * np.sinh(argument) + b * np.cosh(argument)
    return np.sinh(argument) / below, b / below


def reflectance(melanin, blood, oxygen, scatter, depth):
    """Spectra of skin, the waves last."""
    bare = 0.244 + 85.3 * np.exp(-(WAVES - 154) / 66.2)
    s = scatter * (2e5 * WAVES ** -1.5 + 2e12 * WAVES ** -4)
    melanin, blood = melanin[..., None], blood[..., None]
    top, through = flux(melanin * 6.6e11 * WAVES ** -3.33 + (1 - melanin) * bare,
                        0.6 * s, depth)
    red = BLOOD_FACTOR * (oxygen * OXYGENATED + (1 - oxygen) * REDUCED)
    a = 1 + 2 * (blood * red + (1 - blood) * bare) / (0.75 * s)
    dermis = a - np.sqrt(a * a - 1)
    both = top + through ** 2 * dermis / (1 - top * dermis)
    return OUTSIDE + (1 - OUTSIDE) * (1 - INSIDE) * both / (1 - INSIDE * both)


def lobe(centre, width):
    return np.exp(-0.5 * ((WAVES - centre) / width) ** 2)


def optics(random):
    """A camera's bands over melanin and blood as a table, and its matrix to linear
    sRGB: the best for skin, for some other colours, and above all for white."""
    melanin, blood = np.meshgrid(np.exp(np.linspace(*MELANIN_RANGE, TABLE)),
                                 np.exp(np.linspace(*BLOOD_RANGE, TABLE)))
    skin = reflectance(melanin, blood, random.uniform(0.55, 0.85),
                       random.uniform(0.85, 1.2), random.uniform(0.0026, 0.0034))
    bands, observer = (rows / rows.sum(1, keepdims=True) for rows in (
        np.stack([lobe(centre + 8 * random.uniform(-1, 1),
                       width + 5 * random.uniform(-1, 1))
                  for centre, width in ((602, 33), (536, 38), (457, 28))]),
        np.stack([1.065 * lobe(595.8, 33.33) + 0.366 * lobe(446.8, 19.44),
                  np.exp(-0.5 * (np.log(WAVES / 556.3) / 0.075) ** 2),
                  np.exp(-0.5 * (np.log(WAVES / 449.8) / 0.051) ** 2)])))
    other = [0.05 + 0.7 * lobe(c, w) for c in range(430, 700, 30) for w in (40, 90)]
    spectra = np.vstack([skin.reshape(-1, len(WAVES))[::23], other,
                         np.ones((200, len(WAVES)))])
    wanted = spectra @ observer.T @ FROM_XYZ.T
    matrix = np.linalg.lstsq(spectra @ bands.T, wanted, rcond=None)[0].T
    return (skin @ bands.T).astype(np.float32), matrix


def cloud(random, shape, period, octaves=2):
    """Smooth noise of unit spread whose waves are about PERIOD pixels long."""
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        step = max(1.0, period / 2 ** octave / 2)
        rough = random.standard_normal([int(n / step) + 4 for n in shape], np.float32)
        fine = cv2.resize(rough, None, fx=step, fy=step, interpolation=cv2.INTER_CUBIC)
        total += fine[:shape[0], :shape[1]] * np.float32(0.6 ** octave)
    return total / max(float(total.std()), 1e-6)


def cells(random, shape, spacing, stretch, angle):
    """The plateaus of a furrow network, 0 in the middle to -1 in the furrows:
    distances from the points of a shaken lattice."""
    height, width = shape
    reach = int(math.hypot(height, width) / spacing / 2) + 2
    u, v = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    u = (u + 0.5 * (v % 2) + random.uniform(-0.38, 0.38, u.shape)) * stretch
    v = (v + random.uniform(-0.38, 0.38, v.shape)) / stretch
    x = np.round(width / 2 + spacing * (u * math.cos(angle) - v * math.sin(angle)))
    y = np.round(height / 2 + spacing * (u * math.sin(angle) + v * math.cos(angle)))
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    points = np.full(shape, 255, np.uint8)
    points[y[inside].astype(int), x[inside].astype(int)] = 0
    away = cv2.distanceTransform(points, cv2.DIST_L2, 5) / np.float32(0.62 * spacing)
    return -np.minimum(away, 1.3) ** 2


def furrows(random, shape, scale):
    """A coarse and a fine network along one direction, uneven in depth; mm."""
    angle = random.uniform(0, math.pi)
    total = np.zeros(shape, np.float32)
    for low, high, share in ((0.9, 1.8, 1.0), (0.45, 0.8, 0.5)):
        net = cells(random, shape, max(3.0, scale * random.uniform(low, high)),
                    random.uniform(1, 1.5), angle + random.normal(0, 0.3))
        total += share * base.blur(net, 0.04 * scale + 0.4)
    uneven = np.clip(1 + 0.45 * cloud(random, shape, 12 * scale), 0.15, 2)
    return np.float32(10 ** random.uniform(-1.75, -1.25)) * total * uneven


def stroke(drawn, random, start, length, angle, bend, value, width):
    """An arc that wanders a little; pixels."""
    steps = 24
    angles = angle + np.cumsum(random.normal(bend / steps, 0.05, steps))
    path = start + np.cumsum(np.stack([np.cos(angles), np.sin(angles)], -1),
                             axis=0) * (length / steps)
    cv2.polylines(drawn, [np.round(path * 16).astype(np.int32)], False, value, width,
                  cv2.LINE_AA, 4)


def lines(random, shape, count, length, sigma):
    """Soft-edged curves of height 1 about in one direction."""
    drawn = np.zeros(shape, np.uint8)
    along = random.uniform(0, math.pi)
    for start in random.uniform(0, 1, (count, 2)) * shape[::-1]:
        stroke(drawn, random, start, length * random.uniform(0.4, 1.4),
               along + random.normal(0, 0.35), random.normal(0, 0.7), 255, 1)
    return base.blur(drawn.astype(np.float32) / 255, sigma) * (2.507 * sigma)


def face(random, shape, scale, elevation):
    """The large shape in mm: a part of an ellipsoid; steepest where the light
    is high, for a photographer would not leave half of it in the dark."""
    y, x = np.mgrid[:shape[0], :shape[1]].astype(np.float32) / np.float32(scale)
    x -= random.uniform(0.2, 0.8) * x[0, -1]
    y -= random.uniform(0.2, 0.8) * y[-1, 0]
    turn = random.uniform(0, math.pi)
    c, s = math.cos(turn), math.sin(turn)
    bent = (x * c + y * s) ** 2 + random.uniform(0, 0.8) * (y * c - x * s) ** 2
    steep = random.uniform(0.05, 0.5) * min(1, math.tan(math.radians(elevation)))
    return (-steep * scale / max(shape) * bent).astype(np.float32)


def bare_skin(random, shape, scale, tone, elevation):
    texture = furrows(random, shape, scale)
    crowd = np.clip(0.5 + 0.6 * cloud(random, shape, 30 * scale, 1), 0, 1)
    pores = np.zeros(shape, np.float32)
    for size in (0.08, 0.11, 0.15):
        # Single points, blurred to Gaussian pits of a depth around 1.
        sigma = max(0.6, size * scale)
        count = int(10 ** random.uniform(-1.3, -0.5) / 3 / scale ** 2 * pores.size)
        sharp = np.zeros(shape, np.float32)
        sharp[random.integers(0, shape[0], count),
              random.integers(0, shape[1], count)] = random.uniform(0.4, 1.4, count)
        pores += base.blur(sharp, sigma) * np.float32(2 * math.pi * sigma ** 2)
    pores = np.minimum(pores, 1.5) * crowd
    texture -= random.uniform(0.03, 0.12) * pores
    wrinkles = lines(random, shape, random.integers(0, 9), 18 * scale,
                     max(0.7, random.uniform(0.1, 0.22) * scale))
    texture -= random.uniform(0.04, 0.13) * np.minimum(wrinkles, 1.5)
    period = random.uniform(7, 20)
    curved = face(random, shape, scale, elevation)
    curved += (period * random.uniform(0.001, 0.006)
               * cloud(random, shape, period * scale, 1))
    mottle = cloud(random, shape, 1.1 * scale, 3)
    melanin = (math.log(tone) + random.uniform(0.02, 0.07) * mottle
               + random.uniform(0.03, 0.1) * cloud(random, shape, 28 * scale)
               + random.uniform(0, 0.3) * pores)
    veins = lines(random, shape, random.integers(0, 12), 5 * scale,
                  max(0.7, 0.07 * scale))
    blood = (math.log(random.uniform(0.005, 0.013))
             + random.uniform(0.04, 0.13) * cloud(random, shape, 2.2 * scale, 3)
             + random.uniform(0.05, 0.18) * cloud(random, shape, 24 * scale)
             + random.uniform(0, 0.5) * np.minimum(veins, 1.5))
    oil = np.clip(0.7 + 0.4 * cloud(random, shape, 35 * scale, 3), 0, 2)
    return Skin(texture, curved, melanin.astype(np.float32),
                blood.astype(np.float32), mottle, oil)


def pit_terms(random, kind, half):
    """The profiles that a scar is the sum of."""
    if kind == 2:
        return [("VU"[random.integers(2)], 0, 0, 1, -1)]
    form = "U" if half < 1.3 else "M" if half > 2.7 else "UUM"[random.integers(3)]
    terms = [(form, 0, 0, 1, -1)]
    if random.random() < 0.5:
        # An uneven floor.
        terms.append(("M", *random.uniform(-0.4, 0.4, 2), 0.5, random.normal(0, 0.2)))
    if random.random() < 0.4:
        terms.append(("O", 0, 0, 1, random.uniform(0.05, 0.18)))
    return terms


def place(random, sort, box, taken):
    """A mark of that sort apart from those in TAKEN, or nothing."""
    half = base.log_between(random, *sort.widths) / 2
    aspect = random.uniform(1, sort.aspect)
    reach = half * math.sqrt(aspect) * 1.3 + GAP
    for _ in range(60):
        x, y = random.uniform(box[:2] + reach, box[2:] - reach)
        if all(math.hypot(x - p, y - q) > reach + r for p, q, r in taken):
            break
    else:
        return None
    taken.append((x, y, reach))
    rim = np.stack([random.normal(0, 1, 5) * (0.04, 0.045, 0.03, 0.02, 0.012),
                    random.uniform(0, 6.28, 5)])
    terms = [("M", 0, 0, 1.2, 1)] if sort.depths else []
    if sort.kind in DEEPEST:
        terms = pit_terms(random, sort.kind, half)
    return Mark(sort.kind, x, y, half, aspect, random.uniform(0, math.pi), rim, terms,
                random.uniform(*sort.depths or (0, 0)), random.uniform(*sort.exponents),
                *(random.uniform(*np.log(span)) for span in (sort.melanin, sort.blood)))


def all_marks(random, box):
    """Large lesions first, for they need room."""
    room = np.prod(box[2:] - box[:2]) / AMPLE
    sparse = random.random() < 0.25
    marks, taken = [], []
    for sort in SORTS:
        if sort.kind:
            count = random.integers(*LESIONS[sort.kind], endpoint=True) * min(1, room)
            if sparse and random.random() < 0.5:
                count = random.integers(0, 4)
        else:
            count = random.uniform(-0.5, 1) * sort.most * min(2, math.sqrt(room))
        marks += [place(random, sort, box, taken) for _ in range(round(count))]
    return [mark for mark in marks if mark]


def profile(kind, rho, exponent):
    """1 in the middle, a tenth at 1 (a stain, S: half); a ring O is 1 there."""
    if kind == "V":
        return np.maximum(0, 1 - 0.9 * rho)
    if kind == "M":
        return 0.5 + 0.5 * np.cos(np.pi * np.minimum(1, 0.795 * rho))
    if kind == "O":
        return np.exp(-((rho - 1.1) / 0.16) ** 2)
    return np.exp(math.log(0.1 if kind == "U" else 0.5) * rho ** exponent)


def outline(mark, x, y, offset=(0, 0), size=1):
    """Distances from the middle in radii of the irregular outline."""
    c, s = math.cos(mark.angle), math.sin(mark.angle)
    long, short = mark.half * mark.aspect ** 0.5, mark.half / mark.aspect ** 0.5
    u = ((x * c + y * s) / long - offset[0]) / size
    v = ((y * c - x * s) / short - offset[1]) / size
    around = np.arctan2(v, u)
    rim = 1 + sum(a * np.cos(k * around + p) for k, (a, p) in enumerate(mark.rim.T, 2))
    return np.sqrt(u * u + v * v) / rim


def patch(mark, shape, scale):
    """Where a mark is: the slices, and the millimetres from its middle."""
    reach = 2.4 * mark.half * math.sqrt(mark.aspect) + 0.1
    where = tuple(slice(*np.clip((np.array((-reach, reach)) + middle) * scale, 0, end)
                        .astype(int)) for middle, end in zip((mark.y, mark.x), shape))
    y, x = (np.mgrid[where].astype(np.float32) + np.float32(0.5)) / np.float32(scale)
    return where, x - np.float32(mark.x), y - np.float32(mark.y)


def relief(mark, x, y):
    total = np.zeros_like(x)
    for kind, along, across, size, height in mark.terms:
        rho = outline(mark, x, y, (along, across), size)
        total += height * profile(kind, rho, mark.exponent)
    return mark.depth * total


def stamp(skin, marks, scale):
    """The skin with its marks: relief, melanin, blood."""
    height, melanin, blood = (field.copy() for field in (
        skin.texture, skin.melanin, skin.blood))
    for mark in marks:
        where, x, y = patch(mark, height.shape, scale)
        rho = outline(mark, x, y)
        uneven = profile("S", rho, mark.exponent) * (1 + 0.1 * skin.mottle[where])
        for field, extra, most in ((melanin, mark.melanin, MOST_MELANIN),
                                   (blood, mark.blood, MOST_BLOOD)):
            field[where] = np.minimum(field[where] + extra * uneven,
                                      np.maximum(field[where], most))
        if mark.terms:
            # Scars and papules have lost their furrows.
            height[where] *= 1 - 0.55 * profile("U", rho, 4)
            height[where] += relief(mark, x, y)
    return height, melanin, blood


def region(mark, x, y):
    """The true extent of a lesion."""
    depth = -relief(mark, x, y)
    return depth > 0.1 * depth.max() if mark.terms else outline(mark, x, y) < 1


def lit(height, light, scale):
    """How much of the light each point sees, by marching the height map toward
    it on a smaller copy."""
    shrink = max(1.0, scale / 10)
    size = tuple(int(n / shrink) for n in height.shape[::-1])
    small = cv2.resize(height, size, interpolation=cv2.INTER_AREA)
    x, y, z = base.direction(light)
    flat = math.hypot(x, y)
    clear = np.full(small.shape, 9, np.float32)
    for k in range(1, int(min(REACH, 0.7 * flat / z) / STEP) + 2):
        pixels = STEP * k * scale / shrink / flat
        ahead = base.shifted(small, pixels * x, pixels * y)
        clear = np.minimum(clear, (small - ahead) / (STEP * k) + z / flat)
    seen = np.clip(0.5 + clear / (2 * PENUMBRA), 0, 1)
    return cv2.resize(seen * seen * (3 - 2 * seen), height.shape[::-1],
                      interpolation=cv2.INTER_LINEAR)


def shade(normal, light, look):
    """Oren-Nayar's diffuse light and GGX's gloss, from straight above."""
    nx, ny, nz = normal
    x, y, z = base.direction(light)
    facing = np.maximum(nx * x + ny * y + nz * z, 0)
    rough = look.roughness ** 2
    s = z - facing * nz
    t = np.where(s > 0, np.maximum(np.maximum(facing, nz), 0.05), 1)
    diffuse = facing * (1 - 0.5 * rough / (rough + 0.33)
                        + 0.45 * rough / (rough + 0.09) * s / t)
    if not look.gloss:
        return light.power * diffuse, 0
    half = math.sqrt(2 + 2 * z)
    middle = (nx * x + ny * y + nz * (z + 1)) / half
    a = look.width ** 2
    peak = a / (middle * middle * (a - 1) + 1) ** 2
    masking = facing / (facing * (1 - look.width / 2) + look.width / 2)
    fresnel = FRESNEL + (1 - FRESNEL) * (1 - half / 2) ** 5
    return light.power * diffuse, light.power * fresnel / 4 * peak * masking


def appearance(skin, marks, look, scale):
    """Linear light in the camera's bands."""
    height, melanin, blood = stamp(skin, marks, scale)
    # Hollows see less of the room, and of a wide light as well.
    below = sum(np.float32(share / reach)
                * np.maximum(base.blur(height, reach * scale) - height, 0)
                for reach, share in ((0.25, 0.4), (0.6, 0.7), (1.6, 1.0)))
    dark = np.exp(-look.cavity * below)
    partly = np.sqrt(dark)
    total = height + skin.face
    gx, gy = (cv2.Sobel(total, cv2.CV_32F, 1 - down, down, None, 3, scale / 8)
              for down in (0, 1))
    nz = 1 / np.sqrt(1 + gx * gx + gy * gy)
    normal = (-gx * nz, -gy * nz, nz)
    light, gloss = look.ambient * dark, 0
    for source in look.lights:
        diffuse, shine = shade(normal, source, look)
        seen = lit(height, source, scale) * partly
        light = light + seen * diffuse
        gloss = gloss + seen * shine
    x, y = ((value - low) * np.float32((TABLE - 1) / (high - low))
            for value, (low, high) in ((melanin, MELANIN_RANGE), (blood, BLOOD_RANGE)))
    picture = cv2.remap(look.table, x, y, cv2.INTER_LINEAR, None, cv2.BORDER_REPLICATE)
    for band, reach in enumerate(look.scatter):
        soft = base.blur(light, reach * scale)
        picture[..., band] *= light + look.share * (soft - light)
    if look.gloss:
        picture += (look.gloss * gloss * skin.oil)[..., None]
    return picture


def contrast(mark, with_marks, without, scale):
    """Of a lesion: in nature and in units of its surroundings."""
    where, x, y = patch(mark, without.shape, scale)
    inside = region(mark, x, y)
    if inside.sum() < 3:
        return 0, 0
    bare, full = (np.log(np.maximum(picture[where], 1e-3))
                  for picture in (without, with_marks))
    # Redness for the red, lightness for the others.
    bare, full = (value[..., 0] - value[..., 1] if mark.kind == 3 else value.mean(2)
                  for value in (bare, full))
    size = mark.half * scale
    change = base.blur(full - bare, size / 4)
    band = base.blur(bare, size / 4) - base.blur(bare, size * 1.5)
    signal = float(np.sqrt(np.mean(change[inside] ** 2)))
    return signal, signal / (float(band.std()) + 0.004)


def visible(marks, skin, look, scale):
    """The marks with the weak lesions made stronger; without those for which
    that does not suffice."""
    small = skin
    if scale > JUDGED:
        size = tuple(round(n * JUDGED / scale) for n in skin.texture.shape[::-1])
        small, scale = Skin(*(cv2.resize(field, size, interpolation=cv2.INTER_AREA)
                              for field in skin)), JUDGED
    # Twice the melanin is no mark yet on the lightest skin.
    tone = math.exp(float(np.median(skin.melanin)))
    brownest = math.log(max(2.1, 1 + FAIR_MARK / tone))
    others = [mark for mark in marks if not mark.kind]
    without = appearance(small, others, look, scale)
    for final in (False, True):
        current = appearance(small, marks, look, scale)
        kept = list(others)
        for mark in (mark for mark in marks if mark.kind):
            nature, relative = contrast(mark, current, without, scale)
            least, noise, most = VISIBLE[mark.kind]
            lack = max(least / max(nature, 1e-6), noise / max(relative, 1e-6))
            if lack <= (1.15 if final else 1):
                kept.append(mark)
            elif not final and lack < most:
                blood, melanin = (1.15 * lack if mark.kind == n else 1 for n in (3, 4))
                kept.append(mark._replace(
                    depth=min(DEEPEST.get(mark.kind, 0), 1.15 * lack * mark.depth),
                    blood=mark.blood * blood,
                    melanin=min(brownest, mark.melanin * melanin)))
        marks = kept
    return marks


def hairs(random, shape, scale):
    """How much of each pixel hair covers: some long ones, or stubble in zones."""
    cover = np.zeros(shape, np.uint8)
    zone = cloud(random, shape, 40 * scale, 1)
    along = random.uniform(0, 6.28)
    stubble = int(0.12 * cover.size / scale ** 2)
    for chance, count, short, long, spread, dark, least in (
            (0.5, random.integers(1, 14), 3, 16, 2, 220, -9),
            (0.2, stubble, 0.2, 0.9, 0.4, 120, 0.6)):
        count *= random.random() < chance
        for start in random.uniform(0, 1, (count, 2)) * shape[::-1]:
            if zone[int(start[1]), int(start[0])] > least:
                stroke(cover, random, start, random.uniform(short, long) * scale,
                       along + random.normal(0, spread), random.normal(0, 0.8),
                       int(random.uniform(60, dark)), max(1, round(0.08 * scale)))
    return cover.astype(np.float32) / 255 * min(1.0, 0.07 * scale)


def print_on(random, picture, scale, ruler):
    """A ruler or a line of text along the lower edge, of that height in mm."""
    strip = picture[len(picture) - round(ruler * scale):]
    ink = np.zeros(strip.shape[:2], np.float32)
    thick = max(1, round(0.15 * scale))
    if scale > 14 and random.random() < 0.5:
        strip[:] = strip.mean((0, 1)) * 0.15 + float(np.median(strip)) * 1.2 + 0.05
        # Only a near camera has the lines between those of 5 mm.
        for mm in range(5, int(strip.shape[1] / scale), 1 if scale > 24 else 5):
            size = (0.45 if mm % 10 == 0 else 0.3 if mm % 5 == 0 else 0.2) * len(strip)
            x = round(mm * scale)
            cv2.line(ink, (x, 0), (x, round(size)), 0.75, thick, cv2.LINE_AA)
    else:
        text = "%s %d" % ("LRVK"[random.integers(4)], random.integers(1, 9999))
        start = (round(random.uniform(0.05, 0.4) * ink.shape[1]), round(0.7 * len(ink)))
        cv2.putText(ink, text, start, cv2.FONT_HERSHEY_SIMPLEX, 0.018 * len(ink), 0.75,
                    2 * thick, cv2.LINE_AA)
    strip *= 1 - base.blur(ink, 0.05 * scale)[..., None]


def photograph(random, linear, matrix):
    """The camera: lens, sensor, white balance, matrix, tone curve, file."""
    # A dark face is exposed longer, but not until it is light.
    usual = float(np.median(linear[::4, ::4, 1]))
    target = random.uniform(0.85, 1.15) * 0.44 * (usual / 0.3) ** 0.7
    linear = base.blur(linear * np.float32(target / usual), random.uniform(0.4, 1))
    sensor = base.expose(np.minimum(linear, 1.2), base.log_between(random, 5000, 25000),
                         random.uniform(0.0005, 0.003), random)
    balance = 1 + random.normal(0, 0.035, 3).clip(-0.07, 0.07)
    value = base.to_srgb(sensor @ (matrix * balance).T.astype(np.float32))
    value = base.sharpen(base.steepen(value, random.uniform(0, 0.45)),
                         random.uniform(0, 0.6), random.uniform(0.7, 1.4))
    return base.jpeg(base.to_bytes(value[..., ::-1]), int(random.integers(80, 99)))


def make_look(random, table):
    """One light or two, and how this skin takes them."""
    lights = []
    for power in (1, random.uniform(0.15, 0.6))[:random.integers(1, 3)]:
        azimuth = random.uniform(0, 360)
        elevation = ELEVATIONS[0] + np.ptp(ELEVATIONS) * random.random() ** 1.3
        lights.append(Light(azimuth, elevation, power))
    gloss = 0 if random.random() < 0.3 else random.uniform(0.2, 1.1)
    reach = random.uniform(0.7, 1.4)
    return Look(table, lights, random.uniform(0.1, 0.35), random.uniform(0.9, 2),
                random.uniform(0.15, 0.5), gloss, random.uniform(0.28, 0.5),
                (0.28 * reach, 0.18 * reach, 0.13 * reach), random.uniform(0.4, 0.7))


def render(number):
    random = np.random.default_rng([number, 0x0971CA1])
    scale = base.log_between(random, *SCALES)
    area, ratio = random.uniform(*AREAS), random.choice((1, 4 / 3, 3 / 2, 3 / 4))
    # Even, for the mosaic.
    shape = tuple(2 * int(math.sqrt(n) / 2) for n in (area / ratio, area * ratio))
    table, matrix = optics(random)
    tone = base.TONES[random.integers(len(base.TONES))][0] * random.uniform(0.85, 1.15)
    look = make_look(random, table)
    key = look.lights[0]
    skin = bare_skin(random, shape, scale, tone, key.elevation)
    ruler = random.uniform(4, 7) if random.random() < 0.14 else 0
    box = np.array([0, 0, shape[1], shape[0] - ruler * scale]) / scale
    marks = visible(all_marks(random, box), skin, look, scale)
    picture = appearance(skin, marks, look, scale)
    cover = hairs(random, shape, scale)[..., None]
    picture += cover * (np.float32(random.uniform(0.01, 0.05)) - picture)
    if ruler:
        print_on(random, picture, scale, ruler)
    truth = np.zeros(shape, np.uint8)
    for mark in marks:
        if mark.kind:
            where, x, y = patch(mark, shape, scale)
            truth[where][region(mark, x, y)] = mark.kind
    return base.Photograph(photograph(random, picture, matrix), truth, scale,
                           key.azimuth, key.elevation)


if __name__ == "__main__":
    base.run(NAME, __doc__.split("\n\n")[2], render)
