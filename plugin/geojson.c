/* Outlines and measurements as GeoJSON (RFC 7946), in pixels
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include <json-glib/json-glib.h>

#include "file-replace.h"
#include "geojson.h"
#include "polygon.h"

/* What every file of ours begins with. */
#define GEOJSON_START "{\"type\":\"FeatureCollection\",\"generator\":\"Pockmark"

static void
add_ring (JsonBuilder *json, const PockmarkRing *ring)
{
  json_builder_begin_array (json);
  for (guint i = 0; i <= ring->points->len; i++)
    {
      const PockmarkPoint *p = &g_array_index (ring->points, PockmarkPoint,
                                               i % ring->points->len);

      json_builder_begin_array (json);
      json_builder_add_int_value (json, p->x);
      json_builder_add_int_value (json, p->y);
      json_builder_end_array (json);
    }
  json_builder_end_array (json);
}

/* One outer ring and the holes in it. */
static void
add_polygon (JsonBuilder *json, const GPtrArray *rings, guint outer)
{
  json_builder_begin_array (json);
  add_ring (json, g_ptr_array_index (rings, outer));
  for (guint i = 0; i < rings->len; i++)
    {
      const PockmarkRing *ring = g_ptr_array_index (rings, i);

      if (ring->hole
          && polygon_encloses (g_ptr_array_index (rings, outer), ring))
        add_ring (json, ring);
    }
  json_builder_end_array (json);
}

static void
add_geometry (JsonBuilder *json, const GPtrArray *rings)
{
  json_builder_set_member_name (json, "geometry");
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "type");
  json_builder_add_string_value (json, "MultiPolygon");
  json_builder_set_member_name (json, "coordinates");
  json_builder_begin_array (json);
  for (guint i = 0; i < rings->len; i++)
    if (!((PockmarkRing *) g_ptr_array_index (rings, i))->hole)
      add_polygon (json, rings, i);
  json_builder_end_array (json);
  json_builder_end_object (json);
}

/* Unknown figures are left out: JSON has no name for them. */
static void
add_figure (JsonBuilder *json, const gchar *name, gdouble value)
{
  if (!isfinite (value))
    return;

  json_builder_set_member_name (json, name);
  json_builder_add_double_value (json, round (value * 1e4) / 1e4);
}

static void
add_measurements (JsonBuilder *json, const PockmarkLesion *lesion)
{
  json_builder_set_member_name (json, "measurements");
  json_builder_begin_object (json);
  add_figure (json, "Confidence", lesion->confidence);
  add_figure (json, "X", lesion->x);
  add_figure (json, "Y", lesion->y);
  add_figure (json, "Area", lesion->area);
  add_figure (json, "Perim.", lesion->perimeter);
  add_figure (json, "Major", lesion->major);
  add_figure (json, "Minor", lesion->minor);
  add_figure (json, "Angle", lesion->angle);
  add_figure (json, "Feret", lesion->feret);
  add_figure (json, "Circ.", lesion->circularity);
  add_figure (json, "Solidity", lesion->solidity);
  add_figure (json, "Diameter (mm)", lesion->diameter_mm);
  add_figure (json, "Area (mm2)", lesion->area_mm2);
  add_figure (json, "Hemoglobin", lesion->hemoglobin);
  add_figure (json, "Melanin", lesion->melanin);
  add_figure (json, "Relief", lesion->relief);
  add_figure (json, "a*", lesion->a_star);
  add_figure (json, "L*", lesion->l_star);
  json_builder_end_object (json);
}

static void
add_properties (JsonBuilder *json, const PockmarkLesion *lesion)
{
  const gfloat     *colour = pockmark_class_colour (lesion->klass);
  g_autofree gchar *name = g_strdup_printf ("%u", lesion->number);
  g_autofree gchar *flags = report_flag_words (lesion->flags);

  json_builder_set_member_name (json, "properties");
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "objectType");
  json_builder_add_string_value (json, "annotation");
  json_builder_set_member_name (json, "name");
  json_builder_add_string_value (json, name);
  json_builder_set_member_name (json, "classification");
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "name");
  json_builder_add_string_value (json, pockmark_class_word (lesion->klass));
  json_builder_set_member_name (json, "color");
  json_builder_begin_array (json);
  for (guint i = 0; i < 3; i++)
    json_builder_add_int_value (json, lrintf (255.0f * colour[i]));
  json_builder_end_array (json);
  json_builder_end_object (json);
  add_measurements (json, lesion);
  json_builder_set_member_name (json, "metadata");
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "Flags");
  json_builder_add_string_value (json, flags);
  json_builder_end_object (json);
  json_builder_end_object (json);
}

static gboolean
add_feature (JsonBuilder          *json,
             GeglBuffer           *map,
             const PockmarkLesion *lesion,
             GError              **error)
{
  g_autoptr (GPtrArray) traced = polygon_trace (map, lesion, error);
  g_autoptr (GPtrArray) rings = NULL;

  if (traced == NULL)
    return FALSE;

  rings = polygon_part (traced);
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "type");
  json_builder_add_string_value (json, "Feature");
  json_builder_set_member_name (json, "id");
  json_builder_add_int_value (json, lesion->number);
  add_geometry (json, rings);
  add_properties (json, lesion);
  json_builder_end_object (json);

  return TRUE;
}

/* Members that RFC 7946, 6.1 lets a file add: what it is about and how it came
 * to be. */
static void
add_provenance (JsonBuilder *json, const Account *account)
{
  g_auto (GStrv) pairs = g_strsplit (account->parameters, ";", -1);

  json_builder_set_member_name (json, "generator");
  json_builder_add_string_value (json, "Pockmark " POCKMARK_VERSION);
  json_builder_set_member_name (json, "photograph");
  json_builder_add_string_value (json, account->input->name);
  json_builder_set_member_name (json, "width");
  json_builder_add_int_value (json, account->input->width);
  json_builder_set_member_name (json, "height");
  json_builder_add_int_value (json, account->input->height);
  json_builder_set_member_name (json, "parameters");
  json_builder_begin_object (json);
  for (gsize i = 0; pairs[i] != NULL; i++)
    {
      gchar *value = strchr (pairs[i], '=');

      if (value == NULL)
        continue;
      *value = '\0';
      json_builder_set_member_name (json, pairs[i]);
      json_builder_add_string_value (json, value + 1);
    }
  json_builder_end_object (json);
}

gboolean
geojson_write (GFile *file, const Account *account, GError **error)
{
  g_autoptr (JsonBuilder)   json = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode)      root = NULL;
  g_autofree gchar         *text = NULL;
  gsize                     length;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "type");
  json_builder_add_string_value (json, "FeatureCollection");
  add_provenance (json, account);
  json_builder_set_member_name (json, "features");
  json_builder_begin_array (json);
  for (guint i = 0; i < account->lesions->len; i++)
    if (!add_feature (json, account->map,
                      &g_array_index (account->lesions, PockmarkLesion, i),
                      error))
      return FALSE;
  json_builder_end_array (json);
  json_builder_end_object (json);

  root = json_builder_get_root (json);
  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, &length);
  return file_replace_text (file, text, length, error);
}

gboolean
geojson_is_ours (GFile *file)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  gchar                        start[sizeof GEOJSON_START - 1];
  gsize                        n = 0;

  return stream != NULL
         && g_input_stream_read_all (G_INPUT_STREAM (stream), start,
                                     sizeof start, &n, NULL, NULL)
         && n == sizeof start
         && memcmp (start, GEOJSON_START, sizeof start) == 0;
}
