"""Counts what `meson test` ran, each case of a TAP program by itself.

    tally.py TESTLOG.JSON STATUS-OF-MESON

Prints the failures with the ends of their logs, the skipped cases with their
reasons, and last of all `N passed, N failed`.  Succeeds where something ran
and nothing failed.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import re
import sys

import faults

LOG_LINES = 25
CASE = re.compile(r'(not )?ok\b *\d* *-? *([^#]*)(?:#\s*(skip|todo)\S*\s*(.*))?', re.I)
PLAN = re.compile(r'1\.\.\d+(?:\s*#\s*skip\S*\s*(.*))?\s*$', re.I)
GOOD = {'OK', 'EXPECTEDFAIL'}


class Tally:
    def __init__(self):
        self.passed = 0
        self.tried = self.survived = 0
        self.failures = []
        self.skips = []

    def add_case(self, test, match):
        failed, name, directive, reason = match.groups()
        directive = (directive or '').lower()
        label = f'{test}: {name.strip() or "a case without a name"}'
        if directive == 'skip':
            self.skips.append((label, (reason or '').strip()))
            return True
        if failed and directive != 'todo':
            self.failures.append(label)
            return False
        self.passed += 1
        return True

    def add_test(self, record):
        """Counts one program; says whether its log is worth showing."""
        test = record['name']
        lines = (record.get('stdout') or '').splitlines()
        plans = [plan for plan in map(PLAN.match, lines) if plan]
        cases = [case for case in map(CASE.match, lines) if case] if plans else []
        good = True
        for case in cases:
            good &= self.add_case(test, case)
        for name, tried, survived in faults.faults_of(lines):
            self.tried += tried
            self.survived += survived
            if survived < tried:
                self.failures.append(f'{test}: {name} survived {survived} of {tried}')
                good = False
        result = record['result']
        if result == 'SKIP':
            if not cases:
                reason = plans[0].group(1) if plans else last_line(record)
                self.skips.append((test, reason or ''))
        elif result not in GOOD:
            # It died, timed out or left cases out: the cases that it did
            # report must not hide that.
            if good:
                self.failures.append(f'{test}: {explain(record)}')
            good = False
        elif not cases:
            self.passed += 1
        return good


def last_line(record):
    lines = f"{record.get('stdout') or ''}\n{record.get('stderr') or ''}".split('\n')
    lines = [line.strip() for line in lines if line.strip()]
    return lines[-1] if lines else ''


def explain(record):
    code = record.get('returncode', 0)
    if record['result'] == 'TIMEOUT':
        return f"took longer than {record.get('duration', 0):.0f} s"
    if code < 0:
        return f'was ended by signal {-code}'
    if code >= 128:
        return f'was ended by signal {code - 128}'
    return f'ended with status {code} ({record["result"].lower()})'


def failing_lines(lines):
    """The failed cases with the remarks that follow each."""
    found, remarks = [], False
    for line in lines:
        remarks = line.startswith('not ok') or (remarks and line.startswith('#'))
        if remarks:
            found.append(line)
    return found


def show_log(record):
    print(f"---- {record['name']}")
    for stream in ('stdout', 'stderr'):
        lines = (record.get(stream) or '').rstrip().splitlines()
        if stream == 'stdout':
            # What failed first, then how it ended.
            for line in failing_lines(lines[:-LOG_LINES])[:3 * LOG_LINES]:
                print('   ', line)
        if len(lines) > LOG_LINES:
            print('    [...]')
        for line in lines[-LOG_LINES:]:
            print('   ', line)


def read_records(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as log:
            return [json.loads(line) for line in log if line.strip()]
    except (OSError, ValueError) as error:
        print(f'The log of the tests cannot be read: {error}')
        return []


def main():
    sys.stdout.reconfigure(encoding='utf-8', errors='replace')
    path, status = sys.argv[1], int(sys.argv[2])
    tally = Tally()
    records = read_records(path)
    for record in records:
        if not tally.add_test(record):
            show_log(record)
    if status != 0 and not tally.failures:
        tally.failures.append(f'meson test ended with status {status}')
    for failure in tally.failures:
        print('FAILED ', failure)
    for skip, reason in tally.skips:
        print('SKIPPED', skip, f'({reason})' if reason else '(no reason given)')
    if not tally.passed and not tally.failures:
        print('No test ran.')
    if tally.tried:
        print(f'{tally.tried} faults tried, {tally.survived} survived')
    print(f'{tally.passed} passed, {len(tally.failures)} failed')
    return 1 if tally.failures or not tally.passed else 0


if __name__ == '__main__':
    sys.exit(main())
