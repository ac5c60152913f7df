/* The accuracy table: one phantom
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The core gets what a user would give it: the 8-bit photograph and the scale.
 */

#include <math.h>

#include "accuracy.h"
#include "colour.h"

/* Squares over which redness is averaged, mm. */
#define SQUARE 0.5

/* Rows of the lesion map that are drawn at a time. */
#define STRIP 64

/* Where the sets' seeds start, and the photographs' size. */
#define SEED_DEVELOP 100
#define SEED_REPORT  900
#define PIXELS       2500000

const gdouble accuracy_sensitivities[ACCURACY_N_SENSITIVITIES]
    = { 0.0, 0.25, 0.5, 0.75, 1.0 };

/* ---- The phantom -------------------------------------------------------- */

void
accuracy_settings (PhantomSettings    *settings,
                   const AccuracyCase *which)
{
  const guint64 start = which->set == PHANTOM_REPORT ? SEED_REPORT : SEED_DEVELOP;
  const guint64 seed = start + (guint64) which->number;

  phantom_settings_init (settings);
  if (which->width > 0)
    {
      settings->width = which->width;
      settings->height = which->height;
      settings->pixels_per_mm = which->pixels_per_mm;
    }
  else
    {
      /* The field's size is drawn from the phantom's own seed, and the number
       * of lesions from the field. */
      phantom_settings_random (settings, seed, which->set);
      phantom_settings_field (settings, PIXELS);
    }
  phantom_settings_random (settings, seed, which->set);
  settings->melanosomes = phantom_tone (which->number % PHANTOM_N_TONES);
}

/* ---- Findings ----------------------------------------------------------- */

/* Sums of one finding's pixels in the map. */
typedef struct
{
  gdouble       x;
  gdouble       y;
  gdouble       n;
  PockmarkClass klass;
  gfloat        confidence;
} Sums;

static void
add_strip (const PockmarkRect *rect,
           const gfloat       *map,
           Sums               *sums,
           guint               n_sums)
{
  gint x, y;

  for (y = 0; y < rect->height; y++)
    for (x = 0; x < rect->width; x++)
      {
        const gfloat *pixel = map + 4 * ((gsize) y * rect->width + x);
        const guint   number = (guint) (pixel[0] + 0.5f);

        if (number == 0 || number > n_sums)
          continue;
        sums[number - 1].x += rect->x + x + 0.5;
        sums[number - 1].y += rect->y + y + 0.5;
        sums[number - 1].n += 1.0;
        sums[number - 1].klass = (PockmarkClass) (pixel[1] + 0.5f);
        sums[number - 1].confidence = pixel[2];
      }
}

/* From the lesion map alone, which is what users and other programs see. */
static GArray *
findings_of_map (const PockmarkDetection *detection,
                 const PockmarkSource    *photograph)
{
  const guint        n = pockmark_detection_findings (detection)->len;
  g_autofree Sums   *sums = g_new0 (Sums, n + 1);
  g_autofree gfloat *strip = g_new (gfloat, (gsize) photograph->width * STRIP * 4);
  GArray            *findings = accuracy_findings_new ();
  PockmarkRect       rect = { 0, 0, photograph->width, STRIP };
  guint              i;

  for (; rect.y < photograph->height; rect.y += STRIP)
    {
      rect.height = MIN (STRIP, photograph->height - rect.y);
      pockmark_detection_render (detection, &rect, strip, (gsize) rect.width * 4);
      add_strip (&rect, strip, sums, n);
    }
  for (i = 0; i < n; i++)
    if (sums[i].n > 0.0)
      {
        AccuracyFinding finding = { sums[i].klass, sums[i].confidence,
                                    (gfloat) (sums[i].x / sums[i].n),
                                    (gfloat) (sums[i].y / sums[i].n), 0 };

        g_array_append_val (findings, finding);
      }
  return findings;
}

/* ---- Light -------------------------------------------------------------- */

/* Where small relief seems to be lit from: the lights' sum, each by its pull
 * along the skin. */
static gdouble
resultant (const PhantomSettings *settings)
{
  gdouble x = 0.0, y = 0.0;
  gint    i;

  for (i = 0; i < PHANTOM_N_LIGHTS; i++)
    {
      const PhantomLight *light = &settings->light[i];
      const gdouble       pull
          = light->strength * cos (light->elevation * G_PI / 180.0);

      x += pull * cos (light->azimuth * G_PI / 180.0);
      y += pull * sin (light->azimuth * G_PI / 180.0);
    }
  return atan2 (y, x) * 180.0 / G_PI;
}

static gboolean
detect_all (const PockmarkSource  *photograph,
            const Phantom         *phantom,
            const PhantomSettings *settings,
            AccuracyResult        *result,
            GError               **error)
{
  PockmarkParameters parameters;
  gdouble            azimuth;
  gint               i;

  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = phantom->pixels_per_mm;
  for (i = 0; i < ACCURACY_N_SENSITIVITIES; i++)
    {
      g_autoptr (PockmarkDetection) detection = NULL;

      parameters.sensitivity = accuracy_sensitivities[i];
      detection = pockmark_detect (photograph, &parameters, NULL, error);
      if (! detection)
        return FALSE;
      result->findings[i] = findings_of_map (detection, photograph);
      accuracy_match (phantom, result->findings[i], TRUE);
      result->light = pockmark_detection_light (detection, &azimuth);
    }
  result->light_error
      = accuracy_angle_between (azimuth, settings->light[0].azimuth);
  result->resultant_error
      = accuracy_angle_between (azimuth, resultant (settings));
  return TRUE;
}

/* ---- Redness ------------------------------------------------------------ */

/* The redness map and its rivals of one square, and the truth. */
typedef struct
{
  GArray *value[ACCURACY_N_REDNESS];
  GArray *truth;       /* of squares          */
  GArray *truth_pixel; /* of their mid pixels */
} Samples;

static void
samples_init (Samples *samples)
{
  gint i;

  for (i = 0; i < ACCURACY_N_REDNESS; i++)
    samples->value[i] = g_array_new (FALSE, FALSE, sizeof (gfloat));
  samples->truth = g_array_new (FALSE, FALSE, sizeof (gfloat));
  samples->truth_pixel = g_array_new (FALSE, FALSE, sizeof (gfloat));
}

static void
samples_clear (Samples *samples)
{
  gint i;

  for (i = 0; i < ACCURACY_N_REDNESS; i++)
    g_array_unref (samples->value[i]);
  g_array_unref (samples->truth);
  g_array_unref (samples->truth_pixel);
}

static void
sample_square (Samples            *samples,
               const PockmarkSkin *skin,
               const gfloat       *photograph,
               const Phantom      *phantom,
               const PockmarkRect *square)
{
  const gint         n = square->width * square->height;
  const gint         middle = (square->height / 2) * square->width
                              + square->width / 2;
  g_autofree gfloat *rgba = g_new (gfloat, 4 * n);
  g_autofree gfloat *absolute = g_new (gfloat, n);
  g_autofree gfloat *relative = g_new (gfloat, n);
  gfloat             sum[ACCURACY_N_REDNESS] = { 0.0f }, truth = 0.0f, pixel = 0.0f;
  gint               i, c;

  for (i = 0; i < n; i++)
    {
      const gsize at = (gsize) (square->y + i / square->width) * phantom->width
                       + square->x + i % square->width;

      for (c = 0; c < 4; c++)
        rgba[4 * i + c] = photograph[4 * at + c];
      truth += phantom->blood->data[at] / n;
      if (i == middle)
        pixel = phantom->blood->data[at];
    }
  pockmark_redness_value (skin, FALSE, square, absolute);
  pockmark_redness_value (skin, TRUE, square, relative);
  for (i = 0; i < n; i++)
    {
      sum[ACCURACY_REDNESS] += absolute[i] / n;
      sum[ACCURACY_REDNESS_RELATIVE] += relative[i] / n;
      sum[ACCURACY_A_STAR] += pockmark_lab_from_linear (rgba + 4 * i).a / n;
    }
  sum[ACCURACY_REDNESS_PIXEL] = absolute[middle];
  for (i = 0; i < ACCURACY_N_REDNESS; i++)
    g_array_append_val (samples->value[i], sum[i]);
  g_array_append_val (samples->truth, truth);
  g_array_append_val (samples->truth_pixel, pixel);
}

static gboolean
is_skin (const PockmarkSkin *skin,
         const PockmarkRect *square)
{
  const gint x = (gint) ((square->x + 0.5 * square->width) / skin->reduction);
  const gint y = (gint) ((square->y + 0.5 * square->height) / skin->reduction);

  return skin->skin->data[(gsize) MIN (y, skin->skin->height - 1)
                              * skin->skin->width
                          + MIN (x, skin->skin->width - 1)] > 0.5f;
}

static gboolean
measure_redness (const PockmarkSource *source,
                 const gfloat         *photograph,
                 const Phantom        *phantom,
                 AccuracyResult       *result,
                 GError              **error)
{
  const gint         side = MAX ((gint) (SQUARE * phantom->pixels_per_mm), 1);
  PockmarkRect       square = { 0, 0, side, side };
  PockmarkParameters parameters;
  Samples            samples;
  g_autoptr (PockmarkSkin) skin = NULL;
  gint               i;

  pockmark_parameters_init (&parameters);
  parameters.pixels_per_mm = phantom->pixels_per_mm;
  skin = pockmark_skin_new (source, &parameters, NULL, error);
  if (! skin)
    return FALSE;
  samples_init (&samples);
  for (square.y = 0; square.y + side <= phantom->height; square.y += side)
    for (square.x = 0; square.x + side <= phantom->width; square.x += side)
      if (is_skin (skin, &square))
        sample_square (&samples, skin, photograph, phantom, &square);
  for (i = 0; i < ACCURACY_N_REDNESS; i++)
    {
      const GArray *truth = i == ACCURACY_REDNESS_PIXEL ? samples.truth_pixel
                                                        : samples.truth;

      result->redness[i]
          = accuracy_rank_correlation ((gfloat *) samples.value[i]->data,
                                       (gfloat *) truth->data, truth->len);
    }
  samples_clear (&samples);
  return TRUE;
}

/* ---- All of it ---------------------------------------------------------- */

static void
count_truth (const Phantom  *phantom,
             AccuracyResult *result)
{
  guint i;

  for (i = 0; i < phantom->lesions->len; i++)
    result->truth[g_array_index (phantom->lesions, PhantomFeature, i).klass]++;
}

static gboolean
run_peers (const AccuracyCase *which,
           const Phantom      *phantom,
           AccuracyResult     *result,
           GError            **error)
{
  g_autoptr (AccuracyPicture) picture = accuracy_picture_new (phantom, error);

  if (! picture)
    return FALSE;
  result->peer_scale = picture->pixels_per_mm;
  result->peers = accuracy_peer_run (picture, phantom, error);
  return result->peers
         && (! which->exchange
             || accuracy_picture_save (picture, phantom, which, error));
}

AccuracyResult *
accuracy_examine (const AccuracyCase *which,
                  GError            **error)
{
  g_autoptr (AccuracyResult) result = g_new0 (AccuracyResult, 1);
  g_autoptr (Phantom) phantom = NULL;
  g_autofree gfloat  *photograph = NULL;
  PhantomSettings     settings;
  PockmarkPixels      pixels;
  PockmarkSource      source;

  accuracy_settings (&settings, which);
  phantom = phantom_render (&settings, error);
  photograph = phantom ? accuracy_linear (phantom, error) : NULL;
  if (! photograph)
    return NULL;
  pixels = (PockmarkPixels) { phantom->width, phantom->height, photograph };
  source = pockmark_source_from_pixels (&pixels);
  result->tone = which->number % PHANTOM_N_TONES;
  result->elevation = settings.light[0].elevation;
  count_truth (phantom, result);
  if (! detect_all (&source, phantom, &settings, result, error)
      || ! measure_redness (&source, photograph, phantom, result, error)
      || ! run_peers (which, phantom, result, error))
    return NULL;
  return g_steal_pointer (&result);
}

void
accuracy_result_free (AccuracyResult *result)
{
  gint i;

  if (! result)
    return;
  for (i = 0; i < ACCURACY_N_SENSITIVITIES; i++)
    g_clear_pointer (&result->findings[i], g_array_unref);
  accuracy_peer_free (result->peers);
  g_free (result);
}
