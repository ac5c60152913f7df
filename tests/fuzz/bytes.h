/* Pockmark: what fuzz targets make of an input's bytes
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef FUZZ_BYTES_H
#define FUZZ_BYTES_H

#include "pockmark-core.h"

G_BEGIN_DECLS

/* What every target defines: libFuzzer's own name for it, see driver.c. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* An input that is read once, from its start.  Behind its end are zeros. */
typedef struct
{
  const guint8 *data;
  gsize         size;
  gsize         at;
} FuzzBytes;

guint8   fuzz_byte   (FuzzBytes *bytes);
/* Any bits at all, NaN and infinity among them. */
gfloat   fuzz_float  (FuzzBytes *bytes);
/* By turns of the input's choice a sensible number of lo ... hi, one at or
 * close to either end, or any double. */
gdouble  fuzz_double (FuzzBytes *bytes, gdouble lo, gdouble hi);
gboolean fuzz_ended  (const FuzzBytes *bytes);

/* A photograph in memory: either any floats, or skin with marks of all kinds,
 * holes, and single values of any bits. */
typedef struct
{
  PockmarkPixels pixels;
  PockmarkSource source;
  gfloat        *data;
  guint8        *codes;
} FuzzPicture;

/* At most side pixels wide and high.  Takes the rest of the bytes, or up to a
 * zero where a mark would begin. */
FuzzPicture *fuzz_picture_new  (FuzzBytes *bytes, gint side);
void         fuzz_picture_free (FuzzPicture *picture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FuzzPicture, fuzz_picture_free)

/* Parameters that may be out of their ranges, a little more often within. */
void         fuzz_parameters   (FuzzBytes *bytes, PockmarkParameters *parameters);

/* Ends the program where a result and its error do not fit: either there is a
 * result, or there is an error of ours with a sentence.  Clears error. */
void         fuzz_check        (gboolean success, GError **error);

G_END_DECLS

#endif
