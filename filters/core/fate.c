/* Pockmark: which lesion is which at two visits
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesion that one visit shows clearly may lie just below the threshold at the
 * other, under another light.  So each visit is searched as sensitively as can
 * be, and a clear finding is new or resolved only where the other visit has
 * nothing at that place: neither a doubtful finding nor pigment (for a mark) or
 * relief (for a scar) that stands out.  What one visit makes doubtful again
 * belongs to no fate: two looks together must be as sure as one alone.
 */

#include <math.h>

#include "visits.h"

/* Two findings are one lesion where their centres are nearer than this, mm,
 * this share of their mean radius and twice what the alignment may be off. */
#define NEAR_MM 0.5
#define NEAR_RADIUS 0.85

/* A doubtful finding confirms from this confidence on; of another class, the
 * second. */
#define CONFIRMS 0.02f
#define CONFIRMS_OTHER 0.25f

/* How sure a place is that only stands out. */
#define REMAINS_SURE 0.2

/* A mark is still there where it has this share of its contrast. */
#define REMAINS 0.3

/* A scar is still there where the relief of its place stands out from that
 * around it by so many spreads. */
#define STANDS_OUT 3.2

/* What unchanged skin photographed twice shows, standard deviations of the
 * changes between two visits: mm, mm2 and density, with the share of the value
 * itself that comes on top.  From 1278 lesions on 44 pairs (pockmark-visits
 * --unchanged, see tests/README.md); of haemoglobin a smaller share than is
 * best for all, to tell strong marks that fade. */
static const struct
{
  gdouble fixed;
  gdouble share;
} repeatability[POCKMARK_N_CHANGES] = {
  [POCKMARK_CHANGE_DIAMETER] = { 0.19, 0.14 },
  [POCKMARK_CHANGE_AREA] = { 0.51, 0.24 },
  [POCKMARK_CHANGE_HEMOGLOBIN] = { 0.19, 0.20 },
  [POCKMARK_CHANGE_RELIEF] = { 0.036, 0.38 },
};

/* Changes below so many standard deviations are no change. */
#define SIGNIFICANT 1.96

static const gchar *const words[POCKMARK_N_FATES]
    = { "new", "persisting", "resolved", "not-compared" };

/* Vermilion, sky blue, bluish green and grey of Okabe and Ito's palette. */
static const gfloat colours[POCKMARK_N_FATES][3]
    = { { 0.835f, 0.369f, 0.0f },
        { 0.337f, 0.706f, 0.914f },
        { 0.0f, 0.62f, 0.451f },
        { 0.6f, 0.6f, 0.6f } };

const gchar *
pockmark_fate_word (PockmarkFate fate)
{
  g_return_val_if_fail ((guint) fate < POCKMARK_N_FATES, NULL);
  return words[fate];
}

const gfloat *
pockmark_fate_colour (PockmarkFate fate)
{
  g_return_val_if_fail ((guint) fate < POCKMARK_N_FATES, NULL);
  return colours[fate];
}

/* ---- Contrast ----------------------------------------------------------- */

/* Mean of a plane from inner to outer radius, pixels of the photograph; NAN
 * where nothing is there. */
static gdouble
ring_mean (const PockmarkVisit *visit,
           const PockmarkPlane *plane,
           gdouble              x,
           gdouble              y,
           gdouble              inner,
           gdouble              outer)
{
  const gdouble k = visit->reduction;
  const gint    x0 = MAX ((gint) ((x - outer) / k), 0);
  const gint    y0 = MAX ((gint) ((y - outer) / k), 0);
  const gint    x1 = MIN ((gint) ((x + outer) / k), plane->width - 1);
  const gint    y1 = MIN ((gint) ((y + outer) / k), plane->height - 1);
  gdouble       sum = 0.0, total = 0.0;
  gint          px, py;

  for (py = y0; py <= y1; py++)
    for (px = x0; px <= x1; px++)
      {
        const gsize   i = (gsize) py * plane->width + px;
        const gdouble d = hypot ((px + 0.5) * k - x, (py + 0.5) * k - y);

        if (d < inner || d > outer)
          continue;
        sum += visit->weight->data[i] * plane->data[i];
        total += visit->weight->data[i];
      }
  return total > 0.0 ? sum / total : NAN;
}

static gdouble
contrast (const PockmarkVisit *visit,
          PockmarkClass        klass,
          gdouble              x,
          gdouble              y,
          gdouble              radius)
{
  const PockmarkPlane *plane
      = visit->plane[klass == POCKMARK_RED_MARK     ? POCKMARK_HEMOGLOBIN
                     : klass == POCKMARK_BROWN_MARK ? POCKMARK_MELANIN
                                                    : POCKMARK_SHADING];
  const gdouble r = MAX (radius, 1.5 * visit->reduction);

  return ring_mean (visit, plane, x, y, 0.0, 0.75 * r)
         - ring_mean (visit, plane, x, y, 1.4 * r, 2.2 * r);
}

/* Relief of a disc: how much darker it is than its ring, and how steep its
 * shading is, pixels of the photograph. */
static void
relief_of (const PockmarkVisit *visit,
           gdouble              x,
           gdouble              y,
           gdouble              r,
           gdouble             *dark,
           gdouble             *steep)
{
  const PockmarkPlane *plane = visit->plane[POCKMARK_SHADING];
  const gdouble        k = visit->reduction;
  const gdouble        rim = 1.2 * r;
  const gint           x0 = MAX ((gint) ((x - rim) / k), 0);
  const gint           y0 = MAX ((gint) ((y - rim) / k), 0);
  const gint           x1 = MIN ((gint) ((x + rim) / k), plane->width - 1);
  const gint           y1 = MIN ((gint) ((y + rim) / k), plane->height - 1);
  gdouble sx = 0.0, sy = 0.0, xx = 1e-6;
  gint    px, py;

  for (py = y0; py <= y1; py++)
    for (px = x0; px <= x1; px++)
      {
        const gsize   i = (gsize) py * plane->width + px;
        const gdouble dx = ((px + 0.5) * k - x) / r, dy = ((py + 0.5) * k - y) / r;

        if (dx * dx + dy * dy > 1.44)
          continue;
        sx += dx * plane->data[i];
        sy += dy * plane->data[i];
        xx += dx * dx;
      }
  *steep = hypot (sx, sy) / xx;
  *dark = contrast (visit, POCKMARK_CRATER, x, y, r);
}

#define N_AROUND 12

/* How far the relief of a place stands out from that of the places around it,
 * in their spreads. */
static gdouble
relief_stands_out (const PockmarkVisit *visit,
                   gdouble              x,
                   gdouble              y,
                   gdouble              radius)
{
  const gdouble r = MAX (radius, 1.5 * visit->reduction);
  gfloat        dark[N_AROUND], steep[N_AROUND];
  gdouble       d, s, spread;
  gint          i;

  for (i = 0; i < N_AROUND; i++)
    {
      const gdouble angle = 2.0 * G_PI * i / N_AROUND;

      relief_of (visit, x + 3.0 * r * cos (angle), y + 3.0 * r * sin (angle), r,
                 &d, &s);
      dark[i] = (gfloat) fabs (d);
      steep[i] = (gfloat) s;
    }
  relief_of (visit, x, y, r, &d, &s);
  spread = 1.4826 * pockmark_quantile (dark, N_AROUND, 0.5) + 1e-3;
  d /= spread;
  spread = pockmark_quantile (steep, N_AROUND, 0.5) + 1e-3;
  s /= spread;
  return MAX (fabs (d), s);
}

/* ---- Matching ----------------------------------------------------------- */

typedef struct
{
  const PockmarkAlignment *alignment;
  const PockmarkVisit     *visit;
  const GArray            *findings[2];
  gdouble                  least;
  gboolean               **keep;
  gint                    *partner[2]; /* -1, or place in the other visit's */
} Matcher;

static const PockmarkFinding *
finding_at (const Matcher *m,
            gint           which,
            guint          i)
{
  return &g_array_index (m->findings[which], PockmarkFinding, i);
}

/* From a place of one visit to the other's; how far to trust it. */
static gfloat
across (const Matcher *m,
        gint           which,
        gdouble        x,
        gdouble        y,
        gdouble       *tx,
        gdouble       *ty)
{
  return which ? pockmark_alignment_before (m->alignment, x, y, tx, ty)
               : pockmark_alignment_after (m->alignment, x, y, tx, ty);
}

static gboolean
is_scar (PockmarkClass klass)
{
  return klass == POCKMARK_CRATER || klass == POCKMARK_ICE_PICK;
}

/* Of two findings, how well they are one lesion: 0 not at all. */
static gdouble
likeness (const PockmarkFinding *f,
          const PockmarkFinding *g,
          gdouble                mm_apart,
          gdouble                mean_radius_mm,
          gdouble                mm_off)
{
  const gdouble reach
      = NEAR_MM + NEAR_RADIUS * mean_radius_mm + 2.0 * mm_off;
  gdouble       like = 1.0 - mm_apart / reach;

  if (like <= 0.0 || g->confidence < CONFIRMS)
    return 0.0;
  if (f->klass == g->klass)
    like += 2.0;
  else if (is_scar (f->klass) && is_scar (g->klass))
    like += 1.0;
  else if (g->confidence < CONFIRMS_OTHER)
    return 0.0;
  return like + g->confidence;
}

/* The best partner of finding i of visit which among those of the other that
 * are free and at least as sure as asked; -1 for none. */
static gint
best_partner (const Matcher *m,
              gint           which,
              guint          i,
              gdouble        x,
              gdouble        y,
              gdouble        mm_off,
              gdouble        least)
{
  const gint             other = 1 - which;
  const PockmarkFinding *f = finding_at (m, which, i);
  gdouble                best = 0.0;
  gint                   found = -1;
  guint                  k;

  for (k = 0; k < m->findings[other]->len; k++)
    {
      const PockmarkFinding *g = finding_at (m, other, k);
      const gdouble apart = hypot (g->x - x, g->y - y) / m->visit[other].scale;
      gdouble       like;

      if (m->partner[other][k] >= 0 || g->confidence < least)
        continue;
      like = likeness (f, g, apart,
                       0.25 * (f->diameter / m->visit[which].scale
                               + g->diameter / m->visit[other].scale),
                       mm_off);
      if (like > best)
        {
          best = like;
          found = (gint) k;
        }
    }
  return found;
}

/* Pairs the clear findings of one visit, the clearest partners first. */
static void
pair_up (Matcher *m,
         gint     which,
         gdouble  least)
{
  guint i;

  for (i = 0; i < m->findings[which]->len; i++)
    {
      const PockmarkFinding *f = finding_at (m, which, i);
      gdouble x, y;
      gfloat  trust;
      gint    k;

      if (m->partner[which][i] >= 0 || f->confidence < m->least)
        continue;
      trust = across (m, which, f->x, f->y, &x, &y);
      if (trust < POCKMARK_ALIGNMENT_TRUST)
        continue;
      k = best_partner (m, which, i, x, y,
                        pockmark_alignment_uncertainty (trust), least);
      if (k >= 0)
        {
          m->partner[which][i] = k;
          m->partner[1 - which][k] = (gint) i;
        }
    }
}

/* Whether the mapped place still stands out: by pigment for a mark, by relief
 * for a scar, whose light and dark sides may have changed places. */
static gboolean
remains (const Matcher         *m,
         gint                   which,
         const PockmarkFinding *f,
         gdouble                x,
         gdouble                y)
{
  const gint    other = 1 - which;
  const gdouble ratio = m->visit[other].scale / m->visit[which].scale;
  gdouble       here, there;

  if (is_scar (f->klass))
    return relief_stands_out (&m->visit[other], x, y,
                              0.5 * f->diameter * ratio) > STANDS_OUT;
  here = contrast (&m->visit[which], f->klass, f->x, f->y, 0.5 * f->diameter);
  there = contrast (&m->visit[other], f->klass, x, y,
                    0.5 * f->diameter * ratio);
  return here > 0.0 && there > REMAINS * here;
}

/* Whether both visits together are as sure of finding i as one must be: with
 * its partner, or with nothing but a place that stands out.  As small as
 * ice-picks are, any pore does. */
static gboolean
both_are_sure (const Matcher *m,
               gint           which,
               guint          i)
{
  const gint    k = m->partner[which][i];
  const gdouble there = k >= 0
                            ? finding_at (m, 1 - which, (guint) k)->confidence
                            : REMAINS_SURE;

  if (k < 0 && finding_at (m, which, i)->klass == POCKMARK_ICE_PICK)
    return FALSE;
  return 0.5 * (finding_at (m, which, i)->confidence + there) >= m->least;
}

static PockmarkChange
change_of (const Matcher *m,
           gint           which,
           guint          i)
{
  const PockmarkFinding *f = finding_at (m, which, i);
  const gint             other = 1 - which;
  const gint             k = m->partner[which][i];
  PockmarkChange         change = { .klass = f->klass };
  const gfloat trust = across (m, which, f->x, f->y, &change.x[other],
                               &change.y[other]);

  change.x[which] = f->x;
  change.y[which] = f->y;
  change.number[which] = i + 1;
  change.diameter_mm = f->diameter / m->visit[which].scale;
  if (k >= 0)
    {
      const PockmarkFinding *g = finding_at (m, other, (guint) k);

      change.fate = both_are_sure (m, which, i) ? POCKMARK_FATE_PERSISTING
                                                : POCKMARK_FATE_UNKNOWN;
      change.number[other] = (guint) k + 1;
      change.x[other] = g->x;
      change.y[other] = g->y;
      if (g->confidence > f->confidence)
        change.klass = g->klass;
    }
  else if (trust < POCKMARK_ALIGNMENT_TRUST)
    change.fate = POCKMARK_FATE_UNKNOWN;
  else if (remains (m, which, f, change.x[other], change.y[other]))
    change.fate = both_are_sure (m, which, i) ? POCKMARK_FATE_PERSISTING
                                              : POCKMARK_FATE_UNKNOWN;
  else
    change.fate = which ? POCKMARK_FATE_NEW : POCKMARK_FATE_RESOLVED;
  return change;
}

static gint
by_fate_and_place (gconstpointer a,
                   gconstpointer b)
{
  const PockmarkChange *p = a, *q = b;

  if (p->fate != q->fate)
    return p->fate < q->fate ? -1 : 1;
  if (p->y[1] != q->y[1])
    return p->y[1] < q->y[1] ? -1 : 1;
  return (p->x[1] > q->x[1]) - (p->x[1] < q->x[1]);
}

GArray *
pockmark_fates_find (const PockmarkAlignment *alignment,
                     const PockmarkVisit      visit[2],
                     PockmarkDetection *const detection[2],
                     gdouble                  least,
                     gboolean                *keep[2])
{
  Matcher m = { .alignment = alignment, .visit = visit, .least = least,
                .keep = keep };
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (PockmarkChange));
  gint    which;
  guint   i;

  for (which = 0; which < 2; which++)
    {
      m.findings[which] = pockmark_detection_findings (detection[which]);
      m.partner[which] = g_new (gint, m.findings[which]->len + 1);
      for (i = 0; i < m.findings[which]->len; i++)
        m.partner[which][i] = -1;
    }
  /* Clear ones among themselves first, then with doubtful ones. */
  pair_up (&m, 1, least);
  pair_up (&m, 1, 0.0);
  pair_up (&m, 0, 0.0);
  for (which = 1; which >= 0; which--)
    for (i = 0; i < m.findings[which]->len; i++)
      {
        const gint k = m.partner[which][i];

        keep[which][i]
            = finding_at (&m, which, i)->confidence >= least || k >= 0;
        if (keep[which][i] && (which == 1 || k < 0))
          {
            PockmarkChange change = change_of (&m, which, i);

            g_array_append_val (changes, change);
          }
      }
  g_array_sort (changes, by_fate_and_place);
  g_free (m.partner[0]);
  g_free (m.partner[1]);
  return changes;
}

/* ---- Changes ------------------------------------------------------------ */

static void
measure_change (PockmarkChange       *change,
                const PockmarkLesion *before,
                const PockmarkLesion *after,
                gdouble               scale,
                gdouble               pixels_per_mm)
{
  /* Both in pixels of the later photograph, then in mm where they are known. */
  const gdouble unit = pixels_per_mm > 0.0 ? 1.0 / pixels_per_mm : 1.0;
  const gdouble value[2][POCKMARK_N_CHANGES] = {
    { 2.0 * sqrt (before->area / G_PI) / scale * unit,
      before->area / (scale * scale) * unit * unit, before->hemoglobin,
      before->relief },
    { 2.0 * sqrt (after->area / G_PI) * unit, after->area * unit * unit,
      after->hemoglobin, after->relief }
  };
  gint k;

  for (k = 0; k < POCKMARK_N_CHANGES; k++)
    {
      const gdouble size = MAX (fabs (value[0][k]), fabs (value[1][k]));
      gdouble       fixed = repeatability[k].fixed;

      /* Without a scale the fixed part of sizes is unknown. */
      if (pixels_per_mm <= 0.0 && k <= POCKMARK_CHANGE_AREA)
        fixed = 0.0;
      change->change[k] = value[1][k] - value[0][k];
      change->size[k] = size;
      change->significant[k]
          = fabs (change->change[k])
            > SIGNIFICANT * hypot (fixed, repeatability[k].share * size);
    }
  change->faded = change->klass == POCKMARK_RED_MARK
                  && change->significant[POCKMARK_CHANGE_HEMOGLOBIN]
                  && change->change[POCKMARK_CHANGE_HEMOGLOBIN] < 0.0;
}

void
pockmark_fates_measure (GArray                  *changes,
                        const PockmarkAlignment *alignment,
                        GArray *const            lesions[2],
                        gdouble                  pixels_per_mm)
{
  const gdouble scale = pockmark_alignment_scale (alignment);
  guint         i;
  gint          k;

  for (i = 0; i < changes->len; i++)
    {
      PockmarkChange *c = &g_array_index (changes, PockmarkChange, i);

      if (c->number[0] > 0 && c->number[1] > 0)
        measure_change (c,
                        &g_array_index (lesions[0], PockmarkLesion,
                                        c->number[0] - 1),
                        &g_array_index (lesions[1], PockmarkLesion,
                                        c->number[1] - 1),
                        scale, pixels_per_mm);
      else
        for (k = 0; k < POCKMARK_N_CHANGES; k++)
          c->change[k] = NAN;
    }
}
