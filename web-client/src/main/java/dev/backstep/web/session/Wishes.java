package dev.backstep.web.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What is to be done one after another, each when the one before it is done. */
final class Wishes {
    private final Deque<Wish> waiting = new ArrayDeque<>();
    private final BooleanSupplier free;

    /** @param free whether nothing is being done */
    Wishes(BooleanSupplier free) {
        this.free = free;
    }

    private static final class Wish {
        private final Runnable move;
        private final Runnable done;
        private final Runnable cancelled;
        private boolean begun;

        Wish(Runnable move, Runnable done, Runnable cancelled) {
            this.move = move;
            this.done = done;
            this.cancelled = cancelled;
        }
    }

    /** @param done is run when what {@code move} began is done, {@code cancelled} if it will not be */
    void add(Runnable move, Runnable done, Runnable cancelled) {
        waiting.add(new Wish(move, done, cancelled));
        grant();
    }

    /** Has the next ones their turns. */
    void grant() {
        while (free.getAsBoolean() && !waiting.isEmpty()) {
            Wish next = waiting.peek();
            if (next.begun) {
                waiting.remove();
                next.done.run();
            } else {
                next.begun = true;
                next.move.run();
            }
        }
    }

    /** None of them will be done. */
    void cancel() {
        List<Wish> lost = List.copyOf(waiting);
        waiting.clear();
        lost.forEach(wish -> wish.cancelled.run());
    }
}
