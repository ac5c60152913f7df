/* Pockmark: what of a skin stays the same under another light
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Light from another side turns the bright and dark flanks of all relief
 * around, so shading itself cannot be compared.  Three things can: pigment,
 * which no light changes; narrow dark places (pores, hairs, the bottom of
 * furrows), which are dark under any light; and how much fine relief there is
 * in a place.  Haemoglobin is left out on purpose: it is what is measured, and
 * must not steer.
 */

#include <math.h>

#include "align.h"

/* The finest level, pixels per mm, and the most pixels that it may have.  A
 * large photograph has places enough to go by with a quarter of them, but
 * then a pair of unrelated skins passes now and then. */
#define FINEST_PIXELS_PER_MM 10.0
#define FINEST_PIXELS_MAX 2.6e6

/* Finer levels only tell how fine the relief is: they have no channels. */
#define FINEST_CHANNELS 9.5

/* The band of each channel, sigmas in pixels of the level. */
#define NARROW_SIGMA 0.8
#define PIGMENT_SIGMA 1.2
#define WIDE_SIGMA 5.0
#define SIDE_SIGMA 1.0
#define TEXTURE_SIGMA 1.5

/* Values are limited smoothly to so many spreads: a single mole or hair must
 * not outweigh all else. */
#define LIMIT 4.0f

void
pockmark_structures_free (PockmarkStructures *structures)
{
  gint i, c;

  if (! structures)
    return;
  for (i = 0; i < structures->n; i++)
    {
      for (c = 0; c < POCKMARK_N_STRUCTURES; c++)
        pockmark_plane_free (structures->level[i].channel[c]);
      pockmark_plane_free (structures->level[i].relief);
      pockmark_plane_free (structures->level[i].weight);
    }
  g_free (structures);
}

/* Means of two by two pixels by weight; NULL weight: plain means. */
static PockmarkPlane *
half_of (const PockmarkPlane *plane,
         const PockmarkPlane *weight,
         GError             **error)
{
  PockmarkPlane *out = pockmark_plane_new (MAX (plane->width / 2, 1),
                                           MAX (plane->height / 2, 1), error);
  gint           x, y, k;

  for (y = 0; out && y < out->height; y++)
    for (x = 0; x < out->width; x++)
      {
        gfloat sum = 0.0f, total = 0.0f;

        for (k = 0; k < 4; k++)
          {
            const gint   px = MIN (2 * x + k % 2, plane->width - 1);
            const gint   py = MIN (2 * y + k / 2, plane->height - 1);
            const gsize  i = (gsize) py * plane->width + px;
            const gfloat w = weight ? weight->data[i] : 1.0f;

            sum += w * plane->data[i];
            total += w;
          }
        out->data[(gsize) y * out->width + x] = total > 0.0f ? sum / total : 0.0f;
      }
  return out;
}

/* plane less its wide mean, over what has weight, then smoothed by narrow. */
static PockmarkPlane *
band_of (const PockmarkPlane *plane,
         const PockmarkPlane *weight,
         gdouble              narrow,
         const PockmarkHost  *host,
         GError             **error)
{
  const gsize n = (gsize) plane->width * plane->height;
  g_autoptr (PockmarkPlane) inside
      = pockmark_plane_new (plane->width, plane->height, error);
  g_autoptr (PockmarkPlane) total
      = inside ? pockmark_plane_new (plane->width, plane->height, error) : NULL;
  PockmarkPlane *out
      = total ? pockmark_plane_new (plane->width, plane->height, error) : NULL;
  gsize          i;

  if (! out)
    return NULL;
  for (i = 0; i < n; i++)
    inside->data[i] = plane->data[i] * weight->data[i];
  pockmark_blur (inside, WIDE_SIGMA, out, host);
  pockmark_blur (weight, WIDE_SIGMA, total, host);
  for (i = 0; i < n; i++)
    inside->data[i] = weight->data[i] > 0.0f
                          ? weight->data[i]
                                * (plane->data[i]
                                   - out->data[i] / MAX (total->data[i], 1e-3f))
                          : 0.0f;
  pockmark_blur (inside, narrow, out, host);
  return out;
}

/* The median of the magnitudes over a sample of what has weight, as a standard
 * deviation. */
static gfloat
spread_of (const PockmarkPlane *plane,
           const PockmarkPlane *weight)
{
  const gsize        n = (gsize) plane->width * plane->height;
  const gsize        stride = 1 + n / 50000;
  g_autofree gfloat *values = g_new (gfloat, n / stride + 1);
  gsize              i, k = 0;

  for (i = 0; i < n; i += stride)
    if (weight->data[i] > 0.5f)
      values[k++] = fabsf (plane->data[i]);
  return k ? MAX (1.4826f * pockmark_quantile (values, k, 0.5), 1e-6f) : 1.0f;
}

static void
limit (PockmarkPlane       *plane,
       const PockmarkPlane *weight)
{
  const gsize  n = (gsize) plane->width * plane->height;
  const gfloat gain = 1.0f / spread_of (plane, weight);
  gsize        i;

  for (i = 0; i < n; i++)
    {
      const gfloat v = gain * plane->data[i];

      plane->data[i] = weight->data[i] * v / (1.0f + fabsf (v) / LIMIT);
    }
}

/* What is darker than its surroundings (sign 1) or brighter (-1), smoothed. */
static PockmarkPlane *
side_of (const PockmarkPlane *relief,
         gfloat               sign,
         const PockmarkHost  *host,
         GError             **error)
{
  const gsize n = (gsize) relief->width * relief->height;
  g_autoptr (PockmarkPlane) side
      = pockmark_plane_new (relief->width, relief->height, error);
  PockmarkPlane *out
      = side ? pockmark_plane_new (relief->width, relief->height, error) : NULL;
  gsize          i;

  if (! out)
    return NULL;
  for (i = 0; i < n; i++)
    side->data[i] = MAX (sign * relief->data[i], 0.0f);
  pockmark_blur (side, SIDE_SIGMA, out, host);
  return out;
}

/* The magnitude of the slope of plane, smoothed. */
static PockmarkPlane *
activity_of (const PockmarkPlane *plane,
             const PockmarkHost  *host,
             GError             **error)
{
  const gint w = plane->width, h = plane->height;
  g_autoptr (PockmarkPlane) slope = pockmark_plane_new (w, h, error);
  PockmarkPlane *out = slope ? pockmark_plane_new (w, h, error) : NULL;
  gint           x, y;

  if (! out)
    return NULL;
  for (y = 0; y < h; y++)
    for (x = 0; x < w; x++)
      {
        const gfloat *row = plane->data + (gsize) y * w;
        const gfloat  gx = row[MIN (x + 1, w - 1)] - row[MAX (x - 1, 0)];
        const gfloat  gy = plane->data[(gsize) MIN (y + 1, h - 1) * w + x]
                          - plane->data[(gsize) MAX (y - 1, 0) * w + x];

        slope->data[(gsize) y * w + x] = sqrtf (gx * gx + gy * gy);
      }
  pockmark_blur (slope, TEXTURE_SIGMA, out, host);
  return out;
}

#define N_BANDS 3

/* The normal equations of pigment as a sum of bands. */
static void
sum_up (const PockmarkPlane *pigment,
        PockmarkPlane *const band[N_BANDS],
        const PockmarkPlane *weight,
        gdouble              matrix[N_BANDS][N_BANDS + 1])
{
  const gsize  n = (gsize) pigment->width * pigment->height;
  const gfloat most = LIMIT * spread_of (pigment, weight);
  const gfloat deepest = LIMIT * spread_of (band[0], weight);
  gsize        i;
  gint         j, k;

  for (i = 0; i < n; i++)
    {
      if (weight->data[i] < 0.5f || fabsf (pigment->data[i]) > most
          || fabsf (band[0]->data[i]) > deepest)
        continue;
      for (j = 0; j < N_BANDS; j++)
        {
          for (k = 0; k < N_BANDS; k++)
            matrix[j][k] += band[j]->data[i] * band[k]->data[i];
          matrix[j][N_BANDS] += band[j]->data[i] * pigment->data[i];
        }
    }
}

/* Gauss and Jordan's elimination; the matrix is symmetric and positive. */
static void
eliminate (gdouble matrix[N_BANDS][N_BANDS + 1])
{
  gint i, j, k;

  for (i = 0; i < N_BANDS; i++)
    matrix[i][i] *= 1.0 + 1e-6;
  for (i = 0; i < N_BANDS; i++)
    {
      const gdouble pivot = matrix[i][i] > 0.0 ? matrix[i][i] : 1.0;

      for (k = i; k <= N_BANDS; k++)
        matrix[i][k] /= pivot;
      for (j = 0; j < N_BANDS; j++)
        if (j != i)
          {
            const gdouble factor = matrix[j][i];

            for (k = i; k <= N_BANDS; k++)
              matrix[j][k] -= factor * matrix[i][k];
          }
    }
}

/* Red light spreads further below the surface than blue, and lamps differ in
 * colour from what comes back from the walls, so that relief leaves a trace in
 * what is read as pigment, and the trace turns with the light.  What of the
 * pigment relief explains, in three bands, is taken off. */
static gboolean
explain_away (PockmarkPlane       *pigment,
              const PockmarkPlane *relief,
              const PockmarkPlane *weight,
              const PockmarkHost  *host,
              GError             **error)
{
  static const gdouble sigma[N_BANDS] = { 0.9, 2.0, 4.0 };
  const gsize    n = (gsize) pigment->width * pigment->height;
  PockmarkPlane *band[N_BANDS] = { NULL };
  gdouble        matrix[N_BANDS][N_BANDS + 1] = { { 0.0 } };
  gboolean       done = TRUE;
  gint           k;
  gsize          i;

  for (k = 0; done && k < N_BANDS; k++)
    {
      band[k] = pockmark_plane_new (pigment->width, pigment->height, error);
      done = band[k] != NULL;
      if (done)
        pockmark_blur (relief, sigma[k], band[k], host);
    }
  if (done)
    {
      sum_up (pigment, band, weight, matrix);
      eliminate (matrix);
      for (k = 0; k < N_BANDS; k++)
        for (i = 0; i < n; i++)
          pigment->data[i] -= (gfloat) matrix[k][N_BANDS] * band[k]->data[i];
    }
  for (k = 0; k < N_BANDS; k++)
    pockmark_plane_free (band[k]);
  return done;
}

/* How much relief there is, fine and medium, as the finest levels see it. */
static gboolean
note_texture (const PockmarkPlane *relief,
              PockmarkPlane       *texture[2],
              const PockmarkHost  *host,
              GError             **error)
{
  const gint which = texture[0] ? 1 : 0;

  if (! texture[which])
    texture[which] = activity_of (relief, host, error);
  return texture[which] != NULL;
}

static gboolean
fill_channels (PockmarkStructure   *level,
               const PockmarkPlane *melanin,
               const PockmarkPlane *relief,
               PockmarkPlane *const texture[2],
               const PockmarkHost  *host,
               GError             **error)
{
  PockmarkPlane           **channel = level->channel;
  const PockmarkPlane      *medium = texture[1] ? texture[1] : texture[0];
  g_autoptr (PockmarkPlane) dark = side_of (relief, 1.0f, host, error);
  g_autoptr (PockmarkPlane) bright
      = dark ? side_of (relief, -1.0f, host, error) : NULL;
  gint                      c;

  if (! bright
      || ! (channel[POCKMARK_STRUCTURE_PIGMENT]
            = band_of (melanin, level->weight, PIGMENT_SIGMA, host, error))
      || ! explain_away (channel[POCKMARK_STRUCTURE_PIGMENT], relief,
                         level->weight, host, error)
      || ! (channel[POCKMARK_STRUCTURE_DARK]
            = band_of (dark, level->weight, 0.0, host, error))
      || ! (channel[POCKMARK_STRUCTURE_BRIGHT]
            = band_of (bright, level->weight, 0.0, host, error))
      || ! (channel[POCKMARK_STRUCTURE_FINE]
            = band_of (texture[0], level->weight, NARROW_SIGMA, host, error))
      || ! (channel[POCKMARK_STRUCTURE_MEDIUM]
            = band_of (medium, level->weight, NARROW_SIGMA, host, error)))
    return FALSE;
  for (c = 0; c < POCKMARK_N_STRUCTURES; c++)
    limit (channel[c], level->weight);
  return TRUE;
}

static gboolean
fill_level (PockmarkStructure   *level,
            const PockmarkPlane *melanin,
            const PockmarkPlane *shading,
            PockmarkPlane       *texture[2],
            const PockmarkHost  *host,
            GError             **error)
{
  g_autoptr (PockmarkPlane) relief
      = band_of (shading, level->weight, NARROW_SIGMA, host, error);

  level->width = melanin->width;
  level->height = melanin->height;
  if (! relief || ! note_texture (relief, texture, host, error))
    return FALSE;
  if (level->scale > FINEST_CHANNELS
      && MAX (level->width, level->height) > 2 * POCKMARK_COARSE_SIDE)
    return TRUE;
  if (! fill_channels (level, melanin, relief, texture, host, error))
    return FALSE;
  level->relief = g_steal_pointer (&relief);
  limit (level->relief, level->weight);
  return TRUE;
}

static gboolean
halve (PockmarkPlane     **plane,
       const PockmarkPlane *weight,
       GError             **error)
{
  PockmarkPlane *half = half_of (*plane, weight, error);

  if (! half)
    return FALSE;
  pockmark_plane_free (*plane);
  *plane = half;
  return TRUE;
}

static gboolean
fill_levels (PockmarkStructures *structures,
             PockmarkReduced    *reduced,
             PockmarkPlane     **planes,
             gdouble             pixels_per_mm,
             const PockmarkHost *host,
             GError            **error)
{
  PockmarkPlane *texture[2] = { NULL, NULL };
  PockmarkPlane *weight = g_steal_pointer (&reduced->weight);
  gdouble        step = reduced->reduction;
  gboolean       done;

  for (;;)
    {
      PockmarkStructure *level = &structures->level[structures->n++];

      level->weight = weight;
      level->step = step;
      level->scale = pixels_per_mm / step;
      done = fill_level (level, planes[POCKMARK_MELANIN],
                         planes[POCKMARK_SHADING], texture, host, error);
      if (! done || MAX (level->width, level->height) <= POCKMARK_COARSE_SIDE
          || structures->n == (gint) G_N_ELEMENTS (structures->level))
        break;
      done = halve (&planes[POCKMARK_MELANIN], weight, error)
             && halve (&planes[POCKMARK_SHADING], weight, error)
             && halve (&texture[0], weight, error)
             && (! texture[1] || halve (&texture[1], weight, error))
             && (weight = half_of (weight, NULL, error));
      if (! done)
        break;
      step *= 2.0;
    }
  pockmark_plane_free (texture[0]);
  pockmark_plane_free (texture[1]);
  return done;
}

/* The photograph at the finest level.  Where size is what limits that, a whole
 * multiple of the working reduction will do, and saves reading it again. */
static PockmarkReduced *
finest_of (const PockmarkSource  *photograph,
           const PockmarkReduced *working,
           gdouble                scale,
           const PockmarkHost    *host,
           GError               **error)
{
  const gdouble pixels = (gdouble) photograph->width * photograph->height;
  const gint    by_size = (gint) ceil (sqrt (pixels / FINEST_PIXELS_MAX));
  const gint    by_scale = (gint) lrint (scale / FINEST_PIXELS_PER_MM);
  const gint    factor
      = (by_size + working->reduction - 1) / working->reduction;

  if (by_size >= by_scale)
    return pockmark_reduced_again (working, MAX (factor, 1), host, error);
  return pockmark_reduced_new (photograph, by_scale, host, error);
}

PockmarkStructures *
pockmark_structures_new (const PockmarkSource     *photograph,
                         const PockmarkReduced    *working,
                         const PockmarkParameters *parameters,
                         const PockmarkHost       *host,
                         GError                  **error)
{
  g_autoptr (PockmarkStructures) structures = g_new0 (PockmarkStructures, 1);
  g_autoptr (PockmarkReduced) reduced = NULL;
  PockmarkPlane   *planes[POCKMARK_N_COMPONENTS] = { NULL };
  PockmarkUnmixing unmixing;
  const gdouble    scale
      = pockmark_working_scale (photograph->width, photograph->height,
                                parameters->pixels_per_mm);
  gboolean         done;
  gint             c;

  if (! pockmark_unmixing_init (&unmixing, &parameters->vectors, error)
      || ! (reduced = finest_of (photograph, working, scale, host, error)))
    return NULL;
  pockmark_reduced_unmix (reduced, &unmixing, host, planes);
  done = fill_levels (structures, reduced, planes, scale, host, error);
  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    pockmark_plane_free (planes[c]);
  return done ? g_steal_pointer (&structures) : NULL;
}
