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
  gint c;

  if (! analysis)
    return;
  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    pockmark_mesh_free (analysis->background[c]);
  if (analysis->judged)
    g_array_unref (analysis->judged);
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
  gdouble              ratio; /* pixels of skin to one of the mask           */
  gint                 x;     /* of the mask's first pixel, in its pixels    */
  gint                 y;
} Masking;

/* The pixel of skin, of n, that the one at position lies in. */
static inline gint
skin_position (gint    position,
               gdouble ratio,
               gint    n)
{
  return MIN ((gint) ((position + 0.5) * ratio), n - 1);
}

static void
mask_rows (gsize    first,
           gsize    count,
           gpointer data)
{
  const Masking       *masking = data;
  const PockmarkPlane *skin = masking->skin;
  const gint           width = masking->mask->width;
  g_autofree gint     *column = g_new (gint, width);
  g_autofree gfloat   *inside = g_new (gfloat, width);
  gint                 last = -1;
  gsize                y;
  gint                 x;

  for (x = 0; x < width; x++)
    column[x] = skin_position (masking->x + x, masking->ratio, skin->width);
  for (y = first; y < first + count; y++)
    {
      const gint    at = skin_position (masking->y + (gint) y, masking->ratio,
                                        skin->height);
      const gfloat *coarse = skin->data + (gsize) at * (gsize) skin->width;
      gfloat       *row = masking->mask->data + y * (gsize) width;

      /* Several rows lie in the same one of the skin. */
      for (x = 0; x < width && at != last; x++)
        inside[x] = coarse[column[x]];
      last = at;
      for (x = 0; x < width; x++)
        row[x] = (gfloat) ((row[x] > 0.5f) & (inside[x] > 0.5f));
    }
}

/* The skin of the small picture at the size of the working planes, whose
 * weights become it. */
static PockmarkPlane *
working_mask (const PockmarkSkin *skin,
              PockmarkReduced    *working,
              const PockmarkPart *part,
              const PockmarkHost *host)
{
  PockmarkPlane *mask = g_steal_pointer (&working->weight);
  Masking masking = { skin->skin, mask, working->reduction / skin->reduction,
                      part->x, part->y };

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

static const PockmarkMesh *
background_of (const PockmarkAnalysis *analysis,
               const PockmarkPart     *part,
               gint                    component)
{
  return part->background ? &part->background[component]
                          : analysis->background[component];
}

/* Takes the background off the planes, and everything where there is no skin.
 * Finds it where part does not bring it along. */
static gboolean
remove_background (PockmarkAnalysis   *analysis,
                   PockmarkPlane      *planes[POCKMARK_N_COMPONENTS],
                   const PockmarkPart *part,
                   const PockmarkHost *host,
                   GError            **error)
{
  const gdouble cell = MAX (BACKGROUND_MM * analysis->pixels_per_mm, CELL_MIN);
  gint          c;

  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    {
      Removal removal = { planes[c], analysis->mask, NULL };

      if (! part->background)
        analysis->background[c] = pockmark_mesh_background (
            planes[c], analysis->mask, cell, host, error);
      removal.mesh = background_of (analysis, part, c);
      if (! removal.mesh)
        return FALSE;
      pockmark_host_parallel (host, (gsize) planes[c]->height, 32, remove_rows,
                              &removal);
    }
  return TRUE;
}

gdouble
pockmark_analysis_narrowest (gdouble pixels_per_mm)
{
  return MAX (NARROWEST_MM * pixels_per_mm, POCKMARK_NARROWEST_PIXELS);
}

gboolean
pockmark_analysis_begin (PockmarkAnalysis         *analysis,
                         PockmarkReduced          *working,
                         const PockmarkSkin       *skin,
                         const PockmarkPart       *part,
                         const PockmarkParameters *parameters,
                         const PockmarkHost       *host,
                         GError                  **error)
{
  const gdouble    scale = skin->pixels_per_mm / working->reduction;
  PockmarkPlane   *planes[POCKMARK_N_COMPONENTS] = { NULL };
  PockmarkUnmixing unmixing;
  gboolean         ok;
  gint             c;

  if (! pockmark_unmixing_init (&unmixing, &parameters->vectors, error))
    return FALSE;
  analysis->reduction = working->reduction;
  analysis->pixels_per_mm = scale;
  analysis->columns = working->red->width;
  analysis->rows = working->red->height;
  analysis->mask = working_mask (skin, working, part, host);
  pockmark_reduced_unmix (working, &unmixing, host, planes);
  analysis->alpha = g_steal_pointer (&working->alpha);

  ok = remove_background (analysis, planes, part, host, error)
       && pockmark_host_progress (host, part->progress[0], error);
  if (ok)
    analysis->space = pockmark_scale_space_new (
        planes, analysis->mask, part->narrowest,
        MIN (WIDEST_MM * scale, part->widest), MAX (NOISE_MM * scale, CELL_MIN),
        host, error);
  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    pockmark_plane_free (planes[c]);
  return analysis->space && pockmark_host_progress (host, part->progress[1], error);
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

gboolean
pockmark_analysis_search (PockmarkAnalysis   *analysis,
                          const PockmarkPart *part,
                          const PockmarkHost *host,
                          GError            **error)
{
  analysis->candidates = pockmark_candidates_find (
      analysis->space, part->first, part->end, analysis->mask, &analysis->light,
      host, error);
  if (! analysis->candidates)
    return FALSE;
  note_base (analysis->candidates,
             background_of (analysis, part, POCKMARK_HEMOGLOBIN),
             background_of (analysis, part, POCKMARK_MELANIN));
  return pockmark_host_progress (host, part->progress[2], error);
}

PockmarkAnalysis *
pockmark_analysis_of (const PockmarkSource     *photograph,
                      PockmarkReduced          *working,
                      const PockmarkSkin       *skin,
                      const PockmarkParameters *parameters,
                      const PockmarkHost       *host,
                      GError                  **error)
{
  g_autoptr (PockmarkAnalysis) analysis = g_new0 (PockmarkAnalysis, 1);
  PockmarkPart part = { .widest = G_MAXDOUBLE, .end = POCKMARK_MAX_LEVELS,
                        .progress = { 0.4, 0.7, 0.85 } };

  analysis->width = photograph->width;
  analysis->height = photograph->height;
  part.narrowest = pockmark_analysis_narrowest (skin->pixels_per_mm
                                                / working->reduction);
  if (! pockmark_analysis_begin (analysis, working, skin, &part, parameters,
                                 host, error))
    return NULL;

  if (parameters->light_azimuth >= 0.0)
    analysis->light = pockmark_light_given (parameters->light_azimuth);
  else if (! pockmark_light_estimate (
               analysis->space, analysis->mask,
               analysis->background[POCKMARK_SHADING], &parameters->vectors,
               analysis->pixels_per_mm, host, &analysis->light, error))
    return NULL;
  return pockmark_analysis_search (analysis, &part, host, error)
             ? g_steal_pointer (&analysis)
             : NULL;
}

PockmarkAnalysis *
pockmark_analysis_whole (const PockmarkSource     *photograph,
                         const PockmarkParameters *parameters,
                         const PockmarkHost       *host,
                         GError                  **error)
{
  g_autoptr (PockmarkReduced) working = NULL;
  g_autoptr (PockmarkSkin) skin = NULL;

  if (! pockmark_parameters_check (parameters, error)
      || ! pockmark_host_progress (host, 0.0, error))
    return NULL;
  working = pockmark_reduced_working (photograph, parameters, host, error);
  if (! working || ! pockmark_host_progress (host, 0.25, error))
    return NULL;
  skin = pockmark_skin_outline (photograph, working, parameters, host, error);
  return skin ? pockmark_analysis_of (photograph, working, skin, parameters,
                                      host, error)
              : NULL;
}

PockmarkAnalysis *
pockmark_analysis_new (const PockmarkSource     *photograph,
                       const PockmarkParameters *parameters,
                       const PockmarkHost       *host,
                       GError                  **error)
{
  return pockmark_analysis_for (photograph, parameters, 1.0, host, error);
}
