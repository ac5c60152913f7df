/* Pockmark: planes of floats and sources
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#ifdef __linux__
#define _DEFAULT_SOURCE /* madvise */
#include <stdlib.h>
#include <sys/mman.h>
#endif

#include <string.h>

#include <glib/gi18n-lib.h>

#include "pockmark-stages.h"

G_DEFINE_QUARK (pockmark-error-quark, pockmark_error)

/* Bytes of a large page; a plane of that size or more asks for such ones:
 * touching fresh memory 4 KiB at a time would take a fifth of a detection's
 * time.  The plane begins where such a page does. */
#define LARGE_PAGE ((gsize) 2 << 20)

/* Memory for so many bytes, to be freed with g_free (), which is the system's;
 * NULL where there is not enough. */
static gpointer
plane_memory (gsize bytes)
{
#if defined (__linux__) && defined (MADV_HUGEPAGE)
  if (bytes >= LARGE_PAGE)
    {
      const gsize whole = bytes / LARGE_PAGE * LARGE_PAGE;
      gpointer    data = aligned_alloc (LARGE_PAGE, whole + LARGE_PAGE);

      /* Only advice: where it is not taken nothing is lost. */
      if (data)
        madvise (data, whole, MADV_HUGEPAGE);
      return data;
    }
#endif
  return g_try_malloc (bytes);
}

static PockmarkPlane *
plane_new (gint     width,
           gint     height,
           gboolean zeroed,
           GError **error)
{
  PockmarkPlane *plane;
  gfloat        *data;
  gsize          n;

  if (width < 1 || height < 1 || width > POCKMARK_MAX_SIDE
      || height > POCKMARK_MAX_SIDE
      || ! g_size_checked_mul (&n, (gsize) width, (gsize) height)
      || n > POCKMARK_MAX_PIXELS)
    {
      pockmark_size_error (width, height, error);
      return NULL;
    }

  data = plane_memory (n * sizeof (gfloat));
  if (data && zeroed)
    memset (data, 0, n * sizeof (gfloat));
  plane = data ? g_try_new (PockmarkPlane, 1) : NULL;
  if (! plane)
    {
      g_free (data);
      g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                   _("There is not enough memory for %d × %d pixels."),
                   width, height);
      return NULL;
    }

  plane->width = width;
  plane->height = height;
  plane->data = data;
  return plane;
}

PockmarkPlane *
pockmark_plane_new (gint     width,
                    gint     height,
                    GError **error)
{
  return plane_new (width, height, TRUE, error);
}

PockmarkPlane *
pockmark_plane_new_raw (gint     width,
                        gint     height,
                        GError **error)
{
  return plane_new (width, height, FALSE, error);
}

void
pockmark_error_keep (GMutex  *mutex,
                     GError **first,
                     GError  *error)
{
  if (! error)
    return;
  g_mutex_lock (mutex);
  if (! *first)
    *first = g_steal_pointer (&error);
  g_mutex_unlock (mutex);
  g_clear_error (&error);
}

gboolean
pockmark_size_error (gint     width,
                     gint     height,
                     GError **error)
{
  g_set_error (error, POCKMARK_ERROR, POCKMARK_ERROR_SIZE,
               _("A picture of %d × %d pixels cannot be worked on: scale it, "
                 "or crop it to the skin."),
               width, height);
  return FALSE;
}

gboolean
pockmark_memory_error (GError **error)
{
  g_set_error_literal (error, POCKMARK_ERROR, POCKMARK_ERROR_MEMORY,
                       _("There is not enough memory for this picture."));
  return FALSE;
}

gboolean
pockmark_array_room (GArray  *array,
                     guint    more,
                     GError **error)
{
  const gsize size = g_array_get_element_size (array);
  const gsize now = size * array->len;
  const gsize then = now + size * more;
  gpointer    probe;

  /* It doubles: most of the time there is room. */
  if (more == 0
      || (now > 0 && g_bit_storage (then - 1) == g_bit_storage (now - 1)))
    return TRUE;
  probe = g_try_malloc ((gsize) 1 << g_bit_storage (then - 1));
  if (! probe)
    return pockmark_memory_error (error);
  g_free (probe);
  return TRUE;
}

void
pockmark_plane_free (PockmarkPlane *plane)
{
  if (plane)
    {
      g_free (plane->data);
      g_free (plane);
    }
}

static gboolean
read_pixels (const PockmarkRect *rect,
             gfloat             *pixels,
             gpointer            user_data,
             GError            **error G_GNUC_UNUSED)
{
  const PockmarkPixels *source = user_data;
  gint                  y;

  for (y = 0; y < rect->height; y++)
    memcpy (pixels + (gsize) y * rect->width * 4,
            source->data
              + ((gsize) (rect->y + y) * source->width + rect->x) * 4,
            (gsize) rect->width * 4 * sizeof (gfloat));
  return TRUE;
}

PockmarkSource
pockmark_source_from_pixels (PockmarkPixels *pixels)
{
  PockmarkSource source = { .width = pixels->width, .height = pixels->height,
                            .read = read_pixels, .user_data = pixels };

  return source;
}
