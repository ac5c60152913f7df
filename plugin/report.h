/* The files of a photograph: tables, outlines, picture of the classes
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A report file X.csv holds the lesions; the table of photographs stands
 * beside it as X-photographs.csv, or photographs.csv where the report file is
 * lesions.csv.  Per photograph STEM.lesions.geojson and STEM.classes.png.
 */

#ifndef POCKMARK_REPORT_H
#define POCKMARK_REPORT_H

#include <gegl.h>

#include "csv.h"
#include "input.h"
#include "skin-scale.h"

/* The tables of one report, read and found to be ours before the work. */
typedef struct
{
  CsvTable *lesions;     /* NULL: only the table of photographs */
  CsvTable *photographs;
  GFile    *outlines;    /* STEM.lesions.geojson, NULL as lesions */
  GFile    *classes;     /* STEM.classes.png, NULL as lesions */
} Report;

/* What there is to say about one photograph. */
typedef struct
{
  const Input         *input;
  const SkinScale     *scale;
  const PockmarkSkin  *skin;
  const PockmarkGrade *grade;      /* NULL: not counted */
  const GArray        *lesions;    /* of PockmarkLesion; NULL: not counted */
  GeglBuffer          *map;        /* the lesion map; NULL: not counted */
  const gchar         *parameters; /* "key=value;key=value" */
} Account;

/* Opens the tables that belong to the table of lesions file, and the files of
 * one photograph of that stem; stem NULL: only the tables. */
Report *report_open_lesions     (GFile        *file,
                                 const gchar  *stem,
                                 GError      **error);

/* Opens a table of photographs alone. */
Report *report_open_photographs (GFile        *file,
                                 GError      **error);

/* Replaces the rows of the photograph and writes every file of it. */
gboolean report_write           (Report        *report,
                                 const Account *account,
                                 GError       **error);

/* Replaces the photograph's row by one that only tells what went wrong. */
gboolean report_write_failure   (Report       *report,
                                 const gchar  *photograph,
                                 const gchar  *failure,
                                 GError      **error);

/* "border;gloss", as in the column Flags.  To be freed. */
gchar   *report_flag_words      (guint   flags);

void     report_free            (Report *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Report, report_free)

#endif
