package dev.backstep.web.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.web.value.ValueException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EditorTest {
    private final Editor editor = new Editor();
    private final Player player = new Player(editor);
    private String x;
    private String y;

    @BeforeEach
    void drawTanhOfX() {
        x = add(Edits.add(editor.graph(), Leaf.TYPE, null, Leaf.attrs(0.5, DType.FLOAT32, true), 0, 0));
        y = add(Edits.add(editor.graph(), NodeTypes.find("tanh"), "y", Attrs.NONE, 200, 0));
        editor.apply(Edits.connect(editor.graph(), new Port(x, 0), new Port(y, 0)));
    }

    private String add(Change change) {
        editor.apply(change);
        return change.added().getFirst().id();
    }

    @Test
    void undoAndRedoGoAllTheWay() {
        Graph whole = editor.graph();
        while (editor.canUndo()) {
            editor.undo();
        }
        assertEquals(Graph.EMPTY, editor.graph());
        while (editor.canRedo()) {
            editor.redo();
        }
        assertEquals(whole, editor.graph());
    }

    @Test
    void editsOfOneKindAreUndoneTogether() {
        Graph before = editor.graph();
        for (int i = 1; i <= 5; i++) {
            editor.apply(Edits.update(editor.graph(), List.of(editor.graph().node(x).at(8 * i, 0))), "nudge");
        }
        editor.undo();
        assertEquals(before, editor.graph());
    }

    @Test
    void whatIsRemovedIsNoLongerSelected() {
        editor.selection.set(List.of(x, y));
        editor.apply(Edits.remove(editor.graph(), List.of(x)));
        assertEquals(List.of(y), editor.selection.nodes());
        editor.selection.clear();
        editor.undo();
        editor.selection.setWire(new Port(y, 0));
        editor.apply(Edits.remove(editor.graph(), List.of(x)));
        assertNull(editor.selection.wireEnd());
    }

    @Test
    void aRunBelongsToItsDocument() throws ValueException {
        player.run();
        assertEquals(2, player.step());
        assertEquals(4, player.steps());
        editor.apply(LeafValues.typed(editor.graph(), x, "0.7"));
        assertNull(player.playback());
        editor.undo();
        assertNotNull(player.playback());
        assertEquals(2, player.step());
    }

    @Test
    void movingAndRenamingKeepTheRun() {
        player.run();
        player.seek(3);
        editor.apply(Edits.update(editor.graph(), List.of(editor.graph().node(x).at(7, 7))));
        assertEquals(3, player.step());
        editor.apply(Edits.update(editor.graph(), List.of(editor.graph().node(x).labelled("input"))));
        assertEquals(3, player.step());
        assertEquals("input", player.playback().graph().node(x).label());
    }

    @Test
    void onlyFloatsAskForGradients() {
        editor.apply(LeafValues.dtype(editor.graph(), x, DType.INT64));
        assertFalse(Leaf.requiresGrad(editor.graph().node(x).attrs()));
        assertEquals(0L, Leaf.data(editor.graph().node(x).attrs()));
    }

    @Test
    void whatALinkHoldsOpensAsItWas() {
        player.run();
        player.seek(3);
        Editor other = new Editor();
        Player reader = new Player(other);
        other.open(editor.graph());
        reader.open(player.shared("en"));
        assertEquals(3, reader.step());
        assertEquals(player.timeline().gradAt(new Port(x, 0), 4).item(),
                reader.timeline().gradAt(new Port(x, 0), 4).item());
    }
}
