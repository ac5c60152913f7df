/* Pockmark: tests of the filters with every kind of picture
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "fixture.h"

static const gchar *const operations[]
    = { "pockmark:lesions", "pockmark:detect", "pockmark:redness",
        "pockmark:chromophores" };

/* ---- Formats and spaces -------------------------------------------------- */

/* A space as an odd ICC profile has it: red and blue the other way round, and
 * a tone curve of its own. */
#define SWAPPED "pockmark-swapped"

typedef struct
{
  const gchar *name;
  const gchar *format;
  const gchar *space;
} Encoding;

static const Encoding encodings[] = {
  { "u8", "R'G'B'A u8", "sRGB" },
  { "u8-no-alpha", "R'G'B' u8", "sRGB" },
  { "u16", "R'G'B'A u16", "sRGB" },
  { "u16-linear", "RGBA u16", "sRGB" },
  { "u32", "R'G'B'A u32", "sRGB" },
  { "u32-linear", "RGB u32", "sRGB" },
  { "half", "R'G'B'A half", "sRGB" },
  { "half-linear", "RGB half", "sRGB" },
  { "float", "R'G'B'A float", "sRGB" },
  { "float-premultiplied", "RaGaBaA float", "sRGB" },
  { "double", "RGBA double", "sRGB" },
  { "adobe-u8", "R'G'B'A u8", "Adobish" },
  { "adobe-float", "RGBA float", "Adobish" },
  { "apple-u16", "R'G'B' u16", "Apple" },
  { "prophoto-u16", "R'G'B'A u16", "ProPhoto" },
  { "aces-half", "RGBA half", "ACEScg" },
  { "swapped-float", "RGB float", SWAPPED },
  { "cmyk", "CMYK float", "sRGB" },
};

static void
make_swapped_space (void)
{
  const Babl *curve = babl_trc_gamma (1.3);

  babl_space_from_chromaticities (SWAPPED, 0.3127, 0.3290, 0.15, 0.06, 0.30,
                                  0.60, 0.64, 0.33, curve, curve, curve,
                                  BABL_SPACE_FLAG_NONE);
}

static void
test_encoding (gconstpointer data)
{
  const Encoding        *encoding = data;
  const Babl            *format = babl_format_with_space (
      encoding->format, babl_space (encoding->space));
  g_autoptr (GeglBuffer) skin = fixture_skin_new (0, 0, format);
  const GeglRectangle   *extent = gegl_buffer_get_extent (skin);
  g_autofree gfloat     *map = fixture_map (skin);
  gsize                  i;

  g_assert_cmpint (fixture_count_marks (map), ==, FIXTURE_N_MARKS);
  for (i = 0; i < FIXTURE_N_VALUES; i += 4)
    {
      g_assert_cmpfloat (map[i], ==, floorf (map[i]));
      g_assert_cmpfloat (map[i + 1], ==, floorf (map[i + 1]));
      g_assert_cmpfloat (map[i + 3], ==, 1.0f);
    }

  for (i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new (skin, operations[i]);
      g_autofree gfloat  *pixels = fixture_render (fixture, extent, 0);

      g_assert_true (fixture_is_finite (pixels, FIXTURE_N_VALUES));
    }
  g_test_message ("faults: encodings and colour spaces tried 1 survived 1");
}

/* One photograph in two spaces is one photograph. */
static void
test_redness_of_spaces (void)
{
  g_autoptr (GeglBuffer) skin = fixture_skin_new (0, 0, NULL);
  g_autoptr (GeglBuffer) adobe = fixture_skin_new (
      0, 0, babl_format_with_space ("RGBA float", babl_space ("Adobish")));
  const GeglRectangle   *extent = gegl_buffer_get_extent (skin);
  g_autoptr (Fixture)    a = fixture_new (skin, "pockmark:redness");
  g_autoptr (Fixture)    b = fixture_new (adobe, "pockmark:redness");
  g_autofree gfloat     *a_pixels = fixture_render (a, extent, 0);
  g_autofree gfloat     *b_pixels = fixture_render (b, extent, 0);
  gsize                  i;

  for (i = 0; i < FIXTURE_N_VALUES; i++)
    g_assert_cmpfloat_with_epsilon (a_pixels[i], b_pixels[i], 2e-3);
}

/* Colours of an annotation arrive whatever the photograph's space. */
static void
test_colour_of_spaces (void)
{
  static const gchar *const spaces[] = { "sRGB", "Adobish", "ProPhoto" };
  const gfloat             *expected
      = pockmark_class_colour (POCKMARK_RED_MARK);
  guint                     i;

  for (i = 0; i < G_N_ELEMENTS (spaces); i++)
    {
      g_autoptr (GeglBuffer) skin = fixture_skin_new (
          0, 0, babl_format_with_space ("RGBA float", babl_space (spaces[i])));
      g_autoptr (Fixture)    fixture = fixture_new (skin, "pockmark:detect");
      GeglRectangle          point = { 0, 0, 1, 1 };
      gfloat                 seen[4];
      gint                   c;

      fixture_mark (0, &point.x, &point.y);
      gegl_node_set (fixture->operation, "opacity", 1.0, NULL);
      gegl_node_blit (fixture->operation, 1.0, &point,
                      babl_format ("R'G'B'A float"), seen, GEGL_AUTO_ROWSTRIDE,
                      GEGL_BLIT_DEFAULT);
      for (c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon (seen[c], expected[c], 2e-3);
    }
}

static void
test_grey (void)
{
  static const gchar *const formats[] = { "Y' u8", "Y'A u16", "Y float" };
  guint                     i;

  for (i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (GeglBuffer) skin
          = fixture_skin_new (0, 0, babl_format (formats[i]));
      const GeglRectangle   *extent = gegl_buffer_get_extent (skin);
      g_autofree gfloat     *map = fixture_map (skin);
      guint                  k;

      /* Grey has no chromophores: nothing may be called a red mark. */
      g_assert_cmpint (fixture_count_marks (map), ==, 0);
      for (k = 0; k < G_N_ELEMENTS (operations); k++)
        {
          g_autoptr (Fixture) fixture = fixture_new (skin, operations[k]);
          g_autofree gfloat  *pixels = fixture_render (fixture, extent, 0);

          g_assert_true (fixture_is_finite (pixels, FIXTURE_N_VALUES));
        }
    }
}

/* ---- Scale --------------------------------------------------------------- */

/* A slider passes values on its way from 0 that no photograph has. */
static void
test_scale_too_small (void)
{
  static const gchar *const scaled[] = { "pockmark:lesions",
                                         "pockmark:redness" };
  g_autoptr (GeglBuffer)    skin = fixture_skin_new (0, 0, NULL);
  const GeglRectangle      *extent = gegl_buffer_get_extent (skin);
  guint                     i;

  for (i = 0; i < G_N_ELEMENTS (scaled); i++)
    {
      g_autoptr (Fixture) unknown = fixture_new (skin, scaled[i]);
      g_autoptr (Fixture) tiny = fixture_new (skin, scaled[i]);
      g_autofree gfloat  *unknown_pixels = NULL;
      g_autofree gfloat  *tiny_pixels = NULL;

      gegl_node_set (unknown->operation, "pixels-per-mm", 0.0, NULL);
      gegl_node_set (tiny->operation, "pixels-per-mm", 0.02, NULL);
      unknown_pixels = fixture_render (unknown, extent, 0);
      tiny_pixels = fixture_render (tiny, extent, 0);
      if (i == 0)
        g_assert_cmpint (fixture_count_marks (tiny_pixels), >, 0);
      g_assert_cmpmem (unknown_pixels, FIXTURE_N_VALUES * sizeof (gfloat),
                       tiny_pixels, FIXTURE_N_VALUES * sizeof (gfloat));
    }
}

/* ---- Alpha, offsets, sizes ----------------------------------------------- */

static void
test_alpha (void)
{
  const GeglRectangle    right = { FIXTURE_WIDTH / 2 + 40, 0,
                                   FIXTURE_WIDTH / 2 - 40, FIXTURE_HEIGHT };
  g_autoptr (GeglBuffer) skin
      = fixture_skin_new (0, 0, babl_format ("R'G'B'A u8"));
  g_autoptr (Fixture)    fixture = fixture_new (skin, "pockmark:redness");
  const GeglRectangle   *extent = gegl_buffer_get_extent (skin);
  g_autofree gfloat     *map = NULL;
  g_autofree gfloat     *redness = NULL;
  gint                   x, y;

  gegl_buffer_clear (skin, &right);
  map = fixture_map (skin);
  redness = fixture_render (fixture, extent, 0);

  /* Two of three columns of marks are left. */
  g_assert_cmpint (fixture_count_marks (map), ==, FIXTURE_N_MARKS * 2 / 3);
  for (y = 0; y < FIXTURE_HEIGHT; y++)
    for (x = 0; x < FIXTURE_WIDTH; x++)
      {
        gsize i = 4 * ((gsize) y * FIXTURE_WIDTH + x);

        if (x >= right.x)
          g_assert_cmpfloat (map[i], ==, 0.0f);
        g_assert_cmpfloat (redness[i + 3], ==, x >= right.x ? 0.0f : 1.0f);
      }
}

static void
test_offsets (void)
{
  static const gint      offsets[][2]
      = { { -1000, -77 }, { 5, -3 }, { 70001, 901 } };
  g_autoptr (GeglBuffer) skin = fixture_skin_new (0, 0, NULL);
  guint                  i, k;

  for (k = 0; k < G_N_ELEMENTS (operations); k++)
    {
      g_autoptr (Fixture) fixture = fixture_new (skin, operations[k]);
      g_autofree gfloat  *here
          = fixture_render (fixture, gegl_buffer_get_extent (skin), 0);

      for (i = 0; i < G_N_ELEMENTS (offsets); i++)
        {
          g_autoptr (GeglBuffer) moved
              = fixture_skin_new (offsets[i][0], offsets[i][1], NULL);
          g_autoptr (Fixture) elsewhere = fixture_new (moved, operations[k]);
          g_autofree gfloat  *there = fixture_render (
              elsewhere, gegl_buffer_get_extent (moved), 0);

          g_assert_cmpmem (here, FIXTURE_N_VALUES * sizeof (gfloat), there,
                           FIXTURE_N_VALUES * sizeof (gfloat));
        }
    }
}

static void
test_sizes (void)
{
  static const GeglRectangle sizes[]
      = { { 0, 0, 1, 1 },   { 0, 0, 1, 200 }, { 0, 0, 200, 1 }, { 3, 3, 2, 2 },
          { 0, 0, 7, 5 },   { -9, 4, 16, 16 }, { 0, 0, 3, 1000 } };
  const gfloat colour[4] = { 0.57f, 0.38f, 0.27f, 1.0f };
  guint        i, k;

  for (i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GeglBuffer) buffer = fixture_flat_new (&sizes[i], colour);
      gsize                  n = (gsize) sizes[i].width * sizes[i].height;
      g_autofree gfloat     *map = fixture_map (buffer);
      gsize                  j;

      /* One even colour: nothing to be found. */
      for (j = 0; j < n; j++)
        g_assert_cmpfloat (map[4 * j], ==, 0.0f);
      for (k = 0; k < G_N_ELEMENTS (operations); k++)
        {
          g_autoptr (Fixture) fixture = fixture_new (buffer, operations[k]);
          g_autofree gfloat  *pixels = fixture_render (fixture, &sizes[i], 0);

          g_assert_true (fixture_is_finite (pixels, 4 * n));
        }
    }
}

/* ---- What is no photograph ----------------------------------------------- */

static void
assert_empty_map (GeglNode *lesions, const GeglRectangle *area)
{
  gsize              n = (gsize) area->width * area->height;
  g_autofree gfloat *map = g_new (gfloat, 4 * n);
  gsize              i;

  gegl_node_blit (lesions, 1.0, area, babl_format ("RGBA float"), map,
                  GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
  for (i = 0; i < n; i++)
    {
      g_assert_cmpfloat (map[4 * i], ==, 0.0f);
      g_assert_cmpfloat (map[4 * i + 1], ==, 0.0f);
      g_assert_cmpfloat (map[4 * i + 2], ==, 0.0f);
      g_assert_cmpfloat (map[4 * i + 3], ==, 1.0f);
    }
}

static void
test_endless (void)
{
  const GeglRectangle area = { -50, 100, 300, 200 };
  guint               k;

  for (k = 0; k < G_N_ELEMENTS (operations); k++)
    {
      g_autoptr (GeglNode) graph = gegl_node_new ();
      GeglNode            *source
          = gegl_node_new_child (graph, "operation", "gegl:color", NULL);
      GeglNode            *node
          = gegl_node_new_child (graph, "operation", operations[k], NULL);
      g_autofree gfloat   *pixels = g_new (gfloat, 4 * 300 * 200);

      gegl_node_link (source, node);
      gegl_node_blit (node, 1.0, &area, babl_format ("RGBA float"), pixels,
                      GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
      g_assert_true (fixture_is_finite (pixels, 4 * 300 * 200));
      if (g_str_equal (operations[k], "pockmark:lesions"))
        assert_empty_map (node, &area);
    }
}

/* Endless until it is cropped. */
static void
test_cropped (void)
{
  const GeglRectangle  area = { -20, 30, 90, 70 };
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglNode            *source
      = gegl_node_new_child (graph, "operation", "gegl:color", NULL);
  GeglNode            *crop = gegl_node_new_child (
      graph, "operation", "gegl:crop", "x", -20.0, "y", 30.0, "width", 90.0,
      "height", 70.0, NULL);
  GeglNode            *lesions = gegl_node_new_child (
      graph, "operation", "pockmark:lesions", "whole-is-skin", TRUE, NULL);
  GeglRectangle        box;

  gegl_node_link_many (source, crop, lesions, NULL);
  box = gegl_node_get_bounding_box (lesions);
  g_assert_true (gegl_rectangle_equal (&box, &area));
  assert_empty_map (lesions, &area);
}

static void
test_unconnected (void)
{
  guint k;

  for (k = 0; k < G_N_ELEMENTS (operations); k++)
    {
      g_autoptr (GeglNode) graph = gegl_node_new ();
      GeglNode            *node
          = gegl_node_new_child (graph, "operation", operations[k], NULL);
      GeglRectangle        box = gegl_node_get_bounding_box (node);
      gfloat               pixels[4 * 9];

      g_assert_true (gegl_rectangle_is_empty (&box));
      gegl_node_blit (node, 1.0, GEGL_RECTANGLE (0, 0, 3, 3),
                      babl_format ("RGBA float"), pixels, GEGL_AUTO_ROWSTRIDE,
                      GEGL_BLIT_DEFAULT);
    }
}

static void
test_transparent (void)
{
  const GeglRectangle    extent = { 0, 0, 150, 90 };
  const gfloat           nothing[4] = { 0.0f, 0.0f, 0.0f, 0.0f };
  g_autoptr (GeglBuffer) buffer = fixture_flat_new (&extent, nothing);
  g_autoptr (Fixture)    lesions = fixture_new (buffer, "pockmark:lesions");
  g_autoptr (Fixture)    redness = fixture_new (buffer, "pockmark:redness");
  g_autofree gfloat     *pixels = fixture_render (redness, &extent, 0);
  gint                   i;

  assert_empty_map (lesions->operation, &extent);
  for (i = 0; i < extent.width * extent.height; i++)
    g_assert_cmpfloat (pixels[4 * i + 3], ==, 0.0f);
}

/* Broken floats spoil no map, nor the marks that are whole. */
static void
test_not_finite (void)
{
  const gfloat           values[] = { NAN, INFINITY, -INFINITY, 1e30f, -5.0f,
                                      1e-40f };
  g_autoptr (GeglBuffer) skin = fixture_skin_new (0, 0, NULL);
  const GeglRectangle   *extent = gegl_buffer_get_extent (skin);
  g_autofree gfloat     *map = NULL;
  guint                  i, k;

  for (i = 0; i < G_N_ELEMENTS (values); i++)
    {
      GeglRectangle spot = { 10 + 40 * i, 118, 3, 3 };
      gfloat        pixels[4 * 9];

      for (k = 0; k < G_N_ELEMENTS (pixels); k++)
        pixels[k] = k % 4 == 3 ? 1.0f : values[i];
      gegl_buffer_set (skin, &spot, 0, babl_format ("RGBA float"), pixels,
                       GEGL_AUTO_ROWSTRIDE);
    }

  map = fixture_map (skin);
  g_assert_true (fixture_is_finite (map, FIXTURE_N_VALUES));
  g_assert_cmpint (fixture_count_marks (map), ==, FIXTURE_N_MARKS);
  for (k = 0; k < G_N_ELEMENTS (operations); k++)
    {
      g_autoptr (Fixture) fixture = fixture_new (skin, operations[k]);

      g_free (fixture_render (fixture, extent, 0));
    }
}

/* A map may lie in any space and beside the photograph. */
static void
test_foreign_map (void)
{
  const GeglRectangle    map_extent = { 100, 50, 40, 40 };
  const gfloat           mark[4] = { 7.0f, POCKMARK_RED_MARK, 0.5f, 1.0f };
  const Babl            *format = babl_format_with_space (
      "RGBA float", babl_space ("ProPhoto"));
  g_autoptr (GeglBuffer) skin = fixture_skin_new (0, 0, NULL);
  g_autoptr (GeglBuffer) map = gegl_buffer_new (&map_extent, format);
  g_autoptr (Fixture)    fixture = fixture_new (skin, "pockmark:annotate");
  const gfloat          *expected = pockmark_class_colour (POCKMARK_RED_MARK);
  GeglNode              *source;
  GeglRectangle          box;
  gfloat                 seen[4];
  gint                   c;

  gegl_buffer_set_color_from_pixel (map, &map_extent, mark, format);
  source = gegl_node_new_child (fixture->graph, "operation",
                                "gegl:buffer-source", "buffer", map, NULL);
  gegl_node_connect (source, "output", fixture->operation, "aux");
  gegl_node_set (fixture->operation, "opacity", 1.0, NULL);

  box = gegl_node_get_bounding_box (fixture->operation);
  g_assert_true (gegl_rectangle_equal (&box, gegl_buffer_get_extent (skin)));
  gegl_node_blit (fixture->operation, 1.0, GEGL_RECTANGLE (120, 70, 1, 1),
                  babl_format ("R'G'B'A float"), seen, GEGL_AUTO_ROWSTRIDE,
                  GEGL_BLIT_DEFAULT);
  for (c = 0; c < 3; c++)
    g_assert_cmpfloat_with_epsilon (seen[c], expected[c], 1e-3);
}

int
main (int argc, char **argv)
{
  guint i;

  fixture_init (&argc, &argv);
  make_swapped_space ();
  for (i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      g_autofree gchar *path
          = g_strconcat ("/encoding/", encodings[i].name, NULL);

      g_test_add_data_func (path, &encodings[i], test_encoding);
    }
  g_test_add_func ("/spaces/redness", test_redness_of_spaces);
  g_test_add_func ("/spaces/colours", test_colour_of_spaces);
  g_test_add_func ("/grey", test_grey);
  g_test_add_func ("/scale-too-small", test_scale_too_small);
  g_test_add_func ("/alpha", test_alpha);
  g_test_add_func ("/offsets", test_offsets);
  g_test_add_func ("/sizes", test_sizes);
  g_test_add_func ("/endless", test_endless);
  g_test_add_func ("/cropped", test_cropped);
  g_test_add_func ("/unconnected", test_unconnected);
  g_test_add_func ("/transparent", test_transparent);
  g_test_add_func ("/not-finite", test_not_finite);
  g_test_add_func ("/foreign-map", test_foreign_map);
  return fixture_run ();
}
