/* Pockmark: a lesion's shape
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything comes from the runs of the lesion's pixels: area, moments, convex
 * hull and, by way of outline.c, perimeter.
 */

#include <math.h>

#include "pockmark-stages.h"
#include "shape.h"

static void
measure_box (const PockmarkRun *runs,
             gsize              n,
             PockmarkLesion    *lesion)
{
  gint  x0 = G_MAXINT;
  gint  x1 = 0;
  gsize i;

  for (i = 0; i < n; i++)
    {
      x0 = MIN (x0, runs[i].x0);
      x1 = MAX (x1, runs[i].x1);
    }
  lesion->box.x = x0;
  lesion->box.y = runs[0].y;
  lesion->box.width = x1 - x0;
  lesion->box.height = runs[n - 1].y + 1 - runs[0].y;
}

/* Area, centroid and the ellipse of the same area and second moments.  The
 * integrals run over the pixels' squares, not their centres, which brings in
 * each pixel's own 1/12; about the box's centre, to keep all digits. */
static void
measure_moments (const PockmarkRun *runs,
                 gsize              n,
                 PockmarkLesion    *lesion)
{
  const gdouble cx = lesion->box.x + 0.5 * lesion->box.width;
  const gdouble cy = lesion->box.y + 0.5 * lesion->box.height;
  gdouble       area = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
  gdouble       difference, root, ratio;
  gsize         i;

  for (i = 0; i < n; i++)
    {
      const gdouble a = runs[i].x0 - cx;
      const gdouble b = runs[i].x1 - cx;
      const gdouble v = runs[i].y + 0.5 - cy;
      const gdouble first = (b - a) * (a + b) / 2.0;

      area += b - a;
      x += first;
      y += (b - a) * v;
      xx += (b - a) * (a * a + a * b + b * b) / 3.0;
      xy += first * v;
      yy += (b - a) * (v * v + 1.0 / 12.0);
    }
  x /= area;
  y /= area;
  xx = xx / area - x * x;
  xy = xy / area - x * y;
  yy = yy / area - y * y;

  difference = (xx - yy) / 2.0;
  root = hypot (difference, xy);
  if (root < 1e-9 * (xx + yy))
    root = 0.0;
  ratio = sqrt (((xx + yy) / 2.0 + root) / ((xx + yy) / 2.0 - root));

  lesion->x = cx + x;
  lesion->y = cy + y;
  lesion->area = area;
  lesion->minor = sqrt (4.0 * area / (G_PI * ratio));
  lesion->major = lesion->minor * ratio;
  /* y runs down, angles run counter-clockwise. */
  lesion->angle = root > 0.0 ? atan2 (-xy, difference) * 90.0 / G_PI : 0.0;
  if (lesion->angle < 0.0)
    lesion->angle += 180.0;
  if (lesion->angle >= 180.0)
    lesion->angle = 0.0;
}

/* Twice the signed area of the triangle o, a, b. */
static gint64
turn (PockmarkPoint o,
      PockmarkPoint a,
      PockmarkPoint b)
{
  return (gint64) (a.x - o.x) * (b.y - o.y) - (gint64) (a.y - o.y) * (b.x - o.x);
}

/* Appends to the convex chain that starts at hull[first]. */
static gsize
chain (PockmarkPoint *hull,
       gsize          first,
       gsize          n,
       PockmarkPoint  point)
{
  while (n >= first + 2 && turn (hull[n - 2], hull[n - 1], point) >= 0)
    n--;
  hull[n] = point;
  return n + 1;
}

/* The leftmost and rightmost point of the lesion on each grid line that its
 * pixels touch: at most two lines a run. */
static gsize
extreme_points (const PockmarkRun *runs,
                gsize              n,
                PockmarkPoint     *left,
                PockmarkPoint     *right)
{
  gsize lines = 0;
  gsize i;
  gint  y;

  for (i = 0; i < n; i++)
    for (y = runs[i].y; y <= runs[i].y + 1; y++)
      {
        gsize at = lines;

        /* Runs come by row, so the line is one of the last two, or new. */
        if (lines >= 2 && left[lines - 2].y == y)
          at = lines - 2;
        else if (lines >= 1 && left[lines - 1].y == y)
          at = lines - 1;

        if (at == lines)
          {
            left[at] = (PockmarkPoint) { runs[i].x0, y };
            right[at] = (PockmarkPoint) { runs[i].x1, y };
            lines++;
          }
        left[at].x = MIN (left[at].x, runs[i].x0);
        right[at].x = MAX (right[at].x, runs[i].x1);
      }
  return lines;
}

/* The convex hull of the pixels' squares by Andrew's monotone chains, down the
 * left side and up the right one.  hull has room for 2 (lines + 1) points. */
static gsize
convex_hull (const PockmarkPoint *left,
             const PockmarkPoint *right,
             gsize                lines,
             PockmarkPoint       *hull)
{
  gsize n = 0;
  gsize first;
  gsize i;

  for (i = 0; i < lines; i++)
    n = chain (hull, 0, n, left[i]);
  first = n;
  for (i = lines; i > 0; i--)
    n = chain (hull, first, n, right[i - 1]);
  return n;
}

static gdouble
hull_area (const PockmarkPoint *hull,
           gsize                n)
{
  gint64 twice = 0;
  gsize  i;

  for (i = 1; i + 1 < n; i++)
    twice += turn (hull[0], hull[i], hull[i + 1]);
  return 0.5 * (gdouble) ABS (twice);
}

static gint64
squared_distance (PockmarkPoint a,
                  PockmarkPoint b)
{
  const gint64 x = b.x - a.x;
  const gint64 y = b.y - a.y;

  return x * x + y * y;
}

/* Rotating calipers: while one jaw lies along side i, the other rests on the
 * corner farthest from it, which only ever moves on. */
static gdouble
hull_feret (const PockmarkPoint *hull,
            gsize                n)
{
  gint64 best = 0;
  gsize  opposite = 1;
  gsize  i;

  for (i = 0; i < n; i++)
    {
      const PockmarkPoint a = hull[i];
      const PockmarkPoint b = hull[(i + 1) % n];

      while (ABS (turn (a, b, hull[(opposite + 1) % n]))
             > ABS (turn (a, b, hull[opposite])))
        opposite = (opposite + 1) % n;
      best = MAX (best, squared_distance (a, hull[opposite]));
      best = MAX (best, squared_distance (b, hull[opposite]));
    }
  return sqrt ((gdouble) best);
}

static gboolean
measure_hull (const PockmarkRun *runs,
              gsize              n,
              PockmarkLesion    *lesion,
              GError           **error)
{
  /* Left and right points, and the hull of both. */
  g_autofree PockmarkPoint *points
      = g_try_malloc_n (n, 8 * sizeof (PockmarkPoint));
  PockmarkPoint            *right = points + 2 * n;
  PockmarkPoint            *hull = points + 4 * n;
  gsize                     lines;

  if (! points)
    return pockmark_memory_error (error);
  lines = extreme_points (runs, n, points, right);
  n = convex_hull (points, right, lines, hull);
  lesion->solidity = lesion->area / hull_area (hull, n);
  lesion->feret = hull_feret (hull, n);
  return TRUE;
}

/* Outer outlines only, as ImageJ: what is cut out inside adds no length. */
static gboolean
measure_perimeter (const PockmarkRun *runs,
                   gsize              n,
                   PockmarkLesion    *lesion,
                   GError           **error)
{
  gsize                      n_corners, i;
  g_autofree PockmarkCorner *corners
      = pockmark_corners_new (runs, n, &n_corners, error);

  if (! corners)
    return FALSE;
  lesion->perimeter = 0.0;
  for (i = 0; i < n_corners; i++)
    if (! corners[i].visited)
      {
        const gboolean hole = corners[i].hole;
        const gdouble  length = pockmark_ring_walk (corners, i, NULL);

        if (! hole)
          lesion->perimeter += length;
      }
  lesion->circularity = 4.0 * G_PI * lesion->area
                        / (lesion->perimeter * lesion->perimeter);
  lesion->circularity = MIN (lesion->circularity, 1.0);
  return TRUE;
}

gboolean
pockmark_shape_measure (const PockmarkRun *runs,
                        gsize              n,
                        PockmarkLesion    *lesion,
                        GError           **error)
{
  measure_box (runs, n, lesion);
  measure_moments (runs, n, lesion);
  return measure_hull (runs, n, lesion, error)
         && measure_perimeter (runs, n, lesion, error);
}
