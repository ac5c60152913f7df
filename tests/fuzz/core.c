/* Pockmark: fuzz target, the core with any photograph and any parameters
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "bytes.h"

#define SIDE 128
#define MAX_OUTLINE 64

/* A finding that nobody could draw would be shown all the same. */
static void
check_findings (const PockmarkDetection *detection,
                const PockmarkSource    *photograph)
{
  const GArray *findings = pockmark_detection_findings (detection);
  guint         i;

  for (i = 0; i < findings->len; i++)
    {
      const PockmarkFinding *f = &g_array_index (findings, PockmarkFinding, i);

      g_assert_cmpuint (f->number, ==, i + 1);
      g_assert_true (f->klass > POCKMARK_NONE && f->klass < POCKMARK_N_CLASSES);
      g_assert_true (f->confidence >= 0.0f && f->confidence <= 1.0f);
      g_assert_true (f->x >= 0.0f
                     && f->x < (gfloat) photograph->width + 64.0f);
      g_assert_true (f->y >= 0.0f
                     && f->y < (gfloat) photograph->height + 64.0f);
      g_assert_true (f->diameter > 0.0f && f->diameter < 1e6f);
    }
}

static void
try_measuring (FuzzPicture              *picture,
               const gfloat             *pixels,
               const PockmarkParameters *parameters)
{
  PockmarkPixels     drawn = { picture->pixels.width, picture->pixels.height,
                               pixels };
  PockmarkSource     map = pockmark_source_from_pixels (&drawn);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) lesions
      = pockmark_measure (&map, &picture->source, parameters, NULL, &error);
  PockmarkGrade      grade;
  guint              i;

  fuzz_check (lesions != NULL, &error);
  for (i = 0; lesions && i < lesions->len; i++)
    {
      const PockmarkLesion *lesion = &g_array_index (lesions, PockmarkLesion, i);

      g_assert_cmpfloat (lesion->area, >, 0.0);
      g_assert_cmpfloat (lesion->perimeter, >, 0.0);
      g_assert_true (lesion->x >= 0.0 && lesion->x <= drawn.width);
      g_assert_true (lesion->y >= 0.0 && lesion->y <= drawn.height);
    }
  if (lesions)
    pockmark_grade (lesions, (gdouble) drawn.width * drawn.height,
                    parameters->pixels_per_mm, &grade);
}

static void
try_annotating (FuzzBytes    *bytes,
                FuzzPicture  *picture,
                PockmarkDetection *detection)
{
  const gint         width = picture->pixels.width;
  const gint         height = picture->pixels.height;
  PockmarkAnnotation style;
  PockmarkRect       rect = { 0, 0, width, height };
  PockmarkRect       grown;
  g_autofree gfloat *map = NULL;
  g_autofree gfloat *out = g_new (gfloat, 4 * (gsize) width * (gsize) height);

  pockmark_annotation_init (&style);
  style.outline = fuzz_byte (bytes) % (MAX_OUTLINE + 1);
  style.opacity = fuzz_double (bytes, 0.0, 1.0);
  grown = (PockmarkRect) { -style.outline, -style.outline,
                           width + 2 * style.outline,
                           height + 2 * style.outline };
  map = g_new (gfloat, 4 * (gsize) grown.width * (gsize) grown.height);
  pockmark_detection_render (detection, &grown, map, 4 * (gsize) grown.width);
  pockmark_annotate (&style, &rect, map, picture->data, out);
}

static void
try_detecting (FuzzBytes                *bytes,
               FuzzPicture              *picture,
               const PockmarkParameters *parameters)
{
  const PockmarkRect rect = { 0, 0, picture->pixels.width,
                              picture->pixels.height };
  const gsize        n = (gsize) rect.width * (gsize) rect.height;
  g_autoptr (GError) error = NULL;
  g_autoptr (PockmarkDetection) detection
      = pockmark_detect (&picture->source, parameters, NULL, &error);
  g_autofree gfloat *map = NULL;

  fuzz_check (detection != NULL, &error);
  if (! detection)
    return;
  check_findings (detection, &picture->source);
  map = g_new (gfloat, 4 * n);
  pockmark_detection_render (detection, &rect, map, 4 * (gsize) rect.width);
  try_measuring (picture, map, parameters);
  try_annotating (bytes, picture, detection);
}

static void
try_redness (FuzzBytes                *bytes,
             FuzzPicture              *picture,
             const PockmarkParameters *parameters)
{
  const guint8       wishes = fuzz_byte (bytes);
  const PockmarkRect rect = { 0, 0, picture->pixels.width,
                              picture->pixels.height };
  const gsize        n = (gsize) rect.width * (gsize) rect.height;
  const PockmarkRednessStyle style
      = { (PockmarkShow) (wishes % 3), (wishes & 4) != 0,
          fuzz_double (bytes, 0.0, 1.0) };
  g_autoptr (GError) error = NULL;
  g_autoptr (PockmarkSkin) skin
      = pockmark_skin_new (&picture->source, parameters, NULL, &error);
  g_autofree gfloat *out = g_new (gfloat, 4 * n);
  gdouble            share[8];
  gsize              i;

  fuzz_check (skin != NULL, &error);
  if (! skin)
    return;
  pockmark_skin_histogram (skin, -60.0, 120.0, G_N_ELEMENTS (share), share);
  pockmark_redness_value (skin, style.relative, &rect, out);
  for (i = 0; i < n; i++)
    g_assert_true (out[i] >= 0.0f && out[i] <= 1.0f);
  pockmark_redness_paint (skin, &style, &rect, picture->data, out);
}

static void
try_pieces (FuzzPicture              *picture,
            const PockmarkParameters *parameters)
{
  const gsize n
      = (gsize) picture->pixels.width * (gsize) picture->pixels.height;
  g_autofree gfloat *out = g_new (gfloat, n);
  g_autoptr (GError) error = NULL;
  PockmarkUnmixing   unmixing;
  PockmarkRuler      ruler;
  gboolean           success;
  gint               i;

  success = pockmark_unmixing_init (&unmixing, &parameters->vectors, &error);
  fuzz_check (success, &error);
  for (i = 0; success && i < 3; i++)
    pockmark_chromophore (&unmixing, (PockmarkComponent) i, picture->data, out,
                          n);

  success = pockmark_ruler_find (&picture->source, NULL, &ruler, &error);
  fuzz_check (success, &error);
  if (success)
    g_assert_true (ruler.confidence >= 0.0 && ruler.confidence <= 1.0
                   && isfinite (ruler.pixels_per_mm));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzBytes          bytes = { data, size, 0 };
  const guint8       work = fuzz_byte (&bytes);
  PockmarkParameters parameters;
  g_autoptr (FuzzPicture) picture = NULL;

  fuzz_parameters (&bytes, &parameters);
  picture = fuzz_picture_new (&bytes, SIDE);
  switch (work % 4)
    {
    case 0:
    case 1:
      try_detecting (&bytes, picture, &parameters);
      break;
    case 2:
      try_redness (&bytes, picture, &parameters);
      break;
    default:
      try_pieces (picture, &parameters);
      break;
    }
  return 0;
}
