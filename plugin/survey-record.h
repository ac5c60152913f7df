/* What a survey remembers of a photograph that is done
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One file of JSON for each photograph, in the hidden folder of the results:
 * what was asked for, which file was read, which files were written, and all
 * that the tables and the report say of the photograph.  A photograph is done
 * where its record says so for the same wishes, version and file, and every
 * file that it names is there at its full size.  The file is the same by its
 * size and time of change, or by its content where these have changed: copies,
 * and some file systems of other machines, keep no times.
 *
 * Tables and report are made from the records alone.  So it does not matter
 * how many processes wrote them, in which order, or how often they were
 * stopped.
 */

#ifndef POCKMARK_SURVEY_RECORD_H
#define POCKMARK_SURVEY_RECORD_H

#include "outputs.h"
#include "report.h"
#include "survey-plan.h"

/* Bins of the histogram of the relative redness index over skin, and its
 * ends. */
#define SURVEY_REDNESS_BINS 36
#define SURVEY_REDNESS_MIN POCKMARK_REDNESS_RELATIVE_MIN
#define SURVEY_REDNESS_MAX POCKMARK_REDNESS_SPAN

typedef struct
{
  GStrv            row;       /* as in the table of photographs */
  GPtrArray       *lesions;   /* of GStrv, as in the table of lesions */
  PockmarkEccaTerm terms[POCKMARK_N_ECCA];
  gdouble          redness[SURVEY_REDNESS_BINS]; /* shares of the skin */
  GStrv            sums;      /* checksums that the layered image may have */
} SurveyRecord;

/* The size and time of change of the photograph's file, as text.  NULL where
 * there is none.  To be freed. */
gchar        *survey_record_source  (GFile                  *photograph);

/* A checksum of the file's content, NULL where it cannot be read.  To be
 * freed. */
gchar        *survey_record_content (GFile                  *file);

/* The record of the photograph in the folder of results; NULL where there is
 * none, or it is of another photograph. */
SurveyRecord *survey_record_load    (GFile                  *results,
                                     const SurveyPhotograph *photograph);

/* Whether the photograph is done; source as above. */
gboolean      survey_record_is_done (GFile                  *results,
                                     const SurveyPhotograph *photograph,
                                     const gchar            *wishes,
                                     const gchar            *source);

/* Writes the record and moves the outputs to their places, so that the
 * program may be killed at any moment.  source, content: of the photograph,
 * from before it was read.  sum: the content of the layered image among the
 * outputs, or NULL. */
gboolean      survey_record_commit  (GFile                  *results,
                                     const SurveyPhotograph *photograph,
                                     const gchar            *wishes,
                                     const gchar            *source,
                                     const gchar            *content,
                                     const Account          *account,
                                     Outputs                *outputs,
                                     const gchar            *sum,
                                     GError                **error);

void          survey_record_free    (SurveyRecord           *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SurveyRecord, survey_record_free)

#endif
