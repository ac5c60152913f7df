/* Pockmark: painting the lesion map
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Three layers, from below: a fill inside each lesion; a casing, a thin line
 * just outside, light around dark colours and dark around light ones, so that
 * the outline stands out from skin of every tone; the outline itself, half of
 * it inside the lesion and half outside.
 *
 * Both lines are functions of the distance from the lesion's border, with an
 * edge one pixel soft.  The distance is found in tiles, exactly and in two
 * passes: first each pixel learns how far up or down the nearest pixel of
 * another number is, then it looks left and right along its row.  Tiles
 * without a lesion are copied.
 */

#include <math.h>
#include <string.h>

#include "colour.h"
#include "outline.h"

#define TILE        64
#define MAX_OUTLINE 64

#define FILL_OPACITY   0.25
#define OUTLINE_PIXELS 3
#define CASING_OPACITY 0.6f

/* Linear light of casings, and the L* from which a colour gets a dark one. */
#define CASING_LIGHT   0.9f
#define CASING_DARK    0.01f
#define LIGHT_COLOUR  76.0f

/* One pixel of a tile grown by the reach of the lines. */
typedef struct
{
  guint32 number;
  guint8  klass;
  guint8  gap;       /* to the nearest pixel of another number up or down,
                      * reach + 1: none in reach                             */
  guint8  gap_class; /* the class of that pixel                              */
} Cell;

typedef struct
{
  const PockmarkAnnotation *style;
  gfloat                    casing[POCKMARK_N_CLASSES][3];
  gfloat                    opacity;
  gfloat                    line_edge;   /* outer edges, pixels from border  */
  gfloat                    casing_edge;
  gint                      reach;       /* pixels farther off are not seen  */
  gint                      side;        /* of the grown tile                */
  Cell                     *cells;       /* side x side                      */
} Painting;

void
pockmark_annotation_init (PockmarkAnnotation *style)
{
  gint klass, i;

  for (klass = 0; klass < POCKMARK_N_CLASSES; klass++)
    for (i = 0; i < 3; i++)
      style->colour[klass][i] = pockmark_linear_from_srgb (
          pockmark_class_colour ((PockmarkClass) klass)[i]);
  style->opacity = FILL_OPACITY;
  style->outline = OUTLINE_PIXELS;
}

static void
painting_init (Painting                 *painting,
               const PockmarkAnnotation *style)
{
  const gfloat half = 0.5f * (gfloat) style->outline;
  gint         klass, i;

  painting->style = style;
  painting->opacity = (gfloat) CLAMP (style->opacity, 0.0, 1.0);
  painting->line_edge = half;
  /* The casing must end where the map handed in does. */
  painting->casing_edge = half
                          + MAX (0.0f, MIN (half - 0.5f, 1.0f + 0.25f * half));
  painting->reach = MIN (style->outline,
                         (gint) ceilf (painting->casing_edge + 1.0f));
  painting->side = TILE + 2 * painting->reach;
  painting->cells = g_new (Cell, painting->side * painting->side);

  for (klass = 0; klass < POCKMARK_N_CLASSES; klass++)
    {
      const gboolean light
          = pockmark_lab_from_linear (style->colour[klass]).l >= LIGHT_COLOUR;

      for (i = 0; i < 3; i++)
        painting->casing[klass][i] = light ? CASING_DARK : CASING_LIGHT;
    }
}

/* Paints with a colour of opacity a; pixels are not premultiplied. */
static inline void
blend (gfloat       *pixel,
       const gfloat *colour,
       gfloat        a)
{
  const gfloat alpha = a + pixel[3] * (1.0f - a);
  const gfloat share = alpha > 0.0f ? a / alpha : 0.0f;
  gint         c;

  for (c = 0; c < 3; c++)
    pixel[c] += share * (colour[c] - pixel[c]);
  pixel[3] = alpha;
}

/* How much of a pixel at that distance is within the edge. */
static inline gfloat
coverage (gfloat edge,
          gfloat distance)
{
  return CLAMP (edge + 0.5f - distance, 0.0f, 1.0f);
}

static void
paint_pixel (const Painting *painting,
             const Cell     *cell,
             gint            squared,
             guint           klass,
             gfloat         *pixel)
{
  /* Between a pixel's centre and the border of the next is half a pixel. */
  const gfloat  distance = sqrtf ((gfloat) squared) - 0.5f;
  const gfloat *colour = painting->style->colour[klass];

  if (cell->number != 0 && painting->opacity > 0.0f)
    blend (pixel, painting->style->colour[cell->klass], painting->opacity);
  if (squared == 0)
    return;
  if (cell->number == 0 && painting->casing_edge > painting->line_edge)
    blend (pixel, painting->casing[klass],
           CASING_OPACITY * coverage (painting->casing_edge, distance));
  blend (pixel, colour, coverage (painting->line_edge, distance));
}

/* The squared distance from a cell to the nearest of another number, and its
 * class; 0 where it is out of reach.  Of two as near, the lower class. */
static gint
nearest_other (const Painting *painting,
               const Cell     *cell,
               guint          *klass)
{
  const gint reach = painting->reach;
  gint       best = reach * reach + 1;
  gint       dx, side;

  for (dx = 0; dx <= reach && dx * dx <= best; dx++)
    for (side = dx ? -1 : 1; side <= 1; side += 2)
      {
        const Cell    *other = cell + side * dx;
        const gboolean same = other->number == cell->number;
        const gint     gap = same ? other->gap : 0;
        const guint    its = same ? other->gap_class : other->klass;
        const gint     squared = dx * dx + gap * gap;

        if (gap > reach || squared > best || (squared == best && its >= *klass))
          continue;
        best = squared;
        *klass = its;
      }
  return best;
}

/* Copies the labels of the grown tile, whose width and height are given. */
static void
read_cells (const Painting *painting,
            const gfloat   *map,
            gsize           stride,
            gint            width,
            gint            height)
{
  gint x, y;

  for (y = 0; y < height; y++)
    {
      const gfloat *pixel = map + (gsize) y * stride;
      Cell         *cell = painting->cells + y * painting->side;

      for (x = 0; x < width; x++, pixel += 4, cell++)
        {
          cell->number = pockmark_map_number (pixel);
          cell->klass = cell->number ? (guint8) pixel[1] : 0;
        }
    }
}

/* A sweep down (direction 1) or up (-1) that takes each cell's gap from the
 * one before it.  The first sweep sets the gaps, the second lowers them. */
static void
sweep_gaps (const Painting *painting,
            gint            width,
            gint            height,
            gint            direction)
{
  const guint8 none = (guint8) (painting->reach + 1);
  const gint   step = direction * painting->side;
  gint         i, x;

  for (i = 0; i < height; i++)
    {
      Cell *cell = painting->cells
                   + (direction > 0 ? i : height - 1 - i) * painting->side;

      for (x = 0; x < width; x++, cell++)
        {
          guint8 gap = none;
          guint8 klass = 0;

          if (i > 0)
            {
              const Cell    *before = cell - step;
              const gboolean same = before->number == cell->number;

              gap = same ? MIN (before->gap + 1, none) : 1;
              klass = same ? before->gap_class : before->klass;
            }
          if (direction > 0 || gap < cell->gap
              || (gap == cell->gap && klass < cell->gap_class))
            {
              cell->gap = gap;
              cell->gap_class = klass;
            }
        }
    }
}

/* Whether the map has any lesion in the grown tile. */
static gboolean
tile_marked (const gfloat *map,
             gsize         stride,
             gint          width,
             gint          height)
{
  gint y;

  for (y = 0; y < height; y++)
    if (pockmark_map_any (map + (gsize) y * stride, width))
      return TRUE;
  return FALSE;
}

/* Paints width x height pixels; map points at the grown tile's first. */
static void
paint_tile (const Painting *painting,
            const gfloat   *map,
            gsize           map_stride,
            gint            width,
            gint            height,
            gfloat         *out,
            gsize           out_stride)
{
  const gint reach = painting->reach;
  const gint none = reach * reach + 1;
  gint       x, y;

  read_cells (painting, map, map_stride, width + 2 * reach, height + 2 * reach);
  sweep_gaps (painting, width + 2 * reach, height + 2 * reach, 1);
  sweep_gaps (painting, width + 2 * reach, height + 2 * reach, -1);

  for (y = 0; y < height; y++)
    {
      const Cell *cell = painting->cells + (y + reach) * painting->side + reach;
      gfloat     *pixel = out + (gsize) y * out_stride;

      for (x = 0; x < width; x++, cell++, pixel += 4)
        {
          guint klass = POCKMARK_N_CLASSES;
          gint  squared
              = reach > 0 ? nearest_other (painting, cell, &klass) : none;

          if (squared >= none)
            squared = 0;
          if (cell->number != 0)
            klass = cell->klass;
          if (squared != 0 || cell->number != 0)
            paint_pixel (painting, cell, squared, klass, pixel);
        }
    }
}

void
pockmark_annotate (const PockmarkAnnotation *style,
                   const PockmarkRect       *rect,
                   const gfloat             *map,
                   const gfloat             *photograph,
                   gfloat                   *out)
{
  const gsize map_stride = ((gsize) rect->width + 2 * (gsize) style->outline) * 4;
  const gsize stride = (gsize) rect->width * 4;
  Painting    painting;
  gint        x, y, i;

  g_return_if_fail (style->outline >= 0 && style->outline <= MAX_OUTLINE);

  painting_init (&painting, style);
  for (y = 0; y < rect->height; y += TILE)
    for (x = 0; x < rect->width; x += TILE)
      {
        const gint    width = MIN (TILE, rect->width - x);
        const gint    height = MIN (TILE, rect->height - y);
        const gint    margin = style->outline - painting.reach;
        const gfloat *tile = map + (gsize) (y + margin) * map_stride
                             + (gsize) (x + margin) * 4;
        const gsize   at = (gsize) y * stride + (gsize) x * 4;

        for (i = 0; i < height; i++)
          {
            const gsize row = at + (gsize) i * stride;

            if (! photograph)
              memset (out + row, 0, (gsize) width * 4 * sizeof (gfloat));
            else if (photograph != out)
              memcpy (out + row, photograph + row,
                      (gsize) width * 4 * sizeof (gfloat));
          }
        if (tile_marked (tile, map_stride, width + 2 * painting.reach,
                         height + 2 * painting.reach))
          paint_tile (&painting, tile, map_stride, width, height, out + at,
                      stride);
      }
  g_free (painting.cells);
}
