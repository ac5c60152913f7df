/* pockmark-bench: how fast the operations are beside GEGL's own and others'
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   pockmark-bench --picture FILE [--peers detectors.py] [--output bench.csv]
 *                  [--rounds N] [--threads N] [--quick] [--jpeg FILE]
 *
 * renders FILE where it is not there yet, and prints the table.  Called with
 * --case it measures that case and prints its seconds and peak bytes.
 */

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define BLUR    "gegl:gaussian-blur"
#define LESIONS "pockmark:lesions"
#define REDNESS "pockmark:redness"
#define OVERLAY "pockmark:detect"
#define BLOBS   "OpenCV SimpleBlobDetector"
#define ALONE   "OpenCV SimpleBlobDetector alone"
#define DOG     "scikit-image blob_dog"

/* Bytes that GEGL may hold before it swaps tiles to the disk: the 96
 * megapixels' blur needs them. */
#define TILE_CACHE ((guint64) 3 << 30)

/* What the project asks of itself. */
#define MOST_LESIONS 0.5
#define MOST_REDNESS 0.25
#define LEAST_BLOBS  10.0
#define LEAST_DOG    40.0
#define MOST_GROWTH  1.2
#define MOST_BYTES   16.0
#define MOST_WAITING 0.3

typedef struct
{
  const gchar *name;
  const gchar *remark; /* behind the name in the table; NULL: none           */
  BenchPicture picture;
  gdouble      megapixels; /* of a peer; 0: the picture's own                */
  gboolean     quick;      /* with --quick as well                           */
  BenchResult  result;
} Case;

typedef struct
{
  gchar   *picture;
  gchar   *peers;
  gchar   *output;
  gchar   *jpeg;
  gchar   *measure;
  gint     which;
  gint     rounds;
  gint     threads;
  gboolean quick;
} Options;

/* The blur comes first in each size: the others are compared to it. */
static const Case cases[] = {
  { BLUR, "sigma 10", BENCH_AS_RENDERED, 0, TRUE, { 0, 0 } },
  { LESIONS, NULL, BENCH_AS_RENDERED, 0, TRUE, { 0, 0 } },
  { REDNESS, NULL, BENCH_AS_RENDERED, 0, TRUE, { 0, 0 } },
  { OVERLAY, "until its first piece", BENCH_AS_RENDERED, 0, TRUE, { 0, 0 } },
  { "gegl:difference-of-gaussians", NULL, BENCH_AS_RENDERED, 0, FALSE, { 0, 0 } },
  { "memory copy", NULL, BENCH_AS_RENDERED, 0, TRUE, { 0, 0 } },
  { BLOBS, "four classes", BENCH_AS_RENDERED, 6.0, FALSE, { 0, 0 } },
  { ALONE, NULL, BENCH_AS_RENDERED, 24.0, FALSE, { 0, 0 } },
  { DOG, NULL, BENCH_AS_RENDERED, 1.5, FALSE, { 0, 0 } },
  { BLUR, "sigma 10", BENCH_QUARTER, 0, FALSE, { 0, 0 } },
  { LESIONS, NULL, BENCH_QUARTER, 0, FALSE, { 0, 0 } },
  { REDNESS, NULL, BENCH_QUARTER, 0, FALSE, { 0, 0 } },
  { BLUR, "sigma 10", BENCH_FOURFOLD, 0, FALSE, { 0, 0 } },
  { LESIONS, NULL, BENCH_FOURFOLD, 0, FALSE, { 0, 0 } },
  { REDNESS, NULL, BENCH_FOURFOLD, 0, FALSE, { 0, 0 } },
  { LESIONS, "same skin, 10 px/mm", BENCH_COARSE, 0, FALSE, { 0, 0 } },
  { LESIONS, "same skin, 40 px/mm", BENCH_FINE, 0, FALSE, { 0, 0 } },
  { LESIONS, "four times the skin, 10 px/mm", BENCH_WIDE, 0, FALSE, { 0, 0 } },
};

static gboolean
is_peer (const Case *c)
{
  return c->megapixels > 0.0;
}

static gdouble
megapixels (const Case *c)
{
  return is_peer (c) ? c->megapixels : bench_megapixels (c->picture);
}

static gboolean
is_measured (const Case *c)
{
  return c->result.seconds < G_MAXDOUBLE;
}

static gdouble
seconds_per_megapixel (const Case *c)
{
  return c->result.seconds / megapixels (c);
}

static const Case *
find_case (const Case  *measured,
           const gchar *name,
           gdouble      size,
           const gchar *remark)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    if (g_str_equal (measured[i].name, name)
        && (! remark || g_strcmp0 (measured[i].remark, remark) == 0)
        && (size == 0.0 || fabs (megapixels (&measured[i]) - size) < 0.1))
      return is_measured (&measured[i]) ? &measured[i] : NULL;
  return NULL;
}

/* Time per megapixel over the blur's: of the same size, where it was blurred. */
static gdouble
ratio_to_blur (const Case *measured,
               const Case *c)
{
  const Case *blur = find_case (measured, BLUR, megapixels (c), NULL);

  if (! blur)
    blur = find_case (measured, BLUR, 0.0, NULL);
  return blur ? seconds_per_megapixel (c) / seconds_per_megapixel (blur) : NAN;
}

/* ---- Measuring ---------------------------------------------------------- */

static void
take_result (Case        *c,
             const gchar *line)
{
  gchar        *end;
  const gdouble seconds = g_ascii_strtod (line, &end);
  const gdouble peak = g_ascii_strtod (end, NULL);

  if (end == line || seconds <= 0.0)
    return;
  c->result.seconds = MIN (c->result.seconds, seconds);
  c->result.peak = MAX (c->result.peak, peak);
}

static void
measure_once (Case          *c,
              const gchar   *self,
              const Options *options)
{
  g_autofree gchar  *which = g_strdup_printf ("%d", c->picture);
  g_autofree gchar  *threads = g_strdup_printf ("%d", options->threads);
  g_autofree gchar  *output = NULL;
  g_autoptr (GError) error = NULL;
  const gchar *own[] = { self, "--picture", options->picture, "--case", c->name,
                         "--which", which, "--threads", threads, NULL };
  gchar        size[G_ASCII_DTOSTR_BUF_SIZE];
  const gchar *peer[] = { "python3", options->peers, c->name, options->picture,
                          size, threads, NULL };

  g_ascii_formatd (size, sizeof size, "%.1f", c->megapixels);
  if (is_peer (c) && ! options->peers)
    return;
  if (! g_spawn_sync (NULL, (gchar **) (is_peer (c) ? peer : own), NULL,
                      G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, NULL,
                      &error))
    g_printerr ("%s: %s\n", c->name, error->message);
  else
    take_result (c, output);
}

/* Round after round, so that a busy moment of the machine does not hit one
 * case alone. */
static void
measure_all (Case          *measured,
             const gchar   *self,
             const Options *options)
{
  gint  round;
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    measured[i].result = (BenchResult) { G_MAXDOUBLE, -1.0 };
  for (round = 0; round < options->rounds; round++)
    for (i = 0; i < G_N_ELEMENTS (cases); i++)
      {
        const gboolean once = is_peer (&measured[i]) || megapixels (&measured[i]) > 50.0;

        if ((options->quick && ! measured[i].quick)
            || (once && round > 0 && is_measured (&measured[i])))
          continue;
        g_printerr ("\r%d of %d: %-60s", round + 1, options->rounds,
                    measured[i].name);
        measure_once (&measured[i], self, options);
      }
  g_printerr ("\r%-72s\r", "");
}

static gint
run_case (const Options *options)
{
  BenchResult              result;
  g_autoptr (GError)       error = NULL;
  g_autoptr (GeglBuffer)   photograph
      = bench_picture_load (options->picture, options->which, &error);
  gchar                    text[2][G_ASCII_DTOSTR_BUF_SIZE];

  if (! photograph)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  /* The first run finds out babl's fastest conversions. */
  if (! bench_case_run (options->measure, photograph,
                        bench_picture_scale (options->which), 2, &result))
    {
      g_printerr ("There is no operation %s.\n", options->measure);
      return 1;
    }
  printf ("%s %s\n", g_ascii_dtostr (text[0], sizeof text[0], result.seconds),
          g_ascii_dtostr (text[1], sizeof text[1], result.peak));
  return 0;
}

/* ---- Telling ------------------------------------------------------------ */

static gchar *
peak_text (const Case *c)
{
  return c->result.peak < 0.0 ? g_strdup ("")
                              : g_strdup_printf ("%.0f", c->result.peak / (1 << 20));
}

static void
print_table (const Case *measured)
{
  gsize i;

  printf ("%-44s %6s %9s %9s %8s %9s\n", "What", "MP", "Seconds", "MP per s",
          "Ratio", "Peak MiB");
  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case       *c = &measured[i];
      g_autofree gchar *peak = peak_text (c);
      g_autofree gchar *name
          = c->remark ? g_strdup_printf ("%s (%s)", c->name, c->remark)
                      : g_strdup (c->name);

      if (is_measured (c))
        printf ("%-44s %6.1f %9.3f %9.1f %8.3f %9s\n", name, megapixels (c),
                c->result.seconds, 1.0 / seconds_per_megapixel (c),
                ratio_to_blur (measured, c), peak);
    }
}

static gboolean
write_csv (const Case  *measured,
           const gchar *path,
           GError     **error)
{
  g_autoptr (GString) csv = g_string_new (
      "What,Megapixels,Seconds,MP per s,Ratio to gaussian-blur,Peak MiB\r\n");
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    if (is_measured (&measured[i]))
      {
        const Case       *c = &measured[i];
        g_autofree gchar *peak = peak_text (c);

        if (c->remark)
          g_string_append_printf (csv, "\"%s (%s)\"", c->name, c->remark);
        else
          g_string_append (csv, c->name);
        g_string_append_printf (csv, ",%.1f,%.4f,%.2f,%.4f,%s\r\n",
                                megapixels (c), c->result.seconds,
                                1.0 / seconds_per_megapixel (c),
                                ratio_to_blur (measured, c), peak);
      }
  return g_file_set_contents (path, csv->str, (gssize) csv->len, error);
}

static void
tell (const gchar *what,
      gdouble      value,
      const gchar *bar,
      gdouble      limit)
{
  if (! isnan (value))
    printf ("%-58s %7.2f   (%s %g)\n", what, value, bar, limit);
}

static gdouble
quotient (const Case *a,
          const Case *b)
{
  return a && b ? seconds_per_megapixel (a) / seconds_per_megapixel (b) : NAN;
}

static gdouble
bytes_per_pixel (const Case *c)
{
  return c && c->result.peak >= 0.0 ? c->result.peak / (1e6 * megapixels (c))
                                    : NAN;
}

static void
print_ratios (const Case *measured)
{
  const gdouble whole = bench_megapixels (BENCH_AS_RENDERED);
  const Case   *lesions = find_case (measured, LESIONS, whole, NULL);
  const Case   *redness = find_case (measured, REDNESS, whole, NULL);
  const Case   *overlay = find_case (measured, OVERLAY, 0.0, NULL);
  const Case   *coarse = find_case (measured, LESIONS, 0.0, "same skin, 10 px/mm");
  const Case   *fine = find_case (measured, LESIONS, 0.0, "same skin, 40 px/mm");
  const Case   *wide = find_case (measured, LESIONS, 0.0,
                                  "four times the skin, 10 px/mm");
  printf ("\nTime per megapixel:\n");
  tell ("detection / gaussian-blur", lesions ? ratio_to_blur (measured, lesions) : NAN,
        "at most", MOST_LESIONS);
  tell ("detection where nothing is reduced / gaussian-blur",
        wide ? ratio_to_blur (measured, wide) : NAN, "at most", MOST_LESIONS);
  tell ("redness map / gaussian-blur", redness ? ratio_to_blur (measured, redness) : NAN,
        "at most", MOST_REDNESS);
  tell ("SimpleBlobDetector / detection",
        quotient (find_case (measured, BLOBS, 0.0, NULL), lesions), "at least",
        LEAST_BLOBS);
  tell ("SimpleBlobDetector alone / detection",
        quotient (find_case (measured, ALONE, 0.0, NULL), lesions), "at least",
        LEAST_BLOBS);
  tell ("blob_dog / detection", quotient (find_case (measured, DOG, 0.0, NULL), lesions),
        "at least", LEAST_DOG);
  tell ("detection of four times / a quarter of the skin",
        quotient (find_case (measured, LESIONS, bench_megapixels (BENCH_FOURFOLD), NULL),
                  find_case (measured, LESIONS, bench_megapixels (BENCH_QUARTER), NULL)),
        "at most", MOST_GROWTH);
  if (overlay)
    {
      printf ("\nSeconds:\n");
      tell ("until the live overlay shows its first piece",
            overlay->result.seconds, "at most", MOST_WAITING);
    }
  if (coarse && lesions && fine)
    printf ("\nSeconds for the same skin at 10, 20 and 40 pixels per mm: "
            "%.2f, %.2f, %.2f\n",
            coarse->result.seconds, lesions->result.seconds,
            fine->result.seconds);
  printf ("\nMemory beyond the buffers:\n");
  tell ("detection, bytes per pixel", bytes_per_pixel (lesions), "at most",
        MOST_BYTES);
  tell ("detection where nothing is reduced, bytes per pixel",
        bytes_per_pixel (wide), "at most", MOST_BYTES);
}

/* ---- The program -------------------------------------------------------- */

static gboolean
parse (Options *options,
       gint    *argc,
       gchar ***argv,
       GError **error)
{
  const GOptionEntry entries[] = {
    { "picture", 0, 0, G_OPTION_ARG_FILENAME, &options->picture,
      "The photograph's bytes; rendered where they are not there", "FILE" },
    { "peers", 0, 0, G_OPTION_ARG_FILENAME, &options->peers,
      "The script that measures OpenCV and scikit-image", "FILE" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
      "Write the table there as well", "CSV" },
    { "jpeg", 0, 0, G_OPTION_ARG_FILENAME, &options->jpeg,
      "Only write the photograph there as a JPEG", "FILE" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &options->rounds,
      "Measure so often; the shortest time counts (3)", "N" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &options->threads,
      "For all that can use several (2)", "N" },
    { "quick", 0, 0, G_OPTION_ARG_NONE, &options->quick,
      "Only one size, and no peers", NULL },
    { "case", 0, 0, G_OPTION_ARG_STRING, &options->measure,
      "Measure only this", "NAME" },
    { "which", 0, 0, G_OPTION_ARG_INT, &options->which,
      "On this photograph, see bench.h", "N" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "Measures speed and memory.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (! g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (! options->picture || *argc > 1 || options->rounds < 1
      || options->threads < 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "Name the photograph's file with --picture; rounds and "
                   "threads are 1 or more.");
      return FALSE;
    }
  return TRUE;
}

static gint
run_table (const gchar   *self,
           const Options *options)
{
  g_autofree Case   *measured = g_memdup2 (cases, sizeof cases);
  g_autoptr (GError) error = NULL;

  if (! g_file_test (options->picture, G_FILE_TEST_EXISTS)
      && ! bench_picture_render (options->picture, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  if (options->jpeg)
    {
      if (bench_picture_export (options->picture, options->jpeg, &error))
        return 0;
      g_printerr ("%s\n", error->message);
      return 1;
    }
  measure_all (measured, self, options);
  printf ("%d x %d pixels of rendered skin, 8 bits, %d px/mm; %d threads\n\n",
          BENCH_WIDTH, BENCH_HEIGHT, BENCH_PIXELS_PER_MM, options->threads);
  print_table (measured);
  print_ratios (measured);
  if (options->output && ! write_csv (measured, options->output, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  return find_case (measured, LESIONS, 0.0, NULL) && find_case (measured, BLUR, 0.0, NULL) ? 0 : 1;
}

gint
main (gint    argc,
      gchar **argv)
{
  Options            options = { .rounds = 3, .threads = 2 };
  g_autoptr (GError) error = NULL;
  gint               status;

  setlocale (LC_ALL, "C");
  if (! parse (&options, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  gegl_init (NULL, NULL);
  g_object_set (gegl_config (), "threads", options.threads, "tile-cache-size",
                TILE_CACHE, NULL);
  status = options.measure ? run_case (&options) : run_table (argv[0], &options);
  gegl_exit ();
  return status;
}
