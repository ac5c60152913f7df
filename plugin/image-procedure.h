/* What the procedures that work on one layer have in common
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_IMAGE_PROCEDURE_H
#define POCKMARK_IMAGE_PROCEDURE_H

#include "input.h"

/* One run, in this order.  A step that fails sets error, and nothing after it
 * is done; whatever it says is what GIMP shows. */
typedef struct
{
  /* The layer that is meant; a calling error where there is none. */
  Input *(*open) (GimpImage     *image,
                  GimpDrawable **drawables,
                  GError       **error);

  /* Only in a run with windows.  FALSE without error: cancelled. */
  gboolean (*ask) (GimpProcedure       *procedure,
                   GimpProcedureConfig *config,
                   Input               *input,
                   GError             **error);

  /* arguments: arguments_size bytes, zero. */
  gsize    arguments_size;
  gboolean (*read)  (gpointer             arguments,
                     GimpProcedureConfig *config,
                     GError             **error);
  void     (*clear) (gpointer             arguments);

  /* Takes input.  The values of success, or NULL: status is then what the
   * error is, a calling error unless work says otherwise. */
  GimpValueArray *(*work) (GimpProcedure     *procedure,
                           GimpRunMode        run_mode,
                           Input             *input,
                           gconstpointer      arguments,
                           GimpPDBStatusType *status,
                           GError           **error);
} ImageSteps;

/* An image procedure's names, menu and attribution; the arguments are the
 * caller's.  icon: a name of the icon theme. */
GimpProcedure *image_procedure_new      (GimpPlugIn       *plug_in,
                                         const gchar      *name,
                                         const gchar      *label,
                                         const gchar      *icon,
                                         const ImageSteps *steps);

/* The same for one that goes its own way. */
GimpProcedure *image_procedure_new_free (GimpPlugIn       *plug_in,
                                         const gchar      *name,
                                         const gchar      *label,
                                         const gchar      *icon,
                                         GimpRunImageFunc  run);

#endif
