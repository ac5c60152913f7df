/* Photographs of rulers on skin, and of what only looks like one, for tests
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "colour.h"
#include "phantom-private.h"
#include "ruler-scene.h"

#define SAMPLES 3   /* squared: of each pixel */
#define DISTANCE 400.0 /* of the camera, mm */

/* What is drawn where, in mm of the ruler. */
typedef struct
{
  gdouble breadth;
  gdouble tick;      /* length of the common tick */
  gdouble five;      /* and how much longer the others are */
  gdouble ten;
  gdouble line;      /* width of a tick */
  gdouble edge;      /* from the ruler's edge to the ticks */
  gdouble figure;    /* height of the figures */
  gboolean base;     /* a line along the feet of the ticks */
  gboolean second;   /* ticks at the other edge, too */
  gdouble hide[3];   /* an ellipse: centre along, half axes */
} Print;

/* From the picture to the plane of the ruler and back. */
typedef struct
{
  gdouble cx, cy;    /* pixels: where the ruler's middle is */
  gdouble scale;
  gdouble c, s;      /* turn */
  gdouble tx, ty;    /* slope of the plane towards the camera */
} View;

void
scene_init (Scene    *scene,
            SceneKind kind,
            guint     number)
{
  PhantomRandom random;

  phantom_random_init (&random, 1000 * kind + number, 77);
  scene->kind = kind;
  scene->seed = phantom_random_bits (&random);
  scene->material = number % 4;
  scene->tone = number % 6;
  scene->width = (gint) phantom_random_uniform (&random, 1000, 1800);
  scene->height = (gint) phantom_random_uniform (&random, 800, 1300);
  scene->scale = phantom_random_log (&random, 7.0, 26.0);
  scene->angle = phantom_random_uniform (&random, 0.0, 360.0);
  if (number % 3 == 0)
    scene->angle = 90.0 * floor (scene->angle / 90.0)
                   + phantom_random_uniform (&random, -2.0, 2.0);
  scene->tilt = phantom_random_uniform (&random, 0.0, 10.0);
  scene->length = phantom_random_uniform (&random, 50.0, 150.0);
  scene->blur = phantom_random_uniform (&random, 0.3, 0.09 * scene->scale);
  scene->noise = phantom_random_uniform (&random, 0.0, 4.0);
  scene->jpeg = number % 5 == 0
                    ? 0 : (gint) phantom_random_uniform (&random, 60.0, 95.0);
  scene->hidden = number % 4 == 1;
}

static void
print_init (Print         *print,
            const Scene   *scene,
            PhantomRandom *random)
{
  print->breadth = phantom_random_uniform (random, 9.0, 28.0);
  print->tick = phantom_random_uniform (random, 1.6, 3.4);
  print->five = phantom_random_uniform (random, 1.25, 1.5);
  print->ten = print->five * phantom_random_uniform (random, 1.15, 1.45);
  print->line = phantom_random_uniform (random, 0.12, 0.28);
  print->edge = phantom_random_chance (random, 0.5)
                    ? 0.0 : phantom_random_uniform (random, 0.2, 1.5);
  print->figure = phantom_random_uniform (random, 1.8, 3.0);
  print->base = phantom_random_chance (random, 0.3);
  print->second = phantom_random_chance (random, 0.3)
                  && print->breadth > 20.0;
  if (scene->kind == SCENE_HALVES)
    print->line = phantom_random_uniform (random, 0.08, 0.14);
  print->hide[0] = phantom_random_uniform (random, -0.3, 0.3) * scene->length;
  print->hide[1] = phantom_random_uniform (random, 0.05, 0.13) * scene->length;
  print->hide[2] = phantom_random_uniform (random, 0.5, 1.0) * print->breadth;
}

static void
view_init (View          *view,
           const Scene   *scene,
           PhantomRandom *random)
{
  const gdouble turn = phantom_random_uniform (random, 0.0, 2.0 * G_PI);
  const gdouble slope = tan (scene->tilt * G_PI / 180.0);

  view->scale = scene->scale;
  view->c = cos (scene->angle * G_PI / 180.0);
  view->s = sin (scene->angle * G_PI / 180.0);
  view->cx = scene->width * phantom_random_uniform (random, 0.3, 0.7);
  view->cy = scene->height * phantom_random_uniform (random, 0.3, 0.7);
  view->tx = slope * cos (turn);
  view->ty = slope * sin (turn);
}

/* A plane z = tx x + ty y seen from DISTANCE: x' = x / (1 + z / DISTANCE). */
static void
view_to_picture (const View *view,
                 gdouble     along,
                 gdouble     across,
                 gdouble    *x,
                 gdouble    *y)
{
  const gdouble px = along * view->c - across * view->s;
  const gdouble py = along * view->s + across * view->c;
  const gdouble w = 1.0 + (view->tx * px + view->ty * py) / DISTANCE;

  *x = view->cx + view->scale * px / w;
  *y = view->cy + view->scale * py / w;
}

static void
view_to_ruler (const View *view,
               gdouble     x,
               gdouble     y,
               gdouble    *along,
               gdouble    *across)
{
  const gdouble qx = (x - view->cx) / view->scale;
  const gdouble qy = (y - view->cy) / view->scale;
  const gdouble w
      = 1.0 / (1.0 - (view->tx * qx + view->ty * qy) / DISTANCE);

  *along = w * (qx * view->c + qy * view->s);
  *across = w * (-qx * view->s + qy * view->c);
}

/* ---- The print ---------------------------------------------------------- */

/* Seven segments, from the top clockwise, the middle last. */
static gboolean
in_figure (gint    digit,
           gdouble x,
           gdouble y,
           gdouble height)
{
  static const guint8 lit[10] = { 0x3f, 0x06, 0x5b, 0x4f, 0x66,
                                  0x6d, 0x7d, 0x07, 0x7f, 0x6f };
  const gdouble w = 0.55 * height, pen = 0.07 * height;
  const gdouble ends[7][4] = {
    { 0, 0, w, 0 }, { w, 0, w, 0.5 * height },
    { w, 0.5 * height, w, height }, { 0, height, w, height },
    { 0, 0.5 * height, 0, height }, { 0, 0, 0, 0.5 * height },
    { 0, 0.5 * height, w, 0.5 * height } };
  gint i;

  for (i = 0; i < 7; i++)
    if (lit[digit] & 1 << i)
      {
        const gdouble *e = ends[i];

        if (x > e[0] - pen && x < e[2] + pen && y > e[1] - pen
            && y < e[3] + pen)
          return TRUE;
      }
  return FALSE;
}

/* The length of tick number i, 0 for none; *pitch: mm between two. */
static gdouble
tick_length (const Scene *scene,
             const Print *print,
             gint         i)
{
  const gdouble t = print->tick;

  switch (scene->kind)
    {
    case SCENE_HALVES:
      return i % 20 == 0 ? t * print->ten
             : i % 10 == 0 ? t * print->five : i % 2 == 0 ? t : 0.6 * t;
    case SCENE_TENS:
      return i % 10 == 0 ? t * print->ten : t;
    case SCENE_CENTIMETRES:
      return t * print->ten;
    case SCENE_EQUAL:
      return t;
    case SCENE_INCHES:
      return i % 16 == 0 ? 2.2 * t
             : i % 8 == 0 ? 1.8 * t : i % 4 == 0 ? 1.45 * t
             : i % 2 == 0 ? 1.2 * t : t;
    default:
      return i % 10 == 0 ? t * print->ten : i % 5 == 0 ? t * print->five : t;
    }
}

static gdouble
tick_pitch (const Scene *scene)
{
  return scene->kind == SCENE_HALVES        ? 0.5
         : scene->kind == SCENE_CENTIMETRES ? 10.0
         : scene->kind == SCENE_INCHES      ? 25.4 / 16.0
                                            : 1.0;
}

static gboolean
in_ticks (const Scene *scene,
          const Print *print,
          gdouble      along,
          gdouble      down)
{
  const gdouble pitch = tick_pitch (scene);
  const gint    i = (gint) floor (along / pitch + 0.5);

  if (down < 0.0 || i < 0 || i * pitch > scene->length - 1.0)
    return FALSE;
  return fabs (along - i * pitch) < 0.5 * print->line
         && down < tick_length (scene, print, i);
}

static gboolean
in_print (const Scene *scene,
          const Print *print,
          gdouble      along,
          gdouble      across)
{
  const gdouble start = along + 0.5 * scene->length - 2.0;
  const gdouble down = across + 0.5 * print->breadth - print->edge;
  const gdouble up = 0.5 * print->breadth - across - print->edge;
  const gdouble below = down - 1.15 * print->ten * print->tick;
  const gdouble cycle = scene->kind == SCENE_INCHES ? 25.4 : 10.0;
  const gint    number = (gint) floor (start / cycle + 0.5);
  const gdouble left = start - number * cycle + 0.27 * print->figure;

  if (in_ticks (scene, print, start, down)
      || (print->second && in_ticks (scene, print, start, up)))
    return TRUE;
  if (print->base && fabs (down) < 0.5 * print->line && start > -1.0)
    return TRUE;
  return number >= 0 && below > -0.2 && below < print->figure + 0.5
         && in_figure (number % 10, left, below, print->figure);
}

/* ---- Skin and what lies on it ------------------------------------------- */

static const gfloat tones[6][3] = {
  { 0.62f, 0.44f, 0.36f }, { 0.50f, 0.32f, 0.24f }, { 0.38f, 0.22f, 0.15f },
  { 0.25f, 0.13f, 0.08f }, { 0.13f, 0.065f, 0.04f }, { 0.06f, 0.03f, 0.022f }
};

static void
paint_skin (const Scene   *scene,
            gfloat        *rgba,
            PhantomRandom *random)
{
  const gdouble fx = phantom_random_uniform (random, 0.5, 2.0) / scene->width;
  const gdouble fy = phantom_random_uniform (random, 0.5, 2.0) / scene->height;
  gint          x, y, c;

  for (y = 0; y < scene->height; y++)
    for (x = 0; x < scene->width; x++)
      {
        gfloat *p = rgba + 4 * ((gsize) y * scene->width + x);
        gfloat  grain = phantom_hash_normal (scene->seed, x / 3, y / 3);
        gfloat  light = (gfloat) (0.8 + 0.3 * sin (3.0 * (x * fx + y * fy)))
                       * (1.0f + 0.03f * grain);

        for (c = 0; c < 3; c++)
          p[c] = light * tones[scene->tone][c];
        p[3] = 1.0f;
      }
}

/* A short dark line, in pixels. */
static void
paint_hair (const Scene   *scene,
            gfloat        *rgba,
            gdouble        x,
            gdouble        y,
            gdouble        angle,
            gdouble        length,
            gdouble        width)
{
  gdouble t, w;
  gint    c;

  for (t = 0.0; t < length; t += 0.5)
    for (w = -0.5 * width; w <= 0.5 * width; w += 0.5)
      {
        gint px = (gint) (x + t * cos (angle) - w * sin (angle));
        gint py = (gint) (y + t * sin (angle) + w * cos (angle));

        if (px >= 0 && py >= 0 && px < scene->width && py < scene->height)
          for (c = 0; c < 3; c++)
            rgba[4 * ((gsize) py * scene->width + px) + c] = 0.015f;
      }
}

static void
paint_hairs (const Scene   *scene,
             gfloat        *rgba,
             gint           n,
             PhantomRandom *random)
{
  const gdouble mean = phantom_random_uniform (random, 0.0, G_PI);

  for (; n > 0; n--)
    paint_hair (scene, rgba,
                phantom_random_uniform (random, 0.0, scene->width),
                phantom_random_uniform (random, 0.0, scene->height),
                mean + 0.25 * phantom_random_normal (random),
                phantom_random_uniform (random, 0.4, 3.0) * scene->scale,
                MAX (0.09 * scene->scale, 1.0));
}

/* Lines of figures. */
static gboolean
in_text (const Scene *scene,
         gdouble      along,
         gdouble      across)
{
  const gdouble height = 2.4, advance = 2.0, line = 4.5;
  const gint    row = (gint) floor (across / line);
  const gint    column = (gint) floor (along / advance);
  const guint64 hash = phantom_hash (scene->seed, column, row);

  return hash % 6 != 0
         && in_figure ((gint) (hash / 8 % 10), along - column * advance - 0.2,
                       across - row * line - 0.5, height);
}

static gfloat
pattern (const Scene *scene,
         gdouble      along,
         gdouble      across)
{
  const gdouble weave = 0.5 + 0.25 * sin (2.0 * G_PI * along / 1.1)
                        + 0.25 * sin (2.0 * G_PI * across / 0.9);
  guint64       hash;

  switch (scene->kind)
    {
    case SCENE_TEXT:
      return in_text (scene, along, across) ? 0.02f : 0.8f;
    case SCENE_STRIPES:
      return sin (2.0 * G_PI * along / 1.7) > 0.3 ? 0.1f : 0.6f;
    case SCENE_WEAVE:
      return (gfloat) (0.15 + 0.5 * weave);
    default: /* a barcode's bars are as wide as they like */
      hash = phantom_hash (scene->seed, (gint) floor (along / 0.5), 0);
      return fabs (across) < 6.0 && hash % 2 ? 0.03f : 0.8f;
    }
}

/* What a point of the ruler's plane looks like over rgb. */
static void
shade_point (const Scene *scene,
             const Print *print,
             gdouble      along,
             gdouble      across,
             gfloat       rgb[3])
{
  static const gfloat paper[4][3] = { { 0.80f, 0.80f, 0.78f },
                                      { 0.03f, 0.03f, 0.03f },
                                      { 0.75f, 0.60f, 0.12f },
                                      { 0.0f, 0.0f, 0.0f } };
  gboolean printed;
  gint     c;

  if (fabs (along) > 0.5 * scene->length
      || fabs (across) > 0.5 * print->breadth)
    return;
  if (scene->kind >= SCENE_SKIN)
    {
      for (c = 0; c < 3; c++)
        rgb[c] = pattern (scene, along, across);
      return;
    }
  if (scene->hidden
      && pow ((along - print->hide[0]) / print->hide[1], 2.0)
                 + pow (across / print->hide[2], 2.0)
             < 1.0)
    return;

  printed = in_print (scene, print, along, across);
  for (c = 0; c < 3; c++)
    if (scene->material == SCENE_CLEAR)
      rgb[c] = printed ? 0.01f : 0.85f * rgb[c] + 0.03f;
    else
      rgb[c] = printed ? (scene->material == SCENE_BLACK ? 0.75f : 0.02f)
                       : paper[scene->material][c];
}

static void
lay_ruler (const Scene *scene,
           const Print *print,
           const View  *view,
           gfloat      *rgba)
{
  gint x, y, i, j, c;

  for (y = 0; y < scene->height; y++)
    for (x = 0; x < scene->width; x++)
      {
        gfloat *p = rgba + 4 * ((gsize) y * scene->width + x);
        gfloat  sum[3] = { 0 };
        gdouble along, across;

        view_to_ruler (view, x + 0.5, y + 0.5, &along, &across);
        if (fabs (along) > 0.5 * scene->length + 1.0
            || fabs (across) > 0.5 * print->breadth + 1.0)
          continue;
        for (j = 0; j < SAMPLES; j++)
          for (i = 0; i < SAMPLES; i++)
            {
              gfloat rgb[3] = { p[0], p[1], p[2] };

              view_to_ruler (view, x + (i + 0.5) / SAMPLES,
                             y + (j + 0.5) / SAMPLES, &along, &across);
              shade_point (scene, print, along, across, rgb);
              for (c = 0; c < 3; c++)
                sum[c] += rgb[c] / (SAMPLES * SAMPLES);
            }
        for (c = 0; c < 3; c++)
          p[c] = sum[c];
      }
}

/* ---- The camera --------------------------------------------------------- */

static void
blur (const Scene *scene,
      gfloat      *rgba)
{
  g_autoptr (PockmarkPlane) plane
      = pockmark_plane_new (scene->width, scene->height, NULL);
  const gsize n = (gsize) scene->width * scene->height;
  gsize       i;
  gint        c;

  for (c = 0; c < 3; c++)
    {
      for (i = 0; i < n; i++)
        plane->data[i] = rgba[4 * i + c];
      g_assert_true (phantom_field_blur (plane, scene->blur, NULL));
      for (i = 0; i < n; i++)
        rgba[4 * i + c] = plane->data[i];
    }
}

static gfloat
encode (gfloat linear)
{
  return linear <= 0.0031308f ? 12.92f * linear
                              : 1.055f * powf (linear, 1.0f / 2.4f) - 0.055f;
}

static void
expose (const Scene *scene,
        gfloat      *rgba)
{
  const gsize        n = (gsize) scene->width * scene->height;
  g_autofree guint8 *rgb = g_new (guint8, 3 * n);
  gsize              i;
  gint               c;

  for (i = 0; i < n; i++)
    for (c = 0; c < 3; c++)
      {
        gfloat v = 255.0f * encode (CLAMP (rgba[4 * i + c], 0.0f, 1.0f))
                   + (gfloat) scene->noise
                         * phantom_hash_normal (scene->seed + c,
                                                (gint) (i % scene->width),
                                                (gint) (i / scene->width));

        rgb[3 * i + c] = (guint8) CLAMP (v + 0.5f, 0.0f, 255.0f);
      }
  if (scene->jpeg)
    g_assert_true (phantom_jpeg (rgb, scene->width, scene->height,
                                 scene->jpeg, NULL));
  for (i = 0; i < n; i++)
    for (c = 0; c < 3; c++)
      rgba[4 * i + c] = pockmark_linear_from_srgb (rgb[3 * i + c] / 255.0f);
}

/* Over the ticks that are inside the picture. */
static gdouble
find_truth (const Scene *scene,
            const Print *print,
            const View  *view)
{
  const gdouble across = print->edge - 0.5 * print->breadth;
  gdouble       first[2] = { 0, 0 }, last[2] = { 0, 0 };
  gint          mm, from = -1, to = -1;

  for (mm = 0; mm < scene->length - 1.0; mm++)
    {
      gdouble x, y;

      view_to_picture (view, mm + 2.0 - 0.5 * scene->length, across, &x, &y);
      if (x < 0.0 || y < 0.0 || x >= scene->width || y >= scene->height)
        continue;
      if (from < 0)
        {
          from = mm;
          first[0] = x;
          first[1] = y;
        }
      to = mm;
      last[0] = x;
      last[1] = y;
    }
  if (to - from < 15)
    return 0.0;
  return hypot (last[0] - first[0], last[1] - first[1]) / (to - from);
}

gfloat *
scene_render (const Scene *scene,
              gdouble     *truth)
{
  gfloat       *rgba
      = g_new (gfloat, 4 * (gsize) scene->width * scene->height);
  PhantomRandom random;
  Print         print;
  View          view;

  phantom_random_init (&random, scene->seed, 5);
  print_init (&print, scene, &random);
  if (scene->kind > SCENE_STUBBLE)
    print.breadth = 40.0;
  view_init (&view, scene, &random);
  paint_skin (scene, rgba, &random);
  paint_hairs (scene, rgba, scene->kind == SCENE_STUBBLE ? 4000 : 60, &random);
  if (scene->kind != SCENE_SKIN && scene->kind != SCENE_STUBBLE)
    lay_ruler (scene, &print, &view, rgba);
  blur (scene, rgba);
  expose (scene, rgba);
  *truth = scene->kind < SCENE_SKIN ? find_truth (scene, &print, &view) : 0.0;

  return rgba;
}
