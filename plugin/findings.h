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
  GeglBuffer   *map;     /* the lesion map, of the photograph's size */
  GArray       *lesions; /* of PockmarkLesion, by number from 1 */
  PockmarkSkin *skin;
  PockmarkGrade grade;
} Findings;

/* Detects, drops the classes that are not sought and measures the rest.
 * sought: by PockmarkClass.  NULL on error. */
Findings *findings_detect (GeglBuffer               *photograph,
                           const PockmarkParameters *parameters,
                           const gboolean           *sought,
                           GError                  **error);

void findings_free (Findings *findings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Findings, findings_free)

#endif
