/* Pockmark: tests of the annotation
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "pockmark-core.h"

#define SIDE 150 /* more than two tiles of the painter */

/* A map of side x side, of which the painter is handed any part. */
typedef struct
{
  gint    side;
  gfloat *map;
  gfloat *photograph;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data G_GNUC_UNUSED)
{
  gint i;

  fixture->side = SIDE;
  fixture->map = g_new0 (gfloat, SIDE * SIDE * 4);
  fixture->photograph = g_new (gfloat, SIDE * SIDE * 4);
  for (i = 0; i < SIDE * SIDE * 4; i++)
    fixture->photograph[i] = i % 4 == 3 ? 1.0f : (gfloat) g_test_rand_double ();
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data G_GNUC_UNUSED)
{
  g_free (fixture->map);
  g_free (fixture->photograph);
}

static void
mark (Fixture *fixture,
      gint     x,
      gint     y,
      gint     number)
{
  gfloat *pixel = fixture->map + (y * SIDE + x) * 4;

  pixel[0] = (gfloat) number;
  pixel[1] = number ? (gfloat) (1 + number % 4) : 0.0f;
  pixel[2] = pixel[3] = 1.0f;
}

static void
mark_disc (Fixture *fixture,
           gint     cx,
           gint     cy,
           gint     radius,
           gint     number)
{
  gint x, y;

  for (y = MAX (cy - radius, 0); y <= MIN (cy + radius, SIDE - 1); y++)
    for (x = MAX (cx - radius, 0); x <= MIN (cx + radius, SIDE - 1); x++)
      if ((x - cx) * (x - cx) + (y - cy) * (y - cy) <= radius * radius)
        mark (fixture, x, y, number);
}

/* Discs that touch, overlap and leave the picture, and a hole. */
static void
mark_many (Fixture *fixture)
{
  gint i;

  for (i = 1; i < 14; i++)
    mark_disc (fixture, g_test_rand_int_range (0, SIDE),
               g_test_rand_int_range (0, SIDE), g_test_rand_int_range (0, 14),
               i);
  mark_disc (fixture, 75, 75, 12, 20);
  mark_disc (fixture, 76, 74, 5, 0);
}

/* Paints a part of the picture as a host does; photograph as told. */
static gfloat *
paint (Fixture                  *fixture,
       const PockmarkAnnotation *style,
       const PockmarkRect       *rect,
       gboolean                  over_photograph)
{
  const gint         o = style->outline;
  const gint         width = rect->width + 2 * o;
  g_autofree gfloat *map = g_new0 (gfloat, width * (rect->height + 2 * o) * 4);
  g_autofree gfloat *photograph
      = g_new (gfloat, rect->width * rect->height * 4);
  gfloat            *out = g_new (gfloat, rect->width * rect->height * 4);
  gint               x, y;

  for (y = 0; y < rect->height + 2 * o; y++)
    for (x = 0; x < width; x++)
      {
        const gint u = rect->x + x - o;
        const gint v = rect->y + y - o;

        if (u >= 0 && v >= 0 && u < SIDE && v < SIDE)
          memcpy (map + (y * width + x) * 4, fixture->map + (v * SIDE + u) * 4,
                  4 * sizeof (gfloat));
      }
  for (y = 0; y < rect->height; y++)
    memcpy (photograph + y * rect->width * 4,
            fixture->photograph + ((rect->y + y) * SIDE + rect->x) * 4,
            (gsize) rect->width * 4 * sizeof (gfloat));
  pockmark_annotate (style, rect, map, over_photograph ? photograph : NULL,
                     out);
  return out;
}

static const PockmarkRect whole = { 0, 0, SIDE, SIDE };

static void
test_defaults (Fixture      *fixture G_GNUC_UNUSED,
               gconstpointer data G_GNUC_UNUSED)
{
  PockmarkAnnotation style;
  gint               klass, c;

  pockmark_annotation_init (&style);
  g_assert_cmpfloat (style.opacity, >, 0.0);
  g_assert_cmpfloat (style.opacity, <, 1.0);
  g_assert_cmpint (style.outline, >, 0);
  for (klass = 0; klass < POCKMARK_N_CLASSES; klass++)
    for (c = 0; c < 3; c++)
      {
        /* sRGB's encoding, the other way round. */
        const gdouble v = style.colour[klass][c];
        const gdouble encoded
            = v <= 0.0031308 ? 12.92 * v : 1.055 * pow (v, 1 / 2.4) - 0.055;

        g_assert_cmpfloat_with_epsilon (
            encoded, pockmark_class_colour ((PockmarkClass) klass)[c], 1e-5);
      }
}

static void
test_empty (Fixture      *fixture,
            gconstpointer data G_GNUC_UNUSED)
{
  PockmarkAnnotation style;
  g_autofree gfloat *over = NULL;
  g_autofree gfloat *alone = NULL;
  gint               i;

  pockmark_annotation_init (&style);
  over = paint (fixture, &style, &whole, TRUE);
  g_assert_cmpmem (over, SIDE * SIDE * 16, fixture->photograph,
                   SIDE * SIDE * 16);
  alone = paint (fixture, &style, &whole, FALSE);
  for (i = 0; i < SIDE * SIDE * 4; i++)
    g_assert_cmpfloat (alone[i], ==, 0.0f);
}

/* No pixel depends on the rectangle that is asked for. */
static void
test_parts (Fixture      *fixture,
            gconstpointer data G_GNUC_UNUSED)
{
  static const gint  outlines[] = { 0, 1, 2, 3, 4, 7, 16, 64 };
  PockmarkAnnotation style;
  guint              i;
  gint               k, y;

  mark_many (fixture);
  pockmark_annotation_init (&style);
  for (i = 0; i < G_N_ELEMENTS (outlines); i++)
    {
      g_autofree gfloat *all = NULL;

      style.outline = outlines[i];
      all = paint (fixture, &style, &whole, TRUE);
      for (k = 0; k < 6; k++)
        {
          const gint         x0 = g_test_rand_int_range (0, SIDE);
          const gint         y0 = g_test_rand_int_range (0, SIDE);
          const PockmarkRect rect
              = { x0, y0, g_test_rand_int_range (1, SIDE - x0 + 1),
                  g_test_rand_int_range (1, SIDE - y0 + 1) };
          g_autofree gfloat *part = paint (fixture, &style, &rect, TRUE);

          for (y = 0; y < rect.height; y++)
            g_assert_cmpmem (part + y * rect.width * 4, rect.width * 16,
                             all + ((y0 + y) * SIDE + x0) * 4, rect.width * 16);
        }
    }
}

static void
test_in_place (Fixture      *fixture,
               gconstpointer data G_GNUC_UNUSED)
{
  PockmarkAnnotation style;
  g_autofree gfloat *out = NULL;

  mark_many (fixture);
  pockmark_annotation_init (&style);
  style.outline = 0;
  out = paint (fixture, &style, &whole, TRUE);
  pockmark_annotate (&style, &whole, fixture->map, fixture->photograph,
                     fixture->photograph);
  g_assert_cmpmem (out, SIDE * SIDE * 16, fixture->photograph,
                   SIDE * SIDE * 16);
}

static void
test_fill (Fixture      *fixture,
           gconstpointer data G_GNUC_UNUSED)
{
  PockmarkAnnotation style;
  g_autofree gfloat *over = NULL;
  g_autofree gfloat *alone = NULL;
  gint               i, c;

  mark_many (fixture);
  pockmark_annotation_init (&style);
  style.outline = 0;
  style.opacity = 0.4;
  over = paint (fixture, &style, &whole, TRUE);
  alone = paint (fixture, &style, &whole, FALSE);
  for (i = 0; i < SIDE * SIDE; i++)
    {
      const gint    klass = (gint) fixture->map[4 * i + 1];
      const gdouble a = klass ? 0.4 : 0.0;

      g_assert_cmpfloat_with_epsilon (alone[4 * i + 3], a, 1e-6);
      g_assert_cmpfloat (over[4 * i + 3], ==, 1.0f);
      for (c = 0; c < 3; c++)
        {
          const gdouble p = fixture->photograph[4 * i + c];

          g_assert_cmpfloat_with_epsilon (
              over[4 * i + c], p + a * (style.colour[klass][c] - p), 1e-6);
          if (klass)
            g_assert_cmpfloat_with_epsilon (alone[4 * i + c],
                                            style.colour[klass][c], 1e-6);
        }
    }
}

/* Farther than any outline tested here reaches. */
#define WINDOW 16
#define TOO_FAR    (WINDOW * WINDOW)

/* The squared distance to the nearest pixel of another number, by looking at
 * all of the window, and the lowest class of those as near. */
static gint
look_around (const Fixture *fixture,
             gint           x,
             gint           y,
             gint          *klass)
{
  const gfloat *here = fixture->map + (y * SIDE + x) * 4;
  gint          best = G_MAXINT;
  gint          u, v;

  for (v = MAX (y - WINDOW, 0); v < MIN (y + WINDOW, SIDE); v++)
    for (u = MAX (x - WINDOW, 0); u < MIN (x + WINDOW, SIDE); u++)
      {
        const gfloat *there = fixture->map + (v * SIDE + u) * 4;
        const gint    squared = (u - x) * (u - x) + (v - y) * (v - y);

        if (there[0] == here[0] || squared > best)
          continue;
        if (squared < best || there[1] < *klass)
          *klass = (gint) there[1];
        best = squared;
      }
  return best;
}

/* Without a fill, what a pixel gets depends on nothing but its distance from
 * the border, the side it is on and the class; it falls with the distance, is
 * whole in the outline and nothing beyond its width. */
static void
test_distance (Fixture      *fixture,
               gconstpointer data)
{
  const gint         outline = GPOINTER_TO_INT (data);
  PockmarkAnnotation style;
  g_autofree gfloat *out = NULL;
  gfloat             alpha[2][TOO_FAR + 1];
  gint               x, y, i, side;

  for (side = 0; side < 2; side++)
    for (i = 0; i <= TOO_FAR; i++)
      alpha[side][i] = -1.0f;
  mark_disc (fixture, 40, 40, 13, 1);
  mark_disc (fixture, 60, 52, 9, 2);
  mark_disc (fixture, 90, 20, 4, 3);
  mark_disc (fixture, 66, 66, 6, 4);
  pockmark_annotation_init (&style);
  style.outline = outline;
  style.opacity = 0.0;
  out = paint (fixture, &style, &whole, FALSE);

  for (y = 10; y < 90; y++)
    for (x = 10; x < 110; x++)
      {
        const gfloat *pixel = out + (y * SIDE + x) * 4;
        const gint    own = (gint) fixture->map[(y * SIDE + x) * 4 + 1];
        gint          klass = 0;
        gint          squared = look_around (fixture, x, y, &klass);
        gfloat       *known;

        squared = MIN (squared, TOO_FAR);
        known = &alpha[own != 0][squared];
        if (*known < 0.0f)
          *known = pixel[3];
        g_assert_cmpfloat (pixel[3], ==, *known);
        if (sqrt (squared) - 0.5 <= 0.5 * outline - 0.5)
          {
            g_assert_cmpfloat (pixel[3], ==, 1.0f);
            for (i = 0; i < 3; i++)
              g_assert_cmpfloat_with_epsilon (
                  pixel[i], style.colour[own ? own : klass][i], 1e-6);
          }
        if (squared == TOO_FAR || sqrt (squared) > outline + 0.5)
          g_assert_cmpfloat (pixel[3], ==, 0.0f);
      }

  for (side = 0; side < 2; side++)
    {
      gfloat last = 1.0f;

      for (i = 1; i < TOO_FAR; i++)
        if (alpha[side][i] >= 0.0f)
          {
            g_assert_cmpfloat (alpha[side][i], <=, last);
            last = alpha[side][i];
          }
    }
}

static void
test_hostile (Fixture      *fixture,
              gconstpointer data G_GNUC_UNUSED)
{
  static const gfloat values[]
      = { NAN, INFINITY, -INFINITY, -1, 0.5f, 1e9f, 3e38f };
  const guint         n = G_N_ELEMENTS (values);
  PockmarkAnnotation  style;
  g_autofree gfloat  *out = NULL;
  guint               i;

  for (i = 0; i < SIDE * SIDE; i++)
    {
      gfloat *pixel = fixture->map + 4 * i;

      pixel[0] = i % 3 == 0 ? 1.0f : values[i % n];
      pixel[1] = i % 3 == 0 ? values[i / 5 % n] : 1.0f;
      pixel[2] = pixel[3] = values[i / 7 % n];
    }
  pockmark_annotation_init (&style);
  out = paint (fixture, &style, &whole, TRUE);
  g_assert_cmpmem (out, SIDE * SIDE * 16, fixture->photograph,
                   SIDE * SIDE * 16);
}

static void
add (const gchar  *path,
     gconstpointer data,
     void        (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/annotate/defaults", NULL, test_defaults);
  add ("/annotate/empty", NULL, test_empty);
  add ("/annotate/parts", NULL, test_parts);
  add ("/annotate/in-place", NULL, test_in_place);
  add ("/annotate/fill", NULL, test_fill);
  add ("/annotate/distance/1", GINT_TO_POINTER (1), test_distance);
  add ("/annotate/distance/3", GINT_TO_POINTER (3), test_distance);
  add ("/annotate/distance/8", GINT_TO_POINTER (8), test_distance);
  add ("/annotate/hostile", NULL, test_hostile);
  return g_test_run ();
}
