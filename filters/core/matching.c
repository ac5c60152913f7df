/* Pockmark: how well blocks of two visits match, shift by shift
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The earlier picture is taken through the field found so far.  For a block of
 * the later one around every node of a grid, the products with the earlier one
 * are summed for every shift within reach, channel by channel.
 */

#include <math.h>

#include "matching.h"

/* How far each channel is believed, beyond what it shares, from far off: light
 * from another side moves dark and bright places most, fine relief least. */
static const gfloat trust[POCKMARK_N_STRUCTURES]
    = { [POCKMARK_STRUCTURE_PIGMENT] = 1.0f, [POCKMARK_STRUCTURE_DARK] = 0.3f,
        [POCKMARK_STRUCTURE_BRIGHT] = 0.0f,
        [POCKMARK_STRUCTURE_FINE] = 1.5f, [POCKMARK_STRUCTURE_MEDIUM] = 1.0f };

/* ---- The earlier picture through the field ------------------------------ */

/* What is taken through it: all channels, then relief and weight. */
#define N_WARPED (POCKMARK_N_STRUCTURES + 2)

typedef struct
{
  const PockmarkMatching *matching;
  const PockmarkPlane    *in[N_WARPED];
  PockmarkPlane          *out[N_WARPED];
} Warp;

static void
warp_rows (gsize    first,
           gsize    count,
           gpointer data)
{
  const Warp             *warp = data;
  const PockmarkMatching *m = warp->matching;
  const gint    w = m->before->width, h = m->before->height;
  const gdouble in = m->after->step, out = 1.0 / m->before->step;
  gsize         y;
  gint          x, c;

  for (y = first; y < first + count; y++)
    for (x = 0; x < m->after->width; x++)
      {
        const gsize o = y * (gsize) m->after->width + (gsize) x;
        gdouble     fx, fy;
        gfloat      tx, ty;
        gint        ix, iy;

        pockmark_field_at (m->from, (x + 0.5) * in, ((gdouble) y + 0.5) * in,
                           &fx, &fy);
        fx = fx * out - 0.5;
        fy = fy * out - 0.5;
        ix = (gint) floor (fx);
        iy = (gint) floor (fy);
        if (! (fx >= 0.0 && fy >= 0.0) || ix + 1 >= w || iy + 1 >= h)
          continue;
        tx = (gfloat) (fx - ix);
        ty = (gfloat) (fy - iy);
        for (c = 0; c < N_WARPED; c++)
          {
            const gfloat *p = warp->in[c]->data + (gsize) iy * w + ix;

            warp->out[c]->data[o]
                = (1.0f - ty) * (p[0] + tx * (p[1] - p[0]))
                  + ty * (p[w] + tx * (p[w + 1] - p[w]));
          }
      }
}

static gboolean
add_slopes (PockmarkMatching    *m,
            const PockmarkPlane *relief,
            const PockmarkPlane *weight,
            GError             **error)
{
  const PockmarkPlane *reliefs[2] = { relief, m->after->relief };
  const PockmarkPlane *weights[2] = { weight, m->after->weight };
  gint                 k;

  for (k = 0; k < 2; k++)
    {
      const gint c = POCKMARK_MATCHED_SLOPE + k;

      if (! (m->slope[k] = pockmark_plane_new (relief->width, relief->height,
                                               error))
          || ! (m->warped[c] = pockmark_plane_new (relief->width,
                                                   relief->height, error)))
        return FALSE;
      m->own[c] = m->slope[k];
    }
  pockmark_slopes_pair (reliefs, weights, &m->warped[POCKMARK_MATCHED_SLOPE],
                        m->slope);
  return TRUE;
}

static gboolean
warp (PockmarkMatching   *m,
      const PockmarkHost *host,
      GError            **error)
{
  const gint w = m->after->width, h = m->after->height;
  Warp       job = { .matching = m };
  gboolean   done = TRUE;
  gint       c;

  for (c = 0; done && c < N_WARPED; c++)
    {
      job.out[c] = pockmark_plane_new (w, h, error);
      done = job.out[c] != NULL;
      job.in[c] = c < POCKMARK_N_STRUCTURES    ? m->before->channel[c]
                  : c == POCKMARK_N_STRUCTURES ? m->before->relief
                                               : m->before->weight;
    }
  if (done)
    pockmark_host_parallel (host, (gsize) h, 32, warp_rows, &job);
  for (c = 0; c < POCKMARK_N_STRUCTURES; c++)
    {
      m->own[c] = m->after->channel[c];
      m->warped[c] = job.out[c];
    }
  if (done && m->n_channels > POCKMARK_N_STRUCTURES)
    done = add_slopes (m, job.out[c], job.out[c + 1], error);
  for (c = POCKMARK_N_STRUCTURES; c < N_WARPED; c++)
    pockmark_plane_free (job.out[c]);
  return done;
}

/* ---- Blocks ------------------------------------------------------------- */

/* The sum of the products of two blocks of width by height pixels, whose rows
 * are stride apart.  Where the compiler knows the width, it keeps all columns in
 * registers; it adds nothing up in another order than is written here. */
static inline gfloat
product (const gfloat *a,
         const gfloat *b,
         gint          stride,
         gint          width,
         gint          height)
{
  gfloat column[2 * POCKMARK_BLOCK_SPACING] = { 0.0f };
  gint   x, y;

  for (y = 0; y < height; y++, a += stride, b += stride)
    for (x = 0; x < width; x++)
      column[x] += a[x] * b[x];
  for (x = 4; x < width; x++)
    column[x % 4] += column[x];
  return (column[0] + column[1]) + (column[2] + column[3]);
}

/* The same of the block around (cx, cy) and of the one shifted by (dx, dy), as
 * far as both lie in the picture. */
static gfloat
product_at (const PockmarkMatching *m,
            gint                    c,
            gint                    cx,
            gint                    cy,
            gint                    dx,
            gint                    dy)
{
  const gint w = m->after->width, h = m->after->height, half = m->half;
  const gint x0 = MAX (MAX (cx - half, 0), -dx);
  const gint x1 = MIN (MIN (cx + half, w), w - dx);
  const gint y0 = MAX (MAX (cy - half, 0), -dy);
  const gint y1 = MIN (MIN (cy + half, h), h - dy);
  const gsize at = (gsize) y0 * w + x0;
  const gfloat *a = m->own[c]->data + at;
  const gfloat *b = m->warped[c]->data + at + dy * w + dx;

  if (x1 <= x0 || y1 <= y0)
    return 0.0f;
  if (x1 - x0 == POCKMARK_BLOCK_SPACING)
    return product (a, b, w, POCKMARK_BLOCK_SPACING, y1 - y0);
  if (x1 - x0 == 2 * POCKMARK_BLOCK_SPACING)
    return product (a, b, w, 2 * POCKMARK_BLOCK_SPACING, y1 - y0);
  return product (a, b, w, x1 - x0, y1 - y0);
}

static gfloat
energy (const PockmarkPlane *plane,
        gint                 half,
        gint                 cx,
        gint                 cy)
{
  const gint x0 = MAX (cx - half, 0);
  const gint x1 = MIN (cx + half, plane->width);
  const gint y0 = MAX (cy - half, 0);
  const gint y1 = MIN (cy + half, plane->height);
  gfloat     sum = 0.0f;
  gint       x, y;

  for (y = y0; y < y1; y++)
    for (x = x0; x < x1; x++)
      {
        const gfloat v = plane->data[(gsize) y * plane->width + x];

        sum += v * v;
      }
  return sum;
}

static void
match_nodes (gsize    first,
             gsize    count,
             gpointer data)
{
  PockmarkMatching *m = data;
  const gint        side = 2 * m->reach + 1;
  gsize             i;
  gint              c, k;

  for (i = first; i < first + count; i++)
    {
      const gint cx
          = (gint) (((gint) i % m->columns + 0.5) * POCKMARK_BLOCK_SPACING);
      const gint cy
          = (gint) (((gint) i / m->columns + 0.5) * POCKMARK_BLOCK_SPACING);

      for (c = 0; c < m->n_channels; c++)
        {
          gfloat *out = pockmark_matching_table (m, i, c);

          for (k = 0; k < side * side; k++)
            out[k] = product_at (m, c, cx, cy, k % side - m->reach,
                                 k / side - m->reach);
          /* The last two: the energies of both blocks. */
          out[k] = energy (m->own[c], m->half, cx, cy);
          out[k + 1] = energy (m->warped[c], m->half, cx, cy);
        }
    }
}

/* ---- All together ------------------------------------------------------- */

void
pockmark_matching_sum (const PockmarkMatching *m,
                       gint                    c,
                       gdouble                *sum)
{
  const gsize n = (gsize) m->columns * m->rows;
  gsize       i, k;

  for (k = 0; k < m->cells; k++)
    sum[k] = 0.0;
  for (i = 0; i < n; i++)
    {
      const gfloat *in = pockmark_matching_table (m, i, c);

      for (k = 0; k < m->cells; k++)
        sum[k] += in[k];
    }
}

void
pockmark_matching_weigh (PockmarkMatching *m)
{
  g_autofree gdouble *sum = g_new (gdouble, m->cells);
  gint  c;
  gsize k;

  for (c = 0; c < m->n_channels; c++)
    {
      gdouble best = 0.0, norm;

      pockmark_matching_sum (m, c, sum);
      for (k = 0; k + 2 < m->cells; k++)
        best = MAX (best, sum[k]);
      norm = sqrt (sum[m->cells - 2] * sum[m->cells - 1]);
      best = norm > 0.0 ? MIN (best / norm, 0.95) : 0.0;
      m->worth[c] = (gfloat) (best / (1.0 - best * best)) + 1e-3f;
      if (m->n_channels == POCKMARK_N_STRUCTURES)
        m->worth[c] *= trust[c];
    }
}

gboolean
pockmark_matching_init (PockmarkMatching        *m,
                        const PockmarkStructure *before,
                        const PockmarkStructure *after,
                        const PockmarkField     *from,
                        gint                     half,
                        gint                     reach,
                        gboolean                 slopes,
                        const PockmarkHost      *host,
                        GError                 **error)
{
  const gsize side = (gsize) (2 * reach + 1);
  gsize       n;

  *m = (PockmarkMatching) { .before = before, .after = after, .from = from,
                            .half = half, .reach = reach };
  m->columns = pockmark_field_nodes (after->width, POCKMARK_BLOCK_SPACING);
  m->rows = pockmark_field_nodes (after->height, POCKMARK_BLOCK_SPACING);
  m->n_channels = slopes ? POCKMARK_N_MATCHED : POCKMARK_N_STRUCTURES;
  n = (gsize) m->columns * m->rows;
  if (! warp (m, host, error))
    return FALSE;
  m->cells = side * side + 2;
  m->products
      = g_try_malloc0_n (n, POCKMARK_N_MATCHED * m->cells * sizeof (gfloat));
  if (! m->products)
    return pockmark_memory_error (error);
  pockmark_host_parallel (host, n, 16, match_nodes, m);
  pockmark_matching_weigh (m);
  return TRUE;
}

void
pockmark_matching_clear (PockmarkMatching *m)
{
  gint c;

  for (c = 0; c < POCKMARK_N_MATCHED; c++)
    pockmark_plane_free (m->warped[c]);
  for (c = 0; c < 2; c++)
    pockmark_plane_free (m->slope[c]);
  g_free (m->products);
}
