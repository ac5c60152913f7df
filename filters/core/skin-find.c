/* Pockmark: where the skin is
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Skin of any tone lies in one band of colour ratios: more red than green and,
 * by the blood in it, more haemoglobin than grey things have.  Within that
 * band the photograph's own skin is the most frequent smooth colour, nearer to
 * the middle of the picture and the light rather than to its borders and
 * shadows.  From there the region follows slow changes of colour and light
 * (face curvature, vignetting, mixed lamps) and stops at hair and cloth
 * (rough), eyes and nostrils (dark) and lips (redder, large, sharp).
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
#define BAND_DENSITY_MAX 5.2f

/* The narrower band in which the most frequent colour is looked for. */
#define MODE_HB_MIN 0.0f
#define MODE_HB_MAX 1.5f
#define MODE_RG_MAX 1.25f
#define MODE_SUM_MIN 0.3f
#define MODE_TEXTURE_MAX 0.15f

/* How far a pixel may be from the colour of the skin around it; lips are
 * redder than that of a face. */
#define STEP_RG_MIN -0.22f
#define STEP_RG_MAX 0.60f
#define STEP_RG_MAX_FACE 0.45f
#define STEP_GB_MIN -0.30f
#define STEP_GB_MAX 0.35f
#define STEP_BOTH_MAX 0.45f
#define STEP_DENSITY 1.2f

/* Where skin fills less than half the frame, this is a face or a body with
 * eyes, lips and things around it, and caution pays: only regions of this
 * share of the largest count, and only holes up to this share of the skin are
 * lesions. */
#define REGION_FACE 0.25
#define REGION_CLOSE_UP 0.125
#define HOLE_FACE 0.002
#define HOLE_CLOSE_UP 0.01

/* And that colour from the most frequent one; twice as far on close-ups, where
 * skin fills the frame and there is nothing else to leak into. */
#define DRIFT 0.35f
#define DRIFT_UP 0.30f

#define BINS 64
#define ROUNDS 8

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
  gfloat         texture_max;
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
                 PockmarkPlane       *b)
{
  const gsize n = plane_size (plane);
  gsize       i;

  for (i = 0; i < n; i++)
    a->data[i] = weight->data[i] > 0.5f ? plane->data[i] : 0.0f;
  pockmark_blur (a, 4.0, b, NULL);
  for (i = 0; i < n; i++)
    if (weight->data[i] <= 0.5f)
      plane->data[i] = b->data[i];
  for (i = 0; i < n; i++)
    a->data[i] = weight->data[i] > 0.5f ? 1.0f : 0.0f;
  pockmark_blur (a, 4.0, b, NULL);
  for (i = 0; i < n; i++)
    if (weight->data[i] <= 0.5f)
      plane->data[i] /= MAX (b->data[i], 1e-3f);
}

/* Spread of plane about its own smooth version. */
static void
find_texture (const PockmarkPlane *plane,
              PockmarkPlane       *out,
              PockmarkPlane       *scratch)
{
  const gsize n = plane_size (plane);
  gsize       i;

  pockmark_blur (plane, 2.0, scratch, NULL);
  for (i = 0; i < n; i++)
    {
      const gfloat d = plane->data[i] - scratch->data[i];

      scratch->data[i] = d * d;
    }
  pockmark_blur (scratch, 2.0, out, NULL);
  for (i = 0; i < n; i++)
    out->data[i] = sqrtf (out->data[i]);
}

static Colours *
colours_new (const PockmarkReduced *reduced,
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
  fill_unweighted (red, colours->weight, colours->rg, colours->gb);
  fill_unweighted (blue, colours->weight, colours->rg, colours->gb);
  fill_unweighted (colours->density, colours->weight, colours->rg, colours->gb);
  pockmark_blur (red, 1.0, colours->rg, NULL);
  pockmark_blur (blue, 1.0, colours->gb, NULL);
  find_texture (colours->density, colours->texture, red);
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

  if (colours->weight->data[i] <= 0.5f
      || colours->density->data[i] > BAND_DENSITY_MAX)
    return FALSE;
  if (wide)
    return hb > -0.3f && rg + gb > -0.25f;
  return rg > BAND_RG_MIN && gb > BAND_GB_MIN && gb < BAND_GB_MAX
         && rg + gb > BAND_SUM_MIN && hb > BAND_HB_MIN && hb < BAND_HB_MAX;
}

static gboolean
in_mode_band (const Colours          *colours,
              const PockmarkUnmixing *unmixing,
              gsize                   i)
{
  const gfloat rg = colours->rg->data[i];
  const gfloat gb = colours->gb->data[i];
  const gfloat hb = hemoglobin_of (unmixing, rg, gb);

  return in_band (colours, unmixing, i, FALSE) && rg < MODE_RG_MAX
         && rg + gb > MODE_SUM_MIN && hb > MODE_HB_MIN && hb < MODE_HB_MAX
         && colours->texture->data[i] < MODE_TEXTURE_MAX;
}

/* The most frequent colour of the mode band, in a smoothed histogram where
 * pixels count more near the middle, in the light and with some colour. */
static gboolean
find_peak (Colours                *colours,
           const PockmarkUnmixing *unmixing,
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
        const gint   column = (gint) ((rg + 0.1f) * (BINS / 1.6f));
        const gint   row = (gint) ((gb + 0.4f) * (BINS / 2.0f));
        const gfloat hb = hemoglobin_of (unmixing, rg, gb);

        if (in_mode_band (colours, unmixing, at) && column >= 0 && row >= 0
            && column < BINS && row < BINS)
          bins->data[row * BINS + column]
              += expf (-0.5f * (u * u + v * v) - colours->density->data[at] / 3.0f)
                 * CLAMP ((hb + 0.05f) / 0.4f, 0.02f, 1.0f)
                 * CLAMP ((rg + gb - 0.25f) / 0.3f, 0.02f, 1.0f);
      }
  pockmark_blur (bins, 2.0, smooth, NULL);
  for (i = 1; i < BINS * BINS; i++)
    if (smooth->data[i] > smooth->data[best])
      best = i;
  colours->mode_rg = ((best % BINS) + 0.5f) * (1.6f / BINS) - 0.1f;
  colours->mode_gb = ((best / BINS) + 0.5f) * (2.0f / BINS) - 0.4f;
  return smooth->data[best] > 0.0f;
}

/* Moves the peak to the medians of what is near it, and takes the usual
 * roughness of that skin as the measure for what is too rough. */
static gboolean
settle_peak (Colours                *colours,
             const PockmarkUnmixing *unmixing,
             GError                **error)
{
  const gsize        n = plane_size (colours->rg);
  g_autofree gfloat *values = g_try_new (gfloat, n * 4);
  gsize              i, k = 0;
  gint               round;

  if (! values)
    {
      g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                           "There is not enough memory to find the skin.");
      return FALSE;
    }
  for (round = 0; round < 4; round++)
    {
      for (i = k = 0; i < n; i++)
        if (fabsf (colours->rg->data[i] - colours->mode_rg) < 0.18f
            && fabsf (colours->gb->data[i] - colours->mode_gb) < 0.2f
            && in_mode_band (colours, unmixing, i))
          {
            values[k] = colours->rg->data[i];
            values[n + k] = colours->gb->data[i];
            values[2 * n + k] = colours->density->data[i];
            values[3 * n + k] = colours->texture->data[i];
            k++;
          }
      if (k == 0)
        return FALSE;
      colours->mode_rg = pockmark_quantile (values, k, 0.5);
      colours->mode_gb = pockmark_quantile (values + n, k, 0.5);
    }
  colours->mode_density = pockmark_quantile (values + 2 * n, k, 0.5);
  colours->texture_max
      = CLAMP (3.0f * pockmark_quantile (values + 3 * n, k, 0.5), 0.12f, 0.25f);
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
               const PockmarkPlane *skin,
               gfloat               drift)
{
  const PockmarkPlane *from[3] = { colours->rg, colours->gb, colours->density };
  const gfloat mode[3]
      = { colours->mode_rg, colours->mode_gb, colours->mode_density };
  const gfloat  low[3] = { drift, drift, 1.0f };
  const gfloat  high[3] = { DRIFT_UP, DRIFT_UP, STEP_DENSITY };
  const gdouble sigma = MAX (4.0, MIN (colours->width, colours->height) / 24.0);
  const gsize   n = plane_size (skin);
  const gfloat  prior = 0.02f;
  gint          c;
  gsize         i;

  pockmark_blur (skin, sigma, around->share, NULL);
  for (c = 0; c < 3; c++)
    {
      for (i = 0; i < n; i++)
        around->a->data[i] = from[c]->data[i] * skin->data[i];
      pockmark_blur (around->a, sigma, around->b, NULL);
      for (i = 0; i < n; i++)
        around->plane[c]->data[i]
            = CLAMP ((around->b->data[i] + prior * mode[c])
                         / (around->share->data[i] + prior),
                     mode[c] - low[c], mode[c] + high[c]);
    }
}

static void
accept_pixels (const Colours          *colours,
               const Around           *around,
               const PockmarkUnmixing *unmixing,
               gboolean                wide,
               PockmarkPlane          *skin)
{
  const gfloat redder = wide ? STEP_RG_MAX : STEP_RG_MAX_FACE;
  const gsize  n = plane_size (skin);
  gsize        i;

  for (i = 0; i < n; i++)
    {
      const gfloat rg = colours->rg->data[i] - around->plane[0]->data[i];
      const gfloat gb = colours->gb->data[i] - around->plane[1]->data[i];
      const gfloat d = colours->density->data[i] - around->plane[2]->data[i];

      skin->data[i] = rg > STEP_RG_MIN && rg < redder && gb > STEP_GB_MIN
                      && gb < STEP_GB_MAX && 0.5f * rg + gb < STEP_BOTH_MAX
                      && fabsf (d) < STEP_DENSITY
                      && colours->texture->data[i] < colours->texture_max
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

/* Keeps regions of at least least times the largest; returns their share of
 * the picture, negative on error. */
static gdouble
keep_large (PockmarkPlane *skin,
            gdouble        least,
            GError       **error)
{
  g_autoptr (PockmarkComponents) parts
      = pockmark_components_new (skin, TRUE, error);
  const gsize n = plane_size (skin);
  gsize       i, kept = 0;
  gint        c, largest = 0;

  if (! parts)
    return -1.0;
  for (c = 0; c < parts->n; c++)
    largest = MAX (largest, parts->size[c]);
  for (i = 0; i < n; i++)
    {
      skin->data[i]
          = parts->data[i] >= 0 && parts->size[parts->data[i]] >= least * largest;
      kept += skin->data[i] > 0.0f;
    }
  return (gdouble) kept / (gdouble) n;
}

/* Lesions are skin: fills holes of up to most pixels that are not as dark as
 * an eye or a nostril is. */
static gboolean
fill_holes (const Colours *colours,
            const Around  *around,
            gdouble        most,
            PockmarkPlane *skin,
            GError       **error)
{
  g_autoptr (PockmarkComponents) holes
      = pockmark_components_new (skin, FALSE, error);
  g_autofree gdouble *darkness = NULL;
  const gsize n = plane_size (skin);
  gsize       i;

  if (! holes)
    return FALSE;
  darkness = g_new0 (gdouble, holes->n + 1);
  for (i = 0; i < n; i++)
    if (holes->data[i] >= 0)
      darkness[holes->data[i]]
          += colours->density->data[i] - around->plane[2]->data[i];
  for (i = 0; i < n; i++)
    {
      const gint c = holes->data[i];

      if (c >= 0 && holes->size[c] < most && darkness[c] < 0.9 * holes->size[c]
          && colours->weight->data[i] > 0.5f)
        skin->data[i] = 1.0f;
    }
  return TRUE;
}

static gboolean
grow_skin (const Colours          *colours,
           const PockmarkUnmixing *unmixing,
           gdouble                 pixels_per_mm,
           PockmarkPlane          *skin,
           GError                **error)
{
  Around   around = { 0 };
  gdouble  share = 0.0;
  gboolean wide = FALSE;
  gboolean ok = around_init (&around, colours, error);
  gint     round;

  for (round = 0; ok && round < ROUNDS; round++)
    {
      if (round > 0)
        around_update (&around, colours, skin, wide ? 2.0f * DRIFT : DRIFT);
      accept_pixels (colours, &around, unmixing, wide, skin);
      open_cross (skin, around.a);
      share = keep_large (skin, wide ? REGION_CLOSE_UP : REGION_FACE, error);
      ok = share >= 0.0;
      wide = share > 0.5;
    }
  if (ok)
    {
      const gdouble some = (wide ? HOLE_CLOSE_UP : HOLE_FACE) * share
                           * (gdouble) plane_size (skin);
      const gdouble square_cm = 100.0 * pixels_per_mm * pixels_per_mm;

      ok = fill_holes (colours, &around, MIN (some, square_cm) + 4.0, skin, error);
    }
  around_clear (&around);
  return ok;
}

/* The mask of the small picture, read at the size of the larger one. */
static void
enlarge (const PockmarkPlane   *small,
         gint                   factor,
         const PockmarkReduced *reduced,
         PockmarkPlane         *out)
{
  gint x, y;

  for (y = 0; y < out->height; y++)
    for (x = 0; x < out->width; x++)
      {
        const gsize  i = (gsize) y * out->width + x;
        const gfloat v = small->data[(gsize) (y / factor) * small->width + x / factor];

        out->data[i] = reduced->weight->data[i] > 0.5f ? v : 0.0f;
      }
}

PockmarkPlane *
pockmark_skin_find (const PockmarkReduced  *reduced,
                    const PockmarkUnmixing *unmixing,
                    gdouble                 pixels_per_mm,
                    gboolean                whole_is_skin,
                    GError                **error)
{
  const gsize n = plane_size (reduced->red);
  const gint  factor = MAX (1, (gint) ceil (sqrt ((gdouble) n / SKIN_PIXELS)));
  g_autoptr (PockmarkPlane) skin
      = pockmark_plane_new (reduced->red->width, reduced->red->height, error);
  g_autoptr (PockmarkReduced) small = NULL;
  g_autoptr (PockmarkPlane) mask = NULL;
  g_autoptr (Colours) colours = NULL;
  GError *problem = NULL;
  gsize   i;

  if (! skin)
    return NULL;
  if (whole_is_skin)
    {
      for (i = 0; i < n; i++)
        skin->data[i] = reduced->weight->data[i] > 0.5f;
      return g_steal_pointer (&skin);
    }

  if (! (small = pockmark_reduced_again (reduced, factor, error))
      || ! (colours = colours_new (small, error))
      || ! (mask = pockmark_plane_new (small->red->width, small->red->height, error)))
    return NULL;
  if (find_peak (colours, unmixing, &problem)
      && settle_peak (colours, unmixing, &problem)
      && grow_skin (colours, unmixing, pixels_per_mm / factor, mask, &problem))
    enlarge (mask, factor, reduced, skin);
  if (problem)
    {
      g_propagate_error (error, problem);
      return NULL;
    }
  return g_steal_pointer (&skin);
}
