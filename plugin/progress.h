/* Progress shown by GIMP, as the core's host and for graphs
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_PROGRESS_H
#define POCKMARK_PROGRESS_H

#include "pockmark.h"

/* The stretch of GIMP's progress bar, 0-1, that a piece of work fills. */
typedef struct
{
  gdouble      from;
  gdouble      to;
  const gchar *title; /* NULL, or what to show instead of the steps' names */
} Progress;

/* The part of the stretch from from to to, 0-1. */
Progress progress_part (const Progress *whole, gdouble from, gdouble to);

/* Names the work and puts the bar at the stretch's start. */
void progress_start (const Progress *progress, const gchar *text);

/* fraction in 0-1 of the stretch. */
void progress_update (const Progress *progress, gdouble fraction);

/* A host for the core: GEGL's threads and GIMP's progress bar.  progress must
 * live as long as the host. */
PockmarkHost progress_host (Progress *progress);

#endif
