/* Pockmark: the change of redness, light and colour evened out
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Haemoglobin density does not see how bright the light is, but a white balance
 * that is off shifts it everywhere, and a lamp of another colour shifts it from
 * one side of the picture to the other.  Neither has edges.  So a quadratic
 * surface is fitted to the differences at skin without lesions, by weights
 * that fall with the residual (Tukey's biweight), and taken off.  What is left
 * is change against unaffected skin; a change of all the skin at once needs a
 * grey card in both pictures to be seen.
 */

#include <math.h>

#include "visits.h"

#define N_TERMS 6
#define ROUNDS 8

/* Residuals this many robust spreads off count for nothing. */
#define CUT 3.0

typedef struct
{
  gint     n;
  gfloat  *x; /* -1 to 1 */
  gfloat  *y;
  gfloat  *value;
  gdouble  fit[N_TERMS];
} Samples;

static void
terms_of (gdouble x,
          gdouble y,
          gdouble terms[N_TERMS])
{
  terms[0] = 1.0;
  terms[1] = x;
  terms[2] = y;
  terms[3] = x * x;
  terms[4] = x * y;
  terms[5] = y * y;
}

static gdouble
surface (const gdouble fit[N_TERMS],
         gdouble       x,
         gdouble       y)
{
  gdouble terms[N_TERMS], sum = 0.0;
  gint    k;

  terms_of (x, y, terms);
  for (k = 0; k < N_TERMS; k++)
    sum += fit[k] * terms[k];
  return sum;
}

/* Cholesky's factorisation in place, then both substitutions. */
static void
solve (gdouble a[N_TERMS][N_TERMS],
       gdouble b[N_TERMS])
{
  gint i, j, k;

  for (i = 0; i < N_TERMS; i++)
    for (j = i; j < N_TERMS; j++)
      {
        gdouble sum = a[j][i];

        for (k = 0; k < i; k++)
          sum -= a[i][k] * a[j][k];
        if (i == j)
          a[i][i] = sqrt (MAX (sum, 1e-12));
        else
          a[j][i] = sum / a[i][i];
      }
  for (i = 0; i < N_TERMS; i++)
    {
      for (k = 0; k < i; k++)
        b[i] -= a[i][k] * b[k];
      b[i] /= a[i][i];
    }
  for (i = N_TERMS; i-- > 0;)
    {
      for (k = i + 1; k < N_TERMS; k++)
        b[i] -= a[k][i] * b[k];
      b[i] /= a[i][i];
    }
}

static void
fit_once (Samples *samples,
          gdouble  cut)
{
  gdouble a[N_TERMS][N_TERMS] = { { 0.0 } }, b[N_TERMS] = { 0.0 };
  gint    i, j, k;

  for (i = 0; i < samples->n; i++)
    {
      gdouble terms[N_TERMS], r, w;

      terms_of (samples->x[i], samples->y[i], terms);
      r = (samples->value[i] - surface (samples->fit, samples->x[i],
                                        samples->y[i])) / cut;
      if (fabs (r) >= 1.0)
        continue;
      w = (1.0 - r * r) * (1.0 - r * r);
      for (j = 0; j < N_TERMS; j++)
        {
          for (k = 0; k < N_TERMS; k++)
            a[j][k] += w * terms[j] * terms[k];
          b[j] += w * terms[j] * samples->value[i];
        }
    }
  /* A little stiffness where there is next to nothing to fit. */
  for (j = 0; j < N_TERMS; j++)
    a[j][j] += j == 0 ? 1e-6 : 1e-3 * samples->n;
  solve (a, b);
  for (k = 0; k < N_TERMS; k++)
    samples->fit[k] = b[k];
}

static gboolean
fit_surface (Samples *samples,
             GError **error)
{
  g_autofree gfloat *off = g_try_new (gfloat, (gsize) MAX (samples->n, 1));
  gint i, round;

  if (! off)
    return pockmark_memory_error (error);
  if (samples->n == 0)
    return TRUE;
  for (i = 0; i < samples->n; i++)
    off[i] = samples->value[i];
  samples->fit[0] = pockmark_quantile (off, (gsize) samples->n, 0.5);
  for (round = 0; round < ROUNDS; round++)
    {
      for (i = 0; i < samples->n; i++)
        off[i] = fabsf (samples->value[i]
                        - (gfloat) surface (samples->fit, samples->x[i],
                                            samples->y[i]));
      fit_once (samples,
                CUT * 1.4826
                    * MAX (pockmark_quantile (off, (gsize) samples->n, 0.5),
                           1e-4f));
    }
  return TRUE;
}

/* Whether a place of the later photograph lies on or beside a lesion. */
static void
mark_lesions (const GArray        *changes,
              const PockmarkVisit *visit,
              PockmarkPlane       *lesion)
{
  guint i;

  for (i = 0; i < changes->len; i++)
    {
      const PockmarkChange *c = &g_array_index (changes, PockmarkChange, i);
      const gdouble r = (0.75 * c->diameter_mm + 0.5) * visit->scale
                        / visit->reduction;
      const gdouble cx = c->x[1] / visit->reduction;
      const gdouble cy = c->y[1] / visit->reduction;
      gint x, y;

      for (y = MAX ((gint) (cy - r), 0);
           y <= MIN ((gint) (cy + r), lesion->height - 1); y++)
        for (x = MAX ((gint) (cx - r), 0);
             x <= MIN ((gint) (cx + r), lesion->width - 1); x++)
          if (hypot (x + 0.5 - cx, y + 0.5 - cy) <= r)
            lesion->data[(gsize) y * lesion->width + x] = 1.0f;
    }
}

static gboolean
is_skin (const PockmarkVisit *visit,
         gdouble              x,
         gdouble              y)
{
  const PockmarkPlane *skin = visit->skin->skin;
  const gint sx = CLAMP ((gint) (x / visit->skin->reduction), 0,
                         skin->width - 1);
  const gint sy = CLAMP ((gint) (y / visit->skin->reduction), 0,
                         skin->height - 1);

  return skin->data[(gsize) sy * skin->width + sx] > 0.5f
         && pockmark_visit_at (visit, visit->weight, x, y) > 0.5f;
}

/* Later minus earlier at every pixel that both show in a trusted place. */
static void
subtract (const PockmarkAlignment *alignment,
          const PockmarkVisit      visit[2],
          PockmarkPlane           *out)
{
  const gdouble step = visit[1].reduction;
  gint          x, y;

  for (y = 0; y < out->height; y++)
    for (x = 0; x < out->width; x++)
      {
        const gdouble px = (x + 0.5) * step, py = (y + 0.5) * step;
        gfloat       *at = &out->data[(gsize) y * out->width + x];
        gdouble       bx, by;

        *at = NAN;
        if (pockmark_alignment_before (alignment, px, py, &bx, &by)
                < POCKMARK_ALIGNMENT_TRUST
            || ! is_skin (&visit[1], px, py) || ! is_skin (&visit[0], bx, by))
          continue;
        *at = pockmark_visit_at (&visit[1], visit[1].plane[POCKMARK_HEMOGLOBIN],
                                 px, py)
              - pockmark_visit_at (&visit[0],
                                   visit[0].plane[POCKMARK_HEMOGLOBIN], bx, by);
      }
}

static gboolean
take_samples (const PockmarkPlane *change,
              const PockmarkPlane *lesion,
              Samples             *samples,
              GError             **error)
{
  const gsize n = (gsize) change->width * change->height;
  gint        x, y;

  samples->x = g_try_new (gfloat, n);
  samples->y = g_try_new (gfloat, n);
  samples->value = g_try_new (gfloat, n);
  if (! samples->x || ! samples->y || ! samples->value)
    return pockmark_memory_error (error);
  for (y = 0; y < change->height; y += 2)
    for (x = 0; x < change->width; x += 2)
      {
        const gsize i = (gsize) y * change->width + x;

        if (isnan (change->data[i]) || lesion->data[i] > 0.5f)
          continue;
        samples->x[samples->n] = 2.0f * (x + 0.5f) / change->width - 1.0f;
        samples->y[samples->n] = 2.0f * (y + 0.5f) / change->height - 1.0f;
        samples->value[samples->n++] = change->data[i];
      }
  return TRUE;
}

PockmarkPlane *
pockmark_even_redness (const PockmarkAlignment *alignment,
                       const PockmarkVisit      visit[2],
                       const GArray            *changes,
                       const gdouble           *offset,
                       GError                 **error)
{
  const gint w = visit[1].weight->width, h = visit[1].weight->height;
  g_autoptr (PockmarkPlane) lesion = pockmark_plane_new (w, h, error);
  PockmarkPlane *change = lesion ? pockmark_plane_new (w, h, error) : NULL;
  Samples        samples = { 0 };
  gboolean       done = change != NULL;
  gint           x, y;

  if (done)
    {
      subtract (alignment, visit, change);
      mark_lesions (changes, &visit[1], lesion);
      if (offset)
        samples.fit[0] = *offset;
      else
        done = take_samples (change, lesion, &samples, error)
               && fit_surface (&samples, error);
    }
  for (y = 0; done && y < h; y++)
    for (x = 0; x < w; x++)
      change->data[(gsize) y * w + x]
          -= (gfloat) surface (samples.fit, 2.0 * (x + 0.5) / w - 1.0,
                               2.0 * (y + 0.5) / h - 1.0);
  if (! done)
    g_clear_pointer (&change, pockmark_plane_free);
  g_free (samples.x);
  g_free (samples.y);
  g_free (samples.value);
  return change;
}
