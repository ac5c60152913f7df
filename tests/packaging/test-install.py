"""Installations from the sources: moved as a whole, and for one user.

    test-install.py moved|user

Environment: POCKMARK_MESON_DIR (meson's folder of the build that is checked),
POCKMARK_SCRATCH (a folder that stays from check to check).

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import shutil
import subprocess
import sys
import tempfile

import packaging as p

FOLDER = tempfile.TemporaryDirectory(prefix='pockmark-install-')
OUT = FOLDER.name
MESON = os.environ['POCKMARK_MESON_DIR']

# What the moved tree's catalogue says, and no other.
MARKED = '''msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"
msgid "_Detect Pockmarks…"
msgstr "Verschoben"
msgid "Redness Overlay"
msgstr "Auch verschoben"
'''


def options():
    told = p.json.loads(p.run('meson', 'introspect', '--buildoptions', MESON))
    return {option['name']: option['value'] for option in told}


def installed(stage):
    """Folders of the data, of the module and of the plug-in below stage."""
    told = options()
    data = os.path.join(told['prefix'], told['datadir'])
    if not (told['gegl-module-dir'] and told['plug-in-dir']):
        raise p.Skip('the build that is checked is not that of tests/run')
    return [stage + place for place in
            (data, told['gegl-module-dir'], told['plug-in-dir'])]


def test_complete():
    """meson install puts all of it below DESTDIR, and nothing elsewhere"""
    stage = os.path.join(OUT, 'stage')
    p.run('meson', 'install', '-C', MESON, '--no-rebuild', '--quiet',
          env=p.clean_environment(DESTDIR=stage))
    data, gegl, plug_ins = installed(stage)
    assert p.files_below(data) == p.expected_shares(), \
        p.files_below(data) ^ p.expected_shares()
    assert 'pockmark.so' in os.listdir(gegl)
    assert os.access(os.path.join(plug_ins, 'pockmark', 'pockmark'), os.X_OK)


def test_metainfo():
    """software centres understand the metainfo, of this very version"""
    data = installed(os.path.join(OUT, 'stage'))[0]
    metainfo = os.path.join(data, 'metainfo',
                            'org.gimp.GIMP.Plugin.Pockmark.metainfo.xml')
    text = p.read_text(metainfo)
    assert f'<release version="{p.version()}"' in text
    assert 'xml:lang="de"' in text
    p.need('appstreamcli')
    p.run('appstreamcli', 'validate', '--no-net', metainfo)


def test_stage_unknown():
    """nothing that is installed knows where it was staged"""
    stage = os.path.join(OUT, 'stage')
    for name in p.files_below(stage):
        with open(os.path.join(stage, name), 'rb') as file:
            content = file.read()
        assert stage.encode() not in content, name


def make_locale():
    """The folder of a German locale, made for this."""
    p.need('localedef')
    folder = os.path.join(OUT, 'locale')
    os.makedirs(folder, exist_ok=True)
    if subprocess.run(['localedef', '-i', 'de_DE', '-f', 'UTF-8',
                       os.path.join(folder, 'de_DE.UTF-8')],
                      capture_output=True, check=False).returncode:
        raise p.Skip('the locale de_DE.UTF-8 cannot be made here')
    return folder


def test_moved():
    """moved as a whole, it works and speaks from its new place"""
    locales = make_locale()
    stage = os.path.join(OUT, 'stage')
    data, gegl, plug_ins = installed(stage)
    common = os.path.commonpath([data, gegl, plug_ins])
    moved = os.path.join(OUT, 'a new place')
    os.rename(common, moved)
    data, gegl, plug_ins = [moved + place[len(common):]
                            for place in (data, gegl, plug_ins)]
    catalogue = os.path.join(data, 'locale', 'de', 'LC_MESSAGES', 'pockmark')
    with open(catalogue + '.po', 'w', encoding='utf-8') as file:
        file.write(MARKED)
    p.run('msgfmt', '--output-file', catalogue + '.mo', catalogue + '.po')

    profile = os.path.join(OUT, 'profile')
    os.mkdir(profile)
    with open(os.path.join(profile, 'gimprc'), 'w', encoding='utf-8') as file:
        file.write('(plug-in-path "${gimp_plug_in_dir}/plug-ins:%s")\n'
                   % plug_ins)
    own = p.run('pkg-config', '--variable=pluginsdir', 'gegl-0.4').strip()
    answer = p.ask_gimp(OUT, HOME=OUT, GIMP3_DIRECTORY=profile,
                        GEGL_PATH=f'{own}:{gegl}', LC_ALL='de_DE.UTF-8',
                        LANGUAGE='de', LOCPATH=locales)
    assert set(answer['procedures']) == p.PROCEDURES, answer
    assert answer['procedures']['plug-in-detect-pockmarks'] == 'Verschoben', \
        answer
    assert answer['filters']['pockmark:redness'] == 'Auch verschoben', answer
    with open(os.path.join(profile, 'pluginrc'), 'rb') as file:
        assert b'a%20new%20place/share/pockmark/help' in file.read()


# ---- For one user -----------------------------------------------------------

def readme_lines():
    """What the README has a user without administrator's rights type."""
    after = p.read_text(p.CHECKOUT, 'README.md').split(
        'Without administrator\'s rights', 1)[1]
    return after.split('```sh\n', 1)[1].split('```', 1)[0]


def test_user():
    """the README's lines install for one user; uninstalled, nothing is left"""
    scratch = os.environ['POCKMARK_SCRATCH']
    home, tree = os.path.join(scratch, 'home'), os.path.join(scratch, 'tree')
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(home)
    p.copy_checkout(tree)
    lines = readme_lines()
    built = os.path.join(tree, 'build-release')
    told = os.path.join(scratch, 'lines')
    if not os.path.exists(told) or p.read_text(told) != lines:
        shutil.rmtree(built, ignore_errors=True)
        with open(told, 'w', encoding='utf-8') as file:
            file.write(lines)
    release = '.'.join(p.run('pkg-config', '--modversion', 'gimp-3.0')
                       .split('.')[:2])
    lines = lines.replace('GIMP/3.0', 'GIMP/' + release)
    lines = lines.replace('meson install', 'meson compile -C build-release\n'
                          'meson install')
    assert '$HOME/.local' in lines and 'plug-in-dir' in lines, lines
    environment = p.clean_environment(HOME=home)
    p.run('sh', '-e', '-c', lines, cwd=tree, env=environment, timeout=1200)

    answer = p.ask_gimp(OUT, HOME=home)
    assert set(answer['procedures']) == p.PROCEDURES, answer
    assert set(answer['filters']) == p.FILTERS, answer

    p.run('ninja', '-C', built, 'uninstall', env=environment)
    left = [name for name in p.files_below(home) if 'pockmark' in name.lower()]
    assert not left, left


p.main([test_user] if sys.argv[1:] == ['user'] else
       [test_complete, test_metainfo, test_stage_unknown, test_moved])
