/* The findings that an image keeps: the parasite "pockmark-lesions"
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "kept.h"

#define KEPT_NAME "pockmark-lesions"
#define KEPT_VERSION 1

/* Coordinates may be this far off the image. */
#define FAR (4 * POCKMARK_MAX_SIDE)

/* Anchors are kept to this part of a pixel, and so many of them. */
#define ANCHOR_STEPS 16.0
#define MAX_ANCHORS 65536

/* Anchors that lie farther from where they should, pixels, were moved by the
 * user; a smaller change of scale is none. */
#define ANCHOR_ERROR 0.5
#define SAME_SCALE 1e-4

/* How many times larger or smaller a remembered image may have become. */
#define MAX_SCALE 100.0

/* A lesion map tells numbers below this apart. */
#define MAX_NUMBER (1 << 24)

/* A class and, beside it, whether the lesion was edited. */
#define EDITED 8

/* ---- Lesions ------------------------------------------------------------ */

/* The runs of each mark: the first run's index by mark, the next one's by
 * run; the number of runs stands for none. */
static void
chain_runs (const PockmarkMarks *marks, guint *first, guint *count,
            guint *next)
{
  const guint n = marks->runs->len;

  for (guint i = 0; i < marks->marks->len; i++)
    first[i] = n;
  for (guint i = n; i-- > 0; )
    {
      guint mark = g_array_index (marks->runs, PockmarkMarkRun, i).mark;

      next[i] = first[mark];
      first[mark] = i;
      count[mark]++;
    }
}

static void
put_runs (GByteArray *packing, const PockmarkMarks *marks, guint run,
          const guint *next)
{
  PockmarkMarkRun last = { 0 };

  for (; run < marks->runs->len; run = next[run])
    {
      PockmarkMarkRun here = g_array_index (marks->runs, PockmarkMarkRun,
                                            run);

      packing_put_signed (packing, here.y - last.y);
      packing_put_signed (packing, here.x0 - last.x0);
      packing_put_signed (packing, (here.x1 - here.x0) - (last.x1 - last.x0));
      packing_put (packing, here.also);
      last = here;
    }
}

void
kept_put_marks (GByteArray *packing, const PockmarkMarks *marks)
{
  guint             n = marks->marks->len;
  g_autofree guint *first = g_new (guint, n + 1);
  g_autofree guint *count = g_new0 (guint, n + 1);
  g_autofree guint *next = g_new (guint, marks->runs->len + 1);
  guint             number = 0;

  chain_runs (marks, first, count, next);
  packing_put (packing, marks->next);
  packing_put (packing, n);
  for (guint i = 0; i < n; i++)
    {
      const PockmarkMark *mark = &g_array_index (marks->marks, PockmarkMark,
                                                 i);

      packing_put (packing, mark->number - number);
      packing_put (packing, mark->klass + (mark->edited ? EDITED : 0));
      packing_put_float (packing, mark->confidence);
      packing_put (packing, count[i]);
      put_runs (packing, marks, first[i], next);
      number = mark->number;
    }
}

static void
get_runs (Unpacking *unpacking, GArray *runs, guint mark)
{
  guint           n = unpacking_get (unpacking, 0, POCKMARK_MAX_MARK_RUNS);
  PockmarkMarkRun run = { 0, 0, 0, mark, 0 };

  while (n-- > 0 && !unpacking->failed && runs->len < POCKMARK_MAX_MARK_RUNS)
    {
      gint length = run.x1 - run.x0;

      run.y += unpacking_get_signed (unpacking, -FAR, FAR);
      run.x0 += unpacking_get_signed (unpacking, -FAR, FAR);
      length += unpacking_get_signed (unpacking, -FAR, FAR);
      run.x1 = run.x0 + length;
      run.also = unpacking_get (unpacking, 0, (1 << POCKMARK_N_CLASSES) - 1);
      if (ABS (run.y) > FAR || ABS (run.x0) > FAR || length < 1
          || length > FAR)
        unpacking->failed = TRUE;
      else
        g_array_append_val (runs, run);
    }
}

static gint
by_place (gconstpointer a, gconstpointer b)
{
  const PockmarkMarkRun *p = a;
  const PockmarkMarkRun *q = b;

  return p->y != q->y ? (p->y > q->y) - (p->y < q->y)
                      : (p->x0 > q->x0) - (p->x0 < q->x0);
}

static gboolean
overlap (const GArray *runs)
{
  for (guint i = 1; i < runs->len; i++)
    {
      const PockmarkMarkRun *a = &g_array_index (runs, PockmarkMarkRun, i - 1);
      const PockmarkMarkRun *b = &g_array_index (runs, PockmarkMarkRun, i);

      if (a->y == b->y && b->x0 < a->x1)
        return TRUE;
    }

  return FALSE;
}

PockmarkMarks *
kept_get_marks (Unpacking *unpacking)
{
  g_autoptr (PockmarkMarks) marks = pockmark_marks_new ();
  guint                     number = 0;
  guint                     n;

  marks->next = unpacking_get (unpacking, 1, MAX_NUMBER);
  n = unpacking_get (unpacking, 0, POCKMARK_MAX_MARKS);
  for (guint i = 0; i < n && !unpacking->failed; i++)
    {
      PockmarkMark mark = { 0 };
      guint        kind;

      number += unpacking_get (unpacking, 1, marks->next - number);
      kind = unpacking_get (unpacking, POCKMARK_NONE + 1,
                            EDITED + POCKMARK_N_CLASSES - 1);
      mark.number = number;
      mark.klass = kind % EDITED;
      mark.edited = kind >= EDITED;
      mark.confidence = unpacking_get_share (unpacking);
      if (mark.klass == POCKMARK_NONE || mark.klass >= POCKMARK_N_CLASSES
          || number >= marks->next)
        unpacking->failed = TRUE;
      g_array_append_val (marks->marks, mark);
      get_runs (unpacking, marks->runs, i);
    }
  g_array_sort (marks->runs, by_place);
  if (overlap (marks->runs))
    unpacking->failed = TRUE;

  return unpacking->failed ? NULL : g_steal_pointer (&marks);
}

/* ---- Region ------------------------------------------------------------- */

typedef struct
{
  guint8  value;
  guint64 count;
} Stretch;

static void
put_stretch (GByteArray *packing, const Stretch *stretch)
{
  if (stretch->count == 0)
    return;

  packing_put (packing, stretch->value);
  packing_put (packing, stretch->count);
}

static void
put_region (GByteArray *packing, GeglBuffer *region)
{
  gint               width;
  g_autofree guint8 *row = NULL;
  Stretch            stretch = { 0, 0 };

  packing_put (packing, region != NULL);
  if (region == NULL)
    return;

  width = gegl_buffer_get_width (region);
  row = g_new (guint8, width);
  for (gint y = 0; y < gegl_buffer_get_height (region); y++)
    {
      gegl_buffer_get (region, GEGL_RECTANGLE (0, y, width, 1), 1.0,
                       babl_format ("Y u8"), row, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      for (gint x = 0; x < width; x++)
        {
          if (row[x] != stretch.value)
            {
              put_stretch (packing, &stretch);
              stretch = (Stretch) { row[x], 0 };
            }
          stretch.count++;
        }
    }
  put_stretch (packing, &stretch);
}

static GeglBuffer *
get_region (Unpacking *unpacking, gint width, gint height)
{
  const GeglRectangle    extent = { 0, 0, width, height };
  guint64                all = (guint64) width * height;
  Stretch                stretch = { 0, 0 };
  g_autofree guint8     *row = NULL;
  g_autoptr (GeglBuffer) region = NULL;

  if (unpacking_get (unpacking, 0, 1) == 0)
    return NULL;

  row = g_new (guint8, width);
  region = gegl_buffer_new (&extent, babl_format ("Y u8"));
  for (gint y = 0; y < height && !unpacking->failed; y++)
    {
      for (gint x = 0; x < width && !unpacking->failed; x++)
        {
          if (stretch.count == 0)
            {
              stretch.value = unpacking_get (unpacking, 0, G_MAXUINT8);
              stretch.count = unpacking_get (unpacking, 1, all);
            }
          row[x] = stretch.value;
          stretch.count--;
        }
      gegl_buffer_set (region, GEGL_RECTANGLE (0, y, width, 1), 0,
                       babl_format ("Y u8"), row, GEGL_AUTO_ROWSTRIDE);
    }

  return g_steal_pointer (&region);
}

/* ---- Anchors ------------------------------------------------------------ */

static void
put_anchors (GByteArray *packing, const GArray *anchors)
{
  guint n = anchors->len <= MAX_ANCHORS ? anchors->len : 0;

  packing_put (packing, n);
  for (guint i = 0; i < n; i++)
    {
      const KeptAnchor *anchor = &g_array_index (anchors, KeptAnchor, i);

      packing_put_signed (packing, lrint (anchor->x * ANCHOR_STEPS));
      packing_put_signed (packing, lrint (anchor->y * ANCHOR_STEPS));
    }
}

static GArray *
get_anchors (Unpacking *unpacking)
{
  const gint64 far = (gint64) (FAR * ANCHOR_STEPS);
  GArray      *anchors = g_array_new (FALSE, FALSE, sizeof (KeptAnchor));
  guint        n = unpacking_get (unpacking, 0, MAX_ANCHORS);

  for (guint i = 0; i < n && !unpacking->failed; i++)
    {
      KeptAnchor anchor;

      anchor.x = unpacking_get_signed (unpacking, -far, far) / ANCHOR_STEPS;
      anchor.y = unpacking_get_signed (unpacking, -far, far) / ANCHOR_STEPS;
      g_array_append_val (anchors, anchor);
    }

  return anchors;
}

/* What was at v is at scale * v + shift now. */
typedef struct
{
  gdouble scale;
  gdouble shift;
} Axis;

/* The straight line through the pairs, by least squares; FALSE where they lie
 * on none, or all in one place. */
static gboolean
fit_axis (Axis *axis, const gdouble *then, const gdouble *now, guint n)
{
  gdouble mean_then = 0.0;
  gdouble mean_now = 0.0;
  gdouble product = 0.0;
  gdouble square = 0.0;

  for (guint i = 0; i < n; i++)
    {
      mean_then += then[i] / n;
      mean_now += now[i] / n;
    }
  for (guint i = 0; i < n; i++)
    {
      product += (then[i] - mean_then) * (now[i] - mean_now);
      square += (then[i] - mean_then) * (then[i] - mean_then);
    }
  if (!(square > 1.0))
    return FALSE;

  axis->scale = product / square;
  if (fabs (axis->scale - 1.0) < SAME_SCALE)
    axis->scale = 1.0;
  axis->shift = mean_now - axis->scale * mean_then;
  if (axis->scale == 1.0)
    axis->shift = round (axis->shift);
  for (guint i = 0; i < n; i++)
    if (fabs (axis->scale * then[i] + axis->shift - now[i]) > ANCHOR_ERROR)
      return FALSE;

  return TRUE;
}

/* Anything else is from a damaged record, and beyond what integers hold. */
static gboolean
is_possible (const Axis *axis)
{
  return axis->scale >= 1.0 / MAX_SCALE && axis->scale <= MAX_SCALE
         && fabs (axis->shift)
              <= MAX (axis->scale, 1.0) * FAR;
}

/* FALSE where nobody knows what has become of the image. */
static gboolean
find_axes (const Kept *kept, gint width, gint height, const GArray *anchors,
           Axis axes[2])
{
  guint               n = kept->anchors->len;
  g_autofree gdouble *values = g_new (gdouble, 4 * (gsize) n + 1);
  gboolean            same_size;

  same_size = width == kept->width && height == kept->height;
  axes[0] = axes[1] = (Axis) { 1.0, 0.0 };
  if (n < 2 || anchors->len != n)
    return same_size;

  for (guint i = 0; i < n; i++)
    {
      values[i] = g_array_index (kept->anchors, KeptAnchor, i).x;
      values[n + i] = g_array_index (anchors, KeptAnchor, i).x;
      values[2 * n + i] = g_array_index (kept->anchors, KeptAnchor, i).y;
      values[3 * n + i] = g_array_index (anchors, KeptAnchor, i).y;
    }
  if (fit_axis (&axes[0], values, values + n, n)
      && fit_axis (&axes[1], values + 2 * n, values + 3 * n, n))
    return is_possible (&axes[0]) && is_possible (&axes[1]);

  axes[0] = axes[1] = (Axis) { 1.0, 0.0 };
  return same_size;
}

/* Where the middle of pixel i, counted from origin, was; counted from
 * origin_then. */
static gint
source_of (const Axis *axis, gint i, gint origin, gint origin_then)
{
  return (gint) floor ((origin + i + 0.5 - axis->shift) / axis->scale)
         - origin_then;
}

/* The first pixel whose middle lies at or behind the edge v. */
static gint
edge_of (const Axis *axis, gint v, gint origin, gint origin_then)
{
  return (gint) ceil (axis->scale * (origin_then + v) + axis->shift - origin
                      - 0.5);
}

/* ---- Fitting to the image as it is --------------------------------------- */

static void
fit_runs (Kept *kept, const Axis axes[2], const GeglRectangle *extent)
{
  const GArray *old = kept->marks->runs;
  GArray       *runs = g_array_new (FALSE, FALSE, sizeof (PockmarkMarkRun));
  guint         first = 0;

  for (gint y = 0; y < extent->height; y++)
    {
      gint source = source_of (&axes[1], y, extent->y, kept->extent.y);

      while (first < old->len
             && g_array_index (old, PockmarkMarkRun, first).y < source)
        first++;
      for (guint i = first; i < old->len; i++)
        {
          PockmarkMarkRun run = g_array_index (old, PockmarkMarkRun, i);

          if (run.y != source)
            break;
          run.y = y;
          run.x0 = edge_of (&axes[0], run.x0, extent->x, kept->extent.x);
          run.x1 = edge_of (&axes[0], run.x1, extent->x, kept->extent.x);
          if (run.x0 < run.x1)
            g_array_append_val (runs, run);
        }
    }
  g_array_unref (kept->marks->runs);
  kept->marks->runs = runs;
}

static void
fit_region (Kept *kept, const Axis axes[2], const GeglRectangle *extent)
{
  const GeglRectangle to = { 0, 0, extent->width, extent->height };
  GeglBuffer         *region = gegl_buffer_new (&to, babl_format ("Y u8"));
  gint                width = kept->extent.width;
  g_autofree guint8  *from = g_new (guint8, width);
  g_autofree guint8  *row = g_new (guint8, extent->width);

  for (gint y = 0; y < extent->height; y++)
    {
      gint source = source_of (&axes[1], y, extent->y, kept->extent.y);

      gegl_buffer_get (kept->region, GEGL_RECTANGLE (0, source, width, 1),
                       1.0, babl_format ("Y u8"), from, GEGL_AUTO_ROWSTRIDE,
                       GEGL_ABYSS_NONE);
      for (gint x = 0; x < extent->width; x++)
        {
          gint i = source_of (&axes[0], x, extent->x, kept->extent.x);

          row[x] = i >= 0 && i < width ? from[i] : 0;
        }
      gegl_buffer_set (region, GEGL_RECTANGLE (0, y, extent->width, 1), 0,
                       babl_format ("Y u8"), row, GEGL_AUTO_ROWSTRIDE);
    }
  g_object_unref (kept->region);
  kept->region = region;
}

gboolean
kept_fit (Kept                *kept,
          gint                 image_width,
          gint                 image_height,
          const GeglRectangle *extent,
          const GArray        *anchors,
          GError             **error)
{
  Axis axes[2];

  if (!find_axes (kept, image_width, image_height, anchors, axes))
    {
      if (kept->region != NULL)
        {
          g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                       _("The image has been scaled, turned or cropped, and "
                         "nothing tells what has become of the selection "
                         "that was examined: select it again and run Detect "
                         "Pockmarks."));
          return FALSE;
        }
      g_array_set_size (kept->marks->runs, 0);
      g_array_set_size (kept->marks->marks, 0);
    }
  else if (!gegl_rectangle_equal (&kept->extent, extent)
           || axes[0].scale != 1.0 || axes[0].shift != 0.0
           || axes[1].scale != 1.0 || axes[1].shift != 0.0)
    {
      fit_runs (kept, axes, extent);
      if (kept->region != NULL)
        fit_region (kept, axes, extent);
    }
  kept->extent = *extent;

  return TRUE;
}

/* ---- The whole ---------------------------------------------------------- */

static Kept *
unpack (Unpacking *unpacking)
{
  g_autoptr (Kept) kept = g_new0 (Kept, 1);

  unpacking_get (unpacking, KEPT_VERSION, KEPT_VERSION);
  kept->width = unpacking_get (unpacking, 1, FAR);
  kept->height = unpacking_get (unpacking, 1, FAR);
  kept->extent.x = unpacking_get_signed (unpacking, -FAR, FAR);
  kept->extent.y = unpacking_get_signed (unpacking, -FAR, FAR);
  kept->extent.width = unpacking_get (unpacking, 1, POCKMARK_MAX_SIDE);
  kept->extent.height = unpacking_get (unpacking, 1, POCKMARK_MAX_SIDE);
  if ((gsize) kept->extent.width * kept->extent.height > POCKMARK_MAX_PIXELS)
    unpacking->failed = TRUE;
  kept->anchors = get_anchors (unpacking);
  kept->marks = kept_get_marks (unpacking);
  if (!unpacking->failed)
    kept->region = get_region (unpacking, kept->extent.width,
                               kept->extent.height);

  return unpacking->failed ? NULL : g_steal_pointer (&kept);
}

Kept *
kept_unpack (gconstpointer data, gsize size)
{
  g_auto (Unpacking) unpacking = { 0 };

  return unpacking_init (&unpacking, data, size) ? unpack (&unpacking) : NULL;
}

Kept *
kept_load (GimpImage *image)
{
  GimpParasite *parasite = gimp_image_get_parasite (image, KEPT_NAME);
  Kept         *kept;
  gconstpointer data;
  guint32       size;

  if (parasite == NULL)
    return NULL;

  data = gimp_parasite_get_data (parasite, &size);
  kept = kept_unpack (data, size);
  gimp_parasite_free (parasite);

  return kept;
}

guint
kept_stamp (GimpImage *image)
{
  GimpParasite      *parasite = gimp_image_get_parasite (image, KEPT_NAME);
  g_autoptr (GBytes) bytes = NULL;
  gconstpointer      data;
  guint32            size;

  if (parasite == NULL)
    return 0;

  data = gimp_parasite_get_data (parasite, &size);
  bytes = g_bytes_new (data, size);
  gimp_parasite_free (parasite);

  return g_bytes_hash (bytes);
}

void
kept_free (Kept *kept)
{
  g_clear_pointer (&kept->anchors, g_array_unref);
  g_clear_pointer (&kept->marks, pockmark_marks_free);
  g_clear_object (&kept->region);
  g_free (kept);
}

GBytes *
kept_pack (const Kept *kept)
{
  GByteArray *packing = g_byte_array_new ();

  packing_put (packing, KEPT_VERSION);
  packing_put (packing, kept->width);
  packing_put (packing, kept->height);
  packing_put_signed (packing, kept->extent.x);
  packing_put_signed (packing, kept->extent.y);
  packing_put (packing, kept->extent.width);
  packing_put (packing, kept->extent.height);
  put_anchors (packing, kept->anchors);
  kept_put_marks (packing, kept->marks);
  put_region (packing, kept->region);

  return packing_finish (packing);
}

void
kept_store (GimpImage           *image,
            const GeglRectangle *extent,
            const GArray        *anchors,
            const PockmarkMarks *marks,
            GeglBuffer          *region)
{
  const Kept         kept = { gimp_image_get_width (image),
                              gimp_image_get_height (image),
                              (GArray *) anchors, *extent,
                              (PockmarkMarks *) marks, region };
  g_autoptr (GBytes) bytes = kept_pack (&kept);
  GimpParasite      *parasite;
  gconstpointer      data;
  gsize              size;

  data = g_bytes_get_data (bytes, &size);
  parasite = gimp_parasite_new (KEPT_NAME,
                                GIMP_PARASITE_PERSISTENT
                                  | GIMP_PARASITE_UNDOABLE,
                                size, data);
  gimp_image_attach_parasite (image, parasite);
  gimp_parasite_free (parasite);
}

void
kept_drop (GimpImage *image)
{
  GimpParasite *parasite = gimp_image_get_parasite (image, KEPT_NAME);

  if (parasite == NULL)
    return;

  gimp_image_detach_parasite (image, KEPT_NAME);
  gimp_parasite_free (parasite);
}
