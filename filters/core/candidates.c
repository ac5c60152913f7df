/* Pockmark: candidates in every plane and width
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A candidate is a local maximum of one kind of response in units of its
 * noise.  All that is known at its place is noted beside it, also from the
 * other planes: what it is gets decided later.
 */

#include <math.h>
#include <string.h>

#include "pockmark-stages.h"

/* Lenient: what is kept here costs only time. */
#define CANDIDATE_Z 3.0f
#define HOLLOW_Z 3.0f

/* A thread gets so many rows at least. */
#define GRAIN_ROWS 32

/* Candidates of one kind at most: beyond that the weakest go. */
#define MAX_CANDIDATES 20000

/* A wider candidate of the same contrast says more, by this power of its
 * width. */
#define WIDTH_POWER 0.25f

/* No candidate is inside another of its kind by this share of the width. */
#define APART 0.5f

/* Of so many places around a candidate, this many widths away (and so many pixels
 * at least), no more may lie outside the skin. */
#define EDGE_PLACES 16
#define EDGE_REACH 0.75f
#define EDGE_PIXELS 3.0f
#define EDGE_MISSING 2

/* A thread gets so many candidates at least. */
#define GRAIN_CANDIDATES 256

/* The search for one kind on one level; rows are shared out. */
typedef struct
{
  const PockmarkScaleSpace *space;
  const PockmarkPlane      *skin;
  const PockmarkLight      *light;
  PockmarkKind              kind;
  gint                      level;
  const PockmarkMesh       *noise;
  gfloat                    least; /* in units of noise */
  gfloat                    place[EDGE_PLACES][2]; /* on the unit circle */
  GMutex                   *mutex; /* of found */
  GArray                   *found;
  GError                   *error; /* the first; of mutex too */
} Search;

static gfloat
pixel_at (const PockmarkPlane *plane,
          gint                 x,
          gint                 y)
{
  return plane->data[(gsize) CLAMP (y, 0, plane->height - 1) * plane->width
                     + CLAMP (x, 0, plane->width - 1)];
}

/* A level's blob response at a place in working pixels, in units of noise
 * where z is set. */
static gfloat
blob_at (const PockmarkLevel *level,
         PockmarkComponent    component,
         gfloat               x,
         gfloat               y,
         gboolean             z)
{
  const gfloat lx = x / (gfloat) level->step;
  const gfloat ly = y / (gfloat) level->step;
  const gfloat value = pixel_at (level->blob[component], (gint) lx, (gint) ly);

  return z ? value / pockmark_mesh_at (level->noise[component], lx, ly) : value;
}

/* 1 for a round spot, 0 for a ridge: the ratio of the curvatures. */
static gfloat
roundness (const PockmarkPlane *p,
           gint                 x,
           gint                 y)
{
  const gfloat centre = pixel_at (p, x, y);
  const gfloat xx = pixel_at (p, x - 1, y) + pixel_at (p, x + 1, y) - 2 * centre;
  const gfloat yy = pixel_at (p, x, y - 1) + pixel_at (p, x, y + 1) - 2 * centre;
  const gfloat xy = 0.25f * (pixel_at (p, x + 1, y + 1) + pixel_at (p, x - 1, y - 1)
                             - pixel_at (p, x + 1, y - 1) - pixel_at (p, x - 1, y + 1));
  const gfloat mean = 0.5f * (xx + yy);
  const gfloat diff = hypotf (0.5f * (xx - yy), xy);

  return mean < 0.0f ? CLAMP ((-mean - diff) / (-mean + diff + 1e-9f), 0.0f, 1.0f) : 0.0f;
}

/* Sigma times the slope of shading at one pixel, towards the light and across. */
static void
slope_at (const PockmarkLevel *level,
          const PockmarkLight *light,
          gint                 x,
          gint                 y,
          gfloat              *along,
          gfloat              *across)
{
  const PockmarkPlane *p = level->smooth[POCKMARK_SHADING];
  const gfloat scale = (gfloat) (0.5 * level->sigma);
  const gfloat dx = scale * (pixel_at (p, x + 1, y) - pixel_at (p, x - 1, y));
  const gfloat dy = scale * (pixel_at (p, x, y + 1) - pixel_at (p, x, y - 1));

  *along = light->ux * dx + light->uy * dy;
  *across = light->ux * dy - light->uy * dx;
}

static const PockmarkComponent plane_of_kind[POCKMARK_N_KINDS] = {
  [POCKMARK_KIND_RED] = POCKMARK_HEMOGLOBIN,
  [POCKMARK_KIND_BROWN] = POCKMARK_MELANIN,
  [POCKMARK_KIND_DARK] = POCKMARK_SHADING,
  [POCKMARK_KIND_HOLLOW] = POCKMARK_SHADING,
};

/* Of the candidates that are kept. */
typedef struct
{
  const PockmarkScaleSpace *space;
  const PockmarkLight      *light;
  GArray                   *candidates;
} Gathering;

static void
gather_evidence (const Gathering   *gathering,
                 PockmarkCandidate *candidate)
{
  const PockmarkScaleSpace *space = gathering->space;
  const PockmarkLevel      *level = &space->level[candidate->level];
  const PockmarkComponent   own = plane_of_kind[candidate->kind];
  const gfloat x = candidate->x;
  const gfloat y = candidate->y;
  const gint   lx = (gint) x / level->step;
  const gint   ly = (gint) y / level->step;
  PockmarkEvidence *e = &candidate->evidence;
  const gfloat noise = pockmark_mesh_at (level->slope_noise, lx + 0.5, ly + 0.5);
  const gint   finer = MAX (candidate->level - 2, 0);
  const gint   coarser = MIN (candidate->level + 2, space->n - 1);
  gfloat raw;

  e->hemoglobin = blob_at (level, POCKMARK_HEMOGLOBIN, x, y, TRUE);
  e->melanin = blob_at (level, POCKMARK_MELANIN, x, y, TRUE);
  e->shadow = blob_at (level, POCKMARK_SHADING, x, y, TRUE);
  e->contrast_hemoglobin = blob_at (level, POCKMARK_HEMOGLOBIN, x, y, FALSE);
  e->contrast_melanin = blob_at (level, POCKMARK_MELANIN, x, y, FALSE);
  e->contrast_shading = blob_at (level, POCKMARK_SHADING, x, y, FALSE);
  e->elongation = 1.0f / (0.05f + roundness (level->blob[own], lx, ly));
  slope_at (level, gathering->light, lx, ly, &e->dipole, &candidate->across);
  e->dipole /= noise;
  /* Without the sign of the light a bump may be a hollow. */
  if (gathering->light->source == POCKMARK_LIGHT_UNKNOWN)
    e->dipole = fabsf (e->dipole);
  candidate->across /= noise;
  raw = MAX (fabsf (blob_at (level, own, x, y, FALSE)), 1e-4f);
  candidate->finer = blob_at (&space->level[finer], own, x, y, FALSE) / raw;
  candidate->coarser = blob_at (&space->level[coarser], own, x, y, FALSE) / raw;
}

/* PockmarkWork over the candidates. */
static void
gather_some (gsize    first,
             gsize    count,
             gpointer work_data)
{
  const Gathering *gathering = work_data;
  gsize            i;

  for (i = first; i < first + count; i++)
    gather_evidence (gathering, &g_array_index (gathering->candidates,
                                                PockmarkCandidate, i));
}

/* Edges of the skin look like lesions: a candidate there has too much of its
 * surroundings missing.  Outside the picture nothing is missing. */
static gboolean
is_at_edge (const Search            *search,
            const PockmarkCandidate *candidate)
{
  const PockmarkPlane *skin = search->skin;
  const gfloat radius = MAX (EDGE_REACH * candidate->width, EDGE_PIXELS);
  gint         missing = 0;
  gint         i;

  for (i = 0; i < EDGE_PLACES; i++)
    {
      const gfloat x = candidate->x + radius * search->place[i][0];
      const gfloat y = candidate->y + radius * search->place[i][1];

      missing += x >= 0.0f && y >= 0.0f && x < (gfloat) skin->width
                 && y < (gfloat) skin->height
                 && skin->data[(gsize) y * skin->width + (gsize) x] <= 0.5f;
    }
  return missing > EDGE_MISSING;
}

/* Pixels that are looked at together. */
#define STRETCH 32

static gint
n_stretches (gint width)
{
  return (width - 2 + STRETCH - 1) / STRETCH;
}

/* The cell that a place along one side of the mesh, of n cells, lies in. */
static gint
cell_at (const PockmarkMesh *mesh,
         gdouble             place,
         gint                n)
{
  return CLAMP ((gint) floor (place / mesh->cell), 0, n - 1);
}

/* The lowest of the cells that have a part in the noise from left to right in a
 * row of cells. */
static gfloat
lowest_cell (const PockmarkMesh *mesh,
             gint                left,
             gint                right,
             gint                row)
{
  const PockmarkPlane *cells = mesh->cells;
  gfloat               lowest = G_MAXFLOAT;
  gint                 x, y;

  for (y = MAX (row - 1, 0); y <= MIN (row + 1, cells->height - 1); y++)
    for (x = MAX (left - 1, 0); x <= MIN (right + 1, cells->width - 1); x++)
      lowest = MIN (lowest, cells->data[y * cells->width + x]);
  return lowest;
}

/* Rounding may take the noise so far below the lowest cell. */
#define ROUNDING 1e-5f

/* What each stretch of row y must reach to hold a candidate; row is that of the
 * cells, whose bounds are there already where it is the same. */
static void
find_bounds (const Search *search,
             gint          y,
             gint          width,
             gint         *row,
             gfloat       *bounds)
{
  const PockmarkMesh *noise = search->noise;
  const gint now = cell_at (noise, y + 0.5 + noise->y, noise->cells->height);
  gint       i;

  if (now == *row)
    return;
  *row = now;
  for (i = 0; i < n_stretches (width); i++)
    {
      const gint first = 1 + i * STRETCH;
      const gint last = MIN (first + STRETCH, width - 1) - 1;

      bounds[i] = (1.0f - ROUNDING) * search->least
                  * lowest_cell (noise,
                                 cell_at (noise, first + 0.5 + noise->x,
                                          noise->cells->width),
                                 cell_at (noise, last + 0.5 + noise->x,
                                          noise->cells->width),
                                 now);
    }
}

/* Whether any of n pixels has least. */
static inline gboolean
reaches (const gfloat *row,
         gint          n,
         gfloat        least)
{
  gint any = 0;
  gint x;

  for (x = 0; x < n; x++)
    any |= row[x] >= least;
  return any;
}

/* Marks those of the n middle pixels that are maxima and have least: without a
 * branch for each, since next to none of them is one. */
static inline void
mark_stretch (const gfloat *a,
              const gfloat *b,
              const gfloat *c,
              gint          n,
              gfloat        least,
              guint8       *restrict mark)
{
  gint x;

  memset (mark, 0, (gsize) n);
  if (! reaches (b, n, least))
    return;
  /* Ties go to the last: exactly one pixel of a plateau wins. */
  for (x = 0; x < n; x++)
    mark[x] = (b[x] >= least) & (b[x] > 0.0f) & (b[x] > b[x - 1])
              & (b[x] >= b[x + 1]) & (b[x] > a[x]) & (b[x] >= c[x])
              & (b[x] > a[x - 1]) & (b[x] > a[x + 1]) & (b[x] >= c[x - 1])
              & (b[x] >= c[x + 1]);
}

static void
mark_maxima (gfloat *const  rows[3],
             gint           width,
             const gfloat  *bounds,
             guint8        *mark)
{
  gint x;

  for (x = 1; x + STRETCH < width; x += STRETCH)
    mark_stretch (rows[0] + x, rows[1] + x, rows[2] + x, STRETCH, *bounds++,
                  mark + x);
  if (x < width - 1)
    mark_stretch (rows[0] + x, rows[1] + x, rows[2] + x, width - 1 - x, *bounds,
                  mark + x);
}

/* The next mark from x on, or n. */
static gint
next_mark (const guint8 *mark,
           gint          x,
           gint          n)
{
  const guint8 *at = x < n ? memchr (mark + x, 1, (gsize) (n - x)) : NULL;

  return at ? (gint) (at - mark) : n;
}

/* The dipole response of row y: the slope towards the light, less half of that
 * across; without the light's sign, either way. */
static void
dipole_row (const Search *search,
            gint          y,
            gfloat       *row,
            gfloat       *across)
{
  const PockmarkLevel *level = &search->space->level[search->level];
  const gboolean       either = search->light->source == POCKMARK_LIGHT_UNKNOWN;
  const gint           width = level->smooth[POCKMARK_SHADING]->width;
  gint                 x;

  pockmark_level_slopes (level, search->light, y, row, across);
  for (x = 0; x < width; x++)
    row[x] = (either ? fabsf (row[x]) : row[x]) - 0.5f * fabsf (across[x]);
}

static gboolean
search_row (const Search  *search,
            gint           y,
            gfloat *const  rows[3],
            gint           width,
            const gfloat  *bounds,
            guint8        *mark,
            GArray        *found,
            GError       **error)
{
  const PockmarkLevel *level = &search->space->level[search->level];
  gint x;

  mark_maxima (rows, width, bounds, mark);
  for (x = next_mark (mark, 1, width - 1); x < width - 1;
       x = next_mark (mark, x + 1, width - 1))
    {
      PockmarkCandidate candidate
          = { .kind = search->kind, .level = search->level };
      const gfloat value = rows[1][x];

      if (value < search->least
                      * pockmark_mesh_at (search->noise, x + 0.5, y + 0.5))
        continue;
      candidate.x = (gfloat) ((x + 0.5) * level->step);
      candidate.y = (gfloat) ((y + 0.5) * level->step);
      if (pixel_at (search->skin, (gint) candidate.x, (gint) candidate.y) <= 0.5f)
        continue;
      candidate.width = (gfloat) level->width;
      if (is_at_edge (search, &candidate))
        continue;
      candidate.score = value * powf (candidate.width, WIDTH_POWER);
      if (! pockmark_array_room (found, 1, error))
        return FALSE;
      g_array_append_val (found, candidate);
    }
  return TRUE;
}

/* PockmarkWork over the rows that have neighbours on both sides. */
static void
search_rows (gsize    first,
             gsize    count,
             gpointer work_data)
{
  Search              *search = work_data;
  const PockmarkLevel *level = &search->space->level[search->level];
  const gboolean       hollow = search->kind == POCKMARK_KIND_HOLLOW;
  const PockmarkPlane *plane = hollow ? level->smooth[POCKMARK_SHADING]
                                      : level->blob[plane_of_kind[search->kind]];
  const gint           width = plane->width;
  g_autofree gfloat   *buffer = hollow ? g_new (gfloat, 4 * (gsize) width) : NULL;
  g_autofree guint8   *mark = g_new (guint8, (gsize) width);
  g_autofree gfloat   *bounds = g_new (gfloat, (gsize) n_stretches (width));
  g_autoptr (GArray)   found
      = g_array_new (FALSE, FALSE, sizeof (PockmarkCandidate));
  GError *error = NULL;
  gint    cells = -1;
  gsize   y;

  for (y = first; y < first + count + 2 && ! error; y++)
    {
      gfloat *rows[3];
      gint    i;

      if (hollow)
        dipole_row (search, (gint) y, buffer + (y % 3) * width, buffer + 3 * width);
      if (y < first + 2)
        continue;
      for (i = 0; i < 3; i++)
        rows[i] = hollow ? buffer + ((y + 1 + i) % 3) * width
                         : plane->data + (y - 2 + i) * width;
      find_bounds (search, (gint) y - 1, width, &cells, bounds);
      search_row (search, (gint) y - 1, rows, width, bounds, mark, found, &error);
    }
  g_mutex_lock (search->mutex);
  if (! error && pockmark_array_room (search->found, found->len, &error))
    g_array_append_vals (search->found, found->data, found->len);
  g_mutex_unlock (search->mutex);
  pockmark_error_keep (search->mutex, &search->error, error);
}

static gint
by_score (gconstpointer a,
          gconstpointer b)
{
  const PockmarkCandidate *p = a;
  const PockmarkCandidate *q = b;

  if (p->score != q->score)
    return p->score < q->score ? 1 : -1;
  if (p->y != q->y)
    return p->y < q->y ? -1 : 1;
  if (p->x != q->x)
    return p->x < q->x ? -1 : 1;
  return p->level - q->level;
}

/* Keeps the best first and drops what lies within the width of a better one;
 * a coarse grid of lists finds the neighbours. */
static gboolean
keep_best (GArray  *candidates,
           gint     width,
           gint     height,
           GError **error)
{
  const gint  cell = 16;
  const gint  columns = width / cell + 1;
  const gint  rows = height / cell + 1;
  g_autofree gint *head = g_try_new (gint, (gsize) columns * (gsize) rows);
  g_autofree gint *next = g_try_new (gint, (gsize) candidates->len + 1);
  gfloat widest = 0.0f;
  guint  i, kept = 0;

  if (! head || ! next)
    return pockmark_memory_error (error);
  for (i = 0; i < (guint) (columns * rows); i++)
    head[i] = -1;
  g_array_sort (candidates, by_score);
  for (i = 0; i < candidates->len && kept < MAX_CANDIDATES; i++)
    {
      PockmarkCandidate c = g_array_index (candidates, PockmarkCandidate, i);
      const gfloat      reach = APART * MAX (widest, c.width);
      const gint x0 = MAX ((gint) (c.x - reach) / cell, 0);
      const gint x1 = MIN ((gint) (c.x + reach) / cell, columns - 1);
      const gint y0 = MAX ((gint) (c.y - reach) / cell, 0);
      const gint y1 = MIN ((gint) (c.y + reach) / cell, rows - 1);
      gboolean   apart = TRUE;
      gint       x, y, o;

      for (y = y0; apart && y <= y1; y++)
        for (x = x0; apart && x <= x1; x++)
          for (o = head[y * columns + x]; apart && o >= 0; o = next[o])
            {
              const PockmarkCandidate *other
                  = &g_array_index (candidates, PockmarkCandidate, o);

              apart = hypotf (other->x - c.x, other->y - c.y)
                      > APART * MAX (other->width, c.width);
            }
      if (! apart)
        continue;
      g_array_index (candidates, PockmarkCandidate, kept) = c;
      o = ((gint) c.y / cell) * columns + (gint) c.x / cell;
      next[kept] = head[o];
      head[o] = (gint) kept++;
      widest = MAX (widest, c.width);
    }
  g_array_set_size (candidates, kept);
  return TRUE;
}

static gboolean
search_kind (Search             *search,
             gint                first,
             gint                end,
             const PockmarkHost *host,
             GError            **error)
{
  const gboolean hollow = search->kind == POCKMARK_KIND_HOLLOW;
  gint           i;

  for (i = 0; i < EDGE_PLACES; i++)
    {
      const gfloat angle = (gfloat) i * (2.0f * (gfloat) G_PI / EDGE_PLACES);

      search->place[i][0] = cosf (angle);
      search->place[i][1] = sinf (angle);
    }
  for (search->level = first; search->level < MIN (end, search->space->n);
       search->level++)
    {
      const PockmarkLevel *level = &search->space->level[search->level];
      const PockmarkPlane *plane = level->smooth[POCKMARK_SHADING];

      if (plane->width < 3 || plane->height < 3)
        continue;
      search->noise = hollow ? level->slope_noise
                             : level->noise[plane_of_kind[search->kind]];
      search->least = hollow ? HOLLOW_Z : CANDIDATE_Z;
      pockmark_host_parallel (host, (gsize) plane->height - 2, GRAIN_ROWS,
                              search_rows, search);
    }
  if (! search->error)
    return TRUE;
  g_propagate_error (error, search->error);
  return FALSE;
}

/* The best of each kind, of which the threads take turns. */
typedef struct
{
  GArray *found[POCKMARK_N_KINDS];
  gint    width;
  gint    height;
  GMutex *mutex; /* of error */
  GError *error; /* the first */
} Keeping;

/* PockmarkWork over the kinds. */
static void
keep_some (gsize    first,
           gsize    count,
           gpointer work_data)
{
  Keeping *keeping = work_data;
  GError  *error = NULL;
  gsize    kind;

  for (kind = first; kind < first + count && ! error; kind++)
    keep_best (keeping->found[kind], keeping->width, keeping->height, &error);
  pockmark_error_keep (keeping->mutex, &keeping->error, error);
}

/* Seeks all kinds into keeping's arrays. */
static gboolean
search_kinds (const Search       *like,
              gint                first,
              gint                end,
              const PockmarkHost *host,
              Keeping            *keeping,
              GError            **error)
{
  gint kind;

  for (kind = 0; kind < POCKMARK_N_KINDS; kind++)
    {
      Search search = *like;

      search.kind = kind;
      search.found = keeping->found[kind];
      if (! search_kind (&search, first, end, host, error))
        return FALSE;
    }
  pockmark_host_parallel (host, POCKMARK_N_KINDS, 1, keep_some, keeping);
  if (! keeping->error)
    return TRUE;
  g_propagate_error (error, keeping->error);
  return FALSE;
}

GArray *
pockmark_candidates_find (const PockmarkScaleSpace *space,
                          gint                      first,
                          gint                      end,
                          const PockmarkPlane      *skin,
                          const PockmarkLight      *light,
                          const PockmarkHost       *host,
                          GError                  **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (PockmarkCandidate));
  Gathering gathering = { space, light, all };
  GMutex    mutex;
  Search    like = { .space = space, .skin = skin, .light = light,
                     .mutex = &mutex };
  Keeping   keeping = { .width = skin->width, .height = skin->height,
                        .mutex = &mutex };
  gboolean  done;
  gint      kind;

  g_mutex_init (&mutex);
  for (kind = 0; kind < POCKMARK_N_KINDS; kind++)
    keeping.found[kind]
        = g_array_new (FALSE, FALSE, sizeof (PockmarkCandidate));
  done = search_kinds (&like, first, end, host, &keeping, error);
  for (kind = 0; kind < POCKMARK_N_KINDS; kind++)
    {
      GArray *found = keeping.found[kind];

      done = done && pockmark_array_room (all, found->len, error);
      if (done)
        g_array_append_vals (all, found->data, found->len);
      g_array_unref (found);
    }
  g_mutex_clear (&mutex);
  if (! done)
    return NULL;
  pockmark_host_parallel (host, all->len, GRAIN_CANDIDATES, gather_some,
                          &gathering);
  return g_steal_pointer (&all);
}

/* Whether one lies inside the other. */
static gboolean
are_one (const PockmarkCandidate *narrow,
         const PockmarkCandidate *wide,
         const PockmarkOverview  *overview)
{
  const gfloat step = (gfloat) overview->step;
  const gfloat dx = narrow->x + (gfloat) overview->x - step * wide->x;
  const gfloat dy = narrow->y + (gfloat) overview->y - step * wide->y;

  return narrow->kind == wide->kind
         && hypotf (dx, dy) <= APART * MAX (narrow->width, step * wide->width);
}

/* What makes an overview's scores those of the tile's pixels. */
static gfloat
score_factor (const PockmarkOverview *overview)
{
  return powf ((gfloat) overview->step, WIDTH_POWER);
}

/* Whether one of the candidates near is the same and better. */
static gboolean
is_beaten (const PockmarkCandidate *narrow,
           const GPtrArray         *near,
           const PockmarkOverview  *overview,
           gfloat                   factor)
{
  guint i;

  for (i = 0; i < near->len; i++)
    {
      const PockmarkCandidate *wide = near->pdata[i];

      if (factor * wide->score > narrow->score
          && are_one (narrow, wide, overview))
        return TRUE;
    }
  return FALSE;
}

/* The overview's candidates in a rectangle of its pixels that no better one of
 * the tile beats; notes those that are beaten. */
static GPtrArray *
unbeaten (GArray                 *candidates,
          const PockmarkOverview *overview,
          gint                    width,
          gint                    height)
{
  const gfloat factor = score_factor (overview);
  GPtrArray   *near = g_ptr_array_new ();
  guint        i, k;

  for (i = 0; i < overview->candidates->len; i++)
    {
      PockmarkCandidate *wide
          = &g_array_index (overview->candidates, PockmarkCandidate, i);
      const gfloat x = (gfloat) overview->step * wide->x - (gfloat) overview->x;
      const gfloat y = (gfloat) overview->step * wide->y - (gfloat) overview->y;

      if (x < 0.0f || y < 0.0f || x >= (gfloat) width || y >= (gfloat) height)
        continue;
      for (k = 0; k < candidates->len && ! overview->beaten[i]; k++)
        {
          const PockmarkCandidate *narrow
              = &g_array_index (candidates, PockmarkCandidate, k);

          overview->beaten[i] = narrow->score > factor * wide->score
                                && are_one (narrow, wide, overview);
        }
      if (! overview->beaten[i])
        g_ptr_array_add (near, wide);
    }
  return near;
}

void
pockmark_candidates_compare (GArray                 *candidates,
                             const PockmarkOverview *overview,
                             gint                    width,
                             gint                    height)
{
  g_autoptr (GPtrArray) near = unbeaten (candidates, overview, width, height);
  const gfloat factor = score_factor (overview);
  guint        i, kept = 0;

  for (i = 0; i < candidates->len; i++)
    {
      const PockmarkCandidate c
          = g_array_index (candidates, PockmarkCandidate, i);

      if (! is_beaten (&c, near, overview, factor))
        g_array_index (candidates, PockmarkCandidate, kept++) = c;
    }
  g_array_set_size (candidates, kept);
}
