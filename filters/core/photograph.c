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

#include <glib/gi18n-lib.h>

#include "colour.h"
#include "pockmark-stages.h"

/* Read at a time, in bytes: large enough for few calls, small enough to stay
 * in the second-level cache of each thread. */
#define STRIP_BYTES (1 << 20)

#define N_CODES (G_MAXUINT8 + 1)

/* sRGB 254 and 255 in 8 bits: clipped or as good as. */
#define CLIPPED 0.985f

typedef struct
{
  const PockmarkSource *photograph;
  PockmarkReduced      *reduced;
  GMutex                mutex; /* guards error */
  GError               *error;
  /* Of sRGB's 8 bits. */
  gfloat                linear[N_CODES];
  gfloat                alpha[N_CODES];
  gint                  clipped; /* the first code that is                   */
} Reading;

/* opaque: without alpha; zeroed: to be added up in. */
static PockmarkReduced *
reduced_alloc (gint     width,
               gint     height,
               gint     reduction,
               gboolean opaque,
               gboolean zeroed,
               GError **error)
{
  g_autoptr (PockmarkReduced) reduced = g_new0 (PockmarkReduced, 1);
  PockmarkPlane **planes[] = { &reduced->red, &reduced->green, &reduced->blue,
                               &reduced->weight, &reduced->alpha };
  guint           i;

  reduced->reduction = reduction;
  for (i = 0; i < G_N_ELEMENTS (planes) - (opaque ? 1 : 0); i++)
    {
      *planes[i] = zeroed ? pockmark_plane_new (width, height, error)
                          : pockmark_plane_new_raw (width, height, error);
      if (! *planes[i])
        return NULL;
    }
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

/* Makes means of the sums of a row of blocks, each of k by so many rows of the
 * width pixels. */
static void
finish_row (PockmarkReduced *reduced,
            gsize            row,
            gint             k,
            gint             rows,
            gint             width)
{
  const gint   n = reduced->red->width;
  gfloat      *red = reduced->red->data + row;
  gfloat      *green = reduced->green->data + row;
  gfloat      *blue = reduced->blue->data + row;
  gfloat      *weight = reduced->weight->data + row;
  gfloat      *alpha = reduced->alpha ? reduced->alpha->data + row : NULL;
  const gfloat whole = 1.0f / (gfloat) (rows * k);
  const gfloat last = 1.0f / (gfloat) (rows * (width - (n - 1) * k));
  gint         x;

  for (x = 0; x < n; x++)
    {
      const gfloat share = weight[x] > 0.0f ? 1.0f / weight[x] : 0.0f;

      red[x] *= share;
      green[x] *= share;
      blue[x] *= share;
    }
  for (x = 0; x < n; x++)
    weight[x] *= x < n - 1 ? whole : last;
  for (x = 0; alpha && x < n; x++)
    alpha[x] *= x < n - 1 ? whole : last;
}

/* The sums of one block: red, green, blue, weight and alpha. */
typedef struct
{
  gfloat red;
  gfloat green;
  gfloat blue;
  gfloat weight;
  gfloat alpha;
} Sums;

/* Of a block of bytes without alpha, none of which is clipped. */
static inline Sums
sum_unclipped (const gfloat *linear,
               const guint8 *codes,
               gsize         stride,
               gint          columns,
               gint          rows)
{
  gfloat red = 0.0f, green = 0.0f, blue = 0.0f;
  gint   x, y;

  for (y = 0; y < rows; y++, codes += stride)
    for (x = 0; x < 3 * columns; x += 3)
      {
        red += linear[codes[x]];
        green += linear[codes[x + 1]];
        blue += linear[codes[x + 2]];
      }
  return (Sums) { red, green, blue, (gfloat) (columns * rows),
                  (gfloat) (columns * rows) };
}

/* Of a block of bytes without alpha: all that is not clipped counts as one. */
static Sums
sum_opaque (const Reading *reading,
            const guint8  *codes,
            gsize          stride,
            gint           columns,
            gint           rows)
{
  const gfloat *linear = reading->linear;
  const gint    clipped = reading->clipped;
  gfloat        red = 0.0f, green = 0.0f, blue = 0.0f;
  gint          n = 0;
  gint          x, y;

  for (y = 0; y < rows; y++, codes += stride)
    for (x = 0; x < 3 * columns; x += 3)
      if (codes[x + 1] < clipped)
        {
          red += linear[codes[x]];
          green += linear[codes[x + 1]];
          blue += linear[codes[x + 2]];
          n++;
        }
  return (Sums) { red, green, blue, (gfloat) n, (gfloat) (columns * rows) };
}

/* Whether any of n bytes in each of the rows is clipped. */
static gboolean
any_clipped (const Reading *reading,
             const guint8  *codes,
             gsize          stride,
             gint           n,
             gint           rows)
{
  guint8 most = 0;
  gint   x, y;

  for (y = 0; y < rows; y++, codes += stride)
    for (x = 0; x < n; x++)
      most = MAX (most, codes[x]);
  return most >= reading->clipped;
}

/* The same with alpha. */
static Sums
sum_weighted (const Reading *reading,
              const guint8  *codes,
              gsize          stride,
              gint           columns,
              gint           rows)
{
  const gfloat *linear = reading->linear;
  Sums          sums = { 0 };
  gint          x, y;

  for (y = 0; y < rows; y++, codes += stride)
    for (x = 0; x < 4 * columns; x += 4)
      {
        const gfloat a = reading->alpha[codes[x + 3]];
        const gfloat w = codes[x + 1] < reading->clipped ? a : 0.0f;

        sums.red += w * linear[codes[x]];
        sums.green += w * linear[codes[x + 1]];
        sums.blue += w * linear[codes[x + 2]];
        sums.weight += w;
        sums.alpha += a;
      }
  return sums;
}

/* Blocks that are looked at together for what is clipped. */
#define BLOCKS 64

/* The sums of one block; sizes that are usual are unrolled. */
static inline Sums
sum_block (const Reading *reading,
           const guint8  *codes,
           gsize          stride,
           gint           columns,
           gint           rows,
           gboolean       clipped)
{
  if (reading->photograph->n_codes == 4)
    return sum_weighted (reading, codes, stride, columns, rows);
  if (clipped)
    return sum_opaque (reading, codes, stride, columns, rows);
  if (columns == 2 && rows == 2)
    return sum_unclipped (reading->linear, codes, stride, 2, 2);
  if (columns == 3 && rows == 3)
    return sum_unclipped (reading->linear, codes, stride, 3, 3);
  return sum_unclipped (reading->linear, codes, stride, columns, rows);
}

/* Sums up a row of blocks, of so many rows of codes. */
static void
sum_codes (const Reading *reading,
           const guint8  *codes,
           gint           rows,
           gsize          row)
{
  const PockmarkReduced *reduced = reading->reduced;
  const gint  width = reading->photograph->width;
  const gint  n_codes = reading->photograph->n_codes;
  const gint  k = reduced->reduction;
  const gsize stride = (gsize) width * n_codes;
  gboolean    clipped = FALSE;
  gint        x;

  for (x = 0; x < reduced->red->width; x++)
    {
      const guint8 *block = codes + (gsize) x * k * n_codes;
      const gint    left = width - x * k;
      Sums          sums;

      if (x % BLOCKS == 0 && n_codes == 3)
        clipped = any_clipped (reading, block, stride,
                               3 * MIN (BLOCKS * k, left), rows);
      sums = sum_block (reading, block, stride, MIN (k, left), rows, clipped);
      reduced->red->data[row + x] = sums.red;
      reduced->green->data[row + x] = sums.green;
      reduced->blue->data[row + x] = sums.blue;
      reduced->weight->data[row + x] = sums.weight;
      if (reduced->alpha)
        reduced->alpha->data[row + x] = sums.alpha;
    }
}

static gboolean
is_empty (const PockmarkReduced *reduced)
{
  const PockmarkPlane *alpha = reduced->alpha;
  const gsize n = alpha ? (gsize) alpha->width * alpha->height : 0;
  gsize       i;

  if (! alpha)
    return FALSE;
  for (i = 0; i < n; i++)
    if (alpha->data[i] > 0.0f)
      return FALSE;
  return TRUE;
}

/* Reads so many rows of blocks from block on, and sums each up. */
static gboolean
read_strip (const Reading *reading,
            gsize          block,
            gint           blocks,
            gpointer       pixels,
            GError       **error)
{
  const PockmarkSource *photograph = reading->photograph;
  PockmarkReduced      *reduced = reading->reduced;
  const gint            k = reduced->reduction;
  const gsize           out_width = (gsize) reduced->red->width;
  PockmarkRect rect = { 0, (gint) block * k, photograph->width, blocks * k };
  gint         y;

  rect.height = MIN (rect.height, photograph->height - rect.y);
  if (photograph->read_codes)
    {
      if (! photograph->read_codes (&rect, pixels, photograph->user_data, error))
        return FALSE;
      for (y = 0; y < blocks; y++)
        sum_codes (reading,
                   (guint8 *) pixels + (gsize) y * k * rect.width * photograph->n_codes,
                   MIN (k, rect.height - y * k), (block + (gsize) y) * out_width);
    }
  else
    {
      if (! photograph->read (&rect, pixels, photograph->user_data, error))
        return FALSE;
      for (y = 0; y < rect.height; y++)
        add_row ((gfloat *) pixels + (gsize) y * rect.width * 4, rect.width,
                 reduced, (block + (gsize) (y / k)) * out_width);
    }
  for (y = 0; y < blocks; y++)
    finish_row (reduced, (block + (gsize) y) * out_width, k,
                MIN (k, rect.height - y * k), rect.width);
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
  const gsize pixel = photograph->read_codes ? (gsize) photograph->n_codes
                                             : 4 * sizeof (gfloat);
  const gsize block_bytes = (gsize) photograph->width * pixel
                            * (gsize) reading->reduced->reduction;
  const gsize at_once = CLAMP (STRIP_BYTES / block_bytes, 1, 4096);
  g_autofree gpointer pixels = g_try_malloc_n (at_once, block_bytes);
  GError     *error = NULL;
  gsize       block;

  if (! pixels)
    pockmark_memory_error (&error);
  for (block = first; ! error && block < first + count; block += at_once)
    if (! read_strip (reading, block, (gint) MIN (at_once, first + count - block),
                      pixels, &error))
      break;

  pockmark_error_keep (&reading->mutex, &reading->error, error);
}

static void
make_tables (Reading *reading)
{
  gint code;

  for (code = 0; code < N_CODES; code++)
    {
      reading->alpha[code] = (gfloat) code / G_MAXUINT8;
      reading->linear[code] = pockmark_linear_from_srgb (reading->alpha[code]);
    }
  for (code = 0; code < N_CODES && reading->linear[code] < CLIPPED; code++)
    ;
  reading->clipped = code;
}

PockmarkReduced *
pockmark_reduced_new (const PockmarkSource *photograph,
                      gint                  reduction,
                      const PockmarkHost   *host,
                      GError              **error)
{
  g_autoptr (PockmarkReduced) reduced = NULL;
  Reading reading = { .photograph = photograph };

  if (photograph->width < 1 || photograph->height < 1
      || photograph->width > POCKMARK_MAX_SIDE
      || photograph->height > POCKMARK_MAX_SIDE || reduction < 1)
    {
      pockmark_size_error (photograph->width, photograph->height, error);
      return NULL;
    }

  reduced = reduced_alloc ((photograph->width + reduction - 1) / reduction,
                           (photograph->height + reduction - 1) / reduction,
                           reduction,
                           photograph->read_codes && photograph->n_codes == 3,
                           photograph->read_codes == NULL, error);
  if (! reduced)
    return NULL;

  reading.reduced = reduced;
  make_tables (&reading);
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
                           _("There is nothing to look at: the photograph is "
                             "transparent, or the selection lies outside it."));
      return NULL;
    }
  return g_steal_pointer (&reduced);
}

PockmarkReduced *
pockmark_reduced_working (const PockmarkSource     *photograph,
                          const PockmarkParameters *parameters,
                          const PockmarkHost       *host,
                          GError                  **error)
{
  return pockmark_reduced_new (
      photograph,
      pockmark_working_reduction (photograph->width, photograph->height,
                                  parameters->pixels_per_mm),
      host, error);
}

typedef struct
{
  const PockmarkReduced *from;
  PockmarkReduced       *to;
} Further;

/* Adds row y's blocks of so many pixels to the sums of row. */
static void
add_blocks (const PockmarkReduced *from,
            gint                   y,
            gint                   factor,
            PockmarkReduced       *to,
            gint                   row)
{
  const gint    width = from->red->width;
  const gsize   at = (gsize) y * width;
  const gfloat *red = from->red->data + at;
  const gfloat *green = from->green->data + at;
  const gfloat *blue = from->blue->data + at;
  const gfloat *weight = from->weight->data + at;
  const gsize   o = (gsize) row * to->red->width;
  gfloat       *red_sums = to->red->data + o;
  gfloat       *green_sums = to->green->data + o;
  gfloat       *blue_sums = to->blue->data + o;
  gfloat       *weight_sums = to->weight->data + o;
  gint          x = 0, i;

  for (i = 0; x < width; i++)
    {
      const gint end = MIN (x + factor, width);
      Sums       sums = { red_sums[i], green_sums[i], blue_sums[i],
                          weight_sums[i], 0.0f };

      for (; x < end; x++)
        {
          sums.red += weight[x] * red[x];
          sums.green += weight[x] * green[x];
          sums.blue += weight[x] * blue[x];
          sums.weight += weight[x];
        }
      red_sums[i] = sums.red;
      green_sums[i] = sums.green;
      blue_sums[i] = sums.blue;
      weight_sums[i] = sums.weight;
    }
}

/* The same of what is opaque. */
static void
add_alpha (const PockmarkReduced *from,
           gint                   y,
           gint                   factor,
           PockmarkReduced       *to,
           gint                   row)
{
  const gint    width = from->alpha->width;
  const gfloat *alpha = from->alpha->data + (gsize) y * width;
  gfloat       *sums = to->alpha->data + (gsize) row * to->alpha->width;
  gint          x;

  for (x = 0; x < width; x++)
    sums[x / factor] += alpha[x];
}

/* PockmarkWork over the rows of the further reduction. */
static void
reduce_rows (gsize    first,
             gsize    count,
             gpointer data)
{
  const Further       *further = data;
  const PockmarkReduced *from = further->from;
  PockmarkReduced     *to = further->to;
  const gint           factor = to->reduction / from->reduction;
  const gint           width = from->red->width;
  gint                 y, i;

  for (y = (gint) first; y < (gint) (first + count); y++)
    {
      const gint end = MIN ((y + 1) * factor, from->red->height);

      for (i = y * factor; i < end; i++)
        {
          add_blocks (from, i, factor, to, y);
          if (from->alpha)
            add_alpha (from, i, factor, to, y);
        }
      finish_row (to, (gsize) y * to->red->width, factor, end - y * factor,
                  width);
    }
}

PockmarkReduced *
pockmark_reduced_again (const PockmarkReduced *reduced,
                        gint                   factor,
                        const PockmarkHost    *host,
                        GError               **error)
{
  PockmarkReduced *out
      = reduced_alloc ((reduced->red->width + factor - 1) / factor,
                       (reduced->red->height + factor - 1) / factor,
                       reduced->reduction * factor, reduced->alpha == NULL,
                       TRUE, error);
  Further further = { reduced, out };

  if (out)
    pockmark_host_parallel (host, (gsize) out->red->height, 16, reduce_rows,
                            &further);
  return out;
}

typedef struct
{
  const PockmarkUnmixing *unmixing;
  PockmarkPlane         **planes; /* colours, which become components */
} Unmix;

/* Pixels that are unmixed at a time, on the stack. */
#define UNMIX_CHUNK 512

static void
unmix_pixels (gsize    first,
              gsize    count,
              gpointer data)
{
  const Unmix *unmix = data;
  gfloat       density[3][UNMIX_CHUNK];
  gint         c, i;

  while (count > 0)
    {
      const gint n = (gint) MIN (count, UNMIX_CHUNK);

      for (c = 0; c < 3; c++)
        pockmark_density (unmix->planes[c]->data + first, density[c], (gsize) n);
      for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
        {
          const gfloat *m = unmix->unmixing->row[c];
          gfloat       *out = unmix->planes[c]->data + first;

          for (i = 0; i < n; i++)
            out[i] = m[0] * density[0][i] + m[1] * density[1][i]
                     + m[2] * density[2][i];
        }
      first += (gsize) n;
      count -= (gsize) n;
    }
}

void
pockmark_reduced_unmix (PockmarkReduced        *reduced,
                        const PockmarkUnmixing *unmixing,
                        const PockmarkHost     *host,
                        PockmarkPlane          *planes[POCKMARK_N_COMPONENTS])
{
  Unmix unmix = { unmixing, planes };

  G_STATIC_ASSERT (POCKMARK_N_COMPONENTS == 3);
  planes[0] = g_steal_pointer (&reduced->red);
  planes[1] = g_steal_pointer (&reduced->green);
  planes[2] = g_steal_pointer (&reduced->blue);
  pockmark_host_parallel (host,
                          (gsize) planes[0]->width * planes[0]->height,
                          1 << 15, unmix_pixels, &unmix);
}
