package dev.backstep.web.app;

import dev.backstep.web.session.Editor;
import dev.backstep.web.session.HealthCheck;
import dev.backstep.web.session.Player;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Menu;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Settings;
import dev.backstep.web.ui.Text;
import dev.backstep.web.ui.canvas.Canvas;
import dev.backstep.web.ui.devices.DevicesDialog;
import dev.backstep.web.ui.share.Files;
import dev.backstep.web.ui.share.ShareDialog;
import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.html.HTMLElement;

/** The bar on top, and the canvas's own buttons. */
final class TopBar {
    private final Editor editor;
    private final Areas areas;
    private final Opening opening;
    private final DevicesDialog devices;
    private final HTMLElement undo = Dom.byId("undo");
    private final HTMLElement redo = Dom.byId("redo");

    TopBar(Editor editor, Player player, Areas areas, Opening opening, DevicesDialog devices) {
        this.editor = editor;
        this.areas = areas;
        this.opening = opening;
        this.devices = devices;
        Dom.on(undo, "click", event -> editor.undo());
        Dom.on(redo, "click", event -> editor.redo());
        new RunControl(editor, player);
        Dom.on(Dom.byId("share"), "click", event -> ShareDialog.open(player));
        new Menu(Dom.byId("more"), this::fillMore);
        Look.addMenus();
        editor.changed.listen(this::show);
    }

    private void show() {
        Dom.enable(undo, editor.canUndo());
        Dom.enable(redo, editor.canRedo());
    }

    private void fillMore(Menu menu) {
        menu.item("file-plus", Text.of("more.new"), null, null, opening::clear);
        menu.item("upload", Text.of("more.open"), null, null, () -> Files.choose(opening::document));
        menu.item("download", Text.of("more.save"), null, null, () -> Files.save(editor.graph()));
        menu.item("circle-help", Text.of("more.guide"), null, null,
                () -> Window.current().open(Text.language().startsWith("zh") ? "/guide.zh.html" : "/guide.html",
                        "_blank"));
        menu.item("cpu", Text.of("devices.title"), null, null, devices::open);
        menu.item("keyboard", Text.of("shortcuts.title"), null, "?", Shortcuts::showAll);
        if (areas.isPhone()) {
            menu.title(Text.of("bar.language"));
            Look.languages(menu);
            menu.title(Text.of("bar.theme"));
            Look.themes(menu);
        }
    }

    /** The buttons on the canvas. */
    static void addCanvasTools(Canvas canvas, HealthCheck health) {
        Dom.on(Dom.byId("zoom-in"), "click", event -> canvas.zoom(1.25));
        Dom.on(Dom.byId("zoom-out"), "click", event -> canvas.zoom(0.8));
        Dom.on(Dom.byId("fit"), "click", event -> canvas.fit());
        Dom.on(Dom.byId("layout"), "click", event -> canvas.layOut());
        HTMLElement select = Dom.byId("select-several");
        Dom.on(select, "click", event -> canvas.selecting(!canvas.isSelecting()));
        canvas.snap(Settings.get("snap", "true").equals("true"));
        canvas.showDevices(Settings.get("deviceMarks", "true").equals("true"));
        canvas.modes.listen(() -> {
            select.setAttribute("aria-pressed", String.valueOf(canvas.isSelecting()));
            Settings.put("snap", String.valueOf(canvas.snaps()));
            Settings.put("deviceMarks", String.valueOf(canvas.showsDevices()));
        });
        HTMLElement check = Dom.byId("health");
        Dom.on(check, "click", event -> health.toggle());
        health.changed.listen(() -> {
            check.setAttribute("aria-pressed", String.valueOf(health.isOn()));
            Notices.announce(Text.of(health.isOn() ? "health.on" : "health.off"));
        });
        new ZoomLevel(canvas);
    }
}
