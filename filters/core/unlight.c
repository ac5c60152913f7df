/* Pockmark: what light from another side moves
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Under a lower or another light the dark and the bright sides of a hollow lie
 * elsewhere, and all that is seen of relief seems to have moved: dark places
 * and bright ones most, the amount of relief little.  Each channel moves by a
 * share of one and the same shift, so the channels' disagreement tells that
 * shift, part by part of the picture, and how far each channel is to be moved
 * back.
 */

#include <math.h>

#include "matching.h"

/* Parts of the picture either way; each reaches over its neighbours. */
#define PARTS 3

/* How far each channel moves, in parts of what dark places do: fitted to the
 * pairs 4 to 59 of the develop set. */
static const gdouble share[POCKMARK_N_MATCHED]
    = { [POCKMARK_STRUCTURE_PIGMENT] = 0.24, [POCKMARK_STRUCTURE_DARK] = 1.0,
        [POCKMARK_STRUCTURE_BRIGHT] = 1.28, [POCKMARK_STRUCTURE_FINE] = 0.23,
        [POCKMARK_STRUCTURE_MEDIUM] = 0.31, [POCKMARK_MATCHED_SLOPE] = 0.83,
        [POCKMARK_MATCHED_SLOPE + 1] = 0.96 };

/* How far channels stray from that, and how far light usually moves dark
 * places, mm. */
#define STRAY_MM 0.04
#define USUAL_MM 0.2
#define OUTLIER_MM 0.16

/* A channel of this correlation counts half. */
#define HALF_SURE 0.15

/* The standard deviation of where all channels are thought to meet, as a share
 * of how far they stay apart. */
#define DOUBT 0.5

#define ROUNDS 8

/* What one part of the picture says of one channel. */
typedef struct
{
  gdouble at[2]; /* the best shift, pixels */
  gdouble sure;  /* 0-1 */
} Opinion;

/* How far to move each channel back in each part, pixels. */
typedef struct
{
  gdouble shift[PARTS * PARTS][POCKMARK_N_MATCHED][2];
  gdouble doubt[PARTS * PARTS]; /* variance of the common place, pixels^2    */
} Lamps;

/* The weight of place u (0-1) in part k: a tent over its neighbours' middles. */
static gdouble
tent (gdouble u,
      gint    k)
{
  return MAX (1.0 - fabs (CLAMP (u * PARTS - 0.5, 0.0, PARTS - 1.0) - k), 0.0);
}

static gdouble
part_weight (const PockmarkMatching *m,
             gsize                   node,
             gint                    part)
{
  const gdouble u = ((gdouble) (node % (gsize) m->columns) + 0.5) / m->columns;
  const gdouble v = ((gdouble) (node / (gsize) m->columns) + 0.5) / m->rows;

  return tent (u, part % PARTS) * tent (v, part / PARTS);
}

/* The place of the maximum of the parabola through three values. */
static gdouble
vertex (gdouble before,
        gdouble at,
        gdouble after)
{
  const gdouble bend = before - 2.0 * at + after;

  return bend < 0.0 ? CLAMP (0.5 * (before - after) / bend, -0.5, 0.5) : 0.0;
}

static Opinion
opinion_of (const PockmarkMatching *m,
            gint                    channel,
            gint                    part)
{
  const gint    side = 2 * m->reach + 1;
  const gsize   n = (gsize) m->columns * m->rows;
  g_autofree gdouble *sum = g_new0 (gdouble, m->cells);
  Opinion       opinion = { { 0.0, 0.0 }, 0.0 };
  gint          best = side + 1, x, y;
  gdouble       norm, r;
  gsize         i, k;

  for (i = 0; i < n; i++)
    {
      const gfloat *in = pockmark_matching_table (m, i, channel);
      const gdouble w = part_weight (m, i, part);

      for (k = 0; w > 0.0 && k < m->cells; k++)
        sum[k] += w * in[k];
    }
  for (y = 1; y < side - 1; y++)
    for (x = 1; x < side - 1; x++)
      if (sum[y * side + x] > sum[best])
        best = y * side + x;
  norm = sqrt (sum[m->cells - 2] * sum[m->cells - 1]);
  if (norm <= 0.0)
    return opinion;
  r = MAX (sum[best], 0.0) / norm;
  opinion.sure = r * r / (r * r + HALF_SURE * HALF_SURE);
  opinion.at[0] = best % side - m->reach
                  + vertex (sum[best - 1], sum[best], sum[best + 1]);
  opinion.at[1] = best / side - m->reach
                  + vertex (sum[best - side], sum[best], sum[best + side]);
  return opinion;
}

/* All channels lie at common + share * shift: least squares, channels that
 * stray far count less and less. */
static void
agree (const Opinion *opinion,
       gint           n,
       gdouble        scale,
       gdouble        common[2],
       gdouble        shift[2])
{
  const gdouble ridge = STRAY_MM * STRAY_MM / (USUAL_MM * USUAL_MM);
  const gdouble far = OUTLIER_MM * scale;
  gdouble       weight[POCKMARK_N_MATCHED];
  gint          round, c, k;

  for (c = 0; c < n; c++)
    weight[c] = opinion[c].sure;
  common[0] = common[1] = shift[0] = shift[1] = 0.0;
  for (round = 0; round < ROUNDS; round++)
    {
      gdouble s = 1e-9, sa = 0.0, saa = ridge;

      for (c = 0; c < n; c++)
        {
          s += weight[c];
          sa += weight[c] * share[c];
          saa += weight[c] * share[c] * share[c];
        }
      for (k = 0; k < 2; k++)
        {
          gdouble t = 0.0, ta = 0.0;

          for (c = 0; c < n; c++)
            {
              t += weight[c] * opinion[c].at[k];
              ta += weight[c] * share[c] * opinion[c].at[k];
            }
          shift[k] = (s * ta - sa * t) / (s * saa - sa * sa);
          common[k] = (t - sa * shift[k]) / s;
        }
      for (c = 0; c < n; c++)
        {
          const gdouble dx = opinion[c].at[0] - common[0] - share[c] * shift[0];
          const gdouble dy = opinion[c].at[1] - common[1] - share[c] * shift[1];
          const gdouble off = 1.0 + (dx * dx + dy * dy) / (far * far);

          weight[c] = opinion[c].sure / (off * off);
        }
    }
}

/* How far each channel lies from where all meet.  What a channel says beyond
 * its share is taken off too: it has its say on where a part of the picture
 * lies in common, not against it.  Returns the variance of the common place. */
static gdouble
disagree (const Opinion *opinion,
          gint           n,
          const gdouble  common[2],
          const gdouble  shift[2],
          gdouble        moved[POCKMARK_N_MATCHED][2])
{
  gdouble sure = 1e-9, stray = 0.0;
  gint    c, k;

  for (c = 0; c < n; c++)
    for (k = 0; k < 2; k++)
      {
        const gdouble expected = share[c] * shift[k];
        const gdouble rest = opinion[c].at[k] - common[k] - expected;

        moved[c][k] = expected + opinion[c].sure * rest;
        sure += 0.5 * opinion[c].sure;
        stray += opinion[c].sure * rest * rest;
      }
  return DOUBT * DOUBT * stray / sure;
}

static void
find_lamps (const PockmarkMatching *m,
            Lamps                  *lamps)
{
  Opinion opinion[POCKMARK_N_MATCHED];
  gdouble common[2], shift[2];
  gint    part, c;

  for (part = 0; part < PARTS * PARTS; part++)
    {
      for (c = 0; c < m->n_channels; c++)
        opinion[c] = opinion_of (m, c, part);
      agree (opinion, m->n_channels, m->after->scale, common, shift);
      lamps->doubt[part] = disagree (opinion, m->n_channels, common, shift,
                                     lamps->shift[part]);
    }
}

/* The table, read (dx, dy) off; what would lie beyond it is its border. */
static void
move_table (gint    reach,
            gdouble dx,
            gdouble dy,
            gfloat *table,
            gfloat *scratch)
{
  const gint side = 2 * reach + 1;
  gint       x, y;

  for (y = 0; y < side; y++)
    for (x = 0; x < side; x++)
      {
        const gdouble u = CLAMP (x + dx, 0.0, side - 1.0);
        const gdouble v = CLAMP (y + dy, 0.0, side - 1.0);
        const gint    ix = MIN ((gint) u, side - 2), iy = MIN ((gint) v, side - 2);
        const gfloat  tx = (gfloat) (u - ix), ty = (gfloat) (v - iy);
        const gfloat *p = table + iy * side + ix, *q = p + side;

        scratch[y * side + x] = (1.0f - ty) * (p[0] + tx * (p[1] - p[0]))
                                + ty * (q[0] + tx * (q[1] - q[0]));
      }
  for (x = 0; x < side * side; x++)
    table[x] = scratch[x];
}

void
pockmark_unlight (PockmarkMatching *m,
                  gdouble          *doubt)
{
  const gsize        n = (gsize) m->columns * m->rows;
  g_autofree gfloat *scratch = g_new (gfloat, m->cells);
  Lamps              lamps;
  gint               part, c;
  gsize              i;

  find_lamps (m, &lamps);
  for (i = 0; i < n; i++)
    {
      doubt[i] = 0.0;
      for (part = 0; part < PARTS * PARTS; part++)
        doubt[i] += part_weight (m, i, part) * lamps.doubt[part];
      for (c = 0; c < m->n_channels; c++)
        {
          gdouble dx = 0.0, dy = 0.0;

          for (part = 0; part < PARTS * PARTS; part++)
            {
              const gdouble w = part_weight (m, i, part);

              dx += w * lamps.shift[part][c][0];
              dy += w * lamps.shift[part][c][1];
            }
          move_table (m->reach, dx, dy, pockmark_matching_table (m, i, c),
                      scratch);
        }
    }
  pockmark_matching_weigh (m);
}
