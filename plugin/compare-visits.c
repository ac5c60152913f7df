/* plug-in-compare-visits
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include <libgimp/gimpui.h>

#include "annotation.h"
#include "dialog.h"
#include "image-procedure.h"
#include "pockmark-gegl.h"
#include "progress.h"
#include "skin-scale.h"
#include "visits-picture.h"
#include "visits-report.h"

/* The arguments, read once. */
typedef struct
{
  GimpDrawable *before;
  GFile        *before_file;
  gdouble       pixels_per_mm;
  gdouble       before_pixels_per_mm;
  gdouble       sensitivity;
  gboolean      grey_card;
  GFile        *report_file;
} Arguments;

/* The earlier visit; image: opened by us, or NULL. */
typedef struct
{
  Input     *input;
  GimpImage *image;
  SkinScale  scale;
} Before;

static gboolean
arguments_read (gpointer data, GimpProcedureConfig *config, GError **error)
{
  Arguments *arguments = data;

  g_object_get (config,
                "before",               &arguments->before,
                "before-file",          &arguments->before_file,
                "pixels-per-mm",        &arguments->pixels_per_mm,
                "before-pixels-per-mm", &arguments->before_pixels_per_mm,
                "sensitivity",          &arguments->sensitivity,
                "grey-card",            &arguments->grey_card,
                "report-file",          &arguments->report_file,
                NULL);
  return TRUE;
}

static void
arguments_clear (gpointer data)
{
  Arguments *arguments = data;

  g_clear_object (&arguments->before_file);
  g_clear_object (&arguments->report_file);
}

static gchar *
describe (const Arguments *arguments, const Input *input,
          const PockmarkComparison *comparison)
{
  g_autofree gchar *sensitivity =
    csv_number ("%.4g", arguments->sensitivity);
  g_autofree gchar *compared =
    csv_number ("%.1f", 100.0 * comparison->compared);

  return g_strdup_printf ("sensitivity=%s;reference=%s;selection=%s;"
                          "compared-percent=%s", sensitivity,
                          arguments->grey_card ? "grey-card" : "skin",
                          input->region != NULL ? "yes" : "no", compared);
}

/* ---- Dialog ------------------------------------------------------------- */

static gboolean
ask (GimpProcedure       *procedure,
     GimpProcedureConfig *config,
     Input               *input,
     GError             **error)
{
  GimpProcedureDialog *dialog;

  dialog = dialog_new (procedure, config, _("Compare Visits"),
                       _("Com_pare"));
  dialog_add_scale (dialog, config, input->image);
  dialog_get_spin (dialog, "before-pixels-per-mm", 0.1);
  dialog_add_frame (dialog, "earlier", _("Earlier visit"), "before",
                    "before-file", "before-pixels-per-mm", NULL);
  gimp_procedure_dialog_get_scale_entry (dialog, "sensitivity", 1.0);
  gimp_procedure_dialog_fill (dialog, "earlier-frame", DIALOG_SCALE,
                              "sensitivity", "grey-card", "report-file",
                              NULL);

  return dialog_run (dialog)
         && (!annotation_exists (input->image, ANNOTATION_VISITS)
             || annotation_ask (_("Replace the comparison of the last "
                                  "run?")));
}

/* ---- The earlier visit -------------------------------------------------- */

static void
before_clear (Before *before)
{
  g_clear_pointer (&before->input, input_free);
  if (before->image != NULL)
    gimp_image_delete (before->image);
  skin_scale_clear (&before->scale);
}

/* Opens the file in an image of our own, as one layer. */
static GimpDrawable *
open_file (Before *before, GFile *file, GError **error)
{
  g_autofree gchar *name = g_file_get_parse_name (file);

  before->image = gimp_file_load (GIMP_RUN_NONINTERACTIVE, file);
  if (before->image == NULL)
    {
      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("\"%s\" could not be opened: choose a photograph that "
                     "GIMP can read."), name);
      return NULL;
    }

  return GIMP_DRAWABLE (gimp_image_merge_visible_layers (
    before->image, GIMP_CLIP_TO_IMAGE));
}

/* Two visits in one image, or in two that have no file yet, are told apart by
 * their layers. */
static void
name_layer (Input *input)
{
  g_autofree gchar *layer = gimp_item_get_name (GIMP_ITEM (input->layer));
  gchar            *name = g_strdup_printf ("%s (%s)", input->name, layer);

  g_free (input->name);
  input->name = name;
}

static gboolean
before_open (Before *before, const Arguments *arguments, Input *after,
             GError **error)
{
  GimpDrawable *drawable = arguments->before;
  GimpDrawable *drawables[] = { NULL, NULL };

  if (arguments->before_file != NULL)
    drawable = open_file (before, arguments->before_file, error);
  else if (drawable == NULL || drawable == GIMP_DRAWABLE (after->layer))
    g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                 _("There is no earlier visit to compare with: choose the "
                   "layer of another open image, another layer, or a "
                   "file."));
  if (drawable == NULL || (error != NULL && *error != NULL))
    return FALSE;

  drawables[0] = drawable;
  before->input = input_new (gimp_item_get_image (GIMP_ITEM (drawable)),
                             drawables, error);
  if (before->input != NULL && arguments->before_file != NULL)
    {
      g_autofree gchar *base = g_file_get_basename (arguments->before_file);

      g_free (before->input->name);
      before->input->name = g_filename_display_name (base);
    }

  if (before->input != NULL
      && g_str_equal (before->input->name, after->name))
    {
      name_layer (before->input);
      name_layer (after);
    }

  return before->input != NULL
         && skin_scale_resolve (&before->scale, before->input->image,
                                arguments->before_pixels_per_mm, error);
}

/* ---- Comparing ---------------------------------------------------------- */

/* The selection's box in pixels of the layer. */
static gboolean
selected_patch (Input *input, PockmarkRect *patch, GError **error)
{
  gint x;
  gint y;
  gint width;
  gint height;

  if (input->region == NULL
      || !gimp_drawable_mask_intersect (GIMP_DRAWABLE (input->layer), &x, &y,
                                        &width, &height))
    {
      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("The grey card is not marked: select a part of it in "
                     "both images, or compare without it."));
      return FALSE;
    }

  *patch = (PockmarkRect) { x, y, width, height };
  /* It marks the card, not what is to be compared. */
  g_clear_object (&input->region);

  return TRUE;
}

static PockmarkComparison *
compare (Input *before, const SkinScale *before_scale, Input *after,
         const SkinScale *scale, const Arguments *arguments,
         const PockmarkReference *reference, GError **error)
{
  Progress            progress = { 0.0, 0.8, NULL };
  PockmarkHost        host = progress_host (&progress);
  PockmarkGeglPicture pictures[2];
  PockmarkParameters  wanted[2];

  for (guint i = 0; i < 2; i++)
    {
      pockmark_parameters_init (&wanted[i]);
      wanted[i].pixels_per_mm = (i > 0 ? scale : before_scale)->pixels_per_mm;
      wanted[i].sensitivity = arguments->sensitivity;
      wanted[i].whole_is_skin = (i > 0 ? after : before)->region != NULL;
      pockmark_gegl_picture_init (&pictures[i],
                                  (i > 0 ? after : before)->photograph, NULL,
                                  POCKMARK_GEGL_PHOTOGRAPH);
    }

  progress_start (&progress, _("Comparing the visits"));
  return pockmark_compare (&pictures[0].source, &wanted[0],
                           &pictures[1].source, &wanted[1], reference, &host,
                           error);
}

/* ---- Layers ------------------------------------------------------------- */

static GimpLayer *
layer_of (const Input *input, const gchar *name, GeglBuffer *picture)
{
  GimpLayer  *layer;
  GeglBuffer *buffer;
  const gint  width = gegl_buffer_get_width (picture);
  const gint  height = gegl_buffer_get_height (picture);

  layer = gimp_layer_new (input->image, name, width, height, GIMP_RGBA_IMAGE,
                          100.0,
                          gimp_image_get_default_new_layer_mode (
                            input->image));
  gimp_layer_set_offsets (layer, input->offset_x,
                          input->offset_y + input->height - height);
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  gegl_buffer_copy (picture, NULL, GEGL_ABYSS_NONE, buffer, NULL);
  g_object_unref (buffer);
  gimp_drawable_update (GIMP_DRAWABLE (layer), 0, 0, width, height);

  return layer;
}

/* Pictures of the comparison, before they become layers. */
typedef struct
{
  GeglBuffer *aligned;
  GeglBuffer *change;
  GeglBuffer *fates;
  GeglBuffer *legend;
} Pictures;

static void
pictures_clear (Pictures *pictures)
{
  g_clear_object (&pictures->aligned);
  g_clear_object (&pictures->change);
  g_clear_object (&pictures->fates);
  g_clear_object (&pictures->legend);
}

static gboolean
pictures_make (Pictures *pictures, PockmarkComparison *comparison,
               Input *before, const Input *after, GError **error)
{
  const GeglRectangle area = { 0, 0, after->width, after->height };
  PockmarkGeglPicture picture;

  gimp_progress_set_text (_("Drawing the changes"));
  pockmark_gegl_picture_init (&picture, before->photograph, NULL,
                              POCKMARK_GEGL_PHOTOGRAPH);
  pictures->aligned = visits_picture_align (comparison, &picture.source,
                                            after->width, after->height,
                                            error);
  if (pictures->aligned == NULL)
    return FALSE;

  pictures->change = gegl_buffer_new (&area, babl_format ("R'G'B'A u8"));
  pictures->fates = gegl_buffer_new (&area, babl_format ("R'G'B'A u8"));
  visits_picture_change (comparison, pictures->change);
  pictures->legend = visits_picture_legend (MAX (after->width,
                                                 after->height));

  return visits_picture_fates (comparison, pictures->fates, error);
}

/* The earlier photograph covers the later: it waits hidden. */
static Annotation *
annotate (const Input *input, const Pictures *pictures)
{
  GSList    *layers = NULL;
  GimpLayer *earlier = layer_of (input, _("Earlier Visit"),
                                 pictures->aligned);

  gimp_item_set_visible (GIMP_ITEM (earlier), FALSE);
  layers = g_slist_prepend (layers, earlier);
  layers = g_slist_prepend (layers, layer_of (input, _("Redness Change"),
                                              pictures->change));
  layers = g_slist_prepend (layers, layer_of (input, _("Fates"),
                                              pictures->fates));
  layers = g_slist_prepend (layers, layer_of (input, _("Legend"),
                                              pictures->legend));

  return annotation_of_visits (input, layers);
}

/* ---- Running ------------------------------------------------------------ */

static GimpValueArray *
succeed (GimpProcedure *procedure, const PockmarkComparison *comparison)
{
  GimpValueArray *values;

  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS,
                                             NULL);
  for (guint i = 0; i < POCKMARK_FATE_UNKNOWN; i++)
    GIMP_VALUES_SET_INT (values, i + 1, comparison->count[i]);
  GIMP_VALUES_SET_DOUBLE (values, POCKMARK_FATE_UNKNOWN + 1,
                          isnan (comparison->redness_change)
                            ? 0.0
                            : comparison->redness_change);

  return values;
}

/* Everything that can fail comes before the image is touched. */
static PockmarkComparison *
work (Before *before, Input *after, const Arguments *arguments,
      const SkinScale *scale, const PockmarkReference *reference,
      VisitsReport *report, GError **error)
{
  g_autoptr (PockmarkComparison) comparison = NULL;
  g_autoptr (Annotation)         annotation = NULL;
  g_autofree gchar              *parameters = NULL;
  Pictures                       pictures = { NULL };
  AnnotationRecord               record;
  VisitsAccount                  account = { .after = after };
  gboolean                       done;

  gimp_progress_init (_("Compare Visits"));
  if (!input_read (before->input, error) || !input_read (after, error))
    return NULL;
  comparison = compare (before->input, &before->scale, after, scale,
                        arguments, reference, error);
  if (comparison == NULL)
    return NULL;

  done = pictures_make (&pictures, comparison, before->input, after, error);
  if (done && report != NULL)
    {
      account.before = before->input->name;
      account.comparison = comparison;
      account.aligned = pictures.aligned;
      account.overlay = pictures.fates;
      done = visits_report_write (report, &account, error);
    }
  if (done)
    {
      annotation = annotate (after, &pictures);
      parameters = describe (arguments, after, comparison);
      record = (AnnotationRecord) { scale->pixels_per_mm, scale->source,
                                    parameters };
      /* Cancelling ends the process: no longer, once the image is touched. */
      gimp_progress_end ();
      annotation_commit (annotation, &record);
    }
  pictures_clear (&pictures);

  return done ? g_steal_pointer (&comparison) : NULL;
}

static gboolean
prepare (Before *before, Input *after, const Arguments *arguments,
         SkinScale *scale, PockmarkReference *reference,
         VisitsReport **report, GError **error)
{
  if (!before_open (before, arguments, after, error)
      || !skin_scale_resolve (scale, after->image, arguments->pixels_per_mm,
                              error))
    return FALSE;

  if (arguments->grey_card
      && (!selected_patch (before->input, &reference->patch[0], error)
          || !selected_patch (after, &reference->patch[1], error)))
    return FALSE;

  if (arguments->report_file != NULL)
    {
      *report = visits_report_open (arguments->report_file, after->stem,
                                    error);
      return *report != NULL;
    }

  return TRUE;
}

static GimpValueArray *
run_with (GimpProcedure     *procedure,
          GimpRunMode        run_mode,
          Input             *input,
          gconstpointer      arguments,
          GimpPDBStatusType *status,
          GError           **error)
{
  g_autoptr (Input)              after = input;
  g_auto (SkinScale)             scale = { 0.0, NULL };
  g_autoptr (VisitsReport)       report = NULL;
  g_autoptr (PockmarkComparison) comparison = NULL;
  PockmarkReference              reference = { 0 };
  Before                         before = { NULL };

  if (prepare (&before, after, arguments, &scale, &reference, &report, error))
    {
      *status = GIMP_PDB_EXECUTION_ERROR;
      comparison = work (&before, after, arguments, &scale, &reference,
                         report, error);
    }
  before_clear (&before);
  if (comparison == NULL)
    return NULL;

  gimp_displays_flush ();
  return succeed (procedure, comparison);
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
add_earlier_arguments (GimpProcedure *procedure)
{
  gimp_procedure_add_drawable_argument (procedure, "before",
    _("Ear_lier photograph"),
    _("The layer with the photograph of the earlier visit, in this or in "
      "another open image"),
    TRUE, G_PARAM_READWRITE);
  gimp_procedure_add_file_argument (procedure, "before-file",
    _("_Or a file"),
    _("The file with the photograph of the earlier visit, instead of an open "
      "layer"),
    GIMP_FILE_CHOOSER_ACTION_OPEN, TRUE, NULL,
    G_PARAM_READWRITE | GIMP_PARAM_DONT_SERIALIZE);
  gimp_procedure_add_double_argument (procedure, "before-pixels-per-mm",
    _("Its pixels per _mm"),
    _("How many pixels of the earlier photograph one millimetre of skin "
      "takes; 0 to use that image's own skin scale, if it has one"),
    0.0, SKIN_SCALE_MAX, 0.0, G_PARAM_READWRITE);
}

static void
add_other_arguments (GimpProcedure *procedure)
{
  dialog_declare_sensitivity (procedure);
  gimp_procedure_add_boolean_argument (procedure, "grey-card",
    _("The selections mark a _grey card"),
    _("Take the selected part of each image for a card of the same grey, and "
      "even out the color of the light by it instead of by unaffected skin"),
    FALSE, G_PARAM_READWRITE);
  gimp_procedure_add_file_argument (procedure, "report-file",
    _("Report _file"),
    _("Table of the changes (CSV), to be written or added to. A table of the "
      "visits and a page with both photographs (HTML) go into the same "
      "folder. None: no files."),
    GIMP_FILE_CHOOSER_ACTION_SAVE, TRUE, NULL,
    G_PARAM_READWRITE | GIMP_PARAM_DONT_SERIALIZE);
}

static void
add_return_values (GimpProcedure *procedure)
{
  gimp_procedure_add_int_return_value (procedure, "new",
    _("New"), _("How many lesions only the later visit has"),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_return_value (procedure, "persisting",
    _("Persisting"), _("How many lesions both visits have"),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_return_value (procedure, "resolved",
    _("Resolved"), _("How many lesions only the earlier visit has"),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_double_return_value (procedure, "redness-change",
    _("Redness change"),
    _("Mean change of the hemoglobin density against unaffected skin; below "
      "0.02 either way it is no larger than what the same skin shows twice"),
    -G_MAXDOUBLE, G_MAXDOUBLE, 0.0, G_PARAM_READWRITE);
}

GimpProcedure *
compare_visits_create (GimpPlugIn *plug_in, const gchar *name)
{
  GimpProcedure *procedure;

  procedure = image_procedure_new (plug_in, name, _("_Compare Visits…"),
                                   "pockmark-compare", &steps);
  gimp_procedure_set_documentation (procedure,
    _("Compare two photographs of the same skin"),
    _("Aligns the photograph of an earlier visit to this one, evens out light "
      "and color, and tells which findings are new, which persist and which "
      "have resolved, and how the redness changed. Where the photographs do "
      "not fit together nothing is compared. It measures; it gives no "
      "diagnosis."),
    name);

  add_earlier_arguments (procedure);
  dialog_declare_scale (procedure);
  add_other_arguments (procedure);
  add_return_values (procedure);

  return procedure;
}
