/* Pockmark: the properties of the detection
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text for a GEGL_PROPERTIES block, read several times by gegl-op.h: hence no
 * guard.
 */

property_double (sensitivity, _("Sensitivity"),
                 pockmark_operation_parameters ().sensitivity)
    description (_("How many doubtful findings to keep: 0 keeps only the "
                   "clearest, 1 nearly all."))
    value_range (0.0, 1.0)
    ui_steps (0.01, 0.1)
    ui_digits (2)

property_double (light_azimuth, _("Light from (°)"),
                 pockmark_operation_parameters ().light_azimuth)
    description (_("Where the light comes from, in degrees counter-clockwise "
                   "from the right of the picture: 0 right, 90 top, 180 left, "
                   "270 bottom. -1 if unknown: it is then estimated."))
    value_range (-1.0, 360.0)
    ui_steps (1.0, 15.0)
    ui_digits (0)
