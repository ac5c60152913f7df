/* Pockmark: the ruler in a photograph
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Millimetres are only believed where the ticks say so themselves: every tenth
 * longer than the others, or every fifth and tenth.  A row of equal ticks is
 * reported, but as doubtful: they may be millimetres, halves or a comb.
 */

#include <math.h>
#include <string.h>

#include "ruler.h"

/* The longer side of what is searched, pixels. */
#define SIDE 3000

/* Rows of ticks are followed from so many seeds at the most. */
#define SEEDS_MAX 80
/* Once one is sure, so many more are tried for one that disagrees. */
#define SEEDS_AFTER 12

/* Transparent pixels look like this, linear light. */
#define NOTHING 0.18f

/* Two rulers that agree to this share are one, or lie at one distance. */
#define AGREEMENT 0.03

typedef struct
{
  const PockmarkSource *photograph;
  PockmarkPlane        *plane;
  gint                  reduction;
  GMutex                mutex; /* guards error */
  GError               *error;
} Reading;

/* ---- The pyramid -------------------------------------------------------- */

static void
add_row (const gfloat *rgba,
         gint          width,
         gint          reduction,
         gfloat       *sum)
{
  gint x, i;

  for (x = 0; x < width; x += reduction, sum++)
    {
      const gint end = MIN (x + reduction, width);
      gfloat     light = 0.0f;

      for (i = x; i < end; i++)
        {
          const gfloat *p = rgba + 4 * (gsize) i;
          const gfloat  y = 0.2126f * p[0] + 0.7152f * p[1] + 0.0722f * p[2];

          light += y > 0.0f && y < 1e6f ? p[3] * y + (1.0f - p[3]) * NOTHING
                                        : (1.0f - p[3]) * NOTHING;
        }
      *sum += light / (gfloat) (end - x);
    }
}

static void
read_rows (gsize    first,
           gsize    count,
           gpointer data)
{
  Reading           *reading = data;
  const gint         k = reading->reduction;
  const gint         width = reading->photograph->width;
  g_autofree gfloat *pixels
      = g_try_malloc_n ((gsize) width * (gsize) k, 4 * sizeof (gfloat));
  GError            *error = NULL;
  gsize              row;

  if (! pixels)
    pockmark_memory_error (&error);
  for (row = first; ! error && row < first + count; row++)
    {
      gfloat      *out
          = reading->plane->data + row * (gsize) reading->plane->width;
      PockmarkRect rect = { 0, (gint) row * k, width, k };
      gint         x, y;

      rect.height = MIN (k, reading->photograph->height - rect.y);
      if (! reading->photograph->read (&rect, pixels,
                                       reading->photograph->user_data, &error))
        break;
      for (y = 0; y < rect.height; y++)
        add_row (pixels + (gsize) y * width * 4, width, k, out);
      for (x = 0; x < reading->plane->width; x++)
        out[x] /= (gfloat) rect.height;
      pockmark_density (out, out, (gsize) reading->plane->width);
    }

  pockmark_error_keep (&reading->mutex, &reading->error, error);
}

static PockmarkPlane *
read_first (const PockmarkSource *photograph,
            gint                  reduction,
            const PockmarkHost   *host,
            GError              **error)
{
  Reading reading = { .photograph = photograph, .reduction = reduction };

  reading.plane
      = pockmark_plane_new ((photograph->width + reduction - 1) / reduction,
                            (photograph->height + reduction - 1) / reduction,
                            error);
  if (! reading.plane)
    return NULL;

  g_mutex_init (&reading.mutex);
  pockmark_host_parallel (host, (gsize) reading.plane->height, 32, read_rows,
                          &reading);
  g_mutex_clear (&reading.mutex);
  if (reading.error)
    {
      g_propagate_error (error, reading.error);
      g_clear_pointer (&reading.plane, pockmark_plane_free);
    }
  return reading.plane;
}

/* Means of four: a tick's own edges are all that is lost. */
static PockmarkPlane *
halve (const PockmarkPlane *plane,
       GError             **error)
{
  PockmarkPlane *out
      = pockmark_plane_new (plane->width / 2, plane->height / 2, error);
  gint           x, y;

  for (y = 0; out && y < out->height; y++)
    {
      const gfloat *a = plane->data + (gsize) (2 * y) * plane->width;
      const gfloat *b = a + plane->width;
      gfloat       *to = out->data + (gsize) y * out->width;

      for (x = 0; x < out->width; x++)
        to[x] = 0.25f * (a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1]);
    }
  return out;
}

static void
pyramid_clear (RulerPyramid *pyramid)
{
  gint i;

  for (i = 0; i < pyramid->n; i++)
    pockmark_plane_free (pyramid->level[i]);
  pyramid->n = 0;
}

static gboolean
pyramid_init (RulerPyramid         *pyramid,
              const PockmarkSource *photograph,
              const PockmarkHost   *host,
              GError              **error)
{
  const gint longer = MAX (photograph->width, photograph->height);

  pyramid->reduction = MAX (1, (longer + SIDE - 1) / SIDE);
  pyramid->level[0] = read_first (photograph, pyramid->reduction, host, error);
  if (! pyramid->level[0])
    return FALSE;

  for (pyramid->n = 1; pyramid->n < RULER_LEVELS; pyramid->n++)
    {
      const PockmarkPlane *last = pyramid->level[pyramid->n - 1];

      if (MIN (last->width, last->height) < 128)
        break;
      pyramid->level[pyramid->n] = halve (last, error);
      if (! pyramid->level[pyramid->n])
        {
          pyramid_clear (pyramid);
          return FALSE;
        }
    }
  return TRUE;
}

/* ---- Choosing ----------------------------------------------------------- */

static void
describe (const RulerTrack   *track,
          const RulerGrade   *grade,
          const RulerPyramid *pyramid,
          PockmarkRuler      *ruler)
{
  const gdouble scale = (gdouble) pyramid->reduction * (1 << track->level);

  ruler_track_tick (track, track->first, &ruler->x0, &ruler->y0);
  ruler_track_tick (track, track->last, &ruler->x1, &ruler->y1);
  ruler->x0 *= scale;
  ruler->y0 *= scale;
  ruler->x1 *= scale;
  ruler->y1 *= scale;
  ruler->ticks = (guint) grade->ticks;
  ruler->tick_mm = grade->tick_mm;
  ruler->pixels_per_mm = track->period * scale / grade->tick_mm;
  ruler->confidence
      = grade->sure ? POCKMARK_RULER_SURE
                          + (1.0 - POCKMARK_RULER_SURE) * grade->fit
                    : 0.9 * POCKMARK_RULER_SURE * track->quality;
}

/* Whether the place is on one of the rows that have been followed. */
static gboolean
is_known (const GArray       *tracks,
          const RulerSeed    *seed)
{
  guint i;

  for (i = 0; i < tracks->len; i++)
    {
      const RulerTrack *track = &g_array_index (tracks, RulerTrack, i);
      const gdouble     zoom = ldexp (1.0, seed->level - track->level);
      gdouble           x0, y0, x1, y1, px, py, length, along, across;

      ruler_track_tick (track, track->first, &x0, &y0);
      ruler_track_tick (track, track->last, &x1, &y1);
      length = hypot (x1 - x0, y1 - y0);
      px = seed->x * zoom - x0;
      py = seed->y * zoom - y0;
      along = (px * (x1 - x0) + py * (y1 - y0)) / length;
      across = fabs (px * (y1 - y0) - py * (x1 - x0)) / length;
      if (along > 0.0 && along < length && across < 5.0 * track->period
          && seed->period * zoom < 3.0 * track->period)
        return TRUE;
    }
  return FALSE;
}

/* A place that led nowhere is not tried again beside it. */
static gboolean
was_tried (const GArray *tried,
           const RulerSeed *seed)
{
  guint i;

  for (i = 0; i < tried->len; i++)
    {
      const RulerSeed *other = &g_array_index (tried, RulerSeed, i);
      const gdouble    ratio
          = ldexp (seed->period, seed->level)
            / ldexp (other->period, other->level);
      const gdouble    reach = ldexp (3.0 * other->period, other->level);

      if (ratio > 0.8 && ratio < 1.25
          && fabs (ldexp (seed->x, seed->level)
                   - ldexp (other->x, other->level)) < reach
          && fabs (ldexp (seed->y, seed->level)
                   - ldexp (other->y, other->level)) < reach)
        return TRUE;
    }
  return FALSE;
}

/* Doubtful rows must at least be many, clean and alone. */
static gboolean
is_worth_telling (const RulerTrack *track,
                  const RulerGrade *grade)
{
  return (grade->sure && track->quality > 0.6)
         || (grade->ticks >= 12 && track->quality > 0.75
             && track->around < 0.5
             && track->below - track->above < 8.0 * track->period);
}

/* Keeps the better of two rows.  Two sure ones that disagree are not sure. */
static void
merge (PockmarkRuler       *best,
       const PockmarkRuler *ruler)
{
  const gboolean both = best->confidence >= POCKMARK_RULER_SURE
                        && ruler->confidence >= POCKMARK_RULER_SURE;
  const gboolean apart
      = both
        && fabs (log (best->pixels_per_mm / ruler->pixels_per_mm)) > AGREEMENT;

  if (ruler->confidence >= POCKMARK_RULER_SURE
          ? (both ? ruler->ticks * ruler->tick_mm
                        > best->ticks * best->tick_mm
                  : TRUE)
          : best->confidence < POCKMARK_RULER_SURE
                && ruler->ticks > best->ticks)
    *best = *ruler;
  if (apart)
    best->confidence = MIN (best->confidence, 0.9 * POCKMARK_RULER_SURE);
}

static void
choose (const RulerPyramid *pyramid,
        const GArray       *seeds,
        PockmarkRuler      *ruler)
{
  g_autoptr (GArray) tracks = g_array_new (FALSE, FALSE, sizeof (RulerTrack));
  g_autoptr (GArray) tried = g_array_new (FALSE, FALSE, sizeof (RulerSeed));
  guint most = SEEDS_MAX;
  guint i;

  for (i = 0; i < seeds->len && tried->len < most; i++)
    {
      const RulerSeed *seed = &g_array_index (seeds, RulerSeed, i);
      RulerTrack       track;
      RulerGrade       grade;
      PockmarkRuler    other;

      if (is_known (tracks, seed) || was_tried (tried, seed))
        continue;
      g_array_append_val (tried, *seed);
      if (! ruler_track_follow (&track, pyramid, seed))
        continue;
      g_array_append_val (tracks, track);
      ruler_track_grade (&track, pyramid, &grade);
      if (! is_worth_telling (&track, &grade))
        continue;
      describe (&track, &grade, pyramid, &other);
      if (grade.sure)
        most = MIN (most, tried->len + SEEDS_AFTER);
      if (ruler->ticks == 0)
        *ruler = other;
      else
        merge (ruler, &other);
    }
}

gboolean
pockmark_ruler_find (const PockmarkSource *photograph,
                     const PockmarkHost   *host,
                     PockmarkRuler        *ruler,
                     GError              **error)
{
  RulerPyramid       pyramid = { 0 };
  g_autoptr (GArray) seeds = NULL;

  memset (ruler, 0, sizeof (*ruler));
  if (! pyramid_init (&pyramid, photograph, host, error))
    return FALSE;

  seeds = ruler_seeds_find (&pyramid, host, error);
  if (seeds)
    choose (&pyramid, seeds, ruler);
  pyramid_clear (&pyramid);
  return seeds != NULL;
}
