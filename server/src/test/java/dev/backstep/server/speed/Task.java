package dev.backstep.server.speed;

import java.util.function.Supplier;

/** What is timed. */
public enum Task {
    SCALAR_GRAPH(ScalarGraph.Ours::new, ScalarGraph.Torchs::new),
    SMALL_STEP(Training.SMALL::ours, Training.SMALL::torchs),
    LARGE_STEP(Training.LARGE::ours, Training.LARGE::torchs),
    MATMUL_1024(() -> new Product.Ours(1024), () -> new Product.Torchs(1024));

    private final Supplier<Work> ours;
    private final Supplier<Work> torchs;

    Task(Supplier<Work> ours, Supplier<Work> torchs) {
        this.ours = ours;
        this.torchs = torchs;
    }

    Work ours() {
        return ours.get();
    }

    Work torchs() {
        return torchs.get();
    }
}
