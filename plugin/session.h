/* The work on one photograph's findings, from pixels to tables
 * Copyright (C) 2026 The Pockmark developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Detecting and measuring differ only in where the lesions come from: the
 * photograph, or the class channels as the user has edited them.
 */

#ifndef POCKMARK_SESSION_H
#define POCKMARK_SESSION_H

#include "amendment.h"
#include "annotation.h"
#include "kept.h"
#include "report.h"

typedef struct
{
  Input             *input;
  SkinScale          scale;
  PockmarkParameters wanted;
  gchar             *parameters; /* "key=value;key=value" */
  PockmarkSkin      *skin;       /* NULL before the photograph was read */
  Findings          *findings;   /* NULL before detecting or measuring */
  GimpGroupLayer    *group;      /* that the last commit made, NULL: none */
  GBytes   *remembered;  /* by the image, once the run has ended well; NULL:
                          * as before */
} Session;

/* Takes input.  pixels_per_mm as in skin_scale_resolve (). */
Session *session_new    (Input          *input,
                         gdouble         pixels_per_mm,
                         GError        **error);
void     session_free   (Session        *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Session, session_free)

/* What a detection in input at this scale is told, the rest as by default. */
void     session_parameters (PockmarkParameters *wanted,
                             const Input        *input,
                             const SkinScale    *scale);

/* Takes the image's own skin scale, as it is now. */
gboolean session_scale  (Session        *session,
                         GError        **error);

/* Reads the photograph and looks for skin, as it is now. */
gboolean session_read   (Session        *session,
                         GError        **error);

/* After session_read (): findings by detection.  sought: by PockmarkClass. */
gboolean session_detect (Session        *session,
                         const gboolean *sought,
                         GError        **error);

/* The class channels; FALSE with GIMP_PLUG_IN_ERROR where there are none. */
gboolean session_find_channels (GimpImage    *image,
                                GimpChannel  *channels[POCKMARK_N_CLASSES],
                                GError      **error);

/* What the image keeps of the findings in input, as the image is now; of no
 * lesion where it keeps nothing.  NULL on error. */
Kept    *session_kept   (const Input    *input,
                         GError        **error);

/* After session_read (): findings from the class channels, as if amendment
 * (NULL: none) were painted into them. */
gboolean session_follow (Session         *session,
                         const Amendment *amendment,
                         GError         **error);

/* Draws the findings, writes the report (NULL: none) and, last, changes the
 * image, in one undo step. */
gboolean session_finish (Session                *session,
                         const AnnotationWishes *wishes,
                         Report                 *report,
                         GError                **error);

/* Follows the channels and makes again what the image had: Measure.  The
 * amendment (NULL: none) is painted in the same undo step. */
gboolean session_measure (Session         *session,
                          const Amendment *amendment,
                          Report          *report,
                          GError         **error);

gboolean session_report  (const Session *session,
                          Report        *report,
                          GError       **error);

/* ---- Of the procedures ---------------------------------------------------- */

/* The argument "report-file", and the return values. */
void            session_declare_report (GimpProcedure *procedure);
void            session_declare_values (GimpProcedure *procedure);

/* The values of success. */
GimpValueArray *session_values         (const Session *session,
                                        GimpProcedure *procedure);

#endif
