/* Pockmark: the lesion map
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "outline.h"
#include "pockmark-stages.h"

void
pockmark_map_clear (const PockmarkRect *rect,
                    gfloat             *pixels,
                    gsize               rowstride)
{
  gint x, y;

  for (y = 0; y < rect->height; y++)
    {
      gfloat *row = pixels + (gsize) y * rowstride;

      memset (row, 0, (gsize) rect->width * 4 * sizeof (gfloat));
      for (x = 0; x < rect->width; x++)
        row[4 * x + 3] = 1.0f;
    }
}

/* Whether finding i of a pixel that two claim comes before finding j. */
static gboolean
surer (const PockmarkDetection *detection,
       guint                    i,
       gfloat                   other_confidence)
{
  return g_array_index (detection->findings, PockmarkFinding, i).confidence
         > other_confidence;
}

static gboolean
is_there (const PockmarkDetection *detection,
          gint                     x,
          gint                     y)
{
  const PockmarkPlane *alpha = detection->alpha;

  return ! alpha || alpha->data[(gsize) (y / detection->reduction) * alpha->width
                     + x / detection->reduction]
         > 0.5f;
}

static void
draw_finding (const PockmarkDetection *detection,
              guint                    i,
              const PockmarkRect      *rect,
              gfloat                  *pixels,
              gsize                    rowstride)
{
  const PockmarkFinding *f
      = &g_array_index (detection->findings, PockmarkFinding, i);
  const PockmarkRect  *box = &detection->boxes[i];
  const PockmarkPatch *patch = &detection->patches[i];
  const gfloat scale = 1.0f / (gfloat) detection->reduction;
  const gint   x0 = MAX (box->x, rect->x);
  const gint   y0 = MAX (box->y, rect->y);
  const gint   x1 = MIN (box->x + box->width, rect->x + rect->width);
  const gint   y1 = MIN (box->y + box->height, rect->y + rect->height);
  g_autofree gfloat *inside = g_new (gfloat, (gsize) MAX (x1 - x0, 1));
  gint         x, y;

  for (y = y0; y < y1 && x0 < x1; y++)
    {
      pockmark_patch_row (patch, ((gfloat) x0 + 0.5f) * scale,
                          ((gfloat) y + 0.5f) * scale, scale, x1 - x0, inside);
      for (x = x0; x < x1; x++)
        {
          gfloat *p = pixels + (gsize) (y - rect->y) * rowstride
                      + (gsize) (x - rect->x) * 4;

          if (inside[x - x0] > 0.5f && is_there (detection, x, y)
              && (p[0] == 0.0f || surer (detection, i, p[2])))
            {
              p[0] = (gfloat) f->number;
              p[1] = (gfloat) f->klass;
              p[2] = f->confidence;
            }
        }
    }
}

static gboolean
meet (const PockmarkRect *a,
      const PockmarkRect *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width
         && a->y < b->y + b->height && b->y < a->y + a->height;
}

gboolean
pockmark_detection_reaches (const PockmarkDetection *detection,
                            const PockmarkRect      *rect)
{
  guint i;

  for (i = 0; i < detection->findings->len; i++)
    if (meet (&detection->boxes[i], rect))
      return TRUE;
  return FALSE;
}

void
pockmark_detection_render (const PockmarkDetection *detection,
                           const PockmarkRect      *rect,
                           gfloat                  *pixels,
                           gsize                    rowstride)
{
  guint i;

  pockmark_map_clear (rect, pixels, rowstride);
  for (i = 0; i < detection->findings->len; i++)
    if (meet (&detection->boxes[i], rect))
      draw_finding (detection, i, rect, pixels, rowstride);
}
