/* plug-in-set-skin-scale
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libgimp/gimpui.h>

#include "annotation.h"
#include "input.h"
#include "record.h"
#include "skin-scale.h"

/* Of a path's length: GIMP halves the curve until it is as straight. */
#define PATH_PRECISION 0.1

/* Nobody hits the ends of a stretch better than to a pixel: shorter ones are
 * refused. */
#define STRETCH_MIN 10.0

/* The longest ruler that anybody lays on skin, mm. */
#define LENGTH_MAX 10000.0

/* How the scale is known; each way has its word in the image's record. */
typedef enum
{
  WAY_PATH,
  WAY_SELECTION,
  WAY_NUMBER,
  N_WAYS
} Way;

static const gchar *const way_words[N_WAYS] = {
  [WAY_PATH] = "path",
  [WAY_SELECTION] = "selection",
  [WAY_NUMBER] = "number",
};

/* The arguments, read once. */
typedef struct
{
  gdouble length_mm;
  gdouble pixels_per_mm;
} Arguments;

static void
arguments_read (Arguments *arguments, GimpProcedureConfig *config)
{
  g_object_get (config,
                "length-mm",     &arguments->length_mm,
                "pixels-per-mm", &arguments->pixels_per_mm,
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

static gboolean
scale_of_length (GimpImage *image,
                 gdouble    length_mm,
                 gdouble   *pixels_per_mm,
                 Way       *way,
                 GError   **error)
{
  gdouble pixels;

  *way = WAY_PATH;
  if (!measure_path (image, &pixels, error))
    return FALSE;
  if (pixels == 0.0)
    {
      *way = WAY_SELECTION;
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

  *pixels_per_mm = pixels / length_mm;
  return check_scale (*pixels_per_mm, error);
}

/* The arguments name one way, not none and not two. */
static gboolean
scale_of_arguments (GimpImage       *image,
                    const Arguments *arguments,
                    gdouble         *pixels_per_mm,
                    Way             *way,
                    GError         **error)
{
  gboolean length = arguments->length_mm > 0.0;
  gboolean number = arguments->pixels_per_mm > 0.0;

  if (length && number)
    return refuse (error, _("The scale is given twice: give either a length "
                            "in mm or the pixels per mm, and 0 for the "
                            "other."));
  if (length)
    return scale_of_length (image, arguments->length_mm, pixels_per_mm, way,
                            error);
  if (!number)
    return refuse (error, _("There is no scale to set: give the length in mm "
                            "of the selected path or of the selection, or the "
                            "pixels per mm; either must be more than 0."));

  *way = WAY_NUMBER;
  *pixels_per_mm = arguments->pixels_per_mm;
  return check_scale (*pixels_per_mm, error);
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
  GimpValueArray *values;
  gdouble         pixels_per_mm;
  Way             way;
  GError         *error = NULL;

  arguments_read (&arguments, config);
  if (!input_check_layer (image, drawables, &error)
      || !scale_of_arguments (image, &arguments, &pixels_per_mm, &way,
                              &error))
    return gimp_procedure_new_return_values (procedure,
                                             GIMP_PDB_CALLING_ERROR, error);

  gimp_image_undo_group_start (image);
  skin_scale_keep (image, pixels_per_mm, way_words[way]);
  gimp_image_undo_group_end (image);
  gimp_displays_flush ();

  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS,
                                             NULL);
  GIMP_VALUES_SET_DOUBLE (values, 1, pixels_per_mm);

  return values;
}

/* ---- Declaring ---------------------------------------------------------- */

GimpProcedure *
set_skin_scale_create (GimpPlugIn *plug_in, const gchar *name)
{
  GimpProcedure *procedure;

  procedure = pockmark_image_procedure_new (plug_in, name,
                                            _("Set Skin _Scale…"),
                                            "pockmark-scale", run);
  /* A ruler is a ruler without color, too. */
  gimp_procedure_set_image_types (procedure, "*");
  gimp_procedure_set_documentation (procedure,
    _("Tell how many pixels a millimeter of skin takes"),
    _("Reads the scale from a ruler in the photograph: from a path drawn along "
      "it, or from a selected stretch of it, whose length in mm is given. Or "
      "takes a number of pixels per mm. The image keeps the scale: all that "
      "Pockmark measures, and GIMP's own rulers and Measure tool, then use "
      "true millimeters."),
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
  gimp_procedure_add_double_return_value (procedure, "pixels-per-mm",
    _("Pixels per mm"), _("The scale that the image now has"),
    0.0, SKIN_SCALE_MAX, 0.0, G_PARAM_READWRITE);

  return procedure;
}
