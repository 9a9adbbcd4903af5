;; One pass over a window of a message: where its line feeds are, and which bytes it has that may matter.
;;
;; The memory is fixed:
;;   0x00000  offsets of the line feeds in the window, u32 each; one more may be written behind the last, and means nothing
;;   0x50000  the window, up to 64 KiB, laid so that it ENDS with the memory: no step has less than its 32 bytes then, and
;;            what fills up the first is written here, as spaces
;;
;; A CR and a LF belong together where one follows the other, so each byte is looked at beside the one before it (the same
;; bytes loaded from one address lower). A CR as the very last byte is therefore not judged: the next window's first byte is.
(module
  (memory (export "memory") 6 6)

  ;; length: bytes in the window, at most 0x10000. afterCr: 1 where the byte before the window is a CR, else 0.
  ;; Result: 16 * number of line feeds + 1 (a bare LF) + 2 (a bare CR) + 4 (a NUL) + 8 (a byte above 0x7f).
  (func (export "scan") (param $length i32) (param $afterCr i32) (result i32)
    (local $start i32) (local $at i32) (local $out i32) (local $found i32)
    (local $a v128) (local $aLf v128) (local $aAfterCr v128)
    (local $b v128) (local $bLf v128) (local $bAfterCr v128)
    (local $bareLf v128) (local $bareCr v128) (local $least v128) (local $any v128)

    (local.set $start (i32.sub (i32.const 0x60000) (local.get $length)))
    (v128.store offset=0 (i32.sub (local.get $start) (i32.const 32)) (i8x16.splat (i32.const 0x20)))
    (v128.store offset=16 (i32.sub (local.get $start) (i32.const 32)) (i8x16.splat (i32.const 0x20)))
    (if (local.get $afterCr)
      (then (i32.store8 (i32.sub (local.get $start) (i32.const 1)) (i32.const 0x0d))))
    (local.set $at (i32.and (local.get $start) (i32.const -32)))
    (local.set $least (i8x16.splat (i32.const 0xff)))

    (block $end
      (loop $step
        (br_if $end (i32.eq (local.get $at) (i32.const 0x60000)))

        (local.set $a (v128.load offset=0 (local.get $at)))
        (local.set $aLf (i8x16.eq (local.get $a) (i8x16.splat (i32.const 0x0a))))
        (local.set $aAfterCr
          (i8x16.eq (v128.load offset=0 (i32.sub (local.get $at) (i32.const 1))) (i8x16.splat (i32.const 0x0d))))
        (local.set $bareLf (v128.or (local.get $bareLf) (v128.andnot (local.get $aLf) (local.get $aAfterCr))))
        (local.set $bareCr (v128.or (local.get $bareCr) (v128.andnot (local.get $aAfterCr) (local.get $aLf))))

        (local.set $b (v128.load offset=16 (local.get $at)))
        (local.set $bLf (i8x16.eq (local.get $b) (i8x16.splat (i32.const 0x0a))))
        (local.set $bAfterCr
          (i8x16.eq (v128.load offset=16 (i32.sub (local.get $at) (i32.const 1))) (i8x16.splat (i32.const 0x0d))))
        (local.set $bareLf (v128.or (local.get $bareLf) (v128.andnot (local.get $bLf) (local.get $bAfterCr))))
        (local.set $bareCr (v128.or (local.get $bareCr) (v128.andnot (local.get $bAfterCr) (local.get $bLf))))

        (local.set $least (i8x16.min_u (local.get $least) (i8x16.min_u (local.get $a) (local.get $b))))
        (local.set $any (v128.or (local.get $any) (v128.or (local.get $a) (local.get $b))))

        ;; One bit a LF. The first round does not depend on there being one: a branch guessed wrong costs more than a store.
        (local.set $found
          (i32.or
            (i8x16.bitmask (local.get $aLf))
            (i32.shl (i8x16.bitmask (local.get $bLf)) (i32.const 16))))
        (loop $each
          (i32.store (local.get $out)
            (i32.add (i32.sub (local.get $at) (local.get $start)) (i32.ctz (local.get $found))))
          (local.set $out
            (i32.add (local.get $out) (i32.shl (i32.ne (local.get $found) (i32.const 0)) (i32.const 2))))
          (local.set $found (i32.and (local.get $found) (i32.sub (local.get $found) (i32.const 1))))
          (br_if $each (local.get $found)))

        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br $step)))

    (i32.or
      (i32.or
        (i32.shl (local.get $out) (i32.const 2))
        (v128.any_true (local.get $bareLf)))
      (i32.or
        (i32.shl (v128.any_true (local.get $bareCr)) (i32.const 1))
        (i32.or
          (i32.shl (i32.eqz (i8x16.all_true (local.get $least))) (i32.const 2))
          (i32.shl (i32.ne (i8x16.bitmask (local.get $any)) (i32.const 0)) (i32.const 3)))))))
