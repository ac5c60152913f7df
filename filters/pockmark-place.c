/* Where the files of the suite are, wherever the suite was moved
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE /* dladdr */

#include "pockmark-place.h"

#ifdef POCKMARK_HAVE_DLADDR
#include <dlfcn.h>

/* The file that this code was linked into: the plug-in or the module. */
static const gchar *
own_file (void)
{
  Dl_info info;

  /* An address of data: ISO C knows no pointer to code as one to void. */
  static const gchar here = 0;

  return dladdr (&here, &info) != 0 ? info.dli_fname : NULL;
}

#else

static const gchar *
own_file (void)
{
  return NULL;
}

#endif

gchar *
pockmark_place_find (const gchar *relative, const gchar *configured)
{
  const gchar *file = own_file ();

  if (file != NULL && g_path_is_absolute (file))
    {
      g_autofree gchar *folder = g_path_get_dirname (file);
      g_autofree gchar *place = g_canonicalize_filename (relative, folder);

      if (g_file_test (place, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&place);
    }

  return g_strdup (configured);
}
