/* Pockmark: where the light comes from
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The wall of a hollow that is nearer to the light lies in shadow and the far
 * one shines; a bump is the other way round.  So the shading of small relief
 * changes most along the light's azimuth: the larger axis of the covariance of
 * its slopes gives the azimuth modulo 180 degrees.  Its sign no sum of products
 * can give, since those are alike for a relief and its cast; it comes from
 * what skin is like: narrow furrows between wide plateaus.
 */

#include <math.h>

#include "pockmark-stages.h"

/* Widths of relief that tells of the light, mm. */
#define RELIEF_MIN_MM 0.6
#define RELIEF_MAX_MM 4.0

/* Slopes of one width at least. */
#define ENOUGH 400

/* Dark spots that tell of the light's sign: up to this width, mm; beyond so
 * many spreads; looked at so many widths to either side; none counts more. */
#define SPOT_MAX_MM 0.85
#define SPOT_Z 3.0f
#define VOTE_REACH 0.6
#define VOTE_MAX 4.0f

/* The axis must stand out by this anisotropy, (a - b) / (a + b), and the sign
 * by so much more than chance. */
#define ANISOTROPY_MIN 0.02
#define SIGN_MIN 2.0

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

/* Blob response of the red channel's density: of the three it has the least
 * noise, and chromophores show least in it.  Densities add up from the planes
 * by the vectors' red components, as far as these fit. */
static PockmarkPlane *
red_blobs (const PockmarkLevel *level,
           GError             **error)
{
  const PockmarkVectors *v = &pockmark_vectors_default;
  const gfloat *h = level->blob[POCKMARK_HEMOGLOBIN]->data;
  const gfloat *m = level->blob[POCKMARK_MELANIN]->data;
  const gfloat *s = level->blob[POCKMARK_SHADING]->data;
  PockmarkPlane *out
      = pockmark_plane_new (level->blob[POCKMARK_SHADING]->width,
                            level->blob[POCKMARK_SHADING]->height, error);
  gsize i, n;

  if (! out)
    return NULL;
  n = (gsize) out->width * out->height;
  for (i = 0; i < n; i++)
    out->data[i] = v->hemoglobin[0] * h[i] + v->melanin[0] * m[i] + s[i];
  return out;
}

/* 1.4826 times the median of the absolute values, from a sample of pixels. */
static gfloat
usual_size (const PockmarkPlane *plane)
{
  const gsize n = (gsize) plane->width * plane->height;
  const gsize step = MAX (1, n / 65536);
  g_autofree gfloat *values = g_new (gfloat, n / step + 1);
  gsize i, k = 0;

  /* Exact zeros are pixels without skin. */
  for (i = 0; i < n; i += step)
    if (plane->data[i] != 0.0f)
      values[k++] = fabsf (plane->data[i]);
  return k > 0 ? 1.4826f * pockmark_quantile (values, k, 0.5) : 0.0f;
}

static gfloat
value_at (const PockmarkPlane *plane,
          gfloat               x,
          gfloat               y)
{
  const gint ix = CLAMP ((gint) lrintf (x), 0, plane->width - 1);
  const gint iy = CLAMP ((gint) lrintf (y), 0, plane->height - 1);

  return plane->data[(gsize) iy * plane->width + ix];
}

/* The votes of one level's dark spots, see below. */
static void
add_votes (const PockmarkLevel *level,
           const PockmarkPlane *blobs,
           const PockmarkPlane *skin,
           const PockmarkLight *light,
           gdouble             *sum,
           gdouble             *squares)
{
  const gfloat noise = usual_size (blobs);
  const gfloat dx = (gfloat) (VOTE_REACH * 4.0 * level->sigma) * light->ux;
  const gfloat dy = (gfloat) (VOTE_REACH * 4.0 * level->sigma) * light->uy;
  const gint   width = blobs->width;
  gint         x, y;

  for (y = 1; noise > 0.0f && y < blobs->height - 1; y++)
    {
      const gfloat *inside = skin_row (skin, level, y);
      const gfloat *row = blobs->data + (gsize) y * width;

      for (x = 1; x < width - 1; x++)
        {
          gfloat vote;

          if (row[x] < SPOT_Z * noise || row[x] < row[x - 1]
              || row[x] < row[x + 1] || row[x] < row[x - width]
              || row[x] < row[x + width] || ! is_skin (inside, skin, level, x))
            continue;
          vote = (value_at (blobs, (gfloat) x + dx, (gfloat) y + dy)
                  - value_at (blobs, (gfloat) x - dx, (gfloat) y - dy))
                 / noise;
          vote = CLAMP (vote, -VOTE_MAX, VOTE_MAX);
          *sum += vote;
          *squares += vote * vote;
        }
    }
}

/* Furrows and pores are narrow and the skin between them is wide.  So beside
 * the dark wall of one, the bright wall is near on the side away from the
 * light, and far on the other.  Every small dark spot votes by which side is
 * brighter; the sum is in units of what votes at random would add up to. */
static gdouble
sign_of_light (const PockmarkScaleSpace *space,
               const PockmarkPlane      *skin,
               gdouble                   pixels_per_mm,
               const PockmarkLight      *light)
{
  gdouble sum = 0.0, squares = 0.0;
  gint    l;

  for (l = 0; l < space->n; l++)
    if (space->level[l].width <= SPOT_MAX_MM * pixels_per_mm)
      {
        g_autoptr (PockmarkPlane) blobs = red_blobs (&space->level[l], NULL);

        if (blobs)
          add_votes (&space->level[l], blobs, skin, light, &sum, &squares);
      }
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
