/* Pockmark: what a candidate is, and how sure that is
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One small network for each kind of candidate weighs the evidence: a layer of
 * POCKMARK_N_HIDDEN sums, each bent by a hyperbolic tangent, and five outputs
 * for "none of them" and the four classes, made into chances that add up to
 * one.  The weights are fitted on phantoms of the project's "develop" set by
 * tests/accuracy/fit.py, which writes weights.h; nothing is tuned by hand.
 */

#include <math.h>

#include "pockmark-stages.h"
#include "weights.h"

/* Beyond this many spreads a response is sure: how clean a picture is must not
 * count as evidence. */
#define SURE_Z 25.0f

/* Keeps the sign and tames the size of a response. */
static inline gfloat
tame (gfloat z)
{
  return copysignf (log1pf (MIN (fabsf (z), SURE_Z)), z);
}

void
pockmark_features (const PockmarkCandidate *candidate,
                   const PockmarkPatch     *patch,
                   gdouble                  working_pixels_per_mm,
                   gfloat                   features[POCKMARK_N_FEATURES])
{
  const PockmarkEvidence *e = &candidate->evidence;
  const gfloat own_z[POCKMARK_N_KINDS]
      = { e->hemoglobin, e->melanin, e->shadow, e->dipole };
  const gfloat own[POCKMARK_N_KINDS]
      = { e->contrast_hemoglobin, e->contrast_melanin, e->contrast_shading,
          patch->contrast };
  const gfloat scale = (gfloat) working_pixels_per_mm;
  const gfloat diameter = patch->area > 0 ? patch->diameter : candidate->width;
  const gfloat size = logf (CLAMP (diameter / scale, 0.2f, 15.0f));
  const gfloat width = logf (CLAMP (candidate->width / scale, 0.2f, 15.0f));
  const gfloat all = fabsf (e->contrast_hemoglobin)
                     + 0.5f * fabsf (e->contrast_melanin)
                     + fabsf (e->contrast_shading) + 0.005f;
  const gfloat z = tame (own_z[candidate->kind]);

  features[0] = 1.0f;
  features[1] = size;
  features[2] = size * size;
  features[3] = z;
  features[4] = logf (CLAMP (fabsf (own[candidate->kind]), 1e-3f, 1.0f));
  features[5] = tame (e->hemoglobin);
  features[6] = tame (e->melanin);
  features[7] = tame (e->shadow);
  features[8] = tame (e->dipole);
  features[9] = logf (e->elongation);
  features[10] = CLAMP (candidate->finer, -1.0f, 3.0f);
  features[11] = CLAMP (candidate->coarser, -1.0f, 3.0f);
  features[12] = patch->fill;
  features[13] = fabsf (candidate->across) / (fabsf (e->dipole) + 1.0f);
  features[14] = e->contrast_hemoglobin / all;
  features[15] = 0.5f * e->contrast_melanin / all;
  features[16] = e->contrast_shading / all;
  features[17] = size - width;
  features[18] = z * size;
  features[19] = z * z;
  features[20] = CLAMP (candidate->base_hemoglobin, -0.2f, 2.0f);
  features[21] = CLAMP (candidate->base_melanin, -0.5f, 3.5f);
}

/* The chances of POCKMARK_NONE and of each class. */
static void
chances (PockmarkKind  kind,
         const gfloat *features,
         gfloat        chance[POCKMARK_N_CLASSES])
{
  gfloat sum[POCKMARK_N_CLASSES];
  gfloat highest = -G_MAXFLOAT;
  gfloat total = 0.0f;
  gint   c, h, i;

  for (c = 0; c < POCKMARK_N_CLASSES; c++)
    sum[c] = output_weights[kind][POCKMARK_N_HIDDEN][c];
  for (h = 0; h < POCKMARK_N_HIDDEN; h++)
    {
      gfloat hidden = 0.0f;

      for (i = 0; i < POCKMARK_N_FEATURES; i++)
        hidden += hidden_weights[kind][h][i] * features[i];
      hidden = tanhf (hidden);
      for (c = 0; c < POCKMARK_N_CLASSES; c++)
        sum[c] += output_weights[kind][h][c] * hidden;
    }
  for (c = 0; c < POCKMARK_N_CLASSES; c++)
    highest = MAX (highest, sum[c]);
  for (c = 0; c < POCKMARK_N_CLASSES; c++)
    total += chance[c] = expf (sum[c] - highest);
  for (c = 0; c < POCKMARK_N_CLASSES; c++)
    chance[c] /= total;
}

PockmarkClass
pockmark_classify (const PockmarkCandidate *candidate,
                   const PockmarkPatch     *patch,
                   gdouble                  working_pixels_per_mm,
                   gfloat                  *confidence)
{
  gfloat features[POCKMARK_N_FEATURES];
  gfloat chance[POCKMARK_N_CLASSES];
  gint   best = POCKMARK_CRATER;
  gint   c;

  *confidence = 0.0f;
  if (patch->area <= 0)
    return POCKMARK_NONE;
  pockmark_features (candidate, patch, working_pixels_per_mm, features);
  chances (candidate->kind, features, chance);
  for (c = POCKMARK_CRATER; c < POCKMARK_N_CLASSES; c++)
    if (chance[c] > chance[best])
      best = c;
  *confidence = chance[best];
  return (PockmarkClass) best;
}
