/* The pictures that a survey makes of a photograph
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "file-replace.h"
#include "graph.h"
#include "jpeg.h"
#include "numbers.h"
#include "pockmark-gegl.h"
#include "survey-legend.h"
#include "survey-pictures.h"

#define JPEG_QUALITY 82

/* The photograph's own pixels, whatever is selected in it. */
static GeglBuffer *
open_base (const Input *input)
{
  if (input->region == NULL)
    return g_object_ref (input->photograph);

  return gimp_drawable_get_buffer (GIMP_DRAWABLE (input->layer));
}

/* A buffer in the photograph's colours with a strip for the legend. */
static GeglBuffer *
picture_new (GeglBuffer *base, gint strip)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (base);
  const Babl          *format = gegl_buffer_get_format (base);
  const gchar         *encoding = babl_format_has_alpha (format)
                                    ? "R'G'B'A u8"
                                    : "R'G'B' u8";

  return gegl_buffer_new (
    GEGL_RECTANGLE (0, 0, extent->width, extent->height + strip),
    babl_format_with_space (encoding, babl_format_get_space (format)));
}

/* Lays the buffers over each other, the first at the bottom. */
static void
compose (GeglBuffer **layers, gsize n, GeglBuffer *picture)
{
  GeglNode *graph = gegl_node_new ();
  GeglNode *below = NULL;

  for (gsize i = 0; i < n; i++)
    {
      GeglNode *layer;
      GeglNode *over;

      layer = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                   "buffer", layers[i], NULL);
      if (below == NULL)
        {
          below = layer;
          continue;
        }
      over = gegl_node_new_child (graph, "operation", "gegl:over", NULL);
      gegl_node_link (below, over);
      gegl_node_connect (layer, "output", over, "aux");
      below = over;
    }

  gegl_node_blit_buffer (below, picture, gegl_buffer_get_extent (layers[0]),
                         0, GEGL_ABYSS_NONE);
  g_object_unref (graph);
}

GeglBuffer *
survey_picture_annotated (const Account  *account,
                          const Findings *findings,
                          const Progress *progress,
                          GError        **error)
{
  GeglBuffer          *base = open_base (account->input);
  const GeglRectangle *extent = gegl_buffer_get_extent (base);
  GeglBuffer          *layers[3];
  GeglBuffer          *picture = NULL;

  layers[0] = base;
  layers[1] = gegl_buffer_new (extent, pockmark_gegl_photograph_format ());
  layers[2] = gegl_buffer_new (extent, babl_format ("cairo-ARGB32"));
  graph_annotate (findings->map, findings->lesions, layers[1], progress);
  if (numbers_draw (findings, GEGL_RECTANGLE (0, 0, 0, 0), layers[2], error))
    {
      picture = picture_new (base, survey_legend_height (extent));
      compose (layers, G_N_ELEMENTS (layers), picture);
      survey_legend_classes (picture, account);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (layers); i++)
    g_object_unref (layers[i]);

  return picture;
}

GeglBuffer *
survey_picture_redness (const Account            *account,
                        const PockmarkParameters *wanted,
                        const Progress           *progress)
{
  PockmarkRednessStyle style = { POCKMARK_SHOW_HEAT, TRUE,
                                 GRAPH_REDNESS_OPACITY };
  GeglBuffer          *base = open_base (account->input);
  const GeglRectangle *extent = gegl_buffer_get_extent (base);
  GeglBuffer          *layers[2];
  GeglBuffer          *picture;

  layers[0] = base;
  layers[1] = gegl_buffer_new (extent, pockmark_gegl_photograph_format ());
  graph_redness (account->input->photograph, wanted, &style, layers[1],
                 progress);

  picture = picture_new (base, survey_legend_height (extent));
  compose (layers, G_N_ELEMENTS (layers), picture);
  survey_legend_redness (picture, account);
  for (gsize i = 0; i < G_N_ELEMENTS (layers); i++)
    g_object_unref (layers[i]);

  return picture;
}

gboolean
survey_picture_reduce (GeglBuffer  *picture,
                       gint         side,
                       GFile       *file,
                       GError     **error)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (picture);
  gdouble              scale = MIN (1.0, (gdouble) side
                                           / MAX (extent->width,
                                                  extent->height));
  GeglRectangle        area = { 0, 0, MAX (1, scale * extent->width),
                                MAX (1, scale * extent->height) };
  const Babl          *format = babl_format ("R'G'B' u8");
  g_autofree gchar    *temporary = file_replace_begin (file);
  g_autoptr (GFile)    written = g_file_new_for_path (temporary);
  g_autofree guint8   *pixels = g_malloc_n ((gsize) area.width * area.height,
                                            3);
  GeglBuffer          *reduced = gegl_buffer_new (&area, format);
  GeglNode            *graph = gegl_node_new ();
  GeglNode            *source;
  GeglNode            *save;

  gegl_buffer_get (picture, &area, scale, format, pixels,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_CLAMP);
  gegl_buffer_set (reduced, &area, 0, format, pixels, GEGL_AUTO_ROWSTRIDE);
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", reduced, NULL);
  save = gegl_node_new_child (graph, "operation", "gegl:jpg-save", "path",
                              temporary, "quality", JPEG_QUALITY, NULL);
  gegl_node_link (source, save);
  gegl_node_process (save);
  g_object_unref (graph);
  g_object_unref (reduced);

  return file_replace_end (file, temporary, jpeg_is_whole (written), error);
}
