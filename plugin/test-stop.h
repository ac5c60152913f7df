/* Places where a test can stop the plug-in
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_TEST_STOP_H
#define POCKMARK_TEST_STOP_H

#include <glib.h>

/* Suspends this process where the file that POCKMARK_TEST_STOP_AT names holds
 * the word place: the test can then kill it there, or let GIMP do so.  Does
 * nothing where that variable is not set. */
void test_stop_at (const gchar *place);

#endif
