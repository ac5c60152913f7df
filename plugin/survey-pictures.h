/* The pictures that a survey makes of a photograph
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The photograph stays in its place at the top left; below it is a strip with
 * the legend and a scale bar, so that they hide no skin.
 */

#ifndef POCKMARK_SURVEY_PICTURES_H
#define POCKMARK_SURVEY_PICTURES_H

#include "findings.h"
#include "report.h"

/* The photograph with the findings and their numbers.  To be unreffed; NULL on
 * error. */
GeglBuffer *survey_picture_annotated (const Account  *account,
                                      const Findings *findings,
                                      const Progress *progress,
                                      GError        **error);

/* The photograph with its redness. */
GeglBuffer *survey_picture_redness   (const Account            *account,
                                      const PockmarkParameters *wanted,
                                      const Progress           *progress);

/* Writes the picture as a JPEG in sRGB, its longer side reduced to side. */
gboolean    survey_picture_reduce    (GeglBuffer  *picture,
                                      gint         side,
                                      GFile       *file,
                                      GError     **error);

#endif
