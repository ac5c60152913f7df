/* The findings that an image keeps: the parasite "pockmark-lesions"
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Class channels alone neither tell lesions apart that touch nor know numbers
 * and confidences.  So the image keeps them, and which part of it was
 * examined; the channels say what has become of them (pockmark_marks_follow
 * ()).  The parasite is saved in XCF files and undone with the rest.
 *
 * It is one packing (packing.h): the format's version, the image's size, the
 * photograph's place in it and size, the anchors, the next lesion's number, and
 *   for each lesion   its number less the last one's, class and whether it was
 *                     edited, confidence, and its runs: rows down, start and
 *                     length, each less the last one's, and other classes
 *   for the region    whether there is one, and its values, each with how many
 *                     pixels in reading order have it
 *
 * GIMP does not tell that an image was scaled or cropped.  It moves paths with
 * the image, though: the anchors are places on ours, and where they are now
 * says what has happened.
 */

#ifndef POCKMARK_KEPT_H
#define POCKMARK_KEPT_H

#include <gegl.h>

#include "packing.h"
#include "pockmark.h"

/* A place in the image, pixels. */
typedef struct
{
  gdouble x;
  gdouble y;
} KeptAnchor;

typedef struct
{
  gint           width;  /* of the image, when it was kept */
  gint           height;
  GArray        *anchors; /* of KeptAnchor */
  GeglRectangle  extent; /* of the photograph in the image, likewise */
  PockmarkMarks *marks;  /* in pixels of the photograph */
  GeglBuffer    *region; /* as in Input; NULL: the whole layer */
} Kept;

/* What the image keeps; NULL where it keeps nothing that makes sense. */
Kept   *kept_load   (GimpImage *image);

/* The same as bytes, which may be anyone's. */
Kept   *kept_unpack (gconstpointer data,
                     gsize         size);
GBytes *kept_pack   (const Kept   *kept);

/* Tells one state of what the image keeps from another; 0: nothing. */
guint kept_stamp (GimpImage *image);

void  kept_free  (Kept      *kept);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Kept, kept_free)

/* Makes it speak of a photograph at this place in an image of this size, as it
 * is now, scaled or cropped.  Where nothing tells what has happened to the image, no
 * lesion is known any more; FALSE with GIMP_PLUG_IN_ERROR where this would also
 * lose the region.  anchors: where those are now. */
gboolean kept_fit (Kept                *kept,
                   gint                 image_width,
                   gint                 image_height,
                   const GeglRectangle *extent,
                   const GArray        *anchors,
                   GError             **error);

/* Nothing is taken. */
void  kept_store (GimpImage           *image,
                  const GeglRectangle *extent,
                  const GArray        *anchors,
                  const PockmarkMarks *marks,
                  GeglBuffer          *region);

/* Forgets it. */
void  kept_drop  (GimpImage           *image);

/* The lesions alone, as they are kept; NULL where they make no sense. */
void           kept_put_marks (GByteArray          *packing,
                               const PockmarkMarks *marks);
PockmarkMarks *kept_get_marks (Unpacking           *unpacking);

#endif
