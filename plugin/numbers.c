/* The lesions' numbers, drawn beside them
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include <cairo.h>

#include "cairo-area.h"
#include "label-place.h"
#include "numbers.h"
#include "polygon.h"

/* In heights of a digit. */
#define DIGIT_WIDTH 0.6
#define DIGIT_ADVANCE 0.86
#define PEN_WIDTH 0.14
#define HALO_WIDTH 0.36

/* Height of a digit in pixels: so many of them fill the diagonal. */
#define DIGITS_PER_DIAGONAL 90.0
#define DIGIT_MIN 9.0
#define DIGIT_MAX 160.0

/* Lines to lesions are thinner than digits. */
#define LEADER 0.5

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

/* In white with a halo that stands out on any skin; height: of a digit. */
static void
stroke_with_halo (cairo_t *cr, gdouble height)
{
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_source_rgba (cr, 0.0, 0.0, 0.0, 0.75);
  cairo_set_line_width (cr, HALO_WIDTH * height);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, 1.0, 1.0, 1.0);
  cairo_set_line_width (cr, PEN_WIDTH * height);
  cairo_stroke (cr);
}

/* What is drawn by cairo is laid over what area already holds. */
static cairo_t *
open_area (GeglBuffer *output, const GeglRectangle *area)
{
  cairo_surface_t *surface = cairo_area_read (output, area);
  cairo_t         *cr = cairo_create (surface);

  cairo_surface_destroy (surface);
  cairo_translate (cr, -area->x, -area->y);

  return cr;
}

/* Takes cr. */
static void
close_area (GeglBuffer *output, const GeglRectangle *area, cairo_t *cr)
{
  cairo_area_write (output, area, cairo_get_target (cr));
  cairo_destroy (cr);
}

/* Of everything on a lesion's outer rings; of its box where there are none. */
static GArray *
outline_of (const Findings *findings, const PockmarkLesion *lesion,
            GError **error)
{
  g_autoptr (GPtrArray) rings = polygon_trace (findings->map, lesion, error);
  const PockmarkRect   *box = &lesion->box;
  const PockmarkPoint   corners[] = {
    { box->x, box->y }, { box->x + box->width, box->y },
    { box->x + box->width, box->y + box->height },
    { box->x, box->y + box->height }
  };
  GArray               *outline;

  if (rings == NULL)
    return NULL;

  outline = g_array_new (FALSE, FALSE, sizeof (PockmarkPoint));
  for (guint i = 0; i < rings->len; i++)
    {
      const PockmarkRing *ring = g_ptr_array_index (rings, i);

      if (!ring->hole)
        g_array_append_vals (outline, ring->points->data, ring->points->len);
    }
  if (outline->len == 0)
    g_array_append_vals (outline, corners, G_N_ELEMENTS (corners));

  return outline;
}

/* The number in its place, and the line to its lesion where it takes one. */
static void
draw_label (GeglBuffer       *output,
            const LabelPlace *place,
            const gchar      *text,
            gdouble           height)
{
  gint          margin = ceil (height * HALO_WIDTH);
  GeglRectangle area = place->area;
  cairo_t      *cr;

  if (place->leader)
    gegl_rectangle_bounding_box (&area, &area,
                                 GEGL_RECTANGLE (place->to.x - margin,
                                                 place->to.y - margin,
                                                 2 * margin, 2 * margin));
  if (!gegl_rectangle_intersect (&area, &area,
                                 gegl_buffer_get_extent (output)))
    return;

  cr = open_area (output, &area);
  cairo_save (cr);
  cairo_translate (cr, place->area.x + 0.5 * margin,
                   place->area.y + 0.5 * margin);
  cairo_scale (cr, height, height);
  trace_text (cr, text);
  cairo_restore (cr);
  stroke_with_halo (cr, height);
  if (place->leader)
    {
      cairo_move_to (cr, place->from.x, place->from.y);
      cairo_line_to (cr, place->to.x, place->to.y);
      stroke_with_halo (cr, LEADER * height);
    }
  close_area (output, &area, cr);
}

gboolean
numbers_draw (const Findings      *findings,
              const GeglRectangle *taken,
              GeglBuffer          *output,
              GError             **error)
{
  const GeglRectangle *picture = gegl_buffer_get_extent (output);
  g_autoptr (GArray)   placed = g_array_new (FALSE, FALSE,
                                             sizeof (GeglRectangle));
  LabelRoom            room = { *picture, findings->lesions, placed };
  gdouble              height;

  height = CLAMP (hypot (picture->width, picture->height)
                    / DIGITS_PER_DIAGONAL, DIGIT_MIN, DIGIT_MAX);
  g_array_append_val (placed, *taken);

  for (guint i = 0; i < findings->lesions->len; i++)
    {
      const PockmarkLesion *lesion =
        &g_array_index (findings->lesions, PockmarkLesion, i);
      g_autofree gchar     *text = g_strdup_printf ("%u", lesion->number);
      g_autoptr (GArray)    outline = outline_of (findings, lesion, error);
      LabelPlace            place;

      if (outline == NULL)
        return FALSE;

      place = label_place (&room, i, outline,
                           ceil (numbers_width (text, height)
                                 + height * HALO_WIDTH),
                           ceil (height * (1.0 + HALO_WIDTH)));
      draw_label (output, &place, text, height);
    }

  return TRUE;
}
