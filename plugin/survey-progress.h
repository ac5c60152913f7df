/* What the progress bar says of a survey
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_SURVEY_PROGRESS_H
#define POCKMARK_SURVEY_PROGRESS_H

#include <glib.h>

/* "12 of 500: face.jpg (3 min left)" for photograph i, from 0, of n, of which
 * this process examines every parts-th; seconds is what one takes, 0 while
 * that is not known.  To be freed. */
gchar *survey_progress_text (const gchar *name,
                             guint        i,
                             guint        n,
                             guint        parts,
                             gdouble      seconds);

#endif
