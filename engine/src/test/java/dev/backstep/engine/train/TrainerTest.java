package dev.backstep.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason.Code;
import dev.backstep.engine.graph.Sketch;
import dev.backstep.engine.step.Action;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a training keeps, and that it goes on from there to the bit. */
class TrainerTest {
    private static final Attrs ADAM = Attrs.of("lr", 0.01);

    /** Programs with all that must be kept: masks, running figures, momenta, gradients that add up, schedules. */
    static List<Graph> programs() {
        return List.of(Sketches.classes(Attrs.NONE, Attrs.of("seed", 3), "Adam", ADAM),
                Sketches.classes(Attrs.of("shuffle", false, "drop_last", true), Attrs.of("clip_norm", 0.2), "SGD",
                        Attrs.of("lr", 0.1, "momentum", 0.9, "nesterov", true)),
                Sketches.classes(Attrs.of("batch_size", 8), Attrs.of("accumulate", 3, "penalty", 0.01, "schedule",
                        "CosineAnnealingLR", "t_max", 3), "AdamW", Attrs.of("amsgrad", true)),
                Sketches.classes(Attrs.NONE, Attrs.of("zero_grad", false, "loss_scale", 0.5, "clip_value", 0.01,
                        "schedule", "StepLR", "step_size", 1), "RMSprop", Attrs.of("centered", true)),
                Sketches.perceptron(Attrs.NONE, Attrs.of("update", "by_hand", "lr", 0.05), "relu").graph("loss"),
                layers());
    }

    private static Graph layers() {
        return new Sketch().op("data", "data", Attrs.of("source", "moons", "samples", 60, "batch_size", 16))
                .uniform("w1", 0.7, 1, 8, 2).uniform("b1", 0.7, 2, 8).uniform("w2", 0.35, 3, 2, 8)
                .op("h", "linear", "data", "w1", "b1").op("m", "zeros", Attrs.of("size", new int[] {8}))
                .op("v", "ones", Attrs.of("size", new int[] {8}))
                .op("g", "ones", Attrs.of("size", new int[] {8}, "requires_grad", true))
                .op("s", "zeros", Attrs.of("size", new int[] {8}, "requires_grad", true))
                .op("n", "batch_norm", "h", "m", "v", "g", "s").op("a", "relu", "n")
                .op("d", "dropout", Attrs.of("p", 0.25), "a").op("pred", "linear", "d", "w2")
                .op("loss", "cross_entropy", "pred", "data:1").op("opt", "Adagrad", Attrs.of("lr", 0.05))
                .op("loop", "loop", Attrs.of("epochs", 50)).graph("loss");
    }

    private static List<Double> losses(Trainer trainer, int count) {
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            trainer.next();
            losses.add(trainer.loss());
            losses.add(trainer.norm());
        }
        return losses;
    }

    private static void same(Map<String, Tensor> expected, Map<String, Tensor> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((box, tensor) -> assertArrayEquals(tensor.toDoubles(), actual.get(box).toDoubles(), box));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void goesOnFromACheckpointToTheBit(Graph graph) {
        for (int before : new int[] {0, 5, 6, 7, 12}) {
            Trainer trainer = new Trainer(graph);
            losses(trainer, before);
            Checkpoint here = trainer.checkpoint();
            byte[] bytes = here.write();
            List<Double> expected = losses(trainer, 20);
            trainer.restore(here);
            assertEquals(before, trainer.batch());
            assertEquals(expected, losses(trainer, 20), "the same object");
            Trainer other = new Trainer(GraphJson.read(GraphJson.write(graph)));
            other.restore(Checkpoint.read(bytes));
            assertEquals(expected, losses(other, 20), "from bytes, elsewhere");
            same(trainer.checkpoint().leaves(), other.checkpoint().leaves());
            assertArrayEquals(trainer.checkpoint().write(), other.checkpoint().write());
        }
    }

    /** The lines of the loop taken one by one on the canvas give what the training gives. */
    @ParameterizedTest
    @MethodSource("programs")
    void aBatchByActionsGivesTheTrainersParameters(Graph graph) {
        for (int before : new int[] {0, 1, 5, 10, 11}) {
            Trainer trainer = new Trainer(graph);
            losses(trainer, before);
            byte[] saved = trainer.checkpoint().write();
            NextBatch next = NextBatch.of(graph, saved);
            Playback playback = next.playback();
            while (next.taken() < next.deeds().size()) {
                next.act();
            }
            trainer.next();
            for (int i = 0; i < playback.timeline().size(); i++) {
                assertFalse(playback.timeline().event(i) instanceof Event.Refused, "event " + i);
            }
            int end = playback.timeline().size();
            Checkpoint after = trainer.checkpoint();
            assertEquals(trainer.loss(), playback.timeline().valueAt(graph.target(), end).item());
            after.leaves().forEach((box, tensor) -> assertArrayEquals(tensor.toDoubles(),
                    playback.timeline().valueAt(new Port(box, 0), end).toDoubles(), box));
            after.grads().forEach((box, tensor) -> assertArrayEquals(tensor.toDoubles(),
                    playback.timeline().gradAt(new Port(box, 0), end).toDoubles(), box + ".grad"));
        }
    }

    @Test
    void theLastBatchOfAnEpochIsFollowedByTheSchedule() {
        Graph graph = programs().get(3);
        Trainer trainer = new Trainer(graph);
        losses(trainer, trainer.batches() - 1);
        NextBatch next = NextBatch.of(graph, trainer.checkpoint().write());
        assertEquals(new Action.Schedule("opt", 0.001), next.deeds().getLast().action());
        assertEquals(List.of(Loop.Part.BACKWARD, Loop.Part.CLIP_VALUE, Loop.Part.STEP, Loop.Part.SCHEDULE),
                next.deeds().stream().map(Loop.Deed::part).toList());
        losses(trainer, 1);
        assertEquals(0.001, trainer.lr(), 1e-12);
        assertEquals(1, trainer.epoch());
    }

    /** Gradients of four batches of 4, each a quarter, are those of one batch of 16. */
    @Test
    void accumulationEqualsTheLargeBatch() {
        Attrs sgd = Attrs.of("lr", 0.1);
        Attrs data = Attrs.of("samples", 60, "train_share", 0.8);
        Trainer large = new Trainer(Sketches.classes(data.with("batch_size", 16), Attrs.NONE, "SGD", sgd));
        Trainer small = new Trainer(Sketches.classes(data.with("batch_size", 4), Attrs.of("accumulate", 4), "SGD",
                sgd));
        for (int step = 0; step < 30; step++) {
            large.next();
            double sum = 0;
            for (int i = 0; i < 4; i++) {
                small.next();
                sum += small.loss();
            }
            assertEquals(large.loss(), sum / 4, 1e-5 * large.loss());
        }
        large.checkpoint().leaves().forEach((box, tensor) -> assertArrayEquals(tensor.toDoubles(),
                small.checkpoint().leaves().get(box).toDoubles(), 1e-5, box));
    }

    @Test
    void evaluationUsesTheRunningFiguresAndNoMasks() {
        Graph graph = layers();
        Trainer trainer = new Trainer(graph);
        losses(trainer, 60);
        Checkpoint here = trainer.checkpoint();
        Evaluation evaluation = new Evaluation(trainer.setup());
        Evaluation.Score first = evaluation.score(trainer.setup().parts.test(), null);
        Evaluation.Score again = evaluation.score(trainer.setup().parts.test(), null);
        assertEquals(first, again);
        assertTrue(first.accuracy() > 0.7, "accuracy " + first.accuracy());
        assertArrayEquals(here.write(), trainer.checkpoint().write(), "nothing is changed by it");

        // By the formulas: (h - m) / sqrt(v + eps) g + s, no mask, cross entropy of two classes.
        Tensor[] test = Evaluation.slice(trainer.setup().parts.test(), 0, trainer.setup().parts.test().size());
        Map<String, Tensor> p = here.leaves();
        Tensor h = test[0].matmul(p.get("w1").t()).add(p.get("b1"));
        Tensor n = h.sub(p.get("m")).div(p.get("v").add(1e-5).sqrt()).mul(p.get("g")).add(p.get("s"));
        Tensor scores = n.relu().matmul(p.get("w2").t());
        double sum = 0;
        int right = 0;
        double[] s = scores.toDoubles();
        long[] y = test[1].toLongs();
        for (int i = 0; i < y.length; i++) {
            double own = s[2 * i + (int) y[i]];
            double other = s[2 * i + 1 - (int) y[i]];
            sum += Math.log1p(Math.exp(other - own));
            right += own > other ? 1 : 0;
        }
        assertEquals(sum / y.length, first.loss(), 1e-5);
        assertEquals((double) right / y.length, first.accuracy());
    }

    @Test
    void theFirstNumberThatIsNoneIsFound() {
        // log of a negative prediction: the value is none from the start.
        Sketch value = new Sketch().op("data", "data", Attrs.of("source", "line", "samples", 20))
                .parameter("w", List.of(List.of(-1e30))).op("p", "linear", "data", "w").op("q", "square", "p")
                .op("l", "log", "p").op("loss", "mse_loss", "l", "data:1").op("opt", "SGD");
        Trainer trainer = new Trainer(value.graph("loss"));
        trainer.next();
        assertEquals(new Trainer.Trouble("l", false), trainer.trouble());
        assertTrue(Double.isNaN(trainer.loss()));
        // sqrt at 0: the value is fine and the derivative is not.
        Sketch gradient = new Sketch().parameter("w", List.of(0.0)).op("r", "sqrt", "w").op("z", "mul", "r", "r")
                .op("loss", "sum", "r").op("opt", "SGD");
        Trainer second = new Trainer(gradient.graph("loss"));
        second.next();
        assertEquals(0, second.loss());
        assertEquals(new Trainer.Trouble("r", true), second.trouble());
        assertNull(second.checkpoint().grads().get("x"));
    }

    @Test
    void leavesAloneAreOneBatch() {
        Sketch sketch = new Sketch().leaf("x", List.of(List.of(1.0), List.of(2.0)), DType.FLOAT32, false)
                .leaf("y", List.of(List.of(5.0), List.of(8.0)), DType.FLOAT32, false)
                .parameter("w", List.of(List.of(0.0))).parameter("b", List.of(0.0)).op("p", "linear", "x", "w", "b")
                .op("loss", "mse_loss", "p", "y")
                .op("loop", "loop", Attrs.of("update", "by_hand", "lr", 0.1, "epochs", 500));
        Trainer trainer = new Trainer(sketch.graph("loss"));
        int batches = 0;
        while (trainer.hasNext()) {
            trainer.next();
            batches++;
        }
        assertEquals(500, batches);
        assertEquals(3, trainer.checkpoint().leaves().get("w").item(), 1e-2);
        assertEquals(2, trainer.checkpoint().leaves().get("b").item(), 2e-2);
    }

    @Test
    void theProgramIsToldLineByLine() {
        Graph graph = Sketches.classes(Attrs.NONE, Attrs.of("epochs", 7, "accumulate", 4, "clip_norm", 0.5, "zero_grad",
                false, "loss_scale", 2.0, "schedule", "StepLR", "gamma", 0.25), "Adam", ADAM);
        List<String> lines = new ArrayList<>();
        for (Loop.Line line : Loop.of(graph).lines(graph)) {
            lines.add((line.on() ? "" : "# ") + "    ".repeat(line.depth()) + line.code());
        }
        assertEquals("""
                for epoch in range(7):
                    for i, (x, y) in enumerate(loader):
                        loss = F.cross_entropy(model(x), y)
                #         if i % 4 == 0: model.zero_grad()
                #         (0.01 * sum(g.square().sum() for g in grad(loss, model.parameters(), \
                create_graph=True))).backward(retain_graph=True)
                        (2 * loss / 4).backward()
                        if (i + 1) % 4 == 0 or i + 1 == len(loader): clip_grad_norm_(model.parameters(), 0.5)
                #         if (i + 1) % 4 == 0 or i + 1 == len(loader): clip_grad_value_(model.parameters(), 1)
                        if (i + 1) % 4 == 0 or i + 1 == len(loader): optimizer.step()
                    scheduler.step()  # StepLR(optimizer, step_size=10, gamma=0.25)""", String.join("\n", lines));
    }

    /** A second data set beside the loss gives no batches. */
    @Test
    void batchesComeFromTheDataOfTheLoss() {
        Sketch sketch = Sketches.perceptron(Attrs.NONE, Attrs.NONE, "tanh").op("opt", "Adam", ADAM)
                .op("a0", "data", Attrs.of("source", "csv")).op("a1", "sum", "a0");
        Trainer trainer = new Trainer(sketch.graph("loss"));
        assertEquals(5, trainer.batches());
        trainer.next();
    }

    private static Code refused(Sketch sketch, String target) {
        return assertThrows(Refusal.class, () -> new Trainer(sketch.graph(target)).next()).reason().code();
    }

    @Test
    void refusesWhatCannotBeTrained() {
        assertEquals(Code.NO_TARGET, assertThrows(Refusal.class, () -> new Trainer(Graph.EMPTY)).reason().code());
        assertEquals(Code.NO_PARAMETERS, refused(new Sketch().leaf("x", 1.0, DType.FLOAT32, false)
                .op("loss", "square", "x").op("loop", "loop", Attrs.of("update", "none")), "loss"));
        assertEquals(Code.NO_OPTIMIZER, refused(new Sketch().parameter("x", 1.0).op("loss", "square", "x"), "loss"));
        assertEquals(Code.NO_SCALAR, refused(new Sketch().parameter("x", List.of(1.0, 2.0)).op("loss", "square", "x")
                .op("opt", "SGD"), "loss"));
        assertEquals(Code.INPUT_MISSING, refused(new Sketch().parameter("x", 1.0).op("y", "add", "x", null)
                .op("loss", "square", "y").op("opt", "SGD"), "loss"));
        assertEquals(Code.TORCH, refused(new Sketch().parameter("x", 1.0).op("loss", "square", "x")
                .op("opt", "SGD", Attrs.of("lr", -1.0)), "loss"));
        assertEquals(Code.TORCH, refused(new Sketch().parameter("x", 1.0).op("loss", "square", "x").op("opt", "SGD")
                .op("loop", "loop", Attrs.of("epochs", 0)), "loss"));
    }

    @Test
    void refusesTheCheckpointOfAnotherDocument() {
        Graph graph = Sketches.classes(Attrs.NONE, Attrs.NONE, "Adam", ADAM);
        Trainer trainer = new Trainer(graph);
        losses(trainer, 3);
        byte[] bytes = trainer.checkpoint().write();
        for (Graph other : List.of(Sketches.classes(Attrs.of("samples", 91), Attrs.NONE, "Adam", ADAM),
                Sketches.classes(Attrs.NONE, Attrs.NONE, "SGD", ADAM),
                Sketches.perceptron(Attrs.NONE, Attrs.NONE, "relu").op("opt", "Adam", ADAM).graph("loss"))) {
            Trainer theirs = new Trainer(other);
            assertEquals(Code.OTHER_DOCUMENT, assertThrows(Refusal.class,
                    () -> theirs.restore(Checkpoint.read(bytes))).reason().code());
            theirs.next();
        }
        // Other switches of the loop, another name or place are no other document.
        Trainer same = new Trainer(Sketches.classes(Attrs.NONE, Attrs.of("clip_norm", 1.0), "Adam", ADAM));
        same.restore(Checkpoint.read(bytes));
        assertEquals(3, same.batch());
        assertFalse(same.isOwn(Checkpoint.read(bytes)));
        assertTrue(trainer.isOwn(Checkpoint.read(bytes)));
    }

    @Test
    void refusesBrokenCheckpoints() {
        Trainer trainer = new Trainer(Sketches.classes(Attrs.NONE, Attrs.NONE, "Adam", ADAM));
        losses(trainer, 3);
        byte[] bytes = trainer.checkpoint().write();
        assertEquals(Code.BAD_CHECKPOINT, assertThrows(Refusal.class, () -> Checkpoint.read(new byte[0])).reason()
                .code());
        assertThrows(Refusal.class, () -> Checkpoint.read(Arrays.copyOf(bytes, bytes.length - 1)));
        int refused = 0;
        int header = 8 + (bytes[0] & 0xff | (bytes[1] & 0xff) << 8);
        for (int i = 8; i < header; i++) {
            byte[] broken = bytes.clone();
            broken[i] ^= 1;
            Trainer fresh = new Trainer(trainer.setup().graph);
            try {
                fresh.restore(Checkpoint.read(broken));
                fresh.next();
            } catch (Refusal fine) {
                refused++;
            }
        }
        assertTrue(refused > (header - 8) / 2, refused + " of " + (header - 8));
        assertNotEquals(0, refused);
    }
}
