/* pockmark-accuracy: what the detection finds on phantoms, against the truth
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   pockmark-accuracy [--set develop|report] [--count N] [--first N]
 *                     [--output DIR] [--exchange DIR]
 *
 * prints tables, and writes accuracy.csv and reliability.svg into DIR.  With
 * --exchange it leaves the photographs and their truth there for peers.py.
 * The set "report" is for reporting only: whoever tunes anything does it on
 * "develop".
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>

#include "accuracy.h"

/* Each phantom takes some 300 MB while it is examined. */
#define MOST_THREADS 4

typedef struct
{
  gchar *set;
  gchar *output;
  gchar *exchange;
  gint   first;
  gint   count;
} Options;

static gboolean
parse (Options *options,
       gint    *argc,
       gchar ***argv,
       GError **error)
{
  const GOptionEntry entries[] = {
    { "set", 0, 0, G_OPTION_ARG_STRING, &options->set,
      "Phantoms to develop on or to report (report)", "develop|report" },
    { "count", 0, 0, G_OPTION_ARG_INT, &options->count,
      "How many phantoms (60)", "N" },
    { "first", 0, 0, G_OPTION_ARG_INT, &options->first,
      "The first one's number (0)", "N" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
      "Write accuracy.csv and reliability.svg there", "DIR" },
    { "exchange", 0, 0, G_OPTION_ARG_FILENAME, &options->exchange,
      "Leave photographs and truth there for peers.py", "DIR" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "Counts what is found on phantoms.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (! g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "\"%s\" is not an option.", (*argv)[1]);
  else if (options->count < 1 || options->count > 999 || options->first < 0
           || options->first > 9999)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         "--count must be between 1 and 999, --first between "
                         "0 and 9999.");
  else if (options->set && strcmp (options->set, "report") != 0
           && strcmp (options->set, "develop") != 0)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "The set is either develop or report, not \"%s\".",
                 options->set);
  else
    return TRUE;
  return FALSE;
}

/* ---- Workers ------------------------------------------------------------ */

typedef struct
{
  AccuracyCase     base;
  AccuracyResult **results; /* by place: their order is not the threads' */
  gint             count;
  gint             done;
  GMutex           lock;
  GError          *error;   /* the first one */
} Run;

static void
work (gpointer item,
      gpointer data)
{
  Run             *run = data;
  const gint       place = GPOINTER_TO_INT (item) - 1;
  AccuracyCase     which = run->base;
  AccuracyResult  *result = NULL;
  GError          *error = NULL;
  gboolean         failed;

  g_mutex_lock (&run->lock);
  failed = run->error != NULL;
  g_mutex_unlock (&run->lock);
  if (failed)
    return;
  which.number += place;
  result = accuracy_examine (&which, &error);
  g_mutex_lock (&run->lock);
  run->results[place] = result;
  if (error && ! run->error)
    run->error = g_steal_pointer (&error);
  run->done++;
  if (run->done % 10 == 0 || run->done == run->count)
    g_printerr ("%d of %d phantoms examined\n", run->done, run->count);
  g_mutex_unlock (&run->lock);
  g_clear_error (&error);
}

static GPtrArray *
examine_all (const AccuracyCase *base,
             gint                count,
             GError            **error)
{
  g_autoptr (GPtrArray) results
      = g_ptr_array_new_with_free_func ((GDestroyNotify) accuracy_result_free);
  Run          run = { .base = *base, .count = count };
  const gint   threads = (gint) MIN (g_get_num_processors (), MOST_THREADS);
  GThreadPool *threads_pool;
  gint         i;

  threads_pool = g_thread_pool_new (work, &run, threads, FALSE, error);
  if (! threads_pool)
    return NULL;
  run.results = g_new0 (AccuracyResult *, count);
  g_mutex_init (&run.lock);
  for (i = 0; i < count; i++)
    g_thread_pool_push (threads_pool, GINT_TO_POINTER (i + 1), NULL);
  g_thread_pool_free (threads_pool, FALSE, TRUE);
  for (i = 0; i < count; i++)
    if (run.results[i])
      g_ptr_array_add (results, run.results[i]);
  g_free (run.results);
  g_mutex_clear (&run.lock);
  if (run.error)
    {
      g_propagate_error (error, run.error);
      return NULL;
    }
  return g_steal_pointer (&results);
}

/* ---- Output ------------------------------------------------------------- */

static gboolean
write_file (const gchar *folder,
            const gchar *name,
            const gchar *text,
            GError     **error)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  return g_file_set_contents (path, text, -1, error);
}

/* For peers.py: who belongs to which group, and the groups themselves. */
static gchar *
exchange_index (const AccuracyCase *base,
                const GPtrArray    *results)
{
  GString *text = g_string_new ("Phantom,Pixels per mm,Tolerance (mm),Groups\n");
  guint    i, k;

  for (i = 0; i < results->len; i++)
    {
      const AccuracyResult *result = g_ptr_array_index (results, i);
      gchar scale[G_ASCII_DTOSTR_BUF_SIZE], tolerance[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (text, "%03d,%s,%s,", base->number + (gint) i,
                              g_ascii_formatd (scale, sizeof scale, "%.6f",
                                               result->peer_scale),
                              g_ascii_formatd (tolerance, sizeof tolerance,
                                               "%.6f", ACCURACY_TOLERANCE));
      for (k = 0; k < accuracy_n_groups; k++)
        if (accuracy_group_has (&accuracy_groups[k], result))
          g_string_append_printf (text, "%s%s", k ? ";" : "",
                                  accuracy_groups[k].name);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

static gboolean
write_all (const Options      *options,
           const AccuracyCase *base,
           const GPtrArray    *results,
           GError            **error)
{
  g_autofree gchar *index = exchange_index (base, results);
  g_autofree gchar *csv = accuracy_csv (results);
  g_autofree gchar *svg = accuracy_reliability_svg (results);

  return (! options->exchange
          || write_file (options->exchange, "phantoms.csv", index, error))
         && (! options->output
             || (write_file (options->output, "accuracy.csv", csv, error)
                 && write_file (options->output, "reliability.svg", svg,
                                error)));
}

static gboolean
make_folder (const gchar *folder,
             GError     **error)
{
  if (! folder || g_mkdir_with_parents (folder, 0777) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
               "The folder %s cannot be made: %s", folder, g_strerror (errno));
  return FALSE;
}

static gboolean
run (const Options *options,
     GError       **error)
{
  const gboolean develop = g_strcmp0 (options->set, "develop") == 0;
  AccuracyCase   base = { .set = develop ? PHANTOM_DEVELOP : PHANTOM_REPORT,
                          .number = options->first,
                          .exchange = options->exchange };
  g_autoptr (GPtrArray) results = NULL;

  if (! make_folder (options->output, error)
      || ! make_folder (options->exchange, error))
    return FALSE;
  results = examine_all (&base, options->count, error);
  if (! results)
    return FALSE;
  g_print ("Phantoms %d to %d of the set \"%s\"\n\n", options->first,
           options->first + options->count - 1,
           develop ? "develop" : "report");
  accuracy_print (results);
  accuracy_print_reliability (results);
  return write_all (options, &base, results, error);
}

gint
main (gint    argc,
      gchar **argv)
{
  Options options = { .count = 60 };
  g_autoptr (GError) error = NULL;
  gboolean done;

  done = parse (&options, &argc, &argv, &error) && run (&options, &error);
  if (! done)
    g_printerr ("pockmark-accuracy: %s\n", error->message);
  g_free (options.set);
  g_free (options.output);
  g_free (options.exchange);
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
