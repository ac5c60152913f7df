/* Pockmark: the pixels of one finding
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A spot ends where its contrast has fallen to half, as an astronomer measures
 * a star's width.  A hollow's shading is its slope along the light; added up
 * along that line it gives the depth, and the hollow ends at half of that.
 */

#include <math.h>
#include <string.h>

#include "pockmark-stages.h"

/* The patch reaches this many widths from the candidate's centre. */
#define PATCH_REACH 1.25f

/* Pixels more than this share above the candidate's own contrast belong to a
 * stronger neighbour. */
#define NEIGHBOUR 1.3f

/* Values that the patch grows in, with the patch's geometry. */
typedef struct
{
  const PockmarkPlane *plane;
  PockmarkRect         box; /* samples of the level; may not leave the plane */
  gfloat              *field;
  gfloat               cx;  /* centre within the box, samples */
  gfloat               cy;
  gfloat               radius;
} Growth;

static void
copy_field (Growth *growth)
{
  gint y;

  for (y = 0; y < growth->box.height; y++)
    memcpy (growth->field + (gsize) y * growth->box.width,
            growth->plane->data
                + (gsize) (growth->box.y + y) * growth->plane->width
                + growth->box.x,
            (gsize) growth->box.width * sizeof (gfloat));
}

static gfloat
field_at (const Growth *growth,
          gfloat        x,
          gfloat        y)
{
  const gint ix = CLAMP ((gint) lrintf (x), 0, growth->box.width - 1);
  const gint iy = CLAMP ((gint) lrintf (y), 0, growth->box.height - 1);

  return growth->field[(gsize) iy * growth->box.width + ix];
}

/* Where it is not known which end of the axis the light is at, the candidate's
 * own centre is taken for deep. */
static void
turn_upright (Growth              *growth,
              const PockmarkLight *light)
{
  const gint n = growth->box.width * growth->box.height;
  gint       i;

  if (light->source != POCKMARK_LIGHT_UNKNOWN
      || field_at (growth, growth->cx, growth->cy) >= 0.0f)
    return;
  for (i = 0; i < n; i++)
    growth->field[i] = -growth->field[i];
}

/* A piece of a plane with margins all around, the plane's border repeated. */
typedef struct
{
  gint    margin;
  gsize   stride;
  gfloat *data;
} Padded;

static gboolean
padded_init (Padded       *padded,
             const Growth *growth,
             gint          margin)
{
  const PockmarkPlane *plane = growth->plane;
  const gint width = growth->box.width + 2 * margin;
  const gint height = growth->box.height + 2 * margin;
  gint       x, y;

  padded->margin = margin;
  padded->stride = (gsize) width;
  padded->data = g_try_new (gfloat, (gsize) width * (gsize) height);
  if (! padded->data)
    return FALSE;
  for (y = 0; y < height; y++)
    {
      const gint    py = CLAMP (growth->box.y + y - margin, 0, plane->height - 1);
      const gfloat *from = plane->data + (gsize) py * plane->width;
      gfloat       *to = padded->data + (gsize) y * padded->stride;

      for (x = 0; x < width; x++)
        to[x] = from[CLAMP (growth->box.x + x - margin, 0, plane->width - 1)];
    }
  return TRUE;
}

/* The four pixels around a place that lies so far from one of them, and their
 * shares in it. */
typedef struct
{
  gssize at;
  gfloat share[4];
} Between;

static Between
between (const Padded *padded,
         gfloat        dx,
         gfloat        dy)
{
  const gfloat ix = floorf (dx), iy = floorf (dy);
  const gfloat tx = dx - ix, ty = dy - iy;

  return (Between) { (gssize) iy * (gssize) padded->stride + (gssize) ix,
                     { (1.0f - ty) * (1.0f - tx), (1.0f - ty) * tx,
                       ty * (1.0f - tx), ty * tx } };
}

/* Adds weight times the difference of the values at two places to n pixels. */
static void
add_difference (const gfloat  *row,
                gsize          stride,
                const Between *plus,
                const Between *minus,
                gfloat         weight,
                gint           n,
                gfloat        *restrict out)
{
  const gfloat *p = row + plus->at, *q = p + stride;
  const gfloat *r = row + minus->at, *s = r + stride;
  const gfloat *a = plus->share, *b = minus->share;
  gint          x;

  for (x = 0; x < n; x++)
    out[x] += weight
              * ((a[0] * p[x] + a[1] * p[x + 1] + a[2] * q[x] + a[3] * q[x + 1])
                 - (b[0] * r[x] + b[1] * r[x + 1] + b[2] * s[x]
                    + b[3] * s[x + 1]));
}

/* Depth, up to a factor: shading added up along the light on one side minus
 * the same on the other, near samples counting more. */
static gboolean
depth_field (Growth              *growth,
             const PockmarkLight *light,
             gfloat               width)
{
  const gint   reach = MAX (2, (gint) ceilf (1.2f * width));
  const gint   n = growth->box.width;
  Padded       padded;
  gfloat       total = 0.0f;
  gint         i, y, t;

  if (! padded_init (&padded, growth, reach + 1))
    return FALSE;
  memset (growth->field, 0, (gsize) n * growth->box.height * sizeof (gfloat));
  for (t = 0; t < reach; t++)
    {
      const gfloat  d = (gfloat) t + 0.5f;
      const gfloat  r = d / (0.7f * width);
      const gfloat  weight = expf (-r * r);
      const Between plus = between (&padded, d * light->ux, d * light->uy);
      const Between minus = between (&padded, -d * light->ux, -d * light->uy);

      total += weight;
      for (y = 0; y < growth->box.height; y++)
        add_difference (padded.data + (gsize) (y + padded.margin) * padded.stride
                            + padded.margin,
                        padded.stride, &plus, &minus, weight, n,
                        growth->field + (gsize) y * n);
    }
  g_free (padded.data);
  for (i = 0; i < n * growth->box.height; i++)
    growth->field[i] /= total;
  turn_upright (growth, light);
  return TRUE;
}

/* The field around the candidate: the lower third of a ring, so that a
 * neighbour on one side does not count. */
static gfloat
around (const Growth *growth,
        gfloat        radius)
{
  gfloat ring[24];
  gint   i;

  for (i = 0; i < 24; i++)
    ring[i] = field_at (growth, growth->cx + radius * cosf ((gfloat) i * 0.2617994f),
                        growth->cy + radius * sinf ((gfloat) i * 0.2617994f));
  return pockmark_quantile (ring, 24, 0.35);
}

/* Floods from the centre over samples between low and high; marks them 1.
 * stack has room for all samples. */
static gint
flood (const Growth *growth,
       gfloat        low,
       gfloat        high,
       guint8       *mark,
       gint         *stack)
{
  const gint width = growth->box.width;
  const gint height = growth->box.height;
  const gint start = CLAMP ((gint) lrintf (growth->cy), 0, height - 1) * width
                     + CLAMP ((gint) lrintf (growth->cx), 0, width - 1);
  gint       n = 0, area = 0;

  if (growth->field[start] < low)
    return 0;
  mark[start] = 1;
  stack[n++] = start;
  while (n > 0)
    {
      const gint at = stack[--n];
      const gint x = at % width;
      const gint y = at / width;
      const gint next[4] = { x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1,
                             y > 0 ? at - width : -1,
                             y < height - 1 ? at + width : -1 };
      gint i;

      area++;
      for (i = 0; i < 4; i++)
        if (next[i] >= 0 && ! mark[next[i]] && growth->field[next[i]] >= low
            && growth->field[next[i]] <= high
            && hypotf ((gfloat) (next[i] % width) - growth->cx,
                       (gfloat) (next[i] / width) - growth->cy)
                   <= growth->radius)
          {
            mark[next[i]] = 1;
            stack[n++] = next[i];
          }
    }
  return area;
}

/* The flooded samples' box and one sample around it: what lies farther out has
 * no part in the outline. */
static PockmarkRect
flooded_box (const Growth *growth,
             const guint8 *mark)
{
  const gint width = growth->box.width;
  const gint height = growth->box.height;
  gint       x0 = width, y0 = height, x1 = 0, y1 = 0;
  gint       x, y;

  for (y = 0; y < height; y++)
    for (x = 0; x < width; x++)
      if (mark[y * width + x])
        {
          x0 = MIN (x0, x);
          x1 = MAX (x1, x);
          y0 = MIN (y0, y);
          y1 = y;
        }
  x0 = MAX (x0 - 1, 0);
  y0 = MAX (y0 - 1, 0);
  return (PockmarkRect) { x0, y0, MIN (x1 + 2, width) - x0,
                          MIN (y1 + 2, height) - y0 };
}

/* Memberships from the flooded samples: graded by the field, so that outlines
 * are smooth at the photograph's own resolution. */
static gboolean
grade_inside (PockmarkPatch *patch,
              const Growth  *growth,
              const guint8  *mark,
              gfloat         half)
{
  const PockmarkRect box = flooded_box (growth, mark);
  gfloat            *out
      = g_try_new (gfloat, (gsize) box.width * (gsize) box.height);
  gint               x, y;

  if (! out)
    return FALSE;
  patch->inside = out;
  patch->x = growth->box.x + box.x;
  patch->y = growth->box.y + box.y;
  patch->width = box.width;
  patch->height = box.height;
  for (y = box.y; y < box.y + box.height; y++)
    for (x = box.x; x < box.x + box.width; x++)
      {
        const gint   i = y * growth->box.width + x;
        const gfloat m = 0.5f + (growth->field[i] - half) / patch->contrast;

        *out++ = mark[i] ? CLAMP (m, 0.501f, 1.0f) : CLAMP (m, 0.0f, 0.45f);
      }
  return TRUE;
}

static gfloat
filled_share (const Growth *growth,
              const guint8 *mark,
              gint          area)
{
  gfloat farthest = 0.5f;
  gint   x, y;

  for (y = 0; y < growth->box.height; y++)
    for (x = 0; x < growth->box.width; x++)
      if (mark[y * growth->box.width + x])
        farthest = MAX (farthest, hypotf ((gfloat) x - growth->cx,
                                          (gfloat) y - growth->cy));
  farthest += 0.5f;
  return MIN (1.0f, (gfloat) area / ((gfloat) G_PI * farthest * farthest));
}

static gboolean
growth_init (Growth                  *growth,
             const PockmarkCandidate *candidate,
             const PockmarkLight     *light,
             const PockmarkLevel     *fine)
{
  const gfloat step = (gfloat) fine->step;
  const gfloat width = candidate->width / step;
  const gfloat x = candidate->x / step - 0.5f;
  const gfloat y = candidate->y / step - 0.5f;
  const gint   reach = (gint) ceilf (PATCH_REACH * width) + 1;
  PockmarkComponent component = POCKMARK_SHADING;

  if (candidate->kind == POCKMARK_KIND_RED)
    component = POCKMARK_HEMOGLOBIN;
  else if (candidate->kind == POCKMARK_KIND_BROWN)
    component = POCKMARK_MELANIN;
  growth->plane = fine->smooth[component];
  growth->box.x = MAX ((gint) x - reach, 0);
  growth->box.y = MAX ((gint) y - reach, 0);
  growth->box.width = MIN ((gint) x + reach + 2, growth->plane->width) - growth->box.x;
  growth->box.height = MIN ((gint) y + reach + 2, growth->plane->height) - growth->box.y;
  growth->cx = x - (gfloat) growth->box.x;
  growth->cy = y - (gfloat) growth->box.y;
  growth->radius = PATCH_REACH * width;
  growth->field = g_try_new (gfloat, (gsize) growth->box.width * growth->box.height);
  if (! growth->field)
    return FALSE;
  if (candidate->kind == POCKMARK_KIND_HOLLOW)
    return depth_field (growth, light, width);
  copy_field (growth);
  return TRUE;
}

/* Grows the patch in growth's field, for a candidate that is width samples
 * wide.  FALSE: no memory. */
static gboolean
grow (PockmarkPatch *patch,
      const Growth  *growth,
      gfloat         width)
{
  const gsize        n = (gsize) growth->box.width * growth->box.height;
  g_autofree guint8 *mark = g_try_malloc0 (n);
  g_autofree gint   *stack = g_try_new (gint, n);
  const gfloat       base = around (growth, 0.9f * width);
  gfloat             half;
  gint               area;

  patch->contrast = field_at (growth, growth->cx, growth->cy) - base;
  half = base + 0.5f * patch->contrast;
  if (! mark || ! stack)
    return FALSE;
  if (! (patch->contrast > 0.0f))
    return TRUE;
  area = flood (growth, half, base + NEIGHBOUR * patch->contrast, mark, stack);
  if (area == 0)
    return TRUE;
  patch->area = area * patch->step * patch->step;
  patch->diameter = sqrtf (4.0f * (gfloat) patch->area / (gfloat) G_PI);
  patch->fill = filled_share (growth, mark, area);
  return grade_inside (patch, growth, mark, half);
}

gboolean
pockmark_patch_grow (PockmarkPatch            *patch,
                     const PockmarkCandidate  *candidate,
                     const PockmarkScaleSpace *space,
                     const PockmarkLight      *light,
                     GError                  **error)
{
  const PockmarkLevel *fine
      = &space->level[MAX (candidate->level - POCKMARK_FINER, 0)];
  Growth               growth = { 0 };
  gboolean             done;

  *patch = (PockmarkPatch) { .step = fine->step };
  done = growth_init (&growth, candidate, light, fine)
         && grow (patch, &growth, candidate->width / (gfloat) fine->step);
  g_free (growth.field);
  if (! done)
    pockmark_memory_error (error);
  return done;
}

void
pockmark_patch_clear (PockmarkPatch *patch)
{
  g_clear_pointer (&patch->inside, g_free);
}

/* The patch's memberships at row y, in samples, and the last once more. */
static gfloat *
sample_line (const PockmarkPatch *patch,
             gfloat               y)
{
  const gint    width = patch->width;
  const gint    row = MIN ((gint) y, MAX (patch->height - 2, 0));
  const gfloat  t = y - (gfloat) row;
  const gfloat *above = patch->inside + (gsize) row * width;
  const gfloat *below = patch->height > 1 ? above + width : above;
  gfloat       *line = g_new (gfloat, (gsize) width + 1);
  gint          i;

  for (i = 0; i < width; i++)
    line[i] = (1.0f - t) * above[i] + t * below[i];
  line[width] = line[width - 1];
  return line;
}

void
pockmark_patch_row (const PockmarkPatch *patch,
                    gfloat               x,
                    gfloat               y,
                    gfloat               step,
                    gint                 n,
                    gfloat              *out)
{
  const gint   width = patch->width;
  const gfloat fine = 1.0f / (gfloat) patch->step;
  const gfloat fx = x * fine - 0.5f - (gfloat) patch->x;
  const gfloat fy = y * fine - 0.5f - (gfloat) patch->y;
  g_autofree gfloat *line = NULL;
  gint i;

  memset (out, 0, (gsize) n * sizeof (gfloat));
  if (! patch->inside || fy < -0.5f || fy > (gfloat) patch->height - 0.5f)
    return;

  line = sample_line (patch, CLAMP (fy, 0.0f, (gfloat) (patch->height - 1)));
  for (i = 0; i < n; i++)
    {
      const gfloat place = fx + (gfloat) i * step * fine;

      if (place >= -0.5f && place <= (gfloat) width - 0.5f)
        {
          const gfloat at = CLAMP (place, 0.0f, (gfloat) (width - 1));
          const gint   left = (gint) at;

          out[i] = line[left] + (at - (gfloat) left) * (line[left + 1] - line[left]);
        }
    }
}
