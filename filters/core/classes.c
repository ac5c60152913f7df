/* Pockmark: the classes of findings
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pockmark-core.h"

typedef struct
{
  const gchar *word;
  gfloat       colour[3];
} ClassInfo;

/* Chosen by search for the greatest least difference, CIEDE2000 17, between
 * each other and from six skin tones, for normal sight and for protanopes,
 * deuteranopes and tritanopes (test-colours shows the check): light blue,
 * yellow, violet and green. */
static const ClassInfo class_info[POCKMARK_N_CLASSES] = {
  [POCKMARK_NONE] = { "none", { 0.5f, 0.5f, 0.5f } },
  [POCKMARK_CRATER] = { "crater", { 0.00f, 0.90f, 0.98f } },
  [POCKMARK_ICE_PICK] = { "ice-pick", { 1.00f, 1.00f, 0.25f } },
  [POCKMARK_RED_MARK] = { "red-mark", { 0.62f, 0.19f, 0.99f } },
  [POCKMARK_BROWN_MARK] = { "brown-mark", { 0.48f, 0.73f, 0.00f } },
};

const gchar *
pockmark_class_word (PockmarkClass klass)
{
  return class_info[(guint) klass < POCKMARK_N_CLASSES ? klass : POCKMARK_NONE]
      .word;
}

PockmarkClass
pockmark_class_from_word (const gchar *word)
{
  guint i;

  for (i = POCKMARK_CRATER; i < POCKMARK_N_CLASSES; i++)
    if (g_strcmp0 (word, class_info[i].word) == 0)
      return (PockmarkClass) i;
  return POCKMARK_NONE;
}

const gfloat *
pockmark_class_colour (PockmarkClass klass)
{
  return class_info[(guint) klass < POCKMARK_N_CLASSES ? klass : POCKMARK_NONE]
      .colour;
}
