/* Pockmark: tests that a filter's result does not depend on how it is asked for
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "fixture.h"

typedef struct
{
  const gchar *name;
  const gchar *operation;
  const gchar *property; /* set to value, where not NULL */
  gint         value;
} Case;

static const Case cases[] = {
  { "lesions", "pockmark:lesions", NULL, 0 },
  { "detect", "pockmark:detect", "outline", 5 },
  { "heat", "pockmark:redness", "show", POCKMARK_SHOW_HEAT },
  { "grey", "pockmark:redness", "show", POCKMARK_SHOW_GREY },
  { "contours", "pockmark:redness", "show", POCKMARK_SHOW_CONTOURS },
  { "absolute", "pockmark:redness", "relative", FALSE },
  { "chromophores", "pockmark:chromophores", NULL, 0 },
};

static Fixture *
case_new (const Case *test, GeglBuffer *input)
{
  Fixture *fixture = fixture_new (input, test->operation);

  if (test->property)
    gegl_node_set (fixture->operation, test->property, test->value, NULL);
  return fixture;
}

static void
set_threads (gint threads)
{
  g_object_set (gegl_config (), "threads", threads, NULL);
}

/* Renders area on its own and compares it with the same area of whole. */
static void
check_area (const Case          *test,
            GeglBuffer          *input,
            const gfloat        *whole,
            const GeglRectangle *area,
            gint                 piece)
{
  g_autoptr (Fixture) fixture = case_new (test, input);
  g_autofree gfloat  *pixels = fixture_render (fixture, area, piece);
  const GeglRectangle *extent = gegl_buffer_get_extent (input);
  gsize                row = 4 * sizeof (gfloat) * area->width;
  gint                 y;

  for (y = 0; y < area->height; y++)
    {
      gsize start = (gsize) (area->y - extent->y + y) * extent->width
                    + area->x - extent->x;

      g_assert_cmpmem (pixels + 4 * (gsize) area->width * y, row,
                       whole + 4 * start, row);
    }
}

static void
test_regions (gconstpointer data)
{
  static const GeglRectangle areas[]
      = { { 0, 0, 1, 1 }, { 17, 31, 101, 67 }, { 59, 0, 3, FIXTURE_HEIGHT },
          { 0, 179, FIXTURE_WIDTH, 2 }, { 300, 200, 20, 40 } };
  static const gint pieces[] = { 64, 37, 113 };

  const Case            *test = data;
  g_autoptr (GeglBuffer) input
      = fixture_skin_new (0, 0, babl_format ("R'G'B'A u8"));
  const GeglRectangle   *extent = gegl_buffer_get_extent (input);
  g_autoptr (Fixture)    fixture = case_new (test, input);
  g_autofree gfloat     *whole = fixture_render (fixture, extent, 0);
  guint                  i;

  g_assert_true (fixture_is_finite (whole, FIXTURE_N_VALUES));
  for (i = 0; i < G_N_ELEMENTS (pieces); i++)
    check_area (test, input, whole, extent, pieces[i]);
  for (i = 0; i < G_N_ELEMENTS (areas); i++)
    check_area (test, input, whole, &areas[i], 0);
}

static void
test_threads (gconstpointer data)
{
  static const gint threads[] = { 2, 3, 8 };

  const Case            *test = data;
  g_autoptr (GeglBuffer) input
      = fixture_skin_new (0, 0, babl_format ("R'G'B'A u8"));
  const GeglRectangle   *extent = gegl_buffer_get_extent (input);
  g_autoptr (Fixture)    fixture = case_new (test, input);
  g_autofree gfloat     *one = NULL;
  gint                   usual;
  guint                  i;

  g_object_get (gegl_config (), "threads", &usual, NULL);
  set_threads (1);
  one = fixture_render (fixture, extent, 0);
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      set_threads (threads[i]);
      check_area (test, input, one, extent, 0);
    }
  set_threads (usual);
}

/* ---- How often it computes ----------------------------------------------- */

typedef struct
{
  gint    n;
  gdouble last;
} Runs;

/* Each run of an operation begins its progress at 0 and goes up to 1. */
static void
count_runs (Runs *runs, gdouble fraction)
{
  if (fraction <= 0.0 && runs->last > 0.0)
    runs->n++;
  runs->last = fraction;
}

/* The node of pockmark:lesions: the operation itself, or inside of it. */
static GeglNode *
find_lesions (GeglNode *node)
{
  g_autoptr (GSList) children = gegl_node_get_children (node);
  GSList            *child;

  for (child = children; child; child = child->next)
    if (g_str_equal (gegl_node_get_operation (child->data), "pockmark:lesions"))
      return child->data;
  return node;
}

static void
touch_corner (GeglBuffer *buffer)
{
  const GeglRectangle corner = { 0, 0, 1, 1 };
  const gfloat        pixel[4] = { 0.5f, 0.4f, 0.3f, 1.0f };

  gegl_buffer_set (buffer, &corner, 0, babl_format ("RGBA float"), pixel,
                   GEGL_AUTO_ROWSTRIDE);
}

/* GIMP asks for chunks, from graphs that are told not to cache. */
static void
test_computes_once (gconstpointer data)
{
  const gchar           *operation = data;
  g_autoptr (GeglBuffer) input = fixture_skin_new (0, 0, NULL);
  const GeglRectangle   *extent = gegl_buffer_get_extent (input);
  g_autoptr (Fixture)    fixture = fixture_new (input, operation);
  Runs                   runs = { 0, 1.0 };

  g_object_set (fixture->graph, "dont-cache", TRUE, NULL);
  g_object_set (fixture->operation, "dont-cache", TRUE, NULL);
  g_object_set (find_lesions (fixture->operation), "dont-cache", TRUE, NULL);
  g_signal_connect_swapped (find_lesions (fixture->operation), "progress",
                            G_CALLBACK (count_runs), &runs);

  g_free (fixture_render (fixture, extent, 64));
  g_assert_cmpint (runs.n, ==, 1);
  g_free (fixture_render (fixture, extent, 0));
  g_assert_cmpint (runs.n, ==, 1);

  touch_corner (input);
  g_free (fixture_render (fixture, GEGL_RECTANGLE (200, 100, 50, 50), 0));
  g_assert_cmpint (runs.n, ==, 2);

  gegl_node_set (fixture->operation, "pixels-per-mm", 9.0, NULL);
  g_free (fixture_render (fixture, extent, 64));
  g_assert_cmpint (runs.n, ==, 3);
}

/* Another look at the same findings costs no detection. */
static void
test_paint_again (void)
{
  g_autoptr (GeglBuffer) input = fixture_skin_new (0, 0, NULL);
  const GeglRectangle   *extent = gegl_buffer_get_extent (input);
  g_autoptr (Fixture)    fixture = fixture_new (input, "pockmark:detect");
  GeglColor             *white = gegl_color_new ("white");
  g_autofree gfloat     *before = NULL;
  g_autofree gfloat     *after = NULL;
  gsize                  size = sizeof (gfloat) * FIXTURE_N_VALUES;
  Runs                   runs = { 0, 1.0 };

  g_signal_connect_swapped (find_lesions (fixture->operation), "progress",
                            G_CALLBACK (count_runs), &runs);
  before = fixture_render (fixture, extent, 0);
  gegl_node_set (fixture->operation,
                 "red-mark-color", white,
                 "opacity", 0.9,
                 "outline", 7,
                 NULL);
  g_object_unref (white);
  after = fixture_render (fixture, extent, 64);
  g_assert_cmpint (runs.n, ==, 1);
  g_assert_cmpint (memcmp (before, after, size), !=, 0);

  gegl_node_set (fixture->operation, "sensitivity", 0.7, NULL);
  g_free (fixture_render (fixture, extent, 0));
  g_assert_cmpint (runs.n, ==, 2);
}

/* Nor does another look at the same skin look for it again, and what is kept
 * of it paints what a new operation would. */
static void
test_redness_paint_again (void)
{
  g_autoptr (GeglBuffer) input = fixture_skin_new (0, 0, NULL);
  const GeglRectangle   *extent = gegl_buffer_get_extent (input);
  g_autoptr (Fixture)    fixture = fixture_new (input, "pockmark:redness");
  g_autoptr (Fixture)    other = fixture_new (input, "pockmark:redness");
  g_autofree gfloat     *kept = NULL;
  g_autofree gfloat     *fresh = NULL;
  gsize                  size = sizeof (gfloat) * FIXTURE_N_VALUES;
  Runs                   runs = { 0, 1.0 };

  g_signal_connect_swapped (fixture->operation, "progress",
                            G_CALLBACK (count_runs), &runs);
  g_free (fixture_render (fixture, extent, 0));
  gegl_node_set (fixture->operation, "opacity", 0.9, "relative", FALSE,
                 "show", 2, NULL);
  gegl_node_set (other->operation, "opacity", 0.9, "relative", FALSE,
                 "show", 2, NULL);
  kept = fixture_render (fixture, extent, 64);
  fresh = fixture_render (other, extent, 0);
  g_assert_cmpint (runs.n, ==, 1);
  g_assert_cmpmem (kept, size, fresh, size);

  gegl_node_set (fixture->operation, "whole-is-skin", FALSE, NULL);
  g_free (fixture_render (fixture, extent, 64));
  g_assert_cmpint (runs.n, ==, 2);
}

static void
add_cases (const gchar *kind, GTestDataFunc function)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *path
          = g_strdup_printf ("/%s/%s", kind, cases[i].name);

      g_test_add_data_func (path, &cases[i], function);
    }
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  add_cases ("regions", test_regions);
  add_cases ("threads", test_threads);
  g_test_add_data_func ("/computes-once/lesions", "pockmark:lesions",
                        test_computes_once);
  g_test_add_data_func ("/computes-once/detect", "pockmark:detect",
                        test_computes_once);
  g_test_add_data_func ("/computes-once/redness", "pockmark:redness",
                        test_computes_once);
  g_test_add_func ("/paint-again", test_paint_again);
  g_test_add_func ("/paint-again/redness", test_redness_paint_again);
  return fixture_run ();
}
