/* Pockmark: the lesion map's pixels, runs and corners
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What outline.c shares with the other readers of the lesion map.
 */

#ifndef POCKMARK_OUTLINE_H
#define POCKMARK_OUTLINE_H

#include "pockmark-core.h"

G_BEGIN_DECLS

/* Beyond this a float no longer tells whole numbers apart. */
#define POCKMARK_MAX_NUMBER (1 << 24)

/* The number of the lesion that a pixel of the map belongs to; 0 where it
 * belongs to none, and where number or class are not whole or out of range. */
static inline guint
pockmark_map_number (const gfloat *pixel)
{
  const gfloat number = pixel[0];
  const gfloat klass = pixel[1];

  if (! (number >= 1.0f && number <= (gfloat) POCKMARK_MAX_NUMBER
         && klass >= 1.0f && klass < (gfloat) POCKMARK_N_CLASSES)
      || number != (gfloat) (guint) number || klass != (gfloat) (guint) klass)
    return 0;
  return (guint) number;
}

/* The confidence of a pixel of the map, 0-1 whatever the map says. */
static inline gfloat
pockmark_map_confidence (const gfloat *pixel)
{
  return pixel[2] > 0.0f ? MIN (pixel[2], 1.0f) : 0.0f;
}

/* Whether any of n pixels of the map has a number at all: most have none, and
 * this test vectorises. */
static inline gboolean
pockmark_map_any (const gfloat *pixels,
                  gint          n)
{
  gint any = 0;
  gint i;

  for (i = 0; i < n; i++)
    any |= pixels[4 * i] != 0.0f;
  return any;
}

/* Fills rect of a map with no lesion (map.c).  rowstride in floats. */
void pockmark_map_clear (const PockmarkRect *rect,
                         gfloat             *pixels,
                         gsize               rowstride);

/* Pixels x0 ... x1 - 1 of row y, all of one lesion. */
typedef struct
{
  gint y;
  gint x0;
  gint x1;
} PockmarkRun;

/* A corner of an outline, where one horizontal and one vertical edge meet. */
typedef struct
{
  PockmarkPoint point;
  guint32       along;   /* the corner at the other end of the horizontal edge */
  guint32       across;  /* the corner at the other end of the vertical edge   */
  guint16       hole;    /* of a ring's first corner: the ring is a hole       */
  guint16       visited;
} PockmarkCorner;

/* The corners of a lesion's outlines.  runs: by row, then from left to right,
 * no two of them touching in one row.  To be freed with g_free; NULL with
 * POCKMARK_ERROR_MEMORY. */
PockmarkCorner *pockmark_corners_new (const PockmarkRun *runs,
                                      gsize              n_runs,
                                      gsize             *n_corners,
                                      GError           **error);

/* Walks the ring of the corner first (which becomes visited) and appends its
 * points to points, if given.  Returns the ring's length by ImageJ's corner
 * rule, pixels.  first: the first corner of its ring, with the others in the
 * order of the array. */
gdouble pockmark_ring_walk (PockmarkCorner *corners,
                            gsize           first,
                            GArray         *points);

G_END_DECLS

#endif
