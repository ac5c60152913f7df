/* Pockmark: fuzz target, what calls itself a JPEG file
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bytes.h"
#include "jpeg.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  gsize whole = size;

  if (! jpeg_bytes_are_whole (data, size))
    return 0;
  /* A file that is whole stays so with anything behind it. */
  while (whole > 4 && jpeg_bytes_are_whole (data, whole - 1))
    whole--;
  g_assert_true (jpeg_bytes_are_whole (data, whole));
  return 0;
}
