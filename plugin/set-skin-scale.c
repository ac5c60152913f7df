/* plug-in-set-skin-scale
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libgimp/gimpui.h>

#include "annotation.h"
#include "dialog.h"
#include "image-procedure.h"
#include "pockmark-gegl.h"
#include "skin-scale.h"
#include "test-stop.h"

/* Of a path's length: GIMP halves the curve until it is as straight. */
#define PATH_PRECISION 0.1

/* Nobody hits the ends of a stretch better than to a pixel: shorter ones are
 * refused. */
#define STRETCH_MIN 10.0

/* The longest ruler that anybody lays on skin, mm, and what a dialog begins
 * with. */
#define LENGTH_MAX 10000.0
#define LENGTH_USUAL 10.0

/* Characters: the note wraps instead of widening the dialog. */
#define NOTE_WIDTH 52

/* How the scale is known; each way has its word in the image's record. */
typedef enum
{
  WAY_PATH,
  WAY_SELECTION,
  WAY_RULER,
  WAY_NUMBER,
  N_WAYS
} Way;

static const gchar *const way_words[N_WAYS] = {
  [WAY_PATH] = "path",
  [WAY_SELECTION] = "selection",
  [WAY_RULER] = "ruler",
  [WAY_NUMBER] = "number",
};

/* The arguments, read once. */
typedef struct
{
  gdouble  length_mm;
  gdouble  pixels_per_mm;
  gboolean find_ruler;
} Arguments;

/* What a run, or its dialog, came to. */
typedef struct
{
  gdouble pixels_per_mm;
  Way     way;
} Choice;

static void
arguments_read (Arguments *arguments, GimpProcedureConfig *config)
{
  g_object_get (config,
                "length-mm",     &arguments->length_mm,
                "pixels-per-mm", &arguments->pixels_per_mm,
                "find-ruler",    &arguments->find_ruler,
                NULL);
}

static gboolean
refuse (GError **error, const gchar *sentence)
{
  g_set_error_literal (error, GIMP_PLUG_IN_ERROR, 0, sentence);
  return FALSE;
}

/* ---- Measuring ---------------------------------------------------------- */

/* The selected path, or else the only one.  Those that we made ourselves are
 * not what the user drew along a ruler. */
static GimpPath *
find_path (GimpImage *image, guint *n_paths)
{
  g_autofree GimpPath **selected = gimp_image_get_selected_paths (image);
  g_autofree GimpPath **all = gimp_image_get_paths (image);
  GimpPath            **from[] = { selected, all };
  GimpPath             *found = NULL;

  *n_paths = 0;
  for (guint i = 0; i < G_N_ELEMENTS (from) && *n_paths == 0; i++)
    for (gsize j = 0; from[i] != NULL && from[i][j] != NULL; j++)
      if (!skin_scale_owns (from[i][j])
          && !annotation_owns (GIMP_ITEM (from[i][j])))
        {
          found = from[i][j];
          (*n_paths)++;
        }

  return found;
}

/* Sets pixels, 0 where the image has no path. */
static gboolean
measure_path (GimpImage *image, gdouble *pixels, GError **error)
{
  guint               n_paths;
  GimpPath           *path = find_path (image, &n_paths);
  g_autofree gint    *strokes = NULL;
  g_autofree gdouble *points = NULL;
  gsize               n_strokes;
  gsize               n_points;
  gboolean            closed;

  *pixels = 0.0;
  if (path == NULL)
    return TRUE;
  if (n_paths > 1)
    return refuse (error, _("There are several paths: select the one that was "
                            "drawn along the ruler, in the Paths dialog."));

  strokes = gimp_path_get_strokes (path, &n_strokes);
  if (n_strokes != 1)
    return refuse (error, _("The path has to be one line: draw a new one from "
                            "one mark of the ruler to another."));
  gimp_path_stroke_get_points (path, strokes[0], &n_points, &points, &closed);
  if (closed)
    return refuse (error, _("The path comes back to where it began: draw a "
                            "new one from one mark of the ruler to "
                            "another."));

  *pixels = gimp_path_stroke_get_length (path, strokes[0], PATH_PRECISION);
  /* 0 would say that there is none. */
  *pixels = MAX (*pixels, G_MINDOUBLE);
  return TRUE;
}

/* The longer side of the selection, 0 without one. */
static gdouble
measure_selection (GimpImage *image)
{
  gboolean non_empty;
  gint     x1, y1, x2, y2;

  if (!gimp_selection_bounds (image, &non_empty, &x1, &y1, &x2, &y2)
      || !non_empty)
    return 0.0;

  return MAX (x2 - x1, y2 - y1);
}

static gboolean
check_scale (gdouble pixels_per_mm, GError **error)
{
  g_autofree gchar *number = NULL;

  if (skin_scale_is_possible (pixels_per_mm))
    return TRUE;

  number = g_strdup_printf ("%.4g", pixels_per_mm);
  g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
               _("That would be %s pixels per mm, and photographs of skin have "
                 "between %g and %g: check the length and what it was "
                 "measured along."),
               number, SKIN_SCALE_MIN, SKIN_SCALE_MAX);
  return FALSE;
}

/* Looks in the layer, or in the part of it that is selected. */
static gboolean
find_ruler (GimpDrawable   *drawable,
            PockmarkRuler  *ruler,
            GError        **error)
{
  GeglBuffer         *source = gimp_drawable_get_buffer (drawable);
  GeglBuffer         *copy = gegl_buffer_dup (source);
  GeglRectangle       area;
  PockmarkGeglPicture picture;
  PockmarkHost        host;
  gboolean            looked = FALSE;

  if (gimp_drawable_mask_intersect (drawable, &area.x, &area.y, &area.width,
                                    &area.height))
    {
      pockmark_gegl_picture_init (&picture, copy, &area,
                                  POCKMARK_GEGL_PHOTOGRAPH);
      pockmark_gegl_host_init (&host);
      looked = pockmark_ruler_find (&picture.source, &host, ruler, error);
    }
  else
    refuse (error, _("The selection lies outside the layer: move it onto the "
                     "ruler, or choose Select > None."));
  g_object_unref (copy);
  g_object_unref (source);

  return looked;
}

static gboolean
scale_of_ruler (GimpDrawable  *drawable,
                Choice        *choice,
                GError       **error)
{
  PockmarkRuler ruler;

  choice->way = WAY_RULER;
  if (!find_ruler (drawable, &ruler, error))
    return FALSE;
  if (ruler.pixels_per_mm == 0.0)
    return refuse (error, _("No ruler was found: select a part of it and try "
                            "again, or draw a path along it and give its "
                            "length in mm."));
  if (ruler.confidence < POCKMARK_RULER_SURE)
    {
      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("Ticks were found, but nothing tells how far apart they "
                     "are. If it is %.2g mm, give %.2f as the pixels per "
                     "mm."),
                   ruler.tick_mm, ruler.pixels_per_mm);
      return FALSE;
    }

  choice->pixels_per_mm = ruler.pixels_per_mm;
  return check_scale (choice->pixels_per_mm, error);
}

static gboolean
scale_of_length (GimpImage *image,
                 gdouble    length_mm,
                 Choice    *choice,
                 GError   **error)
{
  gdouble pixels;

  choice->way = WAY_PATH;
  if (!measure_path (image, &pixels, error))
    return FALSE;
  if (pixels == 0.0)
    {
      choice->way = WAY_SELECTION;
      pixels = measure_selection (image);
    }
  if (pixels == 0.0)
    return refuse (error, _("There is nothing to measure: draw a path along "
                            "the ruler with the Paths tool, or select a "
                            "stretch of it, and run this again."));
  if (pixels < STRETCH_MIN)
    return refuse (error, _("The stretch is too short to measure: choose one "
                            "of many millimeters, from mark to mark of the "
                            "ruler."));

  choice->pixels_per_mm = pixels / length_mm;
  return check_scale (choice->pixels_per_mm, error);
}

/* The arguments name one way, not none and not two. */
static gboolean
scale_of_arguments (GimpImage       *image,
                    GimpDrawable    *drawable,
                    const Arguments *arguments,
                    Choice          *choice,
                    GError         **error)
{
  gint ways = (arguments->length_mm > 0.0) + (arguments->pixels_per_mm > 0.0)
              + arguments->find_ruler;

  if (ways > 1)
    return refuse (error, _("The scale is given twice: give a length in mm, "
                            "or the pixels per mm, or let the ruler be found, "
                            "and leave the others out."));
  if (arguments->length_mm > 0.0)
    return scale_of_length (image, arguments->length_mm, choice, error);
  if (arguments->find_ruler)
    return scale_of_ruler (drawable, choice, error);
  if (ways == 0)
    return refuse (error, _("There is no scale to set: give the length in mm "
                            "of the selected path or of the selection, or the "
                            "pixels per mm; either must be more than 0. Or "
                            "let the ruler be found."));

  choice->way = WAY_NUMBER;
  choice->pixels_per_mm = arguments->pixels_per_mm;
  return check_scale (choice->pixels_per_mm, error);
}

/* ---- Dialog ------------------------------------------------------------- */

typedef struct
{
  GtkWidget           *dialog;
  GtkWidget           *buttons[N_WAYS];
  GtkWidget           *length;
  GtkWidget           *number;
  GtkWidget           *note;
  GimpProcedureConfig *config;
  GimpDrawable        *drawable;
  gdouble              pixels[N_WAYS]; /* of path and selection, 0: none */
  gboolean             searched;
  PockmarkRuler        ruler;
  Choice               choice;
} ScaleDialog;

/* What the stretch makes, and how sure one can be of its ends. */
static gchar *
explain_stretch (const ScaleDialog *dialog, gdouble mm)
{
  gdouble pixels = dialog->pixels[dialog->choice.way];

  return g_strdup_printf (_("%.0f pixels are %.4g mm: %.2f pixels per mm. If "
                            "each end is off by a pixel, by up to %.2g %%."),
                          pixels, mm, pixels / mm, 200.0 / pixels);
}

static gchar *
explain_ruler (const PockmarkRuler *ruler)
{
  if (ruler->pixels_per_mm == 0.0)
    return g_strdup (_("No ruler was found. Select a part of it and try "
                       "again, or draw a path along it."));
  if (ruler->confidence < POCKMARK_RULER_SURE)
    return g_strdup_printf (_("Warning: %u ticks were found, but nothing tells "
                              "how far apart they are. Only if it is %.2g mm "
                              "are %.2f pixels per mm right."),
                            ruler->ticks, ruler->tick_mm,
                            ruler->pixels_per_mm);

  return g_strdup_printf (_("A ruler was found: %u ticks, %.2g mm apart, make "
                            "%.2f pixels per mm."),
                          ruler->ticks, ruler->tick_mm,
                          ruler->pixels_per_mm);
}

static gchar *
explain_choice (ScaleDialog *dialog)
{
  gdouble           mm;
  gdouble           number;
  g_autoptr (GError) error = NULL;
  gchar            *text = NULL;

  g_object_get (dialog->config, "length-mm", &mm, "pixels-per-mm", &number,
                NULL);
  switch (dialog->choice.way)
    {
    case WAY_RULER:
      dialog->choice.pixels_per_mm = dialog->ruler.pixels_per_mm;
      return explain_ruler (&dialog->ruler);
    case WAY_NUMBER:
      dialog->choice.pixels_per_mm = number;
      text = number > 0.0
               ? g_strdup_printf (_("10 mm of skin are %.0f pixels."),
                                  10.0 * number)
               : g_strdup (_("Type how many pixels a millimeter takes."));
      break;
    default:
      dialog->choice.pixels_per_mm =
        mm > 0.0 ? dialog->pixels[dialog->choice.way] / mm : 0.0;
      text = mm > 0.0 ? explain_stretch (dialog, mm)
                      : g_strdup (_("Type how many millimeters it is long."));
      break;
    }

  if (dialog->choice.pixels_per_mm > 0.0
      && !check_scale (dialog->choice.pixels_per_mm, &error))
    {
      g_free (text);
      text = g_strdup (error->message);
    }
  return text;
}

static void
update_dialog (ScaleDialog *dialog)
{
  Way               way = dialog->choice.way;
  g_autofree gchar *text = explain_choice (dialog);

  gtk_label_set_text (GTK_LABEL (dialog->note), text);
  gtk_widget_set_sensitive (dialog->length,
                            way == WAY_PATH || way == WAY_SELECTION);
  gtk_widget_set_sensitive (dialog->number, way == WAY_NUMBER);
  gtk_dialog_set_response_sensitive (
    GTK_DIALOG (dialog->dialog), GTK_RESPONSE_OK,
    skin_scale_is_possible (dialog->choice.pixels_per_mm));
}

static void
on_number (GObject *config, GParamSpec *pspec, ScaleDialog *dialog)
{
  update_dialog (dialog);
}

static void
on_way (GtkToggleButton *button, ScaleDialog *dialog)
{
  g_autoptr (GError) error = NULL;

  if (!gtk_toggle_button_get_active (button))
    return;

  for (guint way = 0; way < N_WAYS; way++)
    if (dialog->buttons[way] == GTK_WIDGET (button))
      dialog->choice.way = way;
  if (dialog->choice.way == WAY_RULER && !dialog->searched)
    {
      dialog->searched = TRUE;
      if (!find_ruler (dialog->drawable, &dialog->ruler, &error))
        g_message ("%s", error->message);
    }
  update_dialog (dialog);
}

static gchar *
way_label (const ScaleDialog *dialog, Way way)
{
  switch (way)
    {
    case WAY_PATH:
      return dialog->pixels[way] > 0.0
               ? g_strdup_printf (_("The _path: %.1f pixels"),
                                  dialog->pixels[way])
               : g_strdup (_("The _path (draw one along the ruler)"));
    case WAY_SELECTION:
      return dialog->pixels[way] > 0.0
               ? g_strdup_printf (_("The s_election's longer side: %.0f "
                                    "pixels"), dialog->pixels[way])
               : g_strdup (_("The s_election (select a stretch of the "
                             "ruler)"));
    case WAY_RULER:
      return g_strdup (_("_Find the ruler in the picture"));
    default:
      return g_strdup (_("A _number that is known"));
    }
}

/* One button a way; the first that there is something for is on. */
static GtkWidget *
ways_box_new (ScaleDialog *dialog)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *group = NULL;

  for (guint way = 0; way < N_WAYS; way++)
    {
      g_autofree gchar *label = way_label (dialog, way);
      GtkWidget        *button;

      button = gtk_radio_button_new_with_mnemonic_from_widget (
        GTK_RADIO_BUTTON (group), label);
      group = button;
      gtk_widget_set_sensitive (button, way >= WAY_RULER
                                          || dialog->pixels[way] > 0.0);
      gtk_box_pack_start (GTK_BOX (box), button, FALSE, FALSE, 0);
      dialog->buttons[way] = button;
    }
  gtk_widget_show_all (box);

  return box;
}

static void
start_with (ScaleDialog *dialog, Way way)
{
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (dialog->buttons[way]),
                                TRUE);
  for (guint i = 0; i < N_WAYS; i++)
    g_signal_connect (dialog->buttons[i], "toggled", G_CALLBACK (on_way),
                      dialog);
  on_way (GTK_TOGGLE_BUTTON (dialog->buttons[way]), dialog);
}

/* The record of last values holds the one way that was taken. */
static void
remember (const ScaleDialog *dialog)
{
  Way way = dialog->choice.way;

  if (way == WAY_RULER || way == WAY_NUMBER)
    g_object_set (dialog->config, "length-mm", 0.0, NULL);
  if (way != WAY_NUMBER)
    g_object_set (dialog->config, "pixels-per-mm", 0.0, NULL);
  g_object_set (dialog->config, "find-ruler", way == WAY_RULER, NULL);
}

static void
fill_dialog (ScaleDialog *dialog)
{
  GimpProcedureDialog *gimp = GIMP_PROCEDURE_DIALOG (dialog->dialog);
  GtkWidget           *ways = ways_box_new (dialog);
  GtkWidget           *box;

  dialog->length = dialog_get_spin (gimp, "length-mm", 1.0);
  dialog->number = dialog_get_spin (gimp, "pixels-per-mm", 0.1);
  dialog->note = gimp_procedure_dialog_get_label (gimp, "note", "", FALSE,
                                                  FALSE);
  gtk_label_set_xalign (GTK_LABEL (dialog->note), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (dialog->note), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (dialog->note), NOTE_WIDTH);
  gtk_label_set_max_width_chars (GTK_LABEL (dialog->note), NOTE_WIDTH);

  box = gimp_procedure_dialog_fill_box (gimp, "scale-box", "length-mm",
                                        "pixels-per-mm", "note", NULL);
  gtk_box_pack_start (GTK_BOX (box), ways, FALSE, FALSE, 6);
  gtk_box_reorder_child (GTK_BOX (box), ways, 0);
  gimp_procedure_dialog_fill (gimp, "scale-box", NULL);
}

static gboolean
show_dialog (GimpProcedure       *procedure,
             GimpProcedureConfig *config,
             GimpImage           *image,
             GimpDrawable        *drawable,
             Choice              *choice)
{
  ScaleDialog        dialog = { .config = config, .drawable = drawable };
  g_autoptr (GError) error = NULL;
  gdouble            mm;
  gulong             handler;
  gboolean           agreed;

  dialog.dialog = GTK_WIDGET (dialog_new (procedure, config,
                                          _("Set Skin Scale"), _("_Set")));
  if (!measure_path (image, &dialog.pixels[WAY_PATH], &error))
    g_message ("%s", error->message);
  dialog.pixels[WAY_SELECTION] = measure_selection (image);
  g_object_get (config, "length-mm", &mm, NULL);
  if (mm == 0.0)
    g_object_set (config, "length-mm", LENGTH_USUAL, NULL);

  fill_dialog (&dialog);
  handler = g_signal_connect (config, "notify", G_CALLBACK (on_number),
                              &dialog);
  start_with (&dialog, dialog.pixels[WAY_PATH] > 0.0        ? WAY_PATH
                       : dialog.pixels[WAY_SELECTION] > 0.0 ? WAY_SELECTION
                                                            : WAY_RULER);
  agreed = gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog.dialog));
  g_signal_handler_disconnect (config, handler);
  gtk_widget_destroy (dialog.dialog);
  if (agreed)
    remember (&dialog);
  *choice = dialog.choice;

  return agreed;
}

/* ---- Running ------------------------------------------------------------ */

static GimpValueArray *
run (GimpProcedure       *procedure,
     GimpRunMode          run_mode,
     GimpImage           *image,
     GimpDrawable       **drawables,
     GimpProcedureConfig *config,
     gpointer             run_data)
{
  Arguments       arguments;
  Choice          choice;
  GimpValueArray *values;
  GError         *error = NULL;

  gegl_init (NULL, NULL);

  if (!input_check_layer (image, drawables, &error))
    return gimp_procedure_new_return_values (procedure,
                                             GIMP_PDB_CALLING_ERROR, error);
  if (run_mode == GIMP_RUN_INTERACTIVE)
    {
      if (!show_dialog (procedure, config, image, drawables[0], &choice))
        return gimp_procedure_new_return_values (procedure, GIMP_PDB_CANCEL,
                                                 NULL);
    }
  else
    {
      arguments_read (&arguments, config);
      if (!scale_of_arguments (image, drawables[0], &arguments, &choice,
                               &error))
        return gimp_procedure_new_return_values (
          procedure,
          arguments.find_ruler ? GIMP_PDB_EXECUTION_ERROR
                               : GIMP_PDB_CALLING_ERROR, error);
    }

  gimp_image_undo_group_start (image);
  skin_scale_keep (image, choice.pixels_per_mm, way_words[choice.way]);
  test_stop_at ("scale");
  gimp_image_undo_group_end (image);
  gimp_displays_flush ();

  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS,
                                             NULL);
  GIMP_VALUES_SET_DOUBLE (values, 1, choice.pixels_per_mm);

  return values;
}

/* ---- Declaring ---------------------------------------------------------- */

GimpProcedure *
set_skin_scale_create (GimpPlugIn *plug_in, const gchar *name)
{
  GimpProcedure *procedure;

  procedure = image_procedure_new_free (plug_in, name,
                                        _("Set Skin _Scale…"),
                                        "pockmark-scale", run);
  /* A ruler is a ruler without color, too. */
  gimp_procedure_set_image_types (procedure, "*");
  gimp_procedure_set_documentation (procedure,
    _("Tell how many pixels a millimeter of skin takes"),
    _("Reads the scale from a ruler in the photograph: from a path drawn along "
      "it, or from a selected stretch of it, whose length in mm is given; or "
      "finds the ruler's ticks itself. Or takes a number of pixels per mm. The "
      "image keeps the scale: all that Pockmark measures, and GIMP's own "
      "rulers and Measure tool, then use true millimeters."),
    name);

  gimp_procedure_add_double_argument (procedure, "length-mm",
    _("_Length (mm)"),
    _("How many millimeters the selected path is long, or, if there is no "
      "path, the longer side of the selection; 0 if it is not to be measured"),
    0.0, LENGTH_MAX, 0.0, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (procedure, "pixels-per-mm",
    _("Pi_xels per mm"),
    _("How many pixels of the photograph one millimeter of skin takes, if "
      "that is known; else 0"),
    0.0, SKIN_SCALE_MAX, 0.0, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (procedure, "find-ruler",
    _("_Find the ruler"),
    _("Look for the ticks of a millimeter ruler or an adhesive scale in the "
      "layer, or in its part that is selected"),
    FALSE, G_PARAM_READWRITE);
  gimp_procedure_add_double_return_value (procedure, "pixels-per-mm",
    _("Pixels per mm"), _("The scale that the image now has"),
    0.0, SKIN_SCALE_MAX, 0.0, G_PARAM_READWRITE);

  return procedure;
}
