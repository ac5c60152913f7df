/* What the procedures that work on one layer have in common
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "image-procedure.h"

static GimpValueArray *
run (GimpProcedure       *procedure,
     GimpRunMode          run_mode,
     GimpImage           *image,
     GimpDrawable       **drawables,
     GimpProcedureConfig *config,
     gpointer             run_data)
{
  const ImageSteps   *steps = run_data;
  g_autofree gpointer arguments = g_malloc0 (steps->arguments_size);
  g_autoptr (Input)   input = NULL;
  GimpPDBStatusType   status = GIMP_PDB_CALLING_ERROR;
  GimpValueArray     *values = NULL;
  GError             *error = NULL;

  gegl_init (NULL, NULL);

  input = steps->open (image, drawables, &error);
  if (input != NULL && run_mode == GIMP_RUN_INTERACTIVE
      && !steps->ask (procedure, config, input, &error))
    {
      status = error != NULL ? GIMP_PDB_EXECUTION_ERROR : GIMP_PDB_CANCEL;
      g_clear_pointer (&input, input_free);
    }
  if (input != NULL && steps->read (arguments, config, &error))
    values = steps->work (procedure, run_mode, g_steal_pointer (&input),
                          arguments, &status, &error);
  steps->clear (arguments);

  return values != NULL
           ? values
           : gimp_procedure_new_return_values (procedure, status, error);
}

static GimpProcedure *
new_procedure (GimpPlugIn       *plug_in,
               const gchar      *name,
               const gchar      *label,
               const gchar      *icon,
               GimpRunImageFunc  run_image,
               gconstpointer     run_data)
{
  GimpProcedure *procedure;

  procedure = gimp_image_procedure_new (plug_in, name,
                                        GIMP_PDB_PROC_TYPE_PLUGIN,
                                        run_image, (gpointer) run_data, NULL);
  gimp_procedure_set_image_types (procedure, "RGB*");
  gimp_procedure_set_sensitivity_mask (procedure,
                                       GIMP_PROCEDURE_SENSITIVE_DRAWABLE);
  gimp_procedure_set_menu_label (procedure, label);
  gimp_procedure_set_icon_name (procedure, icon);
  gimp_procedure_add_menu_path (procedure, POCKMARK_MENU_PATH);
  gimp_procedure_set_attribution (procedure, "The Pockmark developers",
                                  "The Pockmark developers, "
                                  "GPL-3.0-or-later",
                                  "2026");

  return procedure;
}

GimpProcedure *
image_procedure_new (GimpPlugIn       *plug_in,
                     const gchar      *name,
                     const gchar      *label,
                     const gchar      *icon,
                     const ImageSteps *steps)
{
  return new_procedure (plug_in, name, label, icon, run, steps);
}

GimpProcedure *
image_procedure_new_free (GimpPlugIn       *plug_in,
                          const gchar      *name,
                          const gchar      *label,
                          const gchar      *icon,
                          GimpRunImageFunc  run_image)
{
  return new_procedure (plug_in, name, label, icon, run_image, NULL);
}
