/* report.html: a survey to read and to print
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "class-text.h"
#include "file-replace.h"
#include "pockmark.h"
#include "report-html.h"
#include "report-plot.h"
#include "survey-record.h"
#include "visits-report.h"

/* What tells our reports, near their beginning. */
#define GENERATOR "<meta name=\"generator\" content=\"Pockmark"
#define GENERATOR_WITHIN 1024

static const gchar style[] =
  "@page{size:A4;margin:14mm}"
  ":root{color-scheme:light;--ink:#1c1c1c;--pale:#555;--paper:#fff;"
  "--ground:#f1f1f1;--line:#ddd;--grid:#e3e3e3;--link:#1a4f8b}"
  "@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;"
  "--ink:#ececec;--pale:#b4b4b4;--paper:#17181a;--ground:#26282b;"
  "--line:#3c3f43;--grid:#33363a;--link:#8ab8f0}}"
  "*{box-sizing:border-box}"
  "body{font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);"
  "max-width:1080px;margin:0 auto;padding:24px;overflow-wrap:anywhere}"
  "h1{font-size:26px;margin:0 0 4px}h2{font-size:20px;margin:0 0 8px}"
  "h3{font-size:15px;margin:16px 0 4px}h2,h3{break-after:avoid}"
  "a{color:var(--link)}"
  ".note{color:var(--pale);font-size:12.5px}"
  ".sheet{display:grid;gap:14px;margin:16px 0;"
  "grid-template-columns:repeat(auto-fill,minmax(160px,1fr))}"
  ".sheet a{text-decoration:none;color:inherit;break-inside:avoid}"
  ".sheet img{display:block;width:100%;height:130px;object-fit:contain;"
  "background:var(--ground);border-radius:4px}"
  ".sheet .name{display:-webkit-box;-webkit-line-clamp:2;"
  "-webkit-box-orient:vertical;overflow:hidden;font-size:12.5px}"
  ".key{display:inline-block;width:11px;height:11px;border-radius:2px;"
  "margin-inline-end:5px;outline:1px solid #8888}"
  "table{border-collapse:collapse;width:100%;margin:6px 0}"
  "th,td{padding:4px 8px;border-bottom:1px solid var(--line);text-align:end;"
  "vertical-align:top;overflow-wrap:normal}"
  "th{font-weight:600;font-size:12.5px}thead th{vertical-align:bottom}"
  "tbody th{font-weight:400;font-size:inherit}"
  "th:first-child,td:first-child{text-align:start;overflow-wrap:anywhere;"
  "padding-inline-start:0}"
  "thead{display:table-header-group}tr{break-inside:avoid}"
  "td.text{text-align:start;overflow-wrap:anywhere}"
  ".total{display:inline-block;margin-inline-end:14px}"
  ".wide th:first-child{width:26%}"
  ".wide thead .key{display:block;margin-inline:auto 0;margin-block-end:2px}"
  ".density{white-space:nowrap}.changes{margin-top:28px}"
  ".bar{width:110px;height:12px;display:inline-block;vertical-align:middle}"
  ".photograph{break-before:page;border-top:2px solid var(--ink);margin-top:36px;"
  "padding-top:16px}"
  ".photograph>img{display:block;max-width:100%;max-height:150mm;"
  "margin:8px auto;break-inside:avoid}"
  ".plots{display:grid;grid-template-columns:1fr 1fr;gap:16px}"
  ".plot{margin:8px 0;break-inside:avoid}"
  ".plot svg{width:100%;height:auto;direction:ltr}"
  ".plot text{font:11px system-ui,sans-serif;fill:var(--pale)}"
  "figcaption{font-weight:600;font-size:13px}"
  ".grid{stroke:var(--grid)}.axis{stroke:var(--pale)}"
  ".limit{stroke:var(--ink);stroke-dasharray:4 3}"
  "dl{display:grid;grid-template-columns:minmax(120px,max-content) 1fr;"
  "gap:4px 14px;margin:6px 0;break-inside:avoid}"
  "dt{font-weight:600}dd{margin:0}"
  "@media(max-width:640px){.plots{grid-template-columns:1fr}}"
  "@media print{body{max-width:none;padding:0;font-size:11.5px;"
  "print-color-adjust:exact;-webkit-print-color-adjust:exact}"
  ".photograph{margin-top:0;padding-top:8px}.bar{width:70px}"
  ".photograph>img{max-height:90mm}th,td{padding:3px 5px}"
  ".sheet{grid-template-columns:repeat(5,1fr);gap:10px}"
  ".sheet img{height:92px}.sheet .name,.sheet .note{font-size:10.5px}"
  ".photograph h2{display:-webkit-box;-webkit-line-clamp:3;"
  "-webkit-box-orient:vertical;overflow:hidden;font-size:17px}"
  ".plots{break-inside:avoid}.plot{margin:2px 0}"
  ".changes,.visits+.visits{break-before:page}"
  "a{color:inherit;text-decoration:none}}";

/* What the overview says of a photograph. */
typedef struct
{
  const SurveyPhotograph *photograph;
  GStrv                   row;      /* NULL: it failed */
  gdouble                 density[POCKMARK_N_CLASSES];
} Summary;

typedef struct
{
  GFile         *results;
  GOutputStream *stream;
  GString       *text;    /* not yet in the stream */
  GArray        *summaries; /* of Summary */
  GArray        *widths[POCKMARK_N_CLASSES]; /* of gdouble, all in mm */
  gdouble        redness[SURVEY_REDNESS_BINS]; /* sum over photographs */
  guint          failed;
  GPtrArray     *visits; /* of GFile: pages of two visits */
} Html;

/* ---- Small parts -------------------------------------------------------- */

static void
add (Html *html, const gchar *text)
{
  g_string_append (html->text, text);
}

/* Text that may hold anything; what no page can show is shown as "?". */
static void
add_escaped (Html *html, const gchar *text)
{
  g_autofree gchar *clean = g_utf8_make_valid (text, -1);
  g_autofree gchar *escaped = NULL;

  for (gchar *c = clean; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = g_ascii_isspace (*c) ? ' ' : '?';
  escaped = g_markup_escape_text (clean, -1);
  add (html, escaped);
}

/* A file's name, which may run in another direction than the page. */
static void
add_name (Html *html, const gchar *name)
{
  add (html, "<bdi>");
  add_escaped (html, name);
  add (html, "</bdi>");
}

static void
add_cell (Html *html, const gchar *text)
{
  add (html, "<td>");
  add_escaped (html, *text != '\0' ? text : "–");
  add (html, "</td>");
}

static void
add_key (Html *html, PockmarkClass klass)
{
  add (html, "<span class=\"key\" style=\"background:");
  class_text_add_colour (html->text, pockmark_class_colour (klass));
  add (html, "\"></span>");
}

static gdouble
number (const gchar *text)
{
  return *text != '\0' ? g_ascii_strtod (text, NULL) : (gdouble) NAN;
}

/* The stem as an anchor: digits alone need no escape. */
static void
add_anchor (Html *html, guint i)
{
  g_string_append_printf (html->text, "photograph-%u", i + 1);
}

/* Written as it comes: a large survey's report does not fit into memory. */
static gboolean
flush (Html *html)
{
  gboolean written = g_output_stream_write_all (html->stream, html->text->str,
                                                html->text->len, NULL, NULL,
                                                NULL);

  g_string_truncate (html->text, 0);
  return written;
}

GFile *
report_html_picture (GFile *results, const gchar *stem, gboolean small)
{
  g_autoptr (GFile) hidden = g_file_get_child (results, OUTPUTS_HIDDEN);
  g_autofree gchar *name = g_strconcat (stem, small ? ".small.jpg"
                                                    : ".picture.jpg", NULL);

  return g_file_get_child (hidden, name);
}

/* What those read who do not see the picture. */
static void
add_alternative (Html *html, const Summary *summary)
{
  add_escaped (html, summary->photograph->name);
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    {
      add (html, klass == 1 ? ": " : "; ");
      add_escaped (html, class_text_plural (klass));
      add (html, " ");
      add_escaped (html, summary->row[REPORT_CLASSES + klass - 1]);
    }
}

/* The small one stands beside its name and counts: nothing is to be added. */
static void
add_picture (Html *html, const Summary *summary, gboolean small)
{
  g_autoptr (GFile) file = report_html_picture (html->results,
                                                summary->photograph->stem,
                                                small);
  g_autofree gchar *bytes = NULL;
  g_autofree gchar *code = NULL;
  gsize             length;

  if (!g_file_get_contents (g_file_peek_path (file), &bytes, &length, NULL))
    return;

  code = g_base64_encode ((const guchar *) bytes, length);
  add (html, small ? "<img loading=\"lazy\" alt=\"\" src=\"" : "<img alt=\"");
  if (!small)
    {
      add_alternative (html, summary);
      add (html, "\" src=\"");
    }
  add (html, "data:image/jpeg;base64,");
  add (html, code);
  add (html, "\">");
}

/* ---- Gathering ---------------------------------------------------------- */

static gdouble
lesion_width (GStrv lesion, gboolean *millimetres)
{
  gdouble mm = number (lesion[REPORT_LESION_DIAMETER]);

  *millimetres = isfinite (mm);
  return *millimetres
           ? mm
           : 2.0 * sqrt (number (lesion[REPORT_LESION_AREA]) / G_PI);
}

/* Appends the widths; FALSE where they are pixels. */
static gboolean
gather_widths (const SurveyRecord *record, GArray *const *widths)
{
  gboolean millimetres = TRUE;

  for (guint i = 0; i < record->lesions->len; i++)
    {
      GStrv         lesion = g_ptr_array_index (record->lesions, i);
      PockmarkClass klass =
        pockmark_class_from_word (lesion[REPORT_LESION_CLASS]);
      gdouble       width = lesion_width (lesion, &millimetres);

      if (klass != POCKMARK_NONE)
        g_array_append_val (widths[klass], width);
    }

  return millimetres;
}

static void
gather (Html *html, const SurveyPhotograph *photograph)
{
  g_autoptr (SurveyRecord) record = NULL;
  Summary                  summary = { photograph, NULL, { 0.0 } };

  if (photograph->failure == NULL)
    record = survey_record_load (html->results, photograph);
  if (record != NULL)
    {
      gdouble area = number (record->row[REPORT_SKIN_AREA]);

      for (guint klass = 1; klass < POCKMARK_N_CLASSES && area > 0.0; klass++)
        summary.density[klass] =
          number (record->row[REPORT_CLASSES + klass - 1]) / area;
      if (isfinite (area))
        gather_widths (record, html->widths);
      for (guint i = 0; i < SURVEY_REDNESS_BINS; i++)
        html->redness[i] += record->redness[i];
      summary.row = g_steal_pointer (&record->row);
    }
  else
    html->failed++;
  g_array_append_val (html->summaries, summary);
}

/* ---- The survey --------------------------------------------------------- */

/* The language of what is translated, as HTML names it. */
static gchar *
language (void)
{
  const gchar *name = g_get_language_names ()[0];
  gsize        length = strcspn (name, "_.@");

  return length > 1 ? g_strndup (name, length) : g_strdup ("en");
}

static void
add_head (Html *html)
{
  g_autofree gchar *code = language ();
  g_autofree gchar *title = g_markup_escape_text (_("Survey of pockmarks"),
                                                  -1);

  g_string_append_printf (html->text, "<!DOCTYPE html>\n<html lang=\"%s\" "
                          "dir=\"", code);
  /* Translators: "ltr" or "rtl", the direction of your script. */
  add (html, g_str_equal (C_ ("direction", "ltr"), "rtl") ? "rtl" : "ltr");
  add (html, "\">\n<head>\n<meta charset=\"utf-8\">\n"
             GENERATOR " " POCKMARK_VERSION "\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" "
             "content=\"default-src 'none';img-src data:;"
             "style-src 'unsafe-inline'");
  /* A slider moves by a script of its own. */
  add (html, html->visits->len > 0 ? ";script-src 'unsafe-inline'" : "");
  add (html, "\">\n"
             "<meta name=\"viewport\" content=\"width=device-width\">\n");
  g_string_append_printf (html->text, "<title>%s</title>\n<style>%s</style>\n"
                          "</head>\n<body>\n<main>\n<h1>%s</h1>\n",
                          title, style, title);
}

static void
add_totals (Html *html)
{
  g_autofree gchar *made = NULL;
  guint counts[POCKMARK_N_CLASSES] = { 0 };
  guint n = html->summaries->len;

  for (guint i = 0; i < n; i++)
    {
      const Summary *summary = &g_array_index (html->summaries, Summary, i);

      for (guint klass = 1; klass < POCKMARK_N_CLASSES && summary->row; klass++)
        counts[klass] += (guint) number (summary->row[REPORT_CLASSES + klass
                                                      - 1]);
    }

  add (html, "<p>");
  g_string_append_printf (html->text,
                          ngettext ("%u photograph", "%u photographs", n), n);
  if (html->failed > 0)
    {
      add (html, ", ");
      g_string_append_printf (html->text,
                              ngettext ("%u of them failed",
                                        "%u of them failed", html->failed),
                              html->failed);
    }
  add (html, "</p>\n<p>");
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    {
      add (html, "<span class=\"total\">");
      add_key (html, klass);
      add_escaped (html, class_text_plural (klass));
      g_string_append_printf (html->text, ": %u</span> ", counts[klass]);
    }
  add (html, "</p>\n<p class=\"note\">");
  made = g_strdup_printf (_("Made by Pockmark %s. These are measurements and "
                            "estimates from photographs, not a diagnosis."),
                          POCKMARK_VERSION);
  add_escaped (html, made);
  add (html, "</p>\n");
}

static void
add_sheet (Html *html)
{
  add (html, "<div class=\"sheet\">\n");
  for (guint i = 0; i < html->summaries->len; i++)
    {
      const Summary *summary = &g_array_index (html->summaries, Summary, i);

      if (summary->row == NULL)
        continue;

      add (html, "<a href=\"#");
      add_anchor (html, i);
      add (html, "\">");
      add_picture (html, summary, TRUE);
      add (html, "<span class=\"name\">");
      add_name (html, summary->photograph->name);
      add (html, "</span><span class=\"note\">");
      for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
        {
          add (html, "<span title=\"");
          add_escaped (html, class_text_plural (klass));
          add (html, "\">");
          add_key (html, klass);
          add_escaped (html, summary->row[REPORT_CLASSES + klass - 1]);
          add (html, "</span> ");
        }
      add (html, "</span></a>\n");
      flush (html);
    }
  add (html, "</div>\n");
}

static void
add_overview_row (Html *html, const Summary *summary, guint i, gdouble most)
{
  add (html, "<tr><th scope=\"row\"><a href=\"#");
  add_anchor (html, i);
  add (html, "\">");
  add_name (html, summary->photograph->name);
  add (html, "</a></th>");
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    add_cell (html, summary->row[REPORT_CLASSES + klass - 1]);
  add_cell (html, summary->row[REPORT_SKIN_AREA]);
  if (*summary->row[REPORT_DENSITY] == '\0')
    add_cell (html, "");
  else
    {
      add (html, "<td class=\"density\">");
      add_escaped (html, summary->row[REPORT_DENSITY]);
      add (html, " ");
      report_plot_density (html->text, summary->density, most);
      add (html, "</td>");
    }
  add_cell (html, summary->row[REPORT_REDNESS_MEAN]);
  add_cell (html, summary->row[REPORT_ECCA]);
  add (html, "</tr>\n");
}

static void
add_overview (Html *html)
{
  const gchar *const titles[] = { _("Skin, cm²"), _("Lesions per cm²"),
                                  _("Redness"), _("ECCA, atrophic") };
  gdouble            most = 0.0;

  for (guint i = 0; i < html->summaries->len; i++)
    {
      const Summary *summary = &g_array_index (html->summaries, Summary, i);

      if (summary->row != NULL && *summary->row[REPORT_DENSITY] != '\0')
        most = MAX (most, number (summary->row[REPORT_DENSITY]));
    }

  add (html, "<table class=\"wide\"><thead><tr><th scope=\"col\">");
  add_escaped (html, _("Photograph"));
  add (html, "</th>");
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    {
      add (html, "<th scope=\"col\">");
      add_key (html, klass);
      add_escaped (html, class_text_plural (klass));
      add (html, "</th>");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      add (html, "<th scope=\"col\">");
      add_escaped (html, titles[i]);
      add (html, "</th>");
    }
  add (html, "</tr></thead>\n<tbody>\n");
  for (guint i = 0; i < html->summaries->len; i++)
    {
      const Summary *summary = &g_array_index (html->summaries, Summary, i);

      if (summary->row != NULL)
        add_overview_row (html, summary, i, most);
    }
  add (html, "</tbody></table>\n");
}

static void
add_survey_plots (Html *html)
{
  guint    done = html->summaries->len - html->failed;
  gboolean any = FALSE;

  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    any |= html->widths[klass]->len > 0;
  for (guint i = 0; i < SURVEY_REDNESS_BINS && done > 0; i++)
    html->redness[i] /= done;

  add (html, "<div class=\"plots\">\n");
  /* Pixels of one photograph are not those of another. */
  if (any)
    report_plot_widths (html->text, html->widths, TRUE);
  report_plot_redness (html->text, html->redness, SURVEY_REDNESS_BINS,
                       SURVEY_REDNESS_MIN, SURVEY_REDNESS_MAX);
  add (html, "</div>\n");
}

static void
add_failures (Html *html)
{
  if (html->failed == 0)
    return;

  add (html, "<h2>");
  add_escaped (html, _("What could not be examined"));
  add (html, "</h2>\n<table><tbody>\n");
  for (guint i = 0; i < html->summaries->len; i++)
    {
      const Summary *summary = &g_array_index (html->summaries, Summary, i);

      if (summary->row != NULL)
        continue;
      add (html, "<tr><th scope=\"row\">");
      add_name (html, summary->photograph->name);
      add (html, "</th><td class=\"text\">");
      if (summary->photograph->failure != NULL)
        add_escaped (html, summary->photograph->failure);
      add (html, "</td></tr>\n");
    }
  add (html, "</tbody></table>\n");
}

/* ---- Visits ------------------------------------------------------------- */

static gint
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (g_file_peek_path (*(GFile *const *) a),
                 g_file_peek_path (*(GFile *const *) b));
}

/* What Compare Visits has written into the folder of results, by name. */
static GPtrArray *
find_visits (GFile *results)
{
  GPtrArray                  *pages =
    g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GFileEnumerator) children =
    g_file_enumerate_children (results, G_FILE_ATTRIBUTE_STANDARD_NAME,
                               G_FILE_QUERY_INFO_NONE, NULL, NULL);
  GFileInfo                  *info;
  GFile                      *child;

  while (children != NULL
         && g_file_enumerator_iterate (children, &info, &child, NULL, NULL)
         && info != NULL)
    if (g_str_has_suffix (g_file_info_get_name (info), VISITS_PAGE_ENDING)
        && visits_page_is_ours (child))
      g_ptr_array_add (pages, g_object_ref (child));
  g_ptr_array_sort (pages, compare_paths);

  return pages;
}

static void
add_visits (Html *html)
{
  if (html->visits->len == 0)
    return;

  add (html, "<style>.visits{");
  add (html, visits_page_style ());
  add (html, "}</style>\n<h2 class=\"changes\">");
  add_escaped (html, _("Changes between two visits"));
  add (html, "</h2>\n");
  for (guint i = 0; i < html->visits->len; i++)
    {
      g_autofree gchar *section =
        visits_page_cut (g_ptr_array_index (html->visits, i));

      if (section != NULL)
        add (html, section);
      flush (html);
    }
}

/* ---- One photograph ----------------------------------------------------- */

static gint
compare_numbers (gconstpointer a, gconstpointer b)
{
  gdouble first = *(const gdouble *) a;
  gdouble second = *(const gdouble *) b;

  return (first > second) - (first < second);
}

static void
add_number_cell (Html *html, const gchar *format, gdouble value)
{
  g_autofree gchar *text = csv_number (format, value);

  add_cell (html, text);
}

static void
add_counts (Html *html, const Summary *summary, GArray *const *widths,
            gboolean millimetres)
{
  gboolean known = *summary->row[REPORT_SKIN_AREA] != '\0';

  add (html, "<table><thead><tr><td></td><th scope=\"col\">");
  add_escaped (html, _("Count"));
  add (html, "</th><th scope=\"col\">");
  add_escaped (html, _("Per cm² of skin"));
  add (html, "</th><th scope=\"col\">");
  add_escaped (html, millimetres ? _("Median width, mm")
                                 : _("Median width, pixels"));
  add (html, "</th></tr></thead>\n<tbody>\n");
  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    {
      GArray *sorted = widths[klass];
      gdouble median = NAN;

      g_array_sort (sorted, compare_numbers);
      if (sorted->len > 0)
        median = (g_array_index (sorted, gdouble, (sorted->len - 1) / 2)
                  + g_array_index (sorted, gdouble, sorted->len / 2)) / 2.0;
      add (html, "<tr><th scope=\"row\">");
      add_key (html, klass);
      add_escaped (html, class_text_plural (klass));
      add (html, "</th>");
      add_cell (html, summary->row[REPORT_CLASSES + klass - 1]);
      add_number_cell (html, "%.3f", known ? summary->density[klass]
                                           : (gdouble) NAN);
      add_number_cell (html, "%.2f", median);
      add (html, "</tr>\n");
    }
  add (html, "</tbody></table>\n");
}

static void
add_item (Html *html, const gchar *term, const gchar *text)
{
  add (html, "<dt>");
  add_escaped (html, term);
  add (html, "</dt><dd>");
  add_escaped (html, text);
  add (html, "</dd>\n");
}

static gchar *
describe_ecca (GStrv row, const PockmarkEccaTerm *terms)
{
  const gchar *const shapes[POCKMARK_N_ECCA] = {
    [POCKMARK_ECCA_V] = _("V, below 2 mm"),
    [POCKMARK_ECCA_U] = _("U, 2 to 4 mm"),
    [POCKMARK_ECCA_M] = _("M, above 4 mm"),
  };
  GString           *text = g_string_new (NULL);

  if (*row[REPORT_ECCA] == '\0')
    {
      g_string_free (text, TRUE);
      return g_strdup (_("Unknown: it needs widths in millimetres, and so the "
                         "photograph's scale."));
    }

  for (guint i = 0; i < POCKMARK_N_ECCA; i++)
    g_string_append_printf (text, "%s%d × %d", i > 0 ? " + " : "",
                            terms[i].weight, terms[i].grade);
  g_string_append_printf (text, " = %s ", row[REPORT_ECCA]);
  g_string_append_printf (text, _("of %d."), POCKMARK_ECCA_MAX);
  for (guint i = 0; i < POCKMARK_N_ECCA; i++)
    {
      g_string_append (text, " ");
      g_string_append_printf (text, _("%s: %u scars, grade %d."), shapes[i],
                              terms[i].count, terms[i].grade);
    }
  g_string_append (text, " ");
  g_string_append (text, _("A shape's weight times its grade: 0 none, 1 fewer "
                           "than 5, 2 from 5 to 20, 3 more."));

  return g_string_free (text, FALSE);
}

static gchar *
describe_density (GStrv row)
{
  guint lesions = 0;

  if (*row[REPORT_DENSITY] == '\0')
    return g_strdup (_("Unknown: it needs the area of the skin, and so the "
                       "photograph's scale."));

  for (guint klass = 1; klass < POCKMARK_N_CLASSES; klass++)
    lesions += (guint) number (row[REPORT_CLASSES + klass - 1]);
  return g_strdup_printf (_("%u lesions ÷ %s cm² of skin = %s per cm²"),
                          lesions, row[REPORT_SKIN_AREA],
                          row[REPORT_DENSITY]);
}

static gchar *
describe_goodman_baron (GStrv row)
{
  guint             craters = number (row[REPORT_CLASSES + POCKMARK_CRATER - 1]);
  guint             ice_picks =
    number (row[REPORT_CLASSES + POCKMARK_ICE_PICK - 1]);
  guint             marks =
    number (row[REPORT_CLASSES + POCKMARK_RED_MARK - 1])
    + number (row[REPORT_CLASSES + POCKMARK_BROWN_MARK - 1]);
  g_autofree gchar *hollow =
    g_strdup_printf (_("%u craters + %u ice-picks = %u atrophic scars: "
                       "factor %s (0 none, 1 up to 10, 2 up to 20, 3 "
                       "more). The points that it multiplies need a "
                       "depth, which a photograph does not show."),
                     craters, ice_picks, craters + ice_picks,
                     row[REPORT_GOODMAN_BARON]);
  g_autofree gchar *flat =
    g_strdup_printf (_("%u red and brown marks, which are flat and have 1 "
                       "point: factor %d."),
                     marks, pockmark_goodman_baron_factor (marks));

  return g_strconcat (hollow, " ", flat, NULL);
}

static void
add_grades (Html *html, GStrv row, const PockmarkEccaTerm *terms)
{
  g_autofree gchar *ecca = describe_ecca (row, terms);
  g_autofree gchar *factor = describe_goodman_baron (row);
  g_autofree gchar *density = describe_density (row);
  g_autofree gchar *redness =
    g_strdup_printf (_("mean index %s over the skin; %s %% of it more than "
                       "%.0f above the skin around"),
                     row[REPORT_REDNESS_MEAN], row[REPORT_REDNESS_AREA],
                     POCKMARK_REDNESS_AFFECTED);
  g_autofree gchar *tone =
    g_strdup_printf (_("median individual typology angle %s°; lighter skin "
                       "has more"), row[REPORT_ITA]);

  add (html, "<h3>");
  add_escaped (html, _("Grades, estimated from a photograph"));
  add (html, "</h3>\n<dl>\n");
  add_item (html, _("ECCA, atrophic part"), ecca);
  add_item (html, _("Goodman and Baron, count"), factor);
  add_item (html, _("Density"), density);
  if (*row[REPORT_REDNESS_MEAN] != '\0')
    add_item (html, _("Redness"), redness);
  if (*row[REPORT_ITA] != '\0')
    add_item (html, _("Skin tone"), tone);
  add (html, "</dl>\n");
}

static void
add_photograph (Html *html, guint i)
{
  const Summary           *summary = &g_array_index (html->summaries, Summary,
                                                     i);
  g_autoptr (SurveyRecord) record = NULL;
  GArray                  *widths[POCKMARK_N_CLASSES];
  gboolean                 millimetres;

  if (summary->row == NULL)
    return;
  record = survey_record_load (html->results, summary->photograph);
  if (record == NULL)
    return;

  for (guint klass = 0; klass < POCKMARK_N_CLASSES; klass++)
    widths[klass] = g_array_new (FALSE, FALSE, sizeof (gdouble));
  millimetres = gather_widths (record, widths);

  add (html, "<section class=\"photograph\" id=\"");
  add_anchor (html, i);
  add (html, "\">\n<h2>");
  add_name (html, summary->photograph->name);
  add (html, "</h2>\n<p class=\"note\"><bdi>");
  g_string_append_printf (html->text, "%s × %s; Pockmark %s; ",
                          record->row[REPORT_WIDTH],
                          record->row[REPORT_HEIGHT],
                          record->row[REPORT_VERSION]);
  add_escaped (html, record->row[REPORT_PARAMETERS]);
  add (html, "</bdi></p>\n");
  add_picture (html, summary, FALSE);
  add_counts (html, summary, widths, millimetres);
  add_grades (html, record->row, record->terms);
  add (html, "<div class=\"plots\">\n");
  report_plot_widths (html->text, widths, millimetres);
  report_plot_redness (html->text, record->redness, SURVEY_REDNESS_BINS,
                       SURVEY_REDNESS_MIN, SURVEY_REDNESS_MAX);
  add (html, "</div>\n</section>\n");
  for (guint klass = 0; klass < POCKMARK_N_CLASSES; klass++)
    g_array_unref (widths[klass]);
}

/* ---- The file ----------------------------------------------------------- */

static gboolean
write_all (Html *html, GPtrArray *plan)
{
  for (guint i = 0; i < plan->len; i++)
    gather (html, g_ptr_array_index (plan, i));

  add_head (html);
  add_totals (html);
  add_failures (html);
  add_sheet (html);
  add_survey_plots (html);
  add_overview (html);
  add_visits (html);
  for (guint i = 0; i < plan->len; i++)
    {
      add_photograph (html, i);
      if (!flush (html))
        return FALSE;
    }
  add (html, "</main>\n</body>\n</html>\n");

  return flush (html);
}

gboolean
report_html_write (GFile *results, GPtrArray *plan, GError **error)
{
  g_autoptr (GFile)             file = g_file_get_child (results,
                                                         REPORT_HTML_NAME);
  g_autofree gchar             *temporary = file_replace_begin (file);
  g_autoptr (GFile)             written = g_file_new_for_path (temporary);
  g_autoptr (GFileOutputStream) stream =
    g_file_replace (written, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION,
                    NULL, NULL);
  Html                          html = { results, NULL, NULL, NULL,
                                         { NULL }, { 0.0 }, 0, NULL };
  gboolean                      ok;

  if (stream == NULL)
    return file_replace_end (file, temporary, FALSE, error);

  html.stream = G_OUTPUT_STREAM (stream);
  html.text = g_string_new (NULL);
  html.summaries = g_array_new (FALSE, FALSE, sizeof (Summary));
  html.visits = find_visits (results);
  for (guint klass = 0; klass < POCKMARK_N_CLASSES; klass++)
    html.widths[klass] = g_array_new (FALSE, FALSE, sizeof (gdouble));

  ok = write_all (&html, plan);
  ok = g_output_stream_close (html.stream, NULL, NULL) && ok;

  for (guint i = 0; i < html.summaries->len; i++)
    g_strfreev (g_array_index (html.summaries, Summary, i).row);
  g_array_unref (html.summaries);
  g_ptr_array_unref (html.visits);
  for (guint klass = 0; klass < POCKMARK_N_CLASSES; klass++)
    g_array_unref (html.widths[klass]);
  g_string_free (html.text, TRUE);

  return file_replace_end (file, temporary, ok, error);
}

gboolean
report_html_is_ours (GFile *file)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  gchar                        start[GENERATOR_WITHIN + 1] = "";
  gsize                        n;

  return stream != NULL
         && g_input_stream_read_all (G_INPUT_STREAM (stream), start,
                                     GENERATOR_WITHIN, &n, NULL, NULL)
         && g_strstr_len (start, n, GENERATOR) != NULL;
}
