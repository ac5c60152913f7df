/* The speed table
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every case is measured by a process of its own, which has the photograph
 * decoded before it starts: so no case leaves another its warm caches, and
 * each one's memory is its own.
 */

#ifndef BENCH_H
#define BENCH_H

#include <gegl.h>

G_BEGIN_DECLS

/* ---- The photograph (picture.c) ----------------------------------------- */

/* Rendered once; the other sizes are made of it. */
#define BENCH_WIDTH         6000
#define BENCH_HEIGHT        4000
#define BENCH_PIXELS_PER_MM 20

/* How a photograph of another size comes from the rendered one. */
typedef enum
{
  BENCH_AS_RENDERED,
  BENCH_QUARTER, /* its middle: a quarter of the skin, at the same scale      */
  BENCH_FOURFOLD, /* mirrored to both sides: four times the skin              */
  BENCH_COARSE,  /* the same skin with half as many pixels per mm             */
  BENCH_FINE,    /* the same skin with twice as many                          */
  BENCH_WIDE     /* four times the skin with half as many                     */
} BenchPicture;

/* Renders the photograph and writes its R'G'B' bytes. */
gboolean    bench_picture_render (const gchar *path, GError **error);

/* A buffer of R'G'B' u8; NULL on error. */
GeglBuffer *bench_picture_load   (const gchar *path,
                                  BenchPicture which,
                                  GError     **error);
/* Writes the rendered photograph as a JPEG. */
gboolean    bench_picture_export (const gchar *path,
                                  const gchar *jpeg,
                                  GError     **error);
gint        bench_picture_width  (BenchPicture which);
gint        bench_picture_height (BenchPicture which);
gdouble     bench_picture_scale  (BenchPicture which);
gdouble     bench_megapixels     (BenchPicture which);

/* ---- What is measured (case.c) ------------------------------------------ */

typedef struct
{
  gdouble seconds; /* the shortest of some runs                              */
  gdouble peak;    /* bytes at the highest, beyond the photograph's and the
                    * result's own buffers; negative: not known              */
} BenchResult;

/* The words for --case: operations of GEGL, and "memory copy". */
gboolean bench_case_run (const gchar *name,
                         GeglBuffer  *photograph,
                         gdouble      pixels_per_mm,
                         gint         runs,
                         BenchResult *result);

G_END_DECLS

#endif
