/* Pockmark: what a candidate is, and how sure that is
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two small networks weigh the evidence.  The first one takes a glance at what
 * every candidate brings along and lets pass what might be a lesion.  For
 * these alone a patch is grown and the surroundings are sampled; the second
 * one weighs all of it and gives the chances of "none of them" and of the four
 * classes, which add up to one.  Each is a layer of sums that are cut off below
 * zero, and a layer of sums of these; of the second there are several fits,
 * whose mean score decides.
 *
 * The weights are fitted on phantoms of the project's "develop" set by
 * tests/accuracy/fit.py, which writes weights.h; nothing is tuned by hand.
 */

#include <math.h>
#include <string.h>

#include "pockmark-stages.h"
#include "weights.h"

/* Beyond this many spreads a response is sure: how clean a picture is must not
 * count as evidence. */
#define SURE_Z 25.0f

/* "None of them" is sure where its score is so far above all others, which is a
 * chance of 0.998 or more: then the other fits are not asked. */
#define SURELY 6.0f

/* Keeps the sign and tames the size of a response. */
static inline gfloat
tame (gfloat z)
{
  return copysignf (log1pf (MIN (fabsf (z), SURE_Z)), z);
}

static inline gfloat
log_size (gdouble working_pixels,
          gdouble pixels_per_mm)
{
  return logf (CLAMP ((gfloat) (working_pixels / pixels_per_mm), 0.2f, 15.0f));
}

/* The candidate's own response. */
static gfloat
own_response (const PockmarkCandidate *candidate)
{
  const PockmarkEvidence *e = &candidate->evidence;
  const gfloat response[POCKMARK_N_KINDS]
      = { e->hemoglobin, e->melanin, e->shadow, e->dipole };

  return tame (response[candidate->kind]);
}

static void
glance (const PockmarkJudge     *judge,
        const PockmarkCandidate *candidate,
        gfloat                   features[POCKMARK_N_GLANCE])
{
  const PockmarkEvidence *e = &candidate->evidence;
  const gfloat own[POCKMARK_N_KINDS]
      = { e->contrast_hemoglobin, e->contrast_melanin, e->contrast_shading,
          e->contrast_shading };
  const gfloat width = log_size (candidate->width, judge->pixels_per_mm);
  const gfloat all = fabsf (e->contrast_hemoglobin)
                     + 0.5f * fabsf (e->contrast_melanin)
                     + fabsf (e->contrast_shading) + 0.005f;
  const gfloat z = own_response (candidate);
  gint         kind;

  features[0] = 1.0f;
  features[1] = width;
  features[2] = width * width;
  features[3] = z;
  features[4] = z * z;
  features[5] = z * width;
  features[6] = logf (CLAMP (fabsf (own[candidate->kind]), 1e-3f, 1.0f));
  features[7] = tame (e->hemoglobin);
  features[8] = tame (e->melanin);
  features[9] = tame (e->shadow);
  features[10] = tame (e->dipole);
  features[11] = logf (e->elongation);
  features[12] = CLAMP (candidate->finer, -1.0f, 3.0f);
  features[13] = CLAMP (candidate->coarser, -1.0f, 3.0f);
  features[14] = fabsf (candidate->across) / (fabsf (e->dipole) + 1.0f);
  features[15] = e->contrast_hemoglobin / all;
  features[16] = 0.5f * e->contrast_melanin / all;
  features[17] = e->contrast_shading / all;
  features[18] = CLAMP (candidate->base_hemoglobin, -0.2f, 2.0f);
  features[19] = CLAMP (candidate->base_melanin, -0.5f, 3.5f);
  features[20] = judge->light.source == POCKMARK_LIGHT_UNKNOWN;
  for (kind = 0; kind < POCKMARK_N_KINDS; kind++)
    features[21 + kind] = candidate->kind == (PockmarkKind) kind;
}

void
pockmark_features (const PockmarkJudge     *judge,
                   const PockmarkCandidate *candidate,
                   const PockmarkPatch     *patch,
                   gboolean                 from_behind,
                   gfloat                   features[POCKMARK_N_FEATURES])
{
  const gfloat size
      = log_size (patch->area > 0 ? patch->diameter : candidate->width,
                  judge->pixels_per_mm);
  gfloat *own = features + POCKMARK_N_GLANCE;

  glance (judge, candidate, features);
  own[0] = size;
  own[1] = size * size;
  own[2] = logf (CLAMP (fabsf (patch->contrast), 1e-3f, 1.0f));
  own[3] = patch->fill;
  own[4] = size - log_size (candidate->width, judge->pixels_per_mm);
  own[5] = own_response (candidate) * size;
  pockmark_rosette (candidate, judge->space, &judge->light, from_behind, own + 6);
}

/* The cut-off sums of a hidden layer.  One feature's weights lie beside one
 * another, as vector code wants them; four features at a time keep the sums in
 * registers four times as long. */
static inline void
hidden_sums (const gfloat    *restrict weights,
             const gfloat    *restrict features,
             gint             n,
             gint             n_hidden,
             gfloat          *restrict sums)
{
  gint h, i;

  memset (sums, 0, (gsize) n_hidden * sizeof (gfloat));
  for (i = 0; i + 3 < n; i += 4, weights += 4 * n_hidden)
    for (h = 0; h < n_hidden; h++)
      sums[h] += weights[h] * features[i]
                 + weights[n_hidden + h] * features[i + 1]
                 + weights[2 * n_hidden + h] * features[i + 2]
                 + weights[3 * n_hidden + h] * features[i + 3];
  for (; i < n; i++, weights += n_hidden)
    for (h = 0; h < n_hidden; h++)
      sums[h] += weights[h] * features[i];
  for (h = 0; h < n_hidden; h++)
    sums[h] = MAX (sums[h], 0.0f);
}

gboolean
pockmark_is_worth_a_look (const PockmarkJudge     *judge,
                          const PockmarkCandidate *candidate)
{
  gfloat features[POCKMARK_N_GLANCE];
  gfloat hidden[POCKMARK_N_GLANCE_HIDDEN];
  gfloat sum = glance_output[POCKMARK_N_GLANCE_HIDDEN];
  gint   h;

  glance (judge, candidate, features);
  hidden_sums (glance_hidden[0], features, POCKMARK_N_GLANCE,
               POCKMARK_N_GLANCE_HIDDEN, hidden);
  for (h = 0; h < POCKMARK_N_GLANCE_HIDDEN; h++)
    sum += glance_output[h] * hidden[h];
  return sum > 0.0f;
}

/* Whether the first fit alone, whose scores are sum, leaves no class a chance
 * that another fit could still make one. */
static gboolean
is_surely_none (const gfloat sum[POCKMARK_N_CLASSES])
{
  gfloat score[POCKMARK_N_CLASSES];
  gfloat highest = -G_MAXFLOAT;
  gint   c;

  for (c = 0; c < POCKMARK_N_CLASSES; c++)
    score[c] = POCKMARK_N_FITS * sum[c] + output_constants[c];
  for (c = POCKMARK_CRATER; c < POCKMARK_N_CLASSES; c++)
    highest = MAX (highest, score[c]);
  return highest < score[POCKMARK_NONE] - SURELY;
}

/* Adds the chances of POCKMARK_NONE and of each class. */
static void
add_chances (const gfloat *features,
             gfloat        chance[POCKMARK_N_CLASSES])
{
  gfloat sum[POCKMARK_N_CLASSES] = { 0.0f };
  gfloat hidden[POCKMARK_N_HIDDEN];
  gfloat highest = -G_MAXFLOAT;
  gfloat total = 0.0f;
  gint   fit, c, h;

  for (fit = 0; fit < POCKMARK_N_FITS; fit++)
    {
      hidden_sums (hidden_weights[fit][0], features, POCKMARK_N_FEATURES,
                   POCKMARK_N_HIDDEN, hidden);
      for (h = 0; h < POCKMARK_N_HIDDEN; h++)
        for (c = 0; c < POCKMARK_N_CLASSES; c++)
          sum[c] += output_weights[fit][h][c] * hidden[h];
      if (fit == 0 && is_surely_none (sum))
        {
          chance[POCKMARK_NONE] += 1.0f;
          return;
        }
    }
  for (c = 0; c < POCKMARK_N_CLASSES; c++)
    {
      sum[c] += output_constants[c];
      highest = MAX (highest, sum[c]);
    }
  for (c = 0; c < POCKMARK_N_CLASSES; c++)
    total += sum[c] = expf (sum[c] - highest);
  for (c = 0; c < POCKMARK_N_CLASSES; c++)
    chance[c] += sum[c] / total;
}

PockmarkClass
pockmark_classify (const PockmarkJudge     *judge,
                   const PockmarkCandidate *candidate,
                   const PockmarkPatch     *patch,
                   gfloat                  *confidence)
{
  /* Where the light may be at either end of its axis, both are asked. */
  const gint views = judge->light.source == POCKMARK_LIGHT_UNKNOWN ? 2 : 1;
  gfloat     features[POCKMARK_N_FEATURES];
  gfloat     chance[POCKMARK_N_CLASSES] = { 0.0f };
  gint       best = POCKMARK_CRATER;
  gint       c, view;

  *confidence = 0.0f;
  if (patch->area <= 0)
    return POCKMARK_NONE;
  for (view = 0; view < views; view++)
    {
      pockmark_features (judge, candidate, patch, view == 1, features);
      add_chances (features, chance);
    }
  for (c = POCKMARK_CRATER; c < POCKMARK_N_CLASSES; c++)
    if (chance[c] > chance[best])
      best = c;
  *confidence = chance[best] / (gfloat) views;
  return (PockmarkClass) best;
}
