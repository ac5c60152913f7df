/* The accuracy table: does a confidence of 0.8 mean eight in ten?
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Expected calibration error after Naeini et al. 2015,
 * doi:10.1609/aaai.v29i1.9602: the mean of |confidence - share that is right|
 * over ten bins, each weighing as many findings as it holds.
 */

#include <math.h>

#include "accuracy.h"

#define COLUMNS 40 /* of the bars in the text */

/* The diagram's square in the picture, in its own units. */
#define SIDE   400
#define LEFT   70
#define TOP    40
#define BOTTOM 70

static void
print_bar (gdouble right,
           gdouble confidence)
{
  gchar bar[COLUMNS + 2];
  gint  i;

  for (i = 0; i <= COLUMNS; i++)
    bar[i] = i < (gint) (right * COLUMNS + 0.5) ? '=' : ' ';
  bar[(gint) (confidence * COLUMNS + 0.5)] = '|';
  bar[COLUMNS + 1] = '\0';
  g_print ("%s\n", bar);
}

void
accuracy_print_reliability (const GPtrArray *results)
{
  AccuracyReliability reliability;
  PockmarkClass       klass;
  gint                bin;

  accuracy_reliability (results, POCKMARK_NONE, ACCURACY_N_SENSITIVITIES - 1,
                        &reliability);
  g_print ("\nReliability, sensitivity 1 (bar: share that is right; |: what "
           "confidence promises)\n"
           "  confidence   findings  mean  right\n");
  for (bin = 0; bin < ACCURACY_N_BINS; bin++)
    if (reliability.count[bin])
      {
        g_print ("  %.1f to %.1f %9d  %.2f   %.2f  ",
                 (gdouble) bin / ACCURACY_N_BINS,
                 (bin + 1.0) / ACCURACY_N_BINS, reliability.count[bin],
                 reliability.confidence[bin], reliability.right[bin]);
        print_bar (reliability.right[bin], reliability.confidence[bin]);
      }
  g_print ("Expected calibration error  at sensitivity 1  at %.2f\n",
           accuracy_sensitivities[ACCURACY_DEFAULT]);
  for (klass = POCKMARK_NONE; klass < POCKMARK_N_CLASSES; klass++)
    {
      g_print ("  %-24s", klass == POCKMARK_NONE ? "all"
                                                 : pockmark_class_word (klass));
      accuracy_reliability (results, klass, ACCURACY_N_SENSITIVITIES - 1,
                            &reliability);
      g_print ("  %16.3f", reliability.error);
      accuracy_reliability (results, klass, ACCURACY_DEFAULT, &reliability);
      g_print ("  %7.3f\n", reliability.error);
    }
}

/* ---- SVG ---------------------------------------------------------------- */

/* Whole numbers, so that no locale matters. */
static gint
across (gdouble value)
{
  return LEFT + (gint) (value * SIDE + 0.5);
}

static gint
down (gdouble value)
{
  return TOP + SIDE - (gint) (value * SIDE + 0.5);
}

static void
append_axes (GString *svg)
{
  static const gchar *const names[] = { "0", "0.2", "0.4", "0.6", "0.8", "1" };
  guint i;

  g_string_append_printf (svg,
      "<rect x='%d' y='%d' width='%d' height='%d' fill='none' stroke='#444'/>\n"
      "<path d='M%d %dL%d %d' stroke='#888' stroke-dasharray='5 4'/>\n",
      LEFT, TOP, SIDE, SIDE, across (0.0), down (0.0), across (1.0), down (1.0));
  for (i = 0; i < G_N_ELEMENTS (names); i++)
    g_string_append_printf (svg,
        "<text x='%d' y='%d' text-anchor='middle'>%s</text>\n"
        "<text x='%d' y='%d' text-anchor='end'>%s</text>\n",
        across (i / 5.0), down (0.0) + 20, names[i],
        LEFT - 8, down (i / 5.0) + 5, names[i]);
  g_string_append_printf (svg,
      "<text x='%d' y='%d' text-anchor='middle'>Confidence</text>\n"
      "<text transform='translate(20 %d) rotate(-90)' text-anchor='middle'>"
      "Share that is right</text>\n",
      across (0.5), down (0.0) + 45, down (0.5));
}

static void
append_class (GString         *svg,
              const GPtrArray *results,
              PockmarkClass    klass)
{
  const gfloat       *colour = pockmark_class_colour (klass);
  const gint          r = (gint) (colour[0] * 255.0f + 0.5f);
  const gint          g = (gint) (colour[1] * 255.0f + 0.5f);
  const gint          b = (gint) (colour[2] * 255.0f + 0.5f);
  const gint          y = TOP + 20 + 22 * (gint) klass;
  AccuracyReliability reliability;
  gint                bin;
  gboolean            first = TRUE;

  accuracy_reliability (results, klass, ACCURACY_N_SENSITIVITIES - 1,
                        &reliability);
  g_string_append (svg, "<path d='");
  for (bin = 0; bin < ACCURACY_N_BINS; bin++)
    if (reliability.count[bin])
      {
        g_string_append_printf (svg, "%s%d %d", first ? "M" : "L",
                                across (reliability.confidence[bin]),
                                down (reliability.right[bin]));
        first = FALSE;
      }
  g_string_append_printf (svg,
      "%s' fill='none' stroke='#%02x%02x%02x' stroke-width='3'/>\n"
      "<path d='M%d %dh24' stroke='#%02x%02x%02x' stroke-width='3'/>\n"
      "<text x='%d' y='%d'>%s</text>\n",
      first ? "M0 0" : "", r, g, b, LEFT + 12, y, r, g, b, LEFT + 44, y + 5,
      pockmark_class_word (klass));
}

gchar *
accuracy_reliability_svg (const GPtrArray *results)
{
  GString            *svg = g_string_new ("<?xml version='1.0' encoding='UTF-8'?>\n");
  AccuracyReliability reliability;
  PockmarkClass       klass;

  accuracy_reliability (results, POCKMARK_NONE, ACCURACY_N_SENSITIVITIES - 1,
                        &reliability);
  g_string_append_printf (svg,
      "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' "
      "font-family='sans-serif' font-size='14'>\n"
      "<rect width='100%%' height='100%%' fill='#fff'/>\n"
      "<text x='%d' y='%d'>Reliability of %u phantoms, calibration error "
      "0.%03d</text>\n",
      LEFT + SIDE + 30, TOP + SIDE + BOTTOM, LEFT, TOP - 14, results->len,
      isnan (reliability.error) ? 0 : (gint) (reliability.error * 1000.0 + 0.5));
  append_axes (svg);
  for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
    append_class (svg, results, klass);
  g_string_append (svg, "</svg>\n");
  return g_string_free (svg, FALSE);
}
