package dev.backstep.web.simd;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Op;
import dev.backstep.web.simd.wasm.Type;
import java.util.Arrays;
import java.util.List;

/** Writes largest and smallest numbers over the dimensions that the output has not, of four neighbours at a time. */
final class ExtremeCode {
    /** So many elements are looked at one after another instead of in a loop. */
    private static final int STRAIGHT = 16;

    private final Lanes lanes;
    private final Code code;
    private final boolean place;
    private final Op notBetter;
    private final int[] extents;
    private final int[] steps;
    private int length = 1;
    private final int most;
    private final int best;
    private final int one;

    private ExtremeCode(Lanes lanes, Kernel kernel, Place out, Place in) {
        this.lanes = lanes;
        code = lanes.code;
        place = kernel == Kernel.ARGMAX || kernel == Kernel.ARGMIN;
        notBetter = kernel == Kernel.MAX || kernel == Kernel.ARGMAX ? Op.F32X4_LE : Op.F32X4_GE;
        extents = Arrays.copyOfRange(in.shape(), out.rank(), in.rank());
        steps = new int[extents.length];
        for (int d = 0; d < extents.length; d++) {
            steps[d] = 4 * in.strides()[out.rank() + d];
            length *= extents[d];
        }
        most = code.local(Type.V128);
        best = code.local(Type.V128);
        one = lanes.bits(1);
    }

    /** Whether there are neighbours to look at together. */
    static boolean takes(Place out, Place in) {
        return in.type() == DType.FLOAT32 && in.rank() > out.rank() && out.rank() > 0
                && out.shape()[out.rank() - 1] >= 4 && in.numel() > 0;
    }

    static void write(Lanes lanes, Arguments arguments, Kernel kernel, Place out, Place in) {
        int from = arguments.pointer(lanes.code, in.place());
        int to = arguments.pointer(lanes.code, out.place());
        new ExtremeCode(lanes, kernel, out, in).rows(from, to, out, in);
    }

    private void rows(int from, int to, Place out, Place in) {
        int last = out.rank() - 1;
        int wide = out.shape()[last];
        int step = 4 * in.strides()[last];
        int apart = 4 * out.strides()[last];
        int[] source = Arrays.stream(in.strides(), 0, last).map(stride -> 4 * stride).toArray();
        int[] target = Arrays.stream(out.strides(), 0, last).map(stride -> 4 * stride).toArray();
        Nest.write(code, Arrays.copyOf(out.shape(), last),
                List.of(new Nest.Walker(from, source), new Nest.Walker(to, target)), () -> {
                    int x = Nest.copy(code, from);
                    int y = Nest.copy(code, to);
                    code.repeat(wide / 4, () -> {
                        find(x, y, step, apart, 4);
                        code.advance(x, 4 * step).advance(y, 4 * apart);
                    });
                    if (wide % 4 > 0) {
                        find(x, y, step, apart, wide % 4);
                    }
                });
    }

    private void find(int from, int to, int step, int apart, int count) {
        code.get(Memory4.load(code, from, 0, step, count)).set(most);
        code.get(lanes.bits(0)).set(best);
        if (length <= STRAIGHT) {
            for (int k = 1; k < length; k++) {
                look(Memory4.load(code, from, offset(k), step, count), lanes.bits(k));
            }
        } else {
            int at = Nest.copy(code, from);
            int k = code.local(Type.V128);
            code.get(lanes.bits(0)).set(k);
            Nest.write(code, extents, List.of(new Nest.Walker(at, steps)), () -> {
                look(Memory4.load(code, at, 0, step, count), k);
                code.get(lanes.of(Op.I32X4_ADD, k, one)).set(k);
            });
        }
        Memory4.store(code, to, 0, apart, count, place ? best : most);
    }

    /** How many bytes the element of that number lies behind the first. */
    private int offset(int k) {
        int offset = 0;
        int rest = k;
        for (int d = extents.length - 1; d >= 0; d--) {
            offset += rest % extents[d] * steps[d];
            rest /= extents[d];
        }
        return offset;
    }

    /** Takes an element where it is better; the first NaN stays, because nothing is better than it. */
    private void look(int value, int k) {
        int better = lanes.and(lanes.of(Op.V128_NOT, lanes.of(notBetter, value, most)),
                lanes.of(Op.F32X4_EQ, most, most));
        if (place) {
            code.get(lanes.select(better, k, best)).set(best);
        }
        code.get(lanes.select(better, value, most)).set(most);
    }
}
