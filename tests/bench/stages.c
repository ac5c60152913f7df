/* pockmark-stages: the core's stages on one small photograph, to be counted
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   pockmark-stages --compiler    what it was compiled with
 *   pockmark-stages --render FILE renders the photograph
 *   pockmark-stages FILE          finds, draws and paints once, on one thread
 *
 * For instructions.py, which has valgrind count the instructions.
 */

#include <stdio.h>
#include <string.h>

#include "phantom.h"
#include "pockmark-core.h"

#define WIDTH         900
#define HEIGHT        600
#define PIXELS_PER_MM 20.0

/* Rows that are drawn and painted at a time. */
#define STRIP 60

#if defined(__clang__)
#define COMPILER "clang-" G_STRINGIFY (__clang_major__)
#elif defined(__GNUC__)
#define COMPILER "gcc-" G_STRINGIFY (__GNUC__)
#else
#define COMPILER "unknown"
#endif

#if defined(__x86_64__)
#define PROCESSOR "x86_64"
#elif defined(__aarch64__)
#define PROCESSOR "aarch64"
#else
#define PROCESSOR "unknown"
#endif

static gboolean
render (const gchar *path,
        GError     **error)
{
  PhantomSettings     settings;
  g_autoptr (Phantom) phantom = NULL;

  phantom_settings_init (&settings);
  settings.width = WIDTH;
  settings.height = HEIGHT;
  settings.pixels_per_mm = PIXELS_PER_MM;
  phantom = phantom_render (&settings, error);
  return phantom
         && g_file_set_contents (path, (const gchar *) phantom->rgb,
                                 3 * WIDTH * HEIGHT, error);
}

static gboolean
read_codes (const PockmarkRect *rect,
            guint8             *codes,
            gpointer            user_data,
            GError            **error G_GNUC_UNUSED)
{
  const guint8 *photograph = user_data;
  gint          y;

  for (y = 0; y < rect->height; y++)
    memcpy (codes + (gsize) y * rect->width * 3,
            photograph + 3 * ((gsize) (rect->y + y) * WIDTH + rect->x),
            (gsize) rect->width * 3);
  return TRUE;
}

/* The map and the redness of the whole picture, strip by strip. */
static void
draw (const PockmarkDetection *detection,
      const PockmarkSkin      *skin)
{
  const PockmarkRednessStyle style = { POCKMARK_SHOW_HEAT, TRUE, 0.7 };
  g_autofree gfloat *pixels = g_new (gfloat, WIDTH * STRIP * 4);
  PockmarkRect       rect = { 0, 0, WIDTH, STRIP };

  for (; rect.y < HEIGHT; rect.y += STRIP)
    {
      pockmark_detection_render (detection, &rect, pixels, 4 * WIDTH);
      pockmark_redness_paint (skin, &style, &rect, pixels, pixels);
    }
}

static gboolean
run (const gchar *path,
     GError     **error)
{
  g_autofree gchar   *photograph = NULL;
  gsize               size;
  PockmarkSource      source = { .width = WIDTH, .height = HEIGHT,
                                 .read_codes = read_codes, .n_codes = 3 };
  PockmarkParameters  parameters;
  g_autoptr (PockmarkDetection) detection = NULL;
  g_autoptr (PockmarkSkin)      skin = NULL;

  if (! g_file_get_contents (path, &photograph, &size, error))
    return FALSE;
  if (size != 3 * WIDTH * HEIGHT)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   "%s is not the photograph that was rendered for this.", path);
      return FALSE;
    }
  source.user_data = photograph;
  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = PIXELS_PER_MM;
  if (! (detection = pockmark_detect (&source, &parameters, NULL, error))
      || ! (skin = pockmark_skin_new (&source, &parameters, NULL, error)))
    return FALSE;
  draw (detection, skin);
  printf ("%u findings\n", pockmark_detection_findings (detection)->len);
  return TRUE;
}

gint
main (gint    argc,
      gchar **argv)
{
  g_autoptr (GError) error = NULL;
  gboolean           done = FALSE;

  if (argc == 2 && g_str_equal (argv[1], "--compiler"))
    done = puts (COMPILER " " PROCESSOR) >= 0;
  else if (argc == 3 && g_str_equal (argv[1], "--render"))
    done = render (argv[2], &error);
  else if (argc == 2)
    done = run (argv[1], &error);
  else
    g_printerr ("Name the photograph's file.\n");
  if (error)
    g_printerr ("%s\n", error->message);
  return done ? 0 : 1;
}
