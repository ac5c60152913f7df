/* Whole numbers and text packed into few bytes
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "packing.h"

/* What no photograph's findings unpack to: a file that does wants memory. */
#define MAX_BYTES ((gsize) 1 << 28)

void
packing_put (GByteArray *packing, guint64 value)
{
  guint8 byte;

  do
    {
      byte = value & 0x7f;
      value >>= 7;
      if (value != 0)
        byte |= 0x80;
      g_byte_array_append (packing, &byte, 1);
    }
  while (value != 0);
}

void
packing_put_signed (GByteArray *packing, gint64 value)
{
  packing_put (packing, value < 0 ? 2 * (guint64) -(value + 1) + 1
                                  : 2 * (guint64) value);
}

void
packing_put_float (GByteArray *packing, gfloat value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  bits = GUINT32_TO_LE (bits);
  g_byte_array_append (packing, (const guint8 *) &bits, sizeof bits);
}

/* All that converter makes of data; NULL where it finds fault with it, or it
 * would be more than MAX_BYTES. */
static GByteArray *
convert (GConverter *converter, gconstpointer data, gsize size)
{
  g_autoptr (GInputStream) source =
    g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (GInputStream) stream =
    g_converter_input_stream_new (source, converter);
  g_autoptr (GByteArray)   result = g_byte_array_new ();
  guint8                   block[8192];
  gssize                   n;

  while ((n = g_input_stream_read (stream, block, sizeof block, NULL, NULL))
         > 0)
    {
      if (result->len > MAX_BYTES)
        return NULL;
      g_byte_array_append (result, block, n);
    }

  return n == 0 ? g_steal_pointer (&result) : NULL;
}

GBytes *
packing_finish (GByteArray *packing)
{
  g_autoptr (GZlibCompressor) deflate =
    g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, -1);
  GByteArray                 *bytes;

  bytes = convert (G_CONVERTER (deflate), packing->data, packing->len);
  g_byte_array_unref (packing);

  return g_byte_array_free_to_bytes (bytes);
}

gboolean
unpacking_init (Unpacking *unpacking, gconstpointer data, gsize size)
{
  g_autoptr (GZlibDecompressor) inflate =
    g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);

  unpacking->at = 0;
  unpacking->bytes = convert (G_CONVERTER (inflate), data, size);
  unpacking->failed = unpacking->bytes == NULL;

  return !unpacking->failed;
}

void
unpacking_clear (Unpacking *unpacking)
{
  g_clear_pointer (&unpacking->bytes, g_byte_array_unref);
}

static guint64
get_bits (Unpacking *unpacking)
{
  guint64 value = 0;

  for (guint shift = 0; !unpacking->failed; shift += 7)
    {
      guint8 byte;

      if (unpacking->at >= unpacking->bytes->len || shift > 63)
        {
          unpacking->failed = TRUE;
          break;
        }
      byte = unpacking->bytes->data[unpacking->at++];
      value |= (guint64) (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return value;
    }

  return 0;
}

static gint64
check (Unpacking *unpacking, gint64 value, gint64 min, gint64 max)
{
  if (value < min || value > max)
    unpacking->failed = TRUE;

  return unpacking->failed ? 0 : value;
}

gint64
unpacking_get (Unpacking *unpacking, gint64 min, gint64 max)
{
  guint64 value = get_bits (unpacking);

  if (value > G_MAXINT64)
    unpacking->failed = TRUE;

  return check (unpacking, (gint64) value, min, max);
}

gint64
unpacking_get_signed (Unpacking *unpacking, gint64 min, gint64 max)
{
  guint64 value = get_bits (unpacking);
  gint64  half = (gint64) (value / 2);

  return check (unpacking, value % 2 != 0 ? -half - 1 : half, min, max);
}

gfloat
unpacking_get_share (Unpacking *unpacking)
{
  guint32 bits;
  gfloat  value;

  if (unpacking->failed
      || unpacking->bytes->len - unpacking->at < sizeof bits)
    {
      unpacking->failed = TRUE;
      return 0.0f;
    }
  memcpy (&bits, unpacking->bytes->data + unpacking->at, sizeof bits);
  unpacking->at += sizeof bits;
  bits = GUINT32_FROM_LE (bits);
  memcpy (&value, &bits, sizeof value);
  /* Written so that NaN fails. */
  if (!(value >= 0.0f && value <= 1.0f))
    unpacking->failed = TRUE;

  return unpacking->failed ? 0.0f : value;
}
