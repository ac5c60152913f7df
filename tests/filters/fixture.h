/* Pockmark: what the tests of the filters share
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef FIXTURE_H
#define FIXTURE_H

#include <gegl.h>

#include "pockmark-core.h"

G_BEGIN_DECLS

/* Skin with FIXTURE_N_MARKS unmistakable red marks, 3 mm wide. */
#define FIXTURE_WIDTH 320
#define FIXTURE_HEIGHT 240
#define FIXTURE_N_VALUES (4 * (gsize) FIXTURE_WIDTH * FIXTURE_HEIGHT)
#define FIXTURE_PIXELS_PER_MM 8.0
#define FIXTURE_N_MARKS 6

/* Position of red mark i, from the skin's top left. */
void fixture_mark (gint i, gint *x, gint *y);

/* The skin at (x, y) of a new buffer.  format NULL: linear float. */
GeglBuffer *fixture_skin_new (gint x, gint y, const Babl *format);

/* A picture of one colour, linear RGBA. */
GeglBuffer *fixture_flat_new (const GeglRectangle *extent,
                              const gfloat         pixel[4]);

/* One operation on one buffer. */
typedef struct
{
  GeglNode *graph;
  GeglNode *source;
  GeglNode *operation;
} Fixture;

/* The detection's operations are told the scale, and that all is skin. */
Fixture *fixture_new  (GeglBuffer *input, const gchar *operation);
void     fixture_free (Fixture *fixture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* RGBA floats of area, linear sRGB, asked for in pieces of at most piece
 * pixels a side (0: at once). */
gfloat *fixture_render (Fixture             *fixture,
                        const GeglRectangle *area,
                        gint                 piece);

/* The lesion map of a picture. */
gfloat *fixture_map (GeglBuffer *input);

/* How many of the marks a map of the skin shows as red marks. */
gint fixture_count_marks (const gfloat *map);

gboolean fixture_is_finite (const gfloat *pixels, gsize n);

/* g_test_init (), gegl_init (), g_test_run (), gegl_exit (). */
void fixture_init (int *argc, char ***argv);
int  fixture_run  (void);

G_END_DECLS

#endif
