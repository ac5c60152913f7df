/* The work on one photograph's findings, from pixels to tables
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "coverage.h"
#include "record.h"
#include "remembered.h"
#include "session.h"

/* Shares of the progress bar. */
static const Progress skin_part = { 0.0, 0.15, NULL };
static const Progress lesion_part = { 0.15, 0.6, NULL };
static const Progress measure_part = { 0.6, 0.8, NULL };
static const Progress draw_part = { 0.8, 1.0, NULL };

#define WORK "detection"
#define EDITED "edited"
#define SOURCE "scale-source"
#define SCALE "pixels-per-mm"

void
session_parameters (PockmarkParameters *wanted,
                    const Input        *input,
                    const SkinScale    *scale)
{
  pockmark_parameters_init (wanted);
  wanted->pixels_per_mm = scale->pixels_per_mm;
  /* What the user has selected by hand is not put in doubt. */
  wanted->whole_is_skin = input->region != NULL;
}

Session *
session_new (Input *input, gdouble pixels_per_mm, GError **error)
{
  g_autoptr (Session) session = g_new0 (Session, 1);

  session->input = input;
  if (!skin_scale_resolve (&session->scale, input->image, pixels_per_mm,
                           error))
    return NULL;

  session_parameters (&session->wanted, input, &session->scale);

  return g_steal_pointer (&session);
}

void
session_free (Session *session)
{
  g_clear_pointer (&session->input, input_free);
  skin_scale_clear (&session->scale);
  g_free (session->parameters);
  g_clear_pointer (&session->skin, pockmark_skin_free);
  g_clear_pointer (&session->findings, findings_free);
  g_clear_pointer (&session->remembered, g_bytes_unref);
  g_free (session);
}

gboolean
session_scale (Session *session, GError **error)
{
  skin_scale_clear (&session->scale);
  if (!skin_scale_resolve (&session->scale, session->input->image, 0.0,
                           error))
    return FALSE;

  session->wanted.pixels_per_mm = session->scale.pixels_per_mm;
  return TRUE;
}

gboolean
session_read (Session *session, GError **error)
{
  PockmarkSkin *skin;

  if (!input_read (session->input, error))
    return FALSE;

  skin = findings_skin (session->input->photograph, &session->wanted,
                        skin_part, error);
  if (skin == NULL)
    return FALSE;

  g_clear_pointer (&session->skin, pockmark_skin_free);
  session->skin = skin;
  return TRUE;
}

/* Takes marks. */
static gboolean
measure (Session *session, PockmarkMarks *marks, GError **error)
{
  Findings *findings;

  findings = findings_measure (session->input->photograph, session->skin,
                               marks, &session->wanted, measure_part, error);
  if (findings == NULL)
    return FALSE;

  g_clear_pointer (&session->findings, findings_free);
  session->findings = findings;
  return TRUE;
}

gboolean
session_detect (Session *session, const gboolean *sought, GError **error)
{
  GeglBuffer        *photograph = session->input->photograph;
  g_autofree gchar  *key = remembered_key (photograph, &session->wanted);
  PockmarkMarks     *marks = remembered_load (session->input->image, key);

  if (marks == NULL)
    {
      marks = findings_detect (photograph, &session->wanted, lesion_part,
                               error);
      if (marks == NULL)
        return FALSE;
      g_clear_pointer (&session->remembered, g_bytes_unref);
      session->remembered = remembered_pack (key, marks);
    }
  pockmark_marks_restrict (marks, sought);

  return measure (session, marks, error);
}

/* ---- Following the channels ---------------------------------------------- */

static gboolean
were_edited (const PockmarkMarks *before, const PockmarkMarks *after)
{
  if (before->marks->len != after->marks->len)
    return TRUE;

  for (guint i = 0; i < after->marks->len; i++)
    if (g_array_index (after->marks, PockmarkMark, i).edited)
      return TRUE;

  return FALSE;
}

/* What the detection was told, the scale's source as it is now, and whether
 * its findings have been edited. */
static gchar *
describe (const Session *session, gboolean edited)
{
  g_autofree gchar *before = record_get_work (session->input->image, WORK);
  g_auto (GStrv)    pairs = g_strsplit (before != NULL ? before : SOURCE "=",
                                        ";", -1);
  GString          *text = g_string_new (NULL);

  for (gsize i = 0; pairs[i] != NULL; i++)
    {
      if (g_str_has_prefix (pairs[i], EDITED "="))
        {
          edited = TRUE;
          continue;
        }
      if (i > 0)
        g_string_append_c (text, ';');
      if (g_str_has_prefix (pairs[i], SOURCE "="))
        g_string_append_printf (text, SOURCE "=%s",
                                skin_scale_word (&session->scale));
      else if (g_str_has_prefix (pairs[i], SCALE "="))
        report_add_scale (text, &session->scale);
      else
        g_string_append (text, pairs[i]);
    }
  if (edited)
    g_string_append (text, ";" EDITED "=yes");

  return g_string_free (text, FALSE);
}

Kept *
session_kept (const Input *input, GError **error)
{
  g_autoptr (Kept)   kept = kept_load (input->image);
  g_autoptr (GArray) anchors = annotation_anchors (input->image);
  GeglRectangle      extent = input_extent (input);

  if (kept == NULL)
    {
      kept = g_new0 (Kept, 1);
      kept->marks = pockmark_marks_new ();
    }
  else if (!kept_fit (kept, gimp_image_get_width (input->image),
                      gimp_image_get_height (input->image), &extent, anchors,
                      error))
    return NULL;

  return g_steal_pointer (&kept);
}

gboolean
session_find_channels (GimpImage    *image,
                       GimpChannel  *channels[POCKMARK_N_CLASSES],
                       GError      **error)
{
  if (annotation_find_channels (image, channels))
    return TRUE;

  g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
               _("There is nothing to measure: the image has no channel named "
                 "\"Pockmarks: crater\" or like another class. Run Detect "
                 "Pockmarks with Channels, or add such a channel and paint "
                 "the regions in white."));
  return FALSE;
}

gboolean
session_follow (Session *session, const Amendment *amendment, GError **error)
{
  g_autoptr (Kept)  kept = NULL;
  g_auto (Coverage) coverage = { 0 };
  GimpChannel      *channels[POCKMARK_N_CLASSES];
  GeglRectangle     extent = input_extent (session->input);
  Progress          part = lesion_part;
  PockmarkHost      host = progress_host (&part);
  PockmarkMarks    *after;

  if (!session_find_channels (session->input->image, channels, error))
    return FALSE;

  kept = session_kept (session->input, error);
  if (kept == NULL)
    return FALSE;

  progress_start (&part, _("Reading the channels"));
  coverage_init (&coverage, session->input->image, channels, &extent,
                 amendment);
  after = pockmark_marks_follow (kept->marks, &coverage.source, &host, error);
  if (after == NULL)
    return FALSE;

  g_free (session->parameters);
  session->parameters = describe (session, were_edited (kept->marks, after));

  return measure (session, after, error);
}

/* ---- Finishing ----------------------------------------------------------- */

gboolean
session_report (const Session *session, Report *report, GError **error)
{
  const Findings *findings = session->findings;
  Account         account = { session->input, &session->scale, session->skin,
                              &findings->grade, findings->lesions,
                              findings->map, session->parameters };

  return report_write (report, &account, error);
}

static gboolean
finish (Session                *session,
        const AnnotationWishes *wishes,
        const Amendment        *amendment,
        Report                 *report,
        GError                **error)
{
  const AnnotationRecord record = { session->scale.pixels_per_mm,
                                    session->scale.source,
                                    session->parameters };
  g_autoptr (Annotation) annotation = NULL;

  annotation = annotation_of_findings (session->input, session->findings,
                                       wishes, session->scale.pixels_per_mm,
                                       &draw_part, error);
  if (annotation == NULL
      || (report != NULL && !session_report (session, report, error)))
    return FALSE;

  /* Cancelling ends the process: no longer, once the image is touched. */
  gimp_progress_end ();
  /* The detection is remembered in the same step of undo. */
  gimp_image_undo_group_start (session->input->image);
  if (amendment != NULL)
    amendment_paint (amendment, session->input);
  session->group = annotation_commit (annotation, &record);
  if (session->remembered != NULL)
    remembered_store (session->input->image, session->remembered);
  g_clear_pointer (&session->remembered, g_bytes_unref);
  gimp_image_undo_group_end (session->input->image);
  return TRUE;
}

gboolean
session_finish (Session                *session,
                const AnnotationWishes *wishes,
                Report                 *report,
                GError                **error)
{
  return finish (session, wishes, NULL, report, error);
}

gboolean
session_measure (Session         *session,
                 const Amendment *amendment,
                 Report          *report,
                 GError         **error)
{
  AnnotationWishes wishes;
  GimpChannel     *channels[POCKMARK_N_CLASSES];

  if (!session_follow (session, amendment, error))
    return FALSE;

  annotation_find_channels (session->input->image, channels);
  annotation_wish_again (&wishes, session->input->image, channels);
  if (amendment != NULL && amendment->klass != POCKMARK_NONE)
    wishes.sought[amendment->klass] = TRUE;

  return finish (session, &wishes, amendment, report, error);
}

/* ---- Of the procedures --------------------------------------------------- */

void
session_declare_report (GimpProcedure *procedure)
{
  gimp_procedure_add_file_argument (procedure, "report-file",
    _("Report _file"),
    _("Table of the findings (CSV), to be written or added to. A table of "
      "the photographs and, for each photograph, the outlines (GeoJSON) and a "
      "picture of the classes (PNG) go into the same folder. None: no "
      "files."),
    GIMP_FILE_CHOOSER_ACTION_SAVE, TRUE, NULL,
    G_PARAM_READWRITE | GIMP_PARAM_DONT_SERIALIZE);
}

void
session_declare_values (GimpProcedure *procedure)
{
  gimp_procedure_add_int_return_value (procedure, "craters",
    _("Craters"), _("How many craters were found"),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_return_value (procedure, "ice-picks",
    _("Ice-picks"), _("How many ice-pick scars were found"),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_return_value (procedure, "red-marks",
    _("Red marks"), _("How many red marks were found"),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_return_value (procedure, "brown-marks",
    _("Brown marks"), _("How many brown marks were found"),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_double_return_value (procedure, "skin-area",
    _("Skin area"), _("Area of the skin in cm², 0 if unknown"),
    0.0, G_MAXDOUBLE, 0.0, G_PARAM_READWRITE);
  gimp_procedure_add_group_layer_return_value (procedure, "group",
    _("Group"), _("The layer group with the results, if one was needed"),
    TRUE, G_PARAM_READWRITE);
}

GimpValueArray *
session_values (const Session *session, GimpProcedure *procedure)
{
  const PockmarkGrade *grade = &session->findings->grade;
  GimpValueArray      *values;

  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS,
                                             NULL);
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    GIMP_VALUES_SET_INT (values, klass, grade->count[klass]);
  GIMP_VALUES_SET_DOUBLE (values, POCKMARK_N_CLASSES,
                          grade->skin_cm2 > 0.0 ? grade->skin_cm2 : 0.0);
  /* The user may have undone it meanwhile. */
  if (session->group != NULL
      && gimp_item_is_valid (GIMP_ITEM (session->group)))
    GIMP_VALUES_SET_GROUP_LAYER (values, POCKMARK_N_CLASSES + 1,
                                 session->group);

  return values;
}
