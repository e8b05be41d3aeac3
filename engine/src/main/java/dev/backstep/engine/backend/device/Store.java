package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.DType;
import java.lang.ref.WeakReference;

/** Memory whose contents may lie at home, in the CPU's memory, and on devices; all that is there is valid. */
final class Store {
    /** Memory of a device that holds what a store holds. */
    static final class Copy {
        final Memory memory;
        final WeakReference<Store> owner;
        /** When it was used last, by the count of its place. */
        long used;

        Copy(Memory memory, Store owner) {
            this.memory = memory;
            this.owner = new WeakReference<>(owner);
        }
    }

    final DType type;
    final int size;
    Value value;
    /** By the number of the place; null where there is none. */
    final Copy[] copies = new Copy[PlacedBackend.MOST_DEVICES];

    Store(Value value) {
        type = value.type;
        size = value.size;
        this.value = value;
    }
}
