/* The accuracy table: a multi-scale difference of Gaussians
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The usual first idea for finding spots, and the gate for the phantoms: each
 * plane is blurred with Gaussians in steps of the square root of two; maxima
 * of the difference of two, over place and width, are spots.  What stands in
 * the table is the best of all planes, widths and thresholds.
 */

#include <math.h>

#include "accuracy.h"
#include "colour.h"
#include "pockmark-stages.h"

/* A disc of this diameter answers most to sigma = diameter / 2 sqrt (2). */
#define WIDEST   8.5 /* mm */
#define RATIO     1.6 /* of the two Gaussians, Marr and Hildreth 1980,
                       * doi:10.1098/rspb.1980.0020 */

/* The strongest spots of a photograph for one peer; ten times the truth. */
#define MOST 400

typedef enum
{
  PLANE_DARKNESS, /* 100 - L* */
  PLANE_SHADING,  /* density: the same step on every skin tone */
  PLANE_A_STAR,
  PLANE_B_STAR,
  PLANE_HEMOGLOBIN,
  PLANE_MELANIN,
  N_PLANES
} PeerPlane;

/* The narrowest spots looked for, mm: marks below a millimetre are freckles. */
static const gdouble plane_narrowest[N_PLANES] = { 0.5, 0.5, 1.0, 1.0, 1.0, 1.0 };

#define ANY 100.0 /* mm: wider than all */

#define PEER_HOLLOWS(plane, name, border) \
  { POCKMARK_ICE_PICK, plane, name, 0.0, border }, \
  { POCKMARK_ICE_PICK, plane, name, 0.7, border }, \
  { POCKMARK_ICE_PICK, plane, name, 1.0, border }, \
  { POCKMARK_CRATER, plane, name, border, ANY }

const AccuracyPeer accuracy_peers[] = {
  PEER_HOLLOWS (PLANE_DARKNESS, "lightness", 1.4),
  PEER_HOLLOWS (PLANE_DARKNESS, "lightness", 2.0),
  PEER_HOLLOWS (PLANE_DARKNESS, "lightness", 2.8),
  PEER_HOLLOWS (PLANE_SHADING, "shading", 1.4),
  PEER_HOLLOWS (PLANE_SHADING, "shading", 2.0),
  PEER_HOLLOWS (PLANE_SHADING, "shading", 2.8),
  { POCKMARK_RED_MARK, PLANE_A_STAR, "a*", 0.0, ANY },
  { POCKMARK_RED_MARK, PLANE_A_STAR, "a*", 1.4, ANY },
  { POCKMARK_RED_MARK, PLANE_HEMOGLOBIN, "haemoglobin", 0.0, ANY },
  { POCKMARK_RED_MARK, PLANE_HEMOGLOBIN, "haemoglobin", 1.4, ANY },
  { POCKMARK_BROWN_MARK, PLANE_B_STAR, "b*", 0.0, ANY },
  { POCKMARK_BROWN_MARK, PLANE_B_STAR, "b*", 1.4, ANY },
  { POCKMARK_BROWN_MARK, PLANE_MELANIN, "melanin", 0.0, ANY },
  { POCKMARK_BROWN_MARK, PLANE_MELANIN, "melanin", 1.4, ANY },
  { POCKMARK_BROWN_MARK, PLANE_DARKNESS, "lightness", 1.0, ANY },
  { POCKMARK_BROWN_MARK, PLANE_DARKNESS, "lightness", 1.4, ANY },
};

const guint accuracy_n_peers = G_N_ELEMENTS (accuracy_peers);

typedef struct
{
  gfloat x; /* pixels of the picture */
  gfloat y;
  gfloat width;
  gfloat score;
} Spot;

/* ---- Planes ------------------------------------------------------------- */

static PockmarkPlane *
plane_of (const AccuracyPicture *picture,
          PeerPlane              which,
          GError               **error)
{
  const gsize     n = (gsize) picture->width * picture->height;
  PockmarkPlane  *plane = pockmark_plane_new (picture->width, picture->height, error);
  PockmarkUnmixing unmixing;
  gsize            i;

  if (! plane
      || ! pockmark_unmixing_init (&unmixing, &pockmark_vectors_default, error))
    {
      pockmark_plane_free (plane);
      return NULL;
    }
  for (i = 0; i < n; i++)
    {
      const gfloat     *rgb = picture->rgb + 3 * i;
      const gfloat      rgba[4] = { rgb[0], rgb[1], rgb[2], 1.0f };
      const PockmarkLab lab = pockmark_lab_from_linear (rgb);

      if (which == PLANE_HEMOGLOBIN)
        pockmark_chromophore (&unmixing, POCKMARK_HEMOGLOBIN, rgba,
                              plane->data + i, 1);
      else if (which == PLANE_MELANIN)
        pockmark_chromophore (&unmixing, POCKMARK_MELANIN, rgba,
                              plane->data + i, 1);
      else if (which == PLANE_SHADING)
        pockmark_chromophore (&unmixing, POCKMARK_SHADING, rgba,
                              plane->data + i, 1);
      else
        plane->data[i] = which == PLANE_DARKNESS ? 100.0f - lab.l
                         : which == PLANE_A_STAR ? lab.a : lab.b;
    }
  return plane;
}

/* ---- Spots -------------------------------------------------------------- */

/* At each place the largest response over the widths, and its width. */
typedef struct
{
  PockmarkPlane *score;
  PockmarkPlane *width;
} Response;

static void
response_clear (Response *response)
{
  pockmark_plane_free (response->score);
  pockmark_plane_free (response->width);
}

static gboolean
response_init (Response            *response,
               const PockmarkPlane *plane,
               gdouble              narrowest,
               gdouble              pixels_per_mm,
               GError             **error)
{
  const gsize n = (gsize) plane->width * plane->height;
  g_autoptr (PockmarkPlane) inner = pockmark_plane_new (plane->width, plane->height, error);
  g_autoptr (PockmarkPlane) outer = pockmark_plane_new (plane->width, plane->height, error);
  gdouble width;
  gsize   i;

  response->score = pockmark_plane_new (plane->width, plane->height, error);
  response->width = pockmark_plane_new (plane->width, plane->height, error);
  if (! inner || ! outer || ! response->score || ! response->width)
    return FALSE;
  for (width = narrowest; width < WIDEST; width *= G_SQRT2)
    {
      const gdouble sigma = pixels_per_mm * width / (2.0 * G_SQRT2);

      pockmark_blur (plane, sigma, inner, NULL);
      pockmark_blur (plane, RATIO * sigma, outer, NULL);
      for (i = 0; i < n; i++)
        {
          const gfloat score = inner->data[i] - outer->data[i];

          if (width == narrowest || score > response->score->data[i])
            {
              response->score->data[i] = score;
              response->width->data[i] = (gfloat) (width * pixels_per_mm);
            }
        }
    }
  return TRUE;
}

static gboolean
is_maximum (const PockmarkPlane *plane,
            gint                 x,
            gint                 y)
{
  const gfloat value = plane->data[(gsize) y * plane->width + x];
  gint         dx, dy;

  for (dy = -1; dy <= 1; dy++)
    for (dx = -1; dx <= 1; dx++)
      if (plane->data[(gsize) (y + dy) * plane->width + x + dx]
          > value)
        return FALSE;
  return value > 0.0f;
}

static gint
strongest_first (gconstpointer a,
                 gconstpointer b)
{
  const Spot *p = a, *q = b;

  if (p->score != q->score)
    return p->score < q->score ? 1 : -1;
  if (p->y != q->y)
    return p->y < q->y ? -1 : 1;
  return (p->x > q->x) - (p->x < q->x);
}

static gboolean
is_inside_one (const GArray *kept,
               const Spot   *spot)
{
  guint i;

  for (i = 0; i < kept->len; i++)
    {
      const Spot *other = &g_array_index (kept, Spot, i);

      if (hypot (spot->x - other->x, spot->y - other->y)
          < 0.5 * MAX (spot->width, other->width))
        return TRUE;
    }
  return FALSE;
}

/* The maxima, without those inside a stronger one. */
static GArray *
spots_of (const Response *response)
{
  const PockmarkPlane *score = response->score;
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Spot));
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (Spot));
  guint   i;
  gint    x, y;

  for (y = 1; y + 1 < score->height; y++)
    for (x = 1; x + 1 < score->width; x++)
      if (is_maximum (score, x, y))
        {
          const gsize at = (gsize) y * score->width + x;
          Spot        spot = { (gfloat) x + 0.5f, (gfloat) y + 0.5f,
                               response->width->data[at], score->data[at] };

          g_array_append_val (all, spot);
        }
  g_array_sort (all, strongest_first);
  for (i = 0; i < all->len && kept->len < 2 * MOST; i++)
    {
      const Spot spot = g_array_index (all, Spot, i);

      if (! is_inside_one (kept, &spot))
        g_array_append_val (kept, spot);
    }
  return kept;
}

static gfloat
robust_spread (const PockmarkPlane *plane)
{
  const gsize        n = (gsize) plane->width * plane->height;
  g_autofree gfloat *values = g_memdup2 (plane->data, n * sizeof (gfloat));
  gfloat             median;
  gsize              i;

  median = pockmark_quantile (values, n, 0.5);
  for (i = 0; i < n; i++)
    values[i] = fabsf (values[i] - median);
  return MAX (1.4826f * pockmark_quantile (values, n, 0.5), 1e-6f);
}

/* ---- Peers -------------------------------------------------------------- */

static void
take_spots (const GArray          *spots,
            const AccuracyPeer    *peer,
            const AccuracyPicture *picture,
            GArray                *findings)
{
  guint i;

  for (i = 0; i < spots->len && findings->len < MOST; i++)
    {
      const Spot     *spot = &g_array_index (spots, Spot, i);
      const gdouble   width = spot->width / picture->pixels_per_mm;
      AccuracyFinding finding = { peer->klass, spot->score,
                                  spot->x * (gfloat) picture->reduction,
                                  spot->y * (gfloat) picture->reduction, 0 };

      /* Widths come in steps; a border lies between two of them. */
      if (width >= 0.99 * peer->narrowest && width < 0.99 * peer->widest)
        g_array_append_val (findings, finding);
    }
}

static gboolean
run_plane (PeerPlane              which,
           const AccuracyPicture *picture,
           const Phantom         *phantom,
           AccuracyPeerList      *lists,
           GError               **error)
{
  g_autoptr (PockmarkPlane) plane = plane_of (picture, which, error);
  g_autoptr (GArray) spots = NULL;
  Response response = { NULL, NULL };
  gfloat   spread = 1.0f;
  guint    i;

  if (plane && response_init (&response, plane,
                              plane_narrowest[which],
                              picture->pixels_per_mm, error))
    {
      spots = spots_of (&response);
      spread = robust_spread (response.score);
    }
  response_clear (&response);
  if (! spots)
    return FALSE;
  for (i = 0; i < accuracy_n_peers; i++)
    if (accuracy_peers[i].plane == (gint) which)
      {
        lists[i].findings = accuracy_findings_new ();
        lists[i].spread = spread;
        take_spots (spots, &accuracy_peers[i], picture, lists[i].findings);
        accuracy_match (phantom, lists[i].findings, FALSE);
      }
  return TRUE;
}

AccuracyPeerList *
accuracy_peer_run (const AccuracyPicture *picture,
                   const Phantom         *phantom,
                   GError               **error)
{
  AccuracyPeerList *lists = g_new0 (AccuracyPeerList, accuracy_n_peers);
  gint              plane;

  for (plane = 0; plane < N_PLANES; plane++)
    if (! run_plane ((PeerPlane) plane, picture, phantom, lists, error))
      {
        accuracy_peer_free (lists);
        return NULL;
      }
  return lists;
}

void
accuracy_peer_free (AccuracyPeerList *lists)
{
  guint i;

  if (! lists)
    return;
  for (i = 0; i < accuracy_n_peers; i++)
    g_clear_pointer (&lists[i].findings, g_array_unref);
  g_free (lists);
}
