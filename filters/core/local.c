/* Pockmark: the local alignment of two visits
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The earlier picture is taken through the field found so far.  Around every
 * node of a grid, a block of the later picture looks for the shift at which
 * all channels together correlate best.  Many blocks are wrong, so the shifts
 * are not taken one by one: around each node an affine function is fitted to
 * those of its neighbours, by weights that fall with the distance and with how
 * far a shift is off (iteratively reweighted least squares).
 */

#include <math.h>

#include "align.h"

/* Nodes and blocks, pixels of the level. */
#define SPACING 12
#define HALF_BLOCK 12

/* Correlations that chance reaches too count for nothing. */
#define CHANCE 0.12f

/* A shift so many pixels off the fit agrees with it. */
#define AGREES 1.3f

/* How far a block looks when it is asked again, and how many it takes. */
#define FAR_LOOK 4
#define FEWEST_BLOCKS 8

/* The fit. */
#define ROUNDS 6
#define TAIL 0.7 /* pixels: shifts further off weigh less and less */
#define RIDGE 0.02

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

PockmarkField *
pockmark_field_new (gint     width,
                    gint     height,
                    gdouble  spacing,
                    GError **error)
{
  g_autoptr (PockmarkField) field = g_new0 (PockmarkField, 1);
  const gint w = MAX ((gint) (width / spacing + 0.5), 2);
  const gint h = MAX ((gint) (height / spacing + 0.5), 2);

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

/* How far each channel is believed, beyond what it shares: light from another
 * side moves dark places most, fine relief least. */
static const gfloat trust[POCKMARK_N_STRUCTURES]
    = { [POCKMARK_STRUCTURE_PIGMENT] = 1.0f, [POCKMARK_STRUCTURE_DARK] = 0.3f,
        [POCKMARK_STRUCTURE_FINE] = 1.5f, [POCKMARK_STRUCTURE_MEDIUM] = 1.0f };

/* ---- The earlier picture through the field ------------------------------ */

typedef struct
{
  const PockmarkStructure *before;
  const PockmarkStructure *after;
  const PockmarkField     *from;
  PockmarkField           *field;
  PockmarkPlane           *warped[POCKMARK_N_STRUCTURES];
  gint                     reach;
  gint                     pooled; /* blocks either way that vote together */
  gdouble                  stiffness;
  gsize                    cells;    /* of a table of shifts, and two more */
  gfloat                  *products; /* a table for each node and channel */
  gfloat                   worth[POCKMARK_N_STRUCTURES];
  gfloat                  *shift; /* x, y and correlation of each node */
} Matching;

static void
warp_rows (gsize    first,
           gsize    count,
           gpointer data)
{
  Matching     *m = data;
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
        for (c = 0; c < POCKMARK_N_STRUCTURES; c++)
          {
            const gfloat *p = m->before->channel[c]->data + (gsize) iy * w + ix;

            m->warped[c]->data[o]
                = (1.0f - ty) * (p[0] + tx * (p[1] - p[0]))
                  + ty * (p[w] + tx * (p[w + 1] - p[w]));
          }
      }
}

/* ---- Blocks ------------------------------------------------------------- */

/* Sums over the block around (cx, cy): the products with the block shifted by
 * (dx, dy). */
static gfloat
product (const Matching *m,
         gint            c,
         gint            cx,
         gint            cy,
         gint            dx,
         gint            dy)
{
  const gint w = m->after->width, h = m->after->height;
  const gint x0 = MAX (MAX (cx - HALF_BLOCK, 0), -dx);
  const gint x1 = MIN (MIN (cx + HALF_BLOCK, w), w - dx);
  const gint y0 = MAX (MAX (cy - HALF_BLOCK, 0), -dy);
  const gint y1 = MIN (MIN (cy + HALF_BLOCK, h), h - dy);
  gfloat     total = 0.0f;
  gint       x, y;

  for (y = y0; y < y1; y++)
    {
      const gfloat *a = m->after->channel[c]->data + (gsize) y * w;
      const gfloat *b = m->warped[c]->data + (gsize) (y + dy) * w + dx;
      gfloat        sum = 0.0f;

      for (x = x0; x < x1; x++)
        sum += a[x] * b[x];
      total += sum;
    }
  return total;
}

static gfloat
energy (const Matching      *m,
        const PockmarkPlane *plane,
        gint                 cx,
        gint                 cy)
{
  const gint x0 = MAX (cx - HALF_BLOCK, 0);
  const gint x1 = MIN (cx + HALF_BLOCK, m->after->width);
  const gint y0 = MAX (cy - HALF_BLOCK, 0);
  const gint y1 = MIN (cy + HALF_BLOCK, m->after->height);
  gfloat     sum = 0.0f;
  gint       x, y;

  for (y = y0; y < y1; y++)
    for (x = x0; x < x1; x++)
      {
        const gfloat v = plane->data[(gsize) y * m->after->width + x];

        sum += v * v;
      }
  return sum;
}

static void
match_nodes (gsize    first,
             gsize    count,
             gpointer data)
{
  Matching  *m = data;
  const gint columns = m->field->x->width;
  const gint side = 2 * m->reach + 1;
  gsize      i;
  gint       c, k;

  for (i = first; i < first + count; i++)
    {
      const gint cx = (gint) (((gint) i % columns + 0.5) * SPACING);
      const gint cy = (gint) (((gint) i / columns + 0.5) * SPACING);

      for (c = 0; c < POCKMARK_N_STRUCTURES; c++)
        {
          gfloat *out = m->products
                        + (i * POCKMARK_N_STRUCTURES + (gsize) c) * m->cells;

          for (k = 0; k < side * side; k++)
            out[k] = product (m, c, cx, cy, k % side - m->reach,
                              k / side - m->reach);
          /* The last two: the energies of both blocks. */
          out[k] = energy (m, m->after->channel[c], cx, cy);
          out[k + 1] = energy (m, m->warped[c], cx, cy);
        }
    }
}

/* The place of the maximum of the parabola through three values, -0.5-0.5. */
static gfloat
vertex (gfloat before,
        gfloat at,
        gfloat after)
{
  const gfloat bend = before - 2.0f * at + after;

  return bend < -1e-6f ? CLAMP (0.5f * (before - after) / bend, -0.5f, 0.5f)
                       : 0.0f;
}

/* The table of one channel over all nodes. */
static void
sum_channel (const Matching *m,
             gint            c,
             gdouble        *sum)
{
  const gsize n = (gsize) m->field->x->width * m->field->x->height;
  gsize       i, k;

  for (k = 0; k < m->cells; k++)
    sum[k] = 0.0;
  for (i = 0; i < n; i++)
    {
      const gfloat *in
          = m->products + (i * POCKMARK_N_STRUCTURES + (gsize) c) * m->cells;

      for (k = 0; k < m->cells; k++)
        sum[k] += in[k];
    }
}

/* How much each channel is worth here: what the two photographs share of it,
 * over the whole picture, against what they do not. */
static void
weigh_channels (Matching *m)
{
  g_autofree gdouble *sum = g_new (gdouble, m->cells);
  gint  c;
  gsize k;

  for (c = 0; c < POCKMARK_N_STRUCTURES; c++)
    {
      gdouble best = 0.0, norm;

      sum_channel (m, c, sum);
      for (k = 0; k + 2 < m->cells; k++)
        best = MAX (best, sum[k]);
      norm = sqrt (sum[m->cells - 2] * sum[m->cells - 1]);
      best = norm > 0.0 ? MIN (best / norm, 0.95) : 0.0;
      m->worth[c] = trust[c] * (gfloat) (best / (1.0 - best * best)) + 1e-3f;
    }
}

/* The best shift of one channel over the whole picture, pixels; FALSE where
 * it is not within the reach. */
static gboolean
shift_of_channel (const Matching *m,
                  gint            c,
                  gdouble         shift[2])
{
  const gint          side = 2 * m->reach + 1;
  g_autofree gdouble *sum = g_new (gdouble, m->cells);
  gint                best = 0, k, x, y;

  sum_channel (m, c, sum);
  for (k = 0; k < side * side; k++)
    if (sum[k] > sum[best])
      best = k;
  x = best % side;
  y = best / side;
  if (x == 0 || y == 0 || x == side - 1 || y == side - 1)
    return FALSE;
  shift[0] = x - m->reach
             + vertex ((gfloat) sum[best - 1], (gfloat) sum[best],
                       (gfloat) sum[best + 1]);
  shift[1] = y - m->reach
             + vertex ((gfloat) sum[best - side], (gfloat) sum[best],
                       (gfloat) sum[best + side]);
  return TRUE;
}

/* Adds up the tables of the node and of those around it. */
static void
pool (const Matching *m,
      gsize           node,
      gfloat         *table)
{
  const gint columns = m->field->x->width, rows = m->field->x->height;
  const gint nx = (gint) node % columns, ny = (gint) node / columns;
  const gint r = m->pooled;
  gint       x, y, c;
  gsize      k;

  for (k = 0; k < m->cells; k++)
    table[k] = 0.0f;
  for (y = MAX (ny - r, 0); y <= MIN (ny + r, rows - 1); y++)
    for (x = MAX (nx - r, 0); x <= MIN (nx + r, columns - 1); x++)
      for (c = 0; c < POCKMARK_N_STRUCTURES; c++)
        {
          const gfloat  w = m->worth[c] * (gfloat) ((r + 1 - ABS (x - nx))
                                                   * (r + 1 - ABS (y - ny)));
          const gfloat *in
              = m->products
                + (((gsize) y * columns + x) * POCKMARK_N_STRUCTURES + (gsize) c)
                      * m->cells;

          for (k = 0; k < m->cells; k++)
            table[k] += w * in[k];
        }
}

static void
find_shifts (gsize    first,
             gsize    count,
             gpointer data)
{
  const Matching    *m = data;
  const gint         side = 2 * m->reach + 1;
  g_autofree gfloat *table = g_new (gfloat, m->cells);
  gsize              i;

  for (i = first; i < first + count; i++)
    {
      gfloat *out = m->shift + 3 * i;
      gfloat  norm;
      gint    best = 0, x, y, k;

      pool (m, i, table);
      for (k = 0; k < side * side; k++)
        if (table[k] > table[best])
          best = k;
      norm = sqrtf (table[m->cells - 2] * table[m->cells - 1]);
      x = best % side;
      y = best / side;
      out[0] = (gfloat) (x - m->reach);
      out[1] = (gfloat) (y - m->reach);
      out[2] = norm > 0.0f ? table[best] / norm : 0.0f;
      /* At the end of the reach it is a slope, no maximum. */
      if (x == 0 || y == 0 || x == side - 1 || y == side - 1)
        out[2] *= 0.3f;
      else
        {
          out[0] += vertex (table[best - 1], table[best], table[best + 1]);
          out[1] += vertex (table[best - side], table[best],
                            table[best + side]);
        }
    }
}

/* ---- The smooth field --------------------------------------------------- */

/* Solves the symmetric 3 x 3 system by Cramer's rule. */
static void
solve (const gdouble s[6],
       const gdouble t[3],
       gdouble       out[3])
{
  const gdouble a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5];
  const gdouble m0 = d * f - e * e, m1 = c * e - b * f, m2 = b * e - c * d;
  const gdouble det = a * m0 + b * m1 + c * m2;

  out[0] = (m0 * t[0] + m1 * t[1] + m2 * t[2]) / det;
  out[1] = (m1 * t[0] + (a * f - c * c) * t[1] + (b * c - a * e) * t[2]) / det;
  out[2] = (m2 * t[0] + (b * c - a * e) * t[1] + (a * d - b * b) * t[2]) / det;
}

/* The affine functions of both shifts around node (nx, ny), from weights that
 * the last round's residuals give; fit holds constant and slopes of each. */
static void
fit_once (const Matching *m,
          gint            nx,
          gint            ny,
          gboolean        first,
          gdouble         fit[2][3])
{
  const gint    columns = m->field->x->width, rows = m->field->x->height;
  const gint    radius = (gint) ceil (2.5 * m->stiffness);
  const gdouble fall = -0.5 / (m->stiffness * m->stiffness);
  gdouble       s[6] = { RIDGE, 0.0, 0.0, RIDGE * 4.0, 0.0, RIDGE * 4.0 };
  gdouble       t[2][3] = { { 0.0 } };
  gint          x, y, k;

  for (y = MAX (ny - radius, 0); y <= MIN (ny + radius, rows - 1); y++)
    for (x = MAX (nx - radius, 0); x <= MIN (nx + radius, columns - 1); x++)
      {
        const gfloat *shift = m->shift + 3 * ((gsize) y * columns + x);
        const gdouble dx = x - nx, dy = y - ny;
        gdouble       w, off[2];

        if (shift[2] <= CHANCE)
          continue;
        for (k = 0; k < 2; k++)
          off[k] = shift[k]
                   - (fit[k][0] + fit[k][1] * dx + fit[k][2] * dy);
        w = (off[0] * off[0] + off[1] * off[1])
            / (first ? 9.0 * TAIL * TAIL : TAIL * TAIL);
        w = (shift[2] - CHANCE) * exp (fall * (dx * dx + dy * dy))
            / ((1.0 + w) * (1.0 + w));
        s[0] += w;
        s[1] += w * dx;
        s[2] += w * dy;
        s[3] += w * dx * dx;
        s[4] += w * dx * dy;
        s[5] += w * dy * dy;
        for (k = 0; k < 2; k++)
          {
            t[k][0] += w * shift[k];
            t[k][1] += w * shift[k] * dx;
            t[k][2] += w * shift[k] * dy;
          }
      }
  for (k = 0; k < 2; k++)
    solve (s, t[k], fit[k]);
}

static void
fit_nodes (gsize    first,
           gsize    count,
           gpointer data)
{
  const Matching *m = data;
  const gint      columns = m->field->x->width;
  const gdouble   step = m->after->step;
  gsize           i;

  for (i = first; i < first + count; i++)
    {
      const gint nx = (gint) i % columns, ny = (gint) i / columns;
      gdouble    fit[2][3] = { { 0.0 } };
      gdouble    fx, fy;
      gint       round;

      for (round = 0; round < ROUNDS; round++)
        fit_once (m, nx, ny, round < 2, fit);
      pockmark_field_at (m->from,
                         ((nx + 0.5) * SPACING + fit[0][0]) * step,
                         ((ny + 0.5) * SPACING + fit[1][0]) * step, &fx, &fy);
      m->field->x->data[i] = (gfloat) fx;
      m->field->y->data[i] = (gfloat) fy;
      m->field->quality->data[i]
          = hypotf (m->shift[3 * i] - (gfloat) fit[0][0],
                    m->shift[3 * i + 1] - (gfloat) fit[1][0])
                    < AGREES
                ? MAX (m->shift[3 * i + 2] - CHANCE, 0.0f)
                : 0.0f;
    }
}

/* ---- Together ----------------------------------------------------------- */

/* The shift that the light's other side pretends, of what the field follows:
 * as a share of how much further dark places are moved than fine relief.  The
 * share is what the phantoms of two visits show. */
#define PRETENDED 0.45
#define MOST_PRETENDED_MM 0.15

static void
take_off_light (const Matching *m,
                PockmarkField  *field)
{
  const gsize n = (gsize) field->x->width * field->x->height;
  gdouble     dark[2], fine[2], dx, dy, a[2], b[2], limit;
  gsize       i;
  gint        k;

  if (! shift_of_channel (m, POCKMARK_STRUCTURE_DARK, dark)
      || ! shift_of_channel (m, POCKMARK_STRUCTURE_FINE, fine))
    return;
  dx = -PRETENDED * (dark[0] - fine[0]) * m->after->step;
  dy = -PRETENDED * (dark[1] - fine[1]) * m->after->step;
  /* A lesion wide shift is no such thing. */
  limit = MOST_PRETENDED_MM * m->after->scale * m->after->step;
  if (hypot (dx, dy) > limit)
    {
      const gdouble less = limit / hypot (dx, dy);

      dx *= less;
      dy *= less;
    }
  pockmark_field_at (m->from, 0.0, 0.0, &a[0], &a[1]);
  pockmark_field_at (m->from, dx, dy, &b[0], &b[1]);
  for (k = 0; k < 2; k++)
    for (i = 0; i < n; i++)
      (k ? field->y : field->x)->data[i] += (gfloat) (b[k] - a[k]);
}

static gboolean
matching_init (Matching           *m,
               const PockmarkHost *host,
               GError            **error)
{
  const gsize n = (gsize) m->field->x->width * m->field->x->height;
  const gsize side = (gsize) (2 * m->reach + 1);
  gint        c;

  for (c = 0; c < POCKMARK_N_STRUCTURES; c++)
    if (! (m->warped[c] = pockmark_plane_new (m->after->width,
                                              m->after->height, error)))
      return FALSE;
  m->cells = side * side + 2;
  m->shift = g_try_malloc0_n (n, 3 * sizeof (gfloat));
  m->products
      = g_try_malloc0_n (n, POCKMARK_N_STRUCTURES * m->cells * sizeof (gfloat));
  if (! m->shift || ! m->products)
    {
      g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                           "There is not enough memory to align the "
                           "photographs.");
      return FALSE;
    }
  pockmark_host_parallel (host, (gsize) m->after->height, 32, warp_rows, m);
  pockmark_host_parallel (host, n, 16, match_nodes, m);
  return TRUE;
}

static void
matching_clear (Matching *m)
{
  gint c;

  for (c = 0; c < POCKMARK_N_STRUCTURES; c++)
    pockmark_plane_free (m->warped[c]);
  g_free (m->shift);
  g_free (m->products);
}

PockmarkField *
pockmark_local_match (const PockmarkStructure *before,
                      const PockmarkStructure *after,
                      const PockmarkField     *from,
                      gint                     reach,
                      gint                     pooled,
                      gdouble                  stiffness,
                      const PockmarkHost      *host,
                      GError                 **error)
{
  g_autoptr (PockmarkField) field = pockmark_field_new (
      (gint) (after->width * after->step), (gint) (after->height * after->step),
      SPACING * after->step, error);
  Matching m = { .before = before, .after = after, .from = from,
                 .field = field, .reach = reach, .pooled = pooled,
                 .stiffness = stiffness };
  gboolean done = field && matching_init (&m, host, error);
  gsize    n;

  if (done)
    {
      n = (gsize) field->x->width * field->x->height;
      weigh_channels (&m);
      pockmark_host_parallel (host, n, 64, find_shifts, &m);
      pockmark_host_parallel (host, n, 16, fit_nodes, &m);
    }
  matching_clear (&m);
  return done ? g_steal_pointer (&field) : NULL;
}

/* Whether the block's own best shift is none, give or take a pixel.  table is
 * room for one; blocks that see only one photograph do not count. */
static gboolean
block_agrees (const Matching *m,
              gsize           node,
              gfloat         *table,
              gboolean       *counts)
{
  const gint side = 2 * m->reach + 1;
  gint       best = 0, c, k;

  for (k = 0; k < (gint) m->cells; k++)
    table[k] = 0.0f;
  for (c = 0; c < POCKMARK_N_STRUCTURES; c++)
    for (k = 0; k < (gint) m->cells; k++)
      table[k] += m->worth[c]
                  * m->products[(node * POCKMARK_N_STRUCTURES + (gsize) c)
                                    * m->cells
                                + (gsize) k];
  for (k = 0; k < side * side; k++)
    if (table[k] > table[best])
      best = k;
  *counts = table[side * side] > 0.0f && table[side * side + 1] > 0.0f;
  return *counts && ABS (best % side - m->reach) <= 1
         && ABS (best / side - m->reach) <= 1;
}

gdouble
pockmark_local_agreement (const PockmarkStructure *before,
                          const PockmarkStructure *after,
                          PockmarkField           *field,
                          const PockmarkHost      *host,
                          GError                 **error)
{
  Matching m = { .before = before, .after = after, .from = field,
                 .field = field, .reach = FAR_LOOK };
  g_autofree gfloat *table = NULL;
  gdouble  agree = 0.0, total = 0.0;
  gboolean done = matching_init (&m, host, error);

  if (done)
    {
      const gsize n = (gsize) field->x->width * field->x->height;
      gsize       i;

      weigh_channels (&m);
      table = g_new (gfloat, m.cells);
      for (i = 0; i < n; i++)
        {
          gboolean counts;

          agree += block_agrees (&m, i, table, &counts);
          total += counts;
        }
    }
  matching_clear (&m);
  return ! done ? -1.0 : total >= FEWEST_BLOCKS ? agree / total : 0.0;
}

gboolean
pockmark_local_unlight (const PockmarkStructure *before,
                        const PockmarkStructure *after,
                        PockmarkField           *field,
                        const PockmarkHost      *host,
                        GError                 **error)
{
  Matching m = { .before = before, .after = after, .from = field,
                 .field = field, .reach = FAR_LOOK };
  gboolean done = matching_init (&m, host, error);

  if (done)
    take_off_light (&m, field);
  matching_clear (&m);
  return done;
}
