package dev.backstep.web.session;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** What of the drawing an answer speaks of: the way a gradient takes, or took, and the box that is the cause. */
public final class Spotlight {
    /** Something else is lit. */
    public final Signal changed = new Signal();

    /** A box is asked for that may lie out of sight. */
    public final Signal asked = new Signal();

    private String wanted;
    private boolean stale;
    private Set<String> boxes = Set.of();
    private Set<Port> wireEnds = Set.of();
    private String cause;

    /** Whether a box lies on the way. */
    public boolean lights(String box) {
        return boxes.contains(box);
    }

    /** Whether the wire into that input lies on the way. */
    public boolean lights(Port wireEnd) {
        return wireEnds.contains(wireEnd);
    }

    /** The box that causes what is asked about, or null. */
    public String cause() {
        return cause;
    }

    /** Asks that a box be brought into sight. */
    public void reveal(String box) {
        wanted = box;
        asked.fire();
    }

    /** The box that was asked for last. */
    public String wanted() {
        return wanted;
    }

    /** Lights a way; a box that the document has not is no cause. */
    public void show(Graph graph, String newCause, Way way) {
        stale = false;
        set(newCause != null && graph.node(newCause) != null ? newCause : null, way.boxes(), way.wireEnds());
    }

    /** Begins a new set of answers: what is lit stays until {@link #settle}, in case it is lit again. */
    public void begin() {
        stale = true;
    }

    /** Puts the light out where no answer since {@link #begin} asked for it. */
    public void settle() {
        if (stale) {
            set(null, Set.of(), Set.of());
        }
    }

    private void set(String newCause, Set<String> newBoxes, Set<Port> newEnds) {
        if (!Objects.equals(cause, newCause) || !boxes.equals(newBoxes) || !wireEnds.equals(newEnds)) {
            cause = newCause;
            boxes = newBoxes;
            wireEnds = newEnds;
            changed.fire();
        }
    }

    /** Boxes and the inputs that wires between them lead to. */
    public record Way(Set<String> boxes, Set<Port> wireEnds) {
        public static final Way NONE = new Way(Set.of(), Set.of());

        /** All ways along wires from one box to another, or none where no wires lead there. */
        public static Way between(Graph graph, String from, String to) {
            Set<String> boxes = new HashSet<>();
            Set<Port> ends = new HashSet<>();
            Set<String> after = reachable(graph, from, true);
            Set<String> before = reachable(graph, to, false);
            for (Wire wire : graph.wires()) {
                String start = wire.from().node();
                String end = wire.to().node();
                if (after.contains(start) && before.contains(end)) {
                    boxes.add(start);
                    boxes.add(end);
                    ends.add(wire.to());
                }
            }
            return new Way(Set.copyOf(boxes), Set.copyOf(ends));
        }

        private static Set<String> reachable(Graph graph, String from, boolean forward) {
            Set<String> seen = new HashSet<>();
            ArrayDeque<String> open = new ArrayDeque<>();
            open.add(from);
            while (!open.isEmpty()) {
                String box = open.remove();
                if (seen.add(box)) {
                    for (Wire wire : forward ? graph.wiresFrom(box) : graph.wiresInto(box)) {
                        open.add(forward ? wire.to().node() : wire.from().node());
                    }
                }
            }
            return seen;
        }
    }
}
