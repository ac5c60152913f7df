/* Pockmark: pockmark:chromophores, one chromophore as a grey picture
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chromophore's density becomes a grey value by one fixed line, the same
 * for every photograph, so that pictures may be compared:
 *
 *   grey = (density - black) / (white - black)      in R'G'B', not clipped
 *
 * Skin of all tones lies between black and white, typical skin about the
 * middle: see display_range.
 */

#include <glib/gi18n-lib.h>

#include "pockmark-operation.h"

#ifdef GEGL_PROPERTIES

enum_start (pockmark_chromophores_component)
  enum_value (POCKMARK_CHROMOPHORES_HEMOGLOBIN, "hemoglobin", N_("Hemoglobin"))
  enum_value (POCKMARK_CHROMOPHORES_MELANIN, "melanin", N_("Melanin"))
  enum_value (POCKMARK_CHROMOPHORES_SHADING, "shading", N_("Shading"))
enum_end (PockmarkChromophoresComponent)

property_enum (component, _("Component"), PockmarkChromophoresComponent,
               pockmark_chromophores_component,
               POCKMARK_CHROMOPHORES_HEMOGLOBIN)
    description (_("Hemoglobin shows redness and melanin pigment, brighter "
                   "where there is more; shading shows light and relief "
                   "without any color."))

#else

#define GEGL_OP_POINT_FILTER
#define GEGL_OP_NAME pockmark_chromophores
#define GEGL_OP_C_SOURCE chromophores.c

#include "gegl-op.h"

G_STATIC_ASSERT ((gint) POCKMARK_CHROMOPHORES_HEMOGLOBIN
                 == (gint) POCKMARK_HEMOGLOBIN);
G_STATIC_ASSERT ((gint) POCKMARK_CHROMOPHORES_MELANIN
                 == (gint) POCKMARK_MELANIN);
G_STATIC_ASSERT ((gint) POCKMARK_CHROMOPHORES_SHADING
                 == (gint) POCKMARK_SHADING);

/* Densities shown black and white.  In photographs of skin, from very light
 * to dark and under any white balance, the median haemoglobin lies in
 * -0.4-2.4, melanin in -0.3-2.6 and shading in -0.2-2.7.  Shading is shown
 * upside down, so that what is dark in the photograph stays dark. */
static const struct
{
  gfloat black;
  gfloat white;
} display_range[] = {
  [POCKMARK_HEMOGLOBIN] = { -0.5f, 2.5f },
  [POCKMARK_MELANIN] = { -1.0f, 3.0f },
  [POCKMARK_SHADING] = { 2.5f, -0.5f },
};

/* Pixels that are unmixed at a time, on the stack. */
#define CHUNK 256

static void
prepare (GeglOperation *operation)
{
  gegl_operation_set_format (operation, "input",
                             pockmark_gegl_photograph_format ());
  gegl_operation_set_format (
      operation, "output",
      babl_format_with_space ("Y'A float", babl_space ("sRGB")));
}

static gboolean
process (GeglOperation       *operation,
         void                *in_buf,
         void                *out_buf,
         glong                samples,
         const GeglRectangle *roi,
         gint                 level)
{
  PockmarkComponent component
      = (PockmarkComponent) GEGL_PROPERTIES (operation)->component;
  const gfloat      black = display_range[component].black;
  const gfloat      scale = 1.0f / (display_range[component].white - black);
  const gfloat     *in = in_buf;
  gfloat           *out = out_buf;
  PockmarkUnmixing  unmixing;
  gfloat            density[CHUNK];

  if (! pockmark_unmixing_init (&unmixing, &pockmark_vectors_default, NULL))
    return FALSE;

  while (samples > 0)
    {
      glong n = MIN (samples, CHUNK);
      glong i;

      pockmark_chromophore (&unmixing, component, in, density, n);
      for (i = 0; i < n; i++)
        {
          out[2 * i] = (density[i] - black) * scale;
          out[2 * i + 1] = in[4 * i + 3];
        }
      in += 4 * n;
      out += 2 * n;
      samples -= n;
    }
  return TRUE;
}

static void
gegl_op_class_init (GeglOpClass *klass)
{
  GeglOperationClass            *operation_class = GEGL_OPERATION_CLASS (klass);
  GeglOperationPointFilterClass *point_filter_class
      = GEGL_OPERATION_POINT_FILTER_CLASS (klass);

  operation_class->prepare = prepare;
  operation_class->opencl_support = FALSE;
  point_filter_class->process = process;

  gegl_operation_class_set_keys (operation_class,
    "name",            "pockmark:chromophores",
    "title",           _("Chromophores"),
    "categories",      "dermatology",
    "op-version",      POCKMARK_OPERATION_VERSION,
    "description",     _("Separate the color of skin into hemoglobin, melanin "
                         "and shading, and show one of them in gray."),
    "gimp:menu-path",  "<Image>/Filters/Dermatology",
    "gimp:menu-label", _("C_hromophores…"),
    NULL);
}

#endif
