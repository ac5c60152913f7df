/* Pockmark: where something stripes the picture
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each level is looked at in overlapping tiles.  Where most edges of a tile
 * have one direction, the tile is summed up along them, and the profile
 * compared with itself at all distances that are a ruler's at this level.
 */

#include <math.h>

#include "ruler.h"

#define CELL 16                /* pixels */
#define TILE_CELLS 4
#define RADIUS (CELL * TILE_CELLS / 2)
#define STRIDE 2               /* cells from tile to tile */
#define BINS (2 * RADIUS)

/* Distances between stripes, pixels. */
#define PERIOD_MIN 4
#define PERIOD_MAX 18
/* A slope of density above this counts no more than this. */
#define SLOPE_CAP 0.35f
/* Mean squared slope of a tile with anything in it. */
#define SLOPE_MIN 2e-5
/* Edges of one direction, as a share of all: above, it is the stripes'. */
#define CLEAR 0.5
#define SCORE_MIN 0.35
/* How much deeper the profile's likeness must fall between two stripes. */
#define DIP 0.35

/* Sums of the slopes' products in a cell. */
typedef struct
{
  gfloat xx;
  gfloat yy;
  gfloat xy;
} Tensor;

typedef struct
{
  const PockmarkPlane *plane;
  gint                 level;
  gint                 columns; /* cells */
  gint                 rows;
  Tensor              *cells;
  gint                 tile_columns;
  RulerSeed           *seeds;   /* one each tile, score 0: none */
} Search;

static void
sum_cell (const PockmarkPlane *plane,
          gint                 column,
          gint                 row,
          Tensor              *tensor)
{
  const gint w = plane->width;
  const gint x1 = MIN ((column + 1) * CELL, w - 1);
  const gint y1 = MIN ((row + 1) * CELL, plane->height - 1);
  Tensor     sum = { 0.0f, 0.0f, 0.0f };
  gint       x, y;

  for (y = MAX (row * CELL, 1); y < y1; y++)
    for (x = MAX (column * CELL, 1); x < x1; x++)
      {
        const gfloat *p = plane->data + (gsize) y * w + x;
        const gfloat  gx = 0.5f * (p[1] - p[-1]);
        const gfloat  gy = 0.5f * (p[w] - p[-w]);
        const gfloat  g2 = gx * gx + gy * gy;
        /* The edge of white paper must not outweigh what is printed on it. */
        const gfloat  weight = 1.0f / (1.0f + g2 / (SLOPE_CAP * SLOPE_CAP));

        sum.xx += weight * gx * gx;
        sum.yy += weight * gy * gy;
        sum.xy += weight * gx * gy;
      }
  *tensor = sum;
}

static void
sum_cells (gsize    first,
           gsize    count,
           gpointer data)
{
  Search *search = data;
  gsize   i;

  for (i = first; i < first + count; i++)
    sum_cell (search->plane, (gint) (i % (gsize) search->columns),
              (gint) (i / (gsize) search->columns), search->cells + i);
}

/* The means along the stripes of a disc around the tile's centre. */
static void
project (const PockmarkPlane *plane,
         gint                 cx,
         gint                 cy,
         gdouble              angle,
         gfloat               profile[BINS])
{
  const gfloat c = (gfloat) cos (angle);
  const gfloat s = (gfloat) sin (angle);
  gfloat       weight[BINS + 2] = { 0 };
  gfloat       sum[BINS + 2] = { 0 };
  gint         x, y, i;

  for (y = -RADIUS; y < RADIUS; y++)
    {
      const gint py = cy + y;
      const gint half = (gint) sqrt (RADIUS * RADIUS - (y + 0.5) * (y + 0.5));

      if (py < 0 || py >= plane->height)
        continue;
      for (x = MAX (-half, -cx); x < MIN (half, plane->width - cx); x++)
        {
          const gfloat t = ((gfloat) x + 0.5f) * c + ((gfloat) y + 0.5f) * s
                           + (gfloat) RADIUS;
          const gint   bin = CLAMP ((gint) t, 0, BINS);
          const gfloat share = t - (gfloat) bin;
          const gfloat v = plane->data[(gsize) py * plane->width + cx + x];

          sum[bin] += (1.0f - share) * v;
          weight[bin] += 1.0f - share;
          sum[bin + 1] += share * v;
          weight[bin + 1] += share;
        }
    }

  for (i = 0; i < BINS; i++)
    profile[i] = weight[i] > 0.5f ? sum[i] / weight[i] : NAN;
}

/* Takes what is wider than the widest period away; returns the bins first ...
 * first + count - 1 that are filled. */
static gint
flatten (gfloat profile[BINS],
         gint  *first)
{
  gfloat flat[BINS];
  gint   i, j, last = BINS - 1;

  for (*first = 0; *first < BINS && isnan (profile[*first]); (*first)++)
    ;
  for (; last > *first && isnan (profile[last]); last--)
    ;

  for (i = *first; i <= last; i++)
    {
      const gint reach = MIN (PERIOD_MAX / 2 + 2, MIN (i - *first, last - i));
      gfloat     mean = 0.0f;

      for (j = i - reach; j <= i + reach; j++)
        mean += profile[j];
      flat[i] = profile[i] - mean / (gfloat) (2 * reach + 1);
    }
  for (i = *first; i <= last; i++)
    profile[i] = flat[i];
  return last - *first + 1;
}

static gdouble
likeness (const gfloat *profile,
          gint          n,
          gint          lag)
{
  gdouble both = 0.0, one = 1e-12, other = 1e-12;
  gint    i;

  for (i = 0; i + lag < n; i++)
    {
      both += profile[i] * profile[i + lag];
      one += profile[i] * profile[i];
      other += profile[i + lag] * profile[i + lag];
    }
  return both / sqrt (one * other);
}

/* The shortest distance at which the profile is nearly as like itself as at
 * any; 0 for none. */
static gdouble
find_period (const gfloat *profile,
             gint          n,
             gdouble      *score)
{
  gdouble r[PERIOD_MAX + 2];
  gdouble best = 0.0, low = 1.0;
  gint    most = MIN (PERIOD_MAX, n / 3);
  gint    lag;

  *score = 0.0;
  if (most < PERIOD_MIN)
    return 0.0;
  for (lag = 1; lag <= most + 1; lag++)
    r[lag] = likeness (profile, n, lag);
  for (lag = PERIOD_MIN; lag <= most; lag++)
    if (r[lag] >= r[lag - 1] && r[lag] >= r[lag + 1])
      best = MAX (best, r[lag]);

  for (lag = 2; lag <= most; lag++)
    {
      low = MIN (low, r[lag]);
      if (lag >= PERIOD_MIN && r[lag] >= r[lag - 1] && r[lag] >= r[lag + 1]
          && r[lag] > 0.8 * best && r[lag] - low > DIP)
        {
          const gdouble bend = r[lag - 1] - 2.0 * r[lag] + r[lag + 1];

          *score = r[lag];
          return lag + (bend < 0.0 ? 0.5 * (r[lag - 1] - r[lag + 1]) / bend
                                   : 0.0);
        }
    }
  return 0.0;
}

/* Makes the tile's seed one with stripes across angle, if these are better. */
static void
look_along (const Search *search,
            gint          cx,
            gint          cy,
            gdouble       angle,
            RulerSeed    *seed)
{
  gfloat  profile[BINS];
  gdouble period, score;
  gint    first, n;

  project (search->plane, cx, cy, angle, profile);
  n = flatten (profile, &first);
  period = find_period (profile + first, n, &score);
  if (score < SCORE_MIN || score <= seed->score)
    return;
  seed->level = search->level;
  seed->x = cx;
  seed->y = cy;
  seed->angle = angle;
  seed->period = period;
  seed->score = score;
}

static void
look_at_tile (const Search *search,
              gint          column,
              gint          row,
              RulerSeed    *seed)
{
  const gint cx = column * CELL + RADIUS;
  const gint cy = row * CELL + RADIUS;
  Tensor     sum = { 0.0f, 0.0f, 0.0f };
  gdouble    angle, energy;
  gint       i, j;

  for (j = row; j < row + TILE_CELLS; j++)
    for (i = column; i < column + TILE_CELLS; i++)
      {
        const Tensor *cell = search->cells + (gsize) j * search->columns + i;

        sum.xx += cell->xx;
        sum.yy += cell->yy;
        sum.xy += cell->xy;
      }
  energy = (gdouble) sum.xx + sum.yy;
  if (energy < SLOPE_MIN * BINS * BINS)
    return;
  angle = 0.5 * atan2 (2.0 * sum.xy, (gdouble) sum.xx - sum.yy);
  look_along (search, cx, cy, angle, seed);
  /* The edge of the ruler runs across its ticks and may outdo them. */
  if (hypot ((gdouble) sum.xx - sum.yy, 2.0 * sum.xy) < CLEAR * energy
      || seed->score == 0.0)
    look_along (search, cx, cy, angle + 0.5 * G_PI, seed);
}

static void
look_at_tiles (gsize    first,
               gsize    count,
               gpointer data)
{
  const Search *search = data;
  gsize         i;

  for (i = first; i < first + count; i++)
    look_at_tile (search,
                  MIN ((gint) (i % (gsize) search->tile_columns) * STRIDE,
                       search->columns - TILE_CELLS),
                  MIN ((gint) (i / (gsize) search->tile_columns) * STRIDE,
                       search->rows - TILE_CELLS),
                  search->seeds + i);
}

static gboolean
search_level (const PockmarkPlane *plane,
              gint                 level,
              const PockmarkHost  *host,
              GArray              *found,
              GError             **error)
{
  Search   search = { .plane = plane, .level = level };
  gboolean done;
  gint     tile_rows;
  gsize    n, i;

  search.columns = plane->width / CELL;
  search.rows = plane->height / CELL;
  if (search.columns < TILE_CELLS || search.rows < TILE_CELLS)
    return TRUE;
  search.tile_columns
      = (search.columns - TILE_CELLS + STRIDE - 1) / STRIDE + 1;
  tile_rows = (search.rows - TILE_CELLS + STRIDE - 1) / STRIDE + 1;
  n = (gsize) search.tile_columns * (gsize) tile_rows;
  search.cells = g_try_new0 (Tensor, (gsize) search.columns * search.rows);
  search.seeds = g_try_new0 (RulerSeed, n);
  done = (search.cells && search.seeds) || pockmark_memory_error (error);
  if (done)
    {
      pockmark_host_parallel (host, (gsize) search.columns * search.rows, 64,
                              sum_cells, &search);
      pockmark_host_parallel (host, n, 16, look_at_tiles, &search);
    }
  for (i = 0; done && i < n; i++)
    if (search.seeds[i].score > 0.0)
      {
        done = pockmark_array_room (found, 1, error);
        if (done)
          g_array_append_val (found, search.seeds[i]);
      }

  g_free (search.cells);
  g_free (search.seeds);
  return done;
}

static gint
compare_seeds (gconstpointer a,
               gconstpointer b)
{
  const RulerSeed *one = a, *other = b;

  return one->score > other->score ? -1 : one->score < other->score;
}

GArray *
ruler_seeds_find (const RulerPyramid *pyramid,
                  const PockmarkHost *host,
                  GError            **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (RulerSeed));
  gint level;

  for (level = 0; level < pyramid->n; level++)
    if (! search_level (pyramid->level[level], level, host, found, error))
      return NULL;
  g_array_sort (found, compare_seeds);
  return g_steal_pointer (&found);
}
