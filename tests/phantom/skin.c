/* Phantom photographs: the skin itself
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "phantom-private.h"

/* Blood lies below the surface: what it colours is this much softened, mm. */
#define BLOOD_BLUR 0.10

void
phantom_skin_free (PhantomSkin *skin)
{
  if (! skin)
    return;
  pockmark_plane_free (skin->height);
  pockmark_plane_free (skin->blood);
  pockmark_plane_free (skin->melanin);
  pockmark_plane_free (skin->oil);
  pockmark_plane_free (skin->cover);
  g_free (skin->label);
  g_free (skin);
}

static void
canvas_clear (PhantomCanvas *canvas)
{
  pockmark_plane_free (canvas->warp[0]);
  pockmark_plane_free (canvas->warp[1]);
  pockmark_plane_free (canvas->relief);
  pockmark_plane_free (canvas->groove);
  pockmark_plane_free (canvas->vessel);
  pockmark_plane_free (canvas->best);
}

static gboolean
allocate (PhantomCanvas *canvas,
          gint           width,
          gint           height,
          GError       **error)
{
  PhantomSkin    *skin = canvas->skin;
  PockmarkPlane **planes[]
      = { &skin->height,    &skin->blood,     &skin->melanin,
          &skin->oil,       &skin->cover,     &canvas->warp[0],
          &canvas->warp[1], &canvas->relief,  &canvas->groove,
          &canvas->vessel,  &canvas->best };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (planes); i++)
    {
      *planes[i] = pockmark_plane_new (width, height, error);
      if (! *planes[i])
        return FALSE;
    }
  skin->label
      = phantom_alloc ((gsize) width * height, sizeof (guint32), error);
  return skin->label != NULL;
}

static void
fill (PockmarkPlane *plane,
      gfloat         value)
{
  gsize i, n = (gsize) plane->width * plane->height;

  for (i = 0; i < n; i++)
    plane->data[i] = value;
}

/* What skin is like without anything on it. */
static gboolean
variation (PhantomCanvas *canvas,
           GError       **error)
{
  const PhantomSettings *s = canvas->settings;
  PhantomSkin           *skin = canvas->skin;
  gdouble                scale = skin->pixels_per_mm;
  guint64                seed = s->seed * 101;
  /* Dark skin is as even to the eye as light skin, on far more melanin. */
  gdouble melanin_mottle = s->melanin_mottle * 0.12 / (0.08 + s->melanosomes);

  fill (skin->blood, log (s->blood));
  fill (skin->melanin, log (s->melanosomes));
  fill (skin->oil, 0.5f);
  return phantom_field_octaves (canvas->warp[0], scale, 2.0, 0.4, 0.5, 1.0,
                                seed + 1, error)
         && phantom_field_octaves (canvas->warp[1], scale, 2.0, 0.4, 0.5, 1.0,
                                   seed + 2, error)
         && phantom_field_octaves (skin->blood, scale, 16.0, 0.2, 0.78,
                                   s->blood_mottle, seed + 3, error)
         && phantom_field_octaves (skin->melanin, scale, 24.0, 0.15, 0.74,
                                   melanin_mottle, seed + 4, error)
         && phantom_field_octaves (skin->height, scale, 12.0, 2.9, 0.6,
                                   s->undulation, seed + 5, error)
         && phantom_field_octaves (skin->height, scale, 0.8, 0.06, 0.72,
                                   s->grain, seed + 6, error)
         && phantom_field_octaves (skin->oil, scale, 20.0, 1.2, 0.6, 0.22,
                                   seed + 7, error);
}

/* Where a ruler lies, nothing of the skin comes through. */
static void
lay_ruler (PhantomCanvas        *canvas,
           const PhantomFeature *ruler)
{
  PhantomSkin *skin = canvas->skin;
  gint         w = skin->height->width, h = skin->height->height, x, y;
  gboolean     upright = fabs (sin (ruler->angle)) > 0.5;

  for (y = 0; y < h; y++)
    for (x = 0; x < w; x++)
      {
        gdouble across = upright ? (x + 0.5) / skin->pixels_per_mm - ruler->x
                                 : (y + 0.5) / skin->pixels_per_mm - ruler->y;
        gsize   at = (gsize) y * w + x;

        if (fabs (across) < 0.5 * ruler->width)
          {
            skin->height->data[at] = 0.1f + 0.1f * skin->height->data[at];
            skin->oil->data[at] = 0.1f;
            skin->label[at] = 0;
          }
      }
}

static void
lay_all (PhantomCanvas *canvas,
         const GArray  *plan)
{
  guint i;

  for (i = 0; i < plan->len; i++)
    {
      const PhantomFeature *feature
          = &g_array_index (plan, PhantomFeature, i);

      switch (feature->kind)
        {
        case PHANTOM_WRINKLE:
        case PHANTOM_VESSEL:
          phantom_stroke_groove (canvas, feature);
          break;
        case PHANTOM_HAIR:
        case PHANTOM_VELLUS:
        case PHANTOM_STUBBLE:
        case PHANTOM_TEXT:
        case PHANTOM_RULER:
          break;
        default:
          phantom_stamp (canvas, feature,
                         feature->kind == PHANTOM_LESION ? i + 1 : 0);
        }
    }
}

static gboolean
finish (PhantomCanvas *canvas,
        const GArray  *plan,
        GError       **error)
{
  PhantomSkin *skin = canvas->skin;
  gsize        i, n = (gsize) skin->height->width * skin->height->height;
  guint        k;

  if (! phantom_field_blur (canvas->relief,
                            canvas->settings->softness * skin->pixels_per_mm,
                            error))
    return FALSE;
  for (i = 0; i < n; i++)
    {
      skin->height->data[i] += canvas->relief->data[i]
                               - canvas->groove->data[i];
      skin->blood->data[i] += canvas->vessel->data[i];
      skin->oil->data[i] = phantom_clamp (skin->oil->data[i], 0.0f, 1.0f);
    }
  for (k = 0; k < plan->len; k++)
    if (g_array_index (plan, PhantomFeature, k).kind == PHANTOM_RULER)
      lay_ruler (canvas, &g_array_index (plan, PhantomFeature, k));
  return phantom_field_blur (skin->blood, BLOOD_BLUR * skin->pixels_per_mm,
                             error);
}

PhantomSkin *
phantom_skin_new (const PhantomSettings *settings,
                  const GArray          *plan,
                  gdouble                pixels_per_mm,
                  gint                   width,
                  gint                   height,
                  GError               **error)
{
  PhantomSkin  *skin = g_new0 (PhantomSkin, 1);
  PhantomCanvas canvas = { .settings = settings, .skin = skin };
  gboolean      done;

  skin->pixels_per_mm = pixels_per_mm;
  done = allocate (&canvas, width, height, error)
         && variation (&canvas, error)
         && phantom_texture_furrows (&canvas, error);
  if (done)
    {
      lay_all (&canvas, plan);
      done = finish (&canvas, plan, error);
    }
  canvas_clear (&canvas);
  if (! done)
    g_clear_pointer (&skin, phantom_skin_free);
  return skin;
}
