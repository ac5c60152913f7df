/* One photograph of a survey, from its file to its results
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_SURVEY_EXAMINE_H
#define POCKMARK_SURVEY_EXAMINE_H

#include "survey-plan.h"
#include "survey.h"

/* All that a photograph's results depend on, beside its file, as text.  To be
 * freed. */
gchar   *survey_examine_wishes (const SurveyWishes     *wishes,
                                const SurveyPhotograph *photograph);

/* Opens the photograph, writes all its results and, last, its record.  source:
 * its file, as of survey_record_source ().  FALSE with an error that says what
 * is wrong with it; then nothing of it has been written. */
gboolean survey_examine        (const SurveyWishes     *wishes,
                                const SurveyPhotograph *photograph,
                                const gchar            *source,
                                const Progress         *progress,
                                GError                **error);

#endif
