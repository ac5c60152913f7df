/* Pockmark: the detection as a whole, on drawn skin
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A handful of spots and hollows of known place on flat skin: what these tests
 * ask is that the pipeline finds them, behaves under symmetry and bad input,
 * and never what a threshold should be: that is for tests/accuracy.
 */

#include <math.h>
#include <string.h>

#include "pockmark-stages.h"

#define SIDE 400
#define SCALE 10.0 /* pixels per mm */

typedef struct
{
  gfloat        x, y, radius; /* pixels */
  PockmarkClass klass;
} Drawn;

static const Drawn drawn[] = {
  { 90, 80, 18, POCKMARK_RED_MARK },    { 300, 90, 14, POCKMARK_RED_MARK },
  { 80, 300, 16, POCKMARK_BROWN_MARK }, { 310, 310, 12, POCKMARK_BROWN_MARK },
  { 200, 200, 22, POCKMARK_CRATER },    { 200, 80, 5, POCKMARK_ICE_PICK },
};

/* Skin of about ITA 51 with 1 % noise, and the first n marks in it; the light
 * comes from the left (azimuth 180). */
static gfloat *
draw_marks (guint32 seed,
            guint   n)
{
  const PockmarkVectors *v = &pockmark_vectors_default;
  GRand  *rand = g_rand_new_with_seed (seed);
  gfloat *data = g_new (gfloat, SIDE * SIDE * 4);
  gint    x, y, c;
  guint   i;

  for (y = 0; y < SIDE; y++)
    for (x = 0; x < SIDE; x++)
      {
        gfloat amount[3] = { 0.45f, 0.9f, 0.23f };

        for (i = 0; i < n; i++)
          {
            const gfloat dx = ((gfloat) x + 0.5f - drawn[i].x) / drawn[i].radius;
            const gfloat dy = ((gfloat) y + 0.5f - drawn[i].y) / drawn[i].radius;
            const gfloat g = expf (-0.7f * (dx * dx + dy * dy));

            if (drawn[i].klass == POCKMARK_RED_MARK)
              amount[0] += 0.5f * g;
            else if (drawn[i].klass == POCKMARK_BROWN_MARK)
              amount[1] += 0.6f * g;
            else if (drawn[i].klass == POCKMARK_CRATER)
              amount[2] += -0.45f * dx * g + 0.06f * g;
            else
              amount[2] += 0.7f * g - 0.3f * dx * g;
          }
        for (c = 0; c < 3; c++)
          data[(y * SIDE + x) * 4 + c]
              = expf (-amount[0] * v->hemoglobin[c] - amount[1] * v->melanin[c]
                      - amount[2]
                      + (gfloat) g_rand_double_range (rand, -0.015, 0.015));
        data[(y * SIDE + x) * 4 + 3] = 1.0f;
      }
  g_rand_free (rand);
  return data;
}

static gfloat *
draw_skin (guint32 seed)
{
  return draw_marks (seed, G_N_ELEMENTS (drawn));
}

static gfloat *
draw_smooth_skin (guint32 seed)
{
  return draw_marks (seed, 0);
}

static PockmarkDetection *
detect (const gfloat *data,
        gint          width,
        gint          height,
        gdouble       azimuth,
        GError      **error)
{
  PockmarkPixels     pixels = { width, height, data };
  PockmarkSource     source = pockmark_source_from_pixels (&pixels);
  PockmarkParameters parameters;

  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = SCALE;
  parameters.light_azimuth = azimuth;
  return pockmark_detect (&source, &parameters, NULL, error);
}

static gboolean
found (const PockmarkDetection *detection,
       gfloat                   x,
       gfloat                   y,
       gfloat                   tolerance,
       PockmarkClass            klass)
{
  const GArray *findings = pockmark_detection_findings (detection);
  guint         i;

  for (i = 0; i < findings->len; i++)
    {
      const PockmarkFinding *f = &g_array_index (findings, PockmarkFinding, i);

      if (f->klass == klass && hypotf (f->x - x, f->y - y) < tolerance)
        return TRUE;
    }
  return FALSE;
}

static void
test_finds_what_is_drawn (void)
{
  g_autofree gfloat *data = draw_skin (1);
  g_autoptr (PockmarkDetection) detection = detect (data, SIDE, SIDE, 180.0, NULL);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (drawn); i++)
    if (! found (detection, drawn[i].x, drawn[i].y,
                 0.5f * drawn[i].radius + 0.35f * (gfloat) SCALE,
                 drawn[i].klass))
      g_error ("%s at %g, %g was not found", pockmark_class_word (drawn[i].klass),
               drawn[i].x, drawn[i].y);
  g_assert_cmpuint (pockmark_detection_findings (detection)->len, <=,
                    G_N_ELEMENTS (drawn) + 1);
}

/* What is found turns with the picture, its centre to within a quarter of its
 * width and 0.35 mm; the light is turned with it. */
static void
test_turns_with_the_picture (void)
{
  g_autofree gfloat *data = draw_skin (2);
  g_autofree gfloat *turned = g_new (gfloat, SIDE * SIDE * 4);
  g_autoptr (PockmarkDetection) detection = detect (data, SIDE, SIDE, 180.0, NULL);
  g_autoptr (PockmarkDetection) other = NULL;
  const GArray *findings = pockmark_detection_findings (detection);
  gint  x, y;
  guint i;

  /* A quarter turn counter-clockwise: (x, y) goes to (y, SIDE - x). */
  for (y = 0; y < SIDE; y++)
    for (x = 0; x < SIDE; x++)
      memcpy (turned + ((SIDE - 1 - x) * SIDE + y) * 4,
              data + (y * SIDE + x) * 4, 4 * sizeof (gfloat));
  other = detect (turned, SIDE, SIDE, 270.0, NULL);
  for (i = 0; i < findings->len; i++)
    {
      const PockmarkFinding *f = &g_array_index (findings, PockmarkFinding, i);

      /* What is hardly shown may fall just short of it. */
      if (f->confidence > 0.6f)
        g_assert_true (found (other, f->y, SIDE - f->x,
                              0.25f * f->diameter + 0.35f * (gfloat) SCALE,
                              f->klass));
    }
}

/* Narrow hollows all over, lit from the left like the rest. */
static void
add_pores (gfloat *data,
           gint    count)
{
  GRand *rand = g_rand_new_with_seed (9);
  gint   i, x, y, c;

  for (i = 0; i < count; i++)
    {
      const gint cx = g_rand_int_range (rand, 12, SIDE - 12);
      const gint cy = g_rand_int_range (rand, 12, SIDE - 12);

      for (y = cy - 8; y <= cy + 8; y++)
        for (x = cx - 8; x <= cx + 8; x++)
          {
            const gfloat dx = (gfloat) (x - cx) / 2.5f;
            const gfloat dy = (gfloat) (y - cy) / 2.5f;
            const gfloat light = 0.2f * dx * expf (-0.7f * (dx * dx + dy * dy));

            for (c = 0; c < 3; c++)
              data[(y * SIDE + x) * 4 + c] *= expf (light);
          }
    }
  g_rand_free (rand);
}

/* Makes the skin brighter towards the left, by so much density a pixel. */
static void
add_fall (gfloat *data,
          gfloat  fall)
{
  gint x, y, c;

  for (y = 0; y < SIDE; y++)
    for (x = 0; x < SIDE; x++)
      for (c = 0; c < 3; c++)
        data[(y * SIDE + x) * 4 + c] *= expf (fall * (gfloat) (SIDE / 2 - x));
}

static void
assert_light_from_the_left (const gfloat *data)
{
  g_autoptr (PockmarkDetection) detection = detect (data, SIDE, SIDE, -1.0, NULL);
  gdouble azimuth;

  g_assert_cmpint (pockmark_detection_light (detection, &azimuth), ==,
                   POCKMARK_LIGHT_ESTIMATED);
  g_assert_cmpfloat (fabs (azimuth - 180.0), <, 20.0);
}

static void
test_estimates_the_light (void)
{
  g_autofree gfloat *data = draw_skin (3);
  g_autofree gfloat *uneven = g_memdup2 (data, SIDE * SIDE * 4 * sizeof (gfloat));
  g_autofree gfloat *smooth = draw_smooth_skin (3);
  g_autoptr (PockmarkDetection) detection = detect (smooth, SIDE, SIDE, -1.0, NULL);
  gdouble azimuth;

  /* Nothing tells where the light is: no claim. */
  g_assert_cmpint (pockmark_detection_light (detection, &azimuth), ==,
                   POCKMARK_LIGHT_UNKNOWN);
  add_pores (data, 250);
  assert_light_from_the_left (data);
  add_fall (uneven, 0.0015f);
  assert_light_from_the_left (uneven);
}

static void
test_map_agrees_with_findings (void)
{
  g_autofree gfloat *data = draw_skin (4);
  g_autofree gfloat *map = g_new (gfloat, SIDE * SIDE * 4);
  g_autofree gfloat *part = g_new (gfloat, 64 * 32 * 4);
  g_autoptr (PockmarkDetection) detection = detect (data, SIDE, SIDE, 180.0, NULL);
  const GArray *findings = pockmark_detection_findings (detection);
  PockmarkRect  whole = { 0, 0, SIDE, SIDE };
  PockmarkRect  rect = { 0, 0, 64, 32 };
  gint          y;
  guint         i;

  pockmark_detection_render (detection, &whole, map, SIDE * 4);
  for (i = 0; i < findings->len; i++)
    {
      const PockmarkFinding *f = &g_array_index (findings, PockmarkFinding, i);
      const gfloat *p = map + ((gint) f->y * SIDE + (gint) f->x) * 4;

      g_assert_cmpfloat (p[0], ==, (gfloat) f->number);
      g_assert_cmpfloat (p[1], ==, (gfloat) f->klass);
      g_assert_cmpfloat (p[2], ==, f->confidence);
    }
  for (rect.y = -16; rect.y + 32 < SIDE; rect.y += 57)
    for (rect.x = 0; rect.x + 64 < SIDE; rect.x += 91)
      {
        pockmark_detection_render (detection, &rect, part, 64 * 4);
        for (y = MAX (0, -rect.y); y < 32; y++)
          g_assert_cmpmem (part + y * 64 * 4, 64 * 4 * sizeof (gfloat),
                           map + ((rect.y + y) * SIDE + rect.x) * 4,
                           64 * 4 * sizeof (gfloat));
      }
}

static void
test_tiny_and_flat (void)
{
  const gint sizes[][2] = { { 1, 1 }, { 1, 50 }, { 50, 1 }, { 3, 3 }, { 17, 9 } };
  gfloat     data[50 * 50 * 4];
  guint      i;

  for (i = 0; i < 50 * 50; i++)
    {
      data[4 * i] = 0.5f;
      data[4 * i + 1] = 0.35f;
      data[4 * i + 2] = 0.28f;
      data[4 * i + 3] = 1.0f;
    }
  for (i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      GError *error = NULL;
      g_autoptr (PockmarkDetection) detection
          = detect (data, sizes[i][0], sizes[i][1], -1.0, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (pockmark_detection_findings (detection)->len, ==, 0);
    }
}

static void
test_noise_and_nonsense (void)
{
  GRand *rand = g_rand_new_with_seed (5);
  g_autofree gfloat *data = g_new (gfloat, 90 * 70 * 4);
  gint i;

  for (i = 0; i < 90 * 70 * 4; i++)
    {
      const guint32 kind = g_rand_int (rand) % 20;

      data[i] = (gfloat) g_rand_double_range (rand, -0.5, 1.5);
      if (kind == 0)
        data[i] = NAN;
      else if (kind == 1)
        data[i] = INFINITY;
      else if (kind == 2)
        data[i] = -INFINITY;
      else if (kind == 3)
        data[i] = 1e-40f;
    }
  g_rand_free (rand);
  {
    GError *error = NULL;
    g_autoptr (PockmarkDetection) detection = detect (data, 90, 70, -1.0, &error);

    g_assert_no_error (error);
    g_assert_nonnull (detection);
  }
}

static void
test_bad_parameters (void)
{
  gfloat             pixel[4] = { 0.5f, 0.4f, 0.3f, 1.0f };
  PockmarkPixels     pixels = { 1, 1, pixel };
  PockmarkSource     source = pockmark_source_from_pixels (&pixels);
  PockmarkParameters bad[4];
  guint              i;

  for (i = 0; i < 4; i++)
    pockmark_parameters_init (&bad[i]);
  bad[0].pixels_per_mm = -1.0;
  bad[1].sensitivity = 1.5;
  bad[2].light_azimuth = NAN;
  memset (&bad[3].vectors, 0, sizeof bad[3].vectors);
  for (i = 0; i < 4; i++)
    {
      GError *error = NULL;

      g_assert_null (pockmark_detect (&source, &bad[i], NULL, &error));
      g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER);
      g_clear_error (&error);
    }
}

static gboolean
stop_at (gdouble  fraction,
         gpointer data)
{
  return fraction < *(gdouble *) data;
}

static void
test_cancel (void)
{
  g_autofree gfloat *data = draw_skin (6);
  PockmarkPixels     pixels = { SIDE, SIDE, data };
  PockmarkSource     source = pockmark_source_from_pixels (&pixels);
  PockmarkParameters parameters;
  gdouble            at;

  pockmark_parameters_init (&parameters);
  for (at = 0.0; at <= 1.0; at += 0.2)
    {
      PockmarkHost host = { .progress = stop_at, .user_data = &at };
      GError      *error = NULL;

      g_assert_null (pockmark_detect (&source, &parameters, &host, &error));
      g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_CANCELLED);
      g_clear_error (&error);
    }
}

static gboolean
fail_to_read (const PockmarkRect *rect,
              gfloat             *pixels G_GNUC_UNUSED,
              gpointer            data G_GNUC_UNUSED,
              GError            **error)
{
  if (rect->y > 20)
    {
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_IO, "gone");
      return FALSE;
    }
  memset (pixels, 0, (gsize) rect->width * rect->height * 4 * sizeof (gfloat));
  return TRUE;
}

static void
test_unreadable (void)
{
  PockmarkSource     source = { .width = 4000, .height = 4000,
                                .read = fail_to_read };
  PockmarkParameters parameters;
  GError            *error = NULL;

  pockmark_parameters_init (&parameters);
  g_assert_null (pockmark_detect (&source, &parameters, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_IO);
  g_clear_error (&error);
}

/* One analysis serves every sensitivity, in any order, as if each had been
 * detected alone; and a box holds all of its finding. */
static void
test_two_steps (void)
{
  static const gdouble sensitivities[] = { 1.0, 0.0, 0.5 };
  const PockmarkRect   whole = { 0, 0, SIDE, SIDE };
  g_autofree gfloat   *data = draw_skin (5);
  PockmarkPixels       pixels = { SIDE, SIDE, data };
  PockmarkSource       source = pockmark_source_from_pixels (&pixels);
  PockmarkParameters   parameters;
  g_autoptr (PockmarkAnalysis) analysis = NULL;
  gsize                i;

  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = SCALE;
  analysis = pockmark_analysis_new (&source, &parameters, NULL, NULL);
  g_assert_nonnull (analysis);
  for (i = 0; i < G_N_ELEMENTS (sensitivities); i++)
    {
      g_autoptr (PockmarkDetection) one = NULL;
      g_autoptr (PockmarkDetection) two = NULL;
      g_autofree gfloat *first = g_new (gfloat, SIDE * SIDE * 4);
      g_autofree gfloat *second = g_new (gfloat, SIDE * SIDE * 4);
      gint               x, y;

      parameters.sensitivity = sensitivities[i];
      one = pockmark_detect (&source, &parameters, NULL, NULL);
      two = pockmark_analysis_choose (analysis, sensitivities[i], NULL, NULL);
      g_assert_nonnull (two);
      pockmark_detection_render (one, &whole, first, SIDE * 4);
      pockmark_detection_render (two, &whole, second, SIDE * 4);
      g_assert_cmpmem (first, SIDE * SIDE * 16, second, SIDE * SIDE * 16);
      for (y = 0; y < SIDE; y++)
        for (x = 0; x < SIDE; x++)
          {
            const guint  number = (guint) second[4 * (y * SIDE + x)];
            PockmarkRect box;

            if (number == 0)
              continue;
            box = pockmark_detection_box (two, number - 1);
            g_assert_true (x >= box.x && x < box.x + box.width && y >= box.y
                           && y < box.y + box.height);
          }
    }
}

/* ---- In tiles ---- */

/* So many drawn pieces of skin a side: more than is looked at as a whole. */
#define PIECES 3
#define WIDE (PIECES * SIDE)

static gfloat *
draw_wide_skin (void)
{
  g_autofree gfloat *piece = draw_skin (7);
  gfloat            *data = g_new (gfloat, WIDE * WIDE * 4);
  gint               x, y;

  for (y = 0; y < WIDE; y++)
    for (x = 0; x < WIDE; x += SIDE)
      memcpy (data + ((gsize) y * WIDE + x) * 4,
              piece + (gsize) (y % SIDE) * SIDE * 4, SIDE * 4 * sizeof (gfloat));
  return data;
}

/* The work in parts, as threads would have it. */
static void
in_parts (gsize        n,
          gsize        grain,
          PockmarkWork work,
          gpointer     work_data,
          gpointer     user_data G_GNUC_UNUSED)
{
  const gsize half = n / 2;

  if (half < grain)
    work (0, n, work_data);
  else
    {
      work (half, n - half, work_data);
      work (0, half, work_data);
    }
}

static gboolean
has_finding (const GArray          *findings,
             const PockmarkFinding *wanted)
{
  guint i;

  for (i = 0; i < findings->len; i++)
    {
      const PockmarkFinding *f = &g_array_index (findings, PockmarkFinding, i);

      if (f->klass == wanted->klass
          && hypotf (f->x - wanted->x, f->y - wanted->y)
                 < 0.3f * wanted->diameter
          && fabsf (f->diameter - wanted->diameter) < 0.2f * wanted->diameter)
        return TRUE;
    }
  return FALSE;
}

static guint
count_shared (const GArray *findings,
              const GArray *others)
{
  guint i, n = 0;

  for (i = 0; i < findings->len; i++)
    n += has_finding (others, &g_array_index (findings, PockmarkFinding, i));
  return n;
}

/* What is found in tiles is what is found as a whole, at the borders of tiles
 * too, and the same whoever did which part of the work. */
static void
test_tiles (void)
{
  const PockmarkRect   rect = { 0, 0, WIDE, WIDE };
  g_autofree gfloat   *data = draw_wide_skin ();
  PockmarkPixels       pixels = { WIDE, WIDE, data };
  PockmarkSource       source = pockmark_source_from_pixels (&pixels);
  const PockmarkHost   host = { .parallel = in_parts };
  PockmarkParameters   parameters;
  g_autoptr (PockmarkAnalysis)  analysis = NULL, tiles = NULL;
  g_autoptr (PockmarkDetection) whole = NULL, one = NULL, two = NULL;
  g_autofree gfloat   *first = g_new (gfloat, WIDE * WIDE * 4);
  g_autofree gfloat   *second = g_new (gfloat, WIDE * WIDE * 4);
  const GArray        *all, *found;

  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = SCALE;
  analysis = pockmark_analysis_whole (&source, &parameters, NULL, NULL);
  whole = pockmark_analysis_choose (analysis, 0.5, NULL, NULL);
  one = pockmark_detect (&source, &parameters, NULL, NULL);
  tiles = pockmark_analysis_new (&source, &parameters, &host, NULL);
  g_assert_nonnull (tiles);
  g_assert_nonnull (tiles->judged);
  two = pockmark_analysis_choose (tiles, 0.5, &host, NULL);

  all = pockmark_detection_findings (whole);
  found = pockmark_detection_findings (one);
  g_assert_cmpuint (all->len, >=, 5 * PIECES * PIECES);
  g_assert_cmpuint (20 * count_shared (all, found), >=, 19 * all->len);
  g_assert_cmpuint (20 * count_shared (found, all), >=, 19 * found->len);

  pockmark_detection_render (one, &rect, first, WIDE * 4);
  pockmark_detection_render (two, &rect, second, WIDE * 4);
  g_assert_cmpmem (first, WIDE * WIDE * 16, second, WIDE * WIDE * 16);
}

/* Of a photograph in tiles, no finding leaves what is there, where a tile has
 * nothing at all too, and cancelling ends it at any place. */
static void
test_tiles_with_holes (void)
{
  const PockmarkRect   rect = { 0, 0, WIDE, WIDE };
  g_autofree gfloat   *data = draw_wide_skin ();
  PockmarkPixels       pixels = { WIDE, WIDE, data };
  PockmarkSource       source = pockmark_source_from_pixels (&pixels);
  PockmarkParameters   parameters;
  g_autoptr (PockmarkDetection) detection = NULL;
  g_autofree gfloat   *map = g_new (gfloat, WIDE * WIDE * 4);
  const gint           edge = 3 * SIDE / 2 + 100;
  gdouble              at;
  gint                 x, y;

  for (y = 0; y < WIDE; y++)
    for (x = 0; x < WIDE; x++)
      if (x >= edge || y < 90)
        data[(y * WIDE + x) * 4 + 3] = 0.0f;
  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = SCALE;
  parameters.sensitivity = 1.0;
  detection = pockmark_detect (&source, &parameters, NULL, NULL);
  g_assert_nonnull (detection);
  g_assert_cmpuint (pockmark_detection_findings (detection)->len, >, 0);
  pockmark_detection_render (detection, &rect, map, WIDE * 4);
  for (y = 0; y < WIDE; y++)
    for (x = 0; x < WIDE; x++)
      if (x >= edge || y < 90)
        g_assert_cmpfloat (map[(y * WIDE + x) * 4], ==, 0.0f);

  for (at = 0.1; at < 0.5; at += 0.2)
    {
      PockmarkHost host = { .progress = stop_at, .user_data = &at };
      GError      *error = NULL;

      g_assert_null (pockmark_detect (&source, &parameters, &host, &error));
      g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_CANCELLED);
      g_clear_error (&error);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/detect/drawn", test_finds_what_is_drawn);
  g_test_add_func ("/detect/turn", test_turns_with_the_picture);
  g_test_add_func ("/detect/light", test_estimates_the_light);
  g_test_add_func ("/detect/map", test_map_agrees_with_findings);
  g_test_add_func ("/detect/tiny-and-flat", test_tiny_and_flat);
  g_test_add_func ("/detect/nonsense", test_noise_and_nonsense);
  g_test_add_func ("/detect/bad-parameters", test_bad_parameters);
  g_test_add_func ("/detect/cancel", test_cancel);
  g_test_add_func ("/detect/unreadable", test_unreadable);
  g_test_add_func ("/detect/two-steps", test_two_steps);
  g_test_add_func ("/detect/tiles", test_tiles);
  g_test_add_func ("/detect/tiles/holes", test_tiles_with_holes);
  return g_test_run ();
}
