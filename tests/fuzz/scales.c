/* Pockmark: fuzz target, scales.csv
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "bytes.h"
#include "csv.h"
#include "skin-scale.h"
#include "survey-scales.h"

/* Fields that were written come back as they were. */
static void
try_fields (const gchar *text,
            gsize        length)
{
  g_autoptr (GPtrArray) records = csv_records (text, length, ',');
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GString)   written = g_string_new (NULL);
  guint                 i;

  for (i = 0; i < records->len; i++)
    csv_append (written, g_ptr_array_index (records, i));
  again = csv_records (written->str, written->len, ',');
  g_assert_cmpuint (again->len, ==, records->len);
  for (i = 0; i < records->len; i++)
    g_assert_true (g_strv_equal (g_ptr_array_index (records, i),
                                 g_ptr_array_index (again, i)));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const gchar *const photographs[] = { "a.jpg", "visit 2/a.jpg", "" };
  g_autofree gchar         *text = g_strndup ((const gchar *) data, size);
  g_autoptr (SurveyScales)  scales = survey_scales_read (text, size);
  guint                     i;

  for (i = 0; i < G_N_ELEMENTS (photographs); i++)
    {
      g_autoptr (GError) error = NULL;
      gdouble            pixels_per_mm;

      if (! survey_scales_find (scales, photographs[i], &pixels_per_mm, &error))
        g_assert_cmpuint (strlen (error->message), >, 20);
      else
        g_assert_true (pixels_per_mm == 0.0
                       || skin_scale_is_possible (pixels_per_mm));
    }
  try_fields (text, size);
  return 0;
}
