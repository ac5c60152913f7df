/* Pockmark: tests of what the operations say about themselves
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include <gegl-plugin.h>

#include "fixture.h"

typedef struct
{
  const gchar *operation;
  const gchar *menu_label; /* without mnemonic; NULL: not in GIMP's menus */
  const gchar *properties[12];
} Face;

#define SKIN "pixels-per-mm", "whole-is-skin"
#define FIND "sensitivity", "light-azimuth"
#define PAINT                                                                  \
  "crater-color", "ice-pick-color", "red-mark-color", "brown-mark-color",      \
      "opacity", "outline"

static const Face faces[] = {
  { "pockmark:chromophores", "Chromophores…", { "component" } },
  { "pockmark:redness", "Redness Overlay…",
    { SKIN, "show", "relative", "opacity" } },
  { "pockmark:lesions", NULL, { SKIN, FIND } },
  { "pockmark:annotate", NULL, { PAINT } },
  { "pockmark:detect", "Pockmark Overlay…", { SKIN, FIND, PAINT } },
};

static gchar *
without_mnemonic (const gchar *label)
{
  g_auto (GStrv) parts = g_strsplit (label, "_", -1);

  return g_strjoinv ("", parts);
}

static void
test_keys (gconstpointer data)
{
  const Face       *face = data;
  const gchar      *label;
  const gchar      *path;
  g_autofree gchar *plain = NULL;

  g_assert_true (gegl_has_operation (face->operation));
  g_assert_nonnull (gegl_operation_get_key (face->operation, "title"));
  g_assert_nonnull (gegl_operation_get_key (face->operation, "description"));
  g_assert_nonnull (gegl_operation_get_key (face->operation, "categories"));
  g_assert_nonnull (gegl_operation_get_key (face->operation, "op-version"));

  label = gegl_operation_get_key (face->operation, "gimp:menu-label");
  path = gegl_operation_get_key (face->operation, "gimp:menu-path");
  if (! face->menu_label)
    {
      g_assert_null (label);
      g_assert_null (path);
      return;
    }
  g_assert_cmpstr (path, ==, "<Image>/Filters/Dermatology");
  plain = without_mnemonic (label);
  g_assert_cmpstr (plain, ==, face->menu_label);
}

static void
test_properties (gconstpointer data)
{
  const Face             *face = data;
  g_autofree GParamSpec **specs = NULL;
  guint                   n_specs;
  guint                   n_expected;
  guint                   i;

  specs = gegl_operation_list_properties (face->operation, &n_specs);
  for (n_expected = 0; face->properties[n_expected]; n_expected++)
    g_assert_nonnull (gegl_operation_find_property (
        face->operation, face->properties[n_expected]));
  g_assert_cmpuint (n_specs, ==, n_expected);

  for (i = 0; i < n_specs; i++)
    {
      const gchar *blurb = g_param_spec_get_blurb (specs[i]);

      g_assert_nonnull (blurb);
      g_assert_true (g_str_has_suffix (blurb, "."));
    }
}

/* The classes' colours have one home, and pass through text on their way. */
static void
test_colours (void)
{
  g_autoptr (GeglNode) node = gegl_node_new ();
  gint                 klass;

  gegl_node_set (node, "operation", "pockmark:detect", NULL);
  for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
    {
      const gfloat     *expected = pockmark_class_colour (klass);
      g_autofree gchar *name
          = g_strconcat (pockmark_class_word (klass), "-color", NULL);
      GeglColor        *colour = NULL;
      gfloat            seen[3];
      gint              c;

      gegl_node_get (node, name, &colour, NULL);
      gegl_color_get_pixel (colour, babl_format ("R'G'B' float"), seen);
      g_object_unref (colour);
      for (c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon (seen[c], expected[c], 1e-4);
    }
}

/* Grey is a fixed line through density. */
static void
test_chromophores (void)
{
  static const gchar *const components[]
      = { "hemoglobin", "melanin", "shading" };
  const GeglRectangle    extent = { 0, 0, 4, 4 };
  const gfloat           dark[4] = { 0.25f, 0.25f, 0.25f, 0.5f };
  const gfloat           light[4] = { 0.75f, 0.75f, 0.75f, 0.5f };
  g_autoptr (GeglBuffer) dark_buffer = fixture_flat_new (&extent, dark);
  g_autoptr (GeglBuffer) light_buffer = fixture_flat_new (&extent, light);
  guint                  i;

  for (i = 0; i < G_N_ELEMENTS (components); i++)
    {
      g_autoptr (Fixture) a
          = fixture_new (dark_buffer, "pockmark:chromophores");
      g_autoptr (Fixture) b
          = fixture_new (light_buffer, "pockmark:chromophores");
      g_autofree gfloat *a_pixels = NULL;
      g_autofree gfloat *b_pixels = NULL;

      gegl_node_set (a->operation, "component", i, NULL);
      gegl_node_set (b->operation, "component", i, NULL);
      a_pixels = fixture_render (a, &extent, 0);
      b_pixels = fixture_render (b, &extent, 0);

      /* A grey card has no chromophore, however it is lit. */
      if (i < 2)
        g_assert_cmpfloat_with_epsilon (a_pixels[0], b_pixels[0], 1e-4);
      else
        g_assert_cmpfloat (a_pixels[0], <, b_pixels[0]);
      g_assert_cmpfloat_with_epsilon (a_pixels[3], 0.5, 1e-6);
      g_assert_cmpfloat (a_pixels[0], ==, a_pixels[1]);
    }
}

/* Without a map the photograph passes, value for value. */
static void
test_annotate_without_map (void)
{
  g_autoptr (GeglBuffer) skin = fixture_skin_new (0, 0, NULL);
  g_autoptr (Fixture)    fixture = fixture_new (skin, "pockmark:annotate");
  const GeglRectangle   *extent = gegl_buffer_get_extent (skin);
  gsize                  size = sizeof (gfloat) * FIXTURE_N_VALUES;
  g_autofree gfloat     *before = g_malloc (size);
  g_autofree gfloat     *after = fixture_render (fixture, extent, 0);

  gegl_buffer_get (skin, extent, 1.0, babl_format ("RGBA float"), before,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  g_assert_cmpmem (before, size, after, size);
}

/* Paint stays within the lesions' outlines; beyond, values are untouched. */
static void
test_annotate_paints_lesions_only (void)
{
  g_autoptr (GeglBuffer) skin = fixture_skin_new (0, 0, NULL);
  g_autoptr (Fixture)    fixture = fixture_new (skin, "pockmark:detect");
  const GeglRectangle   *extent = gegl_buffer_get_extent (skin);
  g_autofree gfloat     *before = g_new (gfloat, FIXTURE_N_VALUES);
  g_autofree gfloat     *after = NULL;
  g_autofree gfloat     *map = fixture_map (skin);
  gint                   i;

  gegl_node_set (fixture->operation, "outline", 0, "opacity", 0.5, NULL);
  after = fixture_render (fixture, extent, 0);
  gegl_buffer_get (skin, extent, 1.0, babl_format ("RGBA float"), before,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);

  g_assert_cmpint (fixture_count_marks (map), ==, FIXTURE_N_MARKS);
  for (i = 0; i < FIXTURE_WIDTH * FIXTURE_HEIGHT; i++)
    {
      gboolean same = memcmp (before + 4 * i, after + 4 * i,
                              4 * sizeof (gfloat)) == 0;

      g_assert_true (same == (map[4 * i] == 0.0f));
    }
}

int
main (int argc, char **argv)
{
  guint i;

  fixture_init (&argc, &argv);
  for (i = 0; i < G_N_ELEMENTS (faces); i++)
    {
      g_autofree gchar *keys
          = g_strconcat ("/keys/", faces[i].operation + strlen ("pockmark:"),
                         NULL);
      g_autofree gchar *properties
          = g_strconcat ("/properties/",
                         faces[i].operation + strlen ("pockmark:"), NULL);

      g_test_add_data_func (keys, &faces[i], test_keys);
      g_test_add_data_func (properties, &faces[i], test_properties);
    }
  g_test_add_func ("/colours", test_colours);
  g_test_add_func ("/chromophores", test_chromophores);
  g_test_add_func ("/annotate/without-map", test_annotate_without_map);
  g_test_add_func ("/annotate/lesions-only", test_annotate_paints_lesions_only);
  return fixture_run ();
}
