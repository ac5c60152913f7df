/* The last detection in an image, so that another run need not detect again
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "kept.h"
#include "pockmark-gegl.h"
#include "remembered.h"

#define REMEMBERED_NAME "pockmark-detected"

/* It guards against mistakes, not against malice: the fastest that GLib has. */
#define KEY_TYPE G_CHECKSUM_MD5

/* Rows that are read at a time: those of GEGL's tiles. */
#define STRIP 128

static void
add (GChecksum *checksum, gconstpointer data, gsize size)
{
  g_checksum_update (checksum, data, size);
}

static void
add_parameters (GChecksum *checksum, const PockmarkParameters *parameters)
{
  const gint32 whole = parameters->whole_is_skin;

  add (checksum, &parameters->pixels_per_mm, sizeof (gdouble));
  add (checksum, &parameters->sensitivity, sizeof (gdouble));
  add (checksum, &parameters->light_azimuth, sizeof (gdouble));
  add (checksum, &whole, sizeof whole);
  add (checksum, parameters->vectors.melanin,
       sizeof parameters->vectors.melanin);
  add (checksum, parameters->vectors.hemoglobin,
       sizeof parameters->vectors.hemoglobin);
}

/* The digests of strips of rows, each worked out by itself. */
typedef struct
{
  GeglBuffer *buffer;
  gsize       size; /* of one digest */
  guint8     *digests;
} Strips;

static void
digest_strips (gsize first, gsize count, gpointer data)
{
  const Strips        *strips = data;
  const Babl          *format = gegl_buffer_get_format (strips->buffer);
  const GeglRectangle *extent = gegl_buffer_get_extent (strips->buffer);
  gsize                row = (gsize) extent->width
                             * babl_format_get_bytes_per_pixel (format);
  g_autofree guint8   *pixels = g_malloc_n (STRIP, row);

  for (gsize i = first; i < first + count; i++)
    {
      gint          y = (gint) i * STRIP;
      GeglRectangle strip = { extent->x, extent->y + y, extent->width,
                              MIN (STRIP, extent->height - y) };
      GChecksum    *checksum = g_checksum_new (KEY_TYPE);
      gsize         size = strips->size;

      gegl_buffer_get (strips->buffer, &strip, 1.0, format, pixels,
                       GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
      add (checksum, pixels, row * strip.height);
      g_checksum_get_digest (checksum, strips->digests + i * strips->size,
                             &size);
      g_checksum_free (checksum);
    }
}

/* Strip by strip, on all threads: one alone takes as long as a third of the
 * detection. */
static void
add_pixels (GChecksum *checksum, GeglBuffer *buffer)
{
  const gchar         *name = babl_get_name (gegl_buffer_get_format (buffer));
  const GeglRectangle *extent = gegl_buffer_get_extent (buffer);
  gsize                n = ((gsize) extent->height + STRIP - 1) / STRIP;
  gsize                size = g_checksum_type_get_length (KEY_TYPE);
  g_autofree guint8   *digests = g_malloc_n (n, size);
  Strips               strips = { buffer, size, digests };
  PockmarkHost         host;

  pockmark_gegl_host_init (&host);
  pockmark_host_parallel (&host, n, 1, digest_strips, &strips);
  add (checksum, name, strlen (name));
  add (checksum, &extent->width, sizeof extent->width);
  add (checksum, &extent->height, sizeof extent->height);
  add (checksum, digests, n * size);
}

gchar *
remembered_key (GeglBuffer               *photograph,
                const PockmarkParameters *parameters)
{
  GChecksum *checksum = g_checksum_new (KEY_TYPE);
  gchar     *key;

  add (checksum, POCKMARK_VERSION, strlen (POCKMARK_VERSION));
  add_parameters (checksum, parameters);
  add_pixels (checksum, photograph);
  key = g_strdup (g_checksum_get_string (checksum));
  g_checksum_free (checksum);

  return key;
}

PockmarkMarks *
remembered_load (GimpImage *image, const gchar *key)
{
  g_auto (Unpacking)  unpacking = { 0 };
  GimpParasite       *parasite = gimp_image_get_parasite (image,
                                                          REMEMBERED_NAME);
  PockmarkMarks      *marks = NULL;
  const guint8       *data;
  guint32             size;
  gsize               n = strlen (key);

  if (parasite == NULL)
    return NULL;

  data = gimp_parasite_get_data (parasite, &size);
  if (size > n && memcmp (data, key, n) == 0
      && unpacking_init (&unpacking, data + n, size - n))
    marks = kept_get_marks (&unpacking);
  gimp_parasite_free (parasite);

  return marks;
}

GBytes *
remembered_pack (const gchar *key, const PockmarkMarks *marks)
{
  GByteArray        *packing = g_byte_array_new ();
  GByteArray        *packed = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  gconstpointer      data;
  gsize              size;

  kept_put_marks (packing, marks);
  bytes = packing_finish (packing);
  data = g_bytes_get_data (bytes, &size);
  g_byte_array_append (packed, (const guint8 *) key, strlen (key));
  g_byte_array_append (packed, data, size);

  return g_byte_array_free_to_bytes (packed);
}

void
remembered_store (GimpImage *image, GBytes *packed)
{
  GimpParasite  *parasite;
  gconstpointer  data;
  gsize          size;

  data = g_bytes_get_data (packed, &size);
  parasite = gimp_parasite_new (REMEMBERED_NAME, GIMP_PARASITE_UNDOABLE, size,
                                data);
  gimp_image_attach_parasite (image, parasite);
  gimp_parasite_free (parasite);
}
