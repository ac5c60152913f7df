/* Pockmark: reading the photograph, once
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The photograph is read in strips of a few hundred rows, each of which is
 * averaged in linear light into a row of blocks, so that nothing of full size
 * is ever held.  Blocks of clipped pixels have no weight: their colour is not
 * known.
 */

#include <math.h>

#include "pockmark-stages.h"

/* Read at a time, in bytes: large enough for few calls, small enough to stay
 * in the second-level cache of each thread. */
#define STRIP_BYTES (1 << 20)

/* sRGB 254 and 255 in 8 bits: clipped or as good as. */
#define CLIPPED 0.985f

typedef struct
{
  const PockmarkSource *photograph;
  PockmarkReduced      *reduced;
  const PockmarkHost   *host;
  GMutex                mutex; /* guards error */
  GError               *error;
} Reading;

static PockmarkReduced *
reduced_alloc (gint     width,
               gint     height,
               gint     reduction,
               GError **error)
{
  g_autoptr (PockmarkReduced) reduced = g_new0 (PockmarkReduced, 1);

  reduced->reduction = reduction;
  if (! (reduced->red = pockmark_plane_new (width, height, error))
      || ! (reduced->green = pockmark_plane_new (width, height, error))
      || ! (reduced->blue = pockmark_plane_new (width, height, error))
      || ! (reduced->weight = pockmark_plane_new (width, height, error))
      || ! (reduced->alpha = pockmark_plane_new (width, height, error)))
    return NULL;
  return g_steal_pointer (&reduced);
}

void
pockmark_reduced_free (PockmarkReduced *reduced)
{
  if (! reduced)
    return;
  pockmark_plane_free (reduced->red);
  pockmark_plane_free (reduced->green);
  pockmark_plane_free (reduced->blue);
  pockmark_plane_free (reduced->weight);
  pockmark_plane_free (reduced->alpha);
  g_free (reduced);
}

/* Alpha that is no number counts as none. */
static inline gfloat
pixel_alpha (const gfloat *rgba)
{
  return rgba[3] > 0.0f ? MIN (rgba[3], 1.0f) : 0.0f;
}

/* Green is the last channel that skin clips: where it does, the colour is
 * gone.  Colours that are no numbers have no weight either. */
static inline gfloat
pixel_weight (const gfloat *rgba)
{
  const gboolean sane = rgba[0] > -1.0f && rgba[0] < 1e6f && rgba[1] > -1.0f
                        && rgba[1] < CLIPPED && rgba[2] > -1.0f
                        && rgba[2] < 1e6f;

  return sane ? pixel_alpha (rgba) : 0.0f;
}

/* Adds one row of the strip to the sums of its row of blocks. */
static void
add_row (const gfloat    *rgba,
         gint             width,
         PockmarkReduced *reduced,
         gsize            row)
{
  const gint k = reduced->reduction;
  gfloat    *red = reduced->red->data + row;
  gfloat    *green = reduced->green->data + row;
  gfloat    *blue = reduced->blue->data + row;
  gfloat    *weight = reduced->weight->data + row;
  gfloat    *alpha = reduced->alpha->data + row;
  gint       x, i;

  for (x = 0; x < reduced->red->width; x++)
    for (i = x * k; i < MIN (x * k + k, width); i++)
      {
        const gfloat *pixel = rgba + (gsize) i * 4;
        const gfloat  w = pixel_weight (pixel);

        alpha[x] += pixel_alpha (pixel);
        if (w > 0.0f)
          {
            red[x] += w * pixel[0];
            green[x] += w * pixel[1];
            blue[x] += w * pixel[2];
            weight[x] += w;
          }
      }
}

static void
finish_row (PockmarkReduced *reduced,
            gsize            row,
            gint             rows,
            gint             width)
{
  const gint k = reduced->reduction;
  gint       x;

  for (x = 0; x < reduced->red->width; x++)
    {
      const gsize  i = row + (gsize) x;
      const gfloat w = reduced->weight->data[i];
      const gint   columns = MIN (k, width - x * k);

      if (w > 0.0f)
        {
          reduced->red->data[i] /= w;
          reduced->green->data[i] /= w;
          reduced->blue->data[i] /= w;
        }
      reduced->weight->data[i] = w / (gfloat) (rows * columns);
      reduced->alpha->data[i] /= (gfloat) (rows * columns);
    }
}

static gboolean
is_empty (const PockmarkReduced *reduced)
{
  const gsize n = (gsize) reduced->alpha->width * reduced->alpha->height;
  gsize       i;

  for (i = 0; i < n; i++)
    if (reduced->alpha->data[i] > 0.0f)
      return FALSE;
  return TRUE;
}

/* Reads and reduces the rows of blocks first ... first + count - 1. */
static void
read_block_rows (gsize    first,
                 gsize    count,
                 gpointer data)
{
  Reading              *reading = data;
  const PockmarkSource *photograph = reading->photograph;
  PockmarkReduced      *reduced = reading->reduced;
  const gint            k = reduced->reduction;
  const gsize           row_bytes = (gsize) photograph->width * 4 * sizeof (gfloat);
  const gint            at_once = (gint) CLAMP (STRIP_BYTES / (row_bytes * (gsize) k), 1, 4096);
  g_autofree gfloat    *pixels = g_try_malloc_n ((gsize) at_once * (gsize) k, row_bytes);
  GError               *error = NULL;
  gsize                 block;

  if (! pixels)
    g_set_error_literal (&error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                         "There is not enough memory to read the photograph.");

  for (block = first; ! error && block < first + count; block += (gsize) at_once)
    {
      const gint   blocks = (gint) MIN ((gsize) at_once, first + count - block);
      PockmarkRect rect = { 0, (gint) block * k, photograph->width, blocks * k };
      gint         y;

      rect.height = MIN (rect.height, photograph->height - rect.y);
      if (! photograph->read (&rect, pixels, photograph->user_data, &error))
        break;
      for (y = 0; y < rect.height; y++)
        add_row (pixels + (gsize) y * photograph->width * 4, photograph->width,
                 reduced, (block + (gsize) (y / k)) * (gsize) reduced->red->width);
      for (y = 0; y < blocks; y++)
        finish_row (reduced, (block + (gsize) y) * (gsize) reduced->red->width,
                    MIN (k, rect.height - y * k), photograph->width);
    }

  if (error)
    {
      g_mutex_lock (&reading->mutex);
      if (! reading->error)
        reading->error = g_steal_pointer (&error);
      g_mutex_unlock (&reading->mutex);
      g_clear_error (&error);
    }
}

PockmarkReduced *
pockmark_reduced_new (const PockmarkSource *photograph,
                      gint                  reduction,
                      const PockmarkHost   *host,
                      GError              **error)
{
  g_autoptr (PockmarkReduced) reduced = NULL;
  Reading reading = { .photograph = photograph, .host = host };

  if (photograph->width < 1 || photograph->height < 1
      || photograph->width > POCKMARK_MAX_SIDE
      || photograph->height > POCKMARK_MAX_SIDE || reduction < 1)
    {
      g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_SIZE,
                   "A picture of %d × %d pixels cannot be worked on.",
                   photograph->width, photograph->height);
      return NULL;
    }

  reduced = reduced_alloc ((photograph->width + reduction - 1) / reduction,
                           (photograph->height + reduction - 1) / reduction,
                           reduction, error);
  if (! reduced)
    return NULL;

  reading.reduced = reduced;
  g_mutex_init (&reading.mutex);
  pockmark_host_parallel (host, (gsize) reduced->red->height, 16,
                          read_block_rows, &reading);
  g_mutex_clear (&reading.mutex);

  if (reading.error)
    {
      g_propagate_error (error, reading.error);
      return NULL;
    }
  if (is_empty (reduced))
    {
      g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_EMPTY,
                           "There is nothing to look at: the photograph is "
                           "transparent, or the selection lies outside it.");
      return NULL;
    }
  return g_steal_pointer (&reduced);
}

/* Adds the block (x, y) of from to the block's mean. */
static void
reduce_block (const PockmarkReduced *from,
              PockmarkReduced       *to,
              gint                   factor,
              gint                   x,
              gint                   y)
{
  const gsize o = (gsize) y * to->red->width + x;
  const gint  x1 = MIN ((x + 1) * factor, from->red->width);
  const gint  y1 = MIN ((y + 1) * factor, from->red->height);
  gfloat      sum[4] = { 0 };
  gfloat      alpha = 0.0f;
  gint        n = 0;
  gint        i, j;

  for (j = y * factor; j < y1; j++)
    for (i = x * factor; i < x1; i++, n++)
      {
        const gsize  at = (gsize) j * from->red->width + i;
        const gfloat w = from->weight->data[at];

        sum[0] += w * from->red->data[at];
        sum[1] += w * from->green->data[at];
        sum[2] += w * from->blue->data[at];
        sum[3] += w;
        alpha += from->alpha->data[at];
      }
  to->alpha->data[o] = alpha / (gfloat) n;
  if (sum[3] > 0.0f)
    {
      to->red->data[o] = sum[0] / sum[3];
      to->green->data[o] = sum[1] / sum[3];
      to->blue->data[o] = sum[2] / sum[3];
      to->weight->data[o] = sum[3] / (gfloat) n;
    }
}

PockmarkReduced *
pockmark_reduced_again (const PockmarkReduced *reduced,
                        gint                   factor,
                        GError               **error)
{
  PockmarkReduced *out
      = reduced_alloc ((reduced->red->width + factor - 1) / factor,
                       (reduced->red->height + factor - 1) / factor,
                       reduced->reduction * factor, error);
  gint x, y;

  if (! out)
    return NULL;
  for (y = 0; y < out->red->height; y++)
    for (x = 0; x < out->red->width; x++)
      reduce_block (reduced, out, factor, x, y);
  return out;
}

gboolean
pockmark_reduced_unmix (const PockmarkReduced  *reduced,
                        const PockmarkUnmixing *unmixing,
                        PockmarkPlane          *planes[POCKMARK_N_COMPONENTS],
                        GError                **error)
{
  const gint width = reduced->red->width;
  const gint height = reduced->red->height;
  g_autofree gfloat *density = g_try_malloc_n ((gsize) width * 3, sizeof (gfloat));
  gint   x, y, c;

  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    planes[c] = NULL;
  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    if (! (planes[c] = pockmark_plane_new (width, height, error)))
      break;
  if (c < POCKMARK_N_COMPONENTS || ! density)
    {
      for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
        g_clear_pointer (&planes[c], pockmark_plane_free);
      if (error && ! *error)
        g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                             "There is not enough memory for the photograph.");
      return FALSE;
    }

  for (y = 0; y < height; y++)
    {
      const gsize row = (gsize) y * width;

      pockmark_density (reduced->red->data + row, density, (gsize) width);
      pockmark_density (reduced->green->data + row, density + width, (gsize) width);
      pockmark_density (reduced->blue->data + row, density + 2 * width, (gsize) width);
      for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
        {
          const gfloat *m = unmixing->row[c];
          gfloat       *out = planes[c]->data + row;

          for (x = 0; x < width; x++)
            out[x] = m[0] * density[x] + m[1] * density[width + x]
                     + m[2] * density[2 * width + x];
        }
    }
  return TRUE;
}
