/* plug-in-survey-photographs
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libgimp/gimpui.h>

#include "dialog.h"
#include "report-html.h"
#include "survey.h"

static void
wishes_read (SurveyWishes *wishes, GimpProcedureConfig *config)
{
  g_object_get (config,
                "folder",        &wishes->folder,
                "photographs",   &wishes->photographs,
                "output-folder", &wishes->results,
                "pixels-per-mm", &wishes->pixels_per_mm,
                "sensitivity",   &wishes->sensitivity,
                "save-xcf",      &wishes->save_xcf,
                "resume",        &wishes->resume,
                "overwrite",     &wishes->overwrite,
                "part",          &wishes->part,
                "parts",         &wishes->parts,
                NULL);
}

static void
wishes_clear (SurveyWishes *wishes)
{
  g_clear_object (&wishes->folder);
  g_clear_object (&wishes->results);
  g_clear_pointer (&wishes->photographs, g_strfreev);
}

static gboolean
show_dialog (GimpProcedure *procedure, GimpProcedureConfig *config)
{
  GimpProcedureDialog *dialog;

  dialog = dialog_new (procedure, config, _("Survey Photographs"),
                       _("_Survey"));
  dialog_get_spin (dialog, "pixels-per-mm", 0.1);
  gimp_procedure_dialog_get_scale_entry (dialog, "sensitivity", 1.0);
  gimp_procedure_dialog_fill (dialog, "folder", "output-folder",
                              "pixels-per-mm", "sensitivity", "save-xcf",
                              "resume", "overwrite", NULL);

  return dialog_run (dialog);
}

static void
tell_totals (const SurveyWishes *wishes, const SurveyTotals *totals)
{
  g_autoptr (GFile) report = g_file_get_child (wishes->results,
                                               REPORT_HTML_NAME);

  if (totals->failed > 0)
    g_message (_("%u photographs, %u lesions. %u photographs could not be "
                 "examined; the report says why:\n%s"),
               totals->photographs, totals->lesions, totals->failed,
               g_file_peek_path (report));
  else
    g_message (_("%u photographs, %u lesions. The report:\n%s"),
               totals->photographs, totals->lesions,
               g_file_peek_path (report));
}

static GimpValueArray *
run_with (GimpProcedure *procedure, const SurveyWishes *wishes)
{
  SurveyTotals    totals = { 0, 0, 0 };
  GimpValueArray *values;
  GError         *error = NULL;

  if (!survey_check (wishes, &error))
    return gimp_procedure_new_return_values (procedure,
                                             GIMP_PDB_CALLING_ERROR, error);
  if (!survey_run (wishes, &totals, &error))
    return gimp_procedure_new_return_values (procedure,
                                             GIMP_PDB_EXECUTION_ERROR, error);
  if (!wishes->tell)
    tell_totals (wishes, &totals);

  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS,
                                             NULL);
  GIMP_VALUES_SET_INT (values, 1, totals.photographs);
  GIMP_VALUES_SET_INT (values, 2, totals.failed);
  GIMP_VALUES_SET_INT (values, 3, totals.lesions);

  return values;
}

static GimpValueArray *
run (GimpProcedure       *procedure,
     GimpProcedureConfig *config,
     gpointer             run_data)
{
  SurveyWishes    wishes = { 0 };
  GimpRunMode     run_mode;
  GimpValueArray *values;

  gegl_init (NULL, NULL);
  g_object_get (config, "run-mode", &run_mode, NULL);
  if (run_mode == GIMP_RUN_INTERACTIVE && !show_dialog (procedure, config))
    return gimp_procedure_new_return_values (procedure, GIMP_PDB_CANCEL,
                                             NULL);

  wishes_read (&wishes, config);
  wishes.tell = run_mode == GIMP_RUN_NONINTERACTIVE;
  values = run_with (procedure, &wishes);
  wishes_clear (&wishes);

  return values;
}

/* ---- Declaring ---------------------------------------------------------- */

/* Names of folders may be names of people: GIMP is not to remember them. */
#define PRIVATE (G_PARAM_READWRITE | GIMP_PARAM_DONT_SERIALIZE)

static void
add_places (GimpProcedure *procedure)
{
  gimp_procedure_add_enum_argument (procedure, "run-mode",
    _("Run mode"), _("The run mode"),
    GIMP_TYPE_RUN_MODE, GIMP_RUN_NONINTERACTIVE, G_PARAM_READWRITE);
  gimp_procedure_add_file_argument (procedure, "folder",
    _("_Photographs"),
    _("Folder with the photographs. Those in folders below are examined as "
      "well. A table scales.csv beside them can tell the scale of each."),
    GIMP_FILE_CHOOSER_ACTION_CREATE_FOLDER, TRUE, NULL, PRIVATE);
  gimp_procedure_add_file_argument (procedure, "output-folder",
    _("Res_ults"),
    _("Folder for tables, pictures and the report; it is made where it is "
      "not there"),
    GIMP_FILE_CHOOSER_ACTION_CREATE_FOLDER, TRUE, NULL, PRIVATE);
}

static void
add_wishes (GimpProcedure *procedure)
{
  dialog_declare_scale (procedure);
  dialog_declare_sensitivity (procedure);
  gimp_procedure_add_boolean_argument (procedure, "save-xcf",
    _("Save _layered images (XCF)"),
    _("Save each photograph with the findings as layers, channels and paths, "
      "to go on with in GIMP"),
    FALSE, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (procedure, "resume",
    _("Pass over what is _done"),
    _("Photographs whose results are complete, of this version and with these "
      "settings, are not examined again unless their file has changed"),
    TRUE, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (procedure, "overwrite",
    _("_Overwrite files of others"),
    _("Also replace files in the folder of results that Pockmark did not "
      "write, or that were changed since"),
    FALSE, G_PARAM_READWRITE);
}

/* For scripts: no part of the dialog. */
static void
add_script_arguments (GimpProcedure *procedure)
{
  gimp_procedure_add_string_array_argument (procedure, "photographs",
    _("List of photographs"),
    _("Paths or file:// addresses of the photographs, in place of a folder"),
    PRIVATE);
  gimp_procedure_add_int_argument (procedure, "part",
    _("Part"),
    _("Examine only this part of the photographs, counted from 1, so that "
      "several processes can share the work"),
    1, G_MAXINT, 1, PRIVATE);
  gimp_procedure_add_int_argument (procedure, "parts",
    _("Parts"),
    _("How many parts there are. Where there are several, tables and report "
      "are written by a last run with 1 part that passes over what is done."),
    1, G_MAXINT, 1, PRIVATE);
}

static void
add_return_values (GimpProcedure *procedure)
{
  gimp_procedure_add_int_return_value (procedure, "photographs",
    _("Photographs"), _("How many photographs the survey has"),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_return_value (procedure, "failed",
    _("Failed"), _("How many of them could not be examined"),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_return_value (procedure, "lesions",
    _("Lesions"), _("How many lesions the others have"),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
}

GimpProcedure *
survey_photographs_create (GimpPlugIn *plug_in, const gchar *name)
{
  GimpProcedure *procedure;

  procedure = gimp_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN,
                                  run, NULL, NULL);
  gimp_procedure_set_sensitivity_mask (procedure,
                                       GIMP_PROCEDURE_SENSITIVE_ALWAYS);
  gimp_procedure_set_menu_label (procedure, _("Survey Photo_graphs…"));
  gimp_procedure_set_icon_name (procedure, "pockmark-survey");
  gimp_procedure_add_menu_path (procedure, "<Image>/File");
  gimp_procedure_set_documentation (procedure,
    _("Find and measure pockmarks in every photograph of a folder"),
    _("Examines the photographs one after the other and writes tables, "
      "pictures, outlines and a report. The photographs are only read. One "
      "that fails does not stop the others: the column Error of "
      "photographs.csv says why. A survey that was stopped goes on where it "
      "was."),
    name);
  gimp_procedure_set_attribution (procedure, "The Pockmark developers",
                                  "The Pockmark developers, "
                                  "GPL-3.0-or-later",
                                  "2026");
  add_places (procedure);
  add_wishes (procedure);
  add_script_arguments (procedure);
  add_return_values (procedure);

  return procedure;
}
