/* What a procedure works on: one layer as the user sees it
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "input.h"
#include "pockmark-gegl.h"
#include "record.h"

static gboolean
refuse (GError **error, const gchar *sentence)
{
  g_set_error_literal (error, GIMP_PLUG_IN_ERROR, 0, sentence);
  return FALSE;
}

/* GIMP's batch mode neither counts the layers nor asks where they live. */
gboolean
input_check_layer (GimpImage *image, GimpDrawable **drawables, GError **error)
{
  GimpItem *item;

  if (gimp_core_object_array_get_length ((GObject **) drawables) != 1)
    return refuse (error, _("This works on one layer: select one layer and "
                            "run it again."));

  item = GIMP_ITEM (drawables[0]);

  if (!gimp_item_is_valid (item) || gimp_item_get_image (item) != image)
    return refuse (error, _("The layer belongs to another image: choose a "
                            "layer of the image that is to be examined."));
  if (gimp_item_is_layer_mask (item))
    return refuse (error, _("A layer mask holds no photograph: select the "
                            "layer itself."));
  if (!gimp_item_is_layer (item))
    return refuse (error, _("A channel holds no photograph: select a "
                            "layer."));
  if (gimp_item_is_group (item))
    return refuse (error, _("A layer group cannot be examined: select the "
                            "layer with the photograph, or merge the group "
                            "first."));
  if (gimp_layer_is_floating_sel (GIMP_LAYER (item)))
    return refuse (error, _("A floating selection cannot be examined: anchor "
                            "it or make it a layer first."));

  return TRUE;
}

/* The results need colour as much as the photograph does. */
static gboolean
check_mode (GimpImage *image, GError **error)
{
  switch (gimp_image_get_base_type (image))
    {
    case GIMP_RGB:
      return TRUE;
    case GIMP_GRAY:
      return refuse (error, _("A greyscale image has lost the colour of the "
                              "skin: use the original photograph in RGB "
                              "mode."));
    default:
      return refuse (error, _("An indexed image has too few colours: convert "
                              "it with Image > Mode > RGB first."));
    }
}

/* The selection over the layer.  256 steps, so that it can be kept. */
static GeglBuffer *
read_selection (const Input *input)
{
  GimpDrawable       *selection;
  GeglBuffer         *source;
  GeglBuffer         *region;
  GeglRectangle       from = input_extent (input);
  const GeglRectangle to = { 0, 0, input->width, input->height };

  selection = GIMP_DRAWABLE (gimp_image_get_selection (input->image));
  source = gimp_drawable_get_buffer (selection);
  region = gegl_buffer_new (&to, babl_format ("Y u8"));
  gegl_buffer_copy (source, &from, GEGL_ABYSS_NONE, region, &to);
  g_object_unref (source);

  return region;
}

Input *
input_new_whole (GimpImage *image, GimpDrawable **drawables, GError **error)
{
  Input *input;

  if (!input_check_layer (image, drawables, error)
      || !check_mode (image, error))
    return NULL;

  input = g_new0 (Input, 1);
  input->image = image;
  input->layer = GIMP_LAYER (drawables[0]);
  input->width = gimp_drawable_get_width (drawables[0]);
  input->height = gimp_drawable_get_height (drawables[0]);
  gimp_drawable_get_offsets (drawables[0], &input->offset_x,
                             &input->offset_y);
  record_get_names (image, &input->name, &input->stem);

  return input;
}

GeglRectangle
input_extent (const Input *input)
{
  return (GeglRectangle) { input->offset_x, input->offset_y, input->width,
                           input->height };
}

Input *
input_new (GimpImage *image, GimpDrawable **drawables, GError **error)
{
  g_autoptr (Input) input = input_new_whole (image, drawables, error);
  gint              x;
  gint              y;
  gint              width;
  gint              height;

  if (input == NULL)
    return NULL;

  if (!gimp_drawable_mask_intersect (drawables[0], &x, &y, &width, &height))
    {
      refuse (error, _("The selection lies outside the layer: move it onto "
                       "the skin, or choose Select > None."));
      return NULL;
    }
  if (!gimp_selection_is_empty (image))
    input->region = read_selection (input);

  return g_steal_pointer (&input);
}

/* Findings painted by our own live filter are no part of the photograph. */
static gboolean
filter_counts (GimpDrawableFilter *filter)
{
  g_autofree gchar *operation = NULL;

  if (!gimp_drawable_filter_get_visible (filter))
    return FALSE;

  operation = gimp_drawable_filter_get_operation_name (filter);
  return operation != NULL && !g_str_has_prefix (operation, "pockmark:");
}

static gboolean
has_filters (GimpDrawable *drawable)
{
  g_autofree GimpDrawableFilter **filters =
    gimp_drawable_get_filters (drawable);

  for (gsize i = 0; filters != NULL && filters[i] != NULL; i++)
    if (filter_counts (filters[i]))
      return TRUE;

  return FALSE;
}

/* The layer of copy, a duplicate of the image, that takes item's place.  Only
 * GIMP 3.0 keeps the tattoos. */
static GimpItem *
counterpart (GimpImage *copy, GimpItem *item)
{
  GimpItem             *parent = gimp_item_get_parent (item);
  gint                  position =
    gimp_image_get_item_position (gimp_item_get_image (item), item);
  g_autofree GimpItem **siblings = NULL;

  siblings = parent != NULL
               ? gimp_item_get_children (counterpart (copy, parent))
               : (GimpItem **) gimp_image_get_layers (copy);

  return siblings[position];
}

/* The layer's pixels with its live filters, taken in an image of our own. */
static GeglBuffer *
read_filtered (const Input *input, GError **error)
{
  GimpImage                      *scratch;
  GimpLayer                      *layer;
  GeglBuffer                     *source;
  GeglBuffer                     *copy;
  g_autofree GimpDrawableFilter **filters = NULL;

  scratch = gimp_image_duplicate (input->image);
  if (scratch == NULL)
    {
      refuse (error, _("GIMP could not copy the image to apply the layer's "
                       "filters: merge the filters and try again."));
      return NULL;
    }
  gimp_image_undo_disable (scratch);

  layer = GIMP_LAYER (counterpart (scratch, GIMP_ITEM (input->layer)));
  filters = gimp_drawable_get_filters (GIMP_DRAWABLE (layer));
  for (gsize i = 0; filters != NULL && filters[i] != NULL; i++)
    if (!filter_counts (filters[i]))
      gimp_drawable_filter_delete (filters[i]);
  gimp_drawable_merge_filters (GIMP_DRAWABLE (layer));

  source = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  copy = gegl_buffer_dup (source);
  g_object_unref (source);
  gimp_image_delete (scratch);

  return copy;
}

/* A copy in this process: the layer's tiles cross to us once. */
static GeglBuffer *
read_plain (const Input *input)
{
  GeglBuffer *source = gimp_drawable_get_buffer (GIMP_DRAWABLE (input->layer));
  GeglBuffer *copy = gegl_buffer_dup (source);

  g_object_unref (source);
  return copy;
}

/* The format with alpha that loses nothing of format. */
static const Babl *
format_with_alpha (const Babl *format)
{
  const gchar *encoding = babl_format_get_encoding (format);

  if (babl_format_has_alpha (format))
    return format;

  return babl_format_with_space (g_str_equal (encoding, "R'G'B' u8")
                                   ? "R'G'B'A u8"
                                   : "RGBA float",
                                 babl_format_get_space (format));
}

/* Multiplies the alpha of the node before with mask, of the photograph's size.
 * Outside the mask nothing is left. */
static GeglNode *
add_weight (GeglNode *graph, GeglNode *before, GeglBuffer *mask)
{
  GeglNode *source;
  GeglNode *weight;

  source = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                                "buffer", mask, NULL);
  weight = gegl_node_new_child (graph, "operation", "gegl:opacity", NULL);
  gegl_node_link_many (before, weight, NULL);
  gegl_node_connect (source, "output", weight, "aux");

  return weight;
}

/* The copy with the weights of mask and region in its alpha. */
static GeglBuffer *
weigh (const Input *input, GeglBuffer *mask, GeglBuffer *copy)
{
  GeglBuffer          *weighed;
  GeglNode            *graph = gegl_node_new ();
  GeglNode            *node;
  GeglNode            *write;
  const GeglRectangle *extent = gegl_buffer_get_extent (copy);

  weighed = gegl_buffer_new (extent,
                             format_with_alpha (gegl_buffer_get_format (copy)));
  node = gegl_node_new_child (graph, "operation", "gegl:buffer-source",
                              "buffer", copy, NULL);
  if (mask != NULL)
    node = add_weight (graph, node, mask);
  if (input->region != NULL)
    node = add_weight (graph, node, input->region);
  write = gegl_node_new_child (graph, "operation", "gegl:write-buffer",
                               "buffer", weighed, NULL);
  gegl_node_link (node, write);
  gegl_node_process (write);
  g_object_unref (graph);

  return weighed;
}

/* Whether no pixel has any weight.  Stops at the first that has. */
static gboolean
is_empty (GeglBuffer *buffer)
{
  GeglBufferIterator *iterator;
  gboolean            empty = TRUE;

  if (!babl_format_has_alpha (gegl_buffer_get_format (buffer)))
    return FALSE;

  iterator = gegl_buffer_iterator_new (buffer, NULL, 0,
                                       pockmark_gegl_photograph_format (),
                                       GEGL_ACCESS_READ, GEGL_ABYSS_NONE, 1);
  while (gegl_buffer_iterator_next (iterator))
    {
      const gfloat *pixels = iterator->items[0].data;

      for (gint i = 0; i < iterator->length && empty; i++)
        empty = pixels[4 * i + 3] <= 0.0f;
      if (!empty)
        {
          gegl_buffer_iterator_stop (iterator);
          break;
        }
    }

  return empty;
}

/* The mask that hides parts of the layer, NULL if none does. */
static GeglBuffer *
read_mask (const Input *input)
{
  GimpLayerMask *mask = gimp_layer_get_mask (input->layer);

  return mask != NULL && gimp_layer_get_apply_mask (input->layer)
           ? gimp_drawable_get_buffer (GIMP_DRAWABLE (mask))
           : NULL;
}

gboolean
input_read (Input *input, GError **error)
{
  g_autoptr (GeglBuffer) mask = NULL;
  GeglBuffer            *copy;

  copy = has_filters (GIMP_DRAWABLE (input->layer))
           ? read_filtered (input, error)
           : read_plain (input);
  if (copy == NULL)
    return FALSE;

  mask = read_mask (input);
  g_clear_object (&input->photograph);
  if (mask == NULL && input->region == NULL)
    input->photograph = copy;
  else
    {
      input->photograph = weigh (input, mask, copy);
      g_object_unref (copy);
    }

  if (is_empty (input->photograph))
    return refuse (error, _("There is nothing to see: the layer, or its "
                            "selected part, is transparent. Select a place "
                            "with skin."));
  return TRUE;
}

static void
select_ring (const Input *input, const PockmarkRing *ring)
{
  g_autofree gdouble *places = g_new (gdouble, 2 * (gsize) ring->points->len);

  for (guint i = 0; i < ring->points->len; i++)
    {
      const PockmarkPoint *p = &g_array_index (ring->points, PockmarkPoint,
                                               i);

      places[2 * i] = p->x + input->offset_x;
      places[2 * i + 1] = p->y + input->offset_y;
    }
  gimp_image_select_polygon (input->image,
                             ring->hole ? GIMP_CHANNEL_OP_SUBTRACT
                                        : GIMP_CHANNEL_OP_ADD,
                             2 * (gsize) ring->points->len, places);
}

void
input_select (const Input *input, const GPtrArray *rings)
{
  gimp_context_push ();
  gimp_context_set_antialias (FALSE);
  gimp_context_set_feather (FALSE);
  for (guint i = 0; i < rings->len; i++)
    select_ring (input, g_ptr_array_index (rings, i));
  gimp_context_pop ();
}

void
input_free (Input *input)
{
  g_clear_object (&input->region);
  g_clear_object (&input->photograph);
  g_free (input->name);
  g_free (input->stem);
  g_free (input);
}
