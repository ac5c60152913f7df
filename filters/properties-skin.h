/* Pockmark: the properties of every operation that looks for skin
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text for a GEGL_PROPERTIES block, read several times by gegl-op.h: hence no
 * guard.
 */

property_double (pixels_per_mm, _("Pixels per mm"),
                 pockmark_operation_parameters ().pixels_per_mm)
    description (_("How many pixels of the photograph one millimeter of skin "
                   "takes. 0, or anything below 0.05, if unknown: sizes "
                   "are then estimated."))
    value_range (0.0, 1000.0)
    ui_range (0.0, 60.0)
    ui_gamma (1.5)
    ui_steps (0.1, 1.0)
    ui_digits (2)

property_boolean (whole_is_skin, _("Whole picture is skin"),
                  pockmark_operation_parameters ().whole_is_skin)
    description (_("Take everything that is not transparent for skin instead "
                   "of telling skin from hair, lips, cloth and background. "
                   "For close-ups, and for selections made by hand."))
