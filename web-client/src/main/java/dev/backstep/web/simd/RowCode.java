package dev.backstep.web.simd;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Op;
import dev.backstep.web.simd.wasm.Type;
import java.util.Arrays;
import java.util.List;

/** Writes kernels that go through the last dimensions in order: extremes, their places, running sums. */
final class RowCode {
    private final Code code;
    private final Place out;
    private final Place in;
    private final int from;
    private final int to;
    private final int length;
    private final int step;
    private final boolean whole;

    private RowCode(Code code, Arguments arguments, Place out, Place in) {
        this.code = code;
        this.out = out;
        this.in = in;
        from = arguments.pointer(code, in.place());
        to = arguments.pointer(code, out.place());
        length = in.rank() == 0 ? 1 : in.shape()[in.rank() - 1];
        step = in.rank() == 0 ? 0 : 4 * in.strides()[in.rank() - 1];
        whole = in.type() != DType.FLOAT32;
    }

    static void extreme(Code code, Arguments arguments, Kernel kernel, Place out, Place in) {
        if (in.numel() > 0) {
            new RowCode(code, arguments, out, in).extreme(kernel);
        }
    }

    static void cumsum(Code code, Arguments arguments, Place out, Place in) {
        if (in.numel() > 0) {
            new RowCode(code, arguments, out, in).cumsum();
        }
    }

    /** Does the inner part for each row, of which the first dimensions count, with the pointers at its beginning. */
    private void rows(int rank, int outRank, Runnable inner) {
        int[] source = new int[rank];
        int[] target = new int[rank];
        for (int d = 0; d < rank; d++) {
            source[d] = 4 * in.strides()[d];
            target[d] = d < outRank ? 4 * out.strides()[d] : 0;
        }
        Nest.write(code, Arrays.copyOf(in.shape(), rank),
                List.of(new Nest.Walker(from, source), new Nest.Walker(to, target)), inner);
    }

    private void extreme(Kernel kernel) {
        boolean largest = kernel == Kernel.MAX || kernel == Kernel.ARGMAX;
        boolean place = kernel == Kernel.ARGMAX || kernel == Kernel.ARGMIN;
        Type type = whole ? Type.I32 : Type.F32;
        Op better = whole ? largest ? Op.I32_GT_S : Op.I32_LT_S : largest ? Op.F32_GT : Op.F32_LT;
        int most = code.local(type);
        int value = code.local(type);
        int best = code.local(Type.I32);
        int k = code.local(Type.I32);
        int at = code.local(Type.I32);
        int rank = in.rank() > out.rank() ? out.rank() : Math.max(0, in.rank() - 1);
        Runnable look = () -> {
            code.get(at).memory(whole ? Op.I32_LOAD : Op.F32_LOAD, 0).set(value);
            code.get(value).get(most).op(better);
            if (!whole) {
                // The first NaN stays: nothing is better than it, and it is no longer looked for.
                code.get(value).get(value).op(Op.F32_NE).get(most).get(most).op(Op.F32_EQ).op(Op.I32_AND)
                        .op(Op.I32_OR);
            }
            code.when(() -> code.get(value).set(most).get(k).set(best));
            code.advance(k, 1);
        };
        rows(rank, out.rank(), () -> {
            code.get(from).memory(whole ? Op.I32_LOAD : Op.F32_LOAD, 0).set(most);
            code.i32(0).set(best).get(from).set(at);
            if (in.rank() > rank + 1) {
                code.i32(0).set(k);
                int[] extents = Arrays.copyOfRange(in.shape(), rank, in.rank());
                int[] steps = Arrays.stream(in.strides(), rank, in.rank()).map(stride -> 4 * stride).toArray();
                Nest.write(code, extents, List.of(new Nest.Walker(at, steps)), look);
            } else if (length > 1) {
                code.i32(1).set(k);
                code.loop(() -> {
                    code.advance(at, step);
                    look.run();
                    code.get(k).i32(length).op(Op.I32_LT_S);
                });
            }
            if (place) {
                code.get(to).get(best).memory(Op.I32_STORE, 0);
            } else {
                code.get(to).get(most).memory(whole ? Op.I32_STORE : Op.F32_STORE, 0);
            }
        });
    }

    private void cumsum() {
        int targetStep = out.rank() == 0 ? 0 : 4 * out.strides()[out.rank() - 1];
        int total = code.local(Type.F64);
        int count = code.local(Type.I32);
        int at = code.local(Type.I32);
        int target = code.local(Type.I32);
        rows(Math.max(0, in.rank() - 1), out.rank(), () -> {
            code.f64(0).set(total).i32(0).set(count).get(from).set(at).get(to).set(target);
            code.repeat(length, () -> {
                if (out.type() == DType.FLOAT32) {
                    code.get(total).get(at);
                    if (whole) {
                        code.memory(Op.I32_LOAD, 0).op(Op.F64_CONVERT_I32_S);
                    } else {
                        code.memory(Op.F32_LOAD, 0).op(Op.F64_PROMOTE_F32);
                    }
                    code.op(Op.F64_ADD).set(total);
                    code.get(target).get(total).op(Op.F32_DEMOTE_F64).memory(Op.F32_STORE, 0);
                } else {
                    code.get(count).get(at).memory(Op.I32_LOAD, 0).op(Op.I32_ADD).set(count);
                    code.get(target).get(count).memory(Op.I32_STORE, 0);
                }
                code.advance(at, step).advance(target, targetStep);
            });
        });
    }
}
