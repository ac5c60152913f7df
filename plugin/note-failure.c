/* plug-in-pockmark-note-failure: a photograph that could not be examined
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For batch scripts: where a photograph cannot even be opened there is no
 * image to call the other procedures with, and the table shall still name it.
 */

#include "report.h"

static GimpValueArray *
run (GimpProcedure       *procedure,
     GimpProcedureConfig *config,
     gpointer             run_data)
{
  g_autoptr (GFile)  file = NULL;
  g_autoptr (Report) report = NULL;
  g_autofree gchar  *photograph = NULL;
  g_autofree gchar  *failure = NULL;
  GError            *error = NULL;

  g_object_get (config,
                "report-file", &file,
                "photograph",  &photograph,
                "failure",     &failure,
                NULL);

  if (file == NULL || photograph == NULL || *photograph == '\0')
    {
      g_set_error (&error, GIMP_PLUG_IN_ERROR, 0,
                   _("Name the report's file and the photograph."));
      return gimp_procedure_new_return_values (procedure,
                                               GIMP_PDB_CALLING_ERROR, error);
    }

  report = report_open_lesions (file, NULL, &error);
  if (report == NULL
      || !report_write_failure (report, photograph, failure, &error))
    return gimp_procedure_new_return_values (procedure,
                                             GIMP_PDB_EXECUTION_ERROR, error);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

GimpProcedure *
note_failure_create (GimpPlugIn *plug_in, const gchar *name)
{
  GimpProcedure *procedure;

  procedure = gimp_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN,
                                  run, NULL, NULL);
  gimp_procedure_set_documentation (procedure,
    _("Note in the report that a photograph could not be examined"),
    _("Replaces the rows of the photograph in the tables of the report by one "
      "row in the table of photographs, which says what went wrong."),
    name);
  gimp_procedure_set_attribution (procedure, "The Pockmark developers",
                                  "The Pockmark developers, "
                                  "GPL-3.0-or-later",
                                  "2026");
  gimp_procedure_add_file_argument (procedure, "report-file",
    _("Report"), _("Table of the findings, as given to Detect Pockmarks"),
    GIMP_FILE_CHOOSER_ACTION_SAVE, FALSE, NULL, G_PARAM_READWRITE);
  gimp_procedure_add_string_argument (procedure, "photograph",
    _("Photograph"), _("The photograph's name in the tables"),
    "", G_PARAM_READWRITE);
  gimp_procedure_add_string_argument (procedure, "failure",
    _("Failure"), _("A sentence on what went wrong"),
    "", G_PARAM_READWRITE);

  return procedure;
}
