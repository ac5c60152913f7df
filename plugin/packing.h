/* Whole numbers and text packed into few bytes
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers are written seven bits a byte, the lowest first; the eighth bit says
 * that more follow.  All of it is deflated at the end.
 */

#ifndef POCKMARK_PACKING_H
#define POCKMARK_PACKING_H

#include <gio/gio.h>

void packing_put        (GByteArray *packing, guint64 value);
/* Small numbers of either sign take little room. */
void packing_put_signed (GByteArray *packing, gint64 value);
void packing_put_float  (GByteArray *packing, gfloat value);

/* The bytes deflated; takes packing. */
GBytes *packing_finish (GByteArray *packing);

/* Bytes that come from anyone's file: what is missing or makes no sense reads
 * as 0 and sets failed. */
typedef struct
{
  GByteArray *bytes;
  gsize       at;
  gboolean    failed;
} Unpacking;

/* FALSE where the bytes were not made by packing_finish (). */
gboolean unpacking_init  (Unpacking *unpacking, gconstpointer data, gsize size);
void     unpacking_clear (Unpacking *unpacking);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Unpacking, unpacking_clear)

/* A number in min ... max. */
gint64 unpacking_get        (Unpacking *unpacking, gint64 min, gint64 max);
gint64 unpacking_get_signed (Unpacking *unpacking, gint64 min, gint64 max);
/* A number in 0 ... 1. */
gfloat unpacking_get_share  (Unpacking *unpacking);

#endif
