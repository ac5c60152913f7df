/* What a detection would find, shown before it is made
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The work is done on a thread of its own, on a copy of the photograph.  The
 * photograph is analysed once for each scale; then every sensitivity takes a
 * moment, and the classes none at all.
 */

#ifndef POCKMARK_PREVIEW_H
#define POCKMARK_PREVIEW_H

#include <libgimp/gimpui.h>

#include "pockmark.h"

/* A widget with the picture, its findings outlined, and their counts. */
GtkWidget *preview_new    (GeglBuffer               *photograph);

/* Shows what these would find.  sought: by PockmarkClass. */
void       preview_update (GtkWidget                *preview,
                           const PockmarkParameters *parameters,
                           const gboolean           *sought);

/* Ends the work on the thread; to be called before the widget goes. */
void       preview_stop   (GtkWidget                *preview);

/* Shows why nothing can be found. */
void       preview_refuse (GtkWidget                *preview,
                           const gchar              *why);

#endif
