/* Phantom photographs: light on the skin
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Irradiance comes from up to two lights (Lambert's cosine, cast shadows) and
 * from all around (less in hollows).  The skin spreads it below the surface,
 * red wider than blue, before its colour is seen: weights and widths follow
 * the sum of Gaussians of d'Eon and Luebke 2007 (GPU Gems 3, chapter 14).
 * Gloss is a microfacet highlight (GGX, Walter et al. 2007,
 * doi:10.2312/EGWR/EGSR07/195-206) on the same normals.  Even, flat skin keeps
 * its albedo: everything is relative to the irradiance there.
 */

#include "phantom-private.h"

/* Reflectance of skin's surface (n = 1.4) at normal incidence. */
#define FRESNEL 0.028f

/* Height over which a shadow's edge goes from light to dark, mm. */
#define PENUMBRA 0.05f

/* What a cast shadow takes: the walls of a pit light each other. */
#define UMBRA 0.85f

#define N_SPREADS 3

typedef struct
{
  gdouble width; /* s.d., mm */
  gfloat  weight[3];
} Spread;

/* What is left of the weights is not spread. */
static const Spread spreads[N_SPREADS]
    = { { 0.15, { 0.22f, 0.26f, 0.20f } },
        { 0.42, { 0.22f, 0.16f, 0.06f } },
        { 1.20, { 0.24f, 0.04f, 0.01f } } };

typedef struct
{
  const PhantomSettings *settings;
  const PhantomSkin     *skin;
  const gfloat          *gloss;
  PockmarkPlane         *irradiance; /* by lamps, relative to flat skin     */
  PockmarkPlane         *around;     /* from all around, likewise           */
  PockmarkPlane         *highlight;
  gint                   width;
  gint                   height;
  gdouble                level;      /* of flat skin                        */
  gdouble                tilt[2];    /* slope of the whole field            */
} Lighting;

/* Slopes of the skin, less those of the face, at one pixel. */
static void
slopes (const Lighting *lighting,
        gint            x,
        gint            y,
        gfloat         *gx,
        gfloat         *gy)
{
  const PockmarkPlane *z = lighting->skin->height;
  gint                 x0 = MAX (x - 1, 0), x1 = MIN (x + 1, z->width - 1);
  gint                 y0 = MAX (y - 1, 0), y1 = MIN (y + 1, z->height - 1);
  const gfloat        *row = z->data + (gsize) y * z->width;
  gfloat               scale = lighting->skin->pixels_per_mm;

  *gx = (row[x1] - row[x0]) * scale / MAX (x1 - x0, 1);
  *gy = (z->data[(gsize) y1 * z->width + x]
         - z->data[(gsize) y0 * z->width + x])
        * scale / MAX (y1 - y0, 1);
}

/* Walks away from the light along x or y and carries the height that still
 * throws shadow; shade is 0 in light, 1 in shadow. */
static PockmarkPlane *
cast_shadows (const Lighting     *lighting,
              const PhantomLight *light,
              GError            **error)
{
  const PockmarkPlane *z = lighting->skin->height;
  PockmarkPlane *shade = phantom_field_copy (z, error);
  gdouble        azimuth = light->azimuth * G_PI / 180.0;
  gdouble        dx = cos (azimuth), dy = -sin (azimuth);
  gboolean       by_row = fabs (dy) > fabs (dx);
  gint           lines = by_row ? z->height : z->width;
  gint           n = by_row ? z->width : z->height;
  gsize          step = by_row ? z->width : 1, stride = by_row ? 1 : z->width;
  gdouble        main_part = by_row ? dy : dx;
  gdouble        drift = (by_row ? dx : dy) / fabs (main_part);
  gfloat         drop = tan (light->elevation * G_PI / 180.0)
                * sqrt (1.0 + drift * drift)
                / lighting->skin->pixels_per_mm;
  gint           shift = (gint) floor (drift), line, i;
  gfloat         t = drift - shift;
  gsize          k, total = (gsize) z->width * z->height;

  if (! shade)
    return NULL;
  for (line = 1; line < lines; line++)
    {
      gint    at = main_part > 0.0 ? lines - 1 - line : line;
      gint    before = main_part > 0.0 ? at + 1 : at - 1;
      gfloat *out = shade->data + at * step;
      gfloat *in = shade->data + before * step;

      for (i = 0; i < n; i++)
        {
          gint   a = CLAMP (i + shift, 0, n - 1);
          gint   b = CLAMP (i + shift + 1, 0, n - 1);
          gfloat from = in[a * stride] + t * (in[b * stride] - in[a * stride]);

          out[i * stride] = MAX (out[i * stride], from - drop);
        }
    }
  for (k = 0; k < total; k++)
    shade->data[k] = phantom_smoothstep ((shade->data[k] - z->data[k])
                                         / PENUMBRA);
  return shade;
}

typedef struct
{
  gfloat to[3];   /* unit vector to the light, y down */
  gfloat half[3]; /* between the light and the camera */
  gfloat share;   /* irradiance relative to flat skin */
  gfloat fresnel;
} Beam;

static void
beam_init (Beam               *beam,
           const PhantomLight *light,
           gdouble             level)
{
  gdouble azimuth = light->azimuth * G_PI / 180.0;
  gdouble elevation = light->elevation * G_PI / 180.0;
  gfloat  norm, grazing;
  gint    i;

  beam->to[0] = cos (elevation) * cos (azimuth);
  beam->to[1] = -cos (elevation) * sin (azimuth);
  beam->to[2] = sin (elevation);
  norm = sqrtf (2.0f + 2.0f * beam->to[2]);
  for (i = 0; i < 3; i++)
    beam->half[i] = (beam->to[i] + (i == 2)) / norm;
  grazing = 1.0f - beam->half[2];
  beam->fresnel = FRESNEL + (1.0f - FRESNEL) * powf (grazing, 5.0f);
  beam->share = light->strength / level;
}

static void
shine_row (Lighting   *lighting,
           const Beam *beam,
           const PockmarkPlane *shade,
           gint        y)
{
  const PhantomSettings *s = lighting->settings;
  gint                   w = lighting->width, x;
  gfloat                 scale = lighting->skin->pixels_per_mm;
  gfloat                 alpha2 = s->roughness * s->roughness;
  gfloat cy = -s->curvature_y * ((y + 0.5f - 0.5f * lighting->height) / scale)
              + lighting->tilt[1];

  for (x = 0; x < w; x++)
    {
      gsize  at = (gsize) y * w + x;
      gfloat lit = beam->share * (1.0f - UMBRA * shade->data[at]);
      gfloat gx, gy, norm, cosine, nh, d;

      slopes (lighting, x, y, &gx, &gy);
      gx += -s->curvature_x * ((x + 0.5f - 0.5f * w) / scale)
            + lighting->tilt[0];
      gy += cy;
      norm = 1.0f / sqrtf (1.0f + gx * gx + gy * gy);
      cosine = (beam->to[2] - gx * beam->to[0] - gy * beam->to[1]) * norm;
      if (cosine <= 0.0f)
        continue;
      lighting->irradiance->data[at] += lit * cosine;
      nh = (beam->half[2] - gx * beam->half[0] - gy * beam->half[1]) * norm;
      d = nh * nh * (alpha2 - 1.0f) + 1.0f;
      lighting->highlight->data[at]
          += lit * lighting->gloss[at] * beam->fresnel * 0.25f * alpha2
             / (d * d * norm);
    }
}

static gboolean
shine (Lighting           *lighting,
       const PhantomLight *light,
       GError            **error)
{
  g_autoptr (PockmarkPlane) shade = NULL;
  Beam beam;
  gint y;

  if (light->strength <= 0.0)
    return TRUE;
  shade = cast_shadows (lighting, light, error);
  if (! shade)
    return FALSE;
  beam_init (&beam, light, lighting->level);
  for (y = 0; y < lighting->height; y++)
    shine_row (lighting, &beam, shade, y);
  return TRUE;
}

/* Light from all around reaches a hollow only through its opening: what lies
 * below its surroundings, at three widths, gets less.  A hollow's walls also
 * stand in the way of a lamp that is no point, so lamps lose a part of it. */
static gboolean
occlude (Lighting      *lighting,
         PockmarkPlane *open,
         GError       **error)
{
  static const gdouble widths[] = { 0.25, 0.7, 2.0 };
  const PhantomSkin   *skin = lighting->skin;
  gsize                i, n = (gsize) lighting->width * lighting->height;
  guint                k;

  for (k = 0; k < G_N_ELEMENTS (widths); k++)
    {
      g_autoptr (PockmarkPlane) around
          = phantom_field_copy (skin->height, error);
      gfloat gain = lighting->settings->occlusion * 0.6 / widths[k];

      if (! around
          || ! phantom_field_blur (around, widths[k] * skin->pixels_per_mm,
                                   error))
        return FALSE;
      for (i = 0; i < n; i++)
        open->data[i] -= gain * (around->data[i] - skin->height->data[i]);
    }
  for (i = 0; i < n; i++)
    open->data[i] = phantom_clamp (1.0f + open->data[i], 0.15f, 1.25f);
  return TRUE;
}

static gboolean
illuminate (Lighting *lighting,
            GError  **error)
{
  const PhantomSettings *s = lighting->settings;
  PockmarkPlane         *open = lighting->around;
  gsize                  i, n = (gsize) lighting->width * lighting->height;
  gfloat                 ambient = s->ambient / lighting->level;
  gint                   k;

  if (! occlude (lighting, open, error))
    return FALSE;
  for (k = 0; k < PHANTOM_N_LIGHTS; k++)
    if (! shine (lighting, &s->light[k], error))
      return FALSE;
  for (i = 0; i < n; i++)
    {
      gfloat part = 0.6f + 0.4f * open->data[i];

      lighting->irradiance->data[i] *= part;
      lighting->highlight->data[i] *= part;
      open->data[i] *= ambient;
    }
  return TRUE;
}

/* Lamps are a little warmer or colder than what the walls send back, but
 * together they are white on flat skin. */
static void
tints (const Lighting *lighting,
       gfloat          lamp[3],
       gfloat          around[3])
{
  gdouble share = lighting->settings->ambient / lighting->level;
  gint    c;

  for (c = 0; c < 3; c++)
    {
      lamp[c] = around[c] = 1.0f;
      if (share < 0.02)
        continue;
      lamp[c] += lighting->settings->warmth * (1 - c);
      around[c] = MAX ((1.0 - (1.0 - share) * lamp[c]) / share, 0.2);
    }
}

/* Adds the light of one source, spread below the surface. */
static gboolean
spread_light (const Lighting      *lighting,
              const PockmarkPlane *light,
              const gfloat         tint[3],
              gfloat              *scene,
              GError             **error)
{
  gsize  i, n = (gsize) lighting->width * lighting->height;
  gfloat rest[3] = { 1.0f, 1.0f, 1.0f };
  gint   c, k;

  for (k = 0; k < N_SPREADS; k++)
    {
      g_autoptr (PockmarkPlane) spread = phantom_field_copy (light, error);
      gdouble sigma = spreads[k].width * lighting->settings->scatter
                      * lighting->skin->pixels_per_mm;
      gfloat  weight[3];

      if (! spread || ! phantom_field_blur (spread, sigma, error))
        return FALSE;
      for (c = 0; c < 3; c++)
        {
          weight[c] = spreads[k].weight[c] * tint[c];
          rest[c] -= spreads[k].weight[c];
        }
      for (i = 0; i < n; i++)
        for (c = 0; c < 3; c++)
          scene[3 * i + c] += weight[c] * spread->data[i];
    }
  for (i = 0; i < n; i++)
    for (c = 0; c < 3; c++)
      scene[3 * i + c] += rest[c] * tint[c] * light->data[i];
  return TRUE;
}

static gboolean
colour (Lighting     *lighting,
        const gfloat *albedo,
        gfloat       *scene,
        GError      **error)
{
  gsize  i, n = (gsize) lighting->width * lighting->height;
  gfloat lamp[3], around[3];
  gint   c;

  tints (lighting, lamp, around);
  if (! spread_light (lighting, lighting->irradiance, lamp, scene, error)
      || ! spread_light (lighting, lighting->around, around, scene, error))
    return FALSE;
  for (i = 0; i < n; i++)
    for (c = 0; c < 3; c++)
      scene[3 * i + c] = albedo[3 * i + c] * scene[3 * i + c]
                         + lamp[c] * lighting->highlight->data[i];
  return TRUE;
}

/* The lamp is nearer to one side of the field. */
static void
fall_off (const Lighting *lighting,
          gfloat         *scene)
{
  const PhantomSettings *s = lighting->settings;
  gdouble azimuth = s->light[0].azimuth * G_PI / 180.0;
  gfloat  far = 2.0f / hypot (lighting->width, lighting->height);
  gfloat  dx = s->falloff * cos (azimuth) * far;
  gfloat  dy = -s->falloff * sin (azimuth) * far;
  gint    x, y, c;

  for (y = 0; y < lighting->height; y++)
    for (x = 0; x < lighting->width; x++)
      {
        gfloat *at = scene + ((gsize) y * lighting->width + x) * 3;
        gfloat  t = expf (dx * (x - 0.5f * lighting->width)
                          + dy * (y - 0.5f * lighting->height));

        for (c = 0; c < 3; c++)
          at[c] *= t;
      }
}

static void
lighting_init (Lighting              *lighting,
               const PhantomSettings *settings,
               const PhantomSkin     *skin,
               const gfloat          *gloss)
{
  gdouble azimuth = settings->light[0].azimuth * G_PI / 180.0;
  gdouble slope = tan (settings->tilt * G_PI / 180.0);
  gint    k;

  *lighting = (Lighting) { .settings = settings, .skin = skin,
                           .gloss = gloss };
  lighting->width = skin->height->width;
  lighting->height = skin->height->height;
  /* Facing the light, the surface falls towards it. */
  lighting->tilt[0] = -slope * cos (azimuth);
  lighting->tilt[1] = slope * sin (azimuth);
  lighting->level = settings->ambient;
  for (k = 0; k < PHANTOM_N_LIGHTS; k++)
    lighting->level += settings->light[k].strength
                       * sin (settings->light[k].elevation * G_PI / 180.0);
}

gfloat *
phantom_light (const PhantomSettings *settings,
               const PhantomSkin     *skin,
               const gfloat          *albedo,
               const gfloat          *gloss,
               GError               **error)
{
  Lighting lighting;
  gfloat  *scene = NULL;

  lighting_init (&lighting, settings, skin, gloss);
  lighting.irradiance
      = pockmark_plane_new (lighting.width, lighting.height, error);
  if (lighting.irradiance)
    lighting.around
        = pockmark_plane_new (lighting.width, lighting.height, error);
  if (lighting.around)
    lighting.highlight
        = pockmark_plane_new (lighting.width, lighting.height, error);
  if (lighting.highlight && illuminate (&lighting, error))
    {
      scene = phantom_alloc ((gsize) lighting.width * lighting.height,
                             3 * sizeof (gfloat), error);
      if (scene && ! colour (&lighting, albedo, scene, error))
        g_clear_pointer (&scene, g_free);
    }
  if (scene)
    fall_off (&lighting, scene);
  pockmark_plane_free (lighting.irradiance);
  pockmark_plane_free (lighting.around);
  pockmark_plane_free (lighting.highlight);
  return scene;
}
