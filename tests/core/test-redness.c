/* Pockmark: tests of the redness map
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "pockmark-core.h"

#define WIDTH  310 /* more than one stretch of the painter */
#define HEIGHT 40

/* A photograph and its skin picture. */
typedef struct
{
  PockmarkSkin skin;
  gfloat       pixels[WIDTH * HEIGHT * 4];
} Fixture;

static gfloat *
pixel_at (Fixture *fixture,
          gint     x,
          gint     y)
{
  return fixture->pixels + (y * WIDTH + x) * 4;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  const gint reduction = GPOINTER_TO_INT (data);
  const gint width = (WIDTH + reduction - 1) / reduction;
  const gint height = (HEIGHT + reduction - 1) / reduction;
  guint      i;
  gint       k;

  memset (&fixture->skin, 0, sizeof fixture->skin);
  fixture->skin.reduction = reduction;
  fixture->skin.skin = pockmark_plane_new (width, height, NULL);
  fixture->skin.hemoglobin = pockmark_plane_new (width, height, NULL);
  fixture->skin.surrounding = pockmark_plane_new (width, height, NULL);
  for (k = 0; k < width * height; k++)
    {
      fixture->skin.skin->data[k] = 1.0f;
      fixture->skin.hemoglobin->data[k] = (gfloat) g_test_rand_double ();
      fixture->skin.surrounding->data[k] = (gfloat) g_test_rand_double () * 0.2f;
    }
  for (i = 0; i < G_N_ELEMENTS (fixture->pixels); i++)
    fixture->pixels[i]
        = i % 4 == 3 ? 1.0f : (gfloat) g_test_rand_double_range (0.2, 0.6);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data G_GNUC_UNUSED)
{
  pockmark_plane_free (fixture->skin.skin);
  pockmark_plane_free (fixture->skin.hemoglobin);
  pockmark_plane_free (fixture->skin.surrounding);
}

/* Linear interpolation, one pixel at a time. */
static gdouble
sample (const Fixture       *fixture,
        const PockmarkPlane *plane,
        gint                 x,
        gint                 y)
{
  const gdouble u = (x + 0.5) / fixture->skin.reduction - 0.5;
  const gdouble v = (y + 0.5) / fixture->skin.reduction - 0.5;
  gdouble       sum = 0.0;
  gint          i, j;

  for (j = (gint) floor (v); j <= (gint) floor (v) + 1; j++)
    for (i = (gint) floor (u); i <= (gint) floor (u) + 1; i++)
      sum += (1.0 - fabs (u - i)) * (1.0 - fabs (v - j))
             * plane->data[CLAMP (j, 0, plane->height - 1) * plane->width
                           + CLAMP (i, 0, plane->width - 1)];
  return sum;
}

static gdouble
pixel_of (const PockmarkPlane *plane,
          gint                 x,
          gint                 y)
{
  return plane->data[CLAMP (y, 0, plane->height - 1) * plane->width
                     + CLAMP (x, 0, plane->width - 1)];
}

/* The cubic B-spline at a distance from its middle. */
static gdouble
bump (gdouble distance)
{
  const gdouble t = fabs (distance);

  if (t >= 2.0)
    return 0.0;
  return t < 1.0 ? 2.0 / 3.0 - t * t + 0.5 * t * t * t
                 : (2.0 - t) * (2.0 - t) * (2.0 - t) / 6.0;
}

/* The plane smoothed by 1 2 1 both ways and taken as a spline, one pixel at a
 * time. */
static gdouble
smooth_sample (const Fixture       *fixture,
               const PockmarkPlane *plane,
               gint                 x,
               gint                 y)
{
  const gdouble u = (x + 0.5) / fixture->skin.reduction - 0.5;
  const gdouble v = (y + 0.5) / fixture->skin.reduction - 0.5;
  gdouble       sum = 0.0;
  gint          i, j, a, b;

  for (j = (gint) floor (v) - 2; j <= (gint) floor (v) + 3; j++)
    for (i = (gint) floor (u) - 2; i <= (gint) floor (u) + 3; i++)
      for (b = -1; b <= 1; b++)
        for (a = -1; a <= 1; a++)
          sum += bump (u - i) * bump (v - j) * (2 - abs (a)) * (2 - abs (b))
                 / 16.0 * pixel_of (plane, i + a, j + b);
  return sum;
}

static gdouble
display_value (Fixture *fixture,
               gboolean relative,
               gint     x,
               gint     y)
{
  gdouble index
      = 100.0 * smooth_sample (fixture, fixture->skin.hemoglobin, x, y);

  if (relative)
    index = (index - 100.0 * sample (fixture, fixture->skin.surrounding, x, y)
             - POCKMARK_REDNESS_RELATIVE_MIN)
            / (POCKMARK_REDNESS_SPAN - POCKMARK_REDNESS_RELATIVE_MIN);
  else
    index = (index - fixture->skin.absolute_start)
            / POCKMARK_REDNESS_ABSOLUTE_SPAN;
  return CLAMP (index, 0.0, 1.0);
}

static gfloat *
paint (Fixture            *fixture,
       PockmarkShow        show,
       gboolean            relative,
       const PockmarkRect *rect)
{
  const PockmarkRednessStyle style = { show, relative, 0.7 };
  gfloat *out = g_new (gfloat, rect->width * rect->height * 4);
  gint    y;

  for (y = 0; y < rect->height; y++)
    memcpy (out + y * rect->width * 4,
            pixel_at (fixture, rect->x, rect->y + y),
            (gsize) rect->width * 16);
  pockmark_redness_paint (&fixture->skin, &style, rect, out, out);
  return out;
}

static const PockmarkRect whole = { 0, 0, WIDTH, HEIGHT };

/* ---- The index ---------------------------------------------------------- */

static void
test_value (Fixture      *fixture,
            gconstpointer data G_GNUC_UNUSED)
{
  const PockmarkRect rect = { 7, 3, WIDTH - 9, HEIGHT - 5 };
  g_autofree gfloat *value = g_new (gfloat, rect.width * rect.height);
  gint               relative, x, y;

  fixture->skin.absolute_start = -40.0;
  for (relative = 0; relative < 2; relative++)
    {
      pockmark_redness_value (&fixture->skin, relative, &rect, value);
      for (y = 0; y < rect.height; y++)
        for (x = 0; x < rect.width; x++)
          g_assert_cmpfloat_with_epsilon (
              value[y * rect.width + x],
              display_value (fixture, relative, rect.x + x, rect.y + y), 1e-4);
    }
}

/* The sRGB value of grey is the display value, with alpha as it was. */
static void
test_grey (Fixture      *fixture,
           gconstpointer data G_GNUC_UNUSED)
{
  g_autofree gfloat *out = NULL;
  gint               x, y;

  pixel_at (fixture, 5, 5)[3] = 0.25f;
  out = paint (fixture, POCKMARK_SHOW_GREY, TRUE, &whole);
  for (y = 0; y < HEIGHT; y++)
    for (x = 0; x < WIDTH; x++)
      {
        const gfloat *grey = out + (y * WIDTH + x) * 4;
        const gdouble encoded = grey[0] <= 0.0031308
                                    ? 12.92 * grey[0]
                                    : 1.055 * pow (grey[0], 1 / 2.4) - 0.055;

        g_assert_cmpfloat_with_epsilon (
            encoded, display_value (fixture, TRUE, x, y), 5e-4);
        g_assert_cmpfloat (grey[1], ==, grey[0]);
        g_assert_cmpfloat (grey[2], ==, grey[0]);
        g_assert_cmpfloat (grey[3], ==, pixel_at (fixture, x, y)[3]);
      }
}

/* ---- Painting ----------------------------------------------------------- */

static void
test_parts (Fixture      *fixture,
            gconstpointer data G_GNUC_UNUSED)
{
  gint show, k, y;

  for (show = POCKMARK_SHOW_HEAT; show <= POCKMARK_SHOW_CONTOURS; show++)
    {
      g_autofree gfloat *all
          = paint (fixture, (PockmarkShow) show, TRUE, &whole);

      for (k = 0; k < 8; k++)
        {
          const gint         x0 = g_test_rand_int_range (0, WIDTH);
          const gint         y0 = g_test_rand_int_range (0, HEIGHT);
          const PockmarkRect rect
              = { x0, y0, g_test_rand_int_range (1, WIDTH - x0 + 1),
                  g_test_rand_int_range (1, HEIGHT - y0 + 1) };
          g_autofree gfloat *part
              = paint (fixture, (PockmarkShow) show, TRUE, &rect);

          for (y = 0; y < rect.height; y++)
            g_assert_cmpmem (part + y * rect.width * 4, rect.width * 16,
                             all + ((y0 + y) * WIDTH + x0) * 4,
                             rect.width * 16);
        }
    }
}

static void
assert_untouched (Fixture *fixture,
                  gfloat  *out)
{
  gint y;

  for (y = 0; y < HEIGHT; y++)
    g_assert_cmpmem (out + y * WIDTH * 4, WIDTH * 16, pixel_at (fixture, 0, y),
                     WIDTH * 16);
}

/* Heat and contours leave alone what is not skin, and skin that is no redder
 * than the skin around it. */
static void
test_untouched (Fixture      *fixture,
                gconstpointer data G_GNUC_UNUSED)
{
  PockmarkPlane *skin = fixture->skin.skin;
  gint           show, i;

  for (show = POCKMARK_SHOW_HEAT; show <= POCKMARK_SHOW_CONTOURS; show += 2)
    {
      g_autofree gfloat *bare = NULL;
      g_autofree gfloat *pale = NULL;

      memset (skin->data, 0,
              (gsize) (skin->width * skin->height) * sizeof (gfloat));
      bare = paint (fixture, (PockmarkShow) show, TRUE, &whole);
      assert_untouched (fixture, bare);

      for (i = 0; i < skin->width * skin->height; i++)
        {
          skin->data[i] = 1.0f;
          fixture->skin.hemoglobin->data[i] = 0.0f;
        }
      pale = paint (fixture, (PockmarkShow) show, TRUE, &whole);
      assert_untouched (fixture, pale);
    }
}

/* The planes' redness rises from left to right, by so much per photograph
 * pixel; no other redness. */
static void
set_ramp (Fixture *fixture,
          gdouble  per_pixel)
{
  PockmarkPlane *plane = fixture->skin.hemoglobin;
  gint           i;

  for (i = 0; i < plane->width * plane->height; i++)
    {
      plane->data[i] = (gfloat) ((i % plane->width + 0.5) * per_pixel
                                 * fixture->skin.reduction / 100.0);
      fixture->skin.surrounding->data[i] = 0.0f;
    }
}

/* On a ramp the heat's lightness, and its opacity, only ever rise. */
static void
test_heat (Fixture      *fixture,
           gconstpointer data G_GNUC_UNUSED)
{
  const gdouble      slope = 1.2 * POCKMARK_REDNESS_SPAN / WIDTH;
  g_autofree gfloat *out = NULL;
  gdouble            last = -1.0;
  guint              i;
  gint               x;

  for (i = 0; i < G_N_ELEMENTS (fixture->pixels); i++)
    fixture->pixels[i] = i % 4 == 3 ? 0.5f : 0.0f;
  set_ramp (fixture, slope);
  out = paint (fixture, POCKMARK_SHOW_HEAT, TRUE, &whole);
  for (x = 0; x < WIDTH; x++)
    {
      const gfloat *p = out + (HEIGHT / 2 * WIDTH + x) * 4;
      const gdouble light = 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];

      g_assert_cmpfloat (light, >=, last - 1e-6);
      g_assert_cmpfloat (p[3], ==, 0.5f);
      last = light;
    }
  /* L* 95 at 0.7 of full opacity. */
  g_assert_cmpfloat_with_epsilon (last, 0.7 * 0.875, 0.02);
}

/* On a ramp, contours are straight lines at even distances, the first at or
 * above what counts as affected. */
static void
test_contours (Fixture      *fixture,
               gconstpointer data G_GNUC_UNUSED)
{
  const gdouble      slope = POCKMARK_REDNESS_SPAN / WIDTH;
  g_autofree gfloat *out = NULL;
  gdouble            line = 0.0, weight = 0.0, before = 0.0;
  gint               lines = 0;
  gint               x, y;

  set_ramp (fixture, slope);
  out = paint (fixture, POCKMARK_SHOW_CONTOURS, TRUE, &whole);
  for (x = 4 * (gint) fixture->skin.reduction;
       x < WIDTH - 4 * (gint) fixture->skin.reduction; x++)
    {
      gdouble change = 0.0;

      for (y = 0; y < HEIGHT; y++)
        change += fabs (out[(y * WIDTH + x) * 4] - pixel_at (fixture, x, y)[0]);
      if (change > 0.0)
        {
          line += change * (x + 0.5);
          weight += change;
        }
      else if (weight > 0.0)
        {
          line /= weight;
          g_assert_cmpfloat (line * slope, >=,
                             POCKMARK_REDNESS_AFFECTED - slope);
          if (lines++ > 0)
            g_assert_cmpfloat_with_epsilon (line - before, WIDTH / 8.0, 1.0);
          before = line;
          line = weight = 0.0;
        }
    }
  g_assert_cmpint (lines, >=, 4);
  g_assert_cmpint (lines, <=, 8);
}

/* Planes and photograph full of what is no number. */
static void
test_hostile (Fixture      *fixture,
              gconstpointer data G_GNUC_UNUSED)
{
  static const gfloat values[]
      = { NAN, INFINITY, -INFINITY, 1e30f, -1.0f, 0.0f };
  PockmarkPlane      *planes[] = { fixture->skin.skin, fixture->skin.hemoglobin,
                                   fixture->skin.surrounding };
  gint                show, relative, k, i;

  for (k = 0; k < 3; k++)
    for (i = 0; i < planes[k]->width * planes[k]->height; i += 5)
      planes[k]->data[i] = values[i / 5 % 6];
  for (i = 0; i < WIDTH; i++)
    pixel_at (fixture, i, 3)[i % 3] = values[i / 3 % 6];
  for (show = POCKMARK_SHOW_HEAT; show <= POCKMARK_SHOW_CONTOURS; show++)
    for (relative = 0; relative < 2; relative++)
      {
        g_autofree gfloat *out
            = paint (fixture, (PockmarkShow) show, relative, &whole);

        /* What came in sane goes out sane; grey is sane whatever came in. */
        for (i = 0; i < WIDTH * HEIGHT * 4; i++)
          if (i / 4 / WIDTH != 3 || show == POCKMARK_SHOW_GREY)
            g_assert_true (out[i] >= 0.0f && out[i] <= 1.0f);
      }
}

static void
add (const gchar *path,
     gint         reduction,
     void       (*test) (Fixture *, gconstpointer))
{
  g_autofree gchar *name = g_strdup_printf ("/redness/%s/%d", path, reduction);

  g_test_add (name, Fixture, GINT_TO_POINTER (reduction), set_up, test,
              tear_down);
}

int
main (int    argc,
      char **argv)
{
  static const gint reductions[] = { 1, 3, 8 };
  guint             i;

  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (reductions); i++)
    {
      add ("value", reductions[i], test_value);
      add ("grey", reductions[i], test_grey);
      add ("parts", reductions[i], test_parts);
      add ("untouched", reductions[i], test_untouched);
      add ("heat", reductions[i], test_heat);
      add ("contours", reductions[i], test_contours);
      add ("hostile", reductions[i], test_hostile);
    }
  return g_test_run ();
}
