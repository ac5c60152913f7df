"""A survey's figures beside what is known of rendered skin.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import configparser
import csv
import math
import os
import shutil
import statistics
import subprocess

from survey import check, rows, survey

SCALE = 12

# Skin tones, lightest to darkest.
TONES = range(6)
LIGHT, DARK = TONES[0], TONES[-1]

# Class, column, what the truth tells of it, and the least rank correlation.
FIGURES = (('red-mark', 'Hemoglobin', 'Blood', 0.8),
           ('brown-mark', 'Melanin', 'More melanosomes', 0.8),
           ('crater', 'Relief', 'Depth (mm)', 0.5),
           ('ice-pick', 'Relief', 'Depth (mm)', 0.0))


def render_tone(top, truths, tone):
    """A photograph, and the lines of its truth."""
    stem = os.path.join(truths, f'tone-{tone}')
    subprocess.run([os.environ['POCKMARK_PHANTOM'], '--random',
                    '--set', 'develop', '--seed', str(500 + tone),
                    '--tone', str(tone), '--width', '1000', '--height', '800',
                    '--pixels-per-mm', str(SCALE), '--output', stem],
                   check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)
    shutil.move(stem + '.png', top)
    settings = configparser.ConfigParser()
    settings.read(stem + '.ini', encoding='utf-8')
    around = float(settings['Phantom']['melanosomes'])
    with open(stem + '.truth.csv', newline='', encoding='utf-8') as file:
        lesions = list(csv.DictReader(file))
    for lesion in lesions:
        # The table has how many times as much as the skin around it has.
        lesion['More melanosomes'] = around * (float(lesion['Melanin']) - 1.0)
    return lesions


def pairs(truth, found, klass):
    """Each true lesion of the class with what was found of it."""
    for true in truth:
        def distance(lesion):
            return math.hypot(float(lesion['X']) - float(true['X']),
                              float(lesion['Y']) - float(true['Y']))
        near = [lesion for lesion in found if lesion['Class'] == klass
                and distance(lesion) <= 0.35 * SCALE]
        if true['Class'] == klass and near:
            yield true, min(near, key=distance)


def check_figure(truth, found, klass, column, cause, least):
    both = [(float(true[cause]), float(lesion[column]))
            for name in truth
            for true, lesion in pairs(truth[name], found[name], klass)]
    above = sum(figure > 0.0 for _, figure in both)
    check(len(both) >= 5 and above >= 0.9 * len(both),
          f'{column} of {above} of {len(both)} {klass}s is above the skin',
          both)
    order = statistics.correlation(*zip(*both), method='ranked')
    check(order >= least,
          f'and goes with {cause} by a rank correlation of {order:.2f}', both)


def test_truth(folder, environment, phantom, options):
    top, truths = (os.path.join(folder, name) for name in ('skin', 'truth'))
    os.makedirs(top)
    os.makedirs(truths)
    truth = {f'tone-{tone}.png': render_tone(top, truths, tone)
             for tone in TONES}
    output = os.path.join(folder, 'results')
    status, log = survey(environment, top, output)
    check(status == 0, 'skin of all tones is surveyed', log)
    found = {name: [row for row in rows(output, 'lesions.csv')
                    if row['Photograph'] == name] for name in truth}
    for figure in FIGURES:
        check_figure(truth, found, *figure)
    dark = {name: [row['Flags'].split(';').count('dark-skin')
                   for row in found[name]] for name in truth}
    light = dark[f'tone-{LIGHT}.png']
    check(light and not any(light)
          and min(dark[f'tone-{DARK}.png'], default=0) == 1,
          'all lesions of the darkest skin are flagged, none of the lightest',
          dark)
