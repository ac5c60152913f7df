/* Plots for the report, as SVG
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "class-text.h"
#include "csv.h"
#include "report-plot.h"

/* Of a plot in its own units, which the page scales. */
#define WIDTH 460.0
#define HEIGHT 200.0
#define LEFT 44.0
#define RIGHT 12.0
#define TOP 12.0
#define BOTTOM 40.0

#define BAR_WIDTH 120.0
#define BAR_HEIGHT 12.0

#define WIDTH_BINS 24
#define TICKS 5

typedef struct
{
  GString *html;
  gdouble  x0;
  gdouble  x1;
  gdouble  y1;     /* the axis begins with 0 and ends with a tick */
  gdouble  step_y; /* from tick to tick */
} Plot;

static gdouble
place_x (const Plot *plot, gdouble x)
{
  return LEFT + (x - plot->x0) / (plot->x1 - plot->x0)
                  * (WIDTH - LEFT - RIGHT);
}

static gdouble
place_y (const Plot *plot, gdouble y)
{
  return HEIGHT - BOTTOM - y / plot->y1 * (HEIGHT - TOP - BOTTOM);
}

/* The smallest of 1, 2, 5, 10 ... that is no less than value. */
static gdouble
round_up (gdouble value)
{
  gdouble decade = pow (10.0, floor (log10 (value)));

  for (guint i = 0; i < 3; i++)
    {
      static const gdouble steps[] = { 1.0, 2.0, 5.0 };

      if (steps[i] * decade >= value * (1.0 - 1e-9))
        return steps[i] * decade;
    }

  return 10.0 * decade;
}

static void
add (GString *html, const gchar *format, gdouble value)
{
  g_autofree gchar *text = csv_number (format, value);

  g_string_append (html, text);
}

static void
add_attribute (GString *html, const gchar *name, gdouble value)
{
  g_string_append_printf (html, " %s=\"", name);
  add (html, "%.2f", value);
  g_string_append_c (html, '"');
}

static void
add_line (GString *html, gdouble x1, gdouble y1, gdouble x2, gdouble y2,
          const gchar *style)
{
  g_string_append (html, "<line");
  add_attribute (html, "x1", x1);
  add_attribute (html, "y1", y1);
  add_attribute (html, "x2", x2);
  add_attribute (html, "y2", y2);
  g_string_append_printf (html, " class=\"%s\"/>", style);
}

static void
add_label (GString *html, gdouble x, gdouble y, const gchar *anchor,
           const gchar *text)
{
  g_autofree gchar *escaped = g_markup_escape_text (text, -1);

  g_string_append (html, "<text");
  add_attribute (html, "x", x);
  add_attribute (html, "y", y);
  g_string_append_printf (html, " text-anchor=\"%s\">%s</text>", anchor,
                          escaped);
}

static void
add_rectangle (GString *html, gdouble x, gdouble y, gdouble width,
               gdouble height, const gfloat *colour)
{
  g_string_append (html, "<rect");
  add_attribute (html, "x", x);
  add_attribute (html, "y", y);
  add_attribute (html, "width", width);
  add_attribute (html, "height", height);
  g_string_append (html, " fill=\"");
  class_text_add_colour (html, colour);
  g_string_append (html, "\"/>");
}

/* least: what two ticks differ by at least, or 0. */
static void
set_height (Plot *plot, gdouble most, gdouble least)
{
  plot->step_y = MAX (round_up (most / TICKS), least);
  plot->y1 = ceil (most / plot->step_y * (1.0 - 1e-9)) * plot->step_y;
}

static void
begin (const Plot *plot, const gchar *title)
{
  g_autofree gchar *escaped = g_markup_escape_text (title, -1);

  g_string_append_printf (plot->html,
                          "<figure class=\"plot\"><figcaption>%s</figcaption>"
                          "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
                          "aria-label=\"%s\">",
                          escaped, WIDTH, HEIGHT, escaped);
}

static void
add_axes (const Plot *plot, const gchar *unit_x, gdouble percent)
{
  gdouble step_x = round_up ((plot->x1 - plot->x0) / (2 * TICKS));

  for (gdouble y = 0.0; y <= plot->y1 * (1.0 + 1e-9); y += plot->step_y)
    {
      g_autofree gchar *text = csv_number ("%g", percent * y);

      add_line (plot->html, LEFT, place_y (plot, y), WIDTH - RIGHT,
                place_y (plot, y), "grid");
      add_label (plot->html, LEFT - 6.0, place_y (plot, y) + 4.0, "end", text);
    }
  for (gdouble x = plot->x0; x <= plot->x1 * (1.0 + 1e-9); x += step_x)
    {
      g_autofree gchar *text = csv_number ("%g", x);

      add_label (plot->html, place_x (plot, x), HEIGHT - BOTTOM + 15.0,
                 "middle", text);
    }
  add_line (plot->html, LEFT, place_y (plot, 0.0), WIDTH - RIGHT,
            place_y (plot, 0.0), "axis");
  add_label (plot->html, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6.0, "middle",
             unit_x);
}

static void
end (const Plot *plot)
{
  g_string_append (plot->html, "</svg></figure>\n");
}

/* ---- Widths ------------------------------------------------------------- */

/* Counts by class and bin; returns the highest bin. */
static guint
count_widths (GArray *const *widths, gdouble step,
              guint counts[POCKMARK_N_CLASSES][WIDTH_BINS])
{
  guint sums[WIDTH_BINS] = { 0 };
  guint most = 0;

  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    for (guint i = 0; i < widths[klass]->len; i++)
      {
        guint bin = MIN (g_array_index (widths[klass], gdouble, i) / step,
                         WIDTH_BINS - 1);

        counts[klass][bin]++;
        sums[bin]++;
        most = MAX (most, sums[bin]);
      }

  return most;
}

static gdouble
widest (GArray *const *widths)
{
  gdouble most = 0.0;

  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    for (guint i = 0; i < widths[klass]->len; i++)
      most = MAX (most, g_array_index (widths[klass], gdouble, i));

  return most;
}

void
report_plot_widths (GString *html, GArray *const *widths, gboolean millimetres)
{
  guint   counts[POCKMARK_N_CLASSES][WIDTH_BINS] = { { 0 } };
  gdouble most = widest (widths);
  gdouble step = most > 0.0 ? round_up (most * 1.01 / WIDTH_BINS) : 1.0;
  guint   highest = count_widths (widths, step, counts);
  guint   bins = MAX (1, ceil (most * 1.01 / step));
  Plot    plot = { html, 0.0, bins * step, 0.0, 0.0 };

  set_height (&plot, MAX (highest, 1), 1.0);
  begin (&plot, _("Widths of the lesions by class"));
  add_axes (&plot, millimetres ? _("diameter of the circle of the same area, "
                                   "mm")
                               : _("diameter of the circle of the same area, "
                                   "pixels"), 1.0);
  for (guint bin = 0; bin < bins; bin++)
    {
      guint below = 0;

      for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
        {
          guint   n = counts[klass][bin];
          gdouble x = place_x (&plot, bin * step);
          gdouble y = place_y (&plot, below + n);

          if (n > 0)
            add_rectangle (html, x + 0.5, y,
                           place_x (&plot, (bin + 1) * step) - x - 1.0,
                           place_y (&plot, below) - y,
                           pockmark_class_colour (klass));
          below += n;
        }
    }
  end (&plot);
}

/* ---- Redness ------------------------------------------------------------ */

void
report_plot_colour (gdouble value, gfloat rgb[3])
{
  gfloat linear[3];

  pockmark_redness_colour (value, linear);
  babl_process (babl_fish (babl_format ("RGB float"),
                           babl_format ("R'G'B' float")), linear, rgb, 1);
}

void
report_plot_redness (GString       *html,
                     const gdouble *shares,
                     guint          n,
                     gdouble        lo,
                     gdouble        hi)
{
  gdouble most = 0.0;
  gdouble step = (hi - lo) / n;
  Plot    plot = { html, lo, hi, 0.0, 0.0 };
  gdouble limit;

  for (guint i = 0; i < n; i++)
    most = MAX (most, shares[i]);
  set_height (&plot, most > 0.0 ? most : 1.0, 0.0);
  begin (&plot, _("Redness over the skin"));
  add_axes (&plot,
            /* xgettext:no-c-format */
            _("redness index above that of the skin around (y: % of the skin)"),
            100.0);
  for (guint i = 0; i < n; i++)
    {
      gdouble value = lo + (i + 0.5) * step;
      gdouble x = place_x (&plot, lo + i * step);
      gfloat  rgb[3] = { 0.75f, 0.75f, 0.75f };

      if (value > 0.0)
        report_plot_colour (value / POCKMARK_REDNESS_SPAN, rgb);
      if (shares[i] > 0.0)
        add_rectangle (html, x + 0.5, place_y (&plot, shares[i]),
                       place_x (&plot, lo + (i + 1) * step) - x - 1.0,
                       place_y (&plot, 0.0) - place_y (&plot, shares[i]),
                       rgb);
    }
  limit = place_x (&plot, POCKMARK_REDNESS_AFFECTED);
  add_line (html, limit, TOP, limit, place_y (&plot, 0.0), "limit");
  add_label (html, limit + 5.0, TOP + 10.0, "start", _("red from here on"));
  end (&plot);
}

/* ---- Density ------------------------------------------------------------ */

void
report_plot_density (GString *html, const gdouble *density, gdouble most)
{
  gdouble x = 0.0;

  g_string_append_printf (html,
                          "<svg class=\"bar\" viewBox=\"0 0 %.0f %.0f\" "
                          "aria-hidden=\"true\">", BAR_WIDTH, BAR_HEIGHT);
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    {
      gdouble width = most > 0.0 ? density[klass] / most * BAR_WIDTH : 0.0;

      if (width > 0.0)
        add_rectangle (html, x, 0.0, width, BAR_HEIGHT,
                       pockmark_class_colour (klass));
      x += width;
    }
  g_string_append (html, "</svg>");
}
