/* The lesion map's classes as a picture or as masks
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "class-picture.h"
#include "png.h"
#include "pockmark-gegl.h"

/* Of one byte a pixel, the output's own, which babl need not look for a way to:
 * a picture of classes is Y' u8, and the 255 of a channel's mask is 255 in all
 * of them. */
static const Babl *
bytes_format (GeglBuffer *output)
{
  const Babl *format = gegl_buffer_get_format (output);

  return babl_format_get_bytes_per_pixel (format) == 1 ? format
                                                       : babl_format ("Y' u8");
}

static gboolean
draw_lesion (GeglBuffer         *map,
             const PockmarkRect *box,
             const guint8       *value,
             GeglBuffer         *output,
             gint                x,
             gint                y)
{
  const Babl         *format =
    pockmark_gegl_map_format (gegl_buffer_get_format (map));
  const GeglRectangle from = { box->x, box->y, box->width, box->height };
  const GeglRectangle to = { box->x + x, box->y + y, box->width, box->height };
  gsize               n = (gsize) box->width * box->height;
  g_autofree gfloat  *pixels = g_try_malloc_n (n, 4 * sizeof (gfloat));
  g_autofree guint8  *values = g_try_malloc_n (n, 1);

  if (pixels == NULL || values == NULL)
    return FALSE;

  gegl_buffer_get (map, &from, 1.0, format, pixels, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  for (gsize i = 0; i < n; i++)
    values[i] = value[CLAMP ((gint) pixels[4 * i + 1], 0,
                             POCKMARK_N_CLASSES - 1)];
  gegl_buffer_set (output, &to, 0, bytes_format (output), values,
                   GEGL_AUTO_ROWSTRIDE);

  return TRUE;
}

gboolean
class_picture_draw (GeglBuffer   *map,
                    const GArray *lesions,
                    const guint8 *value,
                    GeglBuffer   *output,
                    gint          x,
                    gint          y,
                    GError      **error)
{
  for (guint i = 0; i < lesions->len; i++)
    {
      const PockmarkLesion *lesion =
        &g_array_index (lesions, PockmarkLesion, i);

      if (value[lesion->klass] == 0
          || draw_lesion (map, &lesion->box, value, output, x, y))
        continue;

      g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                   _("There is not enough memory to draw the findings."));
      return FALSE;
    }

  return TRUE;
}

gboolean
class_picture_write (GFile        *file,
                     GeglBuffer   *map,
                     const GArray *lesions,
                     const gchar  *parameters,
                     GError      **error)
{
  GeglBuffer *picture;
  guint8      value[POCKMARK_N_CLASSES];
  gboolean    written;

  for (guint i = 0; i < POCKMARK_N_CLASSES; i++)
    value[i] = i;

  picture = gegl_buffer_new (gegl_buffer_get_extent (map),
                             babl_format ("Y' u8"));
  written = class_picture_draw (map, lesions, value, picture, 0, 0, error)
            && png_write (file, picture, parameters, error);
  g_object_unref (picture);

  return written;
}
