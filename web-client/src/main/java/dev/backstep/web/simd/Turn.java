package dev.backstep.web.simd;

import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Type;

/** Writes the transposition of four times four words. */
final class Turn {
    private Turn() {
    }

    static int[] write(Code code, int[] a) {
        int low01 = pair(code, a[0], a[1], 0, 4, 1, 5);
        int high01 = pair(code, a[0], a[1], 2, 6, 3, 7);
        int low23 = pair(code, a[2], a[3], 0, 4, 1, 5);
        int high23 = pair(code, a[2], a[3], 2, 6, 3, 7);
        return new int[] {pair(code, low01, low23, 0, 1, 4, 5), pair(code, low01, low23, 2, 3, 6, 7),
            pair(code, high01, high23, 0, 1, 4, 5), pair(code, high01, high23, 2, 3, 6, 7)};
    }

    private static int pair(Code code, int a, int b, int... words) {
        int local = code.local(Type.V128);
        code.get(a).get(b).shuffle(words).set(local);
        return local;
    }
}
