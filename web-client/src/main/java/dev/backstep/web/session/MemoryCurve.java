package dev.backstep.web.session;

import dev.backstep.engine.step.BackwardGraph;
import dev.backstep.engine.step.Timeline;

/** The bytes that the graph keeps alive at each step of a run: what its nodes saved for backward. */
public final class MemoryCurve {
    private final long[] bytes;
    private int peak;

    private MemoryCurve(BackwardGraph graph, int steps) {
        bytes = new long[steps + 1];
        for (int step = 0; step <= steps; step++) {
            bytes[step] = graph.bytesAt(step);
            if (bytes[step] > bytes[peak]) {
                peak = step;
            }
        }
    }

    public static MemoryCurve of(Timeline timeline) {
        return new MemoryCurve(timeline.backwardGraph(), timeline.size());
    }

    public int steps() {
        return bytes.length - 1;
    }

    public long at(int step) {
        return bytes[step];
    }

    /** The first step at which most is kept. */
    public int peak() {
        return peak;
    }
}
