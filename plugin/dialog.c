/* What the procedures' dialogs have in common
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "dialog.h"
#include "skin-scale.h"

/* Characters: the note wraps instead of widening the dialog. */
#define NOTE_WIDTH 46

GimpProcedureDialog *
dialog_new (GimpProcedure       *procedure,
            GimpProcedureConfig *config,
            const gchar         *title,
            const gchar         *ok)
{
  GtkWidget *dialog;

  gimp_ui_init (POCKMARK_BINARY);
  dialog = gimp_procedure_dialog_new (procedure, config, title);
  gimp_procedure_dialog_set_ok_label (GIMP_PROCEDURE_DIALOG (dialog), ok);

  return GIMP_PROCEDURE_DIALOG (dialog);
}

gboolean
dialog_run (GimpProcedureDialog *dialog)
{
  gboolean agreed = gimp_procedure_dialog_run (dialog);

  gtk_widget_destroy (GTK_WIDGET (dialog));
  return agreed;
}

GtkWidget *
dialog_get_spin (GimpProcedureDialog *dialog,
                 const gchar         *property,
                 gdouble              step)
{
  GtkWidget *spin = gimp_procedure_dialog_get_widget (dialog, property,
                                                      G_TYPE_NONE);

  gimp_label_spin_set_digits (GIMP_LABEL_SPIN (spin), 2);
  gimp_label_spin_set_increments (GIMP_LABEL_SPIN (spin), step, 10.0 * step);

  return spin;
}

void
dialog_declare_scale (GimpProcedure *procedure)
{
  gimp_procedure_add_double_argument (procedure, "pixels-per-mm",
    _("Pi_xels per mm"),
    _("How many pixels of the photograph one millimetre of skin takes; 0 to "
      "use the image's own skin scale, if it has one"),
    0.0, SKIN_SCALE_MAX, 0.0, G_PARAM_READWRITE);
}

void
dialog_declare_sensitivity (GimpProcedure *procedure)
{
  PockmarkParameters defaults;

  pockmark_parameters_init (&defaults);
  gimp_procedure_add_double_argument (procedure, "sensitivity",
    _("Sensiti_vity"),
    _("How many doubtful findings to keep: 0 keeps only the clearest, 1 "
      "nearly all"),
    0.0, 1.0, defaults.sensitivity, G_PARAM_READWRITE);
}

static void
update_note (GObject *config, GParamSpec *pspec, GtkLabel *note)
{
  GimpImage        *image = g_object_get_data (G_OBJECT (note), "image");
  g_autofree gchar *text = NULL;
  gdouble           value;

  g_object_get (config, "pixels-per-mm", &value, NULL);
  text = skin_scale_explain (image, value);
  gtk_label_set_text (note, text);
}

static GtkWidget *
add_note (GimpProcedureDialog *dialog, const gchar *id, const gchar *text)
{
  GtkWidget *note;

  note = gimp_procedure_dialog_get_label (dialog, id, text, FALSE, FALSE);
  gtk_label_set_xalign (GTK_LABEL (note), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (note), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (note), NOTE_WIDTH);

  return note;
}

void
dialog_add_note (GimpProcedureDialog *dialog,
                 const gchar         *id,
                 const gchar         *text)
{
  add_note (dialog, id, text);
}

void
dialog_add_scale (GimpProcedureDialog *dialog,
                  GimpProcedureConfig *config,
                  GimpImage           *image)
{
  GtkWidget *note;

  dialog_get_spin (dialog, "pixels-per-mm", 0.1);
  note = add_note (dialog, "scale-note", "");
  g_object_set_data (G_OBJECT (note), "image", image);
  gimp_procedure_dialog_fill_box (dialog, DIALOG_SCALE, "pixels-per-mm",
                                  "scale-note", NULL);

  g_signal_connect_object (config, "notify::pixels-per-mm",
                           G_CALLBACK (update_note), note, 0);
  update_note (G_OBJECT (config), NULL, GTK_LABEL (note));
}

void
dialog_add_frame (GimpProcedureDialog *dialog,
                  const gchar         *id,
                  const gchar         *title,
                  const gchar         *first_property,
                  ...)
{
  g_autofree gchar *title_id = g_strconcat (id, "-title", NULL);
  g_autofree gchar *box_id = g_strconcat (id, "-box", NULL);
  g_autofree gchar *frame_id = g_strconcat (id, "-frame", NULL);
  g_autoptr (GList) properties = NULL;
  const gchar      *property = first_property;
  va_list           rest;

  va_start (rest, first_property);
  for (; property != NULL; property = va_arg (rest, const gchar *))
    properties = g_list_append (properties, (gpointer) property);
  va_end (rest);

  gimp_procedure_dialog_get_label (dialog, title_id, title, FALSE, FALSE);
  gimp_procedure_dialog_fill_box_list (dialog, box_id, properties);
  gimp_procedure_dialog_fill_frame (dialog, frame_id, title_id, FALSE, box_id);
}

void
dialog_put_beside (GtkWidget *box, GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (box);
  GtkWidget *both = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  g_object_ref (box);
  gtk_container_remove (GTK_CONTAINER (parent), box);
  gtk_box_pack_start (GTK_BOX (both), widget, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (both), box, TRUE, TRUE, 0);
  g_object_unref (box);
  gtk_box_pack_start (GTK_BOX (parent), both, TRUE, TRUE, 0);
  gtk_widget_show (both);
}
