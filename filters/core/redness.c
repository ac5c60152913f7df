/* Pockmark: the redness map
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The redness index is 100 times the haemoglobin density, so it does not see
 * shading.  Grey shows it as measured, for measuring; heat and contours are for
 * the eye.
 *
 * All are drawn from the skin picture's reduced haemoglobin, smoothed once more
 * and taken as a cubic B-spline (in all, a blur of 0.9 reduced pixels).  Single
 * pixels' noise would make confetti of it; the spline has neither overshoots
 * nor jumps of its slope, so that lines of equal redness are smooth and lesions
 * of a millimetre remain.
 *
 * Everything depends on a pixel's place in the photograph only, never on the
 * rectangle that is asked for.
 */

#include <math.h>
#include <string.h>

#include "colour.h"
#include "pockmark-core.h"

/* Pixels of a row that are worked on together, and columns of the reduced
 * planes that they may span. */
#define CHUNK   256
#define COLUMNS (CHUNK + 6)

/* Lines in the map's span; the width of a line in reduced pixels, between a
 * least and a largest number of the photograph's. */
#define CONTOURS_RELATIVE  8
#define CONTOURS_ABSOLUTE 12
#define CONTOUR_WIDTH      0.3
#define CONTOUR_WIDTH_MIN  1.4
#define CONTOUR_WIDTH_MAX  6.0

/* Lines a reduced pixel's slope may come to before the ground is called level
 * and lines on it are drawn no wider. */
#define CONTOUR_LEVEL_SLOPE 0.02

/* Heat is faint below this display value, where skin is as red as any. */
#define HEAT_FULL 0.3f

/* Points of the table that turns display values into linear light. */
#define N_GREY 256

/* Colours of display values 0-1 at even steps, linear sRGB.  In CIELAB they
 * rise evenly in lightness, L* = 26, 36 ... 86, 95, while the hue turns from
 * violet (-60 degrees) over magenta and orange to yellow (98 degrees): lightness
 * alone tells them apart.  Four channels, so that all are worked on at once. */
#define N_HEAT 8
static const gfloat heat_colours[N_HEAT][4] = {
  { 0.0281f, 0.0307f, 0.2711f, 1.0f },
  { 0.2046f, 0.0302f, 0.3456f, 1.0f },
  { 0.5233f, 0.0269f, 0.3068f, 1.0f },
  { 0.8793f, 0.0537f, 0.1898f, 1.0f },
  { 0.9986f, 0.1847f, 0.1220f, 1.0f },
  { 0.9993f, 0.3881f, 0.1219f, 1.0f },
  { 0.9997f, 0.6325f, 0.2065f, 1.0f },
  { 0.9994f, 0.8818f, 0.4578f, 1.0f },
};

/* Some columns of the photograph at even steps, and where they lie between
 * those of the skin picture: worked out once, for all rows. */
typedef struct
{
  const PockmarkSkin *skin;
  gint                n;              /* at most CHUNK                       */
  gint                first;          /* reduced column, and how many matter */
  gint                n_columns;
  gint                at[CHUNK];      /* first of a pixel's four, from first */
  gfloat              t[CHUNK];       /* from the second to the third, 0-1   */
  gfloat              weight[CHUNK][4]; /* of the four in the spline         */
  gfloat              slope[CHUNK][4];
} Stretch;

/* ---- The skin picture at full size -------------------------------------- */

/* The reduced pixel whose centre is the last before the photograph's pixel at,
 * and how far behind it that lies, 0-1. */
static gint
reduced_position (const PockmarkSkin *skin,
                  gint                at,
                  gfloat             *fraction)
{
  const gdouble position = (at + 0.5) / skin->reduction - 0.5;
  const gdouble whole = floor (position);

  *fraction = (gfloat) (position - whole);
  return (gint) whole;
}

/* Weights of the cubic B-spline's four pixels, and their slopes. */
static void
spline_weights (gfloat t,
                gfloat w[4],
                gfloat d[4])
{
  const gfloat s = 1.0f - t;

  w[0] = s * s * s / 6.0f;
  w[1] = 2.0f / 3.0f - t * t * (1.0f - 0.5f * t);
  w[2] = 2.0f / 3.0f - s * s * (1.0f - 0.5f * s);
  w[3] = t * t * t / 6.0f;
  d[0] = -0.5f * s * s;
  d[1] = t * (1.5f * t - 2.0f);
  d[2] = -s * (1.5f * s - 2.0f);
  d[3] = 0.5f * t * t;
}

static void
stretch_init (Stretch            *stretch,
              const PockmarkSkin *skin,
              gint                x,
              gint                n,
              gint                step)
{
  gint i;

  stretch->skin = skin;
  stretch->n = n;
  for (i = 0; i < n; i++)
    {
      const gint at = reduced_position (skin, x + i * step, &stretch->t[i])
                      - 1;

      /* One more on each side, for smoothing. */
      if (i == 0)
        stretch->first = at - 1;
      stretch->at[i] = at - stretch->first;
      spline_weights (stretch->t[i], stretch->weight[i], stretch->slope[i]);
    }
  stretch->n_columns = stretch->at[n - 1] + 5;
}

/* The weighted sum of some rows of the plane in the stretch's columns, with the
 * border repeated.  What is no number counts as 0. */
static void
sum_rows (const Stretch       *stretch,
          const PockmarkPlane *plane,
          gint                 row,
          const gfloat        *weights,
          gint                 n_weights,
          gfloat              *columns)
{
  gint i, k;

  memset (columns, 0, (gsize) stretch->n_columns * sizeof (gfloat));
  for (k = 0; k < n_weights; k++)
    {
      const gfloat *data = plane->data
                           + (gsize) CLAMP (row + k, 0, plane->height - 1)
                                 * plane->width;

      for (i = 0; i < stretch->n_columns; i++)
        {
          const gfloat value = data[CLAMP (stretch->first + i, 0,
                                           plane->width - 1)];

          columns[i] += weights[k] * (isfinite (value) ? value : 0.0f);
        }
    }
}

/* Row y of the photograph, interpolated linearly in the plane. */
static void
linear_row (const Stretch       *stretch,
            const PockmarkPlane *plane,
            gint                 y,
            gfloat              *out)
{
  gfloat columns[COLUMNS];
  gfloat weights[2];
  gint   row = reduced_position (stretch->skin, y, &weights[1]);
  gint   i;

  weights[0] = 1.0f - weights[1];
  sum_rows (stretch, plane, row, weights, 2, columns);
  for (i = 0; i < stretch->n; i++)
    {
      const gfloat *c = columns + stretch->at[i] + 1;

      out[i] = c[0] + stretch->t[i] * (c[1] - c[0]);
    }
}

static inline gfloat
dot4 (const gfloat *a,
      const gfloat *b)
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
}

/* As sum_rows with four rows, smoothed by 1 2 1 both ways. */
static void
sum_smoothed (const Stretch       *stretch,
              const PockmarkPlane *plane,
              gint                 row,
              const gfloat         weights[4],
              gfloat              *columns)
{
  gfloat wide[6] = { 0 };
  gfloat raw[COLUMNS];
  gint   i;

  for (i = 0; i < 4; i++)
    {
      wide[i] += 0.25f * weights[i];
      wide[i + 1] += 0.5f * weights[i];
      wide[i + 2] += 0.25f * weights[i];
    }
  sum_rows (stretch, plane, row - 1, wide, 6, raw);
  for (i = 1; i < stretch->n_columns - 1; i++)
    columns[i] = 0.25f * (raw[i - 1] + 2.0f * raw[i] + raw[i + 1]);
}

/* Row y of the plane as a smooth surface; steepness (or NULL): per reduced
 * pixel. */
static void
smooth_row (const Stretch       *stretch,
            const PockmarkPlane *plane,
            gint                 y,
            gfloat              *out,
            gfloat              *steepness)
{
  gfloat columns[COLUMNS], down[COLUMNS];
  gfloat weights[4], slopes[4];
  gfloat t;
  gint   row = reduced_position (stretch->skin, y, &t) - 1;
  gint   i;

  spline_weights (t, weights, slopes);
  sum_smoothed (stretch, plane, row, weights, columns);
  for (i = 0; i < stretch->n; i++)
    out[i] = dot4 (stretch->weight[i], columns + stretch->at[i]);
  if (! steepness)
    return;

  sum_smoothed (stretch, plane, row, slopes, down);
  for (i = 0; i < stretch->n; i++)
    {
      const gfloat dx = dot4 (stretch->slope[i], columns + stretch->at[i]);
      const gfloat dy = dot4 (stretch->weight[i], down + stretch->at[i]);

      steepness[i] = sqrtf (dx * dx + dy * dy);
    }
}

/* The share of skin; FALSE where there is none. */
static gboolean
skin_row (const Stretch *stretch,
          gint           y,
          gfloat        *share)
{
  gfloat most = 0.0f;
  gint   i;

  linear_row (stretch, stretch->skin->skin, y, share);
  for (i = 0; i < stretch->n; i++)
    {
      share[i] = CLAMP (share[i], 0.0f, 1.0f);
      most = MAX (most, share[i]);
    }
  return most > 0.0f;
}

/* ---- The index ---------------------------------------------------------- */

/* Turns haemoglobin into display values, not yet clamped: from start to start
 * plus span is 0-1. */
static void
display_row (const Stretch *stretch,
             gint           y,
             gboolean       relative,
             gfloat         start,
             gfloat         span,
             gfloat        *value)
{
  gfloat surrounding[CHUNK];
  gint   i;

  if (relative)
    {
      linear_row (stretch, stretch->skin->surrounding, y, surrounding);
      for (i = 0; i < stretch->n; i++)
        value[i] -= surrounding[i];
    }
  for (i = 0; i < stretch->n; i++)
    value[i] = (100.0f * value[i] - start) / span;
}

/* Of heat and contours. */
static void
index_range (const PockmarkSkin *skin,
             gboolean            relative,
             gfloat             *start,
             gfloat             *span)
{
  *start = relative ? 0.0f : (gfloat) skin->absolute_start;
  *span = (gfloat) (relative ? POCKMARK_REDNESS_SPAN
                             : POCKMARK_REDNESS_ABSOLUTE_SPAN);
}

/* Of grey, clamped. */
static void
value_row (const Stretch *stretch,
           gint           y,
           gboolean       relative,
           gfloat        *value)
{
  gfloat start, span;
  gint   i;

  index_range (stretch->skin, relative, &start, &span);
  if (relative)
    {
      start = (gfloat) POCKMARK_REDNESS_RELATIVE_MIN;
      span -= start;
    }
  smooth_row (stretch, stretch->skin->hemoglobin, y, value, NULL);
  display_row (stretch, y, relative, start, span, value);
  for (i = 0; i < stretch->n; i++)
    value[i] = CLAMP (value[i], 0.0f, 1.0f);
}

/* How many pixels to take at a time, so many apart, so that COLUMNS suffice. */
static gint
chunk_size (const PockmarkSkin *skin,
            gint                step)
{
  return (gint) CLAMP (CHUNK * skin->reduction / step, 1.0, CHUNK);
}

void
pockmark_redness_value (const PockmarkSkin *skin,
                        gboolean            relative,
                        const PockmarkRect *rect,
                        gfloat             *value)
{
  const gint chunk = chunk_size (skin, 1);
  Stretch    stretch;
  gint       x, y;

  for (x = 0; x < rect->width; x += chunk)
    {
      stretch_init (&stretch, skin, rect->x + x, MIN (chunk, rect->width - x),
                    1);
      for (y = 0; y < rect->height; y++)
        value_row (&stretch, rect->y + y, relative,
                   value + (gsize) y * rect->width + x);
    }
}

/* ---- Painting ----------------------------------------------------------- */

/* Paints the colour of value with opacity a; alpha stays the photograph's. */
static inline void
blend (const gfloat *photograph,
       gfloat        value,
       gfloat        a,
       gfloat       *out)
{
  const gfloat  position = CLAMP (value, 0.0f, 1.0f) * (N_HEAT - 1);
  const gint    i = MIN ((gint) position, N_HEAT - 2);
  const gfloat  t = position - (gfloat) i;
  const gfloat *low = heat_colours[i];
  const gfloat *high = heat_colours[i + 1];
  const gfloat  alpha = photograph[3];
  gint          c;

  for (c = 0; c < 4; c++)
    {
      const gfloat colour = low[c] + t * (high[c] - low[c]);

      out[c] = photograph[c] + a * (colour - photograph[c]);
    }
  out[3] = alpha;
}

void
pockmark_redness_colour (gfloat value,
                         gfloat rgb[3])
{
  const gfloat nothing[4] = { 0.0f, 0.0f, 0.0f, 1.0f };
  gfloat       out[4];

  blend (nothing, value, 1.0f, out);
  memcpy (rgb, out, 3 * sizeof (gfloat));
}

/* Heat is smooth: from so many photograph pixels per reduced one on it is worked
 * out at every second pixel of every second row of the photograph and taken
 * linearly between.  In 8 bits that differs by 0.03 on average, and by more
 * than 2 in one pixel of a thousand. */
#define HEAT_STEP_FROM 5.0

/* The heat of a stretch's columns in a row, premultiplied: four floats each.
 * FALSE where there is none. */
static gboolean
heat_row (const Stretch              *stretch,
          gint                        y,
          const PockmarkRednessStyle *style,
          gfloat                      layer[CHUNK][4])
{
  static const gfloat nothing[4] = { 0.0f, 0.0f, 0.0f, 0.0f };
  gfloat value[CHUNK];
  gfloat share[CHUNK];
  gfloat   start, span;
  gboolean any = FALSE;
  gint     i;

  memset (layer, 0, (gsize) stretch->n * sizeof layer[0]);
  if (! skin_row (stretch, y, share))
    return FALSE;
  index_range (stretch->skin, style->relative, &start, &span);
  smooth_row (stretch, stretch->skin->hemoglobin, y, value, NULL);
  display_row (stretch, y, style->relative, start, span, value);
  for (i = 0; i < stretch->n; i++)
    {
      const gfloat t = CLAMP (value[i] / HEAT_FULL, 0.0f, 1.0f);
      const gfloat a = (gfloat) style->opacity * share[i]
                       * t * t * (3.0f - 2.0f * t);

      if (a > 0.0f)
        {
          blend (nothing, value[i], a, layer[i]);
          layer[i][3] = a;
          any = TRUE;
        }
    }
  return any;
}

/* Rows of heat that a strip needs, kept from one row to the next. */
typedef struct
{
  Stretch stretch;
  gint    step;              /* 1 or 2 */
  gint     y[2];             /* of the rows; G_MININT: none yet */
  gboolean any[2];
  gfloat   row[2][CHUNK][4];
} Heat;

/* The slot of row y, which is one of those that are worked out. */
static gint
heat_at (Heat                       *heat,
         gint                        y,
         const PockmarkRednessStyle *style)
{
  const gint slot = (y / heat->step) & 1;

  if (heat->y[slot] != y)
    {
      heat->any[slot] = heat_row (&heat->stretch, y, style, heat->row[slot]);
      heat->y[slot] = y;
    }
  return slot;
}

/* The heat of n pixels of row y; the first of them is skipped pixels behind
 * the stretch's first. */
static void
lay_heat (Heat                       *heat,
          gint                        skipped,
          gint                        n,
          gint                        y,
          const PockmarkRednessStyle *style,
          gfloat                     *layer)
{
  const gint step = heat->step;
  const gint above = heat_at (heat, y - y % step, style);
  const gint below = y % step ? heat_at (heat, y - y % step + step, style)
                              : above;
  gfloat     between[CHUNK][4];
  gint       i, c;

  if (! heat->any[above] && ! heat->any[below])
    {
      memset (layer, 0, (gsize) n * 4 * sizeof (gfloat));
      return;
    }
  for (i = 0; i < heat->stretch.n; i++)
    for (c = 0; c < 4; c++)
      between[i][c] = 0.5f * (heat->row[above][i][c] + heat->row[below][i][c]);
  if (step == 1)
    {
      memcpy (layer, between, (gsize) n * sizeof between[0]);
      return;
    }
  for (i = skipped; i < skipped + n; i++, layer += 4)
    {
      const gfloat *left = between[i >> 1];
      const gfloat *right = between[(i + 1) >> 1];

      for (c = 0; c < 4; c++)
        layer[c] = 0.5f * (left[c] + right[c]);
    }
}

void
pockmark_redness_heat (const PockmarkSkin         *skin,
                       const PockmarkRednessStyle *style,
                       const PockmarkRect         *rect,
                       gfloat                     *layer)
{
  Heat heat = { .step = skin->reduction >= HEAT_STEP_FROM ? 2 : 1 };
  /* One column more than pixels, and one that may be skipped. */
  const gint chunk = MAX (1, (chunk_size (skin, heat.step) - 2) * heat.step);
  gint x, y;

  for (x = 0; x < rect->width; x += chunk)
    {
      const gint n = MIN (chunk, rect->width - x);
      const gint skipped = (rect->x + x) % heat.step;

      stretch_init (&heat.stretch, skin, rect->x + x - skipped,
                    (skipped + n - 1) / heat.step + 2, heat.step);
      heat.y[0] = heat.y[1] = G_MININT;
      for (y = 0; y < rect->height; y++)
        lay_heat (&heat, skipped, n, rect->y + y, style,
                  layer + ((gsize) y * rect->width + x) * 4);
    }
}

/* Pixels whose heat is worked out at a time, if a row has no more. */
#define HEAT_PIXELS 16384

static void
paint_heat (const PockmarkSkin         *skin,
            const PockmarkRednessStyle *style,
            const PockmarkRect         *rect,
            const gfloat               *pixels,
            gfloat                     *out)
{
  const gint   rows = MAX (1, HEAT_PIXELS / MAX (rect->width, 1));
  PockmarkRect strip = { rect->x, rect->y, rect->width, rows };
  g_autofree gfloat *layer = g_new (gfloat, (gsize) rows * rect->width * 4);
  gint  c, y;
  gsize i, n;

  memmove (out, pixels, (gsize) rect->width * rect->height * 4 * sizeof (gfloat));
  for (y = 0; y < rect->height; y += rows)
    {
      strip.y = rect->y + y;
      strip.height = MIN (rows, rect->height - y);
      n = (gsize) strip.width * strip.height;
      pockmark_redness_heat (skin, style, &strip, layer);
      for (i = 0; i < n; i++, out += 4)
        if (layer[4 * i + 3] > 0.0f)
          for (c = 0; c < 3; c++)
            out[c] = (1.0f - layer[4 * i + 3]) * out[c] + layer[4 * i + c];
    }
}

static void
paint_contours (const Stretch              *stretch,
                gint                        y,
                const PockmarkRednessStyle *style,
                const gfloat               *rgba,
                gfloat                     *out)
{
  const gdouble reduction = stretch->skin->reduction;
  const gfloat  half = 0.5f * (gfloat) CLAMP (CONTOUR_WIDTH * reduction,
                                              CONTOUR_WIDTH_MIN,
                                              CONTOUR_WIDTH_MAX);
  gfloat        value[CHUNK], steepness[CHUNK], share[CHUNK];
  const gint    count = style->relative ? CONTOURS_RELATIVE : CONTOURS_ABSOLUTE;
  /* Below what counts as affected, lines would only show noise. */
  const gfloat  least
      = style->relative
            ? (gfloat) (POCKMARK_REDNESS_AFFECTED / POCKMARK_REDNESS_SPAN)
            : 1.0f / CONTOURS_ABSOLUTE;
  gfloat        start, span;
  gint          i;

  memmove (out, rgba, (gsize) stretch->n * 4 * sizeof (gfloat));
  if (! skin_row (stretch, y, share))
    return;
  index_range (stretch->skin, style->relative, &start, &span);
  smooth_row (stretch, stretch->skin->hemoglobin, y, value, steepness);
  display_row (stretch, y, style->relative, start, span, value);
  for (i = 0; i < stretch->n; i++)
    {
      const gfloat lines = (gfloat) count * CLAMP (value[i], 0.0f, 2.0f);
      const gfloat line = (gfloat) (gint) (lines + 0.5f);
      /* Lines per pixel of the photograph. */
      const gfloat slope = MAX (steepness[i] * 100.0f / span * (gfloat) count,
                                (gfloat) CONTOUR_LEVEL_SLOPE)
                           / (gfloat) reduction;
      const gfloat distance = fabsf (lines - line) / slope;
      const gfloat a = (gfloat) style->opacity * share[i]
                       * CLAMP (half + 0.5f - distance, 0.0f, 1.0f);

      if (a > 0.0f && line >= least * (gfloat) count && line <= (gfloat) count)
        blend (rgba + 4 * i, line / (gfloat) count, a, out + 4 * i);
    }
}

/* Linear light of evenly spaced display values, so that the picture's sRGB
 * values are proportional to the index. */
static void
grey_table (gfloat table[N_GREY + 1])
{
  gint i;

  for (i = 0; i <= N_GREY; i++)
    table[i] = pockmark_linear_from_srgb ((gfloat) i / N_GREY);
}

static void
paint_grey (const Stretch *stretch,
            gint           y,
            gboolean       relative,
            const gfloat  *table,
            const gfloat  *rgba,
            gfloat        *out)
{
  gfloat value[CHUNK];
  gint   i;

  value_row (stretch, y, relative, value);
  for (i = 0; i < stretch->n; i++)
    {
      const gfloat position = value[i] * N_GREY;
      const gint   k = MIN ((gint) position, N_GREY - 1);
      const gfloat grey = table[k]
                          + (position - (gfloat) k) * (table[k + 1] - table[k]);

      out[4 * i] = out[4 * i + 1] = out[4 * i + 2] = grey;
      out[4 * i + 3] = rgba[4 * i + 3];
    }
}

void
pockmark_redness_paint (const PockmarkSkin         *skin,
                        const PockmarkRednessStyle *style,
                        const PockmarkRect         *rect,
                        const gfloat               *pixels,
                        gfloat                     *out)
{
  const gint   chunk = chunk_size (skin, 1);
  gfloat       table[N_GREY + 1];
  Stretch      stretch;
  gint         x, i;

  if (style->show == POCKMARK_SHOW_HEAT)
    {
      paint_heat (skin, style, rect, pixels, out);
      return;
    }
  if (style->show == POCKMARK_SHOW_GREY)
    grey_table (table);
  for (x = 0; x < rect->width; x += chunk)
    {
      stretch_init (&stretch, skin, rect->x + x, MIN (chunk, rect->width - x),
                    1);
      for (i = 0; i < rect->height; i++)
        {
          const gsize   at = ((gsize) i * rect->width + x) * 4;
          const gfloat *from = pixels + at;
          gfloat       *to = out + at;
          const gint    y = rect->y + i;

          if (style->show == POCKMARK_SHOW_GREY)
            paint_grey (&stretch, y, style->relative, table, from, to);
          else
            paint_contours (&stretch, y, style, from, to);
        }
    }
}
