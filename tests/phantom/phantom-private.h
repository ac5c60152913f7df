/* Phantom photographs: what the renderer's files share
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef PHANTOM_PRIVATE_H
#define PHANTOM_PRIVATE_H

#include <math.h>

#include "phantom.h"

G_BEGIN_DECLS

/* ---- Chance (random.c) -------------------------------------------------- */

/* SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195). */
typedef struct
{
  guint64 state;
} PhantomRandom;

void    phantom_random_init    (PhantomRandom *random,
                                guint64        seed,
                                guint64        stream);
guint64 phantom_random_bits    (PhantomRandom *random);
gdouble phantom_random_uniform (PhantomRandom *random, gdouble low,
                                gdouble high);
/* Uniform in the logarithm: 0 < low <= high. */
gdouble phantom_random_log     (PhantomRandom *random, gdouble low,
                                gdouble high);
/* Mean 0, s.d. 1; the sum of four uniforms, so never beyond 3.5. */
gdouble phantom_random_normal  (PhantomRandom *random);
gboolean phantom_random_chance (PhantomRandom *random, gdouble share);
/* As phantom_random_normal, for a point of a lattice. */
gfloat  phantom_hash_normal    (guint64 seed, gint x, gint y);
guint64 phantom_hash           (guint64 seed, gint x, gint y);

/* ---- Fields (field.c) --------------------------------------------------- */

/* Adds smooth noise of standard deviation amplitude and of the given grain in
 * mm.  Depends on the place in mm only, not on the sampling; grains below
 * 1.5 pixels are left out. */
gboolean phantom_field_noise (PockmarkPlane *plane,
                              gdouble        pixels_per_mm,
                              gdouble        grain,
                              gdouble        amplitude,
                              guint64        seed,
                              GError       **error);
/* Octaves of noise from the grain coarse down to fine; each has persistence
 * times the amplitude of the one before, total s.d. amplitude. */
gboolean phantom_field_octaves (PockmarkPlane *plane,
                                gdouble        pixels_per_mm,
                                gdouble        coarse,
                                gdouble        fine,
                                gdouble        persistence,
                                gdouble        amplitude,
                                guint64        seed,
                                GError       **error);
/* Gaussian blur, sigma in pixels; borders are repeated.  In place. */
gboolean phantom_field_blur (PockmarkPlane *plane, gdouble sigma,
                             GError **error);
PockmarkPlane *phantom_field_copy (const PockmarkPlane *plane,
                                   GError             **error);

/* ---- Optics (optics.c) -------------------------------------------------- */

typedef struct _PhantomOptics PhantomOptics;

PhantomOptics *phantom_optics_new  (PhantomSet set);
void           phantom_optics_free (PhantomOptics *optics);
/* Linear sRGB of skin with these shares. */
void           phantom_optics_skin (const PhantomOptics *optics,
                                    gfloat               ln_blood,
                                    gfloat               ln_melanin,
                                    gfloat               rgb[3]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhantomOptics, phantom_optics_free)

/* ---- Parts of the skin -------------------------------------------------- */

/* What the parts of the skin draw on. */
typedef struct
{
  const PhantomSettings *settings;
  PhantomSkin           *skin;
  PockmarkPlane         *warp[2]; /* mm / mm of radius: bends outlines       */
  PockmarkPlane         *relief;  /* mm, of all that is stamped              */
  PockmarkPlane         *groove;  /* mm, deepest line at each place          */
  PockmarkPlane         *vessel;  /* ln blood, strongest line                */
  PockmarkPlane         *best;    /* profile of the lesion that has the label*/
} PhantomCanvas;

/* texture.c: lines of the skin. */
gboolean phantom_texture_furrows (PhantomCanvas *canvas, GError **error);
/* stamp.c: round things.  number: label, 0 for none. */
void     phantom_stamp           (PhantomCanvas        *canvas,
                                  const PhantomFeature *feature,
                                  guint32               number);
/* stroke.c: drawn-out things on a plane, keeping the larger value. */
void     phantom_stroke_groove   (PhantomCanvas        *canvas,
                                  const PhantomFeature *feature);

/* objects.c: hairs, print and ruler over the albedo (linear RGB). */
void phantom_objects_paint (const PhantomSettings *settings,
                            const GArray          *plan,
                            gdouble                pixels_per_mm,
                            gint                   width,
                            gint                   height,
                            gfloat                *albedo,
                            gfloat                *gloss);

/* A path of small segments for what is drawn out; xy holds 2 * n values. */
#define PHANTOM_PATH_POINTS 24
void phantom_feature_path (const PhantomFeature *feature,
                           gdouble               bend,
                           gdouble              *xy);

/* ---- Light and camera --------------------------------------------------- */

/* light.c: the scene, linear RGB.  NULL on error. */
gfloat *phantom_light  (const PhantomSettings *settings,
                        const PhantomSkin     *skin,
                        const gfloat          *albedo,
                        const gfloat          *gloss,
                        GError               **error);
/* camera.c, jpeg.c: the photograph, 8-bit sRGB. */
guint8 *phantom_camera (const PhantomSettings *settings,
                        const gfloat          *scene,
                        GError               **error);
gboolean phantom_jpeg  (guint8 *rgb, gint width, gint height, gint quality,
                        GError **error);

/* scene.c: albedo and gloss under all that lies on the skin. */
gboolean phantom_scene (const PhantomSettings *settings,
                        const PhantomSkin     *skin,
                        const GArray          *plan,
                        gfloat               **albedo,
                        gfloat               **scene,
                        GError               **error);

/* visibility.c: fills feature->visibility of every lesion of the plan.
 * *without, NULL at first, keeps the skin without lesions for the next call;
 * g_free it. */
gboolean phantom_visibility (const PhantomSettings *settings,
                             GArray                *plan,
                             gfloat               **without,
                             GError               **error);

/* photograph.c: draws weak lesions stronger until each can be seen under all n
 * settings, and leaves out those that still cannot. */
gboolean phantom_make_visible (const PhantomSettings *settings,
                               guint                  n,
                               GArray                *plan,
                               GError               **error);
void     phantom_drop_unseen  (GArray *plan);

/* n items of size bytes, checked; zeroed. */
gpointer phantom_alloc (gsize n, gsize size, GError **error);

static inline gfloat
phantom_clamp (gfloat value, gfloat low, gfloat high)
{
  return value < low ? low : value > high ? high : value;
}

static inline gfloat
phantom_smoothstep (gfloat t)
{
  t = phantom_clamp (t, 0.0f, 1.0f);
  return t * t * (3.0f - 2.0f * t);
}

G_END_DECLS

#endif
