/* How many pixels a millimetre of skin has, and who says so
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "skin-scale.h"
#include "record.h"

#define PATH_PARASITE "pockmark-scale"
#define MM_PER_INCH 25.4

/* Arms that differ by more than this, as a share of their sum, were stretched
 * by someone; one pixel of an image scaled to 50 is no stretching. */
#define STRETCH_MAX 0.005

/* A path that grew by less did not. */
#define SAME 1e-4

gboolean
skin_scale_is_possible (gdouble pixels_per_mm)
{
  return pixels_per_mm >= SKIN_SCALE_MIN && pixels_per_mm <= SKIN_SCALE_MAX;
}

gboolean
skin_scale_resolve (SkinScale  *scale,
                    GimpImage  *image,
                    gdouble     argument,
                    GError    **error)
{
  scale->pixels_per_mm = 0.0;
  scale->source = NULL;

  if (argument == 0.0)
    {
      record_get_scale (image, &scale->pixels_per_mm, &scale->source);
      return TRUE;
    }

  if (!skin_scale_is_possible (argument))
    {
      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("The skin scale must lie between %g and %g pixels per "
                     "mm, or be 0 where it is not known."),
                   SKIN_SCALE_MIN, SKIN_SCALE_MAX);
      return FALSE;
    }

  scale->pixels_per_mm = argument;
  scale->source = g_strdup ("argument");
  return TRUE;
}

void
skin_scale_clear (SkinScale *scale)
{
  g_clear_pointer (&scale->source, g_free);
  scale->pixels_per_mm = 0.0;
}

const gchar *
skin_scale_word (const SkinScale *scale)
{
  return scale->source != NULL ? scale->source : "unknown";
}

gchar *
skin_scale_explain (GimpImage *image, gdouble argument)
{
  g_autofree gchar *source = NULL;
  gdouble           kept;

  if (skin_scale_is_possible (argument))
    return g_strdup_printf (_("10 mm of skin are %.0f pixels. The image will "
                              "remember this."), 10.0 * argument);
  if (argument > 0.0)
    return g_strdup (_("Too few pixels to see anything: check the number."));
  if (record_get_scale (image, &kept, &source))
    return g_strdup_printf (_("0: the image's own skin scale, %.2f pixels per "
                              "mm."), kept);

  return g_strdup (_("0: not known. Sizes are given in pixels and widths are "
                     "judged against each other. Set Skin Scale finds it from "
                     "a ruler."));
}

gdouble
skin_scale_round_mm (gdouble pixels_per_mm, gdouble pixels)
{
  static const gdouble steps[] = { 5.0, 2.0, 1.0 };
  gdouble              most = pixels / pixels_per_mm;
  gdouble              decade = pow (10.0, floor (log10 (most)));

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] * decade <= most * (1.0 + 1e-9))
      return steps[i] * decade;

  return decade;
}

/* ---- The path ----------------------------------------------------------- */

gboolean
skin_scale_owns (GimpPath *path)
{
  GimpParasite *parasite = gimp_item_get_parasite (GIMP_ITEM (path),
                                                   PATH_PARASITE);

  if (parasite == NULL)
    return FALSE;

  gimp_parasite_free (parasite);
  return TRUE;
}

static GimpPath *
find_path (GimpImage *image)
{
  g_autofree GimpPath **paths = gimp_image_get_paths (image);

  for (gsize i = 0; paths != NULL && paths[i] != NULL; i++)
    if (skin_scale_owns (paths[i]))
      return paths[i];

  return NULL;
}

/* The mean of the arms; 0 where the path is not the one that we drew or was
 * stretched, so that a millimetre is not the same everywhere. */
static gdouble
measure_path (GimpPath *path)
{
  g_autofree gint *strokes = NULL;
  gsize            n_strokes;
  gdouble          arm[2];

  strokes = gimp_path_get_strokes (path, &n_strokes);
  if (n_strokes != 2)
    return 0.0;

  for (gint i = 0; i < 2; i++)
    arm[i] = gimp_path_stroke_get_length (path, strokes[i], 1.0);
  if (fabs (arm[0] - arm[1]) > STRETCH_MAX * (arm[0] + arm[1]))
    return 0.0;

  return 0.5 * (arm[0] + arm[1]);
}

static void
add_arm (GimpPath *path, gdouble x0, gdouble y0, gdouble x1, gdouble y1)
{
  const gdouble controls[12] = { x0, y0, x0, y0, x0, y0,
                                 x1, y1, x1, y1, x1, y1 };

  gimp_path_stroke_new_from_points (path, GIMP_PATH_STROKE_TYPE_BEZIER,
                                    G_N_ELEMENTS (controls), controls, FALSE);
}

/* Into the corner at the bottom left, hidden. */
static void
add_path (GimpImage *image, gdouble pixels_per_mm)
{
  gdouble               width = gimp_image_get_width (image);
  gdouble               height = gimp_image_get_height (image);
  gdouble               side = MIN (width, height);
  gdouble               mm = skin_scale_round_mm (pixels_per_mm, side / 3.0);
  gdouble               x = side / 50.0;
  gdouble               y = height - side / 50.0;
  g_autofree gchar     *name = NULL;
  g_autofree GimpPath **selected = gimp_image_get_selected_paths (image);
  g_autofree GimpPath **paths = gimp_image_get_paths (image);
  gint                  position;
  GimpParasite         *parasite;
  GimpPath             *path;

  /* Translators: the name of a path; %g is a length. */
  name = g_strdup_printf (_("Skin scale: %g mm"), mm);
  path = gimp_path_new (image, name);
  add_arm (path, x, y, x, y - mm * pixels_per_mm);
  add_arm (path, x, y, x + mm * pixels_per_mm, y);
  position = gimp_core_object_array_get_length ((GObject **) paths);
  gimp_image_insert_path (image, path, NULL, position);
  gimp_item_set_visible (GIMP_ITEM (path), FALSE);
  /* GIMP selects what is new, and refuses to select nothing. */
  if (selected != NULL && selected[0] != NULL)
    gimp_image_set_selected_paths (image, (const GimpPath **) selected);

  parasite = gimp_parasite_new (PATH_PARASITE,
                                GIMP_PARASITE_PERSISTENT
                                  | GIMP_PARASITE_UNDOABLE,
                                strlen (name), name);
  gimp_item_attach_parasite (GIMP_ITEM (path), parasite);
  gimp_parasite_free (parasite);
}

/* ---- What becomes of it ------------------------------------------------- */

void
skin_scale_trace_init (SkinScaleTrace *trace, GimpImage *image)
{
  GimpPath *path = find_path (image);

  trace->width = gimp_image_get_width (image);
  trace->height = gimp_image_get_height (image);
  trace->path_length = path != NULL ? measure_path (path) : 0.0;
}

gdouble
skin_scale_change (GimpImage *image, const SkinScaleTrace *then)
{
  SkinScaleTrace now;
  gdouble        grown;

  skin_scale_trace_init (&now, image);
  if (then->path_length > 0.0 && find_path (image) != NULL)
    {
      grown = now.path_length / then->path_length;
      /* A path's places are rounded a little by a file or a turn. */
      return fabs (grown - 1.0) < SAME ? 1.0 : grown;
    }

  if (then->width == 0
      || (now.width == then->width && now.height == then->height)
      || (now.width == then->height && now.height == then->width))
    return 1.0;

  return 0.0;
}

/* ---- Keeping ------------------------------------------------------------ */

/* For GIMP's rulers, its Measure tool and the print size. */
static void
set_resolution (GimpImage *image, gdouble pixels_per_mm)
{
  gdouble dpi = pixels_per_mm * MM_PER_INCH;

  gimp_image_set_resolution (image, dpi, dpi);
  gimp_image_set_unit (image, gimp_unit_mm ());
}

static void
redraw (GimpImage *image, gdouble pixels_per_mm)
{
  GimpPath *path;

  while ((path = find_path (image)) != NULL)
    gimp_image_remove_path (image, path);
  add_path (image, pixels_per_mm);
  set_resolution (image, pixels_per_mm);
}

void
skin_scale_keep (GimpImage   *image,
                 gdouble      pixels_per_mm,
                 const gchar *source)
{
  redraw (image, pixels_per_mm);
  record_store_scale (image, pixels_per_mm, source);
}

void
skin_scale_follow (GimpImage *image, gdouble pixels_per_mm)
{
  g_autofree gchar *source = NULL;
  gdouble           kept = 0.0;
  gdouble           dpi;
  gdouble           dpi_y;

  if (find_path (image) == NULL)
    return;

  record_get_scale (image, &kept, &source);
  gimp_image_get_resolution (image, &dpi, &dpi_y);
  if (kept != pixels_per_mm
      || fabs (dpi / MM_PER_INCH / pixels_per_mm - 1.0) > SAME)
    redraw (image, pixels_per_mm);
}
