/* Pockmark: GEGL buffers as the core's pictures
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pockmark-gegl.h"

static gboolean
read_pixels (const PockmarkRect *rect,
             gfloat             *pixels,
             gpointer            user_data,
             GError            **error)
{
  const PockmarkGeglPicture *picture = user_data;
  GeglRectangle              area = { picture->extent.x + rect->x,
                                      picture->extent.y + rect->y,
                                      rect->width, rect->height };

  gegl_buffer_get (picture->buffer, &area, 1.0, picture->format, pixels,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return TRUE;
}

void
pockmark_gegl_picture_init (PockmarkGeglPicture *picture,
                            GeglBuffer          *buffer,
                            const GeglRectangle *extent,
                            PockmarkGeglContent  content)
{
  picture->buffer = buffer;
  picture->extent = extent ? *extent : *gegl_buffer_get_extent (buffer);
  picture->format
      = content == POCKMARK_GEGL_MAP
            ? pockmark_gegl_map_format (gegl_buffer_get_format (buffer))
            : pockmark_gegl_photograph_format ();

  picture->source.width = picture->extent.width;
  picture->source.height = picture->extent.height;
  picture->source.read = read_pixels;
  picture->source.user_data = picture;
}

const Babl *
pockmark_gegl_photograph_format (void)
{
  return babl_format_with_space ("RGBA float", babl_space ("sRGB"));
}

const Babl *
pockmark_gegl_map_format (const Babl *format)
{
  return babl_format_with_space (
      "RGBA float", format ? babl_format_get_space (format) : NULL);
}

typedef struct
{
  gsize        n;
  PockmarkWork work;
  gpointer     work_data;
} Distribution;

static void
distribute (gint part, gint n_parts, gpointer user_data)
{
  const Distribution *distribution = user_data;
  gsize               share = distribution->n / n_parts;
  gsize               rest = distribution->n % n_parts;
  gsize               first = share * part + MIN ((gsize) part, rest);
  gsize               count = share + ((gsize) part < rest ? 1 : 0);

  distribution->work (first, count, distribution->work_data);
}

/* Not gegl_parallel_distribute_range (): its cost model cannot promise the
 * core a least number of items per part. */
static void
parallel (gsize        n,
          gsize        grain,
          PockmarkWork work,
          gpointer     work_data,
          gpointer     user_data)
{
  Distribution distribution = { n, work, work_data };
  gsize        n_parts = n / MAX (grain, 1);

  if (n > 0)
    gegl_parallel_distribute ((gint) CLAMP (n_parts, 1, G_MAXINT), distribute,
                              &distribution);
}

void
pockmark_gegl_host_init (PockmarkHost *host)
{
  host->progress = NULL;
  host->parallel = parallel;
  host->user_data = NULL;
}
