/* The lesions' numbers, drawn beside them
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_NUMBERS_H
#define POCKMARK_NUMBERS_H

#include <cairo.h>

#include "findings.h"

/* Draws each lesion's number into output, beside it and clear of other lesions
 * and numbers and of what is taken (empty: nothing) where there is room, with a
 * line to it where it could be taken for another's.  The digits are our own
 * strokes: numbers look the same everywhere and need no font. */
gboolean numbers_draw  (const Findings      *findings,
                        const GeglRectangle *taken,
                        GeglBuffer          *output,
                        GError             **error);

/* A line of digits in the same strokes, height pixels high; other letters are
 * left out. */
gdouble numbers_width  (const gchar *text, gdouble height);
void    numbers_stroke (cairo_t     *cr,
                        const gchar *text,
                        gdouble      x,
                        gdouble      y,
                        gdouble      height);

#endif
