/* What the progress bar says of a survey
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gi18n-lib.h>

#include "survey-progress.h"

static gchar *
describe_time (gdouble seconds)
{
  guint minutes = seconds / 60.0 + 0.5;

  if (minutes >= 60)
    return g_strdup_printf (_("%u h %02u min"), minutes / 60, minutes % 60);
  if (minutes >= 2)
    return g_strdup_printf (_("%u min"), minutes);

  return g_strdup_printf (_("%.0f s"), seconds);
}

gchar *
survey_progress_text (const gchar *name,
                      guint        i,
                      guint        n,
                      guint        parts,
                      gdouble      seconds)
{
  guint             rest = (n - 1 - i) / parts + 1; /* with this one */
  g_autofree gchar *left = NULL;

  if (seconds <= 0.0)
    return g_strdup_printf (_("%u of %u: %s"), i + 1, n, name);

  left = describe_time (rest * seconds);
  return g_strdup_printf (_("%u of %u: %s (%s left)"), i + 1, n, name, left);
}
