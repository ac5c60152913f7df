/* The files of a photograph: tables, outlines, picture of the classes
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "class-picture.h"
#include "file-replace.h"
#include "folder-lock.h"
#include "geojson.h"
#include "png.h"
#include "report.h"

const gchar *const report_lesion_columns[] = {
  "Photograph", "Lesion", "Class", "Confidence", "X", "Y", "BX", "BY",
  "Width", "Height", "Area", "Perim.", "Major", "Minor", "Angle", "Feret",
  "Circ.", "Solidity", "Diameter (mm)", "Area (mm2)", "Hemoglobin", "Melanin",
  "Relief", "a*", "L*", "Flags", "Version", "Parameters", NULL
};

const gchar *const report_photograph_columns[REPORT_N_COLUMNS + 1] = {
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

  if (g_str_equal (base, REPORT_LESIONS_NAME))
    return g_file_get_child (folder, REPORT_PHOTOGRAPHS_NAME);

  if (g_str_has_suffix (base, ".csv"))
    base[strlen (base) - strlen (".csv")] = '\0';
  name = g_strconcat (base, "-" REPORT_PHOTOGRAPHS_NAME, NULL);
  return g_file_get_child (folder, name);
}

gboolean
report_refuse_foreign (GFile *file, GError **error)
{
  g_autofree gchar *name = file_display_name (file);

  g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
               _("\"%s\" would be overwritten, and Pockmark did not write it: "
                 "choose another folder, or move the file away."), name);
  return FALSE;
}

static gboolean
open_pictures (Report *report, GFile *folder, const gchar *stem,
               GError **error)
{
  g_autofree gchar *outlines = g_strconcat (stem, ".lesions.geojson", NULL);
  g_autofree gchar *classes = g_strconcat (stem, ".classes.png", NULL);

  report->outlines = g_file_get_child (folder, outlines);
  report->classes = g_file_get_child (folder, classes);
  if (g_file_query_exists (report->outlines, NULL)
      && !geojson_is_ours (report->outlines))
    return report_refuse_foreign (report->outlines, error);
  if (g_file_query_exists (report->classes, NULL)
      && !png_is_ours (report->classes))
    return report_refuse_foreign (report->classes, error);

  return TRUE;
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

  report->lesions = csv_table_load (file, report_lesion_columns, error);
  if (report->lesions == NULL)
    return NULL;

  photographs = photographs_file (file);
  report->photographs = csv_table_load (photographs, report_photograph_columns,
                                        error);
  if (report->photographs == NULL)
    return NULL;

  if (!open_pictures (report, folder, stem, error))
    return NULL;

  return g_steal_pointer (&report);
}

Report *
report_open_photographs (GFile *file, GError **error)
{
  g_autoptr (Report) report = g_new0 (Report, 1);

  report->photographs = csv_table_load (file, report_photograph_columns, error);

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

/* ---- Where it comes from -------------------------------------------------- */

/* The name of the colours that the figures were read in, without what would
 * end a value. */
static gchar *
profile_name (GimpImage *image)
{
  GimpColorProfile *profile = gimp_image_get_effective_color_profile (image);
  gchar            *name = NULL;

  if (profile != NULL)
    {
      name = g_utf8_make_valid (gimp_color_profile_get_label (profile), -1);
      g_strstrip (g_strdelimit (name, ";=\r\n", ' '));
      g_object_unref (profile);
    }

  return name != NULL ? name : g_strdup ("unknown");
}

void
report_add_scale (GString *text, const SkinScale *scale)
{
  g_autofree gchar *mm = csv_number ("%.6g", scale->pixels_per_mm);

  g_string_append_printf (text, "pixels-per-mm=%s",
                          scale->pixels_per_mm > 0.0 ? mm : "unknown");
}

gchar *
report_parameters (const Input     *input,
                   const SkinScale *scale,
                   gdouble          sensitivity,
                   const gboolean  *sought)
{
  GString          *text = g_string_new (NULL);
  g_autofree gchar *kept = csv_number ("%.4g", sensitivity);
  g_autofree gchar *profile = profile_name (input->image);
  const gchar      *joint = "";

  g_string_append_printf (text, "sensitivity=%s;find=", kept);
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    if (sought[klass])
      {
        g_string_append_printf (text, "%s%s", joint,
                                pockmark_class_word (klass));
        joint = "+";
      }
  g_string_append_printf (text, ";selection=%s;",
                          input->region != NULL ? "yes" : "no");
  report_add_scale (text, scale);
  g_string_append_printf (text, ";scale-source=%s;profile=%s",
                          skin_scale_word (scale), profile);

  return g_string_free (text, FALSE);
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
lesion_row (const Account *account, const PockmarkLesion *lesion)
{
  gchar *row[] = {
    g_strdup (account->input->name),
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
    g_strdup (POCKMARK_VERSION),
    g_strdup (account->parameters),
    NULL
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (row) == G_N_ELEMENTS (report_lesion_columns));

  return g_memdup2 (row, sizeof row);
}

GPtrArray *
report_lesion_rows (const Account *account)
{
  GPtrArray *rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < account->lesions->len; i++)
    g_ptr_array_add (rows, lesion_row (account,
                                       &g_array_index (account->lesions,
                                                       PockmarkLesion, i)));

  return rows;
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
  GStrv row = g_new0 (gchar *, REPORT_N_COLUMNS + 1);

  for (guint i = 0; i < REPORT_N_COLUMNS; i++)
    row[i] = g_strdup ("");
  set (row, REPORT_PHOTOGRAPH, g_strdup (photograph));
  set (row, REPORT_VERSION, g_strdup (POCKMARK_VERSION));

  return row;
}

static void
set_counts (GStrv row, const PockmarkGrade *grade)
{
  for (guint i = 1; i < POCKMARK_N_CLASSES; i++)
    set (row, REPORT_CLASSES + i - 1, g_strdup_printf ("%u", grade->count[i]));
  set (row, REPORT_SKIN_AREA, csv_number ("%.3f", grade->skin_cm2));
  set (row, REPORT_DENSITY, csv_number ("%.3f", grade->density));
  set (row, REPORT_ECCA, csv_number ("%.0f", grade->ecca < 0 ? (gdouble) NAN
                                                             : grade->ecca));
  set (row, REPORT_GOODMAN_BARON,
       g_strdup_printf ("%d", grade->goodman_baron));
}

GStrv
report_failure_row (const gchar *photograph, const gchar *failure)
{
  GStrv row = empty_row (photograph);

  set (row, REPORT_ERROR, g_strdup (failure));
  return row;
}

/* Without counts the row's own counts stay as the detection wrote them, and
 * so do the parameters that made them. */
GStrv
report_photograph_row (const Account *account, GStrv old)
{
  GStrv               row;
  const PockmarkSkin *skin = account->skin;
  gboolean            keep = account->grade == NULL && old != NULL
                             && old[REPORT_CLASSES][0] != '\0';

  row = keep ? g_strdupv (old) : empty_row (account->input->name);
  set (row, REPORT_REDNESS_MEAN, csv_number ("%.3f", skin->redness_mean));
  set (row, REPORT_REDNESS_AREA,
       csv_number ("%.3f", skin->redness_area_percent));
  set (row, REPORT_ITA, csv_number ("%.2f", skin->ita));
  if (keep)
    return row;

  set (row, REPORT_WIDTH, g_strdup_printf ("%d", account->input->width));
  set (row, REPORT_HEIGHT, g_strdup_printf ("%d", account->input->height));
  if (account->scale->pixels_per_mm > 0.0)
    {
      gdouble mm = account->scale->pixels_per_mm;

      set (row, REPORT_SCALE, csv_number ("%.6g", mm));
      set (row, REPORT_SKIN_AREA,
           csv_number ("%.3f", skin->pixels / (mm * mm) / 100.0));
    }
  set (row, REPORT_PARAMETERS, g_strdup (account->parameters));
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
  g_autoptr (FolderLock) lock = folder_lock_take (report->photographs->file);
  const gchar           *name = account->input->name;
  GStrv                  old;

  /* Others may have written since the report was opened. */
  if (!csv_table_reload (report->photographs, error)
      || (report->lesions != NULL
          && !csv_table_reload (report->lesions, error)))
    return FALSE;

  old = csv_table_find (report->photographs, name);
  replace_photograph (report->photographs, name,
                      report_photograph_row (account, old));

  if (report->lesions != NULL)
    {
      csv_table_replace (report->lesions, name, report_lesion_rows (account));
      if (!geojson_write (report->outlines, account, error)
          || !class_picture_write (report->classes, account->map,
                                   account->lesions, account->parameters,
                                   error)
          || !csv_table_save (report->lesions, error))
        return FALSE;
    }

  /* Last: its row says that all the rest is there. */
  return csv_table_save (report->photographs, error);
}
