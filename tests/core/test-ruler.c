/* The ruler finder, on pictures of rulers that another program drew
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   test-ruler KIND COUNT [PREFIX]   tells what is found in so many scenes of
 *                                    a kind, and writes them as PREFIXn.ppm
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ruler-scene.h"

#define NEAR 0.02

typedef struct
{
  gdouble       truth;
  PockmarkRuler ruler;
  gdouble       seconds;
} Trial;

static const gchar *const names[SCENE_N_KINDS] = {
  "millimetres", "tens", "halves", "centimetres", "equal", "inches",
  "skin", "stubble", "text", "stripes", "weave", "barcode" };

static void
write_scene (const Scene  *scene,
             const gfloat *rgba,
             const gchar  *path)
{
  FILE *file = fopen (path, "wb");
  gsize i;

  g_assert_nonnull (file);
  fprintf (file, "P6 %d %d 255\n", scene->width, scene->height);
  for (i = 0; i < 4 * (gsize) scene->width * scene->height; i++)
    if (i % 4 != 3)
      fputc ((gint) (255.0f * powf (rgba[i], 1.0f / 2.2f) + 0.5f), file);
  fclose (file);
}

/* FALSE where the scene has too few ticks in the picture to ask for any. */
static gboolean
try_scene (SceneKind    kind,
           guint        number,
           const gchar *prefix,
           Trial       *trial)
{
  Scene              scene;
  g_autofree gfloat *rgba = NULL;
  PockmarkPixels     pixels;
  PockmarkSource     source;
  GError            *error = NULL;
  gint64             start;

  scene_init (&scene, kind, number);
  rgba = scene_render (&scene, &trial->truth);
  if (kind < SCENE_SKIN && trial->truth == 0.0)
    return FALSE;
  if (prefix)
    {
      g_autofree gchar *path = g_strdup_printf ("%s%u.ppm", prefix, number);

      write_scene (&scene, rgba, path);
    }

  pixels.width = scene.width;
  pixels.height = scene.height;
  pixels.data = rgba;
  source = pockmark_source_from_pixels (&pixels);
  start = g_get_monotonic_time ();
  g_assert_true (pockmark_ruler_find (&source, NULL, &trial->ruler, &error));
  g_assert_no_error (error);
  trial->seconds = (g_get_monotonic_time () - start) * 1e-6;
  return TRUE;
}

static gboolean
is_right (const Trial *trial)
{
  return trial->ruler.pixels_per_mm > 0.0
         && fabs (trial->ruler.pixels_per_mm / trial->truth - 1.0) < NEAR;
}

static gboolean
is_sure (const Trial *trial)
{
  return trial->ruler.pixels_per_mm > 0.0
         && trial->ruler.confidence >= POCKMARK_RULER_SURE;
}

/* ---- By hand ------------------------------------------------------------ */

static int
report (gchar **words)
{
  SceneKind kind = 0;
  gint      n = atoi (words[1]), tried = 0, right = 0, sure = 0, wrong = 0;
  gint      i;

  while (kind < SCENE_N_KINDS && ! g_str_equal (words[0], names[kind]))
    kind++;
  if (kind == SCENE_N_KINDS)
    return 2;

  for (i = 0; i < n; i++)
    {
      Trial trial;
      Scene scene;

      if (! try_scene (kind, i, words[2], &trial))
        continue;
      scene_init (&scene, kind, i);
      tried++;
      right += is_right (&trial);
      sure += is_right (&trial) && is_sure (&trial);
      wrong += is_sure (&trial) && ! is_right (&trial);
      printf ("%s %d: %.2f of %.2f, confidence %.2f, %u ticks of %.1f mm, "
              "%.2f s; material %d tone %d angle %.0f tilt %.0f blur %.1f "
              "jpeg %d hidden %d%s\n",
              names[kind], i, trial.ruler.pixels_per_mm, trial.truth,
              trial.ruler.confidence, trial.ruler.ticks, trial.ruler.tick_mm,
              trial.seconds, scene.material, scene.tone, scene.angle,
              scene.tilt, scene.blur, scene.jpeg, scene.hidden,
              is_right (&trial) ? "" : " <--");
    }
  printf ("%s: %d scenes, %d right, %d of them sure, %d wrong and sure\n",
          names[kind], tried, right, sure, wrong);
  return 0;
}

/* ---- Tests -------------------------------------------------------------- */

typedef struct
{
  SceneKind kind;
  guint     n;      /* scenes */
  gdouble   right;  /* least share that is found, and sure, within NEAR */
} Bar;

static const Bar bars[] = {
  { SCENE_MILLIMETRES, 12, 0.9 }, { SCENE_TENS, 6, 0.8 },
  { SCENE_HALVES, 8, 0.8 },       { SCENE_CENTIMETRES, 4, 0.0 },
  { SCENE_EQUAL, 4, 0.0 },        { SCENE_INCHES, 5, 0.0 },
  { SCENE_SKIN, 2, 0.0 },         { SCENE_STUBBLE, 4, 0.0 },
  { SCENE_TEXT, 5, 0.0 },         { SCENE_STRIPES, 4, 0.0 },
  { SCENE_WEAVE, 5, 0.0 },        { SCENE_BARCODE, 4, 0.0 },
};

/* Not one sure answer is wrong, and rulers are found. */
static void
test_bar (gconstpointer data)
{
  const Bar *bar = data;
  guint      i, tried = 0, right = 0;

  for (i = 0; i < bar->n; i++)
    {
      Trial trial;

      if (! try_scene (bar->kind, i, NULL, &trial))
        continue;
      tried++;
      right += is_sure (&trial) && is_right (&trial);
      g_test_message ("%s %u: %.2f of %.2f, confidence %.2f",
                      names[bar->kind], i, trial.ruler.pixels_per_mm,
                      trial.truth, trial.ruler.confidence);
      g_assert_true (! is_sure (&trial) || is_right (&trial));
    }
  g_assert_cmpfloat (right, >=, bar->right * tried);
}

/* A picture of one colour, and one too small for any tick. */
static void
test_nothing (void)
{
  const gint         side[] = { 700, 20, 1 };
  g_autofree gfloat *rgba = g_new (gfloat, 4 * 700 * 700);
  guint              i;

  for (i = 0; i < 4 * 700 * 700; i++)
    rgba[i] = i % 4 == 3 ? 1.0f : 0.3f;
  for (i = 0; i < G_N_ELEMENTS (side); i++)
    {
      PockmarkPixels pixels = { side[i], side[i], rgba };
      PockmarkSource source = pockmark_source_from_pixels (&pixels);
      PockmarkRuler  ruler;

      g_assert_true (pockmark_ruler_find (&source, NULL, &ruler, NULL));
      g_assert_cmpfloat (ruler.pixels_per_mm, ==, 0.0);
      g_assert_cmpuint (ruler.ticks, ==, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  guint i;

  if (argc >= 3 && argv[1][0] != '-')
    return report (argv + 1);

  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (bars); i++)
    {
      g_autofree gchar *path
          = g_strdup_printf ("/ruler/%s", names[bars[i].kind]);

      g_test_add_data_func (path, &bars[i], test_bar);
    }
  g_test_add_func ("/ruler/nothing", test_nothing);
  return g_test_run ();
}
