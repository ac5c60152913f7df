"""meson dist: its archive builds, tests and installs itself.

    test-dist.py

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import tarfile
import tempfile

import packaging as p

FOLDER = tempfile.TemporaryDirectory(prefix='pockmark-dist-')
OUT = FOLDER.name
TREE = os.path.join(OUT, 'tree')
BUILD = os.path.join(OUT, 'build')


def git(*words):
    return p.run('git', '-C', TREE, '-c', 'user.name=Nobody',
                 '-c', 'user.email=nobody@example.org', *words,
                 env=p.clean_environment(HOME=OUT))


def test_dist():
    """meson dist packs the tree; what it packed builds, tests and installs"""
    p.need('git')
    p.copy_checkout(TREE)
    git('init', '--quiet')
    git('add', '--all')
    git('commit', '--quiet', '--message', 'The tree as it is')
    p.run('meson', 'setup', BUILD, TREE)
    said = p.run('meson', 'dist', '-C', BUILD, timeout=1500)
    assert 'Distribution package' in said and ' tested' in said, said


def test_archive():
    """the archive holds every file of the tree"""
    name = f'pockmark-{p.version()}'
    archive = os.path.join(BUILD, 'meson-dist', name + '.tar.xz')
    if not os.path.exists(archive):
        raise p.Skip('there is no archive')
    with tarfile.open(archive) as tar:
        packed = {member.name[len(name) + 1:] for member in tar.getmembers()
                  if not member.isdir()}
    assert packed == set(git('ls-files').split('\n')) - {''}


p.main([test_dist, test_archive])
