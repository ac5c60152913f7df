/* The class channels as the core's masks
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "coverage.h"

#define N_MASKS (POCKMARK_N_CLASSES - 1)

static void
read_mask (const Coverage     *coverage,
           gint                klass,
           const PockmarkRect *rect,
           gfloat             *values,
           gfloat             *pixels)
{
  gsize         n = (gsize) rect->width * rect->height;
  GeglRectangle area = { coverage->extent.x + rect->x
                           - coverage->mask[klass].x,
                         coverage->extent.y + rect->y
                           - coverage->mask[klass].y,
                         rect->width, rect->height };

  gegl_buffer_get (coverage->mask[klass].buffer, &area, 1.0,
                   babl_format ("Y float"), values, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  for (gsize i = 0; i < n; i++)
    pixels[N_MASKS * i + klass - 1] = values[i];
}

/* The photograph may reach beyond the image. */
static void
forget_outside (const Coverage     *coverage,
                const PockmarkRect *rect,
                gfloat             *pixels)
{
  for (gint y = 0; y < rect->height; y++)
    {
      gint     image_y = coverage->extent.y + rect->y + y;
      gboolean inside = image_y >= 0 && image_y < coverage->image_height;

      for (gint x = 0; x < rect->width; x++)
        {
          gint image_x = coverage->extent.x + rect->x + x;

          if (!inside || image_x < 0 || image_x >= coverage->image_width)
            for (gint i = 0; i < N_MASKS; i++)
              pixels[N_MASKS * ((gsize) y * rect->width + x) + i] = NAN;
        }
    }
}

static gboolean
read_masks (const PockmarkRect *rect,
            gfloat             *pixels,
            gpointer            user_data,
            GError            **error)
{
  const Coverage    *coverage = user_data;
  gsize              n = (gsize) rect->width * rect->height;
  g_autofree gfloat *values = g_try_malloc_n (
    n, (coverage->amendment != NULL ? 4 : 1) * sizeof (gfloat));

  if (values == NULL)
    {
      g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                   _("There is not enough memory to read the channels."));
      return FALSE;
    }

  memset (pixels, 0, n * N_MASKS * sizeof (gfloat));
  for (gint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    if (coverage->mask[klass].buffer != NULL)
      read_mask (coverage, klass, rect, values, pixels);
  if (coverage->amendment != NULL)
    amendment_cover (coverage->amendment, rect, values, pixels);
  forget_outside (coverage, rect, pixels);

  return TRUE;
}

void
coverage_init (Coverage            *coverage,
               GimpImage           *image,
               GimpChannel  *const *channels,
               const GeglRectangle *extent,
               const Amendment     *amendment)
{
  coverage->amendment = amendment;
  coverage->extent = *extent;
  coverage->image_width = gimp_image_get_width (image);
  coverage->image_height = gimp_image_get_height (image);
  coverage->source = (PockmarkSource) { .width = extent->width,
                                        .height = extent->height,
                                        .read = read_masks,
                                        .user_data = coverage };
  for (gint klass = 0; klass < POCKMARK_N_CLASSES; klass++)
    {
      coverage->mask[klass].buffer = NULL;
      if (channels[klass] == NULL)
        continue;

      coverage->mask[klass].buffer =
        gimp_drawable_get_buffer (GIMP_DRAWABLE (channels[klass]));
      gimp_drawable_get_offsets (GIMP_DRAWABLE (channels[klass]),
                                 &coverage->mask[klass].x,
                                 &coverage->mask[klass].y);
    }
}

void
coverage_clear (Coverage *coverage)
{
  for (gint klass = 0; klass < POCKMARK_N_CLASSES; klass++)
    g_clear_object (&coverage->mask[klass].buffer);
}
