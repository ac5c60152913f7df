/* The strip below a picture: what the colours mean, and how long 10 mm are
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_SURVEY_LEGEND_H
#define POCKMARK_SURVEY_LEGEND_H

#include <gegl.h>

#include "report.h"

/* How much higher the picture of a photograph is for its legend, in pixels. */
gint survey_legend_height  (const GeglRectangle *photograph);

/* Draws the strip at the picture's lower edge: the classes with their
 * counts. */
void survey_legend_classes (GeglBuffer          *picture,
                            const Account       *account);

/* The colours of the redness map. */
void survey_legend_redness (GeglBuffer          *picture,
                            const Account       *account);

#endif
