/* How many pixels a millimetre of skin has, and who says so
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The scale is kept in the image's record (record.h).  Set Skin Scale also
 * tells it to GIMP as the image's resolution, for the rulers and the Measure
 * tool.  The resolution is never asked back: cameras and scanners write 72 or
 * 300 dpi whatever the distance to the skin was.
 *
 * Scaling an image changes its scale, cropping does not, and GIMP tells
 * neither.  So Set Skin Scale leaves a path in the image, an L whose arms have
 * a known length: GIMP scales paths with the image and cuts none, and how much
 * the path grew since is how much the scale did.  Where there is no such path
 * (the scale came as an argument, or the user removed it), an image that has
 * another size than then has no known scale any more.
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

/* What an image was like when its scale was kept. */
typedef struct
{
  gint    width;       /* of the image, pixels; 0 not recorded */
  gint    height;
  gdouble path_length; /* of an arm of the path, pixels; 0 none */
} SkinScaleTrace;

void     skin_scale_trace_init (SkinScaleTrace *trace, GimpImage *image);

/* How many pixels a pixel of then has become; 0 where nobody knows. */
gdouble  skin_scale_change     (GimpImage *image, const SkinScaleTrace *then);

/* Whether path is the one that we left. */
gboolean skin_scale_owns       (GimpPath *path);

/* Keeps the scale as record, resolution and path.  The caller has opened an
 * undo group. */
void     skin_scale_keep       (GimpImage   *image,
                                gdouble      pixels_per_mm,
                                const gchar *source);

/* Makes path and resolution agree with a scale that is about to be recorded,
 * in an image that has them; others are left as they are. */
void     skin_scale_follow     (GimpImage *image, gdouble pixels_per_mm);

/* The longest length of 1, 2 or 5 times a power of ten mm that takes at most
 * so many pixels. */
gdouble  skin_scale_round_mm   (gdouble pixels_per_mm, gdouble pixels);

#endif
