package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.GraphNode;
import dev.backstep.engine.graph.LayerFrame;
import dev.backstep.engine.graph.NodeTypes;
import dev.backstep.engine.graph.Port;
import dev.backstep.engine.graph.Wire;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.web.jso.Platform;
import dev.backstep.web.session.Framing;
import dev.backstep.web.ui.Menu;
import dev.backstep.web.ui.Shortcut;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.devices.DeviceMark;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.html.TextRectangle;

/** What can be done with the nodes, the wire or the ground under the pointer, or where the focus is. */
final class ContextMenu {
    /** What css/parts/note.css has a look for; documents may say others, which look like the first. */
    private static final List<String> COLOURS = List.of("grey", "blue", "green", "yellow", "red", "purple");

    private final Canvas canvas;
    private final Commands commands;
    private final Menu menu = new Menu();
    private double x;
    private double y;

    ContextMenu(Canvas canvas) {
        this.canvas = canvas;
        this.commands = canvas.commands;
    }

    /** Opens it at the focused node, or in the middle. */
    void openAtFocus(String node) {
        if (node != null) {
            TextRectangle place = canvas.scene.element(node).getBoundingClientRect();
            Port wire = canvas.editor.selection.wireEnd();
            open(new Hit(wire == null ? node : null, null, null, wire, false),
                    place.getLeft() + place.getWidth() / 2.0, place.getTop() + place.getHeight() / 2.0);
            return;
        }
        double[] middle = canvas.middle();
        List<String> selected = canvas.editor.selection.nodes();
        open(new Hit(selected.isEmpty() ? null : selected.getFirst(), null, null,
                canvas.editor.selection.wireEnd(), false), middle[0], middle[1]);
    }

    /** Opens it at a point of the page, for what is there; that is selected where it was not. */
    void open(Hit hit, double clientX, double clientY) {
        FrameView frame = hit.node() == null ? null : canvas.scene.notes.foldedIn(hit.node());
        if (frame != null) {
            // The port of a collapsed frame: what it belongs to cannot be seen.
            open(new Hit(frame.node().id(), null, null, null, false), clientX, clientY);
            return;
        }
        x = clientX;
        y = clientY;
        HTMLElement back = canvas.view;
        if (hit.node() != null) {
            if (!canvas.editor.selection.contains(hit.node())) {
                canvas.editor.selection.set(List.of(hit.node()));
            }
            back = canvas.scene.element(hit.node());
        } else if (hit.edge() != null) {
            canvas.editor.selection.setWire(hit.edge());
        }
        menu.openAt(x, y, Text.of("canvas.menu"), back, entries -> {
            if (hit.edge() != null) {
                fillWire(canvas.editor.graph().wireInto(hit.edge()));
            } else if (hit.node() != null) {
                fillNodes(hit.node());
            } else {
                fillGround();
            }
        });
    }

    private void item(String icon, String key, Shortcut shortcut, Runnable chosen) {
        menu.item(icon, Text.of(key), null, shortcut == null ? null : shortcut.brief(Platform.isMac()), chosen);
    }

    private void fillWire(Wire wire) {
        item("circle-plus", "canvas.menu.insert", null, () -> canvas.addMenu.openInto(wire, x, y));
        item("scissors", "edge.remove", Shortcut.DELETE, () -> commands.cut(List.of(wire)));
    }

    private void fillNodes(String node) {
        int count = canvas.editor.selection.nodes().size();
        if (count == 1) {
            fillSingle(canvas.editor.graph().node(node));
            menu.line();
        }
        item("copy", "canvas.menu.copy", Shortcut.COPY, () -> commands.copyOut(false));
        item("scissors", "canvas.menu.cut", Shortcut.CUT, () -> commands.copyOut(true));
        item("clipboard-paste", "canvas.menu.paste", Shortcut.PASTE, () -> commands.pasteIn(x, y));
        item("copy-plus", "canvas.menu.duplicate", Shortcut.DUPLICATE, commands::duplicate);
        menu.line();
        if (count > 1) {
            menu.more("align-start-vertical", Text.of("canvas.menu.align"), this::fillAlign);
            item("workflow", "canvas.menu.layoutSelection", Shortcut.LAYOUT, commands::layOut);
        }
        item("frame", "canvas.menu.frame", Shortcut.FRAME, commands::frame);
        item("maximize", "canvas.menu.fitSelection", Shortcut.FIT_SELECTION, canvas::fitSelection);
        item("unlink", "canvas.menu.disconnect", null, commands::disconnect);
        menu.line();
        item("trash-2", "canvas.menu.delete", Shortcut.DELETE, commands::removeSelected);
    }

    private void fillSingle(GraphNode node) {
        String id = node.id();
        item("panel-right", "canvas.menu.inspect", Shortcut.INSPECT, canvas.opened::fire);
        NodeType type = NodeTypes.of(node);
        if (!type.isLeaf() && !type.outputs().isEmpty()) {
            menu.check(Text.of("node.setTarget"), commands.isTarget(id), () -> commands.toggleTarget(id));
        }
        if (Framing.isNote(node)) {
            item("pencil", Framing.isFrame(node) ? "note.rename" : "note.edit", Shortcut.TYPE,
                    () -> canvas.editNote(id));
            menu.more("palette", Text.of("note.colour"), inner -> fillColours(node));
        } else {
            menu.check(Text.of("break.toggle"), canvas.hasBreakpoint(id), () -> canvas.toggleBreakpoint(id));
            item("arrow-right-to-line", "break.runHere", null, () -> canvas.runTo(id));
            if (DeviceMark.applies(node)) {
                item("cpu", "canvas.menu.device", null, canvas.askedDevice::fire);
            }
        }
        if (Framing.isFrame(node)) {
            boolean collapsed = Framing.isCollapsed(node);
            item(collapsed ? "chevron-down" : "chevron-right", collapsed ? "note.expand" : "note.collapse", null,
                    () -> commands.toggleCollapsed(id));
            if (LayerFrame.is(node) && !LayerFrame.parameters(canvas.editor.graph(), node).isEmpty()) {
                boolean frozen = LayerFrame.isFrozen(canvas.editor.graph(), node);
                menu.check(Text.of("layer.freeze"), frozen, () ->
                        canvas.editor.apply(LayerFrame.freeze(canvas.editor.graph(), node, !frozen)));
            }
            boolean noGrad = node.attrs().flag("no_grad");
            menu.check(Text.of("note.noGrad"), noGrad, () -> commands.set(id, "no_grad", !noGrad));
            item("ungroup", "note.unframe", Shortcut.UNFRAME, commands::unframe);
        }
    }

    private void fillColours(GraphNode note) {
        String now = canvas.scene.notes.view(note.id()).element.getAttribute("data-colour");
        for (String colour : COLOURS) {
            menu.choice(Text.of("note.colour." + colour), colour.equals(now),
                    () -> commands.set(note.id(), "color", colour));
        }
    }

    private void fillAlign(Menu inner) {
        align("align-start-vertical", "arrange.left", Arrange.LEFT);
        align("align-center-vertical", "arrange.centre", Arrange.CENTRE);
        align("align-end-vertical", "arrange.right", Arrange.RIGHT);
        align("align-start-horizontal", "arrange.top", Arrange.TOP);
        align("align-center-horizontal", "arrange.middle", Arrange.MIDDLE);
        align("align-end-horizontal", "arrange.bottom", Arrange.BOTTOM);
        if (canvas.editor.selection.nodes().size() >= Arrange.ACROSS.least()) {
            menu.line();
            align("align-horizontal-space-around", "arrange.across", Arrange.ACROSS);
            align("align-vertical-space-around", "arrange.down", Arrange.DOWN);
        }
    }

    private void align(String icon, String key, Arrange how) {
        menu.item(icon, Text.of(key), null, null, () -> commands.arrange(how));
    }

    private void fillGround() {
        boolean some = !canvas.editor.graph().nodes().isEmpty();
        item("circle-plus", "canvas.menu.add", Shortcut.ADD, () -> canvas.addMenu.open(x, y));
        item("clipboard-paste", "canvas.menu.paste", Shortcut.PASTE, () -> commands.pasteIn(x, y));
        if (some) {
            menu.line();
            item("square-dashed-mouse-pointer", "canvas.menu.selectAll", Shortcut.ALL, commands::selectAll);
            item("workflow", "canvas.menu.layout", Shortcut.LAYOUT, commands::layOut);
            item("maximize", "canvas.menu.fit", Shortcut.FIT, canvas::fit);
        }
        menu.line();
        menu.check(Text.of("canvas.menu.snap"), canvas.snaps(), () -> canvas.snap(!canvas.snaps()));
        menu.check(Text.of("canvas.menu.deviceMarks"), canvas.showsDevices(),
                () -> canvas.showDevices(!canvas.showsDevices()));
    }
}
