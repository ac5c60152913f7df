/* What was found in a photograph, and its measurements
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "findings.h"
#include "graph.h"
#include "pockmark-gegl.h"

PockmarkSkin *
findings_skin (GeglBuffer               *photograph,
               const PockmarkParameters *parameters,
               Progress                  progress,
               GError                  **error)
{
  PockmarkGeglPicture picture;
  PockmarkHost        host = progress_host (&progress);

  progress_start (&progress, _("Looking for skin"));
  pockmark_gegl_picture_init (&picture, photograph, NULL,
                              POCKMARK_GEGL_PHOTOGRAPH);
  return pockmark_skin_new (&picture.source, parameters, &host, error);
}

PockmarkMarks *
findings_detect (GeglBuffer               *photograph,
                 const PockmarkParameters *parameters,
                 Progress                  progress,
                 GError                  **error)
{
  g_autoptr (GeglBuffer) map = NULL;
  PockmarkGeglPicture    picture;

  progress_start (&progress, _("Looking for pockmarks"));
  map = graph_lesions (photograph, parameters, &progress);
  pockmark_gegl_picture_init (&picture, map, NULL, POCKMARK_GEGL_MAP);
  return pockmark_marks_from_map (&picture.source, error);
}

/* The map is mostly ground, for which GEGL shares one tile. */
static gboolean
draw_map (GeglBuffer *map, const PockmarkMarks *marks, GError **error)
{
  const gfloat         ground[4] = { 0.0f, 0.0f, 0.0f, 1.0f };
  const Babl          *format = gegl_buffer_get_format (map);
  const GeglRectangle *whole = gegl_buffer_get_extent (map);
  g_autoptr (GArray)   boxes = pockmark_marks_boxes (marks);

  gegl_buffer_set_color_from_pixel (map, whole, ground, format);
  for (guint i = 0; i < boxes->len; i++)
    {
      PockmarkRect        box = g_array_index (boxes, PockmarkRect, i);
      const GeglRectangle area = { box.x, box.y, box.width, box.height };
      gsize               n = (gsize) box.width * box.height;
      g_autofree gfloat  *pixels = g_try_malloc_n (MAX (n, 1),
                                                   4 * sizeof (gfloat));

      if (pixels == NULL)
        {
          g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                       _("There is not enough memory to draw the findings."));
          return FALSE;
        }
      pockmark_marks_render (marks, &box, pixels, 4 * (gsize) box.width);
      gegl_buffer_set (map, &area, 0, format, pixels, GEGL_AUTO_ROWSTRIDE);
    }

  return TRUE;
}

/* What only the marks know of a lesion. */
static void
flag_edited (Findings *findings)
{
  for (guint i = 0, j = 0; i < findings->lesions->len; i++)
    {
      PockmarkLesion     *lesion = &g_array_index (findings->lesions,
                                                   PockmarkLesion, i);
      const PockmarkMark *mark;

      do
        mark = &g_array_index (findings->marks->marks, PockmarkMark, j++);
      while (mark->number < lesion->number);
      if (mark->edited)
        lesion->flags |= POCKMARK_FLAG_EDITED;
    }
}

Findings *
findings_measure (GeglBuffer               *photograph,
                  const PockmarkSkin       *skin,
                  PockmarkMarks            *marks,
                  const PockmarkParameters *parameters,
                  Progress                  progress,
                  GError                  **error)
{
  g_autoptr (Findings) findings = g_new0 (Findings, 1);
  PockmarkGeglPicture  picture;
  PockmarkGeglPicture  map_picture;
  PockmarkHost         host = progress_host (&progress);

  progress_start (&progress, _("Measuring the findings"));
  findings->marks = marks;
  findings->map = gegl_buffer_new (gegl_buffer_get_extent (photograph),
                                   pockmark_gegl_map_format (NULL));
  if (!draw_map (findings->map, marks, error))
    return NULL;

  pockmark_gegl_picture_init (&picture, photograph, NULL,
                              POCKMARK_GEGL_PHOTOGRAPH);
  pockmark_gegl_picture_init (&map_picture, findings->map, NULL,
                              POCKMARK_GEGL_MAP);
  findings->lesions = pockmark_measure (&map_picture.source, &picture.source,
                                        parameters, &host, error);
  if (findings->lesions == NULL)
    return NULL;

  flag_edited (findings);
  pockmark_grade (findings->lesions, skin->pixels, parameters->pixels_per_mm,
                  &findings->grade);
  return g_steal_pointer (&findings);
}

void
findings_free (Findings *findings)
{
  g_clear_pointer (&findings->marks, pockmark_marks_free);
  g_clear_object (&findings->map);
  g_clear_pointer (&findings->lesions, g_array_unref);
  g_free (findings);
}
