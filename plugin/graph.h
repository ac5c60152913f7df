/* The filters, run in this process over whole pictures
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_GRAPH_H
#define POCKMARK_GRAPH_H

#include <gegl.h>

#include "progress.h"

/* Whether GEGL found the filters; FALSE with GIMP_PLUG_IN_ERROR and what to
 * do. */
gboolean graph_check (GError **error);

/* pockmark:lesions of the photograph: a new buffer of its size. */
GeglBuffer *graph_lesions (GeglBuffer               *photograph,
                           const PockmarkParameters *parameters,
                           const Progress           *progress);

/* Leaves the skin's texture visible below the colours of redness. */
#define GRAPH_REDNESS_OPACITY 0.7

/* pockmark:redness of the photograph, written into output. */
void graph_redness (GeglBuffer                 *photograph,
                    const PockmarkParameters   *parameters,
                    const PockmarkRednessStyle *style,
                    GeglBuffer                 *output,
                    const Progress             *progress);

/* pockmark:annotate of the lesion map on transparency, written into output
 * where lesions (of PockmarkLesion) are. */
void graph_annotate (GeglBuffer     *map,
                     const GArray   *lesions,
                     GeglBuffer     *output,
                     const Progress *progress);

#endif
