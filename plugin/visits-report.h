/* The files of two visits: changes, totals, a page with slider and time line
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A report file X.csv holds a line for each lesion of either visit; beside it
 * X-visits.csv (visits.csv where the report file is changes.csv) a line for
 * each pair of visits, and STEM.changes.html.
 */

#ifndef POCKMARK_VISITS_REPORT_H
#define POCKMARK_VISITS_REPORT_H

#include <gegl.h>

#include "csv.h"
#include "input.h"

/* The files of one comparison, read and found to be ours before the work. */
typedef struct
{
  CsvTable *changes;
  CsvTable *visits;
  GFile    *page;    /* STEM.changes.html */
} VisitsReport;

/* What there is to say about two visits. */
typedef struct
{
  const Input              *after;
  const gchar              *before;  /* the earlier photograph's name */
  const PockmarkComparison *comparison;
  GeglBuffer               *aligned; /* the earlier photograph, aligned */
  GeglBuffer               *overlay; /* outlines by fate */
} VisitsAccount;

VisitsReport *visits_report_open  (GFile         *file,
                                   const gchar   *stem,
                                   GError       **error);
gboolean      visits_report_write (VisitsReport        *report,
                                   const VisitsAccount *account,
                                   GError             **error);
void          visits_report_free  (VisitsReport  *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisitsReport, visits_report_free)

/* ---- The page (visits-page.c) ------------------------------------------- */

/* The self-contained page of two visits; visits: the table of visits, for the
 * time line that leads to this one. */
gboolean visits_page_write (GFile               *file,
                            const VisitsAccount *account,
                            const CsvTable      *visits,
                            GError             **error);

/* The part of a report's body that tells of one photograph's changes: slider,
 * totals, time line.  NULL on error. */
gchar   *visits_page_section (const VisitsAccount *account,
                              const CsvTable      *visits,
                              GError             **error);

/* The style sheet that the section needs, once a page. */
const gchar *visits_page_style (void);

/* What the name of such a page ends with. */
#define VISITS_PAGE_ENDING ".changes.html"

/* Whether file is a page that this program wrote. */
gboolean visits_page_is_ours (GFile *file);

/* The section in a page that this program wrote, for another page; NULL where
 * there is none.  To be freed. */
gchar   *visits_page_cut     (GFile *file);

/* ---- Places in the table of visits -------------------------------------- */

/* Totals, each before and now: the counts of the classes first. */
enum
{
  VISITS_COUNTS,
  VISITS_ECCA = VISITS_COUNTS + 2 * (POCKMARK_N_CLASSES - 1),
  VISITS_GOODMAN_BARON = VISITS_ECCA + 2,
  VISITS_DENSITY = VISITS_GOODMAN_BARON + 2,
  VISITS_SKIN = VISITS_DENSITY + 2,
  N_VISITS_TOTALS = VISITS_SKIN + 2
};

enum
{
  VISITS_PHOTOGRAPH,
  VISITS_BEFORE,
  VISITS_NEW,
  VISITS_PERSISTING,
  VISITS_RESOLVED,
  VISITS_NOT_COMPARED,
  VISITS_TOTALS,        /* of the whole photographs, as VISITS_COUNTS says    */
  VISITS_SHARED_TOTALS = VISITS_TOTALS + N_VISITS_TOTALS,
  VISITS_REDNESS = VISITS_SHARED_TOTALS + N_VISITS_TOTALS,
  VISITS_REDNESS_CHANGED,
  VISITS_COMPARED,
  VISITS_SCALE,
  VISITS_VERSION,
  N_VISITS
};

#endif
