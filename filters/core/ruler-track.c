/* Pockmark: following a row of ticks
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A window of a few ticks moves along the row.  Each of its pixel rows is
 * compared with a wave of the ticks' distance: the strength says which rows
 * the ticks cross, the phase where the nearest tick is, and the phase's drift
 * from row to row how the ticks lean.  The window then steps ahead by whole
 * ticks and corrects place, direction and distance by what it sees, so that a
 * tilted or slightly bent ruler is followed, and over what hides a part of it.
 */

#include <math.h>

#include "ruler.h"

/* All lengths in distances between ticks. */
#define HALF_WIDTH  4.5 /* of the window, along the row */
#define HALF_HEIGHT 6.0
#define STEP        4
#define LOST_MAX    4   /* steps without ticks before the row has ended */

/* Distances that are followed, pixels of a level; by how much they may change
 * along a tilted ruler; and the window they make. */
#define PERIOD_MAX 16.0
#define PERIOD_CHANGE 1.3
#define PERIOD_LIMIT 22.0
#define U_MAX 100
#define V_MAX 133

#define QUALITY_FIRST 0.2 /* below, a seed is given up at once */
#define QUALITY_START 0.45
#define QUALITY_STEP  0.35

/* Of the strongest row's power: rows that every tick crosses. */
#define BAND 0.3

/* A part of the wave's power that a shorter wave must hold to replace it. */
#define SHORTER 0.85

G_STATIC_ASSERT (PERIOD_LIMIT > PERIOD_MAX * PERIOD_CHANGE
                 && U_MAX > HALF_WIDTH * PERIOD_LIMIT
                 && V_MAX > HALF_HEIGHT * PERIOD_LIMIT);

typedef struct
{
  const RulerPyramid *pyramid;
  gint                level;
  gdouble             x;      /* of a tick, in the middle of the band */
  gdouble             y;
  gdouble             ux;     /* to the next tick: a distance long */
  gdouble             uy;
  gdouble             vx;     /* along the tick, unit */
  gdouble             vy;
  gdouble             band;   /* half its height, pixels */
} Cursor;

typedef struct
{
  gint    u;                  /* half width and height, pixels */
  gint    v;
  gint    middle;             /* row of the band's middle */
  gdouble period;
  gfloat  pixel[2 * V_MAX + 1][2 * U_MAX + 1];
  gfloat  window[2 * U_MAX + 1];
  gdouble re[2 * V_MAX + 1];
  gdouble im[2 * V_MAX + 1];
  gdouble power[2 * V_MAX + 1];
  gdouble profile[2 * U_MAX + 1]; /* mean of the band's rows */
} View;

typedef struct
{
  gint    index;
  gdouble x;
  gdouble y;
  gdouble vx;
  gdouble vy;
  gdouble quality;
  gdouble around;
} Anchor;

gfloat
ruler_sample (const PockmarkPlane *plane,
              gdouble              x,
              gdouble              y)
{
  const gfloat  fx = (gfloat) CLAMP (x - 0.5, 0.0, plane->width - 1.001);
  const gfloat  fy = (gfloat) CLAMP (y - 0.5, 0.0, plane->height - 1.001);
  const gint    ix = (gint) fx;
  const gint    iy = (gint) fy;
  const gfloat  ax = fx - (gfloat) ix;
  const gfloat  ay = fy - (gfloat) iy;
  const gfloat *p = plane->data + (gsize) iy * plane->width + ix;
  const gfloat *q = p + plane->width;

  return (1.0f - ay) * (p[0] + ax * (p[1] - p[0]))
         + ay * (q[0] + ax * (q[1] - q[0]));
}

/* ---- Looking ------------------------------------------------------------ */

/* Strength and phase of each row. */
static void
view_rows (View *view)
{
  gdouble re[2 * U_MAX + 1], im[2 * U_MAX + 1];
  gdouble total = 0.0;
  gint    i, j, n = 2 * view->u + 1;

  for (i = 0; i < n; i++)
    {
      const gdouble turn = 2.0 * G_PI * (i - view->u) / view->period;

      re[i] = view->window[i] * cos (turn);
      im[i] = -view->window[i] * sin (turn);
      total += view->window[i];
    }
  for (j = 0; j <= 2 * view->v; j++)
    {
      gdouble mean = 0.0;

      for (i = 0; i < n; i++)
        mean += view->window[i] * view->pixel[j][i];
      mean /= total;
      view->re[j] = view->im[j] = 0.0;
      for (i = 0; i < n; i++)
        {
          view->re[j] += re[i] * (view->pixel[j][i] - mean);
          view->im[j] += im[i] * (view->pixel[j][i] - mean);
        }
    }
}

/* Of each row with its neighbours: ticks go on in them, noise does not. */
static void
view_power (View *view)
{
  const gint reach = MAX (1, (gint) (0.25 * view->period));
  gint       i, j;

  for (j = 0; j <= 2 * view->v; j++)
    {
      gdouble re = 0.0, im = 0.0;
      gint    first = MAX (j - reach, 0);
      gint    last = MIN (j + reach, 2 * view->v);

      for (i = first; i <= last; i++)
        {
          re += view->re[i];
          im += view->im[i];
        }
      view->power[j] = (re * re + im * im)
                       / ((last - first + 1.0) * (last - first + 1.0));
    }
}

static void
look (View         *view,
      const Cursor *cursor)
{
  const PockmarkPlane *plane = cursor->pyramid->level[cursor->level];
  gint                 i, j;
  gdouble              ux, uy;

  view->period = hypot (cursor->ux, cursor->uy);
  view->u = (gint) (HALF_WIDTH * view->period);
  view->v = view->middle = (gint) (HALF_HEIGHT * view->period);
  ux = cursor->ux / view->period;
  uy = cursor->uy / view->period;

  for (i = 0; i <= 2 * view->u; i++)
    {
      const gdouble c = cos (0.5 * G_PI * (i - view->u) / (view->u + 1.0));

      view->window[i] = (gfloat) (c * c);
    }
  for (j = 0; j <= 2 * view->v; j++)
    for (i = 0; i <= 2 * view->u; i++)
      view->pixel[j][i]
          = ruler_sample (plane,
                          cursor->x + (i - view->u) * ux
                              + (j - view->v) * cursor->vx,
                          cursor->y + (i - view->u) * uy
                              + (j - view->v) * cursor->vy);
  view_rows (view);
  view_power (view);
}

static void
view_band (const View *view,
           gdouble     band,
           gint       *first,
           gint       *last)
{
  *first = MAX (view->middle - (gint) band, 0);
  *last = MIN (view->middle + (gint) band, 2 * view->v);
}

/* The mean of the band's rows without mean and slope. */
static void
view_profile (View   *view,
              gdouble band)
{
  gdouble mean = 0.0, slope = 0.0, weight = 0.0, square = 0.0;
  gint    i, j, first, last;

  view_band (view, band, &first, &last);
  for (i = 0; i <= 2 * view->u; i++)
    {
      const gdouble u = i - view->u;

      view->profile[i] = 0.0;
      for (j = first; j <= last; j++)
        view->profile[i] += view->pixel[j][i];
      view->profile[i] /= last - first + 1.0;
      mean += view->window[i] * view->profile[i];
      slope += view->window[i] * u * view->profile[i];
      weight += view->window[i];
      square += view->window[i] * u * u;
    }
  for (i = 0; i <= 2 * view->u; i++)
    view->profile[i] -= mean / weight + slope / square * (i - view->u);
}

/* The wave of a period in the profile: its power, and where its crest is. */
static gdouble
profile_wave (const View *view,
              gdouble     period,
              gdouble    *crest)
{
  gdouble re = 0.0, im = 0.0, weight = 0.0;
  gint    i;

  for (i = 0; i <= 2 * view->u; i++)
    {
      const gdouble turn = 2.0 * G_PI * (i - view->u) / period;

      re += view->window[i] * view->profile[i] * cos (turn);
      im += view->window[i] * view->profile[i] * sin (turn);
      weight += view->window[i];
    }
  if (crest)
    *crest = atan2 (im, re) * period / (2.0 * G_PI);
  return 2.0 * (re * re + im * im) / (weight * weight);
}

/* The share of the profile's variance that waves of the period are. */
static gdouble
profile_quality (const View *view)
{
  gdouble total = 1e-12, weight = 0.0, waves = 0.0;
  gint    i;

  for (i = 0; i <= 2 * view->u; i++)
    {
      total += view->window[i] * view->profile[i] * view->profile[i];
      weight += view->window[i];
    }
  for (i = 1; i <= 4 && view->period / i > 2.2; i++)
    waves += profile_wave (view, view->period / i, NULL);
  return MIN (waves * weight / total, 1.0);
}

/* How many ticks there are in a period: 1 if that is the ticks' distance. */
static gint
profile_parts (const View *view)
{
  gdouble wave[8], all = 0.0;
  gint    n, i, m;

  for (n = 1; n < (gint) G_N_ELEMENTS (wave) && view->period / n > 2.2; n++)
    {
      wave[n] = profile_wave (view, view->period / n, NULL);
      all += wave[n];
    }
  for (m = n - 1; m > 1; m--)
    {
      gdouble part = 0.0;

      for (i = m; i < n; i += m)
        part += wave[i];
      if (part > SHORTER * all)
        return m;
    }
  return 1;
}

/* Radians from row to row; the rows' strength weighs. */
static gdouble
view_drift (const View *view,
            gdouble     band)
{
  gdouble re = 0.0, im = 0.0;
  gint    j, first, last;

  view_band (view, band, &first, &last);
  for (j = first; j < last; j++)
    {
      re += view->re[j] * view->re[j + 1] + view->im[j] * view->im[j + 1];
      im += view->im[j + 1] * view->re[j] - view->re[j + 1] * view->im[j];
    }
  return atan2 (im, re);
}

/* ---- Starting ----------------------------------------------------------- */

static void
move_across (Cursor *cursor,
             gdouble v)
{
  cursor->x += v * cursor->vx;
  cursor->y += v * cursor->vy;
}

static void
move_along (Cursor *cursor,
            gdouble u)
{
  const gdouble period = hypot (cursor->ux, cursor->uy);

  cursor->x += u * cursor->ux / period;
  cursor->y += u * cursor->uy / period;
}

/* Makes the ticks lean as they were seen to. */
static void
lean (Cursor     *cursor,
      const View *view,
      gdouble     share)
{
  const gdouble shift
      = -share * view_drift (view, cursor->band) / (2.0 * G_PI);
  gdouble       length;

  cursor->vx += shift * cursor->ux;
  cursor->vy += shift * cursor->uy;
  length = hypot (cursor->vx, cursor->vy);
  cursor->vx /= length;
  cursor->vy /= length;
}

static void
zoom (Cursor *cursor,
      gint    level)
{
  const gdouble factor = ldexp (1.0, cursor->level - level);

  cursor->level = level;
  cursor->x *= factor;
  cursor->y *= factor;
  cursor->ux *= factor;
  cursor->uy *= factor;
  cursor->band *= factor;
}

/* The level where the distance is as many pixels as can be followed. */
static gboolean
choose_level (Cursor *cursor)
{
  gdouble period = hypot (cursor->ux, cursor->uy);

  while (cursor->level > 0 && 2.0 * period <= PERIOD_MAX)
    {
      zoom (cursor, cursor->level - 1);
      period *= 2.0;
    }
  while (period > PERIOD_MAX && cursor->level + 1 < cursor->pyramid->n)
    {
      zoom (cursor, cursor->level + 1);
      period *= 0.5;
    }
  return period <= PERIOD_MAX && period > 2.5;
}

/* Puts the cursor into the middle of the strongest rows. */
static void
find_band (Cursor *cursor,
           View   *view)
{
  gint peak = view->v, first, last, j;

  for (j = 0; j <= 2 * view->v; j++)
    if (view->power[j] > view->power[peak])
      peak = j;
  for (first = peak;
       first > 0 && view->power[first - 1] > BAND * view->power[peak]; first--)
    ;
  for (last = peak; last < 2 * view->v
                    && view->power[last + 1] > BAND * view->power[peak];
       last++)
    ;
  cursor->band = MAX (0.5 * (last - first), 1.0);
  view->middle = (first + last) / 2;
  move_across (cursor, view->middle - view->v);
}

/* The distance at which the wave is strongest, by a parabola. */
static void
tune (Cursor     *cursor,
      const View *view)
{
  const gdouble step = 0.04;
  const gdouble low = profile_wave (view, view->period * (1.0 - step), NULL);
  const gdouble here = profile_wave (view, view->period, NULL);
  const gdouble high = profile_wave (view, view->period * (1.0 + step), NULL);
  const gdouble bend = low - 2.0 * here + high;
  gdouble       change;

  if (bend >= 0.0)
    change = high > low ? step : -step;
  else
    change = CLAMP (0.5 * (low - high) / bend, -1.5, 1.5) * step;
  cursor->ux *= 1.0 + change;
  cursor->uy *= 1.0 + change;
}

/* FALSE where nothing is periodic enough to be followed. */
static gboolean
settle (Cursor *cursor,
        View   *view)
{
  gdouble quality = 0.0;
  gint    i;

  for (i = 0; i < 10; i++)
    {
      gdouble crest;
      gint    parts;

      if (! choose_level (cursor))
        return FALSE;
      look (view, cursor);
      find_band (cursor, view);
      lean (cursor, view, 1.0);
      view_profile (view, cursor->band);
      profile_wave (view, view->period, &crest);
      quality = profile_quality (view);
      if (quality < QUALITY_FIRST)
        return FALSE;
      move_along (cursor, crest);
      tune (cursor, view);
      parts = profile_parts (view);
      if (i >= 2 && i < 8 && parts > 1)
        {
          cursor->ux /= parts;
          cursor->uy /= parts;
        }
      else if (i >= 5)
        break;
      /* Until the baseline is seen it is upright on the ticks. */
      else
        {
          const gdouble period = hypot (cursor->ux, cursor->uy);

          cursor->ux = cursor->vy * period;
          cursor->uy = -cursor->vx * period;
        }
    }
  return quality > QUALITY_START;
}

/* ---- Following ---------------------------------------------------------- */

/* Where the band's rows are now, against the cursor. */
static gdouble
band_shift (const View *view,
            gdouble     band)
{
  const gint reach = (gint) (band + 1.2 * view->period);
  gdouble    sum = 1e-12, moment = 0.0;
  gint       j;

  for (j = MAX (view->v - reach, 0); j <= MIN (view->v + reach, 2 * view->v);
       j++)
    {
      sum += view->power[j];
      moment += view->power[j] * (j - view->v);
    }
  return moment / sum;
}

/* The strongest stripes beside the band, as a share of those in it. */
static gdouble
power_around (const View *view,
              gdouble     band)
{
  const gdouble apart = band + view->period;
  gdouble       inside = 1e-12, outside = 0.0;
  gint          j, n = 0;

  for (j = 0; j <= 2 * view->v; j++)
    if (fabs ((gdouble) (j - view->v)) <= band)
      {
        inside += view->power[j];
        n++;
      }
    else if (fabs ((gdouble) (j - view->v)) > apart)
      outside = MAX (outside, view->power[j]);
  return outside * n / inside;
}

static void
drop_anchor (GArray       *anchors,
             const Cursor *cursor,
             const View   *view,
             gint          index)
{
  Anchor anchor = { index, cursor->x, cursor->y, cursor->vx, cursor->vy,
                    profile_quality (view), power_around (view, cursor->band) };

  g_array_append_val (anchors, anchor);
}

static gboolean
is_inside (const Cursor *cursor)
{
  const PockmarkPlane *plane = cursor->pyramid->level[cursor->level];

  return cursor->x > 0.0 && cursor->y > 0.0 && cursor->x < plane->width
         && cursor->y < plane->height;
}

/* What has led so far from where it began is no row of ticks. */
static gboolean
has_changed (const Cursor *cursor,
             const Cursor *start)
{
  const gdouble ratio
      = hypot (cursor->ux, cursor->uy) / hypot (start->ux, start->uy);

  return ratio > PERIOD_CHANGE || ratio < 1.0 / PERIOD_CHANGE;
}

/* Appends an anchor every STEP ticks. */
static void
walk (const Cursor *start,
      gint          direction,
      View         *view,
      GArray       *anchors)
{
  Cursor cursor = *start;
  gint   index = 0, lost = 0;
  gint   seen = 0;
  Cursor last = cursor;

  for (;;)
    {
      const gint n = STEP * direction;
      gdouble    crest;

      cursor.x += n * cursor.ux;
      cursor.y += n * cursor.uy;
      index += n;
      if (! is_inside (&cursor) || has_changed (&cursor, start))
        return;

      look (view, &cursor);
      view_profile (view, cursor.band);
      profile_wave (view, view->period, &crest);
      if (profile_quality (view) < QUALITY_STEP
          || fabs (crest) > 0.3 * view->period)
        {
          if (++lost > LOST_MAX)
            return;
          continue;
        }

      move_across (&cursor, 0.7 * band_shift (view, cursor.band));
      move_along (&cursor, crest);
      lean (&cursor, view, 0.4);
      drop_anchor (anchors, &cursor, view, index);
      if (seen > 0)
        {
          const gdouble steps = index - seen * direction;
          const gdouble share = 0.35;

          cursor.ux += share * ((cursor.x - last.x) / steps - cursor.ux);
          cursor.uy += share * ((cursor.y - last.y) / steps - cursor.uy);
        }
      last = cursor;
      seen = ABS (index);
      lost = 0;
    }
}

/* ---- The row's shape ---------------------------------------------------- */

static gint
compare_anchors (gconstpointer a,
                 gconstpointer b)
{
  return ((const Anchor *) a)->index - ((const Anchor *) b)->index;
}

/* Solves the n normal equations m in place; the last column is the answer. */
static void
solve (gdouble m[RULER_TERMS][RULER_TERMS + 1],
       gint    n)
{
  gint i, j, k;

  for (i = 0; i < n; i++)
    for (j = 0; j < n; j++)
      if (j != i)
        {
          const gdouble factor = m[j][i] / m[i][i];

          for (k = i; k <= n; k++)
            m[j][k] -= factor * m[i][k];
        }
  for (i = 0; i < n; i++)
    m[i][n] /= m[i][i];
}

/* Least squares of the anchors' coordinate (x, or y) on their index. */
static void
fit (const GArray *anchors,
     gboolean      y,
     gdouble       span,
     gint          terms,
     gdouble       out[RULER_TERMS])
{
  gdouble m[RULER_TERMS][RULER_TERMS + 1] = { 0 };
  guint   a;
  gint    i, j;

  for (a = 0; a < anchors->len; a++)
    {
      const Anchor *anchor = &g_array_index (anchors, Anchor, a);
      gdouble       power[RULER_TERMS] = { 1.0 };

      for (i = 1; i < terms; i++)
        power[i] = power[i - 1] * anchor->index / span;
      for (i = 0; i < terms; i++)
        {
          for (j = 0; j < terms; j++)
            m[i][j] += power[i] * power[j];
          m[i][terms] += power[i] * (y ? anchor->y : anchor->x);
        }
    }
  solve (m, terms);
  for (i = 0; i < RULER_TERMS; i++)
    out[i] = i < terms ? m[i][terms] : 0.0;
}

void
ruler_track_tick (const RulerTrack *track,
                  gdouble           index,
                  gdouble          *x,
                  gdouble          *y)
{
  const gdouble t = index / track->span;

  *x = track->x[0] + t * (track->x[1] + t * (track->x[2] + t * track->x[3]));
  *y = track->y[0] + t * (track->y[1] + t * (track->y[2] + t * track->y[3]));
}

static gdouble
mean_period (const RulerTrack *track)
{
  gdouble length = 0.0, x, y, last_x, last_y;
  gint    i;

  ruler_track_tick (track, track->first, &last_x, &last_y);
  for (i = track->first + 1; i <= track->last; i++)
    {
      ruler_track_tick (track, i, &x, &y);
      length += hypot (x - last_x, y - last_y);
      last_x = x;
      last_y = y;
    }
  return length / (track->last - track->first);
}

static gboolean
shape (RulerTrack   *track,
       GArray       *anchors,
       const Cursor *start)
{
  gint  terms;
  guint i;

  if (anchors->len < 2)
    return FALSE;

  g_array_sort (anchors, compare_anchors);
  track->level = start->level;
  track->first = g_array_index (anchors, Anchor, 0).index;
  track->last = g_array_index (anchors, Anchor, anchors->len - 1).index;
  track->span = MAX (track->last, -track->first);
  terms = CLAMP ((gint) anchors->len / 2, 2, RULER_TERMS);
  fit (anchors, FALSE, track->span, terms, track->x);
  fit (anchors, TRUE, track->span, terms, track->y);
  track->period = mean_period (track);
  track->above = -start->band;
  track->below = start->band;

  track->tick_x = track->tick_y = track->quality = track->around = 0.0;
  for (i = 0; i < anchors->len; i++)
    {
      const Anchor *anchor = &g_array_index (anchors, Anchor, i);

      track->tick_x += anchor->vx / anchors->len;
      track->tick_y += anchor->vy / anchors->len;
      track->quality += anchor->quality / anchors->len;
      track->around += anchor->around / anchors->len;
    }
  return TRUE;
}

gboolean
ruler_track_follow (RulerTrack         *track,
                    const RulerPyramid *pyramid,
                    const RulerSeed    *seed)
{
  g_autoptr (GArray) anchors = g_array_new (FALSE, FALSE, sizeof (Anchor));
  g_autofree View   *view = g_new (View, 1);
  Cursor             cursor = { .pyramid = pyramid, .level = seed->level };

  cursor.x = seed->x;
  cursor.y = seed->y;
  cursor.ux = seed->period * cos (seed->angle);
  cursor.uy = seed->period * sin (seed->angle);
  cursor.vx = -sin (seed->angle);
  cursor.vy = cos (seed->angle);
  if (! settle (&cursor, view) || ! is_inside (&cursor))
    return FALSE;

  drop_anchor (anchors, &cursor, view, 0);
  walk (&cursor, 1, view, anchors);
  walk (&cursor, -1, view, anchors);
  return shape (track, anchors, &cursor);
}
