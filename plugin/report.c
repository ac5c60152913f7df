/* The files of a photograph: tables, outlines, picture of the classes
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "class-picture.h"
#include "geojson.h"
#include "report.h"

static const gchar *const lesion_columns[] = {
  "Photograph", "Lesion", "Class", "Confidence", "X", "Y", "BX", "BY",
  "Width", "Height", "Area", "Perim.", "Major", "Minor", "Angle", "Feret",
  "Circ.", "Solidity", "Diameter (mm)", "Area (mm2)", "Hemoglobin", "Melanin",
  "Relief", "a*", "L*", "Flags", NULL
};

/* By place in photograph_columns. */
enum
{
  COLUMN_PHOTOGRAPH,
  COLUMN_WIDTH,
  COLUMN_HEIGHT,
  COLUMN_SCALE,
  COLUMN_SKIN_AREA,
  COLUMN_CLASSES,
  COLUMN_DENSITY = COLUMN_CLASSES + POCKMARK_N_CLASSES - 1,
  COLUMN_REDNESS_MEAN,
  COLUMN_REDNESS_AREA,
  COLUMN_ITA,
  COLUMN_ECCA,
  COLUMN_GOODMAN_BARON,
  COLUMN_VERSION,
  COLUMN_PARAMETERS,
  COLUMN_ERROR,
  N_COLUMNS
};

static const gchar *const photograph_columns[N_COLUMNS + 1] = {
  "Photograph", "Width", "Height", "Pixels per mm", "Skin area (cm2)",
  "crater", "ice-pick", "red-mark", "brown-mark", "Density (per cm2)",
  "Redness mean", "Redness area (%)", "ITA (degrees)", "ECCA atrophic",
  "Goodman-Baron count", "Version", "Parameters", "Error", NULL
};

/* ---- Opening ------------------------------------------------------------ */

/* photographs.csv beside lesions.csv, X-photographs.csv beside X.csv. */
static GFile *
photographs_file (GFile *lesions)
{
  g_autoptr (GFile) folder = g_file_get_parent (lesions);
  g_autofree gchar *base = g_file_get_basename (lesions);
  g_autofree gchar *name = NULL;

  if (g_str_equal (base, "lesions.csv"))
    return g_file_get_child (folder, "photographs.csv");

  if (g_str_has_suffix (base, ".csv"))
    base[strlen (base) - strlen (".csv")] = '\0';
  name = g_strconcat (base, "-photographs.csv", NULL);
  return g_file_get_child (folder, name);
}

/* Where the outlines are ours, so is the picture of the classes with them. */
static gboolean
open_pictures (Report *report, GFile *folder, const gchar *stem,
               GError **error)
{
  g_autofree gchar *outlines_name =
    g_strconcat (stem, ".lesions.geojson", NULL);
  g_autofree gchar *classes_name = g_strconcat (stem, ".classes.png", NULL);
  g_autofree gchar *name = NULL;
  gboolean          outlines;
  gboolean          classes;

  report->outlines = g_file_get_child (folder, outlines_name);
  report->classes = g_file_get_child (folder, classes_name);
  outlines = g_file_query_exists (report->outlines, NULL);
  classes = g_file_query_exists (report->classes, NULL);

  if (outlines ? geojson_is_ours (report->outlines) : !classes)
    return TRUE;

  name = g_file_get_parse_name (outlines ? report->outlines
                                         : report->classes);
  g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
               _("\"%s\" would be overwritten, and Pockmark did not write it: "
                 "choose another folder for the report."), name);
  return FALSE;
}

Report *
report_open_lesions (GFile *file, const gchar *stem, GError **error)
{
  g_autoptr (Report) report = g_new0 (Report, 1);
  g_autoptr (GFile)  folder = g_file_get_parent (file);
  g_autoptr (GFile)  photographs = NULL;

  if (folder == NULL || !g_file_query_exists (folder, NULL))
    {
      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("The folder for the report does not exist: make it, or "
                     "choose another file."));
      return NULL;
    }

  report->lesions = csv_table_load (file, lesion_columns, error);
  if (report->lesions == NULL)
    return NULL;

  photographs = photographs_file (file);
  report->photographs = csv_table_load (photographs, photograph_columns,
                                        error);
  if (report->photographs == NULL)
    return NULL;

  if (stem != NULL && !open_pictures (report, folder, stem, error))
    return NULL;

  return g_steal_pointer (&report);
}

Report *
report_open_photographs (GFile *file, GError **error)
{
  g_autoptr (Report) report = g_new0 (Report, 1);

  report->photographs = csv_table_load (file, photograph_columns, error);

  return report->photographs != NULL ? g_steal_pointer (&report) : NULL;
}

void
report_free (Report *report)
{
  g_clear_pointer (&report->lesions, csv_table_free);
  g_clear_pointer (&report->photographs, csv_table_free);
  g_clear_object (&report->outlines);
  g_clear_object (&report->classes);
  g_free (report);
}

/* ---- Lesions ------------------------------------------------------------ */

gchar *
report_flag_words (guint flags)
{
  GString *words = g_string_new (NULL);

  for (guint bit = 1; bit != 0 && bit <= flags; bit <<= 1)
    {
      const gchar *word = (flags & bit) != 0 ? pockmark_flag_word (bit) : NULL;

      if (word != NULL)
        g_string_append_printf (words, "%s%s", words->len > 0 ? ";" : "",
                                word);
    }

  return g_string_free (words, FALSE);
}

static GStrv
lesion_row (const gchar *photograph, const PockmarkLesion *lesion)
{
  gchar *row[] = {
    g_strdup (photograph),
    g_strdup_printf ("%u", lesion->number),
    g_strdup (pockmark_class_word (lesion->klass)),
    csv_number ("%.3f", lesion->confidence),
    csv_number ("%.2f", lesion->x),
    csv_number ("%.2f", lesion->y),
    g_strdup_printf ("%d", lesion->box.x),
    g_strdup_printf ("%d", lesion->box.y),
    g_strdup_printf ("%d", lesion->box.width),
    g_strdup_printf ("%d", lesion->box.height),
    csv_number ("%.0f", lesion->area),
    csv_number ("%.2f", lesion->perimeter),
    csv_number ("%.2f", lesion->major),
    csv_number ("%.2f", lesion->minor),
    csv_number ("%.1f", lesion->angle),
    csv_number ("%.2f", lesion->feret),
    csv_number ("%.3f", lesion->circularity),
    csv_number ("%.3f", lesion->solidity),
    csv_number ("%.3f", lesion->diameter_mm),
    csv_number ("%.4f", lesion->area_mm2),
    csv_number ("%.4f", lesion->hemoglobin),
    csv_number ("%.4f", lesion->melanin),
    csv_number ("%.4f", lesion->relief),
    csv_number ("%.2f", lesion->a_star),
    csv_number ("%.2f", lesion->l_star),
    report_flag_words (lesion->flags),
    NULL
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (row) == G_N_ELEMENTS (lesion_columns));

  return g_memdup2 (row, sizeof row);
}

static void
replace_lesions (CsvTable *table, const Account *account)
{
  GPtrArray *rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < account->lesions->len; i++)
    g_ptr_array_add (rows, lesion_row (account->input->name,
                                       &g_array_index (account->lesions,
                                                       PockmarkLesion, i)));

  csv_table_replace (table, account->input->name, rows);
}

/* ---- Photographs -------------------------------------------------------- */

static void
set (GStrv row, guint column, gchar *text)
{
  g_free (row[column]);
  row[column] = text;
}

static GStrv
empty_row (const gchar *photograph)
{
  GStrv row = g_new0 (gchar *, N_COLUMNS + 1);

  for (guint i = 0; i < N_COLUMNS; i++)
    row[i] = g_strdup ("");
  set (row, COLUMN_PHOTOGRAPH, g_strdup (photograph));
  set (row, COLUMN_VERSION, g_strdup (POCKMARK_VERSION));

  return row;
}

static void
set_counts (GStrv row, const PockmarkGrade *grade)
{
  for (guint i = 1; i < POCKMARK_N_CLASSES; i++)
    set (row, COLUMN_CLASSES + i - 1, g_strdup_printf ("%u", grade->count[i]));
  set (row, COLUMN_SKIN_AREA, csv_number ("%.3f", grade->skin_cm2));
  set (row, COLUMN_DENSITY, csv_number ("%.3f", grade->density));
  set (row, COLUMN_ECCA, csv_number ("%.0f", grade->ecca < 0 ? (gdouble) NAN
                                                             : grade->ecca));
  set (row, COLUMN_GOODMAN_BARON,
       g_strdup_printf ("%d", grade->goodman_baron));
}

/* Without counts the row's own counts stay as the detection wrote them, and
 * so do the parameters that made them. */
static GStrv
photograph_row (const Account *account, GStrv old)
{
  GStrv               row;
  const PockmarkSkin *skin = account->skin;
  gboolean            keep = account->grade == NULL && old != NULL
                             && old[COLUMN_CLASSES][0] != '\0';

  row = keep ? g_strdupv (old) : empty_row (account->input->name);
  set (row, COLUMN_REDNESS_MEAN, csv_number ("%.3f", skin->redness_mean));
  set (row, COLUMN_REDNESS_AREA,
       csv_number ("%.3f", skin->redness_area_percent));
  set (row, COLUMN_ITA, csv_number ("%.2f", skin->ita));
  if (keep)
    return row;

  set (row, COLUMN_WIDTH, g_strdup_printf ("%d", account->input->width));
  set (row, COLUMN_HEIGHT, g_strdup_printf ("%d", account->input->height));
  if (account->scale->pixels_per_mm > 0.0)
    {
      gdouble mm = account->scale->pixels_per_mm;

      set (row, COLUMN_SCALE, csv_number ("%.6g", mm));
      set (row, COLUMN_SKIN_AREA,
           csv_number ("%.3f", skin->pixels / (mm * mm) / 100.0));
    }
  set (row, COLUMN_PARAMETERS, g_strdup (account->parameters));
  if (account->grade != NULL)
    set_counts (row, account->grade);

  return row;
}

static void
replace_photograph (CsvTable *table, const gchar *photograph, GStrv row)
{
  GPtrArray *rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  g_ptr_array_add (rows, row);
  csv_table_replace (table, photograph, rows);
}

gboolean
report_write (Report *report, const Account *account, GError **error)
{
  const gchar *name = account->input->name;
  GStrv        old = csv_table_find (report->photographs, name);

  replace_photograph (report->photographs, name,
                      photograph_row (account, old));

  if (report->lesions != NULL)
    {
      replace_lesions (report->lesions, account);
      if (!geojson_write (report->outlines, account, error)
          || !class_picture_write (report->classes, account->map,
                                   account->lesions, error)
          || !csv_table_save (report->lesions, error))
        return FALSE;
    }

  /* Last: its row says that all the rest is there. */
  return csv_table_save (report->photographs, error);
}

gboolean
report_write_failure (Report       *report,
                      const gchar  *photograph,
                      const gchar  *failure,
                      GError      **error)
{
  GStrv row = empty_row (photograph);

  set (row, COLUMN_ERROR, g_strdup (failure));
  replace_photograph (report->photographs, photograph, row);
  if (report->lesions != NULL)
    {
      csv_table_replace (report->lesions, photograph, g_ptr_array_new ());
      if (!csv_table_save (report->lesions, error))
        return FALSE;
    }

  return csv_table_save (report->photographs, error);
}
