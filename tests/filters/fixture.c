/* Pockmark: what the tests of the filters share
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "fixture.h"

/* Light skin (melanosomes 4 %) in linear light. */
static const gfloat skin_colour[3] = { 0.571f, 0.381f, 0.275f };

/* Of a mark's centre over the skin, density. */
#define MARK_HEMOGLOBIN 0.45f
#define MARK_RADIUS_MM 1.5f
/* Of the camera's noise, density. */
#define NOISE 0.012f

void
fixture_mark (gint i, gint *x, gint *y)
{
  *x = 60 + 100 * (i % 3);
  *y = 60 + 120 * (i / 3);
}

/* A smooth top that falls to nothing at its radius and a half. */
static gfloat
mark_profile (gint x, gint y)
{
  gint i;

  for (i = 0; i < FIXTURE_N_MARKS; i++)
    {
      gint   mark_x, mark_y;
      gfloat distance;

      fixture_mark (i, &mark_x, &mark_y);
      distance = hypotf (x - mark_x, y - mark_y)
                 / (MARK_RADIUS_MM * (gfloat) FIXTURE_PIXELS_PER_MM);
      if (distance < 1.5f)
        return distance < 0.5f
                   ? 1.0f
                   : 0.5f + 0.5f * cosf ((gfloat) G_PI * (distance - 0.5f));
    }
  return 0.0f;
}

static void
paint_skin (gint x, gint y, GRand *noise, gfloat *pixel)
{
  const gfloat *direction = pockmark_vectors_default.hemoglobin;
  gfloat        mark = MARK_HEMOGLOBIN * mark_profile (x, y);
  gfloat        shading = 0.15f * x / FIXTURE_WIDTH;
  gint          c;

  for (c = 0; c < 3; c++)
    {
      gfloat grain = NOISE * (gfloat) g_rand_double_range (noise, -1.0, 1.0);

      pixel[c] = skin_colour[c]
                 * expf (-(mark * direction[c] + shading + grain));
    }
  pixel[3] = 1.0f;
}

GeglBuffer *
fixture_skin_new (gint x, gint y, const Babl *format)
{
  GeglRectangle      extent = { x, y, FIXTURE_WIDTH, FIXTURE_HEIGHT };
  const Babl        *linear = babl_format ("RGBA float");
  GeglBuffer        *buffer
      = gegl_buffer_new (&extent, format ? format : linear);
  g_autofree gfloat *pixels = g_new (gfloat, FIXTURE_N_VALUES);
  GRand             *noise = g_rand_new_with_seed (1);
  gint               i;

  for (i = 0; i < FIXTURE_WIDTH * FIXTURE_HEIGHT; i++)
    paint_skin (i % FIXTURE_WIDTH, i / FIXTURE_WIDTH, noise, pixels + 4 * i);
  gegl_buffer_set (buffer, &extent, 0, linear, pixels, GEGL_AUTO_ROWSTRIDE);
  g_rand_free (noise);
  return buffer;
}

GeglBuffer *
fixture_flat_new (const GeglRectangle *extent, const gfloat pixel[4])
{
  const Babl *linear = babl_format ("RGBA float");
  GeglBuffer *buffer = gegl_buffer_new (extent, linear);

  gegl_buffer_set_color_from_pixel (buffer, extent, pixel, linear);
  return buffer;
}

Fixture *
fixture_new (GeglBuffer *input, const gchar *operation)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->graph = gegl_node_new ();
  fixture->source = gegl_node_new_child (
      fixture->graph, "operation", "gegl:buffer-source", "buffer", input, NULL);
  fixture->operation
      = gegl_node_new_child (fixture->graph, "operation", operation, NULL);
  if (gegl_node_find_property (fixture->operation, "pixels-per-mm"))
    gegl_node_set (fixture->operation,
                   "pixels-per-mm", FIXTURE_PIXELS_PER_MM,
                   "whole-is-skin", TRUE,
                   NULL);
  gegl_node_link (fixture->source, fixture->operation);
  return fixture;
}

void
fixture_free (Fixture *fixture)
{
  g_object_unref (fixture->graph);
  g_free (fixture);
}

gfloat *
fixture_render (Fixture *fixture, const GeglRectangle *area, gint piece)
{
  const Babl *linear = babl_format ("RGBA float");
  gsize       row = 4 * (gsize) area->width;
  gfloat     *pixels = g_new0 (gfloat, row * area->height);
  gint        x, y;

  if (piece == 0)
    piece = MAX (area->width, area->height);
  for (y = 0; y < area->height; y += piece)
    for (x = 0; x < area->width; x += piece)
      {
        GeglRectangle part = { area->x + x, area->y + y,
                               MIN (piece, area->width - x),
                               MIN (piece, area->height - y) };

        gegl_node_blit (fixture->operation, 1.0, &part, linear,
                        pixels + y * row + 4 * x,
                        (gint) (row * sizeof (gfloat)), GEGL_BLIT_DEFAULT);
      }
  return pixels;
}

gfloat *
fixture_map (GeglBuffer *input)
{
  g_autoptr (Fixture) fixture = fixture_new (input, "pockmark:lesions");

  return fixture_render (fixture, gegl_buffer_get_extent (input), 0);
}

gint
fixture_count_marks (const gfloat *map)
{
  gint found = 0;
  gint i;

  for (i = 0; i < FIXTURE_N_MARKS; i++)
    {
      gint          x, y;
      const gfloat *pixel;

      fixture_mark (i, &x, &y);
      pixel = map + 4 * (y * FIXTURE_WIDTH + x);
      if (pixel[0] > 0.0f && (PockmarkClass) pixel[1] == POCKMARK_RED_MARK)
        found++;
    }
  return found;
}

gboolean
fixture_is_finite (const gfloat *pixels, gsize n)
{
  gsize i;

  for (i = 0; i < n; i++)
    if (! isfinite (pixels[i]))
      return FALSE;
  return TRUE;
}

void
fixture_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  gegl_init (argc, argv);
}

int
fixture_run (void)
{
  int result = g_test_run ();

  gegl_exit ();
  return result;
}
