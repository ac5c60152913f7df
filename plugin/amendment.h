/* What the user says of some lesions: another class, or no lesions
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * First it is measured as if it were in the class channels already; it is
 * painted into them once nothing can fail or be cancelled any more.
 */

#ifndef POCKMARK_AMENDMENT_H
#define POCKMARK_AMENDMENT_H

#include "findings.h"
#include "input.h"

typedef struct
{
  GeglBuffer   *map;      /* of the findings that the user saw */
  GHashTable   *numbers;  /* a set: the lesions' numbers there */
  GPtrArray    *outlines; /* of arrays of PockmarkRing: the same pixels */
  PockmarkClass klass;    /* POCKMARK_NONE: no lesions */
} Amendment;

/* indices (guint): into the list of lesions.  NULL on error. */
Amendment *amendment_new   (const Findings *findings,
                            const GArray   *indices,
                            PockmarkClass   klass,
                            GError        **error);
void       amendment_free  (Amendment      *amendment);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Amendment, amendment_free)

/* Changes masks, those of pockmark_marks_follow () in rect of the photograph,
 * as painting changes the channels.  room: for four numbers a pixel. */
void       amendment_cover (const Amendment    *amendment,
                            const PockmarkRect *rect,
                            gfloat             *room,
                            gfloat             *masks);

/* Paints white into the channel of the class, which is made where there is
 * none, and black into the others.  The selection is used up. */
void       amendment_paint (const Amendment    *amendment,
                            const Input        *input);

#endif
