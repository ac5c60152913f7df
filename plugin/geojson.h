/* Outlines and measurements as GeoJSON (RFC 7946), in pixels
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The properties are those of QuPath's annotations.  Coordinates are pixels of
 * the photograph, origin at its top left, y down, as QuPath has them too.
 */

#ifndef POCKMARK_GEOJSON_H
#define POCKMARK_GEOJSON_H

#include "report.h"

/* Writes a temporary file and renames it. */
gboolean geojson_write   (GFile *file, const Account *account, GError **error);

/* Whether geojson_write () made the file. */
gboolean geojson_is_ours (GFile *file);

#endif
