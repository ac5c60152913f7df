/* Pockmark: the main job
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "pockmark-stages.h"

/* Findings with a confidence below this are shown to nobody: at sensitivity 0
 * and 1; linear between. */
#define CONFIDENCE_STRICT 0.86
#define CONFIDENCE_LENIENT 0.005

/* Below this confidence a finding yields to a red mark, however unsure that is:
 * a colour is there to be seen, while texture makes hollows anywhere. */
#define UNSURE 0.3f

/* A finding goes where this share of it lies under surer ones, or where a
 * surer one is nearer than this share of both radii, of its class or of
 * another.  The two walls of one hollow, and the halo of a mark, are found as
 * neighbours that hardly overlap. */
#define COVERED 0.4
#define APART 1.0f
#define APART_OTHERS 0.6f

/* Candidates are judged in blocks of so many, which the threads have by turns:
 * the best of a kind, and kinds that take longer, lie together. */
#define BLOCK 64
#define TURNS 16

/* Numbers run from left to right in bands of this share of the height. */
#define BANDS 12

void
pockmark_parameters_init (PockmarkParameters *parameters)
{
  parameters->pixels_per_mm = 0.0;
  parameters->sensitivity = 0.5;
  parameters->light_azimuth = -1.0;
  parameters->whole_is_skin = FALSE;
  parameters->vectors = pockmark_vectors_default;
}

gboolean
pockmark_parameters_check (const PockmarkParameters *parameters,
                           GError                  **error)
{
  const gdouble scale = parameters->pixels_per_mm;
  PockmarkUnmixing unmixing;

  /* Written so that NaN is out of range. */
  if (! (scale == 0.0 || (scale >= 0.05 && scale <= 1000.0)))
    g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER,
                         _("The scale must be 0 (unknown) or between 0.05 and "
                           "1000 pixels per millimetre."));
  else if (! (parameters->sensitivity >= 0.0 && parameters->sensitivity <= 1.0))
    g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER,
                         _("The sensitivity must be between 0 and 1."));
  else if (! (parameters->light_azimuth <= 360.0))
    g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER,
                         _("The direction of the light must be between 0 and "
                           "360 degrees, or negative to estimate it."));
  else
    return pockmark_unmixing_init (&unmixing, &parameters->vectors, error);
  return FALSE;
}

/* ---- Choosing among the candidates ---- */

static void
choice_clear (gpointer data)
{
  pockmark_patch_clear (&((PockmarkChoice *) data)->patch);
}

GArray *
pockmark_choices_new (void)
{
  GArray *choices = g_array_new (FALSE, TRUE, sizeof (PockmarkChoice));

  g_array_set_clear_func (choices, choice_clear);
  return choices;
}

/* Which finding comes first where two claim the same pixels. */
static gint
rank (const PockmarkFinding *finding)
{
  return finding->confidence >= UNSURE ? 2
                                       : finding->klass == POCKMARK_RED_MARK;
}

static gint
surest_first (gconstpointer a,
              gconstpointer b)
{
  const PockmarkFinding *p = &((const PockmarkChoice *) a)->finding;
  const PockmarkFinding *q = &((const PockmarkChoice *) b)->finding;

  if (rank (p) != rank (q))
    return rank (q) - rank (p);
  if (p->confidence != q->confidence)
    return p->confidence < q->confidence ? 1 : -1;
  if (p->y != q->y)
    return p->y < q->y ? -1 : 1;
  if (p->x != q->x)
    return p->x < q->x ? -1 : 1;
  if (p->klass != q->klass)
    return p->klass < q->klass ? -1 : 1;
  return (p->diameter > q->diameter) - (p->diameter < q->diameter);
}

static gint
in_reading_order (gconstpointer a,
                  gconstpointer b)
{
  const PockmarkFinding *p = &((const PockmarkChoice *) a)->finding;
  const PockmarkFinding *q = &((const PockmarkChoice *) b)->finding;

  /* number holds the band until the real numbers are given. */
  if (p->number != q->number)
    return p->number < q->number ? -1 : 1;
  return (p->x > q->x) - (p->x < q->x);
}

gdouble
pockmark_least_confidence (gdouble sensitivity)
{
  return CONFIDENCE_STRICT
         + sensitivity * (CONFIDENCE_LENIENT - CONFIDENCE_STRICT);
}

/* The judging of all candidates, shared out. */
typedef struct
{
  const PockmarkAnalysis *analysis;
  PockmarkJudge           judge;
  gfloat                  least;   /* confidence */
  GMutex                  mutex;   /* of the two below */
  GArray                 *choices; /* PockmarkChoice */
  GError                 *error;   /* the first */
} Judging;

/* FALSE where the candidate is nothing, or with an error. */
static gboolean
judge_one (const Judging           *judging,
           const PockmarkCandidate *candidate,
           PockmarkChoice          *choice,
           GError                 **error)
{
  const gfloat reduction = (gfloat) judging->analysis->reduction;

  memset (choice, 0, sizeof *choice);
  if (! pockmark_is_worth_a_look (&judging->judge, candidate)
      || ! pockmark_patch_grow (&choice->patch, candidate, judging->judge.space,
                                &judging->judge.light, error))
    return FALSE;
  choice->finding.klass
      = pockmark_classify (&judging->judge, candidate, &choice->patch,
                           &choice->finding.confidence);
  if (choice->finding.klass == POCKMARK_NONE
      || choice->finding.confidence < judging->least)
    {
      pockmark_patch_clear (&choice->patch);
      return FALSE;
    }
  choice->finding.x = candidate->x * reduction;
  choice->finding.y = candidate->y * reduction;
  choice->finding.diameter = choice->patch.diameter * reduction;
  choice->finding.evidence = candidate->evidence;
  return TRUE;
}

/* Adds the choices among one block of candidates. */
static void
judge_block (Judging *judging,
             gsize    block,
             GError **error)
{
  const GArray *candidates = judging->analysis->candidates;
  const gsize   end = MIN ((block + 1) * BLOCK, candidates->len);
  gboolean      room = TRUE;
  gsize         i;

  for (i = block * BLOCK; room && i < end; i++)
    {
      PockmarkChoice choice;
      GError        *problem = NULL;

      if (! judge_one (judging,
                       &g_array_index (candidates, PockmarkCandidate, i),
                       &choice, &problem))
        {
          room = problem == NULL;
          if (problem)
            g_propagate_error (error, problem);
          continue;
        }
      choice.candidate = (guint) i;
      g_mutex_lock (&judging->mutex);
      room = pockmark_array_room (judging->choices, 1, error);
      if (room)
        g_array_append_val (judging->choices, choice);
      else
        choice_clear (&choice);
      g_mutex_unlock (&judging->mutex);
    }
}

/* Rounds of TURNS blocks. */
static gsize
rounds (const Judging *judging)
{
  return (judging->analysis->candidates->len + BLOCK * TURNS - 1)
         / (BLOCK * TURNS);
}

/* PockmarkWork over the blocks, by turns: each TURNSth, then those beside
 * them. */
static void
judge_some (gsize    first,
            gsize    count,
            gpointer work_data)
{
  Judging    *judging = work_data;
  const gsize n = rounds (judging);
  GError     *error = NULL;
  gsize       i;

  for (i = first; i < first + count && ! error; i++)
    judge_block (judging, i % n * TURNS + i / n, &error);
  pockmark_error_keep (&judging->mutex, &judging->error, error);
}

GArray *
pockmark_analysis_judge (const PockmarkAnalysis *analysis,
                         gdouble                 sensitivity,
                         const PockmarkHost     *host,
                         GError                **error)
{
  g_autoptr (GArray) choices = pockmark_choices_new ();
  Judging judging
      = { .analysis = analysis,
          .judge = { analysis->space, analysis->light, analysis->pixels_per_mm },
          .least = (gfloat) pockmark_least_confidence (sensitivity),
          .choices = choices };

  g_mutex_init (&judging.mutex);
  pockmark_host_parallel (host, rounds (&judging) * TURNS, 1, judge_some,
                          &judging);
  g_mutex_clear (&judging.mutex);
  if (judging.error)
    {
      g_propagate_error (error, judging.error);
      return NULL;
    }
  return g_steal_pointer (&choices);
}

/* Working pixels that are somebody's already. */
typedef struct
{
  gint                 width;
  gint                 height;
  const PockmarkPlane *alpha; /* pixels that are not there do not count;
                               * NULL: all are                             */
  guint8              *taken; /* 0 or 1 for each                           */
  gfloat              *row;   /* scratch for as many as a row has          */
} Ground;

/* Counts the patch's working pixels and those already taken, then, with take
 * set, takes them. */
static void
count_taken (const PockmarkPatch *patch,
             const Ground        *ground,
             gboolean             take,
             gint                *inside,
             gint                *covered)
{
  const gint width = ground->width;
  const gint x0 = MAX (patch->x * patch->step, 0);
  const gint y0 = MAX (patch->y * patch->step, 0);
  const gint x1 = MIN ((patch->x + patch->width) * patch->step, width);
  const gint y1 = MIN ((patch->y + patch->height) * patch->step,
                       ground->height);
  gint       x, y;

  *inside = *covered = 0;
  for (y = y0; y < y1 && x0 < x1; y++)
    {
      const gfloat *alpha
          = ground->alpha ? ground->alpha->data + (gsize) y * width : NULL;
      guint8       *taken = ground->taken + (gsize) y * width;

      pockmark_patch_row (patch, (gfloat) x0 + 0.5f, (gfloat) y + 0.5f, 1.0f,
                          x1 - x0, ground->row);
      for (x = x0; x < x1; x++)
        if (ground->row[x - x0] > 0.5f && (! alpha || alpha[x] > 0.5f))
          {
            ++*inside;
            *covered += taken[x];
            taken[x] |= take != FALSE;
          }
    }
}

static gboolean
is_apart (GArray               *choices,
          guint                 kept,
          const PockmarkChoice *choice)
{
  guint i;

  for (i = 0; i < kept; i++)
    {
      const PockmarkFinding *f
          = &g_array_index (choices, PockmarkChoice, i).finding;
      const gfloat apart
          = f->klass == choice->finding.klass ? APART : APART_OTHERS;

      if (hypotf (f->x - choice->finding.x, f->y - choice->finding.y)
          < apart * 0.5f * (f->diameter + choice->finding.diameter))
        return FALSE;
    }
  return TRUE;
}

/* Settles pixels that two findings claim: the surer one has them, and one that
 * has lost too many goes. */
static gboolean
settle (GArray                 *choices,
        const PockmarkAnalysis *analysis,
        GError                **error)
{
  const gint width = analysis->columns;
  const gint height = analysis->rows;
  g_autofree guint8 *taken = g_try_malloc0_n ((gsize) width, (gsize) height);
  g_autofree gfloat *row = g_try_new (gfloat, (gsize) width);
  const Ground ground = { width, height, analysis->alpha, taken, row };
  guint        i, kept = 0;

  if (! taken || ! row)
    return pockmark_memory_error (error);
  g_array_sort (choices, surest_first);
  for (i = 0; i < choices->len; i++)
    {
      PockmarkChoice *choice = &g_array_index (choices, PockmarkChoice, i);
      gint    inside, covered;

      count_taken (&choice->patch, &ground, FALSE, &inside, &covered);
      if (inside == 0 || covered > COVERED * inside
          || ! is_apart (choices, kept, choice))
        {
          choice_clear (choice);
          continue;
        }
      count_taken (&choice->patch, &ground, TRUE, &inside, &covered);
      if (kept != i)
        {
          g_array_index (choices, PockmarkChoice, kept) = *choice;
          choice->patch.inside = NULL;
        }
      kept++;
    }
  g_array_set_size (choices, kept);
  return TRUE;
}

/* alpha is taken, and so are the patches of choices. */
static PockmarkDetection *
detection_new (const PockmarkAnalysis *analysis,
               PockmarkPlane          *alpha,
               GArray                 *choices,
               GError                **error)
{
  g_autoptr (PockmarkDetection) detection = g_new0 (PockmarkDetection, 1);
  const gint         k = analysis->reduction;
  guint              i;

  detection->width = analysis->width;
  detection->height = analysis->height;
  detection->reduction = k;
  detection->light = analysis->light;
  detection->alpha = alpha;
  detection->findings = g_array_new (FALSE, FALSE, sizeof (PockmarkFinding));
  detection->patches = g_try_new0 (PockmarkPatch, (gsize) choices->len + 1);
  detection->boxes = g_try_new0 (PockmarkRect, (gsize) choices->len + 1);
  if (! detection->patches || ! detection->boxes)
    {
      pockmark_memory_error (error);
      return NULL;
    }
  if (! pockmark_array_room (detection->findings, choices->len, error))
    return NULL;

  for (i = 0; i < choices->len; i++)
    {
      PockmarkFinding *f = &g_array_index (choices, PockmarkChoice, i).finding;

      f->number = (guint) (f->y * BANDS / (gfloat) analysis->height);
    }
  g_array_sort (choices, in_reading_order);
  for (i = 0; i < choices->len; i++)
    {
      PockmarkChoice     *choice = &g_array_index (choices, PockmarkChoice, i);
      const PockmarkPatch p = choice->patch;

      choice->finding.number = i + 1;
      g_array_append_val (detection->findings, choice->finding);
      detection->patches[i] = p;
      choice->patch.inside = NULL;
      detection->boxes[i].x = p.x * p.step * k;
      detection->boxes[i].y = p.y * p.step * k;
      detection->boxes[i].width
          = MIN (p.width * p.step * k, analysis->width - detection->boxes[i].x);
      detection->boxes[i].height
          = MIN (p.height * p.step * k, analysis->height - detection->boxes[i].y);
    }
  return g_steal_pointer (&detection);
}

static PockmarkPlane *
copy_plane (const PockmarkPlane *plane,
            GError             **error)
{
  PockmarkPlane *copy = pockmark_plane_new (plane->width, plane->height, error);

  if (copy)
    memcpy (copy->data, plane->data,
            (gsize) plane->width * plane->height * sizeof (gfloat));
  return copy;
}

/* Those of the tiles that are sure enough, with copies of their patches. */
static GArray *
copy_judged (const GArray *judged,
             gdouble       sensitivity,
             GError      **error)
{
  g_autoptr (GArray) choices = pockmark_choices_new ();
  const gdouble least = pockmark_least_confidence (sensitivity);
  guint         i;

  for (i = 0; i < judged->len; i++)
    {
      PockmarkChoice choice = g_array_index (judged, PockmarkChoice, i);
      const gsize    n
          = (gsize) choice.patch.width * (gsize) choice.patch.height;
      gfloat        *inside;

      if (choice.finding.confidence < (gfloat) least)
        continue;
      inside = g_try_new (gfloat, n);
      if (! inside || ! pockmark_array_room (choices, 1, error))
        {
          g_free (inside);
          g_clear_error (error);
          pockmark_memory_error (error);
          return NULL;
        }
      memcpy (inside, choice.patch.inside, n * sizeof (gfloat));
      choice.patch.inside = inside;
      g_array_append_val (choices, choice);
    }
  return g_steal_pointer (&choices);
}

PockmarkDetection *
pockmark_analysis_choose (const PockmarkAnalysis *analysis,
                          gdouble                 sensitivity,
                          const PockmarkHost     *host,
                          GError                **error)
{
  g_autoptr (GArray)        choices = NULL;
  g_autoptr (PockmarkPlane) alpha = NULL;

  choices = analysis->judged
                ? copy_judged (analysis->judged, sensitivity, error)
                : pockmark_analysis_judge (analysis, sensitivity, host, error);
  if (! choices || ! settle (choices, analysis, error)
      || (analysis->alpha && ! (alpha = copy_plane (analysis->alpha, error))))
    return NULL;
  return detection_new (analysis, g_steal_pointer (&alpha), choices, error);
}

/* analysis may be NULL: then error says why. */
static PockmarkDetection *
choose_last (const PockmarkAnalysis *analysis,
             gdouble                 sensitivity,
             const PockmarkHost     *host,
             GError                **error)
{
  g_autoptr (PockmarkDetection) detection
      = analysis ? pockmark_analysis_choose (analysis, sensitivity, host, error)
                 : NULL;

  return detection && pockmark_host_progress (host, 1.0, error)
             ? g_steal_pointer (&detection)
             : NULL;
}

PockmarkDetection *
pockmark_detect_in (const PockmarkSource     *photograph,
                    PockmarkReduced          *working,
                    const PockmarkSkin       *skin,
                    const PockmarkParameters *parameters,
                    const PockmarkHost       *host,
                    GError                  **error)
{
  g_autoptr (PockmarkAnalysis) analysis
      = pockmark_analysis_of (photograph, working, skin, parameters, host,
                              error);

  return choose_last (analysis, parameters->sensitivity, host, error);
}

PockmarkDetection *
pockmark_detect (const PockmarkSource     *photograph,
                 const PockmarkParameters *parameters,
                 const PockmarkHost       *host,
                 GError                  **error)
{
  g_autoptr (PockmarkAnalysis) analysis
      = pockmark_analysis_for (photograph, parameters, parameters->sensitivity,
                               host, error);

  return choose_last (analysis, parameters->sensitivity, host, error);
}

void
pockmark_detection_free (PockmarkDetection *detection)
{
  guint i;

  if (! detection)
    return;
  for (i = 0; i < detection->findings->len; i++)
    pockmark_patch_clear (&detection->patches[i]);
  pockmark_plane_free (detection->alpha);
  g_free (detection->patches);
  g_free (detection->boxes);
  g_array_unref (detection->findings);
  g_free (detection);
}

const GArray *
pockmark_detection_findings (const PockmarkDetection *detection)
{
  return detection->findings;
}

PockmarkRect
pockmark_detection_box (const PockmarkDetection *detection,
                        guint                    i)
{
  return detection->boxes[i];
}

PockmarkLightSource
pockmark_detection_light (const PockmarkDetection *detection,
                          gdouble                 *azimuth)
{
  *azimuth = detection->light.azimuth;
  return detection->light.source;
}
