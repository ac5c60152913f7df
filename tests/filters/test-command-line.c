/* Pockmark: tests of the filters from the gegl command
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include <glib/gstdio.h>

#include "fixture.h"

typedef struct
{
  gchar *folder;
  gchar *photograph;
  gchar *result;
} Files;

static void
files_set_up (Files *files, gconstpointer data)
{
  g_autoptr (GeglBuffer) skin
      = fixture_skin_new (0, 0, babl_format ("R'G'B'A u8"));
  g_autoptr (GeglNode)   graph = gegl_node_new ();
  GeglNode              *source;
  GeglNode              *sink;

  files->folder = g_dir_make_tmp ("pockmark-XXXXXX", NULL);
  g_assert_nonnull (files->folder);
  files->photograph = g_build_filename (files->folder, "skin.png", NULL);
  files->result = g_build_filename (files->folder, "result.png", NULL);

  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", skin, NULL);
  sink = gegl_node_new_child (graph, "operation", "gegl:png-save",
                              "path", files->photograph, "bitdepth", 8, NULL);
  gegl_node_link (source, sink);
  gegl_node_process (sink);
}

static void
files_tear_down (Files *files, gconstpointer data)
{
  g_remove (files->photograph);
  g_remove (files->result);
  g_rmdir (files->folder);
  g_free (files->photograph);
  g_free (files->result);
  g_free (files->folder);
}

static GeglBuffer *
load (const gchar *path)
{
  g_autoptr (GeglNode) graph = gegl_node_new ();
  GeglBuffer          *buffer = NULL;
  GeglNode            *source = gegl_node_new_child (
      graph, "operation", "gegl:load", "path", path, NULL);
  GeglNode            *sink = gegl_node_new_child (
      graph, "operation", "gegl:buffer-sink", "buffer", &buffer, NULL);

  gegl_node_link (source, sink);
  gegl_node_process (sink);
  return buffer;
}

static gchar *
read_result (const gchar *path)
{
  g_autoptr (GeglBuffer) buffer = load (path);
  gchar                 *pixels;

  g_assert_nonnull (buffer);
  g_assert_cmpint (gegl_buffer_get_width (buffer), ==, FIXTURE_WIDTH);
  g_assert_cmpint (gegl_buffer_get_height (buffer), ==, FIXTURE_HEIGHT);
  pixels = g_malloc (4 * FIXTURE_WIDTH * FIXTURE_HEIGHT);
  gegl_buffer_get (buffer, NULL, 1.0, babl_format ("R'G'B'A u8"), pixels,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return pixels;
}

/* Each operation with its properties writes another picture than it read, and
 * gives no cause for complaint. */
static void
test_command (Files *files, gconstpointer data)
{
  const gchar       *words = data;
  g_auto (GStrv)     operation = g_strsplit (words, " ", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv)     argv = NULL;
  g_auto (GStrv)     environment = g_get_environ ();
  g_autofree gchar  *complaint = NULL;
  g_autofree gchar  *before = NULL;
  g_autofree gchar  *after = NULL;
  g_autoptr (GError) error = NULL;
  gint               status = -1;

  g_strv_builder_add_many (builder, "gegl", files->photograph, "-o",
                           files->result, "--", NULL);
  g_strv_builder_addv (builder, (const gchar **) operation);
  argv = g_strv_builder_end (builder);

  /* The command itself warns at its end after any operation that caches,
   * GEGL's own among them: let that pass, but nothing else. */
  environment
      = g_environ_setenv (environment, "G_DEBUG", "fatal-criticals", TRUE);
  g_spawn_sync (NULL, argv, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                &complaint, &status, &error);
  if (g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
    {
      g_test_skip ("there is no gegl command");
      return;
    }
  g_assert_no_error (error);
  g_assert_null (strstr (complaint, "ockmark"));
  g_assert_true (g_spawn_check_wait_status (status, NULL));

  before = read_result (files->photograph);
  after = read_result (files->result);
  g_assert_cmpint (memcmp (before, after, 4 * FIXTURE_WIDTH * FIXTURE_HEIGHT),
                   !=, 0);
}

int
main (int argc, char **argv)
{
  static const gchar *const commands[] = {
    "pockmark:detect pixels-per-mm=8 whole-is-skin=true",
    "pockmark:detect pixels-per-mm=8 sensitivity=0.9 whole-is-skin=true "
    "red-mark-color=white opacity=0.5 outline=4",
    "pockmark:redness pixels-per-mm=8 show=grey relative=false "
    "whole-is-skin=true",
    "pockmark:redness pixels-per-mm=8 show=heat whole-is-skin=true",
    "pockmark:chromophores component=melanin",
    "pockmark:lesions pixels-per-mm=8 light-azimuth=90 whole-is-skin=true",
  };
  guint i;

  fixture_init (&argc, &argv);
  for (i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree gchar *path = g_strdup_printf ("/command-line/%u", i);

      g_test_add (path, Files, commands[i], files_set_up, test_command,
                  files_tear_down);
    }
  return fixture_run ();
}
