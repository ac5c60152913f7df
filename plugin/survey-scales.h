/* scales.csv: the scale of each photograph in a folder
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table with a header line and, among its columns, "Photograph" and "Pixels
 * per mm".  It names photographs beside it by their file names, and those in
 * folders below by their paths from it, with / between folders.
 */

#ifndef POCKMARK_SURVEY_SCALES_H
#define POCKMARK_SURVEY_SCALES_H

#include "pockmark.h"

/* What the column of scale sources says of it. */
#define SURVEY_SCALES_NAME "scales.csv"

typedef struct _SurveyScales SurveyScales;

/* The table of the folder, or one that names nothing where there is none, or
 * one whose every question fails. */
SurveyScales *survey_scales_load (GFile        *folder);

/* The same of a table's text, which may be anything. */
SurveyScales *survey_scales_read (const gchar  *text,
                                  gsize         length);

/* Pixels per mm of the photograph, 0 where the table does not name it.  FALSE
 * with GIMP_PLUG_IN_ERROR where the table or the number is no good. */
gboolean      survey_scales_find (SurveyScales *scales,
                                  const gchar  *photograph,
                                  gdouble      *pixels_per_mm,
                                  GError      **error);

void          survey_scales_free (SurveyScales *scales);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SurveyScales, survey_scales_free)

#endif
