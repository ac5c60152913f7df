/* Pockmark: every candidate of a photograph with what is known of it
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * usage: pockmark-features PHOTOGRAPH PIXELS-PER-MM [AZIMUTH]
 *
 * One line of CSV a candidate, read by fit.py: kind, place and diameter in the
 * photograph's pixels, class, confidence and the features that classify.c
 * weighs.  The first line, a comment, has the light's direction.
 */

#include <stdlib.h>

#include <gegl.h>

#include "pockmark-stages.h"

static gboolean
load (const gchar    *path,
      PockmarkPixels *pixels)
{
  GeglBuffer *buffer = NULL;
  GeglNode   *graph = gegl_node_new ();
  GeglNode   *source = gegl_node_new_child (graph, "operation", "gegl:load",
                                            "path", path, NULL);
  GeglNode   *sink = gegl_node_new_child (graph, "operation", "gegl:buffer-sink",
                                          "buffer", &buffer, NULL);
  gfloat *data;

  gegl_node_link (source, sink);
  gegl_node_process (sink);
  g_object_unref (graph);
  if (! buffer || gegl_buffer_get_width (buffer) < 1)
    return FALSE;
  pixels->width = gegl_buffer_get_width (buffer);
  pixels->height = gegl_buffer_get_height (buffer);
  data = g_new (gfloat, (gsize) pixels->width * (gsize) pixels->height * 4);
  gegl_buffer_get (buffer, NULL, 1.0, babl_format ("RGBA float"), data,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  g_object_unref (buffer);
  pixels->data = data;
  return TRUE;
}

static void
print_candidate (const PockmarkAnalysis  *analysis,
                 const PockmarkCandidate *candidate)
{
  gfloat        features[POCKMARK_N_FEATURES];
  PockmarkPatch patch;
  PockmarkClass klass;
  gfloat        confidence;
  gint          i;

  if (! pockmark_patch_grow (&patch, candidate, analysis->space,
                             &analysis->light, NULL))
    return;
  klass = pockmark_classify (candidate, &patch, analysis->pixels_per_mm, &confidence);
  pockmark_features (candidate, &patch, analysis->pixels_per_mm, features);
  if (klass != POCKMARK_NONE)
    {
      g_print ("%d,%.1f,%.1f,%.2f,%d,%.4f", candidate->kind,
               candidate->x * analysis->reduction,
               candidate->y * analysis->reduction,
               patch.diameter * analysis->reduction, klass, confidence);
      for (i = 0; i < POCKMARK_N_FEATURES; i++)
        g_print (",%.5g", features[i]);
      g_print ("\n");
    }
  pockmark_patch_clear (&patch);
}

int
main (int    argc,
      char **argv)
{
  PockmarkPixels     pixels;
  PockmarkSource     source;
  PockmarkParameters parameters;
  PockmarkAnalysis  *analysis;
  GError            *error = NULL;
  guint              i;

  gegl_init (NULL, NULL);
  if (argc < 3 || ! load (argv[1], &pixels))
    {
      g_printerr ("usage: %s PHOTOGRAPH PIXELS-PER-MM [AZIMUTH]\n", argv[0]);
      return 2;
    }
  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = g_ascii_strtod (argv[2], NULL);
  if (argc > 3)
    parameters.light_azimuth = g_ascii_strtod (argv[3], NULL);
  source = pockmark_source_from_pixels (&pixels);
  analysis = pockmark_analysis_new (&source, &parameters, NULL, &error);
  if (! analysis)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_print ("# light %d %.1f skin %.0f ita %.1f\n", analysis->light.source,
           analysis->light.azimuth, analysis->skin->pixels, analysis->skin->ita);
  for (i = 0; i < analysis->candidates->len; i++)
    print_candidate (analysis, &g_array_index (analysis->candidates,
                                               PockmarkCandidate, i));
  pockmark_analysis_free (analysis);
  g_free ((gpointer) pixels.data);
  gegl_exit ();
  return 0;
}
