package dev.backstep.web.simd;

import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Type;
import java.util.List;

/** Loops within loops, in which pointers walk. */
final class Nest {
    private Nest() {
    }

    /** A pointer and how many bytes it goes for a step of each loop. */
    record Walker(int pointer, int... steps) {
    }

    /** Does the inner part for all steps of all loops, outermost first; afterwards the pointers are where they were. */
    static void write(Code code, int[] extents, List<Walker> walkers, Runnable inner) {
        write(code, extents, 0, walkers, inner);
    }

    private static void write(Code code, int[] extents, int d, List<Walker> walkers, Runnable inner) {
        if (d == extents.length) {
            inner.run();
            return;
        }
        code.repeat(extents[d], () -> {
            write(code, extents, d + 1, walkers, inner);
            if (extents[d] > 1) {
                walkers.forEach(walker -> code.advance(walker.pointer, walker.steps[d]));
            }
        });
        if (extents[d] > 1) {
            walkers.forEach(walker -> code.advance(walker.pointer, -extents[d] * walker.steps[d]));
        }
    }

    /** A copy of a pointer. */
    static int copy(Code code, int pointer) {
        int local = code.local(Type.I32);
        code.get(pointer).set(local);
        return local;
    }
}
