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

/* Reduced rows that the spline reaches. */
#define TAPS 4

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

/* Rows of a reduced plane at a stretch's columns.  The rows of the photograph
 * are sums of them: each is worked out once and kept while it is needed. */
typedef struct
{
  gint   row[TAPS]; /* that each slot holds */
  gfloat at[TAPS][CHUNK];
} Kept;

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
  gfloat              weight[CHUNK][TAPS]; /* of the four in the spline      */
  gfloat              slope[CHUNK][TAPS];
  Kept                share;          /* of skin, linear                     */
  Kept                surrounding;    /* linear                              */
  Kept                value;          /* haemoglobin, as the spline          */
  Kept                steepness;      /* of the spline, along the row        */
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
                gfloat w[TAPS],
                gfloat d[TAPS])
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
kept_init (Kept *kept)
{
  gint i;

  for (i = 0; i < TAPS; i++)
    kept->row[i] = G_MININT;
}

/* Where a reduced row is kept from now on; FALSE: it has to be worked out. */
static gboolean
kept_has (Kept    *kept,
          gint     row,
          gfloat **at)
{
  const gint     slot = row & (TAPS - 1);
  const gboolean there = kept->row[slot] == row;

  kept->row[slot] = row;
  *at = kept->at[slot];
  return there;
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
  kept_init (&stretch->share);
  kept_init (&stretch->surrounding);
  kept_init (&stretch->value);
  kept_init (&stretch->steepness);
}

/* A row of the plane in the stretch's columns, with the border repeated.  What
 * is no number counts as 0. */
static void
reduced_row (const Stretch       *stretch,
             const PockmarkPlane *plane,
             gint                 row,
             gfloat              *columns)
{
  const gint    start = CLAMP (stretch->first, 0, plane->width - 1);
  const gint    begin = CLAMP (-stretch->first, 0, stretch->n_columns - 1);
  const gint    end = MIN (begin + plane->width - start, stretch->n_columns);
  const gfloat *data = plane->data + start
                       + (gsize) CLAMP (row, 0, plane->height - 1)
                             * plane->width;
  gint          i;

  for (i = begin; i < end; i++)
    columns[i] = isfinite (data[i - begin]) ? data[i - begin] : 0.0f;
  for (i = 0; i < begin; i++)
    columns[i] = columns[begin];
  for (i = end; i < stretch->n_columns; i++)
    columns[i] = columns[end - 1];
}

/* The same, smoothed by 1 2 1 both ways; the outermost columns are not. */
static void
smoothed_row (const Stretch       *stretch,
              const PockmarkPlane *plane,
              gint                 row,
              gfloat              *columns)
{
  gfloat rows[3][COLUMNS], sum[COLUMNS];
  gint   i;

  for (i = 0; i < 3; i++)
    reduced_row (stretch, plane, row - 1 + i, rows[i]);
  for (i = 0; i < stretch->n_columns; i++)
    sum[i] = 0.25f * (rows[0][i] + 2.0f * rows[1][i] + rows[2][i]);
  for (i = 1; i < stretch->n_columns - 1; i++)
    columns[i] = 0.25f * (sum[i - 1] + 2.0f * sum[i] + sum[i + 1]);
}

/* A reduced row at the stretch's columns, interpolated linearly. */
static const gfloat *
linear_at (const Stretch       *stretch,
           const PockmarkPlane *plane,
           gint                 row,
           Kept                *kept)
{
  gfloat  columns[COLUMNS];
  gfloat *at;
  gint    i;

  if (kept_has (kept, row, &at))
    return at;
  reduced_row (stretch, plane, row, columns);
  for (i = 0; i < stretch->n; i++)
    {
      const gfloat *c = columns + stretch->at[i] + 1;

      at[i] = c[0] + stretch->t[i] * (c[1] - c[0]);
    }
  return at;
}

/* Row y of the photograph, interpolated linearly in the plane. */
static void
linear_row (const Stretch       *stretch,
            const PockmarkPlane *plane,
            gint                 y,
            Kept                *kept,
            gfloat              *out)
{
  gfloat        t;
  const gint    row = reduced_position (stretch->skin, y, &t);
  const gfloat *above = linear_at (stretch, plane, row, kept);
  const gfloat *below = linear_at (stretch, plane, row + 1, kept);
  gint          i;

  for (i = 0; i < stretch->n; i++)
    out[i] = above[i] + t * (below[i] - above[i]);
}

static inline gfloat
dot4 (const gfloat *a,
      const gfloat *b)
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
}

/* A reduced row of haemoglobin at the stretch's columns, with these weights of
 * the four around each. */
static const gfloat *
spline_at (const Stretch *stretch,
           const gfloat (*weights)[TAPS],
           gint          row,
           Kept         *kept)
{
  gfloat  columns[COLUMNS];
  gfloat *at;
  gint    i;

  if (kept_has (kept, row, &at))
    return at;
  smoothed_row (stretch, stretch->skin->hemoglobin, row, columns);
  for (i = 0; i < stretch->n; i++)
    at[i] = dot4 (weights[i], columns + stretch->at[i]);
  return at;
}

/* The weighted sum of the four reduced rows from row on. */
static void
spline_row (const Stretch *stretch,
            const gfloat (*weights)[TAPS],
            gint           row,
            const gfloat   down[TAPS],
            Kept          *kept,
            gfloat        *out)
{
  const gfloat *rows[TAPS];
  gint          i;

  for (i = 0; i < TAPS; i++)
    rows[i] = spline_at (stretch, weights, row + i, kept);
  for (i = 0; i < stretch->n; i++)
    out[i] = down[0] * rows[0][i] + down[1] * rows[1][i]
             + down[2] * rows[2][i] + down[3] * rows[3][i];
}

/* Row y of haemoglobin as a smooth surface; steepness (or NULL): per reduced
 * pixel. */
static void
smooth_row (Stretch *stretch,
            gint     y,
            gfloat  *out,
            gfloat  *steepness)
{
  gfloat along[CHUNK], down[CHUNK];
  gfloat weights[TAPS], slopes[TAPS];
  gfloat t;
  gint   row = reduced_position (stretch->skin, y, &t) - 1;
  gint   i;

  spline_weights (t, weights, slopes);
  spline_row (stretch, stretch->weight, row, weights, &stretch->value, out);
  if (! steepness)
    return;

  spline_row (stretch, stretch->slope, row, weights, &stretch->steepness,
              along);
  spline_row (stretch, stretch->weight, row, slopes, &stretch->value, down);
  for (i = 0; i < stretch->n; i++)
    steepness[i] = sqrtf (along[i] * along[i] + down[i] * down[i]);
}

static gboolean
any_positive (const gfloat *row,
              gint          n)
{
  gint any = 0;
  gint i;

  for (i = 0; i < n; i++)
    any |= row[i] > 0.0f;
  return any;
}

/* The share of skin; FALSE where there is none. */
static gboolean
skin_row (Stretch *stretch,
          gint     y,
          gfloat  *share)
{
  gint i;

  linear_row (stretch, stretch->skin->skin, y, &stretch->share, share);
  for (i = 0; i < stretch->n; i++)
    share[i] = CLAMP (share[i], 0.0f, 1.0f);
  return any_positive (share, stretch->n);
}

/* ---- The index ---------------------------------------------------------- */

/* Turns haemoglobin into display values, not yet clamped: from start to start
 * plus span is 0-1. */
static void
display_row (Stretch *stretch,
             gint     y,
             gboolean relative,
             gfloat   start,
             gfloat   span,
             gfloat  *value)
{
  const gfloat factor = 100.0f / span;
  const gfloat zero = start / span;
  gfloat surrounding[CHUNK];
  gint   i;

  if (relative)
    {
      linear_row (stretch, stretch->skin->surrounding, y,
                  &stretch->surrounding, surrounding);
      for (i = 0; i < stretch->n; i++)
        value[i] -= surrounding[i];
    }
  for (i = 0; i < stretch->n; i++)
    value[i] = factor * value[i] - zero;
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
value_row (Stretch *stretch,
           gint     y,
           gboolean relative,
           gfloat  *value)
{
  gfloat start, span;
  gint   i;

  index_range (stretch->skin, relative, &start, &span);
  if (relative)
    {
      start = (gfloat) POCKMARK_REDNESS_RELATIVE_MIN;
      span -= start;
    }
  smooth_row (stretch, y, value, NULL);
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

/* The colour of a display value, fully opaque, times a. */
static inline void
heat_colour (gfloat           value,
             gfloat           a,
             gfloat *restrict out)
{
  const gfloat  position = CLAMP (value, 0.0f, 1.0f) * (N_HEAT - 1);
  const gint    i = MIN ((gint) position, N_HEAT - 2);
  const gfloat  t = position - (gfloat) i;
  const gfloat *low = heat_colours[i];
  const gfloat *high = heat_colours[i + 1];
  gint          c;

  for (c = 0; c < 4; c++)
    out[c] = a * (low[c] + t * (high[c] - low[c]));
}

void
pockmark_redness_colour (gfloat value,
                         gfloat rgb[3])
{
  gfloat out[4];

  heat_colour (value, 1.0f, out);
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
heat_row (Stretch                    *stretch,
          gint                        y,
          const PockmarkRednessStyle *style,
          gfloat                     *layer)
{
  const gfloat opacity = (gfloat) style->opacity;
  gfloat value[CHUNK], a[CHUNK];
  gfloat start, span;
  gint   i;

  memset (layer, 0, (gsize) stretch->n * 4 * sizeof (gfloat));
  if (! skin_row (stretch, y, a))
    return FALSE;
  index_range (stretch->skin, style->relative, &start, &span);
  smooth_row (stretch, y, value, NULL);
  display_row (stretch, y, style->relative, start, span, value);
  for (i = 0; i < stretch->n; i++)
    {
      const gfloat t = CLAMP (value[i] * (1.0f / HEAT_FULL), 0.0f, 1.0f);

      a[i] *= opacity * (t * t * (3.0f - 2.0f * t));
    }
  for (i = 0; i < stretch->n; i++)
    if (a[i] > 0.0f)
      heat_colour (value[i], a[i], layer + 4 * i);
  return any_positive (a, stretch->n);
}

/* Rows of heat, kept from one row to the next. */
typedef struct
{
  Stretch  stretch;
  gint     step;               /* 1 or 2 */
  gint     y[2];               /* of the rows; G_MININT: none yet */
  gboolean any[2];
  gfloat   row[2][4 * CHUNK];
  gfloat   between[4 * CHUNK]; /* the mean of both */
  gfloat   layer[8 * CHUNK];   /* where step is 2: a row's pixels */
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

/* The heat of the stretch's columns in any row; NULL where there is none. */
static const gfloat *
heat_of_row (Heat                       *heat,
             gint                        y,
             const PockmarkRednessStyle *style)
{
  const gint rest = y % heat->step;
  const gint above = heat_at (heat, y - rest, style);
  gint       below, i;

  if (rest == 0)
    return heat->any[above] ? heat->row[above] : NULL;
  below = heat_at (heat, y - rest + heat->step, style);
  if (! heat->any[above] && ! heat->any[below])
    return NULL;
  for (i = 0; i < 4 * heat->stretch.n; i++)
    heat->between[i] = 0.5f * (heat->row[above][i] + heat->row[below][i]);
  return heat->between;
}

/* The pixels of a row of which every second one is known. */
static void
double_row (const gfloat *row,
            gint          n,
            gfloat       *layer)
{
  gint i, c;

  for (i = 0; i < n - 1; i++, row += 4, layer += 8)
    for (c = 0; c < 4; c++)
      {
        layer[c] = row[c];
        layer[4 + c] = 0.5f * (row[c] + row[4 + c]);
      }
}

void
pockmark_redness_heat (const PockmarkSkin         *skin,
                       const PockmarkRednessStyle *style,
                       const PockmarkRect         *rect,
                       PockmarkLay                 lay,
                       gpointer                    user_data)
{
  const gint step = skin->reduction >= HEAT_STEP_FROM ? 2 : 1;
  /* One column more than pixels, and one that may be skipped. */
  const gint    chunk = MAX (1, (chunk_size (skin, step) - 2) * step);
  const gfloat *row;
  Heat          heat;
  gint          x, y;

  for (x = 0; x < rect->width; x += chunk)
    {
      const gint n = MIN (chunk, rect->width - x);
      const gint skipped = (rect->x + x) % step;

      stretch_init (&heat.stretch, skin, rect->x + x - skipped,
                    (skipped + n - 1) / step + 2, step);
      heat.step = step;
      heat.y[0] = heat.y[1] = G_MININT;
      for (y = 0; y < rect->height; y++)
        {
          row = heat_of_row (&heat, rect->y + y, style);
          if (row && step == 2)
            {
              double_row (row, heat.stretch.n, heat.layer);
              row = heat.layer + 4 * skipped;
            }
          if (row)
            lay (row, x, y, n, user_data);
        }
    }
}

/* PockmarkLay over floats: what is painted on, and how wide it is. */
typedef struct
{
  gfloat *pixels;
  gint    width;
} Canvas;

static void
lay_on_canvas (const gfloat *layer,
               gint          x,
               gint          y,
               gint          n,
               gpointer      user_data)
{
  const Canvas *canvas = user_data;
  gfloat       *out = canvas->pixels + ((gsize) y * canvas->width + x) * 4;
  gint          i, c;

  for (i = 0; i < n; i++, layer += 4, out += 4)
    if (layer[3] > 0.0f)
      for (c = 0; c < 3; c++)
        out[c] = (1.0f - layer[3]) * out[c] + layer[c];
}

/* The colour of value with opacity a over a pixel, whose alpha stays. */
static inline void
blend (const gfloat *photograph,
       gfloat        value,
       gfloat        a,
       gfloat       *out)
{
  gfloat colour[4];
  gint   c;

  heat_colour (value, 1.0f, colour);
  for (c = 0; c < 3; c++)
    out[c] = photograph[c] + a * (colour[c] - photograph[c]);
  out[3] = photograph[3];
}

static void
paint_contours (Stretch                    *stretch,
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
  smooth_row (stretch, y, value, steepness);
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
paint_grey (Stretch      *stretch,
            gint          y,
            gboolean      relative,
            const gfloat *table,
            const gfloat *rgba,
            gfloat       *out)
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
      memmove (out, pixels,
               (gsize) rect->width * rect->height * 4 * sizeof (gfloat));
      pockmark_redness_heat (skin, style, rect, lay_on_canvas,
                             &(Canvas) { out, rect->width });
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
