/* Tables as comma-separated values (RFC 4180) that are merged, not overwritten
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "csv.h"
#include "file-replace.h"
#include "pockmark.h"

/* Larger tables were not written by a survey. */
#define CSV_MAX_BYTES ((gsize) 1 << 30)

/* Reads one field at *at, up to its separator or line end; quotes are undone,
 * also where people put blanks before them. */
static gchar *
parse_field (const gchar **at, const gchar *end, gchar separator)
{
  GString     *field = g_string_new (NULL);
  const gchar *start = *at;
  gboolean     quoted;

  while (start < end && *start == ' ')
    start++;
  quoted = start < end && *start == '"';
  if (quoted)
    *at = start + 1;

  for (; *at < end; (*at)++)
    {
      gchar c = **at;

      if (quoted && c == '"')
        {
          if (*at + 1 < end && (*at)[1] == '"')
            (*at)++;
          else
            {
              quoted = FALSE;
              continue;
            }
        }
      else if (!quoted && (c == separator || c == '\r' || c == '\n'))
        break;
      g_string_append_c (field, c);
    }

  return g_string_free (field, FALSE);
}

/* Reads one record and its line end. */
static GStrv
parse_record (const gchar **at, const gchar *end, gchar separator)
{
  g_autoptr (GStrvBuilder) fields = g_strv_builder_new ();
  gboolean                 more = TRUE;

  while (more)
    {
      g_autofree gchar *field = parse_field (at, end, separator);

      g_strv_builder_add (fields, field);
      more = *at < end && **at == separator;
      if (more)
        (*at)++;
    }

  if (*at < end && **at == '\r')
    (*at)++;
  if (*at < end && **at == '\n')
    (*at)++;

  return g_strv_builder_end (fields);
}

void
csv_append (GString *text, const gchar *const *fields)
{
  for (gsize i = 0; fields[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');

      if (strpbrk (fields[i], ",\"\r\n") == NULL)
        {
          g_string_append (text, fields[i]);
          continue;
        }

      g_string_append_c (text, '"');
      for (const gchar *c = fields[i]; *c != '\0'; c++)
        {
          if (*c == '"')
            g_string_append_c (text, '"');
          g_string_append_c (text, *c);
        }
      g_string_append_c (text, '"');
    }
  g_string_append (text, "\r\n");
}

GPtrArray *
csv_records (const gchar *text, gsize length, gchar separator)
{
  GPtrArray   *records =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  const gchar *at = text;

  while (at < text + length)
    g_ptr_array_add (records, parse_record (&at, text + length, separator));

  return records;
}

/* Fills the table from text; FALSE where it is not one of ours. */
static gboolean
parse_table (CsvTable *table, const gchar *text, gsize length)
{
  guint columns = g_strv_length ((GStrv) table->header);

  if (length > CSV_MAX_BYTES || memchr (text, '\0', length) != NULL)
    return FALSE;

  g_ptr_array_unref (table->rows);
  table->rows = csv_records (text, length, ',');
  if (table->rows->len == 0
      || !g_strv_equal (g_ptr_array_index (table->rows, 0), table->header))
    return FALSE;

  g_ptr_array_remove_index (table->rows, 0);
  for (guint i = 0; i < table->rows->len; i++)
    if (g_strv_length (g_ptr_array_index (table->rows, i)) != columns)
      return FALSE;

  return TRUE;
}

gboolean
csv_table_reload (CsvTable *table, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree gchar  *text = NULL;
  const gchar       *path = g_file_peek_path (table->file);
  gsize              length = 0;

  g_ptr_array_set_size (table->rows, 0);
  if (!g_file_get_contents (path, &text, &length, &failure))
    {
      if (g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;

      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  if (!parse_table (table, text, length))
    {
      g_autofree gchar *name = g_filename_display_name (path);

      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("\"%s\" is not a table that Pockmark wrote with these "
                     "columns: choose another file for the report, so that "
                     "nothing is lost."), name);
      return FALSE;
    }

  return TRUE;
}

CsvTable *
csv_table_load (GFile *file, const gchar *const *header, GError **error)
{
  g_autoptr (CsvTable) table = g_new0 (CsvTable, 1);

  table->file = g_object_ref (file);
  table->header = header;
  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  if (g_file_peek_path (file) == NULL)
    {
      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("Tables can only be written to a local folder: choose "
                     "another place for the report."));
      return NULL;
    }

  return csv_table_reload (table, error) ? g_steal_pointer (&table) : NULL;
}

gboolean
csv_is_ours (GFile *file, const gchar *const *header)
{
  g_autoptr (CsvTable) table = csv_table_load (file, header, NULL);

  return table != NULL;
}

GStrv
csv_table_find (const CsvTable *table, const gchar *key)
{
  for (guint i = 0; i < table->rows->len; i++)
    {
      GStrv row = g_ptr_array_index (table->rows, i);

      if (g_str_equal (row[0], key))
        return row;
    }

  return NULL;
}

void
csv_table_replace (CsvTable *table, const gchar *key, GPtrArray *rows)
{
  GPtrArray *merged =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  gboolean   placed = FALSE;

  for (guint i = 0; i < table->rows->len; i++)
    {
      GStrv row = g_ptr_array_index (table->rows, i);

      if (!g_str_equal (row[0], key))
        {
          g_ptr_array_add (merged, g_strdupv (row));
          continue;
        }
      for (guint j = 0; j < rows->len && !placed; j++)
        g_ptr_array_add (merged, g_strdupv (g_ptr_array_index (rows, j)));
      placed = TRUE;
    }
  for (guint j = 0; j < rows->len && !placed; j++)
    g_ptr_array_add (merged, g_strdupv (g_ptr_array_index (rows, j)));

  g_ptr_array_unref (rows);
  g_ptr_array_unref (table->rows);
  table->rows = merged;
}

gboolean
csv_table_save (const CsvTable *table, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  csv_append (text, table->header);
  for (guint i = 0; i < table->rows->len; i++)
    csv_append (text, g_ptr_array_index (table->rows, i));

  return file_replace_text (table->file, text->str, text->len, error);
}

void
csv_table_free (CsvTable *table)
{
  g_clear_object (&table->file);
  g_clear_pointer (&table->rows, g_ptr_array_unref);
  g_free (table);
}

gchar *
csv_number (const gchar *format, gdouble value)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    return g_strdup ("");

  /* "-0.00" is no figure. */
  g_ascii_formatd (text, sizeof text, format, value);
  if (strspn (text, "-0.") == strlen (text) && text[0] == '-')
    return g_strdup (text + 1);

  return g_strdup (text);
}
