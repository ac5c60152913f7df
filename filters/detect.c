/* Pockmark: pockmark:detect, the lesions of a photograph painted over it
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   input ------------------> annotate -> output
 *      \---> lesions ---aux----/
 *
 * The lesion map stays in the cache of its node: other colours do not detect
 * again.
 */

#include <glib/gi18n-lib.h>

#include "pockmark-operation.h"

#ifdef GEGL_PROPERTIES

#include "properties-skin.h"
#include "properties-find.h"
#include "properties-paint.h"

#else

#define GEGL_OP_META
#define GEGL_OP_NAME pockmark_detect
#define GEGL_OP_C_SOURCE detect.c

#include "gegl-op.h"

/* Both have their properties from the same text as this operation. */
static void
redirect_properties (GeglOperation *operation, GeglNode *child)
{
  GObject                *target
      = G_OBJECT (gegl_node_get_gegl_operation (child));
  g_autofree GParamSpec **specs = NULL;
  guint                   n_specs;
  guint                   i;

  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (operation),
                                          &n_specs);
  for (i = 0; i < n_specs; i++)
    if (g_object_class_find_property (G_OBJECT_GET_CLASS (target),
                                      specs[i]->name))
      gegl_operation_meta_redirect (operation, specs[i]->name, child,
                                    specs[i]->name);
}

static void
attach (GeglOperation *operation)
{
  GeglNode *graph = operation->node;
  GeglNode *input = gegl_node_get_input_proxy (graph, "input");
  GeglNode *output = gegl_node_get_output_proxy (graph, "output");
  GeglNode *lesions = gegl_node_new_child (
      graph, "operation", "pockmark:lesions", NULL);
  GeglNode *annotate = gegl_node_new_child (
      graph, "operation", "pockmark:annotate", NULL);

  gegl_node_link_many (input, annotate, output, NULL);
  gegl_node_link (input, lesions);
  gegl_node_connect (lesions, "output", annotate, "aux");

  redirect_properties (operation, lesions);
  redirect_properties (operation, annotate);
}

static void
gegl_op_class_init (GeglOpClass *klass)
{
  GeglOperationClass *operation_class = GEGL_OPERATION_CLASS (klass);

  operation_class->attach = attach;

  gegl_operation_class_set_keys (operation_class,
    "name",            "pockmark:detect",
    "title",           _("Pockmark Overlay"),
    "categories",      "dermatology",
    "op-version",      POCKMARK_OPERATION_VERSION,
    "description",     _("Find craters, ice-pick scars, red marks and brown "
                         "marks on skin and paint them over the photograph."),
    "gimp:menu-path",  "<Image>/Filters/Dermatology",
    "gimp:menu-label", _("Pockmark _Overlay…"),
    NULL);
}

#endif
