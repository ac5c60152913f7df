/* Phantom photographs: hairs, print and ruler
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * They lie on the skin, so they are painted over its albedo and are lit with
 * it.  Hairs throw a soft shadow beside them.
 */

#include <string.h>

#include "phantom-private.h"

typedef struct
{
  const PhantomSettings *settings;
  gdouble                scale; /* pixels per mm */
  gint                   width;
  gint                   height;
  gfloat                *albedo;
  gfloat                *gloss;
} Painter;

/* A straight line, all in pixels; thinner than one it only fades. */
static void
paint_line (Painter      *painter,
            const gdouble ends[4],
            gdouble       width,
            const gfloat  rgb[3],
            gfloat        alpha)
{
  gdouble dx = ends[2] - ends[0], dy = ends[3] - ends[1];
  gdouble length2 = MAX (dx * dx + dy * dy, 1e-9);
  gdouble reach = MAX (0.5 * width, 0.5) + 1.0;
  gint    x0 = MAX ((gint) (MIN (ends[0], ends[2]) - reach), 0);
  gint    x1 = MIN ((gint) (MAX (ends[0], ends[2]) + reach),
                    painter->width - 1);
  gint    y0 = MAX ((gint) (MIN (ends[1], ends[3]) - reach), 0);
  gint    y1 = MIN ((gint) (MAX (ends[1], ends[3]) + reach),
                    painter->height - 1);
  gint    x, y, c;

  alpha *= MIN (width, 1.0);
  width = MAX (width, 1.0);
  for (y = y0; y <= y1; y++)
    for (x = x0; x <= x1; x++)
      {
        gdouble px = x + 0.5 - ends[0], py = y + 0.5 - ends[1];
        gdouble t = CLAMP ((px * dx + py * dy) / length2, 0.0, 1.0);
        gdouble d = hypot (px - t * dx, py - t * dy);
        gfloat  a = alpha * CLAMP (0.5 * width + 0.5 - d, 0.0, 1.0);
        gsize   at = (gsize) y * painter->width + x;

        if (a <= 0.0f)
          continue;
        for (c = 0; c < 3; c++)
          painter->albedo[3 * at + c]
              += a * (rgb[c] - painter->albedo[3 * at + c]);
        painter->gloss[at] *= 1.0f - 0.7f * a;
      }
}

static void
paint_hair (Painter              *painter,
            const PhantomFeature *feature)
{
  static const gfloat dark[3] = { 0.020f, 0.013f, 0.010f };
  static const gfloat pale[3] = { 0.62f, 0.50f, 0.38f };
  static const gfloat shade[3] = { 0.03f, 0.015f, 0.01f };
  const PhantomLight *light = painter->settings->light;
  gboolean            vellus = feature->kind == PHANTOM_VELLUS;
  gboolean            light_skin = painter->settings->melanosomes < 0.16;
  const gfloat       *colour = vellus && light_skin ? pale : dark;
  gdouble azimuth = light->azimuth * G_PI / 180.0;
  gdouble throw = vellus ? 0.05 : feature->kind == PHANTOM_HAIR ? 0.25 : 0.08;
  gdouble xy[2 * PHANTOM_PATH_POINTS], ends[4], sx, sy;
  gfloat  alpha = vellus                            ? 0.40f
                  : feature->kind == PHANTOM_HAIR ? 0.92f
                                                  : 0.50f;
  gint    i, k, pass;

  throw *= painter->scale / tan (light->elevation * G_PI / 180.0);
  sx = -throw * cos (azimuth);
  sy = throw * sin (azimuth);
  phantom_feature_path (feature, feature->kind == PHANTOM_STUBBLE ? 0.3 : 1.3,
                        xy);
  for (pass = 0; pass < 2; pass++)
    for (i = 0; i + 1 < PHANTOM_PATH_POINTS; i++)
      {
        gdouble taper = 1.0 - 0.6 * i / (PHANTOM_PATH_POINTS - 1.0);

        for (k = 0; k < 4; k++)
          ends[k] = xy[2 * i + k] * painter->scale
                    + (pass ? 0.0 : k & 1 ? sy : sx);
        if (pass)
          paint_line (painter, ends, feature->width * painter->scale * taper,
                      colour, alpha);
        else
          paint_line (painter, ends,
                      2.2 * feature->width * painter->scale * taper, shade,
                      vellus ? 0.06f : 0.22f);
      }
}

/* The plug of a comedone: oxidised sebum, dark whatever the skin's tone. */
static void
paint_plug (Painter              *painter,
            const PhantomFeature *feature)
{
  static const gfloat plug[3] = { 0.075f, 0.052f, 0.038f };
  gdouble x = feature->x * painter->scale, y = feature->y * painter->scale;
  gdouble half = 0.12 * feature->width * painter->scale;
  gdouble c = half * cos (feature->angle), s = half * sin (feature->angle);
  gdouble ends[4] = { x - c, y - s, x + c, y + s };

  paint_line (painter, ends, 0.62 * feature->width * painter->scale, plug,
              0.45f);
  paint_line (painter, ends, 0.45 * feature->width * painter->scale, plug,
              0.7f);
}

/* Strokes of a glyph on a grid 4 wide and 6 high: pairs of column and row,
 * '/' lifts the pen. */
static const gchar *
glyph (gchar letter)
{
  static const struct
  {
    gchar        letter;
    const gchar *strokes;
  } glyphs[] = {
    { '0', "103041453616050110" }, { '1', "112026/1636" },
    { '2', "01103041420646" },        { '3', "003022314546360605" },
    { '4', "36300444" },              { '5', "4000024244361605" },
    { '6', "30100105163645443304" }, { '7', "004016" },
    { '8', "13020110304142331304051636454433" },
    { '9', "1636454130100102134342" },
    { 'c', "4433130405163645" },   { 'm', "0602/031223" "26/23334346" },
    { 'D', "00063645413000" },     { 'I', "2026" },
    { 'L', "000646" },                { 'R', "060030414333" "03/2346" },
    { '-', "0343" },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (glyphs); i++)
    if (glyphs[i].letter == letter)
      return glyphs[i].strokes;
  return "";
}

static void
paint_text (Painter     *painter,
            const gchar *text,
            gdouble      x,
            gdouble      y,
            gdouble      height,
            const gfloat rgb[3])
{
  gdouble unit = height / 6.0;

  for (; *text; text++, x += 5.6 * unit)
    {
      const gchar *p = glyph (*text);
      gboolean     down = FALSE;
      gdouble      ends[4];

      while (p[0] && (p[0] == '/' || p[1]))
        {
          if (*p == '/')
            {
              down = FALSE;
              p++;
              continue;
            }
          ends[2] = x + (p[0] - '0') * unit;
          ends[3] = y + (p[1] - '0') * unit;
          if (down)
            paint_line (painter, ends, MAX (0.8 * unit, 1.0), rgb, 0.95f);
          memcpy (ends, ends + 2, 2 * sizeof (gdouble));
          down = TRUE;
          p += 2;
        }
    }
}

static void
paint_band (Painter              *painter,
            const PhantomFeature *ruler,
            const gfloat          rgb[3])
{
  gboolean upright = fabs (sin (ruler->angle)) > 0.5;
  gdouble  s = painter->scale;
  gdouble  half = 0.5 * ruler->length + 2.0;
  gdouble  ends[4];

  ends[0] = (upright ? ruler->x : ruler->x - half) * s;
  ends[1] = (upright ? ruler->y - half : ruler->y) * s;
  ends[2] = (upright ? ruler->x : ruler->x + half) * s;
  ends[3] = (upright ? ruler->y + half : ruler->y) * s;
  paint_line (painter, ends, ruler->width * s, rgb, 1.0f);
}

/* Ticks start at the edge towards the skin; each centimetre has its number. */
static void
paint_ruler (Painter              *painter,
             const PhantomFeature *ruler)
{
  static const gfloat paper[3] = { 0.74f, 0.75f, 0.73f };
  static const gfloat ink[3] = { 0.025f, 0.025f, 0.03f };
  gboolean upright = fabs (sin (ruler->angle)) > 0.5;
  gdouble  s = painter->scale;
  gdouble  edge = (upright ? ruler->x : ruler->y) - 0.5 * ruler->width + 0.15;
  gint     mm;

  paint_band (painter, ruler, paper);
  for (mm = 0; mm <= (gint) ruler->length; mm++)
    {
      gdouble size = mm % 10 == 0 ? 0.5 : mm % 5 == 0 ? 0.38 : 0.26;
      gdouble to = edge + size * ruler->width;
      gdouble ends[4] = { (mm + 0.5) * s, edge * s, (mm + 0.5) * s, to * s };
      gdouble tall[4] = { edge * s, (mm + 0.5) * s, to * s, (mm + 0.5) * s };

      paint_line (painter, upright ? tall : ends, 0.14 * s, ink, 0.95f);
      if (mm % 10 == 0)
        {
          gchar   digits[8];
          gdouble size_mm = 0.3 * ruler->width;
          gdouble below = (edge + 0.58 * ruler->width) * s;
          gdouble beside = (mm + 0.9) * s;

          g_snprintf (digits, sizeof digits, "%d", mm / 10);
          paint_text (painter, digits, upright ? below : beside,
                      upright ? beside : below, size_mm * s, ink);
        }
    }
}

static void
paint_label (Painter              *painter,
             const PhantomFeature *feature)
{
  static const gfloat black[3] = { 0.01f, 0.01f, 0.01f };
  static const gfloat white[3] = { 0.95f, 0.95f, 0.95f };
  PhantomRandom       random;
  gchar               text[24];

  phantom_random_init (&random, feature->seed, 3);
  g_snprintf (text, sizeof text, "ID-%04d-%c",
              (gint) phantom_random_uniform (&random, 0, 10000),
              phantom_random_chance (&random, 0.5) ? 'L' : 'R');
  paint_text (painter, text, 1.5 * painter->scale,
              (feature->y - 0.5 * feature->width) * painter->scale,
              feature->width * painter->scale,
              phantom_random_chance (&random, 0.5) ? black : white);
}

void
phantom_objects_paint (const PhantomSettings *settings,
                       const GArray          *plan,
                       gdouble                pixels_per_mm,
                       gint                   width,
                       gint                   height,
                       gfloat                *albedo,
                       gfloat                *gloss)
{
  Painter painter
      = { settings, pixels_per_mm, width, height, albedo, gloss };
  gint    pass;
  guint   i;

  /* The ruler is laid on the hairs, the print on all. */
  for (pass = 0; pass < 3; pass++)
    for (i = 0; i < plan->len; i++)
      {
        const PhantomFeature *feature
            = &g_array_index (plan, PhantomFeature, i);

        if (pass == 0
            && (feature->kind == PHANTOM_HAIR
                || feature->kind == PHANTOM_VELLUS
                || feature->kind == PHANTOM_STUBBLE))
          paint_hair (&painter, feature);
        else if (pass == 0 && feature->kind == PHANTOM_COMEDONE)
          paint_plug (&painter, feature);
        else if (pass == 1 && feature->kind == PHANTOM_RULER)
          paint_ruler (&painter, feature);
        else if (pass == 2 && feature->kind == PHANTOM_TEXT)
          paint_label (&painter, feature);
      }
}
