/* Pockmark: the stages of finding a ruler, as the core's files see them
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   photograph -> pyramid -> seeds -> tracks -> grades -> the best of them
 *
 * A seed is a place where something stripes the picture; a track is a row of
 * ticks that was followed from a seed to both of its ends; a grade says what
 * the lengths of the ticks tell about their distance.
 *
 * Places are in pixels of a level of the pyramid, the centre of the first at
 * (0.5, 0.5).
 */

#ifndef POCKMARK_RULER_H
#define POCKMARK_RULER_H

#include "pockmark-stages.h"

G_BEGIN_DECLS

#define RULER_LEVELS 8

/* Optical density of the light, each level half the size of the one before. */
typedef struct
{
  gint           reduction; /* photograph pixels per pixel of the first level */
  gint           n;
  PockmarkPlane *level[RULER_LEVELS];
} RulerPyramid;

/* ---- Seeds (ruler-seeds.c) ---------------------------------------------- */

typedef struct
{
  gint    level;
  gdouble x;
  gdouble y;
  gdouble angle;  /* across the stripes, radians from the right downwards */
  gdouble period; /* pixels of the level */
  gdouble score;  /* 0-1: how like the next stripe each one is */
} RulerSeed;

/* An array of RulerSeed, the best first.  NULL on error. */
GArray *ruler_seeds_find (const RulerPyramid *pyramid,
                          const PockmarkHost *host,
                          GError            **error);

/* ---- Tracks (ruler-track.c) --------------------------------------------- */

/* Polynomials: where the tick of an index is. */
#define RULER_TERMS 4

typedef struct
{
  gint    level;
  gint    first;   /* indices of the ticks at the ends */
  gint    last;
  gdouble x[RULER_TERMS]; /* of index / span, from the lowest power */
  gdouble y[RULER_TERMS];
  gdouble span;
  gdouble tick_x;  /* along the ticks: a unit vector */
  gdouble tick_y;
  gdouble period;  /* mean, pixels of the level */
  gdouble above;   /* the rows that every tick crosses, pixels from the track */
  gdouble below;
  gdouble quality; /* 0-1: share of what is seen there that is stripes */
  gdouble around;  /* stripes beside the ticks, share of those in them */
} RulerTrack;

/* FALSE where there is no row of ticks. */
gboolean ruler_track_follow (RulerTrack         *track,
                             const RulerPyramid *pyramid,
                             const RulerSeed    *seed);

void     ruler_track_tick   (const RulerTrack *track,
                             gdouble           index,
                             gdouble          *x,
                             gdouble          *y);

/* Between pixels linearly; the border is repeated. */
gfloat   ruler_sample       (const PockmarkPlane *plane,
                             gdouble              x,
                             gdouble              y);

/* ---- Grades (ruler-grade.c) --------------------------------------------- */

typedef struct
{
  gboolean sure;
  gdouble  tick_mm; /* what lies between two ticks */
  gdouble  fit;     /* 0-1: share of the lengths' variance explained */
  gint     ticks;   /* that were seen */
} RulerGrade;

void ruler_track_grade (const RulerTrack   *track,
                        const RulerPyramid *pyramid,
                        RulerGrade         *grade);

G_END_DECLS

#endif
