package dev.backstep.web.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.GraphJson;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.step.BackwardCall;
import dev.backstep.engine.step.Event;
import dev.backstep.engine.step.Playback;
import dev.backstep.engine.step.Why;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each repair is applied as the page applies it, and does what it says. */
class RepairsTest {
    private final Editor editor = new Editor();
    private final Player player = new Player(editor);

    /** Opens a document of boxes "id type [attrs]" and wires "from to input". */
    private void open(List<String> boxes, String... wires) {
        StringBuilder json = new StringBuilder("{\"format\":1,\"nodes\":[");
        for (String box : boxes) {
            String[] parts = box.split(" ", 3);
            json.append(json.charAt(json.length() - 1) == '[' ? "" : ",").append("{\"id\":\"").append(parts[0])
                    .append("\",\"type\":\"").append(parts[1]).append("\",\"label\":\"").append(parts[0])
                    .append("\",\"attrs\":").append(parts.length > 2 ? parts[2] : "{}").append('}');
        }
        json.append("],\"wires\":[");
        for (String wire : wires) {
            String[] parts = wire.split(" ");
            json.append(json.charAt(json.length() - 1) == '[' ? "" : ",").append("{\"from\":[\"").append(parts[0])
                    .append("\",0],\"to\":[\"").append(parts[1]).append("\",").append(parts[2]).append("]}");
        }
        editor.open(GraphJson.read(json.append("]}").toString()));
        player.replay(List.of(BackwardCall.PLAIN), Integer.MAX_VALUE);
    }

    private Playback playback() {
        return player.playback();
    }

    private static Port port(String box) {
        return new Port(box, 0);
    }

    private List<Repair> forGrad(String box) {
        return Repairs.of(playback(), port(box), Why.gradIsNone(playback(), port(box), player.step()));
    }

    /** The repairs of the refusal that the run ended with. */
    private List<Repair> forRefusal() {
        int last = playback().timeline().size() - 1;
        assertInstanceOf(Event.Refused.class, playback().timeline().event(last));
        return Repairs.of(playback(), last);
    }

    private static Repair repair(List<Repair> repairs, Repair.Kind kind) {
        return repairs.stream().filter(repair -> repair.kind() == kind).findFirst().orElseThrow(
                () -> new AssertionError(kind + " is not among " + repairs));
    }

    private double[] grad(String box) {
        return playback().timeline().gradAt(port(box), player.step()).toDoubles();
    }

    private void assertNotRefused() {
        for (int i = 0; i < playback().timeline().size(); i++) {
            assertTrue(!(playback().timeline().event(i) instanceof Event.Refused));
        }
    }

    @Test
    void requiresGradOnALeaf() {
        open(List.of("w tensor {\"data\":2,\"requires_grad\":true}", "x tensor {\"data\":3}", "y mul"),
                "w y 0", "x y 1");
        Graph before = editor.graph();
        repair(forGrad("x"), Repair.Kind.REQUIRE_GRAD).apply(editor, player);
        assertEquals(2, grad("x")[0]);
        editor.undo();
        assertEquals(before, editor.graph());
    }

    @Test
    void retainGradInBetween() {
        open(List.of("x tensor {\"data\":3,\"requires_grad\":true}", "y square", "z exp"), "x y 0", "y z 0");
        assertNull(playback().timeline().gradAt(port("y"), player.step()));
        repair(forGrad("y"), Repair.Kind.RETAIN_GRAD).apply(editor, player);
        assertEquals(Math.exp(9), grad("y")[0], 1e-3);
    }

    @Test
    void aDetachIsTakenOut() {
        open(List.of("x tensor {\"data\":3,\"requires_grad\":true}", "w tensor {\"data\":2,\"requires_grad\":true}",
                "d detach", "y mul"), "x d 0", "d y 0", "w y 1");
        Why.GradIsNone why = Why.gradIsNone(playback(), port("x"), player.step());
        assertEquals(Why.NoGrad.NOT_ON_A_PATH, why.code());
        assertEquals("d", why.box());
        repair(forGrad("x"), Repair.Kind.BYPASS_DETACH).apply(editor, player);
        assertEquals(2, grad("x")[0]);
        assertNull(editor.graph().node("d"));
    }

    @Test
    void recordingUnderNoGrad() {
        open(List.of("x tensor {\"data\":3,\"requires_grad\":true}", "y square", "z exp",
                "f frame {\"members\":[\"y\"],\"no_grad\":true}"), "x y 0", "y z 0");
        assertEquals(Why.NoGrad.MADE_UNDER_NO_GRAD, Why.gradIsNone(playback(), port("y"), player.step()).code());
        repair(forGrad("y"), Repair.Kind.LEAVE_NO_GRAD).apply(editor, player);
        assertNotNull(playback().timeline().gradAt(port("x"), player.step()));
    }

    @Test
    void backwardFromAnotherTarget() {
        open(List.of("x tensor {\"data\":3,\"requires_grad\":true}", "w tensor {\"data\":2,\"requires_grad\":true}",
                "y square", "z exp"), "x y 0", "w z 0");
        repair(forGrad("x"), Repair.Kind.CHOOSE_TARGET).apply(editor, player);
        assertEquals(6, grad("x")[0]);
    }

    @Test
    void backwardIsRun() {
        open(List.of("x tensor {\"data\":3,\"requires_grad\":true}", "y square"), "x y 0");
        player.replay(List.of(), Integer.MAX_VALUE);
        repair(forGrad("x"), Repair.Kind.RUN_BACKWARD).apply(editor, player);
        assertEquals(6, grad("x")[0]);
    }

    @Test
    void aSecondBackwardKeepsTheGraph() {
        open(List.of("x tensor {\"data\":3,\"requires_grad\":true}", "y square"), "x y 0");
        player.act(BackwardCall.PLAIN);
        repair(forRefusal(), Repair.Kind.RETAIN_GRAPH).apply(editor, player);
        assertNotRefused();
        assertEquals(12, grad("x")[0]);
    }

    /** exp saves its output, which is written before backward reads it. */
    private void written() {
        open(List.of("x tensor {\"data\":[0,1],\"requires_grad\":true}", "y exp", "z mul_", "c tensor {\"data\":2}",
                "s sum"), "x y 0", "y z 0", "c z 1", "z s 0");
    }

    @Test
    void outOfPlace() {
        written();
        assertEquals(Set.of(Repair.Kind.OUT_OF_PLACE, Repair.Kind.CLONE_BEFORE),
                Set.copyOf(forRefusal().stream().map(Repair::kind).toList()));
        repair(forRefusal(), Repair.Kind.OUT_OF_PLACE).apply(editor, player);
        assertNotRefused();
        assertEquals("mul", editor.graph().node("z").type());
        assertEquals(2 * Math.E, grad("x")[1], 1e-5);
    }

    @Test
    void aCloneBefore() {
        written();
        repair(forRefusal(), Repair.Kind.CLONE_BEFORE).apply(editor, player);
        assertNotRefused();
        assertEquals(2 * Math.E, grad("x")[1], 1e-5);
        editor.undo();
        assertEquals(5, editor.graph().nodes().size());
    }

    @Test
    void aLeafInPlaceGetsACopy() {
        open(List.of("x tensor {\"data\":[0,1],\"requires_grad\":true}", "z exp_", "s sum"), "x z 0", "z s 0");
        int refused = 0;
        assertInstanceOf(Event.Refused.class, playback().timeline().event(refused));
        repair(Repairs.of(playback(), refused), Repair.Kind.CLONE_BEFORE).apply(editor, player);
        assertNotRefused();
        assertEquals(Math.E, grad("x")[1], 1e-5);
    }

    @Test
    void aGradientForMoreThanOneNumber() {
        open(List.of("x tensor {\"data\":[[1,2]],\"requires_grad\":true}", "y square"), "x y 0");
        repair(forRefusal(), Repair.Kind.GRADIENT_OF_ONES).apply(editor, player);
        assertNotRefused();
        assertEquals(4, grad("x")[1]);
    }

    @Test
    void aTargetThatNeedsNoGradient() {
        open(List.of("x tensor {\"data\":3}", "y square"), "x y 0");
        repair(forRefusal(), Repair.Kind.REQUIRE_GRAD).apply(editor, player);
        assertEquals(6, grad("x")[0]);
    }

    @Test
    void theWayBetweenTwoBoxes() {
        open(List.of("x tensor {\"data\":3,\"requires_grad\":true}", "y square", "z exp", "u sin", "v add"),
                "x y 0", "y v 0", "x z 0", "z v 1", "y u 0");
        Spotlight.Way way = Spotlight.Way.between(editor.graph(), "x", "v");
        assertEquals(Set.of("x", "y", "z", "v"), way.boxes());
        assertEquals(4, way.wireEnds().size());
        assertEquals(Set.of(), Spotlight.Way.between(editor.graph(), "u", "v").boxes());
    }
}
