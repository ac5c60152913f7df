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

/* Colours after Okabe and Ito, "Color Universal Design", 2008
 * (https://jfly.uni-koeln.de/color/), lightened where skin would swallow
 * them: two cold, one yellow, one purple, none on the axis of skin tones. */
static const ClassInfo class_info[POCKMARK_N_CLASSES] = {
  [POCKMARK_NONE] = { "none", { 0.5f, 0.5f, 0.5f } },
  [POCKMARK_CRATER] = { "crater", { 0.00f, 0.65f, 1.00f } },
  [POCKMARK_ICE_PICK] = { "ice-pick", { 1.00f, 0.92f, 0.10f } },
  [POCKMARK_RED_MARK] = { "red-mark", { 0.85f, 0.10f, 0.75f } },
  [POCKMARK_BROWN_MARK] = { "brown-mark", { 0.00f, 0.80f, 0.45f } },
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
