/* The speed table: one case
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdio.h>
#include <string.h>

#include "bench.h"

/* Of gegl:gaussian-blur, to which everything is compared. */
#define SIGMA 10.0

/* Side of the piece of a live filter's result, pixels. */
#define PIECE 1024.0

/* A figure of this process in bytes, from Linux' own account; negative where
 * there is none. */
static gdouble
memory (const gchar *field)
{
  g_autofree gchar *status = NULL;
  const gchar      *line;

  if (! g_file_get_contents ("/proc/self/status", &status, NULL, NULL)
      || ! (line = strstr (status, field)))
    return -1.0;
  return 1024.0 * g_ascii_strtod (line + strlen (field), NULL);
}

/* Has the highest figure start anew from what is held now. */
static void
forget_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (file)
    {
      fputs ("5", file);
      fclose (file);
    }
}

static GeglNode *
node_for (GeglNode    *graph,
          const gchar *name,
          gdouble      pixels_per_mm)
{
  GeglNode *node = gegl_node_new_child (graph, "operation", name, NULL);

  if (g_str_has_prefix (name, "pockmark:"))
    gegl_node_set (node, "pixels-per-mm", pixels_per_mm, NULL);
  else if (g_str_equal (name, "gegl:gaussian-blur"))
    gegl_node_set (node, "std-dev-x", SIGMA, "std-dev-y", SIGMA, NULL);
  return node;
}

/* Of a live filter only the piece that GIMP's canvas asks for first. */
static GeglNode *
first_piece (GeglNode   *graph,
             GeglNode   *node,
             GeglBuffer *photograph)
{
  const GeglRectangle *whole = gegl_buffer_get_extent (photograph);
  GeglNode            *crop = gegl_node_new_child (
      graph, "operation", "gegl:crop", "x", 0.5 * (whole->width - PIECE),
      "y", 0.5 * (whole->height - PIECE), "width", PIECE, "height", PIECE, NULL);

  gegl_node_link (node, crop);
  return crop;
}

/* Runs the operation from buffer to buffer; own: bytes of the result that it
 * cannot do without. */
static gdouble
run_operation (const gchar *name,
               GeglBuffer  *photograph,
               gdouble      pixels_per_mm,
               gdouble     *own)
{
  GeglNode   *graph = gegl_node_new ();
  GeglBuffer *result = NULL;
  GeglNode   *source = gegl_node_new_child (
      graph, "operation", "gegl:buffer-source", "buffer", photograph, NULL);
  GeglNode   *node = node_for (graph, name, pixels_per_mm);
  GeglNode   *sink = gegl_node_new_child (
      graph, "operation", "gegl:buffer-sink", "buffer", &result, NULL);
  gint64      began;
  gdouble     seconds;

  gegl_node_link (source, node);
  if (g_str_equal (name, "pockmark:detect"))
    node = first_piece (graph, node, photograph);
  gegl_node_link (node, sink);
  began = g_get_monotonic_time ();
  gegl_node_process (sink);
  seconds = 1e-6 * (gdouble) (g_get_monotonic_time () - began);
  /* The lesion map has one tile for all that is empty: nothing is taken off. */
  *own = result && ! g_str_equal (name, "pockmark:lesions")
             ? (gdouble) gegl_buffer_get_pixel_count (result)
                   * babl_format_get_bytes_per_pixel (
                       gegl_buffer_get_format (result))
             : 0.0;
  g_object_unref (graph);
  g_clear_object (&result);
  return seconds;
}

static gdouble
run_copy (gpointer from,
          gsize    size,
          gdouble *own)
{
  gint64           began = g_get_monotonic_time ();
  g_autofree void *to = g_malloc (size);

  memcpy (to, from, size);
  *own = (gdouble) size;
  return 1e-6 * (gdouble) (g_get_monotonic_time () - began);
}

gboolean
bench_case_run (const gchar *name,
                GeglBuffer  *photograph,
                gdouble      pixels_per_mm,
                gint         runs,
                BenchResult *result)
{
  const gboolean   copy = g_str_equal (name, "memory copy");
  const gsize      size = (gsize) gegl_buffer_get_pixel_count (photograph) * 3;
  g_autofree void *pixels = copy ? g_malloc (size) : NULL;
  gdouble          before, own;
  gint             i;

  if (! copy && ! gegl_has_operation (name))
    return FALSE;
  if (copy)
    gegl_buffer_get (photograph, NULL, 1.0, gegl_buffer_get_format (photograph),
                     pixels, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  before = memory ("VmRSS:");
  forget_peak ();
  result->seconds = G_MAXDOUBLE;
  for (i = 0; i < runs; i++)
    {
      const gdouble seconds
          = copy ? run_copy (pixels, size, &own)
                 : run_operation (name, photograph, pixels_per_mm, &own);

      /* Later runs would find memory that the first has left. */
      if (i == 0)
        result->peak = before < 0.0 ? -1.0
                                    : MAX (memory ("VmHWM:") - before - own, 0.0);
      result->seconds = MIN (result->seconds, seconds);
    }
  return TRUE;
}
