/* The tables of a survey, and its report
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "folder-lock.h"
#include "file-replace.h"
#include "report-html.h"
#include "survey-record.h"
#include "survey-tables.h"

typedef struct
{
  const SurveyWishes *wishes;
  GPtrArray          *plan; /* of SurveyPhotograph */
} Tables;

/* The rows of photographs that this survey does not know stay, above. */
static gboolean
append_others (const Tables       *tables,
               GFile              *file,
               const gchar *const *header,
               GString            *text,
               GError            **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (CsvTable)   old = csv_table_load (file, header, NULL);

  if (old == NULL)
    return tables->wishes->overwrite || report_refuse_foreign (file, error);

  for (guint i = 0; i < tables->plan->len; i++)
    g_hash_table_add (known, ((SurveyPhotograph *) g_ptr_array_index (
                                tables->plan, i))->name);
  for (guint i = 0; i < old->rows->len; i++)
    {
      GStrv row = g_ptr_array_index (old->rows, i);

      if (!g_hash_table_contains (known, row[REPORT_PHOTOGRAPH]))
        csv_append (text, (const gchar *const *) row);
    }

  return TRUE;
}

static void
append_lesions (const Tables *tables, const SurveyPhotograph *photograph,
                GString *text)
{
  g_autoptr (SurveyRecord) record = NULL;

  if (photograph->failure != NULL)
    return;

  record = survey_record_load (tables->wishes->results, photograph);
  for (guint i = 0; record != NULL && i < record->lesions->len; i++)
    csv_append (text, g_ptr_array_index (record->lesions, i));
}

static void
append_photograph (const Tables *tables, const SurveyPhotograph *photograph,
                   GString *text)
{
  g_autoptr (SurveyRecord) record = NULL;
  g_auto (GStrv)           failed = NULL;

  if (photograph->failure == NULL)
    record = survey_record_load (tables->wishes->results, photograph);
  if (record == NULL)
    failed = report_failure_row (photograph->name,
                                 photograph->failure != NULL
                                   ? photograph->failure
                                   : "Its record was lost: survey it again.");
  csv_append (text, (const gchar *const *) (record != NULL ? record->row
                                                           : failed));
}

typedef void (*AppendRows) (const Tables           *tables,
                            const SurveyPhotograph *photograph,
                            GString                *text);

static gboolean
write_table (const Tables       *tables,
             const gchar        *name,
             const gchar *const *header,
             AppendRows          append_rows,
             GError            **error)
{
  g_autoptr (GFile)   file = g_file_get_child (tables->wishes->results, name);
  g_autoptr (GString) text = g_string_new (NULL);

  csv_append (text, header);
  if (!append_others (tables, file, header, text, error))
    return FALSE;
  for (guint i = 0; i < tables->plan->len; i++)
    append_rows (tables, g_ptr_array_index (tables->plan, i), text);

  return file_replace_text (file, text->str, text->len, error);
}

gboolean
survey_tables_check (const SurveyWishes *wishes, GError **error)
{
  const struct
  {
    const gchar        *name;
    const gchar *const *header; /* NULL: the report */
  } files[] = { { REPORT_LESIONS_NAME, report_lesion_columns },
                { REPORT_PHOTOGRAPHS_NAME, report_photograph_columns },
                { REPORT_HTML_NAME, NULL } };

  for (gsize i = 0; i < G_N_ELEMENTS (files) && !wishes->overwrite; i++)
    {
      g_autoptr (GFile) file = g_file_get_child (wishes->results,
                                                 files[i].name);

      if (g_file_query_exists (file, NULL)
          && !(files[i].header != NULL ? csv_is_ours (file, files[i].header)
                                       : report_html_is_ours (file)))
        return report_refuse_foreign (file, error);
    }

  return TRUE;
}

gboolean
survey_tables_write (const SurveyWishes *wishes,
                     GPtrArray          *plan,
                     GError            **error)
{
  const Tables           tables = { wishes, plan };
  g_autoptr (GFile)      any = g_file_get_child (wishes->results,
                                                 REPORT_PHOTOGRAPHS_NAME);
  /* A report of another procedure may go into the same folder. */
  g_autoptr (FolderLock) lock = folder_lock_take (any);

  return write_table (&tables, REPORT_LESIONS_NAME, report_lesion_columns,
                      append_lesions, error)
         && write_table (&tables, REPORT_PHOTOGRAPHS_NAME,
                         report_photograph_columns, append_photograph, error)
         && report_html_write (wishes->results, plan, error);
}
