/* Phantom photographs: settings
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "phantom-private.h"

static const gchar *const kind_words[PHANTOM_N_KINDS]
    = { "lesion", "papule", "mole",   "freckle", "comedone", "pore",
        "vessel", "wrinkle", "hair",  "vellus",  "stubble",  "make-up",
        "text",   "ruler" };

const gchar *
phantom_kind_word (PhantomKind kind)
{
  g_return_val_if_fail ((guint) kind < PHANTOM_N_KINDS, NULL);
  return kind_words[kind];
}

static void
init_skin (PhantomSettings *settings)
{
  settings->melanosomes = 0.055; /* between the second tone and the third */
  settings->blood = 0.010;
  settings->blood_mottle = 0.24;
  settings->melanin_mottle = 0.10;
  settings->undulation = 0.020;
  settings->grain = 0.0055;
  settings->furrow_depth = 0.030;
  settings->furrow_spacing = 0.75;
  settings->furrow_stretch = 1.3;
  settings->furrow_angle = 25.0;
  settings->curvature_x = 1.0 / 160.0;
  settings->curvature_y = 1.0 / 240.0;
  settings->oil = 0.45;
  settings->roughness = 0.28;
  settings->rolling = 0.4;
  settings->raised = 0.3;
  settings->mixed = 0.3;
  settings->clustering = 0.5;
  settings->strength = 1.5;
  settings->irregularity = 0.18;
  settings->softness = 0.07;
  settings->box_exponent[0] = 4.0;
  settings->box_exponent[1] = 8.0;
  settings->cone_exponent[0] = 0.7;
  settings->cone_exponent[1] = 1.2;
}

static void
init_contents (PhantomSettings *settings)
{
  settings->lesions[POCKMARK_CRATER] = 8;
  settings->lesions[POCKMARK_ICE_PICK] = 8;
  settings->lesions[POCKMARK_RED_MARK] = 10;
  settings->lesions[POCKMARK_BROWN_MARK] = 8;
  settings->density[PHANTOM_PAPULE] = 0.05;
  settings->density[PHANTOM_MOLE] = 0.015;
  settings->density[PHANTOM_FRECKLE] = 0.4;
  settings->density[PHANTOM_COMEDONE] = 0.06;
  settings->density[PHANTOM_PORE] = 55.0;
  settings->density[PHANTOM_VESSEL] = 0.10;
  settings->density[PHANTOM_WRINKLE] = 0.03;
  settings->density[PHANTOM_HAIR] = 0.03;
  settings->density[PHANTOM_VELLUS] = 1.2;
}

static void
init_light_and_camera (PhantomSettings *settings)
{
  settings->light[0].azimuth = 125.0;
  settings->light[0].elevation = 35.0;
  settings->light[0].strength = 1.0;
  settings->light[1].azimuth = 330.0;
  settings->light[1].elevation = 60.0;
  settings->light[1].strength = 0.0;
  settings->ambient = 0.30;
  settings->warmth = 0.03;
  settings->occlusion = 1.0;
  settings->scatter = 1.0;
  settings->falloff = 0.15;
  settings->white[0] = settings->white[1] = settings->white[2] = 1.0;
  settings->vignetting = 0.08;
  settings->psf = 0.7;
  settings->read_noise = 0.002;
  settings->full_well = 9000.0;
  settings->bayer = TRUE;
  settings->sharpening = 0.25;
  settings->contrast = 0.10;
  settings->jpeg_quality = 94;
}

void
phantom_settings_init (PhantomSettings *settings)
{
  *settings = (PhantomSettings) { 0 };
  settings->seed = 21;
  settings->set = PHANTOM_DEVELOP;
  settings->width = 1500;
  settings->height = 1000;
  settings->pixels_per_mm = 15.0;
  init_skin (settings);
  init_contents (settings);
  init_light_and_camera (settings);
}

/* The ranges that the two sets draw from.  They overlap in what clinics see
 * and differ in how it is drawn. */
typedef struct
{
  gdouble blood[2], blood_mottle[2], melanin_mottle[2];
  gdouble undulation[2], grain[2];
  gdouble furrow_depth[2], furrow_spacing[2], furrow_stretch[2];
  gdouble curvature[2], oil[2], roughness[2];
  gdouble rolling[2], clustering[2], irregularity[2], softness[2];
  gdouble box_low[2], box_span[2], cone_low[2], cone_span[2];
  gdouble elevation[2], ambient[2], warmth[2], occlusion[2], scatter[2];
  gdouble psf[2], read_noise[2], full_well[2], contrast[2], sharpening[2];
  gdouble second_light, bayer;
  guint64 salt;
} Ranges;

static const Ranges ranges[] = {
  [PHANTOM_DEVELOP] = {
    .blood = { 0.006, 0.018 }, .blood_mottle = { 0.12, 0.34 },
    .melanin_mottle = { 0.05, 0.15 }, .undulation = { 0.008, 0.035 },
    .grain = { 0.0025, 0.009 }, .furrow_depth = { 0.010, 0.050 },
    .furrow_spacing = { 0.5, 1.1 }, .furrow_stretch = { 1.0, 2.0 },
    .curvature = { 0.0015, 0.013 }, .oil = { 0.05, 0.9 },
    .roughness = { 0.18, 0.42 }, .rolling = { 0.2, 0.6 },
    .clustering = { 0.0, 0.8 }, .irregularity = { 0.10, 0.24 },
    .softness = { 0.04, 0.11 },
    .box_low = { 3.0, 4.5 }, .box_span = { 1.0, 4.0 },
    .cone_low = { 0.65, 0.9 }, .cone_span = { 0.1, 0.6 },
    .elevation = { 15.0, 80.0 }, .ambient = { 0.15, 0.60 },
    .warmth = { -0.03, 0.06 },
    .occlusion = { 0.6, 1.3 }, .scatter = { 0.7, 1.3 },
    .psf = { 0.4, 1.1 }, .read_noise = { 0.0008, 0.004 },
    .full_well = { 3000.0, 20000.0 }, .contrast = { 0.0, 0.25 },
    .sharpening = { 0.0, 0.5 },
    .second_light = 0.35, .bayer = 0.6, .salt = 0x64657600 },
  [PHANTOM_REPORT] = {
    .blood = { 0.005, 0.022 }, .blood_mottle = { 0.15, 0.38 },
    .melanin_mottle = { 0.06, 0.17 }, .undulation = { 0.010, 0.040 },
    .grain = { 0.002, 0.011 }, .furrow_depth = { 0.008, 0.060 },
    .furrow_spacing = { 0.4, 1.3 }, .furrow_stretch = { 1.2, 2.8 },
    .curvature = { 0.0010, 0.016 }, .oil = { 0.0, 1.0 },
    .roughness = { 0.15, 0.48 }, .rolling = { 0.15, 0.7 },
    .clustering = { 0.2, 1.0 }, .irregularity = { 0.07, 0.28 },
    .softness = { 0.03, 0.14 },
    .box_low = { 2.8, 4.2 }, .box_span = { 1.0, 3.0 },
    .cone_low = { 0.9, 1.2 }, .cone_span = { 0.1, 0.6 },
    .elevation = { 15.0, 80.0 }, .ambient = { 0.10, 0.75 },
    .warmth = { -0.05, 0.09 },
    .occlusion = { 0.5, 1.5 }, .scatter = { 0.5, 1.6 },
    .psf = { 0.5, 1.4 }, .read_noise = { 0.0005, 0.005 },
    .full_well = { 2000.0, 30000.0 }, .contrast = { 0.0, 0.35 },
    .sharpening = { 0.0, 0.7 },
    .second_light = 0.45, .bayer = 0.8, .salt = 0x72657000 },
};

static gdouble
draw (PhantomRandom *random,
      const gdouble  range[2])
{
  return range[0] > 0.0 ? phantom_random_log (random, range[0], range[1])
                        : phantom_random_uniform (random, range[0], range[1]);
}

static void
random_skin (PhantomSettings *settings,
             const Ranges    *range,
             PhantomRandom   *random)
{
  settings->blood = draw (random, range->blood);
  settings->blood_mottle = draw (random, range->blood_mottle);
  settings->melanin_mottle = draw (random, range->melanin_mottle);
  settings->undulation = draw (random, range->undulation);
  settings->grain = draw (random, range->grain);
  settings->furrow_depth = draw (random, range->furrow_depth);
  settings->furrow_spacing = draw (random, range->furrow_spacing);
  settings->furrow_stretch = draw (random, range->furrow_stretch);
  settings->furrow_angle = phantom_random_uniform (random, 0.0, 180.0);
  settings->curvature_x = draw (random, range->curvature);
  settings->curvature_y = draw (random, range->curvature);
  settings->tilt = phantom_random_uniform (random, -8.0, 12.0);
  settings->oil = phantom_random_uniform (random, range->oil[0],
                                          range->oil[1]);
  settings->roughness = draw (random, range->roughness);
  settings->rolling = draw (random, range->rolling);
  settings->raised = phantom_random_uniform (random, 0.0, 0.6);
  settings->mixed = phantom_random_uniform (random, 0.0, 0.6);
  settings->clustering = phantom_random_uniform (random, range->clustering[0],
                                                 range->clustering[1]);
  settings->irregularity = draw (random, range->irregularity);
  settings->softness = draw (random, range->softness);
  settings->box_exponent[0] = draw (random, range->box_low);
  settings->box_exponent[1]
      = settings->box_exponent[0] + draw (random, range->box_span);
  settings->cone_exponent[0] = draw (random, range->cone_low);
  settings->cone_exponent[1]
      = settings->cone_exponent[0] + draw (random, range->cone_span);
}

/* A kind is there in some pictures and not in others. */
static gdouble
sometimes (PhantomRandom *random,
           gdouble        share,
           gdouble        low,
           gdouble        high)
{
  gboolean there = phantom_random_chance (random, share);
  gdouble  much = phantom_random_log (random, low, high);

  return there ? much : 0.0;
}

static void
random_contents (PhantomSettings *settings,
                 PhantomRandom   *random)
{
  gdouble *density = settings->density;

  density[PHANTOM_PAPULE] = sometimes (random, 0.7, 0.03, 0.20);
  density[PHANTOM_MOLE] = sometimes (random, 0.5, 0.01, 0.06);
  density[PHANTOM_FRECKLE] = sometimes (random, 0.6, 0.1, 2.0);
  density[PHANTOM_COMEDONE] = sometimes (random, 0.5, 0.03, 0.3);
  density[PHANTOM_PORE] = phantom_random_log (random, 12.0, 90.0);
  density[PHANTOM_VESSEL] = sometimes (random, 0.5, 0.05, 0.3);
  density[PHANTOM_WRINKLE] = sometimes (random, 0.4, 0.02, 0.12);
  density[PHANTOM_HAIR] = sometimes (random, 0.4, 0.02, 0.20);
  density[PHANTOM_VELLUS] = phantom_random_log (random, 0.3, 5.0);
  density[PHANTOM_STUBBLE] = sometimes (random, 0.2, 25.0, 80.0);
  density[PHANTOM_MAKE_UP] = sometimes (random, 0.15, 0.02, 0.05);
  density[PHANTOM_TEXT] = phantom_random_chance (random, 0.12);
  density[PHANTOM_RULER] = phantom_random_chance (random, 0.15);
}

static void
random_light (PhantomSettings *settings,
              const Ranges    *range,
              PhantomRandom   *random)
{
  PhantomLight *light = settings->light;

  light[0].azimuth = phantom_random_uniform (random, 0.0, 360.0);
  light[0].elevation = phantom_random_uniform (random, range->elevation[0],
                                               range->elevation[1]);
  light[1].azimuth
      = light[0].azimuth + phantom_random_uniform (random, 90.0, 270.0);
  light[1].elevation = phantom_random_uniform (random, 30.0, 80.0);
  light[1].strength = sometimes (random, range->second_light, 0.15, 0.6);
  settings->ambient = draw (random, range->ambient);
  settings->warmth = phantom_random_uniform (random, range->warmth[0],
                                             range->warmth[1]);
  settings->occlusion = draw (random, range->occlusion);
  settings->scatter = draw (random, range->scatter);
  settings->falloff = phantom_random_uniform (random, 0.0, 0.35);
}

static void
random_camera (PhantomSettings *settings,
               const Ranges    *range,
               PhantomRandom   *random)
{
  settings->exposure = phantom_random_uniform (random, -0.45, 0.25);
  settings->white[0] = 1.0 + 0.035 * phantom_random_normal (random);
  settings->white[2] = 1.0 + 0.05 * phantom_random_normal (random);
  settings->vignetting = phantom_random_uniform (random, 0.0, 0.25);
  settings->psf = draw (random, range->psf);
  settings->read_noise = draw (random, range->read_noise);
  settings->full_well = draw (random, range->full_well);
  settings->bayer = phantom_random_chance (random, range->bayer);
  settings->sharpening
      = phantom_random_uniform (random, range->sharpening[0],
                                range->sharpening[1]);
  settings->contrast = phantom_random_uniform (random, range->contrast[0],
                                               range->contrast[1]);
  settings->jpeg_quality = (gint) phantom_random_uniform (random, 80.0, 98.99);
}

void
phantom_settings_random (PhantomSettings *settings,
                         guint64          seed,
                         PhantomSet       set)
{
  const Ranges *range = &ranges[set];
  gdouble       area, scars, marks;
  PhantomRandom random;

  phantom_random_init (&random, seed, range->salt);
  settings->set = set;
  settings->seed = phantom_random_bits (&random);
  random_skin (settings, range, &random);
  random_contents (settings, &random);
  random_light (settings, range, &random);
  random_camera (settings, range, &random);

  area = settings->width * settings->height
         / (100.0 * settings->pixels_per_mm * settings->pixels_per_mm);
  scars = phantom_random_log (&random, 0.10, 0.40) * area;
  marks = phantom_random_log (&random, 0.10, 0.40) * area;
  settings->lesions[POCKMARK_CRATER]
      = (gint) (scars * phantom_random_uniform (&random, 0.3, 1.0) + 0.5);
  settings->lesions[POCKMARK_ICE_PICK]
      = (gint) (scars * phantom_random_uniform (&random, 0.5, 1.5) + 0.5);
  settings->lesions[POCKMARK_RED_MARK]
      = (gint) (marks * phantom_random_uniform (&random, 0.4, 1.2) + 0.5);
  settings->lesions[POCKMARK_BROWN_MARK]
      = (gint) (marks * phantom_random_uniform (&random, 0.4, 1.2) + 0.5);
}

void
phantom_settings_field (PhantomSettings *settings,
                        gint             pixels)
{
  PhantomRandom random;
  gdouble       wide, high, scale;

  phantom_random_init (&random, settings->seed, 5);
  wide = phantom_random_uniform (&random, 60.0, 100.0);
  high = wide * phantom_random_uniform (&random, 0.62, 0.72);
  scale = phantom_random_log (&random, 6.0, 30.0);
  scale = MIN (scale, sqrt (pixels / (wide * high)));
  settings->pixels_per_mm = scale;
  settings->width = (gint) (wide * scale);
  settings->height = (gint) (high * scale);
}

static gboolean
check_range (const gchar *name,
             gdouble      value,
             gdouble      low,
             gdouble      high,
             GError     **error)
{
  if (value >= low && value <= high)
    return TRUE;
  g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER,
               "The phantom's %s must be between %g and %g, not %g.", name,
               low, high, value);
  return FALSE;
}

gboolean
phantom_settings_check (const PhantomSettings *settings,
                        GError               **error)
{
  gint i;

  for (i = 0; i < PHANTOM_N_LIGHTS; i++)
    if (! check_range ("light elevation", settings->light[i].elevation, 5.0,
                       90.0, error)
        || ! check_range ("light strength", settings->light[i].strength, 0.0,
                          10.0, error))
      return FALSE;
  for (i = 0; i < POCKMARK_N_CLASSES; i++)
    if (! check_range ("number of lesions", settings->lesions[i], 0, 10000,
                       error))
      return FALSE;
  for (i = 0; i < PHANTOM_N_KINDS; i++)
    if (! check_range ("density", settings->density[i], 0.0, 500.0, error))
      return FALSE;
  return check_range ("width", settings->width, 16, POCKMARK_MAX_SIDE, error)
         && check_range ("height", settings->height, 16, POCKMARK_MAX_SIDE,
                         error)
         && check_range ("scale", settings->pixels_per_mm, 1.0, 100.0, error)
         && check_range ("melanosomes", settings->melanosomes, 0.005, 0.6,
                         error)
         && check_range ("blood", settings->blood, 0.002, 0.07, error)
         && check_range ("roughness", settings->roughness, 0.1, 1.0, error)
         && check_range ("ambient light", settings->ambient, 0.0, 10.0, error)
         && check_range ("full well", settings->full_well, 10.0, 1e7, error)
         && check_range ("point spread", settings->psf, 0.0, 20.0, error)
         && check_range ("JPEG quality", settings->jpeg_quality, 0, 100,
                         error);
}
