package dev.backstep.web.app;

import dev.backstep.engine.backend.View;
import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.Inference;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.web.device.Devices;
import dev.backstep.web.device.Entry;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.devices.DeviceText;

/** Opens devices for a document that is worth it, has boxes run where it says, and tells when a device fails. */
final class DeviceChoice {
    /** Of fewer elements no device but SIMD, which is there anyway, makes up for the way there and back. */
    private static final int LARGE = 1 << 14;

    private final Devices devices;
    private final Editor editor;
    private boolean chosen;
    /** The shapes that were looked at last: many edits leave them as they were. */
    private Inference looked;

    DeviceChoice(Devices devices, Editor editor, Player player) {
        this.devices = devices;
        this.editor = editor;
        editor.changed.listen(this::look);
        devices.failing.listen(this::failed);
        player.starting.listen(devices::forget);
        player.computing.listen(() -> {
            if (player.isComputing()) {
                devices.want("simd");
                devices.hurry();
            }
        });
        look();
    }

    /** Asks for each computation only while a box has a choice: single numbers would notice. */
    private void look() {
        if (editor.inference() != looked && devices.isWaiting() && isLarge()) {
            devices.want();
        }
        looked = editor.inference();
        boolean now = editor.graph().nodes().stream().anyMatch(node -> node.attrs().has(NodeTypes.DEVICE));
        if (now != chosen) {
            chosen = now;
            devices.force(now ? this::device : null);
        }
        if (now) {
            editor.graph().nodes().stream().map(node -> node.attrs().get(NodeTypes.DEVICE)).distinct()
                    .forEach(name -> devices.want(String.valueOf(name)));
        }
    }

    /** Whether some box gives that many numbers. */
    private boolean isLarge() {
        for (GraphNode node : editor.graph().nodes()) {
            for (int i = 0; i < NodeTypes.of(node).outputs().size(); i++) {
                Meta meta = editor.inference().at(new Port(node.id(), i));
                if (meta != null && meta.shape() != null && View.numel(meta.shape()) >= LARGE) {
                    return true;
                }
            }
        }
        return false;
    }

    private String device(Object box) {
        GraphNode node = box instanceof String id ? editor.graph().node(id) : null;
        Object device = node == null ? null : node.attrs().get(NodeTypes.DEVICE);
        return NodeTypes.AUTO.equals(device) ? null : (String) device;
    }

    private void failed() {
        Entry entry = devices.failure();
        Notices.error(Text.of(entry.state() == Entry.State.LOST ? "devices.lost" : "devices.refused",
                DeviceText.name(entry.name()), entry.detail()));
    }
}
