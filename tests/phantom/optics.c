/* Phantom photographs: the colour of skin
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Light crosses the epidermis (melanin) twice and is scattered back by the
 * dermis (blood):
 *
 *   R(l) = exp (-2 d mu_epidermis (l)) * R_dermis (mu_dermis (l), mu_s' (l))
 *
 * with the diffuse reflectance of a half space in the diffusion
 * approximation (Flock et al. 1989, doi:10.1109/TBME.1989.1173624).  The
 * spectrum becomes linear sRGB through the CIE 1931 observer (in the
 * approximation of Wyman et al. 2013, JCGT 2(2)) under the white of the
 * camera.  On top lies an even glare.  What the model leaves open is settled
 * by scaling each channel such that the six known tones come out exactly.
 * Haemoglobin: S. Prahl, omlc.org/spectra/hemoglobin.
 */

#include "phantom-private.h"

#define N_WAVES  31 /* 400 ... 700 nm */
#define N_BLOOD  40
#define N_MELANIN 40

/* Narrow bands lie outside sRGB's gamut: blue is at least this share of green
 * where it would be negative. */
#define LEAST_BLUE 0.06

/* Ranges of the table, ln of the shares. */
#define BLOOD_LOW   -7.0f /* 0.0009 */
#define BLOOD_STEP   0.16f
#define MELANIN_LOW -5.6f /* 0.0037 */
#define MELANIN_STEP 0.14f

struct _PhantomOptics
{
  gfloat table[N_MELANIN][N_BLOOD][3];
};

typedef struct
{
  gdouble oxygen;    /* saturation of the blood                              */
  gdouble scatter;   /* of the dermis, relative                              */
  gdouble epidermis; /* cm                                                   */
  gdouble glare;     /* what the surface sends back whatever is below        */
} Tissue;

static const Tissue tissues[]
    = { [PHANTOM_DEVELOP] = { 0.70, 1.0, 0.0060, 0.012 },
        [PHANTOM_REPORT] = { 0.58, 1.25, 0.0064, 0.018 } };

/* Molar extinction, 1/(cm M), from 400 nm in steps of 10 nm. */
static const gdouble oxygenated[N_WAVES]
    = { 266232, 466840, 480360, 246072, 102580, 62816, 44480, 33209,
        26629,  23684,  20932,  20035,  24202,  39956, 53236, 43016,
        32613,  44496,  50104,  14400,  3200,   1506,  942,   610,
        442,    368,    319.6,  294,    277.6,  276,   290 };
static const gdouble reduced[N_WAVES]
    = { 223296, 303956, 407560, 528600, 413280, 103292, 23388, 16156,
        14550,  16684,  20862,  25773,  31589,  39036,  46592, 53412,
        53788,  45072,  37020,  28324,  14677,  9443,   6509,  5148,
        4345,   3750,   3227,   2795,   2407,   2052,   1794 };

/* Blood 1 %: melanosomes and the sRGB of the skin's base colour. */
typedef struct
{
  gdouble melanosomes;
  gdouble rgb[3];
} Tone;

static const Tone tones[PHANTOM_N_TONES] = {
  { 0.013, { 206, 178, 164 } }, { 0.04, { 199, 166, 143 } },
  { 0.10, { 182, 141, 106 } },  { 0.20, { 157, 107, 67 } },
  { 0.30, { 134, 83, 47 } },    { 0.43, { 109, 63, 38 } },
};

gdouble
phantom_tone (gint tone)
{
  return tones[CLAMP (tone, 0, PHANTOM_N_TONES - 1)].melanosomes;
}

static gdouble
linear_of_srgb (gdouble value)
{
  value /= 255.0;
  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static gdouble
reflectance (const Tissue *tissue,
             gint          wave,
             gdouble       blood,
             gdouble       melanosomes)
{
  gdouble l = 400.0 + 10.0 * wave;
  gdouble base = 0.244 + 85.3 * exp (-(l - 154.0) / 66.2);
  gdouble molar = tissue->oxygen * oxygenated[wave]
                  + (1.0 - tissue->oxygen) * reduced[wave];
  gdouble dermis
      = blood * 2.303 * 150.0 / 64500.0 * molar + (1.0 - blood) * base;
  gdouble epidermis
      = melanosomes * 6.6e11 * pow (l, -3.33) + (1.0 - melanosomes) * base;
  gdouble scatter
      = tissue->scatter * (2e5 * pow (l, -1.5) + 2e12 * pow (l, -4.0));
  gdouble albedo = scatter / (dermis + scatter);
  gdouble k = 2.945; /* (1 + r) / (1 - r), inner reflection of n = 1.4 */

  return exp (-2.0 * tissue->epidermis * epidermis) * albedo
         / (1.0 + 2.0 * k * (1.0 - albedo)
            + (1.0 + 2.0 * k / 3.0) * sqrt (3.0 * (1.0 - albedo)));
}

static gdouble
lobe (gdouble l,
      gdouble centre,
      gdouble below,
      gdouble above)
{
  gdouble t = (l - centre) * (l < centre ? below : above);

  return exp (-0.5 * t * t);
}

/* Weights of each wavelength in linear R, G and B; each sums to one. */
static void
camera_weights (gdouble weight[3][N_WAVES])
{
  static const gdouble matrix[3][3] = { { 3.2406, -1.5372, -0.4986 },
                                        { -0.9689, 1.8758, 0.0415 },
                                        { 0.0557, -0.2040, 1.0570 } };
  gint c, i;

  for (c = 0; c < 3; c++)
    {
      gdouble sum = 0.0;

      for (i = 0; i < N_WAVES; i++)
        {
          gdouble l = 400.0 + 10.0 * i;
          gdouble x = 0.362 * lobe (l, 442.0, 0.0624, 0.0374)
                      + 1.056 * lobe (l, 599.8, 0.0264, 0.0323)
                      - 0.065 * lobe (l, 501.1, 0.0490, 0.0382);
          gdouble y = 0.821 * lobe (l, 568.8, 0.0213, 0.0247)
                      + 0.286 * lobe (l, 530.9, 0.0613, 0.0322);
          gdouble z = 1.217 * lobe (l, 437.0, 0.0845, 0.0278)
                      + 0.681 * lobe (l, 459.0, 0.0385, 0.0725);

          weight[c][i]
              = matrix[c][0] * x + matrix[c][1] * y + matrix[c][2] * z;
          sum += weight[c][i];
        }
      for (i = 0; i < N_WAVES; i++)
        weight[c][i] /= sum;
    }
}

static void
model_rgb (const Tissue *tissue,
           gdouble       weight[3][N_WAVES],
           gdouble       blood,
           gdouble       melanosomes,
           gdouble       rgb[3])
{
  gint c, i;

  rgb[0] = rgb[1] = rgb[2] = 0.0;
  for (i = 0; i < N_WAVES; i++)
    {
      gdouble r = reflectance (tissue, i, blood, melanosomes);

      for (c = 0; c < 3; c++)
        rgb[c] += weight[c][i] * r;
    }
  rgb[2] = MAX (rgb[2], LEAST_BLUE * rgb[1]);
}

/* ln of the scale of each channel at a share of melanosomes, straight between
 * the known tones in ln share. */
static void
calibration (gdouble scale[PHANTOM_N_TONES][3],
             gdouble ln_melanin,
             gdouble out[3])
{
  gint    i = 0, c;
  gdouble a, b, t;

  while (i < PHANTOM_N_TONES - 2
         && ln_melanin > log (tones[i + 1].melanosomes))
    i++;
  a = log (tones[i].melanosomes);
  b = log (tones[i + 1].melanosomes);
  t = CLAMP ((ln_melanin - a) / (b - a), 0.0, 1.0);
  for (c = 0; c < 3; c++)
    out[c] = scale[i][c] + t * (scale[i + 1][c] - scale[i][c]);
}

PhantomOptics *
phantom_optics_new (PhantomSet set)
{
  PhantomOptics *optics = g_new (PhantomOptics, 1);
  const Tissue  *tissue = &tissues[set];
  gdouble        weight[3][N_WAVES], scale[PHANTOM_N_TONES][3], rgb[3], k[3];
  gint           i, j, c;

  camera_weights (weight);
  for (i = 0; i < PHANTOM_N_TONES; i++)
    {
      model_rgb (tissue, weight, 0.01, tones[i].melanosomes, rgb);
      for (c = 0; c < 3; c++)
        scale[i][c]
            = log ((linear_of_srgb (tones[i].rgb[c]) - tissue->glare) / rgb[c]);
    }
  for (i = 0; i < N_MELANIN; i++)
    for (j = 0; j < N_BLOOD; j++)
      {
        gdouble ln_melanin = MELANIN_LOW + i * MELANIN_STEP;

        model_rgb (tissue, weight, exp (BLOOD_LOW + j * BLOOD_STEP),
                   MIN (exp (ln_melanin), 0.95), rgb);
        calibration (scale, ln_melanin, k);
        for (c = 0; c < 3; c++)
          optics->table[i][j][c] = tissue->glare + rgb[c] * exp (k[c]);
      }
  return optics;
}

void
phantom_optics_free (PhantomOptics *optics)
{
  g_free (optics);
}

void
phantom_optics_skin (const PhantomOptics *optics,
                     gfloat               ln_blood,
                     gfloat               ln_melanin,
                     gfloat               rgb[3])
{
  gfloat u = (ln_melanin - MELANIN_LOW) / MELANIN_STEP;
  gfloat v = (ln_blood - BLOOD_LOW) / BLOOD_STEP;
  gint   i, j, c;

  u = phantom_clamp (u, 0.0f, N_MELANIN - 1.001f);
  v = phantom_clamp (v, 0.0f, N_BLOOD - 1.001f);
  i = (gint) u;
  j = (gint) v;
  u -= i;
  v -= j;
  for (c = 0; c < 3; c++)
    {
      gfloat a = optics->table[i][j][c]
                 + v * (optics->table[i][j + 1][c] - optics->table[i][j][c]);
      gfloat b = optics->table[i + 1][j][c]
                 + v * (optics->table[i + 1][j + 1][c]
                        - optics->table[i + 1][j][c]);

      rgb[c] = a + u * (b - a);
    }
}
