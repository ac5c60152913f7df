/* Pockmark: runs a fuzz target without libFuzzer
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   fuzz-TARGET NAME CORPUS [RUNS [SEED]]
 *   fuzz-TARGET FILE
 *
 * Runs the target with every file of the folder CORPUS, then with RUNS inputs
 * that are mutations of those, always the same ones for one SEED.  The target
 * is to be compiled for AddressSanitizer, and ends the program where it finds
 * something: the input is then kept in the current folder.  Speaks TAP.
 */

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "bytes.h"

/* An input that takes longer hangs. */
#define MAX_SECONDS 60

#define MAX_SIZE 4096
#define MAX_CHANGES 8

#ifdef __SANITIZE_ADDRESS__
void __sanitizer_set_death_callback (void (*callback) (void));
#endif

/* The one input that is being run: what a dying program can still keep. */
static guint8 input[MAX_SIZE];
static gsize  input_size;

static void
keep_input (void)
{
  g_file_set_contents ("fuzz-found", (const gchar *) input, (gssize) input_size,
                       NULL);
  g_printerr ("# the input is in fuzz-found, %" G_GSIZE_FORMAT " bytes\n",
              input_size);
}

static void
on_signal (int number)
{
  keep_input ();
  signal (number, SIG_DFL);
  raise (number);
}

static void
run_input (void)
{
  /* Of its very size, so that a read behind its end is seen. */
  g_autofree guint8 *copy = g_memdup2 (input, MAX (input_size, 1));

  alarm (MAX_SECONDS);
  LLVMFuzzerTestOneInput (copy, input_size);
  alarm (0);
}

static void
take_input (GBytes *bytes)
{
  input_size = MIN (g_bytes_get_size (bytes), MAX_SIZE);
  if (input_size > 0)
    memcpy (input, g_bytes_get_data (bytes, NULL), input_size);
}

/* ---- Mutations ------------------------------------------------------------ */

static void
insert_bytes (GRand *rand)
{
  const gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) input_size + 1);
  const gsize room = MAX_SIZE - input_size;
  gsize       n = (gsize) g_rand_int_range (rand, 1, 33), i;

  n = MIN (n, room);
  memmove (input + at + n, input + at, input_size - at);
  for (i = 0; i < n; i++)
    input[at + i] = (guint8) g_rand_int (rand);
  input_size += n;
}

static void
remove_bytes (GRand *rand)
{
  const gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) input_size);
  gsize       n = (gsize) g_rand_int_range (rand, 1, 33);

  n = MIN (n, input_size - at);
  memmove (input + at, input + at + n, input_size - at - n);
  input_size -= n;
}

/* A part of another input over one of this. */
static void
cross (GRand  *rand,
       GBytes *other)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (other, &size);
  gsize         from, at, n;

  size = MIN (size, MAX_SIZE);
  if (size == 0)
    return;
  from = (gsize) g_rand_int_range (rand, 0, (gint32) size);
  at = (gsize) g_rand_int_range (rand, 0, (gint32) input_size);
  n = MIN (size - from, MAX_SIZE - at);
  memcpy (input + at, data + from, n);
  input_size = MAX (input_size, at + n);
}

static void
change (GRand     *rand,
        GPtrArray *corpus)
{
  static const guint8 edges[] = { 0, 1, 0x7f, 0x80, 0xfe, 0xff, ',', '"', '\n' };
  gsize               at;

  if (input_size == 0)
    {
      insert_bytes (rand);
      return;
    }
  at = (gsize) g_rand_int_range (rand, 0, (gint32) input_size);
  switch (g_rand_int_range (rand, 0, 7))
    {
    case 0:
      input[at] ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
      break;
    case 1:
      input[at] = (guint8) g_rand_int (rand);
      break;
    case 2:
      input[at] = edges[g_rand_int_range (rand, 0, G_N_ELEMENTS (edges))];
      break;
    case 3:
      insert_bytes (rand);
      break;
    case 4:
      remove_bytes (rand);
      break;
    case 5:
      cross (rand, g_ptr_array_index (corpus,
                                      g_rand_int_range (rand, 0, (gint32) corpus->len)));
      break;
    default:
      memset (input + at, edges[g_rand_int_range (rand, 0, 6)],
              MIN (input_size - at, 4));
      break;
    }
}

static void
run_mutations (GPtrArray *corpus,
               gint       runs,
               guint32    seed)
{
  GRand *rand = g_rand_new_with_seed (seed);
  gint   i, k;

  for (i = 0; i < runs; i++)
    {
      take_input (g_ptr_array_index (
          corpus, g_rand_int_range (rand, 0, (gint32) corpus->len)));
      for (k = g_rand_int_range (rand, 1, MAX_CHANGES + 1); k > 0; k--)
        change (rand, corpus);
      run_input ();
    }
  g_rand_free (rand);
}

/* ---- The program ---------------------------------------------------------- */

static gint
by_name (gconstpointer a,
         gconstpointer b)
{
  return strcmp (*(gchar *const *) a, *(gchar *const *) b);
}

/* The files of a folder, in an order that does not depend on the disk. */
static GPtrArray *
load_corpus (const gchar *folder)
{
  GPtrArray           *corpus
      = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir)     dir = g_dir_open (folder, 0, NULL);
  const gchar         *name;
  guint                i;

  while (dir && (name = g_dir_read_name (dir)))
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, by_name);
  for (i = 0; i < names->len; i++)
    {
      gchar *contents;
      gsize  length;

      if (g_file_get_contents (g_ptr_array_index (names, i), &contents, &length,
                               NULL))
        g_ptr_array_add (corpus, g_bytes_new_take (contents, length));
    }
  return corpus;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GPtrArray) corpus = NULL;
  const gint            runs = argc > 3 ? atoi (argv[3]) : 0;
  guint                 i;

  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  signal (SIGALRM, on_signal);
  signal (SIGABRT, on_signal);
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_set_death_callback (keep_input);
#endif

  if (argc == 2)
    {
      g_autoptr (GMappedFile) file = g_mapped_file_new (argv[1], FALSE, NULL);
      g_autoptr (GBytes)      bytes = file ? g_mapped_file_get_bytes (file) : NULL;

      if (! bytes)
        return 2;
      take_input (bytes);
      run_input ();
      return 0;
    }
  if (argc < 3)
    return 2;

  corpus = load_corpus (argv[2]);
  g_print ("1..2\n");
  for (i = 0; i < corpus->len; i++)
    {
      take_input (g_ptr_array_index (corpus, i));
      run_input ();
    }
  g_print ("%sok 1 %u inputs of the corpus\n", corpus->len ? "" : "not ",
           corpus->len);
  if (corpus->len)
    run_mutations (corpus, runs, argc > 4 ? (guint32) atoi (argv[4]) : 1);
  g_print ("ok 2 %d mutations\n", runs);
  g_print ("# faults: fuzzed %s tried %u survived %u\n", argv[1],
           corpus->len + (guint) runs, corpus->len + (guint) runs);
  return 0;
}
