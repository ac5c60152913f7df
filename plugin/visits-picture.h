/* Two visits as layers: the earlier one aligned, what changed, outlines by fate
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_VISITS_PICTURE_H
#define POCKMARK_VISITS_PICTURE_H

#include "input.h"

/* The earlier photograph as the later one would show it: a new buffer of the
 * later one's size.  NULL on error. */
GeglBuffer *visits_picture_align  (const PockmarkComparison *comparison,
                                   const PockmarkSource     *before,
                                   gint                      width,
                                   gint                      height,
                                   GError                  **error);

/* The change map and the outlines, each into a buffer of that size. */
void        visits_picture_change (const PockmarkComparison *comparison,
                                   GeglBuffer               *output);
gboolean    visits_picture_fates  (PockmarkComparison       *comparison,
                                   GeglBuffer               *output,
                                   GError                  **error);

/* What the colours mean, for a photograph whose longer side is side pixels: a
 * new buffer. */
GeglBuffer *visits_picture_legend (gint side);

#endif
