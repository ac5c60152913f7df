"""Prints what a demo found, and where it wrote it.

    table.py FOLDER BEGAN PHOTOGRAPHS

Reads FOLDER/photographs.csv, believing only files newer than the file BEGAN.
Its last PHOTOGRAPHS lines are this demo's.  Ends with 1 where one of them
failed, with 3 where there are fewer.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import os
import sys
import unicodedata

COLUMNS = [
    ('Photograph', 'photograph'),
    ('crater', 'craters'),
    ('ice-pick', 'ice-picks'),
    ('red-mark', 'red marks'),
    ('brown-mark', 'brown marks'),
    ('Skin area (cm2)', 'skin cm²'),
    ('Redness mean', 'redness'),
]
# How to write what is not a count.
FORMATS = {'Skin area (cm2)': '.1f', 'Redness mean': '.3g'}


def cell(row, column):
    if column == 'Photograph':
        return printable(os.path.basename(row[column]) or row[column])
    if row.get('Error'):
        return '-'
    text = row.get(column) or ''
    if column not in FORMATS:
        return text or '-'
    try:
        return format(float(text), FORMATS[column])
    except ValueError:
        return 'unknown'


def printable(text):
    return ''.join(c if c.isprintable() else '?' for c in text)


def width(text):
    """Columns that a terminal gives to text."""
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


def print_table(rows):
    table = [[title for _, title in COLUMNS]]
    table += [[cell(row, column) for column, _ in COLUMNS] for row in rows]
    widths = [max(width(line[n]) for line in table) for n in range(len(COLUMNS))]
    for line in table:
        padded = []
        for n, text in enumerate(line):
            padding = ' ' * (widths[n] - width(text))
            padded.append(text + padding if n == 0 else padding + text)
        print('  '.join(padded).rstrip())


def main():
    sys.stdout.reconfigure(encoding='utf-8', errors='replace')
    folder, began, photographs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    start = os.stat(began).st_mtime_ns
    written = sorted(entry.path for entry in os.scandir(folder)
                     if entry.is_file() and entry.stat().st_mtime_ns >= start)
    rows = []
    path = os.path.join(folder, 'photographs.csv')
    if path in written:
        with open(path, newline='', encoding='utf-8', errors='replace') as file:
            rows = list(csv.DictReader(file))[-photographs:]
    if rows:
        print_table(rows)
    failed = [row for row in rows if row.get('Error')]
    for row in failed:
        print(f"{cell(row, 'Photograph')}: {printable(row['Error'])}")
    if rows and not all(row.get('Pixels per mm') for row in rows if row not in failed):
        print('Where the scale is unknown so are areas; --pixels-per-mm N tells it.')
    if written:
        print('\nWritten:')
        for path in written:
            print(f'  {printable(path)}')
    if len(rows) < photographs:
        return 3
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
