/* Pockmark: the parts of the comparison of two visits
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_VISITS_H
#define POCKMARK_VISITS_H

#include "pockmark-stages.h"

G_BEGIN_DECLS

/* One visit: what is there, reduced to a few pixels per mm. */
typedef struct
{
  gint           reduction;
  gdouble        scale;   /* of the photograph, pixels per mm, nominal where
                           * unknown                                         */
  PockmarkPlane *plane[POCKMARK_N_COMPONENTS];
  PockmarkPlane *weight;
  PockmarkSkin  *skin;        /* its outline                                 */
  gdouble        skin_pixels; /* of the photograph                           */
  PockmarkReduced *working;   /* for the detection; NULL: it is to read the
                               * photograph itself                           */
} PockmarkVisit;

/* working: the photograph at its working reduction, which the visit takes. */
gboolean pockmark_visit_init  (PockmarkVisit            *visit,
                               const PockmarkSource     *photograph,
                               PockmarkReduced          *working,
                               const PockmarkParameters *parameters,
                               const PockmarkHost       *host,
                               GError                  **error);
void     pockmark_visit_clear (PockmarkVisit *visit);

/* A plane at a place in pixels of the photograph, linear between pixels. */
gfloat   pockmark_visit_at    (const PockmarkVisit *visit,
                               const PockmarkPlane *plane,
                               gdouble              x,
                               gdouble              y);

/* ---- Fates (fate.c) ----------------------------------------------------- */

/* Fills changes from what both visits found, be it ever so doubtful, and the
 * numbers (from 1) of findings that belong to lesions into keep[2], one gboolean
 * each. */
GArray  *pockmark_fates_find  (const PockmarkAlignment       *alignment,
                               const PockmarkVisit            visit[2],
                               PockmarkDetection *const       detection[2],
                               gdouble                        least,
                               gboolean                      *keep[2]);

/* Fills the changes of size and colour from the measured lesions. */
void     pockmark_fates_measure (GArray                  *changes,
                                 const PockmarkAlignment *alignment,
                                 GArray *const            lesions[2],
                                 gdouble                  pixels_per_mm);

/* ---- Light and colour evened out (even.c) ------------------------------- */

/* The change of haemoglobin at the later visit's reduced pixels; NAN where it
 * is not compared.  inside: pixels that are no unaffected skin (lesions), or
 * NULL; offset: what a grey patch says, NULL: unaffected skin is the reference. */
PockmarkPlane *pockmark_even_redness (const PockmarkAlignment *alignment,
                                      const PockmarkVisit      visit[2],
                                      const GArray            *changes,
                                      const gdouble           *offset,
                                      GError                 **error);

G_END_DECLS

#endif
