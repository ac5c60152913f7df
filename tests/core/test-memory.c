/* Pockmark: memory that runs short
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The linker hands this program the core's calls of GLib's allocator (see
 * meson.build).  Those that may fail are made to, one after the other: each
 * time there must be POCKMARK_ERROR_MEMORY with a sentence, nothing else, and
 * not a byte left over.  Those that end the program must be small: what grows
 * with a picture's area, or with what is found in it, must be able to fail.
 */

#include <malloc.h>
#include <math.h>
#include <string.h>

#include "pockmark-core.h"

#define SCALE 8.0
#define WIDTH 192
#define HEIGHT 160
#define N_PIXELS (WIDTH * HEIGHT)

/* Tables of a fixed size, and a few rows of the picture. */
#define LARGEST(width, height) (512 * 1024 + 64 * (gsize) (width + height))

/* ---- The allocator -------------------------------------------------------- */

static struct
{
  guint calls; /* of those that may fail */
  guint fail;  /* the one that does, from 1 on; 0: none */
  gsize most;  /* bytes asked of those that may not */
} allocator;

static gboolean
fails (void)
{
  return ++allocator.calls == allocator.fail;
}

static void
note (gsize size)
{
  allocator.most = MAX (allocator.most, size);
}

gpointer __real_g_try_malloc (gsize size);
gpointer __real_g_try_malloc0 (gsize size);
gpointer __real_g_try_malloc_n (gsize n, gsize size);
gpointer __real_g_try_malloc0_n (gsize n, gsize size);
gpointer __real_g_try_realloc_n (gpointer memory, gsize n, gsize size);
gpointer __real_g_malloc (gsize size);
gpointer __real_g_malloc0 (gsize size);
gpointer __real_g_malloc_n (gsize n, gsize size);
gpointer __real_g_malloc0_n (gsize n, gsize size);
gpointer __wrap_g_try_malloc (gsize size);
gpointer __wrap_g_try_malloc0 (gsize size);
gpointer __wrap_g_try_malloc_n (gsize n, gsize size);
gpointer __wrap_g_try_malloc0_n (gsize n, gsize size);
gpointer __wrap_g_try_realloc_n (gpointer memory, gsize n, gsize size);
gpointer __wrap_g_malloc (gsize size);
gpointer __wrap_g_malloc0 (gsize size);
gpointer __wrap_g_malloc_n (gsize n, gsize size);
gpointer __wrap_g_malloc0_n (gsize n, gsize size);

gpointer
__wrap_g_try_malloc (gsize size)
{
  return fails () ? NULL : __real_g_try_malloc (size);
}

gpointer
__wrap_g_try_malloc0 (gsize size)
{
  return fails () ? NULL : __real_g_try_malloc0 (size);
}

gpointer
__wrap_g_try_malloc_n (gsize n,
                       gsize size)
{
  return fails () ? NULL : __real_g_try_malloc_n (n, size);
}

gpointer
__wrap_g_try_malloc0_n (gsize n,
                        gsize size)
{
  return fails () ? NULL : __real_g_try_malloc0_n (n, size);
}

gpointer
__wrap_g_try_realloc_n (gpointer memory,
                        gsize    n,
                        gsize    size)
{
  return fails () ? NULL : __real_g_try_realloc_n (memory, n, size);
}

gpointer
__wrap_g_malloc (gsize size)
{
  note (size);
  return __real_g_malloc (size);
}

gpointer
__wrap_g_malloc0 (gsize size)
{
  note (size);
  return __real_g_malloc0 (size);
}

gpointer
__wrap_g_malloc_n (gsize n,
                   gsize size)
{
  note (n * size);
  return __real_g_malloc_n (n, size);
}

gpointer
__wrap_g_malloc0_n (gsize n,
                    gsize size)
{
  note (n * size);
  return __real_g_malloc0_n (n, size);
}

/* ---- What is tried -------------------------------------------------------- */

static gfloat             photograph[4 * N_PIXELS];
static gfloat             map[4 * N_PIXELS];
static gfloat             masks[4 * N_PIXELS];
static PockmarkPixels     photograph_pixels = { WIDTH, HEIGHT, photograph };
static PockmarkPixels     map_pixels = { WIDTH, HEIGHT, map };
static PockmarkPixels     mask_pixels = { WIDTH, HEIGHT, masks };
static PockmarkParameters parameters;

/* Skin with grain, spots in three rows of three, and a ruler's ticks below. */
static void
draw_photograph (void)
{
  const PockmarkVectors *v = &pockmark_vectors_default;
  GRand                 *rand = g_rand_new_with_seed (1);
  gint                   x, y, c, i;

  for (y = 0; y < HEIGHT; y++)
    for (x = 0; x < WIDTH; x++)
      {
        gfloat  amount[3] = { 0.45f, 0.9f, 0.23f };
        gfloat *pixel = photograph + 4 * (y * WIDTH + x);

        for (i = 0; i < 9; i++)
          {
            const gfloat dx = ((gfloat) x - 30.0f - 60.0f * (gfloat) (i % 3)) / 9.0f;
            const gfloat dy = ((gfloat) y - 25.0f - 45.0f * (gfloat) (i / 3)) / 9.0f;
            const gfloat g = expf (-0.7f * (dx * dx + dy * dy));

            amount[i / 3] += (i / 3 == 2 ? -0.45f * dx : 0.6f) * g;
          }
        if (y > HEIGHT - 16 && x % 8 < 2 && (x % 40 < 2 || y > HEIGHT - 8))
          amount[2] += 2.0f;
        for (c = 0; c < 3; c++)
          pixel[c] = expf (-amount[0] * v->hemoglobin[c]
                           - amount[1] * v->melanin[c] - amount[2]
                           + (gfloat) g_rand_double_range (rand, -0.02, 0.02));
        pixel[3] = 1.0f;
      }
  g_rand_free (rand);
}

/* The findings' map, and masks in which each lesion has grown to the right. */
static void
draw_map (void)
{
  const PockmarkRect whole = { 0, 0, WIDTH, HEIGHT };
  PockmarkSource     source = pockmark_source_from_pixels (&photograph_pixels);
  g_autoptr (PockmarkDetection) detection
      = pockmark_detect (&source, &parameters, NULL, NULL);
  gint i;

  g_assert_nonnull (detection);
  g_assert_cmpuint (pockmark_detection_findings (detection)->len, >=, 4);
  pockmark_detection_render (detection, &whole, map, 4 * WIDTH);
  for (i = 0; i < N_PIXELS; i++)
    if (map[4 * i] > 0.0f)
      {
        masks[4 * i + (gint) map[4 * i + 1] - 1] = 1.0f;
        if (i % WIDTH < WIDTH - 6)
          masks[4 * (i + 5) + (gint) map[4 * i + 1] - 1] = 1.0f;
      }
  masks[0] = masks[4 * WIDTH * 2 + 1] = 1.0f;
}

static gboolean
try_detect (GError **error)
{
  PockmarkSource source = pockmark_source_from_pixels (&photograph_pixels);
  g_autoptr (PockmarkDetection) detection
      = pockmark_detect (&source, &parameters, NULL, error);

  return detection != NULL;
}

static gboolean
try_skin (GError **error)
{
  PockmarkSource source = pockmark_source_from_pixels (&photograph_pixels);
  g_autoptr (PockmarkSkin) skin
      = pockmark_skin_new (&source, &parameters, NULL, error);

  return skin != NULL;
}

static gboolean
try_measure (GError **error)
{
  PockmarkSource lesions = pockmark_source_from_pixels (&map_pixels);
  PockmarkSource source = pockmark_source_from_pixels (&photograph_pixels);
  g_autoptr (GArray) measured
      = pockmark_measure (&lesions, &source, &parameters, NULL, error);

  return measured != NULL;
}

static gboolean
try_trace (GError **error)
{
  const PockmarkRect whole = { 0, 0, WIDTH, HEIGHT };
  PockmarkSource     source = pockmark_source_from_pixels (&map_pixels);
  g_autoptr (GPtrArray) rings = pockmark_trace (&source, 1, &whole, error);

  return rings != NULL;
}

static gboolean
try_marks (GError **error)
{
  PockmarkSource source = pockmark_source_from_pixels (&map_pixels);
  g_autoptr (PockmarkMarks) marks = pockmark_marks_from_map (&source, error);

  return marks != NULL;
}

static gboolean
try_follow (GError **error)
{
  PockmarkSource source = pockmark_source_from_pixels (&map_pixels);
  PockmarkSource coverage = pockmark_source_from_pixels (&mask_pixels);
  g_autoptr (PockmarkMarks) before = pockmark_marks_from_map (&source, error);
  g_autoptr (PockmarkMarks) after
      = before ? pockmark_marks_follow (before, &coverage, NULL, error) : NULL;

  return after != NULL;
}

static gboolean
try_ruler (GError **error)
{
  PockmarkSource source = pockmark_source_from_pixels (&photograph_pixels);
  PockmarkRuler  ruler;

  return pockmark_ruler_find (&source, NULL, &ruler, error);
}

static gboolean
try_compare (GError **error)
{
  PockmarkSource source = pockmark_source_from_pixels (&photograph_pixels);
  g_autoptr (PockmarkComparison) comparison = pockmark_compare (
      &source, &parameters, &source, &parameters, NULL, NULL, error);
  const PockmarkRect whole = { 0, 0, WIDTH, HEIGHT };
  g_autofree gfloat *out = g_new (gfloat, 4 * N_PIXELS);

  return comparison
         && pockmark_alignment_warp (comparison->alignment, &source, &whole, out,
                                     error);
}

typedef struct
{
  const gchar *name;
  gboolean (*work) (GError **error);
  guint        most; /* failures tried, spread evenly; 0, and with -m slow:
                      * every one */
} Trial;

static const Trial trials[] = {
  { "detecting", try_detect, 0 },   { "skin and redness", try_skin, 0 },
  { "measuring", try_measure, 0 },  { "tracing", try_trace, 0 },
  { "marks", try_marks, 0 },        { "following edits", try_follow, 0 },
  { "the ruler", try_ruler, 0 },    { "comparing visits", try_compare, 15 },
};

/* What is in use, for a program with one thread.  Always 0 where this is not
 * exact: under a sanitizer, which looks for leaks itself, and where freed
 * memory is cached and counts as used (see meson.build). */
static gsize
in_use (void)
{
  return ! g_getenv ("GLIBC_TUNABLES") ? 0 : mallinfo2 ().uordblks + mallinfo2 ().hblkhd;
}

static void
fail_once (const Trial *trial,
           guint        which)
{
  const gsize before = in_use ();
  GError     *error = NULL;
  gboolean    success;

  allocator.calls = 0;
  allocator.fail = which;
  success = trial->work (&error);
  allocator.fail = 0;
  if (success || ! g_error_matches (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY))
    g_error ("allocation %u of %s failed, and there is %s", which, trial->name,
             success ? "a result" : error ? error->message : "no error");
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_true (strstr (error->message, "memory") != NULL);
  g_clear_error (&error);
  if (in_use () != before)
    g_error ("allocation %u of %s failed, and %" G_GSSIZE_FORMAT " bytes stayed",
             which, trial->name, (gssize) (in_use () - before));
}

static void
test_failing (gconstpointer data)
{
  const Trial *trial = data;
  GError      *error = NULL;
  guint        all, i, step, tried = 0;

  allocator.calls = 0;
  g_assert_true (trial->work (&error));
  g_assert_no_error (error);
  all = allocator.calls;
  g_assert_cmpuint (all, >, 0);
  step = trial->most && ! g_test_slow () ? all / trial->most + 1 : 1;
  /* GLib's own first error is kept for ever. */
  g_clear_error (&error);
  g_set_error_literal (&error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY, "warm");
  g_clear_error (&error);
  for (i = 1; i <= all; i += step, tried++)
    fail_once (trial, i);
  g_test_message ("faults: failing allocations while %s tried %u survived %u",
                  trial->name, tried, tried);
}

/* Even with all of this there is nothing large that may not fail. */
static void
test_small_ones (void)
{
  guint i;

  allocator.most = 0;
  for (i = 0; i < G_N_ELEMENTS (trials); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (trials[i].work (&error));
    }
  g_assert_cmpuint (allocator.most, <=, LARGEST (WIDTH, HEIGHT));
  g_test_message ("the largest that may not fail: %" G_GSIZE_FORMAT " bytes",
                  allocator.most);
}

int
main (int    argc,
      char **argv)
{
  guint i;

  g_test_init (&argc, &argv, NULL);
  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = SCALE;
  parameters.sensitivity = 0.9;
  parameters.whole_is_skin = TRUE;
  draw_photograph ();
  draw_map ();
  for (i = 0; i < G_N_ELEMENTS (trials); i++)
    {
      g_autofree gchar *path = g_strconcat ("/memory/", trials[i].name, NULL);

      g_test_add_data_func (path, &trials[i], test_failing);
    }
  g_test_add_func ("/memory/small ones", test_small_ones);
  return g_test_run ();
}
