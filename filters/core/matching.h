/* Pockmark: how well blocks of two visits match
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifndef POCKMARK_MATCHING_H
#define POCKMARK_MATCHING_H

#include "align.h"

G_BEGIN_DECLS

/* Nodes are so many pixels of the level apart. */
#define POCKMARK_BLOCK_SPACING 12

/* After the structures, the slopes in two pairs of directions. */
#define POCKMARK_MATCHED_SLOPE POCKMARK_N_STRUCTURES
#define POCKMARK_N_MATCHED (POCKMARK_N_STRUCTURES + 2)

typedef struct
{
  const PockmarkStructure *before;
  const PockmarkStructure *after;
  const PockmarkField     *from;
  gint                     columns; /* of nodes                              */
  gint                     rows;
  gint                     half;    /* of a block's side, pixels             */
  gint                     reach;   /* pixels of the level either way        */
  gint                     n_channels;
  const PockmarkPlane     *own[POCKMARK_N_MATCHED];    /* later              */
  PockmarkPlane           *warped[POCKMARK_N_MATCHED]; /* earlier            */
  PockmarkPlane           *slope[2];
  gsize                    cells;    /* of a table: all shifts by rows, then
                                      * the energies of both blocks          */
  gfloat                  *products; /* a table for each node and channel    */
  gfloat                   worth[POCKMARK_N_MATCHED];
} PockmarkMatching;

/* slopes: relief too, which only tells where from is nearly right. */
gboolean pockmark_matching_init  (PockmarkMatching        *matching,
                                  const PockmarkStructure *before,
                                  const PockmarkStructure *after,
                                  const PockmarkField     *from,
                                  gint                     half,
                                  gint                     reach,
                                  gboolean                 slopes,
                                  const PockmarkHost      *host,
                                  GError                 **error);
/* Also after a failed _init (). */
void     pockmark_matching_clear (PockmarkMatching        *matching);

/* How much each channel is worth here: what the two photographs share of it,
 * over the whole picture, against what they do not. */
void     pockmark_matching_weigh (PockmarkMatching        *matching);

/* Moves all tables to where they would be under the same light, and tells for
 * each node how sure that is: the variance, pixels^2 (unlight.c). */
void     pockmark_unlight        (PockmarkMatching        *matching,
                                  gdouble                 *doubt);

/* The tables of a channel over all nodes. */
void     pockmark_matching_sum   (const PockmarkMatching  *matching,
                                  gint                     channel,
                                  gdouble                 *sum);

static inline gfloat *
pockmark_matching_table (const PockmarkMatching *matching,
                         gsize                   node,
                         gint                    channel)
{
  return matching->products
         + (node * POCKMARK_N_MATCHED + (gsize) channel) * matching->cells;
}

G_END_DECLS

#endif
