package dev.backstep.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

/** What nobody can reach any more goes: graphs after backward, and all that a long training run made. */
class MemoryTest {
    private static final int PASSES = 1_000_000;
    private static final int WARM = 100_000;
    /** Far below what a million passes would leave behind at one object each (16 bytes at the least). */
    private static final long SLACK = 4L << 20;

    @Test
    void aMillionPassesHoldMemorySteady() {
        Tensor w = Tensor.of(0.5, -0.25).requiresGrad(true);
        Tensor x = Tensor.of(1.0, 2.0);
        train(w, x, WARM);
        long before = used();
        train(w, x, PASSES);
        long grown = used() - before;
        assertTrue(grown < SLACK, "memory grew by " + grown + " bytes");
        assertTrue(Math.abs(w.toDoubles()[0]) < 1);
    }

    private static void train(Tensor w, Tensor x, int passes) {
        for (int i = 0; i < passes; i++) {
            w.grad(null);
            w.mul(x).sub(1.0).square().sum().backward();
            try (var _ = GradMode.noGrad()) {
                w.sub_(w.grad().mul(0.001));
            }
        }
    }

    @Test
    void aGraphThatIsLetGoIsUnreachable() {
        Tensor w = Tensor.of(0.5, -0.25).requiresGrad(true);
        Tensor hidden = w.mul(2.0).exp();
        Tensor loss = hidden.sum();
        WeakReference<Tensor> inner = new WeakReference<>(hidden);
        WeakReference<Node> node = new WeakReference<>(hidden.gradFn());
        loss.backward();
        hidden = null;
        used();
        assertNotNull(node.get(), "the loss still leads there");
        loss = null;
        assertGone(inner, node);
    }

    @Test
    void backwardLetsGoOfWhatWasSaved() {
        Tensor w = Tensor.of(0.5, -0.25).requiresGrad(true);
        Tensor hidden = w.mul(2.0);
        WeakReference<Tensor> saved = new WeakReference<>(hidden);
        Tensor loss = hidden.exp().mul(hidden).sum();
        hidden = null;
        used();
        assertNotNull(saved.get(), "the product needs its factor");
        loss.backward();
        assertGone(saved);
        assertNotNull(loss);
    }

    private static void assertGone(WeakReference<?>... references) {
        for (int tries = 0; tries < 20; tries++) {
            used();
        }
        for (WeakReference<?> reference : references) {
            assertNull(reference.get());
        }
    }

    /** Bytes in use after a collection. */
    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
