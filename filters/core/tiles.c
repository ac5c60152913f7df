/* Pockmark: large photographs, tile by tile
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The levels of a whole photograph take some seventy bytes for each working
 * pixel: nothing where the scale lets it be reduced, too much where it does
 * not.  Then only an overview, four times coarser, is looked at as a whole.  It
 * gives the skin, the background, and the widest lesions.  All others are found
 * in tiles, which overlap by as much as the filters and the outlines reach;
 * each keeps what has its centre in its own core.  Tiles without skin are not
 * even read.
 *
 * The noise is each tile's own, and so is the choice between candidates that
 * lie inside one another; the light is that of some tiles, with the most skin.
 * Nothing depends on the number of threads.
 */

#include <math.h>
#include <string.h>

#include "pockmark-stages.h"

/* All levels take so many bytes for each working pixel.  They are made as a
 * whole where that is not more than so many for each of the photograph's, or
 * so many in all; but never of more than so many pixels. */
#define LEVEL_BYTES 72.0
#define WHOLE_BYTES_PER_PIXEL 16.0
#define WHOLE_BYTES 9e7
#define WHOLE_PIXELS 1.2e7

/* For each of the photograph's pixels a tile may take so many bytes, less what
 * the overview has left for each working pixel; with its margins it has not
 * less and not more pixels than these. */
#define TILE_BYTES_PER_PIXEL 15.0
#define OVERVIEW_BYTES 5.0
#define TILE_PIXELS_MIN 1e6
#define TILE_PIXELS_MAX 3e6

/* The overview's working pixels are so many of the tiles' wide: it lacks so
 * many of their levels.  Candidates are sought in so many of these; wider ones
 * are compared to two finer levels, which the overview has. */
#define OVERVIEW 4
#define OVERVIEW_LACKS 4
#define TILE_LEVELS (OVERVIEW_LACKS + 2)

/* Tiles have two more octaves, which candidates are compared to. */
#define TILE_OCTAVES 4

/* Tiles begin at a pixel of their coarsest level. */
#define GRID (1 << (TILE_OCTAVES - 1))

/* What tiles share at each end, in widths of the narrowest lesion: their widest
 * ones are 2^2.5 of it wide, an outline reaches 2.5 widths, and the filters of
 * the levels that it is drawn in reach 4.9 of the narrowest. */
#define MARGIN 19.0

/* Levels that the light is seen in have two octaves; so much skin suffices,
 * working pixels. */
#define LIGHT_OCTAVES 2
#define LIGHT_PIXELS 4e6

/* Where the shares of the work end. */
#define OVERVIEW_DONE 0.15
#define LIGHT_DONE 0.25
#define TILES_DONE 0.9

typedef struct
{
  const PockmarkSource     *photograph;
  const PockmarkParameters *parameters;
  const PockmarkHost       *host;
  PockmarkAnalysis         *analysis; /* of the photograph                   */
  PockmarkAnalysis         *overview;
  PockmarkOverview          wide;     /* its candidates ...                  */
  GArray                   *judged;   /* ... and those that are sure enough  */
  PockmarkSkin             *skin;
  PockmarkMesh              background[POCKMARK_N_COMPONENTS]; /* overview's */
  gdouble                   narrowest; /* working pixels                     */
  gint                      margin;    /* likewise                           */
  gint                      n;         /* tiles                              */
  PockmarkRect             *core;      /* of each, working pixels; all skin
                                        * is in them                         */
  gint                     *pixels;    /* skin in each core, skin's pixels   */
} Tiling;

static void
tiling_clear (Tiling *tiling)
{
  pockmark_analysis_free (tiling->analysis);
  pockmark_analysis_free (tiling->overview);
  pockmark_skin_free (tiling->skin);
  if (tiling->judged)
    g_array_unref (tiling->judged);
  g_free (tiling->wide.beaten);
  g_free (tiling->core);
  g_free (tiling->pixels);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tiling, tiling_clear)

/* ---- A part of a photograph as a photograph ---- */

typedef struct
{
  const PockmarkSource *photograph;
  PockmarkRect          rect;
  PockmarkSource        source;
} View;

static PockmarkRect
shifted (const View         *view,
         const PockmarkRect *rect)
{
  return (PockmarkRect) { view->rect.x + rect->x, view->rect.y + rect->y,
                          rect->width, rect->height };
}

static gboolean
view_read (const PockmarkRect *rect,
           gfloat             *pixels,
           gpointer            user_data,
           GError            **error)
{
  const View        *view = user_data;
  const PockmarkRect there = shifted (view, rect);

  return view->photograph->read (&there, pixels, view->photograph->user_data,
                                 error);
}

static gboolean
view_read_codes (const PockmarkRect *rect,
                 guint8             *codes,
                 gpointer            user_data,
                 GError            **error)
{
  const View        *view = user_data;
  const PockmarkRect there = shifted (view, rect);

  return view->photograph->read_codes (&there, codes,
                                       view->photograph->user_data, error);
}

static void
view_init (View                 *view,
           const PockmarkSource *photograph,
           const PockmarkRect   *rect)
{
  view->photograph = photograph;
  view->rect = *rect;
  view->source = *photograph;
  view->source.width = rect->width;
  view->source.height = rect->height;
  view->source.user_data = view;
  view->source.read = view_read;
  view->source.read_codes = photograph->read_codes ? view_read_codes : NULL;
}

/* ---- The tiles ---- */

/* A tile's core with its margins. */
static PockmarkRect
tile_of (const Tiling *tiling,
         gint          tile)
{
  const PockmarkAnalysis *analysis = tiling->analysis;
  const PockmarkRect      core = tiling->core[tile];
  PockmarkRect            rect;

  rect.x = MAX (core.x - tiling->margin, 0);
  rect.y = MAX (core.y - tiling->margin, 0);
  rect.width = MIN (core.x + core.width + tiling->margin, analysis->columns)
               - rect.x;
  rect.height = MIN (core.y + core.height + tiling->margin, analysis->rows)
                - rect.y;
  return rect;
}

/* A side of n pixels in equal parts of about so many, which begin on the grid. */
static gint
part_of_side (gint    n,
              gdouble about)
{
  const gint parts = MAX (1, (gint) ceil (n / MAX (about, GRID)));

  return (n + parts * GRID - 1) / (parts * GRID) * GRID;
}

/* Shrinks a core, which begins on the grid, to the skin in it; returns how many
 * pixels of it are skin. */
static gint
shrink_core (const Tiling *tiling,
             PockmarkRect *core)
{
  const PockmarkPlane *skin = tiling->skin->skin;
  const gdouble ratio = tiling->analysis->reduction / tiling->skin->reduction;
  const gint    x0 = (gint) (core->x * ratio);
  const gint    y0 = (gint) (core->y * ratio);
  const gint    x1 = MIN ((gint) ((core->x + core->width) * ratio) + 1,
                          skin->width);
  const gint    y1 = MIN ((gint) ((core->y + core->height) * ratio) + 1,
                          skin->height);
  gint left = x1, top = y1, right = x0, bottom = y0;
  gint end_x = core->x + core->width, end_y = core->y + core->height;
  gint x, y, n = 0;

  for (y = y0; y < y1; y++)
    for (x = x0; x < x1; x++)
      if (skin->data[(gsize) y * skin->width + x] > 0.5f)
        {
          left = MIN (left, x);
          top = MIN (top, y);
          right = MAX (right, x + 1);
          bottom = MAX (bottom, y + 1);
          n++;
        }
  end_x = MIN (end_x, (gint) ceil (right / ratio));
  end_y = MIN (end_y, (gint) ceil (bottom / ratio));
  core->x = MAX (core->x, (gint) (left / ratio) / GRID * GRID);
  core->y = MAX (core->y, (gint) (top / ratio) / GRID * GRID);
  core->width = end_x - core->x;
  core->height = end_y - core->y;
  return core->width > 0 && core->height > 0 ? n : 0;
}

static gboolean
lay_tiles (Tiling  *tiling,
           GError **error)
{
  const PockmarkAnalysis *analysis = tiling->analysis;
  const gdouble pixels = (gdouble) analysis->width * analysis->height;
  const gdouble k = analysis->reduction;
  const gdouble share
      = (TILE_BYTES_PER_PIXEL - OVERVIEW_BYTES / (k * k)) / LEVEL_BYTES;
  const gdouble side = sqrt (CLAMP (share * pixels, TILE_PIXELS_MIN,
                                    TILE_PIXELS_MAX));
  gdouble       around;
  gint          width, height, columns, i;

  tiling->margin = (gint) ceil (MARGIN * tiling->narrowest / GRID) * GRID;
  around = 2.0 * tiling->margin;
  height = part_of_side (analysis->rows, side - around);
  /* What is left of a low tile makes it wide. */
  width = part_of_side (analysis->columns,
                        side * side / MIN (height + around, analysis->rows)
                            - around);
  columns = (analysis->columns + width - 1) / width;
  tiling->n = columns * ((analysis->rows + height - 1) / height);
  tiling->core = g_try_new (PockmarkRect, tiling->n);
  tiling->pixels = g_try_new (gint, tiling->n);
  if (! tiling->core || ! tiling->pixels)
    return pockmark_memory_error (error);
  for (i = 0; i < tiling->n; i++)
    {
      const gint x = i % columns * width, y = i / columns * height;

      tiling->core[i] = (PockmarkRect) { x, y, MIN (width, analysis->columns - x),
                                         MIN (height, analysis->rows - y) };
      tiling->pixels[i] = shrink_core (tiling, &tiling->core[i]);
    }
  return TRUE;
}

/* The levels of a tile, of so many octaves; NULL with an error, or without one
 * where nothing of the photograph is there. */
static PockmarkAnalysis *
open_tile (Tiling       *tiling,
           gint          tile,
           gint          octaves,
           gdouble       progress,
           PockmarkPart *part,
           GError      **error)
{
  const gint         k = tiling->analysis->reduction;
  const PockmarkRect rect = tile_of (tiling, tile);
  PockmarkRect       there = { rect.x * k, rect.y * k, rect.width * k,
                               rect.height * k };
  g_autoptr (PockmarkAnalysis) analysis = g_new0 (PockmarkAnalysis, 1);
  g_autoptr (PockmarkReduced)  working = NULL;
  GError *problem = NULL;
  View    view;
  gint    c;

  there.width = MIN (there.width, tiling->photograph->width - there.x);
  there.height = MIN (there.height, tiling->photograph->height - there.y);
  view_init (&view, tiling->photograph, &there);
  working = pockmark_reduced_new (&view.source, k, tiling->host, &problem);
  if (! working)
    {
      if (g_error_matches (problem, POCKMARK_ERROR, POCKMARK_ERROR_EMPTY))
        g_error_free (problem);
      else
        g_propagate_error (error, problem);
      return NULL;
    }

  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    {
      tiling->background[c].x = rect.x;
      tiling->background[c].y = rect.y;
    }
  part->x = rect.x;
  part->y = rect.y;
  part->background = tiling->background;
  part->narrowest = tiling->narrowest;
  part->widest = tiling->narrowest * (1 << (octaves - 1));
  part->first = 0;
  part->end = TILE_LEVELS;
  part->progress[0] = part->progress[1] = part->progress[2] = progress;
  analysis->width = view.source.width;
  analysis->height = view.source.height;
  analysis->light = tiling->analysis->light;
  return pockmark_analysis_begin (analysis, working, tiling->skin, part,
                                  tiling->parameters, tiling->host, error)
             ? g_steal_pointer (&analysis)
             : NULL;
}

/* ---- The way ---- */

/* Reads the overview and finds what all tiles need of it. */
static gboolean
look_over (Tiling  *tiling,
           GError **error)
{
  const gint      k = tiling->analysis->reduction;
  const gdouble   scale = tiling->skin->pixels_per_mm / k;
  PockmarkPart    part = { .widest = G_MAXDOUBLE,
                           .progress = { OVERVIEW_DONE, OVERVIEW_DONE } };
  g_autoptr (PockmarkReduced) reduced = pockmark_reduced_new (
      tiling->photograph, k * OVERVIEW, tiling->host, error);
  gint c;

  tiling->narrowest = pockmark_analysis_narrowest (scale);
  part.narrowest = tiling->narrowest;
  tiling->overview = g_new0 (PockmarkAnalysis, 1);
  tiling->overview->width = tiling->analysis->width;
  tiling->overview->height = tiling->analysis->height;
  if (! reduced
      || ! pockmark_analysis_begin (tiling->overview, reduced, tiling->skin,
                                    &part, tiling->parameters, tiling->host,
                                    error))
    return FALSE;
  for (c = 0; c < POCKMARK_N_COMPONENTS; c++)
    {
      tiling->background[c] = *tiling->overview->background[c];
      tiling->background[c].cell *= OVERVIEW;
    }
  return TRUE;
}

/* The tile with the most skin of those that are not yet used; negative: there
 * is none. */
static gint
next_tile (const Tiling   *tiling,
           const gboolean *used)
{
  gint best = -1;
  gint i;

  for (i = 0; i < tiling->n; i++)
    if (! used[i] && tiling->pixels[i] > (best < 0 ? 0 : tiling->pixels[best]))
      best = i;
  return best;
}

/* Finds the light in the tiles with the most skin. */
static gboolean
find_light (Tiling  *tiling,
            GError **error)
{
  const PockmarkAnalysis *overview = tiling->overview;
  const gdouble share = tiling->skin->reduction / tiling->analysis->reduction;
  g_autofree gboolean *used = g_new0 (gboolean, tiling->n);
  g_autofree PockmarkLightSums *sums = pockmark_light_sums_new ();
  gdouble              seen = 0.0;
  gint                 tile;

  while (seen < LIGHT_PIXELS && (tile = next_tile (tiling, used)) >= 0)
    {
      GError      *problem = NULL;
      PockmarkPart part = { 0 };
      g_autoptr (PockmarkAnalysis) analysis = open_tile (
          tiling, tile, LIGHT_OCTAVES, OVERVIEW_DONE, &part, &problem);

      used[tile] = TRUE;
      seen += tiling->pixels[tile] * share * share;
      if (problem
          || (analysis
              && ! pockmark_light_look (analysis->space, analysis->mask,
                                        &tiling->parameters->vectors,
                                        analysis->pixels_per_mm, tiling->host,
                                        sums, &problem)))
        {
          g_propagate_error (error, problem);
          return FALSE;
        }
    }
  tiling->analysis->light = pockmark_light_settle (
      sums, overview->mask, overview->background[POCKMARK_SHADING]);
  return TRUE;
}

/* Takes a choice, whose working pixels begin at x, y of the photograph's; its
 * samples count for so many. */
static void
take_choice (Tiling         *tiling,
             PockmarkChoice *choice,
             gint            x,
             gint            y,
             gint            samples)
{
  const gfloat   k = (gfloat) tiling->analysis->reduction;
  PockmarkPatch *patch = &choice->patch;

  choice->finding.x += (gfloat) x * k;
  choice->finding.y += (gfloat) y * k;
  patch->step *= samples;
  patch->area *= samples * samples;
  patch->diameter *= (gfloat) samples;
  patch->x += x / patch->step;
  patch->y += y / patch->step;
  g_array_append_val (tiling->analysis->judged, *choice);
  patch->inside = NULL;
}

static gboolean
take_tile (Tiling             *tiling,
           GArray             *choices,
           const PockmarkRect *tile,
           GError            **error)
{
  guint i;

  if (! pockmark_array_room (tiling->analysis->judged, choices->len, error))
    return FALSE;
  for (i = 0; i < choices->len; i++)
    take_choice (tiling, &g_array_index (choices, PockmarkChoice, i), tile->x,
                 tile->y, 1);
  return TRUE;
}

/* The overview's, without those that tiles have better ones for. */
static gboolean
take_widest (Tiling  *tiling,
             GError **error)
{
  guint i;

  if (! pockmark_array_room (tiling->analysis->judged, tiling->judged->len, error))
    return FALSE;
  for (i = 0; i < tiling->judged->len; i++)
    {
      PockmarkChoice *choice
          = &g_array_index (tiling->judged, PockmarkChoice, i);

      if (! tiling->wide.beaten[choice->candidate])
        take_choice (tiling, choice, 0, 0, OVERVIEW);
    }
  return TRUE;
}

/* The widest lesions. */
static gboolean
judge_overview (Tiling  *tiling,
                gdouble  sensitivity,
                GError **error)
{
  PockmarkAnalysis *overview = tiling->overview;
  PockmarkPart      part = { .first = TILE_LEVELS - OVERVIEW_LACKS,
                             .end = POCKMARK_MAX_LEVELS,
                             .progress = { 0.0, 0.0, LIGHT_DONE } };

  overview->light = tiling->analysis->light;
  if (! pockmark_analysis_search (overview, &part, tiling->host, error)
      || ! (tiling->judged = pockmark_analysis_judge (overview, sensitivity,
                                                      tiling->host, error)))
    return FALSE;
  tiling->wide.candidates = overview->candidates;
  tiling->wide.step = OVERVIEW;
  tiling->wide.beaten = g_try_new0 (gboolean, overview->candidates->len + 1);
  if (! tiling->wide.beaten)
    return pockmark_memory_error (error);
  g_clear_pointer (&overview->space, pockmark_scale_space_free);
  g_clear_pointer (&overview->mask, pockmark_plane_free);
  return TRUE;
}

/* Leaves the candidates of the core, which begins at x, y of the tile. */
static void
keep_core (GArray             *candidates,
           const PockmarkRect *core,
           gint                x,
           gint                y)
{
  guint i, kept = 0;

  for (i = 0; i < candidates->len; i++)
    {
      const PockmarkCandidate c
          = g_array_index (candidates, PockmarkCandidate, i);
      const gfloat dx = c.x - (gfloat) x, dy = c.y - (gfloat) y;

      if (dx >= 0.0f && dy >= 0.0f && dx < (gfloat) core->width
          && dy < (gfloat) core->height)
        g_array_index (candidates, PockmarkCandidate, kept++) = c;
    }
  g_array_set_size (candidates, kept);
}

/* Copies what a tile knows of the photograph's alpha. */
static void
copy_alpha (const Tiling           *tiling,
            const PockmarkAnalysis *tile,
            const PockmarkRect     *rect)
{
  PockmarkPlane *to = tiling->analysis->alpha;
  gint           i;

  for (i = 0; to && i < rect->height; i++)
    memcpy (to->data + (gsize) (rect->y + i) * to->width + rect->x,
            tile->alpha->data + (gsize) i * tile->alpha->width,
            (gsize) rect->width * sizeof (gfloat));
}

static gboolean
judge_tile (Tiling  *tiling,
            gint     tile,
            gdouble  sensitivity,
            GError **error)
{
  const PockmarkRect core = tiling->core[tile];
  const PockmarkRect rect = tile_of (tiling, tile);
  const gdouble      progress
      = LIGHT_DONE + (TILES_DONE - LIGHT_DONE) * tile / tiling->n;
  PockmarkPart       part = { 0 };
  GError            *problem = NULL;
  g_autoptr (GArray) choices = NULL;
  g_autoptr (PockmarkAnalysis) analysis
      = open_tile (tiling, tile, TILE_OCTAVES, progress, &part, &problem);

  if (problem)
    g_propagate_error (error, problem);
  if (! analysis)
    return problem == NULL;
  if (! pockmark_analysis_search (analysis, &part, tiling->host, error))
    return FALSE;
  tiling->wide.x = rect.x;
  tiling->wide.y = rect.y;
  pockmark_candidates_compare (analysis->candidates, &tiling->wide, rect.width,
                               rect.height);
  keep_core (analysis->candidates, &core, core.x - rect.x, core.y - rect.y);
  copy_alpha (tiling, analysis, &rect);
  choices = pockmark_analysis_judge (analysis, sensitivity, tiling->host, error);
  return choices && take_tile (tiling, choices, &rect, error);
}

/* Whether some working pixel may not be there, half or more of it: that takes
 * this share of the overview's pixel that it lies in. */
static gboolean
has_gaps (const PockmarkPlane *alpha)
{
  const gfloat least = 1.0f - 0.4f / (OVERVIEW * OVERVIEW);
  const gsize  n = (gsize) alpha->width * (gsize) alpha->height;
  gsize        i;

  for (i = 0; i < n; i++)
    if (alpha->data[i] < least)
      return TRUE;
  return FALSE;
}

/* The overview's alpha at the tiles' size, for those that are not read; none
 * where there are no gaps, as in most pictures with alpha. */
static gboolean
enlarge_alpha (Tiling  *tiling,
               GError **error)
{
  const PockmarkPlane *from = tiling->overview->alpha;
  PockmarkAnalysis    *analysis = tiling->analysis;
  gint                 x, y;

  if (! from || ! has_gaps (from))
    {
      g_clear_pointer (&tiling->overview->alpha, pockmark_plane_free);
      return TRUE;
    }
  analysis->alpha
      = pockmark_plane_new_raw (analysis->columns, analysis->rows, error);
  for (y = 0; analysis->alpha && y < analysis->rows; y++)
    for (x = 0; x < analysis->columns; x++)
      analysis->alpha->data[(gsize) y * analysis->columns + x]
          = from->data[(gsize) (y / OVERVIEW) * from->width + x / OVERVIEW];
  g_clear_pointer (&tiling->overview->alpha, pockmark_plane_free);
  return analysis->alpha != NULL;
}

static PockmarkAnalysis *
analyse_tiles (const PockmarkSource     *photograph,
               const PockmarkParameters *parameters,
               gdouble                   sensitivity,
               const PockmarkHost       *host,
               GError                  **error)
{
  g_auto (Tiling) tiling = { .photograph = photograph, .parameters = parameters,
                             .host = host };
  PockmarkAnalysis *analysis = tiling.analysis = g_new0 (PockmarkAnalysis, 1);
  gint              i;

  analysis->width = photograph->width;
  analysis->height = photograph->height;
  analysis->reduction = pockmark_working_reduction (
      photograph->width, photograph->height, parameters->pixels_per_mm);
  analysis->columns
      = (photograph->width + analysis->reduction - 1) / analysis->reduction;
  analysis->rows
      = (photograph->height + analysis->reduction - 1) / analysis->reduction;
  analysis->judged = pockmark_choices_new ();
  tiling.skin = pockmark_skin_outline (photograph, NULL, parameters, host, error);
  if (! tiling.skin || ! look_over (&tiling, error))
    return NULL;
  analysis->pixels_per_mm = tiling.skin->pixels_per_mm / analysis->reduction;

  if (! lay_tiles (&tiling, error))
    return NULL;
  if (parameters->light_azimuth >= 0.0)
    analysis->light = pockmark_light_given (parameters->light_azimuth);
  else if (! find_light (&tiling, error))
    return NULL;
  if (! judge_overview (&tiling, sensitivity, error)
      || ! enlarge_alpha (&tiling, error))
    return NULL;
  for (i = 0; i < tiling.n; i++)
    if (tiling.pixels[i] > 0 && ! judge_tile (&tiling, i, sensitivity, error))
      return NULL;
  return take_widest (&tiling, error) ? g_steal_pointer (&tiling.analysis)
                                      : NULL;
}

gboolean
pockmark_analysis_at_once (const PockmarkSource     *photograph,
                           const PockmarkParameters *parameters)
{
  const gdouble pixels = (gdouble) photograph->width * photograph->height;
  const gdouble k
      = pockmark_working_reduction (photograph->width, photograph->height,
                                    parameters->pixels_per_mm);
  const gdouble working = pixels / (k * k);

  return working <= WHOLE_PIXELS
         && LEVEL_BYTES * working <= MAX (WHOLE_BYTES_PER_PIXEL * pixels,
                                          WHOLE_BYTES);
}

PockmarkAnalysis *
pockmark_analysis_for (const PockmarkSource     *photograph,
                       const PockmarkParameters *parameters,
                       gdouble                   sensitivity,
                       const PockmarkHost       *host,
                       GError                  **error)
{
  if (! pockmark_parameters_check (parameters, error))
    return NULL;
  if (pockmark_analysis_at_once (photograph, parameters))
    return pockmark_analysis_whole (photograph, parameters, host, error);
  if (! pockmark_host_progress (host, 0.0, error))
    return NULL;
  return analyse_tiles (photograph, parameters, sensitivity, host, error);
}
