/* Files that are there whole or not at all
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "file-replace.h"
#include "pockmark.h"
#include "test-stop.h"

gchar *
file_replace_begin (GFile *file)
{
  return g_strconcat (g_file_peek_path (file), ".part", NULL);
}

gboolean
file_replace_end (GFile        *file,
                  const gchar  *temporary,
                  gboolean      ok,
                  GError      **error)
{
  g_autofree gchar *name = file_display_name (file);

  test_stop_at (name);
  if (ok && g_rename (temporary, g_file_peek_path (file)) == 0)
    return TRUE;

  g_unlink (temporary);
  g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
               _("\"%s\" could not be written: is the folder writable, and "
                 "the disk not full?"), name);
  return FALSE;
}

gboolean
file_replace_text (GFile        *file,
                   const gchar  *text,
                   gsize         length,
                   GError      **error)
{
  g_autofree gchar *temporary = file_replace_begin (file);
  gboolean          ok;

  ok = g_file_set_contents_full (temporary, text, length,
                                 G_FILE_SET_CONTENTS_NONE, 0666, NULL);
  return file_replace_end (file, temporary, ok, error);
}

gchar *
file_display_name (GFile *file)
{
  g_autofree gchar *base = g_file_get_basename (file);

  return g_utf8_make_valid (base, -1);
}
