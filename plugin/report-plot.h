/* Plots for the report, as SVG
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_REPORT_PLOT_H
#define POCKMARK_REPORT_PLOT_H

#include "pockmark.h"

/* The colour of the redness map for a display value 0-1, R'G'B' of sRGB. */
void report_plot_colour  (gdouble        value,
                          gfloat         rgb[3]);

/* Widths of lesions by PockmarkClass: arrays of gdouble in millimetres or, in
 * pixels, of others.  Appends a histogram, the classes one upon the other. */
void report_plot_widths  (GString       *html,
                          GArray *const *widths,
                          gboolean       millimetres);

/* The n shares of the skin by the relative redness index from lo to hi. */
void report_plot_redness (GString       *html,
                          const gdouble *shares,
                          guint          n,
                          gdouble        lo,
                          gdouble        hi);

/* A bar of lesions per cm2 by PockmarkClass, full at most. */
void report_plot_density (GString       *html,
                          const gdouble *density,
                          gdouble        most);

#endif
