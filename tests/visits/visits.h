/* How well two visits are compared: what its files share
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef VISITS_H
#define VISITS_H

#include <glib.h>

#include "phantom.h"

G_BEGIN_DECLS

/* Which pair of phantoms: of a set, number 0 ..., of about so many pixels. */
typedef struct
{
  PhantomSet set;
  gint       number;
  gint       pixels;
  gboolean   unchanged;
} VisitsCase;

/* Both photographs as the core reads them; [0] is the earlier. */
typedef struct
{
  PhantomVisits     *truth;
  PhantomChange      change;
  gfloat            *linear[2];
  PockmarkPixels     pixels[2];
  PockmarkSource     source[2];
  PockmarkParameters parameters[2];
} VisitsPair;

VisitsPair *visits_pair_new  (const VisitsCase *which, GError **error);
void        visits_pair_free (VisitsPair *pair);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisitsPair, visits_pair_free)

/* Error of the alignment in mm of the earlier photograph, where both show the
 * skin: of all places, and of those that are trusted. */
typedef struct
{
  gdouble median;
  gdouble p95;
  gdouble trusted_median;
  gdouble trusted_p95;
  gdouble trusted; /* share */
} VisitsAlignment;

void visits_measure_alignment (const VisitsPair        *pair,
                               const PockmarkAlignment *alignment,
                               VisitsAlignment         *measured);

/* The bars that the alignment is held to, mm. */
#define VISITS_MEDIAN 0.15
#define VISITS_P95 0.5

/* What became of lesions that were found, by what truly did, and what was said
 * of findings that are no lesions. */
typedef struct
{
  gint said[3][3]; /* [true fate][fate said] */
  gint wrong[3];
  gint missed[3];
} VisitsFates;

void    visits_count_fates   (const VisitsPair         *pair,
                              const PockmarkComparison *comparison,
                              VisitsFates              *fates);
gdouble visits_f1            (const VisitsFates *fates, PockmarkFate fate,
                              gboolean with_wrong);

/* The true mean change of haemoglobin over what was compared. */
gdouble visits_true_redness  (const VisitsPair         *pair,
                              const PockmarkComparison *comparison);

G_END_DECLS

#endif
