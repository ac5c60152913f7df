/* Pockmark: fuzz target, the parasites "pockmark" and "pockmark-report"
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bytes.h"
#include "record.h"

static void
try_record (GKeyFile *record)
{
  static const gchar *const works[] = { "detection", "redness", "pockmark" };
  SkinScaleTrace    then;
  g_autofree gchar *source = NULL;
  gdouble           pixels_per_mm;
  guint             i;

  record_read_scale (record, &pixels_per_mm, &then, &source);
  if (skin_scale_is_possible (pixels_per_mm))
    g_assert_cmpfloat (skin_scale_round_mm (pixels_per_mm, 100.0), >, 0.0);
  for (i = 0; i < G_N_ELEMENTS (works); i++)
    {
      g_autofree gchar *work = record_read_work (record, works[i]);

      g_assert_true (! work || g_utf8_validate (work, -1, NULL));
      if (work)
        record_write_work (record, works[i], work);
    }
}

static void
try_names (GKeyFile *report)
{
  g_autofree gchar *name = NULL;
  g_autofree gchar *stem = NULL;

  record_read_names (report, &name, &stem);
  g_assert_true (! name || g_utf8_validate (name, -1, NULL));
  g_assert_true (! stem || g_utf8_validate (stem, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GKeyFile) record = record_read (data, size);
  g_autofree gchar    *text = NULL;
  g_autoptr (GKeyFile) again = NULL;
  gsize                length;

  if (! record)
    return 0;
  try_record (record);
  try_names (record);
  /* What is written back can be read again. */
  text = g_key_file_to_data (record, &length, NULL);
  again = record_read (text, length);
  g_assert_true (again || length == 0);
  return 0;
}
