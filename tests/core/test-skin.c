/* Pockmark: tests of where the skin is, on drawn pictures
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every picture is drawn for the six skin tones of the phantoms.
 */

#include <math.h>

#include "pockmark-core.h"

#define WIDTH  360
#define HEIGHT 300

/* sRGB of ITA 66 to -38 degrees, in linear light. */
static const gfloat tones[6][3] = {
  { 0.617f, 0.445f, 0.371f }, { 0.571f, 0.381f, 0.275f },
  { 0.468f, 0.266f, 0.144f }, { 0.337f, 0.147f, 0.056f },
  { 0.238f, 0.087f, 0.028f }, { 0.153f, 0.050f, 0.019f },
};

typedef struct
{
  gfloat        pixels[HEIGHT][WIDTH][4];
  PockmarkSkin *skin;
} Picture;

static void
tear_down (Picture      *picture,
           gconstpointer tone G_GNUC_UNUSED)
{
  pockmark_skin_free (picture->skin);
}

/* Multiplies a pixel's light: density more of each channel. */
static void
darken (gfloat *pixel,
        gdouble red,
        gdouble green,
        gdouble blue)
{
  pixel[0] *= (gfloat) exp (-red);
  pixel[1] *= (gfloat) exp (-green);
  pixel[2] *= (gfloat) exp (-blue);
}

static void
more_of (const gfloat *vector,
         gfloat       *pixel,
         gdouble       amount)
{
  darken (pixel, amount * vector[0], amount * vector[1], amount * vector[2]);
}

static void
more_blood (gfloat *pixel,
            gdouble amount)
{
  more_of (pockmark_vectors_default.hemoglobin, pixel, amount);
}

/* Skin with the noise of a camera and a light that fades to one side. */
static void
draw_skin (Picture      *picture,
           gconstpointer tone)
{
  const gfloat *base = tones[GPOINTER_TO_INT (tone)];
  gint          x, y, c;

  for (y = 0; y < HEIGHT; y++)
    for (x = 0; x < WIDTH; x++)
      {
        gfloat *pixel = picture->pixels[y][x];
        gdouble shade = 0.4 * x / WIDTH;

        for (c = 0; c < 3; c++)
          pixel[c] = base[c]
                     * (gfloat) exp (g_test_rand_double_range (-0.03, 0.03)
                                     - shade);
        pixel[3] = 1.0f;
      }
}

static gdouble
in_ellipse (gdouble x,
            gdouble y,
            gdouble cx,
            gdouble cy,
            gdouble rx,
            gdouble ry)
{
  return hypot ((x - cx) / rx, (y - cy) / ry);
}

static void
find_skin (Picture *picture,
           gdouble  pixels_per_mm)
{
  PockmarkPixels     pixels = { WIDTH, HEIGHT, &picture->pixels[0][0][0] };
  PockmarkSource     source = pockmark_source_from_pixels (&pixels);
  PockmarkParameters parameters;
  GError            *error = NULL;

  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = pixels_per_mm;
  picture->skin = pockmark_skin_new (&source, &parameters, NULL, &error);
  g_assert_no_error (error);
}

/* The share of skin in a rectangle of the photograph. */
static gdouble
share (const Picture *picture,
       gint           x0,
       gint           y0,
       gint           x1,
       gint           y1)
{
  const PockmarkPlane *plane = picture->skin->skin;
  gdouble              sum = 0.0;
  gint                 x, y;

  for (y = y0; y < y1; y++)
    for (x = x0; x < x1; x++)
      sum += plane->data[(gint) (y / picture->skin->reduction) * plane->width
                         + (gint) (x / picture->skin->reduction)];
  return sum / ((x1 - x0) * (y1 - y0));
}

/* Scars make skin rough, but do not make hair of it. */
static void
test_scars (Picture      *picture,
            gconstpointer tone)
{
  gint x, y;

  draw_skin (picture, tone);
  for (y = 0; y < HEIGHT; y++)
    for (x = 0; x < WIDTH; x++)
      {
        const gdouble slope = sin (0.45 * x) * sin (0.4 * y);

        darken (picture->pixels[y][x], 0.4 * slope, 0.45 * slope, 0.45 * slope);
      }
  find_skin (picture, 0.0);
  g_assert_cmpfloat (share (picture, 0, 0, WIDTH, HEIGHT), >, 0.95);
}

/* A ruler is as bright as skin and grey. */
static void
test_ruler (Picture      *picture,
            gconstpointer tone)
{
  gint x, y, c;

  draw_skin (picture, tone);
  for (y = HEIGHT - 60; y < HEIGHT; y++)
    for (x = 0; x < WIDTH; x++)
      for (c = 0; c < 3; c++)
        picture->pixels[y][x][c] = x % 12 < 2 && y < HEIGHT - 30 ? 0.05f : 0.6f;
  find_skin (picture, 0.0);
  g_assert_cmpfloat (share (picture, 0, 0, WIDTH, HEIGHT - 70), >, 0.95);
  g_assert_cmpfloat (share (picture, 0, HEIGHT - 50, WIDTH, HEIGHT), <, 0.02);
}

/* A face before a wall, under hair, with lips and a cheek that is red all
 * over. */
static void
test_face (Picture      *picture,
           gconstpointer tone)
{
  gint x, y, c;

  draw_skin (picture, tone);
  for (y = 0; y < HEIGHT; y++)
    for (x = 0; x < WIDTH; x++)
      {
        gfloat       *pixel = picture->pixels[y][x];
        const gdouble cheek = in_ellipse (x, y, 135, 165, 30, 34);
        const gdouble lips = in_ellipse (x, y, 180, 222, 26, 11);

        more_blood (pixel, 0.8 * exp (-pow (cheek, 4.0)));
        if (lips < 1.0)
          {
            more_blood (pixel, 1.2);
            darken (pixel, 0.05, 0.05, -0.1);
          }
        if (fabs (y - 222.0) < 2.0 && fabs (x - 180.0) < 24.0)
          darken (pixel, 1.0, 1.3, 1.2);
        if (in_ellipse (x, y, 180, 150, 85, 120) > 1.0)
          for (c = 0; c < 3; c++)
            pixel[c] = 0.5f - 0.02f * (gfloat) c;
        if (y < 75 && in_ellipse (x, y, 180, 150, 95, 130) < 1.0)
          for (c = 0; c < 3; c++)
            pixel[c] = 0.02f + 0.02f * (gfloat) g_test_rand_double ();
      }
  find_skin (picture, 0.0);
  g_assert_cmpfloat (share (picture, 115, 140, 155, 190), >, 0.95); /* cheek */
  g_assert_cmpfloat (share (picture, 200, 120, 240, 190), >, 0.95); /* other */
  g_assert_cmpfloat (share (picture, 165, 216, 195, 228), <, 0.1);  /* lips  */
  g_assert_cmpfloat (share (picture, 0, 0, 80, HEIGHT), <, 0.01);   /* wall  */
  g_assert_cmpfloat (share (picture, 150, 30, 210, 65), <, 0.01);   /* hair  */
}

/* Lips and cloth are no redness: what is red there shows less than on skin. */
static void
test_damped (Picture      *picture,
             gconstpointer tone)
{
  const PockmarkRect rects[2] = { { 100, 100, 1, 1 }, { 300, 270, 1, 1 } };
  gfloat             value[2];
  gint               x, y, i;

  draw_skin (picture, tone);
  for (y = 0; y < HEIGHT; y++)
    for (x = 0; x < WIDTH; x++)
      if (in_ellipse (x, y, 100, 100, 8, 8) < 1.0)
        more_blood (picture->pixels[y][x], 0.8);
      else if (x > 250 && y > 230)
        more_blood (picture->pixels[y][x], 3.5);
  find_skin (picture, 0.0);
  g_assert_cmpfloat (share (picture, 260, 240, WIDTH, HEIGHT), <, 0.01);
  for (i = 0; i < 2; i++)
    pockmark_redness_value (picture->skin, TRUE, &rects[i], &value[i]);
  g_assert_cmpfloat (value[0] * (POCKMARK_REDNESS_SPAN
                                 - POCKMARK_REDNESS_RELATIVE_MIN)
                         + POCKMARK_REDNESS_RELATIVE_MIN,
                     >, POCKMARK_REDNESS_AFFECTED);
  g_assert_cmpfloat (picture->skin->absolute_start, <=, 0.0);
}

/* Dark marks are skin, however dark, and what one looks into is not. */
static void
test_marks (Picture      *picture,
            gconstpointer tone)
{
  gint x, y;

  draw_skin (picture, tone);
  for (y = 0; y < HEIGHT; y++)
    for (x = 0; x < WIDTH; x++)
      {
        gfloat *pixel = picture->pixels[y][x];

        if (in_ellipse (x, y, 80, 90, 14, 11) < 1.0)
          more_of (pockmark_vectors_default.melanin, pixel, 2.5);
        if (in_ellipse (x, y, 260, 90, 13, 15) < 1.0)
          more_blood (pixel, 1.7);
        if (in_ellipse (x, y, 180, 220, 14, 12) < 1.0)
          darken (pixel, 2.4, 2.6, 2.6);
      }
  find_skin (picture, 6.0);
  g_assert_cmpfloat (share (picture, 72, 84, 88, 96), >, 0.95);
  g_assert_cmpfloat (share (picture, 252, 82, 268, 98), >, 0.95);
  g_assert_cmpfloat (share (picture, 174, 214, 186, 226), <, 0.1);
}

static void
add (const gchar *path,
     gint         tone,
     void       (*test) (Picture *, gconstpointer))
{
  g_autofree gchar *name = g_strdup_printf ("/skin/%s/%d", path, tone + 1);

  g_test_add (name, Picture, GINT_TO_POINTER (tone), NULL, test, tear_down);
}

int
main (int    argc,
      char **argv)
{
  gint tone;

  g_test_init (&argc, &argv, NULL);
  for (tone = 0; tone < 6; tone++)
    {
      add ("scars", tone, test_scars);
      add ("ruler", tone, test_ruler);
      add ("face", tone, test_face);
      add ("damped", tone, test_damped);
      add ("marks", tone, test_marks);
    }
  return g_test_run ();
}
