/* Pockmark's scar-detection core
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * This header is the core's reference.  The core knows neither GEGL nor GIMP:
 * it reads a photograph through a callback, works on planes of floats and
 * answers with a list of findings, a lesion map and measurements.
 *
 * Data walks one way:
 *
 *   photograph -> chromophore planes -> candidates -> lesion map
 *              -> measurements -> annotation and report
 *
 * Conventions
 *   - Rectangles and positions are in pixels, origin at the top left, y down.
 *     The centre of the first pixel is at (0.5, 0.5), as in ImageJ.
 *   - A photograph is linear-light RGBA with sRGB's primaries, 0 black and
 *     1 white, not premultiplied.  Alpha is the weight of the pixel: 0 means
 *     "not there" (transparent or outside the selection).
 *   - Optical density is D = -ln(max(linear, POCKMARK_DENSITY_FLOOR)): no unit.
 *   - Functions that can fail return FALSE or NULL and set a GError of the
 *     domain POCKMARK_ERROR (or pass on the reader's own error).
 *   - What grows with a picture's area, or with what is found in it, is
 *     POCKMARK_ERROR_MEMORY where there is no memory for it.  Rows and tables
 *     of fixed size come from g_malloc (), which ends the program.
 *   - No function keeps state between calls; all are safe to call from several
 *     threads on different data.
 */

#ifndef POCKMARK_CORE_H
#define POCKMARK_CORE_H

#include <glib.h>

G_BEGIN_DECLS

/* ---- Errors ------------------------------------------------------------- */

#define POCKMARK_ERROR (pockmark_error_quark ())

typedef enum
{
  POCKMARK_ERROR_SIZE,      /* a picture of no, or of too many pixels       */
  POCKMARK_ERROR_MEMORY,    /* an allocation failed                         */
  POCKMARK_ERROR_PARAMETER, /* a parameter out of its range                 */
  POCKMARK_ERROR_EMPTY,     /* no pixel has any weight                      */
  POCKMARK_ERROR_CANCELLED, /* the host asked to stop                       */
  POCKMARK_ERROR_UNRELATED  /* two photographs do not show the same skin    */
} PockmarkError;

GQuark pockmark_error_quark (void);

/* ---- Classes (classes.c) ------------------------------------------------ */

/* The number is the one in the lesion map and in STEM.classes.png. */
typedef enum
{
  POCKMARK_NONE       = 0,
  POCKMARK_CRATER     = 1, /* shallow hollow, 2 mm wide or more (U and M)   */
  POCKMARK_ICE_PICK   = 2, /* narrow deep hollow, less than 2 mm wide (V)   */
  POCKMARK_RED_MARK   = 3, /* more haemoglobin than the skin around it      */
  POCKMARK_BROWN_MARK = 4  /* more melanin than the skin around it          */
} PockmarkClass;

#define POCKMARK_N_CLASSES 5 /* with POCKMARK_NONE */

/* "crater", "ice-pick", "red-mark", "brown-mark"; "none" for POCKMARK_NONE.
 * The word of files and channel names: never translated. */
const gchar  *pockmark_class_word (PockmarkClass klass);

/* POCKMARK_NONE where the word is none of the four. */
PockmarkClass pockmark_class_from_word (const gchar *word);

/* The class's colour, R'G'B' of sRGB, 0-1: the only place that has it. */
const gfloat *pockmark_class_colour (PockmarkClass klass);

/* ---- Pictures (plane.c) ------------------------------------------------- */

typedef struct
{
  gint x;
  gint y;
  gint width;
  gint height;
} PockmarkRect;

/* width x height floats, row by row, no padding. */
typedef struct
{
  gint    width;
  gint    height;
  gfloat *data;
} PockmarkPlane;

/* The largest side and the largest number of pixels the core accepts. */
#define POCKMARK_MAX_SIDE   (1 << 18)
#define POCKMARK_MAX_PIXELS ((gsize) 1 << 30)

/* A zeroed plane; NULL with POCKMARK_ERROR_SIZE or _MEMORY. */
PockmarkPlane *pockmark_plane_new  (gint width, gint height, GError **error);
/* The same, for a caller that writes every pixel anyway: values by chance. */
PockmarkPlane *pockmark_plane_new_raw (gint width, gint height, GError **error);
void           pockmark_plane_free (PockmarkPlane *plane); /* NULL is fine */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkPlane, pockmark_plane_free)

/* Fills pixels with rect's width x height RGBA floats.  rect lies inside the
 * source.  May be called from several threads at once. */
typedef gboolean (*PockmarkRead) (const PockmarkRect *rect,
                                  gfloat             *pixels,
                                  gpointer            user_data,
                                  GError            **error);

/* The same in sRGB's own 8 bits: n_codes bytes a pixel, R'G'B' and, where
 * there are four, alpha. */
typedef gboolean (*PockmarkReadCodes) (const PockmarkRect *rect,
                                       guint8             *codes,
                                       gpointer            user_data,
                                       GError            **error);

/* A photograph (linear RGBA) or a lesion map (see "The lesion map"). */
typedef struct
{
  gint              width;
  gint              height;
  PockmarkRead      read;
  gpointer          user_data;
  PockmarkReadCodes read_codes; /* NULL where there are none                 */
  gint              n_codes;    /* 3 or 4                                    */
} PockmarkSource;

/* width x height RGBA pixels in memory, row by row. */
typedef struct
{
  gint          width;
  gint          height;
  const gfloat *data;
} PockmarkPixels;

/* A source over pixels, which the caller keeps alive. */
PockmarkSource pockmark_source_from_pixels (PockmarkPixels *pixels);

/* ---- The host (host.c) -------------------------------------------------- */

/* A piece of work on the items first ... first + count - 1. */
typedef void (*PockmarkWork) (gsize first, gsize count, gpointer work_data);

/* What the surrounding program lends to the core.  Every field may be NULL,
 * and so may a pointer to this: serial, silent, never cancelled. */
typedef struct
{
  /* fraction in 0-1; FALSE asks to stop.  Called on the caller's thread. */
  gboolean (*progress) (gdouble fraction, gpointer user_data);
  /* Calls work on parts that together cover 0 ... n - 1, at least grain items
   * each, possibly on several threads, and returns when all are done. */
  void     (*parallel) (gsize n, gsize grain, PockmarkWork work,
                        gpointer work_data, gpointer user_data);
  gpointer   user_data;
} PockmarkHost;

/* FALSE with POCKMARK_ERROR_CANCELLED where the host asks to stop. */
gboolean pockmark_host_progress (const PockmarkHost *host,
                                 gdouble             fraction,
                                 GError            **error);
void     pockmark_host_parallel (const PockmarkHost *host,
                                 gsize               n,
                                 gsize               grain,
                                 PockmarkWork        work,
                                 gpointer            work_data);

/* ---- Chromophores (chromophore.c) --------------------------------------- */

/* Densities above -ln of this are not told apart: 8-bit sRGB's darkest step
 * is 3.0e-4 in linear light. */
#define POCKMARK_DENSITY_FLOOR 1e-3f

/* Directions of the two chromophores in (R, G, B) density.  Default:
 * pockmark_vectors_default, after Tsumura et al. 1999,
 * doi:10.1364/josaa.16.002169 and 2003, doi:10.1145/882262.882344. */
typedef struct
{
  gfloat melanin[3];
  gfloat hemoglobin[3];
} PockmarkVectors;

extern const PockmarkVectors pockmark_vectors_default;

typedef enum
{
  POCKMARK_HEMOGLOBIN,
  POCKMARK_MELANIN,
  POCKMARK_SHADING
} PockmarkComponent;

/* The 3x3 matrix that takes a density (R, G, B) to haemoglobin, melanin and
 * shading: density = hb * v_hb + mel * v_mel + shading * (1, 1, 1).  The first
 * two rows sum to zero, so neither sees the light; the third sums to one.
 * POCKMARK_ERROR_PARAMETER where the vectors do not span the space. */
typedef struct
{
  gfloat row[3][3]; /* by PockmarkComponent */
} PockmarkUnmixing;

gboolean pockmark_unmixing_init (PockmarkUnmixing      *unmixing,
                                 const PockmarkVectors *vectors,
                                 GError               **error);

/* -ln(max(value, POCKMARK_DENSITY_FLOOR)) of n values; NaN counts as the
 * floor.  Absolute error below 2e-6 against logf.  in and out may be one. */
void pockmark_density (const gfloat *in, gfloat *out, gsize n);

/* One chromophore of n RGBA pixels. */
void pockmark_chromophore (const PockmarkUnmixing *unmixing,
                           PockmarkComponent       component,
                           const gfloat           *rgba,
                           gfloat                 *out,
                           gsize                   n);

/* ---- Detection (detect.c) ----------------------------------------------- */

typedef struct
{
  gdouble         pixels_per_mm; /* 0 unknown, else 0.05-1000               */
  gdouble         sensitivity;   /* 0-1: the share of doubtful findings kept */
  gdouble         light_azimuth; /* where the light comes from, degrees
                                  * counter-clockwise from the right of the
                                  * picture, 0-360; negative: estimate it    */
  gboolean        whole_is_skin; /* every pixel with weight is skin: the user
                                  * selected it                              */
  PockmarkVectors vectors;
} PockmarkParameters;

void     pockmark_parameters_init  (PockmarkParameters *parameters);
gboolean pockmark_parameters_check (const PockmarkParameters *parameters,
                                    GError                  **error);

/* What speaks for and against a finding; every response is in units of the
 * local noise of its own plane and width. */
typedef struct
{
  gfloat hemoglobin; /* blob response, more than around is positive          */
  gfloat melanin;
  gfloat shadow;     /* blob response of shading, darker is positive         */
  gfloat dipole;     /* oriented derivative; hollow positive, bump negative  */
  gfloat elongation; /* 1 round ... large: a line                            */
  gfloat contrast_hemoglobin; /* densities at the centre minus around        */
  gfloat contrast_melanin;
  gfloat contrast_shading;
} PockmarkEvidence;

typedef struct
{
  guint            number;     /* 1 ..., as in the map                       */
  PockmarkClass    klass;
  gfloat           confidence; /* 0-1: the chance that it is what it says    */
  gfloat           x;          /* centre, pixels of the photograph           */
  gfloat           y;
  gfloat           diameter;   /* of the circle of the same area, pixels     */
  PockmarkEvidence evidence;
} PockmarkFinding;

typedef enum
{
  POCKMARK_LIGHT_UNKNOWN,
  POCKMARK_LIGHT_ESTIMATED,
  POCKMARK_LIGHT_GIVEN
} PockmarkLightSource;

typedef struct _PockmarkDetection PockmarkDetection;

/* The main job.  Reads the photograph once.  NULL on error. */
PockmarkDetection *pockmark_detect (const PockmarkSource     *photograph,
                                    const PockmarkParameters *parameters,
                                    const PockmarkHost       *host,
                                    GError                  **error);
void               pockmark_detection_free (PockmarkDetection *detection);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkDetection, pockmark_detection_free)

/* The same in two steps, for a host that tries several sensitivities: all that
 * does not depend on the sensitivity, which takes nearly all of the time; and
 * the choice of findings. */
typedef struct _PockmarkAnalysis PockmarkAnalysis;

PockmarkAnalysis  *pockmark_analysis_new  (const PockmarkSource     *photograph,
                                           const PockmarkParameters *parameters,
                                           const PockmarkHost       *host,
                                           GError                  **error);
PockmarkDetection *pockmark_analysis_choose (const PockmarkAnalysis *analysis,
                                             gdouble                 sensitivity,
                                             const PockmarkHost     *host,
                                             GError                **error);
void               pockmark_analysis_free (PockmarkAnalysis *analysis);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkAnalysis, pockmark_analysis_free)

/* Where the pixels of finding i, counted from 0, can be. */
PockmarkRect pockmark_detection_box (const PockmarkDetection *detection,
                                     guint                    i);

/* PockmarkFinding, by number: from left to right in bands from the top. */
const GArray       *pockmark_detection_findings (const PockmarkDetection *detection);
/* Degrees as in PockmarkParameters; meaningless when unknown. */
PockmarkLightSource pockmark_detection_light    (const PockmarkDetection *detection,
                                                 gdouble                 *azimuth);

/* ---- The lesion map (map.c) --------------------------------------------- */

/* RGBA float: R the lesion's number (0 none), G its class, B its confidence,
 * A 1.  The one truth about what a lesion is: all below is computed from it. */

/* Writes rect of the map into pixels; rect may lie anywhere.  rowstride in
 * floats.  Lesions are drawn at the photograph's own resolution. */
void pockmark_detection_render (const PockmarkDetection *detection,
                                const PockmarkRect      *rect,
                                gfloat                  *pixels,
                                gsize                    rowstride);

/* FALSE where rect has nothing but ground. */
gboolean pockmark_detection_reaches (const PockmarkDetection *detection,
                                     const PockmarkRect      *rect);

/* ---- Skin and redness (skin.c, redness.c) ------------------------------- */

/* A small picture of the photograph with what is skin in it, made by
 * reduction to about 3.5 pixels per mm or one megapixel.  Detection, measuring
 * and the redness map all ask this same one. */
typedef struct
{
  gdouble        reduction;   /* photograph pixels per pixel of the planes   */
  gdouble        pixels_per_mm; /* of the photograph: as told or, where the
                               * scale is unknown, nominal: by what the picture
                               * seems to show, for relative sizes only      */
  PockmarkPlane *skin;        /* 0-1, share of the pixel that is skin        */
  PockmarkPlane *hemoglobin;  /* density units; where there is no skin, what it
                               * has more than the surrounding skin is damped,
                               * for lips, nostrils and cloth are not redness */
  PockmarkPlane *surrounding; /* haemoglobin of the unaffected skin around   */
  gdouble        absolute_start; /* absolute index at the map's start        */
  gdouble        pixels;      /* skin, in pixels of the photograph           */
  gdouble        redness_mean;         /* of the redness index over skin     */
  gdouble        redness_area_percent; /* of the skin with a relative index
                                        * above POCKMARK_REDNESS_AFFECTED    */
  gdouble        ita;         /* median individual typology angle, degrees,
                               * NAN without skin                            */
} PockmarkSkin;

PockmarkSkin *pockmark_skin_new  (const PockmarkSource     *photograph,
                                  const PockmarkParameters *parameters,
                                  const PockmarkHost       *host,
                                  GError                  **error);
void          pockmark_skin_free (PockmarkSkin *skin);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkSkin, pockmark_skin_free)

/* The share of the skin, 0-1, in each of n bins of one width from lo to hi of
 * the relative redness index; the first and the last also hold what lies
 * beyond.  All 0 without skin. */
void          pockmark_skin_histogram (const PockmarkSkin *skin,
                                       gdouble             lo,
                                       gdouble             hi,
                                       guint               n,
                                       gdouble            *share);

/* The redness index is 100 times the haemoglobin density of the skin picture:
 * a mean over about 0.6 mm (standard deviation 0.26 mm), so that the camera's
 * noise, which the unmixing magnifies, does not hide it.  Shading cancels.
 * Relative: minus that of the surrounding unaffected skin.
 *
 * The map shows the relative index from 0 to POCKMARK_REDNESS_SPAN in heat and
 * contours; in grey from POCKMARK_REDNESS_RELATIVE_MIN, so that skin paler than
 * its surroundings is told apart too.  The absolute index it shows over
 * POCKMARK_REDNESS_ABSOLUTE_SPAN from PockmarkSkin's absolute_start: 0, unless
 * the white balance shifts 1 % of the skin out of that range. */
#define POCKMARK_REDNESS_AFFECTED 25.0 /* relative index of affected skin   */
#define POCKMARK_REDNESS_SPAN     120.0 /* relative index of the map's end    */
#define POCKMARK_REDNESS_RELATIVE_MIN  -60.0 /* of grey's start               */
#define POCKMARK_REDNESS_ABSOLUTE_SPAN 240.0

typedef enum
{
  POCKMARK_SHOW_HEAT,     /* colours over the photograph                     */
  POCKMARK_SHOW_GREY,     /* the index itself, brighter is redder            */
  POCKMARK_SHOW_CONTOURS  /* lines of equal redness over the photograph      */
} PockmarkShow;

typedef struct
{
  PockmarkShow show;
  gboolean     relative;
  gdouble      opacity;   /* 0-1, of heat and contours over the photograph   */
} PockmarkRednessStyle;

/* Grey's display value 0-1 of each pixel of rect: where between the map's
 * start and end its index lies. */
void pockmark_redness_value (const PockmarkSkin     *skin,
                             gboolean                relative,
                             const PockmarkRect     *rect,
                             gfloat                 *value);

/* The colour of a display value 0-1 in heat and contours, linear RGB. */
void pockmark_redness_colour (gfloat value,
                              gfloat rgb[3]);

/* Takes n pixels of a layer, linear RGBA, premultiplied; x and y are those of
 * the first, from the rectangle's. */
typedef void (*PockmarkLay) (const gfloat *layer,
                             gint          x,
                             gint          y,
                             gint          n,
                             gpointer      user_data);

/* Hands over what heat lays over the photograph's pixels of rect, part of a row
 * after part of a row; those without any are left out. */
void pockmark_redness_heat  (const PockmarkSkin         *skin,
                             const PockmarkRednessStyle *style,
                             const PockmarkRect         *rect,
                             PockmarkLay                 lay,
                             gpointer                    user_data);

/* Paints the redness map over the photograph's pixels of rect, linear RGBA;
 * out may be the same. */
void pockmark_redness_paint (const PockmarkSkin         *skin,
                             const PockmarkRednessStyle *style,
                             const PockmarkRect         *rect,
                             const gfloat               *pixels,
                             gfloat                     *out);

/* ---- Measuring (measure.c, outline.c) ----------------------------------- */

typedef enum
{
  POCKMARK_FLAG_BORDER         = 1 << 0, /* touches the picture's border     */
  POCKMARK_FLAG_GLOSS          = 1 << 1, /* specular or clipped pixels in it */
  POCKMARK_FLAG_DARK_SKIN      = 1 << 2, /* surrounding ITA below -10 degrees*/
  POCKMARK_FLAG_LOW_CONFIDENCE = 1 << 3, /* confidence below 0.5             */
  POCKMARK_FLAG_EDITED         = 1 << 4, /* changed by the user              */
  POCKMARK_FLAG_SCALE_UNKNOWN  = 1 << 5  /* no millimetres                   */
} PockmarkFlags;

/* "border", "gloss" ...: one word for one bit; NULL for none of them. */
const gchar *pockmark_flag_word (PockmarkFlags bit);

/* A measured lesion.  Names with ImageJ's meaning where ImageJ has them
 * (https://imagej.net/ij/docs/menus/analyze.html); lengths in pixels of the
 * photograph, NAN where unknown. */
typedef struct
{
  guint         number;
  PockmarkClass klass;
  gfloat        confidence;
  gdouble       x;           /* centroid                                     */
  gdouble       y;
  PockmarkRect  box;         /* BX, BY, Width, Height                        */
  gdouble       area;        /* pixels                                       */
  gdouble       perimeter;   /* of the outline, ImageJ's corner rule         */
  gdouble       major;       /* axes of the ellipse of the same moments      */
  gdouble       minor;
  gdouble       angle;       /* of the major axis, degrees, 0-180, counter-
                              * clockwise from the x axis                    */
  gdouble       feret;       /* largest caliper diameter of the outline      */
  gdouble       circularity; /* 4 pi area / perimeter^2, at most 1           */
  gdouble       solidity;    /* area / area of the convex hull               */
  gdouble       diameter_mm; /* of the circle of the same area               */
  gdouble       area_mm2;
  gdouble       hemoglobin;  /* lesion minus surrounding skin, density       */
  gdouble       melanin;     /* the same; of marks on dark skin without the blue
                              * light, of which hardly any comes back: see
                              * measure.c                                    */
  gdouble       relief;      /* shading density: darker is positive          */
  gdouble       a_star;      /* CIELAB (D65), lesion minus surrounding skin  */
  gdouble       l_star;
  guint         flags;       /* PockmarkFlags                                */
} PockmarkLesion;

/* Measures every lesion of the map.  Both sources have one size.  Returns an
 * array of PockmarkLesion by number; NULL on error. */
GArray *pockmark_measure (const PockmarkSource     *map,
                          const PockmarkSource     *photograph,
                          const PockmarkParameters *parameters,
                          const PockmarkHost       *host,
                          GError                  **error);

/* One closed ring on pixel corners; the first point is not repeated.  Outer
 * rings run clockwise on screen, holes the other way. */
typedef struct
{
  gint     number; /* the lesion's */
  gboolean hole;
  GArray  *points; /* of PockmarkPoint */
} PockmarkRing;

typedef struct
{
  gint x;
  gint y;
} PockmarkPoint;

/* Every outline of one lesion within box: an array of PockmarkRing, outer
 * rings first, each ring only with its corners.  NULL on error. */
GPtrArray *pockmark_trace (const PockmarkSource *map,
                           guint                 number,
                           const PockmarkRect   *box,
                           GError              **error);

/* ---- Marked regions (marks.c, follow.c) --------------------------------- */

/* A lesion map in little space, which a host can keep and which can follow what
 * a user has done to the marked regions since. */

/* What there is to say of a lesion besides its pixels. */
typedef struct
{
  guint         number;
  PockmarkClass klass;
  gfloat        confidence;
  gboolean      edited;     /* a user has changed or made it                 */
} PockmarkMark;

/* Pixels x0 ... x1 - 1 of row y, all of one lesion. */
typedef struct
{
  gint  y;
  gint  x0;
  gint  x1;
  guint mark; /* index into marks                                            */
  guint also; /* 1 << PockmarkClass of every other mask that covers them too */
} PockmarkMarkRun;

typedef struct
{
  GArray *marks; /* of PockmarkMark, by number                               */
  GArray *runs;  /* of PockmarkMarkRun, by row, then from left to right, none
                  * over another                                             */
  guint   next;  /* the next new lesion's number: none is given twice        */
} PockmarkMarks;

/* No lesions. */
PockmarkMarks *pockmark_marks_new      (void);
void           pockmark_marks_free     (PockmarkMarks *marks);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkMarks, pockmark_marks_free)

/* The largest number of lesions and of runs that are worked with: more than
 * any skin has. */
#define POCKMARK_MAX_MARKS     (1 << 16)
#define POCKMARK_MAX_MARK_RUNS (1 << 22)

/* All lesions of a map.  NULL on error. */
PockmarkMarks *pockmark_marks_from_map (const PockmarkSource *map,
                                        GError              **error);

/* Takes out the classes that are not sought (by PockmarkClass) and numbers the
 * rest from 1 on, in the same order. */
void           pockmark_marks_restrict (PockmarkMarks        *marks,
                                        const gboolean       *sought);

/* Writes rect of the map into pixels, as pockmark_detection_render (). */
void           pockmark_marks_render   (const PockmarkMarks *marks,
                                        const PockmarkRect  *rect,
                                        gfloat              *pixels,
                                        gsize                rowstride);

/* The rectangle around each lesion's pixels: an array of PockmarkRect in the
 * order of marks; width 0 where it has none. */
GArray        *pockmark_marks_boxes    (const PockmarkMarks *marks);

/* What has become of the lesions in the classes' masks.  coverage: a picture
 * whose four floats a pixel are not colours but how much of the pixel the
 * masks of crater, ice-pick, red-mark and brown-mark cover, 0-1; all NAN where
 * no mask tells: there everything stays as it was.
 *
 * Covered is what is covered by more than half.  Of several classes a pixel
 * belongs to the one that it was added to last; were there several, to the one
 * that covers more of it, then to the first.
 *
 * A lesion whose pixels have not changed stays what it was, even where it
 * touches another.  Everything else is a lesion for each connected region
 * (8 neighbours), and edited:
 *   - what was added to a lesion belongs to it; what was added between lesions
 *     that did not touch makes them one, with the number of the largest;
 *   - of a lesion that was cut, the largest part keeps the number;
 *   - a lesion that moved to another class keeps its number;
 *   - all others have new numbers, in reading order.
 * The confidence is 1 for new lesions and new classes, else it stays.
 * NULL on error. */
PockmarkMarks *pockmark_marks_follow   (const PockmarkMarks  *before,
                                        const PockmarkSource *coverage,
                                        const PockmarkHost   *host,
                                        GError              **error);

/* ---- The ruler in a photograph (ruler.c) -------------------------------- */

/* A row of ticks.  Places are in pixels of the photograph. */
typedef struct
{
  gdouble pixels_per_mm; /* mean along the row; 0: no ruler was found        */
  gdouble confidence;    /* 0-1; from POCKMARK_RULER_SURE on, longer ticks at
                          * every fifth or tenth say how far apart they are.
                          * Below, tick_mm is a guess: say so                */
  gdouble tick_mm;       /* from one tick to the next                        */
  guint   ticks;         /* that were seen                                   */
  gdouble x0;            /* the first and the last of them                   */
  gdouble y0;
  gdouble x1;
  gdouble y1;
} PockmarkRuler;

#define POCKMARK_RULER_SURE 0.5

/* Looks for the ticks of a ruler or an adhesive scale at any angle.  Ticks of
 * 4 pixels or more apart are seen, or of the longer side / 750 if that is
 * more.  TRUE also where there is none. */
gboolean pockmark_ruler_find (const PockmarkSource *photograph,
                              const PockmarkHost   *host,
                              PockmarkRuler        *ruler,
                              GError              **error);

/* ---- Grades (grade.c) --------------------------------------------------- */

/* Estimates from a photograph.  ECCA's atrophic part: Dreno et al. 2007,
 * doi:10.1159/000096912; Goodman and Baron's quantitative scale 2006,
 * doi:10.1111/j.1473-2165.2006.00222.x. */
typedef enum
{
  POCKMARK_ECCA_V, /* ice-picks, and craters below 2 mm */
  POCKMARK_ECCA_U, /* craters of 2-4 mm                 */
  POCKMARK_ECCA_M  /* craters above 4 mm                */
} PockmarkEccaShape;

#define POCKMARK_N_ECCA 3
#define POCKMARK_ECCA_MAX 180

/* weight * grade is what the shape adds to the score. */
typedef struct
{
  guint count;
  gint  weight;
  gint  grade; /* 0 none, 1 less than 5, 2 5-20, 3 more than 20 */
} PockmarkEccaTerm;

typedef struct
{
  guint            count[POCKMARK_N_CLASSES];
  PockmarkEccaTerm ecca_terms[POCKMARK_N_ECCA]; /* by PockmarkEccaShape      */
  gint             ecca;          /* atrophic part, 0-POCKMARK_ECCA_MAX; -1
                                   * without a scale                         */
  gint             goodman_baron; /* factor 0-3 for the number of atrophic
                                   * scars: craters and ice-picks            */
  gdouble          density;       /* lesions per cm2 of skin, NAN unknown    */
  gdouble          skin_cm2;      /* NAN unknown                             */
} PockmarkGrade;

/* Goodman and Baron's factor for so many scars of one kind: 0 none, 1 up to 10,
 * 2 up to 20, 3 more. */
gint pockmark_goodman_baron_factor (guint count);

void pockmark_grade (const GArray  *lesions,
                     gdouble        skin_pixels,
                     gdouble        pixels_per_mm,
                     PockmarkGrade *grade);

/* ---- Annotation (annotate.c) -------------------------------------------- */

typedef struct
{
  gfloat  colour[POCKMARK_N_CLASSES][3]; /* linear RGB                       */
  gdouble opacity;                       /* of the fill, 0-1                 */
  gint    outline;                       /* width in pixels, 0-64            */
} PockmarkAnnotation;

void pockmark_annotation_init (PockmarkAnnotation *style);

/* Paints the map over the photograph, linear RGBA.  map holds rect grown by
 * style->outline on every side; photograph (NULL: paint on transparency) and
 * out have rect's size and may be one. */
void pockmark_annotate (const PockmarkAnnotation *style,
                        const PockmarkRect       *rect,
                        const gfloat             *map,
                        const gfloat             *photograph,
                        gfloat                   *out);

/* ---- Two visits: alignment (align.c) ------------------------------------ */

typedef struct _PockmarkAlignment PockmarkAlignment;

/* Finds where each place of the later photograph lies in the earlier one, by
 * what stays the same under another light (pigment, pores, furrows), never by
 * haemoglobin.  Rotation up to 30 degrees, scale within a quarter of what the
 * two scales say (within two fifths where one is unknown).  Weight 0 in either
 * photograph leaves pixels out.  POCKMARK_ERROR_UNRELATED where too little of
 * the two agrees.  NULL on error. */
PockmarkAlignment *pockmark_align (const PockmarkSource     *before,
                                   const PockmarkParameters *before_parameters,
                                   const PockmarkSource     *after,
                                   const PockmarkParameters *after_parameters,
                                   const PockmarkHost       *host,
                                   GError                  **error);
void               pockmark_alignment_free (PockmarkAlignment *alignment);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkAlignment, pockmark_alignment_free)

/* Where (x, y) of the later photograph lies in the earlier one, and back, in
 * pixels.  Both return how far that can be trusted, 0-1: below
 * POCKMARK_ALIGNMENT_TRUST nothing may be compared there.  0 off the other
 * photograph. */
#define POCKMARK_ALIGNMENT_TRUST 0.5f
gfloat  pockmark_alignment_before (const PockmarkAlignment *alignment,
                                   gdouble x, gdouble y,
                                   gdouble *before_x, gdouble *before_y);
gfloat  pockmark_alignment_after  (const PockmarkAlignment *alignment,
                                   gdouble before_x, gdouble before_y,
                                   gdouble *x, gdouble *y);

/* How far a place may be off, mm of skin: the standard deviation that so much
 * trust stands for. */
gdouble pockmark_alignment_uncertainty (gfloat trust);

/* Of the later photograph's overlap with the earlier, the share that can be
 * trusted, 0-1; how much larger the skin is in the earlier picture, and how
 * far that is turned against the later, degrees counter-clockwise. */
gdouble pockmark_alignment_trusted  (const PockmarkAlignment *alignment);
gdouble pockmark_alignment_scale    (const PockmarkAlignment *alignment);
gdouble pockmark_alignment_rotation (const PockmarkAlignment *alignment);

/* ---- Two visits: what changed (compare.c, fate.c, even.c) --------------- */

typedef enum
{
  POCKMARK_FATE_NEW,        /* only at the later visit                       */
  POCKMARK_FATE_PERSISTING, /* at both                                       */
  POCKMARK_FATE_RESOLVED,   /* only at the earlier visit                     */
  POCKMARK_FATE_UNKNOWN     /* where the photographs could not be compared,
                             * or the one visit makes the other's doubtful   */
} PockmarkFate;

#define POCKMARK_N_FATES 4

/* "new", "persisting", "resolved", "not-compared": never translated. */
const gchar  *pockmark_fate_word   (PockmarkFate fate);
/* The fate's colour, R'G'B' of sRGB, 0-1: the only place that has it. */
const gfloat *pockmark_fate_colour (PockmarkFate fate);

/* What is measured of a lesion at both visits; later minus earlier. */
typedef enum
{
  POCKMARK_CHANGE_DIAMETER,   /* mm (pixels of the later photograph where the
                               * scale is unknown)                           */
  POCKMARK_CHANGE_AREA,       /* mm2 (pixels)                                */
  POCKMARK_CHANGE_HEMOGLOBIN, /* density, lesion over the skin around it     */
  POCKMARK_CHANGE_RELIEF,     /* density of shading, likewise                */
  POCKMARK_N_CHANGES
} PockmarkChangeKind;

/* One lesion of either visit.  number: in that visit's lesions, 0 for none.
 * Positions in pixels of each photograph.  A change is NAN where one visit
 * shows too little to measure; significant where it is larger than what
 * unchanged skin, photographed twice, shows (see fate.c). */
typedef struct
{
  PockmarkFate  fate;
  PockmarkClass klass;
  guint         number[2];
  gdouble       x[2];
  gdouble       y[2];
  gdouble       diameter_mm;
  gdouble       change[POCKMARK_N_CHANGES];
  gdouble       size[POCKMARK_N_CHANGES]; /* the larger magnitude of the two */
  gboolean      significant[POCKMARK_N_CHANGES];
  gboolean      faded; /* a mark that persists, significantly paler          */
} PockmarkChange;

/* A place of known colour: the same grey or white patch at each visit, pixels
 * of that photograph.  Width 0: none. */
typedef struct
{
  PockmarkRect patch[2];
} PockmarkReference;

/* [0] is the earlier visit, [1] the later. */
typedef struct
{
  PockmarkAlignment *alignment;
  PockmarkDetection *detection[2];
  GArray            *lesions[2];  /* PockmarkLesion: found, or known from the
                                   * other visit and confirmed               */
  PockmarkGrade      grade[2];    /* of each whole photograph, by the visit's
                                   * own clear findings                      */
  PockmarkGrade      shared[2];   /* likewise, of the skin that both show and
                                   * that is compared                        */
  GArray            *changes;     /* PockmarkChange, by fate and place       */
  guint              count[POCKMARK_N_FATES];
  gdouble            compared;    /* share of the later skin, 0-1            */
  gdouble            compared_pixels; /* of the later photograph             */
  gdouble            reduction;   /* later photograph's pixels per pixel of: */
  PockmarkPlane     *redness;     /* change of haemoglobin density, light and
                                   * colour evened out; NAN: not compared    */
  gdouble            redness_change;  /* its mean                            */
  gboolean           redness_significant;
  gdouble            pixels_per_mm; /* of the later photograph, 0 unknown    */
} PockmarkComparison;

/* Aligns, detects, evens out and compares.  The parameters' sensitivity is the
 * later one's for both.  POCKMARK_ERROR_UNRELATED as pockmark_align;
 * POCKMARK_ERROR_EMPTY where one of the two shows no skin. */
PockmarkComparison *pockmark_compare (const PockmarkSource     *before,
                                      const PockmarkParameters *before_parameters,
                                      const PockmarkSource     *after,
                                      const PockmarkParameters *after_parameters,
                                      const PockmarkReference  *reference,
                                      const PockmarkHost       *host,
                                      GError                  **error);
void                pockmark_comparison_free (PockmarkComparison *comparison);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PockmarkComparison, pockmark_comparison_free)

/* A lesion map as a source; the caller keeps the detection alive. */
PockmarkSource pockmark_source_from_detection (PockmarkDetection *detection);

/* ---- Two visits: pictures (visits-paint.c) ------------------------------ */

/* The earlier photograph as the later one would show it, linear RGBA of rect
 * of the later; transparent where there is none.  FALSE where it cannot be
 * read. */
gboolean pockmark_alignment_warp (const PockmarkAlignment *alignment,
                                  const PockmarkSource    *before,
                                  const PockmarkRect      *rect,
                                  gfloat                  *out,
                                  GError                 **error);

/* A change of haemoglobin density as a colour: R'G'B' of sRGB and opacity, all
 * 0-1.  Blue is less, red more, both full at the span. */
#define POCKMARK_CHANGE_SPAN 0.6
void pockmark_change_colour (gdouble change, gfloat rgba[4]);

/* The change map of rect, R'G'B'A of sRGB, not premultiplied; hatched in grey
 * where nothing is compared. */
void pockmark_comparison_paint (const PockmarkComparison *comparison,
                                const PockmarkRect       *rect,
                                gfloat                   *out);

G_END_DECLS

#endif
