/* Places where a test can stop the plug-in
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <signal.h>

#include "test-stop.h"

void
test_stop_at (const gchar *place)
{
#ifdef SIGSTOP
  const gchar      *path = g_getenv ("POCKMARK_TEST_STOP_AT");
  g_autofree gchar *wanted = NULL;

  if (path != NULL && g_file_get_contents (path, &wanted, NULL, NULL)
      && g_strcmp0 (wanted, place) == 0)
    raise (SIGSTOP);
#endif
}
