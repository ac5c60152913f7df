/* Pockmark: tests of the grades, with worked examples
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "pockmark-core.h"

static void
add (GArray       *lesions,
     PockmarkClass klass,
     gdouble       diameter_mm,
     guint         n)
{
  const PockmarkLesion lesion = { .klass = klass, .diameter_mm = diameter_mm };

  while (n-- > 0)
    g_array_append_val (lesions, lesion);
}

static PockmarkGrade
grade (GArray *lesions,
       gdouble skin_pixels,
       gdouble pixels_per_mm)
{
  PockmarkGrade result;

  pockmark_grade (lesions, skin_pixels, pixels_per_mm, &result);
  return result;
}

static void
assert_term (const PockmarkGrade *result,
             PockmarkEccaShape    shape,
             guint                count,
             gint                 weight,
             gint                 points)
{
  const PockmarkEccaTerm *term = &result->ecca_terms[shape];

  g_assert_cmpuint (term->count, ==, count);
  g_assert_cmpint (term->weight, ==, weight);
  g_assert_cmpint (term->grade, ==, points);
}

static void
test_empty (void)
{
  g_autoptr (GArray) lesions
      = g_array_new (FALSE, FALSE, sizeof (PockmarkLesion));
  const PockmarkGrade result = grade (lesions, 40000.0, 10.0);

  g_assert_cmpint (result.ecca, ==, 0);
  g_assert_cmpint (result.goodman_baron, ==, 0);
  g_assert_cmpfloat (result.skin_cm2, ==, 4.0);
  g_assert_cmpfloat (result.density, ==, 0.0);
}

/* Seven V (grade 2), three U (grade 1), 21 M (grade 3):
 * 15 * 2 + 20 * 1 + 25 * 3 = 125; 31 scars: more than 20. */
static void
test_worked (void)
{
  g_autoptr (GArray) lesions
      = g_array_new (FALSE, FALSE, sizeof (PockmarkLesion));
  PockmarkGrade result;

  add (lesions, POCKMARK_ICE_PICK, 1.2, 4);
  add (lesions, POCKMARK_CRATER, 1.9, 3);
  add (lesions, POCKMARK_CRATER, 2.0, 1);
  add (lesions, POCKMARK_CRATER, 4.0, 2);
  add (lesions, POCKMARK_CRATER, 4.1, 21);
  add (lesions, POCKMARK_RED_MARK, 3.0, 5);
  add (lesions, POCKMARK_BROWN_MARK, 3.0, 4);
  result = grade (lesions, 250000.0, 5.0);

  assert_term (&result, POCKMARK_ECCA_V, 7, 15, 2);
  assert_term (&result, POCKMARK_ECCA_U, 3, 20, 1);
  assert_term (&result, POCKMARK_ECCA_M, 21, 25, 3);
  g_assert_cmpint (result.ecca, ==, 125);
  g_assert_cmpint (result.goodman_baron, ==, 3);
  g_assert_cmpuint (result.count[POCKMARK_CRATER], ==, 27);
  g_assert_cmpuint (result.count[POCKMARK_ICE_PICK], ==, 4);
  g_assert_cmpuint (result.count[POCKMARK_RED_MARK], ==, 5);
  g_assert_cmpuint (result.count[POCKMARK_BROWN_MARK], ==, 4);
  /* 250000 pixels at 25 pixels per mm2 are 100 cm2. */
  g_assert_cmpfloat_with_epsilon (result.skin_cm2, 100.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (result.density, 0.4, 1e-9);
}

/* ECCA's and Goodman and Baron's steps, on both sides. */
static void
test_steps (void)
{
  static const struct
  {
    guint n;
    gint  ecca;
    gint  factor;
  } steps[] = { { 1, 15, 1 },  { 4, 15, 1 },  { 5, 30, 1 },  { 10, 30, 1 },
                { 11, 30, 2 }, { 20, 30, 2 }, { 21, 45, 3 }, { 400, 45, 3 } };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GArray) lesions
          = g_array_new (FALSE, FALSE, sizeof (PockmarkLesion));
      PockmarkGrade result;

      add (lesions, POCKMARK_ICE_PICK, 1.0, steps[i].n);
      result = grade (lesions, 1.0, 1.0);
      g_assert_cmpint (result.ecca, ==, steps[i].ecca);
      g_assert_cmpint (result.goodman_baron, ==, steps[i].factor);
    }
}

/* What is graded by its shape: each shape's own steps and weight, alone. */
static void
test_shapes (void)
{
  static const struct
  {
    gdouble           mm;
    PockmarkEccaShape shape;
    gint              ecca; /* of five */
  } widths[] = { { 0.6, POCKMARK_ECCA_V, 30 },
                 { 1.999, POCKMARK_ECCA_V, 30 },
                 { 2.0, POCKMARK_ECCA_U, 40 },
                 { 4.0, POCKMARK_ECCA_U, 40 },
                 { 4.001, POCKMARK_ECCA_M, 50 },
                 { 12.0, POCKMARK_ECCA_M, 50 } };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_autoptr (GArray) lesions
          = g_array_new (FALSE, FALSE, sizeof (PockmarkLesion));
      PockmarkGrade result;

      add (lesions, POCKMARK_CRATER, widths[i].mm, 5);
      result = grade (lesions, 1.0, 1.0);
      g_assert_cmpint (result.ecca, ==, widths[i].ecca);
      g_assert_cmpuint (result.ecca_terms[widths[i].shape].count, ==, 5);
      g_assert_cmpint (result.goodman_baron, ==, 1);
    }
}

/* Marks are neither atrophic scars nor hollows, but count as lesions: two on
 * 200 x 300 pixels of 10 per mm, which are 6 cm2. */
static void
test_marks (void)
{
  g_autoptr (GArray) lesions
      = g_array_new (FALSE, FALSE, sizeof (PockmarkLesion));
  PockmarkGrade result;

  add (lesions, POCKMARK_RED_MARK, 3.0, 1);
  add (lesions, POCKMARK_BROWN_MARK, 5.0, 1);
  result = grade (lesions, 60000.0, 10.0);
  g_assert_cmpint (result.ecca, ==, 0);
  g_assert_cmpint (result.goodman_baron, ==, 0);
  g_assert_cmpfloat_with_epsilon (result.density, 2.0 / 6.0, 1e-12);
}

static void
test_most (void)
{
  g_autoptr (GArray) lesions
      = g_array_new (FALSE, FALSE, sizeof (PockmarkLesion));

  add (lesions, POCKMARK_ICE_PICK, 1.0, 21);
  add (lesions, POCKMARK_CRATER, 3.0, 21);
  add (lesions, POCKMARK_CRATER, 5.0, 21);
  g_assert_cmpint (grade (lesions, 1.0, 1.0).ecca, ==, POCKMARK_ECCA_MAX);
}

static void
test_no_scale (void)
{
  g_autoptr (GArray) lesions
      = g_array_new (FALSE, FALSE, sizeof (PockmarkLesion));
  PockmarkGrade result;

  add (lesions, POCKMARK_CRATER, NAN, 12);
  result = grade (lesions, 1000.0, 0.0);
  g_assert_cmpint (result.ecca, ==, -1);
  g_assert_cmpint (result.goodman_baron, ==, 2);
  g_assert_cmpuint (result.count[POCKMARK_CRATER], ==, 12);
  g_assert_true (isnan (result.skin_cm2));
  g_assert_true (isnan (result.density));

  /* No skin: no density, though the scale is known. */
  g_assert_true (isnan (grade (lesions, 0.0, 10.0).density));
  g_assert_true (isnan (grade (lesions, NAN, 10.0).skin_cm2));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/grade/empty", test_empty);
  g_test_add_func ("/grade/worked-example", test_worked);
  g_test_add_func ("/grade/steps", test_steps);
  g_test_add_func ("/grade/shapes", test_shapes);
  g_test_add_func ("/grade/marks", test_marks);
  g_test_add_func ("/grade/most", test_most);
  g_test_add_func ("/grade/no-scale", test_no_scale);
  return g_test_run ();
}
