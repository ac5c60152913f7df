/* A photograph's file as an image that can be examined
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gexiv2/gexiv2.h>

#include "annotation.h"
#include "jpeg.h"
#include "open-photograph.h"
#include "record.h"

static gboolean
refuse (GError **error, const gchar *sentence)
{
  g_set_error_literal (error, GIMP_PLUG_IN_ERROR, 0, sentence);
  return FALSE;
}

/* What GIMP's loaders would say less clearly, or not at all. */
static gboolean
check_file (GFile *file, GError **error)
{
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GError)           failure = NULL;
  gchar                        first;

  /* Reading from a pipe would wait for somebody to write into it. */
  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL)
      != G_FILE_TYPE_SPECIAL)
    stream = g_file_read (file, NULL, &failure);
  if (stream == NULL)
    return refuse (error,
                   g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
                     ? _("There is no such photograph.")
                     : _("The photograph cannot be opened: you may not read "
                         "it, or it is no file."));
  if (g_input_stream_read (G_INPUT_STREAM (stream), &first, 1, NULL, NULL)
      < 1)
    return refuse (error, _("The file is empty."));
  if (!jpeg_is_whole (file))
    return refuse (error, _("The photograph is cut off: its file ends before "
                            "its picture does. Copy it once more."));

  return TRUE;
}

/* GIMP itself asks, or does nothing where there is nobody to ask. */
static void
set_upright (GimpImage *image)
{
  GimpMetadata     *metadata = gimp_image_get_metadata (image);
  GExiv2Orientation orientation;

  if (metadata == NULL)
    return;

  /* gexiv2 0.16 calls the same function by another name. */
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  orientation =
    gexiv2_metadata_try_get_orientation (GEXIV2_METADATA (metadata), NULL);
  G_GNUC_END_IGNORE_DEPRECATIONS
  g_object_unref (metadata);

  switch (orientation)
    {
    case GEXIV2_ORIENTATION_ROT_90:
    case GEXIV2_ORIENTATION_ROT_90_HFLIP:
    case GEXIV2_ORIENTATION_ROT_90_VFLIP:
      gimp_image_rotate (image, GIMP_ROTATE_DEGREES90);
      break;
    case GEXIV2_ORIENTATION_ROT_180:
      gimp_image_rotate (image, GIMP_ROTATE_DEGREES180);
      break;
    case GEXIV2_ORIENTATION_ROT_270:
      gimp_image_rotate (image, GIMP_ROTATE_DEGREES270);
      break;
    default:
      break;
    }
  if (orientation == GEXIV2_ORIENTATION_HFLIP
      || orientation == GEXIV2_ORIENTATION_ROT_90_HFLIP)
    gimp_image_flip (image, GIMP_ORIENTATION_HORIZONTAL);
  if (orientation == GEXIV2_ORIENTATION_VFLIP
      || orientation == GEXIV2_ORIENTATION_ROT_90_VFLIP)
    gimp_image_flip (image, GIMP_ORIENTATION_VERTICAL);
}

static void
forget_notes (GimpImage *image)
{
  g_auto (GStrv)           names = gimp_image_get_parasite_list (image);
  g_autoptr (GimpMetadata) none = gimp_metadata_new ();

  gimp_image_set_metadata (image, none);
  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    if (!g_str_has_prefix (names[i], "icc-profile")
        && !record_is_record (names[i]))
      gimp_image_detach_parasite (image, names[i]);
}

static GimpLayer *
only_layer (GimpImage *image)
{
  g_autofree GimpLayer **layers = gimp_image_get_layers (image);

  if (layers == NULL || layers[0] == NULL)
    return NULL;
  if (layers[1] == NULL && !gimp_item_is_group (GIMP_ITEM (layers[0])))
    return layers[0];

  for (gsize i = 0; layers[i] != NULL; i++)
    if (gimp_item_get_visible (GIMP_ITEM (layers[i])))
      return gimp_image_merge_visible_layers (image, GIMP_CLIP_TO_IMAGE);

  return NULL;
}

static gboolean
prepare (GimpImage *image, GimpLayer **layer, GError **error)
{
  GFile *xcf = gimp_image_get_xcf_file (image);

  gimp_image_undo_disable (image);
  /* An XCF file is as its user has turned it. */
  if (xcf == NULL)
    set_upright (image);
  forget_notes (image);
  annotation_remove (image);

  *layer = only_layer (image);
  if (*layer == NULL)
    return refuse (error, _("The image has no visible layer."));
  if (gimp_image_get_base_type (image) == GIMP_INDEXED)
    gimp_image_convert_rgb (image);

  return TRUE;
}

GimpImage *
open_photograph (GFile *file, GimpLayer **layer, GError **error)
{
  GimpImage *image;

  if (!check_file (file, error))
    return NULL;

  image = gimp_file_load (GIMP_RUN_NONINTERACTIVE, file);
  if (image == NULL)
    {
      refuse (error, _("GIMP cannot read the photograph: it is damaged, or of "
                       "no kind that GIMP knows."));
      return NULL;
    }
  if (!prepare (image, layer, error))
    {
      gimp_image_delete (image);
      return NULL;
    }

  return image;
}
