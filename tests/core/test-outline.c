/* Pockmark: tests of the outlines
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "pockmark-core.h"

#define SIDE 24

/* A map of SIDE x SIDE with one lesion where mask says so. */
static void
map_from_mask (const gchar *mask,
               gfloat       number,
               gfloat      *map)
{
  gint i;

  for (i = 0; i < SIDE * SIDE; i++)
    {
      const gboolean inside = mask[i] == '#';

      map[4 * i] = inside ? number : 0.0f;
      map[4 * i + 1] = inside ? 1.0f : 0.0f;
      map[4 * i + 2] = inside ? 0.5f : 0.0f;
      map[4 * i + 3] = 1.0f;
    }
}

static GPtrArray *
trace (const gfloat *map,
       guint         number)
{
  PockmarkPixels       pixels = { SIDE, SIDE, map };
  const PockmarkSource source = pockmark_source_from_pixels (&pixels);
  const PockmarkRect   box = { 0, 0, SIDE, SIDE };
  GError              *error = NULL;
  GPtrArray           *rings = pockmark_trace (&source, number, &box, &error);

  g_assert_no_error (error);
  g_assert_nonnull (rings);
  return rings;
}

static void
fill (gchar *mask,
      gint   x,
      gint   y,
      gint   width,
      gint   height,
      gchar  c)
{
  gint i;

  for (i = y; i < y + height; i++)
    memset (mask + i * SIDE + x, c, (gsize) width);
}

static gboolean
inside (const gchar *mask,
        gint         x,
        gint         y)
{
  return x >= 0 && y >= 0 && x < SIDE && y < SIDE && mask[y * SIDE + x] == '#';
}

/* Marks all pixels of value c that hang together with this one. */
static void
flood (gchar   *mask,
       gint     x,
       gint     y,
       gchar    c,
       gboolean diagonal)
{
  gint dx, dy;

  if (x < 0 || y < 0 || x >= SIDE || y >= SIDE || mask[y * SIDE + x] != c)
    return;
  mask[y * SIDE + x] = '*';
  for (dy = -1; dy <= 1; dy++)
    for (dx = -1; dx <= 1; dx++)
      if (diagonal || dx == 0 || dy == 0)
        flood (mask, x + dx, y + dy, c, diagonal);
}

static guint
count_parts (const gchar *mask,
             gchar        c,
             gboolean     diagonal)
{
  g_autofree gchar *copy = g_memdup2 (mask, SIDE * SIDE);
  guint             n = 0;
  gint              i;

  for (i = 0; i < SIDE * SIDE; i++)
    if (copy[i] == c)
      {
        flood (copy, i % SIDE, i / SIDE, c, diagonal);
        n++;
      }
  return n;
}

/* Each unit of the ring has the lesion on its right and none on its left; the
 * ring turns at each of its points.  Returns twice its signed area, and adds
 * its length to *length. */
static gint
check_ring (const PockmarkRing *ring,
            const gchar        *mask,
            gint               *length)
{
  const guint n = ring->points->len;
  gint        area = 0;
  guint       i;

  g_assert_cmpuint (n, >=, 4);
  for (i = 0; i < n; i++)
    {
      PockmarkPoint a = g_array_index (ring->points, PockmarkPoint, i);
      PockmarkPoint b
          = g_array_index (ring->points, PockmarkPoint, (i + 1) % n);
      PockmarkPoint c
          = g_array_index (ring->points, PockmarkPoint, (i + 2) % n);
      const gint    dx = (b.x > a.x) - (b.x < a.x);
      const gint    dy = (b.y > a.y) - (b.y < a.y);

      g_assert_true ((dx == 0) != (dy == 0));
      g_assert_true ((b.x == a.x) != (c.x == b.x));
      area += a.x * b.y - b.x * a.y;
      for (; a.x != b.x || a.y != b.y; a.x += dx, a.y += dy, (*length)++)
        {
          /* The two pixels beside the unit from a. */
          const gint rx = a.x + (dx < 0 || dy > 0 ? -1 : 0);
          const gint ry = a.y + (dy < 0 || dx < 0 ? -1 : 0);

          g_assert_true (inside (mask, rx, ry));
          g_assert_false (inside (mask, rx + dy, ry - dx));
        }
    }
  return area;
}

static void
check_all (const gchar *mask)
{
  gfloat               map[SIDE * SIDE * 4];
  g_autoptr (GPtrArray) rings = NULL;
  gint                 area = 0, length = 0, pixels = 0, sides = 0;
  guint                outer = 0;
  gint                 x, y;
  guint                i;

  map_from_mask (mask, 7.0f, map);
  rings = trace (map, 7);
  for (i = 0; i < rings->len; i++)
    {
      const PockmarkRing *ring = g_ptr_array_index (rings, i);
      const gint          its = check_ring (ring, mask, &length);

      g_assert_cmpint (ring->number, ==, 7);
      /* Positive is clockwise where y runs down. */
      g_assert_true (ring->hole == (its < 0));
      /* Outer ones first. */
      g_assert_true (ring->hole || outer == i);
      outer += ! ring->hole;
      area += its;
    }

  for (y = 0; y < SIDE; y++)
    for (x = 0; x < SIDE; x++)
      if (inside (mask, x, y))
        {
          pixels++;
          sides += ! inside (mask, x - 1, y) + ! inside (mask, x + 1, y)
                   + ! inside (mask, x, y - 1) + ! inside (mask, x, y + 1);
        }
  g_assert_cmpint (area, ==, 2 * pixels);
  g_assert_cmpint (length, ==, sides);
  g_assert_cmpuint (outer, ==, count_parts (mask, '#', FALSE));
}

static void
test_rectangle (void)
{
  gchar                 mask[SIDE * SIDE];
  gfloat                map[SIDE * SIDE * 4];
  g_autoptr (GPtrArray) rings = NULL;
  const PockmarkRing   *ring;
  static const PockmarkPoint corners[4]
      = { { 3, 5 }, { 10, 5 }, { 10, 9 }, { 3, 9 } };

  memset (mask, '.', sizeof mask);
  fill (mask, 3, 5, 7, 4, '#');
  check_all (mask);

  map_from_mask (mask, 1.0f, map);
  rings = trace (map, 1);
  g_assert_cmpuint (rings->len, ==, 1);
  ring = g_ptr_array_index (rings, 0);
  g_assert_false (ring->hole);
  g_assert_cmpmem (ring->points->data,
                   ring->points->len * sizeof (PockmarkPoint), corners,
                   sizeof corners);
}

static void
test_hole (void)
{
  gchar                 mask[SIDE * SIDE];
  gfloat                map[SIDE * SIDE * 4];
  g_autoptr (GPtrArray) rings = NULL;
  const PockmarkRing   *ring;
  static const PockmarkPoint corners[4]
      = { { 6, 7 }, { 6, 9 }, { 8, 9 }, { 8, 7 } };

  memset (mask, '.', sizeof mask);
  fill (mask, 2, 2, 12, 12, '#');
  fill (mask, 6, 7, 2, 2, '.');
  /* An island in a second hole. */
  fill (mask, 9, 4, 4, 4, '.');
  fill (mask, 10, 5, 2, 2, '#');
  check_all (mask);

  map_from_mask (mask, 1.0f, map);
  rings = trace (map, 1);
  g_assert_cmpuint (rings->len, ==, 4);
  ring = g_ptr_array_index (rings, 3);
  g_assert_true (ring->hole);
  g_assert_cmpmem (ring->points->data,
                   ring->points->len * sizeof (PockmarkPoint), corners,
                   sizeof corners);
}

/* Two pixels that touch by their tips are two rings; two holes that do are
 * one, since what is not the lesion hangs together by its tips. */
static void
test_diagonal (void)
{
  gchar                 mask[SIDE * SIDE];
  gfloat                map[SIDE * SIDE * 4];
  g_autoptr (GPtrArray) rings = NULL;

  memset (mask, '.', sizeof mask);
  fill (mask, 4, 4, 1, 1, '#');
  fill (mask, 5, 5, 1, 1, '#');
  fill (mask, 4, 6, 1, 1, '#');
  check_all (mask);

  memset (mask, '#', sizeof mask);
  fill (mask, 4, 4, 1, 1, '.');
  fill (mask, 5, 5, 1, 1, '.');
  check_all (mask);
  map_from_mask (mask, 1.0f, map);
  rings = trace (map, 1);
  g_assert_cmpuint (rings->len, ==, 2);
}

static void
test_random (void)
{
  gint trial, i;

  for (trial = 0; trial < 300; trial++)
    {
      const gdouble share = (trial % 9 + 1) / 10.0;
      gchar         mask[SIDE * SIDE];

      for (i = 0; i < SIDE * SIDE; i++)
        mask[i] = g_test_rand_double () < share ? '#' : '.';
      check_all (mask);
    }
}

/* Neither other lesions nor values that are none disturb. */
static void
test_hostile (void)
{
  static const gfloat bad[][2] = { { NAN, 1 },  { INFINITY, 1 }, { -1, 1 },
                                   { 1.5f, 1 }, { 1, 7 },        { 1, NAN },
                                   { 1, 0 },    { 1e30f, 1 },    { 1, 1.5f } };
  gchar  mask[SIDE * SIDE];
  gfloat map[SIDE * SIDE * 4];
  guint  i;

  memset (mask, '.', sizeof mask);
  fill (mask, 3, 3, 5, 5, '#');
  map_from_mask (mask, 1.0f, map);
  for (i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GPtrArray) rings = NULL;

      map[(20 * SIDE + 2 * i) * 4] = bad[i][0];
      map[(20 * SIDE + 2 * i) * 4 + 1] = bad[i][1];
      rings = trace (map, 1);
      g_assert_cmpuint (rings->len, ==, 1);
    }
  {
    g_autoptr (GPtrArray) rings = trace (map, 2);

    g_assert_cmpuint (rings->len, ==, 0);
  }
}

static gboolean
fail_to_read (const PockmarkRect *rect G_GNUC_UNUSED,
              gfloat             *pixels G_GNUC_UNUSED,
              gpointer            user_data G_GNUC_UNUSED,
              GError            **error)
{
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_IO, "gone");
  return FALSE;
}

static void
test_errors (void)
{
  const PockmarkSource source = { .width = SIDE, .height = SIDE, .read = fail_to_read };
  const PockmarkRect   whole = { 0, 0, SIDE, SIDE };
  static const PockmarkRect bad[] = { { -1, 0, 4, 4 }, { 0, 0, 0, 4 },
                                      { 0, 0, SIDE + 1, 4 }, { 0, 23, 4, 2 },
                                      { G_MAXINT, 0, 4, 4 } };
  GError              *error = NULL;
  guint                i;

  g_assert_null (pockmark_trace (&source, 1, &whole, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (pockmark_trace (&source, 0, &whole, &error));
  g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER);
  g_clear_error (&error);
  for (i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (pockmark_trace (&source, 1, &bad[i], &error));
      g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER);
      g_clear_error (&error);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outline/rectangle", test_rectangle);
  g_test_add_func ("/outline/hole", test_hole);
  g_test_add_func ("/outline/diagonal", test_diagonal);
  g_test_add_func ("/outline/random", test_random);
  g_test_add_func ("/outline/hostile", test_hostile);
  g_test_add_func ("/outline/errors", test_errors);
  return g_test_run ();
}
