/* plug-in-detect-pockmarks
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libgimp/gimpui.h>

#include "dialog.h"
#include "findings-window.h"
#include "graph.h"
#include "image-procedure.h"
#include "preview.h"
#include "session.h"

/* The arguments, read once. */
typedef struct
{
  gdouble          pixels_per_mm;
  gdouble          sensitivity;
  AnnotationWishes wishes;
  GFile           *report_file;
} Arguments;

static gboolean
arguments_read (gpointer data, GimpProcedureConfig *config, GError **error)
{
  Arguments        *arguments = data;
  AnnotationWishes *wishes = &arguments->wishes;
  gboolean          overlay;
  gboolean          channels;
  gboolean          paths;
  gboolean          numbers;
  gboolean          legend;

  g_object_get (config,
                "pixels-per-mm",    &arguments->pixels_per_mm,
                "sensitivity",      &arguments->sensitivity,
                "find-craters",     &wishes->sought[POCKMARK_CRATER],
                "find-ice-picks",   &wishes->sought[POCKMARK_ICE_PICK],
                "find-red-marks",   &wishes->sought[POCKMARK_RED_MARK],
                "find-brown-marks", &wishes->sought[POCKMARK_BROWN_MARK],
                "add-overlay",      &overlay,
                "add-channels",     &channels,
                "add-paths",        &paths,
                "add-labels",       &numbers,
                "add-legend",       &legend,
                "report-file",      &arguments->report_file,
                NULL);
  wishes->make = (overlay ? ANNOTATION_OVERLAY : 0)
                 | (channels ? ANNOTATION_CHANNELS : 0)
                 | (paths ? ANNOTATION_PATHS : 0)
                 | (numbers ? ANNOTATION_NUMBERS : 0)
                 | (legend ? ANNOTATION_LEGEND : 0);
  return TRUE;
}

static void
arguments_clear (gpointer data)
{
  g_clear_object (&((Arguments *) data)->report_file);
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

/* ---- Dialog ------------------------------------------------------------- */

static void
update_preview (GimpProcedureConfig *config, GParamSpec *pspec,
                GtkWidget *preview)
{
  const Input       *input = g_object_get_data (G_OBJECT (preview), "input");
  g_auto (SkinScale) scale = { 0.0, NULL };
  g_autoptr (GError) error = NULL;
  PockmarkParameters wanted;
  Arguments          arguments = { 0 };

  arguments_read (&arguments, config, NULL);
  arguments_clear (&arguments);
  if (arguments_check (&arguments, &error)
      && skin_scale_resolve (&scale, input->image, arguments.pixels_per_mm,
                             &error))
    {
      session_parameters (&wanted, input, &scale);
      wanted.sensitivity = arguments.sensitivity;
      preview_update (preview, &wanted, arguments.wishes.sought);
    }
  else
    preview_refuse (preview, error->message);
}

static GtkWidget *
add_preview (GtkWidget           *beside,
             GimpProcedureConfig *config,
             const Input         *input)
{
  GtkWidget *preview = preview_new (input->photograph);

  dialog_put_beside (beside, preview);
  g_object_set_data (G_OBJECT (preview), "input", (gpointer) input);
  g_signal_connect_object (config, "notify", G_CALLBACK (update_preview),
                           preview, 0);
  update_preview (config, NULL, preview);

  return preview;
}

static gboolean
ask (GimpProcedure       *procedure,
     GimpProcedureConfig *config,
     Input               *input,
     GError             **error)
{
  GimpProcedureDialog *dialog;
  GtkWidget           *controls;
  GtkWidget           *preview;
  gboolean             agreed;

  if (!input_read (input, error))
    return FALSE;

  dialog = dialog_new (procedure, config, _("Detect Pockmarks"),
                       _("_Detect"));
  dialog_add_scale (dialog, config, input->image);
  gimp_procedure_dialog_get_scale_entry (dialog, "sensitivity", 1.0);
  dialog_add_frame (dialog, "find", _("Find"), "find-craters",
                    "find-ice-picks", "find-red-marks", "find-brown-marks",
                    NULL);
  dialog_add_frame (dialog, "add", _("Add to the image"), "add-overlay",
                    "add-labels", "add-legend", "add-channels", "add-paths",
                    NULL);
  controls = gimp_procedure_dialog_fill_box (dialog, "controls", DIALOG_SCALE,
                                             "sensitivity", "find-frame",
                                             "add-frame", "report-file",
                                             NULL);
  gimp_procedure_dialog_fill (dialog, "controls", NULL);
  preview = add_preview (controls, config, input);
  agreed = gimp_procedure_dialog_run (dialog);
  preview_stop (preview);
  gtk_widget_destroy (GTK_WIDGET (dialog));

  return agreed
         && (!annotation_exists (input->image, ANNOTATION_FINDINGS)
             || annotation_ask (_("Replace the findings of the last "
                                  "run?")));
}

/* ---- Running ------------------------------------------------------------ */

/* Everything that can fail comes before the image is touched. */
static gboolean
work (Session         *session,
      const Arguments *arguments,
      Report          *report,
      GError         **error)
{
  session->wanted.sensitivity = arguments->sensitivity;
  session->parameters = report_parameters (session->input, &session->scale,
                                           arguments->sensitivity,
                                           arguments->wishes.sought);

  gimp_progress_init (_("Detect Pockmarks"));
  return session_read (session, error)
         && session_detect (session, arguments->wishes.sought, error)
         && session_finish (session, &arguments->wishes, report, error);
}

static GimpValueArray *
run_with (GimpProcedure     *procedure,
          GimpRunMode        run_mode,
          Input             *input,
          gconstpointer      data,
          GimpPDBStatusType *status,
          GError           **error)
{
  const Arguments    *arguments = data;
  g_autoptr (Session) session = NULL;
  g_autoptr (Report)  report = NULL;

  session = session_new (input, arguments->pixels_per_mm, error);
  if (session == NULL || !arguments_check (arguments, error))
    return NULL;

  if (arguments->report_file != NULL)
    {
      report = report_open_lesions (arguments->report_file, input->stem,
                                    error);
      if (report == NULL)
        return NULL;
    }

  *status = GIMP_PDB_EXECUTION_ERROR;
  if (!graph_check (error) || !work (session, arguments, report, error))
    return NULL;

  gimp_displays_flush ();
  if (run_mode == GIMP_RUN_INTERACTIVE)
    findings_window_run (session);
  return session_values (session, procedure);
}

static const ImageSteps steps = {
  .open = input_new,
  .ask = ask,
  .arguments_size = sizeof (Arguments),
  .read = arguments_read,
  .clear = arguments_clear,
  .work = run_with,
};

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
  gimp_procedure_add_boolean_argument (procedure, "add-legend",
    _("_Legend"),
    _("Add a layer with the colors, names and counts of the classes, and with "
      "a scale bar where the scale is known"),
    TRUE, G_PARAM_READWRITE);
  session_declare_report (procedure);
}

GimpProcedure *
detect_pockmarks_create (GimpPlugIn *plug_in, const gchar *name)
{
  GimpProcedure *procedure;

  procedure = image_procedure_new (plug_in, name, _("_Detect Pockmarks…"),
                                   "pockmark-detect", &steps);
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
  dialog_declare_sensitivity (procedure);
  add_find_arguments (procedure);
  add_output_arguments (procedure);
  session_declare_values (procedure);

  return procedure;
}
