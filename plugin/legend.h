/* The legend: the classes' colours, names and counts, and a scale bar
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_LEGEND_H
#define POCKMARK_LEGEND_H

#include "findings.h"
#include "input.h"

/* A layer no larger than the legend, not yet in the image, in the corner of
 * the photograph where it hides the least of the findings (of PockmarkLesion).
 * Its letters grow with the photograph.  sought: by PockmarkClass.
 * pixels_per_mm 0: no bar. */
GimpLayer *legend_new (const Input    *input,
                       const GArray   *lesions,
                       const gboolean *sought,
                       gdouble         pixels_per_mm);

#endif
