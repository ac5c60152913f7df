/* The strip below a picture: what the colours mean, and how long 10 mm are
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything is laid out in a strip UNIT high and as long as it comes out, and
 * then drawn as large as the picture's width and the strip's height allow.
 */

#include <math.h>

#include "class-text.h"
#include "lettering.h"
#include "report-plot.h"
#include "survey-legend.h"

#define UNIT 36.0
#define LETTER 11.7
#define SWATCH 18.0
#define GAP 8.0
#define MARGIN 14.0
#define RAMP 180.0
#define RAMP_STEPS 32

/* The strip takes that part of the picture's width plus height, in pixels
 * between these. */
#define SHARE 70
#define HEIGHT_MIN 20
#define HEIGHT_MAX 140

/* A scale bar is as long as the largest of 1, 2, 5, 10 ... mm below this part
 * of the picture's width. */
#define BAR_PART 0.2

/* Cairo's surfaces are no wider. */
#define WIDTH_MAX 32000

typedef struct
{
  cairo_t *cr;
  gdouble  x;       /* where the next item goes */
  gboolean measure; /* only see how long it gets */
} Pen;

gint
survey_legend_height (const GeglRectangle *photograph)
{
  return CLAMP ((photograph->width + photograph->height) / SHARE, HEIGHT_MIN,
                HEIGHT_MAX);
}

static void
add_text (Pen *pen, const gchar *text)
{
  Lettering lettering;

  lettering_init (&lettering, pen->cr, LETTER);
  if (!pen->measure)
    {
      cairo_set_source_rgb (pen->cr, 0.1, 0.1, 0.1);
      lettering_draw (&lettering, text, pen->x, (UNIT + LETTER) / 2.0);
    }
  pen->x += lettering_width (&lettering, text);
  lettering_clear (&lettering);
}

static void
add_class (Pen *pen, PockmarkClass klass, guint count)
{
  g_autofree gchar *text = g_strdup_printf ("%s: %u",
                                            class_text_plural (klass),
                                            count);

  if (!pen->measure)
    {
      lettering_swatch (pen->cr, klass, pen->x, (UNIT - SWATCH) / 2.0, SWATCH,
                        SWATCH);
      cairo_rectangle (pen->cr, pen->x, (UNIT - SWATCH) / 2.0, SWATCH,
                       SWATCH);
      cairo_set_line_width (pen->cr, 1.0);
      cairo_set_source_rgb (pen->cr, 0.1, 0.1, 0.1);
      cairo_stroke (pen->cr);
    }
  pen->x += SWATCH + GAP;
  add_text (pen, text);
  pen->x += MARGIN;
}

static void
draw_ramp (const Pen *pen)
{
  gdouble          y = (UNIT - SWATCH) / 2.0;
  cairo_pattern_t *ramp = cairo_pattern_create_linear (pen->x, 0.0,
                                                       pen->x + RAMP, 0.0);

  for (guint i = 0; i <= RAMP_STEPS; i++)
    {
      gdouble at = i / (gdouble) RAMP_STEPS;
      gfloat  rgb[3];

      report_plot_colour (at, rgb);
      cairo_pattern_add_color_stop_rgb (ramp, at, rgb[0], rgb[1], rgb[2]);
    }
  cairo_rectangle (pen->cr, pen->x, y, RAMP, SWATCH);
  cairo_set_source (pen->cr, ramp);
  cairo_fill (pen->cr);
  cairo_pattern_destroy (ramp);
}

static void
add_ramp (Pen *pen)
{
  g_autofree gchar *end = g_strdup_printf ("%.0f", POCKMARK_REDNESS_SPAN);

  add_text (pen, _("Redness index above that of the skin around: 0"));
  pen->x += GAP;
  if (!pen->measure)
    draw_ramp (pen);
  pen->x += RAMP + GAP;
  add_text (pen, end);
  pen->x += MARGIN;
}

/* At the right end of the strip, in pixels of the picture. */
static gdouble
draw_bar (cairo_t *cr, gint width, gint height, gdouble pixels_per_mm)
{
  Pen               pen = { cr, 0.0, TRUE };
  gdouble           size = height / UNIT;
  gdouble           margin = MARGIN * size;
  gdouble           mm = skin_scale_round_mm (pixels_per_mm, BAR_PART * width);
  gdouble           length = mm * pixels_per_mm;
  g_autofree gchar *text = lettering_mm (mm);

  add_text (&pen, text);
  cairo_save (cr);
  cairo_set_source_rgb (cr, 0.1, 0.1, 0.1);
  cairo_rectangle (cr, width - margin - length, height * 0.42, length,
                   height * 0.16);
  cairo_fill (cr);
  cairo_translate (cr, width - margin - length - (pen.x + GAP) * size, 0.0);
  cairo_scale (cr, size, size);
  pen = (Pen) { cr, 0.0, FALSE };
  add_text (&pen, text);
  cairo_restore (cr);

  return length + (pen.x + GAP) * size + 2.0 * margin;
}

typedef void (*AddItems) (Pen *pen, const Account *account);

static void
add_classes (Pen *pen, const Account *account)
{
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    add_class (pen, klass, account->grade->count[klass]);
}

static void
add_redness (Pen *pen, const Account *account)
{
  add_ramp (pen);
}

static void
draw_strip (GeglBuffer *picture, const Account *account, AddItems add_items)
{
  const GeglRectangle *extent = gegl_buffer_get_extent (picture);
  gint                 height = extent->height - account->input->height;
  GeglRectangle        strip = { 0, account->input->height, extent->width,
                                 height };
  GeglColor           *white = gegl_color_new ("white");
  cairo_surface_t     *surface;
  cairo_t             *cr;
  Pen                  pen;
  gdouble              room;
  gdouble              size = height / UNIT;

  gegl_buffer_set_color (picture, &strip, white);
  g_object_unref (white);
  strip.width = MIN (strip.width, WIDTH_MAX);
  room = strip.width;

  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, strip.width,
                                        height);
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_paint (cr);
  if (account->scale->pixels_per_mm > 0.0)
    room -= draw_bar (cr, strip.width, height, account->scale->pixels_per_mm);

  pen = (Pen) { cr, MARGIN, TRUE };
  add_items (&pen, account);
  size = MIN (size, room / pen.x);
  if (size > 0.0)
    {
      cairo_translate (cr, 0.0, (height - UNIT * size) / 2.0);
      cairo_scale (cr, size, size);
      pen = (Pen) { cr, MARGIN, FALSE };
      add_items (&pen, account);
    }
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  gegl_buffer_set (picture, &strip, 0, babl_format ("cairo-ARGB32"),
                   cairo_image_surface_get_data (surface),
                   cairo_image_surface_get_stride (surface));
  cairo_surface_destroy (surface);
}

void
survey_legend_classes (GeglBuffer *picture, const Account *account)
{
  draw_strip (picture, account, add_classes);
}

void
survey_legend_redness (GeglBuffer *picture, const Account *account)
{
  draw_strip (picture, account, add_redness);
}
