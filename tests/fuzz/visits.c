/* Pockmark: fuzz target, two visits with any photographs and parameters
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bytes.h"

#define SIDE 128

static void
look_at (const PockmarkComparison *comparison,
         FuzzPicture              *before,
         FuzzPicture              *after)
{
  const PockmarkRect rect = { 0, 0, after->pixels.width, after->pixels.height };
  g_autofree gfloat *out
      = g_new (gfloat, 4 * (gsize) rect.width * (gsize) rect.height);
  g_autoptr (GError) error = NULL;
  gdouble            x, y;

  pockmark_comparison_paint (comparison, &rect, out);
  fuzz_check (pockmark_alignment_warp (comparison->alignment, &before->source,
                                       &rect, out, &error),
              &error);
  pockmark_alignment_before (comparison->alignment, 0.5 * rect.width,
                             0.5 * rect.height, &x, &y);
  pockmark_alignment_after (comparison->alignment, -1e6, 1e6, &x, &y);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzBytes               bytes = { data, size, 0 };
  PockmarkParameters      parameters[2];
  PockmarkReference       reference;
  g_autoptr (FuzzPicture) before = NULL;
  g_autoptr (FuzzPicture) after = NULL;
  g_autoptr (GError)      error = NULL;
  g_autoptr (PockmarkComparison) comparison = NULL;
  const guint8            wishes = fuzz_byte (&bytes);
  gint                    i;

  for (i = 0; i < 2; i++)
    {
      fuzz_parameters (&bytes, &parameters[i]);
      reference.patch[i] = (PockmarkRect) { fuzz_byte (&bytes), fuzz_byte (&bytes),
                                            fuzz_byte (&bytes) % 32,
                                            fuzz_byte (&bytes) % 32 };
    }
  /* The same skin twice, or two. */
  if (wishes & 1)
    {
      FuzzBytes again = bytes;

      before = fuzz_picture_new (&again, SIDE);
    }
  else
    before = fuzz_picture_new (&bytes, SIDE);
  after = fuzz_picture_new (&bytes, SIDE);

  comparison = pockmark_compare (&before->source, &parameters[0],
                                 &after->source, &parameters[1],
                                 wishes & 2 ? &reference : NULL, NULL, &error);
  fuzz_check (comparison != NULL, &error);
  if (comparison)
    look_at (comparison, before, after);
  return 0;
}
