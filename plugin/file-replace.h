/* Files that are there whole or not at all
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file is written beside its place under a temporary name and then renamed.
 * The temporary name is always the same, so that what a killed program leaves
 * behind is gone after the next run.
 */

#ifndef POCKMARK_FILE_REPLACE_H
#define POCKMARK_FILE_REPLACE_H

#include <gio/gio.h>

/* The path to write to, to be freed. */
gchar   *file_replace_begin  (GFile        *file);

/* Gives the file its name; ok FALSE: throws it away.  FALSE with
 * GIMP_PLUG_IN_ERROR where the file is not there. */
gboolean file_replace_end    (GFile        *file,
                              const gchar  *temporary,
                              gboolean      ok,
                              GError      **error);

/* All of it for a text in memory. */
gboolean file_replace_text   (GFile        *file,
                              const gchar  *text,
                              gsize         length,
                              GError      **error);

/* A file's name without its folder, fit for a sentence.  To be freed. */
gchar   *file_display_name   (GFile        *file);

#endif
