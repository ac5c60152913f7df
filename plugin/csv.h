/* Tables as comma-separated values (RFC 4180) that are merged, not overwritten
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_CSV_H
#define POCKMARK_CSV_H

#include <gio/gio.h>

/* The records of a text, each a GStrv, with the separator between the fields;
 * quotes are undone.  Any text is some table. */
GPtrArray *csv_records (const gchar *text, gsize length, gchar separator);

/* Appends a record and its line end, with quotes where they are needed. */
void       csv_append  (GString *text, const gchar *const *fields);

/* A table of this program in memory. */
typedef struct
{
  GFile              *file;
  const gchar *const *header; /* NULL-terminated, not owned */
  GPtrArray          *rows;   /* of GStrv, each as long as the header */
} CsvTable;

/* Reads file; a file that is not there is an empty table.  NULL with
 * GIMP_PLUG_IN_ERROR where the file is not local, or is no table with this
 * header: it would be somebody else's. */
CsvTable *csv_table_load (GFile              *file,
                          const gchar *const *header,
                          GError            **error);

/* Reads the rows anew: another process may have written the file since.  FALSE
 * with an error as of csv_table_load (). */
gboolean  csv_table_reload (CsvTable           *table,
                            GError            **error);

/* Whether csv_table_load () would read the file as one of our tables. */
gboolean csv_is_ours (GFile *file, const gchar *const *header);

/* The first row whose first field is key, NULL if none.  Not to be freed. */
GStrv csv_table_find (const CsvTable *table, const gchar *key);

/* Puts rows (of GStrv, taken) where the rows of key stood, else at the end.
 * The rows of other keys stay in their order. */
void csv_table_replace (CsvTable *table, const gchar *key, GPtrArray *rows);

/* Writes a temporary file and renames it. */
gboolean csv_table_save (const CsvTable *table, GError **error);

void csv_table_free (CsvTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CsvTable, csv_table_free)

/* value in the C locale with a printf format for one double; an empty string
 * where it is not finite.  To be freed. */
gchar *csv_number (const gchar *format, gdouble value);

#endif
