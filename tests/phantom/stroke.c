/* Phantom photographs: drawn-out things - wrinkles and vessels
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A stroke is a chain of soft dots along a bent path.  Planes keep the larger
 * value at each place, so that dots of one chain do not add up.
 */

#include "phantom-private.h"

void
phantom_feature_path (const PhantomFeature *feature,
                      gdouble               bend,
                      gdouble              *xy)
{
  const gint    n = PHANTOM_PATH_POINTS;
  PhantomRandom random;
  gdouble       step = feature->length / (n - 1);
  gdouble       angle = feature->angle, turn, x, y, sx = 0.0, sy = 0.0;
  gint          i;

  phantom_random_init (&random, feature->seed, 23);
  turn = bend * phantom_random_normal (&random);
  x = y = 0.0;
  for (i = 0; i < n; i++)
    {
      xy[2 * i] = x;
      xy[2 * i + 1] = y;
      sx += x / n;
      sy += y / n;
      x += step * cos (angle);
      y += step * sin (angle);
      angle += turn / n;
      turn += 0.35 * bend * phantom_random_normal (&random);
    }
  for (i = 0; i < n; i++)
    {
      xy[2 * i] += feature->x - sx;
      xy[2 * i + 1] += feature->y - sy;
    }
}

static void
dot (PockmarkPlane *plane,
     gdouble        x,
     gdouble        y,
     gdouble        sigma,
     gfloat         value)
{
  gint   radius = (gint) ceil (2.6 * sigma), px, py;
  gint   x0 = MAX ((gint) x - radius, 0);
  gint   x1 = MIN ((gint) x + radius, plane->width - 1);
  gint   y0 = MAX ((gint) y - radius, 0);
  gint   y1 = MIN ((gint) y + radius, plane->height - 1);
  gfloat k = -0.5 / (sigma * sigma);

  for (py = y0; py <= y1; py++)
    for (px = x0; px <= x1; px++)
      {
        gfloat  dx = px + 0.5f - x, dy = py + 0.5f - y;
        gfloat  v = value * expf (k * (dx * dx + dy * dy));
        gfloat *at = plane->data + (gsize) py * plane->width + px;

        *at = MAX (*at, v);
      }
}

void
phantom_stroke_groove (PhantomCanvas        *canvas,
                       const PhantomFeature *feature)
{
  gboolean       wrinkle = feature->kind == PHANTOM_WRINKLE;
  PockmarkPlane *plane = wrinkle ? canvas->groove : canvas->vessel;
  gdouble        scale = canvas->skin->pixels_per_mm;
  gdouble        sigma = MAX (0.4 * feature->width * scale, 0.6);
  gdouble        weight = wrinkle ? feature->depth : log (feature->blood);
  gdouble        xy[2 * PHANTOM_PATH_POINTS];
  gint           i, k;

  /* A line thinner than a pixel is drawn as thick and so much fainter. */
  weight *= MIN (0.4 * feature->width * scale / sigma, 1.0);
  phantom_feature_path (feature, wrinkle ? 0.35 : 1.6, xy);
  for (i = 0; i + 1 < PHANTOM_PATH_POINTS; i++)
    {
      gdouble dx = (xy[2 * i + 2] - xy[2 * i]) * scale;
      gdouble dy = (xy[2 * i + 3] - xy[2 * i + 1]) * scale;
      gint    n = (gint) ceil (hypot (dx, dy) / (0.6 * sigma));
      gdouble taper = 1.0
                      - pow (fabs (2.0 * i / (PHANTOM_PATH_POINTS - 2) - 1.0),
                             3.0);

      for (k = 0; k < n; k++)
        dot (plane, xy[2 * i] * scale + dx * k / n,
             xy[2 * i + 1] * scale + dy * k / n, sigma, weight * taper);
    }
}
