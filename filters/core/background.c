/* Pockmark: background and noise, mesh cell by mesh cell
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * As SExtractor does for stars (Bertin and Arnouts 1996,
 * doi:10.1051/aas:1996164): a robust mean and spread in each cell of a coarse
 * mesh, over skin only, read between the cells by a smooth interpolation.
 */

#include <math.h>
#include <string.h>

#include "pockmark-stages.h"

/* A cell with fewer weighted samples takes its neighbours' value. */
#define MIN_SAMPLES 24
/* Samples of a cell at most: the median of more is not better. */
#define MAX_SAMPLES 1024

typedef gfloat (*CellValue) (gfloat *samples, gint n);

/* What is sampled of a plane: its values or, with slope above 0, so many times
 * the difference of the two neighbours of a pixel. */
typedef struct
{
  const PockmarkPlane *plane;
  const PockmarkPlane *weight;
  gfloat               slope;
} Sampled;

/* The mean of what lies within two robust spreads of the median: skin between
 * the lesions, however many of these pull to one side. */
static gfloat
clipped_mean (gfloat *samples,
              gint    n)
{
  gdouble      middle = pockmark_quantile (samples, (gsize) n, 0.5);
  const gfloat spread = 0.74f * (pockmark_quantile (samples, (gsize) n, 0.75)
                                 - pockmark_quantile (samples, (gsize) n, 0.25))
                        + 1e-6f;
  gint pass;

  for (pass = 0; pass < 3; pass++)
    {
      gdouble sum = 0.0;
      gint    i, kept = 0;

      for (i = 0; i < n; i++)
        if (fabs (samples[i] - middle) < 2.0 * spread)
          {
            sum += samples[i];
            kept++;
          }
      if (kept > 0)
        middle = sum / kept;
    }
  return (gfloat) middle;
}

static gfloat
spread_about_zero (gfloat *samples,
                   gint    n)
{
  gint i;

  for (i = 0; i < n; i++)
    samples[i] = fabsf (samples[i]);
  return 1.4826f * pockmark_quantile (samples, (gsize) n, 0.5);
}

/* A checkerboard of the two directions samples both; none at the border. */
static inline gfloat
slope_at (const PockmarkPlane *plane,
          gint                 x,
          gint                 y)
{
  const gsize i = (gsize) y * plane->width + x;
  const gint  d = (x + y) % 2 ? 1 : plane->width;

  if (x < 1 || y < 1 || x >= plane->width - 1 || y >= plane->height - 1)
    return 0.0f;
  return plane->data[i + d] - plane->data[i - d];
}

/* Fills samples with the weighted pixels of the cell, evenly thinned out. */
static gint
collect (const Sampled      *sampled,
         const PockmarkRect *cell,
         gfloat             *samples)
{
  const PockmarkPlane *plane = sampled->plane;
  const gint step = MAX (
      1, (gint) ceil (sqrt ((gdouble) cell->width * cell->height / MAX_SAMPLES)));
  gint n = 0;
  gint x, y;

  for (y = cell->y; y < cell->y + cell->height; y += step)
    for (x = cell->x; x < cell->x + cell->width; x += step)
      {
        const gsize i = (gsize) y * plane->width + x;

        if (sampled->weight->data[i] > 0.5f && n < MAX_SAMPLES)
          samples[n++] = sampled->slope > 0.0f
                             ? sampled->slope * slope_at (plane, x, y)
                             : plane->data[i];
      }
  return n;
}

/* Gives cells without a value (NAN) the mean of the neighbours that have one,
 * ring after ring; 0 where no cell has any. */
static gboolean
fill_cells (PockmarkPlane *cells,
            GError       **error)
{
  const gint  width = cells->width;
  const gsize n = (gsize) width * cells->height;
  g_autofree gfloat *next = g_try_new (gfloat, n);
  gboolean missing = TRUE;
  gint     round, x, y, i, j;

  if (! next)
    return pockmark_memory_error (error);
  memcpy (next, cells->data, n * sizeof (gfloat));
  for (round = 0; missing && round < width + cells->height; round++)
    {
      missing = FALSE;
      for (y = 0; y < cells->height; y++)
        for (x = 0; x < width; x++)
          {
            gfloat sum = 0.0f;
            gint   known = 0;

            if (! isnan (cells->data[y * width + x]))
              continue;
            for (j = MAX (y - 1, 0); j <= MIN (y + 1, cells->height - 1); j++)
              for (i = MAX (x - 1, 0); i <= MIN (x + 1, width - 1); i++)
                if (! isnan (cells->data[j * width + i]))
                  {
                    sum += cells->data[j * width + i];
                    known++;
                  }
            missing = TRUE;
            if (known)
              next[y * width + x] = sum / (gfloat) known;
          }
      memcpy (cells->data, next, n * sizeof (gfloat));
    }
  for (i = 0; i < (gint) n; i++)
    if (isnan (cells->data[i]))
      cells->data[i] = 0.0f;
  return TRUE;
}

/* A mesh in the making. */
typedef struct
{
  const Sampled *sampled;
  PockmarkMesh  *mesh;
  CellValue      value;
} Making;

/* PockmarkWork over rows of cells. */
static void
make_cells (gsize    first,
            gsize    count,
            gpointer work_data)
{
  const Making        *making = work_data;
  const PockmarkPlane *plane = making->sampled->plane;
  PockmarkPlane       *cells = making->mesh->cells;
  const gdouble        cell = making->mesh->cell;
  gfloat samples[MAX_SAMPLES];
  gint   x, y;

  for (y = (gint) first; y < (gint) (first + count); y++)
    for (x = 0; x < cells->width; x++)
      {
        PockmarkRect rect;
        gint         n;

        rect.x = (gint) (x * cell);
        rect.y = (gint) (y * cell);
        rect.width = MIN ((gint) ((x + 1) * cell), plane->width) - rect.x;
        rect.height = MIN ((gint) ((y + 1) * cell), plane->height) - rect.y;
        n = collect (making->sampled, &rect, samples);
        cells->data[y * cells->width + x]
            = n >= MIN_SAMPLES ? making->value (samples, n) : NAN;
      }
}

static PockmarkMesh *
mesh_new (const Sampled      *sampled,
          gdouble             cell,
          CellValue           value,
          const PockmarkHost *host,
          GError            **error)
{
  const PockmarkPlane *plane = sampled->plane;
  PockmarkMesh        *mesh = g_new0 (PockmarkMesh, 1);
  Making               making = { sampled, mesh, value };

  mesh->cell = MAX (cell, 4.0);
  mesh->cells
      = pockmark_plane_new ((gint) ceil (plane->width / mesh->cell),
                            (gint) ceil (plane->height / mesh->cell), error);
  if (! mesh->cells)
    {
      g_free (mesh);
      return NULL;
    }
  pockmark_host_parallel (host, (gsize) mesh->cells->height, 1, make_cells,
                          &making);
  return mesh;
}

PockmarkMesh *
pockmark_mesh_background (const PockmarkPlane *plane,
                          const PockmarkPlane *weight,
                          gdouble              cell,
                          const PockmarkHost  *host,
                          GError             **error)
{
  const Sampled sampled = { plane, weight, 0.0f };
  PockmarkMesh *mesh = mesh_new (&sampled, cell, clipped_mean, host, error);

  if (mesh && ! fill_cells (mesh->cells, error))
    g_clear_pointer (&mesh, pockmark_mesh_free);
  return mesh;
}

static PockmarkMesh *
spread_new (const Sampled *sampled,
            gdouble        cell,
            GError       **error)
{
  g_autoptr (PockmarkMesh) mesh
      = mesh_new (sampled, cell, spread_about_zero, NULL, error);
  g_autofree gfloat *known = NULL;
  gsize              n, i;
  gint               k = 0;
  gfloat             floor;

  if (! mesh)
    return NULL;
  n = (gsize) mesh->cells->width * mesh->cells->height;
  known = g_try_new (gfloat, n);
  if (! known)
    {
      pockmark_memory_error (error);
      return NULL;
    }
  for (i = 0; i < n; i++)
    if (! isnan (mesh->cells->data[i]))
      known[k++] = mesh->cells->data[i];
  floor = MAX (k > 0 ? 0.25f * pockmark_quantile (known, (gsize) k, 0.5) : 0.0f, 1e-6f);
  if (! fill_cells (mesh->cells, error))
    return NULL;
  for (i = 0; i < n; i++)
    mesh->cells->data[i] = MAX (mesh->cells->data[i], floor);
  return g_steal_pointer (&mesh);
}

PockmarkMesh *
pockmark_mesh_spread (const PockmarkPlane *plane,
                      const PockmarkPlane *weight,
                      gdouble              cell,
                      GError             **error)
{
  const Sampled sampled = { plane, weight, 0.0f };

  return spread_new (&sampled, cell, error);
}

PockmarkMesh *
pockmark_mesh_slope_spread (const PockmarkPlane *plane,
                            const PockmarkPlane *weight,
                            gdouble              factor,
                            gdouble              cell,
                            GError             **error)
{
  const Sampled sampled = { plane, weight, (gfloat) factor };

  return spread_new (&sampled, cell, error);
}

void
pockmark_mesh_free (PockmarkMesh *mesh)
{
  if (! mesh)
    return;
  pockmark_plane_free (mesh->cells);
  g_free (mesh);
}

/* The quadratic B-spline's weights of three neighbouring cells: smooth, and
 * never beyond the cells' own values. */
static void
spline (gdouble position,
        gint    n,
        gint    index[3],
        gfloat  weight[3])
{
  const gint    centre = CLAMP ((gint) floor (position), 0, n - 1);
  const gdouble t = CLAMP (position - centre, 0.0, 1.0);

  index[0] = MAX (centre - 1, 0);
  index[1] = centre;
  index[2] = MIN (centre + 1, n - 1);
  weight[0] = (gfloat) (0.5 * (1.0 - t) * (1.0 - t));
  weight[2] = (gfloat) (0.5 * t * t);
  weight[1] = 1.0f - weight[0] - weight[2];
}

gfloat
pockmark_mesh_at (const PockmarkMesh *mesh,
                  gdouble             x,
                  gdouble             y)
{
  const PockmarkPlane *cells = mesh->cells;
  gint   ix[3], iy[3], i, j;
  gfloat wx[3], wy[3];
  gfloat sum = 0.0f;

  spline ((x + mesh->x) / mesh->cell, cells->width, ix, wx);
  spline ((y + mesh->y) / mesh->cell, cells->height, iy, wy);
  for (j = 0; j < 3; j++)
    for (i = 0; i < 3; i++)
      sum += wx[i] * wy[j] * cells->data[iy[j] * cells->width + ix[i]];
  return sum;
}

/* One row of the mesh's cells, interpolated downwards, as the polynomial of
 * each cell: left of it, then its slope and bend. */
static void
cell_polynomial (const gfloat *line,
                 gint          n,
                 gint          cell,
                 gfloat        factors[3])
{
  const gfloat before = line[MAX (cell - 1, 0)];
  const gfloat here = line[cell];
  const gfloat after = line[MIN (cell + 1, n - 1)];

  factors[0] = 0.5f * (before + here);
  factors[1] = here - before;
  factors[2] = 0.5f * (before + after) - here;
}

void
pockmark_mesh_row (const PockmarkMesh *mesh,
                   gint                y,
                   gfloat             *out,
                   gint                n)
{
  const PockmarkPlane *cells = mesh->cells;
  const gfloat         scale = (gfloat) (1.0 / mesh->cell);
  g_autofree gfloat   *line = g_new (gfloat, cells->width);
  gint   iy[3], x, end, cell;
  gfloat wy[3];

  spline ((y + mesh->y + 0.5) / mesh->cell, cells->height, iy, wy);
  for (x = 0; x < cells->width; x++)
    line[x] = wy[0] * cells->data[iy[0] * cells->width + x]
              + wy[1] * cells->data[iy[1] * cells->width + x]
              + wy[2] * cells->data[iy[2] * cells->width + x];
  for (x = 0, cell = 0; cell < cells->width; cell++)
    {
      gfloat f[3];

      cell_polynomial (line, cells->width, cell, f);
      end = cell == cells->width - 1
                ? n
                : MIN (n, (gint) ceil ((cell + 1) * mesh->cell - 0.5) - mesh->x);
      for (; x < end; x++)
        {
          const gfloat t
              = MIN (((gfloat) (x + mesh->x) + 0.5f) * scale - (gfloat) cell,
                     1.0f);

          out[x] = f[0] + t * (f[1] + t * f[2]);
        }
    }
}
