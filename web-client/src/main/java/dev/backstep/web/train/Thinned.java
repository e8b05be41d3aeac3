package dev.backstep.web.train;

import java.util.ArrayList;
import java.util.List;

/**
 * Some of the things that came one after the other, evenly over time and never more than a limit: when they become too
 * many every second one goes, and from then on only every second one stays.
 */
public final class Thinned<T> {
    private final int limit;
    private final List<T> kept = new ArrayList<>();
    private final List<Long> batches = new ArrayList<>();
    private int every = 1;
    private int came;

    Thinned(int limit) {
        this.limit = limit;
    }

    void add(long batch, T item) {
        if (came++ % every != 0) {
            return;
        }
        kept.add(item);
        batches.add(batch);
        if (kept.size() > limit) {
            for (int i = kept.size() / 2 * 2 - 1; i > 0; i -= 2) {
                kept.remove(i);
                batches.remove(i);
            }
            every *= 2;
        }
    }

    /** Forgets what came after a batch. */
    void cut(long batch) {
        while (!kept.isEmpty() && batches.getLast() > batch) {
            kept.removeLast();
            batches.removeLast();
        }
    }

    public List<T> all() {
        return kept;
    }

    /** The batch of one of them. */
    public long batch(int index) {
        return batches.get(index);
    }
}
