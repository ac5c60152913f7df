/* The plug-in: which procedures it has
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pockmark-place.h"
#include "pockmark.h"

#define POCKMARK_TYPE_PLUG_IN (pockmark_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (PockmarkPlugIn, pockmark_plug_in, POCKMARK, PLUG_IN,
                      GimpPlugIn)

struct _PockmarkPlugIn
{
  GimpPlugIn parent_instance;
};

G_DEFINE_FINAL_TYPE (PockmarkPlugIn, pockmark_plug_in, GIMP_TYPE_PLUG_IN)

GIMP_MAIN (POCKMARK_TYPE_PLUG_IN)

typedef GimpProcedure *(*CreateProcedure) (GimpPlugIn  *plug_in,
                                           const gchar *name);

static const struct
{
  const gchar     *name;
  CreateProcedure  create;
} procedures[] = {
  { "plug-in-compare-visits", compare_visits_create },
  { "plug-in-detect-pockmarks", detect_pockmarks_create },
  { "plug-in-map-redness", map_redness_create },
  { "plug-in-measure-pockmarks", measure_pockmarks_create },
  { "plug-in-set-skin-scale", set_skin_scale_create },
  { "plug-in-survey-photographs", survey_photographs_create },
};

static GList *
query_procedures (GimpPlugIn *plug_in)
{
  g_autofree gchar *folder = pockmark_place_find (POCKMARK_HELP_FROM_HERE,
                                                  POCKMARK_HELP_DIR);
  GFile            *guide = g_file_new_for_path (folder);
  GList            *names = NULL;

  /* GIMP looks up the procedures' names in the guide's gimp-help.xml. */
  gimp_plug_in_set_help_domain (plug_in, "pockmark-help", guide);
  g_object_unref (guide);

  for (gsize i = 0; i < G_N_ELEMENTS (procedures); i++)
    names = g_list_append (names, g_strdup (procedures[i].name));

  return names;
}

static GimpProcedure *
create_procedure (GimpPlugIn *plug_in, const gchar *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (procedures); i++)
    if (g_str_equal (name, procedures[i].name))
      return procedures[i].create (plug_in, name);

  return NULL;
}

/* The catalogues are where the filters have theirs, not in a folder of the
 * plug-in: FALSE tells GIMP that this is seen to. */
static gboolean
set_i18n (GimpPlugIn   *plug_in,
          const gchar  *procedure_name,
          gchar       **gettext_domain,
          gchar       **catalog_dir)
{
  g_autofree gchar *catalogues =
    pockmark_place_find (POCKMARK_LOCALE_FROM_HERE, POCKMARK_LOCALE_DIR);

  bindtextdomain (GETTEXT_PACKAGE, catalogues);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");

  return FALSE;
}

static void
pockmark_plug_in_class_init (PockmarkPlugInClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  plug_in_class->query_procedures = query_procedures;
  plug_in_class->create_procedure = create_procedure;
  plug_in_class->set_i18n = set_i18n;
}

static void
pockmark_plug_in_init (PockmarkPlugIn *plug_in)
{
}
