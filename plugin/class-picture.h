/* The lesion map's classes as a picture or as masks
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_CLASS_PICTURE_H
#define POCKMARK_CLASS_PICTURE_H

#include <gegl.h>

#include "pockmark.h"

/* Writes value[class] for each pixel of each lesion (of PockmarkLesion) into
 * output, as "Y' u8", the map's origin at x, y of output.  Lesions of a class
 * of value 0 are passed over; the rest of output keeps what it has. */
gboolean class_picture_draw  (GeglBuffer   *map,
                              const GArray *lesions,
                              const guint8 *value,
                              GeglBuffer   *output,
                              gint          x,
                              gint          y,
                              GError      **error);

/* An 8-bit grey PNG (see png.h) of the map's size with the class's number in
 * each pixel. */
gboolean class_picture_write (GFile        *file,
                              GeglBuffer   *map,
                              const GArray *lesions,
                              const gchar  *parameters,
                              GError      **error);

#endif
