/* The accuracy table: tables as text and as CSV
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program never calls setlocale, so that printf writes decimal points.
 */

#include <math.h>
#include <string.h>

#include "accuracy.h"

/* The difference of Gaussians must not reach this F1 on any class, or else
 * the phantoms are too easy to tell anything. */
#define GATE 0.8

/* The light's azimuth counts as known within this, degrees, where the light
 * is low enough to show relief. */
#define AZIMUTH_CLOSE 20.0
#define ELEVATION_LOW 60.0

static void
print_share (gdouble value)
{
  if (isnan (value))
    g_print ("      -");
  else
    g_print ("  %5.3f", value);
}

static void
print_shares (const AccuracyScore *score)
{
  print_share (accuracy_precision (score));
  print_share (accuracy_recall (score));
  print_share (accuracy_f1 (score));
}

static void
print_score (const AccuracyScore *score)
{
  g_print (" %6d %6d %6d", score->truth, score->found, score->right);
  print_shares (score);
}

/* ---- Classes ------------------------------------------------------------ */

static void
print_classes (const GPtrArray *results)
{
  PockmarkClass klass;

  g_print ("Pockmark, sensitivity %.2f\n"
           "               truth  found  right   prec. recall     F1\n",
           accuracy_sensitivities[ACCURACY_DEFAULT]);
  for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
    {
      const AccuracyScore score = accuracy_score (results, accuracy_groups, klass,
                                                  ACCURACY_DEFAULT);

      g_print ("  %-11s", pockmark_class_word (klass));
      print_score (&score);
      g_print ("\n");
    }
}

static void
print_peer (const GPtrArray      *results,
            const AccuracyTuning *tuning)
{
  PockmarkClass klass;

  g_print ("\nDifference of Gaussians, the best plane, widths and threshold for "
           "this very set\n"
           "               truth  found  right   prec. recall     F1  plane\n");
  for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
    {
      const AccuracyPeer *peer = &accuracy_peers[tuning[klass].peer];
      const AccuracyScore score
          = accuracy_peer_score (results, accuracy_groups, &tuning[klass]);

      g_print ("  %-11s", pockmark_class_word (klass));
      print_score (&score);
      g_print ("  %s%s", peer->plane_name,
               tuning[klass].relative ? " over its spread" : "");
      if (peer->narrowest > 0.0)
        g_print (", from %.1f mm", peer->narrowest);
      if (peer->widest < 100.0)
        g_print (", below %.1f mm", peer->widest);
      g_print ("\n");
    }
}

static void
print_gate (const GPtrArray      *results,
            const AccuracyTuning *tuning)
{
  PockmarkClass klass;
  gboolean      easy = FALSE;

  for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
    {
      const AccuracyScore score
          = accuracy_peer_score (results, accuracy_groups, &tuning[klass]);

      if (accuracy_f1 (&score) >= GATE)
        {
          g_print ("WARNING: these phantoms are too easy: one threshold finds "
                   "%s with F1 %.3f.\n",
                   pockmark_class_word (klass), accuracy_f1 (&score));
          easy = TRUE;
        }
    }
  if (! easy)
    g_print ("Gate: below F1 %.1f on every class, so the phantoms are hard "
             "enough.\n", GATE);
}

static void
print_groups (const GPtrArray *results)
{
  PockmarkClass klass;
  guint         i;

  g_print ("\nPockmark by skin tone and light (truth, precision, recall, F1)\n"
           "                        ");
  for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
    g_print ("  %-25s", pockmark_class_word (klass));
  g_print ("\n");
  for (i = 0; i < accuracy_n_groups; i++)
    {
      g_print ("  %-22s", accuracy_groups[i].name);
      for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
        {
          const AccuracyScore score
              = accuracy_score (results, &accuracy_groups[i], klass,
                                ACCURACY_DEFAULT);

          g_print ("  %4d", score.truth);
          print_shares (&score);
        }
      g_print ("\n");
    }
}

static void
print_sensitivities (const GPtrArray *results)
{
  PockmarkClass klass;
  gint          i;

  g_print ("\nPockmark by sensitivity (precision, recall, F1)\n       ");
  for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
    g_print ("  %-19s", pockmark_class_word (klass));
  g_print ("\n");
  for (i = 0; i < ACCURACY_N_SENSITIVITIES; i++)
    {
      g_print ("  %.2f ", accuracy_sensitivities[i]);
      for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
        {
          const AccuracyScore score
              = accuracy_score (results, accuracy_groups, klass, i);

          print_shares (&score);
        }
      g_print ("\n");
    }
}

/* ---- Confusion ---------------------------------------------------------- */

static gchar *
cause_name (gint cause)
{
  if (cause == ACCURACY_AGAIN)
    return g_strdup ("the same lesion again");
  if (cause == ACCURACY_NOTHING)
    return g_strdup ("nothing");
  if (cause < ACCURACY_KIND)
    return g_strdup (pockmark_class_word ((PockmarkClass) (cause - ACCURACY_LESION)));
  return g_strdup_printf ("(%s)",
                          phantom_kind_word ((PhantomKind) (cause - ACCURACY_KIND)));
}

static void
count_causes (const GPtrArray *results,
              gint             count[ACCURACY_N_CAUSES][POCKMARK_N_CLASSES])
{
  guint i, k;

  for (i = 0; i < results->len; i++)
    {
      const AccuracyResult *result = g_ptr_array_index (results, i);
      const GArray         *findings = result->findings[ACCURACY_DEFAULT];

      for (k = 0; k < findings->len; k++)
        {
          const AccuracyFinding *finding
              = &g_array_index (findings, AccuracyFinding, k);

          count[finding->cause][finding->klass]++;
          count[finding->cause][POCKMARK_NONE]++;
        }
    }
}

static void
print_confusion (const GPtrArray *results)
{
  gint          count[ACCURACY_N_CAUSES][POCKMARK_N_CLASSES] = { { 0 } };
  gint          cause;
  PockmarkClass klass;

  count_causes (results, count);
  g_print ("\nWrong findings: what was really there\n"
           "                         ");
  for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
    g_print (" %10s", pockmark_class_word (klass));
  g_print ("\n");
  for (cause = ACCURACY_AGAIN; cause < ACCURACY_N_CAUSES; cause++)
    {
      g_autofree gchar *name = cause_name (cause);

      if (count[cause][POCKMARK_NONE] == 0)
        continue;
      g_print ("  %-23s", name);
      for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
        g_print (" %10d", count[cause][klass]);
      g_print ("\n");
    }
}

/* ---- Light and redness -------------------------------------------------- */

typedef struct
{
  gint n;
  gint unknown;
  gint close;     /* to the first light               */
  gint close_sum; /* to both lights' common direction */
  gint opposite;  /* the axis is right, the sign not  */
  gint axis;      /* either sign, unknown ones too    */
} LightCount;

static LightCount
count_light (const GPtrArray *results)
{
  LightCount count = { 0 };
  guint      i;

  for (i = 0; i < results->len; i++)
    {
      const AccuracyResult *result = g_ptr_array_index (results, i);

      if (result->elevation > ELEVATION_LOW)
        continue;
      count.n++;
      count.axis += result->resultant_error <= AZIMUTH_CLOSE
                    || result->resultant_error >= 180.0 - AZIMUTH_CLOSE;
      if (result->light == POCKMARK_LIGHT_UNKNOWN)
        {
          count.unknown++;
          continue;
        }
      count.close += result->light_error <= AZIMUTH_CLOSE;
      count.close_sum += result->resultant_error <= AZIMUTH_CLOSE;
      count.opposite += result->light_error >= 180.0 - AZIMUTH_CLOSE;
    }
  return count;
}

static void
print_light (const GPtrArray *results)
{
  const LightCount count = count_light (results);
  const gdouble    n = MAX (count.n, 1), known = MAX (count.n - count.unknown, 1);

  g_print ("\nThe light's azimuth, elevation %.0f degrees and less: %d phantoms\n"
           "  within %.0f degrees of the first light   %5.1f %%  (%.1f %% of "
           "those estimated)\n"
           "  within %.0f degrees of the lights' sum   %5.1f %%  (%.1f %% of "
           "those estimated)\n"
           "  opposite                               %5.1f %%\n"
           "  unknown                                %5.1f %%\n"
           "  axis of the sum, unknown ones too      %5.1f %%\n",
           ELEVATION_LOW, count.n, AZIMUTH_CLOSE, 100.0 * count.close / n,
           100.0 * count.close / known, AZIMUTH_CLOSE,
           100.0 * count.close_sum / n, 100.0 * count.close_sum / known,
           100.0 * count.opposite / n, 100.0 * count.unknown / n,
           100.0 * count.axis / n);
}

static void
print_median_redness (const GPtrArray     *results,
                      const AccuracyGroup *group,
                      gint                 which)
{
  g_autofree gdouble *values = g_new (gdouble, results->len + 1);
  gsize               n = 0;
  gdouble             median;
  guint               i;

  for (i = 0; i < results->len; i++)
    {
      const AccuracyResult *result = g_ptr_array_index (results, i);

      if (accuracy_group_has (group, result) && ! isnan (result->redness[which]))
        values[n++] = result->redness[which];
    }
  median = accuracy_median (values, n);
  print_share (median);
  print_share (n ? values[0] : NAN);
}

static void
print_redness (const GPtrArray *results)
{
  static const gchar *const names[ACCURACY_N_REDNESS]
      = { "map, pixels", "map, 0.5 mm", "relative, 0.5", "a*, 0.5 mm" };
  guint i;
  gint  k;

  g_print ("\nRank correlation of redness with the true haemoglobin over skin "
           "(median, lowest)\n                        ");
  for (k = 0; k < ACCURACY_N_REDNESS; k++)
    g_print ("  %14s", names[k]);
  g_print ("\n");
  for (i = 0; i < accuracy_n_groups; i++)
    {
      g_print ("  %-22s", accuracy_groups[i].name);
      for (k = 0; k < ACCURACY_N_REDNESS; k++)
        {
          g_print ("  ");
          print_median_redness (results, &accuracy_groups[i], k);
        }
      g_print ("\n");
    }
}

void
accuracy_print (const GPtrArray *results)
{
  AccuracyTuning tuning[POCKMARK_N_CLASSES];
  PockmarkClass  klass;

  for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
    tuning[klass] = accuracy_tune (results, klass);
  print_classes (results);
  print_peer (results, tuning);
  print_gate (results, tuning);
  print_groups (results);
  print_sensitivities (results);
  print_confusion (results);
  print_light (results);
  print_redness (results);
}

/* ---- CSV ---------------------------------------------------------------- */

static void
append_number (GString *text,
               gdouble  value)
{
  gchar number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (text, ',');
  if (! isnan (value))
    g_string_append (text, g_ascii_formatd (number, sizeof number, "%.4f", value));
}

static void
append_row (GString             *text,
            const gchar         *method,
            const AccuracyGroup *group,
            PockmarkClass        klass,
            const AccuracyScore *score)
{
  g_string_append_printf (text, "%s,%s,%s,%d,%d,%d", method, group->name,
                          pockmark_class_word (klass), score->truth,
                          score->found, score->right);
  append_number (text, accuracy_precision (score));
  append_number (text, accuracy_recall (score));
  append_number (text, accuracy_f1 (score));
  g_string_append (text, "\r\n");
}

gchar *
accuracy_csv (const GPtrArray *results)
{
  GString      *text = g_string_new ("Method,Group,Class,Truth,Found,Right,"
                                     "Precision,Recall,F1\r\n");
  PockmarkClass klass;
  guint         i;

  for (klass = POCKMARK_CRATER; klass < POCKMARK_N_CLASSES; klass++)
    {
      const AccuracyTuning tuning = accuracy_tune (results, klass);

      for (i = 0; i < accuracy_n_groups; i++)
        {
          const AccuracyGroup *group = &accuracy_groups[i];
          AccuracyScore        score;

          score = accuracy_score (results, group, klass, ACCURACY_DEFAULT);
          append_row (text, "Pockmark", group, klass, &score);
          score = accuracy_peer_score (results, group, &tuning);
          append_row (text, "Difference of Gaussians", group, klass, &score);
        }
    }
  return g_string_free (text, FALSE);
}
