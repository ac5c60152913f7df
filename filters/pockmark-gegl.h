/* Pockmark: GEGL buffers as the core's pictures
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What both the filters and the plug-in need to hand a GeglBuffer to the core.
 * Needs nothing of GEGL but buffers and its threads.
 */

#ifndef POCKMARK_GEGL_H
#define POCKMARK_GEGL_H

#include <gegl.h>

#include "pockmark-core.h"

G_BEGIN_DECLS

typedef enum
{
  POCKMARK_GEGL_PHOTOGRAPH, /* colours: brought to linear sRGB               */
  POCKMARK_GEGL_MAP         /* numbers: no colour conversion touches them    */
} PockmarkGeglContent;

/* A picture of the core over a buffer.  The core's (0, 0) is extent's top
 * left, wherever that lies in the buffer; what extent has and the buffer has
 * not is transparent. */
typedef struct
{
  PockmarkSource source; /* to be handed to the core                         */
  GeglBuffer    *buffer; /* not owned                                        */
  GeglRectangle  extent;
  const Babl    *format; /* of the core's pixels: four floats each           */
  const Babl    *integers; /* what is read of buffer instead; NULL: format   */
} PockmarkGeglPicture;

/* picture must stay where it is for as long as its source is used, and buffer
 * alive.  extent NULL: the buffer's own.  Reading never fails and may happen
 * on several threads at once. */
void pockmark_gegl_picture_init (PockmarkGeglPicture *picture,
                                 GeglBuffer          *buffer,
                                 const GeglRectangle *extent,
                                 PockmarkGeglContent  content);

/* The babl format of a photograph's pixels in the core: linear RGBA floats
 * with sRGB's primaries, not premultiplied. */
const Babl *pockmark_gegl_photograph_format (void);

/* The format itself where it is sRGB's R'G'B' or R'G'B'A of 8 bits, else NULL,
 * also for NULL. */
const Babl *pockmark_gegl_code_format (const Babl *format);

/* Turns n pixels of linear RGBA into such bytes, n_codes each, in place. */
void pockmark_gegl_encode (gfloat *pixels, gsize n, gint n_codes);

/* Lays n pixels of linear RGBA, premultiplied, over such bytes.  What is not
 * covered keeps its bytes. */
void pockmark_gegl_lay_over (const gfloat *layer, gsize n, guint8 *codes,
                             gint n_codes);

/* "RGBA float" in the space of format (NULL: sRGB's): reads the numbers of a
 * lesion map as they were written. */
const Babl *pockmark_gegl_map_format (const Babl *format);

/* A host that works on GEGL's threads, as many as GEGL is set to use, silent
 * and never cancelled.  parallel needs no user_data: the caller may set
 * progress and user_data to its own. */
void pockmark_gegl_host_init (PockmarkHost *host);

G_END_DECLS

#endif
