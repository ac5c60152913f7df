/* Pockmark: measures the shapes of a label picture, for test-oracle.py
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 *   measure-shapes FILE WIDTH HEIGHT
 *
 * FILE holds one native 32-bit integer for each pixel, the number of its shape
 * or 0.  Prints a line of figures for each shape, named in the first.
 */

#include <stdio.h>
#include <stdlib.h>

#include "pockmark-core.h"

static gfloat *
map_from_labels (const gchar *file,
                 gsize        n)
{
  g_autofree gchar *bytes = NULL;
  gfloat           *map;
  gsize             length, i;

  if (! g_file_get_contents (file, &bytes, &length, NULL)
      || length != n * sizeof (gint32))
    return NULL;
  map = g_new0 (gfloat, 4 * n);
  for (i = 0; i < n; i++)
    {
      const gint32 number = ((const gint32 *) bytes)[i];

      map[4 * i] = (gfloat) number;
      map[4 * i + 1] = number > 0 ? POCKMARK_CRATER : POCKMARK_NONE;
      map[4 * i + 2] = number > 0;
      map[4 * i + 3] = 1.0f;
    }
  return map;
}

static void
print_lesions (const GArray *lesions)
{
  guint i;

  puts ("number,area,x,y,bx,by,width,height,perimeter,major,minor,angle,feret,"
        "circularity,solidity");
  for (i = 0; i < lesions->len; i++)
    {
      const PockmarkLesion *l = &g_array_index (lesions, PockmarkLesion, i);

      printf ("%u,%.12g,%.12g,%.12g,%d,%d,%d,%d,%.12g,%.12g,%.12g,%.12g,%.12g,"
              "%.12g,%.12g\n",
              l->number, l->area, l->x, l->y, l->box.x, l->box.y, l->box.width,
              l->box.height, l->perimeter, l->major, l->minor, l->angle,
              l->feret, l->circularity, l->solidity);
    }
}

int
main (int    argc,
      char **argv)
{
  const gint         width = argc == 4 ? atoi (argv[2]) : 0;
  const gint         height = argc == 4 ? atoi (argv[3]) : 0;
  const gsize        n = (gsize) width * (gsize) height;
  g_autofree gfloat *map = n > 0 ? map_from_labels (argv[1], n) : NULL;
  g_autofree gfloat *grey = NULL;
  g_autoptr (GArray) lesions = NULL;
  PockmarkParameters parameters;
  PockmarkPixels     pixels[2];
  PockmarkSource     sources[2];
  gsize              i;

  if (! map)
    return 2;
  grey = g_new (gfloat, 4 * n);
  for (i = 0; i < 4 * n; i++)
    grey[i] = i % 4 == 3 ? 1.0f : 0.5f;
  pixels[0] = (PockmarkPixels) { width, height, map };
  pixels[1] = (PockmarkPixels) { width, height, grey };
  for (i = 0; i < 2; i++)
    sources[i] = pockmark_source_from_pixels (&pixels[i]);

  pockmark_parameters_init (&parameters);
  lesions = pockmark_measure (&sources[0], &sources[1], &parameters, NULL, NULL);
  if (! lesions)
    return 1;
  print_lesions (lesions);
  return 0;
}
