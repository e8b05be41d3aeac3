package dev.backstep.web.simd;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.expr.Expr;
import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Op;
import dev.backstep.web.simd.wasm.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Writes the loops of a pointwise work, or of a copy: four elements of the innermost dimension at a time. */
final class PointwiseCode {
    /** So many vectors are written one after another instead of as a loop, where the formulas are short. */
    private static final int STRAIGHT = 64;

    private final Code code;
    private final Lanes lanes;
    private final List<Expr> formulas;
    private final List<Place> outs;
    private final List<Place> ins;
    private final Dims dims;
    private final boolean raw;
    /** By operand, outputs first; operands that move alike share one. */
    private final int[] pointers;
    private final List<Integer> moving = new ArrayList<>();
    private final Formulas invariant;
    private final int[] still;
    private final int weight;

    private PointwiseCode(Lanes lanes, Arguments arguments, List<Expr> formulas, List<Place> outs, List<Place> ins,
            ToIntFunction<String> params, boolean raw) {
        code = lanes.code;
        this.lanes = lanes;
        this.formulas = formulas;
        this.outs = outs;
        this.ins = ins;
        this.raw = raw;
        int[][] strides = new int[outs.size() + ins.size()][];
        for (int i = 0; i < strides.length; i++) {
            strides[i] = operand(i).strides();
        }
        dims = Dims.of(outs.getFirst().shape(), strides);
        pointers = new int[strides.length];
        for (int i = 0; i < strides.length; i++) {
            int same = same(i);
            pointers[i] = same < i ? pointers[same] : arguments.pointer(code, operand(i).place());
            if (same == i) {
                moving.add(i);
            }
        }
        still = new int[ins.size()];
        Arrays.fill(still, -1);
        Map<String, Integer> numbers = new HashMap<>();
        invariant = new Formulas(lanes, i -> still[i], name -> numbers.computeIfAbsent(name,
                _ -> arguments.number(code, params.applyAsInt(name))));
        int calls = 0;
        for (Expr formula : formulas) {
            calls += weigh(formula);
        }
        weight = Math.max(1, calls);
    }

    /**
     * {@code outs[i] = formulas[i](ins...)}.
     *
     * @param params which of the module's numbers a parameter is
     */
    static void write(Lanes lanes, Arguments arguments, List<Expr> formulas, List<Place> outs, List<Place> ins,
            ToIntFunction<String> params) {
        new PointwiseCode(lanes, arguments, formulas, outs, ins, params, false).write();
    }

    /** out = in, converted. */
    static void copy(Lanes lanes, Arguments arguments, Place out, Place in) {
        boolean raw = out.type() == in.type() || out.type() == DType.INT64 && in.type() == DType.BOOL;
        new PointwiseCode(lanes, arguments, List.of(Expr.arg(0)), List.of(out), List.of(in), _ -> -1, raw).write();
    }

    private Place operand(int i) {
        return i < outs.size() ? outs.get(i) : ins.get(i - outs.size());
    }

    private int same(int i) {
        for (int j = 0; j < i; j++) {
            if (operand(j).place() == operand(i).place() && Arrays.equals(dims.strides[j], dims.strides[i])) {
                return j;
            }
        }
        return i;
    }

    private static int weigh(Expr e) {
        int sum = 0;
        if (e instanceof Expr.Call c) {
            sum = c.fn().isExact() ? 1 : 20;
            for (Expr arg : c.args()) {
                sum += weigh(arg);
            }
        }
        return sum;
    }

    private void write() {
        if (dims.isEmpty()) {
            return;
        }
        for (int i = 0; i < ins.size(); i++) {
            if (isZero(dims.strides[outs.size() + i], 0)) {
                still[i] = splat(i);
            }
        }
        formulas.forEach(this::settle);
        walk(0);
    }

    private static boolean isZero(int[] strides, int from) {
        for (int i = from; i < strides.length; i++) {
            if (strides[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Computes what is the same for all elements, once, before the loops. */
    private boolean settle(Expr e) {
        if (!isSettled(e)) {
            if (e instanceof Expr.Call c) {
                c.args().forEach(this::settle);
            }
            return false;
        }
        if (e instanceof Expr.Call) {
            invariant.value(e);
        }
        return true;
    }

    private boolean isSettled(Expr e) {
        return switch (e) {
            case Expr.Const _, Expr.Param _ -> true;
            case Expr.Arg a -> still[a.index()] >= 0;
            case Expr.Call c -> c.args().stream().allMatch(this::isSettled);
        };
    }

    private void walk(int d) {
        if (d >= dims.rank() - 1) {
            inner();
            return;
        }
        code.repeat(dims.extents[d], () -> {
            walk(d + 1);
            for (int i : moving) {
                code.advance(pointers[i], 4 * (dims.strides[i][d] - travelled(i, d + 1)));
            }
        });
    }

    /** How many elements a pointer has moved when the loops from dimension d on have ended. */
    private int travelled(int i, int d) {
        if (d == dims.rank() - 1) {
            return looped() * 4 * dims.strides[i][d];
        }
        return dims.extents[d] * dims.strides[i][d];
    }

    private int length() {
        return dims.rank() == 0 ? 1 : dims.extents[dims.rank() - 1];
    }

    private int step(int i) {
        return dims.rank() == 0 ? 1 : dims.strides[i][dims.rank() - 1];
    }

    /** How many vectors a turn of the loop makes. */
    private int unrolled() {
        return weight <= 4 ? 4 : weight <= 12 ? 2 : 1;
    }

    /** How many of the vectors are made in the loop; the rest follows it. */
    private int looped() {
        int vectors = length() / 4;
        return vectors * weight <= STRAIGHT || vectors == 1 ? 0 : vectors / unrolled() * unrolled();
    }

    private void inner() {
        Formulas row = invariant.next(i -> still[i]);
        for (int i = 0; i < ins.size(); i++) {
            if (still[i] < 0 && step(outs.size() + i) == 0) {
                int local = splat(i);
                row.know(Expr.arg(i), local);
            }
        }
        int looped = looped();
        int unrolled = unrolled();
        if (looped > 0) {
            code.repeat(looped / unrolled, () -> {
                for (int j = 0; j < unrolled; j++) {
                    body(row, 4 * j, 4);
                }
                for (int i : moving) {
                    code.advance(pointers[i], 16 * unrolled * step(i));
                }
            });
        }
        for (int done = 4 * looped; done < length(); done += 4) {
            body(row, done - 4 * looped, Math.min(4, length() - done));
        }
    }

    /** Up to four elements, the first of them so many elements behind the pointers. */
    private void body(Formulas row, int first, int count) {
        Formulas here = row.next(i -> load(i, first, count));
        int[] results = new int[outs.size()];
        for (int o = 0; o < results.length; o++) {
            Expr formula = formulas.get(o);
            DType type = outs.get(o).type();
            results[o] = type == DType.BOOL && !raw ? lanes.and(here.mask(formula), lanes.bits(1))
                    : here.value(formula);
            if (type == DType.INT64 && !raw) {
                results[o] = lanes.of(Op.I32X4_TRUNC_SAT_F32X4_S, results[o]);
            }
        }
        for (int o = 0; o < results.length; o++) {
            Memory4.store(code, pointers[o], 4 * first * step(o), 4 * step(o), count, results[o]);
        }
    }

    private int splat(int in) {
        int local = code.local(Type.V128);
        code.get(pointers[outs.size() + in]).memory(Op.V128_LOAD32_SPLAT, 0).set(local);
        return numbers(in, local);
    }

    private int load(int in, int first, int count) {
        int operand = outs.size() + in;
        int step = step(operand);
        return numbers(in, Memory4.load(code, pointers[operand], 4 * first * step, 4 * step, count));
    }

    private int numbers(int in, int local) {
        return raw || ins.get(in).type() == DType.FLOAT32 ? local : lanes.of(Op.F32X4_CONVERT_I32X4_S, local);
    }
}
