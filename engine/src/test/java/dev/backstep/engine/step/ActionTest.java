package dev.backstep.engine.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.check.GradCheck;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphException;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Reason;
import dev.backstep.engine.graph.Sketch;
import dev.backstep.engine.tensor.Step;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Boxes that act on autograd, and what follows forward; expected numbers by hand. */
class ActionTest {
    private static double value(Playback run, String box) {
        return run.timeline().valueAt(new Port(box, 0), run.step()).item();
    }

    private static double grad(Playback run, String box) {
        return run.timeline().gradAt(new Port(box, 0), run.step()).item();
    }

    private static Event last(Playback run) {
        return run.timeline().event(run.timeline().size() - 1);
    }

    private static void toEnd(Playback run) {
        run.seek(run.timeline().size());
    }

    /** loss = (w x - 6)^2 with x = 2, w = 1: dw = 2 (w x - 6) x = -16. */
    private static Sketch loss() {
        return new Sketch().parameter("w", 1.0).leaf("x", 2.0, DType.FLOAT32, false)
                .leaf("t", 6.0, DType.FLOAT32, false).op("y", "mul", "w", "x").op("e", "sub", "y", "t")
                .op("l", "square", "e");
    }

    @Test
    void aLoopByHandGoesOnAndBack() {
        Playback run = Playback.forward(loss().graph("l"));
        run.act(BackwardCall.PLAIN);
        run.act(new Action.Update(0.125));
        run.act(new Action.ZeroGrad(true));
        run.act(new Action.Forward());
        run.act(BackwardCall.PLAIN);
        toEnd(run);
        assertEquals(3, value(run, "w"));
        assertEquals(0, value(run, "l"));
        assertEquals(0, grad(run, "w"));
        int update = eventOf(run, Action.Update.class);
        run.seek(update);
        assertEquals(1, value(run, "w"));
        assertEquals(-16, grad(run, "w"));
        assertEquals(16, value(run, "l"));
        run.seek(update + 1);
        assertEquals(3, value(run, "w"));
        assertEquals(1, run.timeline().valueAt(new Port("w", 0), run.step()).version());
        assertEquals(16, value(run, "l"));
        run.seek(eventOf(run, Action.ZeroGrad.class) + 1);
        assertNull(run.timeline().arrivedAt(new Port("w", 0), run.step()));
        assertNull(run.timeline().gradAt(new Port("w", 0), run.step()));
        assertEquals(Why.NoGrad.CLEARED, Why.gradIsNone(run, new Port("w", 0), run.step()).code());
        run.seek(run.step() + 1);
        assertInstanceOf(Event.Again.class, run.timeline().event(run.step() - 1));
        assertNull(run.timeline().valueAt(new Port("l", 0), run.step()));
        assertEquals(3, value(run, "w"));
    }

    private static int eventOf(Playback run, Class<? extends Action> kind) {
        for (int i = 0; i < run.timeline().size(); i++) {
            if (run.timeline().event(i) instanceof Event.Acted acted && kind.isInstance(acted.action())) {
                return i;
            }
        }
        throw new AssertionError("no " + kind);
    }

    @Test
    void zerosStayZerosAndGradientsAccumulate() {
        Playback run = Playback.forward(loss().graph("l"));
        run.act(new BackwardCall(null, null, true, false));
        run.act(BackwardCall.PLAIN);
        toEnd(run);
        assertEquals(-32, grad(run, "w"));
        run.act(new Action.ZeroGrad(false));
        toEnd(run);
        assertEquals(0, grad(run, "w"));
        run.seek(run.step() - 1);
        assertEquals(-32, grad(run, "w"));
    }

    @Test
    void clippingKeepsWhatWasBefore() {
        Playback run = Playback.forward(loss().graph("l"));
        run.act(BackwardCall.PLAIN);
        run.act(new Action.ClipNorm(1, 2));
        assertEquals(16, assertInstanceOf(Event.Acted.class, last(run)).norm().item());
        assertEquals(-1, grad(run, "w"), 1e-5);
        run.seek(run.step() - 1);
        assertEquals(-16, grad(run, "w"));
        run.act(new Action.ClipValue(0.25));
        assertEquals(-0.25, grad(run, "w"));
    }

    /** Adam's first step is the learning rate, whatever the gradient. */
    @Test
    void anOptimizerStepsWhatItIsConnectedTo() {
        Playback run = Playback.forward(loss().op("adam", "Adam", Attrs.of("lr", 0.5), "w").graph("l"));
        run.act(BackwardCall.PLAIN);
        run.act(new Action.OptimizerStep(null));
        assertEquals(1.5, value(run, "w"), 1e-6);
        assertEquals(List.of("adam", "w"), last(run).boxes());
        run.act(new Action.OptimizerStep("adam"));
        assertEquals(2, value(run, "w"), 1e-6);
        assertEquals(2, run.timeline().valueAt(new Port("w", 0), run.step()).version());

        Playback none = Playback.forward(loss().graph("l"));
        none.act(new Action.OptimizerStep(null));
        assertEquals(Reason.Code.NO_OPTIMIZER, assertInstanceOf(Event.Refused.class, last(none)).reason().code());
        Playback inside = Playback.forward(loss().op("sgd", "SGD", "y").graph("l"));
        inside.act(new Action.OptimizerStep(null));
        assertEquals("can't optimize a non-leaf Tensor", assertInstanceOf(Event.Refused.class, last(inside)).message());
        Playback waits = Playback.forward(loss().op("r", "reshape", Attrs.of("shape", new int[] {7}), "w")
                .op("sgd", "SGD", "r").graph("l"));
        waits.act(new Action.OptimizerStep(null));
        assertEquals(Reason.Code.UPSTREAM, assertInstanceOf(Event.Refused.class, last(waits)).reason().code());
        Playback bad = Playback.forward(loss().op("sgd", "SGD", Attrs.of("lr", -1.0), "w").graph("l"));
        assertEquals("Invalid learning rate: -1.0", bad.reason("sgd").torch());
    }

    @Test
    void inPlaceShowsWhatWasThereAndRefusesAsPyTorch() {
        Graph graph = new Sketch().parameter("x", List.of(1.0, 2.0)).op("y", "exp", "x").op("z", "add_", "y", "y2")
                .leaf("y2", 1.0, DType.FLOAT32, false).op("s", "sum", "z").graph("s");
        Playback run = Playback.forward(graph);
        int add = run.timeline().size() - 2;
        assertEquals(List.of(new Port("y", 0)), ((Event.Forward) run.timeline().event(add)).written());
        Port y = new Port("y", 0);
        assertArrayEquals(new double[] {Math.E, Math.E * Math.E}, run.timeline().valueAt(y, add).toDoubles(), 1e-6);
        assertEquals(0, run.timeline().valueAt(y, add).version());
        assertEquals("ExpBackward0", run.timeline().statusAt(y, add).gradFn().name());
        double[] after = {1 + Math.E, 1 + Math.E * Math.E};
        assertArrayEquals(after, run.timeline().valueAt(y, add + 1).toDoubles(), 1e-6);
        assertEquals(1, run.timeline().valueAt(y, add + 1).version());
        assertEquals("AddBackward0", run.timeline().statusAt(y, add + 1).gradFn().name());
        run.act(BackwardCall.PLAIN);
        Event.Refused refused = assertInstanceOf(Event.Refused.class, last(run));
        assertEquals("y", refused.box());
        assertEquals("one of the variables needed for gradient computation has been modified by an inplace operation: "
                + "[torch.FloatTensor [2]], which is output 0 of ExpBackward0, is at version 1; expected version 0 "
                + "instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, "
                + "with torch.autograd.set_detect_anomaly(True).", refused.message());
        Why.Refused why = Why.refused(run, run.timeline().size() - 1);
        assertEquals(List.of(new Why.Write(1, "z")), why.writes());

        Playback leaf = Playback.forward(new Sketch().parameter("x", 1.0).op("y", "exp_", "x").graph());
        assertEquals("a leaf Variable that requires grad is being used in an in-place operation.",
                leaf.reason("y").torch());
    }

    @Test
    void gradientsGoThroughWhatWasWrittenInPlace() {
        Graph graph = new Sketch().parameter("x", 3.0).leaf("k", 4.0, DType.FLOAT32, false).op("y", "mul", "x", "k")
                .op("z", "mul_", "y", "k").op("s", "add", "z", "z").graph("s");
        Playback run = Playback.forward(graph);
        run.act(BackwardCall.PLAIN);
        toEnd(run);
        assertEquals(96, value(run, "s"));
        assertEquals(32, grad(run, "x"));
        assertEquals(2, run.timeline().arrivedAt(new Port("z", 0), run.step()).item());
        assertEquals(8, run.timeline().arrivedAt(new Port("y", 0), run.step()).item());
    }

    @Test
    void hooksLookReplaceAndAreNotDoubledByAnotherForward() {
        Attrs doubles = Attrs.of("returns", "g * 2");
        Graph graph = loss().op("h", "hook", doubles, "y").op("z", "mul", "h", "x").graph("z");
        Playback run = Playback.forward(graph);
        run.act(BackwardCall.PLAIN);
        run.act(new Action.ZeroGrad(true));
        run.act(new Action.Forward());
        run.act(BackwardCall.PLAIN);
        toEnd(run);
        // dz/dy = 2, doubled, times x = 2
        assertEquals(8, grad(run, "w"));
        Event.Hook hook = (Event.Hook) events(run, Event.Hook.class).getFirst();
        assertEquals("h", hook.box());
        assertEquals(Step.HookCall.Kind.TENSOR, hook.kind());
        assertEquals(2, hook.before().item());
        assertEquals(4, hook.after().item());

        Attrs after = Attrs.of("kind", "register_post_accumulate_grad_hook", "returns", "g * 10");
        Playback leaf = Playback.forward(new Sketch().parameter("w", 1.0).op("h", "hook", after, "w")
                .op("y", "square", "h").graph("y"));
        leaf.act(new BackwardCall(null, null, true, false));
        leaf.act(new Action.Forward());
        leaf.act(BackwardCall.PLAIN);
        toEnd(leaf);
        // 2, times 10; then 20 + 2, times 10
        assertEquals(220, grad(leaf, "w"));
        assertEquals(2, events(leaf, Event.Hook.class).size());

        Playback wrong = Playback.forward(loss().op("h", "hook", Attrs.of("returns", "g.reshape(1)"), "y")
                .op("z", "mul", "h", "x").graph("z"));
        wrong.act(BackwardCall.PLAIN);
        assertEquals("hook '<lambda>' has changed the size of value", ((Event.Refused) last(wrong)).message());
    }

    private static List<Event> events(Playback run, Class<? extends Event> kind) {
        List<Event> found = new java.util.ArrayList<>();
        for (int i = 0; i < run.timeline().size(); i++) {
            if (kind.isInstance(run.timeline().event(i))) {
                found.add(run.timeline().event(i));
            }
        }
        return found;
    }

    private static final Attrs SWISH = Attrs.of("name", "Swish", "inputs", "x", "forward", "x * sigmoid(x)",
            "backward", "g * (sigmoid(x) + y * (1 - sigmoid(x)))");

    private static void check(Attrs attrs) {
        var type = NodeTypes.find("function").with(attrs);
        GradCheck.gradcheck(in -> type.apply(attrs, in),
                Tensor.of(new double[] {0.3, -1.2, 2}, new int[] {3}, DType.FLOAT64).requiresGrad(true));
    }

    @Test
    void aCustomFunctionIsCheckedOnTheSpot() {
        check(SWISH);
        String refusal = assertThrows(TorchError.class, () -> check(SWISH.with("backward", "g * sigmoid(x)")))
                .getMessage();
        assertTrue(refusal.startsWith("Jacobian mismatch for output 0 with respect to input 0"), refusal);
        String count = assertThrows(TorchError.class, () -> check(SWISH.with("backward", "g, g"))).getMessage();
        assertEquals("function SwishBackward returned an incorrect number of gradients (expected 1, got 2)", count);

        Graph graph = new Sketch().parameter("x", 2.0).op("y", "function", SWISH, "x").graph("y");
        Playback run = Playback.forward(graph);
        assertEquals("SwishBackward", run.tensor(new Port("y", 0)).gradFn().name());
        run.act(BackwardCall.PLAIN);
        toEnd(run);
        double s = 1 / (1 + Math.exp(-2));
        assertEquals(s + 2 * s * (1 - s), grad(run, "x"), 1e-6);
        Playback bad = Playback.forward(new Sketch().parameter("x", 2.0)
                .op("y", "function", SWISH.with("forward", "x * foo(x)"), "x").graph());
        assertEquals(Reason.Code.FORMULA_FUNCTION, bad.reason("y").code());
    }

    @Test
    void framesWithoutGradAndDetachCutTheGraph() {
        Graph graph = new Sketch().parameter("x", 3.0).op("a", "square", "x").op("b", "detach", "a")
                .op("s", "mul", "x", "a").op("t", "mul", "s", "b")
                .op("f", "frame", Attrs.of("members", List.of("a"), "no_grad", true)).graph("t");
        Playback run = Playback.forward(graph);
        assertTrue(run.timeline().statusAt(new Port("a", 0), run.step()).madeUnderNoGrad());
        run.act(BackwardCall.PLAIN);
        toEnd(run);
        assertEquals(81, grad(run, "x"));
        assertEquals(Why.NoGrad.MADE_UNDER_NO_GRAD, Why.gradIsNone(run, new Port("a", 0), run.step()).code());
        assertEquals(Why.NoGrad.DETACHED, Why.gradIsNone(run, new Port("b", 0), run.step()).code());

        Playback again = Playback.forward(new Sketch().parameter("x", 3.0).op("d", "detach",
                Attrs.of("requires_grad", true), "x").op("y", "square", "d").graph("y"));
        again.act(BackwardCall.PLAIN);
        toEnd(again);
        assertEquals(6, grad(again, "d"));
        assertNull(again.timeline().gradAt(new Port("x", 0), again.step()));
    }

    @Test
    void retainedGradientsAreKept() {
        Attrs retain = Attrs.of(NodeTypes.RETAIN_GRAD, true);
        Graph graph = new Sketch().parameter("x", 3.0).op("y", "square", retain, "x").op("z", "square", "y").graph("z");
        Playback run = Playback.forward(graph);
        run.act(new BackwardCall(null, null, true, false));
        toEnd(run);
        assertEquals(18, grad(run, "y"));
        run.act(BackwardCall.PLAIN);
        toEnd(run);
        assertEquals(36, grad(run, "y"));
        assertNull(Why.gradIsNone(run, new Port("y", 0), run.step()));
        Playback cannot = Playback.forward(new Sketch().leaf("x", 3.0, DType.FLOAT32, false)
                .op("y", "square", retain, "x").graph());
        assertEquals("can't retain_grad on Tensor that has requires_grad=False", cannot.reason("y").torch());
    }

    /** x^4 at 2: 32, 48, 48, 24 by hand; the third derivative goes into .grad by backward. */
    @Test
    void derivativesOfDerivatives() {
        Graph graph = new Sketch().parameter("x", 2.0).op("y", "pow", Attrs.of("exponent", 4L), "x")
                .op("d1", "grad", "y", "x").op("d2", "grad", "d1", "x").op("d3", "grad", "d2", "x").graph("d3");
        Playback run = Playback.forward(graph);
        assertEquals(32, value(run, "d1"));
        assertEquals(48, value(run, "d2"));
        assertEquals(48, value(run, "d3"));
        run.act(BackwardCall.PLAIN);
        toEnd(run);
        assertEquals(24, grad(run, "x"));

        Playback unused = Playback.forward(new Sketch().parameter("x", 2.0).parameter("z", 1.0).op("y", "square", "x")
                .op("d", "grad", "y", "z").graph("d"));
        assertEquals("One of the differentiated Tensors appears to not have been used in the graph. Set "
                + "allow_unused=True if this is the desired behavior.", unused.reason("d").torch());
    }

    @Test
    void actionsAreWrittenAndRead() {
        Graph graph = loss().op("sgd", "SGD", "w").graph("l");
        List<Action> actions = List.of(new BackwardCall(new Port("y", 0), 2.0, true, true), new Action.Forward(),
                new Action.ZeroGrad(true), new Action.ZeroGrad(false), new Action.OptimizerStep("sgd"),
                new Action.OptimizerStep(null), new Action.ClipNorm(1.5, 2),
                new Action.ClipNorm(1, Double.POSITIVE_INFINITY), new Action.ClipValue(0.5), new Action.Update(0.1),
                new Action.Penalty(0.25), new Action.Schedule("sgd", 0.125), new Action.Schedule(null, 1e-3));
        SharedRun shared = new SharedRun(graph, actions, 3, null, List.of());
        assertEquals(shared, SharedRun.read(shared.write()));
        JsonArray unknown = JsonArray.from(JsonObject.builder().value("do", "dance").done());
        assertEquals("calls[0].do", assertThrows(GraphException.class,
                () -> Action.read(unknown.get(0), graph, "calls[0]")).path());
    }

    /** Of w squared the gradient is 2 w, so a penalty of p (2 w)² adds 8 p w to it. */
    @Test
    void aPenaltyAddsItsOwnGradientAndBackwardFollows() {
        Graph graph = new Sketch().parameter("w", 3.0).op("l", "square", "w").graph("l");
        Playback run = Playback.forward(graph);
        run.act(new Action.Penalty(0.5));
        assertEquals(18, assertInstanceOf(Event.Acted.class, last(run)).norm().item());
        toEnd(run);
        assertEquals(12, grad(run, "w"));
        run.act(BackwardCall.PLAIN);
        toEnd(run);
        assertEquals(18, grad(run, "w"));
        // The gradient of w itself is 1, whatever w: nothing to penalize.
        Playback plain = Playback.forward(new Sketch().parameter("w", 3.0).op("l", "sum", "w").graph("l"));
        plain.act(new Action.Penalty(0.5));
        assertEquals("element 0 of tensors does not require grad and does not have a grad_fn",
                assertInstanceOf(Event.Refused.class, last(plain)).message());
    }

    @Test
    void aScheduleChangesTheRateOfTheNextStep() {
        Playback run = Playback.forward(new Sketch().parameter("w", 3.0).op("l", "sum", "w")
                .op("sgd", "SGD", Attrs.of("lr", 1.0)).graph("l"));
        run.act(BackwardCall.PLAIN);
        run.act(new Action.OptimizerStep(null));
        run.act(new Action.Schedule(null, 0.25));
        assertEquals(List.of("sgd"), assertInstanceOf(Event.Acted.class, last(run)).boxes());
        run.act(new Action.OptimizerStep(null));
        toEnd(run);
        assertEquals(1.75, value(run, "w"));
    }

    @Test
    void aBatchIsALeafOfTwoOutputs() {
        Playback run = Playback.forward(new Sketch().op("data", "data", Attrs.of("samples", 10, "batch_size", 4))
                .op("m", "mean", "data").graph("m"));
        JsonObject tensors = State.of(run, 0).getObject("tensors");
        assertEquals(JsonArray.from(4, 2), tensors.getObject("data.x").getArray("shape"));
        assertEquals(JsonArray.from(4), tensors.getObject("data.y").getArray("shape"));
        assertEquals("torch.int64", tensors.getObject("data.y").getString("dtype"));
    }

    /** Batch normalization moves its running figures in place; what they were stays to be seen. */
    @Test
    void runningFiguresAreRememberedAsTheyWere() {
        Graph graph = new Sketch().leaf("x", List.of(List.of(1.0), List.of(3.0)), DType.FLOAT32, false)
                .leaf("m", List.of(0.0), DType.FLOAT32, false).leaf("v", List.of(1.0), DType.FLOAT32, false)
                .parameter("w", List.of(1.0)).parameter("b", List.of(0.0))
                .op("n", "batch_norm", Attrs.of("training", true, "momentum", 0.5), "x", "m", "v", "w", "b").graph();
        Playback run = Playback.forward(graph);
        assertEquals(1, value(run, "m"));
        run.seek(0);
        assertEquals(0, value(run, "m"));
    }
}
