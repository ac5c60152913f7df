/* Pockmark: relief of two visits under different lights, made comparable
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shading is the slope of the skin along the light, so under another light it
 * is the slope along another direction, and dark and bright sides change
 * places.  But the slope of the one shading along the other light's direction
 * and that of the other along the one's are the same second derivative of the
 * same height: sign, place and all.  The directions need not be known: of all
 * pairs of directions they are those whose slopes correlate best, which
 * canonical correlation finds (Hotelling 1936, doi:10.1093/biomet/28.3-4.321).
 * Slopes are odd whatever their direction, so that no choice among them moves
 * the place of the best match.
 */

#include <math.h>

#include "align.h"

typedef struct
{
  gdouble xx;
  gdouble xy;
  gdouble yx;
  gdouble yy;
} Matrix;

static Matrix
times (Matrix a,
       Matrix b)
{
  return (Matrix) { a.xx * b.xx + a.xy * b.yx, a.xx * b.xy + a.xy * b.yy,
                    a.yx * b.xx + a.yy * b.yx, a.yx * b.xy + a.yy * b.yy };
}

/* The inverse of the square root of a symmetric positive matrix. */
static Matrix
whitening (Matrix m)
{
  const gdouble ridge = 1e-6 * (m.xx + m.yy) + 1e-12;
  gdouble       root, sum, det;
  Matrix        s = m;

  s.xx += ridge;
  s.yy += ridge;
  root = sqrt (MAX (s.xx * s.yy - s.xy * s.yx, 1e-24));
  sum = sqrt (s.xx + s.yy + 2.0 * root);
  s = (Matrix) { (s.xx + root) / sum, s.xy / sum, s.yx / sum,
                 (s.yy + root) / sum };
  det = s.xx * s.yy - s.xy * s.yx;
  return (Matrix) { s.yy / det, -s.xy / det, -s.yx / det, s.xx / det };
}

/* m = u * diagonal * v, both rotations; v's second row turned where the
 * diagonal would be negative. */
static void
decompose (Matrix  m,
           Matrix *u,
           Matrix *v)
{
  const gdouble e = 0.5 * (m.xx + m.yy), f = 0.5 * (m.xx - m.yy);
  const gdouble g = 0.5 * (m.yx + m.xy), h = 0.5 * (m.yx - m.xy);
  const gdouble a = atan2 (g, f), b = atan2 (h, e);
  const gdouble phi = 0.5 * (b + a), theta = 0.5 * (b - a);
  const gdouble sign = hypot (e, h) < hypot (f, g) ? -1.0 : 1.0;

  *u = (Matrix) { cos (phi), -sin (phi), sin (phi), cos (phi) };
  *v = (Matrix) { cos (theta), -sin (theta), sign * sin (theta),
                  sign * cos (theta) };
}

/* Slopes along x and y; 0 beside what has no weight. */
static void
fill_slopes (const PockmarkPlane *relief,
             const PockmarkPlane *weight,
             PockmarkPlane *const slope[2])
{
  const gint w = relief->width, h = relief->height;
  gint       x, y;

  for (y = 1; y < h - 1; y++)
    for (x = 1; x < w - 1; x++)
      {
        const gsize   i = (gsize) y * w + x;
        const gfloat *r = relief->data + i, *v = weight->data + i;

        if (MIN (MIN (v[-1], v[1]), MIN (v[-w], v[w])) < 0.5f)
          continue;
        slope[0]->data[i] = r[1] - r[-1];
        slope[1]->data[i] = r[w] - r[-w];
      }
}

static Matrix
products_of (PockmarkPlane *const a[2],
             PockmarkPlane *const b[2])
{
  const gsize n = (gsize) a[0]->width * a[0]->height;
  Matrix      m = { 0.0, 0.0, 0.0, 0.0 };
  gsize       i;

  for (i = 0; i < n; i++)
    {
      m.xx += a[0]->data[i] * b[0]->data[i];
      m.xy += a[0]->data[i] * b[1]->data[i];
      m.yx += a[1]->data[i] * b[0]->data[i];
      m.yy += a[1]->data[i] * b[1]->data[i];
    }
  return m;
}

/* plane[k] becomes row k of m times both. */
static void
combine (Matrix               m,
         PockmarkPlane *const plane[2])
{
  const gsize n = (gsize) plane[0]->width * plane[0]->height;
  gsize       i;

  for (i = 0; i < n; i++)
    {
      const gdouble x = plane[0]->data[i], y = plane[1]->data[i];

      plane[0]->data[i] = (gfloat) (m.xx * x + m.xy * y);
      plane[1]->data[i] = (gfloat) (m.yx * x + m.yy * y);
    }
}

void
pockmark_slopes_pair (const PockmarkPlane *const relief[2],
                      const PockmarkPlane *const weight[2],
                      PockmarkPlane *const       before[2],
                      PockmarkPlane *const       after[2])
{
  const gdouble pixels = (gdouble) relief[0]->width * relief[0]->height;
  Matrix        white[2], both, u, v, scale;

  fill_slopes (relief[0], weight[0], before);
  fill_slopes (relief[1], weight[1], after);
  white[0] = whitening (products_of (before, before));
  white[1] = whitening (products_of (after, after));
  both = times (times (white[1], products_of (after, before)), white[0]);
  decompose (both, &u, &v);
  scale = (Matrix) { sqrt (pixels), 0.0, 0.0, sqrt (pixels) };
  combine (times (times ((Matrix) { u.xx, u.yx, u.xy, u.yy }, white[1]), scale),
           after);
  combine (times (times (v, white[0]), scale), before);
}
