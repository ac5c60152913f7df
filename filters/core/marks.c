/* Pockmark: the lesion map as runs of pixels
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include <glib/gi18n-lib.h>

#include "outline.h"
#include "pockmark-stages.h"

/* Read at a time, in pixels; whole rows. */
#define STRIP_PIXELS (1 << 17)

PockmarkMarks *
pockmark_marks_new (void)
{
  PockmarkMarks *marks = g_new0 (PockmarkMarks, 1);

  marks->marks = g_array_new (FALSE, FALSE, sizeof (PockmarkMark));
  marks->runs = g_array_new (FALSE, FALSE, sizeof (PockmarkMarkRun));
  marks->next = 1;
  return marks;
}

void
pockmark_marks_free (PockmarkMarks *marks)
{
  if (! marks)
    return;
  g_array_unref (marks->marks);
  g_array_unref (marks->runs);
  g_free (marks);
}

/* ---- From a map --------------------------------------------------------- */

/* The index of the number's mark, made from its pixel where there is none. */
static gboolean
find_mark (PockmarkMarks *marks,
           GHashTable    *lookup,
           guint          number,
           const gfloat  *pixel,
           guint         *index,
           GError       **error)
{
  gpointer     found = g_hash_table_lookup (lookup, GUINT_TO_POINTER (number));
  PockmarkMark mark = { number, (PockmarkClass) pixel[1],
                        pockmark_map_confidence (pixel), FALSE };

  if (! found)
    {
      if (! pockmark_array_room (marks->marks, 1, error))
        return FALSE;
      g_array_append_val (marks->marks, mark);
      found = GUINT_TO_POINTER (marks->marks->len);
      g_hash_table_insert (lookup, GUINT_TO_POINTER (number), found);
      marks->next = MAX (marks->next, number + 1);
    }
  *index = GPOINTER_TO_UINT (found) - 1;
  return TRUE;
}

static gboolean
collect_row (PockmarkMarks *marks,
             GHashTable    *lookup,
             const gfloat  *row,
             gint           width,
             gint           y,
             GError       **error)
{
  gint x = 0;

  while (x < width)
    {
      const gfloat   *pixel = row + (gsize) x * 4;
      const guint     number = pockmark_map_number (pixel);
      PockmarkMarkRun run = { y, x, x, 0, 0 };

      if (number == 0)
        {
          x++;
          continue;
        }
      while (x < width && pockmark_map_number (row + (gsize) x * 4) == number)
        x++;
      run.x1 = x;
      if (! find_mark (marks, lookup, number, pixel, &run.mark, error)
          || ! pockmark_array_room (marks->runs, 1, error))
        return FALSE;
      g_array_append_val (marks->runs, run);
    }
  return TRUE;
}

static gint
by_number (gconstpointer a,
           gconstpointer b)
{
  const guint first = ((const PockmarkMark *) a)->number;
  const guint second = ((const PockmarkMark *) b)->number;

  return (first > second) - (first < second);
}

/* Sorts the marks by number; the runs follow. */
static gboolean
sort_marks (PockmarkMarks *marks,
            GHashTable    *lookup,
            GError       **error)
{
  const guint       n = marks->marks->len;
  g_autofree guint *place = g_try_new (guint, (gsize) n + 1);
  guint             i;

  if (! place)
    return pockmark_memory_error (error);
  g_array_sort (marks->marks, by_number);
  for (i = 0; i < n; i++)
    {
      const guint    number = g_array_index (marks->marks, PockmarkMark, i).number;
      const gpointer was = g_hash_table_lookup (lookup,
                                                GUINT_TO_POINTER (number));

      place[GPOINTER_TO_UINT (was) - 1] = i;
    }
  for (i = 0; i < marks->runs->len; i++)
    {
      PockmarkMarkRun *run = &g_array_index (marks->runs, PockmarkMarkRun, i);

      run->mark = place[run->mark];
    }
  return TRUE;
}

static gboolean
collect_strip (PockmarkMarks      *marks,
               GHashTable         *lookup,
               const gfloat       *pixels,
               const PockmarkRect *strip,
               GError            **error)
{
  gint y;

  for (y = 0; y < strip->height; y++)
    {
      const gfloat *row = pixels + (gsize) y * strip->width * 4;

      if (pockmark_map_any (row, strip->width)
          && ! collect_row (marks, lookup, row, strip->width, strip->y + y,
                            error))
        return FALSE;
    }
  if (marks->marks->len <= POCKMARK_MAX_MARKS
      && marks->runs->len <= POCKMARK_MAX_MARK_RUNS)
    return TRUE;

  g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER,
               _("This picture has more than %d numbers in it and is not a "
                 "lesion map."), POCKMARK_MAX_MARKS);
  return FALSE;
}

PockmarkMarks *
pockmark_marks_from_map (const PockmarkSource *map,
                         GError              **error)
{
  const gint height = CLAMP (STRIP_PIXELS / map->width, 1, map->height);
  g_autoptr (PockmarkMarks) marks = pockmark_marks_new ();
  g_autoptr (GHashTable) lookup = g_hash_table_new (NULL, NULL);
  g_autofree gfloat *pixels
      = g_try_malloc_n ((gsize) height * map->width, 4 * sizeof (gfloat));
  PockmarkRect strip = { 0, 0, map->width, 0 };

  if (! pixels)
    {
      pockmark_memory_error (error);
      return NULL;
    }
  for (; strip.y < map->height; strip.y += height)
    {
      strip.height = MIN (height, map->height - strip.y);
      if (! map->read (&strip, pixels, map->user_data, error)
          || ! collect_strip (marks, lookup, pixels, &strip, error))
        return NULL;
    }
  return sort_marks (marks, lookup, error) ? g_steal_pointer (&marks) : NULL;
}

void
pockmark_marks_restrict (PockmarkMarks  *marks,
                         const gboolean *sought)
{
  guint i, n = 0, n_runs = 0;

  for (i = 0; i < marks->marks->len; i++)
    {
      PockmarkMark *mark = &g_array_index (marks->marks, PockmarkMark, i);

      mark->number = sought[mark->klass] ? ++n : 0;
    }
  marks->next = n + 1;

  for (i = 0; i < marks->runs->len; i++)
    {
      PockmarkMarkRun run = g_array_index (marks->runs, PockmarkMarkRun, i);
      const guint     number
          = g_array_index (marks->marks, PockmarkMark, run.mark).number;

      run.mark = number - 1;
      if (number > 0)
        g_array_index (marks->runs, PockmarkMarkRun, n_runs++) = run;
    }
  g_array_set_size (marks->runs, n_runs);

  for (i = n = 0; i < marks->marks->len; i++)
    {
      const PockmarkMark mark = g_array_index (marks->marks, PockmarkMark, i);

      if (mark.number > 0)
        g_array_index (marks->marks, PockmarkMark, n++) = mark;
    }
  g_array_set_size (marks->marks, n);
}

/* ---- Back to a map ------------------------------------------------------ */

/* The first run of row y or below. */
static guint
first_run (const PockmarkMarks *marks,
           gint                 y)
{
  guint low = 0;
  guint high = marks->runs->len;

  while (low < high)
    {
      const guint middle = low + (high - low) / 2;

      if (g_array_index (marks->runs, PockmarkMarkRun, middle).y < y)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

void
pockmark_marks_render (const PockmarkMarks *marks,
                       const PockmarkRect  *rect,
                       gfloat              *pixels,
                       gsize                rowstride)
{
  guint i;
  gint  x;

  pockmark_map_clear (rect, pixels, rowstride);
  for (i = first_run (marks, rect->y); i < marks->runs->len; i++)
    {
      const PockmarkMarkRun *run
          = &g_array_index (marks->runs, PockmarkMarkRun, i);
      const PockmarkMark *mark
          = &g_array_index (marks->marks, PockmarkMark, run->mark);
      gfloat *row = pixels + (gsize) (run->y - rect->y) * rowstride;

      if (run->y >= rect->y + rect->height)
        break;
      for (x = MAX (run->x0, rect->x); x < MIN (run->x1, rect->x + rect->width);
           x++)
        {
          gfloat *pixel = row + (gsize) (x - rect->x) * 4;

          pixel[0] = (gfloat) mark->number;
          pixel[1] = (gfloat) mark->klass;
          pixel[2] = mark->confidence;
        }
    }
}

GArray *
pockmark_marks_boxes (const PockmarkMarks *marks)
{
  GArray *boxes = g_array_new (FALSE, TRUE, sizeof (PockmarkRect));
  guint   i;

  g_array_set_size (boxes, marks->marks->len);
  for (i = 0; i < marks->runs->len; i++)
    {
      const PockmarkMarkRun *run
          = &g_array_index (marks->runs, PockmarkMarkRun, i);
      PockmarkRect *box = &g_array_index (boxes, PockmarkRect, run->mark);
      const gint    x1 = MAX (box->x + box->width, run->x1);

      if (box->width == 0)
        {
          *box = (PockmarkRect) { run->x0, run->y, run->x1 - run->x0, 1 };
          continue;
        }
      box->x = MIN (box->x, run->x0);
      box->width = x1 - box->x;
      box->height = run->y + 1 - box->y;
    }
  return boxes;
}
