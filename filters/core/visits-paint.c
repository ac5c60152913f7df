/* Pockmark: pictures of two visits
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "visits.h"

/* Changes below this are left transparent: noise of single places. */
#define STILL 0.06

/* Opacity of the strongest change. */
#define STRONGEST 0.85f

/* The hatching where nothing is compared: pixels of the later photograph for
 * a thousand of its longer side. */
#define HATCH 14.0
#define HATCH_OPACITY 0.55f

/* Pixels that the cubic kernel reaches beyond a place. */
#define KERNEL 2

/* ---- The earlier photograph --------------------------------------------- */

/* What of the earlier photograph rect needs; FALSE: nothing. */
static gboolean
needed_of (const PockmarkAlignment *alignment,
           const PockmarkSource    *before,
           const PockmarkRect      *rect,
           PockmarkRect            *needed)
{
  gdouble x0 = G_MAXINT, y0 = G_MAXINT, x1 = -1.0, y1 = -1.0;
  gint    i, j;

  /* The field is smooth: a few places along each side tell its reach. */
  for (j = 0; j <= 8; j++)
    for (i = 0; i <= 8; i++)
      {
        gdouble x, y;

        pockmark_alignment_before (alignment, rect->x + rect->width * i / 8.0,
                                   rect->y + rect->height * j / 8.0, &x, &y);
        x0 = MIN (x0, x);
        y0 = MIN (y0, y);
        x1 = MAX (x1, x);
        y1 = MAX (y1, y);
      }
  x0 = MAX (floor (x0) - 8 * KERNEL, 0.0);
  y0 = MAX (floor (y0) - 8 * KERNEL, 0.0);
  x1 = MIN (ceil (x1) + 8 * KERNEL, before->width);
  y1 = MIN (ceil (y1) + 8 * KERNEL, before->height);
  if (x1 <= x0 || y1 <= y0)
    return FALSE;
  *needed = (PockmarkRect) { (gint) x0, (gint) y0, (gint) (x1 - x0),
                             (gint) (y1 - y0) };
  return TRUE;
}

/* Catmull and Rom's weights. */
static void
cubic_weights (gfloat t,
               gfloat w[4])
{
  w[0] = ((-0.5f * t + 1.0f) * t - 0.5f) * t;
  w[1] = (1.5f * t - 2.5f) * t * t + 1.0f;
  w[2] = ((-1.5f * t + 2.0f) * t + 0.5f) * t;
  w[3] = (0.5f * t - 0.5f) * t * t;
}

static void
sample (const gfloat       *pixels,
        const PockmarkRect *area,
        gdouble             x,
        gdouble             y,
        gfloat             *out)
{
  const gint ix = (gint) floor (x - 0.5), iy = (gint) floor (y - 0.5);
  gfloat     wx[4], wy[4];
  gint       i, j, c;

  cubic_weights ((gfloat) (x - 0.5 - ix), wx);
  cubic_weights ((gfloat) (y - 0.5 - iy), wy);
  for (c = 0; c < 4; c++)
    out[c] = 0.0f;
  for (j = 0; j < 4; j++)
    for (i = 0; i < 4; i++)
      {
        const gint px = CLAMP (ix + i - 1 - area->x, 0, area->width - 1);
        const gint py = CLAMP (iy + j - 1 - area->y, 0, area->height - 1);
        const gfloat *p = pixels + 4 * ((gsize) py * area->width + px);

        for (c = 0; c < 4; c++)
          out[c] += wx[i] * wy[j] * p[c];
      }
  for (c = 0; c < 4; c++)
    out[c] = MAX (out[c], 0.0f);
  out[3] = MIN (out[3], 1.0f);
}

gboolean
pockmark_alignment_warp (const PockmarkAlignment *alignment,
                         const PockmarkSource    *before,
                         const PockmarkRect      *rect,
                         gfloat                  *out,
                         GError                 **error)
{
  PockmarkRect       needed;
  g_autofree gfloat *pixels = NULL;
  gint               x, y;

  memset (out, 0, (gsize) rect->width * rect->height * 4 * sizeof (gfloat));
  if (! needed_of (alignment, before, rect, &needed))
    return TRUE;
  pixels = g_try_malloc_n ((gsize) needed.width * needed.height,
                           4 * sizeof (gfloat));
  if (! pixels)
    return pockmark_memory_error (error);
  if (! before->read (&needed, pixels, before->user_data, error))
    return FALSE;
  for (y = 0; y < rect->height; y++)
    for (x = 0; x < rect->width; x++)
      {
        gdouble bx, by;

        pockmark_alignment_before (alignment, rect->x + x + 0.5,
                                   rect->y + y + 0.5, &bx, &by);
        if (bx >= 0.0 && by >= 0.0 && bx <= before->width
            && by <= before->height)
          sample (pixels, &needed, bx, by,
                  out + 4 * ((gsize) y * rect->width + x));
      }
  return TRUE;
}

/* ---- The change map ----------------------------------------------------- */

void
pockmark_change_colour (gdouble change,
                        gfloat  rgba[4])
{
  /* Ends of a diverging scale that colour-blind people can tell apart. */
  static const gfloat less[3] = { 0.13f, 0.40f, 0.67f };
  static const gfloat more[3] = { 0.70f, 0.09f, 0.17f };
  const gdouble       size = fabs (change);

  memcpy (rgba, change < 0.0 ? less : more, sizeof less);
  rgba[3] = size <= STILL
                ? 0.0f
                : STRONGEST
                      * (gfloat) MIN ((size - STILL)
                                          / (POCKMARK_CHANGE_SPAN - STILL),
                                      1.0);
}

/* The change at a place, linear between pixels that are compared; NAN where
 * the nearest is not. */
static gdouble
change_at (const PockmarkPlane *plane,
           gdouble              u,
           gdouble              v)
{
  const gint    ix = CLAMP ((gint) floor (u), 0, plane->width - 1);
  const gint    iy = CLAMP ((gint) floor (v), 0, plane->height - 1);
  const gfloat  nearest
      = plane->data[(gsize) MIN ((gint) (v + 0.5), plane->height - 1)
                        * plane->width
                    + MIN ((gint) (u + 0.5), plane->width - 1)];
  gdouble       sum = 0.0, total = 0.0;
  gint          k;

  if (isnan (nearest))
    return NAN;
  for (k = 0; k < 4; k++)
    {
      const gint    px = MIN (ix + k % 2, plane->width - 1);
      const gint    py = MIN (iy + k / 2, plane->height - 1);
      const gfloat  value = plane->data[(gsize) py * plane->width + px];
      const gdouble w = (1.0 - fabs (u - px)) * (1.0 - fabs (v - py));

      if (! isnan (value) && w > 0.0)
        {
          sum += w * value;
          total += w;
        }
    }
  return total > 0.0 ? sum / total : nearest;
}

void
pockmark_comparison_paint (const PockmarkComparison *comparison,
                           const PockmarkRect       *rect,
                           gfloat                   *out)
{
  const PockmarkPlane *plane = comparison->redness;
  const gdouble        step = comparison->reduction;
  const gint hatch
      = MAX ((gint) (HATCH * MAX (plane->width, plane->height) * step / 1000.0),
             6);
  gint       x, y;

  for (y = 0; y < rect->height; y++)
    for (x = 0; x < rect->width; x++)
      {
        gfloat       *p = out + 4 * ((gsize) y * rect->width + x);
        const gint    px = rect->x + x, py = rect->y + y;
        const gdouble change
            = change_at (plane, MAX ((px + 0.5) / step - 0.5, 0.0),
                         MAX ((py + 0.5) / step - 0.5, 0.0));

        if (! isnan (change))
          {
            pockmark_change_colour (change, p);
            continue;
          }
        p[0] = p[1] = p[2] = 0.5f;
        p[3] = (px + py) % hatch < MAX (hatch / 8, 1) ? HATCH_OPACITY : 0.0f;
      }
}
