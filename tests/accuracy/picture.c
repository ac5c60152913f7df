/* The accuracy table: the photograph as others read it
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "accuracy.h"
#include "colour.h"

static gpointer
allocate (gsize    n,
          gsize    size,
          GError **error)
{
  gpointer memory = g_try_malloc0_n (n, size);

  if (! memory)
    g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                         "There is not enough memory for a phantom.");
  return memory;
}

static void
linear_of_byte (gfloat table[256])
{
  gint i;

  for (i = 0; i < 256; i++)
    table[i] = pockmark_linear_from_srgb ((gfloat) i / 255.0f);
}

gfloat *
accuracy_linear (const Phantom *phantom,
                 GError       **error)
{
  const gsize n = (gsize) phantom->width * phantom->height;
  gfloat     *rgba = allocate (n, 4 * sizeof (gfloat), error);
  gfloat      table[256];
  gsize       i;

  if (! rgba)
    return NULL;
  linear_of_byte (table);
  for (i = 0; i < n; i++)
    {
      rgba[4 * i] = table[phantom->rgb[3 * i]];
      rgba[4 * i + 1] = table[phantom->rgb[3 * i + 1]];
      rgba[4 * i + 2] = table[phantom->rgb[3 * i + 2]];
      rgba[4 * i + 3] = 1.0f;
    }
  return rgba;
}

/* The mean of a block; what does not fill a block at the right and at the
 * bottom is left out. */
AccuracyPicture *
accuracy_picture_new (const Phantom *phantom,
                      GError       **error)
{
  g_autoptr (AccuracyPicture) picture = g_new0 (AccuracyPicture, 1);
  gfloat table[256];
  gint   x, y, c, k;

  k = MAX ((gint) (phantom->pixels_per_mm / ACCURACY_PEER_SCALE), 1);
  picture->reduction = k;
  picture->width = MAX (phantom->width / k, 1);
  picture->height = MAX (phantom->height / k, 1);
  picture->pixels_per_mm = phantom->pixels_per_mm / k;
  picture->rgb = allocate ((gsize) picture->width * picture->height,
                           3 * sizeof (gfloat), error);
  if (! picture->rgb)
    return NULL;
  linear_of_byte (table);
  for (y = 0; y < MIN (picture->height * k, phantom->height); y++)
    for (x = 0; x < MIN (picture->width * k, phantom->width); x++)
      {
        const gsize from = 3 * ((gsize) y * phantom->width + x);
        const gsize to = 3 * ((gsize) (y / k) * picture->width + x / k);

        for (c = 0; c < 3; c++)
          picture->rgb[to + c]
              += table[phantom->rgb[from + c]] / (gfloat) (k * k);
      }
  return g_steal_pointer (&picture);
}

void
accuracy_picture_free (AccuracyPicture *picture)
{
  if (! picture)
    return;
  g_free (picture->rgb);
  g_free (picture);
}

/* A binary portable picture with its header. */
static gboolean
save (const AccuracyCase *which,
      const gchar        *ending,
      const gchar        *header,
      const guint8       *data,
      gsize               bytes,
      GError            **error)
{
  g_autofree gchar   *name = g_strdup_printf ("%03d%s", which->number, ending);
  g_autofree gchar   *path = g_build_filename (which->exchange, name, NULL);
  g_autoptr (GString) file = g_string_new (header);

  g_string_append_len (file, (const gchar *) data, (gssize) bytes);
  return g_file_set_contents (path, file->str, (gssize) file->len, error);
}

/* The byte whose linear light is the nearest. */
static guint8
byte_of_linear (const gfloat table[256],
                gfloat       value)
{
  gint low = 0, high = 255;

  while (low < high)
    {
      const gint middle = (low + high) / 2;

      if (value > 0.5f * (table[middle] + table[middle + 1]))
        low = middle + 1;
      else
        high = middle;
    }
  return (guint8) low;
}

static gsize
centre_of (const AccuracyPicture *picture,
           const Phantom         *phantom,
           gsize                  i)
{
  const gint k = picture->reduction;
  const gint x = (gint) (i % (gsize) picture->width) * k + k / 2;
  const gint y = (gint) (i / (gsize) picture->width) * k + k / 2;

  return (gsize) MIN (y, phantom->height - 1) * phantom->width
         + MIN (x, phantom->width - 1);
}

gboolean
accuracy_picture_save (const AccuracyPicture *picture,
                       const Phantom         *phantom,
                       const AccuracyCase    *which,
                       GError               **error)
{
  const gsize        n = (gsize) picture->width * picture->height;
  g_autofree guint8 *bytes = allocate (n, 3, error);
  g_autofree gchar  *size = g_strdup_printf ("%d %d\n", picture->width,
                                             picture->height);
  g_autofree gchar  *colour = g_strconcat ("P6\n", size, "255\n", NULL);
  g_autofree gchar  *narrow = g_strconcat ("P5\n", size, "255\n", NULL);
  g_autofree gchar  *wide = g_strconcat ("P5\n", size, "65535\n", NULL);
  gfloat             table[256];
  gsize              i;

  if (! bytes)
    return FALSE;
  linear_of_byte (table);
  for (i = 0; i < 3 * n; i++)
    bytes[i] = byte_of_linear (table, picture->rgb[i]);
  if (! save (which, ".ppm", colour, bytes, 3 * n, error))
    return FALSE;
  for (i = 0; i < n; i++)
    {
      const guint32 label = phantom->label[centre_of (picture, phantom, i)];

      bytes[2 * i] = (guint8) (label >> 8);
      bytes[2 * i + 1] = (guint8) label;
    }
  if (! save (which, ".labels.pgm", wide, bytes, 2 * n, error))
    return FALSE;
  for (i = 0; i < n; i++)
    bytes[i] = phantom->classes[centre_of (picture, phantom, i)];
  return save (which, ".classes.pgm", narrow, bytes, n, error);
}
