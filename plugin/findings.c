/* What was found in a photograph, and its measurements
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "findings.h"
#include "graph.h"
#include "pockmark-gegl.h"

/* Gives the lesion a new number in the map; 0 takes it out. */
static gboolean
renumber (GeglBuffer *map, const PockmarkLesion *lesion, guint number,
          GError **error)
{
  const Babl         *format =
    pockmark_gegl_map_format (gegl_buffer_get_format (map));
  const GeglRectangle area = { lesion->box.x, lesion->box.y,
                               lesion->box.width, lesion->box.height };
  gsize               n = (gsize) area.width * area.height;
  g_autofree gfloat  *pixels = g_try_new (gfloat, 4 * n);

  if (pixels == NULL)
    {
      g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                   _("There is not enough memory to sort the findings."));
      return FALSE;
    }

  gegl_buffer_get (map, &area, 1.0, format, pixels, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  for (gsize i = 0; i < n; i++)
    {
      gfloat *pixel = pixels + 4 * i;

      if (pixel[0] != lesion->number)
        continue;
      pixel[0] = number;
      if (number == 0)
        pixel[1] = pixel[2] = 0.0f;
    }
  gegl_buffer_set (map, &area, 0, format, pixels, GEGL_AUTO_ROWSTRIDE);

  return TRUE;
}

/* Takes the classes that are not sought out of list and map.  Numbers only
 * shrink, so that lesions renumbered before are never met again. */
static gboolean
drop_unsought (Findings *findings, const gboolean *sought, GError **error)
{
  guint kept = 0;

  for (guint i = 0; i < findings->lesions->len; i++)
    {
      PockmarkLesion lesion =
        g_array_index (findings->lesions, PockmarkLesion, i);
      guint number = sought[lesion.klass] ? kept + 1 : 0;

      if (number != lesion.number
          && !renumber (findings->map, &lesion, number, error))
        return FALSE;
      if (number == 0)
        continue;

      lesion.number = number;
      g_array_index (findings->lesions, PockmarkLesion, kept++) = lesion;
    }
  g_array_set_size (findings->lesions, kept);

  return TRUE;
}

/* Takes skin and map. */
static Findings *
measure (GeglBuffer               *photograph,
         PockmarkSkin             *skin,
         GeglBuffer               *map,
         const PockmarkParameters *parameters,
         Progress                 *progress,
         GError                  **error)
{
  g_autoptr (Findings) findings = g_new0 (Findings, 1);
  PockmarkGeglPicture  picture;
  PockmarkGeglPicture  map_picture;
  PockmarkHost         host = progress_host (progress);

  findings->map = map;
  findings->skin = skin;
  progress_start (progress, _("Measuring the findings"));
  pockmark_gegl_picture_init (&picture, photograph, NULL,
                              POCKMARK_GEGL_PHOTOGRAPH);
  pockmark_gegl_picture_init (&map_picture, map, NULL, POCKMARK_GEGL_MAP);
  findings->lesions = pockmark_measure (&map_picture.source, &picture.source,
                                        parameters, &host, error);

  return findings->lesions != NULL ? g_steal_pointer (&findings) : NULL;
}

static PockmarkSkin *
look_for_skin (GeglBuffer               *photograph,
               const PockmarkParameters *parameters,
               Progress                 *progress,
               GError                  **error)
{
  PockmarkGeglPicture picture;
  PockmarkHost        host = progress_host (progress);

  progress_start (progress, _("Looking for skin"));
  pockmark_gegl_picture_init (&picture, photograph, NULL,
                              POCKMARK_GEGL_PHOTOGRAPH);
  return pockmark_skin_new (&picture.source, parameters, &host, error);
}

Findings *
findings_detect (GeglBuffer               *photograph,
                 const PockmarkParameters *parameters,
                 const gboolean           *sought,
                 GError                  **error)
{
  g_autoptr (Findings) findings = NULL;
  PockmarkSkin        *skin;
  GeglBuffer          *map;
  Progress             skin_part = { 0.0, 0.15 };
  Progress             lesion_part = { 0.15, 0.6 };
  Progress             measure_part = { 0.6, 0.8 };

  /* First, since it says what is wrong with a picture where the filter would
   * just find nothing. */
  skin = look_for_skin (photograph, parameters, &skin_part, error);
  if (skin == NULL)
    return NULL;

  progress_start (&lesion_part, _("Looking for pockmarks"));
  map = graph_lesions (photograph, parameters, &lesion_part);
  findings = measure (photograph, skin, map, parameters, &measure_part,
                      error);
  if (findings == NULL || !drop_unsought (findings, sought, error))
    return NULL;

  pockmark_grade (findings->lesions, skin->pixels, parameters->pixels_per_mm,
                  &findings->grade);
  return g_steal_pointer (&findings);
}

void
findings_free (Findings *findings)
{
  g_clear_object (&findings->map);
  g_clear_pointer (&findings->lesions, g_array_unref);
  g_clear_pointer (&findings->skin, pockmark_skin_free);
  g_free (findings);
}
