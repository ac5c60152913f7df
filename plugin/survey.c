/* A survey: every photograph of a folder, one after the other
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <locale.h>

#include "graph.h"
#include "skin-scale.h"
#include "survey-examine.h"
#include "survey-lock.h"
#include "survey-progress.h"
#include "survey-record.h"
#include "survey-tables.h"
#include "survey.h"

typedef struct
{
  const SurveyWishes *wishes;
  GPtrArray          *plan; /* of SurveyPhotograph */
  SurveyTotals       *totals;
  gint64              began;
  guint               examined; /* since then */
} Survey;

gboolean
survey_check (const SurveyWishes *wishes, GError **error)
{
  const gchar *sentence = NULL;

  if (wishes->folder == NULL
      && (wishes->photographs == NULL || wishes->photographs[0] == NULL))
    sentence = _("Choose the folder with the photographs.");
  else if (wishes->results == NULL)
    sentence = _("Choose the folder for the results.");
  else if ((wishes->folder != NULL && !g_file_peek_path (wishes->folder))
           || !g_file_peek_path (wishes->results))
    sentence = _("Both folders must be on this machine or mounted in it.");
  else if (wishes->part < 1 || wishes->part > wishes->parts)
    sentence = _("The part must be one of the parts: 1 is the first.");
  else if (wishes->pixels_per_mm != 0.0
           && !skin_scale_is_possible (wishes->pixels_per_mm))
    sentence = _("The skin scale makes no sense: give the number of pixels "
                 "that one millimetre takes, or 0 where it is not known.");

  if (sentence == NULL)
    return TRUE;

  g_set_error_literal (error, GIMP_PLUG_IN_ERROR, 0, sentence);
  return FALSE;
}

/* To be freed. */
static gchar *
describe_progress (const Survey *survey, guint i)
{
  const SurveyPhotograph *photograph = g_ptr_array_index (survey->plan, i);
  gdouble                 seconds = 1e-6 * (g_get_monotonic_time ()
                                            - survey->began);

  return survey_progress_text (photograph->name, i, survey->plan->len,
                               survey->wishes->parts,
                               survey->examined > 0
                                 ? seconds / survey->examined
                                 : 0.0);
}

static void
tell (const Survey *survey, const gchar *title, const gchar *failure)
{
  g_autofree gchar *line = NULL;

  if (!survey->wishes->tell)
    return;

  line = g_strconcat (title, failure != NULL ? ": " : NULL, failure, NULL);
  for (gchar *c = line; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  g_print ("Pockmark: %s\n", line);
}

/* Errors in tables are in one language, so that tables are the same in every
 * locale.  Returns what is to be handed back at the end. */
static gchar *
begin_plain_language (void)
{
  gchar *locale = g_strdup (setlocale (LC_MESSAGES, NULL));

  setlocale (LC_MESSAGES, "C");
  return locale;
}

static void
end_plain_language (gchar *locale)
{
  setlocale (LC_MESSAGES, locale);
  g_free (locale);
}

static void
examine_next (Survey *survey, guint i)
{
  SurveyPhotograph  *photograph = g_ptr_array_index (survey->plan, i);
  g_autofree gchar  *title = describe_progress (survey, i);
  g_autofree gchar  *source = NULL;
  g_autofree gchar  *wishes = NULL;
  g_autoptr (GError) error = NULL;
  gchar             *locale;
  gdouble            n = survey->plan->len;
  Progress           progress = { i / n, (i + 1) / n, title };

  progress_start (&progress, title);
  if (photograph->failure == NULL)
    {
      source = survey_record_source (photograph->file);
      wishes = survey_examine_wishes (survey->wishes, photograph);
      if (survey->wishes->resume
          && survey_record_is_done (survey->wishes->results, photograph,
                                    wishes, source))
        return;

      locale = begin_plain_language ();
      if (!survey_examine (survey->wishes, photograph, source, &progress,
                           &error))
        photograph->failure = g_strdup (error->message);
      end_plain_language (locale);
      survey->examined++;
    }
  tell (survey, title, photograph->failure);
}

static void
count (Survey *survey, const SurveyPhotograph *photograph)
{
  g_autoptr (SurveyRecord) record = NULL;

  survey->totals->photographs++;
  if (photograph->failure != NULL)
    {
      survey->totals->failed++;
      return;
    }

  record = survey_record_load (survey->wishes->results, photograph);
  if (record != NULL)
    survey->totals->lesions += record->lesions->len;
}

gboolean
survey_run (const SurveyWishes *wishes, SurveyTotals *totals, GError **error)
{
  g_autoptr (GPtrArray)  plan = NULL;
  g_autoptr (SurveyLock) lock = NULL;
  Survey                 survey = { wishes, NULL, totals,
                                    g_get_monotonic_time (), 0 };
  gchar                 *locale;

  if (!graph_check (error))
    return FALSE;
  locale = begin_plain_language ();
  plan = wishes->folder != NULL
           ? survey_plan_folder (wishes->folder, wishes->results, error)
           : survey_plan_list (wishes->photographs, error);
  end_plain_language (locale);
  if (plan == NULL)
    return FALSE;
  lock = survey_lock_take (wishes->results, wishes->part, wishes->parts,
                           plan->len, error);
  if (lock == NULL || !survey_tables_check (wishes, error))
    return FALSE;

  survey.plan = plan;
  gimp_progress_init (_("Survey Photographs"));
  for (guint i = wishes->part - 1; i < plan->len; i += wishes->parts)
    {
      examine_next (&survey, i);
      count (&survey, g_ptr_array_index (plan, i));
    }
  gimp_progress_end ();

  return wishes->parts > 1 || survey_tables_write (wishes, plan, error);
}
