/* Pockmark: every kind of picture, through every part of the core
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sizes down to one pixel, contents that are no skin, values that are no light:
 * each picture goes through all that the header offers, which must answer with
 * numbers that make sense or with an error of ours.  And what must not change
 * the findings does not: turns, mirrors, scale, threads; nor a little memory.
 */

#include <math.h>
#include <string.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pockmark-core.h"

#define SIDE 320
#define SCALE 10.0

/* ---- Drawn skin ----------------------------------------------------------- */

typedef struct
{
  gfloat        x, y, radius; /* mm */
  PockmarkClass klass;
} Drawn;

static const Drawn drawn[] = {
  { 7, 6, 1.8f, POCKMARK_RED_MARK },   { 24, 8, 1.5f, POCKMARK_RED_MARK },
  { 6, 24, 1.6f, POCKMARK_BROWN_MARK }, { 26, 25, 1.4f, POCKMARK_BROWN_MARK },
  { 16, 16, 2.2f, POCKMARK_CRATER },
};

/* A square picture of side pixels, lit from the left. */
static gfloat *
draw_skin (gint side)
{
  const PockmarkVectors *v = &pockmark_vectors_default;
  const gfloat           mm = 32.0f / (gfloat) side;
  gfloat                *data = g_new (gfloat, 4 * (gsize) side * (gsize) side);
  gint                   x, y, c;
  guint                  i;

  for (y = 0; y < side; y++)
    for (x = 0; x < side; x++)
      {
        gfloat  amount[3] = { 0.45f, 0.9f, 0.23f };
        gfloat *pixel = data + 4 * ((gsize) y * (gsize) side + (gsize) x);

        for (i = 0; i < G_N_ELEMENTS (drawn); i++)
          {
            const gfloat dx = (((gfloat) x + 0.5f) * mm - drawn[i].x) / drawn[i].radius;
            const gfloat dy = (((gfloat) y + 0.5f) * mm - drawn[i].y) / drawn[i].radius;
            const gfloat g = expf (-0.7f * (dx * dx + dy * dy));

            if (drawn[i].klass == POCKMARK_RED_MARK)
              amount[0] += 0.5f * g;
            else if (drawn[i].klass == POCKMARK_BROWN_MARK)
              amount[1] += 0.6f * g;
            else
              amount[2] += -0.45f * dx * g + 0.06f * g;
          }
        /* A grain that is the same at every scale. */
        amount[2] += 0.006f * sinf (9.0f * (gfloat) x * mm) * sinf (7.0f * (gfloat) y * mm);
        for (c = 0; c < 3; c++)
          pixel[c] = expf (-amount[0] * v->hemoglobin[c]
                           - amount[1] * v->melanin[c] - amount[2]);
        pixel[3] = 1.0f;
      }
  return data;
}

static PockmarkDetection *
detect (const gfloat       *data,
        gint                side,
        gdouble             azimuth,
        const PockmarkHost *host)
{
  PockmarkPixels     pixels = { side, side, data };
  PockmarkSource     source = pockmark_source_from_pixels (&pixels);
  PockmarkParameters parameters;
  PockmarkDetection *detection;
  GError            *error = NULL;

  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = SCALE * side / SIDE;
  parameters.light_azimuth = azimuth;
  detection = pockmark_detect (&source, &parameters, host, &error);
  g_assert_no_error (error);
  return detection;
}

/* Whether a finding of the class lies within 0.4 of its width of a place in
 * pixels. */
static gboolean
finds (const PockmarkDetection *detection,
       gfloat                   x,
       gfloat                   y,
       gfloat                   diameter,
       PockmarkClass            klass)
{
  const GArray *findings = pockmark_detection_findings (detection);
  guint         i;

  for (i = 0; i < findings->len; i++)
    {
      const PockmarkFinding *f = &g_array_index (findings, PockmarkFinding, i);

      if (f->klass == klass && hypotf (f->x - x, f->y - y) < 0.4f * diameter + 2.0f)
        return TRUE;
    }
  return FALSE;
}

/* ---- What must not change the findings ------------------------------------ */

/* Where the pixel (x, y) goes in symmetry s: bit 0 mirrors left and right, bit
 * 1 top and bottom, bit 2 swaps x and y after that. */
static void
move (guint   s,
      gfloat *x,
      gfloat *y,
      gfloat  last)
{
  gfloat t;

  if (s & 1)
    *x = last - *x;
  if (s & 2)
    *y = last - *y;
  if (s & 4)
    {
      t = *x;
      *x = *y;
      *y = t;
    }
}

static void
test_symmetry (void)
{
  g_autofree gfloat *data = draw_skin (SIDE);
  g_autofree gfloat *moved = g_new (gfloat, 4 * SIDE * SIDE);
  g_autoptr (PockmarkDetection) detection = detect (data, SIDE, 180.0, NULL);
  const GArray *findings = pockmark_detection_findings (detection);
  guint         s, i, tried = 0;
  gint          x, y;

  for (i = 0; i < G_N_ELEMENTS (drawn); i++)
    g_assert_true (finds (detection, drawn[i].x * (gfloat) SCALE,
                          drawn[i].y * (gfloat) SCALE,
                          20.0f * drawn[i].radius, drawn[i].klass));
  for (s = 1; s < 8; s++)
    {
      g_autoptr (PockmarkDetection) other = NULL;
      gfloat  lx = -1.0f, ly = 0.0f; /* towards the light, y down */
      gdouble azimuth;

      for (y = 0; y < SIDE; y++)
        for (x = 0; x < SIDE; x++)
          {
            gfloat tx = (gfloat) x, ty = (gfloat) y;

            move (s, &tx, &ty, SIDE - 1);
            memcpy (moved + 4 * ((gint) ty * SIDE + (gint) tx),
                    data + 4 * (y * SIDE + x), 4 * sizeof (gfloat));
          }
      move (s, &lx, &ly, 0.0f);
      azimuth = fmod (atan2 (-ly, lx) * 180.0 / G_PI + 360.0, 360.0);
      other = detect (moved, SIDE, azimuth, NULL);
      for (i = 0; i < findings->len; i++)
        {
          const PockmarkFinding *f = &g_array_index (findings, PockmarkFinding, i);
          gfloat fx = f->x, fy = f->y;

          move (s, &fx, &fy, SIDE);
          g_assert_true (finds (other, fx, fy, f->diameter, f->klass));
          tried++;
        }
    }
  g_test_message ("faults: findings turned and mirrored tried %u survived %u",
                  tried, tried);
}

/* The same skin from nearer and from farther. */
static void
test_scale (void)
{
  static const gint sides[] = { SIDE * 3 / 4, SIDE, SIDE * 2, SIDE * 3 };
  guint             i, k, tried = 0;

  for (k = 0; k < G_N_ELEMENTS (sides); k++)
    {
      const gfloat       mm = (gfloat) sides[k] / 32.0f;
      g_autofree gfloat *data = draw_skin (sides[k]);
      g_autoptr (PockmarkDetection) detection
          = detect (data, sides[k], 180.0, NULL);

      g_assert_cmpuint (pockmark_detection_findings (detection)->len, <=,
                        G_N_ELEMENTS (drawn) + 1);
      for (i = 0; i < G_N_ELEMENTS (drawn); i++, tried++)
        if (! finds (detection, drawn[i].x * mm, drawn[i].y * mm,
                     2.0f * drawn[i].radius * mm, drawn[i].klass))
          g_error ("at %d pixels %s %u is not found", sides[k],
                   pockmark_class_word (drawn[i].klass), i);
    }
  g_test_message ("faults: findings at other scales tried %u survived %u", tried,
                  tried);
}

typedef struct
{
  PockmarkWork work;
  gpointer     work_data;
  gsize        first;
  gsize        count;
} Part;

static gpointer
run_part (gpointer data)
{
  const Part *part = data;

  part->work (part->first, part->count, part->work_data);
  return NULL;
}

/* As many threads as user_data says, begun from the last on. */
static void
run_parallel (gsize        n,
              gsize        grain,
              PockmarkWork work,
              gpointer     work_data,
              gpointer     user_data)
{
  const gsize most = GPOINTER_TO_SIZE (user_data);
  const gsize threads = CLAMP (n / MAX (grain, 1), 1, most);
  GThread    *thread[8];
  Part        part[8];
  gsize       i;

  for (i = threads; i-- > 0;)
    {
      part[i] = (Part) { work, work_data, n * i / threads,
                         n * (i + 1) / threads - n * i / threads };
      thread[i] = g_thread_new (NULL, run_part, &part[i]);
    }
  for (i = 0; i < threads; i++)
    g_thread_join (thread[i]);
}

static void
test_threads (void)
{
  static const gsize threads[] = { 2, 3, 8 };
  const PockmarkRect whole = { 0, 0, SIDE, SIDE };
  g_autofree gfloat *data = draw_skin (SIDE);
  g_autofree gfloat *one = g_new (gfloat, 4 * SIDE * SIDE);
  g_autofree gfloat *many = g_new (gfloat, 4 * SIDE * SIDE);
  g_autoptr (PockmarkDetection) detection = detect (data, SIDE, -1.0, NULL);
  guint i;

  pockmark_detection_render (detection, &whole, one, 4 * SIDE);
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      const PockmarkHost host = { .parallel = run_parallel,
                                  .user_data = GSIZE_TO_POINTER (threads[i]) };
      g_autoptr (PockmarkDetection) other = detect (data, SIDE, -1.0, &host);

      pockmark_detection_render (other, &whole, many, 4 * SIDE);
      g_assert_cmpmem (one, 16 * SIDE * SIDE, many, 16 * SIDE * SIDE);
    }
}

/* ---- Contents ------------------------------------------------------------- */

typedef void (*Paint) (gint    x,
                       gint    y,
                       gint    width,
                       gint    height,
                       GRand  *rand,
                       gfloat  pixel[4]);

static void
paint_skin (gfloat *pixel)
{
  pixel[0] = 0.57f;
  pixel[1] = 0.38f;
  pixel[2] = 0.27f;
  pixel[3] = 1.0f;
}

static void
paint_constant (gint x G_GNUC_UNUSED, gint y G_GNUC_UNUSED,
                gint width G_GNUC_UNUSED, gint height G_GNUC_UNUSED,
                GRand *rand G_GNUC_UNUSED, gfloat pixel[4])
{
  paint_skin (pixel);
}

static void
paint_noise (gint x G_GNUC_UNUSED, gint y G_GNUC_UNUSED,
             gint width G_GNUC_UNUSED, gint height G_GNUC_UNUSED, GRand *rand,
             gfloat pixel[4])
{
  paint_skin (pixel);
  if (g_rand_boolean (rand))
    pixel[0] = pixel[1] = pixel[2] = (gfloat) g_rand_double (rand);
}

static void
paint_checkerboard (gint x, gint y, gint width G_GNUC_UNUSED,
                    gint height G_GNUC_UNUSED, GRand *rand G_GNUC_UNUSED,
                    gfloat pixel[4])
{
  paint_skin (pixel);
  if ((x ^ y) & 1)
    pixel[1] *= 0.5f;
}

static void
paint_spiral (gint x, gint y, gint width, gint height,
              GRand *rand G_GNUC_UNUSED, gfloat pixel[4])
{
  const gfloat dx = (gfloat) x - 0.5f * (gfloat) width;
  const gfloat dy = (gfloat) y - 0.5f * (gfloat) height;

  paint_skin (pixel);
  if (sinf (hypotf (dx, dy) - atan2f (dy, dx)) > 0.0f)
    pixel[0] = pixel[1] = pixel[2] = 0.1f;
}

static void
paint_all_lesion (gint x, gint y, gint width G_GNUC_UNUSED,
                  gint height G_GNUC_UNUSED, GRand *rand G_GNUC_UNUSED,
                  gfloat pixel[4])
{
  paint_skin (pixel);
  pixel[1] *= 0.45f + 0.02f * (gfloat) ((x + y) % 3);
  pixel[2] *= 0.5f;
}

static void
paint_black (gint x G_GNUC_UNUSED, gint y G_GNUC_UNUSED,
             gint width G_GNUC_UNUSED, gint height G_GNUC_UNUSED,
             GRand *rand G_GNUC_UNUSED, gfloat pixel[4])
{
  pixel[0] = pixel[1] = pixel[2] = 0.0f;
  pixel[3] = 1.0f;
}

static void
paint_not_there (gint x G_GNUC_UNUSED, gint y G_GNUC_UNUSED,
                 gint width G_GNUC_UNUSED, gint height G_GNUC_UNUSED,
                 GRand *rand G_GNUC_UNUSED, gfloat pixel[4])
{
  paint_skin (pixel);
  pixel[3] = 0.0f;
}

static void
paint_specials (gint x, gint y, gint width G_GNUC_UNUSED,
                gint height G_GNUC_UNUSED, GRand *rand, gfloat pixel[4])
{
  static const gfloat values[] = { NAN, INFINITY, -INFINITY, 1e-40f, -1e-40f,
                                   -0.0f, 3.4e38f, -3.4e38f, 7.5f, -0.25f };

  paint_skin (pixel);
  if ((x + y) % 5 == 0)
    pixel[g_rand_int_range (rand, 0, 3)]
        = values[g_rand_int_range (rand, 0, G_N_ELEMENTS (values))];
}

static void
paint_denormals (gint x G_GNUC_UNUSED, gint y G_GNUC_UNUSED,
                 gint width G_GNUC_UNUSED, gint height G_GNUC_UNUSED,
                 GRand *rand, gfloat pixel[4])
{
  gint c;

  for (c = 0; c < 3; c++)
    pixel[c] = (gfloat) g_rand_int_range (rand, 1, 1000) * 1e-42f;
  pixel[3] = 1.0f;
}

static void
paint_any_bits (gint x G_GNUC_UNUSED, gint y G_GNUC_UNUSED,
                gint width G_GNUC_UNUSED, gint height G_GNUC_UNUSED,
                GRand *rand, gfloat pixel[4])
{
  gint c;

  for (c = 0; c < 4; c++)
    {
      const guint32 bits = g_rand_int (rand);

      memcpy (&pixel[c], &bits, sizeof bits);
    }
}

static const struct
{
  const gchar *name;
  Paint        paint;
} contents[] = {
  { "constant", paint_constant },     { "half noise", paint_noise },
  { "checkerboard", paint_checkerboard }, { "spiral", paint_spiral },
  { "all lesion", paint_all_lesion }, { "black", paint_black },
  { "not there", paint_not_there },   { "NaN, infinity, out of gamut", paint_specials },
  { "denormals", paint_denormals },   { "any bits", paint_any_bits },
};

static const gint sizes[][2] = {
  { 1, 1 }, { 1, 2 }, { 1, 97 }, { 97, 1 }, { 2, 2 }, { 3, 3 }, { 5, 4 },
  { 8, 7 }, { 16, 15 }, { 33, 2 }, { 3, 64 }, { 96, 80 },
};

static void
check_error (gboolean success,
             GError **error)
{
  if (success)
    g_assert_no_error (*error);
  else
    g_assert_true ((*error)->domain == POCKMARK_ERROR
                   && g_str_has_suffix ((*error)->message, "."));
  g_clear_error (error);
}

static void
measure_all (const PockmarkDetection  *detection,
             const PockmarkSource     *source,
             const PockmarkParameters *parameters)
{
  const gsize        n = (gsize) source->width * (gsize) source->height;
  const PockmarkRect whole = { 0, 0, source->width, source->height };
  g_autofree gfloat *map = g_new (gfloat, 4 * n);
  PockmarkPixels     pixels = { source->width, source->height, map };
  PockmarkSource     lesions = pockmark_source_from_pixels (&pixels);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) measured = NULL;
  g_autoptr (PockmarkMarks) marks = NULL;
  guint              i;

  pockmark_detection_render (detection, &whole, map, 4 * (gsize) source->width);
  measured = pockmark_measure (&lesions, source, parameters, NULL, &error);
  check_error (measured != NULL, &error);
  for (i = 0; measured && i < measured->len; i++)
    {
      const PockmarkLesion *lesion = &g_array_index (measured, PockmarkLesion, i);

      g_assert_true (lesion->area >= 1.0 && lesion->area <= (gdouble) n);
      g_assert_true (lesion->circularity > 0.0 && lesion->circularity <= 1.0);
      g_assert_true (lesion->solidity > 0.0 && lesion->solidity <= 1.0);
    }
  marks = pockmark_marks_from_map (&lesions, &error);
  check_error (marks != NULL, &error);
}

static void
try_all (const gfloat *data,
         gint          width,
         gint          height,
         gdouble       pixels_per_mm,
         gboolean      whole_is_skin)
{
  const gsize          n = (gsize) width * (gsize) height;
  const PockmarkRect   whole = { 0, 0, width, height };
  const PockmarkRednessStyle style = { POCKMARK_SHOW_CONTOURS, TRUE, 0.8 };
  PockmarkPixels       pixels = { width, height, data };
  PockmarkSource       source = pockmark_source_from_pixels (&pixels);
  g_autofree gfloat   *out = g_new (gfloat, 4 * n);
  g_autoptr (GError)   error = NULL;
  g_autoptr (PockmarkDetection)  detection = NULL;
  g_autoptr (PockmarkSkin)       skin = NULL;
  g_autoptr (PockmarkComparison) comparison = NULL;
  PockmarkParameters   parameters;
  PockmarkRuler        ruler;
  gsize                i;

  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = pixels_per_mm;
  parameters.sensitivity = 1.0;
  parameters.whole_is_skin = whole_is_skin;
  detection = pockmark_detect (&source, &parameters, NULL, &error);
  check_error (detection != NULL, &error);
  if (detection)
    measure_all (detection, &source, &parameters);

  skin = pockmark_skin_new (&source, &parameters, NULL, &error);
  check_error (skin != NULL, &error);
  if (skin)
    {
      pockmark_redness_value (skin, TRUE, &whole, out);
      for (i = 0; i < n; i++)
        g_assert_true (out[i] >= 0.0f && out[i] <= 1.0f);
      g_assert_true (skin->pixels == 0.0
                     || (isfinite (skin->redness_mean)
                         && isfinite (skin->redness_area_percent)));
      pockmark_redness_paint (skin, &style, &whole, data, out);
    }
  check_error (pockmark_ruler_find (&source, NULL, &ruler, &error), &error);
  /* Looking for a turn takes long whatever the size. */
  if (! whole_is_skin || (width != height && n < 4096))
    return;
  comparison = pockmark_compare (&source, &parameters, &source, &parameters, NULL,
                                 NULL, &error);
  check_error (comparison != NULL, &error);
}

static void
test_contents (gconstpointer data)
{
  const guint which = GPOINTER_TO_UINT (data);
  GRand      *rand = g_rand_new_with_seed (which);
  guint       i, tried = 0;
  gint        x, y;

  for (i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const gint         width = sizes[i][0], height = sizes[i][1];
      g_autofree gfloat *pixels
          = g_new (gfloat, 4 * (gsize) width * (gsize) height);

      for (y = 0; y < height; y++)
        for (x = 0; x < width; x++)
          contents[which].paint (x, y, width, height, rand,
                                 pixels + 4 * (y * width + x));
      try_all (pixels, width, height, 0.0, FALSE);
      try_all (pixels, width, height, 6.0, TRUE);
      tried += 2;
    }
  g_rand_free (rand);
  g_test_message ("faults: pictures that are no photograph tried %u survived %u",
                  tried, tried);
}

/* ---- A large picture and little memory ------------------------------------- */

#define LARGE_WIDTH 12000
#define LARGE_HEIGHT 8000
#define LARGE_MIB 450

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED TRUE
#else
#define SANITIZED FALSE
#endif

/* Skin with a red mark every 400 pixels. */
static gboolean
read_large (const PockmarkRect *rect,
            gfloat             *pixels,
            gpointer            data G_GNUC_UNUSED,
            GError            **error G_GNUC_UNUSED)
{
  gint x, y;

  for (y = 0; y < rect->height; y++)
    for (x = 0; x < rect->width; x++, pixels += 4)
      {
        const gint dx = (rect->x + x) % 400 - 200, dy = (rect->y + y) % 400 - 200;

        paint_skin (pixels);
        if (dx * dx + dy * dy < 60 * 60)
          pixels[1] *= 0.75f;
        else
          pixels[1] *= 1.0f + 0.01f * (gfloat) ((x * 7 + y * 13) % 16) / 16.0f;
      }
  return TRUE;
}

/* In a process of its own: 0 where it found something, 1 where it says that
 * memory is short, else 2. */
static gint
detect_large (gsize mib)
{
  PockmarkSource     source = { .width = LARGE_WIDTH, .height = LARGE_HEIGHT,
                                .read = read_large };
  PockmarkParameters parameters;
  const pid_t        child = fork ();
  gint               status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      const struct rlimit limit = { mib << 20, mib << 20 };
      GError             *error = NULL;
      PockmarkDetection  *detection;

      pockmark_parameters_init (&parameters);
      parameters.pixels_per_mm = 60.0;
      parameters.whole_is_skin = TRUE;
      if (setrlimit (RLIMIT_AS, &limit) != 0)
        _exit (3);
      detection = pockmark_detect (&source, &parameters, NULL, &error);
      if (! detection)
        _exit (g_error_matches (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY) ? 1 : 2);
      _exit (pockmark_detection_findings (detection)->len > 100 ? 0 : 2);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 2;
}

static void
test_large (void)
{
  if (SANITIZED)
    {
      g_test_skip ("a sanitizer reserves more memory than any limit leaves");
      return;
    }
  g_assert_cmpint (detect_large (LARGE_MIB), ==, 0);
  g_assert_cmpint (detect_large (60), ==, 1);
  g_test_message ("faults: 96 megapixels in %d MiB tried 2 survived 2", LARGE_MIB);
}

int
main (int    argc,
      char **argv)
{
  guint i;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cases/symmetry", test_symmetry);
  g_test_add_func ("/cases/scale", test_scale);
  g_test_add_func ("/cases/threads", test_threads);
  for (i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autofree gchar *path = g_strconcat ("/cases/", contents[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_contents);
    }
  g_test_add_func ("/cases/large", test_large);
  return g_test_run ();
}
