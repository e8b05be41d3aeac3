package dev.backstep.web.ui.inspector;

import dev.backstep.engine.lens.NodeCheck;
import dev.backstep.engine.step.Playback;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was asked of a run in the inspector, kept while one steps through it. */
final class Findings {
    /** How an input's gradient compares; null where it is too large. */
    record Compared(String input, int[] shape, NodeCheck.Comparison comparison) {}

    /** How one number of a gradient compares; null where its call is too large. */
    record Difference(int element, NodeCheck.Comparison comparison) {}

    private final Map<String, Integer> chosen = new HashMap<>();
    private final Map<String, Difference> differences = new HashMap<>();
    private final Map<String, List<Compared>> compared = new HashMap<>();
    private final Map<String, NodeCheck.Verdict> verdicts = new HashMap<>();
    private Playback playback;

    /** Forgets what was found in another run. */
    void of(Playback current) {
        if (current != playback) {
            playback = current;
            chosen.clear();
            differences.clear();
            compared.clear();
            verdicts.clear();
        }
    }

    /** The element chosen in a grid, or -1. */
    int chosen(String grid) {
        return chosen.getOrDefault(grid, -1);
    }

    void choose(String grid, int element) {
        chosen.put(grid, element);
    }

    /** What was asked last of a number of a grid; null for nothing. */
    Difference difference(String grid) {
        return differences.get(grid);
    }

    void difference(String grid, Difference found) {
        differences.put(grid, found);
    }

    List<Compared> compared(String box) {
        return compared.get(box);
    }

    void compared(String box, List<Compared> found) {
        compared.put(box, found);
    }

    NodeCheck.Verdict verdict(String box) {
        return verdicts.get(box);
    }

    void verdict(String box, NodeCheck.Verdict found) {
        verdicts.put(box, found);
    }
}
