/* Pockmark: outlines of lesions
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An outline runs along the cracks between pixels.  Rather than following it
 * pixel by pixel, its corners are read off from the lesion's runs:
 *
 * On the grid line between two rows stand the ends of the runs above and of
 * those below.  An end that only one of the two rows has is a corner: there a
 * vertical edge ends, or begins, and a horizontal edge meets it.  An end that
 * both have on the same side is the middle of a vertical edge.  Where a run
 * above ends just where one below starts (or the other way round) two pixels
 * touch by their tips: two corners in one point, one for each, because pixels
 * are neighbours by their sides only.
 *
 * Along a grid line the corners pair up, from left to right, into horizontal
 * edges; along a run's end from row to row into vertical ones.  Every corner
 * has one of each, so alternating between them walks each ring once round.
 * Cost and memory follow the number of runs, not the size of the box.
 */

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "outline.h"
#include "pockmark-stages.h"

/* Read from the map at a time, in pixels. */
#define STRIP_PIXELS (1 << 17)

#define NO_CORNER G_MAXUINT32

typedef struct
{
  const PockmarkRun *runs;
  guint32           *open;    /* by run end: the corner its edge comes from   */
  PockmarkCorner    *corners;
  guint32            n;
  guint32            pending; /* corner that waits for the next on its line   */
} Linking;

/* Run ends are counted through: end 2 i is where run i starts, 2 i + 1 where
 * it stops. */
static inline gint
end_x (const PockmarkRun *runs,
       gsize              end)
{
  return end & 1 ? runs[end / 2].x1 : runs[end / 2].x0;
}

/* A new corner, tied to the one that waits on the line, if any. */
static guint32
add_corner (Linking *linking,
            gint     x,
            gint     y)
{
  const guint32   i = linking->n++;
  PockmarkCorner *corner = linking->corners + i;

  corner->point.x = x;
  corner->point.y = y;
  corner->hole = 0;
  corner->visited = 0;
  corner->across = NO_CORNER;
  corner->along = linking->pending;
  if (linking->pending == NO_CORNER)
    {
      linking->pending = i;
    }
  else
    {
      linking->corners[linking->pending].along = i;
      linking->pending = NO_CORNER;
    }
  return i;
}

/* The vertical edge of a run's end starts here ... */
static void
open_end (Linking *linking,
          gsize    end,
          gint     y)
{
  const guint32 i = add_corner (linking, end_x (linking->runs, end), y);

  /* A ring's first corner always opens an edge; the lesion is to its right
   * where an outer ring begins, to its left where a hole does. */
  linking->corners[i].hole = end & 1;
  linking->open[end] = i;
}

/* ... and ends here. */
static void
close_end (Linking *linking,
           gsize    end,
           gint     y)
{
  const guint32 i = add_corner (linking, end_x (linking->runs, end), y);

  linking->corners[i].across = linking->open[end];
  linking->corners[linking->open[end]].across = i;
}

/* Links the corners on grid line y, with run ends above[0] ... above[1] - 1
 * over it and below[0] ... below[1] - 1 under it. */
static void
link_line (Linking     *linking,
           gint         y,
           const gsize *above,
           const gsize *below)
{
  gsize a = above[0];
  gsize b = below[0];

  while (a < above[1] || b < below[1])
    {
      const gint xa = a < above[1] ? end_x (linking->runs, a) : G_MAXINT;
      const gint xb = b < below[1] ? end_x (linking->runs, b) : G_MAXINT;

      if (xa < xb)
        {
          close_end (linking, a++, y);
        }
      else if (xb < xa)
        {
          open_end (linking, b++, y);
        }
      else if ((a & 1) == (b & 1))
        {
          linking->open[b++] = linking->open[a++];
        }
      else if (a & 1)
        {
          /* The pixel on the left keeps the horizontal edge on the left. */
          close_end (linking, a++, y);
          open_end (linking, b++, y);
        }
      else
        {
          open_end (linking, b++, y);
          close_end (linking, a++, y);
        }
    }
}

PockmarkCorner *
pockmark_corners_new (const PockmarkRun *runs,
                      gsize              n_runs,
                      gsize             *n_corners,
                      GError           **error)
{
  Linking linking = { .runs = runs, .pending = NO_CORNER };
  gsize   above[2] = { 0, 0 };
  gsize   i = 0;

  /* Each run has two ends, and each end at most two corners. */
  if (n_runs < NO_CORNER / 4)
    {
      linking.open = g_try_malloc_n (2 * n_runs, sizeof (guint32));
      linking.corners = g_try_malloc_n (4 * n_runs, sizeof (PockmarkCorner));
    }
  if (! linking.open || ! linking.corners)
    {
      g_free (linking.open);
      g_free (linking.corners);
      pockmark_memory_error (error);
      return NULL;
    }

  while (i < n_runs)
    {
      const gint y = runs[i].y;
      gsize      below[2] = { 2 * i, 0 };
      gsize      none[2] = { 0, 0 };

      while (i < n_runs && runs[i].y == y)
        i++;
      below[1] = 2 * i;
      link_line (&linking, y, above, below);
      if (i == n_runs || runs[i].y != y + 1)
        {
          link_line (&linking, y + 1, below, none);
          below[0] = below[1];
        }
      memcpy (above, below, sizeof above);
    }

  g_free (linking.open);
  *n_corners = linking.n;
  return linking.corners;
}

/* ImageJ's corner rule.  The sides of pixels alone are too long on a slope, so
 * a corner that counts replaces a unit of both its sides by their diagonal.  A
 * corner counts unless the side that leads to it is 1 long and the corner
 * before it has counted: a staircase of single steps so becomes a slope. */
gdouble
pockmark_ring_walk (PockmarkCorner *corners,
                    gsize           first,
                    GArray         *points)
{
  gboolean horizontal = ! corners[first].hole;
  gboolean counted = FALSE;
  gint64   length = 0;
  gint64   cut = 0;
  guint32  i = (guint32) first;
  /* The side that leads to the first corner is the one not gone along yet. */
  guint32  last = horizontal ? corners[i].across : corners[i].along;

  do
    {
      const PockmarkPoint from = corners[last].point;
      const PockmarkPoint to = corners[i].point;
      const gint          side = ABS (to.x - from.x) + ABS (to.y - from.y);

      counted = side > 1 || ! counted;
      cut += counted;
      length += side;
      corners[i].visited = 1;
      if (points)
        g_array_append_val (points, to);

      last = i;
      i = horizontal ? corners[i].along : corners[i].across;
      horizontal = ! horizontal;
    }
  while (i != first);

  return (gdouble) length - (2.0 - G_SQRT2) * (gdouble) cut;
}

/* ---- Tracing ------------------------------------------------------------ */

/* The lesion's runs in one row of the map, pixels x ... x + n - 1. */
static gboolean
append_runs (GArray       *runs,
             const gfloat *row,
             gint          x,
             gint          y,
             gint          n,
             guint         number,
             GError      **error)
{
  gint i = 0;

  while (i < n)
    {
      PockmarkRun run = { y, 0, 0 };

      while (i < n && pockmark_map_number (row + (gsize) i * 4) != number)
        i++;
      run.x0 = x + i;
      while (i < n && pockmark_map_number (row + (gsize) i * 4) == number)
        i++;
      run.x1 = x + i;
      if (run.x1 == run.x0)
        break;
      if (! pockmark_array_room (runs, 1, error))
        return FALSE;
      g_array_append_val (runs, run);
    }
  return TRUE;
}

static gboolean
read_runs (const PockmarkSource *map,
           guint                 number,
           const PockmarkRect   *box,
           GArray               *runs,
           GError              **error)
{
  const gint         rows = CLAMP (STRIP_PIXELS / box->width, 1, box->height);
  const gsize        row_floats = (gsize) box->width * 4;
  g_autofree gfloat *pixels = g_try_malloc_n ((gsize) rows * row_floats,
                                              sizeof (gfloat));
  gint               y, i;

  if (! pixels)
    return pockmark_memory_error (error);
  for (y = 0; y < box->height; y += rows)
    {
      const PockmarkRect rect = { box->x, box->y + y, box->width,
                                  MIN (rows, box->height - y) };

      if (! map->read (&rect, pixels, map->user_data, error))
        return FALSE;
      for (i = 0; i < rect.height; i++)
        if (! append_runs (runs, pixels + (gsize) i * row_floats, rect.x,
                           rect.y + i, rect.width, number, error))
          return FALSE;
    }
  return TRUE;
}

static void
ring_free (gpointer data)
{
  PockmarkRing *ring = data;

  g_array_unref (ring->points);
  g_free (ring);
}

GPtrArray *
pockmark_trace (const PockmarkSource *map,
                guint                 number,
                const PockmarkRect   *box,
                GError              **error)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (PockmarkRun));
  g_autofree PockmarkCorner *corners = NULL;
  g_autoptr (GPtrArray)      rings = g_ptr_array_new_with_free_func (ring_free);
  g_autoptr (GPtrArray)      holes = g_ptr_array_new_with_free_func (ring_free);
  gsize                      n = 0;
  gsize                      i;

  if (number < 1 || number > POCKMARK_MAX_NUMBER || box->x < 0 || box->y < 0
      || box->width < 1 || box->height < 1 || box->width > map->width
      || box->height > map->height || box->x > map->width - box->width
      || box->y > map->height - box->height)
    {
      g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER,
                   _("There is no lesion %u in that part of the lesion map."),
                   number);
      return NULL;
    }
  if (! read_runs (map, number, box, runs, error))
    return NULL;
  if (runs->len > 0
      && ! (corners = pockmark_corners_new ((const PockmarkRun *) runs->data,
                                            runs->len, &n, error)))
    return NULL;

  for (i = 0; i < n; i++)
    if (! corners[i].visited)
      {
        PockmarkRing *ring = g_new (PockmarkRing, 1);

        ring->number = (gint) number;
        ring->hole = corners[i].hole;
        ring->points = g_array_new (FALSE, FALSE, sizeof (PockmarkPoint));
        g_ptr_array_add (ring->hole ? holes : rings, ring);
        /* No ring has more than all corners. */
        if (! pockmark_array_room (ring->points, (guint) MIN (n, G_MAXUINT),
                                   error))
          return NULL;
        pockmark_ring_walk (corners, i, ring->points);
      }
  g_ptr_array_extend_and_steal (rings, g_steal_pointer (&holes));
  return g_steal_pointer (&rings);
}
