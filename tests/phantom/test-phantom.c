/* Tests of the phantom renderer: determinism and sanity of the truth
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "phantom-private.h"

static void
small_settings (PhantomSettings *settings,
                guint64          seed,
                PhantomSet       set)
{
  phantom_settings_init (settings);
  settings->width = 420;
  settings->height = 280;
  settings->pixels_per_mm = 8.0;
  phantom_settings_random (settings, seed, set);
  settings->lesions[POCKMARK_CRATER] = 3;
  settings->lesions[POCKMARK_ICE_PICK] = 4;
  settings->lesions[POCKMARK_RED_MARK] = 4;
  settings->lesions[POCKMARK_BROWN_MARK] = 3;
}

static Phantom *
render (const PhantomSettings *settings)
{
  g_autoptr (GError) error = NULL;
  Phantom           *phantom = phantom_render (settings, &error);

  g_assert_no_error (error);
  g_assert_nonnull (phantom);
  return phantom;
}

static void
test_same_seed_same_picture (void)
{
  PhantomSettings settings;
  gsize           bytes;

  small_settings (&settings, 3, PHANTOM_DEVELOP);
  bytes = (gsize) settings.width * settings.height * 3;
  {
    g_autoptr (Phantom) a = render (&settings);
    g_autoptr (Phantom) b = render (&settings);

    g_assert_cmpmem (a->rgb, bytes, b->rgb, bytes);
    g_assert_cmpmem (a->classes, bytes / 3, b->classes, bytes / 3);
    g_assert_cmpuint (a->lesions->len, ==, b->lesions->len);

    settings.seed++;
    g_autoptr (Phantom) c = render (&settings);
    g_assert_true (memcmp (a->rgb, c->rgb, bytes) != 0);
  }
}

static void
test_sets_differ (void)
{
  PhantomSettings a, b;

  small_settings (&a, 3, PHANTOM_DEVELOP);
  small_settings (&b, 3, PHANTOM_REPORT);
  g_assert_cmpuint (a.seed, !=, b.seed);
  g_assert_cmpfloat (a.box_exponent[0], !=, b.box_exponent[0]);
}

/* Labels, classes, widths and places agree with the list of lesions. */
static void
check_truth (const Phantom *phantom)
{
  gsize i, n = (gsize) phantom->width * phantom->height;
  guint k;

  for (i = 0; i < n; i++)
    {
      guint32 label = phantom->label[i];

      g_assert_cmpuint (label, <=, phantom->lesions->len);
      g_assert_cmpuint (phantom->classes[i], ==,
                        label ? g_array_index (phantom->lesions,
                                               PhantomFeature, label - 1)
                                    .klass
                              : POCKMARK_NONE);
    }
  for (k = 0; k < phantom->lesions->len; k++)
    {
      const PhantomFeature *lesion
          = &g_array_index (phantom->lesions, PhantomFeature, k);
      gint x = (gint) (lesion->x * phantom->pixels_per_mm);
      gint y = (gint) (lesion->y * phantom->pixels_per_mm);

      g_assert_cmpint (lesion->kind, ==, PHANTOM_LESION);
      g_assert_cmpfloat (lesion->visibility, >=, PHANTOM_VISIBLE);
      g_assert_cmpfloat (lesion->region, >, 0.2);
      g_assert_cmpfloat (lesion->region, <, 1.35 * lesion->width);
      g_assert_true (x >= 0 && x < phantom->width && y >= 0
                     && y < phantom->height);
      if (lesion->klass == POCKMARK_ICE_PICK)
        g_assert_cmpfloat (lesion->width, <, 2.0);
      if (lesion->klass == POCKMARK_CRATER)
        g_assert_cmpfloat (lesion->width, >=, 2.0);
      if (lesion->klass == POCKMARK_RED_MARK)
        g_assert_cmpfloat (lesion->blood, >=, 1.3);
      if (lesion->klass == POCKMARK_BROWN_MARK)
        g_assert_cmpfloat (lesion->melanin, >=, 1.2);
    }
}

static void
test_truth (void)
{
  gint i;

  for (i = 0; i < PHANTOM_N_TONES; i++)
    {
      g_autoptr (Phantom) phantom = NULL;
      PhantomSettings     settings;

      small_settings (&settings, 20 + i,
                      i & 1 ? PHANTOM_REPORT : PHANTOM_DEVELOP);
      settings.melanosomes = phantom_tone (i);
      phantom = render (&settings);
      check_truth (phantom);
      g_assert_cmpuint (phantom->lesions->len, >, 4);
    }
}

/* The tones that the optics are calibrated to, blood 1 %: ITA in degrees. */
static void
test_tones (void)
{
  static const gdouble ita[PHANTOM_N_TONES]
      = { 66.0, 51.0, 25.0, -1.0, -18.0, -38.0 };
  gint set, i;

  for (set = PHANTOM_DEVELOP; set <= PHANTOM_REPORT; set++)
    for (i = 0; i < PHANTOM_N_TONES; i++)
      {
        g_autoptr (Phantom) phantom = NULL;
        PhantomSettings     settings;

        phantom_settings_init (&settings);
        settings.set = set;
        settings.width = settings.height = 32;
        settings.melanosomes = phantom_tone (i);
        memset (settings.lesions, 0, sizeof settings.lesions);
        memset (settings.density, 0, sizeof settings.density);
        phantom = render (&settings);
        g_assert_cmpfloat_with_epsilon (phantom->ita, ita[i], 1.5);
      }
}

/* More blood darkens green most, more melanin blue most. */
static void
test_optics (void)
{
  gint set;

  for (set = PHANTOM_DEVELOP; set <= PHANTOM_REPORT; set++)
    {
      g_autoptr (PhantomOptics) optics = phantom_optics_new (set);
      gfloat skin[3], red[3], brown[3], d[3], e[3];
      gint   c;

      phantom_optics_skin (optics, logf (0.01f), logf (0.04f), skin);
      phantom_optics_skin (optics, logf (0.03f), logf (0.04f), red);
      phantom_optics_skin (optics, logf (0.01f), logf (0.08f), brown);
      for (c = 0; c < 3; c++)
        {
          d[c] = logf (skin[c] / red[c]);
          e[c] = logf (skin[c] / brown[c]);
          g_assert_cmpfloat (d[c], >, 0.0);
          g_assert_cmpfloat (e[c], >, 0.0);
        }
      g_assert_true (d[1] > d[2] && d[2] > d[0]);
      g_assert_true (e[2] > e[1] && e[1] > e[0]);
    }
}

/* A hollow is dark on the side towards the light and bright on the other. */
static void
test_dipole (void)
{
  PhantomSettings         settings;
  g_autoptr (GArray)      plan = NULL;
  g_autoptr (PhantomSkin) skin = NULL;
  g_autofree gfloat      *scene = NULL;
  g_autoptr (GError)      error = NULL;
  PhantomFeature          pit = { 0 };

  phantom_settings_init (&settings);
  settings.width = settings.height = 160;
  settings.pixels_per_mm = 16.0;
  settings.light[0].azimuth = 0.0;
  settings.grain = settings.furrow_depth = settings.undulation = 0.0;
  settings.blood_mottle = settings.melanin_mottle = settings.falloff = 0.0;
  settings.curvature_x = settings.curvature_y = 0.0;
  plan = g_array_new (FALSE, FALSE, sizeof (PhantomFeature));
  pit.kind = PHANTOM_LESION;
  pit.klass = POCKMARK_CRATER;
  pit.profile = PHANTOM_BELL;
  pit.x = pit.y = 5.0;
  pit.width = 5.0;
  pit.depth = 0.4;
  pit.blood = pit.melanin = pit.stretch = 1.0;
  g_array_append_val (plan, pit);
  skin = phantom_skin_new (&settings, plan, 16.0, 160, 160, &error);
  g_assert_no_error (error);
  g_assert_true (phantom_scene (&settings, skin, plan, NULL, &scene, &error));
  /* 1.2 mm right and left of the middle: the light comes from the right. */
  g_assert_cmpfloat (scene[(80 * 160 + 99) * 3 + 1], <,
                     0.9 * scene[(80 * 160 + 61) * 3 + 1]);
}

/* The same skin at two scales is the same skin. */
static void
test_scale (void)
{
  PhantomSettings         settings;
  g_autoptr (GArray)      plan = NULL;
  g_autoptr (PhantomSkin) small = NULL, large = NULL;
  gdouble                 sum = 0.0, squares = 0.0;
  gint                    x, y;

  small_settings (&settings, 9, PHANTOM_DEVELOP);
  plan = phantom_plan (&settings);
  small = phantom_skin_new (&settings, plan, 8.0, 400, 280, NULL);
  large = phantom_skin_new (&settings, plan, 24.0, 1200, 840, NULL);
  for (y = 0; y < 280; y++)
    for (x = 0; x < 400; x++)
      {
        gfloat a = small->blood->data[y * 400 + x];
        gfloat b = large->blood->data[(3 * y + 1) * 1200 + 3 * x + 1];

        sum += (a - b) * (a - b);
        squares += (a - log (settings.blood)) * (a - log (settings.blood));
      }
  g_assert_cmpfloat (sum, <, 0.02 * squares);
}

/* The blurs are Gaussian whatever the way: variances add. */
static void
test_blur (void)
{
  static const gdouble sigmas[] = { 0.8, 2.5, 5.0, 14.0 };
  guint k;

  for (k = 0; k < G_N_ELEMENTS (sigmas); k++)
    {
      g_autoptr (PockmarkPlane) plane = pockmark_plane_new (201, 201, NULL);
      gdouble sum = 0.0, second = 0.0;
      gint    x, y;

      plane->data[100 * 201 + 100] = 1.0f;
      g_assert_true (phantom_field_blur (plane, sigmas[k], NULL));
      for (y = 0; y < 201; y++)
        for (x = 0; x < 201; x++)
          {
            gdouble v = plane->data[y * 201 + x];

            sum += v;
            second += v * (x - 100) * (x - 100);
          }
      g_assert_cmpfloat_with_epsilon (sum, 1.0, 0.02);
      g_assert_cmpfloat_with_epsilon (sqrt (second / sum), sigmas[k],
                                      0.06 * sigmas[k] + 0.03);
    }
}

static void
test_bad_settings (void)
{
  g_autoptr (GError) error = NULL;
  PhantomSettings    settings;

  phantom_settings_init (&settings);
  settings.pixels_per_mm = 0.0;
  g_assert_null (phantom_render (&settings, &error));
  g_assert_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER);
}

gint
main (gint    argc,
      gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/phantom/same-seed-same-picture",
                   test_same_seed_same_picture);
  g_test_add_func ("/phantom/sets-differ", test_sets_differ);
  g_test_add_func ("/phantom/truth", test_truth);
  g_test_add_func ("/phantom/tones", test_tones);
  g_test_add_func ("/phantom/optics", test_optics);
  g_test_add_func ("/phantom/dipole", test_dipole);
  g_test_add_func ("/phantom/scale", test_scale);
  g_test_add_func ("/phantom/blur", test_blur);
  g_test_add_func ("/phantom/bad-settings", test_bad_settings);
  return g_test_run ();
}
