/* Pockmark: pockmark:annotate, a lesion map painted over a photograph
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Input is the photograph, aux the lesion map; without one the photograph
 * passes.  Painting happens in linear light in the photograph's own space, so
 * that what is not covered keeps its values.
 */

#include <glib/gi18n-lib.h>

#include "pockmark-operation.h"

#ifdef GEGL_PROPERTIES

#include "properties-paint.h"

#else

#define GEGL_OP_COMPOSER
#define GEGL_OP_NAME pockmark_annotate
#define GEGL_OP_C_SOURCE annotate.c

#include "gegl-op.h"

typedef struct
{
  PockmarkAnnotation style;
  GeglBuffer        *input;
  GeglBuffer        *aux;
  GeglBuffer        *output;
  const Babl        *colour_format;
  const Babl        *map_format;
} Painting;

static void
prepare (GeglOperation *operation)
{
  const Babl *colours = pockmark_operation_colour_format (operation, "input");

  gegl_operation_set_format (operation, "input", colours);
  gegl_operation_set_format (operation, "output", colours);
  gegl_operation_set_format (
      operation, "aux",
      pockmark_gegl_map_format (
          gegl_operation_get_source_format (operation, "aux")));
}

/* A photograph never grows by what is painted over it. */
static GeglRectangle
get_bounding_box (GeglOperation *operation)
{
  const GeglRectangle  nothing = { 0, 0, 0, 0 };
  const GeglRectangle *box
      = gegl_operation_source_get_bounding_box (operation, "input");

  if (! box)
    box = gegl_operation_source_get_bounding_box (operation, "aux");
  return box ? *box : nothing;
}

/* The outline of a lesion reaches as far outside of it as it is wide. */
static GeglRectangle
grow_for_outline (GeglOperation       *operation,
                  const gchar         *input_pad,
                  const GeglRectangle *roi)
{
  gint          outline = GEGL_PROPERTIES (operation)->outline;
  GeglRectangle grown = *roi;

  if (g_str_equal (input_pad, "aux")
      && ! gegl_rectangle_is_infinite_plane (roi))
    gegl_rectangle_set (&grown, roi->x - outline, roi->y - outline,
                        roi->width + 2 * outline, roi->height + 2 * outline);
  return grown;
}

static gboolean
is_empty (const gfloat *map, gsize n)
{
  gsize i;

  for (i = 0; i < n; i++)
    if (map[4 * i] != 0.0f)
      return FALSE;
  return TRUE;
}

static gboolean
paint_block (const GeglRectangle *block, gpointer user_data)
{
  const Painting    *painting = user_data;
  gint               outline = painting->style.outline;
  PockmarkRect       rect = { block->x, block->y, block->width, block->height };
  GeglRectangle      grown = { block->x - outline, block->y - outline,
                               block->width + 2 * outline,
                               block->height + 2 * outline };
  gsize              n_map = (gsize) grown.width * grown.height;
  g_autofree gfloat *map = g_try_malloc_n (n_map, 4 * sizeof (gfloat));
  g_autofree gfloat *pixels = NULL;

  if (! map)
    return FALSE;
  gegl_buffer_get (painting->aux, &grown, 1.0, painting->map_format, map,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  if (is_empty (map, n_map))
    {
      gegl_buffer_copy (painting->input, block, GEGL_ABYSS_NONE,
                        painting->output, block);
      return TRUE;
    }

  pixels = g_try_malloc_n ((gsize) block->width * block->height,
                           4 * sizeof (gfloat));
  if (! pixels)
    return FALSE;
  gegl_buffer_get (painting->input, block, 1.0, painting->colour_format, pixels,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  pockmark_annotate (&painting->style, &rect, map, pixels, pixels);
  gegl_buffer_set (painting->output, block, 0, painting->colour_format, pixels,
                   GEGL_AUTO_ROWSTRIDE);
  return TRUE;
}

static void
get_style (GeglOperation *operation, PockmarkAnnotation *style)
{
  GeglProperties *o = GEGL_PROPERTIES (operation);
  GeglColor      *colours[POCKMARK_N_CLASSES] = {
    [POCKMARK_CRATER] = o->crater_color,
    [POCKMARK_ICE_PICK] = o->ice_pick_color,
    [POCKMARK_RED_MARK] = o->red_mark_color,
    [POCKMARK_BROWN_MARK] = o->brown_mark_color,
  };
  const Babl *format = babl_format_with_space (
      "RGB float",
      babl_format_get_space (gegl_operation_get_format (operation, "output")));
  gint klass;

  pockmark_annotation_init (style);
  style->opacity = o->opacity;
  style->outline = o->outline;
  for (klass = 0; klass < POCKMARK_N_CLASSES; klass++)
    if (colours[klass])
      gegl_color_get_pixel (colours[klass], format, style->colour[klass]);
}

static gboolean
process (GeglOperation       *operation,
         GeglBuffer          *input,
         GeglBuffer          *aux,
         GeglBuffer          *output,
         const GeglRectangle *result,
         gint                 level)
{
  Painting painting;

  if (! aux)
    {
      gegl_buffer_copy (input, result, GEGL_ABYSS_NONE, output, result);
      return TRUE;
    }

  get_style (operation, &painting.style);
  painting.input = input;
  painting.aux = aux;
  painting.output = output;
  painting.colour_format = gegl_operation_get_format (operation, "output");
  painting.map_format = gegl_operation_get_format (operation, "aux");

  /* GEGL has already dealt out result to its threads. */
  return pockmark_operation_paint (NULL, result, paint_block, &painting);
}

static void
gegl_op_class_init (GeglOpClass *klass)
{
  GeglOperationClass         *operation_class = GEGL_OPERATION_CLASS (klass);
  GeglOperationComposerClass *composer_class
      = GEGL_OPERATION_COMPOSER_CLASS (klass);

  composer_class->process = process;
  composer_class->aux_label = _("Lesion map");
  composer_class->aux_description
      = _("What pockmark:lesions found in the photograph.");
  operation_class->prepare = prepare;
  operation_class->get_bounding_box = get_bounding_box;
  operation_class->get_required_for_output = grow_for_outline;
  operation_class->get_invalidated_by_change = grow_for_outline;

  gegl_operation_class_set_keys (operation_class,
    "name",        "pockmark:annotate",
    "title",       _("Annotate Lesions"),
    "categories",  "dermatology",
    "op-version",  POCKMARK_OPERATION_VERSION,
    "description", _("Paint a lesion map over the photograph, one color for "
                     "each class of findings."),
    NULL);
}

#endif
