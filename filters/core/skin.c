/* Pockmark: what the skin of a photograph is like as a whole
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "colour.h"
#include "pockmark-stages.h"

/* The smallest lesion sought, 0.5 mm, spans this many pixels at least at the
 * working scale: finer ones find no more of them (measured on 120 phantoms)
 * and cost by the square. */
#define SMALLEST_PIXELS 3.25
#define SMALLEST_MM 0.5

/* The planes of PockmarkSkin: about so many pixels per mm, never more than so
 * many pixels. */
#define SKIN_PIXELS_PER_MM 3.5
#define SKIN_PIXELS_MAX 1e6

/* What is redder than the skin around it, but no skin, keeps this share of its
 * excess: the mask may err at the rim of a lesion. */
#define NO_SKIN_EXCESS 0.2f

/* The absolute map begins where it holds the skin but for these shares. */
#define OUTLIERS 0.01

/* Unaffected skin is looked for in cells as wide as this, which is more than
 * the largest lesion and less than a cheek. */
#define SURROUNDING_MM 20.0

/* The tone of the skin is the median of about so many pixels: that of more is
 * the same to a tenth of a degree. */
#define ITA_PIXELS 65536

/* A thread gets so many rows, or tones, at least. */
#define GRAIN_ROWS 32
#define GRAIN_TONES 4096

gdouble
pockmark_working_scale (gint    width,
                        gint    height,
                        gdouble pixels_per_mm)
{
  return pixels_per_mm > 0.0 ? pixels_per_mm
                             : MAX (width, height) / POCKMARK_NOMINAL_FACE;
}

gint
pockmark_working_reduction (gint    width,
                            gint    height,
                            gdouble pixels_per_mm)
{
  const gdouble scale = pockmark_working_scale (width, height, pixels_per_mm);

  return MAX (1, (gint) floor (scale * SMALLEST_MM / SMALLEST_PIXELS));
}

gint
pockmark_skin_factor (gint    width,
                      gint    height,
                      gdouble pixels_per_mm)
{
  const gdouble scale = pockmark_working_scale (width, height, pixels_per_mm);
  const gint    k = pockmark_working_reduction (width, height, pixels_per_mm);
  const gdouble by_scale = scale / SKIN_PIXELS_PER_MM;
  const gdouble by_size
      = sqrt (MAX ((gdouble) width * (gdouble) height, 0.0) / SKIN_PIXELS_MAX);

  return MAX (1, (gint) ceil (MAX (by_scale, by_size) / k - 1e-6));
}

void
pockmark_skin_free (PockmarkSkin *skin)
{
  if (! skin)
    return;
  pockmark_plane_free (skin->skin);
  pockmark_plane_free (skin->hemoglobin);
  pockmark_plane_free (skin->surrounding);
  g_free (skin);
}

/* A mesh that is read at every pixel of a plane. */
typedef struct
{
  const PockmarkMesh *mesh;
  PockmarkPlane      *out;
} Reading;

static void
read_mesh_rows (gsize    first,
                gsize    count,
                gpointer data)
{
  const Reading *reading = data;
  const gint     width = reading->out->width;
  gsize          y;

  for (y = first; y < first + count; y++)
    pockmark_mesh_row (reading->mesh, (gint) y,
                       reading->out->data + y * (gsize) width, width);
}

/* Haemoglobin of the unaffected skin: the clipped mean of wide cells. */
static PockmarkPlane *
find_surrounding (const PockmarkPlane *hemoglobin,
                  const PockmarkPlane *skin,
                  gdouble              cell,
                  const PockmarkHost  *host,
                  GError             **error)
{
  g_autoptr (PockmarkMesh) mesh
      = pockmark_mesh_background (hemoglobin, skin, cell, host, error);
  PockmarkPlane *out
      = mesh ? pockmark_plane_new_raw (skin->width, skin->height, error) : NULL;
  Reading        reading = { mesh, out };

  if (out)
    pockmark_host_parallel (host, (gsize) out->height, GRAIN_ROWS,
                            read_mesh_rows, &reading);
  return out;
}

/* See PockmarkSkin. */
static gdouble
found_scale (const PockmarkSkin *skin,
             gint                width,
             gint                height,
             gdouble             told)
{
  const gsize n = (gsize) skin->skin->width * skin->skin->height;
  gsize       i, inside = 0;

  if (told > 0.0)
    return told;
  for (i = 0; i < n; i++)
    inside += skin->skin->data[i] > 0.5f;
  return MAX (width, height)
         / ((gdouble) inside > POCKMARK_CLOSE_UP * (gdouble) n
                ? POCKMARK_NOMINAL_FIELD
                : POCKMARK_NOMINAL_FACE);
}

/* See PockmarkSkin. */
static void
damp_no_skin (PockmarkSkin *skin)
{
  const gsize n = (gsize) skin->skin->width * skin->skin->height;
  gsize       i;

  for (i = 0; i < n; i++)
    {
      const gfloat excess
          = skin->hemoglobin->data[i] - skin->surrounding->data[i];

      if (skin->skin->data[i] <= 0.5f && excess > 0.0f)
        skin->hemoglobin->data[i] -= (1.0f - NO_SKIN_EXCESS) * excess;
    }
}

/* values: scratch for as many as the planes have. */
static gdouble
absolute_start (const PockmarkSkin *skin,
                gfloat             *values)
{
  const gsize n = (gsize) skin->skin->width * skin->skin->height;
  gdouble     low, high;
  gsize       i, k = 0, below = 0, above = 0;

  for (i = 0; i < n; i++)
    if (skin->skin->data[i] > 0.5f)
      {
        const gfloat index = 100.0f * skin->hemoglobin->data[i];

        values[k++] = index;
        below += index < 0.0f;
        above += index > (gfloat) POCKMARK_REDNESS_ABSOLUTE_SPAN;
      }
  /* Of most photographs counting alone tells that it is 0. */
  if (k == 0 || MAX (below, above) < OUTLIERS * (gdouble) (k - 1))
    return 0.0;
  low = pockmark_quantile (values, k, OUTLIERS);
  high = pockmark_quantile (values, k, 1.0 - OUTLIERS);
  return MAX (MIN (low, 0.0), high - POCKMARK_REDNESS_ABSOLUTE_SPAN);
}

/* The tone of every so manieth pixel. */
typedef struct
{
  const PockmarkReduced *reduced;
  const PockmarkPlane   *skin;
  gsize                  step;
  gfloat                *angles; /* NAN where there is no skin */
} Tones;

static void
find_tones (gsize    first,
            gsize    count,
            gpointer data)
{
  const Tones           *tones = data;
  const PockmarkReduced *reduced = tones->reduced;
  gsize                  k;

  for (k = first; k < first + count; k++)
    {
      const gsize  i = k * tones->step;
      const gfloat rgb[3] = { reduced->red->data[i], reduced->green->data[i],
                              reduced->blue->data[i] };
      PockmarkLab  lab;

      tones->angles[k] = NAN;
      if (tones->skin->data[i] <= 0.5f)
        continue;
      lab = pockmark_lab_from_linear (rgb);
      tones->angles[k] = (gfloat) pockmark_ita (lab.l, lab.b);
    }
}

/* angles: scratch for as many as the planes have. */
static gdouble
median_ita (const PockmarkReduced *reduced,
            const PockmarkPlane   *skin,
            const PockmarkHost    *host,
            gfloat                *angles)
{
  const gsize n = (gsize) skin->width * skin->height;
  const gsize step = 1 + n / ITA_PIXELS;
  const gsize sampled = (n + step - 1) / step;
  Tones       tones = { reduced, skin, step, angles };
  gsize       i, k = 0;

  pockmark_host_parallel (host, sampled, GRAIN_TONES, find_tones, &tones);
  for (i = 0; i < sampled; i++)
    if (! isnan (angles[i]))
      angles[k++] = angles[i];
  return k > 0 ? pockmark_quantile (angles, k, 0.5) : NAN;
}

static void
summarise (PockmarkSkin *skin)
{
  const gsize n = (gsize) skin->skin->width * skin->skin->height;
  gdouble     sum = 0.0;
  gsize       i, inside = 0, affected = 0;

  for (i = 0; i < n; i++)
    if (skin->skin->data[i] > 0.5f)
      {
        const gdouble index = 100.0 * skin->hemoglobin->data[i];

        inside++;
        sum += index;
        affected += index - 100.0 * skin->surrounding->data[i]
                    > POCKMARK_REDNESS_AFFECTED;
      }
  skin->pixels = (gdouble) inside * skin->reduction * skin->reduction;
  skin->redness_mean = inside ? sum / (gdouble) inside : NAN;
  skin->redness_area_percent
      = inside ? 100.0 * (gdouble) affected / (gdouble) inside : NAN;
}

/* The photograph's reduction for the skin: of the working one or, where that is
 * NULL, read at once. */
static PockmarkReduced *
reduce_for_skin (const PockmarkSource     *photograph,
                 const PockmarkReduced    *working,
                 const PockmarkParameters *parameters,
                 const PockmarkHost       *host,
                 GError                  **error)
{
  const gint    width = photograph->width;
  const gint    height = photograph->height;
  const gdouble told = parameters->pixels_per_mm;
  const gint    factor = pockmark_skin_factor (width, height, told);

  if (working)
    return pockmark_reduced_again (working, factor, host, error);
  return pockmark_reduced_new (
      photograph, factor * pockmark_working_reduction (width, height, told),
      host, error);
}

/* The skin in the photograph's reduction for it. */
static PockmarkSkin *
find_outline (const PockmarkSource     *photograph,
              const PockmarkReduced    *reduced,
              const PockmarkParameters *parameters,
              const PockmarkUnmixing   *unmixing,
              const PockmarkHost       *host,
              GError                  **error)
{
  const gint    width = photograph->width;
  const gint    height = photograph->height;
  const gdouble told = parameters->pixels_per_mm;
  const gdouble scale = pockmark_working_scale (width, height, told);
  g_autoptr (PockmarkSkin) skin = g_new0 (PockmarkSkin, 1);

  skin->reduction = reduced->reduction;
  skin->skin = pockmark_skin_find (reduced, unmixing, scale / skin->reduction,
                                   parameters->whole_is_skin, host, error);
  if (! skin->skin)
    return NULL;
  skin->pixels_per_mm = found_scale (skin, width, height, told);
  return g_steal_pointer (&skin);
}

PockmarkSkin *
pockmark_skin_outline (const PockmarkSource     *photograph,
                       const PockmarkReduced    *working,
                       const PockmarkParameters *parameters,
                       const PockmarkHost       *host,
                       GError                  **error)
{
  g_autoptr (PockmarkReduced) reduced = NULL;
  PockmarkUnmixing unmixing;

  if (! pockmark_unmixing_init (&unmixing, &parameters->vectors, error)
      || ! (reduced = reduce_for_skin (photograph, working, parameters, host,
                                       error)))
    return NULL;
  return find_outline (photograph, reduced, parameters, &unmixing, host, error);
}

/* All there is to know of the skin; reduced loses its colours. */
static PockmarkSkin *
find_all (const PockmarkSource     *photograph,
          PockmarkReduced          *reduced,
          const PockmarkParameters *parameters,
          const PockmarkHost       *host,
          GError                  **error)
{
  g_autoptr (PockmarkSkin) skin = NULL;
  g_autofree gfloat *values = NULL;
  PockmarkPlane     *planes[POCKMARK_N_COMPONENTS];
  PockmarkUnmixing   unmixing;

  if (! pockmark_unmixing_init (&unmixing, &parameters->vectors, error)
      || ! (skin = find_outline (photograph, reduced, parameters, &unmixing,
                                 host, error)))
    return NULL;
  values = g_try_new (gfloat, (gsize) reduced->red->width * reduced->red->height);
  if (! values)
    {
      pockmark_memory_error (error);
      return NULL;
    }
  skin->ita = median_ita (reduced, skin->skin, host, values);
  pockmark_reduced_unmix (reduced, &unmixing, host, planes);
  skin->hemoglobin = planes[POCKMARK_HEMOGLOBIN];
  pockmark_plane_free (planes[POCKMARK_MELANIN]);
  pockmark_plane_free (planes[POCKMARK_SHADING]);
  if (! (skin->surrounding = find_surrounding (
                skin->hemoglobin, skin->skin,
                SURROUNDING_MM * skin->pixels_per_mm / skin->reduction, host,
                error)))
    return NULL;
  damp_no_skin (skin);
  skin->absolute_start = absolute_start (skin, values);
  summarise (skin);
  return g_steal_pointer (&skin);
}

PockmarkSkin *
pockmark_skin_from_reduced (const PockmarkSource     *photograph,
                            const PockmarkReduced    *working,
                            const PockmarkParameters *parameters,
                            const PockmarkHost       *host,
                            GError                  **error)
{
  g_autoptr (PockmarkReduced) reduced
      = reduce_for_skin (photograph, working, parameters, host, error);

  return reduced ? find_all (photograph, reduced, parameters, host, error)
                 : NULL;
}

PockmarkSkin *
pockmark_skin_new (const PockmarkSource     *photograph,
                   const PockmarkParameters *parameters,
                   const PockmarkHost       *host,
                   GError                  **error)
{
  if (! pockmark_parameters_check (parameters, error))
    return NULL;
  return pockmark_skin_from_reduced (photograph, NULL, parameters, host, error);
}
