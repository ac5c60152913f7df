/* Pockmark: grades
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The published arithmetic of two scales, on what the photograph shows.
 *
 * ECCA (Dreno et al. 2007, doi:10.1159/000096912), atrophic part: for each of
 * three shapes a weight times a grade of how many there are.
 *
 *   shape                   weight        how many    grade
 *   V, less than 2 mm           15            none        0
 *   U, 2-4 mm                   20     less than 5        1
 *   M, more than 4 mm           25            5-20        2
 *                                     more than 20        3
 *
 * Goodman and Baron's quantitative scale (2006,
 * doi:10.1111/j.1473-2165.2006.00222.x): points times a factor for the number
 * of scars, 1 for 1-10, 2 for 11-20 and 3 for more.  The points need a depth
 * that a photograph does not show; the factor does not.
 */

#include <math.h>
#include <string.h>

#include "pockmark-core.h"

#define U_MM 2.0 /* from here on a crater is U ... */
#define M_MM 4.0 /* ... and above this M           */

static const gint ecca_weights[POCKMARK_N_ECCA] = {
  [POCKMARK_ECCA_V] = 15,
  [POCKMARK_ECCA_U] = 20,
  [POCKMARK_ECCA_M] = 25,
};

#define MM2_PER_CM2 100.0

static gint
ecca_grade (guint count)
{
  if (count == 0)
    return 0;
  if (count < 5)
    return 1;
  return count <= 20 ? 2 : 3;
}

gint
pockmark_goodman_baron_factor (guint count)
{
  if (count == 0)
    return 0;
  if (count <= 10)
    return 1;
  return count <= 20 ? 2 : 3;
}

/* FALSE where the lesion is a crater of unknown width. */
static gboolean
count_shape (PockmarkEccaTerm     *terms,
             const PockmarkLesion *lesion)
{
  PockmarkEccaShape shape = POCKMARK_ECCA_V;

  if (lesion->klass != POCKMARK_ICE_PICK && lesion->klass != POCKMARK_CRATER)
    return TRUE;
  if (lesion->klass == POCKMARK_CRATER)
    {
      if (isnan (lesion->diameter_mm))
        return FALSE;
      if (lesion->diameter_mm >= U_MM)
        shape = lesion->diameter_mm <= M_MM ? POCKMARK_ECCA_U
                                            : POCKMARK_ECCA_M;
    }
  terms[shape].count++;
  return TRUE;
}

static gint
ecca_score (PockmarkEccaTerm *terms)
{
  gint score = 0;
  gint i;

  for (i = 0; i < POCKMARK_N_ECCA; i++)
    {
      terms[i].weight = ecca_weights[i];
      terms[i].grade = ecca_grade (terms[i].count);
      score += terms[i].weight * terms[i].grade;
    }
  return score;
}

void
pockmark_grade (const GArray  *lesions,
                gdouble        skin_pixels,
                gdouble        pixels_per_mm,
                PockmarkGrade *grade)
{
  gboolean widths_known = pixels_per_mm > 0.0;
  guint    total = 0;
  guint    i;

  memset (grade, 0, sizeof *grade);
  for (i = 0; i < lesions->len; i++)
    {
      const PockmarkLesion *lesion = &g_array_index (lesions, PockmarkLesion, i);

      if (lesion->klass <= POCKMARK_NONE || lesion->klass >= POCKMARK_N_CLASSES)
        continue;
      total++;
      grade->count[lesion->klass]++;
      if (! count_shape (grade->ecca_terms, lesion))
        widths_known = FALSE;
    }

  grade->ecca = ecca_score (grade->ecca_terms);
  if (! widths_known)
    grade->ecca = -1;
  grade->goodman_baron
      = pockmark_goodman_baron_factor (grade->count[POCKMARK_CRATER]
                                       + grade->count[POCKMARK_ICE_PICK]);
  grade->skin_cm2 = pixels_per_mm > 0.0 && skin_pixels >= 0.0
                        ? skin_pixels / (pixels_per_mm * pixels_per_mm)
                              / MM2_PER_CM2
                        : NAN;
  grade->density = grade->skin_cm2 > 0.0 ? total / grade->skin_cm2 : NAN;
}
