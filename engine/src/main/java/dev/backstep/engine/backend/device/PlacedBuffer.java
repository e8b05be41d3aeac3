package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;

/** A count of versions over a {@link Store}, which aliases share. */
final class PlacedBuffer extends Buffer {
    final Store store;

    PlacedBuffer(Store store) {
        this.store = store;
    }

    @Override
    public DType dtype() {
        return store.type;
    }

    @Override
    public int size() {
        return store.size;
    }

    @Override
    public Buffer alias() {
        return new PlacedBuffer(store);
    }

    @Override
    public boolean isSameMemory(Buffer other) {
        return other instanceof PlacedBuffer placed && placed.store == store;
    }
}
