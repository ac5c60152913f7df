/* Pockmark: what the operations have in common
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pockmark-operation.h"

/* ---- Defaults ------------------------------------------------------------ */

PockmarkParameters
pockmark_operation_parameters (void)
{
  PockmarkParameters parameters;

  pockmark_parameters_init (&parameters);
  return parameters;
}

PockmarkParameters
pockmark_operation_parameters_with_scale (gdouble pixels_per_mm)
{
  PockmarkParameters parameters = pockmark_operation_parameters ();
  PockmarkParameters scaled = parameters;

  scaled.pixels_per_mm = pixels_per_mm;
  return pockmark_parameters_check (&scaled, NULL) ? scaled : parameters;
}

PockmarkAnnotation
pockmark_operation_annotation (void)
{
  PockmarkAnnotation style;

  pockmark_annotation_init (&style);
  return style;
}

const gchar *
pockmark_operation_colour (PockmarkClass klass)
{
  PockmarkAnnotation style = pockmark_operation_annotation ();
  gchar              number[3][G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree gchar  *string = NULL;
  gint               c;

  for (c = 0; c < 3; c++)
    g_ascii_formatd (number[c], sizeof (number[c]), "%.7f",
                     style.colour[klass][c]);
  string = g_strdup_printf ("rgb(%s, %s, %s)", number[0], number[1], number[2]);
  return g_intern_string (string);
}

/* ---- Operations that look at the whole picture --------------------------- */

gboolean
pockmark_operation_whole_picture (GeglOperation       *operation,
                                  const GeglRectangle *roi,
                                  GeglRectangle       *whole)
{
  const GeglRectangle *box
      = gegl_operation_source_get_bounding_box (operation, "input");

  if (! box || gegl_rectangle_is_infinite_plane (box))
    {
      *whole = *roi;
      return FALSE;
    }

  *whole = *box;
  return TRUE;
}

static GeglRectangle
get_required_for_output (GeglOperation       *operation,
                         const gchar         *input_pad,
                         const GeglRectangle *roi)
{
  GeglRectangle whole;

  pockmark_operation_whole_picture (operation, roi, &whole);
  return whole;
}

static GeglRectangle
get_cached_region (GeglOperation *operation, const GeglRectangle *roi)
{
  GeglRectangle whole;

  pockmark_operation_whole_picture (operation, roi, &whole);
  return whole;
}

GeglRectangle
pockmark_operation_invalidated_by_change (GeglOperation       *operation,
                                          const gchar         *input_pad,
                                          const GeglRectangle *roi)
{
  GeglRectangle whole;

  /* Both: where the picture has moved or shrunk, roi is what it left. */
  pockmark_operation_whole_picture (operation, roi, &whole);
  gegl_rectangle_bounding_box (&whole, &whole, roi);
  return whole;
}

void
pockmark_operation_class_whole_picture (GeglOperationClass *klass)
{
  klass->get_required_for_output = get_required_for_output;
  klass->get_cached_region = get_cached_region;
  klass->get_invalidated_by_change = pockmark_operation_invalidated_by_change;
  klass->threaded = FALSE;
  klass->cache_policy = GEGL_CACHE_POLICY_ALWAYS;
}

void
pockmark_operation_prepare_cache (GeglOperation *operation)
{
  GeglCachePolicy policy;

  g_object_get (operation->node, "cache-policy", &policy, NULL);
  if (policy != GEGL_CACHE_POLICY_ALWAYS)
    g_object_set (operation->node, "cache-policy", GEGL_CACHE_POLICY_ALWAYS,
                  NULL);
}

/* GEGL itself lets this through on the main thread only. */
static gboolean
progress (gdouble fraction, gpointer user_data)
{
  gchar message[] = "";

  gegl_operation_progress (user_data, fraction, message);
  return TRUE;
}

void
pockmark_operation_host_init (GeglOperation *operation, PockmarkHost *host)
{
  pockmark_gegl_host_init (host);
  host->progress = progress;
  host->user_data = operation;
}

/* ---- Painting ------------------------------------------------------------ */

const Babl *
pockmark_operation_colour_format (GeglOperation *operation, const gchar *pad)
{
  const Babl *format = gegl_operation_get_source_format (operation, pad);
  const Babl *space = format ? babl_format_get_space (format) : NULL;

  if (! space || babl_space_is_gray (space) || babl_space_is_cmyk (space))
    space = babl_space ("sRGB");
  return babl_format_with_space ("RGBA float", space);
}

typedef struct
{
  const GeglRectangle   *area;
  GeglRectangle          grid; /* in blocks */
  PockmarkOperationPaint paint;
  gpointer               user_data;
  gint                   failed; /* atomic */
} Painting;

static gint
floor_block (gint position)
{
  gint rest = position % POCKMARK_OPERATION_BLOCK;

  return (position - rest) / POCKMARK_OPERATION_BLOCK - (rest < 0 ? 1 : 0);
}

static void
paint_blocks (gsize first, gsize count, gpointer user_data)
{
  Painting *painting = user_data;
  gsize     i;

  for (i = first; i < first + count; i++)
    {
      gint          x = painting->grid.x + (gint) (i % painting->grid.width);
      gint          y = painting->grid.y + (gint) (i / painting->grid.width);
      GeglRectangle block = { x * POCKMARK_OPERATION_BLOCK,
                              y * POCKMARK_OPERATION_BLOCK,
                              POCKMARK_OPERATION_BLOCK,
                              POCKMARK_OPERATION_BLOCK };

      if (g_atomic_int_get (&painting->failed))
        return;
      gegl_rectangle_intersect (&block, &block, painting->area);
      if (! painting->paint (&block, painting->user_data))
        g_atomic_int_set (&painting->failed, TRUE);
    }
}

gboolean
pockmark_operation_paint (const PockmarkHost    *host,
                          const GeglRectangle   *area,
                          PockmarkOperationPaint paint,
                          gpointer               user_data)
{
  Painting painting = { area, { 0, 0, 0, 0 }, paint, user_data, FALSE };

  if (area->width <= 0 || area->height <= 0)
    return TRUE;

  painting.grid.x = floor_block (area->x);
  painting.grid.y = floor_block (area->y);
  painting.grid.width
      = floor_block (area->x + area->width - 1) - painting.grid.x + 1;
  painting.grid.height
      = floor_block (area->y + area->height - 1) - painting.grid.y + 1;

  pockmark_host_parallel (host,
                          (gsize) painting.grid.width * painting.grid.height,
                          1, paint_blocks, &painting);
  return ! painting.failed;
}
