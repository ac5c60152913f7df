/* Tests of the accuracy table: its arithmetic, and two small phantoms
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "accuracy.h"

#define SIDE 100

/* 10 pixels per mm, a crater and a red mark 10 pixels across, 40 apart, and a
 * mole. */
static Phantom *
two_lesions (void)
{
  static const gint     where[2][2] = { { 20, 50 }, { 60, 50 } };
  static const PockmarkClass klass[2] = { POCKMARK_CRATER, POCKMARK_RED_MARK };
  Phantom       *phantom = g_new0 (Phantom, 1);
  PhantomFeature mole = { .kind = PHANTOM_MOLE, .x = 8.0, .y = 2.0, .width = 1.0 };
  gint           i, x, y;

  phantom->width = phantom->height = SIDE;
  phantom->pixels_per_mm = 10.0;
  phantom->label = g_new0 (guint32, SIDE * SIDE);
  phantom->classes = g_new0 (guint8, SIDE * SIDE);
  phantom->lesions = g_array_new (FALSE, FALSE, sizeof (PhantomFeature));
  phantom->distractors = g_array_new (FALSE, FALSE, sizeof (PhantomFeature));
  g_array_append_val (phantom->distractors, mole);
  for (i = 0; i < 2; i++)
    {
      PhantomFeature lesion = { .klass = klass[i] };

      g_array_append_val (phantom->lesions, lesion);
      for (y = where[i][1]; y < where[i][1] + 10; y++)
        for (x = where[i][0]; x < where[i][0] + 10; x++)
          {
            phantom->label[y * SIDE + x] = (guint32) i + 1;
            phantom->classes[y * SIDE + x] = (guint8) klass[i];
          }
    }
  return phantom;
}

static void
test_match (void)
{
  static const AccuracyFinding wanted[] = {
    { POCKMARK_CRATER, 0.9f, 25.0f, 55.0f, ACCURACY_RIGHT },
    { POCKMARK_CRATER, 0.8f, 22.0f, 52.0f, ACCURACY_AGAIN },
    { POCKMARK_CRATER, 0.7f, 65.0f, 55.0f, ACCURACY_LESION + POCKMARK_RED_MARK },
    /* 3.4 and 3.6 pixels outside, where 3.5 is the tolerance */
    { POCKMARK_RED_MARK, 0.6f, 73.6f, 55.0f, ACCURACY_NOTHING },
    { POCKMARK_RED_MARK, 0.5f, 73.4f, 55.0f, ACCURACY_RIGHT },
    { POCKMARK_BROWN_MARK, 0.4f, 82.0f, 21.0f, ACCURACY_KIND + PHANTOM_MOLE },
    { POCKMARK_ICE_PICK, 0.3f, 95.0f, 95.0f, ACCURACY_NOTHING },
    /* off the picture: no reading beyond it */
    { POCKMARK_ICE_PICK, 0.2f, 150.0f, -40.0f, ACCURACY_NOTHING },
  };
  g_autoptr (Phantom) phantom = two_lesions ();
  g_autoptr (GArray)  findings = accuracy_findings_new ();
  guint               i;

  for (i = G_N_ELEMENTS (wanted); i > 0; i--)
    {
      AccuracyFinding finding = wanted[i - 1];

      finding.cause = -1;
      g_array_append_val (findings, finding);
    }
  accuracy_match (phantom, findings, TRUE);
  for (i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_cmpint (g_array_index (findings, AccuracyFinding, i).cause, ==,
                     wanted[i].cause);
}

static void
test_statistics (void)
{
  const gfloat  a[] = { 1.0f, 2.0f, 3.0f, 4.0f, 5.0f };
  const gfloat  b[] = { 10.0f, 20.0f, 30.0f, 1000.0f, 2000.0f };
  const gfloat  c[] = { 5.0f, 6.0f, 7.0f, 8.0f, 7.0f };
  gdouble       values[] = { 5.0, 1.0, 3.0, 2.0 };
  AccuracyScore score = { 10, 8, 6 };

  g_assert_cmpfloat_with_epsilon (accuracy_rank_correlation (a, b, 5), 1.0, 1e-12);
  /* The textbook example: two share the rank 3.5. */
  g_assert_cmpfloat_with_epsilon (accuracy_rank_correlation (a, c, 5),
                                  0.8207826817, 1e-9);
  g_assert_true (isnan (accuracy_rank_correlation (a, b, 2)));
  g_assert_cmpfloat (accuracy_median (values, 4), ==, 2.5);
  g_assert_cmpfloat (accuracy_median (values, 3), ==, 2.0);
  g_assert_cmpfloat (accuracy_angle_between (350.0, 15.0), ==, 25.0);
  g_assert_cmpfloat (accuracy_angle_between (-90.0, 90.0), ==, 180.0);
  g_assert_cmpfloat (accuracy_precision (&score), ==, 0.75);
  g_assert_cmpfloat (accuracy_recall (&score), ==, 0.6);
  g_assert_cmpfloat_with_epsilon (accuracy_f1 (&score), 2.0 / 3.0, 1e-12);
}

static void
add_answer (GArray       *findings,
            PockmarkClass klass,
            gfloat        score,
            gint          cause)
{
  AccuracyFinding finding = { klass, score, 0.0f, 0.0f, cause };

  g_array_append_val (findings, finding);
}

static AccuracyResult *
empty_result (void)
{
  AccuracyResult *result = g_new0 (AccuracyResult, 1);
  guint           i;

  for (i = 0; i < ACCURACY_N_SENSITIVITIES; i++)
    result->findings[i] = accuracy_findings_new ();
  result->peers = g_new0 (AccuracyPeerList, accuracy_n_peers);
  for (i = 0; i < accuracy_n_peers; i++)
    {
      result->peers[i].findings = accuracy_findings_new ();
      result->peers[i].spread = 1.0f;
    }
  return result;
}

/* The threshold lies where F1 is highest, not where precision or recall is. */
static void
test_threshold (void)
{
  g_autoptr (GPtrArray) results
      = g_ptr_array_new_with_free_func ((GDestroyNotify) accuracy_result_free);
  AccuracyResult *result = empty_result ();
  AccuracyTuning  tuning;
  AccuracyScore   score;
  guint           i;

  for (i = 0; accuracy_peers[i].klass != POCKMARK_RED_MARK; i++);
  g_ptr_array_add (results, result);
  result->truth[POCKMARK_RED_MARK] = 3;
  add_answer (result->peers[i].findings, POCKMARK_RED_MARK, 9.0f, ACCURACY_RIGHT);
  add_answer (result->peers[i].findings, POCKMARK_RED_MARK, 8.0f, ACCURACY_NOTHING);
  add_answer (result->peers[i].findings, POCKMARK_RED_MARK, 7.0f, ACCURACY_RIGHT);
  add_answer (result->peers[i].findings, POCKMARK_RED_MARK, 6.0f, ACCURACY_NOTHING);
  add_answer (result->peers[i].findings, POCKMARK_RED_MARK, 5.0f, ACCURACY_NOTHING);
  tuning = accuracy_tune (results, POCKMARK_RED_MARK);
  score = accuracy_peer_score (results, accuracy_groups, &tuning);
  g_assert_cmpfloat (tuning.threshold, ==, 7.0);
  g_assert_cmpint (score.found, ==, 3);
  g_assert_cmpint (score.right, ==, 2);
}

static void
test_calibration (void)
{
  g_autoptr (GPtrArray) results
      = g_ptr_array_new_with_free_func ((GDestroyNotify) accuracy_result_free);
  AccuracyResult     *result = empty_result ();
  AccuracyReliability reliability;
  gint                i;

  g_ptr_array_add (results, result);
  for (i = 0; i < 10; i++)
    add_answer (result->findings[0], POCKMARK_CRATER, 0.85f,
                i < 8 ? ACCURACY_RIGHT : ACCURACY_NOTHING);
  for (i = 0; i < 10; i++)
    add_answer (result->findings[0], POCKMARK_CRATER, 1.0f, ACCURACY_RIGHT);
  accuracy_reliability (results, POCKMARK_CRATER, 0, &reliability);
  g_assert_cmpint (reliability.count[8], ==, 10);
  g_assert_cmpint (reliability.count[9], ==, 10);
  g_assert_cmpfloat_with_epsilon (reliability.error, 0.025, 1e-6);
  accuracy_reliability (results, POCKMARK_RED_MARK, 0, &reliability);
  g_assert_true (isnan (reliability.error));
}

/* From the phantom to the files, twice alike. */
static void
test_phantoms (void)
{
  g_autofree gchar *first = NULL;
  gint              pass, i;

  for (pass = 0; pass < 2; pass++)
    {
      g_autoptr (GPtrArray) results
          = g_ptr_array_new_with_free_func ((GDestroyNotify) accuracy_result_free);
      g_autofree gchar *csv = NULL;
      g_autofree gchar *svg = NULL;

      for (i = 0; i < 2; i++)
        {
          AccuracyCase    which = { PHANTOM_DEVELOP, i, 420, 300, 8.0, NULL };
          GError         *error = NULL;
          AccuracyResult *result = accuracy_examine (&which, &error);

          g_assert_no_error (error);
          g_ptr_array_add (results, result);
        }
      csv = accuracy_csv (results);
      svg = accuracy_reliability_svg (results);
      g_assert_nonnull (strstr (csv, "\r\nPockmark,all,crater,"));
      g_assert_nonnull (strstr (csv, "\r\nDifference of Gaussians,tone 2,brown-mark,"));
      g_assert_true (g_str_has_suffix (svg, "</svg>\n"));
      if (first)
        g_assert_cmpstr (csv, ==, first);
      else
        first = g_steal_pointer (&csv);
    }
}

gint
main (gint    argc,
      gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/accuracy/match", test_match);
  g_test_add_func ("/accuracy/statistics", test_statistics);
  g_test_add_func ("/accuracy/threshold", test_threshold);
  g_test_add_func ("/accuracy/calibration", test_calibration);
  g_test_add_func ("/accuracy/phantoms", test_phantoms);
  return g_test_run ();
}
