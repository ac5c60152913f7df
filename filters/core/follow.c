/* Pockmark: what a user has made of the lesions
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The masks are walked once and cut into segments: pixels of one row, of one
 * class, which either were of one lesion of that class before ("kept") or were
 * not ("added").  All else is done on segments, in three union-finds:
 *
 *   pieces   kept segments of one lesion that touch, and added ones that do
 *   touching pieces that touch, whichever lesion they are of: what was one
 *            region before, though several lesions
 *   whole    pieces that are one lesion now
 *
 * An added region joins, out of everything touching that it meets, the one
 * piece that it meets along the longest border: so it makes one of what was
 * apart, but not of lesions that lay side by side before.
 */

#include <math.h>

#include <glib/gi18n-lib.h>

#include "pockmark-stages.h"

#define STRIP_PIXELS (1 << 17)
#define HALF         0.5f
#define NO_MARK      G_MAXUINT

/* Masks looked at together where nothing is to be expected. */
#define STRIDE 64

typedef struct
{
  gint          y;
  gint          x0;
  gint          x1;
  PockmarkClass klass;
  guint         kept;  /* the mark whose pixels these still are, or NO_MARK  */
  guint         under; /* added: the mark whose pixels these were, likewise  */
  guint         also;  /* as in PockmarkMarkRun                              */
  gboolean      told;  /* a mask says so                                     */
} Segment;

/* What becomes of one mark's pixels. */
typedef struct
{
  gsize    pixels;      /* before, within the picture                        */
  gsize    told;        /* of these, where a mask tells                      */
  gsize    kept;
  gsize    kept_told;
  guint    first;       /* of its segments, NO_MARK: none                    */
  gboolean gained;
} Fate;

/* Border that an added region shares with a piece, both by their roots. */
typedef struct
{
  guint region;
  guint cluster; /* of touching pieces */
  guint piece;
  gint  length;
} Contact;

/* A lesion of the answer. */
typedef struct
{
  guint    first;  /* of its segments */
  gsize    pixels;
  guint    mark;   /* whose number it keeps, NO_MARK: a new one */
  gboolean moved;  /* to that mark's number, from another class */
} Region;

/* Pixels that a region has from a mark. */
typedef struct
{
  guint    region;
  guint    mark;
  gboolean added; /* under the added pixels, not kept */
  gsize    pixels;
} Share;

typedef struct
{
  const PockmarkMarks *before;
  GArray              *segments; /* of Segment, by row, then left to right */
  Fate                *fates;    /* of each mark                            */
  guint               *pieces;   /* union-finds over the segments           */
  guint               *touching;
  guint               *whole;
  guint               *region;   /* of each segment, index into regions     */
  GArray              *regions;  /* of Region                               */
  GArray              *contacts; /* of Contact; NULL: no memory for them    */
} Following;

/* ---- Cutting the masks into segments ------------------------------------- */

static const Segment *
segment_at (const Following *following,
            guint            i)
{
  return &g_array_index (following->segments, Segment, i);
}

static const PockmarkMark *
mark_at (const Following *following,
         guint            i)
{
  return &g_array_index (following->before->marks, PockmarkMark, i);
}

/* The class among the given ones that covers most. */
static PockmarkClass
best_class (const gfloat *coverage,
            guint         classes)
{
  gint best = POCKMARK_NONE;
  gint klass;

  for (klass = POCKMARK_NONE + 1; klass < POCKMARK_N_CLASSES; klass++)
    if ((classes & (1u << klass)) != 0
        && (best == POCKMARK_NONE || coverage[klass - 1] > coverage[best - 1]))
      best = klass;
  return (PockmarkClass) best;
}

/* was: the class before; *also: which masks covered it besides, and do now. */
static PockmarkClass
pixel_class (const gfloat *coverage,
             PockmarkClass was,
             guint        *also)
{
  const guint   before = *also | (1u << was);
  guint         covers = 0;
  PockmarkClass klass = was;
  gint          i;

  if (isnan (coverage[0]))
    return was;
  for (i = POCKMARK_NONE + 1; i < POCKMARK_N_CLASSES; i++)
    if (coverage[i - 1] > HALF)
      covers |= 1u << i;
  if ((covers & ~before) != 0)
    klass = best_class (coverage, covers & ~before);
  else if ((covers & (1u << was)) == 0)
    klass = best_class (coverage, covers);
  *also = covers & ~(1u << klass);
  return klass;
}

/* Whether any of n masks' values is above one half; not for NAN. */
static gboolean
any_covered (const gfloat *coverage,
             gint          n)
{
  gint any = 0;
  gint i;

  for (i = 0; i < n; i++)
    any |= coverage[i] > HALF;
  return any;
}

static gboolean
add_pixel (Following    *following,
           gint          x,
           gint          y,
           const gfloat *coverage,
           guint         mark,
           guint         also,
           GError      **error)
{
  const PockmarkClass was
      = mark == NO_MARK ? POCKMARK_NONE : mark_at (following, mark)->klass;
  const PockmarkClass klass = pixel_class (coverage, was, &also);
  const gboolean      kept = klass == was;
  GArray             *segments = following->segments;
  Segment             segment = { y, x, x + 1, klass, kept ? mark : NO_MARK,
                                  kept ? NO_MARK : mark, also,
                                  ! isnan (*coverage) };
  Segment            *last = NULL;

  if (mark != NO_MARK)
    {
      Fate *fate = &following->fates[mark];

      fate->pixels++;
      fate->told += segment.told;
      fate->kept += kept;
      fate->kept_told += kept && segment.told;
    }
  if (klass == POCKMARK_NONE)
    return TRUE;
  if (segments->len > 0)
    last = &g_array_index (segments, Segment, segments->len - 1);
  if (last && last->y == y && last->x1 == x && last->klass == klass
      && last->kept == segment.kept && last->under == segment.under
      && last->also == also && last->told == segment.told)
    last->x1++;
  else if (! pockmark_array_room (segments, 1, error))
    return FALSE;
  else
    g_array_append_val (segments, segment);
  return TRUE;
}

/* *run: the first run of this row or below; moved on to the next row's. */
static gboolean
cut_row (Following    *following,
         const gfloat *coverage,
         gint          width,
         gint          y,
         guint        *run,
         GError      **error)
{
  const GArray          *runs = following->before->runs;
  const PockmarkMarkRun *next;
  gint                   x = 0;

  while (TRUE)
    {
      next = *run < runs->len ? &g_array_index (runs, PockmarkMarkRun, *run)
                              : NULL;
      if (next && next->y > y)
        next = NULL;
      while (x < (next ? MIN (next->x0, width) : width))
        {
          const gint end = MIN (x + STRIDE, next ? MIN (next->x0, width)
                                                 : width);

          if (any_covered (coverage + 4 * (gsize) x, 4 * (end - x)))
            for (; x < end; x++)
              if (! add_pixel (following, x, y, coverage + 4 * (gsize) x,
                               NO_MARK, 0, error))
                return FALSE;
          x = end;
        }
      if (! next)
        return TRUE;
      for (x = MAX (x, next->x0); x < MIN (next->x1, width); x++)
        if (! add_pixel (following, x, y, coverage + 4 * (gsize) x, next->mark,
                         next->also, error))
          return FALSE;
      (*run)++;
    }
}

static gboolean
cut (Following            *following,
     const PockmarkSource *coverage,
     gfloat               *pixels,
     gint                  strip,
     const PockmarkHost   *host,
     GError              **error)
{
  const GArray *runs = following->before->runs;
  PockmarkRect  rect = { 0, 0, coverage->width, 0 };
  guint         run = 0;
  gint          y;

  while (run < runs->len && g_array_index (runs, PockmarkMarkRun, run).y < 0)
    run++;
  for (; rect.y < coverage->height; rect.y += strip)
    {
      rect.height = MIN (strip, coverage->height - rect.y);
      if (! pockmark_host_progress (host, (gdouble) rect.y / coverage->height,
                                    error)
          || ! coverage->read (&rect, pixels, coverage->user_data, error))
        return FALSE;
      for (y = 0; y < rect.height; y++)
        if (! cut_row (following, pixels + 4 * (gsize) y * rect.width,
                       rect.width, rect.y + y, &run, error))
          return FALSE;
      if (following->segments->len > POCKMARK_MAX_MARK_RUNS)
        {
          g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER,
                               _("The masks of the classes are too ragged to "
                                 "be lesions."));
          return FALSE;
        }
    }
  return TRUE;
}

/* Where no mask tells, a lesion stays only as long as it has not been taken
 * out everywhere else. */
static void
drop_untold (Following *following)
{
  GArray *segments = following->segments;
  guint   i, kept = 0;

  for (i = 0; i < segments->len; i++)
    {
      const Segment segment = *segment_at (following, i);

      if (segment.kept != NO_MARK)
        {
          Fate *fate = &following->fates[segment.kept];

          if (fate->told > 0 && fate->kept_told == 0)
            continue;
          if (fate->first == NO_MARK)
            fate->first = kept;
        }
      g_array_index (segments, Segment, kept++) = segment;
    }
  g_array_set_size (segments, kept);
}

/* ---- Which segments are one lesion ---------------------------------------- */

typedef void (*Meeting) (Following *following,
                         guint      a,
                         guint      b,
                         gint       length,
                         gpointer   data);

/* Calls meet for all segments of one class that touch, with the length of
 * their border: 2 for each side of a pixel, 1 for a corner alone. */
static void
each_meeting (Following *following,
              Meeting    meet,
              gpointer   data)
{
  const guint n = following->segments->len;
  guint       i, j, above = 0;

  for (i = 0; i < n; i++)
    {
      const Segment *s = segment_at (following, i);
      const Segment *t = i > 0 ? segment_at (following, i - 1) : NULL;

      if (t && t->y == s->y && t->x1 == s->x0 && t->klass == s->klass)
        meet (following, i - 1, i, 2, data);
      while (above < i
             && (segment_at (following, above)->y < s->y - 1
                 || (segment_at (following, above)->y == s->y - 1
                     && segment_at (following, above)->x1 < s->x0)))
        above++;
      for (j = above; j < i; j++)
        {
          t = segment_at (following, j);
          if (t->y != s->y - 1 || t->x0 > s->x1)
            break;
          if (t->klass == s->klass)
            meet (following, j, i,
                  MAX (2 * (MIN (s->x1, t->x1) - MAX (s->x0, t->x0)), 1),
                  data);
        }
    }
}

static void
join_pieces (Following *following,
             guint      a,
             guint      b,
             gint       length G_GNUC_UNUSED,
             gpointer   data G_GNUC_UNUSED)
{
  const Segment *s = segment_at (following, a);
  const Segment *t = segment_at (following, b);

  if (s->kept == t->kept)
    pockmark_sets_join (following->pieces, a, b);
  if (s->kept != NO_MARK && t->kept != NO_MARK)
    pockmark_sets_join (following->touching, a, b);
}

static void
note_contact (Following *following,
              guint      a,
              guint      b,
              gint       length,
              gpointer   data G_GNUC_UNUSED)
{
  const guint region = segment_at (following, a)->kept == NO_MARK ? a : b;
  const guint piece = region == a ? b : a;
  Contact     contact = { 0, 0, 0, length };

  if (! following->contacts
      || (segment_at (following, a)->kept == NO_MARK)
             == (segment_at (following, b)->kept == NO_MARK))
    return;
  contact.region = pockmark_sets_root (following->pieces, region);
  contact.piece = pockmark_sets_root (following->pieces, piece);
  contact.cluster = pockmark_sets_root (following->touching, piece);
  if (pockmark_array_room (following->contacts, 1, NULL))
    g_array_append_val (following->contacts, contact);
  else
    g_clear_pointer (&following->contacts, g_array_unref);
}

static gint
compare (gsize a,
         gsize b)
{
  return (a > b) - (a < b);
}

static gint
by_region (gconstpointer a,
           gconstpointer b)
{
  const Contact *p = a;
  const Contact *q = b;

  if (p->region != q->region)
    return compare (p->region, q->region);
  if (p->cluster != q->cluster)
    return compare (p->cluster, q->cluster);
  return compare (p->piece, q->piece);
}

static void
join_best (Following     *following,
           const Contact *best)
{
  pockmark_sets_join (following->whole, best->region, best->piece);
  following->fates[segment_at (following, best->piece)->kept].gained = TRUE;
}

/* Joins each added region with the best piece of each cluster that it meets. */
static gboolean
join_added (Following *following,
            GError   **error)
{
  GArray *contacts;
  Contact best = { 0 };
  guint   i = 0;

  following->contacts = g_array_new (FALSE, FALSE, sizeof (Contact));
  each_meeting (following, note_contact, NULL);
  contacts = following->contacts;
  if (! contacts)
    return pockmark_memory_error (error);
  g_array_sort (contacts, by_region);
  while (i < contacts->len)
    {
      Contact sum = g_array_index (contacts, Contact, i++);

      while (i < contacts->len
             && by_region (&sum, &g_array_index (contacts, Contact, i)) == 0)
        sum.length += g_array_index (contacts, Contact, i++).length;
      if (best.length > 0
          && (sum.region != best.region || sum.cluster != best.cluster))
        {
          join_best (following, &best);
          best.length = 0;
        }
      if (sum.length > best.length)
        best = sum;
    }
  if (best.length > 0)
    join_best (following, &best);
  return TRUE;
}

static gboolean
join_segments (Following *following,
               GError   **error)
{
  const guint n = following->segments->len;
  guint      *space = g_try_malloc_n (n + 1, 4 * sizeof (guint));
  guint       i;

  if (! space)
    return pockmark_memory_error (error);
  following->pieces = space;
  following->touching = space + n;
  following->whole = space + 2 * (gsize) n;
  following->region = space + 3 * (gsize) n;
  for (i = 0; i < n; i++)
    following->pieces[i] = following->touching[i] = i;
  each_meeting (following, join_pieces, NULL);
  for (i = 0; i < n; i++)
    following->whole[i] = pockmark_sets_root (following->pieces, i);
  /* Pieces of one lesion that were apart before have not been cut. */
  for (i = 0; i < n; i++)
    {
      const guint kept = segment_at (following, i)->kept;

      if (kept != NO_MARK
          && following->fates[kept].kept == following->fates[kept].pixels)
        pockmark_sets_join (following->whole, i, following->fates[kept].first);
    }
  return join_added (following, error);
}

/* ---- Numbers -------------------------------------------------------------- */

/* One region for each root, in reading order. */
static gboolean
number_regions (Following *following,
                GError   **error)
{
  guint i;

  for (i = 0; i < following->segments->len; i++)
    {
      const Segment *segment = segment_at (following, i);
      const guint    root = pockmark_sets_root (following->whole, i);
      Region         region = { i, 0, NO_MARK, FALSE };

      if (root == i)
        {
          if (! pockmark_array_room (following->regions, 1, error))
            return FALSE;
          following->region[i] = following->regions->len;
          g_array_append_val (following->regions, region);
        }
      /* A root comes before all that it is the root of. */
      following->region[i] = following->region[root];
      g_array_index (following->regions, Region, following->region[i]).pixels
          += (gsize) (segment->x1 - segment->x0);
    }
  if (following->regions->len <= POCKMARK_MAX_MARKS)
    return TRUE;

  g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER,
               _("The masks of the classes have more than %d regions: more "
                 "than any skin has lesions."), POCKMARK_MAX_MARKS);
  return FALSE;
}

static gint
by_owner (gconstpointer a,
          gconstpointer b)
{
  const Share *p = a;
  const Share *q = b;

  if (p->added != q->added)
    return p->added ? 1 : -1;
  if (p->region != q->region)
    return compare (p->region, q->region);
  return compare (p->mark, q->mark);
}

static gint
by_claim (gconstpointer a,
          gconstpointer b)
{
  const Share *p = a;
  const Share *q = b;

  if (p->added != q->added)
    return p->added ? 1 : -1;
  if (p->pixels != q->pixels)
    return compare (q->pixels, p->pixels);
  return by_owner (a, b);
}

/* How much each region has of each mark, the best claims first. */
static GArray *
collect_shares (const Following *following,
                GError         **error)
{
  g_autoptr (GArray) shares = g_array_new (FALSE, FALSE, sizeof (Share));
  guint i, n = 0;

  for (i = 0; i < following->segments->len; i++)
    {
      const Segment *s = segment_at (following, i);
      const Share    share = { following->region[i],
                               s->kept != NO_MARK ? s->kept : s->under,
                               s->kept == NO_MARK, (gsize) (s->x1 - s->x0) };

      if (share.mark == NO_MARK)
        continue;
      if (! pockmark_array_room (shares, 1, error))
        return NULL;
      g_array_append_val (shares, share);
    }
  g_array_sort (shares, by_owner);
  for (i = 0; i < shares->len; i++)
    {
      const Share share = g_array_index (shares, Share, i);
      Share      *last = &g_array_index (shares, Share, n > 0 ? n - 1 : 0);

      if (n > 0 && by_owner (last, &share) == 0)
        last->pixels += share.pixels;
      else
        g_array_index (shares, Share, n++) = share;
    }
  g_array_set_size (shares, n);
  g_array_sort (shares, by_claim);
  return g_steal_pointer (&shares);
}

/* Gives each number to the region with the best claim.  A region of added
 * pixels has one where it is most of a lesion that is gone, or most of it
 * was. */
static gboolean
settle_claims (Following *following,
               GError   **error)
{
  g_autoptr (GArray) shares = collect_shares (following, error);
  g_autofree gboolean *taken
      = g_try_new0 (gboolean, (gsize) following->before->marks->len + 1);
  guint i;

  if (! shares)
    return FALSE;
  if (! taken)
    return pockmark_memory_error (error);
  for (i = 0; i < shares->len; i++)
    {
      const Share *share = &g_array_index (shares, Share, i);
      const Fate  *fate = &following->fates[share->mark];
      Region      *region = &g_array_index (following->regions, Region,
                                            share->region);

      if (region->mark != NO_MARK || taken[share->mark])
        continue;
      if (share->added
          && (fate->first != NO_MARK
              || (2 * share->pixels < region->pixels
                  && 2 * share->pixels < fate->pixels)))
        continue;
      region->mark = share->mark;
      region->moved = share->added;
      taken[share->mark] = TRUE;
    }
  return TRUE;
}

static PockmarkMark
describe (const Following *following,
          const Region    *region,
          guint           *next)
{
  PockmarkMark mark = { 0, segment_at (following, region->first)->klass, 1.0f,
                        TRUE };

  if (region->mark != NO_MARK)
    {
      const PockmarkMark *was = mark_at (following, region->mark);
      const Fate         *fate = &following->fates[region->mark];

      mark.number = was->number;
      if (! region->moved)
        mark.confidence = was->confidence;
      if (! region->moved && ! fate->gained && fate->kept == fate->pixels
          && region->pixels == fate->pixels)
        mark.edited = was->edited;
    }
  else
    mark.number = (*next)++;
  return mark;
}

typedef struct
{
  PockmarkMark mark;
  guint        region;
} Numbered;

static gint
by_number (gconstpointer a,
           gconstpointer b)
{
  return compare (((const Numbered *) a)->mark.number,
                  ((const Numbered *) b)->mark.number);
}

static PockmarkMarks *
conclude (Following *following,
          GError   **error)
{
  g_autoptr (PockmarkMarks) after = pockmark_marks_new ();
  const guint        n = following->regions->len;
  g_autofree guint  *place = g_try_new (guint, (gsize) n + 1);
  g_autoptr (GArray) numbered = g_array_new (FALSE, FALSE, sizeof (Numbered));
  guint              i;

  if (! place)
    {
      pockmark_memory_error (error);
      return NULL;
    }
  if (! pockmark_array_room (numbered, n, error)
      || ! pockmark_array_room (after->marks, n, error)
      || ! pockmark_array_room (after->runs, following->segments->len, error))
    return NULL;
  after->next = following->before->next;
  for (i = 0; i < n; i++)
    {
      Numbered entry = { { 0 }, i };

      entry.mark = describe (following,
                             &g_array_index (following->regions, Region, i),
                             &after->next);
      g_array_append_val (numbered, entry);
    }
  g_array_sort (numbered, by_number);
  for (i = 0; i < n; i++)
    {
      const Numbered *entry = &g_array_index (numbered, Numbered, i);

      place[entry->region] = i;
      g_array_append_val (after->marks, entry->mark);
    }
  for (i = 0; i < following->segments->len; i++)
    {
      const Segment        *s = segment_at (following, i);
      const PockmarkMarkRun run = { s->y, s->x0, s->x1,
                                    place[following->region[i]], s->also };
      PockmarkMarkRun      *last = NULL;

      if (after->runs->len > 0)
        last = &g_array_index (after->runs, PockmarkMarkRun,
                               after->runs->len - 1);
      if (last && last->y == run.y && last->x1 == run.x0
          && last->mark == run.mark && last->also == run.also)
        last->x1 = run.x1;
      else
        g_array_append_val (after->runs, run);
    }
  return g_steal_pointer (&after);
}

PockmarkMarks *
pockmark_marks_follow (const PockmarkMarks  *before,
                       const PockmarkSource *coverage,
                       const PockmarkHost   *host,
                       GError              **error)
{
  const gint strip = CLAMP (STRIP_PIXELS / coverage->width, 1,
                            coverage->height);
  Following  following = { .before = before };
  g_autofree gfloat *pixels
      = g_try_malloc_n ((gsize) strip * coverage->width, 4 * sizeof (gfloat));
  PockmarkMarks *after = NULL;
  guint          i;

  if (! pixels)
    {
      pockmark_memory_error (error);
      return NULL;
    }
  following.segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  following.regions = g_array_new (FALSE, FALSE, sizeof (Region));
  following.fates = g_try_new0 (Fate, (gsize) before->marks->len + 1);
  for (i = 0; following.fates && i < before->marks->len; i++)
    following.fates[i].first = NO_MARK;

  if (! following.fates)
    pockmark_memory_error (error);
  else if (cut (&following, coverage, pixels, strip, host, error))
    {
      drop_untold (&following);
      if (join_segments (&following, error)
          && number_regions (&following, error))
        {
          if (settle_claims (&following, error))
            after = conclude (&following, error);
        }
    }
  g_clear_pointer (&following.contacts, g_array_unref);
  g_array_unref (following.segments);
  g_array_unref (following.regions);
  g_free (following.fates);
  g_free (following.pieces);
  return after;
}
