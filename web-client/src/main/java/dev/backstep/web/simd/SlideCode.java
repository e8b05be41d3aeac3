package dev.backstep.web.simd;

import dev.backstep.engine.backend.Factor;
import dev.backstep.engine.backend.View;
import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Type;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the copy of one matrix of a factor that lies in several dimensions to where it is a matrix: a function from,
 * to. It may write a little past the end.
 */
final class SlideCode {
    private static final int FROM = 0;
    private static final int TO = 1;
    /** So many vectors are copied one after another instead of in a loop. */
    private static final int STRAIGHT = 64;

    private SlideCode() {
    }

    /** The function's index. */
    static int write(Code code, Factor factor) {
        Code copy = code.module().function(List.of(Type.I32, Type.I32), List.of());
        int[] extents = factor.extents();
        int[] strides = factor.strides();
        int inner = extents.length - 1;
        int vectors = (extents[inner] + 3) / 4;
        // Short rows are copied several at a time, without a loop.
        int rows = inner > 0 && vectors * extents[inner - 1] <= STRAIGHT ? extents[inner - 1] : 1;
        int loops = rows > 1 ? inner - 1 : inner;
        int[] outer = Arrays.copyOf(extents, loops);
        int[] source = new int[loops];
        int[] target = new int[loops];
        int[] order = View.rowMajor(extents);
        for (int d = 0; d < loops; d++) {
            source[d] = 4 * strides[d];
            target[d] = 4 * order[d];
        }
        int step = 4 * strides[inner];
        Nest.write(copy, outer, List.of(new Nest.Walker(FROM, source), new Nest.Walker(TO, target)), () -> {
            // Four where fewer are left: the next row is written over them.
            for (int row = 0; row < rows && vectors * rows <= STRAIGHT; row++) {
                int x = rows > 1 ? 4 * row * strides[inner - 1] : 0;
                int y = 4 * row * extents[inner];
                for (int v = 0; v < vectors; v++) {
                    Memory4.store(copy, TO, y + 16 * v, 4, 4, Memory4.load(copy, FROM, x + 4 * v * step, step, 4));
                }
            }
            if (vectors * rows > STRAIGHT) {
                int x = Nest.copy(copy, FROM);
                int y = Nest.copy(copy, TO);
                copy.repeat(vectors, () -> {
                    Memory4.store(copy, y, 0, 4, 4, Memory4.load(copy, x, 0, step, 4));
                    copy.advance(x, 4 * step).advance(y, 16);
                });
            }
        });
        return copy.index();
    }
}
