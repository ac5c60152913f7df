/* The findings as a window: totals, and a table in which one can change them
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The class channels stay the truth: what the user says of a lesion is painted
 * into them, and then everything is measured again.
 */

#include <math.h>

#include <libgimp/gimpui.h>

#include "class-text.h"
#include "findings-window.h"
#include "kept.h"
#include "polygon.h"

#define HELP_ID "pockmark-findings"

/* Pixels of the screen; and characters, for lines that wrap. */
#define WINDOW_WIDTH 980
#define TABLE_HEIGHT 320
#define LINE_WIDTH 72

#define UNKNOWN "–"

/* GIMP's themes hardly show which rows are selected. */
#define TABLE_STYLE "treeview:selected { background-color: #2a6fb5; " \
                    "color: #ffffff; }"

enum
{
  RESPONSE_MEASURE = 1,
  RESPONSE_REPORT
};

enum
{
  COLUMN_NUMBER,
  COLUMN_CLASS, /* its word, for sorting by class */
  COLUMN_NAME,
  COLUMN_FIGURES,
  COLUMN_CONFIDENCE = COLUMN_FIGURES,
  COLUMN_DIAMETER,
  COLUMN_AREA,
  COLUMN_HEMOGLOBIN,
  COLUMN_MELANIN,
  COLUMN_RELIEF,
  COLUMN_FLAGS,
  N_COLUMNS,
  N_FIGURES = COLUMN_FLAGS - COLUMN_FIGURES
};

typedef struct
{
  Session      *session;
  GtkWidget    *dialog;
  GtkWidget    *totals;
  GtkWidget    *status;
  GtkWidget    *actions;  /* what needs selected lesions */
  GtkTreeView  *table;
  GtkListStore *store;
  gulong        selecting; /* the handler that selects on the canvas */
  guint         kept;      /* of the findings shown, see kept_stamp () */
  gboolean      editable;  /* there are class channels to paint into */
} Window;

static void refresh (Window *window);

/* ---- Telling -------------------------------------------------------------- */

static void
say (Window *window, const gchar *text)
{
  gtk_label_set_text (GTK_LABEL (window->status), text);
}

/* Takes error. */
static void
complain (Window *window, GError *error)
{
  say (window, error->message);
  g_error_free (error);
}

static void
show_totals (Window *window)
{
  const Session       *session = window->session;
  const PockmarkGrade *grade = &session->findings->grade;
  g_autoptr (GString)  text = g_string_new (NULL);

  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    class_text_add_count (text, klass, grade->count[klass]);
  g_string_append_c (text, '\n');
  if (grade->skin_cm2 > 0.0)
    g_string_append_printf (text,
                            _("%.1f cm² of skin, %.2f findings per cm², "
                              "%.2f pixels per mm"),
                            grade->skin_cm2, grade->density,
                            session->scale.pixels_per_mm);
  else
    g_string_append (text, _("The scale is not known, so sizes are in "
                             "pixels: Set Skin Scale, then measure again."));
  g_string_append_c (text, '\n');
  if (grade->ecca >= 0)
    g_string_append_printf (text, _("ECCA, atrophic part: %d.  "),
                            grade->ecca);
  g_string_append_printf (text,
                          _("Goodman and Baron's factor for the number of "
                            "scars: %d.  Redness: %.1f."),
                          grade->goodman_baron, session->skin->redness_mean);
  gtk_label_set_markup (GTK_LABEL (window->totals), text->str);
}

/* ---- The table ------------------------------------------------------------ */

static gdouble
known (gdouble value)
{
  return isfinite (value) ? value : -G_MAXDOUBLE;
}

static void
add_row (Window *window, const PockmarkLesion *lesion)
{
  gboolean          mm = window->session->scale.pixels_per_mm > 0.0;
  g_autofree gchar *flags = class_text_flags (lesion->flags);
  gdouble           diameter = 2.0 * sqrt (lesion->area / G_PI);

  gtk_list_store_insert_with_values (
    window->store, NULL, -1,
    COLUMN_NUMBER, lesion->number,
    COLUMN_CLASS, pockmark_class_word (lesion->klass),
    COLUMN_NAME, class_text_name (lesion->klass),
    COLUMN_CONFIDENCE, (gdouble) lesion->confidence,
    COLUMN_DIAMETER, mm ? lesion->diameter_mm : diameter,
    COLUMN_AREA, mm ? lesion->area_mm2 : lesion->area,
    COLUMN_HEMOGLOBIN, known (lesion->hemoglobin),
    COLUMN_MELANIN, known (lesion->melanin),
    COLUMN_RELIEF, known (lesion->relief),
    COLUMN_FLAGS, flags,
    -1);
}

static void
show_lesions (Window *window)
{
  const GArray *lesions = window->session->findings->lesions;

  gtk_list_store_clear (window->store);
  for (guint i = 0; i < lesions->len; i++)
    add_row (window, &g_array_index (lesions, PockmarkLesion, i));
}

static void
draw_figure (GtkTreeViewColumn *column,
             GtkCellRenderer   *cell,
             GtkTreeModel      *model,
             GtkTreeIter       *iter,
             gpointer           data)
{
  gint              index = GPOINTER_TO_INT (data);
  g_autofree gchar *text = NULL;
  gdouble           value;

  gtk_tree_model_get (model, iter, index, &value, -1);
  if (value == -G_MAXDOUBLE)
    text = g_strdup (UNKNOWN);
  else if (index == COLUMN_CONFIDENCE)
    text = g_strdup_printf ("%.0f %%", 100.0 * value);
  else
    text = g_strdup_printf ("%.2f", value);
  g_object_set (cell, "text", text, NULL);
}

static GtkTreeViewColumn *
add_column (Window *window, const gchar *title, gint index, gint sort)
{
  GtkCellRenderer   *cell = gtk_cell_renderer_text_new ();
  GtkTreeViewColumn *column;

  column = gtk_tree_view_column_new_with_attributes (title, cell, "text",
                                                     index, NULL);
  gtk_tree_view_column_set_sort_column_id (column, sort);
  gtk_tree_view_column_set_resizable (column, TRUE);
  gtk_tree_view_append_column (window->table, column);

  return column;
}

static void
add_figure_column (Window *window, const gchar *title, gint index)
{
  GtkCellRenderer   *cell = gtk_cell_renderer_text_new ();
  GtkTreeViewColumn *column = gtk_tree_view_column_new ();

  gtk_tree_view_column_set_title (column, title);
  gtk_tree_view_column_pack_start (column, cell, TRUE);
  gtk_tree_view_column_set_cell_data_func (column, cell, draw_figure,
                                           GINT_TO_POINTER (index), NULL);
  g_object_set (cell, "xalign", 1.0f, NULL);
  gtk_tree_view_column_set_alignment (column, 1.0f);
  gtk_tree_view_column_set_sort_column_id (column, index);
  gtk_tree_view_column_set_resizable (column, TRUE);
  gtk_tree_view_append_column (window->table, column);
}

/* The selected lesions: indices into the list of lesions. */
static GArray *
selected_lesions (Window *window)
{
  const GArray     *lesions = window->session->findings->lesions;
  GtkTreeSelection *selection = gtk_tree_view_get_selection (window->table);
  GArray           *indices = g_array_new (FALSE, FALSE, sizeof (guint));
  GtkTreeModel     *model;
  GList            *rows;

  rows = gtk_tree_selection_get_selected_rows (selection, &model);
  for (GList *row = rows; row != NULL; row = row->next)
    {
      GtkTreeIter iter;
      guint       number;

      gtk_tree_model_get_iter (model, &iter, row->data);
      gtk_tree_model_get (model, &iter, COLUMN_NUMBER, &number, -1);
      for (guint i = 0; i < lesions->len; i++)
        if (g_array_index (lesions, PockmarkLesion, i).number == number)
          g_array_append_val (indices, i);
    }
  g_list_free_full (rows, (GDestroyNotify) gtk_tree_path_free);

  return indices;
}

/* ---- On the canvas -------------------------------------------------------- */

static void
select_lesions (Window *window, const GArray *indices)
{
  const Session  *session = window->session;
  const Findings *findings = session->findings;
  GimpImage      *image = session->input->image;
  GError         *error = NULL;

  gimp_image_undo_group_start (image);
  gimp_selection_none (image);
  for (guint i = 0; i < indices->len && error == NULL; i++)
    {
      guint                 index = g_array_index (indices, guint, i);
      g_autoptr (GPtrArray) rings =
        polygon_trace (findings->map,
                       &g_array_index (findings->lesions, PockmarkLesion,
                                       index),
                       &error);

      if (rings != NULL)
        input_select (session->input, rings);
    }
  gimp_image_undo_group_end (image);
  gimp_displays_flush ();
  if (error != NULL)
    complain (window, error);
}

static void
on_select (GtkTreeSelection *selection, Window *window)
{
  g_autoptr (GArray) indices = selected_lesions (window);

  gtk_widget_set_sensitive (window->actions,
                            window->editable && indices->len > 0);
  if (indices->len > 0
      && gimp_image_is_valid (window->session->input->image))
    select_lesions (window, indices);
}

/* ---- Changing ------------------------------------------------------------- */

/* Shows the lesions of these numbers as selected, without selecting them on
 * the canvas. */
static void
select_rows (Window *window, const GArray *numbers)
{
  GtkTreeSelection *selection = gtk_tree_view_get_selection (window->table);
  GtkTreeModel     *model = GTK_TREE_MODEL (window->store);
  GtkTreeIter       iter;

  for (gboolean more = gtk_tree_model_get_iter_first (model, &iter); more;
       more = gtk_tree_model_iter_next (model, &iter))
    {
      guint number;

      gtk_tree_model_get (model, &iter, COLUMN_NUMBER, &number, -1);
      for (guint i = 0; i < numbers->len; i++)
        if (g_array_index (numbers, guint, i) == number)
          gtk_tree_selection_select_iter (selection, &iter);
    }
}

static GArray *
numbers_of (const Session *session, const GArray *indices)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < indices->len; i++)
    g_array_append_val (numbers,
                        g_array_index (session->findings->lesions,
                                       PockmarkLesion,
                                       g_array_index (indices, guint, i))
                          .number);

  return numbers;
}

static gboolean
change (Session *session, const GArray *indices, PockmarkClass klass,
        GError **error)
{
  g_autoptr (Amendment) amendment = NULL;

  amendment = amendment_new (session->findings, indices, klass, error);
  return amendment != NULL && session_measure (session, amendment, NULL, error);
}

static void
on_change (Window *window, PockmarkClass klass)
{
  g_autoptr (GArray) indices = selected_lesions (window);
  g_autoptr (GArray) numbers = numbers_of (window->session, indices);
  GError            *error = NULL;

  if (indices->len == 0 || !window->editable
      || !gimp_image_is_valid (window->session->input->image))
    return;

  gimp_progress_init (_("Measure Marked Regions"));
  if (!change (window->session, indices, klass, &error))
    complain (window, error);
  else
    {
      refresh (window);
      select_rows (window, numbers);
      say (window, klass == POCKMARK_NONE
                     ? _("No longer counted. Undo brings it back.")
                     : _("Changed. Undo takes it back."));
    }
  gimp_progress_end ();
  gimp_displays_flush ();
}

static void
on_not_a_lesion (GtkWidget *button, Window *window)
{
  on_change (window, POCKMARK_NONE);
}

static void
on_it_is (GtkWidget *item, Window *window)
{
  on_change (window,
             GPOINTER_TO_INT (g_object_get_data (G_OBJECT (item), "class")));
}

static gboolean
on_key (GtkWidget *table, GdkEventKey *event, Window *window)
{
  if (event->keyval != GDK_KEY_Delete && event->keyval != GDK_KEY_KP_Delete)
    return FALSE;

  on_change (window, POCKMARK_NONE);
  return TRUE;
}

/* ---- Measuring and reporting ---------------------------------------------- */

static void
measure_again (Window *window)
{
  Session *session = window->session;
  GError  *error = NULL;

  if (!gimp_item_is_valid (GIMP_ITEM (session->input->layer)))
    {
      say (window, _("The layer with the photograph is gone: undo its "
                     "removal, or close this window."));
      return;
    }

  gimp_progress_init (_("Measure Marked Regions"));
  if (session_scale (session, &error) && session_read (session, &error)
      && session_measure (session, NULL, NULL, &error))
    {
      refresh (window);
      say (window, _("Measured again."));
    }
  else
    complain (window, error);
  gimp_progress_end ();
  gimp_displays_flush ();
}

static GFile *
choose_file (Window *window)
{
  GtkWidget *chooser;
  GFile     *file = NULL;

  chooser = gtk_file_chooser_dialog_new (_("Write Report"),
                                         GTK_WINDOW (window->dialog),
                                         GTK_FILE_CHOOSER_ACTION_SAVE,
                                         _("_Cancel"), GTK_RESPONSE_CANCEL,
                                         _("_Write"), GTK_RESPONSE_ACCEPT,
                                         NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser),
                                     "lesions.csv");
  if (gtk_dialog_run (GTK_DIALOG (chooser)) == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  gtk_widget_destroy (chooser);

  return file;
}

static void
write_report (Window *window)
{
  g_autoptr (GFile)  file = choose_file (window);
  g_autoptr (Report) report = NULL;
  g_autofree gchar  *name = NULL;
  g_autofree gchar  *text = NULL;
  GError            *error = NULL;

  if (file == NULL)
    return;

  report = report_open_lesions (file, window->session->input->stem, &error);
  if (report == NULL || !session_report (window->session, report, &error))
    {
      complain (window, error);
      return;
    }
  name = g_file_get_parse_name (file);
  text = g_strdup_printf (_("Written to \"%s\" and its folder."), name);
  say (window, text);
  gtk_widget_grab_focus (GTK_WIDGET (window->table));
}

/* The user may have undone a step, or done it again: then the findings are
 * others than those shown, and it would be wrong to change the image for
 * that. */
static gboolean
on_focus (GtkWidget *dialog, GdkEvent *event, Window *window)
{
  Session *session = window->session;
  GError  *error = NULL;

  if (!gimp_image_is_valid (session->input->image))
    gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_CLOSE);
  else if (kept_stamp (session->input->image) != window->kept)
    {
      if (session_follow (session, NULL, &error))
        refresh (window);
      else
        complain (window, error);
    }

  return FALSE;
}

static void
refresh (Window *window)
{
  GtkTreeSelection *selection = gtk_tree_view_get_selection (window->table);

  g_signal_handler_block (selection, window->selecting);
  show_totals (window);
  show_lesions (window);
  window->kept = kept_stamp (window->session->input->image);
  gtk_widget_set_sensitive (window->actions, FALSE);
  g_signal_handler_unblock (selection, window->selecting);
  gtk_widget_grab_focus (GTK_WIDGET (window->table));
}

/* ---- Building ------------------------------------------------------------- */

static GtkWidget *
new_line (GtkBox *box)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), LINE_WIDTH);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  gtk_box_pack_start (box, label, FALSE, FALSE, 0);
  gtk_widget_show (label);

  return label;
}

static void
add_columns (Window *window)
{
  gboolean mm = window->session->scale.pixels_per_mm > 0.0;

  add_column (window, _("No."), COLUMN_NUMBER, COLUMN_NUMBER);
  add_column (window, _("Class"), COLUMN_NAME, COLUMN_CLASS);
  add_figure_column (window, _("Confidence"), COLUMN_CONFIDENCE);
  add_figure_column (window, mm ? _("Diameter (mm)") : _("Diameter (pixels)"),
                     COLUMN_DIAMETER);
  add_figure_column (window, mm ? _("Area (mm²)") : _("Area (pixels)"),
                     COLUMN_AREA);
  add_figure_column (window, _("Hemoglobin"), COLUMN_HEMOGLOBIN);
  add_figure_column (window, _("Melanin"), COLUMN_MELANIN);
  add_figure_column (window, _("Relief"), COLUMN_RELIEF);
  add_column (window, _("Flags"), COLUMN_FLAGS, COLUMN_FLAGS);
}

static void
show_selected (Window *window)
{
  GtkCssProvider *style = gtk_css_provider_new ();

  gtk_css_provider_load_from_data (style, TABLE_STYLE, -1, NULL);
  gtk_style_context_add_provider (
    gtk_widget_get_style_context (GTK_WIDGET (window->table)),
    GTK_STYLE_PROVIDER (style), GTK_STYLE_PROVIDER_PRIORITY_USER);
  g_object_unref (style);
}

static void
add_table (Window *window, GtkBox *box)
{
  GType             types[N_COLUMNS] = { G_TYPE_UINT, G_TYPE_STRING,
                                         G_TYPE_STRING };
  GtkWidget        *scrolled = gtk_scrolled_window_new (NULL, NULL);
  GtkTreeSelection *selection;

  for (gint i = 0; i < N_FIGURES; i++)
    types[COLUMN_FIGURES + i] = G_TYPE_DOUBLE;
  types[COLUMN_FLAGS] = G_TYPE_STRING;
  window->store = gtk_list_store_newv (N_COLUMNS, types);
  window->table = GTK_TREE_VIEW (
    gtk_tree_view_new_with_model (GTK_TREE_MODEL (window->store)));
  g_object_unref (window->store);
  show_selected (window);
  add_columns (window);
  gtk_tree_sortable_set_sort_column_id (GTK_TREE_SORTABLE (window->store),
                                        COLUMN_NUMBER, GTK_SORT_ASCENDING);
  gtk_tree_view_set_search_column (window->table, COLUMN_NUMBER);
  gtk_widget_set_tooltip_text (
    GTK_WIDGET (window->table),
    _("A click selects the lesion in the image, Ctrl and Shift select more. "
      "Type a number to find it, press Delete for what is not a lesion. A "
      "click on a title sorts."));

  selection = gtk_tree_view_get_selection (window->table);
  gtk_tree_selection_set_mode (selection, GTK_SELECTION_MULTIPLE);
  window->selecting = g_signal_connect (selection, "changed",
                                        G_CALLBACK (on_select), window);
  g_signal_connect (window->table, "key-press-event", G_CALLBACK (on_key),
                    window);

  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (scrolled),
                                       GTK_SHADOW_IN);
  gtk_widget_set_size_request (scrolled, -1, TABLE_HEIGHT);
  gtk_container_add (GTK_CONTAINER (scrolled), GTK_WIDGET (window->table));
  gtk_box_pack_start (box, scrolled, TRUE, TRUE, 0);
  gtk_widget_show_all (scrolled);
}

static GtkWidget *
new_class_menu (Window *window)
{
  GtkWidget *menu = gtk_menu_new ();

  for (gint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    {
      GtkWidget *item =
        gtk_menu_item_new_with_mnemonic (class_text_mnemonic (klass));

      g_object_set_data (G_OBJECT (item), "class", GINT_TO_POINTER (klass));
      g_signal_connect (item, "activate", G_CALLBACK (on_it_is), window);
      gtk_menu_shell_append (GTK_MENU_SHELL (menu), item);
    }
  gtk_widget_show_all (menu);

  return menu;
}

static void
add_actions (Window *window, GtkBox *box)
{
  GtkWidget *button;

  window->actions = gtk_button_box_new (GTK_ORIENTATION_HORIZONTAL);
  gtk_button_box_set_layout (GTK_BUTTON_BOX (window->actions),
                             GTK_BUTTONBOX_START);
  gtk_box_set_spacing (GTK_BOX (window->actions), 6);

  button = gtk_button_new_with_mnemonic (_("_Not a Lesion"));
  gtk_widget_set_tooltip_text (button,
                               _("Take the selected lesions out of their "
                                 "class channel and out of all numbers"));
  g_signal_connect (button, "clicked", G_CALLBACK (on_not_a_lesion), window);
  gtk_container_add (GTK_CONTAINER (window->actions), button);

  button = gtk_menu_button_new ();
  gtk_button_set_label (GTK_BUTTON (button), _("_It Is a…"));
  gtk_button_set_use_underline (GTK_BUTTON (button), TRUE);
  gtk_widget_set_tooltip_text (button,
                               _("Move the selected lesions to the channel of "
                                 "another class"));
  gtk_menu_button_set_popup (GTK_MENU_BUTTON (button),
                             new_class_menu (window));
  gtk_container_add (GTK_CONTAINER (window->actions), button);

  gtk_box_pack_start (box, window->actions, FALSE, FALSE, 0);
  gtk_widget_show_all (window->actions);
}

static GtkWidget *
new_dialog (void)
{
  GtkWidget *dialog;

  dialog = gimp_dialog_new (_("Findings"), POCKMARK_BINARY "-findings", NULL,
                            0, gimp_standard_help_func, HELP_ID,
                            _("Measure _Again"), RESPONSE_MEASURE,
                            _("Write _Report…"), RESPONSE_REPORT,
                            _("_Close"), GTK_RESPONSE_CLOSE,
                            NULL);
  gtk_widget_set_tooltip_text (
    gtk_dialog_get_widget_for_response (GTK_DIALOG (dialog),
                                        RESPONSE_MEASURE),
    _("Read the class channels and the photograph again, after you have "
      "edited them"));
  gtk_widget_set_tooltip_text (
    gtk_dialog_get_widget_for_response (GTK_DIALOG (dialog),
                                        RESPONSE_REPORT),
    _("Write the tables and pictures of these findings"));
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CLOSE);
  gtk_window_set_default_size (GTK_WINDOW (dialog), WINDOW_WIDTH, -1);

  return dialog;
}

static void
on_response (GtkWidget *dialog, gint response, Window *window)
{
  if (!gimp_image_is_valid (window->session->input->image)
      || (response != RESPONSE_MEASURE && response != RESPONSE_REPORT))
    gtk_main_quit ();
  else if (response == RESPONSE_MEASURE)
    measure_again (window);
  else
    write_report (window);
}

void
findings_window_run (Session *session)
{
  Window       window = { .session = session };
  GimpChannel *channels[POCKMARK_N_CLASSES];
  GtkBox      *box;

  gimp_ui_init (POCKMARK_BINARY);
  window.dialog = new_dialog ();
  box = GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (window.dialog)));
  gtk_box_set_spacing (box, 9);
  gtk_container_set_border_width (GTK_CONTAINER (box), 12);
  window.totals = new_line (box);
  add_table (&window, box);
  add_actions (&window, box);
  window.status = new_line (box);
  window.editable = annotation_find_channels (session->input->image, channels);
  say (&window, window.editable
                  ? _("Estimates from a photograph, and no diagnosis: look at "
                      "each finding.")
                  : _("Without class channels findings cannot be changed: "
                      "choose Channels when you detect."));
  gtk_dialog_set_response_sensitive (GTK_DIALOG (window.dialog),
                                     RESPONSE_MEASURE, window.editable);

  g_signal_connect (window.dialog, "response", G_CALLBACK (on_response),
                    &window);
  g_signal_connect (window.dialog, "focus-in-event", G_CALLBACK (on_focus),
                    &window);
  gimp_window_set_transient (GTK_WINDOW (window.dialog));
  refresh (&window);
  gtk_widget_show (window.dialog);
  gtk_main ();
  gtk_widget_destroy (window.dialog);
}
