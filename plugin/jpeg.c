/* Whether a JPEG file is all there
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ITU-T T.81, B.1.1: the file is a row of markers, each 0xff and a code.  Most
 * begin a segment that tells its length.  After a start of scan the coded data
 * run up to the next marker that is neither a stuffed zero nor a restart.
 */

#include "jpeg.h"

enum
{
  CODE_STUFFED = 0x00,
  CODE_TEMPORARY = 0x01,
  CODE_RESTART_0 = 0xd0,
  CODE_RESTART_7 = 0xd7,
  CODE_START = 0xd8,
  CODE_END = 0xd9,
  CODE_SCAN = 0xda,
  CODE_FILL = 0xff
};

/* Whether the code stands alone, without a segment. */
static gboolean
is_alone (guint8 code)
{
  return code == CODE_TEMPORARY || code == CODE_START
         || (code >= CODE_RESTART_0 && code <= CODE_RESTART_7);
}

/* The place of the code of the next marker that ends coded data, or length. */
static gsize
skip_coded (const guint8 *bytes, gsize at, gsize length)
{
  for (; at + 1 < length; at++)
    if (bytes[at] == 0xff && bytes[at + 1] != CODE_STUFFED
        && bytes[at + 1] != CODE_FILL && !is_alone (bytes[at + 1]))
      return at + 1;

  return length;
}

static gboolean
has_end (const guint8 *bytes, gsize length)
{
  gsize at = 3;

  while (at < length)
    {
      guint8 code = bytes[at];
      gsize  size;

      if (code == CODE_END)
        return TRUE;
      if (code == CODE_FILL)
        {
          at++;
          continue;
        }
      if (is_alone (code))
        {
          at += 2;
          continue;
        }
      if (at + 2 >= length)
        return FALSE;

      size = (gsize) bytes[at + 1] << 8 | bytes[at + 2];
      at += 1 + MAX (size, 2);
      /* Anything but a marker here is damage, which decoders skip too. */
      at = code == CODE_SCAN || (at < length && bytes[at] != 0xff)
             ? skip_coded (bytes, at, length)
             : at + 1;
    }

  return FALSE;
}

gboolean
jpeg_bytes_are_whole (const guint8 *bytes, gsize length)
{
  return length < 4 || bytes[0] != 0xff || bytes[1] != CODE_START
         || has_end (bytes, length);
}

gboolean
jpeg_is_whole (GFile *file)
{
  g_autoptr (GMappedFile) mapped = NULL;

  mapped = g_mapped_file_new (g_file_peek_path (file), FALSE, NULL);
  if (mapped == NULL)
    return TRUE;

  return jpeg_bytes_are_whole (
    (const guint8 *) g_mapped_file_get_contents (mapped),
    g_mapped_file_get_length (mapped));
}
