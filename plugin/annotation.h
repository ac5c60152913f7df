/* What lands in the image: group, layers, channels, paths
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every item that is made carries the item parasite "pockmark" with its role
 * and name.  An item that still has that name is ours and may be replaced; one
 * that the user renamed or copied is the user's.
 */

#ifndef POCKMARK_ANNOTATION_H
#define POCKMARK_ANNOTATION_H

#include "findings.h"
#include "input.h"

typedef enum
{
  ANNOTATION_GROUP    = 1 << 0,
  ANNOTATION_OVERLAY  = 1 << 1,
  ANNOTATION_NUMBERS  = 1 << 2,
  ANNOTATION_CHANNELS = 1 << 3, /* one for each class */
  ANNOTATION_PATHS    = 1 << 4, /* likewise */
  ANNOTATION_REDNESS  = 1 << 5,
  ANNOTATION_LEGEND   = 1 << 6,
  ANNOTATION_VISITS   = 1 << 7, /* the layers of a comparison */
  ANNOTATION_LAST     = ANNOTATION_VISITS,
  ANNOTATION_FINDINGS = ANNOTATION_OVERLAY | ANNOTATION_NUMBERS
                        | ANNOTATION_CHANNELS | ANNOTATION_PATHS
                        | ANNOTATION_LEGEND
} AnnotationRole;

/* Whether the image has items of any of the roles. */
gboolean annotation_exists (GimpImage *image, AnnotationRole roles);

/* Whether item is one of ours and still has its name. */
gboolean annotation_owns (GimpItem *item);

/* The channels of the classes (by PockmarkClass, NULL: none): ours, else any of
 * the right name.  FALSE where there is none at all. */
gboolean annotation_find_channels (GimpImage   *image,
                                   GimpChannel *channels[POCKMARK_N_CLASSES]);

/* A new, empty channel of the class. */
GimpChannel *annotation_add_channel (GimpImage     *image,
                                     PockmarkClass  klass);

/* The layer whose findings the image has: item itself where it is that layer,
 * or the image knows of none; else the one that the last run examined.  NULL
 * where item is one of ours or a channel, and there is no such layer. */
GimpLayer *annotation_find_photograph (GimpImage *image, GimpItem *item);

/* The first anchor of each stroke of our paths: an array of KeptAnchor. */
GArray *annotation_anchors (GimpImage *image);

/* Takes everything of ours out of an image that nobody looks at. */
void     annotation_remove (GimpImage *image);

/* Asks the user whether they may be replaced. */
gboolean annotation_ask (const gchar *question);

/* What to make, by class for channels and paths. */
typedef struct
{
  AnnotationRole make;
  AnnotationRole stay; /* what of the last run is not touched */
  gboolean       sought[POCKMARK_N_CLASSES];
} AnnotationWishes;

/* Makes again what the image has of the last run, except the channels: they
 * are what was measured.  channels as from annotation_find_channels (). */
void annotation_wish_again (AnnotationWishes   *wishes,
                            GimpImage          *image,
                            GimpChannel *const *channels);

/* What the image will remember of the run, besides the findings. */
typedef struct
{
  gdouble      pixels_per_mm;
  const gchar *scale_source; /* NULL: no scale */
  const gchar *parameters;   /* "key=value;key=value" */
} AnnotationRecord;

/* Items made but not yet in the image: they are no part of its undo history,
 * so that a failure or a cancel leaves the image as it was. */
typedef struct _Annotation Annotation;

Annotation *annotation_of_findings (const Input            *input,
                                    const Findings         *findings,
                                    const AnnotationWishes *wishes,
                                    gdouble                 pixels_per_mm,
                                    const Progress         *progress,
                                    GError                **error);

/* layer: new, of the photograph's size and place; taken. */
Annotation *annotation_of_redness  (const Input            *input,
                                    GimpLayer              *layer);

/* layers: new, the topmost first; taken. */
Annotation *annotation_of_visits   (const Input            *input,
                                    GSList                 *layers);

/* Replaces what the last run made, and the image's record, in one undo step.
 * Returns the group, NULL where there was nothing to put into it. */
GimpGroupLayer *annotation_commit  (Annotation             *annotation,
                                    const AnnotationRecord *record);

/* Removes what was not committed. */
void        annotation_free        (Annotation             *annotation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Annotation, annotation_free)

/* A transparent layer of the photograph's size, not yet in the image. */
GimpLayer  *annotation_layer_new   (const Input            *input,
                                    const gchar            *name,
                                    gdouble                 opacity);

#endif
