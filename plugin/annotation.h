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
  ANNOTATION_FINDINGS = 1 << 1, /* layers, channels and paths of a detection */
  ANNOTATION_REDNESS  = 1 << 2  /* the redness layer */
} AnnotationRole;

/* Whether the image has items of any of the roles. */
gboolean annotation_exists (GimpImage *image, AnnotationRole roles);

/* Asks the user whether they may be replaced. */
gboolean annotation_ask (const gchar *question);

/* What to make, by class for channels and paths. */
typedef struct
{
  gboolean overlay;
  gboolean channels;
  gboolean paths;
  gboolean numbers;
  gboolean sought[POCKMARK_N_CLASSES];
} AnnotationWishes;

/* Items made but not yet in the image: they are no part of its undo history,
 * so that a failure or a cancel leaves the image as it was. */
typedef struct _Annotation Annotation;

Annotation *annotation_of_findings (const Input            *input,
                                    const Findings         *findings,
                                    const AnnotationWishes *wishes,
                                    const Progress         *progress,
                                    GError                **error);

/* layer: new, of the photograph's size and place; taken. */
Annotation *annotation_of_redness  (const Input            *input,
                                    GimpLayer              *layer);

/* Replaces what the last run made, and the image's record, in one undo step.
 * Returns the group, NULL where there was nothing to put into it. */
GimpGroupLayer *annotation_commit  (Annotation             *annotation,
                                    gdouble                 pixels_per_mm,
                                    const gchar            *scale_source,
                                    const gchar            *parameters);

/* Removes what was not committed. */
void        annotation_free        (Annotation             *annotation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Annotation, annotation_free)

/* A transparent layer of the photograph's size, not yet in the image. */
GimpLayer  *annotation_layer_new   (const Input            *input,
                                    const gchar            *name,
                                    gdouble                 opacity);

#endif
