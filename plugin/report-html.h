/* report.html: a survey to read and to print
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One file with everything in it: pictures as data, plots as SVG, no script,
 * and a policy that forbids the browser to fetch anything.
 */

#ifndef POCKMARK_REPORT_HTML_H
#define POCKMARK_REPORT_HTML_H

#include <gio/gio.h>

#define REPORT_HTML_NAME "report.html"

/* Where a survey leaves the JPEG pictures of a photograph for the report. */
GFile   *report_html_picture (GFile        *results,
                              const gchar  *stem,
                              gboolean      small);

/* Writes the report of plan (of SurveyPhotograph) from the records in the
 * folder of results. */
gboolean report_html_write   (GFile        *results,
                              GPtrArray    *plan,
                              GError      **error);

/* Whether report_html_write () made the file. */
gboolean report_html_is_ours (GFile        *file);

#endif
