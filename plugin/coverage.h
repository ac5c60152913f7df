/* The class channels as the core's masks
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_COVERAGE_H
#define POCKMARK_COVERAGE_H

#include <gegl.h>

#include "amendment.h"
#include "pockmark.h"

/* What pockmark_marks_follow () reads: as much as would be selected if a
 * channel became the selection.  A class without a channel covers nothing;
 * what lies outside the image has no masks. */
typedef struct
{
  PockmarkSource source; /* to be handed to the core */
  const Amendment *amendment; /* as if it were painted; NULL: none */
  GeglRectangle  extent; /* of the photograph in the image */
  gint           image_width;
  gint           image_height;
  struct
  {
    GeglBuffer *buffer;  /* NULL: no channel */
    gint        x;       /* of the channel in the image */
    gint        y;
  } mask[POCKMARK_N_CLASSES];
} Coverage;

/* channels: by PockmarkClass.  coverage must stay where it is, and amendment
 * alive. */
void coverage_init  (Coverage             *coverage,
                     GimpImage            *image,
                     GimpChannel   *const *channels,
                     const GeglRectangle  *extent,
                     const Amendment      *amendment);
void coverage_clear (Coverage             *coverage);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Coverage, coverage_clear)

#endif
