/* A photograph's file as an image that can be examined
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_OPEN_PHOTOGRAPH_H
#define POCKMARK_OPEN_PHOTOGRAPH_H

#include "pockmark.h"

/* Opens the file without a display: upright as its EXIF data say, one layer in
 * RGB that looks as the image does, without what an earlier run of ours left
 * in it.  EXIF, position, comments and every other note but the colour profile
 * and our own record are dropped, so that nothing of them can get into a
 * result.  NULL with GIMP_PLUG_IN_ERROR; the image is to be deleted. */
GimpImage *open_photograph (GFile      *file,
                            GimpLayer **layer,
                            GError    **error);

#endif
