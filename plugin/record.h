/* What the image remembers: the parasite "pockmark" and the report's names
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parasite "pockmark" is kept in the XCF file and undone with the rest.
 * Its text is a GKeyFile:
 *
 *   [pockmark]
 *   version=0.1.0
 *   [scale]
 *   pixels-per-mm=12
 *   source=argument
 *   image-width=4000
 *   image-height=3000
 *   path-length=0
 *   [detection]
 *   sensitivity=0.5
 *   ...
 *   [redness]
 *   show=heat
 *   ...
 *
 * It never holds a name of a file or a person.
 *
 * The parasite "pockmark-report" is never saved.  A script may set it on an
 * image to say how the tables and files call the photograph:
 *
 *   [report]
 *   photograph=visit 2/face.jpg
 *   stem=face-2
 */

#ifndef POCKMARK_RECORD_H
#define POCKMARK_RECORD_H

#include "skin-scale.h"

/* A parasite's text as a record; it may be anyone's.  NULL where it is none. */
GKeyFile *record_read       (gconstpointer data, gsize size);

/* What record_get_scale (), record_get_work () and record_get_names () take
 * from it; pixels_per_mm as the image was then, which the trace describes. */
void      record_read_scale (GKeyFile *record, gdouble *pixels_per_mm,
                             SkinScaleTrace *then, gchar **source);
gchar    *record_read_work  (GKeyFile *record, const gchar *work);
void      record_read_names (GKeyFile *report, gchar **name, gchar **stem);

/* Writes what was done into it. */
void      record_write_work (GKeyFile *record, const gchar *work,
                             const gchar *parameters);

/* The scale kept in the image, pixels per mm as the image is now, and its
 * source's word; FALSE where there is none that makes sense. */
gboolean record_get_scale (GimpImage *image, gdouble *pixels_per_mm,
                           gchar **source);

/* Writes version, scale and what was done into the record; what it says about
 * other work stays.  work: "detection" or "redness".  parameters as in the
 * table of photographs: "key=value;key=value".  source NULL: no scale. */
void     record_store     (GimpImage *image, gdouble pixels_per_mm,
                           const gchar *source, const gchar *work,
                           const gchar *parameters);

/* What record_store () was told about the work, as it was told; NULL where it
 * was told nothing.  To be freed. */
gchar   *record_get_work  (GimpImage *image, const gchar *work);

/* Writes the scale alone. */
void     record_store_scale (GimpImage *image, gdouble pixels_per_mm,
                             const gchar *source);

/* Whether the parasite of that name is the one that is kept. */
gboolean record_is_record (const gchar *parasite);

/* The photograph's name in tables and the stem of its files: of the script,
 * else of the image's file, else "Untitled".  Both to be freed. */
void     record_get_names (GimpImage *image, gchar **name, gchar **stem);

#endif
