/* Pockmark: the local alignment of two visits, from far off
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each block takes the shift at which all channels together correlate best.
 * Many are wrong, so the shifts are not taken one by one: around each node an
 * affine function is fitted to those of its neighbours, by weights that fall
 * with the distance and with how far a shift is off (iteratively reweighted
 * least squares).
 */

#include <math.h>

#include "matching.h"

/* Blocks overlap by half. */
#define HALF_BLOCK POCKMARK_BLOCK_SPACING

/* Correlations that chance reaches too count for nothing. */
#define CHANCE 0.12f

/* A shift so many pixels off the fit agrees with it. */
#define AGREES 1.3f

/* How far a block looks when it is asked again, and how many it takes. */
#define FAR_LOOK 4
#define FEWEST_BLOCKS 8

/* The fit. */
#define ROUNDS 6
#define TAIL 0.7 /* pixels: shifts further off weigh less and less */
#define RIDGE 0.02

typedef struct
{
  PockmarkMatching matching;
  PockmarkField   *field;
  gint             pooled; /* blocks either way that vote together */
  gdouble          stiffness;
  gfloat          *shift; /* x, y and correlation of each node */
} Fit;

/* The place of the maximum of the parabola through three values, -0.5-0.5. */
static gfloat
vertex (gfloat before,
        gfloat at,
        gfloat after)
{
  const gfloat bend = before - 2.0f * at + after;

  return bend < -1e-6f ? CLAMP (0.5f * (before - after) / bend, -0.5f, 0.5f)
                       : 0.0f;
}

/* Adds up the tables of the node and of those around it. */
static void
pool (const PockmarkMatching *m,
      gint                    r,
      gsize                   node,
      gfloat                 *table)
{
  const gint columns = m->columns, rows = m->rows;
  const gint nx = (gint) node % columns, ny = (gint) node / columns;
  gint       x, y, c;
  gsize      k;

  for (k = 0; k < m->cells; k++)
    table[k] = 0.0f;
  for (y = MAX (ny - r, 0); y <= MIN (ny + r, rows - 1); y++)
    for (x = MAX (nx - r, 0); x <= MIN (nx + r, columns - 1); x++)
      for (c = 0; c < m->n_channels; c++)
        {
          const gfloat  w = m->worth[c] * (gfloat) ((r + 1 - ABS (x - nx))
                                                   * (r + 1 - ABS (y - ny)));
          const gfloat *in
              = pockmark_matching_table (m, (gsize) y * columns + x, c);

          for (k = 0; k < m->cells; k++)
            table[k] += w * in[k];
        }
}

static void
find_shifts (gsize    first,
             gsize    count,
             gpointer data)
{
  Fit                    *fit = data;
  const PockmarkMatching *m = &fit->matching;
  const gint              side = 2 * m->reach + 1;
  g_autofree gfloat      *table = g_new (gfloat, m->cells);
  gsize              i;

  for (i = first; i < first + count; i++)
    {
      gfloat *out = fit->shift + 3 * i;
      gfloat  norm;
      gint    best = 0, x, y, k;

      pool (m, fit->pooled, i, table);
      for (k = 0; k < side * side; k++)
        if (table[k] > table[best])
          best = k;
      norm = sqrtf (table[m->cells - 2] * table[m->cells - 1]);
      x = best % side;
      y = best / side;
      out[0] = (gfloat) (x - m->reach);
      out[1] = (gfloat) (y - m->reach);
      out[2] = norm > 0.0f ? table[best] / norm : 0.0f;
      /* At the end of the reach it is a slope, no maximum. */
      if (x == 0 || y == 0 || x == side - 1 || y == side - 1)
        out[2] *= 0.3f;
      else
        {
          out[0] += vertex (table[best - 1], table[best], table[best + 1]);
          out[1] += vertex (table[best - side], table[best],
                            table[best + side]);
        }
    }
}

/* ---- The smooth field --------------------------------------------------- */

/* Solves the symmetric 3 x 3 system by Cramer's rule. */
static void
solve (const gdouble s[6],
       const gdouble t[3],
       gdouble       out[3])
{
  const gdouble a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5];
  const gdouble m0 = d * f - e * e, m1 = c * e - b * f, m2 = b * e - c * d;
  const gdouble det = a * m0 + b * m1 + c * m2;

  out[0] = (m0 * t[0] + m1 * t[1] + m2 * t[2]) / det;
  out[1] = (m1 * t[0] + (a * f - c * c) * t[1] + (b * c - a * e) * t[2]) / det;
  out[2] = (m2 * t[0] + (b * c - a * e) * t[1] + (a * d - b * b) * t[2]) / det;
}

/* The affine functions of both shifts around node (nx, ny), from weights that
 * the last round's residuals give; fit holds constant and slopes of each. */
static void
fit_once (const Fit *m,
          gint       nx,
          gint       ny,
          gboolean   first,
          gdouble    fit[2][3])
{
  const gint    columns = m->matching.columns, rows = m->matching.rows;
  const gint    radius = (gint) ceil (2.5 * m->stiffness);
  const gdouble fall = -0.5 / (m->stiffness * m->stiffness);
  gdouble       s[6] = { RIDGE, 0.0, 0.0, RIDGE * 4.0, 0.0, RIDGE * 4.0 };
  gdouble       t[2][3] = { { 0.0 } };
  gint          x, y, k;

  for (y = MAX (ny - radius, 0); y <= MIN (ny + radius, rows - 1); y++)
    for (x = MAX (nx - radius, 0); x <= MIN (nx + radius, columns - 1); x++)
      {
        const gfloat *shift = m->shift + 3 * ((gsize) y * columns + x);
        const gdouble dx = x - nx, dy = y - ny;
        gdouble       w, off[2];

        if (shift[2] <= CHANCE)
          continue;
        for (k = 0; k < 2; k++)
          off[k] = shift[k]
                   - (fit[k][0] + fit[k][1] * dx + fit[k][2] * dy);
        w = (off[0] * off[0] + off[1] * off[1])
            / (first ? 9.0 * TAIL * TAIL : TAIL * TAIL);
        w = (shift[2] - CHANCE) * exp (fall * (dx * dx + dy * dy))
            / ((1.0 + w) * (1.0 + w));
        s[0] += w;
        s[1] += w * dx;
        s[2] += w * dy;
        s[3] += w * dx * dx;
        s[4] += w * dx * dy;
        s[5] += w * dy * dy;
        for (k = 0; k < 2; k++)
          {
            t[k][0] += w * shift[k];
            t[k][1] += w * shift[k] * dx;
            t[k][2] += w * shift[k] * dy;
          }
      }
  for (k = 0; k < 2; k++)
    solve (s, t[k], fit[k]);
}

static void
fit_nodes (gsize    first,
           gsize    count,
           gpointer data)
{
  const Fit    *m = data;
  const gint    columns = m->matching.columns;
  const gdouble step = m->matching.after->step;
  gsize           i;

  for (i = first; i < first + count; i++)
    {
      const gint nx = (gint) i % columns, ny = (gint) i / columns;
      gdouble    fit[2][3] = { { 0.0 } };
      gdouble    fx, fy;
      gint       round;

      for (round = 0; round < ROUNDS; round++)
        fit_once (m, nx, ny, round < 2, fit);
      pockmark_field_at (m->matching.from,
                         ((nx + 0.5) * POCKMARK_BLOCK_SPACING + fit[0][0]) * step,
                         ((ny + 0.5) * POCKMARK_BLOCK_SPACING + fit[1][0]) * step, &fx, &fy);
      m->field->x->data[i] = (gfloat) fx;
      m->field->y->data[i] = (gfloat) fy;
      m->field->quality->data[i]
          = hypotf (m->shift[3 * i] - (gfloat) fit[0][0],
                    m->shift[3 * i + 1] - (gfloat) fit[1][0])
                    < AGREES
                ? MAX (m->shift[3 * i + 2] - CHANCE, 0.0f)
                : 0.0f;
    }
}

/* ---- Together ----------------------------------------------------------- */

PockmarkField *
pockmark_local_match (const PockmarkStructure *before,
                      const PockmarkStructure *after,
                      const PockmarkField     *from,
                      gint                     reach,
                      gint                     pooled,
                      gdouble                  stiffness,
                      const PockmarkHost      *host,
                      GError                 **error)
{
  Fit      fit = { .pooled = pooled, .stiffness = stiffness };
  gboolean done = pockmark_matching_init (&fit.matching, before, after, from,
                                          HALF_BLOCK, reach, FALSE, host,
                                          error);

  if (done)
    {
      const gsize n = (gsize) fit.matching.columns * fit.matching.rows;

      fit.field = pockmark_field_new ((gint) (after->width * after->step),
                                      (gint) (after->height * after->step),
                                      POCKMARK_BLOCK_SPACING * after->step,
                                      error);
      fit.shift = g_try_new0 (gfloat, 3 * n);
      if (fit.field && ! fit.shift)
        {
          pockmark_memory_error (error);
          g_clear_pointer (&fit.field, pockmark_field_free);
        }
      if (fit.field)
        {
          pockmark_host_parallel (host, n, 64, find_shifts, &fit);
          pockmark_host_parallel (host, n, 16, fit_nodes, &fit);
        }
    }
  pockmark_matching_clear (&fit.matching);
  g_free (fit.shift);
  return fit.field;
}

/* Whether the block's own best shift is none, give or take a pixel.  table is
 * room for one; blocks that see only one photograph do not count. */
static gboolean
block_agrees (const PockmarkMatching *m,
              gsize                   node,
              gfloat                 *table,
              gboolean               *counts)
{
  const gint side = 2 * m->reach + 1;
  gint       best = 0, k;

  pool (m, 0, node, table);
  for (k = 0; k < side * side; k++)
    if (table[k] > table[best])
      best = k;
  *counts = table[side * side] > 0.0f && table[side * side + 1] > 0.0f;
  return *counts && ABS (best % side - m->reach) <= 1
         && ABS (best / side - m->reach) <= 1;
}

gdouble
pockmark_local_agreement (const PockmarkStructure *before,
                          const PockmarkStructure *after,
                          const PockmarkField     *field,
                          const PockmarkHost      *host,
                          GError                 **error)
{
  PockmarkMatching   m;
  g_autofree gfloat *table = NULL;
  gdouble  agree = 0.0, total = 0.0;
  gboolean done = pockmark_matching_init (&m, before, after, field, HALF_BLOCK,
                                          FAR_LOOK, FALSE, host, error);

  if (done)
    {
      const gsize n = (gsize) m.columns * m.rows;
      gsize       i;

      table = g_new (gfloat, m.cells);
      for (i = 0; i < n; i++)
        {
          gboolean counts;

          agree += block_agrees (&m, i, table, &counts);
          total += counts;
        }
    }
  pockmark_matching_clear (&m);
  return ! done ? -1.0 : total >= FEWEST_BLOCKS ? agree / total : 0.0;
}
