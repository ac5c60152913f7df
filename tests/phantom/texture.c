/* Phantom photographs: the lines of the skin
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Skin lines bound cells.  Their pattern is the difference of the distances
 * to the nearest and the second nearest of scattered seeds (Worley 1996,
 * doi:10.1145/237170.237267): zero on the line, growing into the cell.
 */

#include "phantom-private.h"

typedef struct
{
  gint    width;  /* cells */
  gint    height;
  gdouble origin[2];
  gfloat *points; /* x, y of the seed of each cell, in cells */
} Seeds;

static gboolean
seeds_init (Seeds   *seeds,
            gdouble  low[2],
            gdouble  high[2],
            guint64  seed,
            GError **error)
{
  gint x, y;

  seeds->origin[0] = floor (low[0]) - 2.0;
  seeds->origin[1] = floor (low[1]) - 2.0;
  seeds->width = (gint) (high[0] - seeds->origin[0]) + 4;
  seeds->height = (gint) (high[1] - seeds->origin[1]) + 4;
  seeds->points = phantom_alloc ((gsize) seeds->width * seeds->height * 2,
                                 sizeof (gfloat), error);
  if (! seeds->points)
    return FALSE;
  for (y = 0; y < seeds->height; y++)
    for (x = 0; x < seeds->width; x++)
      {
        guint64 bits = phantom_hash (seed, x + (gint) seeds->origin[0],
                                     y + (gint) seeds->origin[1]);
        gfloat *at = seeds->points + ((gsize) y * seeds->width + x) * 2;

        at[0] = x + 0.1f + 0.8f * (bits & 0xffff) / 65535.0f;
        at[1] = y + 0.1f + 0.8f * ((bits >> 16) & 0xffff) / 65535.0f;
      }
  return TRUE;
}

/* The second nearest distance minus the nearest. */
static gfloat
cell_border (const Seeds *seeds,
             gfloat       u,
             gfloat       v)
{
  gint   cx = CLAMP ((gint) u, 1, seeds->width - 2);
  gint   cy = CLAMP ((gint) v, 1, seeds->height - 2);
  gfloat first = 1e9f, second = 1e9f;
  gint   i, j;

  for (j = cy - 1; j <= cy + 1; j++)
    {
      const gfloat *at
          = seeds->points + ((gsize) j * seeds->width + cx - 1) * 2;

      for (i = 0; i < 3; i++, at += 2)
        {
          gfloat d = (at[0] - u) * (at[0] - u) + (at[1] - v) * (at[1] - v);

          second = MIN (second, MAX (first, d));
          first = MIN (first, d);
        }
    }
  return sqrtf (second) - sqrtf (first);
}

static gboolean
furrow_layer (PhantomCanvas *canvas,
              gdouble        spacing,
              gdouble        depth,
              gdouble        stretch,
              guint64        seed,
              GError       **error)
{
  PockmarkPlane *height = canvas->skin->height;
  gdouble        scale = canvas->skin->pixels_per_mm;
  gdouble        angle = canvas->settings->furrow_angle * G_PI / 180.0;
  gfloat         c = cos (angle), s = sin (angle);
  gfloat         a = 1.0 / (spacing * sqrt (stretch));
  gfloat         b = sqrt (stretch) / spacing;
  gdouble        side = hypot (height->width, height->height) / scale + 4.0;
  gdouble        low[2] = { -side * a, -side * b };
  gdouble        high[2] = { side * a, side * b };
  Seeds          seeds;
  gint           x, y;

  if (depth <= 0.0 || spacing * scale < 2.5)
    return TRUE;
  if (! seeds_init (&seeds, low, high, seed, error))
    return FALSE;
  for (y = 0; y < height->height; y++)
    for (x = 0; x < height->width; x++)
      {
        gsize  at = (gsize) y * height->width + x;
        gfloat wx = canvas->warp[0]->data[at], wy = canvas->warp[1]->data[at];
        gfloat px = (x + 0.5f) / scale + 0.22f * spacing * wx;
        gfloat py = (y + 0.5f) / scale + 0.22f * spacing * wy;
        gfloat u = (px * c + py * s) * a - seeds.origin[0];
        gfloat v = (py * c - px * s) * b - seeds.origin[1];
        gfloat d = cell_border (&seeds, u, v) / 0.22f;

        /* Lines run deeper in some places than in others. */
        height->data[at] -= depth * phantom_clamp (1.0f + 0.4f * wy, 0, 2)
                            / (1.0f + d * d);
      }
  g_free (seeds.points);
  return TRUE;
}

gboolean
phantom_texture_furrows (PhantomCanvas *canvas,
                         GError       **error)
{
  const PhantomSettings *settings = canvas->settings;

  return furrow_layer (canvas, settings->furrow_spacing,
                       settings->furrow_depth, settings->furrow_stretch,
                       settings->seed * 7 + 1, error)
         && furrow_layer (canvas, settings->furrow_spacing * 0.45,
                          settings->furrow_depth * 0.45,
                          1.0 + 0.4 * (settings->furrow_stretch - 1.0),
                          settings->seed * 7 + 2, error);
}
