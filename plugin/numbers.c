/* The lesions' numbers, drawn beside them
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include <cairo.h>

#include "numbers.h"

/* In heights of a digit. */
#define DIGIT_WIDTH 0.6
#define DIGIT_ADVANCE 0.86
#define PEN_WIDTH 0.14
#define HALO_WIDTH 0.36

/* Height of a digit in pixels: so many of them fill the diagonal. */
#define DIGITS_PER_DIAGONAL 90.0
#define DIGIT_MIN 9.0
#define DIGIT_MAX 72.0

/* With more lesions than this nobody reads numbers, and looking for room,
 * which is quadratic, would take its time. */
#define CROWD 3000

/* How many steps of half its height away a number may stand. */
#define RINGS 4

typedef enum
{
  PEN_END,
  PEN_MOVE, /* to x, y */
  PEN_LINE, /* to x, y */
  PEN_ARC   /* of an ellipse about x, y, clockwise from an angle to another */
} PenKind;

typedef struct
{
  PenKind kind;
  gfloat  x;
  gfloat  y;
  gfloat  rx;
  gfloat  ry;
  gfloat  from; /* degrees from the right, clockwise */
  gfloat  to;
} Pen;

#define PEN_STROKES 5

/* In a box DIGIT_WIDTH wide and 1 high. */
static const Pen digits[10][PEN_STROKES] = {
  { { PEN_ARC, .30f, .50f, .28f, .50f, 0, 360 } },
  { { PEN_MOVE, .10f, .20f, 0, 0, 0, 0 }, { PEN_LINE, .36f, .0f, 0, 0, 0, 0 },
    { PEN_LINE, .36f, 1.0f, 0, 0, 0, 0 } },
  { { PEN_ARC, .30f, .28f, .28f, .28f, 180, 400 },
    { PEN_LINE, .02f, 1.0f, 0, 0, 0, 0 },
    { PEN_LINE, .60f, 1.0f, 0, 0, 0, 0 } },
  { { PEN_ARC, .28f, .245f, .26f, .245f, 200, 450 },
    { PEN_ARC, .28f, .745f, .30f, .255f, 270, 510 } },
  { { PEN_MOVE, .45f, 1.0f, 0, 0, 0, 0 }, { PEN_LINE, .45f, .0f, 0, 0, 0, 0 },
    { PEN_LINE, .0f, .70f, 0, 0, 0, 0 },
    { PEN_LINE, .60f, .70f, 0, 0, 0, 0 } },
  { { PEN_MOVE, .53f, .0f, 0, 0, 0, 0 }, { PEN_LINE, .12f, .0f, 0, 0, 0, 0 },
    { PEN_ARC, .27f, .68f, .30f, .32f, 225, 500 } },
  { { PEN_ARC, .30f, .69f, .28f, .31f, 0, 360 },
    { PEN_MOVE, .02f, .69f, 0, 0, 0, 0 },
    { PEN_ARC, .62f, .69f, .60f, .69f, 180, 258 } },
  { { PEN_MOVE, .0f, .0f, 0, 0, 0, 0 }, { PEN_LINE, .60f, .0f, 0, 0, 0, 0 },
    { PEN_LINE, .20f, 1.0f, 0, 0, 0, 0 } },
  { { PEN_ARC, .30f, .25f, .25f, .25f, 90, 450 },
    { PEN_ARC, .30f, .75f, .29f, .25f, 270, 630 } },
  { { PEN_ARC, .30f, .31f, .28f, .31f, 0, 360 },
    { PEN_MOVE, .58f, .31f, 0, 0, 0, 0 },
    { PEN_ARC, -.02f, .31f, .60f, .69f, 0, 78 } },
};

static void
trace_digit (cairo_t *cr, gint digit)
{
  cairo_new_sub_path (cr);
  for (gint i = 0; i < PEN_STROKES; i++)
    {
      const Pen *pen = &digits[digit][i];

      if (pen->kind == PEN_MOVE)
        cairo_move_to (cr, pen->x, pen->y);
      else if (pen->kind == PEN_LINE)
        cairo_line_to (cr, pen->x, pen->y);
      else if (pen->kind == PEN_ARC)
        {
          cairo_save (cr);
          cairo_translate (cr, pen->x, pen->y);
          cairo_scale (cr, pen->rx, pen->ry);
          cairo_arc (cr, 0.0, 0.0, 1.0, pen->from * G_PI / 180.0,
                     pen->to * G_PI / 180.0);
          cairo_restore (cr);
        }
    }
}

/* The digits of text in a row. */
static void
trace_text (cairo_t *cr, const gchar *text)
{
  gint n = 0;

  for (const gchar *c = text; *c != '\0'; c++)
    if (g_ascii_isdigit (*c))
      {
        cairo_save (cr);
        cairo_translate (cr, n++ * DIGIT_ADVANCE, 0.0);
        trace_digit (cr, *c - '0');
        cairo_restore (cr);
      }
}

gdouble
numbers_width (const gchar *text, gdouble height)
{
  gint n = 0;

  for (const gchar *c = text; *c != '\0'; c++)
    n += g_ascii_isdigit (*c) ? 1 : 0;

  return n > 0 ? height * (DIGIT_ADVANCE * (n - 1) + DIGIT_WIDTH) : 0.0;
}

void
numbers_stroke (cairo_t     *cr,
                const gchar *text,
                gdouble      x,
                gdouble      y,
                gdouble      height)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, height, height);
  trace_text (cr, text);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (cr, PEN_WIDTH);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* A picture of the number with a halo that stands out on any skin. */
static cairo_surface_t *
draw_number (const gchar *text, const GeglRectangle *area, gdouble height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                                         area->width,
                                                         area->height);
  cairo_t         *cr = cairo_create (surface);

  cairo_scale (cr, height, height);
  cairo_translate (cr, HALO_WIDTH / 2.0, HALO_WIDTH / 2.0);
  trace_text (cr, text);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_source_rgba (cr, 0.0, 0.0, 0.0, 0.75);
  cairo_set_line_width (cr, HALO_WIDTH);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_set_line_width (cr, PEN_WIDTH);
  cairo_stroke (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  return surface;
}

static gdouble
overlap (const GeglRectangle *a, gint x, gint y, gint width, gint height)
{
  gint w = MIN (a->x + a->width, x + width) - MAX (a->x, x);
  gint h = MIN (a->y + a->height, y + height) - MAX (a->y, y);

  return w > 0 && h > 0 ? (gdouble) w * h : 0.0;
}

/* How many pixels of lesions and of numbers already placed area would hide,
 * and how much of itself falls off the picture. */
static gdouble
cost (const GeglRectangle *area,
      const GeglRectangle *picture,
      const GArray        *lesions,
      const GArray        *placed)
{
  gdouble sum = (gdouble) area->width * area->height
                - overlap (area, picture->x, picture->y, picture->width,
                           picture->height);

  for (guint i = 0; i < lesions->len; i++)
    {
      const PockmarkRect *box = &g_array_index (lesions, PockmarkLesion,
                                                i).box;

      sum += overlap (area, box->x, box->y, box->width, box->height);
    }
  for (guint i = 0; i < placed->len; i++)
    {
      const GeglRectangle *other = &g_array_index (placed, GeglRectangle, i);

      sum += overlap (area, other->x, other->y, other->width, other->height);
    }

  return sum;
}

/* Puts area beside box: the corner at the top right is best, then the others
 * and the sides; where all of them hide something, the same farther off. */
static void
place (GeglRectangle       *area,
       const PockmarkRect  *near,
       const GeglRectangle *picture,
       const GArray        *lesions,
       const GArray        *placed)
{
  static const gint8 sides[8][2] = { { 1, -1 }, { 1, 1 }, { -1, -1 },
                                     { -1, 1 }, { 1, 0 }, { -1, 0 },
                                     { 0, -1 }, { 0, 1 } };
  GeglRectangle      best = *area;
  gdouble            best_cost = G_MAXDOUBLE;

  for (gint i = 0; i < 8 * RINGS && best_cost > 0.0; i++)
    {
      GeglRectangle candidate = *area;
      gdouble       candidate_cost;
      gint          dx = sides[i % 8][0];
      gint          dy = sides[i % 8][1];
      gint          off = i / 8 * area->height / 2;
      PockmarkRect  box = { near->x - off, near->y - off,
                            near->width + 2 * off, near->height + 2 * off };

      candidate.x = box.x + (dx > 0 ? box.width
                                    : dx < 0 ? -area->width
                                             : (box.width - area->width) / 2);
      candidate.y = box.y + (dy > 0 ? box.height
                                    : dy < 0 ? -area->height
                                             : (box.height
                                                - area->height) / 2);
      candidate_cost = lesions->len > CROWD
                         ? 0.0
                         : cost (&candidate, picture, lesions, placed);
      if (candidate_cost < best_cost)
        {
          best = candidate;
          best_cost = candidate_cost;
        }
    }

  *area = best;
}

void
numbers_draw (const GArray *lesions, GeglBuffer *output)
{
  const GeglRectangle *picture = gegl_buffer_get_extent (output);
  const Babl          *format = babl_format ("cairo-ARGB32");
  g_autoptr (GArray)   placed = g_array_new (FALSE, FALSE,
                                             sizeof (GeglRectangle));
  gdouble              height;

  height = CLAMP (hypot (picture->width, picture->height)
                    / DIGITS_PER_DIAGONAL, DIGIT_MIN, DIGIT_MAX);

  for (guint i = 0; i < lesions->len; i++)
    {
      const PockmarkLesion *lesion =
        &g_array_index (lesions, PockmarkLesion, i);
      g_autofree gchar     *text = g_strdup_printf ("%u", lesion->number);
      GeglRectangle         area = { 0, 0, 0, 0 };
      cairo_surface_t      *surface;

      area.width = ceil (numbers_width (text, height) + height * HALO_WIDTH);
      area.height = ceil (height * (1.0 + HALO_WIDTH));
      place (&area, &lesion->box, picture, lesions, placed);
      g_array_append_val (placed, area);

      surface = draw_number (text, &area, height);
      gegl_buffer_set (output, &area, 0, format,
                       cairo_image_surface_get_data (surface),
                       cairo_image_surface_get_stride (surface));
      cairo_surface_destroy (surface);
    }
}
