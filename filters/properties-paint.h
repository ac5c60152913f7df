/* Pockmark: the properties of an annotation
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text for a GEGL_PROPERTIES block, read several times by gegl-op.h: hence no
 * guard.
 */

property_color (crater_color, _("Craters"),
                pockmark_operation_colour (POCKMARK_CRATER))
    description (_("The color of craters: shallow hollows of 2 mm or more."))

property_color (ice_pick_color, _("Ice-picks"),
                pockmark_operation_colour (POCKMARK_ICE_PICK))
    description (_("The color of ice-pick scars: narrow, deep hollows of "
                   "less than 2 mm."))

property_color (red_mark_color, _("Red marks"),
                pockmark_operation_colour (POCKMARK_RED_MARK))
    description (_("The color of red marks."))

property_color (brown_mark_color, _("Brown marks"),
                pockmark_operation_colour (POCKMARK_BROWN_MARK))
    description (_("The color of brown marks."))

property_double (opacity, _("Opacity"),
                 pockmark_operation_annotation ().opacity)
    description (_("How strongly the inside of a finding is filled; 0 "
                   "leaves the outline alone."))
    value_range (0.0, 1.0)
    ui_steps (0.01, 0.1)
    ui_digits (2)

property_int (outline, _("Outline width"),
              pockmark_operation_annotation ().outline)
    description (_("The width of the line around a finding in pixels; 0 "
                   "draws none."))
    value_range (0, 64)
    ui_range (0, 16)
    ui_steps (1, 4)
    ui_meta ("unit", "pixel-distance")
