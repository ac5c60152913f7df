/* Classes, fates and flags in the user's language, and colours in markup
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_CLASS_TEXT_H
#define POCKMARK_CLASS_TEXT_H

#include "pockmark.h"

/* "Crater", and "_Crater" with the same letters underlined everywhere. */
const gchar *class_text_name     (PockmarkClass klass);
const gchar *class_text_mnemonic (PockmarkClass klass);

/* "Craters". */
const gchar *class_text_plural   (PockmarkClass klass);

/* "New". */
const gchar *class_text_fate     (PockmarkFate  fate);

/* "gloss, edited": what PockmarkFlags say of one lesion.  To be freed. */
gchar       *class_text_flags    (guint         flags);

/* Appends a colour of sRGB, 0 to 1, as "#rrggbb". */
void         class_text_add_colour (GString       *text,
                                    const gfloat   rgb[3]);

/* Appends "12 craters" behind a spot in the class's colour, as Pango markup. */
void         class_text_add_count (GString       *text,
                                   PockmarkClass  klass,
                                   guint          count);

#endif
