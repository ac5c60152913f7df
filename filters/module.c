/* Pockmark: the GEGL module that brings the five operations
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gi18n-lib.h>

#include <gegl-plugin.h>

#include "pockmark-place.h"

G_MODULE_EXPORT const GeglModuleInfo *gegl_module_query (GTypeModule *module);
G_MODULE_EXPORT gboolean gegl_module_register (GTypeModule *module);

/* Each defined by gegl-op.h in the operation's own file. */
void gegl_op_pockmark_chromophores_register_type (GTypeModule *module);
void gegl_op_pockmark_redness_register_type (GTypeModule *module);
void gegl_op_pockmark_lesions_register_type (GTypeModule *module);
void gegl_op_pockmark_annotate_register_type (GTypeModule *module);
void gegl_op_pockmark_detect_register_type (GTypeModule *module);

const GeglModuleInfo *
gegl_module_query (GTypeModule *module)
{
  static const GeglModuleInfo info = { GEGL_MODULE_ABI_VERSION };

  return &info;
}

gboolean
gegl_module_register (GTypeModule *module)
{
  g_autofree gchar *catalogues =
    pockmark_place_find (POCKMARK_LOCALE_FROM_HERE, POCKMARK_LOCALE_DIR);

  bindtextdomain (GETTEXT_PACKAGE, catalogues);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");

  gegl_op_pockmark_chromophores_register_type (module);
  gegl_op_pockmark_redness_register_type (module);
  gegl_op_pockmark_lesions_register_type (module);
  gegl_op_pockmark_annotate_register_type (module);
  gegl_op_pockmark_detect_register_type (module);
  return TRUE;
}
