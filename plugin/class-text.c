/* Classes, fates and flags in the user's language, and colours in markup
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "class-text.h"

const gchar *
class_text_name (PockmarkClass klass)
{
  switch (klass)
    {
    case POCKMARK_CRATER:
      return _("Crater");
    case POCKMARK_ICE_PICK:
      return _("Ice-pick");
    case POCKMARK_RED_MARK:
      return _("Red mark");
    case POCKMARK_BROWN_MARK:
      return _("Brown mark");
    default:
      return _("None");
    }
}

const gchar *
class_text_mnemonic (PockmarkClass klass)
{
  switch (klass)
    {
    case POCKMARK_CRATER:
      return _("_Crater");
    case POCKMARK_ICE_PICK:
      return _("_Ice-pick");
    case POCKMARK_RED_MARK:
      return _("_Red mark");
    case POCKMARK_BROWN_MARK:
      return _("_Brown mark");
    default:
      return _("_None");
    }
}

const gchar *
class_text_plural (PockmarkClass klass)
{
  switch (klass)
    {
    case POCKMARK_CRATER:
      return _("Craters");
    case POCKMARK_ICE_PICK:
      return _("Ice-picks");
    case POCKMARK_RED_MARK:
      return _("Red marks");
    case POCKMARK_BROWN_MARK:
      return _("Brown marks");
    default:
      return "";
    }
}

static gchar *
count_text (PockmarkClass klass, guint count)
{
  switch (klass)
    {
    case POCKMARK_CRATER:
      return g_strdup_printf (ngettext ("%u crater", "%u craters", count),
                              count);
    case POCKMARK_ICE_PICK:
      return g_strdup_printf (ngettext ("%u ice-pick", "%u ice-picks", count),
                              count);
    case POCKMARK_RED_MARK:
      return g_strdup_printf (ngettext ("%u red mark", "%u red marks", count),
                              count);
    case POCKMARK_BROWN_MARK:
      return g_strdup_printf (ngettext ("%u brown mark", "%u brown marks",
                                        count), count);
    default:
      return g_strdup_printf ("%u", count);
    }
}

const gchar *
class_text_fate (PockmarkFate fate)
{
  switch (fate)
    {
    case POCKMARK_FATE_NEW:
      return _("New");
    case POCKMARK_FATE_PERSISTING:
      return _("Persisting");
    case POCKMARK_FATE_RESOLVED:
      return _("Resolved");
    default:
      return _("Not compared");
    }
}

static const gchar *
flag_text (PockmarkFlags bit)
{
  switch (bit)
    {
    case POCKMARK_FLAG_BORDER:
      return _("at the border");
    case POCKMARK_FLAG_GLOSS:
      return _("gloss");
    case POCKMARK_FLAG_DARK_SKIN:
      return _("dark skin");
    case POCKMARK_FLAG_LOW_CONFIDENCE:
      return _("low confidence");
    case POCKMARK_FLAG_EDITED:
      return _("edited");
    default:
      return NULL;
    }
}

gchar *
class_text_flags (guint flags)
{
  GString *text = g_string_new (NULL);

  for (guint bit = 1; bit != 0 && bit <= flags; bit <<= 1)
    {
      const gchar *words = (flags & bit) != 0 ? flag_text (bit) : NULL;

      if (words != NULL && text->len > 0)
        g_string_append (text, ", ");
      if (words != NULL)
        g_string_append (text, words);
    }

  return g_string_free (text, FALSE);
}

void
class_text_add_colour (GString *text, const gfloat rgb[3])
{
  g_string_append_printf (text, "#%02lx%02lx%02lx", lrintf (255.0f * rgb[0]),
                          lrintf (255.0f * rgb[1]), lrintf (255.0f * rgb[2]));
}

void
class_text_add_count (GString *text, PockmarkClass klass, guint count)
{
  g_autofree gchar *words = count_text (klass, count);

  g_string_append_printf (text, "%s<span foreground=\"",
                          text->len > 0 ? "     " : "");
  class_text_add_colour (text, pockmark_class_colour (klass));
  g_string_append_printf (text, "\">⬤</span> %s", words);
}
