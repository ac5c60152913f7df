/* Pictures as PNG that say where they come from
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_PNG_H
#define POCKMARK_PNG_H

#include <gegl.h>

#include "pockmark.h"

/* Writes an 8-bit PNG with the picture's colour profile and two lines of text:
 * Software is this program and its version, Comment is parameters.  Nothing
 * else of the photograph's metadata.  Written to a temporary file, looked at
 * for completeness and renamed. */
gboolean png_write   (GFile        *file,
                      GeglBuffer   *picture,
                      const gchar  *parameters,
                      GError      **error);

/* Whether png_write () made the file. */
gboolean png_is_ours (GFile        *file);

#endif
