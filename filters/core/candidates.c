/* Pockmark: candidates in every plane and width
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A candidate is a local maximum of one kind of response in units of its
 * noise.  All that is known at its place is noted beside it, also from the
 * other planes: what it is gets decided later.
 */

#include <math.h>

#include "pockmark-stages.h"

/* Lenient: what is kept here costs only time. */
#define CANDIDATE_Z 3.0f
#define HOLLOW_Z 3.0f

/* Candidates of one kind at most: beyond that the weakest go. */
#define MAX_CANDIDATES 20000

/* No candidate is inside another of its kind by this share of the width. */
#define APART 0.5f

/* Of 16 places around a candidate, this many widths away (and so many pixels
 * at least), no more may lie outside the skin. */
#define EDGE_REACH 0.75f
#define EDGE_PIXELS 3.0f
#define EDGE_MISSING 2

typedef struct
{
  const PockmarkScaleSpace *space;
  const PockmarkPlane      *skin;
  const PockmarkLight      *light;
  GArray                   *found;
} Search;

static gfloat
plane_at (const PockmarkPlane *plane,
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
  const gfloat value = plane_at (level->blob[component], (gint) lx, (gint) ly);

  return z ? value / pockmark_mesh_at (level->noise[component], lx, ly) : value;
}

/* 1 for a round spot, 0 for a ridge: the ratio of the curvatures. */
static gfloat
roundness (const PockmarkPlane *p,
           gint                 x,
           gint                 y)
{
  const gfloat centre = plane_at (p, x, y);
  const gfloat xx = plane_at (p, x - 1, y) + plane_at (p, x + 1, y) - 2 * centre;
  const gfloat yy = plane_at (p, x, y - 1) + plane_at (p, x, y + 1) - 2 * centre;
  const gfloat xy = 0.25f * (plane_at (p, x + 1, y + 1) + plane_at (p, x - 1, y - 1)
                             - plane_at (p, x + 1, y - 1) - plane_at (p, x - 1, y + 1));
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
  const gfloat dx = scale * (plane_at (p, x + 1, y) - plane_at (p, x - 1, y));
  const gfloat dy = scale * (plane_at (p, x, y + 1) - plane_at (p, x, y - 1));

  *along = light->ux * dx + light->uy * dy;
  *across = light->ux * dy - light->uy * dx;
}

static const PockmarkComponent plane_of_kind[POCKMARK_N_KINDS] = {
  [POCKMARK_KIND_RED] = POCKMARK_HEMOGLOBIN,
  [POCKMARK_KIND_BROWN] = POCKMARK_MELANIN,
  [POCKMARK_KIND_DARK] = POCKMARK_SHADING,
  [POCKMARK_KIND_HOLLOW] = POCKMARK_SHADING,
};

static void
gather_evidence (const Search      *search,
                 PockmarkCandidate *candidate,
                 gint               lx,
                 gint               ly)
{
  const PockmarkScaleSpace *space = search->space;
  const PockmarkLevel      *level = &space->level[candidate->level];
  const PockmarkComponent   own = plane_of_kind[candidate->kind];
  const gfloat x = candidate->x;
  const gfloat y = candidate->y;
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
  slope_at (level, search->light, lx, ly, &e->dipole, &candidate->across);
  e->dipole /= noise;
  /* Without the sign of the light a bump may be a hollow. */
  if (search->light->source == POCKMARK_LIGHT_UNKNOWN)
    e->dipole = fabsf (e->dipole);
  candidate->across /= noise;
  raw = MAX (fabsf (blob_at (level, own, x, y, FALSE)), 1e-4f);
  candidate->finer = blob_at (&space->level[finer], own, x, y, FALSE) / raw;
  candidate->coarser = blob_at (&space->level[coarser], own, x, y, FALSE) / raw;
}

/* Edges of the skin look like lesions: a candidate there has too much of its
 * surroundings missing.  Outside the picture nothing is missing. */
static gboolean
is_at_edge (const PockmarkPlane     *skin,
            const PockmarkCandidate *candidate)
{
  const gfloat radius = MAX (EDGE_REACH * candidate->width, EDGE_PIXELS);
  gint         missing = 0;
  gint         i;

  for (i = 0; i < 16; i++)
    {
      const gint x = (gint) floorf (candidate->x + radius * cosf ((gfloat) i * 0.3926991f));
      const gint y = (gint) floorf (candidate->y + radius * sinf ((gfloat) i * 0.3926991f));

      missing += x >= 0 && y >= 0 && x < skin->width && y < skin->height
                 && skin->data[(gsize) y * skin->width + x] <= 0.5f;
    }
  return missing > EDGE_MISSING;
}

static gboolean
is_maximum (const PockmarkPlane *p,
            gint                 x,
            gint                 y)
{
  const gfloat *at = p->data + (gsize) y * p->width + x;
  const gint    w = p->width;
  const gfloat  v = at[0];

  /* Ties go to the last: exactly one pixel of a plateau wins. */
  return v > at[-1] && v >= at[1] && v > at[-w] && v >= at[w] && v > at[-w - 1]
         && v > at[1 - w] && v >= at[w - 1] && v >= at[w + 1];
}

static void
search_level (const Search        *search,
              PockmarkKind         kind,
              gint                 l,
              const PockmarkPlane *responses)
{
  const PockmarkLevel *level = &search->space->level[l];
  const PockmarkMesh  *noise = kind == POCKMARK_KIND_HOLLOW
                                   ? level->slope_noise
                                   : level->noise[plane_of_kind[kind]];
  const gfloat least = kind == POCKMARK_KIND_HOLLOW ? HOLLOW_Z : CANDIDATE_Z;
  gint         x, y;

  for (y = 1; y < responses->height - 1; y++)
    for (x = 1; x < responses->width - 1; x++)
      {
        PockmarkCandidate candidate = { .kind = kind, .level = l };
        const gfloat value = responses->data[(gsize) y * responses->width + x];

        if (value <= 0.0f || ! is_maximum (responses, x, y)
            || value < least * pockmark_mesh_at (noise, x + 0.5, y + 0.5))
          continue;
        candidate.x = (gfloat) ((x + 0.5) * level->step);
        candidate.y = (gfloat) ((y + 0.5) * level->step);
        if (plane_at (search->skin, (gint) candidate.x, (gint) candidate.y) <= 0.5f)
          continue;
        candidate.width = (gfloat) level->width;
        if (is_at_edge (search->skin, &candidate))
          continue;
        /* A wider one of the same contrast says more. */
        candidate.score = value * powf (candidate.width, 0.25f);
        gather_evidence (search, &candidate, x, y);
        g_array_append_val (search->found, candidate);
      }
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
  return (p->x > q->x) - (p->x < q->x);
}

/* Keeps the best first and drops what lies within the width of a better one;
 * a coarse grid of lists finds the neighbours. */
static void
keep_best (GArray *candidates,
           gint    width,
           gint    height)
{
  const gint  cell = 16;
  const gint  columns = width / cell + 1;
  const gint  rows = height / cell + 1;
  g_autofree gint *head = g_new (gint, (gsize) columns * rows);
  g_autofree gint *next = g_new (gint, candidates->len + 1);
  gfloat widest = 0.0f;
  guint  i, kept = 0;

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
}

/* The dipole response of a level: the slope towards the light, less half of
 * that across; without the light's sign, either way. */
static PockmarkPlane *
dipoles (const Search *search,
         gint          l,
         GError      **error)
{
  const PockmarkLevel *level = &search->space->level[l];
  const gboolean       either = search->light->source == POCKMARK_LIGHT_UNKNOWN;
  const gint           width = level->smooth[POCKMARK_SHADING]->width;
  g_autofree gfloat   *across = g_new (gfloat, width);
  PockmarkPlane *out = pockmark_plane_new (
      width, level->smooth[POCKMARK_SHADING]->height, error);
  gint x, y;

  for (y = 0; out && y < out->height; y++)
    {
      gfloat *row = out->data + (gsize) y * width;

      pockmark_level_slopes (level, search->light, y, row, across);
      for (x = 0; x < width; x++)
        row[x] = (either ? fabsf (row[x]) : row[x]) - 0.5f * fabsf (across[x]);
    }
  return out;
}

static gboolean
search_kind (Search      *search,
             PockmarkKind kind,
             GError     **error)
{
  gint l;

  for (l = 0; l < search->space->n; l++)
    {
      g_autoptr (PockmarkPlane) slopes = NULL;

      if (kind == POCKMARK_KIND_HOLLOW && ! (slopes = dipoles (search, l, error)))
        return FALSE;
      search_level (search, kind, l,
                    slopes ? slopes
                           : search->space->level[l].blob[plane_of_kind[kind]]);
    }
  return TRUE;
}

GArray *
pockmark_candidates_find (const PockmarkScaleSpace *space,
                          const PockmarkPlane      *skin,
                          const PockmarkLight      *light,
                          GError                  **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (PockmarkCandidate));
  gint kind;

  for (kind = 0; kind < POCKMARK_N_KINDS; kind++)
    {
      g_autoptr (GArray) found
          = g_array_new (FALSE, FALSE, sizeof (PockmarkCandidate));
      Search search = { space, skin, light, found };

      if (! search_kind (&search, kind, error))
        return NULL;
      keep_best (found, skin->width, skin->height);
      g_array_append_vals (all, found->data, found->len);
    }
  return g_steal_pointer (&all);
}
