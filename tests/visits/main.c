/* pockmark-visits: how well two visits are compared, on pairs of phantoms
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   pockmark-visits [--set develop|report] [--count N] [--first N]
 *                   [--pixels N] [--unchanged]
 *
 * prints for each pair the error of the alignment, the fates and the change of
 * redness; then how the pairs stand to the bars, whether each photograph is
 * refused with the one before, and, with --unchanged, how far measurements
 * differ between two visits of the same skin: the constants of repeatability in
 * filters/core/fate.c and compare.c.  Whoever tunes anything does it on
 * "develop".
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "visits.h"

typedef struct
{
  gchar   *set;
  gint     first;
  gint     count;
  gint     pixels;
  gboolean unchanged;
} Options;

/* A measurement of a lesion that persists. */
typedef struct
{
  gdouble size;
  gdouble change; /* magnitude */
} Repeat;

typedef struct
{
  gint        pairs;
  gint        aligned;   /* within both bars */
  gint        trusted;   /* within both bars where trusted */
  gint        failed;    /* refused */
  gint        unrelated; /* tried with another skin */
  gint        refused;   /* of these */
  gint        redness;   /* within the bar */
  gint        still;     /* said to be no change of redness */
  VisitsFates fates;
  gint        significant[POCKMARK_N_CHANGES]; /* changes that are said to be */
  GArray     *repeats[POCKMARK_N_CHANGES];     /* Repeat                      */
  GArray     *redness_changes;                 /* gdouble, magnitudes         */
} Totals;

static gboolean
parse (Options *options,
       gint    *argc,
       gchar ***argv,
       GError **error)
{
  const GOptionEntry entries[] = {
    { "set", 0, 0, G_OPTION_ARG_STRING, &options->set,
      "Phantoms to develop on or to report (report)", "develop|report" },
    { "first", 0, 0, G_OPTION_ARG_INT, &options->first,
      "The first pair's number (0)", "N" },
    { "count", 0, 0, G_OPTION_ARG_INT, &options->count, "How many pairs (12)",
      "N" },
    { "pixels", 0, 0, G_OPTION_ARG_INT, &options->pixels,
      "Of each photograph, at the most (2500000)", "N" },
    { "unchanged", 0, 0, G_OPTION_ARG_NONE, &options->unchanged,
      "Nothing healed or came between the visits", NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, NULL);
  if (! g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (options->set && strcmp (options->set, "report") != 0
      && strcmp (options->set, "develop") != 0)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "The set is either develop or report, not \"%s\".",
                 options->set);
  else if (*argc > 1 || options->count < 1 || options->first < 0
           || options->pixels < 10000)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         "--count must be at least 1, --first 0 and --pixels "
                         "10000; there are no other arguments.");
  else
    return TRUE;
  return FALSE;
}

static void
note_changes (Totals                   *totals,
              const PockmarkComparison *comparison)
{
  guint i;
  gint  k;

  for (i = 0; i < comparison->changes->len; i++)
    {
      const PockmarkChange *c
          = &g_array_index (comparison->changes, PockmarkChange, i);

      for (k = 0; k < POCKMARK_N_CHANGES; k++)
        {
          const Repeat repeat = { c->size[k], fabs (c->change[k]) };

          if (c->fate != POCKMARK_FATE_PERSISTING || isnan (repeat.change))
            continue;
          g_array_append_val (totals->repeats[k], repeat);
          totals->significant[k] += c->significant[k];
        }
    }
}

static void
note_pair (Totals                   *totals,
           const VisitsPair         *pair,
           const PockmarkComparison *comparison,
           gdouble                   seconds)
{
  const gdouble   truth = visits_true_redness (pair, comparison);
  const gdouble   off = fabs (comparison->redness_change - truth);
  const gdouble   change = fabs (comparison->redness_change);
  VisitsAlignment a;

  visits_measure_alignment (pair, comparison->alignment, &a);
  visits_count_fates (pair, comparison, &totals->fates);
  note_changes (totals, comparison);
  totals->aligned += a.median <= VISITS_MEDIAN && a.p95 <= VISITS_P95;
  totals->trusted
      += a.trusted_median <= VISITS_MEDIAN && a.trusted_p95 <= VISITS_P95;
  totals->redness += off <= MAX (0.01, 0.1 * fabs (truth));
  totals->still += ! comparison->redness_significant;
  if (! isnan (change))
    g_array_append_val (totals->redness_changes, change);
  g_print ("median %.3f mm, 95 %% %.3f | trusted %3.0f %%: %.3f, %.3f | "
           "new %u, persisting %u, resolved %u, not compared %u | redness "
           "%+.4f, truly %+.4f | %.1f s\n",
           a.median, a.p95, 100.0 * a.trusted, a.trusted_median,
           a.trusted_p95, comparison->count[POCKMARK_FATE_NEW],
           comparison->count[POCKMARK_FATE_PERSISTING],
           comparison->count[POCKMARK_FATE_RESOLVED],
           comparison->count[POCKMARK_FATE_UNKNOWN],
           comparison->redness_change, truth, seconds);
}

static gboolean
examine (Totals           *totals,
         const VisitsCase *which,
         VisitsPair      **last,
         GError          **error)
{
  g_autoptr (VisitsPair) pair = visits_pair_new (which, error);
  g_autoptr (PockmarkComparison) comparison = NULL;
  g_autoptr (GError) refusal = NULL;
  gint64 start;

  if (! pair)
    return FALSE;
  totals->pairs++;
  start = g_get_monotonic_time ();
  comparison = pockmark_compare (&pair->source[0], &pair->parameters[0],
                                 &pair->source[1], &pair->parameters[1], NULL,
                                 NULL, &refusal);
  g_print ("%3d %4d x %4d: ", which->number, pair->pixels[1].width,
           pair->pixels[1].height);
  if (comparison)
    note_pair (totals, pair, comparison,
               (gdouble) (g_get_monotonic_time () - start) / 1e6);
  else
    {
      totals->failed++;
      g_print ("%s\n", refusal->message);
    }
  if (*last)
    {
      g_autoptr (PockmarkAlignment) wrong = pockmark_align (
          &(*last)->source[0], &(*last)->parameters[0], &pair->source[1],
          &pair->parameters[1], NULL, NULL);

      totals->unrelated++;
      totals->refused += wrong == NULL;
    }
  visits_pair_free (*last);
  *last = g_steal_pointer (&pair);
  return TRUE;
}

static gint
ascending (gconstpointer a,
           gconstpointer b)
{
  const gdouble p = *(const gdouble *) a, q = *(const gdouble *) b;

  return (p > q) - (p < q);
}

/* How sure a change is that unchanged skin shows in one of twenty. */
#define SURE 0.95
#define DEVIATIONS 1.96

/* What at least that share of them stays below. */
static gdouble
quantile (GArray *sorted,
          gdouble q)
{
  const guint n = (guint) ceil (q * sorted->len);

  return g_array_index (sorted, gdouble, CLAMP (n, 1, sorted->len) - 1);
}

/* The fixed part of the standard deviation with which, beside this share of
 * the size, SURE of the changes are none; returns how large changes then must
 * be, in the mean. */
static gdouble
fixed_part (GArray  *repeats,
            gdouble  share,
            gdouble *fixed)
{
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (gdouble));
  gdouble sum = 0.0;
  guint   i;

  for (i = 0; i < repeats->len; i++)
    {
      const Repeat *r = &g_array_index (repeats, Repeat, i);
      const gdouble own = r->change / DEVIATIONS, part = share * r->size;
      const gdouble rest = sqrt (MAX (own * own - part * part, 0.0));

      g_array_append_val (left, rest);
    }
  g_array_sort (left, ascending);
  *fixed = quantile (left, SURE);
  for (i = 0; i < repeats->len; i++)
    sum += hypot (*fixed, share * g_array_index (repeats, Repeat, i).size);
  return sum / repeats->len;
}

/* The share with which the smallest changes are told. */
static void
print_repeats (GArray      *repeats,
               gint         significant,
               const gchar *name)
{
  gdouble best_share = 0.0, best_fixed = 0.0, least = G_MAXDOUBLE;
  gint    percent;

  if (repeats->len == 0)
    return;
  for (percent = 0; percent <= 60; percent += 2)
    {
      gdouble       fixed;
      const gdouble told = fixed_part (repeats, 0.01 * percent, &fixed);

      if (told < least)
        {
          least = told;
          best_share = 0.01 * percent;
          best_fixed = fixed;
        }
    }
  g_print ("%-14s %4u lesions: %.3f and %.2f of the size; said to be no "
           "change %.1f %%\n", name, repeats->len, best_fixed, best_share,
           100.0 - 100.0 * significant / repeats->len);
}

static void
print_totals (Totals *totals)
{
  static const gchar *const names[POCKMARK_N_CHANGES]
      = { "diameter, mm", "area, mm2", "haemoglobin", "relief" };
  const VisitsFates *f = &totals->fates;
  gint i;

  g_print ("\n%d pairs: %d aligned within the bars, %d where trusted; %d "
           "refused\nunrelated photographs: %d of %d refused\nredness within "
           "its bar: %d; said to be no change: %d\n\n",
           totals->pairs, totals->aligned, totals->trusted, totals->failed,
           totals->refused, totals->unrelated, totals->redness, totals->still);
  for (i = 0; i < 3; i++)
    g_print ("truly %-10s: said new %3d, persisting %3d, resolved %3d; not "
             "found or not compared %3d; F1 %.3f (with findings that are no "
             "lesions %.3f)\n",
             pockmark_fate_word (i), f->said[i][0], f->said[i][1],
             f->said[i][2], f->missed[i], visits_f1 (f, i, FALSE),
             visits_f1 (f, i, TRUE));
  g_print ("\nrepeatability of persisting lesions, standard deviations\n");
  for (i = 0; i < POCKMARK_N_CHANGES; i++)
    print_repeats (totals->repeats[i], totals->significant[i], names[i]);
  g_array_sort (totals->redness_changes, ascending);
  if (totals->redness_changes->len)
    g_print ("mean redness   %u pairs: 95 %% of the changes below %.4f\n",
             totals->redness_changes->len,
             quantile (totals->redness_changes, SURE));
}

gint
main (gint    argc,
      gchar **argv)
{
  Options     options = { .count = 12, .pixels = 2500000 };
  Totals      totals = { 0 };
  VisitsPair *last = NULL;
  g_autoptr (GError) error = NULL;
  gint        i;

  if (parse (&options, &argc, &argv, &error))
    {
      VisitsCase which = { .pixels = options.pixels,
                           .unchanged = options.unchanged };

      which.set = g_strcmp0 (options.set, "develop") == 0 ? PHANTOM_DEVELOP
                                                          : PHANTOM_REPORT;
      totals.redness_changes = g_array_new (FALSE, FALSE, sizeof (gdouble));
      for (i = 0; i < POCKMARK_N_CHANGES; i++)
        totals.repeats[i] = g_array_new (FALSE, FALSE, sizeof (Repeat));
      for (i = 0; i < options.count && ! error; i++)
        {
          which.number = options.first + i;
          examine (&totals, &which, &last, &error);
        }
      if (! error)
        print_totals (&totals);
      for (i = 0; i < POCKMARK_N_CHANGES; i++)
        g_array_unref (totals.repeats[i]);
      g_array_unref (totals.redness_changes);
    }
  visits_pair_free (last);
  g_free (options.set);
  if (! error)
    return EXIT_SUCCESS;
  g_printerr ("pockmark-visits: %s\n", error->message);
  return EXIT_FAILURE;
}
