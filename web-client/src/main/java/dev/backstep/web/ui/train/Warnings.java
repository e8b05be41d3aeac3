package dev.backstep.web.ui.train;

import dev.backstep.engine.graph.Graph;
import dev.backstep.engine.train.RunEvent;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.List;

/** What goes wrong in a run, in words. */
public final class Warnings {
    /** The kinds there are; {@code train.warning.} and one is its message. */
    public static final List<String> CODES = List.of("grad_norm", "dead_relu", "vanishing", "exploding", "not_finite",
            "not_cleared", "not_updated", "device_failed");

    private Warnings() {}

    static String text(Graph graph, RunEvent.Warning warning) {
        String box = warning.node() == null || graph.node(warning.node()) == null ? ""
                : graph.node(warning.node()).label();
        String value = warning.code().equals("dead_relu") ? Math.round(100 * warning.value()) + "%"
                : NumberText.brief(warning.value());
        return Text.of("train.warning." + warning.code(), warning.batch(), box, value);
    }
}
