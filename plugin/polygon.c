/* The outlines of a lesion as polygons
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "polygon.h"
#include "pockmark-gegl.h"

GPtrArray *
polygon_trace (GeglBuffer           *map,
               const PockmarkLesion *lesion,
               GError              **error)
{
  PockmarkGeglPicture picture;

  pockmark_gegl_picture_init (&picture, map, NULL, POCKMARK_GEGL_MAP);
  return pockmark_trace (&picture.source, lesion->number, &lesion->box, error);
}

static const PockmarkPoint *
corner (const PockmarkRing *ring, guint i)
{
  return &g_array_index (ring->points, PockmarkPoint, i % ring->points->len);
}

/* Of p from the straight line a-b, or from a where b is the same point. */
static gdouble
distance (const PockmarkPoint *p,
          const PockmarkPoint *a,
          const PockmarkPoint *b)
{
  gdouble length = hypot (b->x - a->x, b->y - a->y);

  if (length == 0.0)
    return hypot (p->x - a->x, p->y - a->y);

  return fabs ((gdouble) (b->x - a->x) * (p->y - a->y)
               - (gdouble) (b->y - a->y) * (p->x - a->x)) / length;
}

/* The corner between first and last (both modulo the ring's length) that is
 * farthest from their straight line. */
static guint
farthest (const PockmarkRing *ring, guint first, guint last, gdouble *how_far)
{
  guint best = first;

  *how_far = -1.0;
  for (guint i = first + 1; i < last; i++)
    {
      gdouble d = distance (corner (ring, i), corner (ring, first),
                            corner (ring, last));

      if (d > *how_far)
        {
          *how_far = d;
          best = i;
        }
    }

  return best;
}

typedef struct
{
  guint first;
  guint last;
} Span;

/* A stack, not recursion: a ring may have a corner for each pixel. */
static void
mark_span (const PockmarkRing *ring, Span span, gdouble tolerance,
           gboolean *keep)
{
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (Span));

  g_array_append_val (stack, span);
  while (stack->len > 0)
    {
      gdouble how_far;
      guint   middle;

      span = g_array_index (stack, Span, stack->len - 1);
      g_array_set_size (stack, stack->len - 1);
      middle = farthest (ring, span.first, span.last, &how_far);
      if (how_far > tolerance)
        {
          Span halves[2] = { { span.first, middle }, { middle, span.last } };

          keep[middle % ring->points->len] = TRUE;
          g_array_append_vals (stack, halves, 2);
        }
    }
}

GArray *
polygon_simplify (const PockmarkRing *ring, gdouble tolerance)
{
  GArray              *points;
  guint                n = ring->points->len;
  guint                opposite;
  gdouble              how_far;
  g_autofree gboolean *keep = g_new0 (gboolean, n + 1);

  /* A closed ring has no ends: two corners far apart serve as such, and the
   * one farthest from both keeps the polygon from collapsing. */
  opposite = farthest (ring, 0, n, &how_far);
  keep[0] = keep[opposite] = TRUE;
  mark_span (ring, (Span) { 0, opposite }, tolerance, keep);
  mark_span (ring, (Span) { opposite, n }, tolerance, keep);

  points = g_array_new (FALSE, FALSE, sizeof (PockmarkPoint));
  for (guint i = 0; i < n; i++)
    if (keep[i])
      g_array_append_vals (points, corner (ring, i), 1);

  if (points->len < 3)
    {
      g_array_set_size (points, 0);
      g_array_append_vals (points, ring->points->data, n);
    }

  return points;
}

/* ---- Simple rings ------------------------------------------------------- */

static void
ring_free (gpointer data)
{
  PockmarkRing *ring = data;

  g_array_unref (ring->points);
  g_free (ring);
}

static guint
hash_point (gconstpointer data)
{
  const PockmarkPoint *point = data;

  return (guint) point->y * 65599u + (guint) point->x;
}

static gboolean
same_point (gconstpointer a, gconstpointer b)
{
  const PockmarkPoint *first = a;
  const PockmarkPoint *second = b;

  return first->x == second->x && first->y == second->y;
}

/* A ring of the last corners of path, from the first-th on.  Outer rings run
 * clockwise on the screen, where y points down: their area is positive. */
static void
cut_ring (GPtrArray *rings, gint number, GPtrArray *path, guint first)
{
  PockmarkRing *ring = g_new0 (PockmarkRing, 1);
  gint64        area = 0;

  ring->number = number;
  ring->points = g_array_new (FALSE, FALSE, sizeof (PockmarkPoint));
  for (guint i = first; i < path->len; i++)
    {
      const PockmarkPoint *a = g_ptr_array_index (path, i);
      const PockmarkPoint *b =
        g_ptr_array_index (path, i + 1 < path->len ? i + 1 : first);

      area += (gint64) a->x * b->y - (gint64) b->x * a->y;
      g_array_append_vals (ring->points, a, 1);
    }
  ring->hole = area < 0;
  g_ptr_array_add (rings, ring);
}

GPtrArray *
polygon_part (const GPtrArray *rings)
{
  GPtrArray             *simple = g_ptr_array_new_with_free_func (ring_free);
  g_autoptr (GPtrArray)  path = g_ptr_array_new ();
  g_autoptr (GHashTable) places = g_hash_table_new (hash_point, same_point);

  for (guint i = 0; i < rings->len; i++)
    {
      const PockmarkRing *ring = g_ptr_array_index (rings, i);

      g_hash_table_remove_all (places);
      g_ptr_array_set_size (path, 0);
      for (guint j = 0; j < ring->points->len; j++)
        {
          gpointer point = &g_array_index (ring->points, PockmarkPoint, j);
          gpointer place;

          if (g_hash_table_lookup_extended (places, point, NULL, &place))
            {
              guint first = GPOINTER_TO_UINT (place);

              cut_ring (simple, ring->number, path, first);
              for (guint k = first; k < path->len; k++)
                g_hash_table_remove (places, g_ptr_array_index (path, k));
              g_ptr_array_set_size (path, first);
            }
          g_hash_table_insert (places, point, GUINT_TO_POINTER (path->len));
          g_ptr_array_add (path, point);
        }
      cut_ring (simple, ring->number, path, 0);
    }

  return simple;
}

gboolean
polygon_encloses (const PockmarkRing *outer, const PockmarkRing *hole)
{
  const PockmarkPoint *top = corner (hole, 0);
  gdouble              x;
  gdouble              y;
  gboolean             inside = FALSE;

  for (guint i = 1; i < hole->points->len; i++)
    {
      const PockmarkPoint *p = corner (hole, i);

      if (p->y < top->y || (p->y == top->y && p->x < top->x))
        top = p;
    }

  /* The middle of the hole's first pixel lies on no ring's line. */
  x = top->x + 0.5;
  y = top->y + 0.5;
  for (guint i = 0; i < outer->points->len; i++)
    {
      const PockmarkPoint *a = corner (outer, i);
      const PockmarkPoint *b = corner (outer, i + 1);

      if ((a->y > y) != (b->y > y)
          && x < a->x + (y - a->y) * (b->x - a->x) / (b->y - a->y))
        inside = !inside;
    }

  return inside;
}
