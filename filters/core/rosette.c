/* Pockmark: what surrounds a candidate
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The three planes are sampled on rings around the candidate, at spokes that
 * are counted from the light's side: so a hollow looks the same under a light
 * from anywhere.  The two sides of the light's axis are mirror images of one
 * another; they are averaged, and how unlike they are is kept as one number a
 * ring.  All is relative to the outer rings and to its own root mean square:
 * shape counts, not contrast, which is one number of its own.
 */

#include <math.h>

#include "pockmark-stages.h"

#define RINGS POCKMARK_ROSETTE_RINGS
#define SPOKES POCKMARK_ROSETTE_SPOKES
#define HALF (SPOKES / 2)

/* In widths of the candidate. */
static const gfloat radius_of_ring[RINGS]
    = { 0.25f, 0.5f, 0.75f, 1.0f, 1.35f, 1.8f };

/* The skin around is read off the rings from this one on. */
#define OUTER_RING (RINGS - 2)

/* Melanin's density has about twice the spread of the others'. */
static const gfloat share_of_power[POCKMARK_N_COMPONENTS] = { 1.0f, 0.25f, 1.0f };

/* A root mean square below this density is noise, not shape. */
#define LEAST_CONTRAST 0.004f

typedef struct
{
  gfloat centre;
  gfloat ring[RINGS][SPOKES];
} Samples;

/* Where the samples lie, from the candidate's centre. */
typedef struct
{
  gfloat x[RINGS][SPOKES];
  gfloat y[RINGS][SPOKES];
} Places;

static void
find_places (Places *places,
             gfloat  width,
             gfloat  ux,
             gfloat  uy)
{
  gint r, s;

  for (s = 0; s < SPOKES; s++)
    {
      const gfloat angle = (gfloat) s * (2.0f * (gfloat) G_PI / SPOKES);
      const gfloat c = cosf (angle) * width;
      const gfloat d = sinf (angle) * width;

      for (r = 0; r < RINGS; r++)
        {
          places->x[r][s] = radius_of_ring[r] * (c * ux - d * uy);
          places->y[r][s] = radius_of_ring[r] * (c * uy + d * ux);
        }
    }
}

static void
sample (Samples             *samples,
        const PockmarkPlane *plane,
        gfloat               x,
        gfloat               y,
        const Places        *places)
{
  gint r, s;

  samples->centre = pockmark_plane_at (plane, x, y);
  for (r = 0; r < RINGS; r++)
    for (s = 0; s < SPOKES; s++)
      samples->ring[r][s] = pockmark_plane_at (plane, x + places->x[r][s],
                                               y + places->y[r][s]);
}

/* Takes the skin around off; returns the mean square of what is left. */
static gfloat
remove_surroundings (Samples *samples)
{
  gfloat around = 0.0f;
  gfloat power;
  gint   r, s;

  for (r = OUTER_RING; r < RINGS; r++)
    for (s = 0; s < SPOKES; s++)
      around += samples->ring[r][s];
  around /= (RINGS - OUTER_RING) * SPOKES;

  samples->centre -= around;
  power = samples->centre * samples->centre;
  for (r = 0; r < RINGS; r++)
    for (s = 0; s < SPOKES; s++)
      {
        samples->ring[r][s] -= around;
        power += samples->ring[r][s] * samples->ring[r][s];
      }
  return power / (RINGS * SPOKES + 1);
}

/* Writes the samples, folded along the light's axis, and returns where the
 * next may go. */
static gfloat *
fold (const Samples *samples,
      gfloat         scale,
      gfloat        *out)
{
  gint r, s;

  *out++ = scale * samples->centre;
  for (r = 0; r < RINGS; r++)
    {
      const gfloat *ring = samples->ring[r];
      gfloat        unlike = 0.0f;

      *out++ = scale * ring[0];
      for (s = 1; s < HALF; s++)
        {
          *out++ = scale * 0.5f * (ring[s] + ring[SPOKES - s]);
          unlike += fabsf (ring[s] - ring[SPOKES - s]);
        }
      *out++ = scale * ring[HALF];
      *out++ = scale * unlike / (HALF - 1);
    }
  return out;
}

void
pockmark_rosette (const PockmarkCandidate  *candidate,
                  const PockmarkScaleSpace *space,
                  const PockmarkLight      *light,
                  gboolean                  from_behind,
                  gfloat                    rosette[POCKMARK_N_ROSETTE])
{
  const PockmarkLevel *fine
      = &space->level[MAX (candidate->level - POCKMARK_FINER, 0)];
  const gfloat step = (gfloat) fine->step;
  const gfloat sign = from_behind ? -1.0f : 1.0f;
  Places       places;
  Samples      samples[POCKMARK_N_COMPONENTS];
  gfloat      *out = rosette;
  gfloat       power = 0.0f;
  gint         c;

  find_places (&places, candidate->width / step, sign * light->ux,
               sign * light->uy);
  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    {
      sample (&samples[c], fine->smooth[c], candidate->x / step - 0.5f,
              candidate->y / step - 0.5f, &places);
      power += share_of_power[c] * remove_surroundings (&samples[c]);
    }
  power = sqrtf (power) + LEAST_CONTRAST;
  *out++ = logf (power);
  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    out = fold (&samples[c], 1.0f / power, out);
}
