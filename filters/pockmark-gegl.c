/* Pockmark: GEGL buffers as the core's pictures
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "colour.h"
#include "pockmark-gegl.h"

/* ---- Photographs in integers --------------------------------------------- */

/* Of conversions that are exact enough babl takes the one that it has timed as
 * the fastest, so two processes may read one photograph with floats that
 * differ by some 1e-6, and write tables that differ in their last decimals.
 * Integers in sRGB, which nearly every photograph is, are therefore looked up
 * here; only what is left, floats and other spaces, goes through babl. */

/* Linear light of each code 0 ... most of sRGB. */
static void
fill_linear (gfloat *linear,
             gint    most)
{
  gint code;

  for (code = 0; code <= most; code++)
    linear[code] = pockmark_linear_from_srgb ((gfloat) code / (gfloat) most);
}

/* The table of 16-bit codes.  Made once, never changed. */
static const gfloat *
linear_from_u16 (void)
{
  static gsize  made;
  static gfloat linear[G_MAXUINT16 + 1];

  if (g_once_init_enter (&made))
    {
      fill_linear (linear, G_MAXUINT16);
      g_once_init_leave (&made, 1);
    }
  return linear;
}

/* The same of 8 bits, in a table that stays in the first cache. */
static const gfloat *
linear_from_u8 (void)
{
  static gsize  made;
  static gfloat linear[G_MAXUINT8 + 1];

  if (g_once_init_enter (&made))
    {
      fill_linear (linear, G_MAXUINT8);
      g_once_init_leave (&made, 1);
    }
  return linear;
}

/* The n pixels of 3 or 4 bytes at the end of pixels become the floats: each is
 * read before a float lands on it. */
static inline void
expand_u8 (gfloat *pixels, gsize n, gint n_codes)
{
  const gfloat *linear = linear_from_u8 ();
  const guint8 *codes
      = (const guint8 *) pixels + n * (4 * sizeof (gfloat) - n_codes);
  gsize         i;

  for (i = 0; i < n; i++, codes += n_codes, pixels += 4)
    {
      guint8 code[4] = { codes[0], codes[1], codes[2],
                         n_codes == 4 ? codes[3] : G_MAXUINT8 };

      pixels[0] = linear[code[0]];
      pixels[1] = linear[code[1]];
      pixels[2] = linear[code[2]];
      pixels[3] = (gfloat) code[3] / G_MAXUINT8;
    }
}

/* The same for pixels of 8 bytes. */
static void
expand_u16 (gfloat *pixels, gsize n)
{
  const gfloat *linear = linear_from_u16 ();
  const guint8 *codes
      = (const guint8 *) pixels + n * (4 * sizeof (gfloat) - 8);
  gsize         i;

  for (i = 0; i < n; i++, codes += 8, pixels += 4)
    {
      guint16 code[4];

      memcpy (code, codes, sizeof (code));
      pixels[0] = linear[code[0]];
      pixels[1] = linear[code[1]];
      pixels[2] = linear[code[2]];
      pixels[3] = (gfloat) code[3] / G_MAXUINT16;
    }
}

const Babl *
pockmark_gegl_code_format (const Babl *format)
{
  const gchar *encoding = format ? babl_format_get_encoding (format) : NULL;

  if (! format || babl_format_get_space (format) != babl_space ("sRGB"))
    return NULL;
  if (g_str_equal (encoding, "R'G'B'A u8")
      || g_str_equal (encoding, "R'G'B' u8"))
    return babl_format (encoding);
  return NULL;
}

/* The integers to read a photograph in; NULL: floats.  There is alpha where
 * the extent reaches beyond the buffer: what is there is transparent. */
static const Babl *
integer_format (GeglBuffer          *buffer,
                const GeglRectangle *extent)
{
  const Babl  *format = gegl_buffer_get_format (buffer);
  const gchar *encoding = babl_format_get_encoding (format);

  if (pockmark_gegl_code_format (format))
    return gegl_rectangle_contains (gegl_buffer_get_extent (buffer), extent)
               ? pockmark_gegl_code_format (format)
               : babl_format ("R'G'B'A u8");
  if (babl_format_get_space (format) == babl_space ("sRGB")
      && (g_str_equal (encoding, "R'G'B'A u16")
          || g_str_equal (encoding, "R'G'B' u16")))
    return babl_format ("R'G'B'A u16");
  return NULL;
}

static gboolean
read_integers (const PockmarkRect *rect,
               gfloat             *pixels,
               gpointer            user_data,
               GError            **error)
{
  const PockmarkGeglPicture *picture = user_data;
  GeglRectangle              area = { picture->extent.x + rect->x,
                                      picture->extent.y + rect->y,
                                      rect->width, rect->height };
  gsize n = (gsize) rect->width * rect->height;
  gsize size = babl_format_get_bytes_per_pixel (picture->integers);

  gegl_buffer_get (picture->buffer, &area, 1.0, picture->integers,
                   (guint8 *) pixels + n * (4 * sizeof (gfloat) - size),
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  if (size == 8)
    expand_u16 (pixels, n);
  else if (size == 4)
    expand_u8 (pixels, n, 4);
  else
    expand_u8 (pixels, n, 3);
  return TRUE;
}

/* Of 8 bits, as they are: the core knows sRGB. */
static gboolean
read_codes (const PockmarkRect *rect,
            guint8             *codes,
            gpointer            user_data,
            GError            **error)
{
  const PockmarkGeglPicture *picture = user_data;
  GeglRectangle              area = { picture->extent.x + rect->x,
                                      picture->extent.y + rect->y,
                                      rect->width, rect->height };

  gegl_buffer_get (picture->buffer, &area, 1.0, picture->integers, codes,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return TRUE;
}

/* ---- Writing bytes ------------------------------------------------------- */

/* Steps of linear light, each less than half of the least between two codes:
 * what was a code becomes the same one. */
#define N_STEPS 8191

/* The code of each step.  Made once, never changed. */
static const guint8 *
code_from_linear (void)
{
  static gsize  made;
  static guint8 codes[N_STEPS + 1];

  if (g_once_init_enter (&made))
    {
      gint code = 0;
      gint i;

      for (i = 0; i <= N_STEPS; i++)
        {
          while (code < G_MAXUINT8
                 && (gfloat) i / N_STEPS >= pockmark_linear_from_srgb (
                        ((gfloat) code + 0.5f) / G_MAXUINT8))
            code++;
          codes[i] = (guint8) code;
        }
      g_once_init_leave (&made, 1);
    }
  return codes;
}

static inline guint8
to_code (const guint8 *table, gfloat linear)
{
  return table[(gint) (CLAMP (linear, 0.0f, 1.0f) * N_STEPS + 0.5f)];
}

void
pockmark_gegl_encode (gfloat *pixels, gsize n, gint n_codes)
{
  const guint8 *table = code_from_linear ();
  guint8       *codes = (guint8 *) pixels;
  gsize         i;

  for (i = 0; i < n; i++, codes += n_codes, pixels += 4)
    {
      const gfloat pixel[4] = { pixels[0], pixels[1], pixels[2], pixels[3] };

      codes[0] = to_code (table, pixel[0]);
      codes[1] = to_code (table, pixel[1]);
      codes[2] = to_code (table, pixel[2]);
      if (n_codes == 4)
        codes[3] = (guint8) (CLAMP (pixel[3], 0.0f, 1.0f) * G_MAXUINT8 + 0.5f);
    }
}

void
pockmark_gegl_lay_over (const gfloat *layer, gsize n, guint8 *codes,
                        gint n_codes)
{
  const gfloat *linear = linear_from_u8 ();
  const guint8 *table = code_from_linear ();
  gsize         i;
  gint          c;

  for (i = 0; i < n; i++, codes += n_codes, layer += 4)
    {
      const gfloat rest = 1.0f - layer[3];

      /* Premultiplied: the sum is no more than 1. */
      if (rest < 1.0f)
        for (c = 0; c < 3; c++)
          codes[c] = table[lrintf ((rest * linear[codes[c]] + layer[c]) * N_STEPS)];
    }
}

/* ---- Pictures ------------------------------------------------------------ */

static gboolean
read_pixels (const PockmarkRect *rect,
             gfloat             *pixels,
             gpointer            user_data,
             GError            **error)
{
  const PockmarkGeglPicture *picture = user_data;
  GeglRectangle              area = { picture->extent.x + rect->x,
                                      picture->extent.y + rect->y,
                                      rect->width, rect->height };

  gegl_buffer_get (picture->buffer, &area, 1.0, picture->format, pixels,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return TRUE;
}

void
pockmark_gegl_picture_init (PockmarkGeglPicture *picture,
                            GeglBuffer          *buffer,
                            const GeglRectangle *extent,
                            PockmarkGeglContent  content)
{
  picture->buffer = buffer;
  picture->extent = extent ? *extent : *gegl_buffer_get_extent (buffer);
  picture->format
      = content == POCKMARK_GEGL_MAP
            ? pockmark_gegl_map_format (gegl_buffer_get_format (buffer))
            : pockmark_gegl_photograph_format ();
  picture->integers = content == POCKMARK_GEGL_PHOTOGRAPH
                          ? integer_format (buffer, &picture->extent)
                          : NULL;

  picture->source.width = picture->extent.width;
  picture->source.height = picture->extent.height;
  picture->source.read = picture->integers ? read_integers : read_pixels;
  picture->source.user_data = picture;
  if (picture->integers && pockmark_gegl_code_format (picture->integers))
    picture->source.n_codes
        = babl_format_get_n_components (picture->integers);
  else
    picture->source.n_codes = 0;
  picture->source.read_codes = picture->source.n_codes ? read_codes : NULL;
}

const Babl *
pockmark_gegl_photograph_format (void)
{
  return babl_format_with_space ("RGBA float", babl_space ("sRGB"));
}

const Babl *
pockmark_gegl_map_format (const Babl *format)
{
  return babl_format_with_space (
      "RGBA float", format ? babl_format_get_space (format) : NULL);
}

typedef struct
{
  gsize        n;
  PockmarkWork work;
  gpointer     work_data;
} Distribution;

static void
distribute (gint part, gint n_parts, gpointer user_data)
{
  const Distribution *distribution = user_data;
  gsize               share = distribution->n / n_parts;
  gsize               rest = distribution->n % n_parts;
  gsize               first = share * part + MIN ((gsize) part, rest);
  gsize               count = share + ((gsize) part < rest ? 1 : 0);

  distribution->work (first, count, distribution->work_data);
}

/* Not gegl_parallel_distribute_range (): its cost model cannot promise the
 * core a least number of items per part. */
static void
parallel (gsize        n,
          gsize        grain,
          PockmarkWork work,
          gpointer     work_data,
          gpointer     user_data)
{
  Distribution distribution = { n, work, work_data };
  gsize        n_parts = n / MAX (grain, 1);

  if (n > 0)
    gegl_parallel_distribute ((gint) CLAMP (n_parts, 1, G_MAXINT), distribute,
                              &distribution);
}

void
pockmark_gegl_host_init (PockmarkHost *host)
{
  host->progress = NULL;
  host->parallel = parallel;
  host->user_data = NULL;
}
