/* Pockmark: what the operations have in common
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_OPERATION_H
#define POCKMARK_OPERATION_H

#include <gegl-plugin.h>

#include "pockmark-gegl.h"

G_BEGIN_DECLS

/* XCF files hold this and lose the filter where it differs: to be raised only
 * when an operation's properties change their meaning. */
#define POCKMARK_OPERATION_VERSION "1:0"

/* ---- Defaults of properties: the core's own ------------------------------ */

PockmarkParameters pockmark_operation_parameters (void);

/* The same with a scale that the user gave; one too small for the core, which
 * the sliders cannot leave out, counts as unknown. */
PockmarkParameters
pockmark_operation_parameters_with_scale (gdouble pixels_per_mm);

PockmarkAnnotation pockmark_operation_annotation (void);

/* The class's colour as a string for GeglColor; never to be freed. */
const gchar *pockmark_operation_colour (PockmarkClass klass);

/* ---- Operations that look at the whole picture --------------------------- */

/* Sets up a filter class whose every pixel depends on the whole input: the
 * input is asked for in one piece, the result kept in GEGL's cache and dropped
 * when any pixel of the input changes. */
void pockmark_operation_class_whole_picture (GeglOperationClass *klass);

/* Its get_invalidated_by_change (), for operations that keep more than their
 * output: everything has changed. */
GeglRectangle
pockmark_operation_invalidated_by_change (GeglOperation       *operation,
                                          const gchar         *input_pad,
                                          const GeglRectangle *roi);

/* To be called from prepare () of such an operation.  GIMP builds its filters
 * into graphs that are told not to cache, and asks for them in small chunks:
 * without this each chunk would compute the whole picture again. */
void pockmark_operation_prepare_cache (GeglOperation *operation);

/* The input's bounding box; FALSE, and roi itself, where there is no input or
 * it has no bounds. */
gboolean pockmark_operation_whole_picture (GeglOperation       *operation,
                                           const GeglRectangle *roi,
                                           GeglRectangle       *whole);

/* pockmark_gegl_host_init () with the operation's progress signal. */
void pockmark_operation_host_init (GeglOperation *operation,
                                   PockmarkHost  *host);

/* ---- Painting ------------------------------------------------------------ */

/* Linear RGBA floats in the space of the picture on pad, for painting; sRGB's
 * where that one has no RGB of its own (grey and CMYK profiles). */
const Babl *pockmark_operation_colour_format (GeglOperation *operation,
                                              const gchar   *pad);

/* The longest side of a block, pixels: an RGBA float block fits a core's
 * second-level cache, and its border is no multiple of what is inside. */
#define POCKMARK_OPERATION_BLOCK 128

/* block lies on a grid of POCKMARK_OPERATION_BLOCK; FALSE where memory is
 * short.  Called on several threads at once if the host has some. */
typedef gboolean (*PockmarkOperationPaint) (const GeglRectangle *block,
                                            gpointer             user_data);

/* Cuts area into blocks and calls paint for each; FALSE where one failed. */
gboolean pockmark_operation_paint (const PockmarkHost    *host,
                                   const GeglRectangle   *area,
                                   PockmarkOperationPaint paint,
                                   gpointer               user_data);

G_END_DECLS

#endif
