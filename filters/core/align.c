/* Pockmark: the alignment of two visits
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Coarse guesses (coarse.c) are each refined by local matching (local.c) on
 * coarse pictures; the one that most blocks agree with is carried on to the
 * finest.  Unrelated pictures give guesses too, but blocks that agree with
 * their neighbours only by chance: that is how they are told.
 */

#include <math.h>

#include <glib/gi18n-lib.h>

#include "align.h"

#define GUESSES 5

/* Levels that every guess is taken through. */
#define FIRST_LEVELS 2

/* Blocks are not matched on pictures finer than this, pixels per mm. */
#define FINEST_MATCHED 9.5

/* How far blocks look, pixels, at the coarse levels, at the finer ones and in
 * the second round; and how stiff the field is, in nodes: the first
 * round at the coarsest level, and the others. */
#define FAR 4
#define FAR_FINE 3
#define NEAR 2
#define STIFF_FIRST 4.0
#define STIFF 2.5

/* Below this support, more blocks vote together. */
#define CLEAR 0.9

/* A level that fewer blocks agree on adds only noise. */
#define WORTHWHILE 0.5

/* Below the finest level, the field settles at so many; it is not matched at
 * more levels than that. */
#define SETTLED 1

/* How far the ratio of scales may be off: scales known and not. */
#define REACH_KNOWN 1.25
#define REACH_UNKNOWN 1.4

/* The share of single blocks that agree with the field, as agreement_of has
 * it: of 107 pairs of unrelated phantoms at most 0.352, of 109 related ones at
 * least 0.363.  Up to the second share, the photographs are related only where
 * that much of the field is trusted in the end: none of the one unrelated
 * pair's, 0.14 and 0.26 of the two related ones'. */
#define RELATED 0.35
#define SURELY_RELATED 0.45
#define TRUSTED_AT_LEAST 0.05

/* Less support than this is no field. */
#define SUPPORTED 0.2

/* Quality is the mean over nodes of about this distance, in nodes; raw values
 * of good matches are about GOOD. */
#define QUALITY_SIGMA 1.2
#define GOOD 0.16f

struct _PockmarkAlignment
{
  gint           before_width;
  gint           before_height;
  gint           after_width;
  gint           after_height;
  PockmarkField *field;
  gdouble        trusted;
  gdouble        a; /* mean similarity, later to earlier */
  gdouble        b;
};

void
pockmark_alignment_free (PockmarkAlignment *alignment)
{
  if (! alignment)
    return;
  pockmark_field_free (alignment->field);
  g_free (alignment);
}

static gboolean
is_inside (gdouble x,
           gdouble y,
           gint    width,
           gint    height)
{
  return x >= 0.0 && y >= 0.0 && x <= width && y <= height;
}

gfloat
pockmark_alignment_before (const PockmarkAlignment *alignment,
                           gdouble                  x,
                           gdouble                  y,
                           gdouble                 *before_x,
                           gdouble                 *before_y)
{
  pockmark_field_at (alignment->field, x, y, before_x, before_y);
  return is_inside (*before_x, *before_y, alignment->before_width,
                    alignment->before_height)
             ? pockmark_field_quality (alignment->field, x, y) : 0.0f;
}

/* The field is nearly a similarity, so its inverse by the similarity's takes
 * the error down by a large factor with each step. */
gfloat
pockmark_alignment_after (const PockmarkAlignment *alignment,
                          gdouble                  before_x,
                          gdouble                  before_y,
                          gdouble                 *x,
                          gdouble                 *y)
{
  const gdouble a = alignment->a, b = alignment->b;
  const gdouble norm = a * a + b * b;
  gint          i;

  *x = 0.5 * alignment->after_width;
  *y = 0.5 * alignment->after_height;
  for (i = 0; i < 12; i++)
    {
      gdouble fx, fy;

      pockmark_field_at (alignment->field, *x, *y, &fx, &fy);
      fx = before_x - fx;
      fy = before_y - fy;
      *x += (a * fx + b * fy) / norm;
      *y += (a * fy - b * fx) / norm;
    }
  return is_inside (*x, *y, alignment->after_width, alignment->after_height)
             ? pockmark_field_quality (alignment->field, *x, *y) : 0.0f;
}

gdouble
pockmark_alignment_uncertainty (gfloat trust)
{
  return POCKMARK_HALF_KNOWN_MM
         * sqrt (1.0 / CLAMP (trust, 0.01, 1.0) - 1.0);
}

gdouble
pockmark_alignment_trusted (const PockmarkAlignment *alignment)
{
  return alignment->trusted;
}

gdouble
pockmark_alignment_scale (const PockmarkAlignment *alignment)
{
  return hypot (alignment->a, alignment->b);
}

gdouble
pockmark_alignment_rotation (const PockmarkAlignment *alignment)
{
  return -atan2 (alignment->b, alignment->a) * 180.0 / G_PI;
}

/* ---- Quality ------------------------------------------------------------ */

/* From each node's own agreement to that of its neighbourhood, 0-1; 0 off the
 * earlier photograph.  Returns the mean over the overlap. */
static gdouble
settle_quality (PockmarkField *field,
                gint           before_width,
                gint           before_height,
                GError       **error)
{
  const gint  w = field->x->width, h = field->x->height;
  const gsize n = (gsize) w * h;
  g_autoptr (PockmarkPlane) own = pockmark_plane_new (w, h, error);
  g_autoptr (PockmarkPlane) there = own ? pockmark_plane_new (w, h, error) : NULL;
  g_autoptr (PockmarkPlane) total = there ? pockmark_plane_new (w, h, error) : NULL;
  gdouble sum = 0.0, count = 0.0;
  gsize   i;

  if (! total)
    return -1.0;
  for (i = 0; i < n; i++)
    there->data[i] = is_inside (field->x->data[i], field->y->data[i],
                                before_width, before_height);
  for (i = 0; i < n; i++)
    field->quality->data[i]
        = there->data[i] * MIN (field->quality->data[i] / GOOD, 1.0f);
  pockmark_blur (field->quality, QUALITY_SIGMA, own, NULL);
  pockmark_blur (there, QUALITY_SIGMA, total, NULL);
  for (i = 0; i < n; i++)
    {
      field->quality->data[i]
          = there->data[i] > 0.0f ? own->data[i] / MAX (total->data[i], 1e-3f)
                                  : 0.0f;
      sum += field->quality->data[i];
      count += there->data[i];
    }
  return count > 0.0 ? sum / count : 0.0;
}

/* ---- From guess to field ------------------------------------------------ */

static PockmarkField *
field_of_guess (const PockmarkSource     *after,
                const PockmarkSimilarity *guess,
                gdouble                   spacing,
                GError                  **error)
{
  PockmarkField *field
      = pockmark_field_new (after->width, after->height, spacing, error);
  gint           x, y;

  if (! field)
    return NULL;
  for (y = 0; y < field->x->height; y++)
    for (x = 0; x < field->x->width; x++)
      {
        const gsize   i = (gsize) y * field->x->width + x;
        const gdouble px = (x + 0.5) * spacing, py = (y + 0.5) * spacing;

        field->x->data[i] = (gfloat) (guess->a * px - guess->b * py + guess->c);
        field->y->data[i] = (gfloat) (guess->b * px + guess->a * py + guess->d);
      }
  return field;
}

/* Levels from the coarsest, those that only tell how fine the relief is left
 * out. */
static gint
levels_of (const PockmarkStructures *before,
           const PockmarkStructures *after)
{
  gint n = MIN (before->n, after->n);

  while (n > 1
         && ((n > FIRST_LEVELS
              && after->level[after->n - n].scale > FINEST_MATCHED)
             || ! after->level[after->n - n].channel[0]
             || ! before->level[before->n - n].channel[0]))
    n--;
  return n;
}

/* Two rounds of matching at one level, counted from the coarsest; the second
 * is the stiffer the fewer blocks agreed in the first.  Returns the field, and
 * how many blocks agree with it. */
static PockmarkField *
match_level (const PockmarkStructures *before,
             const PockmarkStructures *after,
             gint                      level,
             const PockmarkSource     *before_source,
             const PockmarkField      *from,
             gdouble                  *support,
             const PockmarkHost       *host,
             GError                  **error)
{
  const PockmarkStructure *b = &before->level[before->n - 1 - level];
  const PockmarkStructure *a = &after->level[after->n - 1 - level];
  g_autoptr (PockmarkField) first = pockmark_local_match (
      b, a, from, level < FIRST_LEVELS ? FAR : FAR_FINE, 1, level == 0 ? STIFF_FIRST : STIFF, host, error);
  PockmarkField *field;

  *support = first ? settle_quality (first, before_source->width,
                                     before_source->height, error)
                   : -1.0;
  if (*support < 0.0)
    return NULL;
  field = pockmark_local_match (b, a, first, NEAR,
                                *support > CLEAR ? 1 : 2,
                                STIFF / CLAMP (*support, 0.5, 1.0), host,
                                error);
  *support = field ? settle_quality (field, before_source->width,
                                     before_source->height, error)
                   : -1.0;
  if (*support < 0.0)
    g_clear_pointer (&field, pockmark_field_free);
  return field;
}

/* From level first up to before last; stops where noise is all that a level
 * adds.  Takes field. */
static PockmarkField *
refine (const PockmarkStructures *before,
        const PockmarkStructures *after,
        gint                      first,
        gint                      last,
        const PockmarkSource     *before_source,
        PockmarkField            *field,
        gdouble                  *support,
        const PockmarkHost       *host,
        GError                  **error)
{
  gint level;

  for (level = first; level < last; level++)
    {
      gdouble        now;
      PockmarkField *next = match_level (before, after, level, before_source,
                                         field, &now, host, error);

      if (next && level >= FIRST_LEVELS && now < WORTHWHILE)
        {
          pockmark_field_free (next);
          return field;
        }
      pockmark_field_free (field);
      field = next;
      *support = now;
      if (! field)
        return NULL;
    }
  return field;
}

/* The guess that the coarse blocks agree with most; its field and support. */
static PockmarkField *
best_guess (const PockmarkSource     *before_source,
            const PockmarkSource     *after_source,
            const PockmarkStructures *before,
            const PockmarkStructures *after,
            const PockmarkSimilarity *guesses,
            gint                      n,
            gdouble                  *most,
            const PockmarkHost       *host,
            GError                  **error)
{
  PockmarkField *best = NULL;
  gdouble        top = -1.0;
  gint           i;

  *most = -1.0;

  for (i = 0; i < n; i++)
    {
      PockmarkField *field = field_of_guess (
          after_source, &guesses[i], 24.0 * after->level[after->n - 1].step,
          error);
      gdouble support = -1.0;

      field = field ? refine (before, after, 0,
                              MIN (FIRST_LEVELS, levels_of (before, after)),
                              before_source, field, &support, host, error)
                    : NULL;
      if (support < 0.0)
        {
          pockmark_field_free (field);
          pockmark_field_free (best);
          return NULL;
        }
      if (support * guesses[i].score > top)
        {
          pockmark_field_free (best);
          best = field;
          *most = support;
          top = support * guesses[i].score;
        }
      else
        pockmark_field_free (field);
    }
  return best;
}

/* ---- The whole ---------------------------------------------------------- */

/* The similarity nearest to the trusted part of the field, and how much of the
 * overlap that is. */
static void
summarise (PockmarkAlignment *alignment)
{
  const PockmarkField *f = alignment->field;
  const gint w = f->x->width, h = f->x->height;
  gdouble    a = 0.0, b = 0.0, total = 1e-9, inside = 0.0, trusted = 0.0;
  gint       x, y;

  for (y = 0; y < h; y++)
    for (x = 0; x < w; x++)
      {
        const gsize   i = (gsize) y * w + x;
        const gdouble q = f->quality->data[i] + 1e-6;

        if (is_inside (f->x->data[i], f->y->data[i], alignment->before_width,
                       alignment->before_height))
          {
            inside += 1.0;
            trusted += f->quality->data[i] >= POCKMARK_ALIGNMENT_TRUST;
          }
        if (x + 1 < w)
          {
            a += q * (f->x->data[i + 1] - f->x->data[i]);
            b += q * (f->y->data[i + 1] - f->y->data[i]);
            total += q;
          }
        if (y + 1 < h)
          {
            a += q * (f->y->data[i + w] - f->y->data[i]);
            b -= q * (f->x->data[i + w] - f->x->data[i]);
            total += q;
          }
      }
  alignment->a = a / (total * f->spacing);
  alignment->b = b / (total * f->spacing);
  alignment->trusted = inside > 0.0 ? trusted / inside : 0.0;
}

/* How many single blocks stand by the field, at the finest level that every
 * guess was taken through and at the next: the mean of both. */
static gdouble
agreement_of (const PockmarkStructures *before,
              const PockmarkStructures *after,
              PockmarkField            *field,
              const PockmarkHost       *host,
              GError                  **error)
{
  const gint first = MIN (FIRST_LEVELS, levels_of (before, after)) - 1;
  const gint last = MIN (first + 1, levels_of (before, after) - 1);
  gdouble    sum = 0.0;
  gint       level;

  for (level = first; level <= last; level++)
    {
      const gdouble share = pockmark_local_agreement (
          &before->level[before->n - 1 - level],
          &after->level[after->n - 1 - level], field, host, error);

      if (share < 0.0)
        return -1.0;
      sum += share;
    }
  return sum / (last - first + 1);
}

/* Lets the field settle at every level from the last that all guesses were
 * taken through, and once more at the finest: then light is seen clearer.
 * Takes field. */
static PockmarkField *
settle_levels (const PockmarkStructures *before,
               const PockmarkStructures *after,
               PockmarkField            *field,
               const PockmarkHost       *host,
               GError                  **error)
{
  const gint last = levels_of (before, after) - 1;
  gint       round;

  for (round = MAX (last - SETTLED, 0); field && round <= last + 1; round++)
    {
      const gint     level = MIN (round, last);
      PockmarkField *next = pockmark_local_settle (
          &before->level[before->n - 1 - level],
          &after->level[after->n - 1 - level], field, round > last, host,
          error);

      pockmark_field_free (field);
      field = next;
    }
  return field;
}

static void
refuse (GError **error)
{
  g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_UNRELATED,
                       _("The two photographs do not seem to show the same "
                         "skin. Choose two of the same place, taken from "
                         "about the same side and turned by at most 30 "
                         "degrees, or select the skin that both show. Where "
                         "one is only a part of the other, or was taken from "
                         "much nearer, run Set Skin Scale on both first."));
}

static PockmarkField *
align_structures (const PockmarkSource     *before_source,
                  const PockmarkSource     *after_source,
                  const PockmarkStructures *before,
                  const PockmarkStructures *after,
                  gboolean                  known,
                  gdouble                  *agreement,
                  const PockmarkHost       *host,
                  GError                  **error)
{
  PockmarkSimilarity guesses[GUESSES];
  const gdouble ratio = before->level[0].scale * before->level[0].step
                        / (after->level[0].scale * after->level[0].step);
  PockmarkField *field;
  gdouble        support;
  gint           n;

  n = pockmark_coarse_search (before, after, ratio,
                              known ? REACH_KNOWN : REACH_UNKNOWN, guesses,
                              GUESSES, host);
  field = best_guess (before_source, after_source, before, after, guesses, n,
                      &support, host, error);
  if (! field || ! pockmark_host_progress (host, 0.7, error))
    return NULL;
  field = refine (before, after, FIRST_LEVELS,
                  levels_of (before, after) - SETTLED, before_source, field,
                  &support, host, error);
  if (! field)
    return NULL;
  *agreement = agreement_of (before, after, field, host, error);
  if (*agreement >= 0.0 && support >= SUPPORTED && *agreement >= RELATED)
    return settle_levels (before, after, field, host, error);
  if (*agreement >= 0.0)
    refuse (error);
  pockmark_field_free (field);
  return NULL;
}

PockmarkAlignment *
pockmark_align_structures (const PockmarkSource     *const source[2],
                           const PockmarkParameters *const parameters[2],
                           PockmarkStructures       *const structures[2],
                           const PockmarkHost       *host,
                           GError                  **error)
{
  g_autoptr (PockmarkAlignment) alignment = g_new0 (PockmarkAlignment, 1);
  gdouble agreement;

  alignment->before_width = source[0]->width;
  alignment->before_height = source[0]->height;
  alignment->after_width = source[1]->width;
  alignment->after_height = source[1]->height;
  alignment->field = align_structures (
      source[0], source[1], structures[0], structures[1],
      parameters[0]->pixels_per_mm > 0.0 && parameters[1]->pixels_per_mm > 0.0,
      &agreement, host, error);
  if (! alignment->field)
    return NULL;
  summarise (alignment);
  if (agreement < SURELY_RELATED && alignment->trusted < TRUSTED_AT_LEAST)
    {
      refuse (error);
      return NULL;
    }
  return pockmark_host_progress (host, 1.0, error) ? g_steal_pointer (&alignment)
                                                   : NULL;
}

/* What pockmark_align () sees of a photograph. */
static PockmarkStructures *
look_at (const PockmarkSource     *photograph,
         const PockmarkParameters *parameters,
         const PockmarkHost       *host,
         GError                  **error)
{
  g_autoptr (PockmarkReduced) working = NULL;

  if (pockmark_parameters_check (parameters, error))
    working = pockmark_reduced_working (photograph, parameters, host, error);
  return working ? pockmark_structures_new (photograph, working, parameters,
                                            host, error)
                 : NULL;
}

PockmarkAlignment *
pockmark_align (const PockmarkSource     *before,
                const PockmarkParameters *before_parameters,
                const PockmarkSource     *after,
                const PockmarkParameters *after_parameters,
                const PockmarkHost       *host,
                GError                  **error)
{
  g_autoptr (PockmarkStructures) first = NULL, second = NULL;

  if (! (first = look_at (before, before_parameters, host, error))
      || ! pockmark_host_progress (host, 0.2, error)
      || ! (second = look_at (after, after_parameters, host, error))
      || ! pockmark_host_progress (host, 0.4, error))
    return NULL;
  return pockmark_align_structures (
      (const PockmarkSource *[]) { before, after },
      (const PockmarkParameters *[]) { before_parameters, after_parameters },
      (PockmarkStructures *[]) { first, second }, host, error);
}
