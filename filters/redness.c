/* Pockmark: pockmark:redness, the redness map
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is skin, and how red the unaffected skin around a place is, depend on
 * the whole picture: found once, kept until picture, scale or the choice of
 * skin change, and used for painting whatever is asked for.
 *
 * Where there is nothing to look at or the core fails, the photograph passes
 * unpainted; as an index (grey) there is then none: transparent.
 */

#include <glib/gi18n-lib.h>

#include "pockmark-operation.h"

#ifdef GEGL_PROPERTIES

#include "properties-skin.h"

enum_start (pockmark_redness_show)
  enum_value (POCKMARK_REDNESS_SHOW_HEAT, "heat", N_("Heat"))
  enum_value (POCKMARK_REDNESS_SHOW_GREY, "grey", N_("Gray"))
  enum_value (POCKMARK_REDNESS_SHOW_CONTOURS, "contours", N_("Contours"))
enum_end (PockmarkRednessShow)

property_enum (show, _("Show"), PockmarkRednessShow, pockmark_redness_show,
               POCKMARK_REDNESS_SHOW_HEAT)
    description (_("Heat lays colors over the photograph, contours draws "
                   "lines of equal redness, gray is the redness index itself, "
                   "brighter where redder."))

property_boolean (relative, _("Relative to the surrounding skin"), TRUE)
    description (_("Show how much redder a place is than the unaffected skin "
                   "around it, instead of how red it is."))

property_double (opacity, _("Opacity"), 0.7)
    description (_("How strongly heat and contours cover the photograph."))
    value_range (0.0, 1.0)
    ui_steps (0.01, 0.1)
    ui_digits (2)
    ui_meta ("sensitive", "! show {grey}")

#else

#define GEGL_OP_FILTER
#define GEGL_OP_NAME pockmark_redness
#define GEGL_OP_C_SOURCE redness.c

#include "gegl-op.h"

G_STATIC_ASSERT ((gint) POCKMARK_REDNESS_SHOW_HEAT
                 == (gint) POCKMARK_SHOW_HEAT);
G_STATIC_ASSERT ((gint) POCKMARK_REDNESS_SHOW_GREY
                 == (gint) POCKMARK_SHOW_GREY);
G_STATIC_ASSERT ((gint) POCKMARK_REDNESS_SHOW_CONTOURS
                 == (gint) POCKMARK_SHOW_CONTOURS);

typedef struct
{
  const PockmarkSkin  *skin;
  PockmarkRednessStyle style;
  PockmarkGeglPicture  photograph;
  GeglBuffer          *output;
  const Babl          *codes; /* of output; NULL: floats */
} Painting;

/* The skin that was found, and in what. */
typedef struct
{
  gboolean      looked; /* FALSE: skin is still to be found */
  PockmarkSkin *skin;   /* NULL: there is nothing to look at */
  GeglRectangle whole;
  gdouble       pixels_per_mm;
  gboolean      whole_is_skin;
} Found;

/* Rows that are painted at a time: small enough for malloc to keep the memory
 * between them. */
#define STRIP 32

/* Colours over a photograph of 8 bits stay 8 bits, a quarter of the memory;
 * the index, which is measured, has floats. */
static void
prepare (GeglOperation *operation)
{
  GeglProperties *o = GEGL_PROPERTIES (operation);
  const Babl     *format = pockmark_gegl_code_format (
      gegl_operation_get_source_format (operation, "input"));

  if (! o->user_data)
    o->user_data = g_new0 (Found, 1);

  if (! format
      || o->show == POCKMARK_REDNESS_SHOW_GREY)
    format = pockmark_operation_colour_format (operation, "input");
  gegl_operation_set_format (operation, "input",
                             pockmark_gegl_photograph_format ());
  gegl_operation_set_format (operation, "output", format);
  pockmark_operation_prepare_cache (operation);
}

static gboolean
paint_strip (const Painting      *painting,
             const GeglRectangle *strip,
             gfloat              *pixels)
{
  const PockmarkGeglPicture *photograph = &painting->photograph;
  const PockmarkRect         rect = { strip->x - photograph->extent.x,
                                      strip->y - photograph->extent.y,
                                      strip->width, strip->height };

  if (! photograph->source.read (&rect, pixels, photograph->source.user_data,
                                 NULL))
    return FALSE;
  pockmark_redness_paint (painting->skin, &painting->style, &rect, pixels,
                          pixels);
  if (painting->codes)
    pockmark_gegl_encode (pixels, (gsize) rect.width * rect.height,
                          babl_format_get_n_components (painting->codes));
  gegl_buffer_set (painting->output, strip, 0,
                   painting->codes ? painting->codes : photograph->format,
                   pixels, GEGL_AUTO_ROWSTRIDE);
  return TRUE;
}

static gboolean
paint_strips (const Painting *painting, const GeglRectangle *block)
{
  g_autofree gfloat *pixels = g_try_malloc_n ((gsize) block->width * STRIP,
                                              4 * sizeof (gfloat));
  GeglRectangle      strip = *block;
  gboolean           painted = pixels != NULL;

  for (; painted && strip.y < block->y + block->height; strip.y += STRIP)
    {
      strip.height = MIN (STRIP, block->y + block->height - strip.y);
      painted = paint_strip (painting, &strip, pixels);
    }
  return painted;
}

/* A block of bytes that heat is laid over. */
typedef struct
{
  guint8 *codes;
  gint    width;
  gint    n_codes;
} Bytes;

static void
lay_over_bytes (const gfloat *layer, gint x, gint y, gint n, gpointer user_data)
{
  const Bytes *bytes = user_data;

  pockmark_gegl_lay_over (layer, (gsize) n,
                          bytes->codes
                              + ((gsize) y * bytes->width + x) * bytes->n_codes,
                          bytes->n_codes);
}

/* Where bytes become bytes: only where there is heat they change. */
static gboolean
heat_bytes (const Painting *painting, const GeglRectangle *block)
{
  const PockmarkGeglPicture *photograph = &painting->photograph;
  const PockmarkRect         rect = { block->x - photograph->extent.x,
                                      block->y - photograph->extent.y,
                                      block->width, block->height };
  g_autofree guint8         *codes
      = g_try_malloc_n ((gsize) rect.width * rect.height,
                        photograph->source.n_codes);
  Bytes                      bytes = { codes, rect.width,
                                       photograph->source.n_codes };

  if (! codes
      || ! photograph->source.read_codes (&rect, codes,
                                          photograph->source.user_data, NULL))
    return FALSE;
  pockmark_redness_heat (painting->skin, &painting->style, &rect,
                         lay_over_bytes, &bytes);
  gegl_buffer_set (painting->output, block, 0, painting->codes, codes,
                   GEGL_AUTO_ROWSTRIDE);
  return TRUE;
}

static gboolean
paint_block (const GeglRectangle *block, gpointer user_data)
{
  const Painting *painting = user_data;

  return painting->style.show == POCKMARK_SHOW_HEAT && painting->codes
                 && painting->codes == painting->photograph.integers
             ? heat_bytes (painting, block)
             : paint_strips (painting, block);
}

/* ---- The skin, kept ------------------------------------------------------ */

static void
forget (GeglOperation *operation)
{
  Found *found = GEGL_PROPERTIES (operation)->user_data;

  if (! found)
    return;
  g_clear_pointer (&found->skin, pockmark_skin_free);
  found->looked = FALSE;
}

/* Whether what was found holds for the picture in whole. */
static gboolean
is_found (GeglOperation *operation, const GeglRectangle *whole)
{
  GeglProperties *o = GEGL_PROPERTIES (operation);
  const Found    *found = o->user_data;

  return found && found->looked
         && gegl_rectangle_equal (&found->whole, whole)
         && found->pixels_per_mm == o->pixels_per_mm
         && found->whole_is_skin == o->whole_is_skin;
}

static void
find_skin (GeglOperation             *operation,
           const PockmarkGeglPicture *photograph,
           const PockmarkHost        *host)
{
  GeglProperties    *o = GEGL_PROPERTIES (operation);
  Found             *found = o->user_data;
  PockmarkParameters parameters
      = pockmark_operation_parameters_with_scale (o->pixels_per_mm);
  g_autoptr (GError) error = NULL;

  forget (operation);
  parameters.whole_is_skin = o->whole_is_skin;
  found->skin = pockmark_skin_new (&photograph->source, &parameters, host,
                                   &error);
  if (! found->skin)
    g_info ("pockmark:redness: %s", error->message);
  found->looked = TRUE;
  found->whole = photograph->extent;
  found->pixels_per_mm = o->pixels_per_mm;
  found->whole_is_skin = o->whole_is_skin;
}

/* Painting needs no more of the picture than it covers. */
static GeglRectangle
get_required_for_output (GeglOperation       *operation,
                         const gchar         *input_pad,
                         const GeglRectangle *roi)
{
  GeglRectangle whole;

  pockmark_operation_whole_picture (operation, roi, &whole);
  return is_found (operation, &whole) ? *roi : whole;
}

static GeglRectangle
get_cached_region (GeglOperation *operation, const GeglRectangle *roi)
{
  return *roi;
}

/* GEGL asks for this whenever the picture changes. */
static GeglRectangle
get_invalidated_by_change (GeglOperation       *operation,
                           const gchar         *input_pad,
                           const GeglRectangle *roi)
{
  forget (operation);
  return pockmark_operation_invalidated_by_change (operation, input_pad, roi);
}

static void
finalize (GObject *object)
{
  forget (GEGL_OPERATION (object));
  g_clear_pointer (&GEGL_PROPERTIES (object)->user_data, g_free);
  G_OBJECT_CLASS (gegl_op_parent_class)->finalize (object);
}

/* ---- Processing ---------------------------------------------------------- */

static void
pass_unpainted (const GeglProperties *o,
                GeglBuffer           *input,
                GeglBuffer           *output,
                const GeglRectangle  *area)
{
  if (o->show == POCKMARK_REDNESS_SHOW_GREY)
    gegl_buffer_clear (output, area);
  else
    gegl_buffer_copy (input, area, GEGL_ABYSS_NONE, output, area);
}

/* The skin in input, NULL where there is nothing to look at. */
static const PockmarkSkin *
get_skin (GeglOperation *operation, const PockmarkGeglPicture *photograph)
{
  const Found *found = GEGL_PROPERTIES (operation)->user_data;
  PockmarkHost host;

  if (! is_found (operation, &photograph->extent))
    {
      pockmark_operation_host_init (operation, &host);
      pockmark_host_progress (&host, 0.0, NULL);
      find_skin (operation, photograph, &host);
      pockmark_host_progress (&host, 1.0, NULL);
    }
  return found->skin;
}

static gboolean
process (GeglOperation       *operation,
         GeglBuffer          *input,
         GeglBuffer          *output,
         const GeglRectangle *result,
         gint                 level)
{
  GeglProperties *o = GEGL_PROPERTIES (operation);
  Painting        painting = { NULL };
  GeglRectangle   whole;
  GeglRectangle   area;
  PockmarkHost    host;

  /* Without the cache, GEGL makes output no larger than what was asked for. */
  if (! gegl_rectangle_intersect (&area, result,
                                  gegl_buffer_get_extent (output)))
    return TRUE;

  if (pockmark_operation_whole_picture (operation, result, &whole))
    {
      pockmark_gegl_picture_init (&painting.photograph, input, &whole,
                                  POCKMARK_GEGL_PHOTOGRAPH);
      painting.skin = get_skin (operation, &painting.photograph);
    }
  if (! painting.skin)
    {
      pass_unpainted (o, input, output, &area);
      return FALSE;
    }

  painting.style.show = (PockmarkShow) o->show;
  painting.style.relative = o->relative;
  painting.style.opacity = o->opacity;
  painting.output = output;
  painting.codes = pockmark_gegl_code_format (
      gegl_operation_get_format (operation, "output"));
  pockmark_gegl_host_init (&host);
  return pockmark_operation_paint (&host, &area, paint_block, &painting);
}

static void
gegl_op_class_init (GeglOpClass *klass)
{
  GeglOperationClass *operation_class = GEGL_OPERATION_CLASS (klass);

  GEGL_OPERATION_FILTER_CLASS (klass)->process = process;
  operation_class->prepare = prepare;
  pockmark_operation_class_whole_picture (operation_class);
  operation_class->get_required_for_output = get_required_for_output;
  operation_class->get_cached_region = get_cached_region;
  operation_class->get_invalidated_by_change = get_invalidated_by_change;
  G_OBJECT_CLASS (klass)->finalize = finalize;

  gegl_operation_class_set_keys (operation_class,
    "name",            "pockmark:redness",
    "title",           _("Redness Overlay"),
    "categories",      "dermatology",
    "op-version",      POCKMARK_OPERATION_VERSION,
    "description",     _("Show how red the skin is, read from its hemoglobin "
                         "and free of shading and tan."),
    "gimp:menu-path",  "<Image>/Filters/Dermatology",
    "gimp:menu-label", _("_Redness Overlay…"),
    NULL);
}

#endif
