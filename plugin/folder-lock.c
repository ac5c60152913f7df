/* That two processes do not change the tables of one folder at once
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _DEFAULT_SOURCE /* flock */

#include <errno.h>
#include <fcntl.h>

#include <glib/gstdio.h>

#ifdef G_OS_UNIX
#include <sys/file.h>
#endif

#include "folder-lock.h"

struct _FolderLock
{
  gint folder; /* -1: nothing is held */
};

FolderLock *
folder_lock_take (GFile *file)
{
  FolderLock *lock = g_new0 (FolderLock, 1);

  lock->folder = -1;
#ifdef G_OS_UNIX
  g_autoptr (GFile) folder = g_file_get_parent (file);

  lock->folder = g_open (g_file_peek_path (folder),
                         O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  while (lock->folder >= 0 && flock (lock->folder, LOCK_EX) != 0
         && errno == EINTR)
    ;
#endif

  return lock;
}

void
folder_lock_free (FolderLock *lock)
{
  if (lock->folder >= 0)
    g_close (lock->folder, NULL);
  g_free (lock);
}
