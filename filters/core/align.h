/* Pockmark: the parts of the alignment of two visits
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_ALIGN_H
#define POCKMARK_ALIGN_H

#include "pockmark-stages.h"

G_BEGIN_DECLS

/* ---- What stays the same under another light (structure.c) -------------- */

typedef enum
{
  POCKMARK_STRUCTURE_PIGMENT, /* melanin against its surroundings            */
  POCKMARK_STRUCTURE_DARK,    /* pores, hairs, the flanks away from light    */
  POCKMARK_STRUCTURE_BRIGHT,  /* the flanks towards the light                */
  POCKMARK_STRUCTURE_FINE,    /* how much relief there is, as fine as seen   */
  POCKMARK_STRUCTURE_MEDIUM,  /* the same, twice as wide                     */
  POCKMARK_N_STRUCTURES
} PockmarkStructureChannel;

/* Each channel has mean 0 around every place and a robust spread of 1, is
 * limited to a few spreads, and is 0 where the photograph tells nothing. */
typedef struct
{
  gint           width;
  gint           height;
  gdouble        step;  /* photograph pixels per pixel                       */
  gdouble        scale; /* pixels per mm, nominal where unknown              */
  PockmarkPlane *channel[POCKMARK_N_STRUCTURES];
  PockmarkPlane *relief; /* shading in the band of fine relief, likewise     */
  PockmarkPlane *weight; /* 0-1                                              */
} PockmarkStructure;

/* From fine to coarse, each half as fine as the one before; the last has at
 * most POCKMARK_COARSE_SIDE pixels a side. */
typedef struct
{
  gint              n;
  PockmarkStructure level[12];
} PockmarkStructures;

#define POCKMARK_COARSE_SIDE 96

/* working: the photograph at its working reduction, of which nothing is kept. */
PockmarkStructures *pockmark_structures_new  (const PockmarkSource     *photograph,
                                              const PockmarkReduced    *working,
                                              const PockmarkParameters *parameters,
                                              const PockmarkHost       *host,
                                              GError                  **error);
void                pockmark_structures_free (PockmarkStructures *structures);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkStructures, pockmark_structures_free)

/* ---- Fourier transform (fourier.c) -------------------------------------- */

typedef struct
{
  gint    n;       /* a power of two */
  gfloat *turn;    /* n / 2 pairs of cosine and sine */
  gint   *reverse;
} PockmarkFourier;

void pockmark_fourier_init   (PockmarkFourier *fourier, gint n);
void pockmark_fourier_clear  (PockmarkFourier *fourier);
/* n x n complex values in place.  The result is transposed, so that one that
 * goes there and back is upright; it is not divided by n^2. */
void pockmark_fourier_square (const PockmarkFourier *fourier,
                              gfloat                *data,
                              gboolean               inverse);

/* ---- Coarse (coarse.c) -------------------------------------------------- */

/* x' = a x - b y + c, y' = b x + a y + d: pixels of the later photograph to
 * pixels of the earlier. */
typedef struct
{
  gdouble a;
  gdouble b;
  gdouble c;
  gdouble d;
  gdouble score; /* of the correlation, in standard deviations               */
} PockmarkSimilarity;

/* The best n guesses, best first; returns how many there are.  ratio: earlier
 * over later pixels per mm, as far as is known; reach: how far it may be off. */
gint pockmark_coarse_search (const PockmarkStructures *before,
                             const PockmarkStructures *after,
                             gdouble                   ratio,
                             gdouble                   reach,
                             PockmarkSimilarity       *guesses,
                             gint                      n,
                             const PockmarkHost       *host);

/* ---- Relief under different lights (slopes.c) --------------------------- */

/* Fills slopes of the relief of both visits, [0] the earlier, already in the
 * later one's pixels: two pairs of directions, the best correlated first, each
 * of mean square 1.  All planes have one size; before and after are zeroed. */
void pockmark_slopes_pair (const PockmarkPlane *const relief[2],
                           const PockmarkPlane *const weight[2],
                           PockmarkPlane *const       before[2],
                           PockmarkPlane *const       after[2]);

/* ---- The field (field.c) ------------------------------------------------ */

/* A smooth field on nodes spacing pixels of the later photograph apart, the
 * first at half of it: where each node lies in the earlier one. */
typedef struct
{
  gdouble        spacing;
  PockmarkPlane *x;
  PockmarkPlane *y;
  PockmarkPlane *quality; /* 0-1: share of the places around that agree      */
} PockmarkField;

/* How many nodes a side of so many pixels has. */
gint           pockmark_field_nodes (gint side, gdouble spacing);
PockmarkField *pockmark_field_new  (gint width, gint height, gdouble spacing,
                                    GError **error);
void           pockmark_field_free (PockmarkField *field);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkField, pockmark_field_free)

void   pockmark_field_at      (const PockmarkField *field, gdouble x,
                               gdouble y, gdouble *fx, gdouble *fy);
gfloat pockmark_field_quality (const PockmarkField *field, gdouble x,
                               gdouble y);

/* ---- Local (local.c) ---------------------------------------------------- */

/* One round of matching blocks: starts from from, gives a finer field.  reach:
 * how far from there to look, pixels of the level; pooled: how many blocks
 * either way vote together; stiffness: over how many
 * nodes the field is smooth. */
PockmarkField *pockmark_local_match (const PockmarkStructure *before,
                                     const PockmarkStructure *after,
                                     const PockmarkField     *from,
                                     gint                     reach,
                                     gint                     pooled,
                                     gdouble                  stiffness,
                                     const PockmarkHost      *host,
                                     GError                 **error);

/* The standard deviation, mm, of a place of quality one half. */
#define POCKMARK_HALF_KNOWN_MM 0.14

/* From a field that is nearly right to a better one and, in the last round, how
 * well each place of it is known (settle.c). */
PockmarkField *pockmark_local_settle (const PockmarkStructure *before,
                                      const PockmarkStructure *after,
                                      const PockmarkField     *from,
                                      gboolean                 last,
                                      const PockmarkHost      *host,
                                      GError                 **error);

/* The share of single blocks that would go nowhere else, 0-1; -1 on error. */
gdouble pockmark_local_agreement (const PockmarkStructure *before,
                                  const PockmarkStructure *after,
                                  const PockmarkField     *field,
                                  const PockmarkHost      *host,
                                  GError                 **error);

/* ---- The whole (align.c) ------------------------------------------------ */

/* pockmark_align () of photographs that have already been looked at. */
PockmarkAlignment *pockmark_align_structures (const PockmarkSource     *const source[2],
                                              const PockmarkParameters *const parameters[2],
                                              PockmarkStructures       *const structures[2],
                                              const PockmarkHost       *host,
                                              GError                  **error);

G_END_DECLS

#endif
