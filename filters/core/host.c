/* Pockmark: what the surrounding program lends
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gi18n-lib.h>

#include "pockmark-core.h"

gboolean
pockmark_host_progress (const PockmarkHost *host,
                        gdouble             fraction,
                        GError            **error)
{
  if (host && host->progress && ! host->progress (fraction, host->user_data))
    {
      g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_CANCELLED,
                           _("The detection was cancelled."));
      return FALSE;
    }
  return TRUE;
}

void
pockmark_host_parallel (const PockmarkHost *host,
                        gsize               n,
                        gsize               grain,
                        PockmarkWork        work,
                        gpointer            work_data)
{
  if (n == 0)
    return;
  if (host && host->parallel)
    host->parallel (n, grain, work, work_data, host->user_data);
  else
    work (0, n, work_data);
}
