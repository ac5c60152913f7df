/* Pockmark: the coarse alignment of two visits
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every rotation and every scale on a grid is tried on a picture of some
 * hundred pixels a side; for each, one Fourier transform there and back gives
 * the correlation for all shifts.  Pigment and dark places travel as the real
 * and the imaginary part of one picture: the real part of the correlation is
 * then the sum of both.
 */

#include <math.h>
#include <stdlib.h>

#include "align.h"

/* A power of two; pictures of POCKMARK_COARSE_SIDE may shift by the rest. */
#define CANVAS 128

/* Steps of about a pixel at the picture's end. */
#define TURN_STEP 2.0   /* degrees */
#define TURNS 15        /* either way */
#define SCALE_STEP 1.04

/* At least this share of the smaller picture must lie on the other. */
#define OVERLAP 0.35

/* Guesses nearer than this at the corners, in coarse pixels, are one. */
#define SAME_GUESS 5.0

typedef struct
{
  const PockmarkStructure *before;
  const PockmarkStructure *after;
  const PockmarkFourier   *fourier;
  const gfloat            *spectrum; /* conjugate, of the later picture */
  gdouble                  ratio;    /* earlier over later coarse pixels */
  gint                     scales;   /* either way */
  PockmarkSimilarity      *best;     /* of each rotation and scale */
} Search;

static inline gfloat
sample (const PockmarkPlane *plane,
        gfloat               x,
        gfloat               y)
{
  const gint    ix = (gint) floorf (x - 0.5f), iy = (gint) floorf (y - 0.5f);
  const gfloat  tx = x - 0.5f - (gfloat) ix, ty = y - 0.5f - (gfloat) iy;
  const gfloat *p;

  if (ix < 0 || iy < 0 || ix + 1 >= plane->width || iy + 1 >= plane->height)
    return 0.0f;
  p = plane->data + (gsize) iy * plane->width + ix;
  return (1.0f - ty) * (p[0] + tx * (p[1] - p[0]))
         + ty * (p[plane->width] + tx * (p[plane->width + 1] - p[plane->width]));
}

/* The earlier picture, turned and scaled by (c, s) about its middle. */
static void
fill_canvas (const PockmarkStructure *picture,
             gdouble                  c,
             gdouble                  s,
             gfloat                  *canvas)
{
  gint x, y;

  for (y = 0; y < CANVAS; y++)
    for (x = 0; x < CANVAS; x++)
      {
        const gdouble dx = x + 0.5 - 0.5 * CANVAS, dy = y + 0.5 - 0.5 * CANVAS;
        const gfloat  px = (gfloat) (0.5 * picture->width + c * dx - s * dy);
        const gfloat  py = (gfloat) (0.5 * picture->height + s * dx + c * dy);
        gfloat       *out = canvas + 2 * ((gsize) y * CANVAS + x);

        out[0] = sample (picture->channel[POCKMARK_STRUCTURE_PIGMENT], px, py);
        out[1] = sample (picture->channel[POCKMARK_STRUCTURE_DARK], px, py);
      }
}

/* The best shift of a correlation surface, in standard deviations of what
 * unrelated pictures of that overlap would give. */
static gdouble
best_shift (const Search *search,
            const gfloat *surface,
            gdouble       scale,
            gdouble      *shift_x,
            gdouble      *shift_y)
{
  const gdouble w = MIN (search->after->width, search->before->width / scale);
  const gdouble h = MIN (search->after->height, search->before->height / scale);
  const gdouble w2 = MAX (search->after->width, search->before->width / scale);
  const gdouble h2 = MAX (search->after->height, search->before->height / scale);
  gdouble       best = -1.0;
  gint          x, y;

  for (y = -CANVAS / 2; y < CANVAS / 2; y++)
    for (x = -CANVAS / 2; x < CANVAS / 2; x++)
      {
        const gdouble ow = MIN (w, 0.5 * (w + w2) - ABS (x));
        const gdouble oh = MIN (h, 0.5 * (h + h2) - ABS (y));
        gdouble       value;

        if (ow <= 0.0 || oh <= 0.0 || ow * oh < OVERLAP * w * h)
          continue;
        value = surface[2 * ((gsize) (y & (CANVAS - 1)) * CANVAS
                             + (x & (CANVAS - 1)))]
                / ((gdouble) CANVAS * CANVAS * sqrt (ow * oh));
        if (value > best)
          {
            best = value;
            *shift_x = x;
            *shift_y = y;
          }
      }
  return best;
}

static void
try_one (const Search *search,
         gsize         which,
         gfloat       *canvas)
{
  const gint    columns = 2 * search->scales + 1;
  const gdouble angle = ((gint) (which / (gsize) columns) - TURNS) * TURN_STEP
                        * G_PI / 180.0;
  const gdouble scale
      = search->ratio
        * pow (SCALE_STEP, (gint) (which % (gsize) columns) - search->scales);
  const gdouble c = scale * cos (angle), s = scale * sin (angle);
  PockmarkSimilarity *out = &search->best[which];
  const gdouble from = search->after->step, to = search->before->step;
  gdouble       x = 0.0, y = 0.0, mx, my;
  gsize         i;

  fill_canvas (search->before, c, s, canvas);
  pockmark_fourier_square (search->fourier, canvas, FALSE);
  for (i = 0; i < (gsize) CANVAS * CANVAS; i++)
    {
      const gfloat *p = search->spectrum + 2 * i;
      gfloat       *q = canvas + 2 * i;
      const gfloat  re = p[0] * q[0] - p[1] * q[1];

      q[1] = p[0] * q[1] + p[1] * q[0];
      q[0] = re;
    }
  pockmark_fourier_square (search->fourier, canvas, TRUE);
  out->score = best_shift (search, canvas, scale, &x, &y);
  /* To photograph pixels: the middles fall together, then the shift. */
  out->a = c * to / from;
  out->b = s * to / from;
  mx = 0.5 * search->after->width - x;
  my = 0.5 * search->after->height - y;
  out->c = to * (0.5 * search->before->width - (c * mx - s * my));
  out->d = to * (0.5 * search->before->height - (s * mx + c * my));
}

static void
try_some (gsize    first,
          gsize    count,
          gpointer data)
{
  const Search      *search = data;
  g_autofree gfloat *canvas = g_new (gfloat, 2 * CANVAS * CANVAS);
  gsize              i;

  for (i = first; i < first + count; i++)
    try_one (search, i, canvas);
}

/* The largest distance, at the later picture's corners. */
static gdouble
apart (const PockmarkSimilarity *p,
       const PockmarkSimilarity *q,
       gdouble                   width,
       gdouble                   height)
{
  gdouble most = 0.0;
  gint    k;

  for (k = 0; k < 4; k++)
    {
      const gdouble x = k & 1 ? width : 0.0, y = k & 2 ? height : 0.0;
      const gdouble dx = (p->a - q->a) * x - (p->b - q->b) * y + p->c - q->c;
      const gdouble dy = (p->b - q->b) * x + (p->a - q->a) * y + p->d - q->d;

      most = MAX (most, hypot (dx, dy));
    }
  return most;
}

static gint
best_first (gconstpointer a,
            gconstpointer b)
{
  const gdouble p = ((const PockmarkSimilarity *) a)->score;
  const gdouble q = ((const PockmarkSimilarity *) b)->score;

  return (p < q) - (p > q);
}

/* The later picture in the middle of its canvas, transformed, conjugate. */
static gfloat *
spectrum_of (const PockmarkStructure *after,
             const PockmarkFourier   *fourier)
{
  gfloat *canvas = g_new (gfloat, 2 * CANVAS * CANVAS);
  gsize   i;

  fill_canvas (after, 1.0, 0.0, canvas);
  pockmark_fourier_square (fourier, canvas, FALSE);
  for (i = 0; i < (gsize) CANVAS * CANVAS; i++)
    canvas[2 * i + 1] = -canvas[2 * i + 1];
  return canvas;
}

gint
pockmark_coarse_search (const PockmarkStructures *before,
                        const PockmarkStructures *after,
                        gdouble                   ratio,
                        gdouble                   reach,
                        PockmarkSimilarity       *guesses,
                        gint                      n,
                        const PockmarkHost       *host)
{
  Search search = { .before = &before->level[before->n - 1],
                    .after = &after->level[after->n - 1] };
  PockmarkFourier    fourier;
  g_autofree gfloat *spectrum = NULL;
  g_autofree PockmarkSimilarity *best = NULL;
  const gdouble limit = SAME_GUESS * search.before->step;
  gsize         count, i;
  gint          found = 0, k;

  pockmark_fourier_init (&fourier, CANVAS);
  spectrum = spectrum_of (search.after, &fourier);
  search.fourier = &fourier;
  search.spectrum = spectrum;
  search.ratio = ratio * search.after->step / search.before->step;
  search.scales = (gint) ceil (log (reach) / log (SCALE_STEP));
  count = (gsize) (2 * search.scales + 1) * (2 * TURNS + 1);
  search.best = best = g_new0 (PockmarkSimilarity, count);
  pockmark_host_parallel (host, count, 8, try_some, &search);
  pockmark_fourier_clear (&fourier);

  qsort (best, count, sizeof *best, best_first);
  for (i = 0; i < count && found < n; i++)
    {
      for (k = 0; k < found; k++)
        if (apart (&best[i], &guesses[k],
                   search.after->width * search.after->step,
                   search.after->height * search.after->step)
            < limit)
          break;
      if (k == found)
        guesses[found++] = best[i];
    }
  return found;
}
