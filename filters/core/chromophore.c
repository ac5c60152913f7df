/* Pockmark: optical density and its three chromophores
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Light that comes back from skin has been weakened by melanin, by blood and
 * by the shading of the surface.  In optical density these three add up:
 *
 *   D = hemoglobin * v_hb + melanin * v_mel + shading * (1, 1, 1)
 *
 * so one 3x3 matrix, the inverse of the one with these columns, takes them
 * apart again.
 */

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "pockmark-core.h"

/* Tsumura et al. 2003, doi:10.1145/882262.882344. */
const PockmarkVectors pockmark_vectors_default = {
  .melanin = { 0.2203f, 0.4788f, 0.8499f },
  .hemoglobin = { 0.2988f, 0.6838f, 0.6657f },
};

gboolean
pockmark_unmixing_init (PockmarkUnmixing      *unmixing,
                        const PockmarkVectors *vectors,
                        GError               **error)
{
  const gfloat *h = vectors->hemoglobin;
  const gfloat *m = vectors->melanin;
  gdouble       row[3][3];
  gdouble       det;
  gint          i, j;

  /* Cofactors of the matrix with the columns h, m and (1, 1, 1). */
  row[0][0] = m[1] - m[2];
  row[0][1] = m[2] - m[0];
  row[0][2] = m[0] - m[1];
  row[1][0] = h[2] - h[1];
  row[1][1] = h[0] - h[2];
  row[1][2] = h[1] - h[0];
  row[2][0] = (gdouble) h[1] * m[2] - (gdouble) h[2] * m[1];
  row[2][1] = (gdouble) h[2] * m[0] - (gdouble) h[0] * m[2];
  row[2][2] = (gdouble) h[0] * m[1] - (gdouble) h[1] * m[0];
  det = row[2][0] + row[2][1] + row[2][2];

  if (! isfinite (det) || fabs (det) < 1e-3)
    {
      g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER,
                           _("The colours given for haemoglobin and melanin "
                             "are too much alike, or grey: choose others."));
      return FALSE;
    }

  for (i = 0; i < 3; i++)
    for (j = 0; j < 3; j++)
      unmixing->row[i][j] = (gfloat) (row[i][j] / det);
  return TRUE;
}

/* ln(x) = e ln 2 + ln m with m in [1/sqrt 2, sqrt 2), and
 * ln m = 2 atanh (s), s = (m - 1) / (m + 1), |s| < 0.172: four terms of the
 * series leave 2 s^9 / 9 < 3e-8. */
static inline gfloat
density_of (gfloat value)
{
  gfloat  x = value > POCKMARK_DENSITY_FLOOR ? value : POCKMARK_DENSITY_FLOOR;
  gint32  bits, exponent;
  gfloat  m, s, s2;

  /* No density of more light than a float can hold. */
  x = x < 1e30f ? x : 1e30f;
  memcpy (&bits, &x, sizeof bits);
  exponent = (bits - 0x3f3504f3) >> 23;
  bits -= (gint32) ((guint32) exponent << 23);
  memcpy (&m, &bits, sizeof m);
  s = (m - 1.0f) / (m + 1.0f);
  s2 = s * s;
  return -0.693147181f * (gfloat) exponent
         - 2.0f * s
               * (1.0f
                  + s2
                        * (1.0f / 3.0f
                           + s2 * (1.0f / 5.0f + s2 * (1.0f / 7.0f))));
}

void
pockmark_density (const gfloat *in,
                  gfloat       *out,
                  gsize         n)
{
  gsize i;

  for (i = 0; i < n; i++)
    out[i] = density_of (in[i]);
}

void
pockmark_chromophore (const PockmarkUnmixing *unmixing,
                      PockmarkComponent       component,
                      const gfloat           *rgba,
                      gfloat                 *out,
                      gsize                   n)
{
  const gfloat r = unmixing->row[component][0];
  const gfloat g = unmixing->row[component][1];
  const gfloat b = unmixing->row[component][2];
  gsize        i;

  for (i = 0; i < n; i++)
    out[i] = r * density_of (rgba[4 * i]) + g * density_of (rgba[4 * i + 1])
             + b * density_of (rgba[4 * i + 2]);
}
