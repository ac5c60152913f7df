/* Pockmark: where each place of the later visit lies in the earlier one
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "align.h"

void
pockmark_field_free (PockmarkField *field)
{
  if (! field)
    return;
  pockmark_plane_free (field->x);
  pockmark_plane_free (field->y);
  pockmark_plane_free (field->quality);
  g_free (field);
}

gint
pockmark_field_nodes (gint    side,
                      gdouble spacing)
{
  return MAX ((gint) (side / spacing + 0.5), 2);
}

PockmarkField *
pockmark_field_new (gint     width,
                    gint     height,
                    gdouble  spacing,
                    GError **error)
{
  g_autoptr (PockmarkField) field = g_new0 (PockmarkField, 1);
  const gint w = pockmark_field_nodes (width, spacing);
  const gint h = pockmark_field_nodes (height, spacing);

  field->spacing = spacing;
  if (! (field->x = pockmark_plane_new (w, h, error))
      || ! (field->y = pockmark_plane_new (w, h, error))
      || ! (field->quality = pockmark_plane_new (w, h, error)))
    return NULL;
  return g_steal_pointer (&field);
}

/* Beyond the outer nodes the field goes on straight, however far; NaN is the
 * first. */
static gdouble
plane_at (const PockmarkPlane *plane,
          gdouble              x,
          gdouble              y)
{
  const gint    ix = x > 0.0 ? (gint) MIN (x, plane->width - 2.0) : 0;
  const gint    iy = y > 0.0 ? (gint) MIN (y, plane->height - 2.0) : 0;
  const gdouble tx = x - ix, ty = y - iy;
  const gfloat *p = plane->data + (gsize) iy * plane->width + ix;
  const gfloat *q = p + plane->width;

  return (1.0 - ty) * (p[0] + tx * (p[1] - p[0]))
         + ty * (q[0] + tx * (q[1] - q[0]));
}

void
pockmark_field_at (const PockmarkField *field,
                   gdouble              x,
                   gdouble              y,
                   gdouble             *fx,
                   gdouble             *fy)
{
  const gdouble u = x / field->spacing - 0.5, v = y / field->spacing - 0.5;

  *fx = plane_at (field->x, u, v);
  *fy = plane_at (field->y, u, v);
}

gfloat
pockmark_field_quality (const PockmarkField *field,
                        gdouble              x,
                        gdouble              y)
{
  const gdouble u = x / field->spacing - 0.5, v = y / field->spacing - 0.5;

  return (gfloat) plane_at (field->quality,
                            CLAMP (u, 0.0, field->quality->width - 1.0),
                            CLAMP (v, 0.0, field->quality->height - 1.0));
}
