/* Phantom photographs: what lies where
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "phantom-private.h"

/* Tries to find a free place before a thing is left out. */
#define TRIES 120

#define MAX_PATCHES 4

/* Melanosomes in a brown mark, at the most: no epidermis has many more. */
#define DARKEST_MARK 0.62

typedef struct
{
  const PhantomSettings *settings;
  GArray                *plan;
  PhantomRandom          random;
  gdouble                width;  /* of the field, mm */
  gdouble                height;
  gint                   n_patches;
  gdouble                patch[MAX_PATCHES][3]; /* x, y, s.d. */
  gdouble                hair_angle;
  gdouble                beard[3]; /* direction and distance of its border   */
} Planner;

static void
feature_init (PhantomFeature *feature,
              Planner        *planner,
              PhantomKind     kind)
{
  *feature = (PhantomFeature) { 0 };
  feature->kind = kind;
  feature->profile = PHANTOM_SPOT;
  feature->blood = feature->melanin = 1.0;
  feature->stretch = phantom_random_log (&planner->random, 1.0, 1.45);
  feature->angle = phantom_random_uniform (&planner->random, 0.0, 2.0 * G_PI);
  feature->edge = 0.15;
  feature->seed = phantom_random_bits (&planner->random);
}

static void
draw_crater (PhantomFeature *feature,
             Planner        *planner)
{
  PhantomRandom         *random = &planner->random;
  const PhantomSettings *settings = planner->settings;

  if (phantom_random_chance (random, settings->rolling))
    {
      feature->profile = PHANTOM_BELL;
      feature->width = phantom_random_log (random, 4.2, 9.0);
      feature->depth = phantom_random_uniform (random, 0.15, 0.40);
      feature->edge = settings->set == PHANTOM_REPORT
                          ? phantom_random_uniform (random, 1.6, 2.6) : 0.0;
    }
  else
    {
      feature->profile = PHANTOM_BOX;
      feature->width = phantom_random_log (random, 2.15, 4.2);
      feature->depth = phantom_random_uniform (random, 0.14, 0.50);
      feature->edge
          = phantom_random_uniform (random, settings->box_exponent[0],
                                    settings->box_exponent[1]);
      feature->rim = MAX (phantom_random_uniform (random, -0.08, 0.10), 0.0);
    }
  feature->stretch = phantom_random_log (random, 1.0, 1.7);
  feature->blood = phantom_random_log (random, 0.80, 1.22);
  feature->melanin = phantom_random_log (random, 0.88, 1.12);
}

static void
draw_ice_pick (PhantomFeature *feature,
               Planner        *planner)
{
  PhantomRandom         *random = &planner->random;
  const PhantomSettings *settings = planner->settings;

  feature->profile = PHANTOM_CONE;
  feature->width = phantom_random_log (random, 0.75, 1.85);
  feature->depth = phantom_random_uniform (random, 0.25, 0.60);
  feature->edge = phantom_random_uniform (random, settings->cone_exponent[0],
                                          settings->cone_exponent[1]);
  feature->rim = MAX (phantom_random_uniform (random, -0.1, 0.08), 0.0);
  feature->blood = phantom_random_log (random, 0.85, 1.25);
  feature->melanin = phantom_random_log (random, 0.95, 1.18);
}

static void
draw_mark (PhantomFeature *feature,
           Planner        *planner,
           gboolean        red)
{
  PhantomRandom         *random = &planner->random;
  const PhantomSettings *settings = planner->settings;
  gdouble                other;

  feature->width = phantom_random_log (random, 1.2, 7.0);
  feature->edge = phantom_random_log (random, 0.08, red ? 0.38 : 0.25);
  feature->stretch = phantom_random_log (random, 1.0, 1.7);
  other = phantom_random_chance (random, settings->mixed)
              ? phantom_random_log (random, 1.02, red ? 1.12 : 1.20) : 1.0;
  if (red)
    {
      feature->blood = phantom_random_log (random, 1.5, 4.5);
      feature->melanin = other;
      if (phantom_random_chance (random, settings->raised))
        feature->depth = -phantom_random_uniform (random, 0.03, 0.09)
                         * MIN (feature->width, 4.0);
    }
  else
    {
      gdouble most = MIN (2.0, DARKEST_MARK / settings->melanosomes);

      feature->melanin = phantom_random_log (random, 1.3, MAX (most, 1.35));
      feature->blood = other;
    }
}

static void
draw_lesion (PhantomFeature *feature,
             Planner        *planner,
             PockmarkClass   klass)
{
  gdouble strength = planner->settings->strength;

  feature_init (feature, planner, PHANTOM_LESION);
  feature->klass = klass;
  switch (klass)
    {
    case POCKMARK_CRATER:
      draw_crater (feature, planner);
      feature->depth *= strength;
      break;
    case POCKMARK_ICE_PICK:
      draw_ice_pick (feature, planner);
      feature->depth *= strength;
      break;
    default:
      draw_mark (feature, planner, klass == POCKMARK_RED_MARK);
      if (klass == POCKMARK_RED_MARK)
        feature->blood = 1.0 + (feature->blood - 1.0) * strength;
      else
        feature->melanin = 1.0 + (feature->melanin - 1.0) * strength;
    }
}

static void
draw_distractor (PhantomFeature *feature,
                 Planner        *planner,
                 PhantomKind     kind)
{
  PhantomRandom *random = &planner->random;

  feature_init (feature, planner, kind);
  switch (kind)
    {
    case PHANTOM_PAPULE:
      feature->profile = PHANTOM_DOME;
      feature->edge = phantom_random_uniform (random, 1.2, 2.2);
      feature->width = phantom_random_log (random, 1.2, 5.0);
      feature->depth = -phantom_random_uniform (random, 0.05, 0.13)
                       * feature->width;
      feature->blood = phantom_random_log (random, 0.95, 1.18);
      break;
    case PHANTOM_MOLE:
      feature->width = phantom_random_log (random, 1.5, 4.5);
      feature->edge = phantom_random_log (random, 0.05, 0.12);
      feature->melanin = phantom_random_log (random, 0.22, 0.75)
                         / planner->settings->melanosomes;
      feature->melanin = MAX (feature->melanin, 1.8);
      feature->depth = MIN (phantom_random_uniform (random, -0.5, 0.3), 0.0);
      break;
    case PHANTOM_FRECKLE:
      feature->width = phantom_random_log (random, 0.3, 0.85);
      feature->edge = 0.25;
      feature->melanin = phantom_random_log (random, 1.1, 1.5);
      break;
    case PHANTOM_COMEDONE:
      feature->profile = PHANTOM_DOME;
      feature->edge = 1.5;
      feature->width = phantom_random_log (random, 0.5, 1.1);
      feature->blood = 1.15;
      feature->depth = -phantom_random_uniform (random, 0.0, 0.08);
      break;
    case PHANTOM_PORE:
    default:
      feature->profile = PHANTOM_CONE;
      feature->edge = phantom_random_uniform (random, 0.9, 1.6);
      feature->width = phantom_random_log (random, 0.18, 0.50);
      feature->depth = feature->width * phantom_random_uniform (random, 0.1,
                                                                0.4);
      feature->melanin = phantom_random_log (random, 1.0, 1.35);
      feature->blood = phantom_random_log (random, 0.9, 1.3);
      break;
    }
}

static void
draw_line (PhantomFeature *feature,
           Planner        *planner,
           PhantomKind     kind)
{
  PhantomRandom *random = &planner->random;
  gdouble        lean = 0.45 * phantom_random_normal (random);

  feature_init (feature, planner, kind);
  feature->angle = planner->hair_angle + lean;
  switch (kind)
    {
    case PHANTOM_WRINKLE:
      feature->angle
          = planner->settings->furrow_angle * G_PI / 180.0 + 0.6 * lean;
      feature->width = phantom_random_log (random, 0.35, 1.2);
      feature->length = phantom_random_log (random, 8.0, 45.0);
      feature->depth = phantom_random_uniform (random, 0.03, 0.13);
      break;
    case PHANTOM_VESSEL:
      feature->angle = phantom_random_uniform (random, 0.0, 2.0 * G_PI);
      feature->width = phantom_random_log (random, 0.09, 0.22);
      feature->length = phantom_random_log (random, 1.5, 7.0);
      feature->blood = phantom_random_log (random, 1.5, 3.5);
      break;
    case PHANTOM_HAIR:
      feature->width = phantom_random_log (random, 0.05, 0.10);
      feature->length = phantom_random_log (random, 6.0, 32.0);
      break;
    case PHANTOM_STUBBLE:
      feature->width = phantom_random_log (random, 0.07, 0.12);
      feature->length = phantom_random_log (random, 0.12, 0.6);
      break;
    case PHANTOM_VELLUS:
    default:
      feature->width = phantom_random_log (random, 0.02, 0.035);
      feature->length = phantom_random_log (random, 1.2, 4.5);
      break;
    }
}

/* Half the room a thing takes up. */
static gdouble
reach (const PhantomFeature *feature)
{
  gdouble radius = 0.5 * feature->width * sqrt (feature->stretch);

  return feature->profile == PHANTOM_SPOT
             ? radius * (1.0 + 1.5 * feature->edge) : radius;
}

static gboolean
under_ruler (const PhantomFeature *ruler,
             gdouble               x,
             gdouble               y,
             gdouble               room)
{
  gboolean upright = fabs (sin (ruler->angle)) > 0.5;
  gdouble  across = upright ? x - ruler->x : y - ruler->y;

  return fabs (across) < 0.5 * ruler->width + room;
}

static gboolean
is_free (const Planner        *planner,
         const PhantomFeature *feature,
         gdouble               gap)
{
  guint i;

  for (i = 0; i < planner->plan->len; i++)
    {
      const PhantomFeature *other
          = &g_array_index (planner->plan, PhantomFeature, i);
      gdouble room = reach (feature) + reach (other);

      if (other->kind == PHANTOM_RULER || other->kind == PHANTOM_TEXT)
        {
          if (under_ruler (other, feature->x, feature->y,
                           reach (feature) + 0.5))
            return FALSE;
        }
      else if (hypot (feature->x - other->x, feature->y - other->y)
               < room * 0.95 + gap)
        return FALSE;
    }
  return TRUE;
}

/* Scars tend to lie in patches. */
static void
draw_place (Planner        *planner,
            PhantomFeature *feature,
            gboolean        patchy)
{
  PhantomRandom *random = &planner->random;
  gdouble        margin = 1.15 * reach (feature) + 0.6;

  if (patchy
      && phantom_random_chance (random, planner->settings->clustering))
    {
      gint     n = (gint) phantom_random_uniform (random, 0.0,
                                                  planner->n_patches);
      gdouble *patch = planner->patch[n];

      feature->x = patch[0] + patch[2] * phantom_random_normal (random);
      feature->y = patch[1] + patch[2] * phantom_random_normal (random);
      feature->x = CLAMP (feature->x, margin, planner->width - margin);
      feature->y = CLAMP (feature->y, margin, planner->height - margin);
    }
  else
    {
      feature->x = phantom_random_uniform (random, margin,
                                           planner->width - margin);
      feature->y = phantom_random_uniform (random, margin,
                                           planner->height - margin);
    }
}

static void
place (Planner        *planner,
       PhantomFeature *feature,
       gboolean        patchy,
       gdouble         gap)
{
  gdouble room = 2.4 * reach (feature) + 1.2;
  gint    i;

  if (room >= MIN (planner->width, planner->height))
    return;
  for (i = 0; i < TRIES; i++)
    {
      draw_place (planner, feature, patchy);
      if (is_free (planner, feature, gap))
        {
          g_array_append_val (planner->plan, *feature);
          return;
        }
    }
}

static gint
count (Planner    *planner,
       PhantomKind kind)
{
  gdouble mean = planner->settings->density[kind] * planner->width
                 * planner->height / 100.0;
  gdouble spread = sqrt (mean) * phantom_random_normal (&planner->random);

  return (gint) MAX (floor (mean + 0.5 * spread + 0.5), 0.0);
}

/* Rulers and print lie along one border. */
static void
plan_band (Planner    *planner,
           PhantomKind kind)
{
  PhantomRandom *random = &planner->random;
  PhantomFeature feature;
  gdouble        across, along;
  gboolean       upright, far;

  feature_init (&feature, planner, kind);
  upright = kind == PHANTOM_RULER && phantom_random_chance (random, 0.4);
  far = kind == PHANTOM_RULER;
  along = upright ? planner->height : planner->width;
  across = upright ? planner->width : planner->height;
  feature.width = kind == PHANTOM_RULER
                      ? phantom_random_uniform (random, 6.0, 9.0)
                      : phantom_random_uniform (random, 1.8, 3.2);
  feature.width = MIN (feature.width, 0.3 * across);
  feature.length = along;
  feature.angle = upright ? G_PI / 2.0 : 0.0;
  feature.stretch = 1.0;
  feature.x = 0.5 * planner->width;
  feature.y = 0.5 * planner->height;
  across = far ? across - 0.5 * feature.width - 1.0 : 0.5 * feature.width + 1.0;
  if (upright)
    feature.x = across;
  else
    feature.y = across;
  g_array_append_val (planner->plan, feature);
}

static void
plan_lesions (Planner *planner)
{
  static const PockmarkClass order[]
      = { POCKMARK_CRATER, POCKMARK_RED_MARK, POCKMARK_BROWN_MARK,
          POCKMARK_ICE_PICK };
  guint i;
  gint  k;

  for (i = 0; i < G_N_ELEMENTS (order); i++)
    for (k = 0; k < planner->settings->lesions[order[i]]; k++)
      {
        PhantomFeature feature;

        draw_lesion (&feature, planner, order[i]);
        place (planner, &feature,
               order[i] == POCKMARK_CRATER || order[i] == POCKMARK_ICE_PICK,
               0.4);
      }
}

/* A beard thins out towards its border over a centimetre. */
static gboolean
in_beard (Planner              *planner,
          const PhantomFeature *feature)
{
  const gdouble *beard = planner->beard;
  gdouble inside = beard[0] * (feature->x - 0.5 * planner->width)
                   + beard[1] * (feature->y - 0.5 * planner->height)
                   - beard[2];

  return phantom_random_chance (&planner->random, 0.5 + 0.1 * inside);
}

static void
plan_distractors (Planner *planner)
{
  static const PhantomKind apart[]
      = { PHANTOM_MOLE, PHANTOM_PAPULE, PHANTOM_COMEDONE };
  static const PhantomKind lines[]
      = { PHANTOM_WRINKLE, PHANTOM_VESSEL, PHANTOM_HAIR, PHANTOM_VELLUS,
          PHANTOM_STUBBLE };
  static const PhantomKind anywhere[] = { PHANTOM_FRECKLE, PHANTOM_PORE };
  PhantomFeature           feature;
  guint                    i;
  gint                     k;

  for (i = 0; i < G_N_ELEMENTS (apart); i++)
    for (k = count (planner, apart[i]); k > 0; k--)
      {
        draw_distractor (&feature, planner, apart[i]);
        place (planner, &feature, FALSE, 0.3);
      }
  for (i = 0; i < G_N_ELEMENTS (anywhere); i++)
    for (k = count (planner, anywhere[i]); k > 0; k--)
      {
        draw_distractor (&feature, planner, anywhere[i]);
        draw_place (planner, &feature, FALSE);
        g_array_append_val (planner->plan, feature);
      }
  for (i = 0; i < G_N_ELEMENTS (lines); i++)
    for (k = count (planner, lines[i]); k > 0; k--)
      {
        draw_line (&feature, planner, lines[i]);
        draw_place (planner, &feature, FALSE);
        if (lines[i] == PHANTOM_STUBBLE && ! in_beard (planner, &feature))
          continue;
        g_array_append_val (planner->plan, feature);
      }
}

/* Make-up hides what is under it, so it keeps off the lesions. */
static void
plan_make_up (Planner *planner)
{
  PhantomFeature feature;
  gint           k;

  for (k = count (planner, PHANTOM_MAKE_UP); k > 0; k--)
    {
      feature_init (&feature, planner, PHANTOM_MAKE_UP);
      feature.width = phantom_random_uniform (&planner->random, 4.0, 11.0);
      feature.edge = 0.10;
      place (planner, &feature, FALSE, 0.0);
    }
}

static void
draw_patches (Planner *planner)
{
  PhantomRandom *random = &planner->random;
  gint           i;

  planner->n_patches = 1 + (gint) phantom_random_uniform (random, 0.0, 2.999);
  for (i = 0; i < planner->n_patches; i++)
    {
      planner->patch[i][0]
          = phantom_random_uniform (random, 0.2, 0.8) * planner->width;
      planner->patch[i][1]
          = phantom_random_uniform (random, 0.2, 0.8) * planner->height;
      planner->patch[i][2] = phantom_random_uniform (random, 0.12, 0.24)
                             * MIN (planner->width, planner->height);
    }
  planner->hair_angle = phantom_random_uniform (random, 0.0, 2.0 * G_PI);
  planner->beard[0] = cos (planner->hair_angle);
  planner->beard[1] = sin (planner->hair_angle);
  planner->beard[2] = phantom_random_uniform (random, -0.1, 0.4)
                      * MIN (planner->width, planner->height);
}

/* Lesions first: their place in the plan is their label. */
static void
lesions_first (GArray *plan)
{
  GArray *rest = g_array_new (FALSE, FALSE, sizeof (PhantomFeature));
  guint   i, n = 0;

  for (i = 0; i < plan->len; i++)
    {
      PhantomFeature feature = g_array_index (plan, PhantomFeature, i);

      if (feature.kind == PHANTOM_LESION)
        g_array_index (plan, PhantomFeature, n++) = feature;
      else
        g_array_append_val (rest, feature);
    }
  g_array_set_size (plan, n);
  if (rest->len)
    g_array_append_vals (plan, rest->data, rest->len);
  g_array_unref (rest);
}

GArray *
phantom_plan (const PhantomSettings *settings)
{
  Planner planner = { .settings = settings };

  planner.plan = g_array_new (FALSE, FALSE, sizeof (PhantomFeature));
  planner.width = settings->width / settings->pixels_per_mm;
  planner.height = settings->height / settings->pixels_per_mm;
  phantom_random_init (&planner.random, settings->seed, 1);
  draw_patches (&planner);
  if (settings->density[PHANTOM_RULER] > 0.0)
    plan_band (&planner, PHANTOM_RULER);
  if (settings->density[PHANTOM_TEXT] > 0.0)
    plan_band (&planner, PHANTOM_TEXT);
  plan_lesions (&planner);
  plan_make_up (&planner);
  plan_distractors (&planner);
  lesions_first (planner.plan);
  return planner.plan;
}
