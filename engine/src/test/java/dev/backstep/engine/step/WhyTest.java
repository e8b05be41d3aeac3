package dev.backstep.engine.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Sketch;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.Tape;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhyTest {
    private final Tensor x = Tensor.of(1, 2).requiresGrad(true);

    private static Why.NoGrad code(Tensor tensor, Tensor... targets) {
        return Why.gradIsNone(tensor, List.of(targets)).code();
    }

    @Test
    void whatTheTensorItselfSays() {
        Tensor y = x.mul(2.0);
        assertEquals(Why.NoGrad.NOT_A_LEAF, code(y));
        assertSame(y.gradFn(), Why.gradIsNone(y, List.of()).node());
        assertEquals(Why.NoGrad.REQUIRES_GRAD_IS_FALSE, code(Tensor.of(1)));
        assertEquals(Why.NoGrad.REQUIRES_GRAD_IS_FALSE, code(Tensor.of(1).mul(2.0)));
        Tensor detached = y.detach();
        assertEquals(Why.NoGrad.DETACHED, code(detached));
        assertSame(y, Why.gradIsNone(detached, List.of()).source());
        try (var _ = GradMode.noGrad()) {
            Tensor made = x.mul(2.0);
            assertEquals(Why.NoGrad.MADE_UNDER_NO_GRAD, code(made));
            assertEquals(Why.NoGrad.MADE_UNDER_NO_GRAD, code(x.mul(x).select(0, 0).exp().add(x)));
            assertEquals(Why.NoGrad.MADE_UNDER_NO_GRAD, code(x.select(0, 0)));
            assertEquals(Why.NoGrad.REQUIRES_GRAD_IS_FALSE, code(Tensor.of(1).mul(2.0)));
            assertEquals(Why.NoGrad.BACKWARD_HAS_NOT_RUN, code(made.requiresGrad(true)));
        }
    }

    @Test
    void whatBackwardDid() {
        Tensor y = x.mul(2.0).sum();
        assertEquals(Why.NoGrad.BACKWARD_HAS_NOT_RUN, code(x));
        Tensor other = x.detach().requiresGrad(true);
        assertEquals(Why.NoGrad.NOT_ON_A_PATH, code(other, y));
        y.backward();
        assertNull(Why.gradIsNone(x, List.of(y)));
        x.grad(null);
        assertEquals(Why.NoGrad.CLEARED, code(x, y));
        Tensor kept = x.mul(2.0);
        kept.retainGrad();
        assertEquals(Why.NoGrad.BACKWARD_HAS_NOT_RUN, code(kept));
    }

    @Test
    void aRunOfADocument() {
        Graph graph = new Sketch().parameter("x", List.of(1.0, 2.0))
                .parameter("w", List.of(3.0, 4.0))
                .leaf("c", List.of(1.0, 1.0), DType.FLOAT32, false)
                .op("condition", "gt", "x", "c").op("y", "where", "condition", "w", "c").op("z", "sum", "y").graph();
        Playback playback = Playback.forward(graph);
        assertEquals(Why.NoGrad.BACKWARD_HAS_NOT_RUN, code(playback, "w", 3));
        playback.act(BackwardCall.PLAIN);
        int end = playback.timeline().size();
        assertNull(Why.gradIsNone(playback, port("w"), end));
        assertEquals(Why.NoGrad.NOT_REACHED_YET, code(playback, "w", 4));
        assertEquals(3, Why.gradIsNone(playback, port("w"), 4).event());
        Why.GradIsNone lost = Why.gradIsNone(playback, port("x"), end);
        assertEquals(Why.NoGrad.NOT_ON_A_PATH, lost.code());
        assertEquals("condition", lost.box());
        assertEquals(3, lost.event());
        assertEquals(Why.NoGrad.REQUIRES_GRAD_IS_FALSE, code(playback, "c", end));
        assertEquals(Why.NoGrad.REQUIRES_GRAD_IS_FALSE, code(playback, "condition", end));
        assertEquals(Why.NoGrad.NOT_A_LEAF, code(playback, "y", end));
    }

    private static Why.NoGrad code(Playback playback, String box, int step) {
        return Why.gradIsNone(playback, port(box), step).code();
    }

    private static Port port(String box) {
        return new Port(box, 0);
    }

    @Test
    void aSecondBackwardOfADocument() {
        Graph graph = new Sketch().parameter("x", 2.0).op("y", "mul", "x", "x").op("z", "tanh", "y").graph();
        Playback playback = Playback.forward(graph);
        playback.act(BackwardCall.PLAIN);
        playback.act(BackwardCall.PLAIN);
        int last = playback.timeline().size() - 1;
        assertInstanceOf(Event.Refused.class, playback.timeline().event(last));
        Why.Refused why = Why.refused(playback, last);
        assertEquals(Why.Refusal.FREED, why.code());
        assertEquals("TanhBackward0", why.node().name());
        assertEquals(1, why.saved());
        assertEquals(3, why.freed());
        assertEquals("TanhBackward0", assertInstanceOf(Event.NodeRun.class, playback.timeline().event(3)).name());
        assertNull(Why.refused(playback, 0));
    }

    @Test
    void whoWroteWhatWasSaved() {
        Tensor y = x.exp();
        try (var _ = Tape.scope("line 2")) {
            y.detach().zero_();
        }
        y.detach().mul_(2);
        try (var _ = Tape.scope("line 4")) {
            y.select(0, 0).mul_(3);
        }
        Tensor loss = y.sum();
        Why.Refused why = Why.refused(assertThrows(TorchError.class, loss::backward));
        assertEquals(Why.Refusal.WRITTEN_IN_PLACE, why.code());
        assertEquals("ExpBackward0", why.node().name());
        assertSame(y, why.tensor());
        assertEquals(0, why.expected());
        assertEquals(3, why.found());
        assertEquals(List.of(new Why.Write(1, "line 2"), new Why.Write(2, null), new Why.Write(3, "line 4")),
                why.writes());
        TorchError shape = assertThrows(TorchError.class, () -> x.mul(2.0).backward());
        assertEquals(Why.Refusal.OTHER, Why.refused(shape).code());
        assertNotNull(shape.getMessage());
    }

    @Test
    void onlyTheLastWritesAreRemembered() {
        Tensor y = x.exp();
        for (int i = 0; i < 40; i++) {
            try (var _ = Tape.scope("write " + i)) {
                y.detach().mul_(1);
            }
        }
        Tensor loss = y.sum();
        List<Why.Write> writes = Why.refused(assertThrows(TorchError.class, loss::backward)).writes();
        assertEquals(40, writes.size());
        assertNull(writes.get(23).writer());
        assertEquals("write 24", writes.get(24).writer());
        assertEquals("write 39", writes.get(39).writer());
    }
}
