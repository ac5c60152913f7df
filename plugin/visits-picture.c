/* Two visits as layers: the earlier one aligned, what changed, outlines by fate
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <cairo.h>

#include "class-text.h"
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

/* In units of the text's height. */
#define LEGEND_WIDTH 24.0
#define LEGEND_HEIGHT 10.5
#define BAR_WIDTH 22.0

/* The text's height for a thousand pixels of the photograph's longer side. */
#define TEXT_SHARE 0.016

static void
show_text (cairo_t *cr, gdouble x, gdouble y, const gchar *text)
{
  cairo_set_source_rgb (cr, 0.1, 0.1, 0.1);
  cairo_move_to (cr, x, y);
  cairo_show_text (cr, text);
}

static void
draw_bar (cairo_t *cr)
{
  for (gint i = 0; i < 64; i++)
    {
      gfloat  rgba[4];
      gdouble x = 1.0 + BAR_WIDTH * i / 64.0;

      pockmark_change_colour (POCKMARK_CHANGE_SPAN * (2.0 * (i + 0.5) / 64.0
                                                      - 1.0), rgba);
      cairo_rectangle (cr, x, 1.9, BAR_WIDTH / 64.0 + 0.02, 1.2);
      cairo_set_source_rgba (cr, rgba[0], rgba[1], rgba[2], rgba[3]);
      cairo_fill (cr);
    }
  for (gint i = -1; i <= 1; i++)
    {
      g_autofree gchar *text =
        g_strdup_printf ("%+.1f", i * POCKMARK_CHANGE_SPAN);

      show_text (cr, 1.0 + 0.5 * BAR_WIDTH * (i + 1) - (i + 1) * 0.9, 4.2,
                 i == 0 ? "0" : text);
    }
}

static void
draw_fates (cairo_t *cr)
{
  for (guint i = 0; i < POCKMARK_N_FATES; i++)
    {
      const gdouble x = 1.0 + 12.0 * (i % 2);
      const gdouble y = 6.6 + 2.0 * (i / 2);

      cairo_new_path (cr);
      cairo_arc (cr, x + 0.6, y - 0.4, 0.55, 0.0, 2.0 * G_PI);
      stroke_fate (cr, i, 0.25);
      show_text (cr, x + 1.8, y, class_text_fate (i));
    }
}

GeglBuffer *
visits_picture_legend (gint side)
{
  const gdouble    unit = MAX (TEXT_SHARE * side, 9.0);
  const gint       width = (gint) (LEGEND_WIDTH * unit);
  const gint       height = (gint) (LEGEND_HEIGHT * unit);
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t         *cr = cairo_create (surface);
  GeglBuffer      *buffer;

  cairo_scale (cr, unit, unit);
  cairo_set_source_rgba (cr, 1.0, 1.0, 1.0, 0.9);
  cairo_paint (cr);
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                          CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, 1.0);
  show_text (cr, 1.0, 1.4, _("Less red"));
  show_text (cr, LEGEND_WIDTH - 5.6, 1.4, _("More red"));
  draw_bar (cr);
  draw_fates (cr);

  buffer = gegl_buffer_new (GEGL_RECTANGLE (0, 0, width, height),
                            babl_format ("R'G'B'A u8"));
  put_surface (buffer, surface);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);

  return buffer;
}
