/* What the plug-in's files share: names, the procedures, the text domain
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_H
#define POCKMARK_H

#include <glib/gi18n-lib.h>
#include <libgimp/gimp.h>

#include "pockmark-core.h"

G_BEGIN_DECLS

#define POCKMARK_MENU_PATH "<Image>/Filters/Dermatology"

/* The GTypes, dialogs and settings of the plug-in carry this name. */
#define POCKMARK_BINARY "pockmark"

/* One procedure a file; pockmark.c lists them. */
GimpProcedure *compare_visits_create   (GimpPlugIn  *plug_in,
                                        const gchar *name);
GimpProcedure *detect_pockmarks_create (GimpPlugIn  *plug_in,
                                        const gchar *name);
GimpProcedure *map_redness_create      (GimpPlugIn  *plug_in,
                                        const gchar *name);
GimpProcedure *measure_pockmarks_create (GimpPlugIn  *plug_in,
                                         const gchar *name);
GimpProcedure *set_skin_scale_create   (GimpPlugIn  *plug_in,
                                        const gchar *name);
GimpProcedure *survey_photographs_create (GimpPlugIn  *plug_in,
                                          const gchar *name);

G_END_DECLS

#endif
