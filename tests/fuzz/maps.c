/* Pockmark: fuzz target, lesion maps and masks of anyone's making
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What pockmark:annotate is handed as its second picture, what an image's
 * class channels hold, and what is measured from either.
 */

#include <math.h>

#include "bytes.h"

#define SIDE 48
#define MAX_OUTLINE 64
#define MAX_TRACED 16

/* Pixels of a few lesions that make sense, or of any bits. */
static gfloat *
draw_map (FuzzBytes *bytes,
          gint       width,
          gint       height)
{
  const gsize  n = (gsize) width * (gsize) height;
  gfloat      *map = g_new0 (gfloat, 4 * n);
  const guint8 wild = fuzz_byte (bytes);
  gfloat       pixel[4] = { 0.0f, 0.0f, 0.0f, 1.0f };
  guint        left = 0;
  gsize        i;
  gint         c;

  for (i = 0; i < n; i++)
    {
      if (left == 0 && ! fuzz_ended (bytes))
        {
          const guint8 kind = fuzz_byte (bytes);

          left = 1u + kind % 16u;
          if (kind < wild)
            for (c = 0; c < 4; c++)
              pixel[c] = fuzz_float (bytes);
          else
            {
              pixel[0] = (gfloat) (kind / 16);
              pixel[1] = (gfloat) (fuzz_byte (bytes) % 6);
              pixel[2] = (gfloat) fuzz_byte (bytes) / 250.0f;
              pixel[3] = 1.0f;
            }
        }
      left -= left > 0;
      for (c = 0; c < 4; c++)
        map[4 * i + (gsize) c] = pixel[c];
    }
  return map;
}

static void
check_marks (const PockmarkMarks *marks)
{
  const PockmarkMarkRun *last = NULL;
  guint                  i;

  g_assert_cmpuint (marks->marks->len, <=, POCKMARK_MAX_MARKS);
  for (i = 0; i < marks->marks->len; i++)
    {
      const PockmarkMark *mark = &g_array_index (marks->marks, PockmarkMark, i);

      g_assert_true (mark->klass > POCKMARK_NONE
                     && mark->klass < POCKMARK_N_CLASSES);
      g_assert_true (mark->confidence >= 0.0f && mark->confidence <= 1.0f);
      g_assert_cmpuint (mark->number, <, marks->next);
      if (i > 0)
        g_assert_cmpuint (mark->number, >, mark[-1].number);
    }
  for (i = 0; i < marks->runs->len; i++)
    {
      const PockmarkMarkRun *run
          = &g_array_index (marks->runs, PockmarkMarkRun, i);

      g_assert_cmpuint (run->mark, <, marks->marks->len);
      g_assert_cmpint (run->x0, <, run->x1);
      if (last)
        g_assert_true (run->y > last->y
                       || (run->y == last->y && run->x0 >= last->x1));
      last = run;
    }
}

static void
try_measuring (FuzzBytes            *bytes,
               const PockmarkSource *map)
{
  const gsize              n = (gsize) map->width * (gsize) map->height;
  g_autofree gfloat       *skin = g_new (gfloat, 4 * n);
  PockmarkPixels           pixels = { map->width, map->height, skin };
  PockmarkSource           photograph = pockmark_source_from_pixels (&pixels);
  g_autoptr (GError)       error = NULL;
  g_autoptr (GArray)       lesions = NULL;
  PockmarkParameters       parameters;
  gsize                    i;

  for (i = 0; i < 4 * n; i++)
    skin[i] = i % 4 == 3 ? 1.0f : 0.6f - 0.1f * (gfloat) (i % 4) + 0.001f * (gfloat) (i % 7);
  fuzz_parameters (bytes, &parameters);
  lesions = pockmark_measure (map, &photograph, &parameters, NULL, &error);
  fuzz_check (lesions != NULL, &error);
  for (i = 0; lesions && i < lesions->len; i++)
    g_assert_cmpfloat (g_array_index (lesions, PockmarkLesion, i).area, >, 0.0);
}

static void
try_tracing (const PockmarkSource *map,
             const PockmarkMarks  *marks)
{
  g_autoptr (GArray) boxes = pockmark_marks_boxes (marks);
  guint              i;

  for (i = 0; i < MIN (marks->marks->len, MAX_TRACED); i++)
    {
      g_autoptr (GError)    error = NULL;
      g_autoptr (GPtrArray) rings = NULL;
      const PockmarkRect   *box = &g_array_index (boxes, PockmarkRect, i);

      if (box->width == 0)
        continue;
      rings = pockmark_trace (
          map, g_array_index (marks->marks, PockmarkMark, i).number, box, &error);
      fuzz_check (rings != NULL, &error);
    }
}

/* Masks of any bits, or of nothing, half and all, or none that tells. */
static void
try_following (FuzzBytes           *bytes,
               const PockmarkMarks *before,
               gint                 width,
               gint                 height)
{
  const gsize        n = 4 * (gsize) width * (gsize) height;
  g_autofree gfloat *masks = g_new0 (gfloat, n);
  PockmarkPixels     pixels = { width, height, masks };
  PockmarkSource     source = pockmark_source_from_pixels (&pixels);
  g_autoptr (GError) error = NULL;
  g_autoptr (PockmarkMarks) after = NULL;
  const guint8       wild = fuzz_byte (bytes);
  gsize              i;

  for (i = 0; i < n && ! fuzz_ended (bytes); i++)
    {
      const guint8 value = fuzz_byte (bytes);

      masks[i] = value < wild ? fuzz_float (bytes)
                 : value == 255 ? NAN : (gfloat) value / 254.0f;
    }
  after = pockmark_marks_follow (before, &source, NULL, &error);
  fuzz_check (after != NULL, &error);
  if (after)
    {
      check_marks (after);
      try_tracing (&source, after);
    }
}

static void
try_marks (FuzzBytes            *bytes,
           const PockmarkSource *map)
{
  const PockmarkRect beyond = { -3, -2, map->width + 6, map->height + 4 };
  g_autofree gfloat *drawn
      = g_new (gfloat, 4 * (gsize) beyond.width * (gsize) beyond.height);
  g_autoptr (GError) error = NULL;
  g_autoptr (PockmarkMarks) marks = pockmark_marks_from_map (map, &error);
  const guint8       wishes = fuzz_byte (bytes);
  gboolean           sought[POCKMARK_N_CLASSES];
  gint               i;

  fuzz_check (marks != NULL, &error);
  if (! marks)
    return;
  check_marks (marks);
  try_tracing (map, marks);
  try_following (bytes, marks, map->width, map->height);
  for (i = 0; i < POCKMARK_N_CLASSES; i++)
    sought[i] = (wishes >> i) & 1;
  pockmark_marks_restrict (marks, sought);
  check_marks (marks);
  pockmark_marks_render (marks, &beyond, drawn, 4 * (gsize) beyond.width);
}

static void
try_annotating (FuzzBytes            *bytes,
                const PockmarkPixels *map)
{
  PockmarkAnnotation style;
  PockmarkRect       rect;
  g_autofree gfloat *out = NULL;

  pockmark_annotation_init (&style);
  style.outline = fuzz_byte (bytes) % (MAX_OUTLINE + 1);
  style.outline = MIN (style.outline, (MIN (map->width, map->height) - 1) / 2);
  style.opacity = fuzz_double (bytes, 0.0, 1.0);
  rect = (PockmarkRect) { 0, 0, map->width - 2 * style.outline,
                          map->height - 2 * style.outline };
  out = g_new (gfloat, 4 * (gsize) rect.width * (gsize) rect.height);
  pockmark_annotate (&style, &rect, map->data, NULL, out);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzBytes          bytes = { data, size, 0 };
  const guint8       work = fuzz_byte (&bytes);
  const gint         width = 1 + fuzz_byte (&bytes) % SIDE;
  const gint         height = 1 + fuzz_byte (&bytes) % SIDE;
  PockmarkPixels     pixels = { width, height, NULL };
  g_autofree gfloat *map = NULL;
  PockmarkSource     source;
  FuzzBytes          settings = { data, size, size / 2 };

  map = draw_map (&bytes, width, height);
  pixels.data = map;
  source = pockmark_source_from_pixels (&pixels);
  switch (work % 4)
    {
    case 0:
      try_measuring (&settings, &source);
      break;
    case 1:
      try_annotating (&settings, &pixels);
      break;
    default:
      try_marks (&settings, &source);
      break;
    }
  return 0;
}
