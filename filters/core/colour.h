/* Pockmark: the few formulas of colour that the core and what reads for it share
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_COLOUR_H
#define POCKMARK_COLOUR_H

#include <math.h>
#include <string.h>

#include <glib.h>

G_BEGIN_DECLS

/* sRGB's transfer function (IEC 61966-2-1): encoded 0-1 to linear light. */
static inline gfloat
pockmark_linear_from_srgb (gfloat value)
{
  return value <= 0.04045f ? value / 12.92f
                           : powf ((value + 0.055f) / 1.055f, 2.4f);
}

/* CIELAB: L* 0-100 for colours that a surface can have. */
typedef struct
{
  gfloat l;
  gfloat a;
  gfloat b;
} PockmarkLab;

/* The cube root of a positive number, to 3e-7 of it, in code that compilers
 * turn into vectors: a third of the exponent, then two steps of Halley's. */
static inline gfloat
pockmark_cube_root (gfloat x)
{
  gint32 bits;
  gfloat y, cube;

  memcpy (&bits, &x, sizeof bits);
  bits = (gint32) ((gfloat) bits * (1.0f / 3.0f)) + 0x2a514067;
  memcpy (&y, &bits, sizeof y);
  cube = y * y * y;
  y *= (cube + 2.0f * x) / (2.0f * cube + x);
  cube = y * y * y;
  return y * (cube + 2.0f * x) / (2.0f * cube + x);
}

/* The companding of CIE 15: a cube root with a straight foot. */
static inline gfloat
pockmark_lab_compand (gfloat t)
{
  const gfloat d = 6.0f / 29.0f;
  const gfloat root = pockmark_cube_root (MAX (t, d * d * d));

  return t > d * d * d ? root : t / (3.0f * d * d) + 4.0f / 29.0f;
}

/* Linear sRGB to CIELAB with sRGB's own white, D65: XYZ after IEC 61966-2-1,
 * each row divided by its sum, so that white has a* and b* of exactly 0. */
static inline PockmarkLab
pockmark_lab_from_linear (const gfloat *rgb)
{
  const gfloat x = pockmark_lab_compand (0.433953f * rgb[0] + 0.376219f * rgb[1]
                                         + 0.189828f * rgb[2]);
  const gfloat y = pockmark_lab_compand (0.212671f * rgb[0] + 0.715160f * rgb[1]
                                         + 0.072169f * rgb[2]);
  const gfloat z = pockmark_lab_compand (0.017758f * rgb[0] + 0.109477f * rgb[1]
                                         + 0.872765f * rgb[2]);
  PockmarkLab  lab = { 116.0f * y - 16.0f, 500.0f * (x - y), 200.0f * (y - z) };

  return lab;
}

/* The individual typology angle of skin, degrees: above 55 very light, below
 * -30 dark.  Chardon et al. 1991, doi:10.1111/j.1467-2494.1991.tb00561.x. */
static inline gdouble
pockmark_ita (gdouble l,
              gdouble b)
{
  return atan2 (l - 50.0, b) * 180.0 / G_PI;
}

G_END_DECLS

#endif
