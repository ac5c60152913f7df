/* Where a label stands beside the lesion that it belongs to
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_LABEL_PLACE_H
#define POCKMARK_LABEL_PLACE_H

#include <gegl.h>

#include "pockmark-core.h"

/* What labels have to get along with, in pixels of the photograph. */
typedef struct
{
  GeglRectangle  picture;
  const GArray  *lesions; /* of PockmarkLesion */
  GArray        *placed;  /* of GeglRectangle: the labels so far */
} LabelRoom;

typedef struct
{
  GeglRectangle area;
  gboolean      leader; /* it takes a line to see what it belongs to */
  PockmarkPoint from;   /* of the line, on the label's border */
  PockmarkPoint to;     /* and on the lesion's outline */
} LabelPlace;

/* Where a label of width x height belongs, beside the outline (of
 * PockmarkPoint, not empty) of lesion i of the room and clear of lesions and
 * labels where there is room; added to those placed. */
LabelPlace label_place (LabelRoom    *room,
                        guint         i,
                        const GArray *outline,
                        gint          width,
                        gint          height);

#endif
