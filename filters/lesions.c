/* Pockmark: pockmark:lesions, the lesion map
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The map (see "The lesion map" in pockmark-core.h) is mostly ground.  The
 * ground is set as one colour, for which GEGL shares a single tile, and only
 * the blocks that a lesion reaches are written: an empty map costs no memory.
 *
 * Where there is nothing to look at (no input, an endless one, only
 * transparent pixels) or the core fails, the map is empty.
 */

#include <glib/gi18n-lib.h>

#include "pockmark-operation.h"

#ifdef GEGL_PROPERTIES

#include "properties-skin.h"
#include "properties-find.h"

#else

#define GEGL_OP_FILTER
#define GEGL_OP_NAME pockmark_lesions
#define GEGL_OP_C_SOURCE lesions.c

#include "gegl-op.h"

typedef struct
{
  const PockmarkDetection *detection;
  GeglRectangle            whole;
  GeglBuffer              *output;
  const Babl              *format;
} Drawing;

static void
prepare (GeglOperation *operation)
{
  gegl_operation_set_format (operation, "input",
                             pockmark_gegl_photograph_format ());
  gegl_operation_set_format (operation, "output",
                             pockmark_gegl_map_format (NULL));
  pockmark_operation_prepare_cache (operation);
}

static PockmarkDetection *
detect (GeglOperation       *operation,
        GeglBuffer          *input,
        const GeglRectangle *whole,
        const PockmarkHost  *host)
{
  GeglProperties     *o = GEGL_PROPERTIES (operation);
  PockmarkParameters  parameters
      = pockmark_operation_parameters_with_scale (o->pixels_per_mm);
  PockmarkGeglPicture photograph;
  PockmarkDetection  *detection;
  g_autoptr (GError)  error = NULL;

  parameters.whole_is_skin = o->whole_is_skin;
  parameters.sensitivity = o->sensitivity;
  parameters.light_azimuth = o->light_azimuth;

  pockmark_gegl_picture_init (&photograph, input, whole,
                              POCKMARK_GEGL_PHOTOGRAPH);
  detection = pockmark_detect (&photograph.source, &parameters, host, &error);
  if (! detection)
    g_info ("pockmark:lesions: %s", error->message);
  return detection;
}

static gboolean
draw_block (const GeglRectangle *block, gpointer user_data)
{
  const Drawing     *drawing = user_data;
  gsize              n = (gsize) block->width * block->height;
  PockmarkRect       rect = { block->x - drawing->whole.x,
                              block->y - drawing->whole.y,
                              block->width, block->height };
  g_autofree gfloat *pixels = NULL;
  gsize              i;

  if (! pockmark_detection_reaches (drawing->detection, &rect))
    return TRUE;
  pixels = g_try_malloc_n (n, 4 * sizeof (gfloat));
  if (! pixels)
    return FALSE;

  pockmark_detection_render (drawing->detection, &rect, pixels,
                             4 * (gsize) block->width);
  for (i = 0; i < n && pixels[4 * i] == 0.0f; i++)
    ;
  if (i < n)
    gegl_buffer_set (drawing->output, block, 0, drawing->format, pixels,
                     GEGL_AUTO_ROWSTRIDE);
  return TRUE;
}

static gboolean
process (GeglOperation       *operation,
         GeglBuffer          *input,
         GeglBuffer          *output,
         const GeglRectangle *result,
         gint                 level)
{
  const gfloat                  ground[4] = { 0.0f, 0.0f, 0.0f, 1.0f };
  g_autoptr (PockmarkDetection) detection = NULL;
  Drawing                       drawing;
  GeglRectangle                 area;
  PockmarkHost                  host;
  gboolean                      drawn;

  drawing.output = output;
  drawing.format = gegl_operation_get_format (operation, "output");

  /* Without the cache, GEGL makes output no larger than what was asked for. */
  if (! gegl_rectangle_intersect (&area, result,
                                  gegl_buffer_get_extent (output)))
    return TRUE;
  gegl_buffer_set_color_from_pixel (output, &area, ground, drawing.format);

  if (! pockmark_operation_whole_picture (operation, result, &drawing.whole))
    return TRUE;

  pockmark_operation_host_init (operation, &host);
  pockmark_host_progress (&host, 0.0, NULL);
  detection = detect (operation, input, &drawing.whole, &host);
  drawing.detection = detection;
  drawn = detection
          && pockmark_operation_paint (&host, &area, draw_block, &drawing);
  pockmark_host_progress (&host, 1.0, NULL);
  return drawn;
}

static void
gegl_op_class_init (GeglOpClass *klass)
{
  GeglOperationClass *operation_class = GEGL_OPERATION_CLASS (klass);

  GEGL_OPERATION_FILTER_CLASS (klass)->process = process;
  operation_class->prepare = prepare;
  pockmark_operation_class_whole_picture (operation_class);

  gegl_operation_class_set_keys (operation_class,
    "name",        "pockmark:lesions",
    "title",       _("Lesion Map"),
    "categories",  "dermatology",
    "op-version",  POCKMARK_OPERATION_VERSION,
    "description", _("Find craters, ice-pick scars, red marks and brown marks, "
                     "and write them as numbers: red is the lesion's number, "
                     "green its class, blue its confidence."),
    NULL);
}

#endif
