package dev.backstep.engine.backend.cpu;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Program;

/** The backend that is always there and defines what the others must answer: plain loops over Java arrays. */
public final class CpuBackend implements Backend {
    /** Has matrices of floating numbers, but for small ones, multiplied that way; null is the plain loops. */
    public static void multiplyBy(MatrixProduct product) {
        Matmul.multiplyBy(product);
    }

    /** The elements of float64 memory themselves. */
    public static double[] doubles(Buffer memory) {
        return ((CpuBuffer.Doubles) memory).data;
    }

    @Override
    public Buffer allocate(DType type, int size) {
        return CpuBuffer.allocate(type, size);
    }

    @Override
    public Buffer upload(DType type, double[] values) {
        CpuBuffer buffer = CpuBuffer.allocate(type, values.length);
        buffer.store(values, 0, 0, 1, values.length);
        return buffer;
    }

    @Override
    public Buffer upload(long[] values) {
        return new CpuBuffer.Longs(values.clone());
    }

    @Override
    public Buffer scalar(DType type, double value) {
        if (type != DType.INT64) {
            return new CpuBuffer.Single(type, value);
        }
        CpuBuffer buffer = CpuBuffer.allocate(type, 1);
        buffer.set(0, value);
        return buffer;
    }

    @Override
    public double[] download(View view) {
        double[] values = new double[view.numel()];
        run(Kernel.COPY, View.contiguous(new CpuBuffer.Doubles(values), view.shape()), view);
        return values;
    }

    @Override
    public void read(View view, float[] to) {
        run(Kernel.COPY, View.contiguous(new CpuBuffer.Floats(to), view.shape()), view);
    }

    @Override
    public void write(View to, float[] values, int from) {
        run(Kernel.COPY, to, new View(new CpuBuffer.Floats(values), to.shape(), View.rowMajor(to.shape()), from));
    }

    @Override
    public long[] downloadLongs(View view) {
        long[] values = new long[view.numel()];
        CpuBuffer buffer = (CpuBuffer) view.buffer();
        int to = 0;
        for (Walk walk = new Walk(view); walk.hasRun(); walk.next()) {
            for (int i = 0, at = walk.at[0]; i < walk.length; i++, at += walk.stride[0]) {
                values[to++] = buffer.getLong(at);
            }
        }
        return values;
    }

    @Override
    public double item(View view) {
        return ((CpuBuffer) view.buffer()).get(view.offset());
    }

    @Override
    public double squares(View view) {
        Blocks blocks = new Blocks(view);
        double[] block = new double[blocks.room];
        double sum = 0;
        for (int n = blocks.next(); n > 0; n = blocks.next()) {
            blocks.load(0, block);
            for (int i = 0; i < n; i++) {
                sum += block[i] * block[i];
            }
        }
        return sum;
    }

    @Override
    public void pointwise(Program formula, double[] params, DType compute, View out, View... in) {
        View[] all = new View[in.length + 1];
        all[0] = out;
        System.arraycopy(in, 0, all, 1, in.length);
        if (compute == DType.INT64) {
            longs(formula, params, all);
        } else if (compute == DType.FLOAT32 && formula.isExact() && out.buffer() instanceof CpuBuffer.Floats) {
            floats(formula, params, all);
        } else {
            doubles(formula, params, compute, all);
        }
    }

    private static void longs(Program formula, double[] params, View[] views) {
        long[] memory = formula.longRegisters(params);
        for (Walk walk = new Walk(views); walk.hasRun(); walk.next()) {
            for (int i = 0; i < walk.length; i++) {
                for (int v = 1; v < views.length; v++) {
                    memory[v - 1] = ((CpuBuffer) views[v].buffer()).getLong(walk.at[v] + i * walk.stride[v]);
                }
                ((CpuBuffer) views[0].buffer()).setLong(walk.at[0] + i * walk.stride[0],
                        formula.run(memory));
            }
        }
    }

    private static void floats(Program formula, double[] params, View[] views) {
        Blocks blocks = new Blocks(views);
        float[][] memory = formula.floatBlocks(params, blocks.room);
        for (int n = blocks.next(); n > 0; n = blocks.next()) {
            for (int v = 1; v < views.length; v++) {
                blocks.load(v, memory[v - 1]);
            }
            blocks.store(formula.run(memory, n));
        }
        formula.giveBack(memory);
    }

    private static void doubles(Program formula, double[] params, DType compute, View[] views) {
        Blocks blocks = new Blocks(views);
        double[][] memory = formula.blocks(params, blocks.room);
        for (int n = blocks.next(); n > 0; n = blocks.next()) {
            for (int v = 1; v < views.length; v++) {
                blocks.load(v, memory[v - 1]);
                round(memory[v - 1], n, views[v].dtype(), compute);
            }
            blocks.store(formula.run(memory, n));
        }
        formula.giveBack(memory);
    }

    /** What a conversion to the computing type would have lost: float64 to float32, large integers to float32. */
    private static void round(double[] block, int n, DType from, DType compute) {
        if (from == compute || from == DType.BOOL || compute == DType.FLOAT64) {
            return;
        }
        for (int i = 0; i < n; i++) {
            block[i] = compute.round(block[i]);
        }
    }

    @Override
    public void run(Kernel kernel, View out, View... in) {
        switch (kernel) {
            case COPY -> copy(out, in[0]);
            case SUM -> Reductions.sum(out, in[0]);
            case PROD -> Reductions.prod(out, in[0]);
            case FOLD -> Fold.run(out, in[0]);
            case MAX -> Reductions.extreme(out, in[0], 1, false);
            case MIN -> Reductions.extreme(out, in[0], -1, false);
            case ARGMAX -> Reductions.extreme(out, in[0], 1, true);
            case ARGMIN -> Reductions.extreme(out, in[0], -1, true);
            case CUMSUM -> Reductions.cumsum(out, in[0]);
            case SOFTMAX -> Softmaxes.take(out, in[0], false);
            case LOG_SOFTMAX -> Softmaxes.take(out, in[0], true);
            case SOFTMAX_BACKWARD -> Softmaxes.back(out, in[0], in[1], false);
            case LOG_SOFTMAX_BACKWARD -> Softmaxes.back(out, in[0], in[1], true);
            case MATMUL -> Matmul.run(out, in[0], in[1]);
            case GATHER -> Places.gather(out, in[0], in[1]);
            case SCATTER_ADD -> Places.scatterAdd(out, in[0], in[1]);
            case SCATTER -> Places.scatter(out, in[0], in[1]);
            case TWIST -> Draws.twist(out, in[0]);
            case BERNOULLI -> Draws.bernoulli(out, in[0], in[1]);
        }
    }

    static void copy(View out, View in) {
        CpuBuffer to = (CpuBuffer) out.buffer();
        CpuBuffer from = (CpuBuffer) in.buffer();
        boolean same = to.dtype() == from.dtype();
        boolean whole = to.dtype() == DType.INT64 || from.dtype() == DType.INT64;
        double[] block = null;
        for (Walk walk = new Walk(out, in); walk.hasRun(); walk.next()) {
            if (walk.length == 1 && !whole) {
                to.set(walk.at[0], from.get(walk.at[1]));
            } else if (same && walk.stride[0] == 1 && walk.stride[1] == 1 && !(from instanceof CpuBuffer.Single)) {
                from.copy(walk.at[1], to, walk.at[0], walk.length);
            } else if (whole) {
                for (int i = 0; i < walk.length; i++) {
                    int source = walk.at[1] + i * walk.stride[1];
                    int target = walk.at[0] + i * walk.stride[0];
                    if (from.dtype() == DType.INT64) {
                        to.setLong(target, from.getLong(source));
                    } else {
                        to.set(target, from.get(source));
                    }
                }
            } else {
                block = block == null ? new double[Math.min(Blocks.MOST, walk.length)] : block;
                for (int i = 0; i < walk.length; i += Blocks.MOST) {
                    int n = Math.min(Blocks.MOST, walk.length - i);
                    from.load(walk.at[1] + i * walk.stride[1], walk.stride[1], block, 0, n);
                    to.store(block, 0, walk.at[0] + i * walk.stride[0], walk.stride[0], n);
                }
            }
        }
    }
}
