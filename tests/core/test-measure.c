/* Pockmark: tests of the measurements
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stored figures come from a Python script that draws the same shapes
 * (pixels whose centre is inside) and has no code in common with the core:
 * area and centroid from scikit-image 0.19.3's regionprops; the perimeter by
 * ImageJ's rule on an outline that was walked pixel side by pixel side; Feret's
 * diameter and the hull's area from scipy 1.10's ConvexHull and pdist over all
 * pixel corners.  Major, minor and angle of discs, ellipses and rectangles are
 * analytic.
 */

#include <math.h>
#include <string.h>

#include "pockmark-core.h"

#define WIDTH  100
#define HEIGHT 90

typedef struct
{
  gfloat               map[WIDTH * HEIGHT * 4];
  gfloat               photograph[WIDTH * HEIGHT * 4];
  PockmarkParameters   parameters;
} Fixture;

/* Skin of haemoglobin 0.5, melanin 0.6 and shading 0.3. */
static void
set_skin (gfloat *rgba,
          gfloat  hemoglobin,
          gfloat  melanin,
          gfloat  shading)
{
  const PockmarkVectors *v = &pockmark_vectors_default;
  gint                   c;

  for (c = 0; c < 3; c++)
    rgba[c] = expf (-(hemoglobin * v->hemoglobin[c] + melanin * v->melanin[c]
                      + shading));
  rgba[3] = 1.0f;
}

static void
set_up (Fixture      *fixture,
        gconstpointer data G_GNUC_UNUSED)
{
  gint i;

  memset (fixture, 0, sizeof *fixture);
  fixture->parameters.pixels_per_mm = 10.0;
  fixture->parameters.vectors = pockmark_vectors_default;
  for (i = 0; i < WIDTH * HEIGHT; i++)
    set_skin (fixture->photograph + 4 * i, 0.5f, 0.6f, 0.3f);
}

static void
tear_down (Fixture      *fixture G_GNUC_UNUSED,
           gconstpointer data G_GNUC_UNUSED)
{
}

static GArray *
try_measure (Fixture            *fixture,
             const PockmarkHost *host,
             GError            **error)
{
  PockmarkPixels       map = { WIDTH, HEIGHT, fixture->map };
  PockmarkPixels       photograph = { WIDTH, HEIGHT, fixture->photograph };
  const PockmarkSource map_source = pockmark_source_from_pixels (&map);
  const PockmarkSource source = pockmark_source_from_pixels (&photograph);

  return pockmark_measure (&map_source, &source, &fixture->parameters, host,
                           error);
}

static GArray *
measure (Fixture *fixture)
{
  GError *error = NULL;
  GArray *lesions = try_measure (fixture, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (lesions);
  return lesions;
}

static void
mark (Fixture *fixture,
      gint     x,
      gint     y,
      gfloat   number,
      gfloat   klass,
      gfloat   confidence)
{
  gfloat *pixel = fixture->map + (y * WIDTH + x) * 4;

  pixel[0] = number;
  pixel[1] = klass;
  pixel[2] = confidence;
  pixel[3] = 1.0f;
}

static void
mark_box (Fixture *fixture,
          gint     x,
          gint     y,
          gint     width,
          gint     height,
          gfloat   number)
{
  gint i, j;

  for (j = y; j < y + height; j++)
    for (i = x; i < x + width; i++)
      mark (fixture, i, j, number, 1.0f, 0.8f);
}

/* ---- Shapes ------------------------------------------------------------- */

static gboolean
disc (gdouble x,
      gdouble y)
{
  return hypot (x - 40.2, y - 37.6) <= 20.3;
}

static gboolean
ellipse (gdouble x,
         gdouble y)
{
  const gdouble t = G_PI / 6.0;
  const gdouble u = (x - 50.0) * cos (t) - (y - 45.0) * sin (t);
  const gdouble v = (x - 50.0) * sin (t) + (y - 45.0) * cos (t);

  return hypot (u / 30.0, v / 12.0) <= 1.0;
}

static gboolean
rectangle (gdouble x,
           gdouble y)
{
  return x > 20 && x < 37 && y > 30 && y < 39;
}

static gboolean
bent (gdouble x,
      gdouble y)
{
  return (x > 20 && x < 30 && y > 30 && y < 70)
         || (x > 20 && x < 60 && y > 60 && y < 70);
}

static gboolean
ring (gdouble x,
      gdouble y)
{
  const gdouble r = hypot (x - 50.0, y - 45.0);

  return r <= 30.0 && r >= 12.5;
}

static gboolean
stairs (gdouble x,
        gdouble y)
{
  return x > 10 && x < 50 && y > 10 && y <= x && y < 50;
}

typedef struct
{
  const gchar *name;
  gboolean   (*inside) (gdouble x, gdouble y);
  PockmarkRect box;
  gdouble      area, x, y, perimeter, feret, solidity;
  gdouble      major, minor, angle, tolerance; /* in pixels and degrees; angle
                                                * negative: any              */
} Shape;

static const Shape shapes[] = {
  { "disc",
    disc,
    { 20, 17, 40, 41 },
    1292,
    40.193498,
    37.599071,
    132.710678,
    41.868843,
    0.967790,
    40.6,
    40.6,
    -1,
    0.25 },
  { "ellipse",
    ellipse,
    { 23, 27, 54, 36 },
    1132,
    50,
    45,
    144.267027,
    61.057350,
    0.956889,
    60,
    24,
    30,
    0.15 },
  { "rectangle",
    rectangle,
    { 20, 30, 17, 9 },
    153,
    28.5,
    34.5,
    49.656854,
    19.235384,
    1.0,
    19.182446,
    10.155413,
    0,
    1e-5 },
  { "bent",
    bent,
    { 20, 30, 40, 40 },
    700,
    33.571429,
    56.428571,
    156.485281,
    56.568542,
    0.608696,
    40.52895,
    21.99089,
    135,
    0.05 },
  { "ring",
    ring,
    { 20, 15, 60, 60 },
    2344,
    50,
    45,
    197.237590,
    61.220911,
    0.808834,
    54.63033,
    54.63033,
    -1,
    0.05 },
  { "stairs",
    stairs,
    { 10, 10, 40, 40 },
    820,
    36.5,
    23.5,
    135.396970,
    56.568542,
    0.976772,
    42.52480,
    24.55171,
    135,
    0.05 },
};

static void
test_shape (Fixture      *fixture,
            gconstpointer data)
{
  const Shape          *shape = data;
  g_autoptr (GArray)    lesions = NULL;
  const PockmarkLesion *lesion;
  gint                  x, y;

  for (y = 0; y < HEIGHT; y++)
    for (x = 0; x < WIDTH; x++)
      if (shape->inside (x + 0.5, y + 0.5))
        mark (fixture, x, y, 3.0f, 1.0f, 0.8f);
  lesions = measure (fixture);
  g_assert_cmpuint (lesions->len, ==, 1);
  lesion = &g_array_index (lesions, PockmarkLesion, 0);

  g_assert_cmpuint (lesion->number, ==, 3);
  g_assert_cmpint (lesion->klass, ==, POCKMARK_CRATER);
  g_assert_cmpfloat (lesion->confidence, ==, 0.8f);
  g_assert_cmpmem (&lesion->box, sizeof lesion->box, &shape->box,
                   sizeof shape->box);
  g_assert_cmpfloat (lesion->area, ==, shape->area);
  g_assert_cmpfloat_with_epsilon (lesion->x, shape->x, 1e-6);
  g_assert_cmpfloat_with_epsilon (lesion->y, shape->y, 1e-6);
  g_assert_cmpfloat_with_epsilon (lesion->perimeter, shape->perimeter, 1e-5);
  g_assert_cmpfloat_with_epsilon (lesion->feret, shape->feret, 1e-5);
  g_assert_cmpfloat_with_epsilon (lesion->solidity, shape->solidity, 1e-5);
  g_assert_cmpfloat_with_epsilon (lesion->major, shape->major,
                                  shape->tolerance);
  g_assert_cmpfloat_with_epsilon (lesion->minor, shape->minor,
                                  shape->tolerance);
  g_assert_cmpfloat_with_epsilon (lesion->major * lesion->minor * G_PI / 4.0,
                                  lesion->area, 1e-6);
  if (shape->angle >= 0.0)
    g_assert_cmpfloat_with_epsilon (lesion->angle, shape->angle, 0.2);
  g_assert_cmpfloat (lesion->angle, >=, 0.0);
  g_assert_cmpfloat (lesion->angle, <, 180.0);
  g_assert_cmpfloat_with_epsilon (
      lesion->circularity,
      MIN (1.0,
           4.0 * G_PI * shape->area / (shape->perimeter * shape->perimeter)),
      1e-6);
  g_assert_cmpfloat_with_epsilon (lesion->area_mm2, shape->area / 100.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (lesion->diameter_mm,
                                  sqrt (4.0 * shape->area / G_PI) / 10.0, 1e-9);
  g_assert_cmpuint (lesion->flags, ==, 0);
}

/* Numbers far apart, in pieces, of two classes; Feret against all pairs of
 * corners; sums over lesions against sums over pixels. */
static void
test_scattered (Fixture      *fixture,
                gconstpointer data G_GNUC_UNUSED)
{
  static const gfloat numbers[] = { 5, 70000, 16777216, 2 };
  gint                area[4] = { 0 };
  g_autoptr (GArray)  lesions = NULL;
  guint               i;
  gint                x, y;

  for (y = 0; y < HEIGHT; y++)
    for (x = 0; x < WIDTH; x++)
      if (g_test_rand_int_range (0, 3) == 0)
        {
          i = (guint) g_test_rand_int_range (0, 4);
          mark (fixture, x, y, numbers[i], x < 60 ? 4.0f : 2.0f, 0.3f);
          area[i]++;
        }
  lesions = measure (fixture);
  g_assert_cmpuint (lesions->len, ==, 4);
  for (i = 0; i < 4; i++)
    {
      static const guint    order[] = { 3, 0, 1, 2 };
      const PockmarkLesion *lesion
          = &g_array_index (lesions, PockmarkLesion, i);
      gdouble               feret = 0.0;
      gint                  a, b;

      g_assert_cmpuint (lesion->number, ==, (guint) numbers[order[i]]);
      g_assert_cmpfloat (lesion->area, ==, area[order[i]]);
      g_assert_cmpint (lesion->klass, ==, POCKMARK_BROWN_MARK);
      g_assert_true (lesion->flags & POCKMARK_FLAG_LOW_CONFIDENCE);
      for (a = 0; a < WIDTH * HEIGHT; a++)
        for (b = a; i == 0 && b < WIDTH * HEIGHT; b++)
          if (fixture->map[4 * a] == 2.0f && fixture->map[4 * b] == 2.0f)
            feret = MAX (feret, hypot (ABS (b % WIDTH - a % WIDTH) + 1,
                                       b / WIDTH - a / WIDTH + 1));
      if (i == 0)
        g_assert_cmpfloat_with_epsilon (lesion->feret, feret, 1e-9);
    }
}

/* ---- Colour ------------------------------------------------------------- */

/* A patch of other skin with a brighter one beside it that is a lesion too and
 * must not count as surroundings. */
static void
test_contrast (Fixture      *fixture,
               gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GArray)    lesions = NULL;
  const PockmarkLesion *lesion;
  gint                  x, y;

  mark_box (fixture, 30, 30, 12, 12, 1.0f);
  mark_box (fixture, 46, 20, 30, 40, 2.0f);
  for (y = 0; y < HEIGHT; y++)
    for (x = 0; x < WIDTH; x++)
      {
        gfloat      *rgba = fixture->photograph + (y * WIDTH + x) * 4;
        const gfloat number = fixture->map[(y * WIDTH + x) * 4];

        if (number == 1.0f)
          set_skin (rgba, 0.8f, 0.5f, 0.45f);
        else if (number == 2.0f)
          set_skin (rgba, 2.0f, 2.0f, 0.0f);
      }
  lesions = measure (fixture);
  lesion = &g_array_index (lesions, PockmarkLesion, 0);
  g_assert_cmpfloat_with_epsilon (lesion->hemoglobin, 0.3, 1e-4);
  g_assert_cmpfloat_with_epsilon (lesion->melanin, -0.1, 1e-4);
  g_assert_cmpfloat_with_epsilon (lesion->relief, 0.15, 1e-4);
  g_assert_cmpuint (lesion->flags, ==, 0);
}

static void
set_colour (Fixture      *fixture,
            gboolean      lesion,
            const gdouble rgb[3])
{
  gint i, c;

  for (i = 0; i < WIDTH * HEIGHT; i++)
    if ((fixture->map[4 * i] > 0.0f) == lesion)
      for (c = 0; c < 3; c++)
        fixture->photograph[4 * i + c] = (gfloat) rgb[c];
}

static void
set_class (Fixture      *fixture,
           PockmarkClass klass)
{
  gint i;

  for (i = 0; i < WIDTH * HEIGHT; i++)
    if (fixture->map[4 * i] > 0.0f)
      fixture->map[4 * i + 1] = (gfloat) klass;
}

/* Skin of 30 % of melanosomes with a place of 43 %: sRGB (134, 83, 47) and
 * (109, 63, 38), of which the unmixing says that melanin gets less.  Its density
 * rises by 0.442 in red.  Blood, added there, changes nothing. */
static void
test_dark_melanin (Fixture      *fixture,
                   gconstpointer data G_GNUC_UNUSED)
{
  static const gdouble around[3] = { 0.2384, 0.0865, 0.0284 };
  static const gdouble inside[3] = { 0.1529, 0.0497, 0.0194 };
  gdouble              red[3];
  gint                 i;

  mark_box (fixture, 30, 30, 12, 12, 1.0f);
  set_colour (fixture, FALSE, around);
  for (i = 0; i < 3; i++)
    red[i] = inside[i]
             * exp (-0.5 * pockmark_vectors_default.hemoglobin[i]);
  for (i = POCKMARK_CRATER; i < POCKMARK_N_CLASSES; i++)
    {
      g_autoptr (GArray) lesions = NULL;
      gdouble            melanin;

      set_class (fixture, (PockmarkClass) i);
      set_colour (fixture, TRUE, i == POCKMARK_RED_MARK ? red : inside);
      lesions = measure (fixture);
      melanin = g_array_index (lesions, PockmarkLesion, 0).melanin;
      if (i == POCKMARK_RED_MARK || i == POCKMARK_BROWN_MARK)
        g_assert_cmpfloat_with_epsilon (melanin, 0.444 / 0.2203, 0.03);
      else
        g_assert_cmpfloat (melanin, <, -0.3);
    }
}

/* CIELAB against scikit-image 0.19.3's rgb2lab (D65). */
static void
test_lab (Fixture      *fixture,
          gconstpointer data G_GNUC_UNUSED)
{
  static const gdouble  inside[3] = { 0.5, 0.2, 0.1 };
  static const gdouble  around[3] = { 0.6, 0.4, 0.3 };
  g_autoptr (GArray)    lesions = NULL;
  const PockmarkLesion *lesion;

  mark_box (fixture, 30, 30, 12, 12, 1.0f);
  set_colour (fixture, TRUE, inside);
  set_colour (fixture, FALSE, around);
  lesions = measure (fixture);
  lesion = &g_array_index (lesions, PockmarkLesion, 0);
  g_assert_cmpfloat_with_epsilon (lesion->l_star, 57.7114 - 71.9144, 0.01);
  g_assert_cmpfloat_with_epsilon (lesion->a_star, 21.1089 - 9.2004, 0.02);
}

static void
test_flags (Fixture      *fixture,
            gconstpointer data G_GNUC_UNUSED)
{
  static const gdouble dark[3] = { 0.08, 0.03, 0.012 };
  g_autoptr (GArray)   lesions = NULL;
  guint                flags[4];
  guint                i;

  mark_box (fixture, 0, 10, 6, 6, 1.0f);
  mark_box (fixture, 30, 30, 6, 6, 2.0f);
  mark_box (fixture, 60, 60, 6, 6, 3.0f);
  mark_box (fixture, 94, 84, 6, 6, 4.0f);
  fixture->map[(60 * WIDTH + 60) * 4 + 2] = NAN;
  for (i = 61; i < 66; i++)
    memset (fixture->map + (i * WIDTH + 60) * 4 + 2, 0, sizeof (gfloat));
  fixture->photograph[(32 * WIDTH + 32) * 4] = 0.99f;
  lesions = measure (fixture);
  for (i = 0; i < 4; i++)
    flags[i] = g_array_index (lesions, PockmarkLesion, i).flags;
  g_assert_cmpuint (flags[0], ==, POCKMARK_FLAG_BORDER);
  g_assert_cmpuint (flags[1], ==, POCKMARK_FLAG_GLOSS);
  g_assert_cmpuint (flags[2], ==, 0);
  g_assert_cmpuint (flags[3], ==, POCKMARK_FLAG_BORDER);
  /* The glossy pixel does not count as colour. */
  g_assert_cmpfloat_with_epsilon (
      g_array_index (lesions, PockmarkLesion, 1).hemoglobin, 0.0, 1e-4);
  g_clear_pointer (&lesions, g_array_unref);

  set_colour (fixture, FALSE, dark);
  fixture->parameters.pixels_per_mm = 0.0;
  lesions = measure (fixture);
  g_assert_cmpuint (g_array_index (lesions, PockmarkLesion, 2).flags, ==,
                    POCKMARK_FLAG_DARK_SKIN | POCKMARK_FLAG_SCALE_UNKNOWN);
  g_assert_true (
      isnan (g_array_index (lesions, PockmarkLesion, 2).diameter_mm));
  g_assert_true (isnan (g_array_index (lesions, PockmarkLesion, 2).area_mm2));
}

static void
test_flag_words (Fixture      *fixture G_GNUC_UNUSED,
                 gconstpointer data G_GNUC_UNUSED)
{
  g_assert_cmpstr (pockmark_flag_word (POCKMARK_FLAG_BORDER), ==, "border");
  g_assert_cmpstr (pockmark_flag_word (POCKMARK_FLAG_SCALE_UNKNOWN), ==,
                   "scale-unknown");
  g_assert_null (pockmark_flag_word (0));
  g_assert_null (pockmark_flag_word (1 << 6));
  g_assert_null (
      pockmark_flag_word (POCKMARK_FLAG_BORDER | POCKMARK_FLAG_GLOSS));
}

/* No skin around: shape is known, contrast is not. */
static void
test_alone (Fixture      *fixture,
            gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GArray)    lesions = NULL;
  const PockmarkLesion *lesion;
  gint                  i;

  mark_box (fixture, 30, 30, 10, 10, 1.0f);
  for (i = 0; i < WIDTH * HEIGHT; i++)
    if (fixture->map[4 * i] == 0.0f)
      fixture->photograph[4 * i + 3] = 0.0f;
  lesions = measure (fixture);
  lesion = &g_array_index (lesions, PockmarkLesion, 0);
  g_assert_cmpfloat (lesion->area, ==, 100.0);
  g_assert_true (isnan (lesion->hemoglobin));
  g_assert_true (isnan (lesion->l_star));
}

/* ---- Hostile maps ------------------------------------------------------- */

static void
test_hostile (Fixture      *fixture,
              gconstpointer data G_GNUC_UNUSED)
{
  static const gfloat values[] = { NAN,   INFINITY, -INFINITY, -1.0f, -0.0f,
                                   0.5f,  1.5f,     7.0f,      1e9f,  3e38f,
                                   1e-40f, 16777218.0f };
  const guint        n = G_N_ELEMENTS (values);
  g_autoptr (GArray) lesions = NULL;
  guint              i, j;

  for (i = 0; i < n; i++)
    for (j = 0; j < n; j++)
      {
        mark (fixture, (gint) i, (gint) j, values[i], 1.0f, values[j]);
        mark (fixture, (gint) (20 + i), (gint) j, 2.0f, values[i], values[j]);
        fixture->photograph[(j * WIDTH + i) * 4 + j % 4] = values[i];
        fixture->photograph[((50 + j) * WIDTH + 50 + i) * 4 + j % 4]
            = values[i];
      }
  mark_box (fixture, 52, 52, 6, 6, 9.0f);
  lesions = measure (fixture);
  /* Of all those numbers only 7 is one, and no class is. */
  g_assert_cmpuint (lesions->len, ==, 2);
  g_assert_cmpuint (g_array_index (lesions, PockmarkLesion, 0).number, ==, 7);
  g_assert_cmpuint (g_array_index (lesions, PockmarkLesion, 1).number, ==, 9);
  g_assert_true (isfinite (g_array_index (lesions, PockmarkLesion, 1).l_star));
}

static void
test_empty (Fixture      *fixture,
            gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GArray) lesions = measure (fixture);

  g_assert_cmpuint (lesions->len, ==, 0);
}

static gboolean
read_numbers (const PockmarkRect *rect,
              gfloat             *pixels,
              gpointer            user_data,
              GError            **error G_GNUC_UNUSED)
{
  const gint width = GPOINTER_TO_INT (user_data);
  gint       x, y;

  for (y = rect->y; y < rect->y + rect->height; y++)
    for (x = rect->x; x < rect->x + rect->width; x++, pixels += 4)
      {
        pixels[0] = (gfloat) (1 + x + y * width);
        pixels[1] = pixels[2] = pixels[3] = 1.0f;
      }
  return TRUE;
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

static gboolean
stop (gdouble  fraction,
      gpointer user_data)
{
  g_assert_cmpfloat (fraction, >=, 0.0);
  g_assert_cmpfloat (fraction, <=, 1.0);
  return --*(gint *) user_data > 0;
}

static void
test_errors (Fixture      *fixture,
             gconstpointer data G_GNUC_UNUSED)
{
  const PockmarkSource numbers
      = { .width = 300, .height = 300, .read = read_numbers,
          .user_data = GINT_TO_POINTER (300) };
  const PockmarkSource other
      = { .width = 300, .height = 299, .read = read_numbers,
          .user_data = GINT_TO_POINTER (300) };
  const PockmarkSource broken = { .width = 300, .height = 300, .read = fail_to_read };
  const PockmarkSource none = { .width = 0, .height = 300, .read = fail_to_read };
  PockmarkHost         host = { .progress = stop };
  GError              *error = NULL;
  gint                 calls;

  g_assert_null (pockmark_measure (&numbers, &numbers, &fixture->parameters,
                                   NULL, &error));
  g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER);
  g_clear_error (&error);
  g_assert_null (pockmark_measure (&numbers, &other, &fixture->parameters, NULL,
                                   &error));
  g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER);
  g_clear_error (&error);
  g_assert_null (
      pockmark_measure (&none, &none, &fixture->parameters, NULL, &error));
  g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_SIZE);
  g_clear_error (&error);
  g_assert_null (
      pockmark_measure (&broken, &numbers, &fixture->parameters, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_IO);
  g_clear_error (&error);
  g_assert_null (
      pockmark_measure (&numbers, &broken, &fixture->parameters, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  mark_box (fixture, 30, 30, 5, 5, 1.0f);
  for (calls = 1; calls < 4; calls++)
    {
      gint left = calls;

      host.user_data = &left;
      g_assert_null (try_measure (fixture, &host, &error));
      g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_CANCELLED);
      g_clear_error (&error);
    }
}

static void
add (const gchar *path,
     gconstpointer data,
     void        (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

int
main (int    argc,
      char **argv)
{
  guint i;

  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autofree gchar *path
          = g_strconcat ("/measure/shape/", shapes[i].name, NULL);

      add (path, &shapes[i], test_shape);
    }
  add ("/measure/scattered", NULL, test_scattered);
  add ("/measure/contrast", NULL, test_contrast);
  add ("/measure/melanin of dark skin", NULL, test_dark_melanin);
  add ("/measure/lab", NULL, test_lab);
  add ("/measure/flags", NULL, test_flags);
  add ("/measure/flag-words", NULL, test_flag_words);
  add ("/measure/alone", NULL, test_alone);
  add ("/measure/hostile", NULL, test_hostile);
  add ("/measure/empty", NULL, test_empty);
  add ("/measure/errors", NULL, test_errors);
  return g_test_run ();
}
