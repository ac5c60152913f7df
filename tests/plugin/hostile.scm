; Both procedures on one photograph, as tests/plugin/test-hostile.py calls them.
;
; Copyright (C) 2026 The Pockmark developers
; SPDX-License-Identifier: GPL-3.0-or-later

(define (hostile-work path folder name)
  (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE path)))
         (layer (vector-ref (car (gimp-image-get-layers image)) 0))
         (tables (lambda (name) (string-append folder "/" name))))
    ; How the tables call the photograph.
    (gimp-image-attach-parasite image
      (list "pockmark-report" 0
            (string-append "[report]\nphotograph=" name "\nstem=" name "\n")))
    (plug-in-detect-pockmarks
      #:run-mode RUN-NONINTERACTIVE #:image image #:drawables (vector layer)
      #:pixels-per-mm 12 #:report-file (tables "lesions.csv"))
    (plug-in-map-redness
      #:run-mode RUN-NONINTERACTIVE #:image image #:drawables (vector layer)
      #:pixels-per-mm 12 #:show "grey" #:relative FALSE
      #:report-file (tables "photographs.csv"))
    ; The group, with overlay, numbers, legend and redness, and four channels.
    (if (= 4 (vector-length (car (gimp-image-get-channels image))))
        (begin (display "Worked: ") (display path) (newline)))
    (gimp-image-delete image)))
