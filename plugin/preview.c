/* What a detection would find, shown before it is made
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "class-text.h"
#include "pockmark-gegl.h"
#include "preview.h"

/* The picture's largest size, pixels of the screen. */
#define WIDTH 460
#define HEIGHT 420

/* One step of the wheel or of a key, and the largest scale. */
#define ZOOM_STEP 1.25
#define ZOOM_MAX 4.0
#define PAN_STEP 40.0

/* Widths of the outline and of the line around it, pixels of the screen. */
#define LINE 1.8
#define CASING 3.6

/* A slider that is still moving is not answered, milliseconds. */
#define PATIENCE 120

/* One finding: its class and its outlines (PockmarkRing). */
typedef struct
{
  PockmarkClass klass;
  PockmarkRect  box;   /* the rings' origin */
  GPtrArray    *rings;
} Shape;

/* What goes to the thread and what comes back. */
typedef struct
{
  GeglBuffer         *photograph;
  PockmarkParameters  parameters;
  PockmarkAnalysis   *analysis; /* NULL: to be made */
  gint                cancelled;
  GArray             *shapes;   /* of Shape; NULL on error */
  GError             *error;
} Job;

typedef struct
{
  GtkWidget          *picture;
  GtkWidget          *counts;
  GtkWidget          *spinner;
  GeglBuffer         *photograph;
  PockmarkParameters  wanted;
  gboolean            sought[POCKMARK_N_CLASSES];
  PockmarkAnalysis   *analysis; /* NULL: none, or with the thread */
  PockmarkParameters  analysed; /* what it was made with */
  Job                *running;  /* NULL: the thread rests */
  guint               waiting;  /* the source that will start it, 0 none */
  gboolean            stopped;
  GArray             *shapes;   /* of Shape, shown */
  gdouble             zoom;     /* screen over photograph */
  gdouble             x;        /* of the photograph at the screen's origin */
  gdouble             y;
  gdouble             grab_x;   /* where the pointer took hold of it */
  gdouble             grab_y;
  cairo_surface_t    *surface;  /* the photograph in this view, NULL: to do */
} Preview;

static Preview *
get_preview (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "preview");
}

/* ---- On the thread --------------------------------------------------------- */

static void
clear_shape (gpointer data)
{
  g_ptr_array_unref (((Shape *) data)->rings);
}

static gboolean
go_on (gdouble fraction, gpointer user_data)
{
  return !g_atomic_int_get (&((Job *) user_data)->cancelled);
}

/* The outlines of finding i; none where surer ones have taken all of it. */
static gboolean
outline (const PockmarkDetection *detection, guint i, GArray *shapes,
         GError **error)
{
  const PockmarkFinding *finding =
    &g_array_index (pockmark_detection_findings (detection), PockmarkFinding,
                    i);
  Shape               shape = { finding->klass,
                                pockmark_detection_box (detection, i), NULL };
  const PockmarkRect  whole = { 0, 0, shape.box.width, shape.box.height };
  gsize               n = (gsize) whole.width * whole.height;
  g_autofree gfloat  *map = g_try_malloc_n (MAX (n, 1), 4 * sizeof (gfloat));
  PockmarkPixels      pixels = { whole.width, whole.height, map };
  PockmarkSource      source = pockmark_source_from_pixels (&pixels);

  if (map == NULL)
    {
      g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                   _("There is not enough memory to draw the findings."));
      return FALSE;
    }

  pockmark_detection_render (detection, &shape.box, map,
                             4 * (gsize) whole.width);
  shape.rings = pockmark_trace (&source, finding->number, &whole, error);
  if (shape.rings == NULL)
    return FALSE;

  if (shape.rings->len > 0)
    g_array_append_val (shapes, shape);
  else
    g_ptr_array_unref (shape.rings);
  return TRUE;
}

static GArray *
find_shapes (const Job *job, const PockmarkHost *host, GError **error)
{
  g_autoptr (PockmarkDetection) detection = NULL;
  g_autoptr (GArray)            shapes = NULL;

  detection = pockmark_analysis_choose (job->analysis,
                                        job->parameters.sensitivity, host,
                                        error);
  if (detection == NULL)
    return NULL;

  shapes = g_array_new (FALSE, FALSE, sizeof (Shape));
  g_array_set_clear_func (shapes, clear_shape);
  for (guint i = 0; i < pockmark_detection_findings (detection)->len; i++)
    if (!outline (detection, i, shapes, error))
      return NULL;

  return g_steal_pointer (&shapes);
}

static void
work (GTask        *task,
      gpointer      source,
      gpointer      task_data,
      GCancellable *cancellable)
{
  Job                *job = task_data;
  PockmarkGeglPicture picture;
  PockmarkHost        host;

  pockmark_gegl_host_init (&host);
  host.progress = go_on;
  host.user_data = job;
  if (job->analysis == NULL)
    {
      pockmark_gegl_picture_init (&picture, job->photograph, NULL,
                                  POCKMARK_GEGL_PHOTOGRAPH);
      job->analysis = pockmark_analysis_new (&picture.source,
                                             &job->parameters, &host,
                                             &job->error);
    }
  if (job->analysis != NULL)
    job->shapes = find_shapes (job, &host, &job->error);
  g_task_return_boolean (task, TRUE);
}

static void
free_job (Job *job)
{
  g_clear_object (&job->photograph);
  g_clear_pointer (&job->analysis, pockmark_analysis_free);
  g_clear_pointer (&job->shapes, g_array_unref);
  g_clear_error (&job->error);
  g_free (job);
}

/* ---- Starting and ending it ------------------------------------------------ */

static void start (GtkWidget *widget);

static gboolean
same_analysis (const PockmarkParameters *a, const PockmarkParameters *b)
{
  return a->pixels_per_mm == b->pixels_per_mm
         && a->whole_is_skin == b->whole_is_skin;
}

static void
show_counts (Preview *preview)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint               count[POCKMARK_N_CLASSES] = { 0 };

  for (guint i = 0; i < preview->shapes->len; i++)
    count[g_array_index (preview->shapes, Shape, i).klass]++;
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    if (preview->sought[klass])
      class_text_add_count (text, klass, count[klass]);
  gtk_label_set_markup (GTK_LABEL (preview->counts), text->str);
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GtkWidget *widget = GTK_WIDGET (object);
  Preview   *preview = get_preview (widget);
  Job       *job = g_task_get_task_data (G_TASK (result));
  gboolean   overtaken;

  preview->running = NULL;
  if (preview->stopped)
    return;

  preview->analysis = g_steal_pointer (&job->analysis);
  preview->analysed = job->parameters;
  overtaken = !same_analysis (&job->parameters, &preview->wanted)
              || job->parameters.sensitivity != preview->wanted.sensitivity;
  if (job->shapes != NULL)
    {
      g_clear_pointer (&preview->shapes, g_array_unref);
      preview->shapes = g_steal_pointer (&job->shapes);
      show_counts (preview);
      gtk_widget_queue_draw (preview->picture);
    }
  else if (!overtaken)
    gtk_label_set_text (GTK_LABEL (preview->counts), job->error->message);

  if (overtaken)
    start (widget);
  else
    gtk_spinner_stop (GTK_SPINNER (preview->spinner));
}

static void
start (GtkWidget *widget)
{
  Preview          *preview = get_preview (widget);
  Job              *job = g_new0 (Job, 1);
  g_autoptr (GTask) task = g_task_new (widget, NULL, on_done, NULL);

  if (!same_analysis (&preview->analysed, &preview->wanted))
    g_clear_pointer (&preview->analysis, pockmark_analysis_free);
  job->photograph = g_object_ref (preview->photograph);
  job->parameters = preview->wanted;
  job->analysis = g_steal_pointer (&preview->analysis);
  preview->running = job;
  gtk_spinner_start (GTK_SPINNER (preview->spinner));
  g_task_set_task_data (task, job, (GDestroyNotify) free_job);
  g_task_run_in_thread (task, work);
}

static gboolean
on_waited (gpointer widget)
{
  Preview *preview = get_preview (widget);

  preview->waiting = 0;
  if (preview->running == NULL)
    start (widget);

  return G_SOURCE_REMOVE;
}

void
preview_update (GtkWidget                *widget,
                const PockmarkParameters *parameters,
                const gboolean           *sought)
{
  Preview *preview = get_preview (widget);

  memcpy (preview->sought, sought, sizeof preview->sought);
  if (preview->shapes != NULL)
    show_counts (preview);
  gtk_widget_queue_draw (preview->picture);

  if (preview->shapes != NULL && preview->running == NULL
      && same_analysis (&preview->wanted, parameters)
      && preview->wanted.sensitivity == parameters->sensitivity)
    return;

  preview->wanted = *parameters;
  if (preview->running != NULL
      && !same_analysis (&preview->running->parameters, parameters))
    g_atomic_int_set (&preview->running->cancelled, TRUE);
  if (preview->waiting == 0)
    preview->waiting = g_timeout_add (PATIENCE, on_waited, widget);
}

void
preview_refuse (GtkWidget *widget, const gchar *why)
{
  Preview *preview = get_preview (widget);

  g_clear_pointer (&preview->shapes, g_array_unref);
  gtk_label_set_text (GTK_LABEL (preview->counts), why);
  gtk_widget_queue_draw (preview->picture);
}

void
preview_stop (GtkWidget *widget)
{
  Preview *preview = get_preview (widget);

  preview->stopped = TRUE;
  if (preview->waiting != 0)
    g_source_remove (preview->waiting);
  preview->waiting = 0;
  if (preview->running != NULL)
    g_atomic_int_set (&preview->running->cancelled, TRUE);
  while (preview->running != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
free_preview (gpointer data)
{
  Preview *preview = data;

  g_object_unref (preview->photograph);
  g_clear_pointer (&preview->analysis, pockmark_analysis_free);
  g_clear_pointer (&preview->shapes, g_array_unref);
  g_clear_pointer (&preview->surface, cairo_surface_destroy);
  g_free (preview);
}

/* ---- The view ------------------------------------------------------------- */

static gdouble
least_zoom (const Preview *preview)
{
  gdouble width = gegl_buffer_get_width (preview->photograph);
  gdouble height = gegl_buffer_get_height (preview->photograph);

  return MIN (MIN (WIDTH / width, HEIGHT / height), ZOOM_MAX);
}

/* Moves the view to where there is a photograph to see. */
static void
set_view (Preview *preview, gdouble zoom, gdouble x, gdouble y)
{
  gdouble width = gegl_buffer_get_width (preview->photograph);
  gdouble height = gegl_buffer_get_height (preview->photograph);

  preview->zoom = CLAMP (zoom, least_zoom (preview), ZOOM_MAX);
  preview->x = CLAMP (x, 0.0, MAX (width - WIDTH / preview->zoom, 0.0));
  preview->y = CLAMP (y, 0.0, MAX (height - HEIGHT / preview->zoom, 0.0));
  g_clear_pointer (&preview->surface, cairo_surface_destroy);
  gtk_widget_queue_draw (preview->picture);
}

/* The point at screen_x, screen_y stays where it is. */
static void
zoom_by (Preview *preview, gdouble factor, gdouble screen_x, gdouble screen_y)
{
  gdouble zoom = CLAMP (preview->zoom * factor, least_zoom (preview),
                        ZOOM_MAX);

  set_view (preview, zoom,
            preview->x + screen_x / preview->zoom - screen_x / zoom,
            preview->y + screen_y / preview->zoom - screen_y / zoom);
}

static gboolean
on_scroll (GtkWidget *picture, GdkEventScroll *event, Preview *preview)
{
  if (event->direction == GDK_SCROLL_UP)
    zoom_by (preview, ZOOM_STEP, event->x, event->y);
  else if (event->direction == GDK_SCROLL_DOWN)
    zoom_by (preview, 1.0 / ZOOM_STEP, event->x, event->y);
  else
    return FALSE;

  return TRUE;
}

static gboolean
on_press (GtkWidget *picture, GdkEventButton *event, Preview *preview)
{
  preview->grab_x = preview->x + event->x / preview->zoom;
  preview->grab_y = preview->y + event->y / preview->zoom;
  gtk_widget_grab_focus (picture);

  return TRUE;
}

static gboolean
on_drag (GtkWidget *picture, GdkEventMotion *event, Preview *preview)
{
  set_view (preview, preview->zoom,
            preview->grab_x - event->x / preview->zoom,
            preview->grab_y - event->y / preview->zoom);

  return TRUE;
}

static gboolean
on_key (GtkWidget *picture, GdkEventKey *event, Preview *preview)
{
  gdouble step = PAN_STEP / preview->zoom;

  switch (event->keyval)
    {
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
      zoom_by (preview, ZOOM_STEP, WIDTH / 2.0, HEIGHT / 2.0);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      zoom_by (preview, 1.0 / ZOOM_STEP, WIDTH / 2.0, HEIGHT / 2.0);
      return TRUE;
    case GDK_KEY_Left:
      set_view (preview, preview->zoom, preview->x - step, preview->y);
      return TRUE;
    case GDK_KEY_Right:
      set_view (preview, preview->zoom, preview->x + step, preview->y);
      return TRUE;
    case GDK_KEY_Up:
      set_view (preview, preview->zoom, preview->x, preview->y - step);
      return TRUE;
    case GDK_KEY_Down:
      set_view (preview, preview->zoom, preview->x, preview->y + step);
      return TRUE;
    default:
      return FALSE;
    }
}

/* ---- Drawing --------------------------------------------------------------- */

/* What has no weight stays transparent: it is not looked at. */
static cairo_surface_t *
draw_photograph (const Preview *preview)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                                         WIDTH, HEIGHT);
  GeglRectangle    area = { floor (preview->x * preview->zoom),
                            floor (preview->y * preview->zoom), WIDTH,
                            HEIGHT };

  cairo_surface_flush (surface);
  gegl_buffer_get (preview->photograph, &area, preview->zoom,
                   babl_format ("cairo-ARGB32"),
                   cairo_image_surface_get_data (surface),
                   cairo_image_surface_get_stride (surface),
                   GEGL_ABYSS_NONE);
  cairo_surface_mark_dirty (surface);

  return surface;
}

static void
trace_shape (cairo_t *cr, const Shape *shape)
{
  for (guint i = 0; i < shape->rings->len; i++)
    {
      const PockmarkRing *ring = g_ptr_array_index (shape->rings, i);

      for (guint j = 0; j < ring->points->len; j++)
        {
          const PockmarkPoint *p = &g_array_index (ring->points,
                                                   PockmarkPoint, j);

          cairo_line_to (cr, shape->box.x + p->x, shape->box.y + p->y);
        }
      cairo_close_path (cr);
    }
}

static void
draw_shape (cairo_t *cr, const Preview *preview, const Shape *shape)
{
  const gfloat *rgb = pockmark_class_colour (shape->klass);

  cairo_save (cr);
  cairo_scale (cr, preview->zoom, preview->zoom);
  cairo_translate (cr, -preview->x, -preview->y);
  trace_shape (cr, shape);
  cairo_restore (cr);
  cairo_set_source_rgba (cr, 1.0, 1.0, 1.0, 0.7);
  cairo_set_line_width (cr, CASING);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgb (cr, rgb[0], rgb[1], rgb[2]);
  cairo_set_line_width (cr, LINE);
  cairo_stroke (cr);
}

static gboolean
on_draw (GtkWidget *picture, cairo_t *cr, Preview *preview)
{
  if (preview->surface == NULL)
    preview->surface = draw_photograph (preview);
  cairo_set_source_surface (cr, preview->surface, 0.0, 0.0);
  cairo_paint (cr);

  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; preview->shapes != NULL && i < preview->shapes->len; i++)
    {
      const Shape *shape = &g_array_index (preview->shapes, Shape, i);

      if (preview->sought[shape->klass])
        draw_shape (cr, preview, shape);
    }
  if (gtk_widget_has_focus (picture))
    gtk_render_focus (gtk_widget_get_style_context (picture), cr, 0.0, 0.0,
                      gtk_widget_get_allocated_width (picture),
                      gtk_widget_get_allocated_height (picture));

  return TRUE;
}

/* ---- Building -------------------------------------------------------------- */

static GtkWidget *
new_picture (Preview *preview)
{
  GtkWidget *picture = gtk_drawing_area_new ();
  gdouble    zoom = least_zoom (preview);

  gtk_widget_set_size_request (
    picture,
    MIN (WIDTH, ceil (gegl_buffer_get_width (preview->photograph) * zoom)),
    MIN (HEIGHT, ceil (gegl_buffer_get_height (preview->photograph) * zoom)));
  gtk_widget_set_halign (picture, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (picture, GTK_ALIGN_START);
  gtk_widget_set_can_focus (picture, TRUE);
  gtk_widget_set_tooltip_text (picture,
                               _("The wheel, or + and −, zooms; dragging, or "
                                 "the arrow keys, moves the picture."));
  gtk_widget_add_events (picture, GDK_SCROLL_MASK | GDK_BUTTON_PRESS_MASK
                                    | GDK_BUTTON1_MOTION_MASK);
  g_signal_connect (picture, "draw", G_CALLBACK (on_draw), preview);
  g_signal_connect (picture, "scroll-event", G_CALLBACK (on_scroll), preview);
  g_signal_connect (picture, "button-press-event", G_CALLBACK (on_press),
                    preview);
  g_signal_connect (picture, "motion-notify-event", G_CALLBACK (on_drag),
                    preview);
  g_signal_connect (picture, "key-press-event", G_CALLBACK (on_key), preview);

  return picture;
}

static GtkWidget *
new_line (Preview *preview)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  preview->counts = gtk_label_new (_("Looking for pockmarks…"));
  gtk_label_set_xalign (GTK_LABEL (preview->counts), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (preview->counts), TRUE);
  preview->spinner = gtk_spinner_new ();
  gtk_box_pack_start (GTK_BOX (line), preview->counts, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (line), preview->spinner, FALSE, FALSE, 0);

  return line;
}

GtkWidget *
preview_new (GeglBuffer *photograph)
{
  GtkWidget *widget = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  Preview   *preview = g_new0 (Preview, 1);

  preview->photograph = g_object_ref (photograph);
  preview->picture = new_picture (preview);
  gtk_box_pack_start (GTK_BOX (widget), preview->picture, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (widget), new_line (preview), FALSE, FALSE, 0);
  g_object_set_data_full (G_OBJECT (widget), "preview", preview,
                          free_preview);
  set_view (preview, least_zoom (preview), 0.0, 0.0);
  gtk_widget_show_all (widget);

  return widget;
}
