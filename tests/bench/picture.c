/* The speed table: the photograph
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

#include "bench.h"
#include "phantom.h"

/* Rows that are written to a buffer at a time: those of GEGL's tiles. */
#define STRIP 128

/* As cameras have it. */
#define JPEG_QUALITY 93

gint
bench_picture_width (BenchPicture which)
{
  switch (which)
    {
    case BENCH_QUARTER:
    case BENCH_COARSE:
      return BENCH_WIDTH / 2;
    case BENCH_FOURFOLD:
    case BENCH_FINE:
      return BENCH_WIDTH * 2;
    case BENCH_AS_RENDERED:
    case BENCH_WIDE:
    default:
      return BENCH_WIDTH;
    }
}

gint
bench_picture_height (BenchPicture which)
{
  return bench_picture_width (which) * BENCH_HEIGHT / BENCH_WIDTH;
}

gdouble
bench_picture_scale (BenchPicture which)
{
  return which == BENCH_COARSE || which == BENCH_WIDE
             ? 0.5 * BENCH_PIXELS_PER_MM
         : which == BENCH_FINE ? 2.0 * BENCH_PIXELS_PER_MM
                               : 1.0 * BENCH_PIXELS_PER_MM;
}

gdouble
bench_megapixels (BenchPicture which)
{
  return 1e-6 * bench_picture_width (which) * bench_picture_height (which);
}

gboolean
bench_picture_render (const gchar *path,
                      GError     **error)
{
  PhantomSettings    settings;
  g_autoptr (Phantom) phantom = NULL;

  phantom_settings_init (&settings);
  settings.width = BENCH_WIDTH;
  settings.height = BENCH_HEIGHT;
  settings.pixels_per_mm = BENCH_PIXELS_PER_MM;
  phantom = phantom_render (&settings, error);
  return phantom
         && g_file_set_contents (path, (const gchar *) phantom->rgb,
                                 (gssize) 3 * BENCH_WIDTH * BENCH_HEIGHT, error);
}

/* Where pixel i of a side of the picture comes from, in half pixels of the
 * rendered one's side of n: an odd place lies between two of them. */
static gint
origin (BenchPicture which,
        gint         i,
        gint         n)
{
  switch (which)
    {
    case BENCH_QUARTER:
      return 2 * (i + n / 4);
    case BENCH_FOURFOLD:
      return 2 * (i < n ? i : 2 * n - 1 - i);
    case BENCH_COARSE:
      return 4 * i + 1;
    case BENCH_FINE:
      return i;
    case BENCH_WIDE:
      return 4 * (i < n / 2 ? i : n - 1 - i) + 1;
    case BENCH_AS_RENDERED:
    default:
      return 2 * i;
    }
}

static void
make_row (const guint8 *rendered,
          BenchPicture  which,
          gint          y,
          guint8       *row)
{
  const gint    width = bench_picture_width (which);
  const gint    oy = origin (which, y, BENCH_HEIGHT);
  const guint8 *upper = rendered + (gsize) (oy / 2) * BENCH_WIDTH * 3;
  const guint8 *lower
      = rendered
        + (gsize) MIN ((oy + 1) / 2, BENCH_HEIGHT - 1) * BENCH_WIDTH * 3;
  gint          x, c;

  for (x = 0; x < width; x++)
    {
      const gint ox = origin (which, x, BENCH_WIDTH);
      const gint left = 3 * (ox / 2);
      const gint right = 3 * MIN ((ox + 1) / 2, BENCH_WIDTH - 1);

      for (c = 0; c < 3; c++)
        row[3 * x + c] = (guint8) ((upper[left + c] + upper[right + c]
                                    + lower[left + c] + lower[right + c] + 2)
                                   / 4);
    }
}

static void
fill (GeglBuffer   *buffer,
      const guint8 *rendered,
      BenchPicture  which)
{
  const gint         width = bench_picture_width (which);
  const gint         height = bench_picture_height (which);
  g_autofree guint8 *strip = g_malloc ((gsize) STRIP * width * 3);
  gint               y, i;

  for (y = 0; y < height; y += STRIP)
    {
      const GeglRectangle rect = { 0, y, width, MIN (STRIP, height - y) };

      for (i = 0; i < rect.height; i++)
        make_row (rendered, which, y + i, strip + (gsize) i * width * 3);
      gegl_buffer_set (buffer, &rect, 0, gegl_buffer_get_format (buffer), strip,
                       GEGL_AUTO_ROWSTRIDE);
    }
}

GeglBuffer *
bench_picture_load (const gchar *path,
                    BenchPicture which,
                    GError     **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);
  const GeglRectangle     extent = { 0, 0, bench_picture_width (which),
                                     bench_picture_height (which) };
  GeglBuffer             *buffer;

  if (! file)
    return NULL;
  if (g_mapped_file_get_length (file) != (gsize) 3 * BENCH_WIDTH * BENCH_HEIGHT)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   "%s is not the photograph that was rendered for this.", path);
      return NULL;
    }
  buffer = gegl_buffer_new (&extent, babl_format ("R'G'B' u8"));
  fill (buffer, (const guint8 *) g_mapped_file_get_contents (file), which);
  return buffer;
}

gboolean
bench_picture_export (const gchar *path,
                      const gchar *jpeg,
                      GError     **error)
{
  g_autoptr (GeglBuffer) photograph
      = bench_picture_load (path, BENCH_AS_RENDERED, error);
  GeglNode *graph, *source, *save;

  if (! photograph)
    return FALSE;
  graph = gegl_node_new ();
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", photograph, NULL);
  save = gegl_node_new_child (graph, "operation", "gegl:jpg-save", "path", jpeg,
                              "quality", JPEG_QUALITY, NULL);
  gegl_node_link (source, save);
  gegl_node_process (save);
  g_object_unref (graph);
  if (! g_file_test (jpeg, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                   "%s cannot be written.", jpeg);
      return FALSE;
    }
  return TRUE;
}
