; Detect Pockmarks and Map Redness on many photographs, without a window
; Copyright (C) 2026 The Pockmark developers
; SPDX-License-Identifier: GPL-3.0-or-later
;
; Copy this file, change what you like, and run it with gimp-console:
;
;   gimp-console -idfs --batch-interpreter=plug-in-script-fu-eval \
;     -b '(load "/home/me/photographs.scm")
;         (pockmark-photographs (list "/home/me/a.jpg" "/home/me/b.png")
;                               "/home/me/results" 12 0.5)' \
;     --quit
;
; Keep load and call in one -b: a second one knows nothing of the first.
; 12 is the number of pixels that one millimetre of skin takes in the
; photographs, 0 if you do not know; 0.5 is the sensitivity, from 0 to 1.
;
; In the folder of results you find
;
;   lesions.csv              a line for each finding, with its measurements
;   photographs.csv          a line for each photograph
;   NAME.annotated.png       the photograph with what was found
;   NAME.redness.png         the photograph with its redness map
;   NAME.lesions.geojson     the outlines, for QuPath and others
;   NAME.classes.png         the class of each pixel, as a number
;
; The photographs themselves are only read.  Where one cannot be examined, the
; others are; the column Error of photographs.csv says what went wrong, and
; GIMP ends with an error (its exit status is then not 0).

; ---- Names ------------------------------------------------------------------

; The place of the last character c in text, -1 if there is none.
(define (pockmark-last text c)
  (let loop ((i (- (string-length text) 1)))
    (cond ((< i 0) -1)
          ((char=? (string-ref text i) c) i)
          (else (loop (- i 1))))))

; "/home/me/a.jpg" -> "a.jpg"
(define (pockmark-base path)
  (let ((slash (pockmark-last path #\/))
        (backslash (if (string=? DIR-SEPARATOR "/")
                       -1
                       (pockmark-last path #\\))))
    (substring path (+ 1 (max slash backslash)) (string-length path))))

; "a.jpg" -> "a"; ".jpg" stays.
(define (pockmark-stem base)
  (let ((dot (pockmark-last base #\.)))
    (if (> dot 0) (substring base 0 dot) base)))

(define (pockmark-member? text texts)
  (and (pair? texts)
       (or (string-ci=? text (car texts))
           (pockmark-member? text (cdr texts)))))

; stem, or stem-2, stem-3 ... where that one is taken already: two photographs
; of the same name in different folders must not overwrite each other.
(define (pockmark-free-stem stem taken)
  (let loop ((n 1))
    (let ((candidate (if (= n 1)
                         stem
                         (string-append stem "-" (number->string n)))))
      (if (pockmark-member? candidate taken)
          (loop (+ n 1))
          candidate))))

; "/home/me/visit 2/a.jpg" -> "visit 2/a.jpg"
(define (pockmark-with-folder path)
  (let ((folder (substring path 0 (- (string-length path)
                                     (string-length (pockmark-base path))))))
    (if (< (string-length folder) 2)
        path
        (string-append (pockmark-base (substring folder 0
                                        (- (string-length folder) 1)))
                       "/" (pockmark-base path)))))

; The name in the tables: "a.jpg", or "visit 2/a.jpg" where that is taken, or
; the whole path.
(define (pockmark-free-name path taken)
  (cond ((not (pockmark-member? (pockmark-base path) taken))
         (pockmark-base path))
        ((not (pockmark-member? (pockmark-with-folder path) taken))
         (pockmark-with-folder path))
        (else path)))

; text as a value of GLib's key files.
(define (pockmark-escape text)
  (apply string-append
         (map (lambda (c)
                (cond ((char=? c #\\) "\\\\")
                      ((char=? c #\newline) "\\n")
                      ((char=? c #\return) "\\r")
                      ((char=? c #\space) "\\s")
                      (else (string c))))
              (string->list text))))

; ---- Errors -----------------------------------------------------------------

; Where part begins in text, #f if it does not occur.
(define (pockmark-find part text)
  (let ((n (string-length part)))
    (let loop ((i 0))
      (cond ((> (+ i n) (string-length text)) #f)
            ((string=? part (substring text i (+ i n))) i)
            (else (loop (+ i 1)))))))

; Script-Fu wraps what a procedure has to say: "Procedure execution of NAME
; failed on invalid input arguments: SENTENCE (FILE : LINE) ".
(define (pockmark-sentence message)
  (let* ((end (pockmark-last message #\())
         (text (if (> end 1) (substring message 0 (- end 1)) message))
         (wrapped (pockmark-find "Procedure execution of " text))
         (start (and wrapped (pockmark-find ": " text))))
    (cond (start
           (substring text (+ start 2) (string-length text)))
          ((and wrapped (pockmark-find "gimp-file-load" text))
           (string-append "GIMP cannot read the photograph: it is damaged, or"
                          " of no kind that GIMP knows."))
          (else text))))

; Calls work; #f if all went well, else the sentence that says what did not.
(define (pockmark-try work)
  (call/cc
    (lambda (return)
      (let ((hook *error-hook*))
        (set! *error-hook*
              (lambda message
                (set! *error-hook* hook)
                (return (if (and (pair? message) (string? (car message)))
                            (pockmark-sentence (car message))
                            "The script failed."))))
        (work)
        (set! *error-hook* hook)
        #f))))

; Ends the work that pockmark-try is at.
(define (pockmark-fail sentence)
  (*error-hook* (string-append sentence " ()")))

; ---- One photograph ---------------------------------------------------------

; The photograph as one layer in RGB; what it looks like stays.
(define (pockmark-open path)
  (if (not (file-exists? path))
      (pockmark-fail "There is no such photograph."))
  (let ((image (car (gimp-file-load RUN-NONINTERACTIVE path))))
    (gimp-image-undo-disable image)
    (if (> (vector-length (car (gimp-image-get-layers image))) 1)
        (gimp-image-merge-visible-layers image CLIP-TO-IMAGE))
    (if (= (car (gimp-image-get-base-type image)) INDEXED)
        (gimp-image-convert-rgb image))
    image))

(define (pockmark-layer image)
  (let ((layers (car (gimp-image-get-layers image))))
    (vector-ref layers (- (vector-length layers) 1))))

; Says how tables and files call the image; see plugin/record.h.
(define (pockmark-name image name stem)
  (gimp-image-attach-parasite image
    (list "pockmark-report" 0
          (string-append "[report]\nphotograph=" (pockmark-escape name)
                         "\nstem=" (pockmark-escape stem) "\n"))))

; A flat copy of the image.  EXIF, with its GPS position, stays behind.
(define (pockmark-export image path)
  (let ((copy (car (gimp-image-duplicate image))))
    (gimp-image-flatten copy)
    (file-png-export #:run-mode RUN-NONINTERACTIVE
                     #:image copy
                     #:file path
                     #:include-exif FALSE
                     #:include-iptc FALSE
                     #:include-xmp FALSE
                     #:include-thumbnail FALSE)
    (gimp-image-delete copy)))

; A picture that is there before the outlines are is not from here.
(define (pockmark-check-picture output stem kind)
  (let ((start (string-append output "/" stem)))
    (if (and (file-exists? (string-append start kind))
             (not (file-exists? (string-append start ".lesions.geojson"))))
        (pockmark-fail (string-append "\"" start kind "\" would be overwritten,"
                                      " and Pockmark did not write it: choose"
                                      " another folder.")))))

(define (pockmark-examine image output stem pixels-per-mm sensitivity)
  (let* ((layer (pockmark-layer image))
         (start (string-append output "/" stem)))
    (pockmark-check-picture output stem ".annotated.png")
    (pockmark-check-picture output stem ".redness.png")

    ; The findings: the results are craters, ice-picks, red marks, brown marks,
    ; cm2 of skin and the layer group.
    (let ((group (list-ref (plug-in-detect-pockmarks
                             #:run-mode RUN-NONINTERACTIVE
                             #:image image
                             #:drawables (vector layer)
                             #:pixels-per-mm pixels-per-mm
                             #:sensitivity sensitivity
                             #:add-channels FALSE
                             #:add-paths FALSE
                             #:report-file (string-append output
                                                          "/lesions.csv"))
                           5)))
      (pockmark-export image (string-append start ".annotated.png"))
      (gimp-image-remove-layer image group))

    ; The redness map, on its own over the photograph.
    (plug-in-map-redness #:run-mode RUN-NONINTERACTIVE
                         #:image image
                         #:drawables (vector layer)
                         #:pixels-per-mm pixels-per-mm
                         #:report-file (string-append output
                                                      "/photographs.csv"))
    (pockmark-export image (string-append start ".redness.png"))))

; #f if all went well, else what did not.  The image is closed in any case, so
; that memory stays flat however many photographs there are.
(define (pockmark-one path output name stem pixels-per-mm sensitivity)
  (let* ((before (vector->list (car (gimp-get-images))))
         (failure (pockmark-try
                    (lambda ()
                      (let ((image (pockmark-open path)))
                        (pockmark-name image name stem)
                        (pockmark-examine image output stem
                                          pixels-per-mm sensitivity))))))
    (for-each (lambda (image)
                (if (not (memv image before))
                    (gimp-image-delete image)))
              (vector->list (car (gimp-get-images))))
    failure))

; ---- All of them ------------------------------------------------------------

(define (pockmark-photographs paths output pixels-per-mm sensitivity)
  (if (not (file-exists? output))
      (dir-make output))
  (let loop ((rest paths) (names '()) (stems '()) (failed 0))
    (if (pair? rest)
        (let* ((path (car rest))
               (name (pockmark-free-name path names))
               (stem (pockmark-free-stem (pockmark-stem (pockmark-base path))
                                         stems))
               (failure (pockmark-one path output name stem
                                      pixels-per-mm sensitivity)))
          (if failure
              (begin
                (display (string-append path ": " failure))
                (newline)
                (plug-in-pockmark-note-failure
                  #:report-file (string-append output "/lesions.csv")
                  #:photograph name
                  #:failure failure)))
          (loop (cdr rest) (cons name names) (cons stem stems)
                (if failure (+ failed 1) failed)))
        (if (> failed 0)
            (error (string-append (number->string failed) " of "
                                  (number->string (length paths))
                                  " photographs could not be examined;"
                                  " photographs.csv says why."))))))
