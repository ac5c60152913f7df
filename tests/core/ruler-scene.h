/* Photographs of rulers on skin, and of what only looks like one, for tests
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nothing here is shared with the phantom's own ruler: other materials, tick
 * lengths, figures, and any angle and tilt.
 */

#ifndef RULER_SCENE_H
#define RULER_SCENE_H

#include "pockmark-core.h"

G_BEGIN_DECLS

typedef enum
{
  SCENE_MILLIMETRES,  /* longer ticks at 5 and 10                            */
  SCENE_TENS,         /* longer ticks at 10 alone                            */
  SCENE_HALVES,       /* half millimetres                                    */
  SCENE_CENTIMETRES,  /* no ticks but the centimetres: nothing is sure       */
  SCENE_EQUAL,        /* ticks of one length: nothing is sure                */
  SCENE_INCHES,       /* sixteenths: never millimetres                       */
  SCENE_SKIN,         /* no ruler from here on                               */
  SCENE_STUBBLE,
  SCENE_TEXT,
  SCENE_STRIPES,
  SCENE_WEAVE,
  SCENE_BARCODE,
  SCENE_N_KINDS
} SceneKind;

typedef enum
{
  SCENE_WHITE,
  SCENE_BLACK,       /* with white print */
  SCENE_YELLOW,
  SCENE_CLEAR        /* transparent plastic with dark print */
} SceneMaterial;

typedef struct
{
  SceneKind     kind;
  SceneMaterial material;
  gint          tone;     /* of the skin, 0 the lightest ... 5 */
  gint          width;    /* pixels */
  gint          height;
  gdouble       scale;    /* pixels per mm in the middle */
  gdouble       angle;    /* degrees */
  gdouble       tilt;     /* degrees, about an axis in the picture's plane */
  gdouble       length;   /* of the ruler, mm */
  gdouble       blur;     /* sigma, pixels */
  gdouble       noise;    /* of the 8-bit value */
  gint          jpeg;     /* quality, 0: none */
  gboolean      hidden;   /* something lies over a part of it */
  guint64       seed;
} Scene;

/* A scene whose everything follows from the number. */
void    scene_init   (Scene    *scene,
                      SceneKind kind,
                      guint     number);

/* RGBA, linear, width x height; *truth: mean pixels per mm along the ticks
 * that are in the picture. */
gfloat *scene_render (const Scene *scene,
                      gdouble     *truth);

G_END_DECLS

#endif
