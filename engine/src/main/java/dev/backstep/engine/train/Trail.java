package dev.backstep.engine.train;

import java.util.Map;
import java.util.TreeMap;

/**
 * Checkpoints on the way of a training, so that any batch can be gone back to: the nearest before it is restored, and
 * the batches between are taken again. Over its memory it gives up every second one, so the way back never takes more
 * than twice as many batches as were needed before.
 */
final class Trail {
    static final int SPACING = 16;

    private final long memory;
    private final TreeMap<Long, Checkpoint> kept = new TreeMap<>();
    private long spacing = SPACING;
    private long bytes;

    /** @param memory how many bytes its checkpoints may take, about; the first is kept whatever it takes */
    Trail(long memory) {
        this.memory = memory;
    }

    /** Whether a checkpoint of that batch is wanted. */
    boolean wants(long batch) {
        return batch % spacing == 0 && !kept.containsKey(batch);
    }

    void add(Checkpoint checkpoint) {
        if (kept.put(checkpoint.batch(), checkpoint) == null) {
            bytes += checkpoint.bytes();
        }
        while (bytes > memory && kept.size() > 1) {
            spacing *= 2;
            kept.values().removeIf(old -> {
                boolean goes = old.batch() % spacing != 0 && old.batch() != kept.firstKey();
                bytes -= goes ? old.bytes() : 0;
                return goes;
            });
        }
    }

    /** The last checkpoint of that batch or one before, or null. */
    Checkpoint before(long batch) {
        Map.Entry<Long, Checkpoint> entry = kept.floorEntry(batch);
        return entry == null ? null : entry.getValue();
    }

    /** The batch of the earliest checkpoint there is. */
    long first() {
        return kept.firstKey();
    }

    void clear() {
        kept.clear();
        bytes = 0;
        spacing = SPACING;
    }

    int size() {
        return kept.size();
    }
}
