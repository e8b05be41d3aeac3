package dev.backstep.engine.backend;

import dev.backstep.engine.expr.Program;

/**
 * A backend that has another do everything, for those that change little of it. What has a default in {@link Backend}
 * because it is made of other calls ({@code made}, {@code drawn}) comes to these other calls here.
 */
public abstract class ForwardingBackend implements Backend {
    protected final Backend backend;

    protected ForwardingBackend(Backend backend) {
        this.backend = backend;
    }

    @Override
    public Buffer allocate(DType type, int size) {
        return backend.allocate(type, size);
    }

    @Override
    public Buffer upload(DType type, double[] values) {
        return backend.upload(type, values);
    }

    @Override
    public Buffer upload(long[] values) {
        return backend.upload(values);
    }

    @Override
    public Buffer scalar(DType type, double value) {
        return backend.scalar(type, value);
    }

    @Override
    public double[] download(View view) {
        return backend.download(view);
    }

    @Override
    public long[] downloadLongs(View view) {
        return backend.downloadLongs(view);
    }

    @Override
    public void read(View view, float[] to) {
        backend.read(view, to);
    }

    @Override
    public void read(View view, int[] to) {
        backend.read(view, to);
    }

    @Override
    public void write(View to, float[] values, int from) {
        backend.write(to, values, from);
    }

    @Override
    public double item(View view) {
        return backend.item(view);
    }

    @Override
    public double squares(View view) {
        return backend.squares(view);
    }

    @Override
    public void pointwise(Program formula, double[] params, DType compute, View out, View... in) {
        backend.pointwise(formula, params, compute, out, in);
    }

    @Override
    public void run(Kernel kernel, View out, View... in) {
        backend.run(kernel, out, in);
    }

    @Override
    public void numbers(Numbers source) {
        backend.numbers(source);
    }
}
