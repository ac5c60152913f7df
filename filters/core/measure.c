/* Pockmark: measuring lesions
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lesion map is walked once, in strips.  Each lesion's pixels are kept as
 * runs, and where a strip has any, the photograph is read there for the colour
 * inside.  All shape is then computed from the runs, in shape.c.  So cost and
 * memory follow the number of runs, and nothing depends on how far a number's
 * pixels lie apart or on how large a number is.
 *
 * Last, the surroundings of each lesion are sampled on a small grid, from both
 * sources, and what is inside is compared with the median around.
 */

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "colour.h"
#include "shape.h"
#include "pockmark-stages.h"

/* Read at a time, in pixels; whole rows. */
#define STRIP_PIXELS (1 << 17)

/* More different numbers than any skin has lesions: not a lesion map. */
#define MAX_LESIONS 65536

/* Linear light from which a channel is clipped or mirrors the lamp. */
#define SPECULAR 0.97f

/* Dark skin sends so little blue back that what its surface mirrors outweighs
 * it: more melanin lowers blue less than green, and the unmixing takes it for
 * less.  But a mark is flat, so that red and green alone tell its melanin.  In
 * red, density goes with melanin on all skin as the default vector says; in
 * green it rises 1.25 times as much from 30 to 43 % of melanosomes with 1 % of blood
 * (absorption: Jacques 2013, doi:10.1088/0031-9155/58/11/R37; 2 % mirrored;
 * sRGB).  How dark skin is, is told by its density in green minus that in red,
 * which neither exposure nor shading changes: light up to the one, dark from
 * the other on. */
#define DARK_MELANIN_GREEN 0.276f
#define TONE_LIGHT         0.5
#define TONE_DARK          0.9

#define DARK_ITA       -10.0
#define LOW_CONFIDENCE 0.5f

/* The surroundings: the skin at these distances from the lesion, in its
 * diameters and at least so many pixels, on a grid of so many points a side. */
#define RING_INNER        0.25
#define RING_OUTER        1.0
#define RING_INNER_PIXELS 1.5
#define RING_OUTER_PIXELS 5.0
#define GRID              64
#define MIN_SAMPLES       16

/* A number whose box is that many times its area is strewn over the picture
 * and has no surroundings. */
#define STREWN 1024.0

/* Pixels whose colours are told at once: a row of the grid. */
#define AT_ONCE GRID

#define COUNT_SHARE 0.7 /* of the progress: the walk through the map */

enum
{
  HEMOGLOBIN,
  MELANIN,
  SHADING,
  FLAT_MELANIN, /* from red and green: see DARK_MELANIN_GREEN */
  TONE,         /* density in green minus red                 */
  L_STAR,
  A_STAR,
  B_STAR,
  N_COLOURS
};

/* What the walk through the map gathers about one number. */
typedef struct
{
  guint   number;
  guint64 pixels[POCKMARK_N_CLASSES];
  gdouble confidence; /* sum over pixels                                     */
  gsize   n_runs;
  gsize   first_run;  /* index into runs                                     */
  gsize   last_run;
  gdouble weight;     /* of the pixels in colour, specular ones left out     */
  gdouble density[3]; /* weighted sums                                       */
  gdouble lab[3];
  guint   specular;   /* whether any pixel is                                */
} Region;

typedef struct
{
  PockmarkRun run;
  guint       region;
  gsize       next; /* the region's next run */
} RegionRun;

typedef struct
{
  const PockmarkSource *map;
  const PockmarkSource *photograph;
  gdouble               pixels_per_mm;
  PockmarkUnmixing      unmixing;
  GArray               *regions; /* of Region                                */
  GHashTable           *lookup;  /* number to index of region + 1            */
  RegionRun            *runs;
  gsize                 n_runs;
  gsize                 space;   /* allocated, in runs                       */
  gfloat               *labels;  /* a strip of the map                       */
  gfloat               *pixels;  /* a strip of the photograph                */
  gfloat               *distance; /* GRID x GRID                             */
  gfloat               *samples[N_COLOURS]; /* GRID x GRID each              */
} Measuring;

/* ---- Colour ------------------------------------------------------------- */

/* Whether the pixel is there and its colour one that a photograph can have;
 * NAN has none. */
static gboolean
pixel_usable (const gfloat *rgba)
{
  return rgba[3] > 0.0f && rgba[0] > -1.0f && rgba[0] < 1e6f && rgba[1] > -1.0f
         && rgba[1] < 1e6f && rgba[2] > -1.0f && rgba[2] < 1e6f;
}

static gboolean
pixel_specular (const gfloat *rgba)
{
  return MAX (MAX (rgba[0], rgba[1]), rgba[2]) >= SPECULAR;
}

static gdouble
flat_melanin (const gdouble density[3])
{
  const gfloat *blood = pockmark_vectors_default.hemoglobin;
  const gfloat  red = pockmark_vectors_default.melanin[0];

  return (blood[1] * density[0] - blood[0] * density[1])
         / (red * blood[1] - DARK_MELANIN_GREEN * blood[0]);
}

/* All that is told of a colour is a sum of its densities, or in CIELAB. */
static void
tell_colour (const PockmarkUnmixing *unmixing,
             const gdouble           density[3],
             const gdouble           lab[3],
             gdouble                 colour[N_COLOURS])
{
  gint i;

  for (i = HEMOGLOBIN; i <= SHADING; i++)
    {
      const gfloat *row = unmixing->row[POCKMARK_HEMOGLOBIN + i];

      colour[i]
          = row[0] * density[0] + row[1] * density[1] + row[2] * density[2];
    }
  colour[FLAT_MELANIN] = flat_melanin (density);
  colour[TONE] = density[1] - density[0];
  colour[L_STAR] = lab[0];
  colour[A_STAR] = lab[1];
  colour[B_STAR] = lab[2];
}

/* Some pixels, by colour: code that compilers turn into vectors. */
typedef struct
{
  gint   n;
  gfloat weight[AT_ONCE];
  gfloat light[3][AT_ONCE];   /* linear                                      */
  gfloat density[3][AT_ONCE];
  gfloat lab[3][AT_ONCE];
} Pixels;

static void
pixels_add (Pixels       *pixels,
            const gfloat *rgba)
{
  gint c;

  for (c = 0; c < 3; c++)
    pixels->light[c][pixels->n] = rgba[c];
  pixels->weight[pixels->n++] = MIN (rgba[3], 1.0f);
}

static void
pixels_tell (Pixels *pixels)
{
  gint i, c;

  for (c = 0; c < 3; c++)
    pockmark_density (pixels->light[c], pixels->density[c], (gsize) pixels->n);
  for (i = 0; i < pixels->n; i++)
    {
      const gfloat      rgb[3] = { pixels->light[0][i], pixels->light[1][i],
                                   pixels->light[2][i] };
      const PockmarkLab lab = pockmark_lab_from_linear (rgb);

      pixels->lab[0][i] = lab.l;
      pixels->lab[1][i] = lab.a;
      pixels->lab[2][i] = lab.b;
    }
}

static void
add_pixels (Region *region,
            Pixels *pixels)
{
  gint i, c;

  pixels_tell (pixels);
  for (i = 0; i < pixels->n; i++)
    {
      region->weight += pixels->weight[i];
      for (c = 0; c < 3; c++)
        {
          region->density[c] += pixels->weight[i] * pixels->density[c][i];
          region->lab[c] += pixels->weight[i] * pixels->lab[c][i];
        }
    }
  pixels->n = 0;
}

static void
add_colours (Region       *region,
             const gfloat *rgba,
             gint          n)
{
  Pixels pixels;
  gint   i;

  pixels.n = 0;
  for (i = 0; i < n; i++, rgba += 4)
    {
      if (! pixel_usable (rgba))
        continue;
      if (pixel_specular (rgba))
        region->specular = TRUE;
      else
        pixels_add (&pixels, rgba);
      if (pixels.n == AT_ONCE)
        add_pixels (region, &pixels);
    }
  add_pixels (region, &pixels);
}

/* ---- The walk through the map ------------------------------------------- */

/* The index of the number's region, made where there is none yet. */
static gboolean
find_region (Measuring *measuring,
             guint      number,
             guint     *index,
             GError   **error)
{
  gpointer found = g_hash_table_lookup (measuring->lookup,
                                        GUINT_TO_POINTER (number));
  Region   region = { .number = number };

  if (found)
    {
      *index = GPOINTER_TO_UINT (found) - 1;
      return TRUE;
    }
  if (measuring->regions->len >= MAX_LESIONS)
    {
      g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER,
                   _("This picture has more than %d numbers in it and is not a "
                     "lesion map: measure the map that the detection made."),
                   MAX_LESIONS);
      return FALSE;
    }
  if (! pockmark_array_room (measuring->regions, 1, error))
    return FALSE;
  *index = measuring->regions->len;
  g_array_append_val (measuring->regions, region);
  g_hash_table_insert (measuring->lookup, GUINT_TO_POINTER (number),
                       GUINT_TO_POINTER (*index + 1));
  return TRUE;
}

static gboolean
append_run (Measuring         *measuring,
            const PockmarkRun *run,
            guint              index,
            GError           **error)
{
  Region *region = &g_array_index (measuring->regions, Region, index);

  if (measuring->n_runs == measuring->space)
    {
      const gsize space = MAX (1024, 2 * measuring->space);
      RegionRun  *runs = g_try_realloc_n (measuring->runs, space,
                                          sizeof (RegionRun));

      if (! runs)
        return pockmark_memory_error (error);
      measuring->runs = runs;
      measuring->space = space;
    }

  measuring->runs[measuring->n_runs].run = *run;
  measuring->runs[measuring->n_runs].region = index;
  if (region->n_runs++ == 0)
    region->first_run = measuring->n_runs;
  else
    measuring->runs[region->last_run].next = measuring->n_runs;
  region->last_run = measuring->n_runs++;
  return TRUE;
}

/* The first x from x on where the row may have a lesion. */
static gint
skip_empty (const gfloat *row,
            gint          x,
            gint          width)
{
  while (x < width
         && ! pockmark_map_any (row + (gsize) x * 4, MIN (64, width - x)))
    x += MIN (64, width - x);
  while (x < width && row[(gsize) x * 4] == 0.0f)
    x++;
  return x;
}

static gboolean
collect_row (Measuring    *measuring,
             const gfloat *row,
             gint          y,
             GError      **error)
{
  const gint width = measuring->map->width;
  gint       x = skip_empty (row, 0, width);

  while (x < width)
    {
      const guint number = pockmark_map_number (row + (gsize) x * 4);
      PockmarkRun run = { y, x, x };
      Region     *region;
      guint       index;

      if (number == 0)
        {
          x = skip_empty (row, x + 1, width);
          continue;
        }
      if (! find_region (measuring, number, &index, error))
        return FALSE;
      region = &g_array_index (measuring->regions, Region, index);
      for (; x < width; x++)
        {
          const gfloat *pixel = row + (gsize) x * 4;

          if (pockmark_map_number (pixel) != number)
            break;
          region->pixels[(guint) pixel[1]]++;
          /* NAN fails both comparisons. */
          region->confidence += pockmark_map_confidence (pixel);
        }
      run.x1 = x;
      if (! append_run (measuring, &run, index, error))
        return FALSE;
      x = skip_empty (row, x, width);
    }
  return TRUE;
}

/* Reads the photograph around the runs from first on and adds their colours. */
static gboolean
collect_colours (Measuring *measuring,
                 gsize      first,
                 GError   **error)
{
  const RegionRun *runs = measuring->runs;
  PockmarkRect     rect;
  gint             x0 = G_MAXINT;
  gint             x1 = 0;
  gsize            i;

  if (first == measuring->n_runs)
    return TRUE;
  for (i = first; i < measuring->n_runs; i++)
    {
      x0 = MIN (x0, runs[i].run.x0);
      x1 = MAX (x1, runs[i].run.x1);
    }
  rect.x = x0;
  rect.y = runs[first].run.y;
  rect.width = x1 - x0;
  rect.height = runs[measuring->n_runs - 1].run.y + 1 - rect.y;
  if (! measuring->photograph->read (&rect, measuring->pixels,
                                     measuring->photograph->user_data, error))
    return FALSE;

  for (i = first; i < measuring->n_runs; i++)
    {
      const PockmarkRun *run = &runs[i].run;
      const gsize        offset = (gsize) (run->y - rect.y) * rect.width
                                  + (gsize) (run->x0 - rect.x);

      add_colours (&g_array_index (measuring->regions, Region, runs[i].region),
                   measuring->pixels + offset * 4, run->x1 - run->x0);
    }
  return TRUE;
}

static gboolean
collect (Measuring          *measuring,
         gint                strip,
         const PockmarkHost *host,
         GError            **error)
{
  const PockmarkSource *map = measuring->map;
  PockmarkRect          rect = { 0, 0, map->width, 0 };
  gint                  y;

  for (; rect.y < map->height; rect.y += strip)
    {
      const gsize first = measuring->n_runs;

      if (! pockmark_host_progress (host, COUNT_SHARE * rect.y / map->height,
                                    error))
        return FALSE;
      rect.height = MIN (strip, map->height - rect.y);
      if (! map->read (&rect, measuring->labels, map->user_data, error))
        return FALSE;
      for (y = 0; y < rect.height; y++)
        if (! collect_row (measuring,
                           measuring->labels + (gsize) y * rect.width * 4,
                           rect.y + y, error))
          return FALSE;
      if (! collect_colours (measuring, first, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- One lesion's shape ------------------------------------------------- */

static gboolean
measure_shape (const Measuring *measuring,
               const Region    *region,
               PockmarkLesion  *lesion,
               GError         **error)
{
  g_autofree PockmarkRun *runs = g_try_new (PockmarkRun, region->n_runs);
  gsize                   at = region->first_run;
  gsize                   i;

  if (! runs)
    return pockmark_memory_error (error);
  for (i = 0; i < region->n_runs; i++)
    {
      runs[i] = measuring->runs[at].run;
      at = measuring->runs[at].next;
    }
  return pockmark_shape_measure (runs, region->n_runs, lesion, error);
}

/* ---- Surroundings ------------------------------------------------------- */

/* A grid of sampling points over a lesion's neighbourhood. */
typedef struct
{
  PockmarkRect rect;    /* the neighbourhood, inside the picture             */
  gint         step;    /* pixels from point to point                        */
  gint         columns;
  gint         rows;
  gdouble      inner;   /* the ring's distances from the lesion, pixels      */
  gdouble      outer;
} Grid;

static void
grid_init (Grid                 *grid,
           const Measuring      *measuring,
           const PockmarkLesion *lesion)
{
  const gdouble diameter = 2.0 * sqrt (lesion->area / G_PI);
  gint          margin, x0, y0, x1, y1;

  grid->inner = MAX (RING_INNER * diameter, RING_INNER_PIXELS);
  grid->outer = MAX (RING_OUTER * diameter, RING_OUTER_PIXELS);
  margin = (gint) ceil (MIN (grid->outer, POCKMARK_MAX_SIDE));
  x0 = MAX (lesion->box.x - margin, 0);
  y0 = MAX (lesion->box.y - margin, 0);
  x1 = MIN (lesion->box.x + lesion->box.width + margin, measuring->map->width);
  y1 = MIN (lesion->box.y + lesion->box.height + margin,
            measuring->map->height);

  grid->rect = (PockmarkRect) { x0, y0, x1 - x0, y1 - y0 };
  grid->step = (MAX (x1 - x0, y1 - y0) + GRID - 1) / GRID;
  grid->columns = (x1 - x0 + grid->step - 1) / grid->step;
  grid->rows = (y1 - y0 + grid->step - 1) / grid->step;
}

/* One of the two sweeps of a chamfer distance: each point learns from the four
 * neighbours that the sweep has passed. */
static void
sweep_distance (gfloat *distance,
                gint    columns,
                gint    rows,
                gint    direction)
{
  const gint first_x = direction > 0 ? 0 : columns - 1;
  const gint first_y = direction > 0 ? 0 : rows - 1;
  gint       x, y, k;

  for (y = first_y; y >= 0 && y < rows; y += direction)
    for (x = first_x; x >= 0 && x < columns; x += direction)
      {
        gfloat *here = distance + y * columns + x;

        if (x != first_x)
          *here = MIN (*here, here[-direction] + 1.0f);
        if (y == first_y)
          continue;
        for (k = MAX (x - 1, 0); k <= MIN (x + 1, columns - 1); k++)
          *here = MIN (*here, distance[(y - direction) * columns + k]
                                  + (k == x ? 1.0f : (gfloat) G_SQRT2));
      }
}

/* The distance of each grid point from the lesion, in steps. */
static void
measure_distance (const Measuring *measuring,
                  const Region    *region,
                  const Grid      *grid)
{
  gfloat *distance = measuring->distance;
  gsize   at = region->first_run;
  gsize   n;
  gint    i;

  for (i = 0; i < grid->columns * grid->rows; i++)
    distance[i] = G_MAXFLOAT;
  for (n = 0; n < region->n_runs; n++)
    {
      const PockmarkRun *run = &measuring->runs[at].run;
      const gint         y = (run->y - grid->rect.y) / grid->step;
      const gint         x1 = (run->x1 - 1 - grid->rect.x) / grid->step;

      for (i = (run->x0 - grid->rect.x) / grid->step; i <= x1; i++)
        distance[y * grid->columns + i] = 0.0f;
      at = measuring->runs[at].next;
    }
  sweep_distance (distance, grid->columns, grid->rows, 1);
  sweep_distance (distance, grid->columns, grid->rows, -1);
}

/* After the n samples that there are. */
static void
keep_samples (const Measuring *measuring,
              Pixels          *pixels,
              gint            *n)
{
  gdouble colour[N_COLOURS];
  gint    i, c;

  pixels_tell (pixels);
  for (i = 0; i < pixels->n; i++, ++*n)
    {
      tell_colour (&measuring->unmixing,
                   (const gdouble[]) { pixels->density[0][i],
                                       pixels->density[1][i],
                                       pixels->density[2][i] },
                   (const gdouble[]) { pixels->lab[0][i], pixels->lab[1][i],
                                       pixels->lab[2][i] },
                   colour);
      for (c = 0; c < N_COLOURS; c++)
        measuring->samples[c][*n] = (gfloat) colour[c];
    }
}

/* Gathers the colours at grid points farther than inner pixels from the
 * lesion, on no lesion; *n of them. */
static gboolean
sample_ring (const Measuring *measuring,
             const Grid      *grid,
             gdouble          inner,
             gint            *n,
             GError         **error)
{
  const PockmarkSource *map = measuring->map;
  const PockmarkSource *photograph = measuring->photograph;
  PockmarkRect          row = { grid->rect.x, 0, grid->rect.width, 1 };
  Pixels                pixels;
  gint                  x, y;

  *n = 0;
  for (y = 0; y < grid->rows; y++)
    {
      row.y = grid->rect.y
              + MIN (y * grid->step + grid->step / 2, grid->rect.height - 1);
      if (! map->read (&row, measuring->labels, map->user_data, error)
          || ! photograph->read (&row, measuring->pixels, photograph->user_data,
                                 error))
        return FALSE;
      pixels.n = 0;
      for (x = 0; x < grid->columns; x++)
        {
          const gfloat *pixel;
          const gdouble distance = measuring->distance[y * grid->columns + x]
                                   * (gdouble) grid->step;
          const gint    at
              = MIN (x * grid->step + grid->step / 2, grid->rect.width - 1);

          pixel = measuring->pixels + (gsize) at * 4;
          if (distance <= inner || distance > grid->outer
              || pockmark_map_number (measuring->labels + (gsize) at * 4) != 0
              || ! pixel_usable (pixel) || pixel_specular (pixel))
            continue;
          pixels_add (&pixels, pixel);
        }
      keep_samples (measuring, &pixels, n);
    }
  return TRUE;
}

/* The share of the unmixing in the melanin of a mark is 1 on light skin and 0
 * on dark; hollows, being shaded, have nothing else. */
static gdouble
melanin_contrast (PockmarkClass klass,
                  const gdouble contrast[N_COLOURS],
                  gdouble       tone)
{
  const gdouble dark = (tone - TONE_LIGHT) / (TONE_DARK - TONE_LIGHT);
  const gdouble share
      = klass == POCKMARK_RED_MARK || klass == POCKMARK_BROWN_MARK
            ? 1.0 - CLAMP (dark, 0.0, 1.0)
            : 1.0;

  return share * contrast[MELANIN] + (1.0 - share) * contrast[FLAT_MELANIN];
}

/* Lesion minus surrounding skin; unknown where either cannot be seen. */
static gboolean
measure_contrast (const Measuring *measuring,
                  const Region    *region,
                  PockmarkLesion  *lesion,
                  GError         **error)
{
  const gdouble box = (gdouble) lesion->box.width * lesion->box.height;
  gdouble       around[N_COLOURS];
  Grid          grid;
  gint          n = 0;
  gint          c;

  if (box > STREWN * lesion->area)
    return TRUE;
  grid_init (&grid, measuring, lesion);
  measure_distance (measuring, region, &grid);
  if (! sample_ring (measuring, &grid, grid.inner, &n, error))
    return FALSE;
  /* Between crowded lesions, the little skin that there is will do. */
  if (n < MIN_SAMPLES && ! sample_ring (measuring, &grid, 0.0, &n, error))
    return FALSE;
  if (n < MIN_SAMPLES)
    return TRUE;

  for (c = 0; c < N_COLOURS; c++)
    around[c] = pockmark_quantile (measuring->samples[c], (gsize) n, 0.5);
  if (pockmark_ita (around[L_STAR], around[B_STAR]) < DARK_ITA)
    lesion->flags |= POCKMARK_FLAG_DARK_SKIN;
  if (region->weight > 0.0)
    {
      gdouble contrast[N_COLOURS];

      tell_colour (&measuring->unmixing, region->density, region->lab,
                   contrast);
      for (c = 0; c < N_COLOURS; c++)
        contrast[c] = contrast[c] / region->weight - around[c];
      lesion->hemoglobin = contrast[HEMOGLOBIN];
      lesion->melanin = melanin_contrast (lesion->klass, contrast,
                                          around[TONE]);
      lesion->relief = contrast[SHADING];
      lesion->a_star = contrast[A_STAR];
      lesion->l_star = contrast[L_STAR];
    }
  return TRUE;
}

/* ---- Lesions ------------------------------------------------------------ */

/* The class that most of the pixels have. */
static PockmarkClass
region_class (const Region *region)
{
  gint klass = POCKMARK_NONE;
  gint i;

  for (i = POCKMARK_NONE + 1; i < POCKMARK_N_CLASSES; i++)
    if (region->pixels[i] > region->pixels[klass])
      klass = i;
  return (PockmarkClass) klass;
}

static gboolean
measure_lesion (const Measuring *measuring,
                const Region    *region,
                PockmarkLesion  *lesion,
                GError         **error)
{
  const gdouble scale = measuring->pixels_per_mm;
  const PockmarkRect *box = &lesion->box;

  lesion->number = region->number;
  lesion->klass = region_class (region);
  lesion->hemoglobin = lesion->melanin = lesion->relief = NAN;
  lesion->a_star = lesion->l_star = NAN;
  if (! measure_shape (measuring, region, lesion, error)
      || ! measure_contrast (measuring, region, lesion, error))
    return FALSE;

  lesion->confidence = (gfloat) (region->confidence / lesion->area);
  lesion->diameter_mm
      = scale > 0.0 ? 2.0 * sqrt (lesion->area / G_PI) / scale : NAN;
  lesion->area_mm2 = scale > 0.0 ? lesion->area / (scale * scale) : NAN;

  if (box->x == 0 || box->y == 0 || box->x + box->width == measuring->map->width
      || box->y + box->height == measuring->map->height)
    lesion->flags |= POCKMARK_FLAG_BORDER;
  if (region->specular)
    lesion->flags |= POCKMARK_FLAG_GLOSS;
  if (lesion->confidence < LOW_CONFIDENCE)
    lesion->flags |= POCKMARK_FLAG_LOW_CONFIDENCE;
  if (! (scale > 0.0))
    lesion->flags |= POCKMARK_FLAG_SCALE_UNKNOWN;
  return TRUE;
}

static gint
compare_regions (gconstpointer a,
                 gconstpointer b)
{
  const guint first = ((const Region *) a)->number;
  const guint second = ((const Region *) b)->number;

  return (first > second) - (first < second);
}

static gboolean
measure_all (Measuring          *measuring,
             GArray             *lesions,
             const PockmarkHost *host,
             GError            **error)
{
  GArray *regions = measuring->regions;
  guint   i;

  g_array_sort (regions, compare_regions);
  for (i = 0; i < regions->len; i++)
    {
      PockmarkLesion lesion = { 0 };

      if (! pockmark_host_progress (host,
                                    COUNT_SHARE
                                      + (1.0 - COUNT_SHARE) * i / regions->len,
                                    error)
          || ! measure_lesion (measuring, &g_array_index (regions, Region, i),
                               &lesion, error)
          || ! pockmark_array_room (lesions, 1, error))
        return FALSE;
      g_array_append_val (lesions, lesion);
    }
  return pockmark_host_progress (host, 1.0, error);
}

/* The strips also hold any single row, and the grid's rows are no longer. */
static gboolean
measuring_alloc (Measuring *measuring,
                 gint       strip,
                 GError   **error)
{
  const gsize n = (gsize) strip * measuring->map->width;
  gint        c;

  measuring->regions = g_array_new (FALSE, FALSE, sizeof (Region));
  measuring->lookup = g_hash_table_new (NULL, NULL);
  measuring->labels = g_try_malloc_n (n, 4 * sizeof (gfloat));
  measuring->pixels = g_try_malloc_n (n, 4 * sizeof (gfloat));
  measuring->distance = g_try_malloc_n ((N_COLOURS + 1) * GRID * GRID,
                                        sizeof (gfloat));
  if (! measuring->labels || ! measuring->pixels || ! measuring->distance)
    return pockmark_memory_error (error);
  for (c = 0; c < N_COLOURS; c++)
    measuring->samples[c] = measuring->distance + (c + 1) * GRID * GRID;
  return TRUE;
}

static void
measuring_clear (Measuring *measuring)
{
  g_clear_pointer (&measuring->regions, g_array_unref);
  g_clear_pointer (&measuring->lookup, g_hash_table_unref);
  g_free (measuring->runs);
  g_free (measuring->labels);
  g_free (measuring->pixels);
  g_free (measuring->distance);
}

static gboolean
check_sources (const PockmarkSource *map,
               const PockmarkSource *photograph,
               GError              **error)
{
  if (map->width < 1 || map->height < 1 || map->width > POCKMARK_MAX_SIDE
      || map->height > POCKMARK_MAX_SIDE)
    return pockmark_size_error (map->width, map->height, error);
  if (map->width != photograph->width || map->height != photograph->height)
    {
      g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_PARAMETER,
                   _("The lesion map (%d × %d) and the photograph (%d × %d) "
                     "differ in size: choose the map of this photograph."),
                   map->width, map->height, photograph->width,
                   photograph->height);
      return FALSE;
    }
  return TRUE;
}

GArray *
pockmark_measure (const PockmarkSource     *map,
                  const PockmarkSource     *photograph,
                  const PockmarkParameters *parameters,
                  const PockmarkHost       *host,
                  GError                  **error)
{
  Measuring measuring = { .map = map, .photograph = photograph };
  GArray   *lesions = NULL;
  gint      strip;

  if (! check_sources (map, photograph, error)
      || ! pockmark_unmixing_init (&measuring.unmixing, &parameters->vectors,
                                   error))
    return NULL;

  measuring.pixels_per_mm = parameters->pixels_per_mm;
  strip = CLAMP (STRIP_PIXELS / map->width, 1, map->height);
  if (measuring_alloc (&measuring, strip, error)
      && collect (&measuring, strip, host, error))
    {
      lesions = g_array_new (FALSE, FALSE, sizeof (PockmarkLesion));
      if (! measure_all (&measuring, lesions, host, error))
        g_clear_pointer (&lesions, g_array_unref);
    }
  measuring_clear (&measuring);
  return lesions;
}

const gchar *
pockmark_flag_word (PockmarkFlags bit)
{
  switch (bit)
    {
    case POCKMARK_FLAG_BORDER:
      return "border";
    case POCKMARK_FLAG_GLOSS:
      return "gloss";
    case POCKMARK_FLAG_DARK_SKIN:
      return "dark-skin";
    case POCKMARK_FLAG_LOW_CONFIDENCE:
      return "low-confidence";
    case POCKMARK_FLAG_EDITED:
      return "edited";
    case POCKMARK_FLAG_SCALE_UNKNOWN:
      return "scale-unknown";
    }
  return NULL;
}
