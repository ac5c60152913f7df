/* Phantom photographs: noise and blur of planes
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Noise is a lattice of independent values, smoothed by the cubic B-spline:
 * no axis shows, and it is sampled from the place in mm, so that a skin is
 * the same at every resolution.  Wide blurs work on halved planes.
 */

#include <string.h>

#include "phantom-private.h"

/* The s.d. that B-spline smoothing leaves of white lattice noise, averaged
 * over the cell: (151/315). */
#define SPLINE_DEVIATION 0.4793650794

/* Blurs above this many pixels are done on a halved plane. */
#define BLUR_HALVE 3.0

gpointer
phantom_alloc (gsize    n,
               gsize    size,
               GError **error)
{
  gpointer memory = n ? g_try_malloc0_n (n, size) : NULL;

  if (! memory)
    g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                 "There is not enough memory for a phantom of this size.");
  return memory;
}

static void
spline_weights (gdouble t,
                gfloat  weight[4])
{
  gdouble s = 1.0 - t;

  weight[0] = s * s * s / 6.0;
  weight[1] = (3.0 * t * t * t - 6.0 * t * t + 4.0) / 6.0;
  weight[2] = (3.0 * s * s * s - 6.0 * s * s + 4.0) / 6.0;
  weight[3] = t * t * t / 6.0;
}

/* One row of the lattice blended from the four around y. */
static void
blend_lattice (gfloat *row,
               gint    n,
               gdouble y,
               gfloat  amplitude,
               gfloat *cache,
               gint   *cached,
               guint64 seed)
{
  gint   first = (gint) floor (y) - 1;
  gfloat weight[4];
  gint   i, k;

  spline_weights (y - floor (y), weight);
  memset (row, 0, n * sizeof (gfloat));
  for (k = 0; k < 4; k++)
    {
      gint    slot = (first + k) & 3;
      gfloat *line = cache + (gsize) slot * n;
      gfloat  w = weight[k] * amplitude;

      if (cached[slot] != first + k)
        {
          for (i = 0; i < n; i++)
            line[i] = phantom_hash_normal (seed, i, first + k);
          cached[slot] = first + k;
        }
      for (i = 0; i < n; i++)
        row[i] += w * line[i];
    }
}

gboolean
phantom_field_noise (PockmarkPlane *plane,
                     gdouble        pixels_per_mm,
                     gdouble        grain,
                     gdouble        amplitude,
                     guint64        seed,
                     GError       **error)
{
  gdouble           cell = grain * pixels_per_mm;
  gint              n = (gint) (plane->width / cell) + 6;
  gint              cached[4] = { -9, -9, -9, -9 };
  g_autofree gfloat *lattice = NULL;
  g_autofree gfloat *weight = NULL;
  gint              x, y;

  if (cell < 1.5 || amplitude == 0.0)
    return TRUE;
  lattice = phantom_alloc ((gsize) n * 5, sizeof (gfloat), error);
  weight = phantom_alloc ((gsize) plane->width * 4, sizeof (gfloat), error);
  if (! lattice || ! weight)
    return FALSE;

  for (x = 0; x < plane->width; x++)
    {
      gdouble t = (x + 0.5) / cell;

      spline_weights (t - floor (t), weight + 4 * x);
    }
  for (y = 0; y < plane->height; y++)
    {
      gfloat *out = plane->data + (gsize) y * plane->width;

      blend_lattice (lattice, n, (y + 0.5) / cell + 1.0,
                     amplitude / SPLINE_DEVIATION, lattice + n, cached, seed);
      for (x = 0; x < plane->width; x++)
        {
          const gfloat *in = lattice + (gint) ((x + 0.5) / cell);
          const gfloat *w = weight + 4 * x;

          out[x] += w[0] * in[0] + w[1] * in[1] + w[2] * in[2] + w[3] * in[3];
        }
    }
  return TRUE;
}

gboolean
phantom_field_octaves (PockmarkPlane *plane,
                       gdouble        pixels_per_mm,
                       gdouble        coarse,
                       gdouble        fine,
                       gdouble        persistence,
                       gdouble        amplitude,
                       guint64        seed,
                       GError       **error)
{
  gdouble power = 0.0, part = 1.0, grain;
  gint    octave = 0;

  for (grain = coarse; grain >= fine; grain *= 0.5, part *= persistence)
    power += part * part;
  part = amplitude / sqrt (MAX (power, 1e-12));
  for (grain = coarse; grain >= fine; grain *= 0.5, part *= persistence)
    if (! phantom_field_noise (plane, pixels_per_mm, grain, part,
                               seed * 31 + octave++, error))
      return FALSE;
  return TRUE;
}

PockmarkPlane *
phantom_field_copy (const PockmarkPlane *plane,
                    GError             **error)
{
  PockmarkPlane *copy
      = pockmark_plane_new (plane->width, plane->height, error);

  if (copy)
    memcpy (copy->data, plane->data,
            (gsize) plane->width * plane->height * sizeof (gfloat));
  return copy;
}

/* Convolves n values at stride 1 from a line with repeated ends. */
static void
blur_line (const gfloat *padded,
           gfloat       *out,
           gint          n,
           const gfloat *kernel,
           gint          radius)
{
  gint i, k;

  for (i = 0; i < n; i++)
    out[i] = kernel[0] * padded[i + radius];
  for (k = 1; k <= radius; k++)
    for (i = 0; i < n; i++)
      out[i] += kernel[k] * (padded[i + radius - k] + padded[i + radius + k]);
}

static void
blur_rows (PockmarkPlane *plane,
           const gfloat  *kernel,
           gint           radius,
           gfloat        *padded)
{
  gint w = plane->width, x, y;

  for (y = 0; y < plane->height; y++)
    {
      gfloat *row = plane->data + (gsize) y * w;

      memcpy (padded + radius, row, w * sizeof (gfloat));
      for (x = 0; x < radius; x++)
        {
          padded[x] = row[0];
          padded[radius + w + x] = row[w - 1];
        }
      blur_line (padded, row, w, kernel, radius);
    }
}

static void
blur_columns (const PockmarkPlane *in,
              PockmarkPlane       *out,
              const gfloat        *kernel,
              gint                 radius)
{
  gint w = in->width, h = in->height, x, y, k;

  for (y = 0; y < h; y++)
    {
      gfloat       *row = out->data + (gsize) y * w;
      const gfloat *mid = in->data + (gsize) y * w;

      for (x = 0; x < w; x++)
        row[x] = kernel[0] * mid[x];
      for (k = 1; k <= radius; k++)
        {
          const gfloat *up = in->data + (gsize) MAX (y - k, 0) * w;
          const gfloat *down = in->data + (gsize) MIN (y + k, h - 1) * w;
          gfloat        c = kernel[k];

          for (x = 0; x < w; x++)
            row[x] += c * (up[x] + down[x]);
        }
    }
}

static gboolean
blur_short (PockmarkPlane *plane,
            gdouble        sigma,
            GError       **error)
{
  gint                     radius = (gint) ceil (3.0 * sigma);
  gfloat                   kernel[16] = { 0 };
  gdouble                  sum = 0.0;
  g_autoptr (PockmarkPlane) copy = NULL;
  g_autofree gfloat       *padded = NULL;
  gint                     k;

  if (sigma < 0.15)
    return TRUE;
  radius = CLAMP (radius, 1, (gint) G_N_ELEMENTS (kernel) - 1);
  for (k = -radius; k <= radius; k++)
    sum += exp (-0.5 * k * k / (sigma * sigma));
  for (k = 0; k <= radius; k++)
    kernel[k] = exp (-0.5 * k * k / (sigma * sigma)) / sum;
  padded = phantom_alloc ((gsize) plane->width + 2 * radius, sizeof (gfloat),
                          error);
  copy = padded ? phantom_field_copy (plane, error) : NULL;
  if (! copy)
    return FALSE;
  blur_rows (copy, kernel, radius, padded);
  blur_columns (copy, plane, kernel, radius);
  return TRUE;
}

static PockmarkPlane *
halve (const PockmarkPlane *in,
       GError             **error)
{
  gint           w = (in->width + 1) / 2, h = (in->height + 1) / 2, x, y;
  PockmarkPlane *out = pockmark_plane_new (w, h, error);

  if (! out)
    return NULL;
  for (y = 0; y < h; y++)
    {
      const gfloat *a = in->data + (gsize) (2 * y) * in->width;
      const gfloat *b
          = in->data + (gsize) MIN (2 * y + 1, in->height - 1) * in->width;

      for (x = 0; x < w; x++)
        {
          gint right = MIN (2 * x + 1, in->width - 1);

          out->data[(gsize) y * w + x]
              = 0.25f * (a[2 * x] + a[right] + b[2 * x] + b[right]);
        }
    }
  return out;
}

/* The bilinear way back: every pixel lies a quarter from its block's centre. */
static void
enlarge (const PockmarkPlane *in,
         PockmarkPlane       *out)
{
  gint x, y;

  for (y = 0; y < out->height; y++)
    {
      gint          mid = y / 2;
      gint          off = CLAMP (mid + (y & 1 ? 1 : -1), 0, in->height - 1);
      const gfloat *a = in->data + (gsize) mid * in->width;
      const gfloat *b = in->data + (gsize) off * in->width;
      gfloat       *row = out->data + (gsize) y * out->width;

      for (x = 0; x < out->width; x++)
        {
          gint i = x / 2, j = CLAMP (i + (x & 1 ? 1 : -1), 0, in->width - 1);

          row[x] = 0.5625f * a[i] + 0.1875f * (a[j] + b[i]) + 0.0625f * b[j];
        }
    }
}

gboolean
phantom_field_blur (PockmarkPlane *plane,
                    gdouble        sigma,
                    GError       **error)
{
  g_autoptr (PockmarkPlane) half = NULL;
  gdouble                   rest;

  if (sigma <= BLUR_HALVE || MIN (plane->width, plane->height) < 4)
    return blur_short (plane, MIN (sigma, BLUR_HALVE), error);

  /* Halving and enlarging blur by themselves: variance 1/4 and 3/4 pixel. */
  rest = sqrt (MAX (sigma * sigma - 1.0, 0.0)) / 2.0;
  half = halve (plane, error);
  if (! half || ! phantom_field_blur (half, rest, error))
    return FALSE;
  enlarge (half, plane);
  return TRUE;
}
