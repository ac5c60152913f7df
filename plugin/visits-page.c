/* The page of two visits: a before/after slider, totals and a time line
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything is in the one file: pictures as data, the plot as SVG.  Nothing is
 * loaded from anywhere.
 */

#include <math.h>
#include <string.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "class-text.h"
#include "file-replace.h"
#include "visits-report.h"

/* The longer side of the pictures in the page, pixels. */
#define PICTURE_SIDE 1200

#define JPEG_QUALITY "88"

/* Tells our pages from others'. */
#define GENERATOR "<meta name=\"generator\" content=\"Pockmark visits\">"

/* Where the section begins and ends that other pages take over. */
#define SECTION_BEGIN "<section class=\"visits\">"
#define SECTION_END "</section>\n"

/* ---- Pictures ----------------------------------------------------------- */

/* A picture as a data URI; with overlay (may be NULL) drawn on it. */
static gchar *
picture_uri (GeglBuffer *buffer, GeglBuffer *overlay, GError **error)
{
  const gint    width = gegl_buffer_get_width (buffer);
  const gint    height = gegl_buffer_get_height (buffer);
  const gdouble scale = MIN (1.0, (gdouble) PICTURE_SIDE
                                    / MAX (width, height));
  const gint    w = MAX ((gint) (width * scale), 1);
  const gint    h = MAX ((gint) (height * scale), 1);
  g_autofree guchar *rgba = g_malloc ((gsize) w * h * 4);
  g_autofree guchar *over = overlay ? g_malloc ((gsize) w * h * 4) : NULL;
  g_autofree guchar *rgb = g_malloc ((gsize) w * h * 3);
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autofree gchar  *data = NULL;
  g_autofree gchar  *text = NULL;
  gsize              size;

  gegl_buffer_get (buffer, GEGL_RECTANGLE (0, 0, w, h), scale,
                   babl_format ("R'G'B'A u8"), rgba, GEGL_AUTO_ROWSTRIDE,
                   GEGL_ABYSS_NONE);
  if (overlay != NULL)
    gegl_buffer_get (overlay, GEGL_RECTANGLE (0, 0, w, h), scale,
                     babl_format ("R'G'B'A u8"), over, GEGL_AUTO_ROWSTRIDE,
                     GEGL_ABYSS_NONE);
  for (gsize i = 0; i < (gsize) w * h; i++)
    for (guint c = 0; c < 3; c++)
      {
        /* On the page's grey where there is no photograph. */
        gint value = 128 + (rgba[4 * i + c] - 128) * rgba[4 * i + 3] / 255;

        if (over != NULL)
          value += (over[4 * i + c] - value) * over[4 * i + 3] / 255;
        rgb[3 * i + c] = (guchar) CLAMP (value, 0, 255);
      }

  pixbuf = gdk_pixbuf_new_from_data (rgb, GDK_COLORSPACE_RGB, FALSE, 8, w, h,
                                     3 * w, NULL, NULL);
  if (!gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, "jpeg", error,
                                  "quality", JPEG_QUALITY, NULL))
    return NULL;

  text = g_base64_encode ((const guchar *) data, size);
  return g_strconcat ("data:image/jpeg;base64,", text, NULL);
}

/* ---- Text --------------------------------------------------------------- */

static void
append_escaped (GString *page, const gchar *text)
{
  g_autofree gchar *escaped = g_markup_escape_text (text, -1);

  g_string_append (page, escaped);
}

static void
append_slider (GString *page, const gchar *before, const gchar *after,
               const gchar *names[2])
{
  g_string_append (page, "<figure class=\"slider\" style=\"--at:50%\">"
                         "<img alt=\"");
  append_escaped (page, names[1]);
  g_string_append_printf (page, "\" src=\"%s\"><img class=\"before\" alt=\"",
                          after);
  append_escaped (page, names[0]);
  g_string_append_printf (page, "\" src=\"%s\"><input type=\"range\" min=\"0\" "
                          "max=\"100\" value=\"50\" aria-label=\"", before);
  append_escaped (page, _("Where the earlier photograph ends"));
  g_string_append (page, "\" oninput=\"this.parentNode.style.setProperty("
                         "'--at',this.value+'%')\"><figcaption><span>");
  append_escaped (page, names[0]);
  g_string_append (page, "</span><span>");
  append_escaped (page, names[1]);
  g_string_append (page, "</span></figcaption></figure>\n");
}

/* Earlier, later and difference of one total; empty where it is unknown. */
static void
append_cells (GString *page, const gchar *before, const gchar *after)
{
  g_autofree gchar *difference = NULL;

  difference = *before != '\0' && *after != '\0'
                 ? csv_number ("%+.4g", g_ascii_strtod (after, NULL)
                                          - g_ascii_strtod (before, NULL))
                 : g_strdup ("");
  g_string_append_printf (page, "<td>%s</td><td>%s</td><td>%s</td>", before,
                          after, difference);
}

static void
append_total (GString *page, const gchar *label, GStrv row, guint total)
{
  GStrv whole = row + VISITS_TOTALS + total;
  GStrv shared = row + VISITS_SHARED_TOTALS + total;

  if (*whole[0] == '\0' && *whole[1] == '\0')
    return;

  g_string_append (page, "<tr><th scope=\"row\">");
  append_escaped (page, label);
  g_string_append (page, "</th>");
  append_cells (page, shared[0], shared[1]);
  append_cells (page, whole[0], whole[1]);
  g_string_append (page, "</tr>\n");
}

static void
append_totals (GString *page, GStrv row)
{
  static const gchar *const labels[] = {
    N_("Craters"), N_("Ice-picks"), N_("Red marks"), N_("Brown marks"),
    N_("ECCA, atrophic part"), N_("Goodman-Baron count"),
    N_("Findings per cm²"), N_("Skin (cm²)")
  };
  const gchar *const heads[] = { _("Earlier"), _("Later"), _("Difference") };

  G_STATIC_ASSERT (2 * G_N_ELEMENTS (labels) == N_VISITS_TOTALS);

  g_string_append (page, "<table><thead><tr><td></td>"
                         "<th scope=\"colgroup\" colspan=\"3\">");
  append_escaped (page, _("Skin that both show"));
  g_string_append (page, "</th><th scope=\"colgroup\" colspan=\"3\">");
  append_escaped (page, _("Whole photographs"));
  g_string_append (page, "</th></tr>\n<tr><td></td>");
  for (guint i = 0; i < 6; i++)
    g_string_append_printf (page, "<th scope=\"col\">%s</th>", heads[i % 3]);
  g_string_append (page, "</tr></thead><tbody>\n");
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    append_total (page, _(labels[i]), row, 2 * i);
  g_string_append (page, "</tbody></table>\n");
}

/* Begins an item of a list of keys. */
static void
append_key (GString *page, const gfloat *rgb)
{
  g_string_append (page, "<li style=\"border-color:");
  class_text_add_colour (page, rgb);
  g_string_append (page, "\">");
}

static void
append_summary (GString *page, const PockmarkComparison *c)
{
  g_autofree gchar *number = NULL;

  g_string_append (page, "<ul class=\"fates\">");
  for (guint i = 0; i < POCKMARK_N_FATES; i++)
    {
      append_key (page, pockmark_fate_colour (i));
      g_string_append_printf (page, "<b>%u</b> ", c->count[i]);
      append_escaped (page, class_text_fate (i));
      g_string_append (page, "</li>");
    }
  g_string_append (page, "</ul>\n<p>");
  if (c->redness_significant)
    {
      number = csv_number ("%+.3f", c->redness_change);
      append_escaped (page, _("Mean change of redness (hemoglobin density "
                              "against unaffected skin):"));
      g_string_append_printf (page, " <b>%s</b>", number);
    }
  else
    append_escaped (page, _("The mean redness shows no change that is larger "
                            "than what the same skin shows twice."));
  g_string_append (page, "</p>\n");
}

/* ---- The time line ------------------------------------------------------ */

#define PLOT_WIDTH 720.0
#define PLOT_HEIGHT 260.0
#define PLOT_LEFT 50.0
#define PLOT_BOTTOM 30.0

/* Rows of the table that lead to the photograph, the first first. */
static GPtrArray *
chain_of (const CsvTable *visits, const gchar *photograph)
{
  GPtrArray *chain = g_ptr_array_new ();
  GStrv      row = csv_table_find (visits, photograph);

  while (row != NULL && chain->len < visits->rows->len)
    {
      g_ptr_array_insert (chain, 0, row);
      row = csv_table_find (visits, row[VISITS_BEFORE]);
      if (g_ptr_array_find (chain, row, NULL))
        break;
    }

  return chain;
}

/* The count of a class at visit i of the chain: 0 is before the first row. */
static gdouble
count_at (const GPtrArray *chain, guint i, guint klass)
{
  GStrv row = g_ptr_array_index (chain, i > 0 ? i - 1 : 0);

  return g_ascii_strtod (row[VISITS_TOTALS + VISITS_COUNTS + 2 * (klass - 1)
                             + (i > 0)], NULL);
}

static gchar *
plot_x (const GPtrArray *chain, guint i)
{
  return csv_number ("%.1f", PLOT_LEFT + (PLOT_WIDTH - PLOT_LEFT - 20.0) * i
                                           / chain->len);
}

static gchar *
plot_y (gdouble count, gdouble most)
{
  return csv_number ("%.1f", (PLOT_HEIGHT - PLOT_BOTTOM)
                               - (PLOT_HEIGHT - PLOT_BOTTOM - 15.0)
                                   * count / most);
}

/* A line through the visits' counts, with a dot for each.  Thin dark edges let
 * light colours stand out from white paper. */
static void
append_line (GString *page, const GPtrArray *chain, guint klass, gdouble most)
{
  g_autoptr (GString) points = g_string_new (NULL);
  g_autoptr (GString) dots = g_string_new (NULL);
  g_autoptr (GString) colour = g_string_new (NULL);

  class_text_add_colour (colour, pockmark_class_colour (klass));
  for (guint i = 0; i <= chain->len; i++)
    {
      const gdouble     count = count_at (chain, i, klass);
      g_autofree gchar *x = plot_x (chain, i);
      g_autofree gchar *y = plot_y (count, most);

      g_string_append_printf (points, "%s,%s ", x, y);
      g_string_append_printf (dots, "<circle cx=\"%s\" cy=\"%s\" r=\"4\" "
                              "fill=\"%s\" stroke=\"currentColor\"><title>"
                              "%s: %g</title></circle>", x, y, colour->str,
                              class_text_plural (klass), count);
    }
  g_string_append_printf (page, "<g fill=\"none\"><polyline stroke-width=\"4\" "
                          "stroke=\"currentColor\" points=\"%s\"/>"
                          "<polyline stroke-width=\"2.5\" stroke=\"%s\" "
                          "points=\"%s\"/>%s</g>\n",
                          points->str, colour->str, points->str, dots->str);
}

static void
append_axes (GString *page, const GPtrArray *chain, gdouble most)
{
  g_string_append_printf (page, "<path d=\"M%g 15V%gH%g\" fill=\"none\" "
                          "stroke=\"currentColor\"/><text x=\"8\" y=\"20\">%g"
                          "</text><text x=\"8\" y=\"%g\">0</text>",
                          PLOT_LEFT, PLOT_HEIGHT - PLOT_BOTTOM,
                          PLOT_WIDTH - 20.0, most, PLOT_HEIGHT - PLOT_BOTTOM);
  for (guint i = 0; i <= chain->len; i++)
    {
      GStrv             row = g_ptr_array_index (chain, i > 0 ? i - 1 : 0);
      g_autofree gchar *x = plot_x (chain, i);

      g_string_append_printf (page, "<text text-anchor=\"%s\" x=\"%s\" "
                              "y=\"%g\">",
                              i == 0 ? "start"
                                     : i == chain->len ? "end" : "middle",
                              x, PLOT_HEIGHT - 8.0);
      append_escaped (page, row[i > 0 ? VISITS_PHOTOGRAPH : VISITS_BEFORE]);
      g_string_append (page, "</text>");
    }
}

static void
append_time_line (GString *page, const CsvTable *visits,
                  const gchar *photograph)
{
  g_autoptr (GPtrArray) chain = chain_of (visits, photograph);
  gdouble               most = 1.0;

  if (chain->len == 0)
    return;

  for (guint i = 0; i <= chain->len; i++)
    for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
      most = MAX (most, count_at (chain, i, klass));

  g_string_append_printf (page, "<h3>%s</h3>\n<svg viewBox=\"0 0 %g %g\" "
                          "role=\"img\">", _("Findings from visit to visit"),
                          PLOT_WIDTH, PLOT_HEIGHT);
  append_axes (page, chain, most);
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    append_line (page, chain, klass, most);
  g_string_append (page, "</svg>\n<ul class=\"fates\">");
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    {
      append_key (page, pockmark_class_colour (klass));
      g_string_append_printf (page, "%s</li>", class_text_plural (klass));
    }
  g_string_append (page, "</ul>\n");
}

/* ---- The page ----------------------------------------------------------- */

const gchar *
visits_page_style (void)
{
  return ".slider{position:relative;margin:0 0 1em;max-width:1200px}"
         ".slider img{display:block;width:100%}"
         ".slider .before{position:absolute;top:0;left:0;"
         "clip-path:inset(0 calc(100% - var(--at)) 0 0)}"
         ".slider input{position:absolute;top:0;left:0;width:100%;"
         "height:calc(100% - 2em);opacity:0;cursor:ew-resize;margin:0}"
         ".slider:focus-within{outline:2px solid}"
         ".slider::after{content:'';position:absolute;top:0;bottom:2em;"
         "left:var(--at);width:2px;background:#fff;pointer-events:none;"
         "box-shadow:0 0 3px #000}"
         "figcaption{display:flex;justify-content:space-between;height:2em;"
         "line-height:2em}"
         ".fates{display:flex;flex-wrap:wrap;gap:1em;padding:0;"
         "list-style:none}.fates li{border-left:.4em solid;padding:0 .5em}"
         "table{border-collapse:collapse}td,th{padding:.2em .8em;"
         "text-align:right;border-bottom:1px solid #8888}"
         "th[scope=row]{text-align:left;font-weight:normal}"
         "svg{max-width:720px;width:100%;font:12px sans-serif;"
         "fill:currentColor}"
         "h2,h3{break-after:avoid}.slider,tr,svg,.fates{break-inside:avoid}"
         "@media print{.slider{max-width:130mm}"
         "svg{max-width:110mm}}";
}

gchar *
visits_page_section (const VisitsAccount *account, const CsvTable *visits,
                     GError **error)
{
  const gchar      *names[2] = { account->before, account->after->name };
  g_autofree gchar *before = picture_uri (account->aligned, NULL, error);
  g_autofree gchar *after = NULL;
  GString          *section;

  if (before == NULL)
    return NULL;
  after = picture_uri (account->after->photograph, account->overlay, error);
  if (after == NULL)
    return NULL;

  section = g_string_new (SECTION_BEGIN "\n<h2>");
  append_escaped (section, names[1]);
  g_string_append (section, "</h2>\n");
  append_slider (section, before, after, names);
  append_summary (section, account->comparison);
  append_totals (section, csv_table_find (visits, names[1]));
  append_time_line (section, visits, names[1]);
  g_string_append (section, SECTION_END);

  return g_string_free (section, FALSE);
}

gboolean
visits_page_write (GFile *file, const VisitsAccount *account,
                   const CsvTable *visits, GError **error)
{
  g_autofree gchar *section = visits_page_section (account, visits, error);
  g_autofree gchar *page = NULL;

  if (section == NULL)
    return FALSE;

  page = g_strdup_printf ("<!DOCTYPE html>\n<html><head>"
                          "<meta charset=\"utf-8\">" GENERATOR
                          "<meta name=\"viewport\" "
                          "content=\"width=device-width\"><title>%s</title>"
                          "<style>body{font:16px/1.5 sans-serif;margin:2em;"
                          "color-scheme:light dark}%s</style></head><body>\n"
                          "%s<p>%s</p></body></html>\n",
                          _("Changes between two visits"),
                          visits_page_style (), section,
                          _("Pockmark measures photographs. It gives no "
                            "diagnosis."));
  return file_replace_text (file, page, strlen (page), error);
}

gboolean
visits_page_is_ours (GFile *file)
{
  g_autofree gchar *data = NULL;
  gsize             size;

  return g_file_load_contents (file, NULL, &data, &size, NULL, NULL)
         && g_strstr_len (data, (gssize) MIN (size, 1000), GENERATOR) != NULL;
}

gchar *
visits_page_cut (GFile *file)
{
  g_autofree gchar *data = NULL;
  gchar            *begin;
  gchar            *end;

  if (!visits_page_is_ours (file)
      || !g_file_load_contents (file, NULL, &data, NULL, NULL, NULL))
    return NULL;

  begin = strstr (data, SECTION_BEGIN);
  end = begin != NULL ? strstr (begin, SECTION_END) : NULL;

  return end != NULL ? g_strndup (begin, end + strlen (SECTION_END) - begin)
                     : NULL;
}
