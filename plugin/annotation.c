/* What lands in the image: group, layers, channels, paths
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libgimp/gimpui.h>

#include "annotation.h"
#include "class-picture.h"
#include "graph.h"
#include "kept.h"
#include "legend.h"
#include "numbers.h"
#include "polygon.h"
#include "record.h"
#include "skin-scale.h"
#include "test-stop.h"

#define GROUP_NAME "Pockmarks"
#define ITEM_PARASITE "pockmark"
#define PHOTOGRAPH_PARASITE "pockmark-photograph"

/* Of a class's channel and path. */
#define CLASS_NAME GROUP_NAME ": %s"

/* Of a path from the pixels' corners, pixels: takes the stairs away and
 * nothing that one would see. */
#define PATH_TOLERANCE 0.75

/* Channels are shown like GIMP's own Quick Mask. */
#define CHANNEL_OPACITY 50.0

/* An item that is not yet in the image. */
typedef struct
{
  GimpItem      *item;
  AnnotationRole role;
} Made;

struct _Annotation
{
  const Input    *input;
  const Findings *findings; /* NULL: a redness map */
  AnnotationRole  replaces;
  GArray         *layers;   /* of Made, the topmost first */
  GArray         *channels;
  GArray         *paths;
};

/* ---- Whose item is it --------------------------------------------------- */

static gchar *
mark_text (AnnotationRole role, const gchar *name)
{
  return g_strdup_printf ("%u\n%s", role, name);
}

/* GIMP may have numbered the name to keep it unique: what it is now counts. */
static void
mark (GimpItem *item, AnnotationRole role)
{
  g_autofree gchar *name = gimp_item_get_name (item);
  g_autofree gchar *text = mark_text (role, name);
  GimpParasite     *parasite;

  parasite = gimp_parasite_new (ITEM_PARASITE,
                                GIMP_PARASITE_PERSISTENT
                                  | GIMP_PARASITE_UNDOABLE,
                                strlen (text), text);
  gimp_item_attach_parasite (item, parasite);
  gimp_parasite_free (parasite);
}

static gboolean
is_marked (GimpItem *item, AnnotationRole role)
{
  GimpParasite     *parasite = gimp_item_get_parasite (item, ITEM_PARASITE);
  g_autofree gchar *name = NULL;
  g_autofree gchar *text = NULL;
  gconstpointer     data;
  guint32           size;
  gboolean          ours;

  if (parasite == NULL)
    return FALSE;

  name = gimp_item_get_name (item);
  text = mark_text (role, name);
  data = gimp_parasite_get_data (parasite, &size);
  ours = size == strlen (text) && memcmp (data, text, size) == 0;
  gimp_parasite_free (parasite);

  return ours;
}

gboolean
annotation_owns (GimpItem *item)
{
  for (guint role = ANNOTATION_GROUP; role <= ANNOTATION_LAST; role <<= 1)
    if (is_marked (item, role))
      return TRUE;

  return FALSE;
}

/* Prepends the marked items among items (NULL-terminated, freed) and in the
 * groups among them. */
static GSList *
collect (GSList *found, GimpItem **items, AnnotationRole roles)
{
  for (gsize i = 0; items != NULL && items[i] != NULL; i++)
    {
      for (guint role = ANNOTATION_GROUP; role <= ANNOTATION_LAST;
           role <<= 1)
        if ((roles & role) != 0 && is_marked (items[i], role))
          found = g_slist_prepend (found, items[i]);
      if (gimp_item_is_group (items[i]))
        found = collect (found, gimp_item_get_children (items[i]), roles);
    }
  g_free (items);

  return found;
}

static GSList *
marked_items (GimpImage *image, AnnotationRole roles)
{
  GSList *found = NULL;

  found = collect (found, (GimpItem **) gimp_image_get_layers (image), roles);
  found = collect (found, (GimpItem **) gimp_image_get_channels (image),
                   roles);
  found = collect (found, (GimpItem **) gimp_image_get_paths (image), roles);

  return found;
}

gboolean
annotation_exists (GimpImage *image, AnnotationRole roles)
{
  g_autoptr (GSList) found = marked_items (image, roles);

  return found != NULL;
}

static gchar *
class_name (PockmarkClass klass)
{
  return g_strdup_printf (CLASS_NAME, pockmark_class_word (klass));
}

/* GIMP may have numbered the name of ours, where the user has one like it. */
static GimpChannel *
find_channel (GimpImage *image, PockmarkClass klass)
{
  g_autofree GimpChannel **channels = gimp_image_get_channels (image);
  g_autofree gchar        *wanted = class_name (klass);
  GimpChannel             *found = NULL;

  for (gsize i = 0; channels != NULL && channels[i] != NULL; i++)
    {
      g_autofree gchar *name = gimp_item_get_name (GIMP_ITEM (channels[i]));

      if (g_str_has_prefix (name, wanted)
          && is_marked (GIMP_ITEM (channels[i]), ANNOTATION_CHANNELS))
        return channels[i];
      if (g_str_equal (name, wanted))
        found = channels[i];
    }

  return found;
}

gboolean
annotation_find_channels (GimpImage   *image,
                          GimpChannel *channels[POCKMARK_N_CLASSES])
{
  gboolean found = FALSE;

  channels[POCKMARK_NONE] = NULL;
  for (guint klass = POCKMARK_NONE + 1; klass < POCKMARK_N_CLASSES; klass++)
    {
      channels[klass] = find_channel (image, klass);
      found = found || channels[klass] != NULL;
    }

  return found;
}

static gboolean
is_photograph (GimpItem *item)
{
  GimpParasite *parasite = gimp_item_get_parasite (item, PHOTOGRAPH_PARASITE);

  if (parasite == NULL)
    return FALSE;

  gimp_parasite_free (parasite);
  return TRUE;
}

/* The layers marked as photograph among layers (NULL-terminated, freed) and in
 * the groups among them, prepended. */
static GSList *
collect_photographs (GSList *found, GimpItem **layers)
{
  for (gsize i = 0; layers != NULL && layers[i] != NULL; i++)
    if (gimp_item_is_group (layers[i]))
      found = collect_photographs (found, gimp_item_get_children (layers[i]));
    else if (is_photograph (layers[i]))
      found = g_slist_prepend (found, layers[i]);
  g_free (layers);

  return found;
}

GimpLayer *
annotation_find_photograph (GimpImage *image, GimpItem *item)
{
  g_autoptr (GSList) found =
    collect_photographs (NULL, (GimpItem **) gimp_image_get_layers (image));
  gboolean           foreign = gimp_item_is_layer (item)
                               && !annotation_owns (item);

  if (foreign && (found == NULL || is_photograph (item)))
    return GIMP_LAYER (item);

  return found != NULL ? found->data : NULL;
}

/* Marks the layer that was examined, and no other. */
static void
mark_photograph (const Input *input)
{
  g_autoptr (GSList) found = collect_photographs (
    NULL, (GimpItem **) gimp_image_get_layers (input->image));
  GimpParasite      *parasite;

  if (found != NULL && found->next == NULL
      && found->data == (gpointer) input->layer)
    return;

  for (GSList *i = found; i != NULL; i = i->next)
    gimp_item_detach_parasite (i->data, PHOTOGRAPH_PARASITE);
  parasite = gimp_parasite_new (PHOTOGRAPH_PARASITE,
                                GIMP_PARASITE_PERSISTENT
                                  | GIMP_PARASITE_UNDOABLE,
                                1, "");
  gimp_item_attach_parasite (GIMP_ITEM (input->layer), parasite);
  gimp_parasite_free (parasite);
}

GArray *
annotation_anchors (GimpImage *image)
{
  g_autofree GimpPath **paths = gimp_image_get_paths (image);
  GArray               *anchors = g_array_new (FALSE, FALSE,
                                               sizeof (KeptAnchor));

  for (gsize i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      g_autofree gint *strokes = NULL;
      gsize            n_strokes = 0;

      if (!is_marked (GIMP_ITEM (paths[i]), ANNOTATION_PATHS))
        continue;

      strokes = gimp_path_get_strokes (paths[i], &n_strokes);
      for (gsize j = 0; j < n_strokes; j++)
        {
          g_autofree gdouble *controls = NULL;
          gsize               n = 0;
          gboolean            closed;

          gimp_path_stroke_get_points (paths[i], strokes[j], &n, &controls,
                                       &closed);
          /* A control point, then its anchor. */
          if (n >= 4)
            {
              KeptAnchor anchor = { controls[2], controls[3] };

              g_array_append_val (anchors, anchor);
            }
        }
    }

  return anchors;
}

void
annotation_wish_again (AnnotationWishes   *wishes,
                       GimpImage          *image,
                       GimpChannel *const *channels)
{
  const AnnotationRole drawn = ANNOTATION_FINDINGS & ~ANNOTATION_CHANNELS;

  wishes->stay = ANNOTATION_CHANNELS;
  wishes->make = annotation_exists (image, ANNOTATION_FINDINGS) ? 0 : drawn;
  for (guint role = ANNOTATION_GROUP; role <= ANNOTATION_LAST; role <<= 1)
    if ((role & drawn) != 0 && annotation_exists (image, role))
      wishes->make |= role;
  for (gint klass = 0; klass < POCKMARK_N_CLASSES; klass++)
    wishes->sought[klass] = channels[klass] != NULL;
}

gboolean
annotation_ask (const gchar *question)
{
  GtkWidget *dialog;
  gint       response;

  dialog = gtk_message_dialog_new (NULL, GTK_DIALOG_MODAL,
                                   GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE,
                                   "%s", question);
  gtk_message_dialog_format_secondary_text (
    GTK_MESSAGE_DIALOG (dialog),
    _("Layers, channels and paths that you have renamed or copied stay. Undo "
      "brings the others back."));
  gtk_dialog_add_buttons (GTK_DIALOG (dialog),
                          _("_Cancel"), GTK_RESPONSE_CANCEL,
                          _("_Replace"), GTK_RESPONSE_OK,
                          NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_OK);
  gtk_window_set_title (GTK_WINDOW (dialog), _("Pockmarks"));
  gimp_window_set_transient (GTK_WINDOW (dialog));
  response = gtk_dialog_run (GTK_DIALOG (dialog));
  gtk_widget_destroy (dialog);

  return response == GTK_RESPONSE_OK;
}

/* ---- Making ------------------------------------------------------------- */

GimpLayer *
annotation_layer_new (const Input *input, const gchar *name, gdouble opacity)
{
  GimpLayer *layer;

  layer = gimp_layer_new (input->image, name, input->width, input->height,
                          GIMP_RGBA_IMAGE, opacity,
                          gimp_image_get_default_new_layer_mode (
                            input->image));
  gimp_layer_set_offsets (layer, input->offset_x, input->offset_y);

  return layer;
}

static void
close_buffer (GimpItem *drawable, GeglBuffer *buffer)
{
  gint width = gegl_buffer_get_width (buffer);
  gint height = gegl_buffer_get_height (buffer);

  g_object_unref (buffer);
  gimp_drawable_update (GIMP_DRAWABLE (drawable), 0, 0, width, height);
}

static GimpLayer *
make_overlay (const Input    *input,
              const Findings *findings,
              const Progress *progress)
{
  GimpLayer  *layer = annotation_layer_new (input, _("Overlay"), 100.0);
  GeglBuffer *buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));

  graph_annotate (findings->map, findings->lesions, buffer, progress);
  close_buffer (GIMP_ITEM (layer), buffer);

  return layer;
}

/* Where the layer is, in pixels of the input. */
static GeglRectangle
layer_area (GimpLayer *layer, const Input *input)
{
  GimpDrawable *drawable = GIMP_DRAWABLE (layer);
  gint          x, y;

  gimp_drawable_get_offsets (drawable, &x, &y);

  return (GeglRectangle) { x - input->offset_x, y - input->offset_y,
                           gimp_drawable_get_width (drawable),
                           gimp_drawable_get_height (drawable) };
}

static GimpLayer *
make_numbers (const Input         *input,
              const Findings      *findings,
              const GeglRectangle *taken,
              GError             **error)
{
  GimpLayer  *layer = annotation_layer_new (input, _("Numbers"), 100.0);
  GeglBuffer *buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  gboolean    drawn = numbers_draw (findings, taken, buffer, error);

  close_buffer (GIMP_ITEM (layer), buffer);
  if (!drawn)
    {
      gimp_item_delete (GIMP_ITEM (layer));
      return NULL;
    }

  return layer;
}

/* Empty, as large as the image, as GIMP wants its channels. */
static GimpChannel *
new_channel (GimpImage *image, PockmarkClass klass)
{
  g_autofree gchar *name = class_name (klass);
  GeglColor        *colour = gegl_color_new (NULL);
  GimpChannel      *channel;

  gegl_color_set_pixel (colour, babl_format ("R'G'B' float"),
                        pockmark_class_colour (klass));
  channel = gimp_channel_new (image, name, gimp_image_get_width (image),
                              gimp_image_get_height (image),
                              CHANNEL_OPACITY, colour);
  g_object_unref (colour);

  return channel;
}

GimpChannel *
annotation_add_channel (GimpImage *image, PockmarkClass klass)
{
  GimpChannel *channel = new_channel (image, klass);

  gimp_item_set_visible (GIMP_ITEM (channel), FALSE);
  gimp_image_insert_channel (image, channel, NULL, 0);
  mark (GIMP_ITEM (channel), ANNOTATION_CHANNELS);

  return channel;
}

static GimpChannel *
make_channel (const Input    *input,
              const Findings *findings,
              PockmarkClass   klass,
              GError        **error)
{
  guint8       value[POCKMARK_N_CLASSES] = { 0 };
  GimpChannel *channel = new_channel (input->image, klass);
  GeglBuffer  *buffer;
  gboolean     drawn;

  value[klass] = 255;
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (channel));
  drawn = class_picture_draw (findings->map, findings->lesions, value, buffer,
                              input->offset_x, input->offset_y, error);
  close_buffer (GIMP_ITEM (channel), buffer);
  if (!drawn)
    {
      gimp_item_delete (GIMP_ITEM (channel));
      return NULL;
    }

  return channel;
}

/* A closed stroke of straight lines: both handles sit on their anchor. */
static void
add_stroke (GimpPath *path, const Input *input, const PockmarkRing *ring)
{
  g_autoptr (GArray)   points = polygon_simplify (ring, PATH_TOLERANCE);
  g_autofree gdouble  *controls = g_new (gdouble, 6 * (gsize) points->len);

  for (guint i = 0; i < points->len; i++)
    {
      const PockmarkPoint *p = &g_array_index (points, PockmarkPoint, i);

      for (guint j = 0; j < 3; j++)
        {
          controls[6 * i + 2 * j] = p->x + input->offset_x;
          controls[6 * i + 2 * j + 1] = p->y + input->offset_y;
        }
    }

  gimp_path_stroke_new_from_points (path, GIMP_PATH_STROKE_TYPE_BEZIER,
                                    6 * (gsize) points->len, controls, TRUE);
}

static GimpPath *
make_path (const Input    *input,
           const Findings *findings,
           PockmarkClass   klass,
           GError        **error)
{
  g_autofree gchar *name = class_name (klass);
  GimpPath         *path = gimp_path_new (input->image, name);

  for (guint i = 0; i < findings->lesions->len; i++)
    {
      const PockmarkLesion *lesion =
        &g_array_index (findings->lesions, PockmarkLesion, i);
      g_autoptr (GPtrArray) rings = NULL;

      if (lesion->klass != klass)
        continue;

      rings = polygon_trace (findings->map, lesion, error);
      if (rings == NULL)
        {
          gimp_item_delete (GIMP_ITEM (path));
          return NULL;
        }
      for (guint j = 0; j < rings->len; j++)
        add_stroke (path, input, g_ptr_array_index (rings, j));
    }

  return path;
}

static Annotation *
annotation_new (const Input *input)
{
  Annotation *annotation = g_new0 (Annotation, 1);

  annotation->input = input;
  annotation->layers = g_array_new (FALSE, FALSE, sizeof (Made));
  annotation->channels = g_array_new (FALSE, FALSE, sizeof (Made));
  annotation->paths = g_array_new (FALSE, FALSE, sizeof (Made));

  return annotation;
}

static void
add_made (GArray *list, gpointer item, AnnotationRole role)
{
  Made made = { item, role };

  g_array_append_val (list, made);
}

static gboolean
make_classes (Annotation             *annotation,
              const Findings         *findings,
              const AnnotationWishes *wishes,
              GError                **error)
{
  for (guint klass = POCKMARK_NONE + 1; klass < POCKMARK_N_CLASSES; klass++)
    {
      GimpChannel *channel = NULL;
      GimpPath    *path = NULL;

      if (!wishes->sought[klass])
        continue;

      if ((wishes->make & ANNOTATION_CHANNELS) != 0)
        {
          channel = make_channel (annotation->input, findings, klass, error);
          if (channel == NULL)
            return FALSE;
          add_made (annotation->channels, channel, ANNOTATION_CHANNELS);
        }
      if ((wishes->make & ANNOTATION_PATHS) != 0)
        {
          path = make_path (annotation->input, findings, klass, error);
          if (path == NULL)
            return FALSE;
          add_made (annotation->paths, path, ANNOTATION_PATHS);
        }
    }

  return TRUE;
}

Annotation *
annotation_of_findings (const Input            *input,
                        const Findings         *findings,
                        const AnnotationWishes *wishes,
                        gdouble                 pixels_per_mm,
                        const Progress         *progress,
                        GError                **error)
{
  g_autoptr (Annotation) annotation = annotation_new (input);
  /* The legend lies over the numbers, which keep clear of it. */
  GeglRectangle          taken = { 0 };
  GimpLayer             *legend;
  GimpLayer             *numbers;

  annotation->findings = findings;
  annotation->replaces = ANNOTATION_FINDINGS & ~wishes->stay;
  progress_start (progress, _("Drawing the findings"));

  if ((wishes->make & ANNOTATION_LEGEND) != 0)
    {
      legend = legend_new (input, findings->lesions, wishes->sought,
                           pixels_per_mm);
      taken = layer_area (legend, input);
      add_made (annotation->layers, legend, ANNOTATION_LEGEND);
    }
  if ((wishes->make & ANNOTATION_NUMBERS) != 0)
    {
      numbers = make_numbers (input, findings, &taken, error);
      if (numbers == NULL)
        return NULL;
      add_made (annotation->layers, numbers, ANNOTATION_NUMBERS);
    }
  if ((wishes->make & ANNOTATION_OVERLAY) != 0)
    add_made (annotation->layers, make_overlay (input, findings, progress),
              ANNOTATION_OVERLAY);
  if (!make_classes (annotation, findings, wishes, error))
    return NULL;

  return g_steal_pointer (&annotation);
}

Annotation *
annotation_of_redness (const Input *input, GimpLayer *layer)
{
  Annotation *annotation = annotation_new (input);

  annotation->replaces = ANNOTATION_REDNESS;
  add_made (annotation->layers, layer, ANNOTATION_REDNESS);

  return annotation;
}

Annotation *
annotation_of_visits (const Input *input, GSList *layers)
{
  Annotation *annotation = annotation_new (input);

  annotation->replaces = ANNOTATION_VISITS;
  for (GSList *i = layers; i != NULL; i = i->next)
    add_made (annotation->layers, i->data, ANNOTATION_VISITS);
  g_slist_free (layers);

  return annotation;
}

/* ---- Putting into the image --------------------------------------------- */

static void
remove_last_run (GimpImage *image, AnnotationRole role)
{
  g_autoptr (GSList) items = marked_items (image, role);

  for (GSList *i = items; i != NULL; i = i->next)
    {
      if (gimp_item_is_layer (i->data))
        gimp_image_remove_layer (image, i->data);
      else if (gimp_item_is_channel (i->data))
        gimp_image_remove_channel (image, i->data);
      else
        gimp_image_remove_path (image, i->data);
    }
}

void
annotation_remove (GimpImage *image)
{
  remove_last_run (image, ANNOTATION_FINDINGS | ANNOTATION_REDNESS
                            | ANNOTATION_VISITS);
  remove_last_run (image, ANNOTATION_GROUP);
}

static GimpGroupLayer *
find_group (GimpImage *image)
{
  g_autoptr (GSList) groups = marked_items (image, ANNOTATION_GROUP);

  return groups != NULL ? groups->data : NULL;
}

/* The group of the last run, or a new one, right above the photograph or
 * wherever above it the user has put it. */
static GimpGroupLayer *
ensure_group (const Input *input)
{
  GimpImage      *image = input->image;
  GimpItem       *photograph = GIMP_ITEM (input->layer);
  GimpItem       *parent = gimp_item_get_parent (photograph);
  gint            position = gimp_image_get_item_position (image, photograph);
  GimpGroupLayer *group = find_group (image);

  if (group == NULL)
    {
      group = gimp_group_layer_new (image, GROUP_NAME);
      gimp_image_insert_layer (image, GIMP_LAYER (group),
                               (GimpLayer *) parent, position);
      mark (GIMP_ITEM (group), ANNOTATION_GROUP);
    }
  else if (gimp_item_get_parent (GIMP_ITEM (group)) != parent)
    gimp_image_reorder_item (image, GIMP_ITEM (group), parent, position);
  else if (gimp_image_get_item_position (image, GIMP_ITEM (group)) > position)
    gimp_image_reorder_item (image, GIMP_ITEM (group), parent, position);

  return group;
}

static void
drop_empty_group (GimpImage *image)
{
  GimpGroupLayer       *group = find_group (image);
  g_autofree GimpItem **children = NULL;

  if (group == NULL)
    return;

  children = gimp_item_get_children (GIMP_ITEM (group));
  if (children == NULL || children[0] == NULL)
    gimp_image_remove_layer (image, GIMP_LAYER (group));
}

/* Layers go on top of the group; the redness map covers the photograph and so
 * goes below the findings. */
static GimpGroupLayer *
insert_layers (Annotation *annotation)
{
  GimpImage            *image = annotation->input->image;
  GimpGroupLayer       *group = ensure_group (annotation->input);
  g_autofree GimpItem **children = NULL;
  gint                  position = 0;

  children = gimp_item_get_children (GIMP_ITEM (group));
  if (annotation->replaces == ANNOTATION_REDNESS)
    position = gimp_core_object_array_get_length ((GObject **) children);

  for (guint i = 0; i < annotation->layers->len; i++)
    {
      const Made *made = &g_array_index (annotation->layers, Made, i);

      gimp_image_insert_layer (image, GIMP_LAYER (made->item),
                               GIMP_LAYER (group), position++);
      mark (made->item, made->role);
    }
  g_array_set_size (annotation->layers, 0);

  return group;
}

static void
insert_classes (Annotation *annotation)
{
  GimpImage *image = annotation->input->image;

  for (guint i = 0; i < annotation->channels->len; i++)
    {
      const Made *made = &g_array_index (annotation->channels, Made, i);

      gimp_item_set_visible (made->item, FALSE);
      gimp_image_insert_channel (image, GIMP_CHANNEL (made->item), NULL, i);
      mark (made->item, made->role);
    }
  g_array_set_size (annotation->channels, 0);

  for (guint i = 0; i < annotation->paths->len; i++)
    {
      const Made *made = &g_array_index (annotation->paths, Made, i);

      gimp_image_insert_path (image, GIMP_PATH (made->item), NULL, i);
      mark (made->item, made->role);
    }
  g_array_set_size (annotation->paths, 0);
}

/* Findings without class channels cannot be measured again. */
static void
keep_findings (const Annotation *annotation)
{
  const Input       *input = annotation->input;
  GeglRectangle      extent = input_extent (input);
  g_autoptr (GArray) anchors = annotation_anchors (input->image);
  GimpChannel       *channels[POCKMARK_N_CLASSES];

  mark_photograph (input);
  if (annotation_find_channels (input->image, channels))
    kept_store (input->image, &extent, anchors, annotation->findings->marks,
                input->region);
  else
    kept_drop (input->image);
}

/* GIMP selects what is new.  The user works on the channel that he has selected
 * and that is still there, else on the photograph. */
static void
select_again (const Input *input, GimpChannel **selected)
{
  const GimpLayer *photograph[] = { input->layer, NULL };

  if (selected != NULL && selected[0] != NULL
      && gimp_item_is_valid (GIMP_ITEM (selected[0])))
    gimp_image_set_selected_channels (input->image,
                                      (const GimpChannel **) selected);
  else
    gimp_image_set_selected_layers (input->image, photograph);
}

GimpGroupLayer *
annotation_commit (Annotation *annotation, const AnnotationRecord *record)
{
  GimpImage               *image = annotation->input->image;
  g_autofree GimpChannel **selected =
    gimp_image_get_selected_channels (image);
  GimpGroupLayer          *group = NULL;

  gimp_image_undo_group_start (image);
  remove_last_run (image, annotation->replaces);
  test_stop_at ("removed");
  if (annotation->layers->len > 0)
    group = insert_layers (annotation);
  else
    drop_empty_group (image);
  test_stop_at ("layers");
  insert_classes (annotation);
  test_stop_at ("classes");
  if (record->scale_source != NULL)
    skin_scale_follow (image, record->pixels_per_mm);
  record_store (image, record->pixels_per_mm, record->scale_source,
                annotation->findings != NULL                 ? "detection"
                : annotation->replaces == ANNOTATION_VISITS ? "visits"
                                                            : "redness",
                record->parameters);
  if (annotation->findings != NULL)
    keep_findings (annotation);
  select_again (annotation->input, selected);
  gimp_image_undo_group_end (image);

  return group;
}

static void
delete_items (GArray *list)
{
  for (guint i = 0; i < list->len; i++)
    gimp_item_delete (g_array_index (list, Made, i).item);
  g_array_unref (list);
}

void
annotation_free (Annotation *annotation)
{
  delete_items (annotation->layers);
  delete_items (annotation->channels);
  delete_items (annotation->paths);
  g_free (annotation);
}
