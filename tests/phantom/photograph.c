/* Phantom photographs: from the plan to the picture and its truth
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "phantom-private.h"

/* How often weak lesions are drawn stronger before they are left out. */
#define ROUNDS 3

void
phantom_free (Phantom *phantom)
{
  if (! phantom)
    return;
  g_free (phantom->rgb);
  g_free (phantom->scene);
  g_free (phantom->albedo);
  pockmark_plane_free (phantom->blood);
  pockmark_plane_free (phantom->melanin);
  g_free (phantom->label);
  g_free (phantom->classes);
  g_clear_pointer (&phantom->lesions, g_array_unref);
  g_clear_pointer (&phantom->distractors, g_array_unref);
  g_free (phantom);
}

/* Individual typology angle of linear sRGB, through CIELAB under D65. */
static gdouble
typology_angle (const gfloat rgb[3])
{
  gdouble y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  gdouble z = (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089;

  return atan2 (116.0 * cbrt (y) - 66.0, 200.0 * (cbrt (y) - cbrt (z)))
         * 180.0 / G_PI;
}

static gdouble
base_angle (const PhantomSettings *settings)
{
  g_autoptr (PhantomOptics) optics = phantom_optics_new (settings->set);
  gfloat rgb[3];

  phantom_optics_skin (optics, log (settings->blood),
                       log (settings->melanosomes), rgb);
  return typology_angle (rgb);
}

static PockmarkPlane *
shares (const PockmarkPlane *plane,
        GError             **error)
{
  PockmarkPlane *copy = phantom_field_copy (plane, error);
  gsize          i, n = (gsize) plane->width * plane->height;

  if (copy)
    for (i = 0; i < n; i++)
      copy->data[i] = expf (copy->data[i]);
  return copy;
}

static gboolean
copy_truth (Phantom           *phantom,
            const PhantomSkin *skin,
            const GArray      *plan,
            GError           **error)
{
  gsize              i, n = (gsize) phantom->width * phantom->height;
  g_autofree gsize *area = g_new0 (gsize, plan->len + 1);
  guint              k;

  phantom->label = phantom_alloc (n, sizeof (guint32), error);
  phantom->classes = phantom->label ? phantom_alloc (n, 1, error) : NULL;
  if (! phantom->classes)
    return FALSE;
  for (k = 0; k < plan->len; k++)
    {
      const PhantomFeature *feature
          = &g_array_index (plan, PhantomFeature, k);

      g_array_append_val (feature->kind == PHANTOM_LESION
                              ? phantom->lesions : phantom->distractors,
                          *feature);
    }
  memcpy (phantom->label, skin->label, n * sizeof (guint32));
  for (i = 0; i < n; i++)
    if (phantom->label[i])
      {
        area[phantom->label[i]]++;
        phantom->classes[i]
            = g_array_index (plan, PhantomFeature, phantom->label[i] - 1)
                  .klass;
      }
  for (k = 0; k < phantom->lesions->len; k++)
    g_array_index (phantom->lesions, PhantomFeature, k).region
        = 2.0 * sqrt (area[k + 1] / G_PI) / phantom->pixels_per_mm;
  return TRUE;
}

Phantom *
phantom_photograph (const PhantomSettings *settings,
                    const PhantomSkin     *skin,
                    const GArray          *plan,
                    GError               **error)
{
  g_autoptr (Phantom) phantom = g_new0 (Phantom, 1);

  phantom->width = skin->height->width;
  phantom->height = skin->height->height;
  phantom->pixels_per_mm = skin->pixels_per_mm;
  phantom->ita = base_angle (settings);
  phantom->lesions = g_array_new (FALSE, FALSE, sizeof (PhantomFeature));
  phantom->distractors = g_array_new (FALSE, FALSE, sizeof (PhantomFeature));
  if (! copy_truth (phantom, skin, plan, error)
      || ! phantom_scene (settings, skin, plan, &phantom->albedo,
                          &phantom->scene, error))
    return NULL;
  phantom->rgb = phantom_camera (settings, phantom->scene, error);
  phantom->blood = phantom->rgb ? shares (skin->blood, error) : NULL;
  phantom->melanin = phantom->blood ? shares (skin->melanin, error) : NULL;
  return phantom->melanin ? g_steal_pointer (&phantom) : NULL;
}

/* By factor, within what skin can be. */
static void
strengthen (PhantomFeature *feature,
            gdouble         factor)
{
  switch (feature->klass)
    {
    case POCKMARK_RED_MARK:
      feature->blood = MIN (1.0 + (feature->blood - 1.0) * factor, 5.0);
      break;
    case POCKMARK_BROWN_MARK:
      feature->melanin = MIN (1.0 + (feature->melanin - 1.0) * factor, 2.0);
      break;
    case POCKMARK_ICE_PICK:
      feature->depth = MIN (feature->depth * factor, 1.0);
      break;
    default:
      feature->depth = MIN (feature->depth * factor,
                            MIN (0.75, 0.25 * feature->width));
    }
}

/* The number of lesions below the bar. */
static guint
count_weak (const GArray *plan)
{
  guint i, n = 0;

  for (i = 0; i < plan->len; i++)
    {
      const PhantomFeature *feature
          = &g_array_index (plan, PhantomFeature, i);

      n += feature->kind == PHANTOM_LESION
           && feature->visibility < PHANTOM_VISIBLE;
    }
  return n;
}

/* The least of each lesion's visibilities under any of the settings.  without
 * keeps the bare skin of each. */
static gboolean
look_at_all (const PhantomSettings *settings,
             guint                  n,
             GArray                *plan,
             gfloat               **without,
             GError               **error)
{
  g_autofree gdouble *least = g_new0 (gdouble, plan->len + 1);
  guint               i, k;

  for (k = 0; k < n; k++)
    {
      if (! phantom_visibility (&settings[k], plan, &without[k], error))
        return FALSE;
      for (i = 0; i < plan->len; i++)
        {
          const gdouble v
              = g_array_index (plan, PhantomFeature, i).visibility;

          least[i] = k ? MIN (least[i], v) : v;
        }
    }
  for (i = 0; i < plan->len; i++)
    g_array_index (plan, PhantomFeature, i).visibility = least[i];
  return TRUE;
}

static gboolean
strengthen_weak (const PhantomSettings *settings,
                 guint                  n,
                 GArray                *plan,
                 gfloat               **without,
                 GError               **error)
{
  gint  round;
  guint i;

  for (round = 0; round <= ROUNDS; round++)
    {
      if (! look_at_all (settings, n, plan, without, error))
        return FALSE;
      if (round == ROUNDS || count_weak (plan) == 0)
        break;
      for (i = 0; i < plan->len; i++)
        {
          PhantomFeature *feature
              = &g_array_index (plan, PhantomFeature, i);
          gdouble lack
              = 1.1 * PHANTOM_VISIBLE / MAX (feature->visibility, 0.1);

          if (feature->kind == PHANTOM_LESION
              && feature->visibility < PHANTOM_VISIBLE)
            strengthen (feature, CLAMP (lack, 1.1, 2.0));
        }
    }
  return TRUE;
}

void
phantom_drop_unseen (GArray *plan)
{
  guint i;

  for (i = plan->len; i > 0; i--)
    {
      PhantomFeature *feature = &g_array_index (plan, PhantomFeature, i - 1);

      if (feature->kind == PHANTOM_LESION
          && feature->visibility < PHANTOM_VISIBLE)
        g_array_remove_index (plan, i - 1);
    }
}

gboolean
phantom_make_visible (const PhantomSettings *settings,
                      guint                  n,
                      GArray                *plan,
                      GError               **error)
{
  g_autofree gfloat **without = g_new0 (gfloat *, n);
  gboolean            done;
  guint               k;

  done = strengthen_weak (settings, n, plan, without, error);
  for (k = 0; k < n; k++)
    g_free (without[k]);
  if (done)
    phantom_drop_unseen (plan);
  return done;
}

Phantom *
phantom_render (const PhantomSettings *settings,
                GError               **error)
{
  g_autoptr (GArray)      plan = NULL;
  g_autoptr (PhantomSkin) skin = NULL;

  if (! phantom_settings_check (settings, error))
    return NULL;
  plan = phantom_plan (settings);
  if (! phantom_make_visible (settings, 1, plan, error))
    return NULL;
  skin = phantom_skin_new (settings, plan, settings->pixels_per_mm,
                           settings->width, settings->height, error);
  return skin ? phantom_photograph (settings, skin, plan, error) : NULL;
}
