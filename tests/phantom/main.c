/* pockmark-phantom: renders a photograph of skin with its truth
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   pockmark-phantom --output STEM
 *
 * writes STEM.png (STEM.jpg with --quality), STEM.truth.csv and
 * STEM.distractors.csv (one line each), STEM.truth.png (class number of each
 * pixel), STEM.ini (scale, light, tone) and, with --labels, STEM.labels.png
 * (16 bits, the lesion's number).  With --visit the same skin is photographed
 * a second time: STEM-later.png and its companions, STEM.visit.csv (what became
 * of each lesion) and STEM.field.csv (where places of the later picture lie in
 * the earlier).
 */

#include <locale.h>
#include <stdlib.h>

#include <gegl.h>
#include <glib/gstdio.h>

#include "phantom.h"

typedef struct
{
  gchar   *output;
  gchar   *set;
  gint64   seed;
  gint     width;
  gint     height;
  gint     tone;
  gint     quality;
  gdouble  pixels_per_mm;
  gdouble  azimuth;
  gdouble  elevation;
  gboolean ruler;
  gboolean random;
  gboolean labels;
  gint64   visit;
  gboolean unchanged;
} Options;

static gboolean
parse (Options *options,
       gint    *argc,
       gchar ***argv,
       GError **error)
{
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
      "Write STEM.png and its companions", "STEM" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &options->seed,
      "Start of all randomness", "N" },
    { "set", 0, 0, G_OPTION_ARG_STRING, &options->set,
      "Draw from this set's ranges (with --random)", "develop|report" },
    { "random", 0, 0, G_OPTION_ARG_NONE, &options->random,
      "Draw skin, light and camera by chance", NULL },
    { "width", 0, 0, G_OPTION_ARG_INT, &options->width, "Pixels", "N" },
    { "height", 0, 0, G_OPTION_ARG_INT, &options->height, "Pixels", "N" },
    { "pixels-per-mm", 0, 0, G_OPTION_ARG_DOUBLE, &options->pixels_per_mm,
      "Scale", "N" },
    { "tone", 0, 0, G_OPTION_ARG_INT, &options->tone,
      "Skin tone, 0 lightest to 5 darkest", "N" },
    { "azimuth", 0, 0, G_OPTION_ARG_DOUBLE, &options->azimuth,
      "Where the light comes from, degrees", "N" },
    { "elevation", 0, 0, G_OPTION_ARG_DOUBLE, &options->elevation,
      "Of the light above the skin, degrees", "N" },
    { "quality", 0, 0, G_OPTION_ARG_INT, &options->quality,
      "Write STEM.jpg of this quality instead of STEM.png", "N" },
    { "ruler", 0, 0, G_OPTION_ARG_NONE, &options->ruler,
      "Lay a millimetre ruler into the picture", NULL },
    { "labels", 0, 0, G_OPTION_ARG_NONE, &options->labels,
      "Write STEM.labels.png too", NULL },
    { "visit", 0, 0, G_OPTION_ARG_INT64, &options->visit,
      "Photograph the same skin again, later", "SEED" },
    { "unchanged", 0, 0, G_OPTION_ARG_NONE, &options->unchanged,
      "Nothing healed or came between the visits", NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context,
                                "Renders skin with exact truth.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (! g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (! options->output || *argc > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "Name the files to write with --output STEM.");
      return FALSE;
    }
  return TRUE;
}

static gboolean
settings_from_options (PhantomSettings *settings,
                       const Options   *options,
                       GError         **error)
{
  PhantomSet set = PHANTOM_DEVELOP;

  if (g_strcmp0 (options->set, "report") == 0)
    set = PHANTOM_REPORT;
  else if (options->set && g_strcmp0 (options->set, "develop") != 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "The set is either develop or report, not %s.",
                   options->set);
      return FALSE;
    }
  phantom_settings_init (settings);
  if (options->width)
    settings->width = options->width;
  if (options->height)
    settings->height = options->height;
  if (options->pixels_per_mm > 0.0)
    settings->pixels_per_mm = options->pixels_per_mm;
  if (options->random)
    {
      guint64 seed = options->seed < 0 ? 1 : options->seed;

      if (! options->width && ! options->height
          && options->pixels_per_mm <= 0.0)
        {
          phantom_settings_random (settings, seed, set);
          phantom_settings_field (settings, 2500000);
        }
      phantom_settings_random (settings, seed, set);
    }
  else if (options->seed >= 0)
    settings->seed = options->seed;
  if (options->tone >= 0)
    settings->melanosomes = phantom_tone (options->tone);
  if (options->azimuth >= 0.0)
    settings->light[0].azimuth = options->azimuth;
  if (options->elevation > 0.0)
    settings->light[0].elevation = options->elevation;
  if (options->ruler)
    settings->density[PHANTOM_RULER] = 1.0;
  if (options->quality > 0)
    settings->jpeg_quality = 0;
  return TRUE;
}

/* Saves through a GEGL operation; GEGL reports failure only by not writing. */
static gboolean
save_pixels (const gchar   *path,
             const gchar   *operation,
             const gchar   *property,
             gint           value,
             const gchar   *format,
             gint           width,
             gint           height,
             gconstpointer  pixels,
             GError       **error)
{
  GeglRectangle box = { 0, 0, width, height };
  const Babl   *babl = babl_format (format);
  GeglBuffer   *buffer = gegl_buffer_new (&box, babl);
  GeglNode     *graph = gegl_node_new ();
  GeglNode     *source, *sink;

  gegl_buffer_set (buffer, &box, 0, babl, pixels, GEGL_AUTO_ROWSTRIDE);
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", buffer, NULL);
  sink = gegl_node_new_child (graph, "operation", operation, "path", path,
                              property, value, NULL);
  gegl_node_link (source, sink);
  g_remove (path);
  gegl_node_process (sink);
  g_object_unref (graph);
  g_object_unref (buffer);
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
               "%s could not be written.", path);
  return FALSE;
}

static void
append_number (GString *text,
               gdouble  value)
{
  gchar number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (text, ',');
  g_string_append (text, g_ascii_formatd (number, sizeof number, "%.6g",
                                          value));
}

static gboolean
write_features (const gchar  *path,
                const GArray *features,
                gdouble       scale,
                GError      **error)
{
  g_autoptr (GString) text = g_string_new (
      "Lesion,Class,X,Y,Width (mm),Depth (mm),Region (mm),Blood,Melanin,"
      "Visibility\n");
  guint i;

  for (i = 0; i < features->len; i++)
    {
      const PhantomFeature *feature
          = &g_array_index (features, PhantomFeature, i);

      g_string_append_printf (text, "%u,%s", i + 1,
                              feature->klass == POCKMARK_NONE
                                  ? phantom_kind_word (feature->kind)
                                  : pockmark_class_word (feature->klass));
      append_number (text, feature->x * scale);
      append_number (text, feature->y * scale);
      append_number (text, feature->width);
      append_number (text, feature->depth);
      append_number (text, feature->region);
      append_number (text, feature->blood);
      append_number (text, feature->melanin);
      append_number (text, feature->visibility);
      g_string_append_c (text, '\n');
    }
  return g_file_set_contents (path, text->str, text->len, error);
}

static gboolean
write_settings (const gchar           *path,
                const PhantomSettings *settings,
                const Phantom         *phantom,
                GError               **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  const gchar         *group = "Phantom";

  g_key_file_set_uint64 (file, group, "seed", settings->seed);
  g_key_file_set_string (file, group, "set",
                         settings->set == PHANTOM_REPORT ? "report"
                                                         : "develop");
  g_key_file_set_integer (file, group, "width", phantom->width);
  g_key_file_set_integer (file, group, "height", phantom->height);
  g_key_file_set_double (file, group, "pixels-per-mm",
                         phantom->pixels_per_mm);
  g_key_file_set_double (file, group, "melanosomes", settings->melanosomes);
  g_key_file_set_double (file, group, "blood", settings->blood);
  g_key_file_set_double (file, group, "ita", phantom->ita);
  g_key_file_set_double (file, group, "azimuth", settings->light[0].azimuth);
  g_key_file_set_double (file, group, "elevation",
                         settings->light[0].elevation);
  g_key_file_set_double (file, group, "second-strength",
                         settings->light[1].strength);
  g_key_file_set_double (file, group, "second-azimuth",
                         settings->light[1].azimuth);
  g_key_file_set_double (file, group, "second-elevation",
                         settings->light[1].elevation);
  g_key_file_set_double (file, group, "ambient", settings->ambient);
  g_key_file_set_double (file, group, "oil", settings->oil);
  g_key_file_set_integer (file, group, "jpeg-quality",
                          settings->jpeg_quality);
  g_key_file_set_boolean (file, group, "ruler",
                          settings->density[PHANTOM_RULER] > 0.0);
  return g_key_file_save_to_file (file, path, error);
}

static gboolean
write_labels (const gchar   *stem,
              const Phantom *phantom,
              GError       **error)
{
  g_autofree gchar   *path = g_strconcat (stem, ".labels.png", NULL);
  gsize               i, n = (gsize) phantom->width * phantom->height;
  g_autofree guint16 *label = g_try_new (guint16, n);

  if (! label)
    {
      g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                   "There is not enough memory for the labels.");
      return FALSE;
    }
  for (i = 0; i < n; i++)
    label[i] = (guint16) phantom->label[i];
  return save_pixels (path, "gegl:png-save", "bitdepth", 16, "Y' u16",
                      phantom->width, phantom->height, label, error);
}

static gboolean
write_all (const Options         *options,
           const gchar           *stem,
           const PhantomSettings *settings,
           const Phantom         *phantom,
           GError               **error)
{
  gboolean         jpeg = options->quality > 0;
  g_autofree gchar *photo = g_strconcat (stem, jpeg ? ".jpg" : ".png", NULL);
  g_autofree gchar *truth = g_strconcat (stem, ".truth.png", NULL);
  g_autofree gchar *table = g_strconcat (stem, ".truth.csv", NULL);
  g_autofree gchar *rest = g_strconcat (stem, ".distractors.csv", NULL);
  g_autofree gchar *ini = g_strconcat (stem, ".ini", NULL);

  return save_pixels (photo, jpeg ? "gegl:jpg-save" : "gegl:png-save",
                      jpeg ? "quality" : "bitdepth",
                      jpeg ? options->quality : 8, "R'G'B' u8",
                      phantom->width, phantom->height, phantom->rgb, error)
         && save_pixels (truth, "gegl:png-save", "bitdepth", 8, "Y' u8",
                         phantom->width, phantom->height, phantom->classes,
                         error)
         && (! options->labels || write_labels (stem, phantom, error))
         && write_features (table, phantom->lesions, phantom->pixels_per_mm,
                            error)
         && write_features (rest, phantom->distractors,
                            phantom->pixels_per_mm, error)
         && write_settings (ini, settings, phantom, error);
}

static gboolean
write_fates (const gchar         *stem,
             const PhantomVisits *visits,
             GError             **error)
{
  g_autofree gchar *path = g_strconcat (stem, ".visit.csv", NULL);
  g_autoptr (GString) text = g_string_new (
      "Before,After,Class,Fate,Faded,X before,Y before,X after,Y after,"
      "Hemoglobin before,Hemoglobin after\n");
  guint i;

  for (i = 0; i < visits->fates->len; i++)
    {
      const PhantomFate *fate = &g_array_index (visits->fates, PhantomFate, i);
      const PhantomFeature *feature
          = fate->after >= 0
                ? &g_array_index (visits->after->lesions, PhantomFeature,
                                  fate->after)
                : &g_array_index (visits->before->lesions, PhantomFeature,
                                  fate->before);
      gint k;

      g_string_append_printf (text, "%d,%d,%s,%s,%d", fate->before + 1,
                              fate->after + 1,
                              pockmark_class_word (feature->klass),
                              ! fate->exists[0]   ? "new"
                              : ! fate->exists[1] ? "resolved"
                                                  : "persisting",
                              fate->faded);
      for (k = 0; k < 4; k++)
        append_number (text, fate->place[k / 2][k % 2]);
      for (k = 0; k < 2; k++)
        append_number (text, fate->hemoglobin[k]);
      g_string_append_c (text, '\n');
    }
  return g_file_set_contents (path, text->str, text->len, error);
}

/* One line for every FIELD_STEP-th pixel each way. */
#define FIELD_STEP 16

static gboolean
write_field (const gchar         *stem,
             const PhantomVisits *visits,
             GError             **error)
{
  g_autofree gchar *path = g_strconcat (stem, ".field.csv", NULL);
  g_autoptr (GString) text
      = g_string_new ("X after,Y after,X before,Y before\n");
  const gint w = visits->field[0]->width, h = visits->field[0]->height;
  gint       x, y;

  for (y = FIELD_STEP / 2; y < h; y += FIELD_STEP)
    for (x = FIELD_STEP / 2; x < w; x += FIELD_STEP)
      {
        gchar number[G_ASCII_DTOSTR_BUF_SIZE];

        g_string_append (text, g_ascii_formatd (number, sizeof number, "%.1f",
                                                x + 0.5));
        append_number (text, y + 0.5);
        append_number (text, visits->field[0]->data[(gsize) y * w + x]);
        append_number (text, visits->field[1]->data[(gsize) y * w + x]);
        g_string_append_c (text, '\n');
      }
  return g_file_set_contents (path, text->str, text->len, error);
}

static gboolean
write_visits (const Options         *options,
              const PhantomSettings *settings,
              GError               **error)
{
  g_autofree gchar *later = g_strconcat (options->output, "-later", NULL);
  g_autoptr (PhantomVisits) visits = NULL;
  PhantomChange change;

  phantom_change_random (&change, options->visit);
  if (! options->unchanged)
    change.resolved = change.fresh = change.faded = 0.2;
  visits = phantom_visits_new (settings, &change, error);
  return visits
         && write_all (options, options->output, settings, visits->before,
                       error)
         && write_all (options, later, settings, visits->after, error)
         && write_fates (options->output, visits, error)
         && write_field (options->output, visits, error);
}

static gboolean
write_one (const Options         *options,
           const PhantomSettings *settings,
           GError               **error)
{
  g_autoptr (Phantom) phantom = phantom_render (settings, error);

  return phantom
         && write_all (options, options->output, settings, phantom, error);
}

gint
main (gint    argc,
      gchar **argv)
{
  Options options = { .seed = -1, .tone = -1, .azimuth = -1.0, .visit = -1 };
  g_autoptr (GError) error = NULL;
  PhantomSettings    settings;

  setlocale (LC_ALL, "");
  if (parse (&options, &argc, &argv, &error)
      && settings_from_options (&settings, &options, &error))
    {
      gegl_init (NULL, NULL);
      if (options.visit >= 0)
        write_visits (&options, &settings, &error);
      else
        write_one (&options, &settings, &error);
      gegl_exit ();
    }
  g_free (options.output);
  g_free (options.set);
  if (! error)
    return EXIT_SUCCESS;
  g_printerr ("pockmark-phantom: %s\n", error->message);
  return EXIT_FAILURE;
}
