"""Debian's package: built from the tree, installed, seen by GIMP, purged.

    test-deb.py

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import glob
import os
import re
import subprocess
import tempfile

import packaging as p

FOLDER = tempfile.TemporaryDirectory(prefix='pockmark-deb-')
OUT = FOLDER.name

# The first upload of a package names the request for it: for Debian's own.
UPLOADER_S = 'initial-upload-closes-no-bugs'

# Rewritten by others when a package comes or goes.
NOT_OURS = re.compile(r'/(tmp|proc|dev|var/(log|cache)|var/lib/dpkg)/|'
                      r'/usr/share/icons/hicolor/icon-theme\.cache$|'
                      r'/etc/ld\.so\.cache$')


def package(pattern='gimp-pockmark_*.deb'):
    found = glob.glob(os.path.join(OUT, pattern))
    if not found:
        raise p.Skip('no package was built')
    return found[0]


def test_build():
    """dpkg-buildpackage makes source and package from the tree"""
    p.need('dpkg-buildpackage', 'dh', 'git')
    p.run(os.path.join(p.CHECKOUT, '.ci', 'deb'), OUT, timeout=1200,
          env=p.clean_environment(DEB_BUILD_OPTIONS='nocheck parallel=2'))
    wanted = p.version() + '-1'
    assert p.run('dpkg-deb', '--field', package(), 'Version').strip() == wanted
    assert glob.glob(os.path.join(OUT, f'pockmark_{wanted}.dsc'))
    assert not os.path.isdir(os.path.join(OUT, 'pockmark-' + p.version()))


def test_lintian():
    """lintian finds no error and no warning"""
    package()
    p.need('lintian')
    said = p.run('lintian', '--allow-root', '--fail-on', 'error,warning',
                 '--suppress-tags', UPLOADER_S,
                 glob.glob(os.path.join(OUT, '*.changes'))[0])
    assert not re.search('^[EW]:', said, re.M), said


def test_contents():
    """the package is complete, and holds nothing but what it should"""
    listed = {line.split()[5].lstrip('.').lstrip('/') for line in
              p.run('dpkg-deb', '--contents', package()).splitlines()
              if not line.startswith('d')}
    listed = {name for name in listed if not name.startswith('usr/share/doc/')}
    wanted = {'usr/share/' + name for name in p.expected_shares()}
    assert not wanted - listed, wanted - listed
    others = {os.path.basename(name) for name in listed - wanted}
    assert others - {'pockmark-x86_64-v2.so', 'pockmark-x86_64-v3.so'} == \
        {'pockmark', 'pockmark.so'}, others


def test_system():
    """it installs, GIMP and GEGL see it, purging leaves no trace"""
    deb = package()
    changed = os.path.join(OUT, 'changed')
    scratch = os.path.join(OUT, 'scratch')
    os.mkdir(scratch)
    inside = os.path.join(scratch, 'package.deb')
    query = os.path.join(scratch, 'query.py')
    script = os.path.join(scratch, 'install-and-purge.sh')
    for one, other in ((deb, inside),
                       (os.path.join(p.HERE, 'query.py'), query),
                       (os.path.join(p.HERE, 'install-and-purge.sh'), script)):
        os.link(one, other) if one == deb else p.shutil.copy(one, other)

    namespace = ['unshare', '--mount']
    if os.getuid() != 0:
        namespace += ['--user', '--map-root-user', '--map-auto']
    if subprocess.run(namespace + ['sh', '-c', 'mount -t tmpfs overlay /mnt'],
                      capture_output=True, check=False).returncode:
        raise p.Skip('nothing may be mounted here')
    p.run(*namespace, 'sh', os.path.join(p.HERE, 'in-overlay.sh'), scratch,
          changed, 'sh', script, scratch, inside, query, timeout=600)

    assert p.FILTERS <= set(p.read_text(scratch, 'operations').split())
    answer = p.read_json(scratch, 'answer.json')
    assert set(answer['procedures']) == p.PROCEDURES, answer
    assert set(answer['filters']) == p.FILTERS, answer
    left = [line for line in p.read_text(changed).splitlines()
            if 'pockmark' in line or not NOT_OURS.search(line)]
    assert not left, left


p.main([test_build, test_lintian, test_contents, test_system])
