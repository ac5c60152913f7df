#!/usr/bin/env python3
"""Skin as a graphics artist paints it: procedural textures under decals.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later

usage: decals.py OUTPUT FIRST LAST

For each number from FIRST to LAST, writes OUTPUT/decals-NUMBER.png, its truth
(.truth.png: the class of each pixel, see base.CLASSES) and description (.ini).

Fractal noise and Worley cells, bent by noise, make the colour and height of
the skin.  Lesions and most distractors are decals: lobed, warped ovals that
dent the height by a profile, tint the colour by an offset picked in CIELAB, or
both.  One or two lights shade it: wrapped diffuse light, cast shadows, ambient
occlusion, scattering below the surface by a sum of Gaussians in each channel,
and gloss of microfacets.

True extent: a scar reaches to a tenth of its depth, a mark to half its tint.
Each is measured against the same skin without lesions; those too faint for a
careful person are strengthened, or else left out.

Sources: S. Worley, A cellular texture basis function, SIGGRAPH 1996;
E. d'Eon and D. Luebke, Advanced techniques for realistic real-time skin
rendering, GPU Gems 3 (2007), chapter 14 (the Gaussians of skin);
B. Walter et al., Microfacet models for refraction through rough surfaces,
EGSR 2007 (GGX); widths and depths of scars: Jacob et al., J Am Acad Dermatol
45:109 (2001), and doi:10.15557/jou.2020.0049.
Needs Python 3, numpy and OpenCV.
"""

import dataclasses
import types

import cv2
import numpy as np

import base

# ---- Picture ----
SCALES = ((6, 12), (12, 30))     # px/mm, each for half of the pictures
MEGAPIXELS = (1.2, 2.5)
COARSE_MEGAPIXELS = (1.2, 1.7)   # below 9 px/mm: wide enough all the same
ASPECTS = (1.0, 1.25, 4 / 3, 1.5)

# ---- Lesions ----
NUMBERS = (8, 20)                # of each class
SPARSE_NUMBERS = (0, 4)
SPARSE_SHARE = 0.07              # of the classes; two of a picture at most
OVERLAPPING_SHARE = 0.1          # of the pictures
GAP = 0.8                        # mm between lesions
MARGIN = 1.0                     # mm to the border
PICK_LIMIT = 1.9                 # mm, the widest ice-pick
CRATER_LIMITS = (2.1, 7.0)       # mm
DEPTH_LIMITS = {"crater": 0.5, "ice-pick": 0.6}   # mm

# Least contrast as a multiple of the spread of the skin around, and in natural
# logarithms of luminance (for red marks, of red to green).
VISIBLE = {"crater": (3.0, 0.11), "ice-pick": (3.5, 0.16),
           "red-mark": (2.5, 0.04), "brown-mark": (2.5, 0.07)}
STRENGTHEN_LIMIT = 2.2           # for marks

# Red marks: how much of the offset in a* is left on each tone.
RED_SHARE = (1, 0.97, 0.93, 0.8, 0.7, 0.65)
# CIELAB beyond the darkest tone, for brown marks and moles on it.
DARKEST = (18.0, 14.0, 20.0)

# ---- Light ----
# Variance in mm² of each Gaussian, then its weights in red, green and blue.
SCATTER = ((0.0064, 0.233, 0.455, 0.649), (0.0484, 0.100, 0.336, 0.344),
           (0.187, 0.118, 0.198, 0.0), (0.567, 0.113, 0.007, 0.007),
           (1.99, 0.358, 0.004, 0.0), (7.41, 0.078, 0.0, 0.0))
SHADOW_STEPS = (0.15, 0.3, 0.5, 0.8, 1.3, 2.0)    # mm
OCCLUSION_SIZES = (0.12, 0.3, 0.8)                # mm
FRESNEL = 0.028                  # of skin, head on
SHOULDER = 0.7                   # brightness from where lights are held back

RULER = 4.0                      # mm high


@dataclasses.dataclass
class Decal:
    """Place and sizes in mm; tint in natural logarithms of linear RGB."""
    kind: str
    radius: float
    ratio: float = 1.0           # of the oval's axes
    lobes: tuple = ()            # (waves, size, phase)
    warp: float = 0.0            # how much noise bends the edge
    profile: str = "bowl"
    power: float = 2.0           # of the profile
    depth: float = 0.0           # below 0: a bump
    lip: float = 0.0             # share of the depth
    tilt: float = 0.0
    tint: tuple = (0.0, 0.0, 0.0)
    soft: float = 0.3            # half width of the tint's edge, in radii
    mottle: float = 0.0
    strength: float = 1.0
    x: float = 0.0
    y: float = 0.0
    angle: float = 0.0


# ---- Noise ----

def fractal(shape, wavelength, octaves, gain, random):
    """Noise of mean 0 and spread 1; the wavelength in pixels."""
    total = np.zeros(shape, np.float32)
    power, weight = 0.0, 1.0
    for _ in range(octaves):
        cell = max(wavelength, 1.0)
        rows, columns = (int(size / cell) + 5 for size in shape)
        grid = random.standard_normal((rows, columns), np.float32)
        # From anywhere between the grid's points on, for no visible lattice.
        move = np.array([[1 / cell, 0, random.uniform(1, 2)],
                         [0, 1 / cell, random.uniform(1, 2)]], np.float32)
        total += weight * cv2.warpAffine(
            grid, move, shape[::-1], flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
        power += weight ** 2
        if wavelength <= 1.5:
            break
        wavelength, weight = wavelength / 2, weight * gain
    # Between its points, the grid's noise has three quarters of its spread.
    return total / np.float32(0.75 * np.sqrt(power))


def worley(shape, cell, stretch, angle, random):
    """Distances to the nearest and second nearest of points scattered one to a
    cell, in cells; the size of cells in pixels."""
    # Cells so large are smooth enough to be made small and enlarged.
    factor = min(1, 14 / cell)
    height, width = (int(np.ceil(size * factor)) for size in shape)
    cell *= factor
    bend = [0.35 * fractal((height, width), 5 * cell, 2, 0.5, random)
            for _ in range(2)]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(cell)
    u = (x * np.cos(angle) + y * np.sin(angle)) * stretch + bend[0]
    v = (y * np.cos(angle) - x * np.sin(angle)) / stretch + bend[1]
    u, v = u - u.min() + 1, v - v.min() + 1
    i, j = v.astype(np.int32), u.astype(np.int32)
    points = random.uniform(0.1, 0.9, (2, i.max() + 3, j.max() + 3))
    points = points.astype(np.float32)
    first = np.full((height, width), 9, np.float32)
    second = first.copy()
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            row, column = i + down, j + right
            away = ((points[0][row, column] + row - v) ** 2
                    + (points[1][row, column] + column - u) ** 2)
            second = np.minimum(second, np.maximum(first, away))
            first = np.minimum(first, away)
    return [cv2.resize(np.sqrt(part), shape[::-1], interpolation=cv2.INTER_CUBIC)
            for part in (first, second)]


def smoothstep(value):
    value = np.clip(value, 0, 1)
    return value * value * (3 - 2 * value)


def lab_to_linear(lab):
    pixel = np.array(lab, np.float32).reshape(1, 1, 3)
    return np.maximum(cv2.cvtColor(pixel, cv2.COLOR_LAB2LRGB)[0, 0], 0.002)


def tint_of(lab, offset):
    """The offset in CIELAB as a factor of linear RGB, in logarithms."""
    return np.log(lab_to_linear(np.asarray(lab) + offset) / lab_to_linear(lab))


def tone_labs():
    pixels = np.array([[colour for _, colour in base.TONES]], np.float32) / 255
    return np.vstack([cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)[0], [DARKEST]])


def brown(scene, darker, random):
    """Along the row of skin tones, as more melanin goes, DARKER in L*."""
    labs = tone_labs()
    way = labs[min(scene.tone + 2, 6)] - labs[scene.tone]
    way *= darker / -way[0]
    # Melanin that has spread is duller than the tones of whole faces.
    way[2] = min(way[2], 0.45 * darker)
    return tint_of(scene.lab, way + [0, random.normal(0, 0.8), random.normal(0, 1.2)])


def red(scene, redder, random):
    redder *= RED_SHARE[scene.tone]
    return tint_of(scene.lab, (-random.uniform(0.35, 0.65) * redder, redder,
                               random.uniform(-0.15, 0.3) * redder))


# ---- Decals ----

def profile_of(decal, rho):
    """1 at the centre and a tenth where RHO is 1."""
    if decal.profile == "cone":
        return np.maximum(0, 1 - 0.9 * np.sqrt(rho ** 2 + 0.01))
    if decal.profile == "bowl":
        return np.maximum(0, 1 - 0.9 * rho ** 2)
    if decal.profile == "floor":
        return 1 / (1 + 9 * rho ** decal.power)
    if decal.profile == "saucer":
        return 0.5 + 0.5 * np.cos(np.pi * np.minimum(0.795 * rho, 1))
    return np.exp(-2.303 * rho ** decal.power)


def footprint(decal, scene):
    """The window of the decal, its distance from the centre in radii, and its
    offset along the axis of tilt."""
    reach = 2.2 * decal.radius * decal.ratio
    top, left = (max(0, int((at - reach) * scene.scale)) for at in (decal.y, decal.x))
    bottom, right = (min(size, int((at + reach) * scene.scale) + 2)
                     for at, size in zip((decal.y, decal.x), scene.shape))
    window = np.s_[top:bottom, left:right]
    y, x = np.mgrid[window].astype(np.float32)
    x = (x + 0.5) / scene.scale - decal.x
    y = (y + 0.5) / scene.scale - decal.y
    cosine, sine = np.cos(decal.angle), np.sin(decal.angle)
    along = (x * cosine + y * sine) / np.sqrt(decal.ratio) / decal.radius
    across = (y * cosine - x * sine) * np.sqrt(decal.ratio) / decal.radius
    theta = np.arctan2(across, along)
    edge = 1 + decal.warp * scene.bend[window]
    for waves, size, phase in decal.lobes:
        edge += size * np.cos(waves * theta + phase)
    return window, np.hypot(along, across) / np.maximum(edge, 0.4), along


def stamp(decals, scene):
    """Height in mm and tint in logarithms that the decals add."""
    relief = np.zeros(scene.shape, np.float32)
    tint = np.zeros(scene.shape + (3,), np.float32)
    for decal in decals:
        window, rho, along = footprint(decal, scene)
        if decal.depth:
            dent = profile_of(decal, rho) * (1 + decal.tilt * along)
            lip = decal.lip * np.exp(-((rho - 1.15) / 0.18) ** 2)
            lip *= 1 + 0.5 * scene.bend[window]
            relief[window] += decal.strength * decal.depth * (lip - dent)
        if any(decal.tint):
            alpha = smoothstep((1 + decal.soft - rho) / (2 * decal.soft))
            alpha *= decal.strength * (1 + decal.mottle * scene.grain[window])
            tint[window] += alpha[..., None] * np.asarray(decal.tint, np.float32)
    return base.blur(relief, 0.05 * scene.scale), tint


def draw_truth(decals, scene):
    truth = np.zeros(scene.shape, np.uint8)
    for decal in decals:
        window, rho, _ = footprint(decal, scene)
        # Islands that the noise cuts off are no lesions of their own.
        _, labels, sizes, _ = cv2.connectedComponentsWithStats(
            (rho < 1).astype(np.uint8))
        largest = 1 + np.argmax(sizes[1:, cv2.CC_STAT_AREA])
        truth[window][labels == largest] = base.CLASSES[decal.kind]
    return truth


def make_lobes(size, random):
    return tuple((waves, size * random.uniform(0.2, 1) / waves,
                  random.uniform(0, 2 * np.pi)) for waves in range(2, 6))


# ---- Lesions ----

def make_crater(scene, random):
    low, high = CRATER_LIMITS
    radius = 0.5 * low * (high / low) ** random.beta(1, 2)
    profile = random.choice(["bowl", "floor", "floor", "gauss", "saucer"])
    depth = random.uniform(0.28, 0.5)
    if radius > 2 and random.random() < 0.7:
        profile, depth = "saucer", random.uniform(0.3, 0.4)
    redder = random.uniform(0, 4) if random.random() < 0.25 else 0
    return Decal("crater", radius, random.uniform(1, 1.6),
                 make_lobes(scene.style.lobes, random), 0.05, profile,
                 random.uniform(4, 10) if profile == "floor" else 3,
                 depth * scene.style.relief,
                 random.uniform(0, 0.18) if random.random() < 0.4 else 0,
                 random.uniform(0, 0.35), red(scene, redder, random), 0.5)


def make_pick(scene, random):
    radius = 0.5 * np.clip(random.lognormal(np.log(1.15), 0.25), 0.6, 1.65)
    profile = random.choice(["cone", "cone", "floor", "gauss"])
    ratio, lobed = random.uniform(1, 1.35), 0.12
    # Its longest axis, lobes included, stays narrower than the limit.
    radius = min(radius, 0.5 * PICK_LIMIT / np.sqrt(ratio) / (1 + lobed))
    # Dirt and horn at the bottom, which no light reaches, are darker.
    darker = random.uniform(0.1, 0.26) * scene.lab[0]
    return Decal("ice-pick", radius, ratio, make_lobes(lobed, random), 0.03, profile,
                 random.uniform(3, 6) if profile == "floor" else 2,
                 random.uniform(0.35, 0.58) * scene.style.relief,
                 random.uniform(0, 0.06), random.uniform(0, 0.3),
                 tint_of(scene.lab, (-darker, 0, 0)), 0.5)


def make_mark(kind, tint, strength, scene, random):
    radius = 0.5 * np.clip(random.lognormal(np.log(2.8), 0.4), 1.3, 7)
    strength *= random.lognormal(0, 0.2)
    return Decal(kind, radius, random.uniform(1, 1.7),
                 make_lobes(1.5 * scene.style.lobes, random),
                 random.uniform(0.06, 0.16), tint=tint(scene, strength, random),
                 soft=random.uniform(0.15, 0.6), mottle=random.uniform(0, 0.22))


def make_lesions(scene, random):
    """Of each class, mostly in full number."""
    style = scene.style
    makers = [lambda: make_crater(scene, random), lambda: make_pick(scene, random),
              lambda: make_mark("red-mark", red, style.redder, scene, random),
              lambda: make_mark("brown-mark", brown, style.darker, scene, random)]
    lesions, sparse = [], 0
    for index in random.permutation(4):
        limits = NUMBERS
        if sparse < 2 and random.random() < SPARSE_SHARE:
            limits, sparse = SPARSE_NUMBERS, sparse + 1
        lesions += [makers[index]()
                    for _ in range(random.integers(*limits, endpoint=True))]
    return lesions


def make_distractor(kind, scene, random):
    """A broad flush or shade is far wider than a mark, a freckle narrower, a
    mole darker; a papule rises."""
    uniform, light, lab = random.uniform, scene.lab[0], scene.lab
    if kind == "papule":
        return Decal(kind, uniform(0.6, 2.2), uniform(1, 1.3), make_lobes(0.15, random),
                     profile=random.choice(["bowl", "gauss", "saucer"]),
                     depth=-uniform(0.08, 0.3), soft=0.5,
                     tint=red(scene, uniform(0, 3), random))
    if kind == "mole":
        return Decal(kind, uniform(0.6, 2), uniform(1, 1.3), make_lobes(0.1, random),
                     0.05, depth=-random.choice([0.02, 0.2, 0.4]), mottle=0.12,
                     tint=brown(scene, light * uniform(0.35, 0.6), random),
                     soft=uniform(0.08, 0.25))
    if kind == "comedone":
        return Decal(kind, uniform(0.16, 0.36), uniform(1, 1.2), soft=0.4,
                     depth=-uniform(0.02, 0.06),
                     tint=tint_of(lab, (-light * uniform(0.25, 0.5), 0, -4)))
    if kind == "freckle":
        return Decal(kind, uniform(0.2, 0.5), uniform(1, 1.5), make_lobes(0.4, random),
                     0.15, tint=brown(scene, uniform(2.5, 7), random), soft=0.4)
    return Decal(kind, uniform(7, 12), uniform(1, 2), make_lobes(0.3, random), 0.25,
                 tint=random.choice([brown, red])(scene, 4, random), soft=0.8)


# How many there are at most in 10 cm² where there are many.
DENSITIES = {"papule": 3, "mole": 0.8, "comedone": 1.2, "freckle": 10, "flush": 0.7}


def make_distractors(scene, random):
    area = min(8, scene.size[0] * scene.size[1] / 1000)
    decals = []
    for kind, density in DENSITIES.items():
        if random.random() < 0.7:
            number = scene.load * area * density * random.uniform(0.2, 1)
            decals += [make_distractor(kind, scene, random)
                       for _ in range(round(number))]
    return decals


def place(decals, scene, taken, gap, random):
    """Sets those for which there is room; the largest first."""
    placed = []
    for decal in sorted(decals, key=lambda decal: -decal.radius):
        reach = decal.radius * np.sqrt(decal.ratio) * 1.1
        low = reach + MARGIN
        right, bottom = scene.size[0] - low, scene.floor - low
        if min(right, bottom) <= low:
            continue
        for _ in range(60):
            x, y = random.uniform(low, right), random.uniform(low, bottom)
            away = np.hypot(*(np.array(taken)[:, :2] - (x, y)).T)
            if (away > np.array(taken)[:, 2] + reach + gap).all():
                decal.x, decal.y, decal.angle = x, y, random.uniform(0, np.pi)
                taken.append((x, y, reach))
                placed.append(decal)
                break
    return placed


# ---- Skin ----

def make_scene(number, random):
    """The skin's fields and the picture's settings."""
    scene = types.SimpleNamespace()
    low, high = SCALES[number % len(SCALES)]
    scene.scale = unit = round(float(low * (high / low) ** random.random()), 2)
    pixels = 1e6 * random.uniform(*(COARSE_MEGAPIXELS if unit < 9 else MEGAPIXELS))
    aspect = random.choice(ASPECTS) ** random.choice([-1, 1])
    # Even, as the mosaic of the sensor is.
    scene.shape = shape = (int(np.sqrt(pixels / aspect)) // 2 * 2,
                           int(np.sqrt(pixels * aspect)) // 2 * 2)
    scene.size = [side / unit for side in shape[::-1]]
    scene.tone = int(random.integers(len(base.TONES)))
    scene.lab = tone_labs()[scene.tone] + random.normal(0, (2, 1, 1.5))
    scene.load = random.choice([0.1, 0.4, 1.0])
    scene.ruler = random.random() < 0.12
    scene.floor = scene.size[1] - (RULER if scene.ruler else 0)
    scene.style = types.SimpleNamespace(
        lobes=random.uniform(0.1, 0.4), relief=random.uniform(0.85, 1.1),
        redder=random.uniform(10, 18),
        darker=scene.lab[0] * random.uniform(0.14, 0.23))
    scene.bend = np.clip(fractal(shape, 1.6 * unit, 3, 0.6, random), -2, 2)
    scene.grain = np.clip(fractal(shape, 0.7 * unit, 3, 0.7, random), -2, 2)
    scene.relief = skin_relief(scene, random)
    scene.albedo = skin_colour(scene, random)
    scene.slopes = face_slopes(shape, random)
    scene.oil = smoothstep(0.5 + 0.5 * fractal(shape, 15 * unit, 2, 0.5, random))
    return scene


def skin_relief(scene, random):
    """Furrows between cells, pores, wrinkles, swells and grain, in mm."""
    unit, shape, uniform = scene.scale, scene.shape, random.uniform
    region = 0.7 + 0.3 * np.tanh(fractal(shape, 18 * unit, 2, 0.5, random))
    first, second = worley(shape, uniform(0.5, 1.2) * unit, uniform(1, 1.5),
                           uniform(0, np.pi), random)
    relief = -uniform(0.012, 0.045) * region * np.exp(
        -((second - first) / uniform(0.1, 0.25)) ** 2)
    apart = uniform(1.1, 2.2)
    first, _ = worley(shape, apart * unit, 1, 0, random)
    pores = smoothstep(0.4 + fractal(shape, 12 * unit, 2, 0.5, random))
    relief -= uniform(0.02, 0.1) * pores * np.exp(
        -(first * apart / uniform(0.1, 0.2)) ** 2)
    relief += uniform(0.002, 0.007) * fractal(shape, 0.5 * unit, 3, 0.6, random)
    relief += uniform(0.01, 0.03) * fractal(shape, 7 * unit, 3, 0.45, random)
    if random.random() < 0.4:
        lines = np.zeros(shape, np.uint8)
        for _ in range(random.integers(2, 9)):
            draw_curve(lines, scene, uniform(10, 50), 0.25, uniform(90, 255), random)
        relief -= uniform(0.05, 0.16) / 255 * base.blur(
            lines.astype(np.float32), uniform(0.12, 0.3) * unit)
    return relief.astype(np.float32)


def draw_curve(canvas, scene, length, width, level, random):
    """An arc anywhere in the picture; length and width in mm."""
    turn = random.uniform(0, 2 * np.pi) + random.normal(0, 0.5) * np.linspace(-1, 1, 24)
    step = length * scene.scale / 24
    points = np.cumsum(step * np.stack([np.cos(turn), np.sin(turn)], 1), axis=0)
    points += random.uniform(0, 1, 2) * scene.shape[::-1] - points[12]
    cv2.polylines(canvas, [np.round(points * 16).astype(np.int32)], False, int(level),
                  max(1, round(width * scene.scale)), cv2.LINE_AA, 4)


def skin_colour(scene, random):
    """Linear RGB: the tone with blotches of more and less blood and melanin,
    and grain of cells."""
    shape = scene.shape
    lab = np.empty(shape + (3,), np.float32)
    lab[:] = scene.lab
    for size, spread in ((25, 1.4), (5, 0.7), (1.5, 0.5)):
        melanin, blood = (fractal(shape, size * scene.scale, 2, 0.5, random)
                          for _ in range(2))
        # In CIELAB the same blotch is smaller on dark skin.
        spread *= random.uniform(0.4, 1) * scene.lab[0] / 75
        lab[..., 0] -= spread * (0.8 * melanin + 0.5 * blood)
        lab[..., 1] += spread * (0.2 * melanin + 0.9 * blood)
        lab[..., 2] += spread * 0.4 * melanin
    lab[..., 0] += random.uniform(0.2, 0.8) * scene.grain
    return cv2.cvtColor(lab, cv2.COLOR_LAB2LRGB)


def face_slopes(shape, random):
    """The slopes of the face below: a dome and swells."""
    side = max(shape)
    slopes = []
    for at, size in zip(np.mgrid[0:shape[0], 0:shape[1]], shape):
        dome = (at - random.uniform(0.2, 0.8) * size) / side * 2
        swell = 0.35 * fractal(shape, 0.6 * side, 2, 0.4, random)
        slopes.append((random.uniform(-0.35, -0.05) * (dome + swell)).astype(np.float32))
    return slopes[::-1]


# ---- Light ----

def make_lights(scene, random):
    scene.lights = []
    low, high = np.sin(np.radians((15, 80)))
    for share in (1, random.uniform(0.2, 0.6))[:1 + (random.random() < 0.4)]:
        scene.lights.append(types.SimpleNamespace(
            azimuth=random.uniform(0, 360), share=share,
            elevation=np.degrees(np.arcsin(random.uniform(low, high)))))
    scene.ambient = random.uniform(0.08, 0.32)
    scene.wrap = random.uniform(0.0, 0.25)
    scene.occlusion = random.uniform(1.2, 2.6)
    scene.penumbra = random.uniform(0.15, 0.5)
    scene.scatter = random.uniform(0.15, 0.45)
    scene.gloss = random.uniform(0.3, 1.6) if random.random() < 0.6 else 0
    scene.roughness = random.uniform(0.32, 0.55)


def cast_shadow(relief, scene, light):
    """1 in full light; the horizon towards the light hides it softly."""
    right, down, up = base.direction(light)
    flat = np.hypot(right, down)
    horizon = np.zeros_like(relief)
    for step in SHADOW_STEPS:
        pixels = step * scene.scale / flat
        far = base.shifted(relief, pixels * right, pixels * down)
        horizon = np.maximum(horizon, (far - relief) / np.float32(step))
    return smoothstep(0.5 + 0.5 * (1 - horizon * flat / up) / scene.penumbra)


def microfacets(normal, light, roughness):
    """GGX seen from above."""
    right, down, up = base.direction(light)
    half = np.array([right, down, up + 1]) / np.sqrt(2 + 2 * up)
    cosine = sum(part * size for part, size in zip(normal, half))
    alpha = roughness ** 4
    spread = np.clip(cosine, 0, 1) ** 2 * (alpha - 1) + 1
    fresnel = FRESNEL + (1 - FRESNEL) * (1 - half[2]) ** 5
    return alpha / (np.pi * spread ** 2) * fresnel / 4


def shade(scene, decals):
    """Linear RGB of the lit skin with these decals on it."""
    dents, tint = stamp(decals, scene)
    relief = scene.relief + dents
    slopes = [cv2.Sobel(relief, cv2.CV_32F, right, 1 - right, scale=scene.scale / 8)
              + scene.slopes[1 - right] for right in (1, 0)]
    up = 1 / np.sqrt(1 + slopes[0] ** 2 + slopes[1] ** 2)
    normal = (-slopes[0] * up, -slopes[1] * up, up)
    cavity = sum(np.maximum(0, base.blur(relief, size * scene.scale) - relief)
                 / np.float32(size) for size in OCCLUSION_SIZES)
    open_sky = np.exp(-scene.occlusion * cavity)
    light_in, gloss = scene.ambient * open_sky, 0
    for light in scene.lights:
        facing = sum(part * size for part, size in zip(normal, base.direction(light)))
        lit = np.maximum(0, facing + scene.wrap) / (1 + scene.wrap)
        lit *= light.share * cast_shadow(relief, scene, light)
        # Light from an area is hidden in part by walls on every side.
        light_in = light_in + lit * (0.5 + 0.5 * open_sky)
        if scene.gloss:
            gloss = gloss + lit * microfacets(normal, light, scene.roughness)
    linear = scene.albedo * np.exp(tint) * scattered(light_in, scene)
    if scene.gloss:
        linear += (scene.gloss * scene.oil * gloss)[..., None]
    return linear.astype(np.float32)


def scattered(light_in, scene):
    """The light in each channel as it comes back out of the skin."""
    result = np.zeros(light_in.shape + (3,), np.float32)
    for variance, *weights in SCATTER:
        soft = base.blur(light_in.astype(np.float32),
                         np.sqrt(variance) * scene.scatter * scene.scale)
        for channel, weight in enumerate(weights):
            if weight:
                result[..., channel] += np.float32(weight) * soft
    return result


def planes(linear):
    """Logarithms of luminance, and of red to green."""
    logarithms = np.log(np.maximum(linear, 0.002))
    return (logarithms @ np.float32([0.25, 0.65, 0.1]),
            logarithms[..., 0] - logarithms[..., 1])


def contrast(decal, with_all, without, scene):
    """How far the decal changes the picture, and the spread of the skin around
    at its size."""
    reach = max(1.3 * decal.radius, 1.2) * scene.scale
    x, y = decal.x * scene.scale, decal.y * scene.scale
    around, core = (np.s_[max(0, int(y - far)):int(y + far) + 1,
                          max(0, int(x - far)):int(x + far) + 1]
                    for far in (2 * reach, reach))
    sigma = max(0.2 * decal.radius * scene.scale, 0.4)
    before = base.blur(without[around], sigma)
    change = base.blur((with_all - without)[core], sigma)
    return (np.percentile(np.abs(change), 92),
            np.std(before - base.blur(before, 6 * sigma)))


def keep_visible(lesions, distractors, scene):
    """Strengthens what is too faint, within what is plausible; the rest is left
    out."""
    without = planes(shade(scene, distractors))
    with_all = planes(shade(scene, distractors + lesions))
    kept = []
    for decal in lesions:
        plane = int(decal.kind == "red-mark")
        change, spread = contrast(decal, with_all[plane], without[plane], scene)
        multiple, least = VISIBLE[decal.kind]
        decal.strength = max(1, max(multiple * spread, least) / max(change, 1e-6))
        limit = STRENGTHEN_LIMIT
        if decal.depth:
            limit = max(1, DEPTH_LIMITS[decal.kind] / decal.depth)
        if decal.strength <= limit:
            kept.append(decal)
    return kept


def add_hairs(linear, scene, random):
    """Hairs and stubble with their shadows."""
    canvas = np.zeros(scene.shape, np.uint8)
    width = random.uniform(0.05, 0.09)
    level = 255 * min(1, width * scene.scale)
    lengths = []
    if random.random() < 0.5:
        lengths += [(4, 18)] * round(scene.load * random.uniform(3, 40))
    if random.random() < 0.3:
        lengths += [(0.2, 0.7)] * round(scene.load * random.uniform(50, 350))
    for limits in lengths:
        draw_curve(canvas, scene, random.uniform(*limits), width, level, random)
    cover = 0.9 / 255 * base.blur(canvas.astype(np.float32), 0.4)[..., None]
    right, down, _ = 0.3 * scene.scale * np.array(base.direction(scene.lights[0]))
    shadow = base.shifted(base.blur(cover[..., 0], 0.12 * scene.scale), right, down)
    # Never lighter than the skin below, however dark that is.
    colour = (np.float32([0.15, 0.1, 0.07]) * random.uniform(0.4, 2)
              * np.median(linear[..., 1]))
    linear *= (1 - 0.33 * shadow)[..., None]
    return linear * (1 - cover) + cover * colour


def add_gloss_spots(linear, scene, random):
    canvas = np.zeros(scene.shape, np.uint8)
    for _ in range(round(scene.load * random.uniform(-60, 80))):
        at = (random.uniform(0, 16, 2) * scene.shape[::-1]).astype(int)
        axes = np.maximum(random.uniform(1, 4, 2) * scene.scale, 8).astype(int)
        cv2.ellipse(canvas, at, axes, random.uniform(0, 180), 0, 360,
                    int(random.uniform(60, 255)), -1, cv2.LINE_AA, 4)
    spots = base.blur(canvas.astype(np.float32), 0.05 * scene.scale) / 255
    return linear + (min(scene.gloss, 1) * random.uniform(0.15, 0.5) * spots)[..., None]


def add_ruler(linear, scene, random):
    """A strip of paper with millimetres and numbers along the foot."""
    unit, (height, width) = scene.scale, scene.shape
    top, thin = int(height - RULER * unit), max(1, int(unit / 8))
    ink = np.zeros((height - top, width), np.uint8)
    for mark in range(int(width / unit)):
        long = 2 if mark % 10 == 0 else 1.5 if mark % 5 == 0 else 1
        x = int(mark * unit)
        cv2.line(ink, (x, 0), (x, int(long * unit)), 255, thin, cv2.LINE_AA)
        if mark % 10 == 0:
            cv2.putText(ink, f"{mark // 10}", (x + 3, int(3.6 * unit)),
                        cv2.FONT_HERSHEY_SIMPLEX, unit / 16, 255, thin, cv2.LINE_AA)
    light = np.median(linear[..., 1]) / np.median(scene.albedo[..., 1])
    paper = np.array([0.75, 0.74, 0.7]) * light
    linear[top:] = (random.uniform(0.6, 1) * paper
                    * (1 - 0.93 / 255 * ink[..., None].astype(np.float32)))
    return linear


# ---- Camera ----

def lens(linear, scene, random):
    """Less sharp off the plane of focus, colours of slightly different size,
    darker corners."""
    height, width = scene.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (x - width / 2) / width, (y - height / 2) / width
    linear = base.blur(linear, random.uniform(0.45, 0.9))
    tilt, turn = random.uniform(0, 1.8), random.uniform(0, 2 * np.pi)
    off_focus = smoothstep(tilt * np.abs(x * np.cos(turn) + y * np.sin(turn)
                                         + random.uniform(-0.2, 0.2)))
    soft = base.blur(linear, random.uniform(0.04, 0.1) * scene.scale + 0.6)
    linear += off_focus[..., None] * (soft - linear)
    stretch = random.normal(0, 0.0004)
    for channel, zoom in ((0, 1 + stretch), (2, 1 - stretch)):
        move = np.array([[zoom, 0, (1 - zoom) * width / 2],
                         [0, zoom, (1 - zoom) * height / 2]], np.float32)
        linear[..., channel] = cv2.warpAffine(
            np.ascontiguousarray(linear[..., channel]), move, (width, height),
            borderMode=cv2.BORDER_REPLICATE)
    return linear * (1 - random.uniform(0, 0.5) * (x ** 2 + y ** 2))[..., None]


def photograph(linear, scene, random):
    """From light to the bytes of a JPEG, blue first."""
    linear = lens(linear, scene, random)
    goal = lab_to_linear(scene.lab)[1] * random.uniform(0.85, 1.25)
    linear *= goal / np.median(linear[..., 1])
    # The white balance is a little off.
    linear *= random.normal(1, 0.028, 3)
    # Bright skin keeps room for its lights: a shoulder, not a cut.
    over = np.maximum(linear - SHOULDER, 0)
    linear = np.minimum(linear, SHOULDER) + over / (1 + over / (1 - SHOULDER))
    linear = base.expose(linear.astype(np.float32), 10 ** random.uniform(3.3, 4.4),
                         random.uniform(0.0005, 0.003), random)
    picture = base.to_srgb(linear).astype(np.float32)
    picture = base.sharpen(picture, random.uniform(0, 0.7), random.uniform(0.7, 1.4))
    picture = base.steepen(np.clip(picture, 0, 1), random.uniform(0, 0.3))
    return base.jpeg(base.to_bytes(picture[..., ::-1]), int(random.integers(80, 99)))


def render(number):
    random = np.random.default_rng([number, 0xdeca1])
    scene = make_scene(number, random)
    make_lights(scene, random)
    gap = -0.4 if random.random() < OVERLAPPING_SHARE else GAP
    taken = [(-99.0, -99.0, 0.0)]
    lesions = place(make_lesions(scene, random), scene, taken, gap, random)
    distractors = place(make_distractors(scene, random), scene, taken, 0.3, random)
    lesions = keep_visible(lesions, distractors, scene)
    linear = shade(scene, distractors + lesions)
    linear = add_gloss_spots(linear, scene, random)
    linear = add_hairs(linear, scene, random)
    if scene.ruler:
        linear = add_ruler(linear, scene, random)
    light = scene.lights[0]
    return base.Photograph(photograph(linear, scene, random),
                           draw_truth(lesions, scene), scene.scale,
                           round(float(light.azimuth), 1),
                           round(float(light.elevation), 1))


if __name__ == "__main__":
    base.run("decals", "usage: decals.py OUTPUT FIRST LAST", render)
