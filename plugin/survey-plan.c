/* Which photographs a survey has, and what they are called
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "outputs.h"
#include "survey-plan.h"
#include "survey-scales.h"

/* What a file name ends with that GIMP, alone or with a program for raw
 * photographs, opens as a photograph. */
static const gchar *const endings[] = {
  "jpg", "jpeg", "jpe", "jfif", "png", "tif", "tiff", "webp", "xcf", "heic",
  "heif", "avif", "jxl", "jp2", "j2k", "bmp", "gif", "psd", "tga", "ppm",
  "pnm", "exr", "hdr", "fits", "dng", "cr2", "cr3", "crw", "nef", "nrw", "arw",
  "sr2", "orf", "raf", "rw2", "pef", "srw", "x3f", "3fr", "iiq", "erf", "mrw",
  "xcf.gz", "xcf.bz2", "xcf.xz"
};

/* The longest stem in bytes: with the endings of the results it stays below
 * what file systems take for a name. */
#define MAX_STEM 200

/* Before a byte of a name that is not UTF-8. */
#define BYTE_MARK "\\x"

static void
photograph_free (gpointer data)
{
  SurveyPhotograph *photograph = data;

  g_clear_object (&photograph->file);
  g_free (photograph->name);
  g_free (photograph->stem);
  g_free (photograph->failure);
  g_free (photograph);
}

static gboolean
is_photograph (const gchar *base)
{
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      gsize at = strlen (base) - MIN (strlen (base), strlen (endings[i]));

      if (at > 1 && base[at - 1] == '.'
          && g_ascii_strcasecmp (base + at, endings[i]) == 0)
        return TRUE;
    }

  return FALSE;
}

/* ---- Names -------------------------------------------------------------- */

/* text with every byte that is not UTF-8 in hexadecimal digits behind mark. */
static gchar *
make_utf8 (const gchar *text, const gchar *mark)
{
  GString     *made = g_string_new (NULL);
  const gchar *bad;

  while (!g_utf8_validate (text, -1, &bad))
    {
      g_string_append_len (made, text, bad - text);
      g_string_append_printf (made, "%s%02x", mark, (guint) (guchar) *bad);
      text = bad + 1;
    }
  g_string_append (made, text);

  return g_string_free (made, FALSE);
}

/* The file's name without its ending, as far as any file system takes it. */
static gchar *
natural_stem (GFile *file)
{
  g_autofree gchar *base = g_file_get_basename (file);
  gchar            *stem = make_utf8 (base, "_");
  gchar            *dot = strrchr (stem, '.');
  gsize             length;

  if (dot != NULL && dot != stem)
    *dot = '\0';
  for (gchar *c = stem; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) || *c == '/')
      *c = '_';

  length = strlen (stem);
  if (length > MAX_STEM)
    {
      for (length = MAX_STEM; (stem[length] & 0xc0) == 0x80; length--)
        ;
      stem[length] = '\0';
    }

  return stem;
}

/* start, or start-2, start-3 ... where that is taken; takes it. */
static gchar *
take_free (GHashTable *taken, const gchar *start)
{
  for (guint n = 1;; n++)
    {
      g_autofree gchar *candidate =
        n == 1 ? g_strdup (start) : g_strdup_printf ("%s-%u", start, n);
      gchar            *key = g_utf8_casefold (candidate, -1);

      if (g_hash_table_add (taken, key))
        return g_steal_pointer (&candidate);
    }
}

/* First those who get their natural stem, so that "a-2.jpg" is not called
 * otherwise because of two a. */
static void
give_stems (GPtrArray *plan)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash,
                                                        g_str_equal, g_free,
                                                        NULL);
  g_autoptr (GPtrArray)  natural = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < plan->len; i++)
    {
      SurveyPhotograph *photograph = g_ptr_array_index (plan, i);
      gchar            *stem = natural_stem (photograph->file);

      g_ptr_array_add (natural, stem);
      if (g_hash_table_add (taken, g_utf8_casefold (stem, -1)))
        photograph->stem = g_strdup (stem);
    }
  for (guint i = 0; i < plan->len; i++)
    {
      SurveyPhotograph *photograph = g_ptr_array_index (plan, i);

      if (photograph->stem == NULL)
        photograph->stem = take_free (taken, g_ptr_array_index (natural, i));
    }
}

/* Where a name that is not UTF-8 looks like one that is. */
static void
part_names (GPtrArray *plan)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < plan->len; i++)
    {
      SurveyPhotograph *photograph = g_ptr_array_index (plan, i);
      g_autofree gchar *start = g_strdup (photograph->name);

      for (guint n = 2; !g_hash_table_add (taken, photograph->name); n++)
        {
          g_free (photograph->name);
          photograph->name = g_strdup_printf ("%s (%u)", start, n);
        }
    }
}

static SurveyPhotograph *
add_photograph (GPtrArray *plan, GFile *file, const gchar *name)
{
  SurveyPhotograph *photograph = g_new0 (SurveyPhotograph, 1);

  photograph->file = g_object_ref (file);
  photograph->name = g_strdup (name);
  g_ptr_array_add (plan, photograph);

  return photograph;
}

/* The table near, beside the photograph, knows more than the one above. */
static void
find_scale (SurveyPhotograph *photograph,
            SurveyScales     *near,
            SurveyScales     *top)
{
  g_autofree gchar  *base = g_file_get_basename (photograph->file);
  g_autofree gchar  *shown = make_utf8 (base, BYTE_MARK);
  g_autoptr (GError) error = NULL;
  gboolean           found;

  found = survey_scales_find (near, shown, &photograph->scale, &error);
  if (found && photograph->scale == 0.0 && near != top)
    found = survey_scales_find (top, photograph->name, &photograph->scale,
                                &error);
  if (!found)
    photograph->failure = g_strdup (error->message);
}

/* ---- A folder ----------------------------------------------------------- */

typedef struct
{
  GFile        *results;
  SurveyScales *scales;  /* of the top folder */
  GHashTable   *visited; /* folders, so that links cannot lead in circles */
  GPtrArray    *plan;
} Walk;

/* What a file is whatever way leads to it; NULL where it is not there.  To be
 * freed. */
static gchar *
identity (GFile *file)
{
  g_autoptr (GFileInfo) info =
    g_file_query_info (file, G_FILE_ATTRIBUTE_ID_FILE, G_FILE_QUERY_INFO_NONE,
                       NULL, NULL);

  return info == NULL
           ? NULL
           : g_strdup (g_file_info_get_attribute_string (
               info, G_FILE_ATTRIBUTE_ID_FILE));
}

static gboolean
are_one (GFile *a, GFile *b)
{
  g_autofree gchar *first = identity (a);
  g_autofree gchar *second = identity (b);

  return g_file_equal (a, b)
         || (first != NULL && g_strcmp0 (first, second) == 0);
}

static gboolean
is_results (Walk *walk, GFile *folder)
{
  g_autoptr (GFile) hidden = g_file_get_child (folder, OUTPUTS_HIDDEN);

  return are_one (folder, walk->results)
         || g_file_query_exists (hidden, NULL);
}

static void walk_folder (Walk *walk, GFile *folder, const gchar *prefix);

static void
walk_child (Walk         *walk,
            SurveyScales *near,
            GFile        *child,
            GFileInfo    *info,
            const gchar  *prefix)
{
  const gchar      *base = g_file_info_get_name (info);
  g_autofree gchar *shown = make_utf8 (base, BYTE_MARK);
  g_autofree gchar *name = g_strconcat (prefix, shown, NULL);

  if (base[0] == '.')
    return;

  if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
    {
      g_autofree gchar *below = g_strconcat (name, "/", NULL);

      if (!is_results (walk, child))
        walk_folder (walk, child, below);
    }
  else if (is_photograph (base))
    find_scale (add_photograph (walk->plan, child, name), near, walk->scales);
}

/* FALSE where the folder was met before, on another way. */
static gboolean
visit (Walk *walk, GFile *folder)
{
  gchar *id = identity (folder);

  return id == NULL || g_hash_table_add (walk->visited, id);
}

static void
walk_folder (Walk *walk, GFile *folder, const gchar *prefix)
{
  g_autoptr (GFileEnumerator) children = NULL;
  g_autoptr (SurveyScales)    scales = NULL;
  GFileInfo                  *info;
  GFile                      *child;

  if (!visit (walk, folder))
    return;

  children = g_file_enumerate_children (folder,
                                        G_FILE_ATTRIBUTE_STANDARD_NAME
                                        "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                        G_FILE_QUERY_INFO_NONE, NULL, NULL);
  if (children == NULL)
    {
      add_photograph (walk->plan, folder, prefix)->failure =
        g_strdup (_("The folder cannot be read: its photographs were not "
                    "examined."));
      return;
    }

  if (*prefix != '\0')
    scales = survey_scales_load (folder);
  while (g_file_enumerator_iterate (children, &info, &child, NULL, NULL)
         && info != NULL)
    walk_child (walk, scales != NULL ? scales : walk->scales, child, info,
                prefix);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  const SurveyPhotograph *const *first = a;
  const SurveyPhotograph *const *second = b;

  return strcmp ((*first)->name, (*second)->name);
}

static GPtrArray *
refuse (GError **error, const gchar *sentence)
{
  g_set_error_literal (error, GIMP_PLUG_IN_ERROR, 0, sentence);
  return NULL;
}

GPtrArray *
survey_plan_folder (GFile *folder, GFile *results, GError **error)
{
  g_autoptr (GPtrArray) plan =
    g_ptr_array_new_with_free_func (photograph_free);
  Walk                  walk = { results, NULL, NULL, plan };

  if (g_file_query_file_type (folder, G_FILE_QUERY_INFO_NONE, NULL)
      != G_FILE_TYPE_DIRECTORY)
    return refuse (error, _("There is no such folder of photographs: choose "
                            "another."));
  if (are_one (folder, results))
    return refuse (error, _("Choose another folder for the results than that "
                            "of the photographs."));

  walk.scales = survey_scales_load (folder);
  walk.visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        NULL);
  walk_folder (&walk, folder, "");
  survey_scales_free (walk.scales);
  g_hash_table_unref (walk.visited);

  if (plan->len == 0)
    return refuse (error, _("There is no photograph in the folder."));

  g_ptr_array_sort (plan, compare_names);
  part_names (plan);
  give_stems (plan);
  return g_steal_pointer (&plan);
}

/* ---- A list ------------------------------------------------------------- */

/* The file's name, with its folder's where that is taken, else its path. */
static gchar *
list_name (GFile *file, GHashTable *taken)
{
  g_autoptr (GFile) parent = g_file_get_parent (file);
  g_autofree gchar *folder = parent != NULL ? g_file_get_basename (parent)
                                            : g_strdup ("");
  g_autofree gchar *base = g_file_get_basename (file);
  g_autofree gchar *both = g_strconcat (folder, "/", base, NULL);
  const gchar      *const names[] = { base, both, g_file_peek_path (file) };
  gsize             i = 0;
  gchar            *name = make_utf8 (names[0], BYTE_MARK);

  while (g_hash_table_contains (taken, name) && i + 1 < G_N_ELEMENTS (names))
    {
      g_free (name);
      name = make_utf8 (names[++i], BYTE_MARK);
    }

  return name;
}

GPtrArray *
survey_plan_list (GStrv uris, GError **error)
{
  g_autoptr (GPtrArray)  plan =
    g_ptr_array_new_with_free_func (photograph_free);
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) files = g_hash_table_new_full (
    (GHashFunc) g_file_hash, (GEqualFunc) g_file_equal, g_object_unref, NULL);

  for (gsize i = 0; uris[i] != NULL; i++)
    {
      g_autoptr (GFile)        file = g_file_new_for_commandline_arg (uris[i]);
      g_autoptr (GFile)        folder = g_file_get_parent (file);
      g_autoptr (SurveyScales) scales = NULL;
      g_autofree gchar        *name = NULL;
      SurveyPhotograph        *photograph;

      if (g_file_peek_path (file) == NULL || folder == NULL)
        return refuse (error, _("Photographs must be files of this "
                                "machine."));
      if (!g_hash_table_add (files, g_object_ref (file)))
        continue;

      name = list_name (file, taken);
      photograph = add_photograph (plan, file, name);
      g_hash_table_add (taken, photograph->name);
      scales = survey_scales_load (folder);
      find_scale (photograph, scales, scales);
    }

  part_names (plan);
  give_stems (plan);
  return g_steal_pointer (&plan);
}
