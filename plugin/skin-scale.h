/* How many pixels a millimetre of skin has, and who says so
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The image's print resolution is not asked: cameras and scanners write 72 or
 * 300 dpi whatever the distance to the skin was.
 */

#ifndef POCKMARK_SKIN_SCALE_H
#define POCKMARK_SKIN_SCALE_H

#include "pockmark.h"

/* Pixels per mm that a photograph of skin can have, as in
 * PockmarkParameters. */
#define SKIN_SCALE_MIN 0.05
#define SKIN_SCALE_MAX 1000.0

typedef struct
{
  gdouble pixels_per_mm; /* 0 unknown */
  gchar  *source;        /* "argument", the word in the image's record, or
                          * NULL where unknown */
} SkinScale;

gboolean skin_scale_is_possible (gdouble pixels_per_mm);

/* argument in pixels per mm, 0: ask the image, else unknown.  FALSE with
 * GIMP_PLUG_IN_ERROR where the argument makes no sense. */
gboolean skin_scale_resolve (SkinScale  *scale,
                             GimpImage  *image,
                             gdouble     argument,
                             GError    **error);
void     skin_scale_clear   (SkinScale *scale);

/* The source's word for tables and records, "unknown" without a scale. */
const gchar *skin_scale_word (const SkinScale *scale);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SkinScale, skin_scale_clear)

/* A sentence for the dialog on what an argument would mean.  To be freed. */
gchar   *skin_scale_explain (GimpImage *image, gdouble argument);

#endif
