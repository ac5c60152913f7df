/* Pockmark: how redness is spread over the skin
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pockmark-core.h"

void
pockmark_skin_histogram (const PockmarkSkin *skin,
                         gdouble             lo,
                         gdouble             hi,
                         guint               n,
                         gdouble            *share)
{
  const gsize pixels = (gsize) skin->skin->width * skin->skin->height;
  gsize       inside = 0;
  gsize       i;

  for (i = 0; i < n; i++)
    share[i] = 0.0;

  for (i = 0; i < pixels; i++)
    if (skin->skin->data[i] > 0.5f)
      {
        const gdouble index = 100.0 * (skin->hemoglobin->data[i]
                                       - skin->surrounding->data[i]);
        const gdouble bin = n * (index - lo) / (hi - lo);

        /* What is no number compares false and lands in the first. */
        share[bin >= n ? n - 1 : bin > 0.0 ? (guint) bin : 0] += 1.0;
        inside++;
      }

  for (i = 0; i < n && inside > 0; i++)
    share[i] /= (gdouble) inside;
}
