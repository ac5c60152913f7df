/* Words in pictures, with fonts or without
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "lettering.h"
#include "numbers.h"

/* The font's size in heights of a capital letter. */
#define EM 1.37

static gboolean
has_fonts (void)
{
  PangoFontFamily **families = NULL;
  gint              n = 0;

  pango_font_map_list_families (pango_cairo_font_map_get_default (),
                                &families, &n);
  g_free (families);

  return n > 0;
}

void
lettering_init (Lettering *lettering, cairo_t *cr, gdouble letter)
{
  PangoFontDescription *font;

  *lettering = (Lettering) { cr, letter, NULL };
  if (!has_fonts ())
    return;

  font = pango_font_description_from_string ("Sans");
  pango_font_description_set_absolute_size (font, letter * EM * PANGO_SCALE);
  lettering->layout = pango_cairo_create_layout (cr);
  pango_layout_set_font_description (lettering->layout, font);
  pango_font_description_free (font);
}

void
lettering_clear (Lettering *lettering)
{
  g_clear_object (&lettering->layout);
}

gboolean
lettering_has_words (const Lettering *lettering)
{
  return lettering->layout != NULL;
}

gdouble
lettering_width (const Lettering *lettering, const gchar *text)
{
  gint width;

  if (lettering->layout == NULL)
    return numbers_width (text, lettering->letter);

  pango_layout_set_text (lettering->layout, text, -1);
  pango_layout_get_pixel_size (lettering->layout, &width, NULL);
  return width;
}

void
lettering_draw (const Lettering *lettering,
                const gchar     *text,
                gdouble          x,
                gdouble          y)
{
  cairo_t *cr = lettering->cr;

  if (lettering->layout == NULL)
    {
      numbers_stroke (cr, text, x, y - lettering->letter, lettering->letter);
      return;
    }

  pango_layout_set_text (lettering->layout, text, -1);
  cairo_move_to (cr, x,
                 y - (gdouble) pango_layout_get_baseline (lettering->layout)
                       / PANGO_SCALE);
  pango_cairo_show_layout (cr, lettering->layout);
}

void
lettering_swatch (cairo_t       *cr,
                  PockmarkClass  klass,
                  gdouble        x,
                  gdouble        y,
                  gdouble        width,
                  gdouble        height)
{
  const gfloat *rgb = pockmark_class_colour (klass);

  cairo_rectangle (cr, x, y, width, height);
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
  cairo_fill (cr);
}

gchar *
lettering_mm (gdouble mm)
{
  /* Translators: the length of a scale bar. */
  return g_strdup_printf (_("%g mm"), mm);
}
