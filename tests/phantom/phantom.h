/* Phantom photographs of skin with exact truth
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A phantom is made in three steps, each of which knows only the one before:
 *
 *   phantom_plan        what lies where on the skin, in mm
 *   phantom_skin_new    the skin itself: height, blood, melanin, oil, truth
 *   phantom_photograph  light and camera: the picture
 *
 * phantom_render does all three and sees to it that whatever is in the truth
 * can be seen in the picture.  phantom_visits_new takes the same skin, less
 * what healed and bent a little, through the last step twice.
 *
 * All lengths are in mm unless a name says otherwise.  Positions have their
 * origin at the picture's top left, y down.  Same settings, same picture: all
 * randomness comes from the seed, none from the machine.
 *
 * Sources: reflectance after S. Jacques, "Skin optics", OMLC 1998, and
 * doi:10.1088/0031-9155/58/11/R37; scars after Jacob et al. 2001,
 * doi:10.1067/mjd.2001.113451; widths and depths after
 * doi:10.15557/jou.2020.0049; pores after doi:10.2147/CCID.S74401.
 */

#ifndef PHANTOM_H
#define PHANTOM_H

#include <glib.h>

#include "pockmark-core.h"

G_BEGIN_DECLS

/* ---- Settings (settings.c) ---------------------------------------------- */

/* What can be found on the skin.  PHANTOM_LESION carries a PockmarkClass and
 * is truth; everything else is there to be left alone. */
typedef enum
{
  PHANTOM_LESION,
  PHANTOM_PAPULE,   /* skin-coloured bump: the dipole of a hollow, inverted  */
  PHANTOM_MOLE,     /* dark and compact, often raised                        */
  PHANTOM_FRECKLE,  /* below 1 mm                                            */
  PHANTOM_COMEDONE, /* a plugged pore with a dark top                        */
  PHANTOM_PORE,
  PHANTOM_VESSEL,
  PHANTOM_WRINKLE,
  PHANTOM_HAIR,
  PHANTOM_VELLUS,   /* short, thin, pale hair                                */
  PHANTOM_STUBBLE,
  PHANTOM_MAKE_UP,
  PHANTOM_TEXT,
  PHANTOM_RULER,
  PHANTOM_N_KINDS
} PhantomKind;

/* "lesion", "papule" ...: for files, never translated. */
const gchar *phantom_kind_word (PhantomKind kind);

/* Six skin tones from light (ITA 66 degrees) to dark (-38), as shares of
 * melanosomes in the epidermis; with 1 % of blood in the dermis. */
#define PHANTOM_N_TONES 6
gdouble phantom_tone (gint tone);

/* Two families of phantoms that share no seed and no parameter range. */
typedef enum
{
  PHANTOM_DEVELOP,
  PHANTOM_REPORT
} PhantomSet;

typedef struct
{
  gdouble azimuth;   /* where it comes from, degrees counter-clockwise from
                      * the right of the picture                             */
  gdouble elevation; /* degrees above the skin, 5-90                         */
  gdouble strength;  /* irradiance at normal incidence, relative; 0 is off   */
} PhantomLight;

#define PHANTOM_N_LIGHTS 2

typedef struct
{
  guint64    seed;
  PhantomSet set;           /* profiles and optics of this family            */
  gint       width;         /* pixels                                        */
  gint       height;        /* pixels                                        */
  gdouble    pixels_per_mm; /* 2-100                                         */

  /* The skin */
  gdouble melanosomes;      /* share of the epidermis, 0.005-0.6             */
  gdouble blood;            /* share of the dermis, 0.002-0.07               */
  gdouble blood_mottle;     /* standard deviation of ln blood                */
  gdouble melanin_mottle;   /* standard deviation of ln melanosomes          */
  gdouble undulation;       /* s.d. of the relief wider than 3 mm            */
  gdouble grain;            /* s.d. of the relief finer than 1 mm            */
  gdouble furrow_depth;     /* primary lines; secondary ones have 0.45 of it */
  gdouble furrow_spacing;
  gdouble furrow_stretch;   /* 1 polygons ... 3 parallel lines               */
  gdouble furrow_angle;     /* degrees                                       */
  gdouble curvature_x;      /* 1/mm: of the cheek's surface                  */
  gdouble curvature_y;
  gdouble tilt;             /* degrees, towards the first light              */
  gdouble oil;              /* 0 matt ... 1 oily                             */
  gdouble roughness;        /* of the gloss, 0.15-0.6 (GGX alpha)            */

  /* What lies on it */
  gint    lesions[POCKMARK_N_CLASSES];    /* how many of each class          */
  gdouble rolling;                        /* share of craters that roll      */
  gdouble raised;                         /* share of red marks with a bump  */
  gdouble mixed;            /* share of marks with some of the other pigment */
  gdouble clustering;       /* 0 scars anywhere ... 1 in patches             */
  gdouble strength;         /* multiplies contrast and depth, about 1        */
  gdouble irregularity;     /* of outlines, 0-0.4 of the radius              */
  gdouble softness;         /* how round skin is at every edge, s.d.         */
  gdouble box_exponent[2];  /* range of the steepness of boxcar walls        */
  gdouble cone_exponent[2]; /* range of the shape of ice-picks, 1 a cone     */
  gdouble density[PHANTOM_N_KINDS];       /* distractors per cm2             */

  /* Light */
  PhantomLight light[PHANTOM_N_LIGHTS];
  gdouble      ambient;     /* irradiance from all around, relative          */
  gdouble      warmth;      /* the lamps' red over green less 1; blue as much
                             * below; what is all around is the opposite     */
  gdouble      occlusion;   /* how much hollows darken, 0-2                  */
  gdouble      scatter;     /* width of subsurface scattering, about 1       */
  gdouble      falloff;     /* relative change of light across the picture   */

  /* Camera */
  gdouble  exposure;        /* stops                                         */
  gdouble  white[3];        /* error of the white balance, about 1           */
  gdouble  vignetting;      /* loss in the corners, 0-0.5                    */
  gdouble  psf;             /* s.d. of the point spread, pixels              */
  gdouble  read_noise;      /* s.d., relative to white                       */
  gdouble  full_well;       /* electrons at white: shot noise                */
  gboolean bayer;           /* one colour a pixel, then demosaiced           */
  gdouble  sharpening;      /* 0-1                                           */
  gdouble  contrast;        /* of the tone curve: 0 plain sRGB ... 1         */
  gint     jpeg_quality;    /* 1-100; 0 is no compression                    */
} PhantomSettings;

/* The demo photograph: light skin, 1500 x 1000 pixels, 15 per mm. */
void phantom_settings_init (PhantomSettings *settings);

/* Draws everything but the size and the tone by chance.  set_field chooses
 * these too: 6-30 px/mm, 60 x 40 to 100 x 70 mm within pixels. */
void phantom_settings_random (PhantomSettings *settings,
                              guint64          seed,
                              PhantomSet       set);
void phantom_settings_field  (PhantomSettings *settings, gint pixels);

/* FALSE with POCKMARK_ERROR_PARAMETER where a setting is out of range. */
gboolean phantom_settings_check (const PhantomSettings *settings,
                                 GError               **error);

/* ---- Plan (plan.c) ------------------------------------------------------ */

typedef enum
{
  PHANTOM_CONE, /* ice-pick                                                  */
  PHANTOM_BOX,  /* boxcar: flat floor, steep wall                            */
  PHANTOM_BELL, /* rolling                                                   */
  PHANTOM_DOME, /* bump                                                      */
  PHANTOM_SPOT  /* mark: even inside, soft edge                              */
} PhantomProfile;

/* One thing on the skin. */
typedef struct
{
  PhantomKind    kind;
  PockmarkClass  klass;     /* POCKMARK_NONE for what is no lesion           */
  PhantomProfile profile;
  gdouble        x;
  gdouble        y;
  gdouble        width;     /* mean diameter.  Cones, bells and domes: where
                             * they meet the skin; boxes and spots: at half
                             * height                                        */
  gdouble        length;    /* of what is drawn out: hairs, wrinkles         */
  gdouble        depth;     /* a hollow is positive, a bump negative         */
  gdouble        blood;     /* factor at the heart                           */
  gdouble        melanin;   /* factor at the heart                           */
  gdouble        stretch;   /* longer over shorter axis                      */
  gdouble        angle;     /* radians, of the longer axis                   */
  gdouble        edge;      /* parameter of the profile                      */
  gdouble        rim;       /* raised rim, share of the depth                */
  guint64        seed;      /* of its irregularities                         */
  gdouble        visibility; /* contrast over noise, see phantom_render      */
  gdouble        region;    /* diameter of the circle of its region's area   */
} PhantomFeature;

/* Array of PhantomFeature; lesions first. */
GArray *phantom_plan (const PhantomSettings *settings);

/* ---- Skin (skin.c) ------------------------------------------------------ */

typedef struct
{
  gdouble        pixels_per_mm;
  PockmarkPlane *height;      /* mm, towards the camera                      */
  PockmarkPlane *blood;       /* ln of the share of the dermis               */
  PockmarkPlane *melanin;     /* ln of the share of the epidermis            */
  PockmarkPlane *oil;         /* 0-1                                         */
  PockmarkPlane *cover;       /* 0 skin ... 1 hidden under make-up           */
  guint32       *label;       /* place of the lesion in the plan + 1; 0 none:
                               * its region at half height                   */
} PhantomSkin;

PhantomSkin *phantom_skin_new  (const PhantomSettings *settings,
                                const GArray          *plan,
                                gdouble                pixels_per_mm,
                                gint                   width,
                                gint                   height,
                                GError               **error);
void         phantom_skin_free (PhantomSkin *skin);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhantomSkin, phantom_skin_free)

/* ---- Photograph (photograph.c) ------------------------------------------ */

typedef struct
{
  gint           width;
  gint           height;
  gdouble        pixels_per_mm;
  guint8        *rgb;      /* R'G'B' of sRGB, 8 bits: the photograph         */
  gfloat        *scene;    /* linear RGB before the camera                   */
  gfloat        *albedo;   /* linear RGB of the skin under even light        */
  PockmarkPlane *blood;    /* true share of blood (haemoglobin)              */
  PockmarkPlane *melanin;  /* true share of melanosomes                      */
  guint32       *label;    /* place in lesions + 1; 0 none                   */
  guint8        *classes;  /* PockmarkClass of each pixel                    */
  GArray        *lesions;  /* PhantomFeature: the truth                      */
  GArray        *distractors; /* PhantomFeature: all else, pores included    */
  gdouble        ita;      /* degrees, of the unaffected skin's base colour  */
} Phantom;

/* Light and camera over a skin.  plan is the one the skin was made from. */
Phantom *phantom_photograph (const PhantomSettings *settings,
                             const PhantomSkin     *skin,
                             const GArray          *plan,
                             GError               **error);

/* Plan, skin and photograph.  Every lesion's visibility is at least
 * PHANTOM_VISIBLE: weak ones are drawn stronger, and one that still cannot
 * be seen (in the light's blind spot, under a hair) is not drawn at all.
 * visibility is the root mean square, over the lesion's region, of the change
 * it makes to the scene (darkness for hollows, colour for marks, at the
 * lesion's own scale) in units of the same plane's standard deviation around
 * it without the lesion. */
#define PHANTOM_VISIBLE 2.0
Phantom *phantom_render (const PhantomSettings *settings, GError **error);
void     phantom_free   (Phantom *phantom);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Phantom, phantom_free)

/* ---- A second visit (visit.c) ------------------------------------------- */

/* How the second visit differs from the first. */
typedef struct
{
  guint64  seed;
  gdouble  rotation;   /* degrees, of the later picture, counter-clockwise   */
  gdouble  scale;      /* later over earlier pixels per mm                   */
  gdouble  shift[2];   /* mm, of the field                                   */
  gdouble  strain;     /* root mean square gradient of the deformation       */
  gdouble  exposure;   /* later over earlier                                 */
  gdouble  white[2];   /* of red and blue, later over earlier                */
  gboolean other_light;
  gdouble  resolved;   /* shares of the lesions: gone at the second visit,   */
  gdouble  fresh;      /* not yet there at the first,                        */
  gdouble  faded;      /* weaker at the second                               */
} PhantomChange;

/* Nothing but the light, the camera's place and the noise: draws all but the
 * shares of lesions, within +-8 degrees, +-10 %, 3 % strain, +-20 % exposure
 * and +-5 % white balance. */
void phantom_change_random (PhantomChange *change, guint64 seed);

/* A lesion of either visit: its place in the list of each, -1 where it is not
 * there or not in the picture. */
typedef struct
{
  gint     before;
  gint     after;
  gboolean exists[2]; /* on the skin, be it in the picture or not            */
  gboolean faded;
  gdouble  place[2][2]; /* in pixels of the earlier and the later picture    */
  gdouble  hemoglobin[2]; /* contrast in density, at the heart               */
} PhantomFate;

typedef struct
{
  Phantom       *before;
  Phantom       *after;
  PockmarkPlane *field[2]; /* x and y in the earlier picture, in pixels, of
                            * the centre of each pixel of the later          */
  PockmarkPlane *redness;  /* true change of haemoglobin density             */
  GArray        *fates;    /* PhantomFate                                    */
} PhantomVisits;

/* The same skin photographed twice.  Every lesion that is there is visible in
 * the sense of phantom_render; one that fades below that is gone. */
PhantomVisits *phantom_visits_new  (const PhantomSettings *settings,
                                    const PhantomChange   *change,
                                    GError               **error);
void           phantom_visits_free (PhantomVisits *visits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhantomVisits, phantom_visits_free)

G_END_DECLS

#endif
