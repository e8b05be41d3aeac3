package dev.backstep.web.simd;

import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Op;
import dev.backstep.web.simd.wasm.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes softmaxes along the last dimension, their logarithms, and the gradients of both: row by row, four elements at
 * a time. Sums accumulate in double, as the CPU's do.
 */
final class SoftmaxCode {
    private final Code code;
    private final Lanes lanes;
    private final LaneMath math;
    private final boolean log;
    /** The output first. */
    private final Place[] operands;
    private final int[] pointers;
    private final int length;

    private SoftmaxCode(Lanes lanes, Arguments arguments, boolean log, Place... operands) {
        code = lanes.code;
        this.lanes = lanes;
        this.log = log;
        this.operands = operands;
        math = new LaneMath(lanes);
        pointers = new int[operands.length];
        for (int i = 0; i < pointers.length; i++) {
            pointers[i] = arguments.pointer(code, operands[i].place());
        }
        length = operands[0].rank() == 0 ? 1 : operands[0].shape()[operands[0].rank() - 1];
    }

    static void take(Lanes lanes, Arguments arguments, boolean log, Place out, Place in) {
        if (out.numel() > 0) {
            SoftmaxCode softmax = new SoftmaxCode(lanes, arguments, log, out, in);
            softmax.rows(softmax::take);
        }
    }

    static void back(Lanes lanes, Arguments arguments, boolean log, Place out, Place gradient, Place result) {
        if (out.numel() > 0) {
            SoftmaxCode softmax = new SoftmaxCode(lanes, arguments, log, out, gradient, result);
            softmax.rows(softmax::back);
        }
    }

    private void take() {
        int lowest = lanes.number(Float.NEGATIVE_INFINITY);
        int most = code.local(Type.V128);
        code.get(lowest).set(most);
        each((first, count) -> {
            int x = load(1, first, count);
            code.get(most).get(count == 4 ? x : lanes.select(lanes.first(count), x, lowest)).op(Op.F32X4_MAX)
                    .set(most);
        });
        int pairs = lanes.of(Op.F32X4_MAX, most, lanes.keep(code.get(most).get(most).shuffle(2, 3, 0, 1)));
        int top = lanes.of(Op.F32X4_MAX, pairs, lanes.keep(code.get(pairs).get(pairs).shuffle(1, 0, 3, 2)));
        int sum = sum((first, count) -> {
            int power = math.exp(lanes.sub(load(1, first, count), top));
            if (!log) {
                store(first, count, power);
            }
            return power;
        });
        if (log) {
            int lower = math.log(sum);
            each((first, count) -> store(first, count,
                    lanes.sub(lanes.sub(load(1, first, count), top), lower)));
        } else {
            each((first, count) -> store(first, count, lanes.div(load(0, first, count), sum)));
        }
    }

    private void back() {
        int sum = sum((first, count) -> {
            int g = load(1, first, count);
            return log ? g : lanes.mul(g, load(2, first, count));
        });
        each((first, count) -> {
            int g = load(1, first, count);
            int y = load(2, first, count);
            store(first, count, log ? lanes.sub(g, lanes.mul(math.exp(y), sum)) : lanes.mul(y, lanes.sub(g, sum)));
        });
    }

    /** Does something with up to four elements, the first of which lies so many behind the pointers. */
    private interface Part {
        void write(int first, int count);
    }

    /** Likewise, with numbers as result. */
    private interface Numbers {
        int write(int first, int count);
    }

    /** Does the inner part for each row, with the pointers at its beginning. */
    private void rows(Runnable inner) {
        int rank = Math.max(0, operands[0].rank() - 1);
        List<Nest.Walker> walkers = new ArrayList<>();
        for (int i = 0; i < pointers.length; i++) {
            int[] steps = new int[rank];
            for (int d = 0; d < rank; d++) {
                steps[d] = 4 * operands[i].strides()[d];
            }
            walkers.add(new Nest.Walker(pointers[i], steps));
        }
        Nest.write(code, Arrays.copyOf(operands[0].shape(), rank), walkers, inner);
    }

    /** Does the inner part for all elements of a row. */
    private void each(Part part) {
        List<Nest.Walker> walkers = new ArrayList<>();
        for (int i = 0; i < pointers.length; i++) {
            walkers.add(new Nest.Walker(pointers[i], 4 * step(i)));
        }
        Nest.write(code, new int[] {length / 4}, walkers, () -> part.write(0, 4));
        if (length % 4 > 0) {
            part.write(length / 4 * 4, length % 4);
        }
    }

    /** The sum of the numbers of all elements, in all lanes. */
    private int sum(Numbers numbers) {
        int low = code.local(Type.V128);
        int high = code.local(Type.V128);
        code.get(lanes.doubles(0)).set(low).get(lanes.doubles(0)).set(high);
        each((first, count) -> {
            int found = numbers.write(first, count);
            int counted = count == 4 ? found : lanes.and(found, lanes.first(count));
            code.get(low).get(lanes.low(counted)).op(Op.F64X2_ADD).set(low);
            code.get(high).get(lanes.high(counted)).op(Op.F64X2_ADD).set(high);
        });
        int pair = lanes.of(Op.F64X2_ADD, low, high);
        int total = lanes.of(Op.F64X2_ADD, pair, lanes.keep(code.get(pair).get(pair).shuffle(2, 3, 0, 1)));
        return lanes.narrow(total, total);
    }

    /** In bytes, from one element of a row to the next. */
    private int step(int operand) {
        Place place = operands[operand];
        return place.rank() == 0 ? 0 : 4 * place.strides()[place.rank() - 1];
    }

    private int load(int operand, int first, int count) {
        return Memory4.load(code, pointers[operand], first * step(operand), step(operand), count);
    }

    private void store(int first, int count, int numbers) {
        Memory4.store(code, pointers[0], first * step(0), step(0), count, numbers);
    }
}
