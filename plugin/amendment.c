/* What the user says of some lesions: another class, or no lesions
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "amendment.h"
#include "annotation.h"
#include "pockmark-gegl.h"
#include "polygon.h"

Amendment *
amendment_new (const Findings *findings,
               const GArray   *indices,
               PockmarkClass   klass,
               GError        **error)
{
  g_autoptr (Amendment) amendment = g_new0 (Amendment, 1);

  amendment->map = g_object_ref (findings->map);
  amendment->numbers = g_hash_table_new (NULL, NULL);
  amendment->outlines =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  amendment->klass = klass;
  for (guint i = 0; i < indices->len; i++)
    {
      const PockmarkLesion *lesion =
        &g_array_index (findings->lesions, PockmarkLesion,
                        g_array_index (indices, guint, i));
      GPtrArray            *rings = polygon_trace (findings->map, lesion,
                                                   error);

      if (rings == NULL)
        return NULL;
      g_ptr_array_add (amendment->outlines, rings);
      g_hash_table_add (amendment->numbers,
                        GUINT_TO_POINTER (lesion->number));
    }

  return g_steal_pointer (&amendment);
}

void
amendment_free (Amendment *amendment)
{
  g_object_unref (amendment->map);
  g_hash_table_unref (amendment->numbers);
  g_ptr_array_unref (amendment->outlines);
  g_free (amendment);
}

void
amendment_cover (const Amendment    *amendment,
                 const PockmarkRect *rect,
                 gfloat             *room,
                 gfloat             *masks)
{
  const guint         n_masks = POCKMARK_N_CLASSES - 1;
  const Babl         *format =
    pockmark_gegl_map_format (gegl_buffer_get_format (amendment->map));
  const GeglRectangle area = { rect->x, rect->y, rect->width, rect->height };
  gsize               n = (gsize) rect->width * rect->height;

  gegl_buffer_get (amendment->map, &area, 1.0, format, room,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  for (gsize i = 0; i < n; i++)
    if (g_hash_table_contains (amendment->numbers,
                               GUINT_TO_POINTER ((guint) room[4 * i])))
      for (guint mask = 0; mask < n_masks; mask++)
        masks[n_masks * i + mask] = mask + 1 == amendment->klass;
}

/* Fills the selection in the channel. */
static void
fill (GimpChannel *channel, const gchar *colour)
{
  GeglColor *foreground = gegl_color_new (colour);

  gimp_context_push ();
  gimp_context_set_opacity (100.0);
  gimp_context_set_paint_mode (GIMP_LAYER_MODE_NORMAL);
  gimp_context_set_foreground (foreground);
  gimp_drawable_edit_fill (GIMP_DRAWABLE (channel), GIMP_FILL_FOREGROUND);
  gimp_context_pop ();
  g_object_unref (foreground);
}

void
amendment_paint (const Amendment *amendment, const Input *input)
{
  GimpImage   *image = input->image;
  GimpChannel *channels[POCKMARK_N_CLASSES];

  annotation_find_channels (image, channels);
  if (amendment->klass != POCKMARK_NONE && channels[amendment->klass] == NULL)
    channels[amendment->klass] = annotation_add_channel (image,
                                                         amendment->klass);

  gimp_selection_none (image);
  for (guint i = 0; i < amendment->outlines->len; i++)
    input_select (input, g_ptr_array_index (amendment->outlines, i));
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    if (channels[klass] != NULL)
      fill (channels[klass], klass == amendment->klass ? "white" : "black");
  if (amendment->klass == POCKMARK_NONE)
    gimp_selection_none (image);
}
