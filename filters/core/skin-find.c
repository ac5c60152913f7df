/* Pockmark: where the skin is
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Skin of any tone lies in one band of colour ratios: more red than green and,
 * by the blood in it, more haemoglobin than grey things have.  Within that
 * band the photograph's own skin is the most frequent smooth colour, nearer to
 * the middle of the picture and the light rather than to its borders and
 * shadows.  From there the region follows slow changes of colour and light
 * (face curvature, vignetting, mixed lamps, inflamed cheeks) and stops at what
 * changes in a step: hair and cloth (rough), eyes and nostrils (dark), lips
 * (redder and darker), rulers and gloss (whiter).  Of several regions the most
 * central one is the skin, and others that have as much blood in them.
 *
 * A picture that one colour fills shows skin from near: there, roughness is
 * pits and gloss, and where the band itself finds little, any reddish colour
 * that fills the picture is taken, for lamps may be of any colour.
 *
 * All thresholds are in optical density, or ratios of channels as differences
 * of density, which no exposure changes.
 */

#include <math.h>
#include <string.h>

#include "pockmark-stages.h"

/* Pixels of the picture in which skin is looked for. */
#define SKIN_PIXELS 8e4

/* The plausible band: ln(R/G), ln(G/B) and haemoglobin of skin of ITA 66 to
 * -38 degrees under lamps of 3000-7500 K, with a margin. */
#define BAND_RG_MIN 0.0f
#define BAND_GB_MIN -0.35f
#define BAND_GB_MAX 1.6f
#define BAND_SUM_MIN 0.2f
#define BAND_HB_MIN -0.10f
#define BAND_HB_MAX 2.2f
#define BAND_HB_ABOVE 1.6f /* over that of the most frequent colour */
#define BAND_DENSITY_MAX 5.2f

/* From near, skin under a coloured lamp may leave the band, but not by much
 * what the most frequent colour tells of that lamp: a ruler is white. */
#define WIDE_HB_MIN -0.30f
#define WIDE_SUM_MIN 0.02f
#define WIDE_BELOW 0.43f

/* The narrower band in which the most frequent colour is looked for. */
#define MODE_HB_MIN 0.0f
#define MODE_HB_MAX 1.5f
#define MODE_RG_MAX 1.25f
#define MODE_SUM_MIN 0.3f
#define MODE_TEXTURE_MAX 0.15f

/* Where that band holds no large part of the picture: colour casts and skin
 * that fills the frame with pits and gloss. */
#define LOOSE_RG_MIN 0.10f
#define LOOSE_RG_MAX 2.6f
#define LOOSE_GB_MIN -0.6f
#define LOOSE_GB_MAX 2.4f
#define LOOSE_DENSITY_MAX 6.0f
#define LOOSE_TEXTURE_MAX 0.6f
#define LOOSE_BELOW 0.35
#define LOOSE_LEAST 0.5

/* How far a pixel may be from the colour of the skin around it.  Lips are
 * redder than that of a face, the more so where they are dark. */
#define STEP_RG_MIN -0.22f
#define STEP_RG_MAX 0.60f
#define STEP_RG_MAX_FACE 0.55f
#define STEP_RG_DARKER 0.25f
#define STEP_GB_MIN -0.30f
#define STEP_GB_MAX 0.35f
#define STEP_BOTH_MAX 0.45f
#define STEP_WHITER -0.38f
#define STEP_DENSITY 1.2f

/* Where skin fills less than half the frame, this is a face or a body with
 * eyes, lips and things around it, and caution pays: only regions of this
 * share of the largest count, and only holes up to this share of the skin are
 * lesions. */
#define REGION_FACE 0.25
#define REGION_CLOSE_UP 0.125
#define HOLE_PIT 0.05 /* cm2: an ice-pick scar and what a reduction blurs it to */
#define HOLE_FACE 0.002
#define HOLE_CLOSE_UP 0.01

/* Larger holes are inflamed skin where they are redder than the skin around by
 * this, not much darker, and next to no pixel of them is dark. */
#define HOLE_RED 0.25
#define HOLE_REDDER 0.15
#define HOLE_DARKER 0.4
#define HOLE_DARK 0.7f
#define HOLE_DARK_SHARE 0.04

/* Dark holes are marks where they are no larger than this, in cm2, round by
 * their box and filling the ellipse in it, and not as dark as an opening is: in
 * the mean, and anywhere.  On a face, where they may be eyes, no more than this
 * share of their darkness may be left to explain when blood and melanin are
 * taken away. */
#define HOLE_OPAQUE 0.9
#define HOLE_MARK 0.5
#define HOLE_LONGER 2.0
#define HOLE_FULL 0.7
#define HOLE_OPENING 1.4
#define HOLE_BLACK 2.0f
#define HOLE_GREY 0.5

/* How far the colour of the skin around may be from the most frequent one:
 * less red or yellow, more so, and how much lighter or darker.  Further on
 * close-ups, where there is little else to leak into. */
#define DRIFT 0.35f
#define DRIFT_WIDE 0.55f
#define DRIFT_UP 0.45f
#define DRIFT_LIGHTER 1.0f
#define DRIFT_DARKER 1.1f
#define DRIFT_DARKER_WIDE 2.0f

/* A picture of which more than this has one colour shows skin from near. */
#define WIDE_FAMILY 0.6

#define BINS 96
#define HISTOGRAM_RG 2.7f
#define HISTOGRAM_GB 3.0f

/* The region stops growing after a few rounds, at the latest after these. */
#define ROUNDS 24
#define GROWING 1e-3

typedef struct
{
  gint           width;
  gint           height;
  PockmarkPlane *rg;      /* ln(R/G), slightly smoothed */
  PockmarkPlane *gb;      /* ln(G/B) */
  PockmarkPlane *density; /* of green */
  PockmarkPlane *texture; /* local spread of that */
  PockmarkPlane *weight;
  gfloat         mode_rg;
  gfloat         mode_gb;
  gfloat         mode_density;
  gfloat         mode_hb;
  gfloat         texture_max;
  gboolean       loose;   /* any reddish colour is plausible, see LOOSE_... */
} Colours;

static void
colours_free (Colours *colours)
{
  if (! colours)
    return;
  pockmark_plane_free (colours->rg);
  pockmark_plane_free (colours->gb);
  pockmark_plane_free (colours->density);
  pockmark_plane_free (colours->texture);
  pockmark_plane_free (colours->weight);
  g_free (colours);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Colours, colours_free)

static inline gsize
plane_size (const PockmarkPlane *plane)
{
  return (gsize) plane->width * plane->height;
}

/* Replaces the pixels without weight by the weighted mean around them. */
static void
fill_unweighted (PockmarkPlane       *plane,
                 const PockmarkPlane *weight,
                 PockmarkPlane       *a,
                 PockmarkPlane       *b,
                 const PockmarkHost  *host)
{
  const gsize n = plane_size (plane);
  gsize       i;

  for (i = 0; i < n; i++)
    a->data[i] = weight->data[i] > 0.5f ? plane->data[i] : 0.0f;
  pockmark_blur (a, 4.0, b, host);
  for (i = 0; i < n; i++)
    if (weight->data[i] <= 0.5f)
      plane->data[i] = b->data[i];
  for (i = 0; i < n; i++)
    a->data[i] = weight->data[i] > 0.5f ? 1.0f : 0.0f;
  pockmark_blur (a, 4.0, b, host);
  for (i = 0; i < n; i++)
    if (weight->data[i] <= 0.5f)
      plane->data[i] /= MAX (b->data[i], 1e-3f);
}

/* Spread of plane about its own smooth version. */
static void
find_texture (const PockmarkPlane *plane,
              PockmarkPlane       *out,
              PockmarkPlane       *scratch,
              const PockmarkHost  *host)
{
  const gsize n = plane_size (plane);
  gsize       i;

  pockmark_blur (plane, 2.0, scratch, host);
  for (i = 0; i < n; i++)
    {
      const gfloat d = plane->data[i] - scratch->data[i];

      scratch->data[i] = d * d;
    }
  pockmark_blur (scratch, 2.0, out, host);
  for (i = 0; i < n; i++)
    out->data[i] = sqrtf (out->data[i]);
}

static Colours *
colours_new (const PockmarkReduced *reduced,
             const PockmarkHost    *host,
             GError               **error)
{
  const gint         width = reduced->red->width;
  const gint         height = reduced->red->height;
  const gsize        n = plane_size (reduced->red);
  g_autoptr (Colours) colours = g_new0 (Colours, 1);
  g_autoptr (PockmarkPlane) red = pockmark_plane_new (width, height, error);
  g_autoptr (PockmarkPlane) blue = NULL;
  gsize i;

  colours->width = width;
  colours->height = height;
  if (! red || ! (blue = pockmark_plane_new (width, height, error))
      || ! (colours->rg = pockmark_plane_new (width, height, error))
      || ! (colours->gb = pockmark_plane_new (width, height, error))
      || ! (colours->density = pockmark_plane_new (width, height, error))
      || ! (colours->texture = pockmark_plane_new (width, height, error))
      || ! (colours->weight = pockmark_plane_new (width, height, error)))
    return NULL;

  memcpy (colours->weight->data, reduced->weight->data, n * sizeof (gfloat));
  pockmark_density (reduced->red->data, red->data, n);
  pockmark_density (reduced->green->data, colours->density->data, n);
  pockmark_density (reduced->blue->data, blue->data, n);
  for (i = 0; i < n; i++)
    {
      red->data[i] = colours->density->data[i] - red->data[i];
      blue->data[i] = blue->data[i] - colours->density->data[i];
    }
  fill_unweighted (red, colours->weight, colours->rg, colours->gb, host);
  fill_unweighted (blue, colours->weight, colours->rg, colours->gb, host);
  fill_unweighted (colours->density, colours->weight, colours->rg, colours->gb, host);
  pockmark_blur (red, 1.0, colours->rg, host);
  pockmark_blur (blue, 1.0, colours->gb, host);
  find_texture (colours->density, colours->texture, red, host);
  return g_steal_pointer (&colours);
}

/* Haemoglobin from the two ratios; rows of the unmixing sum to zero. */
static inline gfloat
hemoglobin_of (const PockmarkUnmixing *unmixing,
               gfloat                  rg,
               gfloat                  gb)
{
  const gfloat *row = unmixing->row[POCKMARK_HEMOGLOBIN];

  return row[2] * gb - row[0] * rg;
}

static gboolean
in_band (const Colours          *colours,
         const PockmarkUnmixing *unmixing,
         gsize                   i,
         gboolean                wide)
{
  const gfloat rg = colours->rg->data[i];
  const gfloat gb = colours->gb->data[i];
  const gfloat hb = hemoglobin_of (unmixing, rg, gb);

  if (colours->weight->data[i] <= 0.5f)
    return FALSE;
  if (colours->loose)
    return rg > LOOSE_RG_MIN && rg < LOOSE_RG_MAX && gb > LOOSE_GB_MIN
           && gb < LOOSE_GB_MAX && colours->density->data[i] < LOOSE_DENSITY_MAX;
  if (colours->density->data[i] > BAND_DENSITY_MAX)
    return FALSE;
  if (wide)
    return hb > MIN (WIDE_HB_MIN, colours->mode_hb - WIDE_BELOW)
           && rg + gb > MIN (WIDE_SUM_MIN, colours->mode_rg + colours->mode_gb
                                               - WIDE_BELOW);
  return rg > BAND_RG_MIN && gb > BAND_GB_MIN && gb < BAND_GB_MAX
         && rg + gb > BAND_SUM_MIN && hb > BAND_HB_MIN
         && hb < MAX (BAND_HB_MAX, colours->mode_hb + BAND_HB_ABOVE);
}

static gboolean
in_mode_band (const Colours          *colours,
              const PockmarkUnmixing *unmixing,
              gsize                   i)
{
  const gfloat rg = colours->rg->data[i];
  const gfloat gb = colours->gb->data[i];
  const gfloat hb = hemoglobin_of (unmixing, rg, gb);

  if (! in_band (colours, unmixing, i, FALSE))
    return FALSE;
  if (colours->loose)
    return colours->texture->data[i] < LOOSE_TEXTURE_MAX;
  return rg < MODE_RG_MAX && rg + gb > MODE_SUM_MIN && hb > MODE_HB_MIN
         && hb < MODE_HB_MAX && colours->texture->data[i] < MODE_TEXTURE_MAX;
}

/* The most frequent colour of the mode band, in a smoothed histogram where
 * pixels count more near the middle, in the light and with some colour. */
static gboolean
find_peak (Colours                *colours,
           const PockmarkUnmixing *unmixing,
           const PockmarkHost     *host,
           GError                **error)
{
  g_autoptr (PockmarkPlane) bins = pockmark_plane_new (BINS, BINS, error);
  g_autoptr (PockmarkPlane) smooth = pockmark_plane_new (BINS, BINS, error);
  gint x, y, i, best = 0;

  if (! bins || ! smooth)
    return FALSE;
  for (y = 0; y < colours->height; y++)
    for (x = 0; x < colours->width; x++)
      {
        const gsize  at = (gsize) y * colours->width + x;
        const gfloat u = ((gfloat) x / colours->width - 0.5f) / 0.3f;
        const gfloat v = ((gfloat) y / colours->height - 0.45f) / 0.3f;
        const gfloat rg = colours->rg->data[at];
        const gfloat gb = colours->gb->data[at];
        const gint   column = (gint) ((rg + 0.1f) * (BINS / HISTOGRAM_RG));
        const gint   row = (gint) ((gb - LOOSE_GB_MIN) * (BINS / HISTOGRAM_GB));
        const gfloat hb = hemoglobin_of (unmixing, rg, gb);

        if (in_mode_band (colours, unmixing, at) && column >= 0 && row >= 0
            && column < BINS && row < BINS)
          bins->data[row * BINS + column]
              += expf (-0.5f * (u * u + v * v) - colours->density->data[at] / 3.0f)
                 * (colours->loose
                        ? 1.0f
                        : CLAMP ((hb + 0.05f) / 0.4f, 0.02f, 1.0f)
                              * CLAMP ((rg + gb - 0.25f) / 0.3f, 0.02f, 1.0f));
      }
  pockmark_blur (bins, 2.0, smooth, host);
  for (i = 1; i < BINS * BINS; i++)
    if (smooth->data[i] > smooth->data[best])
      best = i;
  colours->mode_rg = ((best % BINS) + 0.5f) * (HISTOGRAM_RG / BINS) - 0.1f;
  colours->mode_gb = ((best / BINS) + 0.5f) * (HISTOGRAM_GB / BINS) + LOOSE_GB_MIN;
  return smooth->data[best] > 0.0f;
}

/* The pixels of the mode band; returns how many. */
static gsize
list_mode_band (const Colours          *colours,
                const PockmarkUnmixing *unmixing,
                guint                  *pixels)
{
  const gsize n = plane_size (colours->rg);
  gsize       i, k = 0;

  for (i = 0; i < n; i++)
    if (in_mode_band (colours, unmixing, i))
      pixels[k++] = (guint) i;
  return k;
}

/* Keeps of n pixels those near the peak; returns how many. */
static gsize
list_near_peak (const Colours *colours,
                const guint   *pixels,
                gsize          n,
                guint         *near)
{
  gsize i, k = 0;

  for (i = 0; i < n; i++)
    if (fabsf (colours->rg->data[pixels[i]] - colours->mode_rg) < 0.18f
        && fabsf (colours->gb->data[pixels[i]] - colours->mode_gb) < 0.2f)
      near[k++] = pixels[i];
  return k;
}

/* The median of the plane's n pixels; values is scratch for as many. */
static gfloat
median_of (const PockmarkPlane *plane,
           const guint         *pixels,
           gsize                n,
           gfloat              *values)
{
  gsize i;

  for (i = 0; i < n; i++)
    values[i] = plane->data[pixels[i]];
  return pockmark_quantile (values, n, 0.5);
}

/* Moves the peak to the medians of what is near it, and takes the usual
 * roughness of that skin as the measure for what is too rough. */
static gboolean
settle_peak (Colours                *colours,
             const PockmarkUnmixing *unmixing,
             GError                **error)
{
  const gsize        n = plane_size (colours->rg);
  g_autofree guint  *band = g_try_new (guint, n);
  g_autofree guint  *near = g_try_new (guint, n);
  g_autofree gfloat *values = g_try_new (gfloat, n);
  gsize              banded, k = 0;
  gint               round;

  if (! band || ! near || ! values)
    return pockmark_memory_error (error);
  banded = list_mode_band (colours, unmixing, band);
  for (round = 0; round < 4; round++)
    {
      k = list_near_peak (colours, band, banded, near);
      if (k == 0)
        return FALSE;
      colours->mode_rg = median_of (colours->rg, near, k, values);
      colours->mode_gb = median_of (colours->gb, near, k, values);
    }
  colours->mode_hb
      = hemoglobin_of (unmixing, colours->mode_rg, colours->mode_gb);
  colours->mode_density = median_of (colours->density, near, k, values);
  colours->texture_max = CLAMP (
      3.0f * median_of (colours->texture, near, k, values), 0.12f, 0.25f);
  return TRUE;
}

/* The colour of the accepted skin around every pixel. */
typedef struct
{
  PockmarkPlane *plane[3]; /* ln(R/G), ln(G/B), density */
  PockmarkPlane *a;
  PockmarkPlane *b;
  PockmarkPlane *share;
} Around;

static void
around_clear (Around *around)
{
  gint c;

  for (c = 0; c < 3; c++)
    pockmark_plane_free (around->plane[c]);
  pockmark_plane_free (around->a);
  pockmark_plane_free (around->b);
  pockmark_plane_free (around->share);
}

static gboolean
around_init (Around        *around,
             const Colours *colours,
             GError       **error)
{
  const gfloat mode[3]
      = { colours->mode_rg, colours->mode_gb, colours->mode_density };
  const gsize  n = plane_size (colours->rg);
  gint         c;
  gsize        i;

  for (c = 0; c < 3; c++)
    {
      around->plane[c]
          = pockmark_plane_new (colours->width, colours->height, error);
      if (! around->plane[c])
        return FALSE;
      for (i = 0; i < n; i++)
        around->plane[c]->data[i] = mode[c];
    }
  return (around->a = pockmark_plane_new (colours->width, colours->height, error))
         && (around->b = pockmark_plane_new (colours->width, colours->height, error))
         && (around->share
             = pockmark_plane_new (colours->width, colours->height, error));
}

static void
around_update (Around              *around,
               const Colours       *colours,
               gboolean             wide,
               const PockmarkPlane *skin,
               const PockmarkHost  *host)
{
  const PockmarkPlane *from[3] = { colours->rg, colours->gb, colours->density };
  const gfloat mode[3]
      = { colours->mode_rg, colours->mode_gb, colours->mode_density };
  const gfloat  drift = wide ? DRIFT_WIDE : DRIFT;
  const gfloat  low[3] = { drift, drift, DRIFT_LIGHTER };
  const gfloat  high[3]
      = { DRIFT_UP, DRIFT_UP, wide ? DRIFT_DARKER_WIDE : DRIFT_DARKER };
  const gdouble sigma = MAX (4.0, MIN (colours->width, colours->height) / 24.0);
  const gsize   n = plane_size (skin);
  const gfloat  prior = 0.02f;
  gint          c;
  gsize         i;

  pockmark_blur (skin, sigma, around->share, host);
  for (c = 0; c < 3; c++)
    {
      for (i = 0; i < n; i++)
        around->a->data[i] = from[c]->data[i] * skin->data[i];
      pockmark_blur (around->a, sigma, around->b, host);
      for (i = 0; i < n; i++)
        around->plane[c]->data[i]
            = CLAMP ((around->b->data[i] + prior * mode[c])
                         / (around->share->data[i] + prior),
                     mode[c] - low[c], mode[c] + high[c]);
    }
}

/* How rough skin of this difference from its surroundings may be.  Pits,
 * wrinkles and gloss make skin rough without changing its colour much; hair
 * and cloth change that too. */
static inline gfloat
roughness_limit (const Colours *colours,
                 gboolean       wide,
                 gfloat         rg,
                 gfloat         gb,
                 gfloat         d)
{
  const gfloat off = 25.0f * (rg * rg + gb * gb) + 4.0f * d * d;

  if (wide)
    return colours->texture_max * (d < 0.5f ? 2.5f : 1.5f);
  return colours->texture_max * (off < 1.0f ? 1.6f : 1.0f);
}

static void
accept_pixels (const Colours          *colours,
               const Around           *around,
               const PockmarkUnmixing *unmixing,
               gboolean                wide,
               PockmarkPlane          *skin)
{
  const gfloat redder = wide ? STEP_RG_MAX : STEP_RG_MAX_FACE;
  const gfloat darker = wide ? 0.0f : STEP_RG_DARKER;
  const gsize  n = plane_size (skin);
  gsize        i;

  for (i = 0; i < n; i++)
    {
      const gfloat rg = colours->rg->data[i] - around->plane[0]->data[i];
      const gfloat gb = colours->gb->data[i] - around->plane[1]->data[i];
      const gfloat d = colours->density->data[i] - around->plane[2]->data[i];

      skin->data[i] = rg > STEP_RG_MIN && rg < redder - darker * MAX (d, 0.0f)
                      && gb > STEP_GB_MIN && gb < STEP_GB_MAX
                      && 0.5f * rg + gb < STEP_BOTH_MAX
                      && rg + gb > STEP_WHITER
                      && fabsf (d) < STEP_DENSITY
                      && colours->texture->data[i]
                             < roughness_limit (colours, wide, rg, gb, d)
                      && in_band (colours, unmixing, i, wide);
    }
}

/* Opening by the cross of five pixels: removes what is one pixel thin. */
static void
open_cross (PockmarkPlane *skin,
            PockmarkPlane *scratch)
{
  const gint width = skin->width;
  const gint height = skin->height;
  gint       pass, x, y;

  for (pass = 0; pass < 2; pass++)
    {
      const gfloat seek = pass == 0 ? 0.0f : 1.0f;

      for (y = 0; y < height; y++)
        for (x = 0; x < width; x++)
          {
            const gfloat *p = skin->data + (gsize) y * width + x;
            const gboolean hit = p[0] == seek || (x > 0 && p[-1] == seek)
                                 || (x < width - 1 && p[1] == seek)
                                 || (y > 0 && p[-width] == seek)
                                 || (y < height - 1 && p[width] == seek);

            scratch->data[(gsize) y * width + x] = hit ? seek : 1.0f - seek;
          }
      memcpy (skin->data, scratch->data, plane_size (skin) * sizeof (gfloat));
    }
}

/* Sums over one region. */
typedef struct
{
  gdouble central; /* pixels, those near the middle of the picture count more */
  gdouble rg;
  gdouble gb;
  gdouble density;
} Region;

/* How much the pixels of a side of n count. */
static gfloat *
centrality_new (gint n)
{
  gfloat *weight = g_new (gfloat, n);
  gint    i;

  for (i = 0; i < n; i++)
    {
      const gfloat u = ((gfloat) i / n - 0.5f) / 0.3f;

      weight[i] = expf (-0.5f * u * u);
    }
  return weight;
}

static Region *
regions_new (const PockmarkComponents *parts,
             const Colours            *colours)
{
  g_autofree gfloat *across = centrality_new (parts->width);
  g_autofree gfloat *down = centrality_new (parts->height);
  Region *regions = g_try_new0 (Region, (gsize) parts->n + 1);
  gint    x, y;

  if (! regions)
    return NULL;
  for (y = 0; y < parts->height; y++)
    for (x = 0; x < parts->width; x++)
      {
        const gsize i = (gsize) y * parts->width + x;
        Region     *region = &regions[MAX (parts->data[i], 0)];

        if (parts->data[i] < 0)
          continue;
        region->central += 0.1 + across[x] * down[y];
        region->rg += colours->rg->data[i];
        region->gb += colours->gb->data[i];
        region->density += colours->density->data[i];
      }
  return regions;
}

/* Whether region c is skin of the same person as the main one: walls and cloth
 * of nearly its colour have less blood in them. */
static gboolean
is_alike (const PockmarkUnmixing   *unmixing,
          const PockmarkComponents *parts,
          const Region             *regions,
          gint                      c,
          gint                      main)
{
  const gfloat rg = (gfloat) (regions[c].rg / parts->size[c]
                              - regions[main].rg / parts->size[main]);
  const gfloat gb = (gfloat) (regions[c].gb / parts->size[c]
                              - regions[main].gb / parts->size[main]);
  const gdouble d = regions[c].density / parts->size[c]
                    - regions[main].density / parts->size[main];

  return fabsf (rg) < 0.35f && fabs (d) < STEP_DENSITY
         && fabsf (hemoglobin_of (unmixing, rg, gb)) < 0.45f;
}

/* Keeps the main region, and of the others what has least times its size and,
 * on a face, its colour.  Returns their share of the picture, negative on
 * error. */
static gdouble
keep_large (const Colours          *colours,
            const PockmarkUnmixing *unmixing,
            gboolean                wide,
            PockmarkPlane          *skin,
            GError                **error)
{
  g_autoptr (PockmarkComponents) parts
      = pockmark_components_new (skin, TRUE, error);
  g_autofree Region   *regions = NULL;
  g_autofree gboolean *kept = NULL;
  const gdouble least = wide ? REGION_CLOSE_UP : REGION_FACE;
  const gsize   n = plane_size (skin);
  gsize         i, sum = 0;
  gint          c, main = 0;

  if (! parts)
    return -1.0;
  regions = regions_new (parts, colours);
  kept = g_try_new0 (gboolean, (gsize) parts->n + 1);
  if (! regions || ! kept)
    {
      pockmark_memory_error (error);
      return -1.0;
    }
  for (c = 1; c < parts->n; c++)
    if (regions[c].central > regions[main].central)
      main = c;
  for (c = 0; c < parts->n; c++)
    kept[c] = c == main
              || (parts->size[c] >= least * parts->size[main]
                  && (wide || is_alike (unmixing, parts, regions, c, main)));
  for (i = 0; i < n; i++)
    {
      skin->data[i] = parts->data[i] >= 0 && kept[parts->data[i]];
      sum += skin->data[i] > 0.0f;
    }
  return (gdouble) sum / (gdouble) n;
}

/* Sums over one hole of the skin, against the skin around; and its box. */
typedef struct
{
  gdouble darker;
  gdouble redder;
  gdouble yellower;
  gfloat  darkest;
  gint    dark;    /* pixels as dark as a slit, a nostril or an eye are */
  gint    x[2];
  gint    y[2];
} Hole;

static Hole *
holes_new (const PockmarkComponents *parts,
           const Colours            *colours,
           const Around             *around)
{
  Hole *holes = g_try_new0 (Hole, (gsize) parts->n + 1);
  gint  c, x, y;

  if (! holes)
    return NULL;
  for (c = 0; c < parts->n; c++)
    {
      holes[c].x[0] = parts->width;
      holes[c].y[0] = parts->height;
    }
  for (y = 0; y < parts->height; y++)
    for (x = 0; x < parts->width; x++)
      {
        const gsize  i = (gsize) y * parts->width + x;
        Hole        *hole = &holes[MAX (parts->data[i], 0)];
        const gfloat d = colours->density->data[i] - around->plane[2]->data[i];

        if (parts->data[i] < 0)
          continue;
        hole->darker += d;
        hole->redder += colours->rg->data[i] - around->plane[0]->data[i];
        hole->yellower += colours->gb->data[i] - around->plane[1]->data[i];
        hole->darkest = MAX (hole->darkest, d);
        hole->dark += d > HOLE_DARK;
        hole->x[0] = MIN (hole->x[0], x);
        hole->x[1] = MAX (hole->x[1], x);
        hole->y[0] = MIN (hole->y[0], y);
        hole->y[1] = MAX (hole->y[1], y);
      }
  return holes;
}

/* No slit, and no ring or fringe of hair. */
static gboolean
is_round (const Hole *hole,
          gdouble     size)
{
  const gdouble width = hole->x[1] - hole->x[0] + 1.0;
  const gdouble height = hole->y[1] - hole->y[0] + 1.0;

  return width <= HOLE_LONGER * height && height <= HOLE_LONGER * width
         && size >= HOLE_FULL * 0.25 * G_PI * width * height;
}

/* Nothing that one looks into: a nostril, a mouth, and with wary an eye. */
static gboolean
is_no_opening (const Hole             *hole,
               const PockmarkUnmixing *unmixing,
               gboolean                wary,
               gdouble                 size)
{
  const gfloat *row = unmixing->row[POCKMARK_SHADING];
  const gdouble grey = hole->darker - row[0] * hole->redder
                       + row[2] * hole->yellower;

  return hole->darker < HOLE_OPENING * size && hole->darkest < HOLE_BLACK
         && (! wary || grey < HOLE_GREY * hole->darker);
}

/* Lesions are skin: fills holes that are small whatever they are, larger ones
 * that are not as dark as an eye or a nostril is, or dark the way a mark is, and
 * large ones that are red all over without the dark line that lips have between
 * them.  share is the skin's of the picture. */
static gboolean
fill_holes (const Colours          *colours,
            const Around           *around,
            const PockmarkUnmixing *unmixing,
            gdouble                 pixels_per_mm,
            gboolean                wide,
            gdouble                 share,
            PockmarkPlane          *skin,
            GError                **error)
{
  g_autoptr (PockmarkComponents) parts
      = pockmark_components_new (skin, FALSE, error);
  g_autofree Hole *holes = NULL;
  const gsize   n = plane_size (skin);
  const gdouble pixels = share * (gdouble) n;
  const gdouble square_cm = 100.0 * pixels_per_mm * pixels_per_mm;
  const gdouble some = (wide ? HOLE_CLOSE_UP : HOLE_FACE) * pixels;
  gsize         i;

  if (! parts)
    return FALSE;
  holes = holes_new (parts, colours, around);
  if (! holes)
    return pockmark_memory_error (error);
  for (i = 0; i < n; i++)
    {
      const gint    c = parts->data[i];
      const gdouble size = c >= 0 ? parts->size[c] : 0.0;

      if (c >= 0 && colours->weight->data[i] > 0.5f
          && (size < HOLE_PIT * square_cm + 4.0
              || (size < MIN (some, square_cm) + 4.0
                  && holes[c].darker < HOLE_OPAQUE * size)
              || (size < MIN (some, HOLE_MARK * square_cm)
                  && is_round (&holes[c], size)
                  && is_no_opening (&holes[c], unmixing, ! wide, size))
              || (size < HOLE_RED * pixels
                  && holes[c].redder > HOLE_REDDER * size
                  && holes[c].darker < HOLE_DARKER * size
                  && holes[c].dark < HOLE_DARK_SHARE * size)))
        skin->data[i] = 1.0f;
    }
  return TRUE;
}

/* The share of the picture that has about the most frequent colour, rough or
 * not. */
static gdouble
family_share (const Colours *colours)
{
  const gsize n = plane_size (colours->rg);
  gsize       i, k = 0;

  for (i = 0; i < n; i++)
    {
      const gfloat rg = colours->rg->data[i] - colours->mode_rg;
      const gfloat gb = colours->gb->data[i] - colours->mode_gb;

      k += colours->weight->data[i] > 0.5f && fabsf (rg) < DRIFT
           && fabsf (gb) < DRIFT && rg + gb > STEP_WHITER
           && fabsf (colours->density->data[i] - colours->mode_density)
                  < STEP_DENSITY;
    }
  return (gdouble) k / (gdouble) n;
}

/* Grows the skin from its most frequent colour; returns its share of the
 * picture, negative on error. */
static gdouble
grow_skin (const Colours          *colours,
           const PockmarkUnmixing *unmixing,
           gdouble                 pixels_per_mm,
           PockmarkPlane          *skin,
           const PockmarkHost     *host,
           GError                **error)
{
  Around   around = { 0 };
  gdouble  share = 0.0;
  gdouble  last;
  gboolean wide = family_share (colours) > WIDE_FAMILY;
  gboolean ok = around_init (&around, colours, error);
  gint     round;

  for (round = 0; ok && round < ROUNDS; round++)
    {
      if (round > 0)
        around_update (&around, colours, wide, skin, host);
      accept_pixels (colours, &around, unmixing, wide, skin);
      open_cross (skin, around.a);
      last = share;
      share = keep_large (colours, unmixing, wide, skin, error);
      ok = share >= 0.0;
      if (round > 0 && fabs (share - last) < GROWING)
        break;
      wide = wide || share > 0.5;
    }
  ok = ok && fill_holes (colours, &around, unmixing, pixels_per_mm, wide, share,
                         skin, error);
  around_clear (&around);
  return ok ? share : -1.0;
}

/* Finds the skin of the small picture; FALSE on error. */
static gboolean
find_in (Colours                *colours,
         const PockmarkUnmixing *unmixing,
         gdouble                 pixels_per_mm,
         PockmarkPlane          *mask,
         const PockmarkHost     *host,
         GError                **error)
{
  g_autoptr (PockmarkPlane) second = NULL;
  GError *problem = NULL;
  gdouble share = 0.0;

  if (find_peak (colours, unmixing, host, &problem)
      && settle_peak (colours, unmixing, &problem))
    share = grow_skin (colours, unmixing, pixels_per_mm, mask, host, &problem);
  if (! problem && share < LOOSE_BELOW
      && (second = pockmark_plane_new (mask->width, mask->height, &problem)))
    {
      colours->loose = TRUE;
      if (find_peak (colours, unmixing, host, &problem)
          && settle_peak (colours, unmixing, &problem)
          && family_share (colours) > LOOSE_LEAST
          && grow_skin (colours, unmixing, pixels_per_mm, second, host,
                        &problem)
                 > LOOSE_LEAST)
        memcpy (mask->data, second->data, plane_size (mask) * sizeof (gfloat));
    }
  if (problem)
    g_propagate_error (error, problem);
  return problem == NULL;
}

/* The mask of the small picture, read at the size of the larger one. */
static void
enlarge (const PockmarkPlane   *small,
         gint                   factor,
         const PockmarkReduced *reduced,
         PockmarkPlane         *out)
{
  gint x, y, at;

  for (y = 0; y < out->height; y++)
    {
      const gsize   i = (gsize) y * out->width;
      const gfloat *from = small->data + (gsize) (y / factor) * small->width;
      const gfloat *weight = reduced->weight->data + i;
      gfloat       *to = out->data + i;

      for (at = 0; at < out->width; at += factor, from++)
        for (x = at; x < MIN (at + factor, out->width); x++)
          to[x] = weight[x] > 0.5f ? *from : 0.0f;
    }
}

PockmarkPlane *
pockmark_skin_find (const PockmarkReduced  *reduced,
                    const PockmarkUnmixing *unmixing,
                    gdouble                 pixels_per_mm,
                    gboolean                whole_is_skin,
                    const PockmarkHost     *host,
                    GError                **error)
{
  const gsize n = plane_size (reduced->red);
  const gint  factor = MAX (1, (gint) ceil (sqrt ((gdouble) n / SKIN_PIXELS)));
  g_autoptr (PockmarkPlane) skin
      = pockmark_plane_new (reduced->red->width, reduced->red->height, error);
  g_autoptr (PockmarkReduced) small = NULL;
  g_autoptr (PockmarkPlane) mask = NULL;
  g_autoptr (Colours) colours = NULL;
  gsize   i;

  if (! skin)
    return NULL;
  if (whole_is_skin)
    {
      for (i = 0; i < n; i++)
        skin->data[i] = reduced->weight->data[i] > 0.5f;
      return g_steal_pointer (&skin);
    }

  if (! (small = pockmark_reduced_again (reduced, factor, host, error))
      || ! (colours = colours_new (small, host, error))
      || ! (mask = pockmark_plane_new (small->red->width, small->red->height, error)))
    return NULL;
  if (! find_in (colours, unmixing, pixels_per_mm / factor, mask, host,
                 error))
    return NULL;
  enlarge (mask, factor, reduced, skin);
  return g_steal_pointer (&skin);
}
