/* A survey: every photograph of a folder, one after the other
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <locale.h>
#include <string.h>

#include "annotation.h"
#include "class-picture.h"
#include "file-replace.h"
#include "geojson.h"
#include "graph.h"
#include "open-photograph.h"
#include "png.h"
#include "report-html.h"
#include "session.h"
#include "survey.h"
#include "survey-lock.h"
#include "survey-pictures.h"
#include "survey-progress.h"
#include "survey-record.h"
#include "survey-scales.h"

/* The longer sides of the pictures in the report, in pixels. */
#define REPORT_SIDE 900
#define REPORT_SMALL_SIDE 240

static const gboolean everything[POCKMARK_N_CLASSES] = { FALSE, TRUE, TRUE,
                                                         TRUE, TRUE };

typedef struct
{
  const SurveyWishes *wishes;
  GPtrArray          *plan; /* of SurveyPhotograph */
  SurveyTotals       *totals;
  gint64              began;
  guint               examined; /* since then */
} Survey;

/* The files of one photograph, where to write them. */
typedef struct
{
  GFile *outlines;
  GFile *classes;
  GFile *annotated;
  GFile *redness;
  GFile *xcf; /* NULL: not wished for */
} Places;

/* ---- Files -------------------------------------------------------------- */

static gboolean
owns_png (GFile *file, gpointer user_data)
{
  return png_is_ours (file);
}

static gboolean
owns_geojson (GFile *file, gpointer user_data)
{
  return geojson_is_ours (file);
}

/* A checksum of the file, NULL where it cannot be read.  To be freed. */
static gchar *
checksum (GFile *file)
{
  g_autoptr (GMappedFile) mapped =
    g_mapped_file_new (g_file_peek_path (file), FALSE, NULL);

  return mapped == NULL
           ? NULL
           : g_compute_checksum_for_data (
               G_CHECKSUM_SHA256,
               (const guchar *) g_mapped_file_get_contents (mapped),
               g_mapped_file_get_length (mapped));
}

/* A layered image is the user's as soon as it was changed. */
static gboolean
owns_xcf (GFile *file, gpointer user_data)
{
  const SurveyRecord *record = user_data;
  g_autofree gchar   *sum = checksum (file);

  return record != NULL && sum != NULL
         && g_strv_contains ((const gchar *const *) record->sums, sum);
}

static gboolean
add_outputs (const Survey           *survey,
             const SurveyPhotograph *photograph,
             Outputs                *outputs,
             Places                 *places,
             GError                **error)
{
  g_autoptr (SurveyRecord) record =
    survey_record_load (survey->wishes->results, photograph);
  const struct
  {
    GFile       **place;
    const gchar  *ending;
    OutputsOwner  owner;
    gboolean      wished;
  } wanted[] = {
    { &places->outlines, ".lesions.geojson", owns_geojson, TRUE },
    { &places->classes, ".classes.png", owns_png, TRUE },
    { &places->annotated, ".annotated.png", owns_png, TRUE },
    { &places->redness, ".redness.png", owns_png, TRUE },
    { &places->xcf, ".xcf", owns_xcf, survey->wishes->save_xcf },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (wanted[i].wished)
      {
        g_autofree gchar *name = g_strconcat (photograph->stem,
                                              wanted[i].ending, NULL);

        *wanted[i].place = outputs_add (outputs, name, wanted[i].owner,
                                        record, error);
        if (*wanted[i].place == NULL)
          return FALSE;
      }

  return TRUE;
}

/* ---- One photograph ----------------------------------------------------- */

/* scales.csv knows best, then the argument, then the image itself. */
static gboolean
resolve_scale (const Survey           *survey,
               const SurveyPhotograph *photograph,
               GimpImage              *image,
               SkinScale              *scale,
               GError                **error)
{
  gdouble argument = photograph->scale > 0.0 ? photograph->scale
                                             : survey->wishes->pixels_per_mm;

  if (!skin_scale_resolve (scale, image, argument, error))
    return FALSE;

  if (photograph->scale > 0.0)
    {
      g_free (scale->source);
      scale->source = g_strdup (SURVEY_SCALES_NAME);
    }
  return TRUE;
}

/* All that a photograph's results depend on, beside its file. */
static gchar *
describe_wishes (const Survey *survey, const SurveyPhotograph *photograph)
{
  g_autofree gchar *sensitivity =
    csv_number ("%.17g", survey->wishes->sensitivity);
  g_autofree gchar *argument =
    csv_number ("%.17g", survey->wishes->pixels_per_mm);
  g_autofree gchar *table = csv_number ("%.17g", photograph->scale);

  return g_strdup_printf ("version=%s;sensitivity=%s;pixels-per-mm=%s;"
                          "%s=%s;xcf=%s",
                          POCKMARK_VERSION, sensitivity, argument,
                          SURVEY_SCALES_NAME, table,
                          survey->wishes->save_xcf ? "yes" : "no");
}

static gboolean
write_pictures (const Survey             *survey,
                const SurveyPhotograph   *photograph,
                const Account            *account,
                const Findings           *findings,
                const PockmarkParameters *wanted,
                const Places             *places,
                const Progress           *progress,
                GError                  **error)
{
  g_autoptr (GFile) large =
    report_html_picture (survey->wishes->results, photograph->stem, FALSE);
  g_autoptr (GFile) small =
    report_html_picture (survey->wishes->results, photograph->stem, TRUE);
  Progress          first = progress_part (progress, 0.0, 0.4);
  Progress          second = progress_part (progress, 0.4, 1.0);
  GeglBuffer       *picture;
  gboolean          written;

  picture = survey_picture_annotated (account, findings, &first, error);
  if (picture == NULL)
    return FALSE;
  written = png_write (places->annotated, picture, account->parameters, error)
            && survey_picture_reduce (picture, REPORT_SIDE, large, error)
            && survey_picture_reduce (picture, REPORT_SMALL_SIDE, small,
                                      error);
  g_object_unref (picture);
  if (!written)
    return FALSE;

  picture = survey_picture_redness (account, wanted, &second);
  written = png_write (places->redness, picture, account->parameters, error);
  g_object_unref (picture);

  return written;
}

static gboolean
write_xcf (const Input    *input,
           const Findings *findings,
           const Account  *account,
           GFile          *file,
           GError        **error)
{
  g_autoptr (Annotation) annotation = NULL;
  AnnotationWishes       all = { .make = ANNOTATION_FINDINGS };
  const AnnotationRecord record = { account->scale->pixels_per_mm,
                                    account->scale->source,
                                    account->parameters };
  Progress               progress = { 1.0, 1.0, NULL };

  memcpy (all.sought, everything, sizeof all.sought);
  annotation = annotation_of_findings (input, findings, &all,
                                       account->scale->pixels_per_mm,
                                       &progress, error);
  if (annotation == NULL)
    return FALSE;

  annotation_commit (annotation, &record);
  if (gimp_file_save (GIMP_RUN_NONINTERACTIVE, input->image, file, NULL))
    return TRUE;

  return file_replace_end (file, g_file_peek_path (file), FALSE, error);
}

static Findings *
find (GeglBuffer               *photograph,
      const PockmarkSkin       *skin,
      const PockmarkParameters *wanted,
      const Progress           *progress,
      GError                  **error)
{
  PockmarkMarks *marks;

  marks = findings_detect (photograph, wanted,
                           progress_part (progress, 0.2, 0.6), error);
  if (marks == NULL)
    return NULL;

  pockmark_marks_restrict (marks, everything);
  return findings_measure (photograph, skin, marks, wanted,
                           progress_part (progress, 0.6, 0.7), error);
}

/* Everything from the open image to the record. */
static gboolean
examine_layer (const Survey           *survey,
               const SurveyPhotograph *photograph,
               const gchar            *source,
               Input                  *input,
               Outputs                *outputs,
               const Places           *places,
               const Progress         *progress,
               GError                **error)
{
  g_auto (SkinScale)       scale = { 0.0, NULL };
  g_autoptr (PockmarkSkin) skin = NULL;
  g_autoptr (Findings)     findings = NULL;
  g_autofree gchar        *parameters = NULL;
  g_autofree gchar        *wishes = describe_wishes (survey, photograph);
  g_autofree gchar        *sum = NULL;
  Progress                 drawing = progress_part (progress, 0.7, 1.0);
  PockmarkParameters       wanted;
  Account                  account;

  if (!resolve_scale (survey, photograph, input->image, &scale, error)
      || !input_read (input, error))
    return FALSE;

  session_parameters (&wanted, input, &scale);
  wanted.sensitivity = survey->wishes->sensitivity;
  skin = findings_skin (input->photograph, &wanted,
                        progress_part (progress, 0.1, 0.2), error);
  if (skin == NULL)
    return FALSE;
  findings = find (input->photograph, skin, &wanted, progress, error);
  if (findings == NULL)
    return FALSE;

  parameters = report_parameters (input, &scale, wanted.sensitivity,
                                  everything);
  account = (Account) { input, &scale, skin, &findings->grade, findings->lesions,
                        findings->map, parameters };
  if (!geojson_write (places->outlines, &account, error)
      || !class_picture_write (places->classes, findings->map,
                               findings->lesions, parameters, error)
      || !write_pictures (survey, photograph, &account, findings, &wanted,
                          places, &drawing, error)
      || (places->xcf != NULL
          && !write_xcf (input, findings, &account, places->xcf, error)))
    return FALSE;

  sum = places->xcf != NULL ? checksum (places->xcf) : NULL;
  return survey_record_commit (survey->wishes->results, photograph, wishes,
                               source, &account, outputs, sum, error);
}

static gboolean
examine (const Survey           *survey,
         const SurveyPhotograph *photograph,
         const gchar            *source,
         const Progress         *progress,
         GError                **error)
{
  g_autoptr (Outputs) outputs = outputs_new (survey->wishes->results,
                                             survey->wishes->overwrite);
  g_autoptr (Input)   input = NULL;
  Places              places = { NULL, NULL, NULL, NULL, NULL };
  GimpLayer          *layer = NULL;
  GimpImage          *image;
  gboolean            examined;

  if (!add_outputs (survey, photograph, outputs, &places, error))
    return FALSE;
  image = open_photograph (photograph->file, &layer, error);
  if (image == NULL)
    return FALSE;

  input = input_new (image, (GimpDrawable *[]) { GIMP_DRAWABLE (layer), NULL },
                     error);
  if (input != NULL)
    {
      g_free (input->name);
      g_free (input->stem);
      input->name = g_strdup (photograph->name);
      input->stem = g_strdup (photograph->stem);
    }
  examined = input != NULL
             && examine_layer (survey, photograph, source, input, outputs,
                               &places, progress, error);
  /* Whatever came of it: memory stays flat however many there are. */
  gimp_image_delete (image);

  return examined;
}

/* ---- All of them -------------------------------------------------------- */

/* To be freed. */
static gchar *
describe_progress (const Survey *survey, guint i)
{
  const SurveyPhotograph *photograph = g_ptr_array_index (survey->plan, i);
  gdouble                 seconds = 1e-6 * (g_get_monotonic_time ()
                                            - survey->began);

  return survey_progress_text (photograph->name, i, survey->plan->len,
                               survey->wishes->parts,
                               survey->examined > 0
                                 ? seconds / survey->examined
                                 : 0.0);
}

static void
tell (const Survey *survey, const gchar *title, const gchar *failure)
{
  g_autofree gchar *line = NULL;

  if (!survey->wishes->tell)
    return;

  line = g_strconcat (title, failure != NULL ? ": " : NULL, failure, NULL);
  for (gchar *c = line; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  g_print ("Pockmark: %s\n", line);
}

/* Errors in tables are in one language, so that tables are the same in every
 * locale.  Returns what is to be handed back at the end. */
static gchar *
begin_plain_language (void)
{
  gchar *locale = g_strdup (setlocale (LC_MESSAGES, NULL));

  setlocale (LC_MESSAGES, "C");
  return locale;
}

static void
end_plain_language (gchar *locale)
{
  setlocale (LC_MESSAGES, locale);
  g_free (locale);
}

static void
examine_next (Survey *survey, guint i)
{
  SurveyPhotograph  *photograph = g_ptr_array_index (survey->plan, i);
  g_autofree gchar  *title = describe_progress (survey, i);
  g_autofree gchar  *source = NULL;
  g_autofree gchar  *wishes = NULL;
  g_autoptr (GError) error = NULL;
  gchar             *locale;
  gdouble            n = survey->plan->len;
  Progress           progress = { i / n, (i + 1) / n, title };

  progress_start (&progress, title);
  if (photograph->failure == NULL)
    {
      source = survey_record_source (photograph->file);
      wishes = describe_wishes (survey, photograph);
      if (survey->wishes->resume
          && survey_record_is_done (survey->wishes->results, photograph,
                                    wishes, source))
        return;

      locale = begin_plain_language ();
      if (!examine (survey, photograph, source, &progress, &error))
        photograph->failure = g_strdup (error->message);
      end_plain_language (locale);
      survey->examined++;
    }
  tell (survey, title, photograph->failure);
}

static void
count (Survey *survey, const SurveyPhotograph *photograph)
{
  g_autoptr (SurveyRecord) record = NULL;

  survey->totals->photographs++;
  if (photograph->failure != NULL)
    {
      survey->totals->failed++;
      return;
    }

  record = survey_record_load (survey->wishes->results, photograph);
  if (record != NULL)
    survey->totals->lesions += record->lesions->len;
}

/* ---- Tables ------------------------------------------------------------- */

/* The rows of photographs that this survey does not know stay, above. */
static gboolean
append_others (const Survey       *survey,
               GFile              *file,
               const gchar *const *header,
               GString            *text,
               GError            **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (CsvTable)   old = csv_table_load (file, header, NULL);

  if (old == NULL)
    return survey->wishes->overwrite || report_refuse_foreign (file, error);

  for (guint i = 0; i < survey->plan->len; i++)
    g_hash_table_add (known, ((SurveyPhotograph *) g_ptr_array_index (
                                survey->plan, i))->name);
  for (guint i = 0; i < old->rows->len; i++)
    {
      GStrv row = g_ptr_array_index (old->rows, i);

      if (!g_hash_table_contains (known, row[REPORT_PHOTOGRAPH]))
        csv_append (text, (const gchar *const *) row);
    }

  return TRUE;
}

static void
append_lesions (const Survey *survey, const SurveyPhotograph *photograph,
                GString *text)
{
  g_autoptr (SurveyRecord) record = NULL;

  if (photograph->failure != NULL)
    return;

  record = survey_record_load (survey->wishes->results, photograph);
  for (guint i = 0; record != NULL && i < record->lesions->len; i++)
    csv_append (text, g_ptr_array_index (record->lesions, i));
}

static void
append_photograph (const Survey *survey, const SurveyPhotograph *photograph,
                   GString *text)
{
  g_autoptr (SurveyRecord) record = NULL;
  g_auto (GStrv)           failed = NULL;

  if (photograph->failure == NULL)
    record = survey_record_load (survey->wishes->results, photograph);
  if (record == NULL)
    failed = report_failure_row (photograph->name,
                                 photograph->failure != NULL
                                   ? photograph->failure
                                   : "Its record was lost: survey it again.");
  csv_append (text, (const gchar *const *) (record != NULL ? record->row
                                                           : failed));
}

typedef void (*AppendRows) (const Survey           *survey,
                            const SurveyPhotograph *photograph,
                            GString                *text);

static gboolean
write_table (const Survey       *survey,
             const gchar        *name,
             const gchar *const *header,
             AppendRows          append_rows,
             GError            **error)
{
  g_autoptr (GFile)   file = g_file_get_child (survey->wishes->results, name);
  g_autoptr (GString) text = g_string_new (NULL);

  csv_append (text, header);
  if (!append_others (survey, file, header, text, error))
    return FALSE;
  for (guint i = 0; i < survey->plan->len; i++)
    append_rows (survey, g_ptr_array_index (survey->plan, i), text);

  return file_replace_text (file, text->str, text->len, error);
}

static gboolean
write_tables (const Survey *survey, GError **error)
{
  return write_table (survey, REPORT_LESIONS_NAME, report_lesion_columns,
                      append_lesions, error)
         && write_table (survey, REPORT_PHOTOGRAPHS_NAME,
                         report_photograph_columns, append_photograph, error)
         && report_html_write (survey->wishes->results, survey->plan, error);
}

/* ---- Before and after --------------------------------------------------- */

gboolean
survey_check (const SurveyWishes *wishes, GError **error)
{
  const gchar *sentence = NULL;

  if (wishes->folder == NULL
      && (wishes->photographs == NULL || wishes->photographs[0] == NULL))
    sentence = _("Choose the folder with the photographs.");
  else if (wishes->results == NULL)
    sentence = _("Choose the folder for the results.");
  else if ((wishes->folder != NULL && !g_file_peek_path (wishes->folder))
           || !g_file_peek_path (wishes->results))
    sentence = _("Both folders must be on this machine or mounted in it.");
  else if (wishes->part < 1 || wishes->part > wishes->parts)
    sentence = _("The part must be one of the parts: 1 is the first.");
  else if (wishes->pixels_per_mm != 0.0
           && !skin_scale_is_possible (wishes->pixels_per_mm))
    sentence = _("The skin scale makes no sense: give the number of pixels "
                 "that one millimetre takes, or 0 where it is not known.");

  if (sentence == NULL)
    return TRUE;

  g_set_error_literal (error, GIMP_PLUG_IN_ERROR, 0, sentence);
  return FALSE;
}

/* FALSE where something of another's is in the way of the tables. */
static gboolean
check_tables (const SurveyWishes *wishes, GError **error)
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
survey_run (const SurveyWishes *wishes, SurveyTotals *totals, GError **error)
{
  g_autoptr (GPtrArray)  plan = NULL;
  g_autoptr (SurveyLock) lock = NULL;
  Survey                 survey = { wishes, NULL, totals,
                                    g_get_monotonic_time (), 0 };
  gchar                 *locale;

  if (!graph_check (error))
    return FALSE;
  locale = begin_plain_language ();
  plan = wishes->folder != NULL
           ? survey_plan_folder (wishes->folder, wishes->results, error)
           : survey_plan_list (wishes->photographs, error);
  end_plain_language (locale);
  if (plan == NULL)
    return FALSE;
  lock = survey_lock_take (wishes->results, wishes->part, wishes->parts,
                           plan->len, error);
  if (lock == NULL || !check_tables (wishes, error))
    return FALSE;

  survey.plan = plan;
  gimp_progress_init (_("Survey Photographs"));
  for (guint i = wishes->part - 1; i < plan->len; i += wishes->parts)
    {
      examine_next (&survey, i);
      count (&survey, g_ptr_array_index (plan, i));
    }
  gimp_progress_end ();

  return wishes->parts > 1 || write_tables (&survey, error);
}
