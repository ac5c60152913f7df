/* Phantom photographs: can a person see it?
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The scene is lit twice at a small scale, with and without the lesions.
 * What differs is the signal; what is there without them is the noise.  Both
 * are seen through a band of the lesion's own width, in darkness for hollows
 * and in colour for marks.
 */

#include "phantom-private.h"

/* Scale of the look, pixels per mm: of a photograph held at arm's length. */
#define LOOK 6.0

#define N_BANDS 4
static const gdouble bands[N_BANDS] = { 0.12, 0.25, 0.5, 1.0 };

typedef enum
{
  VIEW_DARKNESS,
  VIEW_RED,
  VIEW_BROWN,
  N_VIEWS
} View;

/* Deviations that the eye does not notice anyway, in density. */
static const gdouble eye[N_VIEWS]
    = { [VIEW_DARKNESS] = 0.011, [VIEW_RED] = 0.022, [VIEW_BROWN] = 0.025 };

static View
view_of (PockmarkClass klass)
{
  switch (klass)
    {
    case POCKMARK_RED_MARK:
      return VIEW_RED;
    case POCKMARK_BROWN_MARK:
      return VIEW_BROWN;
    default:
      return VIEW_DARKNESS;
    }
}

static gint
band_of (gdouble width)
{
  gint i = 0;

  while (i < N_BANDS - 1 && bands[i] * 1.41 < width / 6.0)
    i++;
  return i;
}

static gfloat
see (const gfloat *rgb,
     View          view)
{
  gfloat d[3];
  gint   c;

  for (c = 0; c < 3; c++)
    d[c] = -logf (MAX (rgb[c], 1e-3f));
  switch (view)
    {
    case VIEW_RED:
      return d[1] - d[0];
    case VIEW_BROWN:
      return d[2] - d[0];
    default:
      return (d[0] + d[1] + d[2]) / 3.0f;
    }
}

/* One view through one band; other, where given, is taken away. */
static PockmarkPlane *
band (const gfloat *scene,
      const gfloat *other,
      gint          width,
      gint          height,
      View          view,
      gdouble       sigma,
      GError      **error)
{
  PockmarkPlane *plane = pockmark_plane_new (width, height, error);
  g_autoptr (PockmarkPlane) wide = NULL;
  gsize          i, n = (gsize) width * height;

  if (! plane)
    return NULL;
  for (i = 0; i < n; i++)
    plane->data[i] = see (scene + 3 * i, view)
                     - (other ? see (other + 3 * i, view) : 0.0f);
  wide = phantom_field_copy (plane, error);
  if (! wide || ! phantom_field_blur (plane, sigma, error)
      || ! phantom_field_blur (wide, 4.0 * sigma, error))
    {
      pockmark_plane_free (plane);
      return NULL;
    }
  for (i = 0; i < n; i++)
    plane->data[i] -= wide->data[i];
  return plane;
}

/* Root mean square within a radius, all in pixels. */
static gdouble
strength_around (const PockmarkPlane *plane,
                 gdouble              x,
                 gdouble              y,
                 gdouble              radius)
{
  gint    x0 = MAX ((gint) (x - radius), 0);
  gint    x1 = MIN ((gint) (x + radius) + 1, plane->width - 1);
  gint    y0 = MAX ((gint) (y - radius), 0);
  gint    y1 = MIN ((gint) (y + radius) + 1, plane->height - 1);
  gdouble sum = 0.0;
  gint    n = 0, px, py;

  for (py = y0; py <= y1; py++)
    for (px = x0; px <= x1; px++)
      if (hypot (px + 0.5 - x, py + 0.5 - y) <= radius)
        {
          gdouble v = plane->data[(gsize) py * plane->width + px];

          sum += v * v;
          n++;
        }
  return n ? sqrt (sum / n) : 0.0;
}

typedef struct
{
  GArray       *plan;
  const gfloat *with;
  const gfloat *without;
  gint          width;
  gint          height;
  gdouble       scale;
} Look;

static gboolean
look_through (const Look *look,
              View        view,
              gint        which,
              GError    **error)
{
  g_autoptr (PockmarkPlane) signal = NULL;
  g_autoptr (PockmarkPlane) noise = NULL;
  guint i;

  for (i = 0; i < look->plan->len; i++)
    {
      PhantomFeature *feature
          = &g_array_index (look->plan, PhantomFeature, i);
      gdouble x = feature->x * look->scale, y = feature->y * look->scale;
      gdouble radius = 0.5 * feature->width * look->scale;
      gdouble s, n;

      if (feature->kind != PHANTOM_LESION || view_of (feature->klass) != view
          || band_of (feature->width) != which)
        continue;
      if (! signal)
        {
          gdouble sigma = bands[which] * look->scale;

          signal = band (look->with, look->without, look->width,
                         look->height, view, sigma, error);
          noise = signal ? band (look->without, NULL, look->width,
                                 look->height, view, sigma, error)
                         : NULL;
          if (! noise)
            return FALSE;
        }
      s = strength_around (signal, x, y, MAX (radius, 1.0));
      n = strength_around (noise, x, y, 3.0 * radius + 3.0);
      feature->visibility = s / hypot (n, eye[view]);
    }
  return TRUE;
}

static gfloat *
small_scene (const PhantomSettings *settings,
             const GArray          *plan,
             GError               **error)
{
  g_autoptr (PhantomSkin) skin
      = phantom_skin_new (settings, plan, settings->pixels_per_mm,
                          settings->width, settings->height, error);
  gfloat *scene = NULL;

  if (skin && ! phantom_scene (settings, skin, plan, NULL, &scene, error))
    return NULL;
  return scene;
}

gboolean
phantom_visibility (const PhantomSettings *settings,
                    GArray                *plan,
                    gfloat               **without,
                    GError               **error)
{
  g_autoptr (GArray) others
      = g_array_new (FALSE, FALSE, sizeof (PhantomFeature));
  g_autofree gfloat *with = NULL;
  PhantomSettings    small = *settings;
  Look               look = { .plan = plan };
  gdouble            scale = MIN (LOOK, settings->pixels_per_mm);
  gint               view, which;
  guint              i;

  small.width = MAX (settings->width * scale / settings->pixels_per_mm, 8);
  small.height = MAX (settings->height * scale / settings->pixels_per_mm, 8);
  small.pixels_per_mm = scale;
  for (i = 0; i < plan->len; i++)
    if (g_array_index (plan, PhantomFeature, i).kind != PHANTOM_LESION)
      g_array_append_val (others, g_array_index (plan, PhantomFeature, i));
  with = small_scene (&small, plan, error);
  if (with && ! *without)
    *without = small_scene (&small, others, error);
  if (! with || ! *without)
    return FALSE;
  look.with = with;
  look.without = *without;
  look.width = small.width;
  look.height = small.height;
  look.scale = scale;
  for (view = 0; view < N_VIEWS; view++)
    for (which = 0; which < N_BANDS; which++)
      if (! look_through (&look, view, which, error))
        return FALSE;
  return TRUE;
}
