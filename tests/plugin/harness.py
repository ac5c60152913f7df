"""What tests inside GIMP have in common: images to work on, and checks.

Copyright (C) 2026 The Pockmark developers
SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import importlib
import os
import traceback

import gi
gi.require_version('Gimp', '3.0')
gi.require_version('Gegl', '0.4')
from gi.repository import Gegl, Gimp, Gio, GLib, GObject  # noqa: E402

FOLDER = os.environ['POCKMARK_TEST_FOLDER']
DETECT = 'plug-in-detect-pockmarks'
REDNESS = 'plug-in-map-redness'
MEASURE = 'plug-in-measure-pockmarks'
SCALE = 'plug-in-set-skin-scale'
CLASSES = ('crater', 'ice-pick', 'red-mark', 'brown-mark')

# Of the phantom that the driver renders.
PHANTOM_SCALE = 12.0


# ---- Images -----------------------------------------------------------------

def path(name):
    return os.path.join(FOLDER, name)


def open_phantom(name='phantom.png'):
    """The phantom's image and its only layer."""
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE,
                           Gio.File.new_for_path(path(name)))
    return image, image.get_layers()[0]


def name_image(image, photograph, stem):
    """What a script does to say how tables and files call the image."""
    text = f'[report]\nphotograph={photograph}\nstem={stem}\n'.encode()
    image.attach_parasite(Gimp.Parasite.new('pockmark-report', 0, text))


def pixels(drawable, pixel_format, box=None):
    """The bytes of a box (x, y, width, height) of the drawable."""
    x, y, width, height = box or (0, 0, drawable.get_width(),
                                  drawable.get_height())
    buffer = drawable.get_buffer()
    return bytes(buffer.get(Gegl.Rectangle.new(x, y, width, height), 1.0,
                            pixel_format, Gegl.AbyssPolicy.NONE))


def items(image):
    """Names of all that an undo step or a refusal has to bring back.  GIMP
    itself keeps a dialog's last values in the image, beside the undo history.
    """
    def tree(layers):
        return [(layer.get_name(), tree(layer.get_children())
                 if layer.is_group() else None) for layer in layers]
    return (tree(image.get_layers()),
            [channel.get_name() for channel in image.get_channels()],
            [a_path.get_name() for a_path in image.get_paths()],
            sorted(name for name in image.get_parasite_list()
                   if not name.startswith('GimpProcedureConfig')))


# ---- Procedures -------------------------------------------------------------

def call(name, image, drawables, **arguments):
    """Status, values and error message of a non-interactive run."""
    procedure = Gimp.get_pdb().lookup_procedure(name)
    config = procedure.create_config()
    config.set_property('run-mode', arguments.pop(
        'run_mode', Gimp.RunMode.NONINTERACTIVE))
    config.set_property('image', image)
    config.set_core_object_array('drawables', drawables)
    for key, value in arguments.items():
        if key == 'report_file':
            value = Gio.File.new_for_path(value)
        config.set_property(key.replace('_', '-'), value)
    result = procedure.run(config)
    status = result.index(0)
    if status == Gimp.PDBStatusType.SUCCESS:
        return status, [result.index(i) for i in range(1, result.length())], ''
    return status, [], Gimp.get_pdb().get_last_error()


def detect(image, layer, **arguments):
    """The values of a run that has to succeed."""
    arguments.setdefault('pixels_per_mm', PHANTOM_SCALE)
    status, values, error = call(DETECT, image, [layer], **arguments)
    assert status == Gimp.PDBStatusType.SUCCESS, error
    return values


def measure(image, drawable, **arguments):
    status, values, error = call(MEASURE, image, [drawable], **arguments)
    assert status == Gimp.PDBStatusType.SUCCESS, error
    return values


def redness(image, layer, **arguments):
    arguments.setdefault('pixels_per_mm', PHANTOM_SCALE)
    status, values, error = call(REDNESS, image, [layer], **arguments)
    assert status == Gimp.PDBStatusType.SUCCESS, error
    return values


def refused(name, image, drawables, **arguments):
    """The sentence of a run that has to be refused, the image unchanged."""
    before = items(image)
    dirty = image.is_dirty()
    status, _, error = call(name, image, drawables, **arguments)
    assert status == Gimp.PDBStatusType.CALLING_ERROR, (status, error)
    assert items(image) == before, items(image)
    assert image.is_dirty() == dirty
    assert error.endswith('.') and len(error) > 20, error
    return error


def read_table(name):
    with open(path(name), newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


# ---- Running ----------------------------------------------------------------

# What a test has to say beside its outcome, written after it.
REMARKS = []


def count_faults(name, tried, survived):
    REMARKS.append(f'faults: {name} tried {int(tried)} '
                   f'survived {int(survived)}')


def run_module(name, results, count):
    module = importlib.import_module(name)
    for key in sorted(vars(module)):
        if not key.startswith('test_'):
            continue
        test = getattr(module, key)
        title = (test.__doc__ or key).strip().splitlines()[0]
        count += 1
        try:
            test()
            results.write(f'ok {count} - {name}: {title}\n')
        except Exception:  # a test may fail in any way
            results.write(f'not ok {count} - {name}: {title}\n')
            for line in traceback.format_exc().splitlines():
                results.write(f'# {line}\n')
        for remark in REMARKS:
            results.write(f'# {remark}\n')
        REMARKS.clear()
        for image in Gimp.get_images():
            if not image.get_id() in KEEP:
                image.delete()
        results.flush()
    return count


# Ids of images that outlive their test.
KEEP = set()


def main():
    Gegl.init(None)
    count = 0
    with open(os.environ['POCKMARK_TEST_RESULTS'], 'w',
              encoding='utf-8') as results:
        for name in os.environ['POCKMARK_TEST_MODULES'].split():
            count = run_module(name, results, count)
        results.write('done\n')
