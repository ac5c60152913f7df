/* Pockmark: tests of marks and of following a user's changes
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pictures are drawn with letters: before and after with the lesions' numbers,
 * masks with the classes' first letters, '?' where no mask tells.
 */

#include <math.h>
#include <string.h>

#include "pockmark-core.h"

#define CLASSES ".cirb"

typedef struct
{
  const gchar *name;
  const gchar *classes; /* of lesion 1, 2 ... before */
  const gchar *before;  /* rows, each ended by '/'    */
  const gchar *masks;
  const gchar *after;
  const gchar *kinds;   /* of lesion 1, 2 ... after: class, in capitals where
                         * edited; '-': gone            */
} Case;

static const Case cases[] = {
  { "unchanged", "cc", "111.22/", "ccc.cc/", "111.22/", "cc" },
  { "touching lesions stay apart", "ccr", "111222/113322/", "cccccc/ccrrcc/",
    "111222/113322/", "ccr" },
  { "a lesion in two parts stays one", "ci", "11211/", "ccicc/", "11211/",
    "ci" },
  { "removed", "cc", "111.22/", "....cc/", "....22/", "-c" },
  { "nothing left", "c", "11/", "../", "../", "-" },
  { "new, in reading order", "c", "11...../......./",
    "cc....r/..b.c../", "11....2/..3.4../", "cRBC" },
  { "added to one of two that touch", "cc", "1122/..../", "cccc/..c./",
    "1122/..2./", "cC" },
  { "the longer border decides", "cc", "11222/...../", "ccccc/ccc../",
    "11222/111../", "Cc" },
  { "bridged", "cc", "111.22/", "cccccc/", "111111/", "C-" },
  { "bridged to one of two that touch", "ccc", "1122..333/",
    "ccccccccc/", "113333333/", "c-C" },
  { "diagonal neighbours are one", "", "..../", "c.../", "1.../", "C" },
  { "diagonal", "", ".../.../.../", "c../.c./..c/", "1../.1./..1/", "C" },
  { "cut in two", "c", "11111/", "cc.cc/", "11.22/", "CC" },
  { "the largest part keeps the number", "c", "111111/", "c.cccc/",
    "2.1111/", "CC" },
  { "made smaller", "cc", "111.2/111.2/", "ccc.c/....c/", "111.2/....2/",
    "Cc" },
  { "moved to another class", "cc", "111.22/111.22/", "rrr.cc/rrr.cc/",
    "111.22/111.22/", "Rc" },
  { "half moved is cut off", "cc", "1111.2/", "ccrr.c/", "1133.2/", "CcR" },
  { "drawn anew beside its place", "c", "111.../", "..c.../", "..1.../",
    "C" },
  { "elsewhere is another", "c", "11..../", "....cc/", "....22/", "-C" },
  { "no mask tells", "cc", "11.22/", "??.cc/", "11.22/", "cc" },
  { "gone where masks tell is gone", "cc", "11122/", "??.cc/", "...22/",
    "-c" },
  { "cut where masks tell", "c", "1111/", "??c./", "111./", "C" },
};

/* ---- Pictures ------------------------------------------------------------- */

static gint
width_of (const gchar *picture)
{
  return (gint) (strchr (picture, '/') - picture);
}

static gint
height_of (const gchar *picture)
{
  return (gint) (strlen (picture) / (gsize) (width_of (picture) + 1));
}

static gchar
letter_at (const gchar *picture,
           gint         i)
{
  const gint width = width_of (picture);

  return picture[i / width * (width + 1) + i % width];
}

static PockmarkClass
class_of (gchar letter)
{
  return (PockmarkClass) (strchr (CLASSES, g_ascii_tolower (letter)) - CLASSES);
}

static gfloat
confidence_of (gint number)
{
  return 0.5f + 0.1f / (gfloat) number;
}

static gfloat *
draw_map (const gchar *picture,
          const gchar *classes)
{
  const gint n = width_of (picture) * height_of (picture);
  gfloat    *map = g_new0 (gfloat, 4 * n);
  gint       i;

  for (i = 0; i < n; i++)
    {
      const gchar letter = letter_at (picture, i);

      map[4 * i + 3] = 1.0f;
      if (! g_ascii_isdigit (letter))
        continue;
      map[4 * i] = (gfloat) (letter - '0');
      map[4 * i + 1] = (gfloat) class_of (classes[letter - '1']);
      map[4 * i + 2] = confidence_of (letter - '0');
    }
  return map;
}

static gfloat *
draw_masks (const gchar *picture)
{
  const gint n = width_of (picture) * height_of (picture);
  gfloat    *masks = g_new0 (gfloat, 4 * n);
  gint       i, c;

  for (i = 0; i < n; i++)
    {
      const gchar letter = letter_at (picture, i);

      if (letter == '?')
        for (c = 0; c < 4; c++)
          masks[4 * i + c] = NAN;
      else if (letter != '.')
        masks[4 * i + (gint) class_of (letter) - 1] = 1.0f;
    }
  return masks;
}

static PockmarkMarks *
note (const gfloat *map,
      gint          width,
      gint          height)
{
  PockmarkPixels       pixels = { width, height, map };
  const PockmarkSource source = pockmark_source_from_pixels (&pixels);
  GError              *error = NULL;
  PockmarkMarks       *marks = pockmark_marks_from_map (&source, &error);

  g_assert_no_error (error);
  return marks;
}

static PockmarkMarks *
follow (const PockmarkMarks *before,
        const gfloat        *masks,
        gint                 width,
        gint                 height)
{
  PockmarkPixels       pixels = { width, height, masks };
  const PockmarkSource source = pockmark_source_from_pixels (&pixels);
  GError              *error = NULL;
  PockmarkMarks       *after;

  after = pockmark_marks_follow (before, &source, NULL, &error);
  g_assert_no_error (error);
  return after;
}

static gfloat *
render (const PockmarkMarks *marks,
        gint                 width,
        gint                 height)
{
  const PockmarkRect whole = { 0, 0, width, height };
  gfloat            *map = g_new (gfloat, 4 * (gsize) width * height);

  pockmark_marks_render (marks, &whole, map, 4 * (gsize) width);
  return map;
}

/* ---- Tests ---------------------------------------------------------------- */

static void
check_marks (const Case          *test,
             const PockmarkMarks *after)
{
  guint i, found = 0;

  for (i = 0; i < after->marks->len; i++)
    {
      const PockmarkMark *mark
          = &g_array_index (after->marks, PockmarkMark, i);
      const gchar    kind = test->kinds[mark->number - 1];
      const gboolean known = mark->number <= strlen (test->classes)
                             && class_of (test->classes[mark->number - 1])
                                    == mark->klass;

      g_assert_cmpint (mark->klass, ==, class_of (kind));
      g_assert_cmpint (mark->edited, ==, g_ascii_isupper (kind) != 0);
      g_assert_cmpfloat (mark->confidence, ==,
                         known ? confidence_of ((gint) mark->number) : 1.0f);
    }
  for (i = 0; test->kinds[i]; i++)
    found += test->kinds[i] != '-';
  g_assert_cmpuint (after->marks->len, ==, found);
  g_assert_cmpuint (after->next, ==, strlen (test->kinds) + 1);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  const gint  width = width_of (test->before);
  const gint  height = height_of (test->before);
  g_autofree gfloat *map = draw_map (test->before, test->classes);
  g_autofree gfloat *masks = draw_masks (test->masks);
  g_autofree gfloat *again = NULL;
  g_autofree gfloat *result = NULL;
  g_autoptr (PockmarkMarks) before = note (map, width, height);
  g_autoptr (PockmarkMarks) after = NULL;
  g_autoptr (GString) drawn = g_string_new (NULL);
  gint i;

  again = render (before, width, height);
  g_assert_cmpmem (map, 16 * (gsize) (width * height), again,
                   16 * (gsize) (width * height));

  after = follow (before, masks, width, height);
  result = render (after, width, height);
  for (i = 0; i < width * height; i++)
    {
      const gint number = (gint) result[4 * i];

      g_string_append_c (drawn, number ? (gchar) ('0' + number) : '.');
      if (i % width == width - 1)
        g_string_append_c (drawn, '/');
    }
  g_assert_cmpstr (drawn->str, ==, test->after);
  check_marks (test, after);
}

#define SIDE 48

/* Discs on a picture, each with its number and a class by it. */
static void
draw_discs (gfloat *map,
            GRand  *rand,
            gint    n)
{
  gint i, x, y;

  for (i = 1; i <= n; i++)
    {
      const gdouble cx = g_rand_double_range (rand, 0, SIDE);
      const gdouble cy = g_rand_double_range (rand, 0, SIDE);
      const gdouble r = g_rand_double_range (rand, 1, 8);

      for (y = 0; y < SIDE; y++)
        for (x = 0; x < SIDE; x++)
          if (hypot (x - cx, y - cy) <= r)
            {
              map[4 * (y * SIDE + x)] = (gfloat) i;
              map[4 * (y * SIDE + x) + 1] = (gfloat) (1 + i % 4);
              map[4 * (y * SIDE + x) + 2] = confidence_of (i);
            }
    }
}

static void
set_masks (gfloat       *masks,
           const gfloat *map)
{
  gint i;

  memset (masks, 0, 16 * SIDE * SIDE);
  for (i = 0; i < SIDE * SIDE; i++)
    if (map[4 * i] > 0.0f)
      masks[4 * i + (gint) map[4 * i + 1] - 1] = 1.0f;
}

static void
edit_masks (gfloat *masks,
            GRand  *rand)
{
  gint strokes = g_rand_int_range (rand, 1, 6);

  while (strokes-- > 0)
    {
      const gint    c = g_rand_int_range (rand, 0, 4);
      const gfloat  value = g_rand_boolean (rand) ? 1.0f : 0.0f;
      const gdouble cx = g_rand_double_range (rand, 0, SIDE);
      const gdouble cy = g_rand_double_range (rand, 0, SIDE);
      const gdouble r = g_rand_double_range (rand, 1, 8);
      gint          x, y;

      for (y = 0; y < SIDE; y++)
        for (x = 0; x < SIDE; x++)
          if (hypot (x - cx, y - cy) <= r)
            masks[4 * (y * SIDE + x) + c] = value;
    }
}

/* What the masks say is what comes out: every pixel has a class that covers
 * it and none where none does.  And what came out, followed again without a
 * change, stays as it is. */
static void
check_classes (const gfloat *masks,
               const gfloat *result)
{
  gint i;

  for (i = 0; i < SIDE * SIDE; i++)
    {
      const gfloat *m = masks + 4 * i;
      const gint    klass = (gint) result[4 * i + 1];

      if (m[0] + m[1] + m[2] + m[3] == 0.0f)
        g_assert_cmpint (klass, ==, POCKMARK_NONE);
      else
        g_assert_cmpfloat (m[klass - 1], ==, 1.0f);
    }
}

static void
test_random (void)
{
  GRand *rand = g_rand_new_with_seed (7);
  gint   round;

  for (round = 0; round < 300; round++)
    {
      g_autofree gfloat *map = g_new0 (gfloat, 4 * SIDE * SIDE);
      g_autofree gfloat *masks = g_new (gfloat, 4 * SIDE * SIDE);
      g_autofree gfloat *first = NULL;
      g_autofree gfloat *second = NULL;
      g_autofree gfloat *same = NULL;
      g_autoptr (PockmarkMarks) before = NULL;
      g_autoptr (PockmarkMarks) unchanged = NULL;
      g_autoptr (PockmarkMarks) after = NULL;
      g_autoptr (PockmarkMarks) again = NULL;

      draw_discs (map, rand, 12);
      before = note (map, SIDE, SIDE);
      set_masks (masks, map);
      unchanged = follow (before, masks, SIDE, SIDE);
      first = render (before, SIDE, SIDE);
      same = render (unchanged, SIDE, SIDE);
      g_assert_cmpmem (first, 16 * SIDE * SIDE, same, 16 * SIDE * SIDE);

      edit_masks (masks, rand);
      after = follow (before, masks, SIDE, SIDE);
      g_free (first);
      first = render (after, SIDE, SIDE);
      check_classes (masks, first);
      again = follow (after, masks, SIDE, SIDE);
      second = render (again, SIDE, SIDE);
      g_assert_cmpmem (first, 16 * SIDE * SIDE, second, 16 * SIDE * SIDE);
      g_assert_cmpuint (after->next, ==, again->next);
    }
  g_rand_free (rand);
}

static void
test_half (void)
{
  gfloat masks[3 * 4] = { 0.5f, 0, 0, 0, 0.502f, 0, 0, 0, 0.6f, 0, 0.7f, 0 };
  g_autoptr (PockmarkMarks) before = pockmark_marks_new ();
  g_autoptr (PockmarkMarks) after = follow (before, masks, 3, 1);
  g_autofree gfloat *result = render (after, 3, 1);

  g_assert_cmpfloat (result[1], ==, POCKMARK_NONE);
  g_assert_cmpfloat (result[5], ==, POCKMARK_CRATER);
  g_assert_cmpfloat (result[9], ==, POCKMARK_RED_MARK);
}

/* A pixel in two masks belongs to the one that it was added to. */
static void
test_overlap (void)
{
  gfloat map[2 * 4] = { 1, 1, 0.9f, 1, 1, 1, 0.9f, 1 };
  gfloat masks[2 * 4] = { 1, 0, 0, 0, 1, 0, 0.6f, 0 };
  g_autoptr (PockmarkMarks) before = note (map, 2, 1);
  g_autoptr (PockmarkMarks) after = follow (before, masks, 2, 1);
  g_autofree gfloat *result = render (after, 2, 1);

  g_assert_cmpfloat (result[1], ==, POCKMARK_CRATER);
  g_assert_cmpfloat (result[5], ==, POCKMARK_RED_MARK);
}

static void
test_boxes (void)
{
  g_autofree gfloat *map = draw_map ("..1../.11.2/..122/", "cr");
  g_autoptr (PockmarkMarks) marks = note (map, 5, 3);
  g_autoptr (GArray) boxes = pockmark_marks_boxes (marks);
  const PockmarkRect expected[2] = { { 1, 0, 2, 3 }, { 3, 1, 2, 2 } };

  g_assert_cmpmem (boxes->data, sizeof expected, expected, sizeof expected);
}

static void
test_ragged (void)
{
  const gint         side = 600;
  g_autofree gfloat *masks = g_new0 (gfloat, 4 * (gsize) side * side);
  g_autoptr (PockmarkMarks) before = pockmark_marks_new ();
  PockmarkPixels       pixels = { side, side, masks };
  const PockmarkSource source = pockmark_source_from_pixels (&pixels);
  g_autoptr (GError)   error = NULL;
  gint                 x, y;

  for (y = 0; y < side; y += 2)
    for (x = 0; x < side; x += 2)
      masks[4 * (y * side + x)] = 1.0f;
  g_assert_null (pockmark_marks_follow (before, &source, NULL, &error));
  g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER);
}

gint
main (gint    argc,
      gchar **argv)
{
  gsize i;

  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *path = g_strconcat ("/follow/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/follow/random", test_random);
  g_test_add_func ("/follow/half covered", test_half);
  g_test_add_func ("/follow/in two masks", test_overlap);
  g_test_add_func ("/follow/too ragged", test_ragged);
  g_test_add_func ("/marks/boxes", test_boxes);
  return g_test_run ();
}
