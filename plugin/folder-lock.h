/* That two processes do not change the tables of one folder at once
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table is read, changed and written again.  Whoever does so holds the lock
 * of its folder, which is the kernel's: no file is left behind, and it ends
 * with the process, however that ends.
 */

#ifndef POCKMARK_FOLDER_LOCK_H
#define POCKMARK_FOLDER_LOCK_H

#include <gio/gio.h>

typedef struct _FolderLock FolderLock;

/* Waits until nobody else holds the lock of the folder that file is in.  On a
 * system or a file system that knows no such locks, it holds nothing. */
FolderLock *folder_lock_take (GFile      *file);

void        folder_lock_free (FolderLock *lock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FolderLock, folder_lock_free)

#endif
