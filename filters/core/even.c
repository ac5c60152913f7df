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
 *
 * Glare adds the lamp's own colour to the skin's, most to be seen on dark skin,
 * and makes all differences of density smaller than they are.  How much smaller
 * in one visit than in the other is told by how much the same unaffected skin
 * varies from cell to cell in both, by total least squares.  The paler visit is
 * brought up to the other.
 */

#include <math.h>

#include "visits.h"

#define N_TERMS 6
#define ROUNDS 8

/* Residuals this many robust spreads off count for nothing. */
#define CUT 3.0

/* Cells of unaffected skin, mm, and how many it takes to tell glare by. */
#define CELL_MM 1.6
#define FEWEST_CELLS 30

/* Glare makes no more difference than this; cells that correlate by less than
 * the one in both visits tell nothing of it, by the other or more, all. */
#define MOST_GAIN 2.5
#define CHANCE 0.5
#define SURE 0.8

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

/* Haemoglobin of both visits at the later one's pixels; NAN where not both show
 * skin in a trusted place. */
static void
see_both (const PockmarkAlignment *alignment,
          const PockmarkVisit      visit[2],
          PockmarkPlane *const     seen[2])
{
  const gdouble step = visit[1].reduction;
  gint          x, y;

  for (y = 0; y < seen[1]->height; y++)
    for (x = 0; x < seen[1]->width; x++)
      {
        const gdouble px = (x + 0.5) * step, py = (y + 0.5) * step;
        const gsize   i = (gsize) y * seen[1]->width + x;
        gdouble       bx, by;

        seen[0]->data[i] = seen[1]->data[i] = NAN;
        if (pockmark_alignment_before (alignment, px, py, &bx, &by)
                < POCKMARK_ALIGNMENT_TRUST
            || ! is_skin (&visit[1], px, py) || ! is_skin (&visit[0], bx, by))
          continue;
        seen[0]->data[i] = pockmark_visit_at (
            &visit[0], visit[0].plane[POCKMARK_HEMOGLOBIN], bx, by);
        seen[1]->data[i] = pockmark_visit_at (
            &visit[1], visit[1].plane[POCKMARK_HEMOGLOBIN], px, py);
      }
}

static gboolean
samples_init (Samples *samples,
              gsize    n,
              GError **error)
{
  samples->x = g_try_new (gfloat, n);
  samples->y = g_try_new (gfloat, n);
  samples->value = g_try_new (gfloat, n);
  return (samples->x && samples->y && samples->value)
         || pockmark_memory_error (error);
}

static void
samples_clear (Samples *samples)
{
  g_free (samples->x);
  g_free (samples->y);
  g_free (samples->value);
}

/* The mean over the cell's unaffected skin, where that is half of it. */
static void
take_cell (const PockmarkPlane *seen,
           const PockmarkPlane *lesion,
           gint                 x0,
           gint                 y0,
           gint                 side,
           Samples             *samples)
{
  gdouble sum = 0.0;
  gint    n = 0, x, y;

  for (y = y0; y < y0 + side; y++)
    for (x = x0; x < x0 + side; x++)
      {
        const gsize i = (gsize) y * seen->width + x;

        if (isnan (seen->data[i]) || lesion->data[i] > 0.5f)
          continue;
        sum += seen->data[i];
        n++;
      }
  if (2 * n < side * side)
    return;
  samples->x[samples->n] = 2.0f * (x0 + 0.5f * side) / seen->width - 1.0f;
  samples->y[samples->n] = 2.0f * (y0 + 0.5f * side) / seen->height - 1.0f;
  samples->value[samples->n++] = (gfloat) (sum / n);
}

/* How unaffected skin varies from cell to cell around its quadratic surface. */
static gboolean
take_cells (const PockmarkPlane *seen,
            const PockmarkPlane *lesion,
            gint                 side,
            Samples             *samples,
            GError             **error)
{
  const gsize n = (gsize) (seen->width / side) * (seen->height / side);
  gint        x, y, i;

  if (! samples_init (samples, MAX (n, 1), error))
    return FALSE;
  for (y = 0; y + side <= seen->height; y += side)
    for (x = 0; x + side <= seen->width; x += side)
      take_cell (seen, lesion, x, y, side, samples);
  if (! fit_surface (samples, error))
    return FALSE;
  for (i = 0; i < samples->n; i++)
    samples->value[i]
        -= (gfloat) surface (samples->fit, samples->x[i], samples->y[i]);
  return TRUE;
}

/* The slope of the later cells against the earlier, nearer to 1 the less they
 * correlate.  off: room for as many. */
static gdouble
slope_of (const Samples cells[2],
          gfloat       *off)
{
  gdouble slope = 1.0, agree = 0.0;
  gint    round, i;

  for (round = 0; round < ROUNDS; round++)
    {
      gdouble xx = 1e-12, yy = 1e-12, xy = 0.0, cut;

      for (i = 0; i < cells[0].n; i++)
        off[i] = (gfloat) fabs (cells[1].value[i] - slope * cells[0].value[i]);
      cut = CUT * 1.4826
            * MAX (pockmark_quantile (off, (gsize) cells[0].n, 0.5), 1e-4f);
      for (i = 0; i < cells[0].n; i++)
        {
          const gdouble x = cells[0].value[i], y = cells[1].value[i];
          const gdouble r = MIN (fabs (y - slope * x) / cut, 1.0);
          const gdouble w = (1.0 - r * r) * (1.0 - r * r);

          xx += w * x * x;
          yy += w * y * y;
          xy += w * x * y;
        }
      agree = xy / sqrt (xx * yy);
      if (agree <= CHANCE)
        return 1.0;
      slope = (yy - xx + hypot (yy - xx, 2.0 * xy)) / (2.0 * xy);
      slope = CLAMP (slope, 1.0 / MOST_GAIN, MOST_GAIN);
    }
  return pow (slope, CLAMP ((agree - CHANCE) / (SURE - CHANCE), 0.0, 1.0));
}

/* What to multiply the densities of each visit by. */
static gboolean
find_gain (PockmarkPlane *const seen[2],
           const PockmarkPlane *lesion,
           gdouble              scale,
           gdouble              gain[2],
           GError             **error)
{
  const gint side = (gint) MAX (lrint (CELL_MM * scale), 1);
  Samples    cells[2] = { { 0 }, { 0 } };
  gfloat    *off = NULL;
  gboolean   done = take_cells (seen[0], lesion, side, &cells[0], error)
                    && take_cells (seen[1], lesion, side, &cells[1], error);

  gain[0] = gain[1] = 1.0;
  if (done && cells[0].n >= FEWEST_CELLS)
    {
      off = g_try_new (gfloat, (gsize) cells[0].n);
      done = off != NULL || pockmark_memory_error (error);
      if (done)
        {
          const gdouble slope = slope_of (cells, off);

          gain[0] = MAX (slope, 1.0);
          gain[1] = MAX (1.0 / slope, 1.0);
        }
    }
  g_free (off);
  samples_clear (&cells[0]);
  samples_clear (&cells[1]);
  return done;
}

static gboolean
take_samples (const PockmarkPlane *change,
              const PockmarkPlane *lesion,
              Samples             *samples,
              GError             **error)
{
  const gsize n = (gsize) change->width * change->height;
  gint        x, y;

  if (! samples_init (samples, n, error))
    return FALSE;
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

/* Fits and takes off what light and white balance add; offset as below. */
static gboolean
take_off_light (PockmarkPlane       *change,
                const PockmarkPlane *lesion,
                const gdouble       *offset,
                GError             **error)
{
  const gint w = change->width, h = change->height;
  Samples    samples = { 0 };
  gboolean   done = TRUE;
  gint       x, y;

  if (offset)
    samples.fit[0] = *offset;
  else
    done = take_samples (change, lesion, &samples, error)
           && fit_surface (&samples, error);
  for (y = 0; done && y < h; y++)
    for (x = 0; x < w; x++)
      change->data[(gsize) y * w + x]
          -= (gfloat) surface (samples.fit, 2.0 * (x + 0.5) / w - 1.0,
                               2.0 * (y + 0.5) / h - 1.0);
  samples_clear (&samples);
  return done;
}

PockmarkPlane *
pockmark_even_redness (const PockmarkAlignment *alignment,
                       const PockmarkVisit      visit[2],
                       const GArray            *changes,
                       const gdouble           *offset,
                       GError                 **error)
{
  const gint  w = visit[1].weight->width, h = visit[1].weight->height;
  const gsize n = (gsize) w * h;
  g_autoptr (PockmarkPlane) lesion = pockmark_plane_new (w, h, error);
  g_autoptr (PockmarkPlane) earlier
      = lesion ? pockmark_plane_new (w, h, error) : NULL;
  g_autoptr (PockmarkPlane) change
      = earlier ? pockmark_plane_new (w, h, error) : NULL;
  PockmarkPlane *seen[2] = { earlier, change };
  gdouble        gain[2] = { 1.0, 1.0 };
  gsize          i;

  if (! change)
    return NULL;
  see_both (alignment, visit, seen);
  mark_lesions (changes, &visit[1], lesion);
  /* Of a grey card, the offset is in densities as they are. */
  if (! offset
      && ! find_gain (seen, lesion, visit[1].scale / visit[1].reduction, gain,
                      error))
    return NULL;
  for (i = 0; i < n; i++)
    change->data[i] = (gfloat) (gain[1] * change->data[i]
                                - gain[0] * earlier->data[i]);
  return take_off_light (change, lesion, offset, error)
             ? g_steal_pointer (&change) : NULL;
}
