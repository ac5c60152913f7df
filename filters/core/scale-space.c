/* Pockmark: Gaussian scale space
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each row of the result is made on its own: first the weighted sum of the
 * rows above and below, then the same along the row.  Both inner loops run
 * over neighbouring floats, so that compilers turn them into vector code, and
 * no second picture is needed.
 */

#include <math.h>
#include <string.h>

#include "pockmark-stages.h"

/* Beyond this many sigma a Gaussian holds less than 3e-4 of its weight. */
#define REACH 3.6

typedef struct
{
  const PockmarkPlane *plane;
  PockmarkPlane       *out;        /* may be NULL                           */
  const PockmarkPlane *minuend;    /* NULL, or:                             */
  PockmarkPlane       *difference; /* becomes minuend minus the blurred one */
  gint                 radius;
  const gfloat        *kernel; /* radius + 1 values: centre and one side */
} Blur;

static gfloat *
kernel_new (gdouble sigma,
            gint   *radius)
{
  gfloat *kernel;
  gdouble sum = 0.0;
  gint    i;

  *radius = MAX (1, (gint) ceil (REACH * sigma));
  kernel = g_new (gfloat, *radius + 1);
  for (i = 0; i <= *radius; i++)
    {
      kernel[i] = (gfloat) exp (-0.5 * i * i / (sigma * sigma));
      sum += i == 0 ? kernel[i] : 2.0 * kernel[i];
    }
  for (i = 0; i <= *radius; i++)
    kernel[i] = (gfloat) (kernel[i] / sum);
  return kernel;
}

/* What four taps on both sides, from the ith on, add at x. */
static inline gfloat
four_taps (const gfloat        *k,
           const gfloat *const *before,
           const gfloat *const *after,
           gint                 i,
           gint                 x)
{
  return k[i] * (before[i][x] + after[i][x])
         + k[i + 1] * (before[i + 1][x] + after[i + 1][x])
         + k[i + 2] * (before[i + 2][x] + after[i + 2][x])
         + k[i + 3] * (before[i + 3][x] + after[i + 3][x]);
}

/* out = the weighted sum of centre and of the radius rows before and after it.
 * Four taps at a time keep the sum in registers four times as long. */
static void
weigh_rows (const Blur          *blur,
            const gfloat        *centre,
            const gfloat *const *before,
            const gfloat *const *after,
            gfloat              *restrict out,
            gint                 width)
{
  const gfloat *k = blur->kernel;
  const gint    radius = blur->radius;
  gint          i, x;

  if (radius >= 4)
    for (x = 0; x < width; x++)
      out[x] = k[0] * centre[x] + four_taps (k, before, after, 1, x);
  else
    for (x = 0; x < width; x++)
      out[x] = k[0] * centre[x];
  for (i = radius >= 4 ? 5 : 1; i + 3 <= radius; i += 4)
    for (x = 0; x < width; x++)
      out[x] += four_taps (k, before, after, i, x);
  for (; i + 1 <= radius; i += 2)
    for (x = 0; x < width; x++)
      out[x] = out[x] + k[i] * (before[i][x] + after[i][x])
               + k[i + 1] * (before[i + 1][x] + after[i + 1][x]);
  if (i <= radius)
    for (x = 0; x < width; x++)
      out[x] += k[i] * (before[i][x] + after[i][x]);
}

/* The rows around row y, the border's repeated, into a padded row. */
static void
blur_down (const Blur    *blur,
           gint           y,
           const gfloat **before,
           const gfloat **after,
           gfloat        *row)
{
  const PockmarkPlane *plane = blur->plane;
  const gsize          stride = (gsize) plane->width;
  gint                 i;

  for (i = 1; i <= blur->radius; i++)
    {
      before[i] = plane->data + (gsize) MAX (y - i, 0) * stride;
      after[i] = plane->data + (gsize) MIN (y + i, plane->height - 1) * stride;
    }
  weigh_rows (blur, plane->data + (gsize) y * stride, before, after, row,
              plane->width);
}

/* padded has room for radius repeated pixels on both sides of the row. */
static void
blur_along (const Blur    *blur,
            const gfloat **before,
            const gfloat **after,
            gfloat        *padded,
            gfloat        *out)
{
  const gint width = blur->plane->width;
  gfloat    *centre = padded + blur->radius;
  gint       i;

  for (i = 1; i <= blur->radius; i++)
    {
      centre[-i] = centre[0];
      centre[width - 1 + i] = centre[width - 1];
      before[i] = centre - i;
      after[i] = centre + i;
    }
  weigh_rows (blur, centre, before, after, out, width);
}

static void
blur_rows (gsize    first,
           gsize    count,
           gpointer data)
{
  const Blur        *blur = data;
  const gsize        width = (gsize) blur->plane->width;
  const gsize        taps = (gsize) blur->radius + 1;
  g_autofree gfloat *padded = g_new (gfloat, width + 2 * taps);
  g_autofree gfloat *spare = blur->out ? NULL : g_new (gfloat, width);
  g_autofree const gfloat **around = g_new (const gfloat *, 2 * taps);
  gsize x, y;

  for (y = first; y < first + count; y++)
    {
      gfloat *row = blur->out ? blur->out->data + y * width : spare;

      blur_down (blur, (gint) y, around, around + taps, padded + blur->radius);
      blur_along (blur, around, around + taps, padded, row);
      if (blur->minuend)
        for (x = 0; x < width; x++)
          blur->difference->data[y * width + x]
              = blur->minuend->data[y * width + x] - row[x];
    }
}

static void
blur_run (Blur               *blur,
          gdouble             sigma,
          const PockmarkHost *host)
{
  g_autofree gfloat *kernel = kernel_new (sigma, &blur->radius);

  blur->kernel = kernel;
  pockmark_host_parallel (host, (gsize) blur->plane->height, 32, blur_rows,
                          blur);
}

void
pockmark_blur (const PockmarkPlane *plane,
               gdouble              sigma,
               PockmarkPlane       *out,
               const PockmarkHost  *host)
{
  Blur blur = { .plane = plane, .out = out };

  if (sigma < 0.1)
    memcpy (out->data, plane->data,
            (gsize) plane->width * plane->height * sizeof (gfloat));
  else
    blur_run (&blur, sigma, host);
}

/* Blurs plane into out (or nowhere) and takes that off minuend. */
static void
blur_off (const PockmarkPlane *plane,
          gdouble              sigma,
          PockmarkPlane       *out,
          const PockmarkPlane *minuend,
          PockmarkPlane       *difference,
          const PockmarkHost  *host)
{
  Blur blur = { .plane = plane, .out = out, .minuend = minuend,
                .difference = difference };

  blur_run (&blur, sigma, host);
}

PockmarkPlane *
pockmark_halve (const PockmarkPlane *plane,
                GError             **error)
{
  PockmarkPlane *out = pockmark_plane_new_raw ((plane->width + 1) / 2,
                                           (plane->height + 1) / 2, error);
  gint           x, y;

  if (! out)
    return NULL;
  for (y = 0; y < out->height; y++)
    {
      const gfloat *from = plane->data + (gsize) (2 * y) * plane->width;
      gfloat       *to = out->data + (gsize) y * out->width;

      for (x = 0; x < out->width; x++)
        to[x] = from[2 * x];
    }
  return out;
}

/* ---- The levels ---- */

/* Noise is never taken for less than this, in density: eight bits cannot show
 * less, and rendered skin without noise must not answer to rounding. */
#define NOISE_FLOOR 0.0015f

static void
level_clear (PockmarkLevel *level)
{
  gint c;

  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    {
      pockmark_plane_free (level->smooth[c]);
      pockmark_plane_free (level->blob[c]);
      pockmark_mesh_free (level->noise[c]);
    }
  pockmark_mesh_free (level->slope_noise);
}

void
pockmark_scale_space_free (PockmarkScaleSpace *space)
{
  gint i;

  if (! space)
    return;
  for (i = 0; i < space->n; i++)
    level_clear (&space->level[i]);
  g_free (space);
}

/* Both levels of one octave of one plane, the first of which has its smooth
 * values already.  next becomes the next octave's: scratch, of the same sigma
 * there, is halved.  scratch is as large as the octave's planes. */
static gboolean
octave_plane (PockmarkLevel      *level,
              gint                component,
              PockmarkPlane      *scratch,
              PockmarkPlane     **next,
              const PockmarkHost *host,
              GError            **error)
{
  const gdouble        sigma = level[0].sigma;
  const PockmarkPlane *first = level[0].smooth[component];
  const gint           width = first->width;
  const gint           height = first->height;

  level[0].blob[component] = pockmark_plane_new_raw (width, height, error);
  if (! level[0].blob[component])
    return FALSE;
  level[1].smooth[component] = pockmark_plane_new_raw (width, height, error);
  if (! level[1].smooth[component])
    return FALSE;
  level[1].blob[component] = pockmark_plane_new_raw (width, height, error);
  if (! level[1].blob[component])
    return FALSE;

  pockmark_blur (first, sigma, level[1].smooth[component], host);
  blur_off (level[1].smooth[component], sigma * G_SQRT2, scratch, first,
            level[0].blob[component], host);
  blur_off (scratch, 2.0 * sigma, NULL, level[1].smooth[component],
            level[1].blob[component], host);
  *next = pockmark_halve (scratch, error);
  return *next != NULL;
}

/* Half-size skin: only where all was skin, so that borders stay outside. */
static PockmarkPlane *
halve_skin (const PockmarkPlane *skin,
            GError             **error)
{
  PockmarkPlane *out = pockmark_plane_new_raw ((skin->width + 1) / 2,
                                           (skin->height + 1) / 2, error);
  gint           x, y;

  for (y = 0; out && y < out->height; y++)
    for (x = 0; x < out->width; x++)
      {
        const gint   x1 = MIN (2 * x + 1, skin->width - 1);
        const gint   y1 = MIN (2 * y + 1, skin->height - 1);
        const gfloat a = MIN (skin->data[(gsize) 2 * y * skin->width + 2 * x],
                              skin->data[(gsize) 2 * y * skin->width + x1]);
        const gfloat b = MIN (skin->data[(gsize) y1 * skin->width + 2 * x],
                              skin->data[(gsize) y1 * skin->width + x1]);

        out->data[(gsize) y * out->width + x] = MIN (a, b);
      }
  return out;
}

static void
raise_floor (PockmarkMesh *mesh)
{
  const gsize n = (gsize) mesh->cells->width * mesh->cells->height;
  gsize       i;

  for (i = 0; i < n; i++)
    mesh->cells->data[i] = MAX (mesh->cells->data[i], NOISE_FLOOR);
}

/* Of all levels of a space at once: four meshes each, in parallel. */
typedef struct
{
  PockmarkScaleSpace   *space;
  PockmarkPlane *const *skin; /* of each octave */
  gdouble               cell;
  gint                  failed; /* atomic */
} Noise;

#define MESHES (POCKMARK_N_COMPONENTS + 1)

static PockmarkMesh *
noise_mesh (const Noise *noise,
            gint         l,
            gint         which)
{
  const PockmarkLevel *level = &noise->space->level[l];
  const PockmarkPlane *skin = noise->skin[l / 2];
  const gdouble wide = MAX (noise->cell / level->step, 12.0 * level->sigma);

  if (which < POCKMARK_N_COMPONENTS)
    return pockmark_mesh_spread (level->blob[which], skin, wide, NULL);
  return pockmark_mesh_slope_spread (level->smooth[POCKMARK_SHADING], skin,
                                     0.5 * level->sigma, wide, NULL);
}

static void
find_noise (gsize    first,
            gsize    count,
            gpointer data)
{
  Noise *noise = data;
  gsize  i;

  for (i = first; i < first + count; i++)
    {
      /* By turns, so that every part has wide and narrow levels. */
      const gint     l = (gint) (i / MESHES);
      const gint     which = (gint) (i % MESHES);
      PockmarkLevel *level = &noise->space->level[l];
      PockmarkMesh  *mesh = noise_mesh (noise, l, which);

      if (mesh)
        raise_floor (mesh);
      else
        g_atomic_int_set (&noise->failed, TRUE);
      if (which < POCKMARK_N_COMPONENTS)
        level->noise[which] = mesh;
      else
        level->slope_noise = mesh;
    }
}

static gboolean
space_noise (PockmarkScaleSpace   *space,
             PockmarkPlane *const *skin,
             gdouble               cell,
             const PockmarkHost   *host,
             GError              **error)
{
  Noise noise = { space, skin, cell, FALSE };

  pockmark_host_parallel (host, (gsize) space->n * MESHES, 1, find_noise,
                          &noise);
  if (noise.failed)
    pockmark_memory_error (error);
  return ! noise.failed;
}

static void
octave_init (PockmarkLevel *level,
             gdouble        sigma,
             gint           step)
{
  gint i;

  for (i = 0; i < 2; i++)
    {
      level[i].step = step;
      level[i].sigma = i == 0 ? sigma : sigma * G_SQRT2;
      level[i].width = 4.0 * level[i].sigma * step;
    }
}

/* The first octave's first level: the residuals, blurred.  Each is blurred
 * into the plane that the last one leaves; returns the one that is left in the
 * end, NULL on error. */
static PockmarkPlane *
begin_space (PockmarkPlane      *residual[POCKMARK_N_COMPONENTS],
             gdouble             sigma,
             PockmarkPlane      *base[POCKMARK_N_COMPONENTS],
             const PockmarkHost *host,
             GError            **error)
{
  PockmarkPlane *spare = pockmark_plane_new_raw (residual[0]->width,
                                                 residual[0]->height, error);
  gint           c;

  for (c = 0; spare && c < POCKMARK_N_COMPONENTS; c++)
    {
      pockmark_blur (residual[c], sigma, spare, host);
      base[c] = spare;
      spare = g_steal_pointer (&residual[c]);
    }
  return spare;
}

/* Adds the octaves; base holds the first smooth values of the next one.
 * scratch is the first one's; it is taken, for the others need less. */
static gboolean
add_octaves (PockmarkScaleSpace *space,
             PockmarkPlane      *base[POCKMARK_N_COMPONENTS],
             PockmarkPlane     **scratch,
             gdouble             sigma,
             gdouble             widest,
             const PockmarkHost *host,
             GError            **error)
{
  gint c, step = 1;

  for (; 4.0 * sigma * step <= widest && space->n + 2 <= POCKMARK_MAX_LEVELS
         && MIN (base[0]->width, base[0]->height) >= 4;
       step *= 2)
    {
      PockmarkLevel *level = &space->level[space->n];

      if (! *scratch
          && ! (*scratch = pockmark_plane_new_raw (base[0]->width,
                                                   base[0]->height, error)))
        return FALSE;
      octave_init (level, sigma, step);
      space->n += 2;
      for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
        {
          level[0].smooth[c] = g_steal_pointer (&base[c]);
          if (! octave_plane (level, c, *scratch, &base[c], host, error))
            return FALSE;
        }
      g_clear_pointer (scratch, pockmark_plane_free);
    }
  return TRUE;
}

/* The skin at the size of each octave. */
static gboolean
halve_skins (const PockmarkPlane *skin,
             gint                 n,
             PockmarkPlane       *skins[POCKMARK_MAX_LEVELS / 2],
             GError             **error)
{
  gint i;

  for (i = 1; i < n; i++)
    if (! (skins[i] = halve_skin (i == 1 ? skin : skins[i - 1], error)))
      return FALSE;
  return TRUE;
}

PockmarkScaleSpace *
pockmark_scale_space_new (PockmarkPlane       *residual[POCKMARK_N_COMPONENTS],
                          const PockmarkPlane *skin,
                          gdouble              narrowest,
                          gdouble              widest,
                          gdouble              cell,
                          const PockmarkHost  *host,
                          GError             **error)
{
  g_autoptr (PockmarkScaleSpace) space = g_new0 (PockmarkScaleSpace, 1);
  g_autoptr (PockmarkPlane)      scratch = NULL;
  PockmarkPlane *skins[POCKMARK_MAX_LEVELS / 2] = { (PockmarkPlane *) skin };
  PockmarkPlane *base[POCKMARK_N_COMPONENTS] = { NULL };
  const gdouble  sigma = MAX (narrowest, POCKMARK_NARROWEST_PIXELS) / 4.0;
  gboolean       ok;
  gint           i;

  scratch = begin_space (residual, sigma, base, host, error);
  ok = scratch
       && add_octaves (space, base, &scratch, sigma, widest, host, error)
       && halve_skins (skin, space->n / 2, skins, error)
       && space_noise (space, skins, cell, host, error);
  for (i = 0; i < POCKMARK_N_COMPONENTS; i++)
    {
      g_clear_pointer (&residual[i], pockmark_plane_free);
      pockmark_plane_free (base[i]);
    }
  for (i = 1; i < (gint) G_N_ELEMENTS (skins); i++)
    pockmark_plane_free (skins[i]);
  return ok ? g_steal_pointer (&space) : NULL;
}
