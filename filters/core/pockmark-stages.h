/* Pockmark: the stages of the detection, as the core's files and tests see them
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything here works on the reduced "working" pictures, with one row of
 * planes per chromophore.  "Working pixels" are reduction photograph pixels
 * wide.  Missing pixels (weight 0) hold the local background, so that plain
 * convolutions need no masks.
 */

#ifndef POCKMARK_STAGES_H
#define POCKMARK_STAGES_H

#include "pockmark-core.h"

G_BEGIN_DECLS

#define POCKMARK_N_COMPONENTS 3

/* ---- Reading (photograph.c) --------------------------------------------- */

/* The photograph reduced by averaging blocks of linear light. */
typedef struct
{
  gint           reduction;
  PockmarkPlane *red;    /* linear light, mean of the block's weighted pixels */
  PockmarkPlane *green;
  PockmarkPlane *blue;
  PockmarkPlane *weight; /* 0-1: mean alpha; clipped pixels do not count      */
  PockmarkPlane *alpha;  /* 0-1: mean alpha of all; NULL: 1                   */
} PockmarkReduced;

/* POCKMARK_ERROR_EMPTY where no pixel is there at all. */
PockmarkReduced *pockmark_reduced_new  (const PockmarkSource *photograph,
                                        gint                  reduction,
                                        const PockmarkHost   *host,
                                        GError              **error);
/* At its working reduction. */
PockmarkReduced *pockmark_reduced_working (const PockmarkSource     *photograph,
                                           const PockmarkParameters *parameters,
                                           const PockmarkHost       *host,
                                           GError                  **error);
void             pockmark_reduced_free (PockmarkReduced *reduced);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkReduced, pockmark_reduced_free)

/* A further reduction of a reduced picture by a whole factor. */
PockmarkReduced *pockmark_reduced_again (const PockmarkReduced *reduced,
                                         gint                   factor,
                                         const PockmarkHost    *host,
                                         GError               **error);

/* The three densities of light, unmixed; planes by PockmarkComponent.  They are
 * made of reduced's colours, which it has no longer. */
void pockmark_reduced_unmix (PockmarkReduced        *reduced,
                             const PockmarkUnmixing *unmixing,
                             const PockmarkHost     *host,
                             PockmarkPlane          *planes[POCKMARK_N_COMPONENTS]);

/* ---- Planes -------------------------------------------------------------- */

/* The value at a place in pixels whose centres are whole numbers, between them
 * linearly; beyond the border the border's. */
static inline gfloat
pockmark_plane_at (const PockmarkPlane *plane,
                   gfloat               x,
                   gfloat               y)
{
  /* Written so that NaN is the first. */
  const gfloat fx = x > 0.0f ? MIN (x, (gfloat) (plane->width - 1)) : 0.0f;
  const gfloat fy = y > 0.0f ? MIN (y, (gfloat) (plane->height - 1)) : 0.0f;
  const gint   ix = MIN ((gint) fx, MAX (plane->width - 2, 0));
  const gint   iy = MIN ((gint) fy, MAX (plane->height - 2, 0));
  const gint   dx = plane->width > 1;
  const gint   dy = plane->height > 1 ? plane->width : 0;
  const gfloat tx = fx - (gfloat) ix;
  const gfloat ty = fy - (gfloat) iy;
  const gfloat *v = plane->data + (gsize) iy * (gsize) plane->width + ix;

  return (1.0f - ty) * ((1.0f - tx) * v[0] + tx * v[dx])
         + ty * ((1.0f - tx) * v[dy] + tx * v[dy + dx]);
}

/* ---- Errors (plane.c) ---------------------------------------------------- */

/* Keeps the first of the errors that threads meet.  Takes error; NULL is none. */
void     pockmark_error_keep   (GMutex  *mutex,
                                GError **first,
                                GError  *error);

/* Set POCKMARK_ERROR_MEMORY, or POCKMARK_ERROR_SIZE; return FALSE. */
gboolean pockmark_memory_error (GError **error);
gboolean pockmark_size_error   (gint     width,
                                gint     height,
                                GError **error);

/* Whether there is memory for so many more elements.  GLib's arrays end the
 * program where there is none: those that grow with the picture ask first. */
gboolean pockmark_array_room (GArray  *array,
                              guint    more,
                              GError **error);

/* ---- Order statistics (statistics.c) ------------------------------------ */

/* The value that a sorted list would have at q (n - 1), rounded down.  Puts
 * values, n > 0 of them, into another order. */
gfloat pockmark_quantile (gfloat *values, gsize n, gdouble q);

/* ---- Skin (skin.c) ------------------------------------------------------ */

/* Skin of a reduced picture: a plane of 0 and 1, the larger regions of one
 * colour family around the most frequent plausible skin colour, without what
 * is rough (hair, cloth), dark (eyes, nostrils), or of another colour.
 * pixels_per_mm is of the reduced picture and nominal where the scale is
 * unknown. */
PockmarkPlane *pockmark_skin_find (const PockmarkReduced  *reduced,
                                   const PockmarkUnmixing *unmixing,
                                   gdouble                 pixels_per_mm,
                                   gboolean                whole_is_skin,
                                   const PockmarkHost     *host,
                                   GError                **error);

/* The scale that decides how much detail is kept, pixels per mm: the one told
 * or, where it is unknown, a nominal one that takes the picture's longer side
 * for POCKMARK_NOMINAL_FACE mm, a whole head with something around it.  Where
 * skin then fills more than POCKMARK_CLOSE_UP of the picture, it is taken for a
 * close-up of POCKMARK_NOMINAL_FIELD mm: see PockmarkSkin's pixels_per_mm. */
#define POCKMARK_NOMINAL_FACE  220.0
#define POCKMARK_NOMINAL_FIELD 100.0
#define POCKMARK_CLOSE_UP      0.5
gdouble pockmark_working_scale (gint width, gint height, gdouble pixels_per_mm);

/* Photograph pixels per working pixel, and working pixels per pixel of
 * PockmarkSkin's planes. */
gint pockmark_working_reduction (gint width, gint height, gdouble pixels_per_mm);
gint pockmark_skin_factor       (gint width, gint height, gdouble pixels_per_mm);

/* pockmark_skin_new for a photograph that has already been read. */
PockmarkSkin *pockmark_skin_from_reduced (const PockmarkSource     *photograph,
                                          const PockmarkReduced    *working,
                                          const PockmarkParameters *parameters,
                                          const PockmarkHost       *host,
                                          GError                  **error);

/* Only what the detection needs of that: skin, reduction and pixels_per_mm;
 * all else is 0.  working: NULL, or the photograph, already read. */
PockmarkSkin *pockmark_skin_outline      (const PockmarkSource     *photograph,
                                          const PockmarkReduced    *working,
                                          const PockmarkParameters *parameters,
                                          const PockmarkHost       *host,
                                          GError                  **error);

/* ---- Connected pixels (regions.c) --------------------------------------- */

/* Union-find: parent leads from each member of a set to the least one, the
 * root, whose parent is itself. */
guint pockmark_sets_root (guint *parent,
                          guint  i);
void  pockmark_sets_join (guint *parent,
                          guint  a,
                          guint  b);

typedef struct
{
  gint  width;
  gint  height;
  gint *data;   /* 0 ... n - 1 of each pixel's component, -1 outside */
  gint  n;
  gint *size;   /* pixels of each component */
} PockmarkComponents;

/* The 4-connected components of the pixels whose value is above one half, or,
 * with inside FALSE, of all the others. */
PockmarkComponents *pockmark_components_new  (const PockmarkPlane *plane,
                                              gboolean             inside,
                                              GError             **error);
void                pockmark_components_free (PockmarkComponents *components);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkComponents, pockmark_components_free)

/* ---- Background and noise (background.c) -------------------------------- */

/* A coarse grid of values, one per mesh cell, read with smooth interpolation. */
typedef struct
{
  PockmarkPlane *cells;
  gdouble        cell; /* working pixels per cell */
  gint           x;    /* of the first pixel that is asked for, where the grid */
  gint           y;    /* begins before it                                     */
} PockmarkMesh;

void pockmark_mesh_free (PockmarkMesh *mesh);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkMesh, pockmark_mesh_free)

/* The robust (clipped) mean of plane in each cell, over pixels whose weight is
 * above one half; empty cells take their neighbours' value. */
PockmarkMesh *pockmark_mesh_background (const PockmarkPlane *plane,
                                        const PockmarkPlane *weight,
                                        gdouble              cell,
                                        const PockmarkHost  *host,
                                        GError             **error);

/* The robust spread (1.4826 times the median absolute deviation from 0) in
 * each cell, never below a quarter of the whole picture's. */
PockmarkMesh *pockmark_mesh_spread (const PockmarkPlane *plane,
                                    const PockmarkPlane *weight,
                                    gdouble              cell,
                                    GError             **error);

/* The same of factor times the difference between a pixel's two neighbours,
 * along rows and columns by turns. */
PockmarkMesh *pockmark_mesh_slope_spread (const PockmarkPlane *plane,
                                          const PockmarkPlane *weight,
                                          gdouble              factor,
                                          gdouble              cell,
                                          GError             **error);

gfloat pockmark_mesh_at  (const PockmarkMesh *mesh, gdouble x, gdouble y);
/* Row y at n working pixels from x = 0.5. */
void   pockmark_mesh_row (const PockmarkMesh *mesh, gint y, gfloat *out, gint n);

/* ---- Scale space (scale-space.c) ---------------------------------------- */

/* Gaussian of sigma (pixels) with borders repeated; out has plane's size and
 * is another. */
void pockmark_blur (const PockmarkPlane *plane,
                    gdouble              sigma,
                    PockmarkPlane       *out,
                    const PockmarkHost  *host);

/* Every second pixel of a plane that has been blurred enough for it. */
PockmarkPlane *pockmark_halve (const PockmarkPlane *plane, GError **error);

/* One width of the scale space.  A spot of diameter w answers most to the
 * difference of two Gaussians of sigma w / 4 and w / 2; a hollow of that
 * width to the derivative of the first. */
typedef struct
{
  gint           step;  /* working pixels per pixel of this level: 1, 2, 4 ... */
  gdouble        sigma; /* of smooth, in pixels of this level                  */
  gdouble        width; /* 4 sigma step: in working pixels                     */
  PockmarkPlane *smooth[POCKMARK_N_COMPONENTS];
  PockmarkPlane *blob[POCKMARK_N_COMPONENTS];  /* more than around: positive   */
  PockmarkMesh  *noise[POCKMARK_N_COMPONENTS]; /* robust spread of blob        */
  PockmarkMesh  *slope_noise; /* of sigma times the slope of smooth shading    */
} PockmarkLevel;

#define POCKMARK_MAX_LEVELS 24

/* No level is narrower than this many pixels. */
#define POCKMARK_NARROWEST_PIXELS 4.0

typedef struct
{
  gint          n;
  PockmarkLevel level[POCKMARK_MAX_LEVELS];
} PockmarkScaleSpace;

/* residual: the planes without their background, 0 where there is no skin.
 * They are taken, and all NULL after.
 * cell: of the noise's mesh, working pixels.  Widths run in steps of the
 * square root of two from narrowest (but not below
 * POCKMARK_NARROWEST_PIXELS) to widest. */
PockmarkScaleSpace *pockmark_scale_space_new  (PockmarkPlane       *residual[POCKMARK_N_COMPONENTS],
                                               const PockmarkPlane *skin,
                                               gdouble              narrowest,
                                               gdouble              widest,
                                               gdouble              cell,
                                               const PockmarkHost  *host,
                                               GError             **error);
void                pockmark_scale_space_free (PockmarkScaleSpace *space);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkScaleSpace, pockmark_scale_space_free)

/* ---- Light (relief.c) --------------------------------------------------- */

typedef struct
{
  PockmarkLightSource source;
  gdouble             azimuth; /* as in PockmarkParameters; where the source is
                                * unknown the axis, whose sign is unsure  */
  gfloat              ux;      /* unit vector towards the light, y down */
  gfloat              uy;
} PockmarkLight;

/* The direction that the light comes from, by the shading of small relief and
 * of the skin as a whole; shading: the background of its plane. */
gboolean      pockmark_light_estimate (const PockmarkScaleSpace *space,
                                       const PockmarkPlane      *skin,
                                       const PockmarkMesh       *shading,
                                       const PockmarkVectors    *vectors,
                                       gdouble                   pixels_per_mm,
                                       const PockmarkHost       *host,
                                       PockmarkLight            *light,
                                       GError                  **error);
PockmarkLight pockmark_light_given    (gdouble azimuth);

/* The same in two steps, where the picture is looked at part by part: the sums
 * of all parts, freed with g_free (). */
typedef struct _PockmarkLightSums PockmarkLightSums;

PockmarkLightSums *pockmark_light_sums_new (void);
/* Adds what one part tells. */
gboolean      pockmark_light_look   (const PockmarkScaleSpace *space,
                                     const PockmarkPlane      *skin,
                                     const PockmarkVectors    *vectors,
                                     gdouble                   pixels_per_mm,
                                     const PockmarkHost       *host,
                                     PockmarkLightSums        *sums,
                                     GError                  **error);
/* skin: as large as shading's plane was. */
PockmarkLight pockmark_light_settle (const PockmarkLightSums  *sums,
                                     const PockmarkPlane      *skin,
                                     const PockmarkMesh       *shading);

/* Sigma times the slope of level's smooth shading along row y: towards the
 * light (a hollow's is positive) and across; width floats each. */
void pockmark_level_slopes (const PockmarkLevel *level,
                            const PockmarkLight *light,
                            gint                 y,
                            gfloat              *along,
                            gfloat              *across);

/* ---- Candidates (candidates.c) ------------------------------------------ */

typedef enum
{
  POCKMARK_KIND_RED,    /* a maximum of haemoglobin      */
  POCKMARK_KIND_BROWN,  /* a maximum of melanin          */
  POCKMARK_KIND_DARK,   /* a maximum of shading          */
  POCKMARK_KIND_HOLLOW, /* a maximum of the dipole       */
  POCKMARK_N_KINDS
} PockmarkKind;

typedef struct
{
  PockmarkKind     kind;
  gint             level;
  gfloat           x;     /* working pixels */
  gfloat           y;
  gfloat           width; /* of its level, working pixels */
  gfloat           score; /* orders candidates of one kind */
  gfloat           finer;   /* blob response one octave finer and coarser, */
  gfloat           coarser; /* over its own                                */
  gfloat           across;  /* of the dipole, in units of noise            */
  gfloat           base_hemoglobin; /* of the skin around, density          */
  gfloat           base_melanin;
  PockmarkEvidence evidence;
} PockmarkCandidate;

/* Maxima of every kind at the widths of the levels first ... end - 1, without
 * those inside a better one of their kind.  An array of PockmarkCandidate. */
GArray *pockmark_candidates_find (const PockmarkScaleSpace *space,
                                  gint                      first,
                                  gint                      end,
                                  const PockmarkPlane      *skin,
                                  const PockmarkLight      *light,
                                  const PockmarkHost       *host,
                                  GError                  **error);

/* Candidates of a coarser picture, beside those of a tile. */
typedef struct
{
  GArray   *candidates;
  gboolean *beaten;     /* of each: whether a tile has a better one there     */
  gint      step;       /* pixels of the tile to one of the coarser picture's */
  gint      x;          /* of the tile's first pixel, in the tile's           */
  gint      y;
} PockmarkOverview;

/* Of the tile's candidates and the coarser ones in its width and height, leaves
 * the best of those that lie inside one another: takes its own out of
 * candidates, notes the others as beaten. */
void pockmark_candidates_compare (GArray                 *candidates,
                                  const PockmarkOverview *overview,
                                  gint                    width,
                                  gint                    height);

/* What lies inside a candidate is looked at so many levels finer than it. */
#define POCKMARK_FINER 2

/* ---- Patches (patch.c) -------------------------------------------------- */

/* The pixels of one candidate, on the grid of a level fine enough for it. */
typedef struct
{
  gint    x;        /* of the first sample, in pixels of that level          */
  gint    y;
  gint    width;    /* samples                                               */
  gint    height;
  gint    step;     /* working pixels per sample                             */
  gfloat *inside;   /* 0-1, above one half inside; NULL: nothing grew        */
  gint    area;     /* working pixels inside                                 */
  gfloat  diameter; /* of the circle of that area, working pixels            */
  gfloat  contrast; /* of its field, at the centre minus around              */
  gfloat  fill;     /* area over that of the circle that holds it all, 0-1   */
} PockmarkPatch;

/* Grows the candidate to half the height of its own contrast: in its plane's
 * smooth values or, for a hollow, in the depth that these add up to along the
 * light.  POCKMARK_ERROR_MEMORY. */
gboolean pockmark_patch_grow  (PockmarkPatch            *patch,
                               const PockmarkCandidate  *candidate,
                               const PockmarkScaleSpace *space,
                               const PockmarkLight      *light,
                               GError                  **error);
void     pockmark_patch_clear (PockmarkPatch *patch);

/* The memberships at n places of row y, the first at x, step apart, in working
 * pixels: between samples linearly, 0 outside the patch. */
void     pockmark_patch_row   (const PockmarkPatch *patch,
                               gfloat               x,
                               gfloat               y,
                               gfloat               step,
                               gint                 n,
                               gfloat              *out);

/* ---- What surrounds a candidate (rosette.c) ----------------------------- */

#define POCKMARK_ROSETTE_RINGS 6
#define POCKMARK_ROSETTE_SPOKES 12
#define POCKMARK_N_ROSETTE                                                    \
  (1 + POCKMARK_N_COMPONENTS                                                  \
           * (1 + POCKMARK_ROSETTE_RINGS * (POCKMARK_ROSETTE_SPOKES / 2 + 2)))

/* The logarithm of the contrast, then for each plane its centre and for each
 * ring the spokes from the light's side to the far one and how unlike both
 * sides of that axis are; without unit.  from_behind: as if the light came
 * from the other side. */
void pockmark_rosette (const PockmarkCandidate  *candidate,
                       const PockmarkScaleSpace *space,
                       const PockmarkLight      *light,
                       gboolean                  from_behind,
                       gfloat                    rosette[POCKMARK_N_ROSETTE]);

/* ---- Classes (classify.c) ----------------------------------------------- */

/* What can be said of a candidate at a glance, before a patch is grown. */
#define POCKMARK_N_GLANCE 25

/* That and what its patch and its surroundings say. */
#define POCKMARK_N_FEATURES (POCKMARK_N_GLANCE + 6 + POCKMARK_N_ROSETTE)

/* What all candidates of a photograph are judged by. */
typedef struct
{
  const PockmarkScaleSpace *space;
  PockmarkLight             light;
  gdouble                   pixels_per_mm; /* working pixels */
} PockmarkJudge;

/* from_behind matters only where the light's sign is unknown. */
void pockmark_features (const PockmarkJudge     *judge,
                        const PockmarkCandidate *candidate,
                        const PockmarkPatch     *patch,
                        gboolean                 from_behind,
                        gfloat                   features[POCKMARK_N_FEATURES]);

/* FALSE for the most of the candidates, which are nothing. */
gboolean pockmark_is_worth_a_look (const PockmarkJudge     *judge,
                                   const PockmarkCandidate *candidate);

/* The class that a candidate would have and the chance, 0-1, that it is one. */
PockmarkClass pockmark_classify (const PockmarkJudge     *judge,
                                 const PockmarkCandidate *candidate,
                                 const PockmarkPatch     *patch,
                                 gfloat                  *confidence);

/* ---- The way up to the candidates (analysis.c) -------------------------- */

struct _PockmarkAnalysis
{
  gint                width;         /* of the photograph                     */
  gint                height;
  gint                reduction;
  gint                columns;       /* of the working picture                */
  gint                rows;
  gdouble             pixels_per_mm; /* of working pixels, nominal if unknown */
  PockmarkPlane      *alpha;         /* where the photograph is, in working
                                      * pixels; NULL: everywhere              */
  PockmarkLight       light;
  /* Of one that was looked at as a whole or is a part of one. */
  PockmarkPlane      *mask;          /* skin in working pixels                */
  PockmarkMesh       *background[POCKMARK_N_COMPONENTS];
  PockmarkScaleSpace *space;
  GArray             *candidates;    /* PockmarkCandidate                     */
  /* Of one that was looked at in tiles: the above are NULL. */
  GArray             *judged;        /* PockmarkChoice                        */
};

/* What is looked at of a photograph, and for what. */
typedef struct
{
  gint                x;          /* of its first pixel, in working pixels    */
  gint                y;
  gdouble             narrowest;  /* lesions, working pixels                  */
  gdouble             widest;
  gint                first;      /* candidates are of the levels first ...   */
  gint                end;        /* ... end - 1                              */
  const PockmarkMesh *background; /* of each component; NULL: to be found     */
  gdouble             progress[3]; /* after background, levels and search     */
} PockmarkPart;

/* The narrowest lesions sought, in pixels of that scale. */
gdouble           pockmark_analysis_narrowest (gdouble pixels_per_mm);

/* The levels of a part that has been read: working loses its planes.  Sets what
 * it finds in analysis. */
gboolean          pockmark_analysis_begin  (PockmarkAnalysis         *analysis,
                                            PockmarkReduced          *working,
                                            const PockmarkSkin       *skin,
                                            const PockmarkPart       *part,
                                            const PockmarkParameters *parameters,
                                            const PockmarkHost       *host,
                                            GError                  **error);

/* Its candidates, under its light. */
gboolean          pockmark_analysis_search (PockmarkAnalysis         *analysis,
                                            const PockmarkPart       *part,
                                            const PockmarkHost       *host,
                                            GError                  **error);

/* All of the photograph at once, with candidates, whatever its size. */
PockmarkAnalysis *pockmark_analysis_whole  (const PockmarkSource     *photograph,
                                            const PockmarkParameters *parameters,
                                            const PockmarkHost       *host,
                                            GError                  **error);

/* The same of a photograph that has been read: working loses its planes. */
PockmarkAnalysis *pockmark_analysis_of     (const PockmarkSource     *photograph,
                                            PockmarkReduced          *working,
                                            const PockmarkSkin       *skin,
                                            const PockmarkParameters *parameters,
                                            const PockmarkHost       *host,
                                            GError                  **error);

/* Whether its size lets a photograph be analysed at once. */
gboolean          pockmark_analysis_at_once (const PockmarkSource     *photograph,
                                             const PockmarkParameters *parameters);

/* At once or in tiles, as its size asks; then for choices of this
 * sensitivity or less. */
PockmarkAnalysis *pockmark_analysis_for    (const PockmarkSource     *photograph,
                                            const PockmarkParameters *parameters,
                                            gdouble                   sensitivity,
                                            const PockmarkHost       *host,
                                            GError                  **error);

/* ---- Judging (detect.c) ------------------------------------------------- */

/* A candidate that is sure enough. */
typedef struct
{
  PockmarkFinding finding;
  PockmarkPatch   patch;
  guint           candidate; /* its place among the analysis' */
} PockmarkChoice;

/* Of PockmarkChoice, which it frees the patches of. */
GArray *pockmark_choices_new    (void);

/* Every candidate that is sure enough for the sensitivity, with its patch; in
 * no order. */
GArray *pockmark_analysis_judge (const PockmarkAnalysis *analysis,
                                 gdouble                 sensitivity,
                                 const PockmarkHost     *host,
                                 GError                **error);

/* pockmark_detect () of a photograph that has been read; it has to be one that
 * is analysed at once.  working loses its planes. */
PockmarkDetection *pockmark_detect_in (const PockmarkSource     *photograph,
                                       PockmarkReduced          *working,
                                       const PockmarkSkin       *skin,
                                       const PockmarkParameters *parameters,
                                       const PockmarkHost       *host,
                                       GError                  **error);

/* ---- The detection's inside (detect.c, map.c) --------------------------- */

struct _PockmarkDetection
{
  gint           width;     /* of the photograph */
  gint           height;
  gint           reduction;
  PockmarkLight  light;
  PockmarkPlane *alpha;     /* working pixels; no finding leaves what is
                             * there; NULL: everything is                     */
  GArray        *findings;  /* PockmarkFinding, by number */
  PockmarkPatch *patches;   /* one each, in the same order */
  PockmarkRect  *boxes;     /* of each in the photograph's pixels */
};

/* The confidence that a finding needs at this sensitivity. */
gdouble pockmark_least_confidence (gdouble sensitivity);

G_END_DECLS

#endif
