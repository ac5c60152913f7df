/* Pockmark: tests of buffers as the core's pictures
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "colour.h"
#include "fixture.h"
#include "pockmark-gegl.h"

/* Every 8-bit value, and every 16-bit one. */
#define SIDE 256
#define N_PIXELS (SIDE * SIDE)
#define BORDER 3

typedef struct
{
  const gchar *format;
  const gchar *space;
  gfloat       tolerance;
} Reading;

static const Reading readings[] = {
  /* Not a bit may depend on which conversion babl finds the fastest. */
  { "R'G'B' u8", "sRGB", 0.0f },
  { "R'G'B'A u8", "sRGB", 0.0f },
  { "R'G'B' u16", "sRGB", 0.0f },
  { "R'G'B'A u16", "sRGB", 0.0f },
  { "R'G'B'A float", "sRGB", 3e-6f },
  { "RGBA float", "sRGB", 3e-6f },
  { "R'G'B'A u16", "Adobish", 3e-6f },
};

/* Values v / 65535 (v / 255 where there are but 8 bits): red goes up, green
 * down, blue and alpha by columns. */
static void
codes_of (gint i, gboolean bytes, guint16 code[4])
{
  gint c;

  code[0] = (guint16) i;
  code[1] = (guint16) (N_PIXELS - 1 - i);
  code[2] = (guint16) (i % SIDE * 257);
  code[3] = (guint16) ((SIDE - 1 - i % SIDE) * 257);
  for (c = 0; bytes && c < 4; c++)
    code[c] = (guint16) (code[c] / 257 * 257);
}

static GeglBuffer *
codes_new (const Reading *reading, gboolean bytes)
{
  const GeglRectangle extent = { -7, 11, SIDE, SIDE };
  const Babl         *space = babl_space (reading->space);
  GeglBuffer         *buffer = gegl_buffer_new (
      &extent, babl_format_with_space (reading->format, space));
  g_autofree guint16 *codes = g_new (guint16, 4 * N_PIXELS);
  g_autofree guint8  *halves = g_new (guint8, 4 * N_PIXELS);
  gint                i;

  for (i = 0; i < N_PIXELS; i++)
    codes_of (i, bytes, codes + 4 * i);
  for (i = 0; i < 4 * N_PIXELS; i++)
    halves[i] = (guint8) (codes[i] / 257);
  gegl_buffer_set (
      buffer, &extent, 0,
      babl_format_with_space (bytes ? "R'G'B'A u8" : "R'G'B'A u16", space),
      bytes ? (gpointer) halves : (gpointer) codes, GEGL_AUTO_ROWSTRIDE);
  return buffer;
}

/* What a pixel of the buffer is in linear sRGB, as babl or the formula has
 * it. */
static void
expected_pixel (const Reading *reading,
                const guint16  code[4],
                gboolean       alpha,
                gfloat         pixel[4])
{
  gint c;

  if (! g_str_equal (reading->space, "sRGB"))
    {
      babl_process (
          babl_fish (babl_format_with_space (reading->format,
                                             babl_space (reading->space)),
                     pockmark_gegl_photograph_format ()),
          code, pixel, 1);
      return;
    }

  for (c = 0; c < 3; c++)
    pixel[c] = pockmark_linear_from_srgb ((gfloat) code[c] / G_MAXUINT16);
  pixel[3] = alpha ? (gfloat) code[3] / G_MAXUINT16 : 1.0f;
}

static void
test_reading (gconstpointer data)
{
  const Reading         *reading = data;
  gboolean               bytes = g_str_has_suffix (reading->format, "u8");
  gboolean               alpha = strstr (reading->format, "A ") != NULL;
  g_autoptr (GeglBuffer) buffer = codes_new (reading, bytes);
  const GeglRectangle    grown = { -7 - BORDER, 11, SIDE + BORDER, SIDE };
  const PockmarkRect     rect = { 0, 0, SIDE + BORDER, SIDE };
  g_autofree gfloat     *pixels
      = g_new (gfloat, 4 * (gsize) rect.width * rect.height);
  PockmarkGeglPicture    picture;
  gint                   x, y, c;

  pockmark_gegl_picture_init (&picture, buffer, &grown,
                              POCKMARK_GEGL_PHOTOGRAPH);
  g_assert_true (picture.source.read (&rect, pixels, picture.source.user_data,
                                      NULL));

  for (y = 0; y < SIDE; y++)
    for (x = 0; x < rect.width; x++)
      {
        const gfloat *pixel = pixels + 4 * ((gsize) y * rect.width + x);
        gfloat        expected[4] = { 0.0f, 0.0f, 0.0f, 0.0f };
        guint16       code[4];

        if (x >= BORDER)
          {
            codes_of (y * SIDE + x - BORDER, bytes, code);
            expected_pixel (reading, code, alpha, expected);
          }
        for (c = 0; c < 4; c++)
          g_assert_cmpfloat (fabsf (pixel[c] - expected[c]), <=,
                             reading->tolerance);
      }
}

/* A lesion map's numbers are no colours, whatever they look like. */
static void
test_map (void)
{
  const GeglRectangle    extent = { 0, 0, 1, 1 };
  const gfloat           lesion[4] = { 700.0f, 3.0f, 0.5f, 1.0f };
  const PockmarkRect     rect = { 0, 0, 1, 1 };
  g_autoptr (GeglBuffer) buffer
      = gegl_buffer_new (&extent, pockmark_gegl_map_format (NULL));
  PockmarkGeglPicture    picture;
  gfloat                 seen[4];

  gegl_buffer_set_color_from_pixel (buffer, &extent, lesion,
                                    pockmark_gegl_map_format (NULL));
  pockmark_gegl_picture_init (&picture, buffer, NULL, POCKMARK_GEGL_MAP);
  g_assert_true (picture.source.read (&rect, seen, picture.source.user_data,
                                      NULL));
  g_assert_cmpmem (seen, sizeof (seen), lesion, sizeof (lesion));
}

int
main (int argc, char **argv)
{
  guint i;

  fixture_init (&argc, &argv);
  for (i = 0; i < G_N_ELEMENTS (readings); i++)
    {
      g_autofree gchar *path = g_strdup_printf (
          "/photograph/%s %s", readings[i].format, readings[i].space);

      g_test_add_data_func (path, &readings[i], test_reading);
    }
  g_test_add_func ("/map", test_map);
  return fixture_run ();
}
