/* plug-in-measure-pockmarks
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libgimp/gimpui.h>

#include "dialog.h"
#include "findings-window.h"
#include "graph.h"
#include "session.h"

/* Whoever edits a channel has selected that, or perhaps the overlay: the
 * photograph is meant all the same.  NULL: drawables are what they are, and
 * whether they will do is input_new_whole ()'s to say. */
static gboolean
find_photograph (GimpImage     *image,
                 GimpDrawable **drawables,
                 GimpLayer    **photograph,
                 GError       **error)
{
  GimpItem         *item;
  g_autofree gchar *name = NULL;
  gboolean          ours;

  *photograph = NULL;
  if (gimp_core_object_array_get_length ((GObject **) drawables) != 1)
    return TRUE;

  item = GIMP_ITEM (drawables[0]);
  if (!gimp_item_is_valid (item) || gimp_item_get_image (item) != image
      || gimp_item_is_layer_mask (item))
    return TRUE;

  ours = annotation_owns (item) || !gimp_item_is_layer (item);
  if (gimp_item_is_group (item) && !ours)
    return TRUE;

  *photograph = annotation_find_photograph (image, item);
  if (*photograph == NULL)
    {
      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("Nothing has been examined in this image, or that layer "
                     "is gone: select the layer with the photograph."));
      return FALSE;
    }
  if (ours || *photograph == (gpointer) item)
    return TRUE;

  name = gimp_item_get_name (GIMP_ITEM (*photograph));
  g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
               _("The marked regions belong to the layer \"%s\": select that "
                 "layer, or one of the channels."), name);
  return FALSE;
}

/* The photograph, limited to what was examined before, whatever is selected
 * now: a selection may just be a tool that a channel was edited with. */
static Input *
find_input (GimpImage *image, GimpDrawable **drawables, GError **error)
{
  GimpDrawable     *found[] = { NULL, NULL };
  GimpLayer        *photograph;
  g_autoptr (Input) input = NULL;
  g_autoptr (Kept)  kept = NULL;

  if (!find_photograph (image, drawables, &photograph, error))
    return NULL;

  found[0] = GIMP_DRAWABLE (photograph);
  input = input_new_whole (image, photograph != NULL ? found : drawables,
                           error);
  if (input == NULL)
    return NULL;

  kept = session_kept (input, error);
  if (kept == NULL)
    return NULL;

  input->region = g_steal_pointer (&kept->region);
  return g_steal_pointer (&input);
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
    gimp_procedure_dialog_new (procedure, config,
                               _("Measure Marked Regions")));
  gimp_procedure_dialog_set_ok_label (dialog, _("_Measure"));
  dialog_add_note (dialog, "channels-note",
                   _("Measures what the class channels hold now: every "
                     "connected region that is more than half covered."));
  gimp_procedure_dialog_fill (dialog, "channels-note", "report-file", NULL);
  agreed = gimp_procedure_dialog_run (dialog);
  gtk_widget_destroy (GTK_WIDGET (dialog));

  return agreed;
}

/* ---- Running ------------------------------------------------------------ */

/* Takes input. */
static GimpValueArray *
run_with (GimpProcedure *procedure,
          GimpRunMode    run_mode,
          Input         *input,
          GFile         *report_file)
{
  g_autoptr (Session) session = NULL;
  g_autoptr (Report)  report = NULL;
  GError             *error = NULL;

  session = session_new (input, 0.0, &error);
  if (session != NULL && report_file != NULL)
    report = report_open_lesions (report_file, input->stem, &error);
  if (error != NULL)
    return gimp_procedure_new_return_values (procedure,
                                             GIMP_PDB_CALLING_ERROR, error);

  gimp_progress_init (_("Measure Marked Regions"));
  if (!graph_check (&error) || !session_read (session, &error)
      || !session_measure (session, report, &error))
    return gimp_procedure_new_return_values (procedure,
                                             GIMP_PDB_EXECUTION_ERROR, error);

  gimp_progress_end ();
  gimp_displays_flush ();
  if (run_mode == GIMP_RUN_INTERACTIVE)
    findings_window_run (session);
  return session_values (session, procedure);
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
  g_autoptr (GFile) report_file = NULL;
  GimpChannel      *channels[POCKMARK_N_CLASSES];
  GError           *error = NULL;

  gegl_init (NULL, NULL);

  input = find_input (image, drawables, &error);
  if (input == NULL || !session_find_channels (image, channels, &error))
    return gimp_procedure_new_return_values (procedure,
                                             GIMP_PDB_CALLING_ERROR, error);

  if (run_mode == GIMP_RUN_INTERACTIVE
      && !show_dialog (procedure, config, image))
    return gimp_procedure_new_return_values (procedure, GIMP_PDB_CANCEL,
                                             NULL);

  g_object_get (config, "report-file", &report_file, NULL);
  return run_with (procedure, run_mode, g_steal_pointer (&input), report_file);
}

/* ---- Declaring ---------------------------------------------------------- */

GimpProcedure *
measure_pockmarks_create (GimpPlugIn *plug_in, const gchar *name)
{
  GimpProcedure *procedure;

  procedure = pockmark_image_procedure_new (plug_in, name,
                                            _("_Measure Marked Regions…"),
                                            "pockmark-measure", run);
  gimp_procedure_set_documentation (procedure,
    _("Measure again what the class channels hold, as they have been edited"),
    _("Reads the channels that Detect Pockmarks has added and makes tables, "
      "overlay, numbers and paths anew. Every connected region that is more "
      "than half covered is a lesion; lesions that have not been edited stay "
      "what they were. The channels themselves are not changed, and the "
      "selection does not matter."),
    name);
  session_declare_report (procedure);
  session_declare_values (procedure);

  return procedure;
}
