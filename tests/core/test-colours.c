/* The classes' colours, as people with normal sight and colour-blind ones see
 * them, against each other and on skin
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sight is simulated after Machado, Oliveira and Fernandes 2009,
 * doi:10.1109/TVCG.2009.113, at full severity, in linear light; differences
 * are CIEDE2000 (CIE 142), where 1 is just visible side by side and 10 is at a
 * glance.
 */

#include <math.h>

#include "colour.h"
#include "pockmark-core.h"

/* What must remain for everybody; the message of each case tells what does. */
#define DIFFERENCE_MIN 15.0

static const struct
{
  const gchar *name;
  gfloat       m[3][3];
} sights[] = {
  { "normal", { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } },
  { "protanopia", { { 0.152286f, 1.052583f, -0.204868f },
                    { 0.114503f, 0.786281f, 0.099216f },
                    { -0.003882f, -0.048116f, 1.051998f } } },
  { "deuteranopia", { { 0.367322f, 0.860646f, -0.227968f },
                      { 0.280085f, 0.672501f, 0.047413f },
                      { -0.011820f, 0.042940f, 0.968881f } } },
  { "tritanopia", { { 1.255528f, -0.076749f, -0.178779f },
                    { -0.078411f, 0.930809f, 0.147602f },
                    { 0.004733f, 0.691367f, 0.303900f } } },
};

/* Linear light, from very light to dark. */
static const gfloat skins[6][3] = {
  { 0.62f, 0.44f, 0.36f }, { 0.50f, 0.32f, 0.24f },  { 0.38f, 0.22f, 0.15f },
  { 0.25f, 0.13f, 0.08f }, { 0.13f, 0.065f, 0.04f }, { 0.06f, 0.03f, 0.022f }
};

static PockmarkLab
seen (gsize         sight,
      const gfloat *rgb)
{
  gfloat out[3];
  gint   i;

  for (i = 0; i < 3; i++)
    {
      const gfloat *row = sights[sight].m[i];
      const gfloat  v = row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2];

      out[i] = CLAMP (v, 0.0f, 1.0f);
    }
  return pockmark_lab_from_linear (out);
}

static PockmarkLab
seen_class (gsize         sight,
            PockmarkClass klass)
{
  const gfloat *colour = pockmark_class_colour (klass);
  gfloat        rgb[3];
  gint          i;

  for (i = 0; i < 3; i++)
    rgb[i] = pockmark_linear_from_srgb (colour[i]);
  return seen (sight, rgb);
}

static gdouble
degrees (gdouble a,
         gdouble b)
{
  const gdouble h = atan2 (b, a) * 180.0 / G_PI;

  return h < 0.0 ? h + 360.0 : h;
}

static gdouble
power7 (gdouble c)
{
  const gdouble c7 = pow (c, 7.0);

  return sqrt (c7 / (c7 + pow (25.0, 7.0)));
}

/* After Sharma, Wu and Dalal 2005, doi:10.1002/col.20070. */
static gdouble
difference (PockmarkLab one,
            PockmarkLab two)
{
  const gdouble g = 0.5 * (1.0 - power7 (0.5 * (hypot (one.a, one.b)
                                                + hypot (two.a, two.b))));
  const gdouble a1 = one.a * (1.0 + g), a2 = two.a * (1.0 + g);
  const gdouble c1 = hypot (a1, one.b), c2 = hypot (a2, two.b);
  const gdouble h1 = degrees (a1, one.b), h2 = degrees (a2, two.b);
  gdouble       dh = h2 - h1, h = 0.5 * (h1 + h2);
  gdouble       l, c, t, sl, sc, sh, rt, x, y, z;

  if (fabs (dh) > 180.0)
    {
      dh += dh > 0.0 ? -360.0 : 360.0;
      h += h < 180.0 ? 180.0 : -180.0;
    }
  l = 0.5 * (one.l + two.l) - 50.0;
  c = 0.5 * (c1 + c2);
  t = 1.0 - 0.17 * cos ((h - 30.0) * G_PI / 180.0)
      + 0.24 * cos (2.0 * h * G_PI / 180.0)
      + 0.32 * cos ((3.0 * h + 6.0) * G_PI / 180.0)
      - 0.20 * cos ((4.0 * h - 63.0) * G_PI / 180.0);
  sl = 1.0 + 0.015 * l * l / sqrt (20.0 + l * l);
  sc = 1.0 + 0.045 * c;
  sh = 1.0 + 0.015 * c * t;
  rt = -2.0 * power7 (c)
       * sin (60.0 * exp (-pow ((h - 275.0) / 25.0, 2.0)) * G_PI / 180.0);
  x = (two.l - one.l) / sl;
  y = (c2 - c1) / sc;
  z = 2.0 * sqrt (c1 * c2) * sin (0.5 * dh * G_PI / 180.0) / sh;
  return sqrt (x * x + y * y + z * z + rt * y * z);
}

/* Pairs 1, 7, 17 and 25 of that paper's table. */
static void
test_formula (void)
{
  static const struct
  {
    PockmarkLab one;
    PockmarkLab two;
    gdouble     truth;
  } pairs[] = {
    { { 50.0f, 2.6772f, -79.7751f }, { 50.0f, 0.0f, -82.7485f }, 2.0425 },
    { { 50.0f, 0.0f, 0.0f }, { 50.0f, -1.0f, 2.0f }, 2.3669 },
    { { 50.0f, 2.5f, 0.0f }, { 73.0f, 25.0f, -18.0f }, 27.1492 },
    { { 60.2574f, -34.0099f, 36.2677f },
      { 60.4626f, -34.1751f, 39.4387f }, 1.2644 },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_assert_cmpfloat_with_epsilon (difference (pairs[i].one, pairs[i].two),
                                    pairs[i].truth, 2e-4);
}

static void
test_each_other (void)
{
  guint s, i, j;

  for (s = 0; s < G_N_ELEMENTS (sights); s++)
    {
      gdouble least = G_MAXDOUBLE;

      for (i = POCKMARK_CRATER; i < POCKMARK_N_CLASSES; i++)
        for (j = i + 1; j < POCKMARK_N_CLASSES; j++)
          least = MIN (least, difference (seen_class (s, i),
                                          seen_class (s, j)));
      g_test_message ("%s: least difference between classes %.1f",
                      sights[s].name, least);
      g_assert_cmpfloat (least, >=, DIFFERENCE_MIN);
    }
}

static void
test_skin (void)
{
  guint s, i, j;

  for (s = 0; s < G_N_ELEMENTS (sights); s++)
    {
      gdouble least = G_MAXDOUBLE;

      for (i = POCKMARK_CRATER; i < POCKMARK_N_CLASSES; i++)
        for (j = 0; j < G_N_ELEMENTS (skins); j++)
          least = MIN (least, difference (seen_class (s, i),
                                          seen (s, skins[j])));
      g_test_message ("%s: least difference from skin %.1f", sights[s].name,
                      least);
      g_assert_cmpfloat (least, >=, DIFFERENCE_MIN);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/colours/formula", test_formula);
  g_test_add_func ("/colours/each-other", test_each_other);
  g_test_add_func ("/colours/skin", test_skin);
  return g_test_run ();
}
