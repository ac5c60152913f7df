/* Pockmark: what the lengths of ticks tell
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * On a millimetre ruler every tenth tick is the longest and every fifth often
 * longer than the others; between half millimetres every second, tenth and
 * twentieth; on an inch ruler it goes by halves.  Each of these is a model of
 * the lengths with few different values; the one that explains them best, if
 * it explains them well, says what the ticks are.
 */

#include <math.h>

#include "ruler.h"

/* In distances between ticks. */
#define REACH 9.0    /* a tick's end is looked for so far from the row */
#define GAP   0.3    /* a break that does not end it yet */
#define WIDTH 0.12   /* half of what is looked at of a tick's width */

/* Ticks of less than this share of the usual contrast are not seen. */
#define SEEN 0.35
/* Contrast at a tick's end, as a share of its own. */
#define END 0.45

#define TICKS_MAX 2000
#define BEYOND    6      /* ticks looked for past the ends of the track */

/* Fits below this prove nothing; nor do those hardly above another's. */
#define FIT_MIN  0.55
#define FIT_LEAD 0.08
/* Ticks that are neither the longest nor the next. */
#define COMMON_MIN 11
/* By how much the longest ticks must be longer than the common ones. */
#define LONGER   0.2

typedef struct
{
  gint    n;
  gfloat  contrast[TICKS_MAX]; /* in the rows that every tick crosses */
  gfloat  length[TICKS_MAX];   /* NAN: not seen */
} Ticks;

/* ---- Measuring ---------------------------------------------------------- */

/* How much darker (sign 1) or lighter (-1) the tick at x, y is than both of
 * its neighbouring gaps; ux, uy leads to the next tick. */
static gfloat
contrast_at (const PockmarkPlane *plane,
             gdouble              x,
             gdouble              y,
             gdouble              ux,
             gdouble              uy,
             gint                 sign)
{
  const gfloat tick
      = ruler_sample (plane, x, y)
        + ruler_sample (plane, x - WIDTH * ux, y - WIDTH * uy)
        + ruler_sample (plane, x + WIDTH * ux, y + WIDTH * uy);
  const gfloat gaps = ruler_sample (plane, x - 0.5 * ux, y - 0.5 * uy)
                      + ruler_sample (plane, x + 0.5 * ux, y + 0.5 * uy);

  return (gfloat) sign * (tick / 3.0f - 0.5f * gaps);
}

/* How far the tick goes on from the band's border, in pixels. */
static gdouble
extent (const RulerTrack    *track,
        const PockmarkPlane *plane,
        const gdouble        place[4],
        gdouble              from,
        gdouble              direction,
        gfloat               enough,
        gint                 sign)
{
  gdouble end = 0.0, v;

  for (v = 1.0; v < REACH * track->period && v - end <= 1.0 + GAP * track->period;
       v += 1.0)
    {
      const gdouble at = from + direction * v;

      if (contrast_at (plane, place[0] + at * track->tick_x,
                       place[1] + at * track->tick_y, place[2], place[3], sign)
          > enough)
        end = v;
    }
  return end;
}

static void
place_tick (const RulerTrack *track,
            gdouble           index,
            gdouble           place[4])
{
  gdouble x0, y0, x1, y1;

  ruler_track_tick (track, index, &place[0], &place[1]);
  ruler_track_tick (track, index - 0.5, &x0, &y0);
  ruler_track_tick (track, index + 0.5, &x1, &y1);
  place[2] = x1 - x0;
  place[3] = y1 - y0;
}

/* White ticks on a dark ground lie where the darkest is not. */
static gdouble
tick_index (const RulerTrack *track,
            gint              i,
            gint              sign)
{
  return track->first - BEYOND + i + (sign < 0 ? 0.5 : 0.0);
}

static void
measure (const RulerTrack    *track,
         const PockmarkPlane *plane,
         gint                 sign,
         Ticks               *ticks)
{
  gfloat  sorted[TICKS_MAX];
  gfloat  usual;
  gdouble place[4], v;
  gint    i;

  ticks->n = MIN (track->last - track->first + 1 + 2 * BEYOND, TICKS_MAX);
  for (i = 0; i < ticks->n; i++)
    {
      gfloat sum = 0.0f;
      gint   rows = 0;

      place_tick (track, tick_index (track, i, sign), place);
      for (v = track->above; v <= track->below; v += 1.0, rows++)
        sum += contrast_at (plane, place[0] + v * track->tick_x,
                            place[1] + v * track->tick_y, place[2], place[3],
                            sign);
      ticks->contrast[i] = sorted[i] = sum / (gfloat) MAX (rows, 1);
    }
  usual = pockmark_quantile (sorted, (gsize) ticks->n, 0.5);

  for (i = 0; i < ticks->n; i++)
    {
      gfloat enough = (gfloat) END * ticks->contrast[i];

      ticks->length[i] = NAN;
      if (usual <= 0.0f || ticks->contrast[i] < (gfloat) SEEN * usual)
        continue;
      place_tick (track, tick_index (track, i, sign), place);
      ticks->length[i]
          = (gfloat) ((track->below - track->above
                       + extent (track, plane, place, track->above, -1.0,
                                 enough, sign)
                       + extent (track, plane, place, track->below, 1.0,
                                 enough, sign))
                      / track->period);
    }
}

/* One glued to a digit must not outweigh all others. */
static gint
clip_lengths (Ticks *ticks)
{
  gfloat sorted[TICKS_MAX];
  gfloat most;
  gint   i, n = 0;

  for (i = 0; i < ticks->n; i++)
    if (! isnan (ticks->length[i]))
      sorted[n++] = ticks->length[i];
  if (n == 0)
    return 0;
  most = 2.5f * pockmark_quantile (sorted, (gsize) n, 0.5);
  for (i = 0; i < ticks->n; i++)
    if (ticks->length[i] > most)
      ticks->length[i] = most;
  return n;
}

/* ---- Models ------------------------------------------------------------- */

#define GROUPS 4
#define INCH 25.4

typedef struct
{
  gdouble tick_mm;     /* 0: no ruler has that */
  gint    cycle;
  gint    divisor[GROUPS - 1]; /* of the index in a cycle, the longest first;
                                * 0: no more; ticks of none of them are the
                                * common ones */
  gboolean all;        /* the last of these must be longer than the common */
} Model;

static const Model models[] = {
  { 1.0, 10, { 10, 5, 0 }, FALSE },
  { 0.5, 20, { 20, 10, 2 }, TRUE },
  { INCH / 16.0, 16, { 16, 8, 4 }, TRUE },
  { INCH / 16.0, 16, { 8, 4, 2 }, TRUE },
  { 0.0, 12, { 12, 6, 3 }, TRUE },
  { 0.0, 4, { 4, 2, 0 }, TRUE },
  { 0.0, 3, { 3, 0, 0 }, TRUE },
  { 0.0, 7, { 7, 0, 0 }, TRUE },
};

typedef struct
{
  gint    n[GROUPS];
  gdouble mean[GROUPS];
  gdouble fit;
} Fit;

static gint
group_of (const Model *model,
          gint         index)
{
  gint g;

  for (g = 0; g < GROUPS - 1 && model->divisor[g]; g++)
    if (index % model->divisor[g] == 0)
      return g;
  return GROUPS - 1;
}

/* The share of the variance explained, less what chance explains. */
static void
fit_phase (const Ticks *ticks,
           const Model *model,
           gint         phase,
           Fit         *fit)
{
  gdouble sum[GROUPS] = { 0 }, square[GROUPS] = { 0 };
  gdouble all = 0.0, within = 0.0, total = 0.0;
  gint    i, g, n = 0, used = 0;

  for (g = 0; g < GROUPS; g++)
    fit->n[g] = 0;
  for (i = 0; i < ticks->n; i++)
    if (! isnan (ticks->length[i]))
      {
        g = group_of (model, i + phase);
        sum[g] += ticks->length[i];
        square[g] += ticks->length[i] * ticks->length[i];
        fit->n[g]++;
        n++;
      }
  for (g = 0; g < GROUPS; g++)
    {
      fit->mean[g] = fit->n[g] ? sum[g] / fit->n[g] : 0.0;
      within += square[g] - fit->n[g] * fit->mean[g] * fit->mean[g];
      total += square[g];
      all += sum[g];
      used += fit->n[g] > 0;
    }
  total -= all * all / MAX (n, 1);
  fit->fit = n > used + 1 && total > 1e-9
                 ? 1.0 - within / (n - used) / (total / (n - 1))
                 : 0.0;
}

/* Longer ticks are the rarer ones. */
static gboolean
is_ordered (const Model *model,
            const Fit   *fit)
{
  gdouble last = G_MAXDOUBLE;
  gint    g = GROUPS - 2;

  while (model->divisor[g] == 0)
    g--;
  if (model->all && fit->mean[g] < 1.08 * fit->mean[GROUPS - 1])
    return FALSE;

  for (g = 0; g < GROUPS; g++)
    if (fit->n[g] > 0)
      {
        if (fit->mean[g] > 1.08 * last)
          return FALSE;
        last = fit->mean[g];
      }
  return TRUE;
}

static void
fit_model (const Ticks *ticks,
           const Model *model,
           Fit         *best)
{
  Fit  fit = { .fit = 0.0 };
  gint phase;

  *best = fit;
  for (phase = 0; phase < model->cycle; phase++)
    {
      fit_phase (ticks, model, phase, &fit);
      if (fit.fit > best->fit && is_ordered (model, &fit))
        *best = fit;
    }
}

/* Enough long ticks, and long enough, that it is no chance. */
static gboolean
is_proof (const Fit *fit)
{
  const gint common = fit->n[GROUPS - 1];

  return fit->fit > FIT_MIN && fit->n[0] >= 2 && fit->n[0] + fit->n[1] >= 3
         && common >= COMMON_MIN
         && fit->mean[0] > (1.0 + LONGER) * fit->mean[GROUPS - 1];
}

/* Inches are known by their halves, but too rare on skin to be believed. */
static gboolean
is_metric (gdouble tick_mm)
{
  return tick_mm == 1.0 || tick_mm == 0.5;
}

static void
grade_ticks (Ticks      *ticks,
             RulerGrade *grade)
{
  Fit     best = { .fit = 0.0 };
  gdouble rival = 0.0;
  guint   i;

  grade->ticks = clip_lengths (ticks);
  grade->tick_mm = 1.0;
  for (i = 0; i < G_N_ELEMENTS (models); i++)
    {
      Fit fit;

      fit_model (ticks, &models[i], &fit);
      if (fit.fit > best.fit + FIT_LEAD)
        {
          rival = best.fit;
          best = fit;
          grade->tick_mm = models[i].tick_mm;
        }
      else
        rival = MAX (rival, fit.fit);
    }

  grade->fit = best.fit;
  grade->sure = is_proof (&best) && best.fit > rival + FIT_LEAD
                && is_metric (grade->tick_mm);
  if (! is_proof (&best) || grade->tick_mm == 0.0)
    grade->tick_mm = 1.0;
}

void
ruler_track_grade (const RulerTrack   *track,
                   const RulerPyramid *pyramid,
                   RulerGrade         *grade)
{
  const PockmarkPlane *plane = pyramid->level[track->level];
  g_autofree Ticks    *ticks = g_new (Ticks, 1);
  RulerGrade           light;

  measure (track, plane, 1, ticks);
  grade_ticks (ticks, grade);
  measure (track, plane, -1, ticks);
  grade_ticks (ticks, &light);
  if ((light.sure && ! grade->sure)
      || (light.sure == grade->sure && light.fit > grade->fit))
    *grade = light;
}
