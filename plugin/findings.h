/* What was found in a photograph, and its measurements
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_FINDINGS_H
#define POCKMARK_FINDINGS_H

#include <gegl.h>

#include "progress.h"

typedef struct
{
  PockmarkMarks *marks;
  GeglBuffer    *map;     /* of the marks, of the photograph's size */
  GArray        *lesions; /* of PockmarkLesion, by number */
  PockmarkGrade  grade;
} Findings;

/* What is skin in the photograph, and how red it is.  Says what is wrong with a
 * picture where a filter would just find nothing.  NULL on error. */
PockmarkSkin *findings_skin (GeglBuffer               *photograph,
                             const PockmarkParameters *parameters,
                             Progress                  progress,
                             GError                  **error);

/* The lesions of all classes.  NULL on error. */
PockmarkMarks *findings_detect (GeglBuffer               *photograph,
                                const PockmarkParameters *parameters,
                                Progress                  progress,
                                GError                  **error);

/* Measures and grades marks, which are taken.  NULL on error. */
Findings *findings_measure (GeglBuffer               *photograph,
                            const PockmarkSkin       *skin,
                            PockmarkMarks            *marks,
                            const PockmarkParameters *parameters,
                            Progress                  progress,
                            GError                  **error);

void findings_free (Findings *findings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Findings, findings_free)

#endif
