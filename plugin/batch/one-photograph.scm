; Detect Pockmarks on one photograph and save it with all its layers
; Copyright (C) 2026 The Pockmark developers
; SPDX-License-Identifier: GPL-3.0-or-later
;
; Copy this file, change what you like, and run it with gimp-console:
;
;   gimp-console -idfs --batch-interpreter=plug-in-script-fu-eval \
;     -b '(load "/home/me/one-photograph.scm")
;         (pockmark-one-photograph "/home/me/face.jpg" "/home/me/face.xcf" 12)' \
;     --quit
;
; 12 is the number of pixels that one millimetre of skin takes in the
; photograph, 0 if you do not know.  The photograph itself is only read; the
; new XCF file holds it with the layer group "Pockmarks", and a channel and a
; path for each class of findings, to go on with in GIMP.

(define (pockmark-one-photograph path xcf pixels-per-mm)
  (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE path)))
         (layers (car (gimp-image-get-layers image)))
         (layer (vector-ref layers 0))

         ; Whatever is not named here takes its default.  Others are
         ; #:find-craters, #:find-ice-picks, #:find-red-marks,
         ; #:find-brown-marks, #:add-overlay, #:add-channels, #:add-paths,
         ; #:add-labels (TRUE or FALSE) and #:report-file (a CSV file).
         (found (plug-in-detect-pockmarks
                  #:run-mode RUN-NONINTERACTIVE
                  #:image image
                  #:drawables (vector layer)
                  #:pixels-per-mm pixels-per-mm
                  #:sensitivity 0.5)))

    ; #:show is "heat", "grey" or "contours".
    (plug-in-map-redness
      #:run-mode RUN-NONINTERACTIVE
      #:image image
      #:drawables (vector layer)
      #:pixels-per-mm pixels-per-mm
      #:show "contours")

    (for-each (lambda (what n)
                (display (string-append what ": " (number->string n)))
                (newline))
              (list "craters" "ice-picks" "red marks" "brown marks")
              (list (list-ref found 0) (list-ref found 1)
                    (list-ref found 2) (list-ref found 3)))

    (gimp-xcf-save RUN-NONINTERACTIVE image xcf)
    (gimp-image-delete image)))
