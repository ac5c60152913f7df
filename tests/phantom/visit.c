/* Phantom photographs: the same skin, photographed twice
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A wide skin is made for each visit, from plans that differ in what healed or
 * came.  The first photograph shows the middle of the one as it is; for the
 * second, the other is resampled through rotation, shift and a smooth
 * deformation.  The deformation is known as the way from the later picture to
 * the earlier one; features go the other way by iteration.
 */

#include <string.h>

#include "phantom-private.h"

/* The wide skin reaches this share of the longer side beyond the first
 * photograph. */
#define MARGIN 0.20

/* The deformation is smooth over so many mm. */
#define BEND_MM 26.0

#define MOST_STEPS 40

typedef struct
{
  const PhantomSettings *settings; /* of the first photograph                */
  const PhantomChange   *change;
  PhantomSettings        wide[2];  /* of the wide skin, by visit             */
  PhantomSettings        later;    /* of the second photograph               */
  gint                   margin;   /* pixels                                 */
  gdouble                centre[2][2]; /* mm, of the first and second field  */
  gdouble                turn[2];  /* cosine and sine                        */
  PockmarkPlane         *bend[2];  /* mm, at one pixel per mm of the second  */
} Pair;

void
phantom_change_random (PhantomChange *change,
                       guint64        seed)
{
  PhantomRandom random;
  gint          i;

  phantom_random_init (&random, seed, 0x7669736974);
  *change = (PhantomChange) { .seed = seed, .other_light = TRUE };
  change->rotation = phantom_random_uniform (&random, -8.0, 8.0);
  change->scale = phantom_random_log (&random, 0.9, 1.1);
  change->strain = 0.03;
  change->exposure = phantom_random_uniform (&random, 0.8, 1.2);
  for (i = 0; i < 2; i++)
    {
      change->shift[i] = phantom_random_uniform (&random, -4.0, 4.0);
      change->white[i] = phantom_random_uniform (&random, 0.95, 1.05);
    }
}

/* ---- Where things are --------------------------------------------------- */

static gfloat
linear_at (const PockmarkPlane *plane,
           gdouble              x,
           gdouble              y)
{
  gdouble px = CLAMP (x - 0.5, 0.0, plane->width - 1.001);
  gdouble py = CLAMP (y - 0.5, 0.0, plane->height - 1.001);
  gint    ix = (gint) px, iy = (gint) py;
  gfloat  tx = px - ix, ty = py - iy;
  const gfloat *at = plane->data + (gsize) iy * plane->width + ix;
  gfloat  top = at[0] + tx * (at[1] - at[0]);
  gfloat  low = at[plane->width]
               + tx * (at[plane->width + 1] - at[plane->width]);

  return top + ty * (low - top);
}

/* Makes the two planes of the deformation, of the strain that is asked for. */
static gboolean
bend_init (Pair    *pair,
           GError **error)
{
  const PhantomSettings *later = &pair->later;
  gint    w = (gint) (later->width / later->pixels_per_mm) + 2;
  gint    h = (gint) (later->height / later->pixels_per_mm) + 2;
  gdouble sum = 0.0;
  gsize   i, n = (gsize) w * h;
  gfloat  gain;
  gint    k, x, y;

  for (k = 0; k < 2; k++)
    {
      pair->bend[k] = pockmark_plane_new (w, h, error);
      if (! pair->bend[k]
          || ! phantom_field_noise (pair->bend[k], 1.0, BEND_MM, 1.0,
                                    pair->change->seed * 2 + 17 + k, error))
        return FALSE;
      for (y = 0; y + 1 < h; y++)
        for (x = 0; x + 1 < w; x++)
          {
            const gfloat *at = pair->bend[k]->data + (gsize) y * w + x;

            sum += (at[1] - at[0]) * (at[1] - at[0])
                   + (at[w] - at[0]) * (at[w] - at[0]);
          }
    }
  gain = pair->change->strain
         / sqrt (MAX (sum / (4.0 * (w - 1) * (h - 1)), 1e-12));
  for (k = 0; k < 2; k++)
    for (i = 0; i < n; i++)
      pair->bend[k]->data[i] *= gain;
  return TRUE;
}

/* From mm of the second field to mm of the wide skin. */
static void
to_skin (const Pair   *pair,
         const gdouble from[2],
         gdouble       to[2])
{
  gdouble dx = from[0] - pair->centre[1][0], dy = from[1] - pair->centre[1][1];

  to[0] = pair->centre[0][0] + pair->turn[0] * dx - pair->turn[1] * dy
          + linear_at (pair->bend[0], from[0], from[1]);
  to[1] = pair->centre[0][1] + pair->turn[1] * dx + pair->turn[0] * dy
          + linear_at (pair->bend[1], from[0], from[1]);
}

static void
from_skin (const Pair   *pair,
           const gdouble skin[2],
           gdouble       at[2])
{
  gint i;

  at[0] = pair->centre[1][0];
  at[1] = pair->centre[1][1];
  for (i = 0; i < MOST_STEPS; i++)
    {
      gdouble now[2], dx, dy;

      to_skin (pair, at, now);
      dx = skin[0] - now[0];
      dy = skin[1] - now[1];
      at[0] += pair->turn[0] * dx + pair->turn[1] * dy;
      at[1] += pair->turn[0] * dy - pair->turn[1] * dx;
    }
}

/* ---- Settings ----------------------------------------------------------- */

static void
widen (const PhantomSettings *settings,
       gint                   margin,
       PhantomSettings       *wide)
{
  gdouble grown;
  gint    i;

  *wide = *settings;
  wide->width += 2 * margin;
  wide->height += 2 * margin;
  grown = (gdouble) wide->width * wide->height
          / ((gdouble) settings->width * settings->height);
  for (i = 0; i < POCKMARK_N_CLASSES; i++)
    wide->lesions[i] = (gint) (settings->lesions[i] * grown + 0.5);
  /* They do not follow the skin, so they have no place in its plan. */
  wide->density[PHANTOM_RULER] = wide->density[PHANTOM_TEXT] = 0.0;
}

static void
relight (PhantomSettings     *settings,
         const PhantomChange *change)
{
  PhantomSettings other = *settings;

  settings->exposure += log2 (change->exposure);
  settings->white[0] *= change->white[0];
  settings->white[2] *= change->white[1];
  if (! change->other_light)
    return;
  phantom_settings_random (&other, change->seed, settings->set);
  memcpy (settings->light, other.light, sizeof settings->light);
  settings->ambient = other.ambient;
  settings->warmth = other.warmth;
  settings->falloff = other.falloff;
  settings->tilt = other.tilt;
}

static void
pair_init (Pair *pair)
{
  const PhantomSettings *s = pair->settings;
  gdouble                angle = pair->change->rotation * G_PI / 180.0;
  gint                   i;

  pair->margin = (gint) (MARGIN * MAX (s->width, s->height));
  widen (s, pair->margin, &pair->wide[0]);
  pair->wide[1] = pair->wide[0];
  relight (&pair->wide[1], pair->change);
  pair->later = pair->wide[1];
  pair->later.width = s->width;
  pair->later.height = s->height;
  pair->later.pixels_per_mm *= pair->change->scale;
  /* Noise is another at each visit. */
  pair->later.seed ^= 0x5ec0d;
  pair->turn[0] = cos (angle);
  pair->turn[1] = sin (angle);
  for (i = 0; i < 2; i++)
    {
      gint side = i ? s->height : s->width;

      pair->centre[0][i] = (0.5 * side + pair->margin) / s->pixels_per_mm
                           + pair->change->shift[i];
      pair->centre[1][i] = 0.5 * side / pair->later.pixels_per_mm;
    }
}

/* ---- Plans -------------------------------------------------------------- */

static void
fade (PhantomFeature *feature,
      gdouble         left)
{
  feature->depth *= left;
  feature->blood = 1.0 + (feature->blood - 1.0) * left;
  feature->melanin = 1.0 + (feature->melanin - 1.0) * left;
}

static gint
find (const GArray *plan,
      guint64       seed)
{
  guint i;

  for (i = 0; i < plan->len; i++)
    if (g_array_index (plan, PhantomFeature, i).seed == seed)
      return (gint) i;
  return -1;
}

/* Splits a plan in those of the two visits; a feature keeps its seed. */
static gboolean
split_plan (const Pair   *pair,
            const GArray *plan,
            GArray       *visit[2],
            GError      **error)
{
  const PhantomChange *change = pair->change;
  g_autofree gfloat   *without = NULL;
  PhantomRandom        random;
  guint                i;

  phantom_random_init (&random, change->seed, 31);
  for (i = 0; i < plan->len; i++)
    {
      PhantomFeature feature = g_array_index (plan, PhantomFeature, i);
      gdouble        lot = phantom_random_uniform (&random, 0.0, 1.0);
      gdouble        left = phantom_random_uniform (&random, 0.35, 0.75);
      gboolean       lesion = feature.kind == PHANTOM_LESION;
      gboolean       gone = lesion && lot < change->resolved;
      gboolean       fresh = lesion && ! gone
                       && lot < change->resolved + change->fresh;

      if (! fresh)
        g_array_append_val (visit[0], feature);
      if (feature.kind == PHANTOM_HAIR && change->seed)
        {
          feature.seed = phantom_random_bits (&random);
          feature.angle += phantom_random_uniform (&random, -1.0, 1.0);
          feature.x += phantom_random_uniform (&random, -8.0, 8.0);
          feature.y += phantom_random_uniform (&random, -8.0, 8.0);
        }
      if (lesion && ! gone && ! fresh
          && lot > 1.0 - change->faded)
        fade (&feature, left);
      if (! gone)
        g_array_append_val (visit[1], feature);
    }
  if (! phantom_visibility (&pair->wide[1], visit[1], &without, error))
    return FALSE;
  phantom_drop_unseen (visit[1]);
  return TRUE;
}

/* ---- Skins -------------------------------------------------------------- */

/* Catmull and Rom's weights. */
static void
cubic_weights (gfloat t,
               gfloat w[4])
{
  w[0] = ((-0.5f * t + 1.0f) * t - 0.5f) * t;
  w[1] = (1.5f * t - 2.5f) * t * t + 1.0f;
  w[2] = ((-1.5f * t + 2.0f) * t + 0.5f) * t;
  w[3] = (0.5f * t - 0.5f) * t * t;
}

static gfloat
cubic_at (const PockmarkPlane *plane,
          gfloat               x,
          gfloat               y)
{
  gint   ix = (gint) floorf (x - 0.5f), iy = (gint) floorf (y - 0.5f), i, j;
  gfloat wx[4], wy[4], sum = 0.0f;

  cubic_weights (x - 0.5f - ix, wx);
  cubic_weights (y - 0.5f - iy, wy);
  for (j = 0; j < 4; j++)
    for (i = 0; i < 4; i++)
      {
        gint px = CLAMP (ix + i - 1, 0, plane->width - 1);
        gint py = CLAMP (iy + j - 1, 0, plane->height - 1);

        sum += wy[j] * wx[i] * plane->data[(gsize) py * plane->width + px];
      }
  return sum;
}

static PockmarkPlane *
through_field (const PockmarkPlane *wide,
               PockmarkPlane *const field[2],
               gint                 margin,
               GError             **error)
{
  PockmarkPlane *out
      = pockmark_plane_new (field[0]->width, field[0]->height, error);
  gsize          i, n = (gsize) field[0]->width * field[0]->height;

  if (out)
    for (i = 0; i < n; i++)
      out->data[i] = cubic_at (wide, field[0]->data[i] + margin,
                               field[1]->data[i] + margin);
  return out;
}

/* The skin as the second camera sees it: wide, through the field. */
static PhantomSkin *
skin_through_field (const Pair          *pair,
                    const PhantomSkin   *wide,
                    PockmarkPlane *const field[2],
                    GError             **error)
{
  g_autoptr (PhantomSkin) skin = g_new0 (PhantomSkin, 1);
  gint  w = field[0]->width, h = field[0]->height;
  gsize i, n = (gsize) w * h;

  skin->pixels_per_mm = pair->later.pixels_per_mm;
  if (! (skin->height
         = through_field (wide->height, field, pair->margin, error))
      || ! (skin->blood
            = through_field (wide->blood, field, pair->margin, error))
      || ! (skin->melanin
            = through_field (wide->melanin, field, pair->margin, error))
      || ! (skin->oil = through_field (wide->oil, field, pair->margin, error))
      || ! (skin->cover
            = through_field (wide->cover, field, pair->margin, error))
      || ! (skin->label = phantom_alloc (n, sizeof (guint32), error)))
    return NULL;
  for (i = 0; i < n; i++)
    {
      gint x = (gint) floorf (field[0]->data[i]) + pair->margin;
      gint y = (gint) floorf (field[1]->data[i]) + pair->margin;

      skin->label[i] = wide->label[(gsize) CLAMP (y, 0, wide->height->height - 1)
                                       * wide->height->width
                                   + CLAMP (x, 0, wide->height->width - 1)];
      skin->oil->data[i] = phantom_clamp (skin->oil->data[i], 0.0f, 1.0f);
      skin->cover->data[i] = phantom_clamp (skin->cover->data[i], 0.0f, 1.0f);
    }
  return g_steal_pointer (&skin);
}

static PockmarkPlane *
middle_of (const PockmarkPlane *wide,
           gint                 margin,
           GError             **error)
{
  PockmarkPlane *out = pockmark_plane_new (wide->width - 2 * margin,
                                           wide->height - 2 * margin, error);
  gint           y;

  for (y = 0; out && y < out->height; y++)
    memcpy (out->data + (gsize) y * out->width,
            wide->data + (gsize) (y + margin) * wide->width + margin,
            out->width * sizeof (gfloat));
  return out;
}

static PhantomSkin *
skin_middle (const Pair        *pair,
             const PhantomSkin *wide,
             GError           **error)
{
  g_autoptr (PhantomSkin) skin = g_new0 (PhantomSkin, 1);
  gint m = pair->margin, w = pair->settings->width, y;

  skin->pixels_per_mm = wide->pixels_per_mm;
  if (! (skin->height = middle_of (wide->height, m, error))
      || ! (skin->blood = middle_of (wide->blood, m, error))
      || ! (skin->melanin = middle_of (wide->melanin, m, error))
      || ! (skin->oil = middle_of (wide->oil, m, error))
      || ! (skin->cover = middle_of (wide->cover, m, error))
      || ! (skin->label = phantom_alloc ((gsize) w * skin->height->height,
                                         sizeof (guint32), error)))
    return NULL;
  for (y = 0; y < skin->height->height; y++)
    memcpy (skin->label + (gsize) y * w,
            wide->label + (gsize) (y + m) * wide->height->width + m,
            w * sizeof (guint32));
  return g_steal_pointer (&skin);
}

/* ---- The two photographs ------------------------------------------------ */

static gboolean
fill_field (const Pair    *pair,
            PhantomVisits *visits,
            GError       **error)
{
  gint    w = pair->later.width, h = pair->later.height, x, y;
  gdouble scale = pair->settings->pixels_per_mm;

  if (! (visits->field[0] = pockmark_plane_new (w, h, error))
      || ! (visits->field[1] = pockmark_plane_new (w, h, error)))
    return FALSE;
  for (y = 0; y < h; y++)
    for (x = 0; x < w; x++)
      {
        gdouble at[2] = { (x + 0.5) / pair->later.pixels_per_mm,
                          (y + 0.5) / pair->later.pixels_per_mm };
        gdouble skin[2];

        to_skin (pair, at, skin);
        visits->field[0]->data[(gsize) y * w + x]
            = skin[0] * scale - pair->margin;
        visits->field[1]->data[(gsize) y * w + x]
            = skin[1] * scale - pair->margin;
      }
  return TRUE;
}

/* Haemoglobin density of skin with these shares, as the core unmixes it. */
static gfloat
hemoglobin_of (const PhantomOptics    *optics,
               const PockmarkUnmixing *unmixing,
               gfloat                  ln_blood,
               gfloat                  ln_melanin)
{
  const gfloat *row = unmixing->row[POCKMARK_HEMOGLOBIN];
  gfloat        rgb[3];

  phantom_optics_skin (optics, ln_blood, ln_melanin, rgb);
  return -row[0] * logf (rgb[0]) - row[1] * logf (rgb[1])
         - row[2] * logf (rgb[2]);
}

/* Only where something was changed do the two wide skins differ, so their
 * difference holds no error of resampling. */
static gboolean
true_redness (const Pair        *pair,
              const PhantomSkin *before,
              const PhantomSkin *after,
              PhantomVisits     *visits,
              GError           **error)
{
  g_autoptr (PhantomOptics) optics = phantom_optics_new (pair->settings->set);
  g_autoptr (PockmarkPlane) change = pockmark_plane_new (
      before->blood->width, before->blood->height, error);
  PockmarkUnmixing unmixing;
  gsize            i, n;

  if (! change
      || ! pockmark_unmixing_init (&unmixing, &pockmark_vectors_default, error))
    return FALSE;
  n = (gsize) change->width * change->height;
  for (i = 0; i < n; i++)
    if (after->blood->data[i] != before->blood->data[i]
        || after->melanin->data[i] != before->melanin->data[i])
      change->data[i]
          = hemoglobin_of (optics, &unmixing, after->blood->data[i],
                           after->melanin->data[i])
            - hemoglobin_of (optics, &unmixing, before->blood->data[i],
                             before->melanin->data[i]);
  visits->redness = through_field (change, visits->field, pair->margin, error);
  return visits->redness != NULL;
}

/* The plan in mm of a picture. */
static GArray *
plan_in_picture (const Pair   *pair,
                 const GArray *wide,
                 gboolean      later)
{
  GArray *plan = g_array_copy ((GArray *) wide);
  gdouble angle = pair->change->rotation * G_PI / 180.0;
  gdouble margin = pair->margin / pair->settings->pixels_per_mm;
  guint   i;

  for (i = 0; i < plan->len; i++)
    {
      PhantomFeature *feature = &g_array_index (plan, PhantomFeature, i);
      gdouble skin[2] = { feature->x, feature->y }, at[2];

      if (later)
        {
          from_skin (pair, skin, at);
          feature->x = at[0];
          feature->y = at[1];
          feature->angle -= angle;
        }
      else
        {
          feature->x -= margin;
          feature->y -= margin;
        }
    }
  return plan;
}

/* Lesions whose centre is not in the picture are no truth of it. */
static void
leave_out_outside (GArray      *plan,
                   PhantomSkin *skin)
{
  gsize               i, n = (gsize) skin->height->width * skin->height->height;
  g_autofree guint32 *number = g_new0 (guint32, plan->len + 1);
  guint               from, to = 0;

  for (from = 0; from < plan->len; from++)
    {
      PhantomFeature feature = g_array_index (plan, PhantomFeature, from);
      gdouble x = feature.x * skin->pixels_per_mm;
      gdouble y = feature.y * skin->pixels_per_mm;

      if (feature.kind == PHANTOM_LESION
          && ! (x >= 0.0 && y >= 0.0 && x < skin->height->width
                && y < skin->height->height))
        continue;
      g_array_index (plan, PhantomFeature, to++) = feature;
      number[from + 1] = feature.kind == PHANTOM_LESION ? to : 0;
    }
  g_array_set_size (plan, to);
  for (i = 0; i < n; i++)
    skin->label[i] = number[skin->label[i]];
}

/* Contrast of a lesion over the skin around it. */
static gdouble
contrast (const Pair           *pair,
          const PhantomOptics  *optics,
          const PhantomFeature *feature)
{
  const PhantomSettings *s = pair->settings;
  PockmarkUnmixing       unmixing;

  if (! pockmark_unmixing_init (&unmixing, &pockmark_vectors_default, NULL))
    return 0.0;
  return hemoglobin_of (optics, &unmixing, log (s->blood * feature->blood),
                        log (s->melanosomes * feature->melanin))
         - hemoglobin_of (optics, &unmixing, log (s->blood),
                          log (s->melanosomes));
}

/* One PhantomFate for each lesion that either picture shows. */
static void
fill_fates (const Pair    *pair,
            const GArray  *all,
            GArray *const  visit[2],
            PhantomVisits *visits)
{
  g_autoptr (PhantomOptics) optics = phantom_optics_new (pair->settings->set);
  const gdouble margin = pair->margin / pair->settings->pixels_per_mm;
  guint         i;
  gint          k;

  for (i = 0; i < all->len; i++)
    {
      const PhantomFeature *feature = &g_array_index (all, PhantomFeature, i);
      const PhantomFeature *seen[2] = { NULL, NULL };
      PhantomFate           fate = { .faded = FALSE };

      if (feature->kind != PHANTOM_LESION)
        break;
      for (k = 0; k < 2; k++)
        {
          const gdouble skin[2] = { feature->x, feature->y };
          gdouble       at[2] = { feature->x - margin, feature->y - margin };
          const gint    place = find (visit[k], feature->seed);
          const Phantom *shown = k ? visits->after : visits->before;

          if (k)
            from_skin (pair, skin, at);
          fate.place[k][0] = at[0] * shown->pixels_per_mm;
          fate.place[k][1] = at[1] * shown->pixels_per_mm;
          *(k ? &fate.after : &fate.before)
              = find (shown->lesions, feature->seed);
          if (place >= 0)
            seen[k] = &g_array_index (visit[k], PhantomFeature, place);
          fate.exists[k] = seen[k] != NULL;
          fate.hemoglobin[k] = seen[k] ? contrast (pair, optics, seen[k]) : 0.0;
        }
      fate.faded = seen[0] && seen[1]
                   && (seen[0]->blood != seen[1]->blood
                       || seen[0]->melanin != seen[1]->melanin
                       || seen[0]->depth != seen[1]->depth);
      if (fate.before >= 0 || fate.after >= 0)
        g_array_append_val (visits->fates, fate);
    }
}

static gboolean
photograph_both (const Pair    *pair,
                 const GArray  *all,
                 GArray *const  visit[2],
                 PhantomVisits *visits,
                 GError       **error)
{
  g_autoptr (PhantomSkin) first = NULL, second = NULL, near = NULL, far = NULL;
  g_autoptr (GArray)      here = plan_in_picture (pair, visit[0], FALSE);
  g_autoptr (GArray)      there = plan_in_picture (pair, visit[1], TRUE);
  PhantomSettings         settings = pair->wide[0];

  settings.width = pair->settings->width;
  settings.height = pair->settings->height;
  first = phantom_skin_new (&pair->wide[0], visit[0], settings.pixels_per_mm,
                            pair->wide[0].width, pair->wide[0].height, error);
  if (! first || ! (near = skin_middle (pair, first, error)))
    return FALSE;
  leave_out_outside (here, near);
  visits->before = phantom_photograph (&settings, near, here, error);
  second = visits->before
               ? phantom_skin_new (&pair->wide[0], visit[1],
                                   settings.pixels_per_mm,
                                   pair->wide[0].width, pair->wide[0].height,
                                   error)
               : NULL;
  if (! second || ! fill_field (pair, visits, error)
      || ! (far = skin_through_field (pair, second, visits->field, error))
      || ! true_redness (pair, first, second, visits, error))
    return FALSE;
  leave_out_outside (there, far);
  visits->after = phantom_photograph (&pair->later, far, there, error);
  if (visits->after)
    fill_fates (pair, all, visit, visits);
  return visits->after != NULL;
}

PhantomVisits *
phantom_visits_new (const PhantomSettings *settings,
                    const PhantomChange   *change,
                    GError               **error)
{
  g_autoptr (PhantomVisits) visits = g_new0 (PhantomVisits, 1);
  g_autoptr (GArray)        all = NULL;
  GArray  *visit[2];
  Pair     pair = { .settings = settings, .change = change };
  gboolean done;
  gint     k;

  if (! phantom_settings_check (settings, error))
    return NULL;
  pair_init (&pair);
  all = phantom_plan (&pair.wide[0]);
  visits->fates = g_array_new (FALSE, FALSE, sizeof (PhantomFate));
  for (k = 0; k < 2; k++)
    visit[k] = g_array_new (FALSE, FALSE, sizeof (PhantomFeature));
  done = bend_init (&pair, error)
         && phantom_make_visible (pair.wide, 2, all, error)
         && split_plan (&pair, all, visit, error)
         && photograph_both (&pair, all, visit, visits, error);
  for (k = 0; k < 2; k++)
    {
      g_array_unref (visit[k]);
      pockmark_plane_free (pair.bend[k]);
    }
  return done ? g_steal_pointer (&visits) : NULL;
}

void
phantom_visits_free (PhantomVisits *visits)
{
  if (! visits)
    return;
  phantom_free (visits->before);
  phantom_free (visits->after);
  pockmark_plane_free (visits->field[0]);
  pockmark_plane_free (visits->field[1]);
  pockmark_plane_free (visits->redness);
  g_clear_pointer (&visits->fates, g_array_unref);
  g_free (visits);
}
