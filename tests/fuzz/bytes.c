/* Pockmark: what fuzz targets make of an input's bytes
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "bytes.h"

/* More marks than this only cost time. */
#define MAX_MARKS 64

/* Haemoglobin, melanin and shading of the skin that marks are drawn on. */
static const gfloat plain_skin[3] = { 0.45f, 0.9f, 0.23f };

/* ---- Numbers -------------------------------------------------------------- */

gboolean
fuzz_ended (const FuzzBytes *bytes)
{
  return bytes->at >= bytes->size;
}

guint8
fuzz_byte (FuzzBytes *bytes)
{
  return fuzz_ended (bytes) ? 0 : bytes->data[bytes->at++];
}

gfloat
fuzz_float (FuzzBytes *bytes)
{
  guint8 bits[sizeof (gfloat)];
  gfloat value;
  gsize  i;

  for (i = 0; i < sizeof bits; i++)
    bits[i] = fuzz_byte (bytes);
  memcpy (&value, bits, sizeof value);
  return value;
}

gdouble
fuzz_double (FuzzBytes *bytes,
             gdouble    lo,
             gdouble    hi)
{
  static const gdouble steps[] = { 0.0, 1e-12, -1e-12, 1e-3, -1e-3 };
  const guint8         kind = fuzz_byte (bytes);
  guint8               bits[sizeof (gdouble)];
  gdouble              value;
  gsize                i;

  if (kind < 192)
    return lo + (hi - lo) * (gdouble) fuzz_byte (bytes) / 255.0;
  if (kind < 224)
    return (kind % 2 ? lo : hi) + steps[fuzz_byte (bytes) % G_N_ELEMENTS (steps)];
  for (i = 0; i < sizeof bits; i++)
    bits[i] = fuzz_byte (bytes);
  memcpy (&value, bits, sizeof value);
  return value;
}

void
fuzz_parameters (FuzzBytes          *bytes,
                 PockmarkParameters *parameters)
{
  const guint8 wishes = fuzz_byte (bytes);
  gint         i;

  pockmark_parameters_init (parameters);
  parameters->whole_is_skin = wishes & 1;
  if (wishes & 2)
    parameters->pixels_per_mm = fuzz_double (bytes, 0.05, 60.0);
  if (wishes & 4)
    parameters->sensitivity = fuzz_double (bytes, 0.0, 1.0);
  if (wishes & 8)
    parameters->light_azimuth = fuzz_double (bytes, 0.0, 360.0);
  for (i = 0; (wishes & 48) == 48 && i < 3; i++)
    {
      parameters->vectors.melanin[i] = (gfloat) fuzz_double (bytes, 0.0, 1.0);
      parameters->vectors.hemoglobin[i] = (gfloat) fuzz_double (bytes, 0.0, 1.0);
    }
}

void
fuzz_check (gboolean success,
            GError **error)
{
  if (success)
    g_assert_no_error (*error);
  else
    {
      g_assert_nonnull (*error);
      g_assert_true ((*error)->domain == POCKMARK_ERROR);
      g_assert_cmpuint (strlen ((*error)->message), >, 20);
      g_assert_true (g_str_has_suffix ((*error)->message, "."));
    }
  g_clear_error (error);
}

/* ---- Pictures ------------------------------------------------------------- */

typedef enum
{
  MARK_END,
  MARK_RED,
  MARK_BROWN,
  MARK_PIT,
  MARK_HOLLOW,
  MARK_HOLE,    /* not there */
  MARK_SLANT,   /* part of the alpha */
  MARK_VALUE,   /* any bits */
  MARK_LIGHT,   /* gloss or dark */
  MARK_TICKS,   /* a ruler's */
  MARK_PATTERN, /* checkerboard or noise */
  N_MARK_KINDS
} MarkKind;

/* In parts of the picture's sides. */
typedef struct
{
  MarkKind kind;
  gfloat   x;
  gfloat   y;
  gfloat   radius;
  gfloat   depth;
  gfloat   value; /* any bits */
} Mark;

static gboolean
mark_read (FuzzBytes *bytes,
           Mark      *mark)
{
  mark->kind = (MarkKind) (fuzz_byte (bytes) % N_MARK_KINDS);
  if (mark->kind == MARK_END)
    return FALSE;
  mark->x = (gfloat) fuzz_byte (bytes) / 255.0f;
  mark->y = (gfloat) fuzz_byte (bytes) / 255.0f;
  mark->radius = 0.002f * (gfloat) fuzz_byte (bytes) + 0.004f;
  mark->depth = 0.02f * (gfloat) (fuzz_byte (bytes) - 96);
  mark->value = mark->kind == MARK_VALUE ? fuzz_float (bytes) : 0.0f;
  return TRUE;
}

static guint32
scramble (guint32 n)
{
  n = (n ^ 61u) ^ (n >> 16);
  n *= 9u;
  n ^= n >> 4;
  n *= 0x27d4eb2du;
  return n ^ (n >> 15);
}

/* What the mark does at a pixel dx, dy radii from its middle. */
static void
mark_paint (const Mark *mark,
            gfloat      dx,
            gfloat      dy,
            guint32     place,
            gfloat      amount[3],
            gfloat     *pixel)
{
  const gfloat near = expf (-0.7f * (dx * dx + dy * dy));

  switch (mark->kind)
    {
    case MARK_RED:
      amount[0] += mark->depth * near;
      break;
    case MARK_BROWN:
      amount[1] += mark->depth * near;
      break;
    case MARK_PIT:
      amount[2] += mark->depth * near;
      break;
    case MARK_HOLLOW:
      amount[2] -= mark->depth * dx * near;
      break;
    case MARK_LIGHT:
      amount[2] += 5.0f * mark->depth * near;
      break;
    case MARK_HOLE:
    case MARK_SLANT:
      if (dx * dx + dy * dy < 1.0f)
        pixel[3] *= mark->kind == MARK_HOLE ? 0.0f : fabsf (dx);
      break;
    case MARK_TICKS:
      if (fabsf (dy) < 1.0f && fmodf (fabsf (dx) * 40.0f, 4.0f) < 1.0f)
        amount[2] += 2.0f;
      break;
    case MARK_PATTERN:
      if (fabsf (dx) < 1.0f && fabsf (dy) < 1.0f)
        amount[2] += mark->depth * (gfloat) (scramble (place) & 1);
      break;
    default:
      break;
    }
}

static void
draw_skin (FuzzBytes *bytes,
           gfloat    *data,
           gint       width,
           gint       height)
{
  const PockmarkVectors *v = &pockmark_vectors_default;
  const gfloat           grain = 0.0005f * (gfloat) fuzz_byte (bytes);
  const gfloat           side = (gfloat) MAX (width, height);
  Mark                   marks[MAX_MARKS];
  gint                   n = 0, x, y, i, c;

  while (n < MAX_MARKS && ! fuzz_ended (bytes) && mark_read (bytes, &marks[n]))
    n++;
  for (y = 0; y < height; y++)
    for (x = 0; x < width; x++)
      {
        const guint32 place = (guint32) (y * width + x);
        gfloat       *pixel = data + 4 * (gsize) place;
        gfloat        amount[3] = { plain_skin[0], plain_skin[1], plain_skin[2] };

        pixel[3] = 1.0f;
        for (i = 0; i < n; i++)
          mark_paint (&marks[i],
                      ((gfloat) x / side - marks[i].x) / marks[i].radius,
                      ((gfloat) y / side - marks[i].y) / marks[i].radius,
                      place, amount, pixel);
        for (c = 0; c < 3; c++)
          pixel[c] = expf (-amount[0] * v->hemoglobin[c]
                           - amount[1] * v->melanin[c] - amount[2]
                           + grain * (gfloat) (scramble (3 * place + (guint32) c) % 256)
                               / 128.0f);
        for (i = 0; i < n; i++)
          if (marks[i].kind == MARK_VALUE && x == (gint) (marks[i].x * side)
              && y == (gint) (marks[i].y * side))
            pixel[(gint) (marks[i].radius * 500.0f) % 4] = marks[i].value;
      }
}

static gboolean
read_codes (const PockmarkRect *rect,
            guint8             *codes,
            gpointer            user_data,
            GError            **error G_GNUC_UNUSED)
{
  const FuzzPicture *picture = user_data;
  const gsize        n = (gsize) picture->source.n_codes;
  gint               y;

  for (y = 0; y < rect->height; y++)
    memcpy (codes + (gsize) y * (gsize) rect->width * n,
            picture->codes
              + ((gsize) (rect->y + y) * (gsize) picture->pixels.width
                 + (gsize) rect->x) * n,
            (gsize) rect->width * n);
  return TRUE;
}

static gboolean
read_pixels (const PockmarkRect *rect,
             gfloat             *pixels,
             gpointer            user_data,
             GError            **error)
{
  const FuzzPicture *picture = user_data;
  PockmarkSource     plain
      = pockmark_source_from_pixels ((PockmarkPixels *) &picture->pixels);

  return plain.read (rect, pixels, plain.user_data, error);
}

/* As the 8-bit picture that it could come from; both tell the same. */
static void
add_codes (FuzzPicture *picture,
           gint         n_codes)
{
  const gsize n = (gsize) picture->pixels.width * (gsize) picture->pixels.height;
  gsize       i;

  picture->codes = g_new (guint8, n * (gsize) n_codes);
  for (i = 0; i < n; i++)
    {
      gint c;

      for (c = 0; c < n_codes; c++)
        {
          const gfloat v = picture->data[4 * i + (gsize) c];

          picture->codes[i * (gsize) n_codes + (gsize) c]
              = v > 0.0f ? (guint8) (MIN (v, 1.0f) * 255.0f) : 0;
        }
    }
  picture->source.read_codes = read_codes;
  picture->source.n_codes = n_codes;
}

FuzzPicture *
fuzz_picture_new (FuzzBytes *bytes,
                  gint       side)
{
  FuzzPicture *picture = g_new0 (FuzzPicture, 1);
  const gint   width = 1 + fuzz_byte (bytes) % side;
  const gint   height = 1 + fuzz_byte (bytes) % side;
  const gsize  n = (gsize) width * (gsize) height;
  const guint8 kind = fuzz_byte (bytes);
  gsize        i;

  picture->data = g_new0 (gfloat, 4 * n);
  if (kind % 4 == 3)
    {
      const gsize start = bytes->at;

      for (i = 0; i < 4 * n; i++)
        {
          if (fuzz_ended (bytes))
            bytes->at = MIN (start, bytes->size);
          picture->data[i] = fuzz_float (bytes);
        }
      /* Any other alpha is against the contract of PockmarkRead's callers. */
      for (i = 3; kind & 64 && i < 4 * n; i += 4)
        picture->data[i] = 1.0f;
    }
  else
    draw_skin (bytes, picture->data, width, height);

  picture->pixels = (PockmarkPixels) { width, height, picture->data };
  picture->source = (PockmarkSource) { .width = width, .height = height,
                                       .read = read_pixels,
                                       .user_data = picture };
  if (kind & 8)
    add_codes (picture, kind & 16 ? 4 : 3);
  return picture;
}

void
fuzz_picture_free (FuzzPicture *picture)
{
  g_free (picture->data);
  g_free (picture->codes);
  g_free (picture);
}
