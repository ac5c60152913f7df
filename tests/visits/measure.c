/* How well two visits are compared: pairs of phantoms and their truth
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <stdlib.h>

#include "accuracy.h"
#include "visits.h"

/* Of the lesions of a changed pair. */
#define RESOLVED 0.2
#define FRESH 0.2
#define FADED 0.2

/* Every so many pixels each way, the alignment is looked at. */
#define STRIDE 4

/* A finding is a lesion's when it lies in the true region grown by this, mm;
 * one of another kind is taken only where no other is near. */
#define OTHER_KIND 0.3

void
visits_pair_free (VisitsPair *pair)
{
  if (! pair)
    return;
  phantom_visits_free (pair->truth);
  g_free (pair->linear[0]);
  g_free (pair->linear[1]);
  g_free (pair);
}

static void
choose_settings (const VisitsCase *which,
                 PhantomSettings  *settings)
{
  phantom_settings_init (settings);
  phantom_settings_random (settings, (guint64) which->number, which->set);
  phantom_settings_field (settings, which->pixels);
  phantom_settings_random (settings, (guint64) which->number, which->set);
  settings->melanosomes = phantom_tone (which->number % PHANTOM_N_TONES);
}

VisitsPair *
visits_pair_new (const VisitsCase *which,
                 GError          **error)
{
  g_autoptr (VisitsPair) pair = g_new0 (VisitsPair, 1);
  PhantomSettings settings;
  gint            k;

  choose_settings (which, &settings);
  phantom_change_random (&pair->change, (guint64) which->number + 1000);
  if (! which->unchanged)
    {
      pair->change.resolved = RESOLVED;
      pair->change.fresh = FRESH;
      pair->change.faded = FADED;
    }
  pair->truth = phantom_visits_new (&settings, &pair->change, error);
  if (! pair->truth)
    return NULL;
  for (k = 0; k < 2; k++)
    {
      const Phantom *phantom = k ? pair->truth->after : pair->truth->before;

      pair->linear[k] = accuracy_linear (phantom, error);
      if (! pair->linear[k])
        return NULL;
      pair->pixels[k] = (PockmarkPixels) { phantom->width, phantom->height,
                                           pair->linear[k] };
      pair->source[k] = pockmark_source_from_pixels (&pair->pixels[k]);
      pockmark_parameters_init (&pair->parameters[k]);
      pair->parameters[k].pixels_per_mm = phantom->pixels_per_mm;
    }
  return g_steal_pointer (&pair);
}

/* ---- Alignment ---------------------------------------------------------- */

static gint
ascending (gconstpointer a,
           gconstpointer b)
{
  const gdouble p = *(const gdouble *) a, q = *(const gdouble *) b;

  return (p > q) - (p < q);
}

static gdouble
quantile (GArray *values,
          gdouble q)
{
  if (values->len == 0)
    return NAN;
  return g_array_index (values, gdouble, (guint) (q * (values->len - 1)));
}

void
visits_measure_alignment (const VisitsPair        *pair,
                          const PockmarkAlignment *alignment,
                          VisitsAlignment         *measured)
{
  const PockmarkPlane *fx = pair->truth->field[0];
  const PockmarkPlane *fy = pair->truth->field[1];
  const Phantom       *before = pair->truth->before;
  g_autoptr (GArray)   all = g_array_new (FALSE, FALSE, sizeof (gdouble));
  g_autoptr (GArray)   trusted = g_array_new (FALSE, FALSE, sizeof (gdouble));
  gint                 x, y;

  for (y = STRIDE / 2; y < fx->height; y += STRIDE)
    for (x = STRIDE / 2; x < fx->width; x += STRIDE)
      {
        const gsize   i = (gsize) y * fx->width + x;
        const gdouble tx = fx->data[i], ty = fy->data[i];
        gdouble       bx, by, error;
        gfloat        trust;

        if (tx < 0.0 || ty < 0.0 || tx > before->width || ty > before->height)
          continue;
        trust = pockmark_alignment_before (alignment, x + 0.5, y + 0.5, &bx,
                                           &by);
        error = hypot (bx - tx, by - ty) / before->pixels_per_mm;
        g_array_append_val (all, error);
        if (trust >= POCKMARK_ALIGNMENT_TRUST)
          g_array_append_val (trusted, error);
      }
  g_array_sort (all, ascending);
  g_array_sort (trusted, ascending);
  measured->median = quantile (all, 0.5);
  measured->p95 = quantile (all, 0.95);
  measured->trusted_median = quantile (trusted, 0.5);
  measured->trusted_p95 = quantile (trusted, 0.95);
  measured->trusted = all->len ? (gdouble) trusted->len / all->len : 0.0;
}

/* ---- Fates -------------------------------------------------------------- */

static gboolean
is_scar (PockmarkClass klass)
{
  return klass == POCKMARK_CRATER || klass == POCKMARK_ICE_PICK;
}

/* The true lesion, by place in the fates, that a finding is about; -1 none. */
static gint
lesion_of (const VisitsPair     *pair,
           gint                  visit,
           const PockmarkLesion *found)
{
  const Phantom *phantom = visit ? pair->truth->after : pair->truth->before;
  gdouble        best = ACCURACY_TOLERANCE;
  gint           which = -1;
  guint          i;

  for (i = 0; i < pair->truth->fates->len; i++)
    {
      const PhantomFate *fate
          = &g_array_index (pair->truth->fates, PhantomFate, i);
      const gint at = visit ? fate->after : fate->before;
      gdouble    off;

      if (at < 0)
        continue;
      const PhantomFeature *lesion
          = &g_array_index (phantom->lesions, PhantomFeature, at);
      off = hypot (fate->place[visit][0] - found->x,
                   fate->place[visit][1] - found->y)
                / phantom->pixels_per_mm
            - 0.5 * lesion->width;
      if (lesion->klass != found->klass
          && ! (is_scar (lesion->klass) && is_scar (found->klass)))
        off += OTHER_KIND;
      if (off < best)
        {
          best = off;
          which = (gint) i;
        }
    }
  return which;
}

static PockmarkFate
true_fate (const PhantomFate *fate)
{
  return ! fate->exists[0]   ? POCKMARK_FATE_NEW
         : ! fate->exists[1] ? POCKMARK_FATE_RESOLVED
                             : POCKMARK_FATE_PERSISTING;
}

void
visits_count_fates (const VisitsPair         *pair,
                    const PockmarkComparison *comparison,
                    VisitsFates              *fates)
{
  g_autofree gboolean *seen = g_new0 (gboolean, pair->truth->fates->len + 1);
  guint                i;

  for (i = 0; i < comparison->changes->len; i++)
    {
      const PockmarkChange *c
          = &g_array_index (comparison->changes, PockmarkChange, i);
      gint which = -1, visit;

      if (c->fate == POCKMARK_FATE_UNKNOWN)
        continue;
      for (visit = 1; visit >= 0 && which < 0; visit--)
        if (c->number[visit] > 0)
          which = lesion_of (pair, visit,
                             &g_array_index (comparison->lesions[visit],
                                             PockmarkLesion,
                                             c->number[visit] - 1));
      if (which < 0)
        fates->wrong[c->fate]++;
      else if (! seen[which])
        {
          seen[which] = TRUE;
          fates->said[true_fate (&g_array_index (pair->truth->fates,
                                                 PhantomFate, which))]
                     [c->fate]++;
        }
    }
  for (i = 0; i < pair->truth->fates->len; i++)
    if (! seen[i])
      fates->missed[true_fate (&g_array_index (pair->truth->fates,
                                               PhantomFate, i))]++;
}

gdouble
visits_f1 (const VisitsFates *fates,
           PockmarkFate       fate,
           gboolean           with_wrong)
{
  gint right = fates->said[fate][fate];
  gint all = 2 * right + (with_wrong ? fates->wrong[fate] : 0);
  gint i;

  for (i = 0; i < 3; i++)
    if (i != (gint) fate)
      all += fates->said[i][fate] + fates->said[fate][i];
  return all ? 2.0 * right / all : NAN;
}

/* ---- Redness ------------------------------------------------------------ */

gdouble
visits_true_redness (const VisitsPair         *pair,
                     const PockmarkComparison *comparison)
{
  const PockmarkPlane *truth = pair->truth->redness;
  const PockmarkPlane *compared = comparison->redness;
  gdouble              sum = 0.0;
  gsize                n = 0;
  gint                 x, y;

  for (y = 0; y < compared->height; y++)
    for (x = 0; x < compared->width; x++)
      {
        const gint px = (gint) ((x + 0.5) * comparison->reduction);
        const gint py = (gint) ((y + 0.5) * comparison->reduction);

        if (isnan (compared->data[(gsize) y * compared->width + x]))
          continue;
        sum += truth->data[(gsize) MIN (py, truth->height - 1) * truth->width
                           + MIN (px, truth->width - 1)];
        n++;
      }
  return n ? sum / (gdouble) n : NAN;
}
