/* How many pixels a millimetre of skin has, and who says so
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "skin-scale.h"
#include "record.h"

gboolean
skin_scale_is_possible (gdouble pixels_per_mm)
{
  return pixels_per_mm >= SKIN_SCALE_MIN && pixels_per_mm <= SKIN_SCALE_MAX;
}

gboolean
skin_scale_resolve (SkinScale  *scale,
                    GimpImage  *image,
                    gdouble     argument,
                    GError    **error)
{
  scale->pixels_per_mm = 0.0;
  scale->source = NULL;

  if (argument == 0.0)
    {
      record_get_scale (image, &scale->pixels_per_mm, &scale->source);
      return TRUE;
    }

  if (!skin_scale_is_possible (argument))
    {
      g_set_error (error, GIMP_PLUG_IN_ERROR, 0,
                   _("The skin scale must lie between %g and %g pixels per "
                     "mm, or be 0 where it is not known."),
                   SKIN_SCALE_MIN, SKIN_SCALE_MAX);
      return FALSE;
    }

  scale->pixels_per_mm = argument;
  scale->source = g_strdup ("argument");
  return TRUE;
}

void
skin_scale_clear (SkinScale *scale)
{
  g_clear_pointer (&scale->source, g_free);
  scale->pixels_per_mm = 0.0;
}

const gchar *
skin_scale_word (const SkinScale *scale)
{
  return scale->source != NULL ? scale->source : "unknown";
}

gchar *
skin_scale_explain (GimpImage *image, gdouble argument)
{
  g_autofree gchar *source = NULL;
  gdouble           kept;

  if (skin_scale_is_possible (argument))
    return g_strdup_printf (_("10 mm of skin are %.0f pixels. The image will "
                              "remember this."), 10.0 * argument);
  if (argument > 0.0)
    return g_strdup (_("Too few pixels to see anything: check the number."));
  if (record_get_scale (image, &kept, &source))
    return g_strdup_printf (_("0: the image's own skin scale, %.2f pixels per "
                              "mm."), kept);

  return g_strdup (_("0: not known. Sizes are given in pixels and widths are "
                     "judged against each other."));
}
