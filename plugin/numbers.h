/* The lesions' numbers, drawn beside them
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_NUMBERS_H
#define POCKMARK_NUMBERS_H

#include <gegl.h>

#include "pockmark.h"

/* Draws each lesion's (of PockmarkLesion) number into output, beside it and
 * clear of other lesions and numbers where there is room.  The digits are our
 * own strokes: numbers look the same everywhere and need no font. */
void numbers_draw (const GArray *lesions, GeglBuffer *output);

#endif
