package dev.backstep.web.train;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Edits;
import dev.backstep.engine.graph.Leaf;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.web.session.Editor;

/** An open document that is trained in 20 batches: (w - 3)², by SGD. After each, w - 3 is 0.8 of what it was. */
final class Parabola {
    final Editor editor = new Editor();
    /** The box of the parameter, which is 1 at first. */
    final String w = add(Edits.add(editor.graph(), Leaf.TYPE, "w", Leaf.attrs(1.0, DType.FLOAT64, true), 0, 0));

    Parabola() {
        String three = add(Edits.add(editor.graph(), Leaf.TYPE, "c", Leaf.attrs(3.0, DType.FLOAT64, false), 0, 100));
        String sub = add(Edits.add(editor.graph(), NodeTypes.find("sub"), null, Attrs.NONE, 200, 0));
        String square = add(Edits.add(editor.graph(), NodeTypes.find("square"), "loss", Attrs.NONE, 400, 0));
        connect(w, sub, 0);
        connect(three, sub, 1);
        connect(sub, square, 0);
        add(Edits.add(editor.graph(), NodeTypes.find("SGD"), null, Attrs.of("lr", 0.1), 600, 0));
    }

    /** Adds a box. @return its id */
    String add(Change change) {
        editor.apply(change);
        return change.added().getFirst().id();
    }

    void connect(String from, String to, int input) {
        editor.apply(Edits.connect(editor.graph(), new Port(from, 0), new Port(to, input)));
    }
}
