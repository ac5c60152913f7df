/* Progress shown by GIMP, as the core's host and for graphs
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pockmark-gegl.h"
#include "progress.h"
#include "test-stop.h"

Progress
progress_part (const Progress *whole, gdouble from, gdouble to)
{
  gdouble length = whole->to - whole->from;

  return (Progress) { whole->from + from * length, whole->from + to * length,
                      whole->title };
}

void
progress_start (const Progress *progress, const gchar *text)
{
  gimp_progress_set_text (progress->title != NULL ? progress->title : text);
  progress_update (progress, 0.0);
  test_stop_at (text);
}

void
progress_update (const Progress *progress, gdouble fraction)
{
  gimp_progress_update (progress->from + CLAMP (fraction, 0.0, 1.0)
                                           * (progress->to - progress->from));
}

/* GIMP stops a plug-in by ending its process, so nothing asks to stop. */
static gboolean
show_fraction (gdouble fraction, gpointer user_data)
{
  progress_update (user_data, fraction);
  return TRUE;
}

PockmarkHost
progress_host (Progress *progress)
{
  PockmarkHost host;

  pockmark_gegl_host_init (&host);
  host.progress = show_fraction;
  host.user_data = progress;

  return host;
}
