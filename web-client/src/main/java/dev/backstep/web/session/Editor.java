package dev.backstep.web.session;

import dev.backstep.engine.graph.Change;
import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Inference;
import java.util.ArrayDeque;
import java.util.Deque;

/** The document that is open, how it came to be, and what of it is selected. */
public final class Editor {
    private static final int MAX_UNDO = 1_000;

    /** The document is another one. */
    public final Signal changed = new Signal();

    public final Selection selection = new Selection();

    /** What of it an answer speaks of. */
    public final Spotlight spotlight = new Spotlight();

    private final Deque<Edit> done = new ArrayDeque<>();
    private final Deque<Edit> undone = new ArrayDeque<>();
    private Graph graph = Graph.EMPTY;
    private Inference inference = Inference.of(Graph.EMPTY);
    /** The document before the last edit, while that may grow: until something else is done or selected; else null. */
    private Graph before;

    /** An edit; following ones with the same key (not null) grow it, so that one undo takes back a whole nudge. */
    private record Edit(Change change, String key) {}

    public Editor() {
        selection.changed.listen(() -> before = null);
    }

    public Graph graph() {
        return graph;
    }

    /** What can be told of the document without running it. */
    public Inference inference() {
        return inference;
    }

    /**
     * Edits the document.
     *
     * @throws dev.backstep.engine.graph.GraphException where the result would be no document; nothing has changed then
     */
    public void apply(Change change) {
        apply(change, null);
    }

    /** The same, as a part of the edit before where that has the same key and may still grow. */
    public void apply(Change change, String key) {
        if (change.isEmpty()) {
            return;
        }
        Graph after = graph.with(change);
        if (before != null && done.peek().key.equals(key)) {
            done.pop();
            done.push(new Edit(Change.between(before, after), key));
        } else {
            before = key == null ? null : graph;
            done.push(new Edit(change, key));
        }
        if (done.size() > MAX_UNDO) {
            done.removeLast();
        }
        undone.clear();
        show(after);
    }

    /** Puts another document in place of this one, as an edit that undo takes back. */
    public void replace(Graph other) {
        apply(Change.between(graph, other));
    }

    /** Begins with a document, forgetting what was before. */
    public void open(Graph document) {
        before = null;
        done.clear();
        undone.clear();
        show(document);
    }

    public boolean canUndo() {
        return !done.isEmpty();
    }

    public boolean canRedo() {
        return !undone.isEmpty();
    }

    public void undo() {
        if (canUndo()) {
            before = null;
            Edit edit = done.pop();
            undone.push(edit);
            show(graph.with(edit.change.inverse()));
        }
    }

    public void redo() {
        if (canRedo()) {
            before = null;
            Edit edit = undone.pop();
            done.push(edit);
            show(graph.with(edit.change));
        }
    }

    /** Something that the document speaks of came from elsewhere: what can be told of it is told anew. */
    public void refresh() {
        show(graph);
    }

    private void show(Graph other) {
        graph = other;
        inference = inference.after(other);
        selection.retain(other);
        changed.fire();
    }
}
