; Survey many photographs, without a window
; Copyright (C) 2026 The Pockmark developers
; SPDX-License-Identifier: GPL-3.0-or-later
;
; Copy this file, change what you like, and run it with gimp-console:
;
;   gimp-console -idfs --batch-interpreter=plug-in-script-fu-eval \
;     -b '(load "/home/me/photographs.scm")
;         (pockmark-folder "/home/me/photographs" "/home/me/results" 12 0.5)' \
;     --quit
;
; Keep load and call in one -b: a second one knows nothing of the first.
; 12 is the number of pixels that one millimetre of skin takes in the
; photographs, 0 if you do not know; 0.5 is the sensitivity, from 0 to 1.
;
; The photographs are only read.  Where one cannot be examined, the others
; are; the column Error of photographs.csv says what went wrong, and GIMP ends
; with an error (its exit status is then not 0).

; Ends with an error where the survey was not all it should be.  A survey
; returns the number of photographs, of failed ones and of lesions.
(define (pockmark-judge survey)
  (let ((photographs (list-ref survey 0))
        (failed (list-ref survey 1)))
    (if (> failed 0)
        (error (string-append (number->string failed) " of "
                              (number->string photographs)
                              " photographs could not be examined;"
                              " photographs.csv says why.")))))

; Every photograph in a folder and in those below.  What is done is passed
; over, so that a survey that was stopped goes on where it was.
(define (pockmark-folder folder results pixels-per-mm sensitivity)
  (pockmark-part folder results pixels-per-mm sensitivity 1 1))

; The part-th of so many parts of a folder, for several processes to share the
; work.  A last call with 1 part of 1 writes the tables.
(define (pockmark-part folder results pixels-per-mm sensitivity part parts)
  (pockmark-judge
    (plug-in-survey-photographs #:run-mode RUN-NONINTERACTIVE
                                #:folder folder
                                #:output-folder results
                                #:pixels-per-mm pixels-per-mm
                                #:sensitivity sensitivity
                                #:save-xcf FALSE
                                #:resume TRUE
                                #:part part
                                #:parts parts)))

; The photographs of a list, each of them anew.
(define (pockmark-photographs paths results pixels-per-mm sensitivity)
  (pockmark-judge
    (plug-in-survey-photographs #:run-mode RUN-NONINTERACTIVE
                                #:photographs paths
                                #:output-folder results
                                #:pixels-per-mm pixels-per-mm
                                #:sensitivity sensitivity
                                #:resume FALSE)))
