/* What the image remembers: the parasite "pockmark" and the report's names
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "record.h"
#include "skin-scale.h"

#define RECORD_NAME "pockmark"
#define RECORD_MAIN "pockmark"
#define RECORD_SCALE "scale"
#define REPORT_NAME "pockmark-report"
#define REPORT_GROUP "report"

/* ---- The text ------------------------------------------------------------ */

/* In the group that stands first it says how to read the text, and groups
 * change their places when they are written.  Nobody writes it. */
#define ENCODING "Encoding"

static gboolean
has_encoding (GKeyFile *record)
{
  g_auto (GStrv) groups = g_key_file_get_groups (record, NULL);

  for (gsize i = 0; groups[i] != NULL; i++)
    if (g_key_file_has_key (record, groups[i], ENCODING, NULL))
      return TRUE;

  return FALSE;
}

GKeyFile *
record_read (gconstpointer data, gsize size)
{
  g_autoptr (GKeyFile) record = g_key_file_new ();

  /* GKeyFile takes keys that are not UTF-8. */
  if (size == 0 || !g_utf8_validate (data, size, NULL)
      || !g_key_file_load_from_data (record, data, size, G_KEY_FILE_NONE, NULL)
      || has_encoding (record))
    return NULL;

  return g_steal_pointer (&record);
}

void
record_read_scale (GKeyFile       *record,
                   gdouble        *pixels_per_mm,
                   SkinScaleTrace *then,
                   gchar         **source)
{
  then->width = g_key_file_get_integer (record, RECORD_SCALE, "image-width",
                                        NULL);
  then->height = g_key_file_get_integer (record, RECORD_SCALE, "image-height",
                                         NULL);
  then->path_length = g_key_file_get_double (record, RECORD_SCALE,
                                             "path-length", NULL);
  *pixels_per_mm = g_key_file_get_double (record, RECORD_SCALE,
                                          "pixels-per-mm", NULL);
  *source = g_key_file_get_string (record, RECORD_SCALE, "source", NULL);
}

/* A damaged record may hold any name, ENCODING among them. */
static gboolean
is_parameter (const gchar *key)
{
  return *key != '\0'
         && strspn (key, "abcdefghijklmnopqrstuvwxyz0123456789-.")
              == strlen (key);
}

gchar *
record_read_work (GKeyFile *record, const gchar *work)
{
  g_auto (GStrv) keys = g_key_file_get_keys (record, work, NULL, NULL);
  GString       *text;

  if (keys == NULL)
    return NULL;

  text = g_string_new (NULL);
  for (gsize i = 0; keys[i] != NULL; i++)
    {
      g_autofree gchar *value = g_key_file_get_string (record, work, keys[i],
                                                       NULL);

      if (is_parameter (keys[i]))
        g_string_append_printf (text, "%s%s=%s", text->len > 0 ? ";" : "",
                                keys[i], value != NULL ? value : "");
    }

  return g_string_free (text, FALSE);
}

void
record_write_work (GKeyFile    *record,
                   const gchar *work,
                   const gchar *parameters)
{
  g_auto (GStrv) pairs = g_strsplit (parameters, ";", -1);

  g_key_file_remove_group (record, work, NULL);
  for (gsize i = 0; pairs[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (pairs[i], "=", 2);

      if (g_strv_length (pair) == 2 && is_parameter (pair[0]))
        g_key_file_set_string (record, work, pair[0], pair[1]);
    }
}

void
record_read_names (GKeyFile *report, gchar **name, gchar **stem)
{
  *name = g_key_file_get_string (report, REPORT_GROUP, "photograph", NULL);
  *stem = g_key_file_get_string (report, REPORT_GROUP, "stem", NULL);
}

/* ---- The image ----------------------------------------------------------- */

static GKeyFile *
load (GimpImage *image, const gchar *name)
{
  GimpParasite *parasite = gimp_image_get_parasite (image, name);
  GKeyFile     *record;
  gconstpointer data;
  guint32       size;

  if (parasite == NULL)
    return NULL;

  data = gimp_parasite_get_data (parasite, &size);
  record = record_read (data, size);
  gimp_parasite_free (parasite);

  return record;
}

static void
write_scale (GKeyFile    *record,
             GimpImage   *image,
             gdouble      pixels_per_mm,
             const gchar *source)
{
  SkinScaleTrace trace;

  skin_scale_trace_init (&trace, image);
  g_key_file_set_double (record, RECORD_SCALE, "pixels-per-mm",
                         pixels_per_mm);
  g_key_file_set_string (record, RECORD_SCALE, "source", source);
  g_key_file_set_integer (record, RECORD_SCALE, "image-width", trace.width);
  g_key_file_set_integer (record, RECORD_SCALE, "image-height", trace.height);
  g_key_file_set_double (record, RECORD_SCALE, "path-length",
                         trace.path_length);
}

static void
save (GimpImage *image, GKeyFile *record)
{
  g_autofree gchar *text = NULL;
  GimpParasite     *parasite;
  gsize             length;

  g_key_file_set_string (record, RECORD_MAIN, "version", POCKMARK_VERSION);
  text = g_key_file_to_data (record, &length, NULL);
  parasite = gimp_parasite_new (RECORD_NAME,
                                GIMP_PARASITE_PERSISTENT
                                  | GIMP_PARASITE_UNDOABLE,
                                length, text);
  gimp_image_attach_parasite (image, parasite);
  gimp_parasite_free (parasite);
}

gboolean
record_get_scale (GimpImage *image, gdouble *pixels_per_mm, gchar **source)
{
  g_autoptr (GKeyFile) record = load (image, RECORD_NAME);
  g_autofree gchar    *word = NULL;
  SkinScaleTrace       trace;
  gdouble              value;

  if (record == NULL)
    return FALSE;

  record_read_scale (record, &value, &trace, &word);
  value *= skin_scale_change (image, &trace);
  if (!skin_scale_is_possible (value))
    return FALSE;

  *pixels_per_mm = value;
  *source = g_steal_pointer (&word);
  return TRUE;
}

void
record_store (GimpImage   *image,
              gdouble      pixels_per_mm,
              const gchar *source,
              const gchar *work,
              const gchar *parameters)
{
  g_autoptr (GKeyFile) record = load (image, RECORD_NAME);

  if (record == NULL)
    record = g_key_file_new ();

  if (source != NULL)
    write_scale (record, image, pixels_per_mm, source);
  record_write_work (record, work, parameters);
  save (image, record);
}

void
record_store_scale (GimpImage   *image,
                    gdouble      pixels_per_mm,
                    const gchar *source)
{
  g_autoptr (GKeyFile) record = load (image, RECORD_NAME);

  if (record == NULL)
    record = g_key_file_new ();
  write_scale (record, image, pixels_per_mm, source);
  save (image, record);
}

gchar *
record_get_work (GimpImage *image, const gchar *work)
{
  g_autoptr (GKeyFile) record = load (image, RECORD_NAME);

  return record != NULL ? record_read_work (record, work) : NULL;
}

gboolean
record_is_record (const gchar *parasite)
{
  return g_str_equal (parasite, RECORD_NAME);
}

/* The file that the user knows the image by. */
static GFile *
photograph_file (GimpImage *image)
{
  GFile *file = gimp_image_get_imported_file (image);

  return file != NULL ? file : gimp_image_get_file (image);
}

static gchar *
stem_of (const gchar *name)
{
  const gchar *dot = strrchr (name, '.');

  return dot != NULL && dot != name ? g_strndup (name, dot - name)
                                    : g_strdup (name);
}

void
record_get_names (GimpImage *image, gchar **name, gchar **stem)
{
  g_autoptr (GKeyFile) report = load (image, REPORT_NAME);
  GFile               *file;

  *name = NULL;
  *stem = NULL;
  if (report != NULL)
    record_read_names (report, name, stem);

  file = photograph_file (image);
  if (*name == NULL && file != NULL)
    {
      g_autofree gchar *base = g_file_get_basename (file);

      *name = g_filename_display_name (base);
    }
  if (*name == NULL)
    *name = g_strdup (_("Untitled"));
  if (*stem == NULL)
    *stem = stem_of (*name);
  /* A stem names a file beside the report, never one elsewhere. */
  g_strdelimit (*stem, "/" G_DIR_SEPARATOR_S, '-');
}
