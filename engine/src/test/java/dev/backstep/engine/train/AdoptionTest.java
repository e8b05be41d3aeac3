package dev.backstep.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.graph.Sketch;
import dev.backstep.engine.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs that go on after an edit; the parabolas by hand, the net beside the same run without the edit. */
class AdoptionTest {
    private static final double MOMENTUM = .5;

    /** a² + b², by SGD with momentum: each parameter for itself. */
    private static Graph parabolas() {
        return new Sketch().op("a", "full", Attrs.of("size", new int[] {}, "fill_value", 1.0, "dtype", "float64",
                "requires_grad", true)).op("b", "full", Attrs.of("size", new int[] {}, "fill_value", 2.0, "dtype",
                "float64", "requires_grad", true)).op("a2", "square", "a").op("b2", "square", "b")
                .op("loss", "add", "a2", "b2").op("opt", "SGD", Attrs.of("lr", .1, "momentum", MOMENTUM))
                .op("loop", "loop", Attrs.of("epochs", 100)).graph("loss");
    }

    /** What PyTorch's SGD does: v = m v + g, p -= lr v. */
    private static double[] step(double p, double v, double lr) {
        double velocity = MOMENTUM * v + 2 * p;
        return new double[] {p - lr * velocity, velocity};
    }

    private static Trainer trained(Graph graph, int batches) {
        Trainer trainer = new Trainer(graph);
        for (int i = 0; i < batches; i++) {
            trainer.next();
        }
        return trainer;
    }

    private static Trainer adopted(Trainer from, Graph before, Graph after) {
        Trainer trainer = new Trainer(after);
        Checkpoint taken = Checkpoint.read(Adoption.of(before, from.checkpoint().write(), after));
        assertFalse(trainer.isOwn(taken), "what lies before is of another document");
        trainer.restore(taken);
        return trainer;
    }

    private static double leaf(Trainer trainer, String box) {
        return trainer.checkpoint().leaves().get(box).item();
    }

    @Test
    void anotherRateActsFromTheNextStepOnAndTheMomentumStays() {
        Graph before = parabolas();
        Trainer from = trained(before, 2);
        double[] a = step(step(1, 0, .1)[0], 2, .1);
        assertEquals(a[0], leaf(from, "a"), 1e-15);
        Trainer on = adopted(from, before, Sketches.with(before, "opt", "lr", .3));
        on.next();
        assertEquals(3, on.batch());
        assertEquals(step(a[0], a[1], .3)[0], leaf(on, "a"), 1e-15);
    }

    @Test
    void anEditedParameterBeginsThereAndTheOthersGoOn() {
        Graph before = parabolas();
        Trainer on = adopted(trained(before, 1), before, Sketches.with(before, "a", "fill_value", 7.0));
        assertEquals(7, leaf(on, "a"));
        double[] b = step(2, 0, .1);
        assertEquals(b[0], leaf(on, "b"), 1e-15);
        on.next();
        assertEquals(step(7, 2, .1)[0], leaf(on, "a"), 1e-14);
        assertEquals(step(b[0], b[1], .1)[0], leaf(on, "b"), 1e-15);
    }

    @Test
    void aFrozenParameterKeepsWhatItLearnedUntilTheRunIsReset() {
        Graph before = parabolas();
        Trainer from = trained(before, 3);
        Graph after = Sketches.with(before, "a", "requires_grad", false);
        Checkpoint beginning = new Trainer(after).checkpoint();
        Trainer on = adopted(from, before, after);
        double learned = leaf(from, "a");
        on.next();
        assertEquals(learned, leaf(on, "a"));
        assertNotEquals(leaf(from, "b"), leaf(on, "b"));
        // A later checkpoint has it too, and the canvas shows it.
        Trainer later = new Trainer(after);
        later.restore(Checkpoint.read(on.checkpoint().write()));
        assertEquals(learned, leaf(later, "a"));
        assertEquals(learned, NextBatch.after(after, on.checkpoint().write())
                .tensor(new Port("a", 0)).item());
        on.restore(beginning);
        assertEquals(1, on.setup().network.leaves().get("a")[0].item());
        // Thawed, it goes on from there.
        Trainer thawed = adopted(later, after, before);
        assertEquals(learned, leaf(thawed, "a"));
    }

    @Test
    void aNetKeepsWhatFitsWhenAnotherBoxIsAdded() {
        Graph before = Sketches.classes(Attrs.NONE, Attrs.of("epochs", 100), "Adam", Attrs.of("lr", .01));
        Graph after = Sketches.with(before, "w2", "seed", 77);
        Trainer from = trained(before, 7);
        Map<String, Tensor> old = from.checkpoint().leaves();
        Trainer on = adopted(from, before, after);
        Map<String, Tensor> now = on.checkpoint().leaves();
        assertArrayEquals(old.get("w1").toDoubles(), now.get("w1").toDoubles());
        assertArrayEquals(new Trainer(after).checkpoint().leaves().get("w2").toDoubles(), now.get("w2").toDoubles());
        on.next();
        from.next();
        assertEquals(8, on.batch());
        // The first layer's samples are those that the run would have had.
        assertEquals(from.inEpoch(), on.inEpoch());
    }

    @Test
    void otherBatchesAreRefused() {
        Graph before = Sketches.classes(Attrs.NONE, Attrs.of("epochs", 100), "Adam", Attrs.of("lr", .01));
        byte[] saved = trained(before, 2).checkpoint().write();
        Refusal refused = assertThrows(Refusal.class,
                () -> Adoption.of(before, saved, Sketches.with(before, "data", "batch_size", 8)));
        assertEquals(Code.OTHER_BATCHES, refused.reason().code());
        assertSame(saved, Adoption.of(before, saved, Sketches.with(before, "loop", "clip_norm", 1.0)),
                "the loop is no part of what computes");
    }
}
