/* Tests of the comparison of two visits: a short version of pockmark-visits
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "align.h"
#include "visits.h"

#define PIXELS 600000

static VisitsPair *
pair_new (gint     number,
          gboolean unchanged)
{
  const VisitsCase   which = { PHANTOM_DEVELOP, number, PIXELS, unchanged };
  g_autoptr (GError) error = NULL;
  VisitsPair        *pair = visits_pair_new (&which, &error);

  g_assert_no_error (error);
  return pair;
}

static PockmarkComparison *
compare (const VisitsPair *pair)
{
  g_autoptr (GError)  error = NULL;
  PockmarkComparison *comparison = pockmark_compare (
      &pair->source[0], &pair->parameters[0], &pair->source[1],
      &pair->parameters[1], NULL, NULL, &error);

  g_assert_no_error (error);
  return comparison;
}

/* Against the sum that defines it, there and back. */
static void
test_fourier (void)
{
  const gint      n = 16;
  PockmarkFourier fourier;
  gfloat          data[2 * 16 * 16], first[2 * 16 * 16];
  gint            x, y, u = 3, v = 5;
  gdouble         re = 0.0, im = 0.0;

  for (x = 0; x < 2 * n * n; x++)
    first[x] = data[x] = (gfloat) ((x * 37 % 101) / 50.0 - 1.0);
  for (y = 0; y < n; y++)
    for (x = 0; x < n; x++)
      {
        const gdouble angle = -2.0 * G_PI * (u * x + v * y) / n;
        const gfloat *p = first + 2 * (y * n + x);

        re += p[0] * cos (angle) - p[1] * sin (angle);
        im += p[0] * sin (angle) + p[1] * cos (angle);
      }
  pockmark_fourier_init (&fourier, n);
  pockmark_fourier_square (&fourier, data, FALSE);
  g_assert_cmpfloat_with_epsilon (data[2 * (u * n + v)], re, 1e-3);
  g_assert_cmpfloat_with_epsilon (data[2 * (u * n + v) + 1], im, 1e-3);
  pockmark_fourier_square (&fourier, data, TRUE);
  for (x = 0; x < 2 * n * n; x++)
    g_assert_cmpfloat_with_epsilon (data[x] / (n * n), first[x], 1e-4);
  pockmark_fourier_clear (&fourier);
}

#define SIDE 96

static gdouble
correlation (const PockmarkPlane *a,
             const PockmarkPlane *b)
{
  gdouble aa = 0.0, ab = 0.0, bb = 0.0;
  gint    i;

  for (i = 0; i < SIDE * SIDE; i++)
    {
      aa += a->data[i] * a->data[i];
      ab += a->data[i] * b->data[i];
      bb += b->data[i] * b->data[i];
    }
  return ab / sqrt (aa * bb);
}

/* One relief lit along x, then along y: the shadings have nothing in common,
 * their slopes all. */
static void
test_slopes (void)
{
  PockmarkPlane *plane[8];
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  gint x, y, k;

  for (k = 0; k < 8; k++)
    g_assert_nonnull (plane[k] = pockmark_plane_new (SIDE, SIDE, NULL));
  for (k = 0; k < SIDE * SIDE; k++)
    {
      plane[0]->data[k] = (gfloat) g_rand_double_range (rand, -1.0, 1.0);
      plane[3]->data[k] = MIN (MIN (k % SIDE, SIDE - 1 - k % SIDE),
                               MIN (k / SIDE, SIDE - 1 - k / SIDE)) > 1;
    }
  pockmark_blur (plane[0], 2.5, plane[7], NULL);
  memset (plane[0]->data, 0, SIDE * SIDE * sizeof (gfloat));
  for (y = 1; y < SIDE - 1; y++)
    for (x = 1; x < SIDE - 1; x++)
      {
        const gfloat *at = plane[7]->data + y * SIDE + x;

        plane[0]->data[y * SIDE + x] = at[1] - at[-1];
        plane[1]->data[y * SIDE + x] = at[SIDE] - at[-SIDE];
      }
  memset (plane[7]->data, 0, SIDE * SIDE * sizeof (gfloat));
  g_assert_cmpfloat (fabs (correlation (plane[0], plane[1])), <, 0.2);
  pockmark_slopes_pair (
      (const PockmarkPlane *const[]) { plane[0], plane[1] },
      (const PockmarkPlane *const[]) { plane[3], plane[3] },
      (PockmarkPlane *const[]) { plane[4], plane[5] },
      (PockmarkPlane *const[]) { plane[6], plane[7] });
  g_assert_cmpfloat (correlation (plane[4], plane[6]), >, 0.95);
  for (k = 0; k < 8; k++)
    pockmark_plane_free (plane[k]);
}

/* The truth of a pair agrees with itself: lesions lie where the field says. */
static void
test_truth (void)
{
  g_autoptr (VisitsPair) pair = pair_new (17, FALSE);
  const PhantomVisits   *truth = pair->truth;
  gint                   counts[3] = { 0 };
  guint                  i;

  for (i = 0; i < truth->fates->len; i++)
    {
      const PhantomFate *fate = &g_array_index (truth->fates, PhantomFate, i);
      const gint x = (gint) fate->place[1][0], y = (gint) fate->place[1][1];

      counts[! fate->exists[0] ? 0 : ! fate->exists[1] ? 2 : 1]++;
      if (x < 0 || y < 0 || x >= truth->after->width
          || y >= truth->after->height)
        continue;
      g_assert_cmpfloat_with_epsilon (
          truth->field[0]->data[(gsize) y * truth->after->width + x],
          fate->place[0][0], 1.5);
      g_assert_cmpfloat_with_epsilon (
          truth->field[1]->data[(gsize) y * truth->after->width + x],
          fate->place[0][1], 1.5);
    }
  g_assert_cmpint (counts[0], >, 0);
  g_assert_cmpint (counts[1], >, 0);
  g_assert_cmpint (counts[2], >, 0);
}

/* Other light, turned, scaled and bent: within the bars, and there and back is
 * the same place. */
static void
test_changed (void)
{
  g_autoptr (VisitsPair)         pair = pair_new (17, FALSE);
  g_autoptr (PockmarkComparison) comparison = compare (pair);
  VisitsFates     fates = { 0 };
  VisitsAlignment a;
  gdouble         x, y, bx, by, truth;

  visits_measure_alignment (pair, comparison->alignment, &a);
  g_assert_cmpfloat (a.median, <=, VISITS_MEDIAN);
  g_assert_cmpfloat (a.p95, <=, VISITS_P95);
  g_assert_cmpfloat (a.trusted, >, 0.7);
  pockmark_alignment_before (comparison->alignment, 200.0, 150.0, &bx, &by);
  pockmark_alignment_after (comparison->alignment, bx, by, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 200.0, 0.05);
  g_assert_cmpfloat_with_epsilon (y, 150.0, 0.05);
  g_assert_cmpfloat (comparison->shared[1].skin_cm2, <,
                     comparison->grade[1].skin_cm2);
  g_assert_cmpfloat (comparison->shared[1].skin_cm2, >,
                     0.5 * comparison->grade[1].skin_cm2);
  g_assert_cmpfloat_with_epsilon (comparison->shared[0].skin_cm2,
                                  comparison->shared[1].skin_cm2,
                                  0.1 * comparison->shared[1].skin_cm2);
  visits_count_fates (pair, comparison, &fates);
  g_assert_cmpfloat (visits_f1 (&fates, POCKMARK_FATE_PERSISTING, FALSE), >=,
                     0.85);
  truth = visits_true_redness (pair, comparison);
  g_assert_cmpfloat (fabs (comparison->redness_change - truth), <=,
                     MAX (0.01, 0.1 * fabs (truth)));
}

static void
test_unchanged (void)
{
  g_autoptr (VisitsPair)         pair = pair_new (24, TRUE);
  g_autoptr (PockmarkComparison) comparison = compare (pair);
  const guint changed = comparison->count[POCKMARK_FATE_NEW]
                        + comparison->count[POCKMARK_FATE_RESOLVED];

  g_assert_false (comparison->redness_significant);
  g_assert_cmpuint (10 * changed, <=,
                    1 + comparison->count[POCKMARK_FATE_PERSISTING]);
}

/* A photograph with itself: nothing moves, nothing changes. */
static void
test_itself (void)
{
  g_autoptr (VisitsPair) pair = pair_new (17, TRUE);
  g_autoptr (PockmarkComparison) comparison = pockmark_compare (
      &pair->source[0], &pair->parameters[0], &pair->source[0],
      &pair->parameters[0], NULL, NULL, NULL);
  guint i;
  gint  k;

  g_assert_nonnull (comparison);
  g_assert_cmpfloat_with_epsilon (
      pockmark_alignment_scale (comparison->alignment), 1.0, 0.003);
  g_assert_cmpfloat_with_epsilon (
      pockmark_alignment_rotation (comparison->alignment), 0.0, 0.2);
  g_assert_cmpuint (comparison->count[POCKMARK_FATE_NEW], ==, 0);
  g_assert_cmpuint (comparison->count[POCKMARK_FATE_RESOLVED], ==, 0);
  g_assert_cmpfloat (fabs (comparison->redness_change), <, 1e-3);
  for (i = 0; i < comparison->changes->len; i++)
    for (k = 0; k < POCKMARK_N_CHANGES; k++)
      {
        const PockmarkChange *c
            = &g_array_index (comparison->changes, PockmarkChange, i);

        if (c->fate == POCKMARK_FATE_PERSISTING)
          g_assert_false (c->significant[k]);
      }
}

static void
test_unrelated (void)
{
  g_autoptr (VisitsPair) one = pair_new (17, TRUE);
  g_autoptr (VisitsPair) other = pair_new (24, TRUE);
  g_autoptr (GError)     error = NULL;

  g_assert_null (pockmark_align (&one->source[0], &one->parameters[0],
                                 &other->source[1], &other->parameters[1],
                                 NULL, &error));
  g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_UNRELATED);
}

/* A white balance that is off is no change of redness, by skin or by card. */
static void
test_white_balance (void)
{
  g_autoptr (VisitsPair) pair = pair_new (17, TRUE);
  const gsize n = (gsize) pair->pixels[0].width * pair->pixels[0].height;
  g_autofree gfloat *other = g_memdup2 (pair->linear[0],
                                        n * 4 * sizeof (gfloat));
  PockmarkPixels     pixels = pair->pixels[0];
  PockmarkSource     source;
  PockmarkReference  card = { { { 4, 4, 24, 24 }, { 4, 4, 24, 24 } } };
  gint               k, x, y;
  gsize              i;

  for (y = 0; y < 32; y++)
    for (x = 0; x < 32; x++)
      for (k = 0; k < 3; k++)
        pair->linear[0][4 * ((gsize) y * pixels.width + x) + k]
            = other[4 * ((gsize) y * pixels.width + x) + k] = 0.4f;
  for (i = 0; i < n; i++)
    {
      other[4 * i] *= 1.05f;
      other[4 * i + 1] *= 0.97f;
      other[4 * i + 2] *= 0.9f;
    }
  pixels.data = other;
  source = pockmark_source_from_pixels (&pixels);
  for (k = 0; k < 2; k++)
    {
      g_autoptr (PockmarkComparison) comparison = pockmark_compare (
          &pair->source[0], &pair->parameters[0], &source,
          &pair->parameters[0], k ? &card : NULL, NULL, NULL);

      g_assert_nonnull (comparison);
      g_assert_cmpfloat (fabs (comparison->redness_change), <, 4e-3);
    }
}

static void
test_tiny (void)
{
  gfloat             grey[4] = { 0.4f, 0.4f, 0.4f, 1.0f };
  PockmarkPixels     pixels = { 1, 1, grey };
  PockmarkSource     source = pockmark_source_from_pixels (&pixels);
  PockmarkParameters parameters;
  g_autoptr (GError) error = NULL;

  pockmark_parameters_init (&parameters);
  g_assert_null (pockmark_compare (&source, &parameters, &source, &parameters,
                                   NULL, NULL, &error));
  g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_UNRELATED);
}

/* Grass is no skin, however well two photographs of it agree. */
static void
test_no_skin (void)
{
  const gint         width = 240, height = 180;
  g_autofree gfloat *rgba = g_new (gfloat, 4 * width * height);
  g_autoptr (GRand)  rand = g_rand_new_with_seed (9);
  PockmarkPixels     pixels = { width, height, rgba };
  PockmarkSource     source = pockmark_source_from_pixels (&pixels);
  PockmarkParameters parameters;
  g_autoptr (GError) error = NULL;
  gint               i;

  for (i = 0; i < width * height; i++)
    {
      const gfloat v = (gfloat) g_rand_double_range (rand, 0.1, 0.3);

      rgba[4 * i] = 0.3f * v;
      rgba[4 * i + 1] = v;
      rgba[4 * i + 2] = 0.2f * v;
      rgba[4 * i + 3] = 1.0f;
    }
  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = 8.0;
  g_assert_null (pockmark_compare (&source, &parameters, &source, &parameters,
                                   NULL, NULL, &error));
  g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_EMPTY);
  g_assert_nonnull (strstr (error->message, "earlier"));
}

gint
main (gint    argc,
      gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/visits/fourier", test_fourier);
  g_test_add_func ("/visits/slopes", test_slopes);
  g_test_add_func ("/visits/truth", test_truth);
  g_test_add_func ("/visits/changed", test_changed);
  g_test_add_func ("/visits/unchanged", test_unchanged);
  g_test_add_func ("/visits/itself", test_itself);
  g_test_add_func ("/visits/unrelated", test_unrelated);
  g_test_add_func ("/visits/white-balance", test_white_balance);
  g_test_add_func ("/visits/tiny", test_tiny);
  g_test_add_func ("/visits/no-skin", test_no_skin);
  return g_test_run ();
}
