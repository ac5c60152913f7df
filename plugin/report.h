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

/* What the tables of a survey are called. */
#define REPORT_LESIONS_NAME "lesions.csv"
#define REPORT_PHOTOGRAPHS_NAME "photographs.csv"

/* By place in report_photograph_columns. */
enum
{
  REPORT_PHOTOGRAPH,
  REPORT_WIDTH,
  REPORT_HEIGHT,
  REPORT_SCALE,
  REPORT_SKIN_AREA,
  REPORT_CLASSES,
  REPORT_DENSITY = REPORT_CLASSES + POCKMARK_N_CLASSES - 1,
  REPORT_REDNESS_MEAN,
  REPORT_REDNESS_AREA,
  REPORT_ITA,
  REPORT_ECCA,
  REPORT_GOODMAN_BARON,
  REPORT_VERSION,
  REPORT_PARAMETERS,
  REPORT_ERROR,
  REPORT_N_COLUMNS
};

/* Of these columns of the table of lesions others want to know. */
enum
{
  REPORT_LESION_CLASS = 2,
  REPORT_LESION_AREA = 10,
  REPORT_LESION_DIAMETER = 18
};

/* The headers, NULL-terminated. */
extern const gchar *const report_photograph_columns[];
extern const gchar *const report_lesion_columns[];

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

/* "key=value;key=value": what was asked for, the scale and who says so, and
 * the photograph's colour profile.  sought: by PockmarkClass.  To be freed. */
gchar *report_parameters (const Input     *input,
                          const SkinScale *scale,
                          gdouble          sensitivity,
                          const gboolean  *sought);

/* Appends the scale's "pixels-per-mm=12" of the same. */
void   report_add_scale  (GString         *text,
                          const SkinScale *scale);

/* The rows of one photograph, to be freed.  old: its row so far, whose counts
 * stay where the account has none; or NULL. */
GStrv      report_photograph_row (const Account *account, GStrv old);
GPtrArray *report_lesion_rows    (const Account *account);

/* The row of a photograph that could not be examined. */
GStrv      report_failure_row    (const gchar *photograph,
                                  const gchar *failure);

/* Returns FALSE, with a sentence that the file is not ours. */
gboolean report_refuse_foreign  (GFile         *file,
                                 GError       **error);

/* Opens the tables that belong to the table of lesions file, and the files of
 * one photograph of that stem. */
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

/* "border;gloss", as in the column Flags.  To be freed. */
gchar   *report_flag_words      (guint   flags);

void     report_free            (Report *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Report, report_free)

#endif
