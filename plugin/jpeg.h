/* Whether a JPEG file is all there
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GIMP opens a JPEG file that was cut off, fills what is missing with grey and
 * tells nobody but its console.  Measuring needs to know.
 */

#ifndef POCKMARK_JPEG_H
#define POCKMARK_JPEG_H

#include <gio/gio.h>

/* FALSE where the file begins as a JPEG file and ends before its picture does.
 * Files of other kinds are not judged. */
gboolean jpeg_is_whole        (GFile        *file);

/* The same of a file's contents. */
gboolean jpeg_bytes_are_whole (const guint8 *bytes,
                               gsize         length);

#endif
