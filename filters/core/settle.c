/* Pockmark: the local alignment of two visits, from nearby
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where little shows, the best shift of a single block is chance, and no mean
 * of such shifts is good.  So from a field that is nearly right no shifts are
 * taken: the whole field moves to where the sum of all blocks' correlations,
 * less the energy of its bending, is largest.  Skin bends smoothly, and places
 * that tell little follow those that tell more.  Each step solves the normal
 * equations by conjugate gradients; blocks of what has moved by itself have no
 * slope at the common place and do not pull.
 *
 * What the blocks around a place tell of it, in correlation that is truly
 * there, says how well it is known; how far the channels stay apart, how well
 * all can be; and whether the place stands out from others, whether it is right
 * at all.
 */

#include <math.h>

#include "matching.h"

/* How far tables reach, pixels of the level. */
#define REACH 6

/* Blocks do not overlap. */
#define HALF_BLOCK (POCKMARK_BLOCK_SPACING / 2)

/* Of the pixels of a block, so many count: they are correlated. */
#define INDEPENDENT 0.08f

/* The standard deviation of the second difference of the field from node to
 * node, pixels: skin's deformation, as soft as it gets. */
#define BENDING 0.3

#define STEPS 6
#define FARTHEST_STEP 1.0f
#define MOST_ITERATIONS 80
#define SOLVED 1e-4

/* Nodes over which information is gathered. */
#define GATHER_SIGMA 1.5

/* What stands out by less is chance; twice as much surely is none. */
#define CHANCE 1.5

/* Places further off, pixels. */
#define FURTHER 3

#define N_SCRATCH 6

typedef struct
{
  PockmarkMatching matching;
  gfloat          *table;  /* log-likelihood of the shifts of each node       */
  gdouble         *weight; /* its expected curvature                          */
  gdouble         *doubt;  /* variance that all nodes around share, pixels^2  */
  gdouble         *base[2]; /* the field at the nodes, in later pixels        */
  gdouble         *shift[2];
  gdouble         *slope[2];
  gdouble         *room;   /* what the above lie in, and to solve in          */
  gdouble         *scratch[N_SCRATCH];
} Settling;

/* ---- Tables ------------------------------------------------------------- */

/* How sharply the sum of all tables of a channel peaks, as a share of the
 * energy: the mean curvature along x and y. */
static gdouble
curvature_of (const PockmarkMatching *m,
              const gdouble          *sum)
{
  const gint    side = 2 * m->reach + 1;
  const gdouble norm = sqrt (sum[m->cells - 2] * sum[m->cells - 1]);
  gint          best = side + 1, x, y;

  for (y = 1; y < side - 1; y++)
    for (x = 1; x < side - 1; x++)
      if (sum[y * side + x] > sum[best])
        best = y * side + x;
  if (norm <= 0.0)
    return 0.0;
  return MAX (4.0 * sum[best] - sum[best - 1] - sum[best + 1]
                  - sum[best - side] - sum[best + side],
              0.0)
         / (2.0 * norm);
}

/* Adds a channel to the tables, in units of log-likelihood. */
static void
add_channel (Settling *s,
             gint      channel)
{
  const PockmarkMatching *m = &s->matching;
  const gsize n = (gsize) m->columns * m->rows;
  const gdouble pixels = (gdouble) m->after->width * m->after->height;
  g_autofree gdouble *sum = g_new (gdouble, m->cells);
  gdouble     curvature, variance, worth;
  gsize       i, k;

  pockmark_matching_sum (m, channel, sum);
  variance = sqrt (sum[m->cells - 2] * sum[m->cells - 1]) / pixels;
  if (variance <= 0.0)
    return;
  curvature = curvature_of (m, sum);
  worth = INDEPENDENT * m->worth[channel] / variance;
  for (i = 0; i < n; i++)
    {
      const gfloat *in = pockmark_matching_table (m, i, channel);
      gfloat       *out = s->table + i * m->cells;

      for (k = 0; k < m->cells; k++)
        out[k] += (gfloat) worth * in[k];
      s->weight[i] += worth * curvature
                      * sqrt (MAX (in[m->cells - 2] * in[m->cells - 1], 0.0f));
    }
}

/* The slope of a node's table at its shift: central differences, linear
 * between pixels; 0 beyond reach. */
static void
slope_at (const Settling *s,
          gsize           node,
          gdouble         slope[2])
{
  const PockmarkMatching *m = &s->matching;
  const gint    side = 2 * m->reach + 1;
  const gdouble x = s->shift[0][node] + m->reach;
  const gdouble y = s->shift[1][node] + m->reach;
  const gint    ix = (gint) floor (x), iy = (gint) floor (y);
  const gfloat *t = s->table + node * m->cells;
  gint          k;

  slope[0] = slope[1] = 0.0;
  if (ix < 1 || iy < 1 || ix + 2 >= side || iy + 2 >= side)
    return;
  for (k = 0; k < 4; k++)
    {
      const gint    px = ix + k % 2, py = iy + k / 2;
      const gdouble w = (1.0 - fabs (x - px)) * (1.0 - fabs (y - py));
      const gfloat *at = t + py * side + px;

      slope[0] += 0.5 * w * (at[1] - at[-1]);
      slope[1] += 0.5 * w * (at[side] - at[-side]);
    }
}

/* ---- Bending ------------------------------------------------------------ */

/* Adds stiffness times the second differences' transposed product with u. */
static void
add_bending (const PockmarkMatching *m,
             gdouble                 stiffness,
             const gdouble          *u,
             gdouble                *out)
{
  const gint w = m->columns, h = m->rows;
  gint       x, y;

  for (y = 0; y < h; y++)
    for (x = 0; x < w; x++)
      {
        const gint i = y * w + x;
        gdouble    e;

        if (x > 0 && x + 1 < w)
          {
            e = stiffness * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
            out[i - 1] += e;
            out[i] -= 2.0 * e;
            out[i + 1] += e;
          }
        if (y > 0 && y + 1 < h)
          {
            e = stiffness * (u[i - w] - 2.0 * u[i] + u[i + w]);
            out[i - w] += e;
            out[i] -= 2.0 * e;
            out[i + w] += e;
          }
        if (x + 1 < w && y + 1 < h)
          {
            e = 2.0 * stiffness * (u[i] - u[i + 1] - u[i + w] + u[i + w + 1]);
            out[i] += e;
            out[i + 1] -= e;
            out[i + w] -= e;
            out[i + w + 1] += e;
          }
      }
}

/* out = (weight + stiffness * bending) * u */
static void
apply (const Settling *s,
       gdouble         stiffness,
       const gdouble  *u,
       gdouble        *out)
{
  const gsize n = (gsize) s->matching.columns * s->matching.rows;
  gsize       i;

  for (i = 0; i < n; i++)
    out[i] = (s->weight[i] + 1e-6) * u[i];
  add_bending (&s->matching, stiffness, u, out);
}

static gdouble
dot (const gdouble *a,
     const gdouble *b,
     gsize          n)
{
  gdouble sum = 0.0;
  gsize   i;

  for (i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/* Conjugate gradients; r holds the right side and is used up. */
static void
solve (const Settling *s,
       gdouble         stiffness,
       gdouble        *r,
       gdouble        *x)
{
  const gsize n = (gsize) s->matching.columns * s->matching.rows;
  gdouble *z = s->scratch[0], *p = s->scratch[1], *q = s->scratch[2];
  gdouble  rz, first, now, alpha;
  gsize    i;
  gint     iteration;

  /* Bending's diagonal inside is 20. */
  for (i = 0; i < n; i++)
    {
      x[i] = 0.0;
      p[i] = z[i] = r[i] / (s->weight[i] + 20.0 * stiffness);
    }
  first = rz = dot (r, z, n);
  for (iteration = 0; iteration < MOST_ITERATIONS && rz > SOLVED * first;
       iteration++)
    {
      apply (s, stiffness, p, q);
      alpha = rz / dot (p, q, n);
      for (i = 0; i < n; i++)
        {
          x[i] += alpha * p[i];
          r[i] -= alpha * q[i];
          z[i] = r[i] / (s->weight[i] + 20.0 * stiffness);
        }
      now = dot (r, z, n);
      for (i = 0; i < n; i++)
        p[i] = z[i] + now / rz * p[i];
      rz = now;
    }
}

/* One step of all nodes. */
static void
move (Settling *s)
{
  const gsize   n = (gsize) s->matching.columns * s->matching.rows;
  const gdouble stiffness = 1.0 / (BENDING * BENDING);
  gdouble *total = s->scratch[3], *right = s->scratch[4];
  gdouble *step = s->scratch[5];
  gint          k;
  gsize         i;

  for (i = 0; i < n; i++)
    {
      gdouble slope[2];

      slope_at (s, i, slope);
      s->slope[0][i] = slope[0];
      s->slope[1][i] = slope[1];
    }
  for (k = 0; k < 2; k++)
    {
      for (i = 0; i < n; i++)
        {
          total[i] = -(s->base[k][i] + s->shift[k][i]);
          right[i] = s->slope[k][i];
        }
      add_bending (&s->matching, stiffness, total, right);
      solve (s, stiffness, right, step);
      for (i = 0; i < n; i++)
        s->shift[k][i] += CLAMP (step[i], -FARTHEST_STEP, FARTHEST_STEP);
    }
}

/* ---- Quality ------------------------------------------------------------ */

/* The log-likelihood at the node's shift. */
static gdouble
value_at (const Settling *s,
          gsize           node)
{
  const gint    reach = s->matching.reach, side = 2 * reach + 1;
  const gdouble x = CLAMP (s->shift[0][node] + reach, 0.0, side - 1.001);
  const gdouble y = CLAMP (s->shift[1][node] + reach, 0.0, side - 1.001);
  const gint    ix = (gint) x, iy = (gint) y;
  const gfloat *t = s->table + node * s->matching.cells + iy * side + ix;
  const gdouble tx = x - ix, ty = y - iy;

  return (1.0 - ty) * (t[0] + tx * (t[1] - t[0]))
         + ty * (t[side] + tx * (t[side + 1] - t[side]));
}

/* Adds up the tables of the nodes around one, each seen from where its node was
 * found to lie. */
static void
gather (const Settling *s,
        gint            nx,
        gint            ny,
        gdouble        *sum)
{
  const PockmarkMatching *m = &s->matching;
  const gint reach = m->reach, side = 2 * reach + 1;
  const gint radius = (gint) (2.0 * GATHER_SIGMA);
  gint       x, y, dx, dy;

  for (y = MAX (ny - radius, 0); y <= MIN (ny + radius, m->rows - 1); y++)
    for (x = MAX (nx - radius, 0); x <= MIN (nx + radius, m->columns - 1); x++)
      {
        const gsize   i = (gsize) y * m->columns + x;
        const gfloat *in = s->table + i * m->cells;
        const gint    mx = (gint) lrint (s->shift[0][i]);
        const gint    my = (gint) lrint (s->shift[1][i]);
        const gdouble w
            = exp (-0.5 * ((x - nx) * (x - nx) + (y - ny) * (y - ny))
                   / (GATHER_SIGMA * GATHER_SIGMA));

        for (dy = MAX (0, -my); dy < MIN (side, side - my); dy++)
          for (dx = MAX (0, -mx); dx < MIN (side, side - mx); dx++)
            sum[dy * side + dx] += w * in[(dy + my) * side + dx + mx];
      }
}

/* How far the blocks around a node, all together, stand out at the place that
 * was found from what they say of places further off, in standard deviations.
 * What does not is chance, however well it correlates.  sum: room. */
static gdouble
standing_out (const Settling *s,
              gint            nx,
              gint            ny,
              gdouble        *sum)
{
  const gint reach = s->matching.reach, side = 2 * reach + 1;
  gdouble    here = -G_MAXDOUBLE, total = 0.0, squares = 0.0;
  gint       n = 0, k;

  for (k = 0; k < side * side; k++)
    sum[k] = 0.0;
  gather (s, nx, ny, sum);
  for (k = 0; k < side * side; k++)
    {
      const gint dx = k % side - reach, dy = k / side - reach;
      const gint apart = dx * dx + dy * dy;

      if (apart <= 1)
        here = MAX (here, sum[k]);
      else if (apart > FURTHER * FURTHER)
        {
          total += sum[k];
          squares += sum[k] * sum[k];
          n++;
        }
    }
  total /= n;
  return (here - total) / sqrt (MAX (squares / n - total * total, 1e-12));
}

/* Curvature that is there, not only expected: of what correlates. */
static gboolean
fill_quality (const Settling *s,
              PockmarkField  *field,
              GError        **error)
{
  const gint  w = field->x->width, h = field->x->height;
  const gsize n = (gsize) w * h;
  const gdouble half = POCKMARK_HALF_KNOWN_MM * s->matching.after->scale;
  const gdouble nodes = 2.0 * G_PI * GATHER_SIGMA * GATHER_SIGMA;
  g_autoptr (PockmarkPlane) told = pockmark_plane_new (w, h, error);
  g_autoptr (PockmarkPlane) expected
      = told ? pockmark_plane_new (w, h, error) : NULL;
  g_autofree gdouble *sum = g_new (gdouble, s->matching.cells);
  gdouble value = 0.0, weight = 1e-12;
  gsize   i;

  if (! expected)
    return FALSE;
  for (i = 0; i < n; i++)
    {
      value += MAX (value_at (s, i), 0.0);
      weight += s->weight[i];
    }
  for (i = 0; i < n; i++)
    told->data[i] = (gfloat) (value_at (s, i) * weight / MAX (value, 1e-12));
  pockmark_blur (told, GATHER_SIGMA, expected, NULL);
  for (i = 0; i < n; i++)
    {
      const gdouble known = MAX (expected->data[i], 1e-6f) * nodes;
      const gdouble z = standing_out (s, (gint) i % w, (gint) i / w, sum);

      field->quality->data[i]
          = (gfloat) (CLAMP ((z - CHANCE) / CHANCE, 0.0, 1.0)
                      / (1.0 + (1.0 / known + s->doubt[i]) / (half * half)));
    }
  return TRUE;
}

/* ---- Together ----------------------------------------------------------- */

/* The mean similarity of the field, to see it in later pixels. */
static void
similarity_of (const Settling      *s,
               const PockmarkField *from,
               gdouble             *a,
               gdouble             *b)
{
  const PockmarkStructure *after = s->matching.after;
  const gdouble w = after->width * after->step, h = after->height * after->step;
  gdouble       x[2], y[2];

  pockmark_field_at (from, 0.25 * w, 0.5 * h, &x[0], &y[0]);
  pockmark_field_at (from, 0.75 * w, 0.5 * h, &x[1], &y[1]);
  *a = (x[1] - x[0]) / (0.5 * w);
  *b = (y[1] - y[0]) / (0.5 * w);
}

static void
fill_base (Settling            *s,
           const PockmarkField *from)
{
  const PockmarkMatching *m = &s->matching;
  const gdouble step = m->after->step;
  gdouble       a, b, norm;
  gint          x, y;

  similarity_of (s, from, &a, &b);
  norm = (a * a + b * b) * step;
  for (y = 0; y < m->rows; y++)
    for (x = 0; x < m->columns; x++)
      {
        const gsize i = (gsize) y * m->columns + x;
        gdouble     fx, fy;

        pockmark_field_at (from, (x + 0.5) * POCKMARK_BLOCK_SPACING * step,
                           (y + 0.5) * POCKMARK_BLOCK_SPACING * step, &fx, &fy);
        s->base[0][i] = (a * fx + b * fy) / norm;
        s->base[1][i] = (a * fy - b * fx) / norm;
      }
}

static void
fill_field (const Settling      *s,
            const PockmarkField *from,
            PockmarkField       *field)
{
  const PockmarkMatching *m = &s->matching;
  const gdouble step = m->after->step;
  gint          x, y;

  for (y = 0; y < m->rows; y++)
    for (x = 0; x < m->columns; x++)
      {
        const gsize i = (gsize) y * m->columns + x;
        gdouble     fx, fy;

        pockmark_field_at (
            from,
            ((x + 0.5) * POCKMARK_BLOCK_SPACING + s->shift[0][i]) * step,
            ((y + 0.5) * POCKMARK_BLOCK_SPACING + s->shift[1][i]) * step, &fx,
            &fy);
        field->x->data[i] = (gfloat) fx;
        field->y->data[i] = (gfloat) fy;
      }
}

static gboolean
settling_init (Settling *s,
               GError  **error)
{
  const gsize n = (gsize) s->matching.columns * s->matching.rows;
  gdouble    *at;
  gint        k;

  s->table = g_try_malloc0_n (n, s->matching.cells * sizeof (gfloat));
  at = s->room = g_try_malloc0_n (n, (8 + N_SCRATCH) * sizeof (gdouble));
  if (! s->table || ! s->room)
    return pockmark_memory_error (error);
  s->weight = at;
  s->doubt = at += n;
  for (k = 0; k < 2; k++)
    {
      s->base[k] = at += n;
      s->shift[k] = at += n;
      s->slope[k] = at += n;
    }
  for (k = 0; k < N_SCRATCH; k++)
    s->scratch[k] = at += n;
  return TRUE;
}

static void
settle (Settling            *s,
        const PockmarkField *from)
{
  gint c, step;

  pockmark_unlight (&s->matching, s->doubt);
  for (c = 0; c < s->matching.n_channels; c++)
    add_channel (s, c);
  fill_base (s, from);
  for (step = 0; step < STEPS; step++)
    move (s);
}

static void
settling_clear (Settling *s)
{
  g_free (s->table);
  g_free (s->room);
  pockmark_matching_clear (&s->matching);
}

PockmarkField *
pockmark_local_settle (const PockmarkStructure *before,
                       const PockmarkStructure *after,
                       const PockmarkField     *from,
                       gboolean                 last,
                       const PockmarkHost      *host,
                       GError                 **error)
{
  Settling       s = { .table = NULL };
  PockmarkField *field = NULL;

  if (pockmark_matching_init (&s.matching, before, after, from, HALF_BLOCK,
                              REACH, TRUE, host, error)
      && settling_init (&s, error))
    field = pockmark_field_new ((gint) (after->width * after->step),
                                (gint) (after->height * after->step),
                                POCKMARK_BLOCK_SPACING * after->step, error);
  if (field)
    {
      settle (&s, from);
      fill_field (&s, from, field);
      if (last && ! fill_quality (&s, field, error))
        g_clear_pointer (&field, pockmark_field_free);
    }
  settling_clear (&s);
  return field;
}
