/* Pockmark: the stages of the detection against slow, obvious references
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pockmark-stages.h"

static PockmarkPlane *
noise_plane (gint    width,
             gint    height,
             guint32 seed)
{
  GRand         *rand = g_rand_new_with_seed (seed);
  PockmarkPlane *plane = pockmark_plane_new (width, height, NULL);
  gint           i;

  for (i = 0; i < width * height; i++)
    plane->data[i] = (gfloat) g_rand_double_range (rand, -1.0, 1.0);
  g_rand_free (rand);
  return plane;
}

static void
test_density (void)
{
  gfloat  in[4096], out[4096];
  gdouble worst = 0.0;
  gint    i;

  for (i = 0; i < 4096; i++)
    in[i] = (gfloat) exp (-6.8 + 9.0 * i / 4096.0);
  pockmark_density (in, out, 4096);
  for (i = 0; i < 4096; i++)
    worst = MAX (worst, fabs (out[i] + log ((gdouble) in[i])));
  g_assert_cmpfloat (worst, <, 2e-6);
}

static void
test_density_hostile (void)
{
  const gfloat floor = -logf (POCKMARK_DENSITY_FLOOR);
  gfloat in[6] = { NAN, -1.0f, 0.0f, 1e-12f, INFINITY, 1.0f };
  gfloat out[6];
  gint   i;

  pockmark_density (in, out, 6);
  for (i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (out[i], floor, 1e-5);
  g_assert_true (isfinite (out[4]));
  g_assert_cmpfloat_with_epsilon (out[5], 0.0f, 1e-6);
}

/* What is mixed from the vectors comes apart again, and light alone is neither
 * haemoglobin nor melanin. */
static void
test_unmixing (void)
{
  const PockmarkVectors *v = &pockmark_vectors_default;
  PockmarkUnmixing unmixing;
  const gfloat amount[3] = { 0.7f, 1.3f, -0.4f };
  gint         i, j;

  g_assert_true (pockmark_unmixing_init (&unmixing, v, NULL));
  for (i = 0; i < 3; i++)
    {
      gfloat sum = 0.0f, light = 0.0f;

      for (j = 0; j < 3; j++)
        {
          sum += unmixing.row[i][j]
                 * (amount[0] * v->hemoglobin[j] + amount[1] * v->melanin[j]
                    + amount[2]);
          light += unmixing.row[i][j];
        }
      g_assert_cmpfloat_with_epsilon (sum, amount[i], 1e-5);
      g_assert_cmpfloat_with_epsilon (light, i == 2 ? 1.0f : 0.0f, 1e-5);
    }
}

static void
test_unmixing_alike (void)
{
  PockmarkVectors  v = pockmark_vectors_default;
  PockmarkUnmixing unmixing;
  GError          *error = NULL;

  memcpy (v.melanin, v.hemoglobin, sizeof v.melanin);
  g_assert_false (pockmark_unmixing_init (&unmixing, &v, &error));
  g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER);
  g_clear_error (&error);
}

static gint
compare_floats (gconstpointer a,
                gconstpointer b)
{
  const gfloat x = *(const gfloat *) a;
  const gfloat y = *(const gfloat *) b;

  return (x > y) - (x < y);
}

static void
test_quantile (void)
{
  guint32 seed;

  for (seed = 1; seed < 60; seed++)
    {
      g_autoptr (PockmarkPlane) p = noise_plane ((gint) seed, 7, seed);
      const gsize n = (gsize) seed * 7;
      g_autofree gfloat *sorted = g_memdup2 (p->data, n * sizeof (gfloat));
      const gdouble q = (seed % 11) / 10.0;
      gsize i;

      /* Ties too. */
      for (i = 0; i < n; i += 3)
        sorted[i] = p->data[i] = 0.25f;
      qsort (sorted, n, sizeof (gfloat), compare_floats);
      g_assert_cmpfloat (pockmark_quantile (p->data, n, q), ==,
                         sorted[(gsize) (q * (gdouble) (n - 1))]);
    }
}

static gfloat
slow_blur_at (const PockmarkPlane *p,
              gdouble              sigma,
              gint                 x,
              gint                 y)
{
  const gint r = (gint) ceil (6.0 * sigma);
  gdouble    sum = 0.0, weights = 0.0;
  gint       i, j;

  for (j = -r; j <= r; j++)
    for (i = -r; i <= r; i++)
      {
        const gdouble w = exp (-0.5 * (i * i + j * j) / (sigma * sigma));
        const gint    px = CLAMP (x + i, 0, p->width - 1);
        const gint    py = CLAMP (y + j, 0, p->height - 1);

        sum += w * p->data[py * p->width + px];
        weights += w;
      }
  return (gfloat) (sum / weights);
}

static void
test_blur (void)
{
  const gint    sizes[][2] = { { 1, 1 }, { 1, 9 }, { 40, 1 }, { 33, 21 } };
  const gdouble sigmas[] = { 0.6, 1.25, 3.0 };
  guint         s, k;
  gint          x, y;

  for (s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (k = 0; k < G_N_ELEMENTS (sigmas); k++)
      {
        g_autoptr (PockmarkPlane) p = noise_plane (sizes[s][0], sizes[s][1], s);
        g_autoptr (PockmarkPlane) out
            = pockmark_plane_new (p->width, p->height, NULL);

        pockmark_blur (p, sigmas[k], out, NULL);
        for (y = 0; y < p->height; y++)
          for (x = 0; x < p->width; x++)
            g_assert_cmpfloat_with_epsilon (out->data[y * p->width + x],
                                            slow_blur_at (p, sigmas[k], x, y),
                                            2e-3);
      }
}

static void
fill_slowly (const PockmarkPlane *p,
             gint                *mark,
             gint                 x,
             gint                 y,
             gint                 number)
{
  if (x < 0 || y < 0 || x >= p->width || y >= p->height
      || mark[y * p->width + x] >= 0 || p->data[y * p->width + x] <= 0.5f)
    return;
  mark[y * p->width + x] = number;
  fill_slowly (p, mark, x - 1, y, number);
  fill_slowly (p, mark, x + 1, y, number);
  fill_slowly (p, mark, x, y - 1, number);
  fill_slowly (p, mark, x, y + 1, number);
}

static void
test_components (void)
{
  guint32 seed;

  for (seed = 0; seed < 40; seed++)
    {
      g_autoptr (PockmarkPlane) p = noise_plane (31, 17, seed);
      g_autoptr (PockmarkComponents) parts = NULL;
      g_autofree gint *mark = g_new (gint, 31 * 17);
      gint i, n = 0;

      for (i = 0; i < 31 * 17; i++)
        {
          p->data[i] = p->data[i] > -0.2f ? 1.0f : 0.0f;
          mark[i] = -1;
        }
      for (i = 0; i < 31 * 17; i++)
        if (p->data[i] > 0.5f && mark[i] < 0)
          fill_slowly (p, mark, i % 31, i / 31, n++);
      parts = pockmark_components_new (p, TRUE, NULL);
      g_assert_cmpint (parts->n, ==, n);
      for (i = 0; i < 31 * 17; i++)
        g_assert_cmpint (parts->data[i], ==, mark[i]);
    }
}

static void
test_mesh_of_a_ramp (void)
{
  g_autoptr (PockmarkPlane) p = pockmark_plane_new (200, 160, NULL);
  g_autoptr (PockmarkPlane) all = pockmark_plane_new (200, 160, NULL);
  g_autoptr (PockmarkMesh) mesh = NULL;
  gfloat row[200];
  gint   x, y;

  for (y = 0; y < 160; y++)
    for (x = 0; x < 200; x++)
      {
        /* A tenth of the pixels is far off, as lesions are. */
        p->data[y * 200 + x] = 0.01f * x + (x * 7 + y * 13) % 10 / 10;
        if ((x + 3 * y) % 10 == 0)
          p->data[y * 200 + x] += 2.0f;
        all->data[y * 200 + x] = 1.0f;
      }
  mesh = pockmark_mesh_background (p, all, 20.0, NULL, NULL);
  pockmark_mesh_row (mesh, 80, row, 200);
  for (x = 30; x < 170; x++)
    {
      g_assert_cmpfloat_with_epsilon (row[x], 0.01f * x, 0.02);
      g_assert_cmpfloat_with_epsilon (row[x], pockmark_mesh_at (mesh, x + 0.5, 80.5),
                                      1e-5);
    }
}

static void
test_mesh_without_skin (void)
{
  g_autoptr (PockmarkPlane) p = noise_plane (50, 50, 1);
  g_autoptr (PockmarkPlane) none = pockmark_plane_new (50, 50, NULL);
  g_autoptr (PockmarkMesh) mesh = pockmark_mesh_background (p, none, 10.0, NULL, NULL);
  g_autoptr (PockmarkMesh) spread = pockmark_mesh_spread (p, none, 10.0, NULL);

  g_assert_cmpfloat (pockmark_mesh_at (mesh, 25, 25), ==, 0.0f);
  g_assert_cmpfloat (pockmark_mesh_at (spread, 25, 25), >, 0.0f);
}

/* Blocks of linear light are averaged by weight; clipped and impossible pixels
 * have none; the last block is smaller. */
static void
test_reduction (void)
{
  gfloat         data[5 * 3 * 4];
  PockmarkPixels pixels = { 5, 3, data };
  PockmarkSource source = pockmark_source_from_pixels (&pixels);
  g_autoptr (PockmarkReduced) reduced = NULL;
  gint i;

  for (i = 0; i < 15; i++)
    {
      data[4 * i] = 0.1f * (gfloat) (i % 5);
      data[4 * i + 1] = 0.2f;
      data[4 * i + 2] = 0.3f;
      data[4 * i + 3] = 1.0f;
    }
  data[3] = 0.0f;          /* transparent */
  data[4 * 1 + 1] = 1.0f;  /* clipped */
  data[4 * 2 + 0] = NAN;
  data[4 * 3 + 2] = INFINITY;
  reduced = pockmark_reduced_new (&source, 2, NULL, NULL);
  g_assert_cmpint (reduced->red->width, ==, 3);
  g_assert_cmpint (reduced->red->height, ==, 2);
  g_assert_cmpfloat_with_epsilon (reduced->red->data[0], 0.05f, 1e-6);
  g_assert_cmpfloat_with_epsilon (reduced->weight->data[0], 0.5f, 1e-6);
  g_assert_cmpfloat_with_epsilon (reduced->red->data[1], 0.25f, 1e-6);
  g_assert_cmpfloat_with_epsilon (reduced->red->data[2], 0.4f, 1e-6);
  g_assert_cmpfloat_with_epsilon (reduced->weight->data[2], 1.0f, 1e-6);
}

static void
test_plane_sizes (void)
{
  GError *error = NULL;

  g_assert_null (pockmark_plane_new (0, 5, &error));
  g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_SIZE);
  g_clear_error (&error);
  g_assert_null (pockmark_plane_new (1 << 18, 1 << 18, &error));
  g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_SIZE);
  g_clear_error (&error);
}

static void
test_class_words (void)
{
  gint i;

  for (i = POCKMARK_CRATER; i < POCKMARK_N_CLASSES; i++)
    g_assert_cmpint (pockmark_class_from_word (pockmark_class_word (i)), ==, i);
  g_assert_cmpint (pockmark_class_from_word ("wart"), ==, POCKMARK_NONE);
  g_assert_cmpstr (pockmark_class_word ((PockmarkClass) 99), ==, "none");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stages/density", test_density);
  g_test_add_func ("/stages/density-hostile", test_density_hostile);
  g_test_add_func ("/stages/unmixing", test_unmixing);
  g_test_add_func ("/stages/unmixing-alike", test_unmixing_alike);
  g_test_add_func ("/stages/quantile", test_quantile);
  g_test_add_func ("/stages/blur", test_blur);
  g_test_add_func ("/stages/components", test_components);
  g_test_add_func ("/stages/mesh-ramp", test_mesh_of_a_ramp);
  g_test_add_func ("/stages/mesh-without-skin", test_mesh_without_skin);
  g_test_add_func ("/stages/reduction", test_reduction);
  g_test_add_func ("/stages/plane-sizes", test_plane_sizes);
  g_test_add_func ("/stages/class-words", test_class_words);
  return g_test_run ();
}
