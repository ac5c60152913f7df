/* Phantom photographs: chance that is the same on every machine
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "phantom-private.h"

#define GOLDEN G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

static guint64
mix (guint64 z)
{
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Each quarter of the bits is one uniform; their sum has s.d. 65536/sqrt(3). */
static gdouble
normal_of_bits (guint64 bits)
{
  gint64 sum = (gint64) (bits & 0xffff) + (gint64) ((bits >> 16) & 0xffff)
               + (gint64) ((bits >> 32) & 0xffff) + (gint64) (bits >> 48);

  return (sum - 131070) * (1.7320508075688772 / 65536.0);
}

void
phantom_random_init (PhantomRandom *random,
                     guint64        seed,
                     guint64        stream)
{
  random->state = mix (seed + GOLDEN) ^ mix (stream * GOLDEN + 1);
}

guint64
phantom_random_bits (PhantomRandom *random)
{
  random->state += GOLDEN;
  return mix (random->state);
}

gdouble
phantom_random_uniform (PhantomRandom *random,
                        gdouble        low,
                        gdouble        high)
{
  gdouble t = (phantom_random_bits (random) >> 11) * 0x1p-53;

  return low + (high - low) * t;
}

gdouble
phantom_random_log (PhantomRandom *random,
                    gdouble        low,
                    gdouble        high)
{
  return exp (phantom_random_uniform (random, log (low), log (high)));
}

gdouble
phantom_random_normal (PhantomRandom *random)
{
  return normal_of_bits (phantom_random_bits (random));
}

gboolean
phantom_random_chance (PhantomRandom *random,
                       gdouble        share)
{
  return phantom_random_uniform (random, 0.0, 1.0) < share;
}

guint64
phantom_hash (guint64 seed,
              gint    x,
              gint    y)
{
  guint64 place = ((guint64) (guint32) x << 32) | (guint32) y;

  return mix (mix (place + GOLDEN) ^ (seed * GOLDEN));
}

gfloat
phantom_hash_normal (guint64 seed,
                     gint    x,
                     gint    y)
{
  return (gfloat) normal_of_bits (phantom_hash (seed, x, y));
}
