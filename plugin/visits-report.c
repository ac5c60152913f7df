/* The files of two visits: changes, totals, a page with slider and time line
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "folder-lock.h"
#include "visits-report.h"

static const gchar *const change_columns[] = {
  "Photograph", "Before", "Fate", "Class", "Lesion", "Lesion before",
  "X", "Y", "X before", "Y before", "Diameter (mm)", "Diameter change (mm)",
  "Area change (mm2)", "Hemoglobin change", "Relief change", "Changed",
  "Faded", NULL
};

static const gchar *const visit_columns[] = {
  "Photograph", "Before", "New", "Persisting", "Resolved", "Not compared",
  "crater before", "crater", "ice-pick before", "ice-pick",
  "red-mark before", "red-mark", "brown-mark before", "brown-mark",
  "ECCA atrophic before", "ECCA atrophic", "Goodman-Baron count before",
  "Goodman-Baron count", "Density before (per cm2)", "Density (per cm2)",
  "Skin before (cm2)", "Skin (cm2)",
  "Shared crater before", "Shared crater", "Shared ice-pick before",
  "Shared ice-pick", "Shared red-mark before", "Shared red-mark",
  "Shared brown-mark before", "Shared brown-mark",
  "Shared ECCA atrophic before", "Shared ECCA atrophic",
  "Shared Goodman-Baron count before", "Shared Goodman-Baron count",
  "Shared density before (per cm2)", "Shared density (per cm2)",
  "Shared skin before (cm2)", "Shared skin (cm2)",
  "Redness change", "Redness changed", "Compared (%)", "Pixels per mm",
  "Version", NULL
};

G_STATIC_ASSERT (G_N_ELEMENTS (visit_columns) == N_VISITS + 1);

/* ---- Opening ------------------------------------------------------------ */

static GFile *
visits_file (GFile *file, GFile *folder)
{
  g_autofree gchar *base = g_file_get_basename (file);
  g_autofree gchar *name = NULL;

  if (g_str_equal (base, "changes.csv"))
    return g_file_get_child (folder, "visits.csv");

  if (g_str_has_suffix (base, ".csv"))
    base[strlen (base) - strlen (".csv")] = '\0';
  name = g_strconcat (base, "-visits.csv", NULL);
  return g_file_get_child (folder, name);
}

VisitsReport *
visits_report_open (GFile *file, const gchar *stem, GError **error)
{
  g_autoptr (VisitsReport) report = g_new0 (VisitsReport, 1);
  g_autoptr (GFile)        folder = g_file_get_parent (file);
  g_autoptr (GFile)        visits = NULL;
  g_autofree gchar        *page = g_strconcat (stem, VISITS_PAGE_ENDING, NULL);

  if (folder == NULL || !g_file_query_exists (folder, NULL))
    {
      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("The folder for the report does not exist: make it, or "
                     "choose another file."));
      return NULL;
    }

  visits = visits_file (file, folder);
  report->page = g_file_get_child (folder, page);
  report->changes = csv_table_load (file, change_columns, error);
  report->visits = report->changes != NULL
                     ? csv_table_load (visits, visit_columns, error)
                     : NULL;
  if (report->visits == NULL)
    return NULL;

  if (g_file_query_exists (report->page, NULL)
      && !visits_page_is_ours (report->page))
    {
      g_autofree gchar *name = g_file_get_parse_name (report->page);

      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("\"%s\" would be overwritten, and Pockmark did not "
                     "write it: choose another folder for the report."),
                   name);
      return NULL;
    }

  return g_steal_pointer (&report);
}

void
visits_report_free (VisitsReport *report)
{
  g_clear_pointer (&report->changes, csv_table_free);
  g_clear_pointer (&report->visits, csv_table_free);
  g_clear_object (&report->page);
  g_free (report);
}

/* ---- Rows --------------------------------------------------------------- */

/* 0 is no lesion: an empty field. */
static gchar *
number_text (guint number)
{
  return number > 0 ? g_strdup_printf ("%u", number) : g_strdup ("");
}

/* The columns whose change is more than repeatability explains. */
static gchar *
changed_words (const PockmarkChange *change)
{
  static const gchar *const words[POCKMARK_N_CHANGES]
    = { "diameter", "area", "hemoglobin", "relief" };
  GString *text = g_string_new (NULL);

  if (change->number[0] == 0 || change->number[1] == 0)
    return g_string_free (text, FALSE);

  for (guint i = 0; i < POCKMARK_N_CHANGES; i++)
    if (change->significant[i])
      g_string_append_printf (text, "%s%s", text->len > 0 ? ";" : "",
                              words[i]);

  return g_string_free (text, FALSE);
}

static GStrv
change_row (const VisitsAccount *account, const PockmarkChange *change,
            gdouble pixels_per_mm)
{
  const gdouble mm = pixels_per_mm > 0.0 ? 1.0 : (gdouble) NAN;
  gchar        *row[] = {
    g_strdup (account->after->name),
    g_strdup (account->before),
    g_strdup (pockmark_fate_word (change->fate)),
    g_strdup (pockmark_class_word (change->klass)),
    number_text (change->number[1]),
    number_text (change->number[0]),
    csv_number ("%.2f", change->x[1]),
    csv_number ("%.2f", change->y[1]),
    csv_number ("%.2f", change->x[0]),
    csv_number ("%.2f", change->y[0]),
    csv_number ("%.3f", change->diameter_mm * mm),
    csv_number ("%.3f", change->change[POCKMARK_CHANGE_DIAMETER] * mm),
    csv_number ("%.4f", change->change[POCKMARK_CHANGE_AREA] * mm),
    csv_number ("%.4f", change->change[POCKMARK_CHANGE_HEMOGLOBIN]),
    csv_number ("%.4f", change->change[POCKMARK_CHANGE_RELIEF]),
    changed_words (change),
    g_strdup (change->faded ? "yes" : ""),
    NULL
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (row) == G_N_ELEMENTS (change_columns));

  return g_memdup2 (row, sizeof row);
}

static void
set_pair (GStrv row, guint column, const gchar *format, gdouble before,
          gdouble after)
{
  row[column] = csv_number (format, before);
  row[column + 1] = csv_number (format, after);
}

/* The totals of both visits into the row from column on. */
static void
set_totals (GStrv row, guint column, const PockmarkGrade grade[2])
{
  const PockmarkGrade *before = &grade[0];
  const PockmarkGrade *after = &grade[1];

  for (guint i = 1; i < POCKMARK_N_CLASSES; i++)
    set_pair (row, column + VISITS_COUNTS + 2 * (i - 1), "%.0f",
              before->count[i], after->count[i]);
  set_pair (row, column + VISITS_ECCA, "%.0f",
            before->ecca < 0 ? (gdouble) NAN : before->ecca,
            after->ecca < 0 ? (gdouble) NAN : after->ecca);
  set_pair (row, column + VISITS_GOODMAN_BARON, "%.0f",
            before->goodman_baron, after->goodman_baron);
  set_pair (row, column + VISITS_DENSITY, "%.3f", before->density,
            after->density);
  set_pair (row, column + VISITS_SKIN, "%.2f", before->skin_cm2,
            after->skin_cm2);
}

static GStrv
visit_row (const VisitsAccount *account, gdouble pixels_per_mm)
{
  const PockmarkComparison *c = account->comparison;
  GStrv                     row = g_new0 (gchar *, N_VISITS + 1);

  row[VISITS_PHOTOGRAPH] = g_strdup (account->after->name);
  row[VISITS_BEFORE] = g_strdup (account->before);
  for (guint i = 0; i < POCKMARK_N_FATES; i++)
    row[VISITS_NEW + i] = g_strdup_printf ("%u", c->count[i]);
  set_totals (row, VISITS_TOTALS, c->grade);
  set_totals (row, VISITS_SHARED_TOTALS, c->shared);
  row[VISITS_REDNESS] = csv_number ("%.4f", c->redness_change);
  row[VISITS_REDNESS_CHANGED] = g_strdup (c->redness_significant ? "yes"
                                                                 : "no");
  row[VISITS_COMPARED] = csv_number ("%.1f", 100.0 * c->compared);
  row[VISITS_SCALE] = csv_number ("%.6g", pixels_per_mm > 0.0
                                            ? pixels_per_mm
                                            : (gdouble) NAN);
  row[VISITS_VERSION] = g_strdup (POCKMARK_VERSION);

  return row;
}

static GPtrArray *
rows_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
}

gboolean
visits_report_write (VisitsReport *report, const VisitsAccount *account,
                     GError **error)
{
  const PockmarkComparison *c = account->comparison;
  g_autoptr (FolderLock)    lock = folder_lock_take (report->visits->file);
  GPtrArray                *changes;
  GPtrArray                *visits;

  /* Others may have written since the report was opened. */
  if (!csv_table_reload (report->changes, error)
      || !csv_table_reload (report->visits, error))
    return FALSE;

  changes = rows_new ();
  visits = rows_new ();
  for (guint i = 0; i < c->changes->len; i++)
    g_ptr_array_add (changes,
                     change_row (account,
                                 &g_array_index (c->changes, PockmarkChange,
                                                 i),
                                 c->pixels_per_mm));
  csv_table_replace (report->changes, account->after->name, changes);
  g_ptr_array_add (visits, visit_row (account, c->pixels_per_mm));
  csv_table_replace (report->visits, account->after->name, visits);

  return csv_table_save (report->changes, error)
         && visits_page_write (report->page, account, report->visits, error)
         && csv_table_save (report->visits, error);
}
