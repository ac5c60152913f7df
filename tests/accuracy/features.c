/* Pockmark: every candidate of a photograph with what is known of it
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * usage: pockmark-features PHOTOGRAPH PIXELS-PER-MM OUTPUT [AZIMUTH]
 *
 * Read by fit.py.  OUTPUT gets a row of floats, as this machine has them, for
 * each candidate: kind, place and diameter (0 where it was not worth a look or
 * nothing grew) in the photograph's pixels, 1 where the row is a second view of the row before it
 * from the other end of the light's axis, and the features that classify.c
 * weighs.
 */

#include <stdio.h>

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

static gboolean
write_candidate (const PockmarkAnalysis  *analysis,
                 const PockmarkCandidate *candidate,
                 FILE                    *output)
{
  const PockmarkJudge judge
      = { analysis->space, analysis->light, analysis->pixels_per_mm };
  const gint    views = judge.light.source == POCKMARK_LIGHT_UNKNOWN ? 2 : 1;
  gfloat        row[5 + POCKMARK_N_FEATURES];
  PockmarkPatch patch = { 0 };
  gint          view;

  if (pockmark_is_worth_a_look (&judge, candidate)
      && ! pockmark_patch_grow (&patch, candidate, analysis->space,
                                &analysis->light, NULL))
    return FALSE;
  row[0] = (gfloat) candidate->kind;
  row[1] = candidate->x * (gfloat) analysis->reduction;
  row[2] = candidate->y * (gfloat) analysis->reduction;
  row[3] = patch.diameter * (gfloat) analysis->reduction;
  for (view = 0; view < views; view++)
    {
      row[4] = (gfloat) view;
      pockmark_features (&judge, candidate, &patch, view == 1, row + 5);
      if (fwrite (row, sizeof row, 1, output) != 1)
        return FALSE;
    }
  pockmark_patch_clear (&patch);
  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  PockmarkPixels     pixels;
  PockmarkSource     source;
  PockmarkParameters parameters;
  PockmarkAnalysis  *analysis;
  FILE              *output = NULL;
  GError            *error = NULL;
  gboolean           ok = TRUE;
  guint              i;

  gegl_init (NULL, NULL);
  if (argc < 4 || ! load (argv[1], &pixels)
      || ! (output = fopen (argv[3], "wb")))
    {
      g_printerr ("usage: %s PHOTOGRAPH PIXELS-PER-MM OUTPUT [AZIMUTH]\n", argv[0]);
      return 2;
    }
  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = g_ascii_strtod (argv[2], NULL);
  if (argc > 4)
    parameters.light_azimuth = g_ascii_strtod (argv[4], NULL);
  source = pockmark_source_from_pixels (&pixels);
  analysis = pockmark_analysis_whole (&source, &parameters, NULL, &error);
  if (! analysis)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  for (i = 0; i < analysis->candidates->len && ok; i++)
    ok = write_candidate (analysis,
                          &g_array_index (analysis->candidates,
                                          PockmarkCandidate, i),
                          output);
  ok = fclose (output) == 0 && ok;
  pockmark_analysis_free (analysis);
  g_free ((gpointer) pixels.data);
  gegl_exit ();
  return ok ? 0 : 1;
}
