/* The files that one photograph gives, all of them or none
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "file-replace.h"
#include "outputs.h"
#include "pockmark.h"
#include "report.h"

typedef struct
{
  gchar *name;
  GFile *place;
  GFile *written; /* NULL once moved */
} Output;

struct _Outputs
{
  GFile     *folder;
  gboolean   overwrite;
  GPtrArray *files; /* of Output */
};

static void
output_free (gpointer data)
{
  Output *output = data;

  if (output->written != NULL)
    g_unlink (g_file_peek_path (output->written));
  g_clear_object (&output->written);
  g_object_unref (output->place);
  g_free (output->name);
  g_free (output);
}

Outputs *
outputs_new (GFile *folder, gboolean overwrite)
{
  Outputs *outputs = g_new0 (Outputs, 1);

  outputs->folder = g_object_ref (folder);
  outputs->overwrite = overwrite;
  outputs->files = g_ptr_array_new_with_free_func (output_free);

  return outputs;
}

GFile *
outputs_add (Outputs      *outputs,
             const gchar  *name,
             OutputsOwner  owner,
             gpointer      user_data,
             GError      **error)
{
  g_autoptr (GFile) hidden = g_file_get_child (outputs->folder,
                                               OUTPUTS_HIDDEN);
  g_autoptr (GFile) place = g_file_get_child (outputs->folder, name);
  Output           *output;

  if (!outputs->overwrite && g_file_query_exists (place, NULL)
      && !owner (place, user_data))
    {
      report_refuse_foreign (place, error);
      return NULL;
    }

  output = g_new0 (Output, 1);
  output->name = g_strdup (name);
  output->place = g_steal_pointer (&place);
  output->written = g_file_get_child (hidden, name);
  g_ptr_array_add (outputs->files, output);

  return output->written;
}

void
outputs_each (Outputs *outputs, OutputsEach each, gpointer user_data)
{
  for (guint i = 0; i < outputs->files->len; i++)
    {
      Output  *output = g_ptr_array_index (outputs->files, i);
      GFile   *file = output->written != NULL ? output->written
                                              : output->place;
      GStatBuf status;

      if (g_stat (g_file_peek_path (file), &status) == 0)
        each (output->name, status.st_size, user_data);
    }
}

gboolean
outputs_commit (Outputs *outputs, GError **error)
{
  for (guint i = 0; i < outputs->files->len; i++)
    {
      Output *output = g_ptr_array_index (outputs->files, i);

      if (!file_replace_end (output->place,
                             g_file_peek_path (output->written), TRUE, error))
        return FALSE;
      g_clear_object (&output->written);
    }

  return TRUE;
}

void
outputs_free (Outputs *outputs)
{
  g_ptr_array_unref (outputs->files);
  g_object_unref (outputs->folder);
  g_free (outputs);
}
