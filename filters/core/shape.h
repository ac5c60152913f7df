/* Pockmark: a lesion's shape
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_SHAPE_H
#define POCKMARK_SHAPE_H

#include "outline.h"

G_BEGIN_DECLS

/* Fills in what the lesion's shape tells: box, area, centroid, ellipse, hull,
 * Feret's diameter, perimeter and circularity.  The n runs, at least one, come
 * by row from the top and in a row from the left. */
gboolean pockmark_shape_measure (const PockmarkRun *runs,
                                 gsize              n,
                                 PockmarkLesion    *lesion,
                                 GError           **error);

G_END_DECLS

#endif
