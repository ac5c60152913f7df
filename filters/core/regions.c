/* Pockmark: connected pixels
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two passes of union-find over rows: the first gives every pixel the number
 * of its left or upper neighbour and notes which numbers meet, the second
 * replaces numbers by those of their component.
 */

#include "pockmark-stages.h"

guint
pockmark_sets_root (guint *parent,
                    guint  i)
{
  while (parent[i] != i)
    {
      parent[i] = parent[parent[i]];
      i = parent[i];
    }
  return i;
}

void
pockmark_sets_join (guint *parent,
                    guint  a,
                    guint  b)
{
  a = pockmark_sets_root (parent, a);
  b = pockmark_sets_root (parent, b);
  parent[MAX (a, b)] = MIN (a, b);
}

void
pockmark_components_free (PockmarkComponents *components)
{
  if (! components)
    return;
  g_free (components->data);
  g_free (components->size);
  g_free (components);
}

/* First pass: provisional numbers; parent grows by one entry for each. */
static gboolean
number_pixels (const PockmarkPlane *plane,
               gboolean             inside,
               gint                *data,
               GArray              *parent,
               GError             **error)
{
  const gint width = plane->width;
  gint       x, y;

  for (y = 0; y < plane->height; y++)
    for (x = 0; x < width; x++)
      {
        const gsize i = (gsize) y * width + x;
        const gint  left = x > 0 ? data[i - 1] : -1;
        const gint  up = y > 0 ? data[i - width] : -1;

        if ((plane->data[i] > 0.5f) != (inside != FALSE))
          {
            data[i] = -1;
            continue;
          }
        if (left >= 0 && up >= 0 && left != up)
          pockmark_sets_join ((guint *) parent->data, (guint) left,
                              (guint) up);
        data[i] = left >= 0 ? left : up;
        if (data[i] < 0)
          {
            const guint next = parent->len;

            if (! pockmark_array_room (parent, 1, error))
              return FALSE;
            g_array_append_val (parent, next);
            data[i] = (gint) next;
          }
      }
  return TRUE;
}

PockmarkComponents *
pockmark_components_new (const PockmarkPlane *plane,
                         gboolean             inside,
                         GError             **error)
{
  const gsize n = (gsize) plane->width * plane->height;
  g_autoptr (PockmarkComponents) out = g_new0 (PockmarkComponents, 1);
  g_autoptr (GArray) parent = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree gint *final = NULL;
  gsize            i;

  out->width = plane->width;
  out->height = plane->height;
  out->data = g_try_new (gint, n);
  if (out->data
      && ! number_pixels (plane, inside, out->data, parent, error))
    return NULL;
  final = g_try_new (gint, (gsize) parent->len + 1);
  out->size = g_try_new0 (gint, (gsize) parent->len + 1);
  if (! out->data || ! final || ! out->size)
    {
      pockmark_memory_error (error);
      return NULL;
    }
  for (i = 0; i < parent->len; i++)
    {
      const guint root = pockmark_sets_root ((guint *) parent->data,
                                             (guint) i);

      final[i] = root == i ? out->n++ : final[root];
    }
  for (i = 0; i < n; i++)
    if (out->data[i] >= 0)
      {
        out->data[i] = final[out->data[i]];
        out->size[out->data[i]]++;
      }
  return g_steal_pointer (&out);
}
