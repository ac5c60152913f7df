/* Pockmark: two visits compared
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include <glib/gi18n-lib.h>

#include "align.h"
#include "visits.h"

/* Colours are compared at about this many pixels per mm, never at more than so
 * many pixels. */
#define VISIT_PIXELS_PER_MM 5.0
#define VISIT_PIXELS_MAX 2.5e6

/* A mean change of redness below this is none: what unchanged skin
 * photographed twice shows (see fate.c for the command). */
#define REDNESS_REPEATS 0.02

/* ---- A visit ------------------------------------------------------------ */

static gdouble
count_skin (const PockmarkSkin *skin)
{
  const gsize n = (gsize) skin->skin->width * skin->skin->height;
  gsize       i, inside = 0;

  for (i = 0; i < n; i++)
    inside += skin->skin->data[i] > 0.5f;
  return (gdouble) inside * skin->reduction * skin->reduction;
}

gboolean
pockmark_visit_init (PockmarkVisit            *visit,
                     const PockmarkSource     *photograph,
                     PockmarkReduced          *working,
                     const PockmarkParameters *parameters,
                     const PockmarkHost       *host,
                     GError                  **error)
{
  g_autoptr (PockmarkReduced) reading = working;
  g_autoptr (PockmarkReduced) reduced = NULL;
  const gdouble    pixels
      = (gdouble) working->red->width * working->red->height;
  PockmarkUnmixing unmixing;
  gint             factor;

  *visit = (PockmarkVisit) { 0 };
  visit->scale = pockmark_working_scale (photograph->width, photograph->height,
                                         parameters->pixels_per_mm);
  visit->skin = pockmark_skin_outline (photograph, working, parameters, host,
                                       error);
  if (! visit->skin)
    return FALSE;
  visit->skin_pixels = count_skin (visit->skin);
  factor = (gint) MAX (lrint (visit->scale / working->reduction
                              / VISIT_PIXELS_PER_MM),
                       lrint (ceil (sqrt (pixels / VISIT_PIXELS_MAX))));
  reduced = pockmark_reduced_again (working, factor, host, error);
  if (! reduced || ! pockmark_unmixing_init (&unmixing, &parameters->vectors, error))
    return FALSE;
  pockmark_reduced_unmix (reduced, &unmixing, host, visit->plane);
  visit->reduction = reduced->reduction;
  visit->weight = g_steal_pointer (&reduced->weight);
  if (pockmark_analysis_at_once (photograph, parameters))
    visit->working = g_steal_pointer (&reading);
  return TRUE;
}

void
pockmark_visit_clear (PockmarkVisit *visit)
{
  gint c;

  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    pockmark_plane_free (visit->plane[c]);
  pockmark_plane_free (visit->weight);
  pockmark_skin_free (visit->skin);
  pockmark_reduced_free (visit->working);
}

gfloat
pockmark_visit_at (const PockmarkVisit *visit,
                   const PockmarkPlane *plane,
                   gdouble              x,
                   gdouble              y)
{
  return pockmark_plane_at (plane, (gfloat) (x / visit->reduction - 0.5),
                            (gfloat) (y / visit->reduction - 0.5));
}

/* ---- Detections --------------------------------------------------------- */

static gboolean
read_map (const PockmarkRect *rect,
          gfloat             *pixels,
          gpointer            detection,
          GError            **error G_GNUC_UNUSED)
{
  pockmark_detection_render (detection, rect, pixels, (gsize) rect->width * 4);
  return TRUE;
}

PockmarkSource
pockmark_source_from_detection (PockmarkDetection *detection)
{
  return (PockmarkSource) { .width = detection->width,
                            .height = detection->height,
                            .read = read_map,
                            .user_data = detection };
}

/* Leaves out the findings that are not kept, and gives the others their new
 * numbers; number[old] is the new one, from 1. */
static void
keep_only (PockmarkDetection *detection,
           const gboolean    *keep,
           guint             *number)
{
  guint from, to = 0;

  number[0] = 0;
  for (from = 0; from < detection->findings->len; from++)
    {
      number[from + 1] = 0;
      if (! keep[from])
        {
          pockmark_patch_clear (&detection->patches[from]);
          continue;
        }
      g_array_index (detection->findings, PockmarkFinding, to)
          = g_array_index (detection->findings, PockmarkFinding, from);
      detection->patches[to] = detection->patches[from];
      detection->boxes[to] = detection->boxes[from];
      number[from + 1] = ++to;
      g_array_index (detection->findings, PockmarkFinding, to - 1).number = to;
    }
  g_array_set_size (detection->findings, to);
}

static gboolean
find_fates (PockmarkComparison  *comparison,
            const PockmarkVisit  visit[2],
            gdouble              sensitivity)
{
  gboolean *keep[2];
  guint    *number[2];
  guint     i;
  gint      k;

  for (k = 0; k < 2; k++)
    {
      const guint n = comparison->detection[k]->findings->len;

      keep[k] = g_new0 (gboolean, n + 1);
      number[k] = g_new0 (guint, n + 1);
    }
  comparison->changes
      = pockmark_fates_find (comparison->alignment, visit,
                             comparison->detection,
                             pockmark_least_confidence (sensitivity), keep);
  for (k = 0; k < 2; k++)
    {
      keep_only (comparison->detection[k], keep[k], number[k]);
      for (i = 0; i < comparison->changes->len; i++)
        {
          PockmarkChange *c
              = &g_array_index (comparison->changes, PockmarkChange, i);

          c->number[k] = number[k][c->number[k]];
        }
      g_free (keep[k]);
      g_free (number[k]);
    }
  for (i = 0; i < comparison->changes->len; i++)
    comparison->count[g_array_index (comparison->changes, PockmarkChange, i)
                          .fate]++;
  return TRUE;
}

/* ---- Redness ------------------------------------------------------------ */

/* Haemoglobin density of a patch that has none: what the light and the white
 * balance add. */
static gdouble
patch_density (const PockmarkVisit *visit,
               const PockmarkRect  *patch)
{
  const PockmarkPlane *plane = visit->plane[POCKMARK_HEMOGLOBIN];
  const gint k = visit->reduction;
  gdouble    sum = 0.0;
  gint       n = 0, x, y;

  for (y = MAX (patch->y / k, 0);
       y <= MIN ((patch->y + patch->height - 1) / k, plane->height - 1); y++)
    for (x = MAX (patch->x / k, 0);
         x <= MIN ((patch->x + patch->width - 1) / k, plane->width - 1);
         x++, n++)
      sum += plane->data[(gsize) y * plane->width + x];
  return n ? sum / n : 0.0;
}

static gboolean
compare_redness (PockmarkComparison      *comparison,
                 const PockmarkVisit      visit[2],
                 const PockmarkReference *reference,
                 GError                 **error)
{
  const gboolean grey = reference && reference->patch[0].width > 0
                        && reference->patch[1].width > 0;
  gdouble offset = 0.0, sum = 0.0, skin = 0.0;
  gsize   i, n, count = 0;

  if (grey)
    offset = patch_density (&visit[1], &reference->patch[1])
             - patch_density (&visit[0], &reference->patch[0]);
  comparison->reduction = visit[1].reduction;
  comparison->redness = pockmark_even_redness (
      comparison->alignment, visit, comparison->changes,
      grey ? &offset : NULL, error);
  if (! comparison->redness)
    return FALSE;
  n = (gsize) comparison->redness->width * comparison->redness->height;
  for (i = 0; i < n; i++)
    if (! isnan (comparison->redness->data[i]))
      {
        sum += comparison->redness->data[i];
        count++;
      }
  skin = visit[1].skin_pixels;
  comparison->redness_change = count ? sum / (gdouble) count : NAN;
  comparison->redness_significant
      = fabs (comparison->redness_change) > REDNESS_REPEATS;
  comparison->compared_pixels
      = (gdouble) count * comparison->reduction * comparison->reduction;
  comparison->compared
      = skin > 0.0 ? MIN (comparison->compared_pixels / skin, 1.0) : 0.0;
  return TRUE;
}

/* ---- Together ----------------------------------------------------------- */

void
pockmark_comparison_free (PockmarkComparison *comparison)
{
  gint k;

  if (! comparison)
    return;
  pockmark_alignment_free (comparison->alignment);
  for (k = 0; k < 2; k++)
    {
      pockmark_detection_free (comparison->detection[k]);
      g_clear_pointer (&comparison->lesions[k], g_array_unref);
    }
  g_clear_pointer (&comparison->changes, g_array_unref);
  pockmark_plane_free (comparison->redness);
  g_free (comparison);
}

/* The grade of a visit's own findings among these: what only the other visit
 * makes believable is followed, but not counted. */
static void
grade_own (GArray                   *lesions,
           gdouble                   skin_pixels,
           const PockmarkParameters *parameters,
           gdouble                   least,
           PockmarkGrade            *grade)
{
  g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (PockmarkLesion));
  guint i;

  for (i = 0; i < lesions->len; i++)
    {
      const PockmarkLesion *lesion
          = &g_array_index (lesions, PockmarkLesion, i);

      if (lesion->confidence >= least)
        g_array_append_vals (own, lesion, 1);
    }
  pockmark_grade (own, skin_pixels, parameters->pixels_per_mm, grade);
}

static gboolean
measure_both (PockmarkComparison       *comparison,
              const PockmarkSource     *source[2],
              const PockmarkParameters *parameters[2],
              const PockmarkVisit       visit[2],
              const PockmarkHost       *host,
              GError                  **error)
{
  const gdouble least
      = pockmark_least_confidence (parameters[1]->sensitivity);
  gint          k;

  for (k = 0; k < 2; k++)
    {
      PockmarkSource map
          = pockmark_source_from_detection (comparison->detection[k]);

      comparison->lesions[k]
          = pockmark_measure (&map, source[k], parameters[k], host, error);
      if (! comparison->lesions[k])
        return FALSE;
      grade_own (comparison->lesions[k], visit[k].skin_pixels, parameters[k],
                 least, &comparison->grade[k]);
    }
  pockmark_fates_measure (comparison->changes, comparison->alignment,
                          comparison->lesions, parameters[1]->pixels_per_mm);
  return TRUE;
}

/* Counts what lies on skin that both photographs show. */
static void
grade_shared (PockmarkComparison       *comparison,
              const PockmarkParameters *parameters[2])
{
  const gdouble scale = pockmark_alignment_scale (comparison->alignment);
  const gdouble later = comparison->compared_pixels;
  gint          k;
  guint         i;

  for (k = 0; k < 2; k++)
    {
      g_autoptr (GArray) lesions
          = g_array_new (FALSE, FALSE, sizeof (PockmarkLesion));

      for (i = 0; i < comparison->changes->len; i++)
        {
          const PockmarkChange *c
              = &g_array_index (comparison->changes, PockmarkChange, i);

          if (c->fate != POCKMARK_FATE_UNKNOWN && c->number[k] > 0)
            g_array_append_val (lesions,
                                g_array_index (comparison->lesions[k],
                                               PockmarkLesion,
                                               c->number[k] - 1));
        }
      grade_own (lesions, k ? later : later * scale * scale, parameters[k],
                 pockmark_least_confidence (parameters[1]->sensitivity),
                 &comparison->shared[k]);
    }
}

static gboolean
has_skin (const PockmarkVisit *visit,
          gboolean             later,
          GError             **error)
{
  if (visit->skin_pixels > 0.0)
    return TRUE;
  g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_EMPTY,
                       later ? _("No skin was found in the later photograph: "
                                 "select the skin, then compare again.")
                             : _("No skin was found in the earlier photograph: "
                                 "select the skin, then compare again."));
  return FALSE;
}

/* Reads a photograph once, for all that the comparison itself wants of it. */
static gboolean
look_at (const PockmarkSource     *photograph,
         const PockmarkParameters *parameters,
         gboolean                  later,
         PockmarkVisit            *visit,
         PockmarkStructures      **structures,
         const PockmarkHost       *host,
         GError                  **error)
{
  g_autoptr (PockmarkReduced) working = NULL;

  if (! pockmark_parameters_check (parameters, error))
    return FALSE;
  working = pockmark_reduced_working (photograph, parameters, host, error);
  return working
         && (*structures = pockmark_structures_new (photograph, working,
                                                    parameters, host, error))
         && pockmark_visit_init (visit, photograph, g_steal_pointer (&working),
                                 parameters, host, error)
         && pockmark_host_progress (host, later ? 0.4 : 0.2, error);
}

static gboolean
align_visits (PockmarkComparison             *comparison,
              const PockmarkSource     *const source[2],
              const PockmarkParameters *const parameters[2],
              PockmarkVisit                   visit[2],
              const PockmarkHost             *host,
              GError                        **error)
{
  PockmarkStructures *structures[2] = { NULL, NULL };

  if (look_at (source[0], parameters[0], FALSE, &visit[0], &structures[0],
               host, error)
      && look_at (source[1], parameters[1], TRUE, &visit[1], &structures[1],
                  host, error))
    comparison->alignment = pockmark_align_structures (
        source, parameters, structures, host, error);
  pockmark_structures_free (structures[0]);
  pockmark_structures_free (structures[1]);
  return comparison->alignment != NULL;
}

/* All that may be a finding, be it ever so doubtful. */
static PockmarkDetection *
detect_all (const PockmarkSource     *photograph,
            const PockmarkParameters *parameters,
            PockmarkVisit            *visit,
            const PockmarkHost       *host,
            GError                  **error)
{
  g_autoptr (PockmarkReduced) working = g_steal_pointer (&visit->working);
  PockmarkParameters sensitive = *parameters;

  sensitive.sensitivity = 1.0;
  return working ? pockmark_detect_in (photograph, working, visit->skin,
                                       &sensitive, host, error)
                 : pockmark_detect (photograph, &sensitive, host, error);
}

static gboolean
compare_visits (PockmarkComparison       *comparison,
                const PockmarkSource     *source[2],
                const PockmarkParameters *parameters[2],
                PockmarkVisit             visit[2],
                const PockmarkReference  *reference,
                const PockmarkHost       *host,
                GError                  **error)
{
  gint k;

  for (k = 0; k < 2; k++)
    if (! has_skin (&visit[k], k == 1, error)
        || ! (comparison->detection[k] = detect_all (
                  source[k], parameters[k], &visit[k], host, error)))
      return FALSE;
  if (! find_fates (comparison, visit, parameters[1]->sensitivity)
      || ! measure_both (comparison, source, parameters, visit, host, error)
      || ! compare_redness (comparison, visit, reference, error))
    return FALSE;
  grade_shared (comparison, parameters);
  return TRUE;
}

PockmarkComparison *
pockmark_compare (const PockmarkSource     *before,
                  const PockmarkParameters *before_parameters,
                  const PockmarkSource     *after,
                  const PockmarkParameters *after_parameters,
                  const PockmarkReference  *reference,
                  const PockmarkHost       *host,
                  GError                  **error)
{
  g_autoptr (PockmarkComparison) comparison = g_new0 (PockmarkComparison, 1);
  const PockmarkSource     *source[2] = { before, after };
  const PockmarkParameters *parameters[2]
      = { before_parameters, after_parameters };
  PockmarkVisit visit[2] = { { 0 }, { 0 } };
  gboolean      done;

  comparison->pixels_per_mm = after_parameters->pixels_per_mm;
  done = align_visits (comparison, source, parameters, visit, host, error)
         && compare_visits (comparison, source, parameters, visit, reference,
                            host, error);
  pockmark_visit_clear (&visit[0]);
  pockmark_visit_clear (&visit[1]);
  return done ? g_steal_pointer (&comparison) : NULL;
}
