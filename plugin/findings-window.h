/* The findings as a window: totals, and a table in which one can change them
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_FINDINGS_WINDOW_H
#define POCKMARK_FINDINGS_WINDOW_H

#include "session.h"

/* Returns when the user has closed the window, or the image.  Until then he can
 * go on working in GIMP; session has the findings as they are at the end.  What
 * he changes here is changed in the image, each in one undo step. */
void findings_window_run (Session *session);

#endif
