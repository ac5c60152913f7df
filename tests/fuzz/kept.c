/* Pockmark: fuzz target, the parasite "pockmark-lesions"
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an XCF file from anywhere may hold.  Bytes that do not begin as deflated
 * ones do are deflated first, so that what is inside is tried too.
 */

#include "bytes.h"
#include "kept.h"
#include "packing.h"

#define DEFLATED 0x78

/* A valid parasite may claim a region of a thousand megapixels; that only
 * costs time. */
#define MAX_PIXELS (1 << 20)

static void
begin (void)
{
  static gboolean begun = FALSE;

  if (! begun)
    gegl_init (NULL, NULL);
  begun = TRUE;
}

static gboolean
is_huge (gconstpointer data,
         gsize         size)
{
  g_auto (Unpacking) unpacking = { 0 };
  gint64             side[2];
  gint               i;

  if (! unpacking_init (&unpacking, data, size))
    return FALSE;
  for (i = 0; i < 5; i++)
    unpacking_get (&unpacking, 0, G_MAXINT64);
  for (i = 0; i < 2; i++)
    side[i] = unpacking_get (&unpacking, 0, POCKMARK_MAX_SIDE);
  return side[0] * side[1] > MAX_PIXELS;
}

/* What was kept once is kept again without a change. */
static void
try_again (const Kept *kept)
{
  g_autoptr (GBytes) once = kept_pack (kept);
  gsize              size;
  gconstpointer      data = g_bytes_get_data (once, &size);
  g_autoptr (Kept)   again = kept_unpack (data, size);
  g_autoptr (GBytes) twice = NULL;

  g_assert_nonnull (again);
  twice = kept_pack (again);
  g_assert_true (g_bytes_equal (once, twice));
}

/* The image was scaled, turned or cropped, and anchors were moved. */
static void
try_fitting (FuzzBytes *bytes,
             Kept      *kept)
{
  g_autoptr (GError)  error = NULL;
  g_autoptr (GArray)  anchors = g_array_new (FALSE, FALSE, sizeof (KeptAnchor));
  const GeglRectangle extent = { (gint8) fuzz_byte (bytes),
                                 (gint8) fuzz_byte (bytes),
                                 1 + fuzz_byte (bytes), 1 + fuzz_byte (bytes) };
  const gdouble       scale = fuzz_double (bytes, 0.1, 4.0);
  const gdouble       shift = fuzz_double (bytes, -50.0, 50.0);
  guint               i;

  for (i = 0; i < kept->anchors->len; i++)
    {
      KeptAnchor anchor = g_array_index (kept->anchors, KeptAnchor, i);

      anchor.x = scale * anchor.x + shift;
      anchor.y = scale * anchor.y - shift;
      g_array_append_val (anchors, anchor);
    }
  if (! kept_fit (kept, fuzz_byte (bytes), fuzz_byte (bytes), &extent, anchors,
                  &error))
    {
      g_assert_nonnull (error);
      g_clear_error (&error);
      return;
    }
  for (i = 0; i < kept->marks->runs->len; i++)
    {
      const PockmarkMarkRun *run
          = &g_array_index (kept->marks->runs, PockmarkMarkRun, i);

      g_assert_cmpuint (run->mark, <, kept->marks->marks->len);
      g_assert_cmpint (run->x0, <, run->x1);
    }
}

/* A user has painted over all of it. */
static void
try_following (const Kept *kept)
{
  const gint         width = MIN (kept->extent.width, 64);
  const gint         height = MIN (kept->extent.height, 64);
  g_autofree gfloat *masks = g_new0 (gfloat, 4 * (gsize) width * (gsize) height);
  PockmarkPixels     pixels = { width, height, masks };
  PockmarkSource     source = pockmark_source_from_pixels (&pixels);
  g_autoptr (GError) error = NULL;
  g_autoptr (PockmarkMarks) after = NULL;
  gint               i;

  for (i = 0; i < width * height; i++)
    masks[4 * i + i % 7 % 4] = (gfloat) (i % 3) / 2.0f;
  after = pockmark_marks_follow (kept->marks, &source, NULL, &error);
  fuzz_check (after != NULL, &error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  FuzzBytes          bytes = { data, size, size / 2 };
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (Kept)   kept = NULL;

  begin ();
  if (size > 0 && data[0] != DEFLATED)
    {
      GByteArray *plain = g_byte_array_new ();

      g_byte_array_append (plain, data, (guint) size);
      packed = packing_finish (plain);
      data = g_bytes_get_data (packed, &size);
    }
  if (is_huge (data, size))
    return 0;
  kept = kept_unpack (data, size);
  if (! kept)
    return 0;
  try_again (kept);
  try_following (kept);
  try_fitting (&bytes, kept);
  return 0;
}
