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
  PockmarkPlane       *out;
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

static void
blur_down (const Blur *blur,
           gint        y,
           gfloat     *row)
{
  const PockmarkPlane *plane = blur->plane;
  const gsize          stride = (gsize) plane->width;
  const gfloat        *centre = plane->data + (gsize) y * stride;
  gint                 i, x;

  for (x = 0; x < plane->width; x++)
    row[x] = blur->kernel[0] * centre[x];
  for (i = 1; i <= blur->radius; i++)
    {
      const gfloat *above = plane->data + (gsize) MAX (y - i, 0) * stride;
      const gfloat *below
          = plane->data + (gsize) MIN (y + i, plane->height - 1) * stride;
      const gfloat k = blur->kernel[i];

      for (x = 0; x < plane->width; x++)
        row[x] += k * (above[x] + below[x]);
    }
}

/* padded has radius repeated pixels on both sides of the row. */
static void
blur_along (const Blur *blur,
            gfloat     *padded,
            gfloat     *out)
{
  const gint width = blur->plane->width;
  const gint radius = blur->radius;
  gfloat    *centre = padded + radius;
  gint       i, x;

  for (i = 1; i <= radius; i++)
    {
      centre[-i] = centre[0];
      centre[width - 1 + i] = centre[width - 1];
    }
  for (x = 0; x < width; x++)
    out[x] = blur->kernel[0] * centre[x];
  for (i = 1; i <= radius; i++)
    {
      const gfloat  k = blur->kernel[i];
      const gfloat *left = centre - i;
      const gfloat *right = centre + i;

      for (x = 0; x < width; x++)
        out[x] += k * (left[x] + right[x]);
    }
}

static void
blur_rows (gsize    first,
           gsize    count,
           gpointer data)
{
  const Blur        *blur = data;
  g_autofree gfloat *padded
      = g_new (gfloat, (gsize) blur->plane->width + 2 * (gsize) blur->radius);
  gsize y;

  for (y = first; y < first + count; y++)
    {
      blur_down (blur, (gint) y, padded + blur->radius);
      blur_along (blur, padded,
                  blur->out->data + y * (gsize) blur->plane->width);
    }
}

void
pockmark_blur (const PockmarkPlane *plane,
               gdouble              sigma,
               PockmarkPlane       *out,
               const PockmarkHost  *host)
{
  Blur               blur = { .plane = plane, .out = out };
  g_autofree gfloat *kernel = NULL;

  if (sigma < 0.1)
    {
      memcpy (out->data, plane->data,
              (gsize) plane->width * plane->height * sizeof (gfloat));
      return;
    }
  blur.kernel = kernel = kernel_new (sigma, &blur.radius);
  pockmark_host_parallel (host, (gsize) plane->height, 32, blur_rows, &blur);
}

PockmarkPlane *
pockmark_halve (const PockmarkPlane *plane,
                GError             **error)
{
  PockmarkPlane *out = pockmark_plane_new ((plane->width + 1) / 2,
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

/* Both levels of one octave of one plane.  base, of blur base_sigma, is blurred
 * on to sigma; on return it is the next octave's base, of the same sigma. */
static gboolean
octave_plane (PockmarkLevel      *level,
              gint                component,
              PockmarkPlane     **base,
              gdouble             base_sigma,
              const PockmarkHost *host,
              GError            **error)
{
  const gdouble sigma = level[0].sigma;
  const gsize   n = (gsize) (*base)->width * (*base)->height;
  g_autoptr (PockmarkPlane) scratch = NULL;
  gint  i;
  gsize at;

  for (i = 0; i < 2; i++)
    {
      level[i].smooth[component] = pockmark_plane_new ((*base)->width, (*base)->height, error);
      level[i].blob[component] = pockmark_plane_new ((*base)->width, (*base)->height, error);
      if (! level[i].smooth[component] || ! level[i].blob[component])
        return FALSE;
    }
  scratch = pockmark_plane_new ((*base)->width, (*base)->height, error);
  if (! scratch)
    return FALSE;

  pockmark_blur (*base, sqrt (MAX (sigma * sigma - base_sigma * base_sigma, 0.0)),
                 level[0].smooth[component], host);
  pockmark_blur (level[0].smooth[component], sigma, level[1].smooth[component], host);
  pockmark_blur (level[1].smooth[component], sigma * G_SQRT2, scratch, host);
  for (at = 0; at < n; at++)
    level[0].blob[component]->data[at]
        = level[0].smooth[component]->data[at] - scratch->data[at];
  pockmark_blur (scratch, 2.0 * sigma, level[1].blob[component], host);
  for (at = 0; at < n; at++)
    level[1].blob[component]->data[at]
        = level[1].smooth[component]->data[at] - level[1].blob[component]->data[at];

  pockmark_plane_free (*base);
  *base = pockmark_halve (scratch, error);
  return *base != NULL;
}

/* Half-size skin: only where all was skin, so that borders stay outside. */
static PockmarkPlane *
halve_skin (const PockmarkPlane *skin,
            GError             **error)
{
  PockmarkPlane *out = pockmark_plane_new ((skin->width + 1) / 2,
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

/* The spread of the slope of shading in both directions together. */
static gboolean
slope_noise (PockmarkLevel       *level,
             const PockmarkPlane *skin,
             gdouble              cell,
             GError             **error)
{
  const PockmarkPlane *smooth = level->smooth[POCKMARK_SHADING];
  const gfloat         half_sigma = (gfloat) (0.5 * level->sigma);
  g_autoptr (PockmarkPlane) slope
      = pockmark_plane_new (smooth->width, smooth->height, error);
  gint x, y;

  if (! slope)
    return FALSE;
  /* A checkerboard of the two directions samples both. */
  for (y = 1; y < smooth->height - 1; y++)
    for (x = 1; x < smooth->width - 1; x++)
      {
        const gsize i = (gsize) y * smooth->width + x;
        const gint  d = (x + y) % 2 ? 1 : smooth->width;

        slope->data[i] = half_sigma * (smooth->data[i + d] - smooth->data[i - d]);
      }
  level->slope_noise = pockmark_mesh_spread (slope, skin, cell, error);
  if (! level->slope_noise)
    return FALSE;
  raise_floor (level->slope_noise);
  return TRUE;
}

static gboolean
level_noise (PockmarkLevel       *level,
             const PockmarkPlane *skin,
             gdouble              cell,
             GError             **error)
{
  const gdouble wide = MAX (cell / level->step, 12.0 * level->sigma);
  gint          c;

  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    {
      level->noise[c] = pockmark_mesh_spread (level->blob[c], skin, wide, error);
      if (! level->noise[c])
        return FALSE;
      raise_floor (level->noise[c]);
    }
  return slope_noise (level, skin, wide, error);
}

PockmarkScaleSpace *
pockmark_scale_space_new (PockmarkPlane *const residual[POCKMARK_N_COMPONENTS],
                          const PockmarkPlane *skin,
                          gdouble              narrowest,
                          gdouble              widest,
                          gdouble              cell,
                          const PockmarkHost  *host,
                          GError             **error)
{
  g_autoptr (PockmarkScaleSpace) space = g_new0 (PockmarkScaleSpace, 1);
  const gdouble  sigma = MAX (narrowest, 4.0) / 4.0;
  PockmarkPlane *base[POCKMARK_N_COMPONENTS] = { NULL };
  g_autoptr (PockmarkPlane) mask = NULL;
  gdouble  base_sigma = 0.0;
  gboolean ok = TRUE;
  gint     c, i, step = 1;

  for (c = 0; ok && c < POCKMARK_N_COMPONENTS; c++)
    {
      ok = (base[c] = pockmark_plane_new (skin->width, skin->height, error)) != NULL;
      if (ok)
        memcpy (base[c]->data, residual[c]->data,
                (gsize) skin->width * skin->height * sizeof (gfloat));
    }
  if (ok && (mask = pockmark_plane_new (skin->width, skin->height, error)))
    memcpy (mask->data, skin->data,
            (gsize) skin->width * skin->height * sizeof (gfloat));
  ok = ok && mask;

  while (ok && 4.0 * sigma * step <= widest
         && space->n + 2 <= (gint) G_N_ELEMENTS (space->level)
         && MIN (base[0]->width, base[0]->height) >= 4)
    {
      PockmarkLevel *level = &space->level[space->n];
      PockmarkPlane *next;

      space->n += 2;
      for (i = 0; i < 2; i++)
        {
          level[i].step = step;
          level[i].sigma = i == 0 ? sigma : sigma * G_SQRT2;
          level[i].width = 4.0 * level[i].sigma * step;
        }
      for (c = 0; ok && c < POCKMARK_N_COMPONENTS; c++)
        ok = octave_plane (level, c, &base[c], base_sigma, host, error);
      for (i = 0; ok && i < 2; i++)
        ok = level_noise (&level[i], mask, cell, error);
      base_sigma = sigma;
      step *= 2;
      if (ok && (next = halve_skin (mask, error)))
        {
          pockmark_plane_free (mask);
          mask = next;
        }
      else
        ok = FALSE;
    }
  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    pockmark_plane_free (base[c]);
  return ok ? g_steal_pointer (&space) : NULL;
}
