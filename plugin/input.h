/* What a procedure works on: one layer as the user sees it
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_INPUT_H
#define POCKMARK_INPUT_H

#include <gegl.h>

#include "pockmark.h"

typedef struct
{
  GimpImage  *image;
  GimpLayer  *layer;
  gint        offset_x;   /* of the layer in the image, pixels */
  gint        offset_y;
  gint        width;      /* of the layer, pixels */
  gint        height;
  GeglBuffer *region;     /* "Y u8", 0, 0, width, height: the selection that
                           * limits the work; NULL: the whole layer */
  GeglBuffer *photograph; /* 0, 0, width, height; NULL before input_read ().
                           * The layer with its live filters; alpha is the
                           * layer's x its mask's x the region's */
  gchar      *name;       /* of the photograph in tables */
  gchar      *stem;       /* of the files written for it */
} Input;

/* Whether drawables are one layer of the image with pixels of its own; FALSE
 * with GIMP_PLUG_IN_ERROR and a sentence on what to do. */
gboolean input_check_layer (GimpImage     *image,
                            GimpDrawable **drawables,
                            GError       **error);

/* Whether the arguments name one layer that can be worked on.  NULL with
 * GIMP_PLUG_IN_ERROR and a sentence on what to do; the image is only looked
 * at. */
Input *input_new  (GimpImage     *image,
                   GimpDrawable **drawables,
                   GError       **error);

/* The rectangle of the photograph in the image. */
GeglRectangle input_extent (const Input *input);

/* The same, whatever is selected: region is the caller's to set. */
Input *input_new_whole (GimpImage     *image,
                        GimpDrawable **drawables,
                        GError       **error);

/* Adds what the rings (of PockmarkRing, in the photograph's pixels) enclose to
 * the image's selection, no more and no less. */
void     input_select (const Input *input, const GPtrArray *rings);

/* Fills photograph, from a copy: neither image nor undo history change. */
gboolean input_read (Input *input, GError **error);

void     input_free (Input *input);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Input, input_free)

#endif
