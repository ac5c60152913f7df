/* scales.csv: the scale of each photograph in a folder
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "csv.h"
#include "skin-scale.h"
#include "survey-scales.h"

#define PHOTOGRAPH_COLUMN "Photograph"
#define SCALE_COLUMN "Pixels per mm"

/* What spreadsheets put before UTF-8. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct _SurveyScales
{
  GHashTable  *texts;   /* photograph to the text of its number */
  const gchar *failure; /* NULL, or what is wrong with all of it */
};

/* Spreadsheets put semicolons, and commas into numbers, where people write
 * numbers so.  Whatever of these the first line has first, it is. */
static gchar
find_separator (const gchar *text)
{
  gsize at = strcspn (text, ",;\t\r\n");

  return text[at] == ';' || text[at] == '\t' ? text[at] : ',';
}

/* With a decimal point.  To be freed. */
static gchar *
number_text (const gchar *text, gchar separator)
{
  gchar *number = g_strstrip (g_strdup (text));

  return separator != ',' ? g_strdelimit (number, ",", '.') : number;
}

static gint
find_column (GStrv header, const gchar *name)
{
  for (gint i = 0; header[i] != NULL; i++)
    if (g_ascii_strcasecmp (g_strstrip (header[i]), name) == 0)
      return i;

  return -1;
}

/* NULL, or what is wrong. */
static const gchar *
read_table (SurveyScales *scales, const gchar *text, gsize length)
{
  g_autoptr (GPtrArray) records = NULL;
  gchar                 separator;
  gint                  photograph;
  gint                  number;

  if (!g_utf8_validate (text, length, NULL))
    return _("The table scales.csv is not UTF-8: save it as such.");
  if (g_str_has_prefix (text, BYTE_ORDER_MARK))
    {
      text += strlen (BYTE_ORDER_MARK);
      length -= strlen (BYTE_ORDER_MARK);
    }

  separator = find_separator (text);
  records = csv_records (text, length, separator);
  photograph = records->len == 0
                 ? -1
                 : find_column (g_ptr_array_index (records, 0),
                                PHOTOGRAPH_COLUMN);
  number = photograph < 0 ? -1
                          : find_column (g_ptr_array_index (records, 0),
                                         SCALE_COLUMN);
  if (number < 0)
    return _("The first line of scales.csv must name the columns Photograph "
             "and Pixels per mm, with a comma between them.");

  for (guint i = 1; i < records->len; i++)
    {
      GStrv row = g_ptr_array_index (records, i);

      if ((gint) g_strv_length (row) > MAX (photograph, number))
        g_hash_table_replace (scales->texts,
                              g_strdup (g_strstrip (row[photograph])),
                              number_text (row[number], separator));
    }

  return NULL;
}

static SurveyScales *
scales_new (void)
{
  SurveyScales *scales = g_new0 (SurveyScales, 1);

  scales->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         g_free);

  return scales;
}

SurveyScales *
survey_scales_read (const gchar *text, gsize length)
{
  SurveyScales *scales = scales_new ();

  scales->failure = read_table (scales, text, length);

  return scales;
}

SurveyScales *
survey_scales_load (GFile *folder)
{
  g_autoptr (GFile)  file = g_file_get_child (folder, SURVEY_SCALES_NAME);
  g_autoptr (GError) error = NULL;
  g_autofree gchar  *text = NULL;
  SurveyScales      *scales;
  gsize              length;

  if (g_file_get_contents (g_file_peek_path (file), &text, &length, &error))
    return survey_scales_read (text, length);

  scales = scales_new ();
  if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    scales->failure = _("The table scales.csv cannot be read.");

  return scales;
}

gboolean
survey_scales_find (SurveyScales *scales,
                    const gchar  *photograph,
                    gdouble      *pixels_per_mm,
                    GError      **error)
{
  g_autofree gchar *name = g_strstrip (g_strdup (photograph));
  const gchar      *text = g_hash_table_lookup (scales->texts, name);
  gchar            *end;

  *pixels_per_mm = 0.0;
  if (scales->failure != NULL)
    {
      g_set_error_literal (error, GIMP_PLUG_IN_ERROR, 0, scales->failure);
      return FALSE;
    }
  if (text == NULL || *text == '\0')
    return TRUE;

  *pixels_per_mm = g_ascii_strtod (text, &end);
  if (*end == '\0' && skin_scale_is_possible (*pixels_per_mm))
    return TRUE;

  g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
               _("\"%s\" in scales.csv is no scale: write a number from %g to "
                 "%g with a decimal point, or nothing."),
               text, SKIN_SCALE_MIN, SKIN_SCALE_MAX);
  return FALSE;
}

void
survey_scales_free (SurveyScales *scales)
{
  g_hash_table_unref (scales->texts);
  g_free (scales);
}
