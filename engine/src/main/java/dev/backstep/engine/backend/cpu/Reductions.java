package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import java.util.Arrays;

/** Sums, products, extremes and running sums. They accumulate in double (int64 in long) and round once. */
final class Reductions {
    private Reductions() {
    }

    /** @see Kernel#SUM */
    static void sum(View out, View in) {
        if (out.dtype() == DType.INT64) {
            foldLongs(out, in, false);
        } else {
            fold(out, in, false);
        }
    }

    /** @see Kernel#PROD */
    static void prod(View out, View in) {
        if (out.dtype() == DType.INT64) {
            foldLongs(out, in, true);
        } else {
            fold(out, in, true);
        }
    }

    /** How many elements lie from the first of a view to its last. */
    private static int extent(View out) {
        int extent = 1;
        for (int d = 0; d < out.rank(); d++) {
            if (out.shape()[d] == 0 && out.strides()[d] != 0) {
                return 0;
            }
            extent += Math.max(0, out.shape()[d] - 1) * out.strides()[d];
        }
        return extent;
    }

    private static void fold(View out, View in, boolean product) {
        CpuBuffer from = (CpuBuffer) in.buffer();
        CpuBuffer to = (CpuBuffer) out.buffer();
        double[] totals = new double[extent(out)];
        if (product) {
            Arrays.fill(totals, 1);
        }
        Walk walk = new Walk(out, in);
        double[] block = new double[Math.min(Blocks.MOST, walk.length)];
        for (; walk.hasRun(); walk.next()) {
            for (int start = 0; start < walk.length; start += block.length) {
                int n = Math.min(block.length, walk.length - start);
                from.load(walk.at[1] + start * walk.stride[1], walk.stride[1], block, 0, n);
                fold(totals, walk.at[0] - out.offset() + start * walk.stride[0], walk.stride[0], block, n, product);
            }
        }
        to.store(totals, 0, out.offset(), 1, totals.length);
    }

    private static void fold(double[] totals, int at, int stride, double[] block, int n, boolean product) {
        int target = at;
        if (stride == 0) {
            double total = totals[target];
            for (int i = 0; i < n; i++) {
                total = product ? total * block[i] : total + block[i];
            }
            totals[target] = total;
        } else if (product) {
            for (int i = 0; i < n; i++, target += stride) {
                totals[target] *= block[i];
            }
        } else {
            for (int i = 0; i < n; i++, target += stride) {
                totals[target] += block[i];
            }
        }
    }

    private static void foldLongs(View out, View in, boolean product) {
        CpuBuffer from = (CpuBuffer) in.buffer();
        CpuBuffer to = (CpuBuffer) out.buffer();
        long[] totals = new long[extent(out)];
        if (product) {
            Arrays.fill(totals, 1);
        }
        for (Walk walk = new Walk(out, in); walk.hasRun(); walk.next()) {
            for (int i = 0; i < walk.length; i++) {
                int target = walk.at[0] - out.offset() + i * walk.stride[0];
                long value = from.getLong(walk.at[1] + i * walk.stride[1]);
                totals[target] = product ? totals[target] * value : totals[target] + value;
            }
        }
        for (int i = 0; i < totals.length; i++) {
            to.setLong(out.offset() + i, totals[i]);
        }
    }

    /** The largest (sign 1) or smallest (sign -1) over the dimensions that out has not, or its place. */
    static void extreme(View out, View in, int sign, boolean place) {
        CpuBuffer from = (CpuBuffer) in.buffer();
        CpuBuffer to = (CpuBuffer) out.buffer();
        int last = in.rank() - 1;
        int kept = Math.min(out.rank(), Math.max(0, last));
        int length = last < 0 ? 1 : in.shape()[last];
        int step = last < 0 ? 0 : in.strides()[last];
        // Where the last dimension begins, for all of those before it that are searched too.
        int[] starts = starts(in, kept, Math.max(kept, last));
        View rows = new View(in.buffer(), Arrays.copyOf(in.shape(), kept), Arrays.copyOf(in.strides(), kept),
                in.offset());
        boolean whole = from.dtype() == DType.INT64;
        for (Walk walk = new Walk(out, rows); walk.hasRun(); walk.next()) {
            for (int i = 0; i < walk.length; i++) {
                int row = walk.at[1] + i * walk.stride[1];
                int best = whole ? longs(from, row, starts, step, length, sign)
                        : doubles(from, row, starts, step, length, sign);
                int found = row + starts[best / length] + best % length * step;
                int target = walk.at[0] + i * walk.stride[0];
                if (place) {
                    to.setLong(target, best);
                } else if (whole) {
                    to.setLong(target, from.getLong(found));
                } else {
                    to.set(target, from.get(found));
                }
            }
        }
    }

    /** How far the elements of these dimensions lie from the first, in row-major order. */
    private static int[] starts(View view, int from, int to) {
        int[] starts = {0};
        for (int d = from; d < to; d++) {
            int extent = view.shape()[d];
            int[] more = new int[starts.length * extent];
            for (int i = 0; i < more.length; i++) {
                more[i] = starts[i / extent] + i % extent * view.strides()[d];
            }
            starts = more;
        }
        return starts;
    }

    private static int doubles(CpuBuffer from, int row, int[] starts, int step, int length, int sign) {
        int best = 0;
        double most = from.get(row);
        for (int s = 0; s < starts.length; s++) {
            int at = row + starts[s];
            for (int k = 0; k < length && most == most; k++, at += step) {
                double value = from.get(at);
                if (value != value || (sign > 0 ? value > most : value < most)) {
                    best = s * length + k;
                    most = value;
                }
            }
        }
        return best;
    }

    private static int longs(CpuBuffer from, int row, int[] starts, int step, int length, int sign) {
        int best = 0;
        long most = from.getLong(row);
        for (int s = 0; s < starts.length; s++) {
            int at = row + starts[s];
            for (int k = 0; k < length; k++, at += step) {
                long value = from.getLong(at);
                if (sign > 0 ? value > most : value < most) {
                    best = s * length + k;
                    most = value;
                }
            }
        }
        return best;
    }

    /** @see Kernel#CUMSUM */
    static void cumsum(View out, View in) {
        CpuBuffer from = (CpuBuffer) in.buffer();
        CpuBuffer to = (CpuBuffer) out.buffer();
        int last = in.rank() - 1;
        int length = last < 0 ? 1 : in.shape()[last];
        boolean whole = to.dtype() == DType.INT64;
        for (Walk walk = new Walk(rows(out), rows(in)); walk.hasRun(); walk.next()) {
            for (int i = 0; i < walk.length; i++) {
                int target = walk.at[0] + i * walk.stride[0];
                int source = walk.at[1] + i * walk.stride[1];
                int targetStep = last < 0 ? 0 : out.strides()[last];
                int sourceStep = last < 0 ? 0 : in.strides()[last];
                double total = 0;
                long count = 0;
                for (int k = 0; k < length; k++) {
                    if (whole) {
                        count += from.getLong(source + k * sourceStep);
                        to.setLong(target + k * targetStep, count);
                    } else {
                        total += from.get(source + k * sourceStep);
                        to.set(target + k * targetStep, total);
                    }
                }
            }
        }
    }

    /** The view without its last dimension; empty where that has no elements. */
    private static View rows(View view) {
        int last = view.rank() - 1;
        if (last < 0 || view.shape()[last] == 0) {
            return last < 0 ? view : new View(view.buffer(), new int[] {0}, new int[] {0}, view.offset());
        }
        return new View(view.buffer(), Arrays.copyOf(view.shape(), last), Arrays.copyOf(view.strides(), last),
                view.offset());
    }
}
