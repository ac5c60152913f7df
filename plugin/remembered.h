/* The last detection in an image, so that another run need not detect again
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A second run is often about other outputs only.  What was found, of all
 * classes and without what the user did to it since, stays with the image in
 * the parasite "pockmark-detected", together with a key of all that it hangs
 * on.  It is undone with the rest and not saved.
 */

#ifndef POCKMARK_REMEMBERED_H
#define POCKMARK_REMEMBERED_H

#include <gegl.h>

#include "pockmark.h"

/* Another one for other pixels, other parameters or another version. */
gchar         *remembered_key   (GeglBuffer               *photograph,
                                 const PockmarkParameters *parameters);

/* What was found under that key; NULL where the image remembers nothing, or
 * something else. */
PockmarkMarks *remembered_load  (GimpImage                *image,
                                 const gchar              *key);

/* What remembered_store () is to be given. */
GBytes        *remembered_pack  (const gchar              *key,
                                 const PockmarkMarks      *marks);
void           remembered_store (GimpImage                *image,
                                 GBytes                   *packed);

#endif
