/* What cairo draws on a part of a picture
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * babl looks for a way between cairo's pixels and a layer's anew in every
 * process, and times dozens of them: a fifth of a second, which is a tenth of a
 * whole detection.  Layers of 8 bits, as nearly all are, are therefore
 * multiplied and divided by their alpha here.
 */

#include <string.h>

#include "cairo-area.h"
#include "pockmark-gegl.h"

/* The picture's own format where it is R'G'B'A u8, else NULL. */
static const Babl *
bytes_format (GeglBuffer *picture)
{
  const Babl *format =
    pockmark_gegl_code_format (gegl_buffer_get_format (picture));

  return format != NULL && babl_format_has_alpha (format) ? format : NULL;
}

static void
multiply (guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++, bytes += 4)
    {
      const guint32 alpha = bytes[3];
      guint32       pixel = alpha << 24;

      for (guint c = 0; c < 3; c++)
        pixel |= ((bytes[c] * alpha + 127) / 255) << (16 - 8 * c);
      memcpy (bytes, &pixel, sizeof pixel);
    }
}

static void
divide (guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++, bytes += 4)
    {
      guint32 pixel;
      guint32 alpha;

      memcpy (&pixel, bytes, sizeof pixel);
      alpha = pixel >> 24;
      for (guint c = 0; c < 3; c++)
        {
          const guint32 value = pixel >> (16 - 8 * c) & 255;

          bytes[c] = alpha == 0 ? 0
                                : MIN ((value * 255 + alpha / 2) / alpha, 255);
        }
      bytes[3] = alpha;
    }
}

cairo_surface_t *
cairo_area_read (GeglBuffer *picture, const GeglRectangle *area)
{
  const Babl      *bytes = bytes_format (picture);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                                         area->width,
                                                         area->height);
  guint8          *data = cairo_image_surface_get_data (surface);
  gint             stride = cairo_image_surface_get_stride (surface);

  gegl_buffer_get (picture, area, 1.0,
                   bytes != NULL ? bytes : babl_format ("cairo-ARGB32"), data,
                   stride, GEGL_ABYSS_NONE);
  for (gint y = 0; bytes != NULL && y < area->height; y++)
    multiply (data + (gsize) y * stride, area->width);
  cairo_surface_mark_dirty (surface);

  return surface;
}

void
cairo_area_write (GeglBuffer *picture, const GeglRectangle *area,
                  cairo_surface_t *surface)
{
  const Babl *bytes = bytes_format (picture);
  guint8     *data = cairo_image_surface_get_data (surface);
  gint        stride = cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  for (gint y = 0; bytes != NULL && y < area->height; y++)
    divide (data + (gsize) y * stride, area->width);
  gegl_buffer_set (picture, area, 0,
                   bytes != NULL ? bytes : babl_format ("cairo-ARGB32"), data,
                   stride);
}
