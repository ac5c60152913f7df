/* The outlines of a lesion as polygons
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_POLYGON_H
#define POCKMARK_POLYGON_H

#include <gegl.h>

#include "pockmark.h"

/* pockmark_trace () over the buffer of a lesion map. */
GPtrArray *polygon_trace    (GeglBuffer           *map,
                             const PockmarkLesion *lesion,
                             GError              **error);

/* The points (PockmarkPoint) of the ring that no straight line within
 * tolerance, in pixels, could replace: Douglas and Peucker 1973,
 * doi:10.3138/FM57-6770-U75U-7727.  At least three where the ring has them. */
GArray    *polygon_simplify (const PockmarkRing   *ring,
                             gdouble               tolerance);

/* The same outlines (of PockmarkRing) in simple rings: where a lesion touches
 * itself by the tips of two pixels, its ring passes that point twice, and what
 * it walks round in between becomes a ring of its own.  To be unreferenced. */
GPtrArray *polygon_part     (const GPtrArray      *rings);

/* Whether hole, a ring of holes, lies in outer. */
gboolean   polygon_encloses (const PockmarkRing   *outer,
                             const PockmarkRing   *hole);

#endif
