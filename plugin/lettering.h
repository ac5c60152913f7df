/* Words in pictures, with fonts or without
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_LETTERING_H
#define POCKMARK_LETTERING_H

#include <pango/pangocairo.h>

#include "pockmark.h"

/* The words are set by Pango, since they are translated.  GIMP's own text
 * layers need the fonts that gimp-console -f leaves out, Pango those of the
 * system.  Where there are none at all, numbers are drawn as on the layer of
 * numbers, and words are left out. */
typedef struct
{
  cairo_t     *cr;     /* not owned */
  gdouble      letter; /* height of a capital letter, pixels */
  PangoLayout *layout; /* NULL: no fonts */
} Lettering;

void     lettering_init      (Lettering   *lettering,
                              cairo_t     *cr,
                              gdouble      letter);
void     lettering_clear     (Lettering   *lettering);

/* Whether words can be drawn, and not numbers alone. */
gboolean lettering_has_words (const Lettering *lettering);

/* In pixels. */
gdouble  lettering_width     (const Lettering *lettering,
                              const gchar     *text);

/* In the colour that cairo has; y is the baseline. */
void     lettering_draw      (const Lettering *lettering,
                              const gchar     *text,
                              gdouble          x,
                              gdouble          y);

/* A box in the colour of the class, which stays what cairo has. */
void     lettering_swatch    (cairo_t         *cr,
                              PockmarkClass    klass,
                              gdouble          x,
                              gdouble          y,
                              gdouble          width,
                              gdouble          height);

/* What stands at a scale bar, such as "5 mm"; to be freed. */
gchar   *lettering_mm        (gdouble          mm);

#endif
