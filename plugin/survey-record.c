/* What a survey remembers of a photograph that is done
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "file-replace.h"
#include "report-html.h"
#include "survey-record.h"

/* Bytes of a file that are read at once. */
#define CONTENT_BLOCK (1 << 16)

/* ---- Reading ------------------------------------------------------------ */

static GFile *
record_file (GFile *results, const SurveyPhotograph *photograph)
{
  g_autoptr (GFile) hidden = g_file_get_child (results, OUTPUTS_HIDDEN);
  g_autofree gchar *name = g_strconcat (photograph->stem, ".json", NULL);

  return g_file_get_child (hidden, name);
}

gchar *
survey_record_source (GFile *photograph)
{
  g_autoptr (GFileInfo) info = NULL;

  info = g_file_query_info (photograph,
                            G_FILE_ATTRIBUTE_STANDARD_SIZE
                            "," G_FILE_ATTRIBUTE_TIME_MODIFIED
                            "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC,
                            G_FILE_QUERY_INFO_NONE, NULL, NULL);
  if (info == NULL)
    return NULL;

  return g_strdup_printf (
    "%" G_GOFFSET_FORMAT " %" G_GUINT64_FORMAT ".%06u",
    g_file_info_get_size (info),
    g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED),
    g_file_info_get_attribute_uint32 (info,
                                      G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC));
}

gchar *
survey_record_content (GFile *file)
{
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GChecksum)        sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guchar           *block = g_malloc (CONTENT_BLOCK);
  gssize                       length;

  /* A pipe may never end. */
  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL)
      == G_FILE_TYPE_REGULAR)
    stream = g_file_read (file, NULL, NULL);
  if (stream == NULL)
    return NULL;

  while ((length = g_input_stream_read (G_INPUT_STREAM (stream), block,
                                        CONTENT_BLOCK, NULL, NULL)) > 0)
    g_checksum_update (sum, block, length);

  return length == 0 ? g_strdup (g_checksum_get_string (sum)) : NULL;
}

/* The record's members; NULL where there is no record of this photograph. */
static JsonParser *
parse (GFile *results, const SurveyPhotograph *photograph)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GFile)      file = record_file (results, photograph);
  JsonNode              *root;

  if (!json_parser_load_from_file (parser, g_file_peek_path (file), NULL))
    return NULL;

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)
      || g_strcmp0 (json_object_get_string_member_with_default (
                      json_node_get_object (root), "photograph", NULL),
                    photograph->name) != 0)
    return NULL;

  return g_steal_pointer (&parser);
}

/* An array of texts; NULL where there is none of the length (0: any). */
static GStrv
get_texts (JsonNode *node, guint length)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  JsonArray               *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;

  array = json_node_get_array (node);
  if (length > 0 && json_array_get_length (array) != length)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const gchar *text =
        json_node_get_string (json_array_get_element (array, i));

      if (text == NULL)
        return NULL;
      g_strv_builder_add (texts, text);
    }

  return g_strv_builder_end (texts);
}

/* Fills numbers; FALSE where there are not n of them. */
static gboolean
get_numbers (JsonObject *object, const gchar *name, guint n, gdouble *numbers)
{
  JsonNode  *node = json_object_get_member (object, name);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;

  array = json_node_get_array (node);
  if (json_array_get_length (array) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    numbers[i] = json_node_get_double (json_array_get_element (array, i));

  return TRUE;
}

static gboolean
get_lesions (SurveyRecord *record, JsonObject *object)
{
  JsonNode  *node = json_object_get_member (object, "lesions");
  guint      columns = g_strv_length ((GStrv) report_lesion_columns);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      GStrv row = get_texts (json_array_get_element (array, i), columns);

      if (row == NULL)
        return FALSE;
      g_ptr_array_add (record->lesions, row);
    }

  return TRUE;
}

SurveyRecord *
survey_record_load (GFile *results, const SurveyPhotograph *photograph)
{
  g_autoptr (JsonParser)   parser = parse (results, photograph);
  g_autoptr (SurveyRecord) record = g_new0 (SurveyRecord, 1);
  gdouble                  terms[3 * POCKMARK_N_ECCA];
  JsonObject              *object;

  record->lesions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  if (parser == NULL)
    return NULL;

  object = json_node_get_object (json_parser_get_root (parser));
  record->row = get_texts (json_object_get_member (object, "row"),
                           REPORT_N_COLUMNS);
  record->sums = get_texts (json_object_get_member (object, "sums"), 0);
  if (record->row == NULL || record->sums == NULL
      || !get_lesions (record, object)
      || !get_numbers (object, "ecca", G_N_ELEMENTS (terms), terms)
      || !get_numbers (object, "redness", SURVEY_REDNESS_BINS,
                       record->redness))
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    if (!(terms[i] >= 0.0 && terms[i] <= G_MAXINT))
      return NULL;
  for (guint i = 0; i < POCKMARK_N_ECCA; i++)
    record->terms[i] = (PockmarkEccaTerm) { terms[3 * i], terms[3 * i + 1],
                                            terms[3 * i + 2] };

  return g_steal_pointer (&record);
}

void
survey_record_free (SurveyRecord *record)
{
  g_clear_pointer (&record->lesions, g_ptr_array_unref);
  g_strfreev (record->row);
  g_strfreev (record->sums);
  g_free (record);
}

/* Whether every file is there at the size that the record tells. */
static gboolean
has_files (GFile *results, JsonObject *files)
{
  g_autoptr (GList) names = json_object_get_members (files);

  for (GList *i = names; i != NULL; i = i->next)
    {
      g_autoptr (GFile) file = g_file_get_child (results, i->data);
      GStatBuf          status;

      if (g_stat (g_file_peek_path (file), &status) != 0
          || status.st_size != json_object_get_int_member (files, i->data))
        return FALSE;
    }

  return TRUE;
}

static gboolean
has_text (JsonObject *object, const gchar *name, const gchar *text)
{
  return text != NULL
         && g_strcmp0 (json_object_get_string_member_with_default (
                         object, name, NULL), text) == 0;
}

static gboolean
is_same_file (JsonObject  *object,
              GFile       *photograph,
              const gchar *source)
{
  g_autofree gchar *content = NULL;

  if (has_text (object, "source", source))
    return TRUE;

  content = survey_record_content (photograph);
  return has_text (object, "content", content);
}

gboolean
survey_record_is_done (GFile                  *results,
                       const SurveyPhotograph *photograph,
                       const gchar            *wishes,
                       const gchar            *source)
{
  g_autoptr (JsonParser)   parser = parse (results, photograph);
  g_autoptr (SurveyRecord) record = NULL;
  JsonObject              *object;
  JsonNode                *files;

  if (parser == NULL)
    return FALSE;

  object = json_node_get_object (json_parser_get_root (parser));
  files = json_object_get_member (object, "files");
  if (!json_object_get_boolean_member_with_default (object, "done", FALSE)
      || !has_text (object, "wishes", wishes)
      || files == NULL || !JSON_NODE_HOLDS_OBJECT (files)
      || !has_files (results, json_node_get_object (files))
      || !is_same_file (object, photograph->file, source))
    return FALSE;

  record = survey_record_load (results, photograph);
  return record != NULL;
}

/* ---- Writing ------------------------------------------------------------ */

static void
add_text (JsonBuilder *json, const gchar *name, const gchar *text)
{
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, text);
}

static void
add_texts (JsonBuilder *json, GStrv texts)
{
  json_builder_begin_array (json);
  for (gsize i = 0; texts[i] != NULL; i++)
    json_builder_add_string_value (json, texts[i]);
  json_builder_end_array (json);
}

static void
add_rows (JsonBuilder *json, const Account *account)
{
  g_auto (GStrv)        row = report_photograph_row (account, NULL);
  g_autoptr (GPtrArray) lesions = report_lesion_rows (account);

  json_builder_set_member_name (json, "row");
  add_texts (json, row);
  json_builder_set_member_name (json, "lesions");
  json_builder_begin_array (json);
  for (guint i = 0; i < lesions->len; i++)
    add_texts (json, g_ptr_array_index (lesions, i));
  json_builder_end_array (json);
}

static void
add_figures (JsonBuilder *json, const Account *account)
{
  gdouble redness[SURVEY_REDNESS_BINS];

  json_builder_set_member_name (json, "ecca");
  json_builder_begin_array (json);
  for (guint i = 0; i < POCKMARK_N_ECCA; i++)
    {
      const PockmarkEccaTerm *term = &account->grade->ecca_terms[i];

      json_builder_add_double_value (json, term->count);
      json_builder_add_double_value (json, term->weight);
      json_builder_add_double_value (json, term->grade);
    }
  json_builder_end_array (json);

  pockmark_skin_histogram (account->skin, SURVEY_REDNESS_MIN,
                           SURVEY_REDNESS_MAX, SURVEY_REDNESS_BINS, redness);
  json_builder_set_member_name (json, "redness");
  json_builder_begin_array (json);
  for (guint i = 0; i < SURVEY_REDNESS_BINS; i++)
    json_builder_add_double_value (json, redness[i]);
  json_builder_end_array (json);
}

static void
add_file (const gchar *name, goffset size, gpointer user_data)
{
  json_builder_set_member_name (user_data, name);
  json_builder_add_int_value (user_data, size);
}

/* The report's pictures are there before the record is. */
static void
add_pictures (JsonBuilder *json, GFile *results, const gchar *stem)
{
  for (guint small = 0; small <= 1; small++)
    {
      g_autoptr (GFile) picture = report_html_picture (results, stem, small);
      g_autofree gchar *name = g_file_get_relative_path (results, picture);
      GStatBuf          status;

      if (g_stat (g_file_peek_path (picture), &status) == 0)
        add_file (name, status.st_size, json);
    }
}

typedef struct
{
  const SurveyPhotograph *photograph;
  const gchar            *wishes;
  const gchar            *source;
  const gchar            *content;
  const Account          *account;
  Outputs                *outputs;
  GStrv                   sums;
  gboolean                done;
} Entry;

static gboolean
write_entry (GFile *results, const Entry *entry, GError **error)
{
  g_autoptr (JsonBuilder)   json = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode)      root = NULL;
  g_autoptr (GFile)         file = record_file (results, entry->photograph);
  g_autofree gchar         *text = NULL;
  gsize                     length;

  json_builder_begin_object (json);
  add_text (json, "photograph", entry->photograph->name);
  add_text (json, "wishes", entry->wishes);
  add_text (json, "source", entry->source);
  add_text (json, "content", entry->content);
  json_builder_set_member_name (json, "done");
  json_builder_add_boolean_value (json, entry->done);
  json_builder_set_member_name (json, "files");
  json_builder_begin_object (json);
  outputs_each (entry->outputs, add_file, json);
  add_pictures (json, results, entry->photograph->stem);
  json_builder_end_object (json);
  json_builder_set_member_name (json, "sums");
  add_texts (json, entry->sums);
  add_rows (json, entry->account);
  add_figures (json, entry->account);
  json_builder_end_object (json);

  root = json_builder_get_root (json);
  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, &length);
  return file_replace_text (file, text, length, error);
}

/* The old image's sums and the new one's: until all is in its place, either
 * may be the one that is there. */
static GStrv
gather_sums (GFile                  *results,
             const SurveyPhotograph *photograph,
             const gchar            *sum)
{
  g_autoptr (GStrvBuilder) sums = g_strv_builder_new ();
  g_autoptr (SurveyRecord) old = survey_record_load (results, photograph);

  if (old != NULL)
    g_strv_builder_addv (sums, (const gchar **) old->sums);
  if (sum != NULL)
    g_strv_builder_add (sums, sum);

  return g_strv_builder_end (sums);
}

gboolean
survey_record_commit (GFile                  *results,
                      const SurveyPhotograph *photograph,
                      const gchar            *wishes,
                      const gchar            *source,
                      const gchar            *content,
                      const Account          *account,
                      Outputs                *outputs,
                      const gchar            *sum,
                      GError                **error)
{
  g_auto (GStrv) both = gather_sums (results, photograph, sum);
  gchar         *last[] = { (gchar *) sum, NULL };
  Entry          entry = { photograph, wishes, source, content, account,
                           outputs, both, FALSE };

  if (!write_entry (results, &entry, error)
      || !outputs_commit (outputs, error))
    return FALSE;

  entry.done = TRUE;
  if (sum != NULL)
    entry.sums = last;
  return write_entry (results, &entry, error);
}
