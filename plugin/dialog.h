/* What the procedures' dialogs have in common
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_DIALOG_H
#define POCKMARK_DIALOG_H

#include <libgimp/gimpui.h>

#include "pockmark.h"

/* The dialog of a procedure, empty yet; ok: on its button. */
GimpProcedureDialog *dialog_new (GimpProcedure       *procedure,
                                 GimpProcedureConfig *config,
                                 const gchar         *title,
                                 const gchar         *ok);

/* Shows it and destroys it.  Whether the user agreed. */
gboolean dialog_run (GimpProcedureDialog *dialog);

/* The entry of a number with two digits behind the point. */
GtkWidget *dialog_get_spin (GimpProcedureDialog *dialog,
                            const gchar         *property,
                            gdouble              step);

/* The argument "pixels-per-mm". */
void dialog_declare_scale (GimpProcedure *procedure);

/* The argument "sensitivity". */
void dialog_declare_sensitivity (GimpProcedure *procedure);

/* The name of its container in the dialog. */
#define DIALOG_SCALE "scale-box"

/* Its entry, with a line that tells what the number means for the image. */
void dialog_add_scale     (GimpProcedureDialog *dialog,
                           GimpProcedureConfig *config,
                           GimpImage           *image);

/* A paragraph named id. */
void dialog_add_note      (GimpProcedureDialog *dialog,
                           const gchar         *id,
                           const gchar         *text);

/* A frame "ID-frame" with the named properties one below the other. */
void dialog_add_frame     (GimpProcedureDialog *dialog,
                           const gchar         *id,
                           const gchar         *title,
                           const gchar         *first_property,
                           ...) G_GNUC_NULL_TERMINATED;

/* Puts widget to the left of box, which is already in the dialog. */
void dialog_put_beside    (GtkWidget           *box,
                           GtkWidget           *widget);

#endif
