/* Pockmark: order statistics
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pockmark-stages.h"

gfloat
pockmark_quantile (gfloat *values,
                   gsize   n,
                   gdouble q)
{
  gsize low = 0, high = n - 1, k = (gsize) (q * (gdouble) (n - 1));

  /* Hoare's selection: the value that a sorted list would have at k. */
  while (low < high)
    {
      const gfloat pivot = values[low + (high - low) / 2];
      gssize       i = (gssize) low - 1;
      gssize       j = (gssize) high + 1;

      for (;;)
        {
          gfloat swap;

          do
            i++;
          while (values[i] < pivot);
          do
            j--;
          while (values[j] > pivot);
          if (i >= j)
            break;
          swap = values[i];
          values[i] = values[j];
          values[j] = swap;
        }
      if (k <= (gsize) j)
        high = (gsize) j;
      else
        low = (gsize) j + 1;
    }
  return values[k];
}
