/* plug-in-detect-pockmarks
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libgimp/gimpui.h>

#include "annotation.h"
#include "dialog.h"
#include "graph.h"
#include "report.h"

/* The arguments, read once. */
typedef struct
{
  gdouble          pixels_per_mm;
  gdouble          sensitivity;
  AnnotationWishes wishes;
  GFile           *report_file;
} Arguments;

static void
arguments_read (Arguments *arguments, GimpProcedureConfig *config)
{
  AnnotationWishes *wishes = &arguments->wishes;

  wishes->sought[POCKMARK_NONE] = FALSE;
  g_object_get (config,
                "pixels-per-mm",    &arguments->pixels_per_mm,
                "sensitivity",      &arguments->sensitivity,
                "find-craters",     &wishes->sought[POCKMARK_CRATER],
                "find-ice-picks",   &wishes->sought[POCKMARK_ICE_PICK],
                "find-red-marks",   &wishes->sought[POCKMARK_RED_MARK],
                "find-brown-marks", &wishes->sought[POCKMARK_BROWN_MARK],
                "add-overlay",      &wishes->overlay,
                "add-channels",     &wishes->channels,
                "add-paths",        &wishes->paths,
                "add-labels",       &wishes->numbers,
                "report-file",      &arguments->report_file,
                NULL);
}

static gboolean
arguments_check (const Arguments *arguments, GError **error)
{
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    if (arguments->wishes.sought[klass])
      return TRUE;

  g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
               _("There is nothing to look for: choose at least one kind of "
                 "finding."));
  return FALSE;
}

/* "key=value;key=value", for the table and the image's record. */
static gchar *
describe (const Arguments *arguments,
          const Input     *input,
          const SkinScale *scale)
{
  GString          *text = g_string_new (NULL);
  g_autofree gchar *sensitivity =
    csv_number ("%.4g", arguments->sensitivity);
  const gchar      *joint = "";

  g_string_append_printf (text, "sensitivity=%s;find=", sensitivity);
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    if (arguments->wishes.sought[klass])
      {
        g_string_append_printf (text, "%s%s", joint,
                                pockmark_class_word (klass));
        joint = "+";
      }
  g_string_append_printf (text, ";selection=%s;scale-source=%s",
                          input->selected ? "yes" : "no",
                          scale->source != NULL ? scale->source : "unknown");

  return g_string_free (text, FALSE);
}

/* ---- Dialog ------------------------------------------------------------- */

static gboolean
show_dialog (GimpProcedure       *procedure,
             GimpProcedureConfig *config,
             GimpImage           *image)
{
  GimpProcedureDialog *dialog;
  gboolean             agreed;

  gimp_ui_init (POCKMARK_BINARY);
  dialog = GIMP_PROCEDURE_DIALOG (
    gimp_procedure_dialog_new (procedure, config, _("Detect Pockmarks")));
  gimp_procedure_dialog_set_ok_label (dialog, _("_Detect"));

  dialog_add_scale (dialog, config, image);
  gimp_procedure_dialog_get_scale_entry (dialog, "sensitivity", 1.0);
  dialog_add_frame (dialog, "find", _("Find"), "find-craters",
                    "find-ice-picks", "find-red-marks", "find-brown-marks",
                    NULL);
  dialog_add_frame (dialog, "add", _("Add to the image"), "add-overlay",
                    "add-labels", "add-channels", "add-paths", NULL);
  gimp_procedure_dialog_fill (dialog, DIALOG_SCALE, "sensitivity",
                              "find-frame", "add-frame", "report-file", NULL);
  agreed = gimp_procedure_dialog_run (dialog);
  gtk_widget_destroy (GTK_WIDGET (dialog));

  return agreed
         && (!annotation_exists (image, ANNOTATION_FINDINGS)
             || annotation_ask (_("Replace the findings of the last "
                                  "run?")));
}

/* ---- Running ------------------------------------------------------------ */

static gboolean
write_report (Report          *report,
              const Input     *input,
              const SkinScale *scale,
              const Findings  *findings,
              const gchar     *parameters,
              GError         **error)
{
  Account account = { input, scale, findings->skin, &findings->grade,
                      findings->lesions, findings->map, parameters };

  return report == NULL || report_write (report, &account, error);
}

static GimpValueArray *
succeed (GimpProcedure  *procedure,
         const Findings *findings,
         GimpGroupLayer *group)
{
  GimpValueArray      *values;
  const PockmarkGrade *grade = &findings->grade;

  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS,
                                             NULL);
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    GIMP_VALUES_SET_INT (values, klass, grade->count[klass]);
  GIMP_VALUES_SET_DOUBLE (values, POCKMARK_N_CLASSES,
                          grade->skin_cm2 > 0.0 ? grade->skin_cm2 : 0.0);
  GIMP_VALUES_SET_GROUP_LAYER (values, POCKMARK_N_CLASSES + 1, group);

  return values;
}

/* Everything that can fail comes before the image is touched. */
static gboolean
work (Input            *input,
      const Arguments  *arguments,
      const SkinScale  *scale,
      Report           *report,
      Findings        **findings,
      GimpGroupLayer  **group,
      GError          **error)
{
  g_autoptr (Annotation) annotation = NULL;
  g_autofree gchar      *parameters = describe (arguments, input, scale);
  Progress               drawing = { 0.8, 1.0 };
  PockmarkParameters     wanted;

  pockmark_parameters_init (&wanted);
  wanted.pixels_per_mm = scale->pixels_per_mm;
  wanted.sensitivity = arguments->sensitivity;
  /* What the user has selected by hand is not put in doubt. */
  wanted.whole_is_skin = input->selected;

  gimp_progress_init (_("Detect Pockmarks"));
  if (!input_read (input, error))
    return FALSE;
  *findings = findings_detect (input->photograph, &wanted,
                               arguments->wishes.sought, error);
  if (*findings == NULL)
    return FALSE;

  annotation = annotation_of_findings (input, *findings, &arguments->wishes,
                                       &drawing, error);
  if (annotation == NULL
      || !write_report (report, input, scale, *findings, parameters, error))
    return FALSE;

  *group = annotation_commit (annotation, scale->pixels_per_mm, scale->source,
                              parameters);
  return TRUE;
}

static GimpValueArray *
run_with (GimpProcedure *procedure, Input *input, const Arguments *arguments)
{
  g_auto (SkinScale)   scale = { 0.0, NULL };
  g_autoptr (Report)   report = NULL;
  g_autoptr (Findings) findings = NULL;
  GimpGroupLayer      *group = NULL;
  GError              *error = NULL;

  if (!arguments_check (arguments, &error)
      || !skin_scale_resolve (&scale, input->image, arguments->pixels_per_mm,
                              &error))
    return gimp_procedure_new_return_values (procedure,
                                             GIMP_PDB_CALLING_ERROR, error);

  if (arguments->report_file != NULL)
    {
      report = report_open_lesions (arguments->report_file, input->stem,
                                    &error);
      if (report == NULL)
        return gimp_procedure_new_return_values (procedure,
                                                 GIMP_PDB_CALLING_ERROR,
                                                 error);
    }

  if (!graph_check (&error)
      || !work (input, arguments, &scale, report, &findings, &group, &error))
    return gimp_procedure_new_return_values (procedure,
                                             GIMP_PDB_EXECUTION_ERROR, error);

  gimp_progress_end ();
  gimp_displays_flush ();
  return succeed (procedure, findings, group);
}

static GimpValueArray *
run (GimpProcedure       *procedure,
     GimpRunMode          run_mode,
     GimpImage           *image,
     GimpDrawable       **drawables,
     GimpProcedureConfig *config,
     gpointer             run_data)
{
  g_autoptr (Input) input = NULL;
  Arguments         arguments = { 0 };
  GimpValueArray   *values;
  GError           *error = NULL;

  gegl_init (NULL, NULL);

  input = input_new (image, drawables, &error);
  if (input == NULL)
    return gimp_procedure_new_return_values (procedure,
                                             GIMP_PDB_CALLING_ERROR, error);

  if (run_mode == GIMP_RUN_INTERACTIVE
      && !show_dialog (procedure, config, image))
    return gimp_procedure_new_return_values (procedure, GIMP_PDB_CANCEL,
                                             NULL);

  arguments_read (&arguments, config);
  values = run_with (procedure, input, &arguments);
  g_clear_object (&arguments.report_file);

  return values;
}

/* ---- Declaring ---------------------------------------------------------- */

static void
add_find_arguments (GimpProcedure *procedure)
{
  gimp_procedure_add_boolean_argument (procedure, "find-craters",
    _("Cra_ters"),
    _("Look for shallow hollows, 2 mm wide or more"),
    TRUE, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (procedure, "find-ice-picks",
    _("_Ice-picks"),
    _("Look for narrow, deep hollows, less than 2 mm wide"),
    TRUE, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (procedure, "find-red-marks",
    _("R_ed marks"),
    _("Look for places with more hemoglobin than the skin around them"),
    TRUE, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (procedure, "find-brown-marks",
    _("_Brown marks"),
    _("Look for places with more melanin than the skin around them"),
    TRUE, G_PARAM_READWRITE);
}

static void
add_output_arguments (GimpProcedure *procedure)
{
  gimp_procedure_add_boolean_argument (procedure, "add-overlay",
    _("Overla_y"),
    _("Add a layer with the findings in the colors of their classes"),
    TRUE, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (procedure, "add-channels",
    _("Ch_annels"),
    _("Add one channel for each class, which can be edited like any other"),
    TRUE, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (procedure, "add-paths",
    _("_Paths"),
    _("Add one path for each class with the outlines of the findings"),
    TRUE, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (procedure, "add-labels",
    _("_Numbers"),
    _("Add a layer with the number of each finding, as in the table"),
    TRUE, G_PARAM_READWRITE);
  gimp_procedure_add_file_argument (procedure, "report-file",
    _("Report _file"),
    _("Table of the findings (CSV), to be written or added to. A table of "
      "the photographs and, for each photograph, the outlines (GeoJSON) and a "
      "picture of the classes (PNG) go into the same folder. None: no "
      "files."),
    GIMP_FILE_CHOOSER_ACTION_SAVE, TRUE, NULL,
    G_PARAM_READWRITE | GIMP_PARAM_DONT_SERIALIZE);
}

static void
add_return_values (GimpProcedure *procedure)
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

GimpProcedure *
detect_pockmarks_create (GimpPlugIn *plug_in, const gchar *name)
{
  GimpProcedure     *procedure;
  PockmarkParameters defaults;

  pockmark_parameters_init (&defaults);
  procedure = pockmark_image_procedure_new (plug_in, name,
                                            _("_Detect Pockmarks…"),
                                            "pockmark-detect", run);
  gimp_procedure_set_documentation (procedure,
    _("Find, measure and mark craters, ice-pick scars, red marks and brown "
      "marks"),
    _("Looks for pockmarks in the selected layer, or in its part that is "
      "selected, and adds a layer group, a channel and a path for each class "
      "of findings to the image. The photograph itself is not changed. "
      "Running it again replaces what the last run added. What is found are "
      "measurements from a photograph, not a diagnosis."),
    name);

  dialog_declare_scale (procedure);
  gimp_procedure_add_double_argument (procedure, "sensitivity",
    _("Sensiti_vity"),
    _("How many doubtful findings to keep: 0 keeps only the clearest, 1 "
      "nearly all"),
    0.0, 1.0, defaults.sensitivity, G_PARAM_READWRITE);
  add_find_arguments (procedure);
  add_output_arguments (procedure);
  add_return_values (procedure);

  return procedure;
}
