/* Pictures as PNG that say where they come from
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>
#include <gegl-metadatahash.h>

#include "file-replace.h"
#include "png.h"

/* The text that says whose picture it is: its keyword, and its beginning a few
 * bytes on, behind what the kind of chunk has between the two. */
#define KEYWORD "Software"
#define KEYWORD_LENGTH (sizeof KEYWORD) /* with the zero that ends it */
#define OURS "Pockmark"
#define OURS_LENGTH (sizeof OURS - 1)
#define BETWEEN 8

/* Only a colour profile comes before the texts. */
#define TEXT_WITHIN ((gsize) 4 << 20)

/* A PNG ends with this chunk, an empty one, and its checksum. */
static const guint8 ending[] = { 0,   0,   0,    0,    'I',  'E',
                                 'N', 'D', 0xae, 0x42, 0x60, 0x82 };

/* What the encoder could not write it left out without a word. */
static gboolean
is_whole (const gchar *path)
{
  FILE    *file = g_fopen (path, "rb");
  guint8   end[sizeof ending];
  gboolean whole;

  if (file == NULL)
    return FALSE;

  whole = fseek (file, -(glong) sizeof end, SEEK_END) == 0
          && fread (end, 1, sizeof end, file) == sizeof end
          && memcmp (end, ending, sizeof end) == 0;
  fclose (file);

  return whole;
}

gboolean
png_write (GFile        *file,
           GeglBuffer   *picture,
           const gchar  *parameters,
           GError      **error)
{
  g_autofree gchar  *temporary = file_replace_begin (file);
  GeglMetadataStore *texts = gegl_metadata_hash_new ();
  GeglNode          *graph = gegl_node_new ();
  GeglNode          *source;
  GeglNode          *save;

  gegl_metadata_store_set_software (texts, "Pockmark " POCKMARK_VERSION);
  gegl_metadata_store_set_comment (texts, parameters);
  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", picture, NULL);
  save = gegl_node_new_child (graph, "operation", "gegl:png-save",
                              "path", temporary, "bitdepth", 8,
                              "metadata", texts, NULL);
  gegl_node_link (source, save);
  gegl_node_process (save);
  g_object_unref (graph);
  g_object_unref (texts);

  return file_replace_end (file, temporary, is_whole (temporary), error);
}

/* Whether a text that begins like ours begins within BETWEEN of at. */
static gboolean
is_our_text (const guint8 *at, const guint8 *end)
{
  for (guint i = 0; i <= BETWEEN && at + i + OURS_LENGTH <= end; i++)
    if (memcmp (at + i, OURS, OURS_LENGTH) == 0)
      return TRUE;

  return FALSE;
}

gboolean
png_is_ours (GFile *file)
{
  FILE              *stream = g_fopen (g_file_peek_path (file), "rb");
  g_autofree guint8 *start = g_malloc (TEXT_WITHIN);
  gsize              n;

  if (stream == NULL)
    return FALSE;

  n = fread (start, 1, TEXT_WITHIN, stream);
  fclose (stream);
  for (gsize i = 0; i + KEYWORD_LENGTH <= n; i++)
    if (memcmp (start + i, KEYWORD, KEYWORD_LENGTH) == 0
        && is_our_text (start + i + KEYWORD_LENGTH, start + n))
      return TRUE;

  return FALSE;
}
