/* Where the files of the suite are, wherever the suite was moved
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_PLACE_H
#define POCKMARK_PLACE_H

#include <glib.h>

G_BEGIN_DECLS

/* A folder of the installed suite.  relative: its path as seen from the folder
 * of the program or module that calls, as it was installed; an installed tree
 * that was moved as a whole is still itself.  configured: the absolute path
 * that the build was given, taken where nothing is there.  To be freed. */
gchar *pockmark_place_find (const gchar *relative,
                            const gchar *configured);

G_END_DECLS

#endif
