/* Which photographs a survey has, and what they are called
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The same files give the same plan on every machine and in every locale.
 */

#ifndef POCKMARK_SURVEY_PLAN_H
#define POCKMARK_SURVEY_PLAN_H

#include "pockmark.h"

typedef struct
{
  GFile  *file;
  gchar  *name;    /* in the tables, unique: bytes of a file name that are not
                    * UTF-8 stand as \xff, folders are parted by / */
  gchar  *stem;    /* of its files, unique, letter case apart */
  gdouble scale;   /* pixels per mm of scales.csv; 0: it names none */
  gchar  *failure; /* NULL, or why it cannot be examined */
} SurveyPhotograph;

/* Every photograph in folder and below, by name; folders that cannot be read
 * are in it with a failure.  Hidden files and the results of surveys, results
 * among them, are passed over.  An array of SurveyPhotograph, NULL with
 * GIMP_PLUG_IN_ERROR where folder cannot be read or has none. */
GPtrArray *survey_plan_folder (GFile   *folder,
                               GFile   *results,
                               GError **error);

/* The photographs that uris (or paths) name, in that order. */
GPtrArray *survey_plan_list   (GStrv    uris,
                               GError **error);

#endif
