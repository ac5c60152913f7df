/* That two surveys do not write the same results at once
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <errno.h>
#include <fcntl.h>

#include <glib/gstdio.h>

#include "file-replace.h"
#include "outputs.h"
#include "pockmark.h"
#include "survey-lock.h"

#define LOCK_NAME "lock"

struct _SurveyLock
{
  gint file;
};

/* length 0: up to the end of all files.  FALSE only where another process
 * holds one of the bytes: a file system that knows no locks is no reason not
 * to work. */
static gboolean
lock_bytes (gint file, guint start, guint length)
{
#ifdef G_OS_UNIX
  struct flock bytes = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
                         .l_start = start, .l_len = length };

  return fcntl (file, F_SETLK, &bytes) == 0
         || (errno != EACCES && errno != EAGAIN);
#else
  return TRUE;
#endif
}

static gboolean
lock_part (gint file, guint part, guint parts, guint n)
{
  if (parts == 1)
    return lock_bytes (file, 0, 0);

  for (guint i = part - 1; i < n; i += parts)
    if (!lock_bytes (file, i, 1))
      return FALSE;

  return TRUE;
}

SurveyLock *
survey_lock_take (GFile  *results,
                  guint   part,
                  guint   parts,
                  guint   n,
                  GError **error)
{
  g_autoptr (SurveyLock) lock = g_new0 (SurveyLock, 1);
  g_autofree gchar      *folder = g_build_filename (g_file_peek_path (results),
                                                    OUTPUTS_HIDDEN, NULL);
  g_autofree gchar      *path = g_build_filename (folder, LOCK_NAME, NULL);
  g_autofree gchar      *name = file_display_name (results);

  lock->file = g_mkdir_with_parents (folder, 0777) == 0
                 ? g_open (path, O_RDWR | O_CREAT, 0666)
                 : -1;
  if (lock->file < 0)
    {
      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("Nothing can be written into the folder \"%s\": choose "
                     "another one for the results."), name);
      return NULL;
    }
  if (!lock_part (lock->file, part, parts, n))
    {
      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("Another survey is writing into the folder \"%s\": wait "
                     "until it has ended, or choose another folder for the "
                     "results."), name);
      return NULL;
    }

  return g_steal_pointer (&lock);
}

void
survey_lock_free (SurveyLock *lock)
{
  if (lock->file >= 0)
    g_close (lock->file, NULL);
  g_free (lock);
}
