/* Pockmark: order statistics
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "pockmark-stages.h"

/* Values are first counted in so many bins of one width; what is left of at
 * most so many values is selected among at once. */
#define N_BINS 256
#define FEW    48

static inline void
swap_values (gfloat *a,
             gfloat *b)
{
  const gfloat value = *a;

  *a = *b;
  *b = value;
}

/* Hoare's selection: the value that a sorted list would have at k. */
static gfloat
select_value (gfloat *values,
              gsize   n,
              gsize   k)
{
  gsize low = 0, high = n - 1;

  while (low < high)
    {
      const gfloat pivot = values[low + (high - low) / 2];
      gssize       i = (gssize) low - 1;
      gssize       j = (gssize) high + 1;

      for (;;)
        {
          do
            i++;
          while (values[i] < pivot);
          do
            j--;
          while (values[j] > pivot);
          if (i >= j)
            break;
          swap_values (&values[i], &values[j]);
        }
      if (k <= (gsize) j)
        high = (gsize) j;
      else
        low = (gsize) j + 1;
    }
  return values[k];
}

/* Values whose bins are found together, on the stack. */
#define CHUNK 1024

/* The bins of n values; what is no number lands in the first. */
static void
find_bins (const gfloat *values,
           gsize         n,
           gfloat        least,
           gfloat        scale,
           guint8       *restrict bins)
{
  gsize i;

  for (i = 0; i < n; i++)
    {
      const gfloat place = scale * (values[i] - least);
      const gfloat below = place < (gfloat) (N_BINS - 1) ? place
                                                         : (gfloat) (N_BINS - 1);

      bins[i] = (guint8) (gint) (below > 0.0f ? below : 0.0f);
    }
}

/* So many extremes are followed at once, for vector code. */
#define LANES 8

/* The least value and how many bins there are to the unit; FALSE where that is
 * no number. */
static gboolean
find_scale (const gfloat *values,
            gsize         n,
            gfloat       *least,
            gfloat       *scale)
{
  gfloat low[LANES], high[LANES];
  gsize  i;
  gint   j;

  for (j = 0; j < LANES; j++)
    low[j] = high[j] = values[0];
  for (i = 0; i + LANES <= n; i += LANES)
    for (j = 0; j < LANES; j++)
      {
        low[j] = values[i + j] < low[j] ? values[i + j] : low[j];
        high[j] = values[i + j] > high[j] ? values[i + j] : high[j];
      }
  for (; i < n; i++)
    {
      low[0] = MIN (values[i], low[0]);
      high[0] = MAX (values[i], high[0]);
    }
  for (j = 1; j < LANES; j++)
    {
      low[0] = MIN (low[j], low[0]);
      high[0] = MAX (high[j], high[0]);
    }
  *least = low[0];
  *scale = (N_BINS - 1) / (high[0] - low[0]);
  return *scale > 0.0f && isfinite (*scale);
}

/* Of the n values those in the bin are swapped to the front of all; returns how
 * many are there then. */
static gsize
take_bin (gfloat       *values,
          gsize         first,
          const guint8 *bins,
          gsize         n,
          gint          bin,
          gsize         kept)
{
  const guint8 *at = bins;

  while ((at = memchr (at, bin, n - (gsize) (at - bins))))
    swap_values (&values[first + (gsize) (at++ - bins)], &values[kept++]);
  return kept;
}

/* Brings those values to the front that may be the one at *k, and counts on
 * from the first of them.  FALSE: all of them may.  Counting needs no branch,
 * on which half of a selection's time is lost. */
static gboolean
narrow (gfloat *values,
        gsize  *n,
        gsize  *k)
{
  gsize  count[N_BINS] = { 0 };
  guint8 bins[CHUNK];
  gfloat least, scale;
  gsize  i, j, kept = 0;
  gint   bin = 0;

  if (! find_scale (values, *n, &least, &scale))
    return FALSE;
  for (i = 0; i < *n; i += CHUNK)
    {
      const gsize m = MIN (CHUNK, *n - i);

      find_bins (values + i, m, least, scale, bins);
      for (j = 0; j < m; j++)
        count[bins[j]]++;
    }
  if (count[0] == *n)
    return FALSE;
  for (; *k >= count[bin]; bin++)
    *k -= count[bin];
  for (i = 0; kept < count[bin]; i += CHUNK)
    {
      const gsize m = MIN (CHUNK, *n - i);

      /* The bins of the only chunk are there still. */
      if (*n > CHUNK)
        find_bins (values + i, m, least, scale, bins);
      kept = take_bin (values, i, bins, m, bin, kept);
    }
  *n = kept;
  return TRUE;
}

gfloat
pockmark_quantile (gfloat *values,
                   gsize   n,
                   gdouble q)
{
  gsize k = (gsize) (q * (gdouble) (n - 1));

  while (n > FEW && narrow (values, &n, &k))
    ;
  return select_value (values, n, k);
}
