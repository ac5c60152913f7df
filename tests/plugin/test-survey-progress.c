/* The time left, as the progress bar of a survey tells it
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "survey-progress.h"

typedef struct
{
  guint        i, n, parts;
  gdouble      seconds; /* for a photograph */
  const gchar *text;
} Case;

static void
check (const Case *cases, gsize n)
{
  for (gsize k = 0; k < n; k++)
    {
      g_autofree gchar *text =
        survey_progress_text ("face.jpg", cases[k].i, cases[k].n,
                              cases[k].parts, cases[k].seconds);

      g_assert_cmpstr (text, ==, cases[k].text);
    }
}

static void
test_words (void)
{
  const Case cases[] = {
    { 0, 500, 1, 0.0, "1 of 500: face.jpg" },
    { 499, 500, 1, 0.4, "500 of 500: face.jpg (0 s left)" },
    { 490, 500, 1, 8.9, "491 of 500: face.jpg (89 s left)" },
    { 490, 500, 1, 9.0, "491 of 500: face.jpg (2 min left)" },
    { 490, 500, 1, 356.9, "491 of 500: face.jpg (59 min left)" },
    { 490, 500, 1, 357.0, "491 of 500: face.jpg (1 h 00 min left)" },
    { 1, 500, 1, 60.0, "2 of 500: face.jpg (8 h 19 min left)" },
    { 1, 100000, 1, 60.0, "2 of 100000: face.jpg (1666 h 39 min left)" },
  };

  check (cases, G_N_ELEMENTS (cases));
}

/* Of the parts, only one's own is waited for. */
static void
test_parts (void)
{
  const Case cases[] = {
    { 0, 10, 3, 10.0, "1 of 10: face.jpg (40 s left)" },
    { 1, 10, 3, 10.0, "2 of 10: face.jpg (30 s left)" },
    { 7, 10, 3, 10.0, "8 of 10: face.jpg (10 s left)" },
    { 9, 10, 3, 10.0, "10 of 10: face.jpg (10 s left)" },
  };

  check (cases, G_N_ELEMENTS (cases));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/survey progress/words", test_words);
  g_test_add_func ("/survey progress/parts", test_parts);

  return g_test_run ();
}
