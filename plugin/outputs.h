/* The files that one photograph gives, all of them or none
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files are written into a hidden folder among the results and moved to their
 * places once all of them are there.
 */

#ifndef POCKMARK_OUTPUTS_H
#define POCKMARK_OUTPUTS_H

#include <gio/gio.h>

/* The hidden folder; it also tells that a folder is one of results. */
#define OUTPUTS_HIDDEN ".pockmark"

typedef struct _Outputs Outputs;

/* Whether this program made the file that is there. */
typedef gboolean (*OutputsOwner) (GFile *file, gpointer user_data);

/* folder has its hidden folder already.  overwrite: whatever is there. */
Outputs *outputs_new    (GFile        *folder,
                         gboolean      overwrite);

/* Where to write the file that will be name.  NULL where there is a file that
 * is not ours.  Not to be freed. */
GFile   *outputs_add    (Outputs      *outputs,
                         const gchar  *name,
                         OutputsOwner  owner,
                         gpointer      user_data,
                         GError      **error);

/* Calls each for every file that was added, before or after moving it. */
typedef void (*OutputsEach) (const gchar *name,
                             goffset      size,
                             gpointer     user_data);
void     outputs_each   (Outputs      *outputs,
                         OutputsEach   each,
                         gpointer      user_data);

/* Moves all of them to their places. */
gboolean outputs_commit (Outputs      *outputs,
                         GError      **error);

/* Throws away what was not moved. */
void     outputs_free   (Outputs      *outputs);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Outputs, outputs_free)

#endif
