/* Pockmark: the fast Fourier transform of small squares
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Radix two, decimation in time (Cooley and Tukey 1965,
 * doi:10.1090/S0025-5718-1965-0178586-1).
 */

#include <math.h>

#include "align.h"

void
pockmark_fourier_init (PockmarkFourier *fourier,
                       gint             n)
{
  gint i, bit;

  fourier->n = n;
  fourier->turn = g_new (gfloat, n);
  fourier->reverse = g_new0 (gint, n);
  for (i = 0; i < n / 2; i++)
    {
      fourier->turn[2 * i] = (gfloat) cos (2.0 * G_PI * i / n);
      fourier->turn[2 * i + 1] = (gfloat) -sin (2.0 * G_PI * i / n);
    }
  for (i = 0; i < n; i++)
    for (bit = 1; bit < n; bit <<= 1)
      fourier->reverse[i] = (fourier->reverse[i] << 1) | ((i & bit) != 0);
}

void
pockmark_fourier_clear (PockmarkFourier *fourier)
{
  g_free (fourier->turn);
  g_free (fourier->reverse);
}

/* All rows at once down the columns: the inner loop runs along a row, so that
 * it is vectorised.  stride complex values a row. */
static void
transform_columns (const PockmarkFourier *fourier,
                   gfloat                *data,
                   gfloat                 sign)
{
  const gint n = fourier->n;
  gint       i, k, x, span;

  for (i = 0; i < n; i++)
    if (fourier->reverse[i] > i)
      {
        gfloat *p = data + (gsize) i * 2 * n;
        gfloat *q = data + (gsize) fourier->reverse[i] * 2 * n;

        for (x = 0; x < 2 * n; x++)
          {
            const gfloat swap = p[x];

            p[x] = q[x];
            q[x] = swap;
          }
      }
  for (span = 1; span < n; span <<= 1)
    for (i = 0; i < n; i += 2 * span)
      for (k = 0; k < span; k++)
        {
          const gfloat c = fourier->turn[2 * (k * (n / (2 * span)))];
          const gfloat s = sign * fourier->turn[2 * (k * (n / (2 * span))) + 1];
          gfloat      *p = data + (gsize) (i + k) * 2 * n;
          gfloat      *q = p + (gsize) span * 2 * n;

          for (x = 0; x < 2 * n; x += 2)
            {
              const gfloat re = q[x] * c - q[x + 1] * s;
              const gfloat im = q[x] * s + q[x + 1] * c;

              q[x] = p[x] - re;
              q[x + 1] = p[x + 1] - im;
              p[x] += re;
              p[x + 1] += im;
            }
        }
}

static void
transpose (gfloat *data,
           gint    n)
{
  gint x, y, k;

  for (y = 0; y < n; y++)
    for (x = y + 1; x < n; x++)
      for (k = 0; k < 2; k++)
        {
          gfloat      *p = data + 2 * ((gsize) y * n + x) + k;
          gfloat      *q = data + 2 * ((gsize) x * n + y) + k;
          const gfloat swap = *p;

          *p = *q;
          *q = swap;
        }
}

void
pockmark_fourier_square (const PockmarkFourier *fourier,
                         gfloat                *data,
                         gboolean               inverse)
{
  const gfloat sign = inverse ? -1.0f : 1.0f;

  transform_columns (fourier, data, sign);
  transpose (data, fourier->n);
  transform_columns (fourier, data, sign);
}
