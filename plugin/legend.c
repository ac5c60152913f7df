/* The legend: the classes' colours, names and counts, and a scale bar
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "cairo-area.h"
#include "class-text.h"
#include "legend.h"
#include "lettering.h"
#include "skin-scale.h"

/* Height of a capital letter in pixels: so many of them fill the diagonal. */
#define LETTERS_PER_DIAGONAL 95.0
#define LETTER_MIN 9.0
#define LETTER_MAX 160.0

/* In heights of a capital letter. */
#define ROW 1.9
#define PAD 1.0
#define SWATCH 1.9
#define GAP 0.8
#define BAR 0.35
#define MARGIN 1.0    /* from the photograph's border */

/* The bar takes at most so much of the photograph's width. */
#define BAR_SHARE 0.2

typedef struct
{
  PockmarkClass klass;
  gchar         count[16];
} Row;

typedef struct
{
  Row          rows[POCKMARK_N_CLASSES];
  gint         n_rows;
  gdouble      bar_pixels;
  gchar       *bar_text;   /* NULL: no bar */
  gdouble      letter;     /* pixels */
  gdouble      words;      /* width of the widest name, pixels */
  gdouble      counts;     /* and of the widest count */
  gint         width;
  gint         height;
  cairo_t     *cr;         /* while drawing, else of one pixel */
  Lettering    lettering;  /* on cr */
} Legend;

static void
legend_set_target (Legend *legend, cairo_surface_t *surface)
{
  lettering_clear (&legend->lettering);
  g_clear_pointer (&legend->cr, cairo_destroy);
  legend->cr = cairo_create (surface);
  lettering_init (&legend->lettering, legend->cr, legend->letter);
}

static gdouble
text_width (const Legend *legend, const gchar *text)
{
  return lettering_width (&legend->lettering, text);
}

/* In white; y is the baseline. */
static void
draw_text (const Legend *legend, const gchar *text, gdouble x, gdouble y)
{
  cairo_set_source_rgb (legend->cr, 1.0, 1.0, 1.0);
  lettering_draw (&legend->lettering, text, x, y);
}

/* ---- Measuring ---------------------------------------------------------- */

static void
count_rows (Legend *legend, const GArray *lesions, const gboolean *sought)
{
  guint count[POCKMARK_N_CLASSES] = { 0 };

  for (guint i = 0; i < lesions->len; i++)
    count[g_array_index (lesions, PockmarkLesion, i).klass]++;
  for (guint klass = POCKMARK_NONE + 1; klass < POCKMARK_N_CLASSES; klass++)
    if (sought[klass])
      {
        Row *row = &legend->rows[legend->n_rows++];

        row->klass = klass;
        g_snprintf (row->count, sizeof row->count, "%u", count[klass]);
      }
}

static void
measure (Legend *legend, const Input *input, gdouble pixels_per_mm)
{
  gdouble letter = legend->letter;
  gdouble rows = legend->n_rows;
  gdouble inner;

  for (gint i = 0; i < legend->n_rows; i++)
    {
      const Row   *row = &legend->rows[i];
      const gchar *name = class_text_plural (row->klass);

      if (lettering_has_words (&legend->lettering))
        legend->words = MAX (legend->words, text_width (legend, name));
      legend->counts = MAX (legend->counts, text_width (legend, row->count));
    }
  inner = (SWATCH + 2.0 * GAP) * letter + legend->words + legend->counts;

  if (pixels_per_mm > 0.0)
    {
      gdouble mm = skin_scale_round_mm (pixels_per_mm,
                                        MAX (inner,
                                             BAR_SHARE * input->width));

      legend->bar_pixels = mm * pixels_per_mm;
      legend->bar_text = lettering_mm (mm);
      inner = MAX (inner, MAX (legend->bar_pixels,
                               text_width (legend, legend->bar_text)));
      rows += 1.0 + (BAR + GAP) / ROW;
    }

  legend->width = ceil (inner + 2.0 * PAD * letter);
  legend->height = ceil ((rows * ROW + 2.0 * PAD - (ROW - 1.0)) * letter);
}

/* ---- Drawing ------------------------------------------------------------ */

static void
draw_panel (Legend *legend)
{
  cairo_t *cr = legend->cr;
  gdouble  r = 0.6 * legend->letter;

  cairo_new_sub_path (cr);
  cairo_arc (cr, legend->width - r, r, r, -G_PI / 2.0, 0.0);
  cairo_arc (cr, legend->width - r, legend->height - r, r, 0.0, G_PI / 2.0);
  cairo_arc (cr, r, legend->height - r, r, G_PI / 2.0, G_PI);
  cairo_arc (cr, r, r, r, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, 0.0, 0.0, 0.0, 0.75);
  cairo_fill (cr);
}

static void
draw_row (Legend *legend, const Row *row, gdouble y)
{
  gdouble letter = legend->letter;
  gdouble x = PAD * letter;

  lettering_swatch (legend->cr, row->klass, floor (x), floor (y),
                    ceil (SWATCH * letter), ceil (letter));

  x += (SWATCH + GAP) * letter;
  if (lettering_has_words (&legend->lettering))
    draw_text (legend, class_text_plural (row->klass), x, y + letter);
  /* Numbers end below each other. */
  x += legend->words + GAP * letter + legend->counts
       - text_width (legend, row->count);
  draw_text (legend, row->count, x, y + letter);
}

static void
draw_bar (Legend *legend, gdouble y)
{
  cairo_t *cr = legend->cr;
  gdouble  letter = legend->letter;
  gdouble  x = floor (PAD * letter);
  gdouble  thick = MAX (floor (BAR * letter), 2.0);
  gdouble  top;

  draw_text (legend, legend->bar_text, x, y + letter);
  top = floor (y + (1.0 + 0.5 * GAP) * letter);
  cairo_rectangle (cr, x, top, legend->bar_pixels, thick);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_fill (cr);
}

static void
draw (Legend *legend)
{
  gdouble y = PAD * legend->letter;

  draw_panel (legend);
  for (gint i = 0; i < legend->n_rows; i++)
    {
      draw_row (legend, &legend->rows[i], y);
      y += ROW * legend->letter;
    }
  if (legend->bar_text != NULL)
    draw_bar (legend, y);
}

/* ---- Placing ------------------------------------------------------------ */

/* Pixels of the findings' boxes in the area, each with room for its number. */
static gdouble
hidden (const GArray *lesions,
        gint          room,
        gint          x,
        gint          y,
        gint          width,
        gint          height)
{
  gdouble sum = 0.0;

  for (guint i = 0; i < lesions->len; i++)
    {
      const PockmarkRect *box = &g_array_index (lesions, PockmarkLesion,
                                                i).box;
      gint w = MIN (box->x + box->width + room, x + width)
               - MAX (box->x - room, x);
      gint h = MIN (box->y + box->height + room, y + height)
               - MAX (box->y - room, y);

      if (w > 0 && h > 0)
        sum += (gdouble) w * h;
    }

  return sum;
}

/* The corner at the bottom left is best, then the others. */
static void
find_corner (const Legend *legend,
             const Input  *input,
             const GArray *lesions,
             gint         *x,
             gint         *y)
{
  gint    margin = MARGIN * legend->letter;
  gdouble least = G_MAXDOUBLE;

  for (gint corner = 0; corner < 4; corner++)
    {
      gint    cx = corner % 2 == 0 ? margin
                                   : input->width - margin - legend->width;
      gint    cy = corner < 2 ? input->height - margin - legend->height
                              : margin;
      gdouble cost = hidden (lesions, 3 * margin, cx, cy, legend->width,
                             legend->height);

      if (cost < least)
        {
          least = cost;
          *x = cx;
          *y = cy;
        }
    }
}

GimpLayer *
legend_new (const Input    *input,
            const GArray   *lesions,
            const gboolean *sought,
            gdouble         pixels_per_mm)
{
  Legend           legend = { .n_rows = 0 };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                                         1, 1);
  GimpLayer       *layer;
  GeglBuffer      *buffer;
  gint             x = 0, y = 0;

  legend.letter = CLAMP (hypot (input->width, input->height)
                           / LETTERS_PER_DIAGONAL, LETTER_MIN, LETTER_MAX);
  count_rows (&legend, lesions, sought);
  legend_set_target (&legend, surface);
  measure (&legend, input, pixels_per_mm);
  cairo_surface_destroy (surface);

  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, legend.width,
                                        legend.height);
  legend_set_target (&legend, surface);
  draw (&legend);
  lettering_clear (&legend.lettering);
  g_free (legend.bar_text);
  cairo_destroy (legend.cr);

  find_corner (&legend, input, lesions, &x, &y);
  layer = gimp_layer_new (input->image, _("Legend"), legend.width,
                          legend.height, GIMP_RGBA_IMAGE, 100.0,
                          gimp_image_get_default_new_layer_mode (
                            input->image));
  gimp_layer_set_offsets (layer, input->offset_x + x, input->offset_y + y);
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  cairo_area_write (buffer, gegl_buffer_get_extent (buffer), surface);
  g_object_unref (buffer);
  cairo_surface_destroy (surface);
  gimp_drawable_update (GIMP_DRAWABLE (layer), 0, 0, legend.width,
                        legend.height);

  return layer;
}
