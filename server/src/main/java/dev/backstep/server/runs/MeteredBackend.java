package dev.backstep.server.runs;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.ForwardingBackend;
import dev.backstep.engine.tensor.Backends;

/** A backend whose memory counts as that of the run whose thread asks for it. */
final class MeteredBackend extends ForwardingBackend {
    private MeteredBackend(Backend backend) {
        super(backend);
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
}
