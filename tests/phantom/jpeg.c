/* Phantom photographs: what JPEG does to a picture
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lossy part of JPEG (ITU-T T.81): YCbCr, colour halved below quality 90,
 * blocks of 8 x 8 through the cosine transform, rounded to multiples of the
 * example tables of its annex K scaled as the IJG's library does.  Nothing is
 * coded, so no library decides the result.
 */

#include "phantom-private.h"

static const guint8 luma_table[64] = {
  16, 11, 10, 16, 24,  40,  51,  61,  12, 12, 14, 19, 26,  58,  60,  55,
  14, 13, 16, 24, 40,  57,  69,  56,  14, 17, 22, 29, 51,  87,  80,  62,
  18, 22, 37, 56, 68,  109, 103, 77,  24, 35, 55, 64, 81,  104, 113, 92,
  49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99
};

static const guint8 chroma_table[64] = {
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
  24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99
};

typedef struct
{
  gfloat cosine[8][8]; /* [frequency][place], orthonormal */
  gfloat step[64];
} Transform;

static void
transform_init (Transform    *transform,
                const guint8 *table,
                gint          quality)
{
  gint scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  gint i, k;

  for (k = 0; k < 8; k++)
    for (i = 0; i < 8; i++)
      transform->cosine[k][i] = cos ((2 * i + 1) * k * G_PI / 16.0)
                                * (k ? 0.5 : 0.35355339059);
  for (i = 0; i < 64; i++)
    transform->step[i] = CLAMP ((table[i] * scale + 50) / 100, 1, 255);
}

/* out = m * in * m', or with the matrix transposed on the way back. */
static void
rotate (const gfloat m[8][8],
        gboolean     back,
        gfloat       block[64])
{
  gfloat half[64];
  gint   i, j, k;

  for (i = 0; i < 8; i++)
    for (j = 0; j < 8; j++)
      {
        gfloat sum = 0.0f;

        for (k = 0; k < 8; k++)
          sum += (back ? m[k][i] : m[i][k]) * block[8 * k + j];
        half[8 * i + j] = sum;
      }
  for (i = 0; i < 8; i++)
    for (j = 0; j < 8; j++)
      {
        gfloat sum = 0.0f;

        for (k = 0; k < 8; k++)
          sum += half[8 * i + k] * (back ? m[k][j] : m[j][k]);
        block[8 * i + j] = sum;
      }
}

static void
quantise (PockmarkPlane   *plane,
          const Transform *transform)
{
  gint w = plane->width, h = plane->height, bx, by, i, j;

  for (by = 0; by < h; by += 8)
    for (bx = 0; bx < w; bx += 8)
      {
        gfloat block[64];

        for (j = 0; j < 8; j++)
          for (i = 0; i < 8; i++)
            block[8 * j + i]
                = plane->data[(gsize) MIN (by + j, h - 1) * w
                              + MIN (bx + i, w - 1)];
        rotate (transform->cosine, FALSE, block);
        for (i = 0; i < 64; i++)
          block[i] = rintf (block[i] / transform->step[i])
                     * transform->step[i];
        rotate (transform->cosine, TRUE, block);
        for (j = 0; j < MIN (8, h - by); j++)
          for (i = 0; i < MIN (8, w - bx); i++)
            plane->data[(gsize) (by + j) * w + bx + i] = block[8 * j + i];
      }
}

static void
to_planes (const guint8   *rgb,
           PockmarkPlane  *luma,
           PockmarkPlane **chroma,
           gint            step)
{
  static const gfloat weight[2][3] = { { -0.168736f, -0.331264f, 0.5f },
                                       { 0.5f, -0.418688f, -0.081312f } };
  gfloat share = 1.0f / (step * step);
  gint   w = luma->width, h = luma->height, x, y, c, i, j;

  for (y = 0; y < h; y++)
    for (x = 0; x < w; x++)
      {
        const guint8 *at = rgb + ((gsize) y * w + x) * 3;

        luma->data[(gsize) y * w + x]
            = 0.299f * at[0] + 0.587f * at[1] + 0.114f * at[2] - 128.0f;
      }
  for (c = 0; c < 2; c++)
    for (y = 0; y < chroma[c]->height; y++)
      for (x = 0; x < chroma[c]->width; x++)
        {
          gfloat sum = 0.0f;

          for (j = 0; j < step; j++)
            for (i = 0; i < step; i++)
              {
                const guint8 *at = rgb
                                   + ((gsize) MIN (y * step + j, h - 1) * w
                                      + MIN (x * step + i, w - 1)) * 3;

                sum += weight[c][0] * at[0] + weight[c][1] * at[1]
                       + weight[c][2] * at[2];
              }
          chroma[c]->data[(gsize) y * chroma[c]->width + x] = sum * share;
        }
}

/* Colour at a pixel; halved planes are drawn straight between samples. */
static gfloat
chroma_at (const PockmarkPlane *plane,
           gint                 step,
           gint                 x,
           gint                 y)
{
  gint          w = plane->width, i, j;
  const gfloat *a, *b;

  if (step == 1)
    return plane->data[(gsize) y * w + x];
  i = CLAMP (x / 2 + (x & 1 ? 1 : -1), 0, w - 1);
  j = CLAMP (y / 2 + (y & 1 ? 1 : -1), 0, plane->height - 1);
  a = plane->data + (gsize) (y / 2) * w;
  b = plane->data + (gsize) j * w;
  return 0.5625f * a[x / 2] + 0.1875f * (a[i] + b[x / 2]) + 0.0625f * b[i];
}

static guint8
to_byte (gfloat value)
{
  return (guint8) (phantom_clamp (value, 0.0f, 255.0f) + 0.5f);
}

static void
to_rgb (const PockmarkPlane  *luma,
        PockmarkPlane *const *chroma,
        gint                  step,
        guint8               *rgb)
{
  gint w = luma->width, x, y;

  for (y = 0; y < luma->height; y++)
    for (x = 0; x < w; x++)
      {
        guint8 *at = rgb + ((gsize) y * w + x) * 3;
        gfloat  l = luma->data[(gsize) y * w + x] + 128.0f;
        gfloat  cb = chroma_at (chroma[0], step, x, y);
        gfloat  cr = chroma_at (chroma[1], step, x, y);

        at[0] = to_byte (l + 1.402f * cr);
        at[1] = to_byte (l - 0.344136f * cb - 0.714136f * cr);
        at[2] = to_byte (l + 1.772f * cb);
      }
}

gboolean
phantom_jpeg (guint8  *rgb,
              gint     width,
              gint     height,
              gint     quality,
              GError **error)
{
  gint           step = quality < 90 ? 2 : 1, c;
  gint           w = (width + step - 1) / step, h = (height + step - 1) / step;
  PockmarkPlane *luma = pockmark_plane_new (width, height, error);
  PockmarkPlane *chroma[2] = { NULL, NULL };
  Transform      transform;

  for (c = 0; c < 2 && luma; c++)
    {
      chroma[c] = pockmark_plane_new (w, h, error);
      if (! chroma[c])
        break;
    }
  if (luma && chroma[0] && chroma[1])
    {
      to_planes (rgb, luma, chroma, step);
      transform_init (&transform, luma_table, quality);
      quantise (luma, &transform);
      transform_init (&transform, chroma_table, quality);
      for (c = 0; c < 2; c++)
        quantise (chroma[c], &transform);
      to_rgb (luma, chroma, step, rgb);
    }
  c = luma && chroma[0] && chroma[1];
  pockmark_plane_free (luma);
  pockmark_plane_free (chroma[0]);
  pockmark_plane_free (chroma[1]);
  return c;
}
