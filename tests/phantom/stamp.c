/* Phantom photographs: round things, one at a time
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every round thing is a profile p (r), 1 at the heart and 0 far out, over a
 * radius that an irregular outline divides.  The outline is an ellipse with
 * a few waves, bent by a noise field, so that no two look alike and none is
 * drawn with compasses.
 */

#include "phantom-private.h"

#define N_WAVES 4 /* 2 ... 5 around the outline */

typedef struct
{
  const PhantomFeature *feature;
  gdouble               radius;
  gdouble               cosine;
  gdouble               sine;
  gdouble               axis[2];     /* of the ellipse, relative              */
  gfloat                wave[N_WAVES][2];
  gfloat                bend;        /* of the noise field, mm                */
  gfloat                reach;       /* r where the profile ends              */
} Stamp;

static void
stamp_init (Stamp                *stamp,
            const PhantomFeature *feature,
            gdouble               irregularity)
{
  PhantomRandom random;
  gint          k;

  phantom_random_init (&random, feature->seed, 11);
  stamp->feature = feature;
  stamp->radius = 0.5 * feature->width;
  stamp->cosine = cos (feature->angle);
  stamp->sine = sin (feature->angle);
  stamp->axis[0] = sqrt (feature->stretch);
  stamp->axis[1] = 1.0 / stamp->axis[0];
  for (k = 0; k < N_WAVES; k++)
    {
      gdouble size = irregularity * 0.7 / (1.0 + k * k);

      stamp->wave[k][0] = size * phantom_random_normal (&random);
      stamp->wave[k][1] = size * phantom_random_normal (&random);
    }
  stamp->bend = irregularity * MIN (stamp->radius * 0.5, 0.8);
  if (feature->depth > 0.0)
    stamp->bend *= 0.6;
  stamp->reach = 1.0f;
  if (feature->profile == PHANTOM_BOX)
    stamp->reach = 1.6f;
  else if (feature->profile == PHANTOM_SPOT)
    stamp->reach = 1.0f + 6.0f * feature->edge;
  if (feature->rim > 0.0)
    stamp->reach = MAX (stamp->reach, 1.8f);
}

/* r of a point at dx, dy mm from the heart. */
static gfloat
stamp_radius (const Stamp *stamp,
              gfloat       dx,
              gfloat       dy)
{
  gfloat u = (dx * stamp->cosine + dy * stamp->sine) / stamp->axis[0];
  gfloat v = (dy * stamp->cosine - dx * stamp->sine) / stamp->axis[1];
  gfloat r = sqrtf (u * u + v * v);
  gfloat c, s, ck, sk, outline = 1.0f;
  gint   k;

  if (r < 1e-6f)
    return 0.0f;
  c = ck = u / r;
  s = sk = v / r;
  for (k = 0; k < N_WAVES; k++)
    {
      gfloat next = ck * c - sk * s;

      sk = sk * c + ck * s;
      ck = next;
      outline += stamp->wave[k][0] * ck + stamp->wave[k][1] * sk;
    }
  return r / (stamp->radius * MAX (outline, 0.35f));
}

static gfloat
profile (const PhantomFeature *feature,
         gfloat                r)
{
  gfloat edge = feature->edge;

  switch (feature->profile)
    {
    case PHANTOM_CONE:
      /* A tip is never sharper than a tenth of the opening. */
      r = sqrtf (r * r + 0.01f) - 0.1f * MAX (1.0f - r, 0.0f);
      return r >= 1.0f ? 0.0f : powf (1.0f - r, edge);
    case PHANTOM_BOX:
      return expf (-0.6931472f * powf (r, edge));
    case PHANTOM_BELL:
      if (r >= 1.0f)
        return 0.0f;
      return edge > 0.0f ? powf (1.0f - r * r, edge)
                         : 0.5f + 0.5f * cosf ((gfloat) G_PI * r);
    case PHANTOM_DOME:
      return r >= 1.0f ? 0.0f : powf (1.0f - r * r, edge);
    case PHANTOM_SPOT:
    default:
      return 1.0f / (1.0f + expf ((r - 1.0f) / edge));
    }
}

/* What the profile does to the skin at one pixel. */
static void
press (PhantomCanvas        *canvas,
       const PhantomFeature *feature,
       gsize                 at,
       gfloat                r,
       gfloat                p,
       guint32               number)
{
  PhantomSkin *skin = canvas->skin;
  gfloat       rim = (r - 1.15f) / 0.22f;
  gfloat       even
      = phantom_clamp (1.0f + 0.2f * canvas->warp[0]->data[at], 0.5f, 1.5f);

  if (feature->depth != 0.0)
    canvas->relief->data[at]
        -= feature->depth * (p - feature->rim * expf (-rim * rim));
  if (number && feature->depth > 0.0)
    {
      /* Scars have lost most of the skin's own lines; their floor is rough. */
      skin->height->data[at] *= 1.0f - 0.6f * p;
      canvas->relief->data[at]
          -= 0.08f * feature->depth * p * canvas->warp[1]->data[at];
    }
  if (feature->blood != 1.0)
    {
      /* Redness is hottest at the heart. */
      gfloat heat = p * even * (0.75f + 0.25f * expf (-2.0f * r * r));

      skin->blood->data[at]
          += logf (MAX (1.0f + (feature->blood - 1.0f) * heat, 0.05f));
    }
  if (feature->melanin != 1.0)
    skin->melanin->data[at]
        += logf (MAX (1.0f + (feature->melanin - 1.0f) * p * even, 0.05f));
  if (feature->kind == PHANTOM_MAKE_UP)
    skin->cover->data[at] = MAX (skin->cover->data[at], 0.75f * p);
  if (number && p >= 0.5f && p > canvas->best->data[at])
    {
      skin->label[at] = number;
      canvas->best->data[at] = p;
    }
}

void
phantom_stamp (PhantomCanvas        *canvas,
               const PhantomFeature *feature,
               guint32               number)
{
  PhantomSkin *skin = canvas->skin;
  gint         w = skin->height->width, h = skin->height->height;
  gdouble      scale = skin->pixels_per_mm;
  Stamp        stamp;
  gdouble      far;
  gint         x, y, x0, y0, x1, y1;

  stamp_init (&stamp, feature, canvas->settings->irregularity);
  far = stamp.radius * stamp.reach * stamp.axis[0]
            * (1.0 + 1.5 * canvas->settings->irregularity)
        + 2.0 * stamp.bend;
  x0 = MAX ((gint) ((feature->x - far) * scale), 0);
  x1 = MIN ((gint) ((feature->x + far) * scale) + 2, w);
  y0 = MAX ((gint) ((feature->y - far) * scale), 0);
  y1 = MIN ((gint) ((feature->y + far) * scale) + 2, h);
  for (y = y0; y < y1; y++)
    for (x = x0; x < x1; x++)
      {
        gsize  at = (gsize) y * w + x;
        gfloat dx = (x + 0.5f) / scale - feature->x;
        gfloat dy = (y + 0.5f) / scale - feature->y;
        gfloat r = stamp_radius (&stamp,
                                 dx + stamp.bend * canvas->warp[0]->data[at],
                                 dy + stamp.bend * canvas->warp[1]->data[at]);

        if (r < stamp.reach)
          press (canvas, feature, at, r, profile (feature, r), number);
      }
}
