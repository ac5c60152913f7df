/* What cairo draws on a part of a picture
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_CAIRO_AREA_H
#define POCKMARK_CAIRO_AREA_H

#include <cairo.h>
#include <gegl.h>

/* A surface of CAIRO_FORMAT_ARGB32 with what the picture has in area. */
cairo_surface_t *cairo_area_read (GeglBuffer *picture,
                                  const GeglRectangle *area);

/* Writes such a surface back, wherever it comes from. */
void cairo_area_write (GeglBuffer *picture, const GeglRectangle *area,
                       cairo_surface_t *surface);

#endif
