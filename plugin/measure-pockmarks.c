/* plug-in-measure-pockmarks
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libgimp/gimpui.h>

#include "dialog.h"
#include "findings-window.h"
#include "graph.h"
#include "image-procedure.h"
#include "session.h"

/* The arguments, read once. */
typedef struct
{
  GFile *report_file;
} Arguments;

static gboolean
arguments_read (gpointer data, GimpProcedureConfig *config, GError **error)
{
  g_object_get (config, "report-file", &((Arguments *) data)->report_file,
                NULL);
  return TRUE;
}

static void
arguments_clear (gpointer data)
{
  g_clear_object (&((Arguments *) data)->report_file);
}

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
  GimpChannel      *channels[POCKMARK_N_CLASSES];
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
  if (kept == NULL || !session_find_channels (image, channels, error))
    return NULL;

  input->region = g_steal_pointer (&kept->region);
  return g_steal_pointer (&input);
}

/* ---- Dialog ------------------------------------------------------------- */

static gboolean
ask (GimpProcedure       *procedure,
     GimpProcedureConfig *config,
     Input               *input,
     GError             **error)
{
  GimpProcedureDialog *dialog;

  dialog = dialog_new (procedure, config, _("Measure Marked Regions"),
                       _("_Measure"));
  dialog_add_note (dialog, "channels-note",
                   _("Measures what the class channels hold now: every "
                     "connected region that is more than half covered."));
  gimp_procedure_dialog_fill (dialog, "channels-note", "report-file", NULL);

  return dialog_run (dialog);
}

/* ---- Running ------------------------------------------------------------ */

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

  session = session_new (input, 0.0, error);
  if (session == NULL)
    return NULL;
  if (arguments->report_file != NULL)
    {
      report = report_open_lesions (arguments->report_file, input->stem,
                                    error);
      if (report == NULL)
        return NULL;
    }

  *status = GIMP_PDB_EXECUTION_ERROR;
  gimp_progress_init (_("Measure Marked Regions"));
  if (!graph_check (error) || !session_read (session, error)
      || !session_measure (session, NULL, report, error))
    return NULL;

  gimp_displays_flush ();
  if (run_mode == GIMP_RUN_INTERACTIVE)
    findings_window_run (session);
  return session_values (session, procedure);
}

static const ImageSteps steps = {
  .open = find_input,
  .ask = ask,
  .arguments_size = sizeof (Arguments),
  .read = arguments_read,
  .clear = arguments_clear,
  .work = run_with,
};

/* ---- Declaring ---------------------------------------------------------- */

GimpProcedure *
measure_pockmarks_create (GimpPlugIn *plug_in, const gchar *name)
{
  GimpProcedure *procedure;

  procedure = image_procedure_new (plug_in, name,
                                   _("Measure Marked Re_gions…"),
                                   "pockmark-measure", &steps);
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
