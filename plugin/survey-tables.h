/* The tables of a survey, and its report
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_SURVEY_TABLES_H
#define POCKMARK_SURVEY_TABLES_H

#include "survey.h"

/* FALSE with GIMP_PLUG_IN_ERROR where something of another's is in the way of
 * the tables or the report. */
gboolean survey_tables_check (const SurveyWishes *wishes,
                              GError            **error);

/* Writes them, from the records of the photographs (SurveyPhotograph) in plan
 * and the rows that are there of others. */
gboolean survey_tables_write (const SurveyWishes *wishes,
                              GPtrArray          *plan,
                              GError            **error);

#endif
