package dev.backstep.web.simd;

import dev.backstep.engine.backend.DType;
import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Op;
import dev.backstep.web.simd.wasm.Type;
import java.util.ArrayList;
import java.util.List;

/** Writes sums and products over dimensions. They accumulate in double and are rounded once, as the CPU's are. */
final class SumCode {
    /** How many elements of a row of totals are summed at once, and of a row that is summed into one. */
    private static final int WIDTH = 16;

    private final Code code;
    private final Lanes lanes;
    private final Place out;
    private final Place in;
    private final Op fold;
    private final double neutral;
    private final Dims dims;
    private final int from;
    private final int to;
    private final int unit;

    private SumCode(Lanes lanes, Arguments arguments, Place out, Place in, boolean product) {
        code = lanes.code;
        this.lanes = lanes;
        this.out = out;
        this.in = in;
        fold = product ? Op.F64X2_MUL : Op.F64X2_ADD;
        neutral = product ? 1 : 0;
        dims = Dims.of(in.shape(), new int[][] {in.strides(), out.strides()});
        from = arguments.pointer(code, in.place());
        to = arguments.pointer(code, out.place());
        int found = dims.rank() - 1;
        for (int d = 0; d < dims.rank(); d++) {
            if (dims.strides[0][d] == 1) {
                found = d;
            }
        }
        unit = found;
    }

    /** All elements between the output's first and last are written. */
    static void write(Lanes lanes, Arguments arguments, Place out, Place in, boolean product) {
        SumCode sum = new SumCode(lanes, arguments, out, in, product);
        int totals = 1;
        for (int d = 0; d < sum.dims.rank(); d++) {
            totals *= sum.isKept(d) ? sum.dims.extents[d] : 1;
        }
        int extent = out.extent();
        if (sum.dims.isEmpty() || totals != extent) {
            sum.fill(extent);
        }
        if (sum.dims.isEmpty()) {
            return;
        }
        if (sum.unit >= 0 && sum.isKept(sum.unit)) {
            sum.columns();
        } else {
            sum.rows();
        }
    }

    private boolean isKept(int d) {
        return dims.strides[1][d] != 0;
    }

    private void fill(int size) {
        int word = neutral == 0 ? 0 : out.type() == DType.FLOAT32 ? Float.floatToRawIntBits(1) : 1;
        int pointer = Nest.copy(code, to);
        code.repeat(size, () -> code.get(pointer).i32(word).memory(Op.I32_STORE, 0).advance(pointer, 4));
    }

    private int[] others(boolean kept) {
        List<Integer> found = new ArrayList<>();
        for (int d = 0; d < dims.rank(); d++) {
            if (d != unit && isKept(d) == kept) {
                found.add(d);
            }
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    private void nest(int[] which, Runnable inner) {
        int[] extents = new int[which.length];
        int[] source = new int[which.length];
        int[] target = new int[which.length];
        for (int i = 0; i < which.length; i++) {
            extents[i] = dims.extents[which[i]];
            source[i] = 4 * dims.strides[0][which[i]];
            target[i] = 4 * dims.strides[1][which[i]];
        }
        Nest.write(code, extents, List.of(new Nest.Walker(from, source), new Nest.Walker(to, target)), inner);
    }

    /** Elements that lie side by side go into totals that lie side by side. */
    private void columns() {
        int length = dims.extents[unit];
        int step = 4 * dims.strides[0][unit];
        int targetStep = 4 * dims.strides[1][unit];
        nest(others(true), () -> {
            Nest.write(code, new int[] {length / WIDTH},
                    List.of(new Nest.Walker(from, WIDTH * step), new Nest.Walker(to, WIDTH * targetStep)),
                    () -> columns(0, WIDTH, step, targetStep));
            if (length % WIDTH > 0) {
                columns(length / WIDTH * WIDTH, length % WIDTH, step, targetStep);
            }
        });
    }

    private void columns(int first, int count, int step, int targetStep) {
        int[] totals = totals((count + 3) / 4 * 2);
        nest(others(false), () -> {
            for (int i = 0; i < count; i += 4) {
                fold(totals, i / 2, Memory4.load(code, from, (first + i) * step, step, Math.min(4, count - i)));
            }
        });
        for (int i = 0; i < count; i += 4) {
            store((first + i) * targetStep, targetStep, Math.min(4, count - i), totals[i / 2], totals[i / 2 + 1]);
        }
    }

    /** Elements that lie side by side go into one total. */
    private void rows() {
        int length = unit < 0 ? 1 : dims.extents[unit];
        int step = unit < 0 ? 0 : 4 * dims.strides[0][unit];
        nest(others(true), () -> {
            int[] totals = totals(length <= 4 ? 2 : WIDTH / 2);
            nest(others(false), () -> {
                Nest.write(code, new int[] {length / WIDTH}, List.of(new Nest.Walker(from, WIDTH * step)), () -> {
                    for (int i = 0; i < WIDTH; i += 4) {
                        fold(totals, i / 2, Memory4.load(code, from, i * step, step, 4));
                    }
                });
                int done = length / WIDTH * WIDTH;
                for (int i = 0; done + i < length; i += 4) {
                    rest(totals, i / 2, done + i, Math.min(4, length - done - i), step);
                }
            });
            for (int i = 1; i < totals.length; i++) {
                code.get(totals[0]).get(totals[i]).op(fold).set(totals[0]);
            }
            code.get(totals[0]).get(totals[0]).get(totals[0]).shuffle(2, 3, 2, 3).op(fold).set(totals[0]);
            store(0, 4, 1, totals[0], totals[0]);
        });
    }

    private void rest(int[] totals, int place, int first, int count, int step) {
        int loaded = Memory4.load(code, from, first * step, step, count);
        if (count < 4) {
            float word = in.type() == DType.FLOAT32 ? (float) neutral : Float.intBitsToFloat((int) neutral);
            loaded = lanes.select(lanes.first(count), loaded, lanes.number(word));
        }
        fold(totals, place, loaded);
    }

    private int[] totals(int count) {
        int[] totals = new int[count];
        for (int i = 0; i < count; i++) {
            totals[i] = code.local(Type.V128);
            code.get(lanes.doubles(neutral)).set(totals[i]);
        }
        return totals;
    }

    /** Adds four elements to two pairs of totals. */
    private void fold(int[] totals, int place, int loaded) {
        boolean whole = in.type() != DType.FLOAT32;
        Op widen = whole ? Op.F64X2_CONVERT_LOW_I32X4_S : Op.F64X2_PROMOTE_LOW_F32X4;
        code.get(totals[place]).get(loaded).op(widen).op(fold).set(totals[place]);
        code.get(totals[place + 1]).get(loaded).get(loaded).shuffle(2, 3, 2, 3).op(widen).op(fold)
                .set(totals[place + 1]);
    }

    private void store(int offset, int step, int count, int low, int high) {
        int value = switch (out.type()) {
            case INT64 -> lanes.keep(code.get(low).op(Op.I32X4_TRUNC_SAT_F64X2_S_ZERO).get(high)
                    .op(Op.I32X4_TRUNC_SAT_F64X2_S_ZERO).shuffle(0, 1, 4, 5));
            case BOOL -> lanes.and(lanes.of(Op.F32X4_NE, lanes.narrow(low, high), lanes.number(0)), lanes.bits(1));
            default -> lanes.narrow(low, high);
        };
        Memory4.store(code, to, offset, step, count, value);
    }
}
