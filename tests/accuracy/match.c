/* The accuracy table: findings against truth
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "accuracy.h"

/* How far from a distractor a finding is still taken to be about it, mm. */
#define NEAR 0.2

GArray *
accuracy_findings_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (AccuracyFinding));
}

static gint
best_first (gconstpointer a,
            gconstpointer b)
{
  const AccuracyFinding *p = a, *q = b;

  if (p->score != q->score)
    return p->score < q->score ? 1 : -1;
  if (p->y != q->y)
    return p->y < q->y ? -1 : 1;
  return (p->x > q->x) - (p->x < q->x);
}

/* The nearest lesion within tolerance that is of klass (POCKMARK_NONE: any)
 * and, where taken is given, is still free: its label, 0 for none. */
static guint32
nearest (const Phantom  *phantom,
         gfloat          x,
         gfloat          y,
         PockmarkClass   klass,
         const gboolean *taken)
{
  const gdouble reach = ACCURACY_TOLERANCE * phantom->pixels_per_mm;
  const gint    x0 = MAX ((gint) floor (x - reach), 0);
  const gint    x1 = MIN ((gint) ceil (x + reach), phantom->width);
  const gint    y0 = MAX ((gint) floor (y - reach), 0);
  const gint    y1 = MIN ((gint) ceil (y + reach), phantom->height);
  gdouble       best = reach;
  guint32       found = 0;
  gint          px, py;

  for (py = y0; py < y1; py++)
    for (px = x0; px < x1; px++)
      {
        const gsize   at = (gsize) py * phantom->width + px;
        const guint32 label = phantom->label[at];
        gdouble       distance;

        if (! label || (klass && phantom->classes[at] != klass)
            || (taken && taken[label]))
          continue;
        /* To the pixel's nearest edge: inside it is 0. */
        distance = hypot (MAX (fabs (px + 0.5 - x) - 0.5, 0.0),
                          MAX (fabs (py + 0.5 - y) - 0.5, 0.0));
        if (distance <= best)
          {
            best = distance;
            found = label;
          }
      }
  return found;
}

static gboolean
is_near (const PhantomFeature *feature,
         gdouble               x,
         gdouble               y)
{
  const gdouble dx = x - feature->x, dy = y - feature->y;
  const gdouble c = cos (feature->angle), s = sin (feature->angle);
  const gdouble along = MAX (fabs (dx * c + dy * s) - 0.5 * feature->length, 0.0);
  const gdouble across = dy * c - dx * s;
  /* What is drawn out bends away from its chord. */
  const gdouble bend = feature->kind == PHANTOM_RULER || feature->kind == PHANTOM_TEXT
                           ? 0.0 : 0.05 * feature->length;

  return hypot (along, across)
         <= 0.5 * feature->width * sqrt (MAX (feature->stretch, 1.0)) + bend + NEAR;
}

/* Pores and hairs are everywhere, so they are blamed last. */
static gint
cause_of (const Phantom         *phantom,
          const AccuracyFinding *finding)
{
  static const PhantomKind order[] = {
    PHANTOM_RULER, PHANTOM_TEXT, PHANTOM_MOLE, PHANTOM_PAPULE, PHANTOM_COMEDONE,
    PHANTOM_WRINKLE, PHANTOM_VESSEL, PHANTOM_HAIR, PHANTOM_FRECKLE,
    PHANTOM_MAKE_UP, PHANTOM_STUBBLE, PHANTOM_PORE, PHANTOM_VELLUS
  };
  const gdouble x = finding->x / phantom->pixels_per_mm;
  const gdouble y = finding->y / phantom->pixels_per_mm;
  guint32       label;
  guint         i, k;

  if (nearest (phantom, finding->x, finding->y, finding->klass, NULL))
    return ACCURACY_AGAIN;
  label = nearest (phantom, finding->x, finding->y, POCKMARK_NONE, NULL);
  if (label)
    return ACCURACY_LESION
           + g_array_index (phantom->lesions, PhantomFeature, label - 1).klass;
  for (i = 0; i < G_N_ELEMENTS (order); i++)
    for (k = 0; k < phantom->distractors->len; k++)
      {
        const PhantomFeature *feature
            = &g_array_index (phantom->distractors, PhantomFeature, k);

        if (feature->kind == order[i] && is_near (feature, x, y))
          return ACCURACY_KIND + feature->kind;
      }
  return ACCURACY_NOTHING;
}

void
accuracy_match (const Phantom *phantom,
                GArray        *findings,
                gboolean       explain)
{
  g_autofree gboolean *taken = g_new0 (gboolean, phantom->lesions->len + 1);
  guint                i;

  g_array_sort (findings, best_first);
  for (i = 0; i < findings->len; i++)
    {
      AccuracyFinding *finding = &g_array_index (findings, AccuracyFinding, i);
      const guint32    label = nearest (phantom, finding->x, finding->y,
                                        finding->klass, taken);

      taken[label] = label != 0;
      finding->cause = label ? ACCURACY_RIGHT : ACCURACY_NOTHING;
    }
  /* Only now is it known which lesions others have. */
  for (i = 0; explain && i < findings->len; i++)
    {
      AccuracyFinding *finding = &g_array_index (findings, AccuracyFinding, i);

      if (finding->cause != ACCURACY_RIGHT)
        finding->cause = cause_of (phantom, finding);
    }
}
