/* The accuracy table: what its files share
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One phantom is examined at a time (examine.c), several of them on threads of
 * their own; what is left of each is an AccuracyResult.  All tables are
 * computed from these (score.c) and written (tables.c, reliability.c).
 */

#ifndef ACCURACY_H
#define ACCURACY_H

#include <glib.h>

#include "phantom.h"

G_BEGIN_DECLS

/* ---- Findings against truth (match.c) ----------------------------------- */

/* A finding is right when it lies in the true region grown by this, mm. */
#define ACCURACY_TOLERANCE 0.35

/* What was really there.  ACCURACY_LESION + PockmarkClass: a lesion of another
 * class; ACCURACY_KIND + PhantomKind: a distractor. */
enum
{
  ACCURACY_RIGHT,
  ACCURACY_AGAIN,   /* a lesion of this class that another finding has */
  ACCURACY_NOTHING,
  ACCURACY_LESION,
  ACCURACY_KIND = ACCURACY_LESION + POCKMARK_N_CLASSES,
  ACCURACY_N_CAUSES = ACCURACY_KIND + PHANTOM_N_KINDS
};

typedef struct
{
  PockmarkClass klass;
  gfloat        score; /* confidence, or a peer's response */
  gfloat        x;     /* pixels of the photograph         */
  gfloat        y;
  gint          cause;
} AccuracyFinding;

GArray *accuracy_findings_new (void);

/* Sorts findings by falling score and gives each its cause, one finding to a
 * lesion, the best first; a finding keeps its cause whatever becomes of those
 * after it.  explain: says what wrong ones are about, else just nothing. */
void accuracy_match (const Phantom *phantom, GArray *findings,
                     gboolean explain);

/* ---- One phantom (examine.c) -------------------------------------------- */

#define ACCURACY_N_SENSITIVITIES 5
#define ACCURACY_DEFAULT         2 /* place of the default sensitivity */
extern const gdouble accuracy_sensitivities[ACCURACY_N_SENSITIVITIES];

/* Rank correlations with the true share of blood over skin. */
typedef enum
{
  ACCURACY_REDNESS_PIXEL,    /* the redness map, single pixels    */
  ACCURACY_REDNESS,          /* the same, means of 0.5 mm squares */
  ACCURACY_REDNESS_RELATIVE, /* against the surrounding skin      */
  ACCURACY_A_STAR,           /* CIELAB's, for comparison          */
  ACCURACY_N_REDNESS
} AccuracyRedness;

/* What the difference of Gaussians found for one class on one plane. */
typedef struct
{
  GArray *findings;
  gfloat  spread; /* robust spread of the response over the photograph */
} AccuracyPeerList;

/* Which phantom; width and height 0 for the set's own. */
typedef struct
{
  PhantomSet   set;
  gint         number; /* 0 ... */
  gint         width;
  gint         height;
  gdouble      pixels_per_mm;
  const gchar *exchange; /* folder for peers.py, or NULL */
} AccuracyCase;

typedef struct
{
  gint                tone;
  gdouble             elevation; /* of the first light, degrees */
  gint                truth[POCKMARK_N_CLASSES];
  GArray             *findings[ACCURACY_N_SENSITIVITIES];
  AccuracyPeerList   *peers;         /* accuracy_n_peers of them         */
  gdouble             peer_scale;    /* of their picture, pixels per mm  */
  PockmarkLightSource light;
  gdouble             light_error;     /* degrees, from the first light    */
  gdouble             resultant_error; /* from both lights' common pull    */
  gdouble             redness[ACCURACY_N_REDNESS];
} AccuracyResult;

void            accuracy_settings    (PhantomSettings    *settings,
                                      const AccuracyCase *which);
AccuracyResult *accuracy_examine     (const AccuracyCase *which,
                                      GError            **error);
void            accuracy_result_free (AccuracyResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AccuracyResult, accuracy_result_free)

/* ---- The photograph for peers (picture.c) ------------------------------- */

/* Peers work on the photograph reduced to at least this, pixels per mm: it is
 * faster and costs them nothing. */
#define ACCURACY_PEER_SCALE 8.0

typedef struct
{
  gint    reduction;
  gint    width;
  gint    height;
  gdouble pixels_per_mm;
  gfloat *rgb; /* linear sRGB, packed */
} AccuracyPicture;

AccuracyPicture *accuracy_picture_new  (const Phantom *phantom,
                                        GError       **error);
void             accuracy_picture_free (AccuracyPicture *picture);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AccuracyPicture, accuracy_picture_free)

/* Writes NN.ppm, NN.labels.pgm and NN.classes.pgm for peers.py. */
gboolean accuracy_picture_save (const AccuracyPicture *picture,
                                const Phantom         *phantom,
                                const AccuracyCase    *which,
                                GError               **error);

/* The photograph as the core reads it: linear RGBA, weight 1. */
gfloat *accuracy_linear (const Phantom *phantom, GError **error);

/* ---- Difference of Gaussians (peer.c) ----------------------------------- */

/* A peer in one setting: it looks for one class on one plane. */
typedef struct
{
  PockmarkClass klass;
  gint          plane;
  const gchar  *plane_name;
  gdouble       narrowest; /* widths that it takes, mm */
  gdouble       widest;
} AccuracyPeer;

extern const AccuracyPeer accuracy_peers[];
extern const guint        accuracy_n_peers;

/* accuracy_n_peers lists, matched; NULL on error. */
AccuracyPeerList *accuracy_peer_run  (const AccuracyPicture *picture,
                                      const Phantom         *phantom,
                                      GError               **error);
void              accuracy_peer_free (AccuracyPeerList *lists);

/* ---- Figures (score.c) -------------------------------------------------- */

typedef struct
{
  gint truth;
  gint found;
  gint right;
} AccuracyScore;

gdouble accuracy_precision (const AccuracyScore *score);
gdouble accuracy_recall    (const AccuracyScore *score);
gdouble accuracy_f1        (const AccuracyScore *score);

/* Which phantoms a row of a table is about. */
typedef struct
{
  const gchar *name;
  gint         tone;    /* -1: any */
  gdouble      lowest;  /* elevation, degrees */
  gdouble      highest;
} AccuracyGroup;

extern const AccuracyGroup accuracy_groups[];
extern const guint         accuracy_n_groups; /* the first is all of them */

gboolean accuracy_group_has (const AccuracyGroup  *group,
                             const AccuracyResult *result);

/* results: array of AccuracyResult pointers, here and below. */
AccuracyScore accuracy_score (const GPtrArray     *results,
                              const AccuracyGroup *group,
                              PockmarkClass        klass,
                              gint                 sensitivity);

/* The best that the difference of Gaussians can do with one threshold, chosen
 * with the truth in hand. */
typedef struct
{
  guint    peer;
  gboolean relative;  /* response in units of the photograph's own spread */
  gdouble  threshold;
} AccuracyTuning;

AccuracyTuning accuracy_tune       (const GPtrArray *results,
                                    PockmarkClass    klass);
AccuracyScore  accuracy_peer_score (const GPtrArray      *results,
                                    const AccuracyGroup  *group,
                                    const AccuracyTuning *tuning);

/* Findings of one class (POCKMARK_NONE: all) by confidence. */
#define ACCURACY_N_BINS 10
typedef struct
{
  gint    count[ACCURACY_N_BINS];
  gdouble confidence[ACCURACY_N_BINS]; /* mean */
  gdouble right[ACCURACY_N_BINS];      /* share */
  gdouble error;                       /* expected calibration error */
} AccuracyReliability;

void accuracy_reliability (const GPtrArray     *results,
                           PockmarkClass        klass,
                           gint                 sensitivity,
                           AccuracyReliability *reliability);

/* Spearman's rank correlation; equal values share their mean rank. */
gdouble accuracy_rank_correlation (const gfloat *a, const gfloat *b, gsize n);
/* Reorders values; NAN where n is 0. */
gdouble accuracy_median           (gdouble *values, gsize n);
/* Between two directions, 0-180 degrees. */
gdouble accuracy_angle_between    (gdouble a, gdouble b);

/* ---- Output (tables.c, reliability.c) ----------------------------------- */

void     accuracy_print             (const GPtrArray *results);
gchar   *accuracy_csv               (const GPtrArray *results);
void     accuracy_print_reliability (const GPtrArray *results);
gchar   *accuracy_reliability_svg   (const GPtrArray *results);

G_END_DECLS

#endif
