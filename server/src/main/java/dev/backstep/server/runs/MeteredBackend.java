package dev.backstep.server.runs;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.Numbers;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Program;
import dev.backstep.engine.tensor.Backends;

/** A backend whose memory counts as that of the run whose thread asks for it. */
final class MeteredBackend implements Backend {
    private final Backend backend;

    private MeteredBackend(Backend backend) {
        this.backend = backend;
    }

    /** Has the engine's memory be counted from now on. */
    static synchronized void install() {
        if (!(Backends.current() instanceof MeteredBackend)) {
            Backends.use(new MeteredBackend(Backends.current()));
        }
    }

    private static void wants(DType type, int size) {
        Meter meter = Meter.current();
        if (meter != null) {
            meter.wants(type, size);
        }
    }

    private static Buffer took(Buffer memory) {
        Meter meter = Meter.current();
        return meter == null ? memory : meter.took(memory);
    }

    @Override
    public Buffer allocate(DType type, int size) {
        wants(type, size);
        return took(backend.allocate(type, size));
    }

    @Override
    public Buffer upload(DType type, double[] values) {
        wants(type, values.length);
        return took(backend.upload(type, values));
    }

    @Override
    public Buffer upload(long[] values) {
        wants(DType.INT64, values.length);
        return took(backend.upload(values));
    }

    @Override
    public Buffer scalar(DType type, double value) {
        return took(backend.scalar(type, value));
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
