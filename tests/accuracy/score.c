/* The accuracy table: figures
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <stdlib.h>

#include "accuracy.h"

const AccuracyGroup accuracy_groups[] = {
  { "all", -1, 0.0, 90.0 },
  { "tone 1 (lightest)", 0, 0.0, 90.0 },
  { "tone 2", 1, 0.0, 90.0 },
  { "tone 3", 2, 0.0, 90.0 },
  { "tone 4", 3, 0.0, 90.0 },
  { "tone 5", 4, 0.0, 90.0 },
  { "tone 6 (darkest)", 5, 0.0, 90.0 },
  { "light at 15-35 degrees", -1, 0.0, 35.0 },
  { "light at 35-60 degrees", -1, 35.0, 60.0 },
  { "light at 60-80 degrees", -1, 60.0, 90.0 },
};

const guint accuracy_n_groups = G_N_ELEMENTS (accuracy_groups);

gboolean
accuracy_group_has (const AccuracyGroup  *group,
                    const AccuracyResult *result)
{
  return (group->tone < 0 || group->tone == result->tone)
         && result->elevation >= group->lowest
         && result->elevation < group->highest;
}

/* ---- Precision and recall ----------------------------------------------- */

gdouble
accuracy_precision (const AccuracyScore *score)
{
  return score->found ? (gdouble) score->right / score->found : NAN;
}

gdouble
accuracy_recall (const AccuracyScore *score)
{
  return score->truth ? (gdouble) score->right / score->truth : NAN;
}

gdouble
accuracy_f1 (const AccuracyScore *score)
{
  const gint both = score->truth + score->found;

  return both ? 2.0 * score->right / both : NAN;
}

AccuracyScore
accuracy_score (const GPtrArray     *results,
                const AccuracyGroup *group,
                PockmarkClass        klass,
                gint                 sensitivity)
{
  AccuracyScore score = { 0, 0, 0 };
  guint         i, k;

  for (i = 0; i < results->len; i++)
    {
      const AccuracyResult *result = g_ptr_array_index (results, i);
      const GArray         *findings = result->findings[sensitivity];

      if (! accuracy_group_has (group, result))
        continue;
      score.truth += result->truth[klass];
      for (k = 0; k < findings->len; k++)
        {
          const AccuracyFinding *finding
              = &g_array_index (findings, AccuracyFinding, k);

          score.found += finding->klass == klass;
          score.right += finding->klass == klass
                         && finding->cause == ACCURACY_RIGHT;
        }
    }
  return score;
}

/* ---- The peer's one threshold ------------------------------------------- */

typedef struct
{
  gdouble  score;
  gboolean right;
} Answer;

static gint
highest_first (gconstpointer a,
               gconstpointer b)
{
  const Answer *p = a, *q = b;

  return (p->score < q->score) - (p->score > q->score);
}

static GArray *
pool (const GPtrArray *results,
      guint            peer,
      gboolean         relative,
      gint            *truth)
{
  GArray *answers = g_array_new (FALSE, FALSE, sizeof (Answer));
  guint   i, k;

  *truth = 0;
  for (i = 0; i < results->len; i++)
    {
      const AccuracyResult   *result = g_ptr_array_index (results, i);
      const AccuracyPeerList *list = &result->peers[peer];

      *truth += result->truth[accuracy_peers[peer].klass];
      for (k = 0; k < list->findings->len; k++)
        {
          const AccuracyFinding *finding
              = &g_array_index (list->findings, AccuracyFinding, k);
          Answer answer = { finding->score / (relative ? list->spread : 1.0f),
                            finding->cause == ACCURACY_RIGHT };

          g_array_append_val (answers, answer);
        }
    }
  g_array_sort (answers, highest_first);
  return answers;
}

/* Findings were matched the strongest first, so that those above a threshold
 * are right or wrong whatever the threshold is. */
static gdouble
tune_one (const GPtrArray *results,
          guint            peer,
          gboolean         relative,
          gdouble         *threshold)
{
  gint     truth, right = 0;
  g_autoptr (GArray) answers = pool (results, peer, relative, &truth);
  gdouble  best = -1.0;
  guint    i;

  *threshold = INFINITY;
  for (i = 0; i < answers->len; i++)
    {
      const Answer *answer = &g_array_index (answers, Answer, i);
      gdouble       f1;

      right += answer->right;
      f1 = 2.0 * right / (truth + i + 1.0);
      if (f1 > best)
        {
          best = f1;
          *threshold = answer->score;
        }
    }
  return best;
}

AccuracyTuning
accuracy_tune (const GPtrArray *results,
               PockmarkClass    klass)
{
  AccuracyTuning tuning = { 0, FALSE, INFINITY };
  gdouble        best = -INFINITY;
  guint          i;
  gint           relative;

  for (i = 0; i < accuracy_n_peers; i++)
    for (relative = 0; relative < 2; relative++)
      if (accuracy_peers[i].klass == klass)
        {
          gdouble threshold;
          gdouble f1 = tune_one (results, i, relative, &threshold);

          if (f1 > best)
            {
              best = f1;
              tuning = (AccuracyTuning) { i, relative, threshold };
            }
        }
  return tuning;
}

AccuracyScore
accuracy_peer_score (const GPtrArray      *results,
                     const AccuracyGroup  *group,
                     const AccuracyTuning *tuning)
{
  AccuracyScore score = { 0, 0, 0 };
  guint         i, k;

  for (i = 0; i < results->len; i++)
    {
      const AccuracyResult   *result = g_ptr_array_index (results, i);
      const AccuracyPeerList *list = &result->peers[tuning->peer];

      if (! accuracy_group_has (group, result))
        continue;
      score.truth += result->truth[accuracy_peers[tuning->peer].klass];
      for (k = 0; k < list->findings->len; k++)
        {
          const AccuracyFinding *finding
              = &g_array_index (list->findings, AccuracyFinding, k);

          if (finding->score / (tuning->relative ? list->spread : 1.0f)
              < tuning->threshold)
            continue;
          score.found++;
          score.right += finding->cause == ACCURACY_RIGHT;
        }
    }
  return score;
}

/* ---- Confidence --------------------------------------------------------- */

static void
add_to_bins (const GArray        *findings,
             PockmarkClass        klass,
             AccuracyReliability *reliability)
{
  guint k;

  for (k = 0; k < findings->len; k++)
    {
      const AccuracyFinding *finding
          = &g_array_index (findings, AccuracyFinding, k);
      const gint bin = CLAMP ((gint) (finding->score * ACCURACY_N_BINS), 0,
                              ACCURACY_N_BINS - 1);

      if (klass != POCKMARK_NONE && finding->klass != klass)
        continue;
      reliability->count[bin]++;
      reliability->confidence[bin] += finding->score;
      reliability->right[bin] += finding->cause == ACCURACY_RIGHT;
    }
}

void
accuracy_reliability (const GPtrArray     *results,
                      PockmarkClass        klass,
                      gint                 sensitivity,
                      AccuracyReliability *reliability)
{
  gint  total = 0, bin;
  guint i;

  *reliability = (AccuracyReliability) { 0 };
  for (i = 0; i < results->len; i++)
    {
      const AccuracyResult *result = g_ptr_array_index (results, i);

      add_to_bins (result->findings[sensitivity], klass, reliability);
    }
  for (bin = 0; bin < ACCURACY_N_BINS; bin++)
    {
      const gint n = MAX (reliability->count[bin], 1);

      total += reliability->count[bin];
      /* Still sums here, so that each bin weighs as many as it holds. */
      reliability->error += fabs (reliability->confidence[bin]
                                  - reliability->right[bin]);
      reliability->confidence[bin] /= n;
      reliability->right[bin] /= n;
    }
  reliability->error = total ? reliability->error / total : NAN;
}

/* ---- Statistics --------------------------------------------------------- */

typedef struct
{
  gfloat value;
  gsize  place;
} Item;

static int
lowest_first (const void *a,
              const void *b)
{
  const gfloat p = ((const Item *) a)->value, q = ((const Item *) b)->value;

  return (p > q) - (p < q);
}

static gdouble *
ranks_of (const gfloat *values,
          gsize         n)
{
  g_autofree Item *items = g_new (Item, n);
  gdouble         *ranks = g_new (gdouble, n);
  gsize            i, k, end;

  for (i = 0; i < n; i++)
    items[i] = (Item) { values[i], i };
  qsort (items, n, sizeof (Item), lowest_first);
  for (i = 0; i < n; i = end)
    {
      for (end = i + 1; end < n && items[end].value == items[i].value;)
        end++;
      for (k = i; k < end; k++)
        ranks[items[k].place] = 0.5 * (gdouble) (i + end - 1);
    }
  return ranks;
}

gdouble
accuracy_rank_correlation (const gfloat *a,
                           const gfloat *b,
                           gsize         n)
{
  g_autofree gdouble *p = NULL;
  g_autofree gdouble *q = NULL;
  const gdouble       mean = 0.5 * ((gdouble) n - 1.0);
  gdouble             pq = 0.0, pp = 0.0, qq = 0.0;
  gsize               i;

  if (n < 3)
    return NAN;
  p = ranks_of (a, n);
  q = ranks_of (b, n);
  for (i = 0; i < n; i++)
    {
      pq += (p[i] - mean) * (q[i] - mean);
      pp += (p[i] - mean) * (p[i] - mean);
      qq += (q[i] - mean) * (q[i] - mean);
    }
  return pq / sqrt (pp * qq);
}

static int
lower_first (const void *a,
             const void *b)
{
  const gdouble p = *(const gdouble *) a, q = *(const gdouble *) b;

  return (p > q) - (p < q);
}

gdouble
accuracy_median (gdouble *values,
                 gsize    n)
{
  if (n == 0)
    return NAN;
  qsort (values, n, sizeof (gdouble), lower_first);
  return 0.5 * (values[(n - 1) / 2] + values[n / 2]);
}

gdouble
accuracy_angle_between (gdouble a,
                        gdouble b)
{
  return fabs (remainder (a - b, 360.0));
}
