/* That two surveys do not write the same results at once
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lock is the kernel's, on bytes of a file in the hidden folder: it ends
 * with the process, however that ends, so that none is ever left behind.  A
 * survey that writes the tables locks all bytes, a part the bytes that stand
 * for its photographs.  So parts go on side by side, the same part twice does
 * not.  It is held for hours, and whoever comes second is told at once; the
 * tables have a short lock of their own, which any report takes: folder-lock.h.
 */

#ifndef POCKMARK_SURVEY_LOCK_H
#define POCKMARK_SURVEY_LOCK_H

#include <gio/gio.h>

typedef struct _SurveyLock SurveyLock;

/* Makes the folder of results and the hidden one in it, and locks the results
 * of every parts-th of n photographs, the part-th (from 1) first; all and the
 * tables where parts is 1.  NULL with GIMP_PLUG_IN_ERROR where another survey
 * holds some of them, or nothing can be written. */
SurveyLock *survey_lock_take (GFile       *results,
                              guint        part,
                              guint        parts,
                              guint        n,
                              GError     **error);

void        survey_lock_free (SurveyLock  *lock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SurveyLock, survey_lock_free)

#endif
