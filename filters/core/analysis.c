/* Pockmark: the way from the photograph to the candidates
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "pockmark-stages.h"

/* Widths sought, mm: from the narrowest ice-pick scar to the widest rolling
 * one. */
#define NARROWEST_MM 0.5
#define WIDEST_MM 11.5

/* Cells of the background and of the noise, mm: wider than a lesion, narrower
 * than a cheek. */
#define BACKGROUND_MM 14.0
#define NOISE_MM 20.0

/* No cell is narrower than this many working pixels. */
#define CELL_MIN 24.0

void
pockmark_analysis_free (PockmarkAnalysis *analysis)
{
  if (! analysis)
    return;
  pockmark_plane_free (analysis->mask);
  pockmark_plane_free (analysis->alpha);
  pockmark_scale_space_free (analysis->space);
  if (analysis->candidates)
    g_array_unref (analysis->candidates);
  g_free (analysis);
}

typedef struct
{
  const PockmarkPlane *skin;
  PockmarkPlane       *mask;
  gint                 factor;
} Masking;

static void
mask_rows (gsize    first,
           gsize    count,
           gpointer data)
{
  const Masking       *masking = data;
  const PockmarkPlane *skin = masking->skin;
  const gint           factor = masking->factor;
  const gint           width = masking->mask->width;
  gsize                y;
  gint                 x, i;

  for (y = first; y < first + count; y++)
    {
      const gfloat *coarse = skin->data + (y / (gsize) factor) * (gsize) skin->width;
      gfloat       *row = masking->mask->data + y * (gsize) width;

      for (x = 0; x < width; coarse++)
        for (i = 0; i < factor && x < width; i++, x++)
          row[x] = row[x] > 0.5f && *coarse > 0.5f;
    }
}

/* The skin of the small picture at the size of the working planes, whose
 * weights become it. */
static PockmarkPlane *
working_mask (const PockmarkSkin *skin,
              PockmarkReduced    *working,
              const PockmarkHost *host)
{
  PockmarkPlane *mask = g_steal_pointer (&working->weight);
  Masking masking
      = { skin->skin, mask,
          MAX (1, (gint) lrint (skin->reduction / working->reduction)) };

  pockmark_host_parallel (host, (gsize) mask->height, 32, mask_rows, &masking);
  return mask;
}

typedef struct
{
  PockmarkPlane       *plane;
  const PockmarkPlane *mask;
  const PockmarkMesh  *mesh;
} Removal;

static void
remove_rows (gsize    first,
             gsize    count,
             gpointer data)
{
  const Removal     *removal = data;
  const gint         width = removal->plane->width;
  g_autofree gfloat *row = g_new (gfloat, width);
  gsize              y;
  gint               x;

  for (y = first; y < first + count; y++)
    {
      gfloat       *p = removal->plane->data + y * (gsize) width;
      const gfloat *m = removal->mask->data + y * (gsize) width;

      pockmark_mesh_row (removal->mesh, (gint) y, row, width);
      for (x = 0; x < width; x++)
        p[x] = m[x] > 0.5f ? p[x] - row[x] : 0.0f;
    }
}

/* Takes the background off a plane, and everything where there is no skin.
 * Returns the background. */
static PockmarkMesh *
remove_background (PockmarkPlane       *plane,
                   const PockmarkPlane *mask,
                   gdouble              cell,
                   const PockmarkHost  *host,
                   GError             **error)
{
  PockmarkMesh *mesh = pockmark_mesh_background (plane, mask, cell, host, error);
  Removal       removal = { plane, mask, mesh };

  if (mesh)
    pockmark_host_parallel (host, (gsize) plane->height, 32, remove_rows,
                            &removal);
  return mesh;
}

/* Notes with every candidate what the skin around it is like. */
static void
note_base (GArray             *candidates,
           const PockmarkMesh *hemoglobin,
           const PockmarkMesh *melanin)
{
  guint i;

  for (i = 0; i < candidates->len; i++)
    {
      PockmarkCandidate *c = &g_array_index (candidates, PockmarkCandidate, i);

      c->base_hemoglobin = pockmark_mesh_at (hemoglobin, c->x, c->y);
      c->base_melanin = pockmark_mesh_at (melanin, c->x, c->y);
    }
}

static gboolean
find_candidates (PockmarkAnalysis         *analysis,
                 PockmarkPlane            *planes[POCKMARK_N_COMPONENTS],
                 const PockmarkParameters *parameters,
                 const PockmarkHost       *host,
                 GError                  **error)
{
  const gdouble scale = analysis->pixels_per_mm;
  const gdouble cell = MAX (BACKGROUND_MM * scale, CELL_MIN);
  g_autoptr (PockmarkMesh) hemoglobin = NULL;
  g_autoptr (PockmarkMesh) melanin = NULL;
  g_autoptr (PockmarkMesh) shading = NULL;

  if (! (hemoglobin = remove_background (planes[POCKMARK_HEMOGLOBIN],
                                         analysis->mask, cell, host, error))
      || ! (melanin = remove_background (planes[POCKMARK_MELANIN],
                                         analysis->mask, cell, host, error))
      || ! (shading = remove_background (planes[POCKMARK_SHADING],
                                         analysis->mask, cell, host, error))
      || ! pockmark_host_progress (host, 0.4, error))
    return FALSE;

  analysis->space = pockmark_scale_space_new (
      planes, analysis->mask, NARROWEST_MM * scale, WIDEST_MM * scale,
      MAX (NOISE_MM * scale, CELL_MIN), host, error);
  if (! analysis->space || ! pockmark_host_progress (host, 0.7, error))
    return FALSE;

  if (parameters->light_azimuth >= 0.0)
    analysis->light = pockmark_light_given (parameters->light_azimuth);
  else if (! pockmark_light_estimate (analysis->space, analysis->mask, shading,
                                      &parameters->vectors, scale, host,
                                      &analysis->light, error))
    return FALSE;
  analysis->candidates = pockmark_candidates_find (
      analysis->space, analysis->mask, &analysis->light, host, error);
  if (! analysis->candidates)
    return FALSE;
  note_base (analysis->candidates, hemoglobin, melanin);
  return pockmark_host_progress (host, 0.85, error);
}

PockmarkAnalysis *
pockmark_analysis_new (const PockmarkSource     *photograph,
                       const PockmarkParameters *parameters,
                       const PockmarkHost       *host,
                       GError                  **error)
{
  const gint width = photograph->width;
  const gint height = photograph->height;
  g_autoptr (PockmarkAnalysis) analysis = g_new0 (PockmarkAnalysis, 1);
  g_autoptr (PockmarkReduced) working = NULL;
  g_autoptr (PockmarkSkin) skin = NULL;
  PockmarkPlane   *planes[POCKMARK_N_COMPONENTS] = { NULL };
  PockmarkUnmixing unmixing;
  gboolean         ok;
  gint             c;

  if (! pockmark_parameters_check (parameters, error)
      || ! pockmark_unmixing_init (&unmixing, &parameters->vectors, error)
      || ! pockmark_host_progress (host, 0.0, error))
    return NULL;

  analysis->width = width;
  analysis->height = height;
  analysis->reduction
      = pockmark_working_reduction (width, height, parameters->pixels_per_mm);
  working = pockmark_reduced_new (photograph, analysis->reduction, host, error);
  if (! working || ! pockmark_host_progress (host, 0.25, error))
    return NULL;

  skin = pockmark_skin_outline (photograph, working, parameters, host, error);
  if (! skin)
    return NULL;
  analysis->pixels_per_mm = skin->pixels_per_mm / analysis->reduction;
  analysis->mask = working_mask (skin, working, host);
  pockmark_reduced_unmix (working, &unmixing, host, planes);
  analysis->alpha = g_steal_pointer (&working->alpha);
  pockmark_reduced_free (g_steal_pointer (&working));

  ok = find_candidates (analysis, planes, parameters, host, error);
  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    pockmark_plane_free (planes[c]);
  return ok ? g_steal_pointer (&analysis) : NULL;
}
