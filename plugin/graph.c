/* The filters, run in this process over whole pictures
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pockmark-gegl.h"
#include "graph.h"

/* An outline as wide as the filter's own vanishes in a large photograph seen
 * at once: one pixel for so many of the longer side. */
#define PIXELS_PER_OUTLINE 1500

gboolean
graph_check (GError **error)
{
  if (gegl_has_operation ("pockmark:lesions")
      && gegl_has_operation ("pockmark:annotate")
      && gegl_has_operation ("pockmark:redness"))
    return TRUE;

  g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
               _("Pockmark's filters are missing: put its module "
                 "\"pockmark\" where GEGL looks for filters, and restart "
                 "GIMP."));
  return FALSE;
}

/* The filters look at the whole picture before the first pixel comes out. */
static void
on_node_progress (GeglNode *node, gdouble fraction, gpointer user_data)
{
  progress_update (user_data, fraction);
}

/* Runs operation over photograph into sink. */
static void
run (GeglNode       *graph,
     GeglBuffer     *photograph,
     GeglNode       *operation,
     GeglNode       *sink,
     const Progress *progress)
{
  GeglNode      *source;
  GeglProcessor *processor;
  gdouble        done;

  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", photograph, NULL);
  gegl_node_link_many (source, operation, sink, NULL);
  g_signal_connect (operation, "progress", G_CALLBACK (on_node_progress),
                    (gpointer) progress);

  processor = gegl_node_new_processor (sink, NULL);
  while (gegl_processor_work (processor, &done))
    ;
  progress_update (progress, 1.0);
  g_object_unref (processor);
}

GeglBuffer *
graph_lesions (GeglBuffer               *photograph,
               const PockmarkParameters *parameters,
               const Progress           *progress)
{
  GeglNode   *graph = gegl_node_new ();
  GeglNode   *lesions;
  GeglNode   *sink;
  GeglBuffer *map = NULL;

  lesions = gegl_node_new_child (graph,
    "operation",     "pockmark:lesions",
    "pixels-per-mm", parameters->pixels_per_mm,
    "sensitivity",   parameters->sensitivity,
    "light-azimuth", parameters->light_azimuth,
    "whole-is-skin", parameters->whole_is_skin,
    NULL);
  /* Takes the filter's own buffer: of the map's bytes, five times the
   * photograph's, nearly all are in one tile that all empty places share. */
  sink = gegl_node_new_child (graph, "operation", "gegl:buffer-sink",
                              "buffer", &map, NULL);
  run (graph, photograph, lesions, sink, progress);
  g_object_unref (graph);

  return map;
}

void
graph_redness (GeglBuffer                 *photograph,
               const PockmarkParameters   *parameters,
               const PockmarkRednessStyle *style,
               GeglBuffer                 *output,
               const Progress             *progress)
{
  GeglNode *graph = gegl_node_new ();
  GeglNode *redness;
  GeglNode *sink;

  redness = gegl_node_new_child (graph,
    "operation",     "pockmark:redness",
    "pixels-per-mm", parameters->pixels_per_mm,
    "whole-is-skin", parameters->whole_is_skin,
    "show",          style->show,
    "relative",      style->relative,
    "opacity",       style->opacity,
    NULL);
  sink = gegl_node_new_child (graph, "operation", "gegl:write-buffer",
                              "buffer", output, NULL);
  run (graph, photograph, redness, sink, progress);
  g_object_unref (graph);
}

/* What the node gives in area, into output.  babl takes a twentieth of a second
 * to find a way from floats to a layer's bytes. */
static void
blit (GeglNode *node, const GeglRectangle *area, GeglBuffer *output)
{
  const Babl        *bytes =
    pockmark_gegl_code_format (gegl_buffer_get_format (output));
  gsize              n = (gsize) area->width * area->height;
  g_autofree gfloat *pixels =
    bytes != NULL ? g_try_malloc_n (n, 4 * sizeof (gfloat)) : NULL;

  if (pixels == NULL)
    {
      gegl_node_blit_buffer (node, output, area, 0, GEGL_ABYSS_NONE);
      return;
    }

  gegl_node_blit (node, 1.0, area, pockmark_gegl_photograph_format (), pixels,
                  GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
  pockmark_gegl_encode (pixels, n, babl_format_get_n_components (bytes));
  gegl_buffer_set (output, area, 0, bytes, pixels, GEGL_AUTO_ROWSTRIDE);
}

void
graph_annotate (GeglBuffer     *map,
                const GArray   *lesions,
                GeglBuffer     *output,
                const Progress *progress)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (map);
  GeglNode            *graph = gegl_node_new ();
  GeglNode            *annotate;
  GeglNode            *source;
  GeglNode            *aux;
  GeglBuffer          *nothing;
  gint                 outline;

  nothing = gegl_buffer_new (extent, pockmark_gegl_photograph_format ());
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", nothing, NULL);
  aux = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                             "buffer", map, NULL);
  annotate = gegl_node_new_child (graph, "operation", "pockmark:annotate",
                                  NULL);
  gegl_node_get (annotate, "outline", &outline, NULL);
  outline = MAX (outline,
                 MAX (extent->width, extent->height) / PIXELS_PER_OUTLINE);
  gegl_node_set (annotate, "outline", outline, NULL);
  gegl_node_link (source, annotate);
  gegl_node_connect (aux, "output", annotate, "aux");

  for (guint i = 0; i < lesions->len; i++)
    {
      const PockmarkRect *box = &g_array_index (lesions, PockmarkLesion,
                                                i).box;
      GeglRectangle       area = { box->x - outline, box->y - outline,
                                   box->width + 2 * outline,
                                   box->height + 2 * outline };

      if (gegl_rectangle_intersect (&area, &area, extent))
        blit (annotate, &area, output);
      progress_update (progress, (i + 1.0) / lesions->len);
    }

  g_object_unref (nothing);
  g_object_unref (graph);
}
