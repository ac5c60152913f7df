/* Phantom photographs: the colours under the light
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "phantom-private.h"

/* Make-up is the wearer's own tone, a little lighter, with no blood in it. */
static void
cover_up (const PhantomSettings *settings,
          const PhantomOptics   *optics,
          const PhantomSkin     *skin,
          gfloat                *albedo,
          gfloat                *gloss)
{
  gsize  i, n = (gsize) skin->height->width * skin->height->height;
  gfloat tone[3];
  gint   c;

  phantom_optics_skin (optics, log (0.7 * settings->blood),
                       log (0.85 * settings->melanosomes), tone);
  for (i = 0; i < n; i++)
    {
      gfloat cover = skin->cover->data[i];

      if (cover <= 0.0f)
        continue;
      for (c = 0; c < 3; c++)
        albedo[3 * i + c] += cover * (tone[c] - albedo[3 * i + c]);
      gloss[i] *= 1.0f - 0.9f * cover;
    }
}

gboolean
phantom_scene (const PhantomSettings *settings,
               const PhantomSkin     *skin,
               const GArray          *plan,
               gfloat               **albedo,
               gfloat               **scene,
               GError               **error)
{
  g_autoptr (PhantomOptics) optics = phantom_optics_new (settings->set);
  gint               w = skin->height->width, h = skin->height->height;
  gsize              i, n = (gsize) w * h;
  g_autofree gfloat *rgb = phantom_alloc (n, 3 * sizeof (gfloat), error);
  g_autofree gfloat *gloss
      = rgb ? phantom_alloc (n, sizeof (gfloat), error) : NULL;

  if (! gloss)
    return FALSE;
  for (i = 0; i < n; i++)
    {
      phantom_optics_skin (optics, skin->blood->data[i],
                           skin->melanin->data[i], rgb + 3 * i);
      gloss[i] = settings->oil * skin->oil->data[i] * 3.0f;
    }
  cover_up (settings, optics, skin, rgb, gloss);
  phantom_objects_paint (settings, plan, skin->pixels_per_mm, w, h, rgb,
                         gloss);
  *scene = phantom_light (settings, skin, rgb, gloss, error);
  if (! *scene)
    return FALSE;
  if (albedo)
    *albedo = g_steal_pointer (&rgb);
  return TRUE;
}
