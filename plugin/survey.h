/* A survey: every photograph of a folder, one after the other
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_SURVEY_H
#define POCKMARK_SURVEY_H

#include "pockmark.h"

typedef struct
{
  GFile   *folder;        /* of photographs; NULL: photographs lists them */
  GStrv    photographs;   /* URIs or paths */
  GFile   *results;
  gdouble  pixels_per_mm; /* where scales.csv names none; 0: the image's own */
  gdouble  sensitivity;
  gboolean save_xcf;
  gboolean resume;        /* pass over what is done */
  gboolean overwrite;     /* also what this program did not write */
  gint     part;          /* 1 ... parts: every parts-th photograph, and no */
  gint     parts;         /* tables unless parts is 1 */
  gboolean tell;          /* a line on the console for each photograph */
} SurveyWishes;

typedef struct
{
  guint photographs;
  guint failed;
  guint lesions;
} SurveyTotals;

/* What can be told before the work: FALSE with GIMP_PLUG_IN_ERROR where the
 * wishes make no sense. */
gboolean survey_check (const SurveyWishes *wishes,
                       GError            **error);

/* A photograph that fails is counted and named in the table; FALSE only where
 * nothing could be done or the tables could not be written. */
gboolean survey_run   (const SurveyWishes *wishes,
                       SurveyTotals       *totals,
                       GError            **error);

#endif
