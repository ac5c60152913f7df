"""Collects what tests say of the faults that they tried.

    faults.py [--write README.md] TESTLOG.JSON…

A test says so in remarks of its TAP, each by itself or several of one name,
which are added up:

    # faults: NAME tried N survived N

Prints a table of all logs together, as Markdown; with --write it replaces the
one between the two marks in the file.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import re
import sys

REMARK = re.compile(r'\s*#\s*faults: (.+?):? tried (\d+),? survived (\d+)\s*$')
BEGIN, END = '<!-- faults: begin -->\n', '<!-- faults: end -->\n'


def faults_of(lines):
    """(name, tried, survived) of each remark in lines."""
    found = filter(None, map(REMARK.match, lines))
    return [(match[1], int(match[2]), int(match[3])) for match in found]


def read(paths):
    """{name: [tried, survived]} of all logs."""
    sums = {}
    for path in paths:
        with open(path, encoding='utf-8', errors='replace') as log:
            for line in filter(str.strip, log):
                output = json.loads(line).get('stdout') or ''
                for name, tried, survived in faults_of(output.splitlines()):
                    both = sums.setdefault(name, [0, 0])
                    both[0] += tried
                    both[1] += survived
    return sums


def table(sums):
    rows = [f'| {name} | {tried:,} | {survived:,} |\n'
            for name, (tried, survived) in sorted(sums.items(), key=lambda row: row[0].lower())]
    tried, survived = (sum(both[i] for both in sums.values()) for i in range(2))
    return ''.join(['| fault | tried | survived |\n', '|---|---:|---:|\n', *rows,
                    f'| **all** | **{tried:,}** | **{survived:,}** |\n'])


def main():
    arguments = sys.argv[1:]
    target = None
    if arguments[:1] == ['--write']:
        target, arguments = arguments[1], arguments[2:]
    text = table(read(arguments))
    if target is None:
        print(text, end='')
        return
    with open(target, encoding='utf-8') as file:
        before, rest = file.read().split(BEGIN)
    with open(target, 'w', encoding='utf-8') as file:
        file.write(before + BEGIN + text + END + rest.split(END)[1])


if __name__ == '__main__':
    main()
