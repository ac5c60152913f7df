/* Where numbers stand: beside their own lesions, and clear of the others
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "label-place.h"

#define WIDTH 1200
#define HEIGHT 900
#define LABEL_WIDTH 30
#define LABEL_HEIGHT 18

/* A disc is a polygon of so many corners. */
#define CORNERS 24

static void
add_disc (GArray *lesions, gint x, gint y, gint r)
{
  PockmarkLesion lesion = { .box = { x - r, y - r, 2 * r, 2 * r } };

  g_array_append_val (lesions, lesion);
}

static GArray *
disc_outline (const GArray *lesions, guint i)
{
  const PockmarkRect *box = &g_array_index (lesions, PockmarkLesion, i).box;
  GArray             *outline = g_array_new (FALSE, FALSE,
                                             sizeof (PockmarkPoint));
  gdouble             r = 0.5 * box->width;

  for (gint k = 0; k < CORNERS; k++)
    {
      gdouble       angle = 2.0 * G_PI * k / CORNERS;
      PockmarkPoint point = { (gint) lround (box->x + r + r * cos (angle)),
                              (gint) lround (box->y + r + r * sin (angle)) };

      g_array_append_val (outline, point);
    }

  return outline;
}

static LabelPlace *
place_all (GArray *lesions)
{
  g_autoptr (GArray) placed = g_array_new (FALSE, FALSE,
                                           sizeof (GeglRectangle));
  LabelRoom          room = { { 0, 0, WIDTH, HEIGHT }, lesions, placed };
  LabelPlace        *places = g_new (LabelPlace, lesions->len);

  for (guint i = 0; i < lesions->len; i++)
    {
      g_autoptr (GArray) outline = disc_outline (lesions, i);

      places[i] = label_place (&room, i, outline, LABEL_WIDTH, LABEL_HEIGHT);
    }
  g_assert_cmpuint (placed->len, ==, lesions->len);

  return places;
}

/* From the label to the disc's border; less than 0 inside. */
static gdouble
gap (const LabelPlace *place, const GArray *lesions, guint i)
{
  const GeglRectangle *area = &place->area;
  const PockmarkRect  *box = &g_array_index (lesions, PockmarkLesion, i).box;
  gdouble              r = 0.5 * box->width;
  gdouble              x = box->x + r;
  gdouble              y = box->y + r;

  return hypot (x - CLAMP (x, area->x, area->x + area->width),
                y - CLAMP (y, area->y, area->y + area->height)) - r;
}

static gboolean
overlap (const LabelPlace *a, const LabelPlace *b)
{
  return gegl_rectangle_intersect (NULL, &a->area, &b->area);
}

static void
test_alone (void)
{
  static const gint  spots[][2] = { { 600, 450 }, { 5, 5 }, { WIDTH - 5, 5 },
                                    { 5, HEIGHT - 5 },
                                    { WIDTH - 5, HEIGHT - 5 } };
  g_autoptr (GArray) lesions = g_array_new (FALSE, FALSE,
                                            sizeof (PockmarkLesion));
  g_autofree LabelPlace *places = NULL;
  const GeglRectangle    picture = { 0, 0, WIDTH, HEIGHT };

  for (guint i = 0; i < G_N_ELEMENTS (spots); i++)
    add_disc (lesions, spots[i][0], spots[i][1], 20);
  places = place_all (lesions);
  for (guint i = 0; i < G_N_ELEMENTS (spots); i++)
    {
      g_assert_true (gegl_rectangle_contains (&picture, &places[i].area));
      g_assert_false (places[i].leader);
      g_assert_cmpfloat (gap (&places[i], lesions, i), >=, 0.0);
      g_assert_cmpfloat (gap (&places[i], lesions, i), <, LABEL_HEIGHT / 3.0);
    }
  /* The top right is best where it is free. */
  g_assert_cmpint (places[0].area.x, >, 600);
  g_assert_cmpint (places[0].area.y, <, 450);
}

/* A face full of lesions of all sizes. */
static void
test_many (void)
{
  g_autoptr (GRand)      random = g_rand_new_with_seed (7);
  g_autoptr (GArray)     lesions = g_array_new (FALSE, FALSE,
                                                sizeof (PockmarkLesion));
  g_autofree LabelPlace *places = NULL;
  guint                  hidden = 0;
  guint                  mixed = 0;

  while (lesions->len < 90)
    {
      gint     r = g_rand_int_range (random, 3, 40);
      gint     x = g_rand_int_range (random, r, WIDTH - r);
      gint     y = g_rand_int_range (random, r, HEIGHT - r);
      gboolean fits = TRUE;

      for (guint i = 0; i < lesions->len; i++)
        {
          const PockmarkRect *box = &g_array_index (lesions, PockmarkLesion,
                                                    i).box;

          fits = fits
                 && hypot (box->x + box->width / 2 - x,
                           box->y + box->width / 2 - y)
                      > r + box->width / 2 + 4;
        }
      if (fits)
        add_disc (lesions, x, y, r);
    }

  places = place_all (lesions);
  for (guint i = 0; i < lesions->len; i++)
    {
      gdouble own = gap (&places[i], lesions, i);

      g_assert_cmpfloat (own, >=, 0.0);
      for (guint j = 0; j < lesions->len; j++)
        {
          if (j == i)
            continue;
          hidden += gap (&places[i], lesions, j) < 0.0;
          hidden += j < i && overlap (&places[i], &places[j]);
          mixed += gap (&places[i], lesions, j) < own && !places[i].leader;
        }
    }
  g_assert_cmpuint (hidden, ==, 0);
  g_assert_cmpuint (mixed, ==, 0);
}

/* Small ones side by side: whose number is whose is said by a line. */
static void
test_crowded (void)
{
  g_autoptr (GArray)     lesions = g_array_new (FALSE, FALSE,
                                                sizeof (PockmarkLesion));
  g_autofree LabelPlace *places = NULL;
  guint                  leaders = 0;

  for (gint i = 0; i < 25; i++)
    add_disc (lesions, 500 + 16 * (i % 5), 400 + 16 * (i / 5), 4);
  places = place_all (lesions);
  for (guint i = 0; i < lesions->len; i++)
    {
      leaders += places[i].leader;
      for (guint j = 0; j < i; j++)
        g_assert_false (overlap (&places[i], &places[j]));
    }
  g_assert_cmpuint (leaders, >, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/label-place/alone", test_alone);
  g_test_add_func ("/label-place/many", test_many);
  g_test_add_func ("/label-place/crowded", test_crowded);
  return g_test_run ();
}
