package dev.backstep.web.ui.inspector;

import dev.backstep.engine.graph.Graph;
import dev.backstep.web.device.Devices;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.HealthCheck;
import dev.backstep.web.session.Player;

/** What the parts of the inspector share. */
record Context(Editor editor, Player player, HealthCheck health, Devices devices, Sections sections, Figures figures,
        Findings findings) {
    Graph graph() {
        return editor.graph();
    }
}
