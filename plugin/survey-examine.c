/* One photograph of a survey, from its file to its results
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "annotation.h"
#include "class-picture.h"
#include "file-replace.h"
#include "geojson.h"
#include "open-photograph.h"
#include "png.h"
#include "report-html.h"
#include "session.h"
#include "survey-examine.h"
#include "survey-pictures.h"
#include "survey-record.h"
#include "survey-scales.h"

/* The longer sides of the pictures in the report, in pixels. */
#define REPORT_SIDE 900
#define REPORT_SMALL_SIDE 240

static const gboolean everything[POCKMARK_N_CLASSES] = { FALSE, TRUE, TRUE,
                                                         TRUE, TRUE };

/* What is examined. */
typedef struct
{
  const SurveyWishes     *wishes;
  const SurveyPhotograph *photograph;
  const gchar            *source;   /* as of survey_record_source () */
  const gchar            *content;  /* as of survey_record_content () */
  const Progress         *progress;
} Examination;

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

/* A layered image is the user's as soon as it was changed. */
static gboolean
owns_xcf (GFile *file, gpointer user_data)
{
  const SurveyRecord *record = user_data;
  g_autofree gchar   *sum = survey_record_content (file);

  return record != NULL && sum != NULL
         && g_strv_contains ((const gchar *const *) record->sums, sum);
}

static gboolean
add_outputs (const Examination *examination,
             Outputs           *outputs,
             Places            *places,
             GError           **error)
{
  g_autoptr (SurveyRecord) record =
    survey_record_load (examination->wishes->results, examination->photograph);
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
    { &places->xcf, ".xcf", owns_xcf, examination->wishes->save_xcf },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (wanted[i].wished)
      {
        g_autofree gchar *name = g_strconcat (examination->photograph->stem,
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
resolve_scale (const Examination *examination,
               GimpImage         *image,
               SkinScale         *scale,
               GError           **error)
{
  gdouble told = examination->photograph->scale;

  if (!skin_scale_resolve (scale, image,
                           told > 0.0 ? told
                                      : examination->wishes->pixels_per_mm,
                           error))
    return FALSE;

  if (told > 0.0)
    {
      g_free (scale->source);
      scale->source = g_strdup (SURVEY_SCALES_NAME);
    }
  return TRUE;
}

static gboolean
write_pictures (const Examination        *examination,
                const Account            *account,
                const Findings           *findings,
                const PockmarkParameters *wanted,
                const Places             *places,
                const Progress           *progress,
                GError                  **error)
{
  GFile            *results = examination->wishes->results;
  const gchar      *stem = examination->photograph->stem;
  g_autoptr (GFile) large = report_html_picture (results, stem, FALSE);
  g_autoptr (GFile) small = report_html_picture (results, stem, TRUE);
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
examine_layer (const Examination *examination,
               Input             *input,
               Outputs           *outputs,
               const Places      *places,
               GError           **error)
{
  const SurveyWishes      *wishes = examination->wishes;
  const Progress          *progress = examination->progress;
  g_auto (SkinScale)       scale = { 0.0, NULL };
  g_autoptr (PockmarkSkin) skin = NULL;
  g_autoptr (Findings)     findings = NULL;
  g_autofree gchar        *parameters = NULL;
  g_autofree gchar        *asked =
    survey_examine_wishes (wishes, examination->photograph);
  g_autofree gchar        *sum = NULL;
  Progress                 drawing = progress_part (progress, 0.7, 1.0);
  PockmarkParameters       wanted;
  Account                  account;

  if (!resolve_scale (examination, input->image, &scale, error)
      || !input_read (input, error))
    return FALSE;

  session_parameters (&wanted, input, &scale);
  wanted.sensitivity = wishes->sensitivity;
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
      || !write_pictures (examination, &account, findings, &wanted, places,
                          &drawing, error)
      || (places->xcf != NULL
          && !write_xcf (input, findings, &account, places->xcf, error)))
    return FALSE;

  sum = places->xcf != NULL ? survey_record_content (places->xcf) : NULL;
  return survey_record_commit (wishes->results, examination->photograph, asked,
                               examination->source, examination->content,
                               &account, outputs, sum, error);
}

/* ---- What others see ---------------------------------------------------- */

gchar *
survey_examine_wishes (const SurveyWishes     *wishes,
                       const SurveyPhotograph *photograph)
{
  g_autofree gchar *sensitivity = csv_number ("%.17g", wishes->sensitivity);
  g_autofree gchar *argument = csv_number ("%.17g", wishes->pixels_per_mm);
  g_autofree gchar *table = csv_number ("%.17g", photograph->scale);

  return g_strdup_printf ("version=%s;sensitivity=%s;pixels-per-mm=%s;"
                          "%s=%s;xcf=%s",
                          POCKMARK_VERSION, sensitivity, argument,
                          SURVEY_SCALES_NAME, table,
                          wishes->save_xcf ? "yes" : "no");
}

gboolean
survey_examine (const SurveyWishes     *wishes,
                const SurveyPhotograph *photograph,
                const gchar            *source,
                const Progress         *progress,
                GError                **error)
{
  g_autofree gchar   *content = survey_record_content (photograph->file);
  const Examination   examination = { wishes, photograph, source, content,
                                      progress };
  g_autoptr (Outputs) outputs = outputs_new (wishes->results,
                                             wishes->overwrite);
  g_autoptr (Input)   input = NULL;
  Places              places = { NULL, NULL, NULL, NULL, NULL };
  GimpLayer          *layer = NULL;
  GimpImage          *image;
  gboolean            examined;

  if (!add_outputs (&examination, outputs, &places, error))
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
             && examine_layer (&examination, input, outputs, &places, error);
  /* Whatever came of it: memory stays flat however many there are. */
  gimp_image_delete (image);

  return examined;
}
