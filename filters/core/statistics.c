/* Pockmark: order statistics
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

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

/* What is no number lands in the first. */
static inline gint
bin_of (gfloat value,
        gfloat least,
        gfloat scale)
{
  const gfloat place = scale * (value - least);

  return place > 0.0f ? MIN ((gint) place, N_BINS - 1) : 0;
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
  gfloat least = values[0], most = values[0], scale;
  gsize  i, kept = 0;
  gint   bin = 0;

  for (i = 1; i < *n; i++)
    {
      least = MIN (least, values[i]);
      most = MAX (most, values[i]);
    }
  scale = (N_BINS - 1) / (most - least);
  if (! (scale > 0.0f) || ! isfinite (scale))
    return FALSE;
  for (i = 0; i < *n; i++)
    count[bin_of (values[i], least, scale)]++;
  if (count[0] == *n)
    return FALSE;
  for (; *k >= count[bin]; bin++)
    *k -= count[bin];
  for (i = 0; kept < count[bin]; i++)
    if (bin_of (values[i], least, scale) == bin)
      swap_values (&values[i], &values[kept++]);
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
