/* Two visits as layers: the earlier one aligned, what changed, outlines by fate
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "class-text.h"
#include "lettering.h"
#include "pockmark-gegl.h"
#include "polygon.h"
#include "visits-picture.h"

/* Rows that are made at once. */
#define BAND 64

/* As the outlines of a detection: one pixel for so many of the longer side. */
#define PIXELS_PER_OUTLINE 900.0

#define OUTLINE_TOLERANCE 0.75

/* ---- Pictures band by band ---------------------------------------------- */

GeglBuffer *
visits_picture_align (const PockmarkComparison *comparison,
                      const PockmarkSource     *before,
                      gint                      width,
                      gint                      height,
                      GError                  **error)
{
  const Babl        *format = pockmark_gegl_photograph_format ();
  GeglBuffer        *buffer;
  g_autofree gfloat *pixels =
    g_try_new (gfloat, (gsize) width * 4 * BAND);

  if (pixels == NULL)
    {
      g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                   _("There is not enough memory to align the photograph."));
      return NULL;
    }

  buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height), format);
  for (gint y = 0; y < height; y += BAND)
    {
      const PockmarkRect rect = { 0, y, width, MIN (BAND, height - y) };

      if (!pockmark_alignment_warp (comparison->alignment, before, &rect,
                                    pixels, error))
        {
          g_object_unref (buffer);
          return NULL;
        }
      gegl_buffer_set (buffer,
                       GEGL_RECTANGLE (rect.x, rect.y, rect.width,
                                       rect.height),
                       0, format, pixels, GEGL_AUTO_ROWSTRIDE);
    }

  return buffer;
}

void
visits_picture_change (const PockmarkComparison *comparison,
                       GeglBuffer               *output)
{
  const Babl        *format = babl_format ("R'G'B'A float");
  const gint         width = gegl_buffer_get_width (output);
  const gint         height = gegl_buffer_get_height (output);
  g_autofree gfloat *pixels = g_new (gfloat, (gsize) width * 4 * BAND);

  for (gint y = 0; y < height; y += BAND)
    {
      const PockmarkRect rect = { 0, y, width, MIN (BAND, height - y) };

      pockmark_comparison_paint (comparison, &rect, pixels);
      gegl_buffer_set (output,
                       GEGL_RECTANGLE (rect.x, rect.y, rect.width,
                                       rect.height),
                       0, format, pixels, GEGL_AUTO_ROWSTRIDE);
    }
}

/* ---- Drawing with cairo ------------------------------------------------- */

static const Babl *
cairo_format (void)
{
  return babl_format ("cairo-ARGB32");
}

static void
put_surface (GeglBuffer *buffer, cairo_surface_t *surface)
{
  cairo_surface_flush (surface);
  gegl_buffer_set (buffer,
                   GEGL_RECTANGLE (0, 0,
                                   cairo_image_surface_get_width (surface),
                                   cairo_image_surface_get_height (surface)),
                   0, cairo_format (), cairo_image_surface_get_data (surface),
                   cairo_image_surface_get_stride (surface));
}

static void
set_fate_colour (cairo_t *cr, PockmarkFate fate)
{
  const gfloat *rgb = pockmark_fate_colour (fate);

  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
}

/* A line in the colour over a dark one, so that it shows on every skin. */
static void
stroke_fate (cairo_t *cr, PockmarkFate fate, gdouble width)
{
  cairo_set_line_width (cr, 2.0 * width);
  cairo_set_source_rgba (cr, 0.0, 0.0, 0.0, 0.45);
  cairo_stroke_preserve (cr);
  cairo_set_line_width (cr, width);
  set_fate_colour (cr, fate);
  cairo_stroke (cr);
}

/* The outline of lesion number of one visit, in the later one's pixels. */
static gboolean
trace_lesion (cairo_t *cr, PockmarkComparison *comparison, gint visit,
              guint number, GError **error)
{
  const PockmarkSource  map =
    pockmark_source_from_detection (comparison->detection[visit]);
  const PockmarkLesion *lesion =
    &g_array_index (comparison->lesions[visit], PockmarkLesion, number - 1);
  g_autoptr (GPtrArray) rings = pockmark_trace (&map, number, &lesion->box,
                                                error);

  if (rings == NULL)
    return FALSE;

  for (guint i = 0; i < rings->len; i++)
    {
      g_autoptr (GArray) points =
        polygon_simplify (g_ptr_array_index (rings, i), OUTLINE_TOLERANCE);

      cairo_new_sub_path (cr);
      for (guint j = 0; j < points->len; j++)
        {
          const PockmarkPoint *p = &g_array_index (points, PockmarkPoint, j);
          gdouble              x = p->x;
          gdouble              y = p->y;

          if (visit == 0)
            pockmark_alignment_after (comparison->alignment, p->x, p->y,
                                      &x, &y);
          cairo_line_to (cr, x, y);
        }
      cairo_close_path (cr);
    }

  return TRUE;
}

gboolean
visits_picture_fates (PockmarkComparison *comparison, GeglBuffer *output,
                      GError **error)
{
  const gint       width = gegl_buffer_get_width (output);
  const gint       height = gegl_buffer_get_height (output);
  const gdouble    line = MAX (MAX (width, height) / PIXELS_PER_OUTLINE, 1.5);
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t         *cr = cairo_create (surface);
  gboolean         drawn = TRUE;

  if (cairo_status (cr) != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                   _("There is not enough memory to draw the outlines."));
      drawn = FALSE;
    }
  for (guint i = 0; drawn && i < comparison->changes->len; i++)
    {
      const PockmarkChange *change =
        &g_array_index (comparison->changes, PockmarkChange, i);
      const gint            visit = change->number[1] > 0 ? 1 : 0;

      drawn = trace_lesion (cr, comparison, visit, change->number[visit],
                            error);
      if (drawn)
        stroke_fate (cr, change->fate, line);
    }
  if (drawn)
    put_surface (output, surface);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);

  return drawn;
}

/* ---- Legend ------------------------------------------------------------- */

/* In heights of a capital letter: the margin, how far apart lines of words
 * are, the bar and its height, and the rings that stand for outlines. */
#define MARGIN 1.5
#define LINE 2.8
#define BAR_LEAST 30.0
#define BAR_HEIGHT 1.7
#define RING 0.75
#define RING_SPACE 2.6

#define BAR_STEPS 64
#define N_LINES 5

/* The height of a capital letter, by the photograph's longer side. */
#define LETTER_SHARE 0.0115
#define LETTER_LEAST 6.5

/* Where in a line a text stands. */
#define LEFT 0.0
#define RIGHT 1.0

typedef struct
{
  Lettering lettering;
  gdouble   letter; /* pixels, as all that follows */
  gdouble   bar;
  gdouble   column; /* half of the width within the margins */
} Legend;

static void
show_text (const Legend *legend, gdouble x, gdouble y, gdouble part,
           const gchar *text)
{
  cairo_set_source_rgb (legend->lettering.cr, 0.1, 0.1, 0.1);
  lettering_draw (&legend->lettering, text,
                  x - part * lettering_width (&legend->lettering, text), y);
}

/* As wide as the longest words ask for. */
static void
lay_out (Legend *legend)
{
  gdouble words = 0.0;

  for (guint i = 0; i < POCKMARK_N_FATES; i++)
    words = MAX (words, lettering_width (&legend->lettering,
                                         class_text_fate (i)));
  legend->column = MAX ((RING_SPACE + MARGIN) * legend->letter + words,
                        0.5 * BAR_LEAST * legend->letter);
  legend->bar = 2.0 * legend->column;
}

static void
draw_bar (const Legend *legend)
{
  cairo_t         *cr = legend->lettering.cr;
  const gdouble    left = MARGIN * legend->letter;
  cairo_pattern_t *ramp = cairo_pattern_create_linear (left, 0.0,
                                                       left + legend->bar,
                                                       0.0);

  for (gint i = 0; i <= BAR_STEPS; i++)
    {
      const gdouble at = (gdouble) i / BAR_STEPS;
      gfloat        rgba[4];

      pockmark_change_colour (POCKMARK_CHANGE_SPAN * (2.0 * at - 1.0), rgba);
      cairo_pattern_add_color_stop_rgba (ramp, at, rgba[0], rgba[1], rgba[2],
                                         rgba[3]);
    }
  cairo_rectangle (cr, left, (MARGIN + LINE - 1.0) * legend->letter,
                   legend->bar, BAR_HEIGHT * legend->letter);
  cairo_set_source (cr, ramp);
  cairo_fill (cr);
  cairo_pattern_destroy (ramp);
  for (gint i = -1; i <= 1; i++)
    {
      const gdouble     part = 0.5 * (i + 1);
      g_autofree gchar *text = i == 0
                                 ? g_strdup ("0")
                                 : g_strdup_printf ("%+.1f",
                                                    i * POCKMARK_CHANGE_SPAN);

      show_text (legend, left + part * legend->bar,
                 (MARGIN + 2.0 * LINE) * legend->letter, part, text);
    }
}

static void
draw_fates (const Legend *legend)
{
  cairo_t      *cr = legend->lettering.cr;
  const gdouble letter = legend->letter;

  for (guint i = 0; i < POCKMARK_N_FATES; i++)
    {
      const gdouble x = MARGIN * letter + legend->column * (i % 2);
      const gdouble y = (MARGIN + LINE * (3 + i / 2) + 0.4) * letter;

      cairo_new_path (cr);
      cairo_arc (cr, x + letter, y - 0.5 * letter, RING * letter, 0.0,
                 2.0 * G_PI);
      stroke_fate (cr, i, 0.2 * letter);
      show_text (legend, x + RING_SPACE * letter, y, LEFT,
                 class_text_fate (i));
    }
}

static void
draw_legend (const Legend *legend)
{
  const gdouble left = MARGIN * legend->letter;
  const gdouble line = (MARGIN + 1.0) * legend->letter;

  cairo_set_source_rgba (legend->lettering.cr, 1.0, 1.0, 1.0, 0.9);
  cairo_paint (legend->lettering.cr);
  show_text (legend, left, line, LEFT, _("Less red"));
  show_text (legend, left + legend->bar, line, RIGHT, _("More red"));
  draw_bar (legend);
  draw_fates (legend);
}

/* A surface of that size to draw the legend on. */
static cairo_surface_t *
legend_begin (Legend *legend, gint width, gint height)
{
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t         *cr = cairo_create (surface);

  lettering_init (&legend->lettering, cr, legend->letter);

  return surface;
}

static void
legend_end (Legend *legend)
{
  cairo_t *cr = legend->lettering.cr;

  lettering_clear (&legend->lettering);
  cairo_destroy (cr);
}

GeglBuffer *
visits_picture_legend (gint side)
{
  Legend           legend = { .letter = MAX (LETTER_SHARE * side,
                                             LETTER_LEAST) };
  cairo_surface_t *surface = legend_begin (&legend, 1, 1);
  GeglBuffer      *buffer;
  gint             width;
  gint             height;

  lay_out (&legend);
  width = (gint) (legend.bar + 2.0 * MARGIN * legend.letter + 0.5);
  height = (gint) ((2.0 * MARGIN + LINE * N_LINES - 1.8) * legend.letter);
  legend_end (&legend);
  cairo_surface_destroy (surface);

  surface = legend_begin (&legend, width, height);
  draw_legend (&legend);
  legend_end (&legend);
  buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height),
                            babl_format ("R'G'B'A u8"));
  put_surface (buffer, surface);
  cairo_surface_destroy (surface);

  return buffer;
}
