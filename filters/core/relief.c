/* Pockmark: where the light comes from
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The wall of a hollow that is nearer to the light lies in shadow and the far
 * one shines; a bump is the other way round.  So the shading of small relief
 * changes most along the light's azimuth: the larger axis of the covariance of
 * its slopes gives the azimuth modulo 180 degrees.  The sign comes from the
 * light that reaches cavities: hollows are darker than the skin around them
 * on the whole, bumps brighter, so that the slope towards the light and the
 * darkness go together.
 */

#include <math.h>

#include "pockmark-stages.h"

/* Widths of relief that tells of the light, mm. */
#define RELIEF_MIN_MM 0.6
#define RELIEF_MAX_MM 4.0

/* Slopes of one width at least. */
#define ENOUGH 400

/* Dipoles beyond so many spreads of the slopes tell of the light's sign. */
#define SIGN_Z 4.0f

/* The axis must stand out by this anisotropy, (a - b) / (a + b), and the sign
 * by so much more than chance. */
#define ANISOTROPY_MIN 0.02
#define SIGN_MIN 1.5

typedef struct
{
  gdouble xx, xy, yy; /* products of the slopes' directions */
  gdouble n;
} Slopes;

void
pockmark_level_slopes (const PockmarkLevel *level,
                       const PockmarkLight *light,
                       gint                 y,
                       gfloat              *along,
                       gfloat              *across)
{
  const PockmarkPlane *p = level->smooth[POCKMARK_SHADING];
  const gint    width = p->width;
  const gfloat *row = p->data + (gsize) y * width;
  const gfloat *above = p->data + (gsize) MAX (y - 1, 0) * width;
  const gfloat *below = p->data + (gsize) MIN (y + 1, p->height - 1) * width;
  const gfloat  scale = (gfloat) (0.5 * level->sigma);
  const gfloat  ux = scale * light->ux;
  const gfloat  uy = scale * light->uy;
  gint          x;

  for (x = 0; x < width; x++)
    {
      const gfloat dx = row[MIN (x + 1, width - 1)] - row[MAX (x - 1, 0)];
      const gfloat dy = below[x] - above[x];

      along[x] = ux * dx + uy * dy;
      across[x] = ux * dy - uy * dx;
    }
}

PockmarkLight
pockmark_light_given (gdouble azimuth)
{
  PockmarkLight light = { POCKMARK_LIGHT_GIVEN, azimuth, 0.0f, 0.0f };

  light.ux = (gfloat) cos (azimuth * G_PI / 180.0);
  light.uy = (gfloat) -sin (azimuth * G_PI / 180.0);
  return light;
}

static gboolean
tells_of_light (const PockmarkLevel *level,
                gdouble              pixels_per_mm)
{
  return level->width >= RELIEF_MIN_MM * pixels_per_mm
         && level->width <= RELIEF_MAX_MM * pixels_per_mm;
}

/* The skin beside row y of the level. */
static const gfloat *
skin_row (const PockmarkPlane *skin,
          const PockmarkLevel *level,
          gint                 y)
{
  return skin->data
         + (gsize) MIN (y * level->step, skin->height - 1) * skin->width;
}

static inline gboolean
is_skin (const gfloat        *row,
         const PockmarkPlane *skin,
         const PockmarkLevel *level,
         gint                 x)
{
  return row[MIN (x * level->step, skin->width - 1)] > 0.5f;
}

/* Every slope counts by its direction alone: the many small ones of the skin's
 * own furrows tell of the light, a few strong edges of hairs or marks do not.
 * The sums are means, so that each width counts the same. */
static void
add_slopes (const PockmarkLevel *level,
            const PockmarkPlane *skin,
            Slopes              *sum)
{
  const PockmarkLight east = { POCKMARK_LIGHT_GIVEN, 0.0, 1.0f, 0.0f };
  const gint          width = level->smooth[POCKMARK_SHADING]->width;
  const gint          height = level->smooth[POCKMARK_SHADING]->height;
  g_autofree gfloat  *dx = g_new (gfloat, width);
  g_autofree gfloat  *dy = g_new (gfloat, width);
  Slopes              own = { 0 };
  gint                x, y;

  for (y = 2; y < height - 2; y++)
    {
      const gfloat *inside = skin_row (skin, level, y);

      pockmark_level_slopes (level, &east, y, dx, dy);
      for (x = 2; x < width - 2; x++)
        {
          const gfloat r2 = dx[x] * dx[x] + dy[x] * dy[x];

          if (r2 <= 0.0f || ! is_skin (inside, skin, level, x))
            continue;
          own.xx += dx[x] * dx[x] / r2;
          own.xy += dx[x] * dy[x] / r2;
          own.yy += dy[x] * dy[x] / r2;
          own.n += 1.0;
        }
    }
  if (own.n < ENOUGH)
    return;
  sum->xx += own.xx / own.n;
  sum->xy += own.xy / own.n;
  sum->yy += own.yy / own.n;
  sum->n += 1.0;
}

/* Three rows of slopes along the light, and of how much each pixel looks like
 * the centre of a hollow or bump: its slope along less half of that across. */
typedef struct
{
  gfloat *along[3];
  gfloat *dipole[3];
  gfloat *noise;
} Rows;

static void
read_row (Rows                *rows,
          const PockmarkLevel *level,
          const PockmarkLight *light,
          gint                 y)
{
  const gint width = level->smooth[POCKMARK_SHADING]->width;
  gfloat    *along = rows->along[y % 3];
  gfloat    *dipole = rows->dipole[y % 3];
  gint       x;

  pockmark_level_slopes (level, light, y, along, dipole);
  for (x = 0; x < width; x++)
    dipole[x] = fabsf (along[x]) - 0.5f * fabsf (dipole[x]);
}

static gboolean
is_dipole (const Rows *rows,
           gint        x,
           gint        y)
{
  const gfloat own = rows->dipole[y % 3][x];
  gint         i, j;

  if (own < SIGN_Z * rows->noise[x])
    return FALSE;
  for (j = 0; j < 3; j++)
    for (i = -1; i <= 1; i++)
      if (rows->dipole[j][x + i] > own)
        return FALSE;
  return TRUE;
}

/* Votes of one level, see below. */
static void
add_votes (const PockmarkLevel *level,
           const PockmarkPlane *skin,
           const PockmarkLight *light,
           gdouble             *sum,
           gdouble             *squares)
{
  const PockmarkPlane *dark = level->blob[POCKMARK_SHADING];
  const gint  width = dark->width;
  g_autofree gfloat *memory = g_new (gfloat, (gsize) width * 7);
  Rows rows;
  gint x, y;

  for (x = 0; x < 3; x++)
    {
      rows.along[x] = memory + (gsize) width * x;
      rows.dipole[x] = memory + (gsize) width * (3 + x);
    }
  rows.noise = memory + (gsize) width * 6;
  for (y = 0; y < MIN (2, dark->height); y++)
    read_row (&rows, level, light, y);
  for (y = 1; y < dark->height - 1; y++)
    {
      const gfloat *inside = skin_row (skin, level, y);

      read_row (&rows, level, light, y + 1);
      pockmark_mesh_row (level->slope_noise, y, rows.noise, width);
      for (x = 1; x < width - 1; x++)
        {
          gfloat vote;

          if (! is_dipole (&rows, x, y) || ! is_skin (inside, skin, level, x))
            continue;
          vote = dark->data[(gsize) y * width + x]
                 / pockmark_mesh_at (level->noise[POCKMARK_SHADING], x + 0.5,
                                     y + 0.5);
          vote = CLAMP (vote, -6.0f, 6.0f);
          *sum += rows.along[y % 3][x] > 0.0f ? vote : -vote;
          *squares += vote * vote;
        }
    }
}

/* Each clear dipole votes by the darkness at its centre: positive where hollows
 * are taken for hollows.  In units of what votes at random would add up to. */
static gdouble
sign_of_light (const PockmarkScaleSpace *space,
               const PockmarkPlane      *skin,
               gdouble                   pixels_per_mm,
               const PockmarkLight      *light)
{
  gdouble sum = 0.0, squares = 0.0;
  gint    l;

  for (l = 0; l < space->n; l++)
    if (tells_of_light (&space->level[l], pixels_per_mm))
      add_votes (&space->level[l], skin, light, &sum, &squares);
  return squares > 0.0 ? sum / sqrt (squares) : 0.0;
}

PockmarkLight
pockmark_light_estimate (const PockmarkScaleSpace *space,
                         const PockmarkPlane      *skin,
                         gdouble                   pixels_per_mm)
{
  PockmarkLight light;
  Slopes        sum = { 0 };
  gdouble       anisotropy, sign;
  gint          l;

  for (l = 0; l < space->n; l++)
    if (tells_of_light (&space->level[l], pixels_per_mm))
      add_slopes (&space->level[l], skin, &sum);

  anisotropy = sum.xx + sum.yy > 0.0
                   ? hypot (sum.xx - sum.yy, 2.0 * sum.xy) / (sum.xx + sum.yy)
                   : 0.0;
  light = pockmark_light_given (
      -0.5 * atan2 (2.0 * sum.xy, sum.xx - sum.yy) * 180.0 / G_PI);
  sign = sign_of_light (space, skin, pixels_per_mm, &light);
  if (sign < 0.0)
    light = pockmark_light_given (light.azimuth + 180.0);
  if (light.azimuth < 0.0)
    light.azimuth += 360.0;
  light.source = anisotropy > ANISOTROPY_MIN && fabs (sign) > SIGN_MIN
                     ? POCKMARK_LIGHT_ESTIMATED
                     : POCKMARK_LIGHT_UNKNOWN;
  return light;
}
