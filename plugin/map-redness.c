/* plug-in-map-redness
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libgimp/gimpui.h>

#include "annotation.h"
#include "dialog.h"
#include "graph.h"
#include "image-procedure.h"
#include "pockmark-gegl.h"
#include "report.h"

/* The word is the argument's and the layer's; by PockmarkShow. */
static const struct
{
  const gchar *word;
  const gchar *label;
} shows[] = {
  [POCKMARK_SHOW_HEAT] = { "heat", N_("Heat: colors over the photograph") },
  [POCKMARK_SHOW_GREY] = { "grey", N_("Grey: the redness index itself") },
  [POCKMARK_SHOW_CONTOURS] = { "contours", N_("Contours: lines of equal "
                                              "redness") },
};

/* The arguments, read once. */
typedef struct
{
  gdouble      pixels_per_mm;
  PockmarkShow show;
  gboolean     relative;
  gdouble      opacity;
  GFile       *report_file;
} Arguments;

static gboolean
find_show (const gchar *word, PockmarkShow *show)
{
  for (guint i = 0; i < G_N_ELEMENTS (shows); i++)
    if (g_strcmp0 (word, shows[i].word) == 0)
      {
        *show = i;
        return TRUE;
      }

  return FALSE;
}

static gboolean
arguments_read (gpointer data, GimpProcedureConfig *config, GError **error)
{
  Arguments        *arguments = data;
  g_autofree gchar *show = NULL;

  g_object_get (config,
                "pixels-per-mm", &arguments->pixels_per_mm,
                "show",          &show,
                "relative",      &arguments->relative,
                "opacity",       &arguments->opacity,
                "report-file",   &arguments->report_file,
                NULL);

  if (find_show (show, &arguments->show))
    return TRUE;

  g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
               _("\"%s\" cannot be shown: choose \"heat\", \"grey\" or "
                 "\"contours\"."), show != NULL ? show : "");
  return FALSE;
}

static void
arguments_clear (gpointer data)
{
  g_clear_object (&((Arguments *) data)->report_file);
}

/* "key=value;key=value", for the table and the image's record. */
static gchar *
describe (const Arguments *arguments,
          const Input     *input,
          const SkinScale *scale)
{
  return g_strdup_printf ("show=%s;relative=%s;selection=%s;scale-source=%s",
                          shows[arguments->show].word,
                          arguments->relative ? "yes" : "no",
                          input->region != NULL ? "yes" : "no",
                          skin_scale_word (scale));
}

/* ---- Dialog ------------------------------------------------------------- */

/* GIMP turns an unknown choice into the default without a word, so "show" is
 * a string that is checked; its menu is made here. */
static GtkWidget *
show_menu_new (GimpProcedureConfig *config)
{
  GtkListStore *store = gtk_list_store_new (2, G_TYPE_STRING, G_TYPE_STRING);
  GParamSpec   *pspec;
  GtkWidget    *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget    *label = gtk_label_new_with_mnemonic (_("Sho_w"));
  GtkWidget    *menu;

  for (guint i = 0; i < G_N_ELEMENTS (shows); i++)
    gtk_list_store_insert_with_values (store, NULL, -1,
                                       0, shows[i].word,
                                       1, _(shows[i].label), -1);
  menu = gimp_prop_string_combo_box_new (G_OBJECT (config), "show",
                                         GTK_TREE_MODEL (store), 0, 1);
  g_object_unref (store);
  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (config), "show");
  gtk_widget_set_tooltip_text (menu, g_param_spec_get_blurb (pspec));
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), menu);
  gtk_box_pack_start (GTK_BOX (box), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), menu, TRUE, TRUE, 0);
  gtk_widget_show_all (box);

  return box;
}

/* The grey map is opaque. */
static void
update_opacity (GObject *config, GParamSpec *pspec, GtkWidget *opacity)
{
  g_autofree gchar *show = NULL;

  g_object_get (config, "show", &show, NULL);
  gtk_widget_set_sensitive (opacity, g_strcmp0 (show, "grey") != 0);
}

static gboolean
ask (GimpProcedure       *procedure,
     GimpProcedureConfig *config,
     Input               *input,
     GError             **error)
{
  GimpProcedureDialog *dialog;
  GtkWidget           *box;
  GtkWidget           *menu;
  GtkWidget           *opacity;

  dialog = dialog_new (procedure, config, _("Map Redness"), _("_Map"));
  dialog_add_scale (dialog, config, input->image);
  opacity = gimp_procedure_dialog_get_scale_entry (dialog, "opacity", 1.0);
  g_signal_connect_object (config, "notify::show",
                           G_CALLBACK (update_opacity), opacity, 0);
  update_opacity (G_OBJECT (config), NULL, opacity);

  menu = show_menu_new (config);
  box = gimp_procedure_dialog_fill_box (dialog, "look-box", "relative",
                                        "opacity", NULL);
  gtk_box_pack_start (GTK_BOX (box), menu, FALSE, FALSE, 0);
  gtk_box_reorder_child (GTK_BOX (box), menu, 0);

  gimp_procedure_dialog_fill (dialog, DIALOG_SCALE, "look-box",
                              "report-file", NULL);

  return dialog_run (dialog)
         && (!annotation_exists (input->image, ANNOTATION_REDNESS)
             || annotation_ask (_("Replace the redness map of the last "
                                  "run?")));
}

/* ---- Running ------------------------------------------------------------ */

static PockmarkSkin *
look_at_skin (const Input              *input,
              const PockmarkParameters *wanted,
              GError                  **error)
{
  Progress            progress = { 0.0, 0.3, NULL };
  PockmarkHost        host = progress_host (&progress);
  PockmarkGeglPicture picture;

  progress_start (&progress, _("Looking for skin"));
  pockmark_gegl_picture_init (&picture, input->photograph, NULL,
                              POCKMARK_GEGL_PHOTOGRAPH);
  return pockmark_skin_new (&picture.source, wanted, &host, error);
}

/* The map is painted in full and its layer made translucent, so that its
 * strength can still be changed in the Layers dialog. */
static GimpLayer *
paint (const Input              *input,
       const PockmarkParameters *wanted,
       const Arguments          *arguments)
{
  g_autofree gchar    *name = NULL;
  PockmarkRednessStyle style = { arguments->show, arguments->relative, 1.0 };
  Progress             progress = { 0.3, 1.0, NULL };
  gdouble              opacity = arguments->opacity;
  GimpLayer           *layer;
  GeglBuffer          *buffer;

  if (arguments->show == POCKMARK_SHOW_GREY)
    opacity = 1.0;

  progress_start (&progress, _("Painting the redness map"));
  name = g_strdup_printf ("Redness (%s)", shows[arguments->show].word);
  layer = annotation_layer_new (input, name, 100.0 * opacity);
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  graph_redness (input->photograph, wanted, &style, buffer, &progress);
  g_object_unref (buffer);
  gimp_drawable_update (GIMP_DRAWABLE (layer), 0, 0, input->width,
                        input->height);

  return layer;
}

static gboolean
write_report (Report             *report,
              const Input        *input,
              const SkinScale    *scale,
              const PockmarkSkin *skin,
              const gchar        *parameters,
              GError            **error)
{
  Account account = { input, scale, skin, NULL, NULL, NULL, parameters };

  return report == NULL || report_write (report, &account, error);
}

/* Everything that can fail comes before the image is touched. */
static gboolean
work (Input           *input,
      const Arguments *arguments,
      const SkinScale *scale,
      Report          *report,
      PockmarkSkin   **skin,
      GimpLayer      **layer,
      GError         **error)
{
  g_autoptr (Annotation) annotation = NULL;
  g_autofree gchar      *parameters = describe (arguments, input, scale);
  PockmarkParameters     wanted;

  pockmark_parameters_init (&wanted);
  wanted.pixels_per_mm = scale->pixels_per_mm;
  wanted.whole_is_skin = input->region != NULL;

  gimp_progress_init (_("Map Redness"));
  if (!input_read (input, error))
    return FALSE;
  *skin = look_at_skin (input, &wanted, error);
  if (*skin == NULL)
    return FALSE;

  *layer = paint (input, &wanted, arguments);
  annotation = annotation_of_redness (input, *layer);
  if (!write_report (report, input, scale, *skin, parameters, error))
    return FALSE;

  /* Cancelling ends the process: no longer, once the image is touched. */
  gimp_progress_end ();
  annotation_commit (annotation,
                     &(AnnotationRecord) { scale->pixels_per_mm,
                                           scale->source, parameters });
  return TRUE;
}

static GimpValueArray *
run_with (GimpProcedure     *procedure,
          GimpRunMode        run_mode,
          Input             *input,
          gconstpointer      data,
          GimpPDBStatusType *status,
          GError           **error)
{
  const Arguments         *arguments = data;
  g_autoptr (Input)        own = input;
  g_auto (SkinScale)       scale = { 0.0, NULL };
  g_autoptr (Report)       report = NULL;
  g_autoptr (PockmarkSkin) skin = NULL;
  GimpLayer               *layer = NULL;
  GimpValueArray          *values;

  if (!skin_scale_resolve (&scale, input->image, arguments->pixels_per_mm,
                           error))
    return NULL;

  if (arguments->report_file != NULL)
    {
      report = report_open_photographs (arguments->report_file, error);
      if (report == NULL)
        return NULL;
    }

  *status = GIMP_PDB_EXECUTION_ERROR;
  if (!graph_check (error)
      || !work (input, arguments, &scale, report, &skin, &layer, error))
    return NULL;

  gimp_displays_flush ();
  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS,
                                             NULL);
  GIMP_VALUES_SET_DOUBLE (values, 1, skin->redness_mean);
  GIMP_VALUES_SET_DOUBLE (values, 2, skin->redness_area_percent);
  GIMP_VALUES_SET_LAYER (values, 3, layer);

  return values;
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
add_arguments (GimpProcedure *procedure)
{
  dialog_declare_scale (procedure);
  gimp_procedure_add_string_argument (procedure, "show",
    _("Sho_w"),
    _("What to show: \"heat\", \"grey\" or \"contours\""),
    shows[POCKMARK_SHOW_HEAT].word, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (procedure, "relative",
    _("Relative to the surroundin_g skin"),
    _("Show how much redder a place is than the unaffected skin around it, "
      "instead of how red it is"),
    TRUE, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (procedure, "opacity",
    _("Opacit_y"),
    _("How strongly heat and contours cover the photograph; the layer's "
      "opacity, which can be changed afterwards"),
    0.0, 1.0, GRAPH_REDNESS_OPACITY, G_PARAM_READWRITE);
  gimp_procedure_add_file_argument (procedure, "report-file",
    _("Report _file"),
    _("Table of photographs (CSV), to be written or added to. Where the "
      "photograph is already in it, as after Detect Pockmarks, only its "
      "redness is renewed. None: no file."),
    GIMP_FILE_CHOOSER_ACTION_SAVE, TRUE, NULL,
    G_PARAM_READWRITE | GIMP_PARAM_DONT_SERIALIZE);
}

GimpProcedure *
map_redness_create (GimpPlugIn *plug_in, const gchar *name)
{
  GimpProcedure *procedure;

  procedure = image_procedure_new (plug_in, name, _("_Map Redness…"),
                                   "pockmark-redness", &steps);
  gimp_procedure_set_documentation (procedure,
    _("Show how red the skin is, free of shading and tan"),
    _("Adds a layer to the image that shows the hemoglobin in the skin of the "
      "selected layer, or of its part that is selected. The photograph itself "
      "is not changed. Running it again replaces the last map."),
    name);
  add_arguments (procedure);
  gimp_procedure_add_double_return_value (procedure, "redness-mean",
    _("Mean redness"), _("Mean of the redness index over the skin"),
    -G_MAXDOUBLE, G_MAXDOUBLE, 0.0, G_PARAM_READWRITE);
  gimp_procedure_add_double_return_value (procedure, "redness-area-percent",
    _("Red area"), _("Share of the skin that is redder than the skin around "
                     "it, in percent"),
    0.0, 100.0, 0.0, G_PARAM_READWRITE);
  gimp_procedure_add_layer_return_value (procedure, "layer",
    _("Layer"), _("The layer with the redness map"),
    TRUE, G_PARAM_READWRITE);

  return procedure;
}
