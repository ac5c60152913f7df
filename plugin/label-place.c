/* Where a label stands beside the lesion that it belongs to
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A label may touch the outline's outermost point in each of some directions.
 * Of these places the one is taken that hides the least and is nearest to its
 * own lesion; where all hide something, the same farther off.
 */

#include <math.h>

#include "label-place.h"

/* Directions from the top right on, and rings of them; in heights of a label:
 * the gap to the outline, and a ring's distance to the next. */
#define DIRECTIONS 16
#define RINGS 12
#define GAP 0.12
#define RING_STEP 0.45

/* With more lesions than this nobody reads numbers, and looking for room,
 * which is quadratic, would take its time. */
#define CROWD 3000

/* As parts of the label's area that might hide something: a place that hides
 * less is good enough; what each ring farther off costs; how much worse than a
 * lesion it is to hide another label; and what it costs not to be nearer to
 * the own lesion than to another by so many heights. */
#define NEXT_TO_NOTHING 0.02
#define FARNESS 0.05
#define ILLEGIBLE 3.0
#define CONFUSION 0.5
#define CLEARLY_NEARER 0.35

/* Lines shorter than this many heights are not seen. */
#define LEADER_MIN 0.25

static gdouble
overlap (const GeglRectangle *a, const GeglRectangle *b)
{
  GeglRectangle both;

  return gegl_rectangle_intersect (&both, a, b)
           ? (gdouble) both.width * both.height
           : 0.0;
}

/* Between the borders of two boxes, 0 where they meet. */
static gdouble
distance (const GeglRectangle *a, const GeglRectangle *b)
{
  gint dx = MAX (MAX (b->x - (a->x + a->width), a->x - (b->x + b->width)), 0);
  gint dy = MAX (MAX (b->y - (a->y + a->height), a->y - (b->y + b->height)),
                 0);

  return hypot (dx, dy);
}

static GeglRectangle
lesion_box (const LabelRoom *room, guint i)
{
  const PockmarkRect *box = &g_array_index (room->lesions, PockmarkLesion,
                                            i).box;

  return (GeglRectangle) { box->x, box->y, box->width, box->height };
}

/* The point of the label's border that is nearest to p. */
static PockmarkPoint
nearest (const GeglRectangle *area, PockmarkPoint p)
{
  return (PockmarkPoint) { CLAMP (p.x, area->x, area->x + area->width),
                           CLAMP (p.y, area->y, area->y + area->height) };
}

/* How much of the place would hide other lesions or labels, be taken for
 * another's, or fall off the picture. */
static gdouble
cost (const LabelRoom *room, guint i, LabelPlace *place)
{
  const GeglRectangle *area = &place->area;
  gdouble              size = (gdouble) area->width * area->height;
  gdouble              sum = size - overlap (area, &room->picture);
  gdouble              own = hypot (place->from.x - place->to.x,
                                    place->from.y - place->to.y);

  place->leader = FALSE;
  for (guint j = 0; j < room->lesions->len; j++)
    {
      GeglRectangle other = lesion_box (room, j);

      if (j == i)
        continue;
      sum += overlap (area, &other);
      if (distance (area, &other) < own + CLEARLY_NEARER * area->height)
        place->leader = TRUE;
    }
  for (guint j = 0; j < room->placed->len; j++)
    sum += ILLEGIBLE
           * overlap (area, &g_array_index (room->placed, GeglRectangle, j));
  if (place->leader)
    sum += CONFUSION * size;

  return sum / size;
}

/* The label beyond the outline's outermost point in the direction dx, dy. */
static LabelPlace
place_beyond (const GArray *outline,
              gdouble       dx,
              gdouble       dy,
              gdouble       gap,
              gint          width,
              gint          height)
{
  LabelPlace place = { { 0, 0, width, height }, FALSE, { 0, 0 }, { 0, 0 } };
  gdouble    farthest = -G_MAXDOUBLE;
  gdouble    off;

  for (guint i = 0; i < outline->len; i++)
    {
      const PockmarkPoint *p = &g_array_index (outline, PockmarkPoint, i);
      gdouble              along = p->x * dx + p->y * dy;

      if (along > farthest)
        {
          farthest = along;
          place.to = *p;
        }
    }

  /* Half of the label, as seen from there. */
  off = gap + 0.5 * (fabs (dx) * width + fabs (dy) * height);
  place.area.x = (gint) lround (place.to.x + off * dx - 0.5 * width);
  place.area.y = (gint) lround (place.to.y + off * dy - 0.5 * height);
  place.from = nearest (&place.area, place.to);

  return place;
}

LabelPlace
label_place (LabelRoom    *room,
             guint         i,
             const GArray *outline,
             gint          width,
             gint          height)
{
  gboolean   crowd = room->lesions->len > CROWD;
  LabelPlace best = { { 0, 0, 0, 0 }, FALSE, { 0, 0 }, { 0, 0 } };
  gdouble    best_cost = G_MAXDOUBLE;

  for (gint ring = 0; ring < RINGS && best_cost > NEXT_TO_NOTHING; ring++)
    for (gint k = 0; k < DIRECTIONS && best_cost > 0.0; k++)
      {
        gdouble    angle = (2.0 * k / DIRECTIONS - 0.25) * G_PI;
        gdouble    gap = (GAP + ring * RING_STEP) * height;
        LabelPlace place = place_beyond (outline, cos (angle), sin (angle),
                                         gap, width, height);
        gdouble    place_cost = crowd ? 0.0
                                      : cost (room, i, &place)
                                          + FARNESS * ring;

        if (place_cost < best_cost)
          {
            best = place;
            best_cost = place_cost;
          }
      }

  if (hypot (best.from.x - best.to.x, best.from.y - best.to.y)
      < LEADER_MIN * height)
    best.leader = FALSE;
  g_array_append_val (room->placed, best.area);

  return best;
}
