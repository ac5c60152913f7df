/* Phantom photographs: the camera
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lens (vignetting, point spread), sensor (colour filters, shot and read
 * noise), demosaicing by local gradients (Malvar et al. 2004,
 * doi:10.1109/ICASSP.2004.1326587), white balance, sharpening, tone curve,
 * JPEG.
 */

#include "phantom-private.h"

typedef struct
{
  const PhantomSettings *settings;
  gint                   width;
  gint                   height;
  PockmarkPlane         *channel[3];
} Camera;

/* The sensor's channels are this sensitive, relative to green: what white
 * balance multiplies back, noise and all. */
static const gfloat sensitivity[3] = { 0.55f, 1.0f, 0.65f };

/* Row and column parity of a pixel to its colour: RGGB. */
static gint
filter_colour (gint x,
               gint y)
{
  return (y & 1) + (x & 1);
}

static gboolean
expose (Camera       *camera,
        const gfloat *scene,
        GError      **error)
{
  const PhantomSettings *s = camera->settings;
  gint    w = camera->width, h = camera->height, x, y, c;
  gfloat  gain = pow (2.0, s->exposure);
  gfloat  corner = 1.0f / (0.25f * ((gfloat) w * w + (gfloat) h * h));

  for (c = 0; c < 3; c++)
    {
      camera->channel[c] = pockmark_plane_new (w, h, error);
      if (! camera->channel[c])
        return FALSE;
      for (y = 0; y < h; y++)
        for (x = 0; x < w; x++)
          {
            gfloat dx = x - 0.5f * w, dy = y - 0.5f * h;
            gfloat loss = s->vignetting * (dx * dx + dy * dy) * corner;

            camera->channel[c]->data[(gsize) y * w + x]
                = scene[((gsize) y * w + x) * 3 + c] * gain * (1.0f - loss);
          }
      if (! phantom_field_blur (camera->channel[c],
                                s->psf * (c == 1 ? 1.0 : 1.06), error))
        return FALSE;
    }
  return TRUE;
}

/* Shot and read noise of one reading, in units of white. */
static gfloat
noisy (const Camera  *camera,
       PhantomRandom *random,
       gfloat         value,
       gint           c)
{
  const PhantomSettings *s = camera->settings;
  gfloat                 signal = MAX (value, 0.0f) * sensitivity[c];
  gfloat                 sd = sqrtf (signal / (gfloat) s->full_well
                                     + (gfloat) (s->read_noise
                                                 * s->read_noise));

  signal += sd * (gfloat) phantom_random_normal (random);
  return MIN (signal / sensitivity[c], 1.0f);
}

static void
sense (Camera        *camera,
       PockmarkPlane *mosaic)
{
  PhantomRandom random;
  gint          w = camera->width, x, y, c;

  phantom_random_init (&random, camera->settings->seed, 77);
  for (y = 0; y < camera->height; y++)
    for (x = 0; x < w; x++)
      {
        gsize at = (gsize) y * w + x;

        if (mosaic)
          {
            c = filter_colour (x, y);
            mosaic->data[at]
                = noisy (camera, &random, camera->channel[c]->data[at], c);
          }
        else
          for (c = 0; c < 3; c++)
            camera->channel[c]->data[at]
                = noisy (camera, &random, camera->channel[c]->data[at], c);
      }
}

/* Malvar's filters, rows of the 5 x 5 window, in sixteenths. */
static const gint8 green_at_other[25]
    = { 0, 0, -2, 0, 0, 0, 0, 4, 0, 0, -2, 4, 8, 4, -2,
        0, 0, 4,  0, 0, 0, 0, -2, 0, 0 };
static const gint8 other_in_row[25]
    = { 0, 0, 1, 0, 0, 0, -2, 0, -2, 0, -2, 8, 10, 8, -2,
        0, -2, 0, -2, 0, 0, 0, 1, 0, 0 };
static const gint8 other_in_column[25]
    = { 0, 0, -2, 0, 0, 0, -2, 8, -2, 0, 1, 0, 10, 0, 1,
        0, -2, 8, -2, 0, 0, 0, -2, 0, 0 };
static const gint8 other_across[25]
    = { 0, 0, -3, 0, 0, 0, 4, 0, 4, 0, -3, 0, 12, 0, -3,
        0, 4, 0, 4, 0, 0, 0, -3, 0, 0 };

static gint
reflect (gint i,
         gint n)
{
  i = i < 0 ? -i : i;
  return i >= n ? 2 * n - 2 - i : i;
}

static gfloat
apply (const PockmarkPlane *mosaic,
       const gint8         *filter,
       gint                 x,
       gint                 y)
{
  gint   w = mosaic->width, h = mosaic->height, i, j;
  gfloat sum = 0.0f;

  if (x >= 2 && y >= 2 && x < w - 2 && y < h - 2)
    {
      const gfloat *at = mosaic->data + (gsize) (y - 2) * w + x - 2;

      for (j = 0; j < 5; j++, at += w)
        for (i = 0; i < 5; i++)
          sum += filter[5 * j + i] * at[i];
    }
  else
    for (j = 0; j < 5; j++)
      for (i = 0; i < 5; i++)
        sum += filter[5 * j + i]
               * mosaic->data[(gsize) reflect (y + j - 2, h) * w
                              + reflect (x + i - 2, w)];
  return sum / 16.0f;
}

static void
demosaic (Camera              *camera,
          const PockmarkPlane *mosaic)
{
  gint w = camera->width, x, y;

  for (y = 0; y < camera->height; y++)
    for (x = 0; x < w; x++)
      {
        gsize at = (gsize) y * w + x;
        gint  own = filter_colour (x, y);

        camera->channel[own]->data[at] = mosaic->data[at];
        if (own == 1)
          {
            gint across = y & 1 ? 2 : 0; /* the colour in this row */

            camera->channel[across]->data[at]
                = apply (mosaic, other_in_row, x, y);
            camera->channel[2 - across]->data[at]
                = apply (mosaic, other_in_column, x, y);
          }
        else
          {
            camera->channel[1]->data[at]
                = apply (mosaic, green_at_other, x, y);
            camera->channel[2 - own]->data[at]
                = apply (mosaic, other_across, x, y);
          }
      }
}

static gfloat
encode (gfloat value,
        gfloat contrast)
{
  gfloat v = value <= 0.0031308f
                 ? 12.92f * MAX (value, 0.0f)
                 : 1.055f * powf (value, 1.0f / 2.4f) - 0.055f;

  v = MIN (v, 1.0f);
  return v + contrast * (phantom_smoothstep (v) - v);
}

#define ENCODE_STEPS 4096

/* White balance, sharpening and tone, to 8 bits. */
static gboolean
develop (Camera  *camera,
         guint8  *rgb,
         GError **error)
{
  const PhantomSettings *s = camera->settings;
  gfloat table[ENCODE_STEPS + 2];
  gsize  i, n = (gsize) camera->width * camera->height;
  gint   c, k;

  /* Finer near black: the table is over the square root. */
  for (k = 0; k <= ENCODE_STEPS + 1; k++)
    {
      gfloat root = (gfloat) k / ENCODE_STEPS;

      table[k] = encode (root * root, s->contrast);
    }
  for (c = 0; c < 3; c++)
    {
      gfloat *in = camera->channel[c]->data;
      g_autoptr (PockmarkPlane) soft = NULL;

      for (i = 0; i < n; i++)
        {
          gfloat root = sqrtf (phantom_clamp (in[i] * s->white[c], 0.0f, 1.0f))
                        * ENCODE_STEPS;

          k = (gint) root;
          in[i] = table[k] + (root - k) * (table[k + 1] - table[k]);
        }
      soft = phantom_field_copy (camera->channel[c], error);
      if (! soft || ! phantom_field_blur (soft, 1.2, error))
        return FALSE;
      for (i = 0; i < n; i++)
        {
          gfloat v = in[i] + s->sharpening * (in[i] - soft->data[i]);

          rgb[3 * i + c]
              = (guint8) (phantom_clamp (v, 0.0f, 1.0f) * 255.0f + 0.5f);
        }
    }
  return TRUE;
}

static gboolean
take (Camera       *camera,
      const gfloat *scene,
      guint8       *rgb,
      GError      **error)
{
  const PhantomSettings    *s = camera->settings;
  g_autoptr (PockmarkPlane) mosaic = NULL;

  if (! expose (camera, scene, error))
    return FALSE;
  if (s->bayer)
    {
      mosaic = pockmark_plane_new (camera->width, camera->height, error);
      if (! mosaic)
        return FALSE;
    }
  sense (camera, mosaic);
  if (mosaic)
    demosaic (camera, mosaic);
  return develop (camera, rgb, error)
         && (s->jpeg_quality == 0
             || phantom_jpeg (rgb, camera->width, camera->height,
                              s->jpeg_quality, error));
}

guint8 *
phantom_camera (const PhantomSettings *settings,
                const gfloat          *scene,
                GError               **error)
{
  Camera  camera = { settings, settings->width, settings->height, { NULL } };
  guint8 *rgb = phantom_alloc ((gsize) settings->width * settings->height, 3,
                               error);
  gint    c;

  if (rgb && ! take (&camera, scene, rgb, error))
    g_clear_pointer (&rgb, g_free);
  for (c = 0; c < 3; c++)
    pockmark_plane_free (camera.channel[c]);
  return rgb;
}
