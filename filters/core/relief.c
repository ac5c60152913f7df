/* Pockmark: where the light comes from
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Four things in the picture of the skin tell of the light's azimuth:
 *
 *   axis   A slope is seen as far as it lies along the light, so small relief
 *          changes most in brightness along the azimuth.  That leaves open
 *          from which of the axis' two ends the light comes, and no other
 *          product of two linear responses can say: they are alike for a
 *          relief and for its cast.
 *   walls  Pores and furrows are narrow and deep, the skin between them wide:
 *          the steepest changes of brightness are those from the dark wall of
 *          a hollow, nearer to the light, to its bright one.  Third powers
 *          keep the sign and weigh the steep; they are taken in small cells,
 *          each in proportion to its own slopes, or the few edges of hairs,
 *          moles and wide scars would outweigh all pores.
 *   spots  For the same reason the surroundings of small dark spots are
 *          brighter on the side away from the light.
 *   face   Faces are convex and lamps are near: skin is brighter towards them.
 *
 * The first gives a vector of the doubled angle, the others one of the angle
 * itself, each at most of length one and shorter the more of it may be chance.
 * Weighted and added they are the logarithm of the chance of each azimuth.
 */

#include <math.h>

#include "pockmark-stages.h"

/* Widths of the relief that has an axis, and of hollows narrow enough for the
 * sign, mm. */
#define AXIS_MIN_MM 0.6
#define AXIS_MAX_MM 1.45
#define HOLLOW_MAX_MM 0.85

/* Looked at in each level, pixels at about, in every so manyth row at most:
 * more tell no more. */
#define SAMPLES 400000
#define EVERY_MAX 5
/* Pixels of a level that are skin, at least. */
#define ENOUGH 400

/* Sides of the cells of slopes that are compared, in sigmas of their level. */
#define CELL_SIGMAS 12.0

/* Dark spots stand out by so many spreads; they are looked at so many widths to
 * each side, where nothing counts more than so many spreads. */
#define SPOT_Z 2.0f
#define SPOT_REACH 0.6
#define SPOT_MAX 4.0f
#define SPOT_SIDES 12

/* Between two cells of the background, density: what else than the lamp makes
 * it uneven, as vignetting. */
#define UNEVEN 0.03

/* A vector of this many standard errors counts half as surely as one without
 * error, and an axis of this anisotropy as one without other directions. */
#define SURE_Z 2.0
#define SURE_ANISOTROPY 0.05

/* By which most of the pictures of many renderers are right within 20 degrees:
 * faces may curve any way, hollows do not. */
#define WEIGHT_AXIS 5.0
#define WEIGHT_WALLS 1.3
#define WEIGHT_SPOTS 4.0
#define WEIGHT_FACE 3.5

/* The azimuth is claimed where its chance of being right within so many
 * degrees is more than that. */
#define CLOSE 25
#define CHANCE_MIN 0.6

/* Vectors have y up, as azimuths have. */
typedef struct
{
  gdouble x;
  gdouble y;
} Vector;

/* Vectors that were added up. */
typedef struct
{
  Vector  sum;
  gdouble squares; /* of their lengths */
} Pull;

/* The slopes of one cell. */
typedef struct
{
  Vector  cubes;
  gdouble squares;
  gint    n;
} Cell;

/* The shading's slopes and spots are seen in the red channel's density: of the
 * three it has the least noise, and chromophores show least in it.  Densities
 * add up from the planes by the vectors' red components. */
typedef struct
{
  const PockmarkLevel   *level;
  const PockmarkVectors *vectors;
  const PockmarkPlane   *skin;
  gint     width;
  gint     height;
  gint     reach;       /* of the blobs' filter, pixels                     */
  gint     every;       /* rows                                             */
  gint     cell;        /* side, pixels; bands of rows are as high           */
  gboolean has_axis;    /* what is asked of it                              */
  gboolean has_hollows;
  gfloat   usual_blob;  /* robust spread                                    */
} Relief;

/* Some rows of a relief. */
typedef struct
{
  gfloat *row[3];  /* of blobs: above, at and below                          */
  gfloat *sx;      /* their slope at each pixel                              */
  gfloat *sy;
  gfloat *square;  /* of its size                                            */
  gfloat *cosine;  /* of its doubled angle                                   */
  gfloat *sine;
  guint8 *skin;    /* whether there is skin: at the pixel itself ...         */
  guint8 *inside;  /* ... and as far as the filters look                     */
} Window;

/* What a band of rows tells: kept apart, since sums of sums would depend on
 * who has looked at what. */
typedef struct
{
  Vector  axis;
  gdouble n_axis;
  Pull    walls;
  Pull    spots;
} Told;

void
pockmark_level_slopes (const PockmarkLevel *level,
                       const PockmarkLight *light,
                       gint                 y,
                       gfloat              *restrict along,
                       gfloat              *restrict across)
{
  const PockmarkPlane *p = level->smooth[POCKMARK_SHADING];
  const gint    last = p->width - 1;
  const gfloat *row = p->data + (gsize) y * p->width;
  const gfloat *above = p->data + (gsize) MAX (y - 1, 0) * p->width;
  const gfloat *below = p->data + (gsize) MIN (y + 1, p->height - 1) * p->width;
  const gfloat  scale = (gfloat) (0.5 * level->sigma);
  const gfloat  ux = scale * light->ux;
  const gfloat  uy = scale * light->uy;
  gint          x;

  /* First what differs from left to right, the border repeated. */
  across[0] = row[MIN (1, last)] - row[0];
  for (x = 1; x < last; x++)
    across[x] = row[x + 1] - row[x - 1];
  across[last] = row[last] - row[MAX (last - 1, 0)];
  for (x = 0; x <= last; x++)
    {
      const gfloat dx = across[x];
      const gfloat dy = below[x] - above[x];

      along[x] = ux * dx + uy * dy;
      across[x] = ux * dy - uy * dx;
    }
}

PockmarkLight
pockmark_light_given (gdouble azimuth)
{
  PockmarkLight light = { POCKMARK_LIGHT_GIVEN, azimuth, 0.0f, 0.0f };

  light.ux = (gfloat) cos (azimuth * G_PI / 180.0);
  light.uy = (gfloat) -sin (azimuth * G_PI / 180.0);
  return light;
}

static inline gfloat
red_blob (const Relief *relief,
          gsize         at)
{
  PockmarkPlane *const *blob = relief->level->blob;

  return relief->vectors->hemoglobin[0] * blob[POCKMARK_HEMOGLOBIN]->data[at]
         + relief->vectors->melanin[0] * blob[POCKMARK_MELANIN]->data[at]
         + blob[POCKMARK_SHADING]->data[at];
}

static inline gboolean
is_skin (const Relief *relief,
         gint          x,
         gint          y)
{
  const PockmarkPlane *skin = relief->skin;
  const gint           step = relief->level->step;

  return skin->data[(gsize) MIN (y * step, skin->height - 1) * skin->width
                    + MIN (x * step, skin->width - 1)]
         > 0.5f;
}

/* Whether there is skin as far as the filters look. */
static inline gboolean
is_inside (const Relief *relief,
           gint          x,
           gint          y)
{
  return is_skin (relief, x, y) && is_skin (relief, x - relief->reach, y)
         && is_skin (relief, x + relief->reach, y)
         && is_skin (relief, x, y - relief->reach)
         && is_skin (relief, x, y + relief->reach);
}

/* The usual size of blobs; 0 where there is too little skin. */
static gboolean
relief_measure (Relief  *relief,
                GError **error)
{
  const gint rows = relief->height - 2 * relief->reach;
  const gint columns = relief->width - 2 * relief->reach;
  const gint by = (gint) MAX (1, sqrt ((gdouble) rows * columns / 65536.0));
  const gsize room = (gsize) (rows / by + 1) * (gsize) (columns / by + 1);
  g_autofree gfloat *blobs = g_try_new (gfloat, room);
  gsize n = 0;
  gint  x, y;

  if (! blobs)
    return pockmark_memory_error (error);
  for (y = relief->reach; y < relief->height - relief->reach; y += by)
    for (x = relief->reach; x < relief->width - relief->reach; x += by)
      if (is_inside (relief, x, y))
        blobs[n++] = fabsf (red_blob (relief, (gsize) y * relief->width + x));
  if (n * (gsize) by * (gsize) by >= ENOUGH)
    relief->usual_blob = 1.4826f * pockmark_quantile (blobs, n, 0.5);
  return TRUE;
}

static void
window_clear (Window *window)
{
  gint i;

  for (i = 0; i < 3; i++)
    g_free (window->row[i]);
  g_free (window->sx);
  g_free (window->sy);
  g_free (window->square);
  g_free (window->cosine);
  g_free (window->sine);
  g_free (window->skin);
  g_free (window->inside);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Window, window_clear)

static void
window_init (Window *window,
             gsize   width)
{
  gint i;

  for (i = 0; i < 3; i++)
    window->row[i] = g_new (gfloat, width);
  window->sx = g_new (gfloat, width);
  window->sy = g_new (gfloat, width);
  window->square = g_new (gfloat, width);
  window->cosine = g_new (gfloat, width);
  window->sine = g_new (gfloat, width);
  window->skin = g_new (guint8, width);
  window->inside = g_new (guint8, width);
}

/* Marks where there is skin as far as the filters look. */
static void
mark_inside (const Relief *relief,
             gint          y,
             Window       *window)
{
  const PockmarkPlane *skin = relief->skin;
  const gint    step = relief->level->step;
  const gint    reach = relief->reach;
  const gfloat *at = skin->data
                     + (gsize) MIN (y * step, skin->height - 1) * skin->width;
  const gfloat *above = skin->data + (gsize) ((y - reach) * step) * skin->width;
  const gfloat *below
      = skin->data
        + (gsize) MIN ((y + reach) * step, skin->height - 1) * skin->width;
  gint x;

  for (x = 0; x < relief->width; x++)
    {
      const gint i = MIN (x * step, skin->width - 1);

      window->skin[x] = at[i] > 0.5f;
      window->inside[x] = (at[i] > 0.5f) & (above[i] > 0.5f) & (below[i] > 0.5f);
    }
  for (x = reach; x < relief->width - reach; x++)
    window->inside[x] &= window->skin[x - reach] & window->skin[x + reach];
}

/* Reads row y, which is no border's. */
static void
window_read (Window       *window,
             const Relief *relief,
             gint          y)
{
  const gint    width = relief->width;
  const gfloat *above = window->row[0];
  const gfloat *at = window->row[1];
  const gfloat *below = window->row[2];
  gfloat       *restrict sx = window->sx;
  gfloat       *restrict sy = window->sy;
  gfloat       *restrict square = window->square;
  gint          i, x;

  for (i = 0; i < 3; i++)
    {
      const gsize first = (gsize) (y + i - 1) * width;

      for (x = 0; x < width; x++)
        window->row[i][x] = red_blob (relief, first + x);
    }
  for (x = 1; x < width - 1; x++)
    {
      sx[x] = at[x + 1] - at[x - 1];
      sy[x] = above[x] - below[x];
      square[x] = sx[x] * sx[x] + sy[x] * sy[x];
    }
  mark_inside (relief, y, window);
}

/* usual_blob stays 0 where the level tells nothing. */
static gboolean
relief_init (Relief                *relief,
             const PockmarkLevel   *level,
             const PockmarkPlane   *skin,
             const PockmarkVectors *vectors,
             GError               **error)
{
  const PockmarkPlane *blob = level->blob[POCKMARK_SHADING];

  *relief = (Relief) { .level = level, .vectors = vectors, .skin = skin,
                       .width = blob->width, .height = blob->height };
  relief->reach = (gint) ceil (3.0 * level->sigma);
  if (MIN (blob->width, blob->height) <= 2 * relief->reach)
    return TRUE;
  relief->every = (gint) CLAMP ((gdouble) blob->width * blob->height / SAMPLES,
                                1, EVERY_MAX);
  relief->cell = (gint) lrint (CELL_SIGMAS * level->sigma);
  return relief_measure (relief, error);
}

/* What of the pull is more than chance, at most 1 long, added to vector. */
static void
vector_add_pull (Vector     *vector,
                 const Pull *pull)
{
  const gdouble sure2 = SURE_Z * SURE_Z * pull->squares;
  const gdouble length = sqrt (pull->sum.x * pull->sum.x
                               + pull->sum.y * pull->sum.y + sure2);

  if (length > 0.0)
    {
      vector->x += pull->sum.x / length;
      vector->y += pull->sum.y / length;
    }
}

/* Adds every slope's direction at the doubled angle: slopes count by their
 * direction alone, since the many small ones of the skin's own furrows tell of
 * the light, a few strong edges of hairs or marks do not. */
static void
add_axis_row (const Relief *relief,
              const Window *window,
              Told         *told)
{
  const gint    first = relief->reach;
  const gint    end = relief->width - relief->reach;
  const gfloat *sx = window->sx;
  const gfloat *sy = window->sy;
  const gfloat *square = window->square;
  gfloat       *restrict cosine = window->cosine;
  gfloat       *restrict sine = window->sine;
  gint          x, n = 0;

  for (x = first; x < end; x++)
    {
      /* Without a slope both are 0. */
      const gfloat divisor = square[x] > 0.0f ? square[x] : 1.0f;

      cosine[x] = (sx[x] * sx[x] - sy[x] * sy[x]) / divisor;
      sine[x] = 2.0f * sx[x] * sy[x] / divisor;
    }
  for (x = first; x < end; x++)
    if (window->inside[x])
      {
        told->axis.x += cosine[x];
        told->axis.y += sine[x];
        n += square[x] > 0.0f;
      }
  told->n_axis += n;
}

static inline gboolean
is_spot (const Relief *relief,
         const Window *window,
         gint          x)
{
  const gfloat *above = window->row[0] + x;
  const gfloat *at = window->row[1] + x;
  const gfloat *below = window->row[2] + x;

  return at[0] > SPOT_Z * relief->usual_blob && at[0] >= at[-1]
         && at[0] >= at[1] && at[0] >= above[0] && at[0] >= below[0]
         && at[0] >= above[-1] && at[0] >= above[1] && at[0] >= below[-1]
         && at[0] >= below[1];
}

/* The dark side of a spot's surroundings. */
static void
add_spot (const Relief *relief,
          const Vector  side[SPOT_SIDES],
          gint          x,
          gint          y,
          Pull         *spots)
{
  const gdouble reach = SPOT_REACH * 4.0 * relief->level->sigma;
  Vector        sum = { 0 };
  gdouble       squares = 0.0;
  gint          i;

  for (i = 0; i < SPOT_SIDES; i++)
    {
      const gint   sx = CLAMP (x + (gint) lrint (reach * side[i].x), 0,
                               relief->width - 1);
      const gint   sy = CLAMP (y - (gint) lrint (reach * side[i].y), 0,
                               relief->height - 1);
      const gfloat value = red_blob (relief, (gsize) sy * relief->width + sx)
                           / relief->usual_blob;
      const gfloat vote = CLAMP (value, -SPOT_MAX, SPOT_MAX);

      sum.x += vote * side[i].x;
      sum.y += vote * side[i].y;
      squares += vote * vote;
    }
  spots->sum.x += 2.0 * sum.x / SPOT_SIDES;
  spots->sum.y += 2.0 * sum.y / SPOT_SIDES;
  spots->squares += 2.0 * squares / SPOT_SIDES;
}

/* Takes what a row of cells has gathered and empties it. */
static void
take_cells (Cell *cells,
            gint  n,
            Pull *walls)
{
  gint i;

  for (i = 0; i < n; i++)
    {
      const gdouble size = cells[i].squares * sqrt (cells[i].squares / MAX (cells[i].n, 1));

      if (size > 0.0)
        {
          const gdouble x = cells[i].cubes.x / size;
          const gdouble y = cells[i].cubes.y / size;

          walls->sum.x += x;
          walls->sum.y += y;
          walls->squares += x * x + y * y;
        }
      cells[i] = (Cell) { 0 };
    }
}

/* Adds row y to the cells, and its spots. */
static void
add_hollow_row (const Relief *relief,
                const Window *window,
                const Vector  side[SPOT_SIDES],
                gint          y,
                Cell         *cells,
                Pull         *spots)
{
  const gint end = relief->width - relief->reach;
  gint       x = relief->reach;

  while (x < end)
    {
      Cell      *at = &cells[x / relief->cell];
      const gint last = MIN ((x / relief->cell + 1) * relief->cell, end);

      for (; x < last; x++)
        if (window->inside[x])
          {
            const gfloat square = window->square[x];

            at->cubes.x += window->sx[x] * square;
            at->cubes.y += window->sy[x] * square;
            at->squares += square;
            at->n++;
            if (is_spot (relief, window, x))
              add_spot (relief, side, x, y, spots);
          }
    }
}

/* The bands of a relief, shared out. */
typedef struct
{
  const Relief *relief;
  Told         *told; /* by each */
} Looking;

static void
look_at_bands (gsize    first,
               gsize    count,
               gpointer work_data)
{
  const Looking   *looking = work_data;
  const Relief    *relief = looking->relief;
  const gint       n = relief->width / relief->cell + 1;
  g_autofree Cell *cells = g_new0 (Cell, n);
  g_auto (Window)  window = { 0 };
  Vector           side[SPOT_SIDES];
  gsize            band;
  gint             i, y;

  window_init (&window, (gsize) relief->width);
  for (i = 0; i < SPOT_SIDES; i++)
    side[i] = (Vector) { cos (2.0 * G_PI * i / SPOT_SIDES),
                         sin (2.0 * G_PI * i / SPOT_SIDES) };
  for (band = first; band < first + count; band++)
    {
      const gint begin = MAX ((gint) band * relief->cell, relief->reach);
      const gint end = MIN ((gint) (band + 1) * relief->cell,
                            relief->height - relief->reach);
      Told      *told = &looking->told[band];

      /* Every so manyth row, counted from the first of all. */
      y = relief->reach
          + (begin - relief->reach + relief->every - 1) / relief->every
                * relief->every;
      for (; y < end; y += relief->every)
        {
          window_read (&window, relief, y);
          if (relief->has_axis)
            add_axis_row (relief, &window, told);
          if (relief->has_hollows)
            add_hollow_row (relief, &window, side, y, cells, &told->spots);
        }
      take_cells (cells, n, &told->walls);
    }
}

static void
pull_add (Pull       *to,
          const Pull *pull)
{
  to->sum.x += pull->sum.x;
  to->sum.y += pull->sum.y;
  to->squares += pull->squares;
}

/* Adds what the level tells of the axis, the walls and the spots to sum. */
static gboolean
look (const Relief       *relief,
      const PockmarkHost *host,
      Told               *sum,
      GError            **error)
{
  const gsize n = (gsize) (relief->height / relief->cell + 1);
  g_autofree Told *told = g_try_new0 (Told, n);
  Looking looking = { relief, told };
  gsize   i;

  if (! told)
    return pockmark_memory_error (error);
  pockmark_host_parallel (host, n, 4, look_at_bands, &looking);
  for (i = 0; i < n; i++)
    {
      sum->axis.x += told[i].axis.x;
      sum->axis.y += told[i].axis.y;
      sum->n_axis += told[i].n_axis;
      pull_add (&sum->walls, &told[i].walls);
      pull_add (&sum->spots, &told[i].spots);
    }
  return TRUE;
}

/* How far all skin grows brighter in the same direction. */
static Vector
face_vector (const PockmarkMesh  *shading,
             const PockmarkPlane *skin)
{
  const gint half = (gint) ceil (0.5 * shading->cell);
  const gint step = MAX (1, half / 4);
  Vector     sum = { 0 };
  gdouble    sizes = 0.0;
  gint       x, y;

  for (y = half; y < skin->height - half; y += step)
    for (x = half; x < skin->width - half; x += step)
      {
        gdouble dx, dy;

        if (skin->data[(gsize) y * skin->width + x] <= 0.5f)
          continue;
        dx = pockmark_mesh_at (shading, x - half, y)
             - pockmark_mesh_at (shading, x + half, y);
        dy = pockmark_mesh_at (shading, x, y + half)
             - pockmark_mesh_at (shading, x, y - half);
        sum.x += dx;
        sum.y += dy;
        sizes += hypot (dx, dy) + UNEVEN;
      }
  return sizes > 0.0 ? (Vector) { sum.x / sizes, sum.y / sizes } : sum;
}

/* The likeliest azimuth, if its chance is large enough: the chances of all are
 * exp (one . u (azimuth) + two . u (2 azimuth)). */
static PockmarkLight
likeliest (Vector one,
           Vector two)
{
  PockmarkLight light;
  gdouble       chance[360], sum = 0.0, close = 0.0;
  gint          best = 0, i;

  for (i = 0; i < 360; i++)
    {
      const gdouble a = i * G_PI / 180.0;

      chance[i] = exp (one.x * cos (a) + one.y * sin (a)
                       + two.x * cos (2.0 * a) + two.y * sin (2.0 * a));
      sum += chance[i];
      if (chance[i] > chance[best])
        best = i;
    }
  for (i = best - CLOSE; i <= best + CLOSE; i++)
    close += chance[(i + 360) % 360];
  light = pockmark_light_given (best);
  light.source = close > CHANCE_MIN * sum ? POCKMARK_LIGHT_ESTIMATED
                                          : POCKMARK_LIGHT_UNKNOWN;
  return light;
}

/* Of all parts of a picture, by level. */
struct _PockmarkLightSums
{
  Told     told[POCKMARK_MAX_LEVELS];
  gboolean has_axis[POCKMARK_MAX_LEVELS];
  gboolean has_hollows[POCKMARK_MAX_LEVELS];
};

PockmarkLightSums *
pockmark_light_sums_new (void)
{
  return g_new0 (PockmarkLightSums, 1);
}

gboolean
pockmark_light_look (const PockmarkScaleSpace *space,
                     const PockmarkPlane      *skin,
                     const PockmarkVectors    *vectors,
                     gdouble                   pixels_per_mm,
                     const PockmarkHost       *host,
                     PockmarkLightSums        *sums,
                     GError                  **error)
{
  gint l;

  for (l = 0; l < space->n; l++)
    {
      const gdouble  width = space->level[l].width / pixels_per_mm;
      const gboolean has_axis = width >= AXIS_MIN_MM && width <= AXIS_MAX_MM;
      const gboolean has_hollows = width <= HOLLOW_MAX_MM;
      Relief         relief;

      if (! has_axis && ! has_hollows)
        continue;
      if (! relief_init (&relief, &space->level[l], skin, vectors, error))
        return FALSE;
      if (! (relief.usual_blob > 0.0f))
        continue;
      relief.has_axis = has_axis;
      relief.has_hollows = has_hollows;
      sums->has_axis[l] |= has_axis;
      sums->has_hollows[l] |= has_hollows;
      if (! look (&relief, host, &sums->told[l], error))
        return FALSE;
    }
  return TRUE;
}

/* Adds the mean of n vectors, times weight, to one. */
static void
vector_add (Vector *to,
            gdouble weight,
            Vector  sum,
            gint    n)
{
  to->x += weight * sum.x / MAX (n, 1);
  to->y += weight * sum.y / MAX (n, 1);
}

PockmarkLight
pockmark_light_settle (const PockmarkLightSums *sums,
                       const PockmarkPlane     *skin,
                       const PockmarkMesh      *shading)
{
  Vector axis = { 0 }, walls = { 0 }, spots = { 0 }, one = { 0 }, two = { 0 };
  gint   n_axis = 0, n_hollow = 0;
  gint   l;

  for (l = 0; l < POCKMARK_MAX_LEVELS; l++)
    {
      const Told   *told = &sums->told[l];
      const gdouble length = hypot (hypot (told->axis.x, told->axis.y),
                                    SURE_ANISOTROPY * told->n_axis);

      if (length > 0.0)
        {
          axis.x += told->axis.x / length;
          axis.y += told->axis.y / length;
        }
      vector_add_pull (&walls, &told->walls);
      vector_add_pull (&spots, &told->spots);
      n_axis += sums->has_axis[l];
      n_hollow += sums->has_hollows[l];
    }
  vector_add (&two, WEIGHT_AXIS, axis, n_axis);
  vector_add (&one, WEIGHT_WALLS, walls, n_hollow);
  vector_add (&one, WEIGHT_SPOTS, spots, n_hollow);
  vector_add (&one, WEIGHT_FACE, face_vector (shading, skin), 1);
  return likeliest (one, two);
}

gboolean
pockmark_light_estimate (const PockmarkScaleSpace *space,
                         const PockmarkPlane      *skin,
                         const PockmarkMesh       *shading,
                         const PockmarkVectors    *vectors,
                         gdouble                   pixels_per_mm,
                         const PockmarkHost       *host,
                         PockmarkLight            *light,
                         GError                  **error)
{
  g_autofree PockmarkLightSums *sums = pockmark_light_sums_new ();

  if (! pockmark_light_look (space, skin, vectors, pixels_per_mm, host, sums,
                             error))
    return FALSE;
  *light = pockmark_light_settle (sums, skin, shading);
  return TRUE;
}
