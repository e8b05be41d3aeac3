package dev.backstep.web.ui.timeline;

import dev.backstep.engine.graph.Graph;
import dev.backstep.web.session.Breakpoints;
import dev.backstep.web.session.Editor;
import dev.backstep.web.session.Player;
import dev.backstep.web.session.Stop;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Menu;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import dev.backstep.web.value.NumberText;
import java.util.List;
import org.teavm.jso.dom.html.HTMLElement;

/** Breakpoints: the menu that sets them, and the ways to run to them. */
public final class Breaks {
    private final Editor editor;
    private final Player player;
    private final HTMLElement button = Dom.byId("breaks");
    private final HTMLElement count = Dom.byId("breaks-count");
    private final HTMLElement next = Dom.byId("next-stop");
    private double lastNorm = 10;

    Breaks(Editor editor, Player player) {
        this.editor = editor;
        this.player = player;
        new Menu(button, this::fill);
        Dom.on(next, "click", event -> run(player, 1));
    }

    /** Puts a breakpoint at a node, or takes it away, and says so. */
    public static void toggle(Player player, Graph graph, String node) {
        player.breakpoints.toggle(node);
        Notices.announce(Text.of(player.breakpoints.isAt(node) ? "break.set" : "break.removed",
                graph.node(node).label()));
    }

    /** Runs to the next (1) or last (-1) breakpoint on the way; tells where there is none. */
    public static void run(Player player, int direction) {
        String missing = missing(player);
        if (missing != null) {
            Notices.tell(Text.of(missing));
        } else if (player.runOn(direction) == null) {
            Notices.tell(Text.of(direction > 0 ? "break.noneAhead" : "break.noneBehind"));
        }
    }

    /** Runs to the next event at a node, or tells that none follows. */
    public static void runTo(Player player, Graph graph, String node) {
        player.runTo(node, () -> Notices.tell(Text.of("break.nothingAt", graph.node(node).label())));
    }

    private static String missing(Player player) {
        return player.playback() == null ? "break.notRun" : player.breakpoints.count() == 0 ? "break.noneSet" : null;
    }

    /** Why one was stopped, in a few words. */
    static String reason(Graph graph, Stop stop, double norm) {
        String at = stop.box() == null ? "" : graph.node(stop.box()).label();
        return switch (stop.cause()) {
            case NODE -> Text.of("break.atNode", at);
            case REFUSED -> Text.of("break.atRefused", at);
            case NOT_FINITE -> Text.of("break.atNotFinite", at);
            case NORM -> Text.of("break.atNorm", at, NumberText.of(norm));
        };
    }

    void show() {
        int set = player.breakpoints.count();
        count.setTextContent(set == 0 ? "" : String.valueOf(set));
        count.setHidden(set == 0);
        Dom.label(button, set == 0 ? Text.of("break.menu") : Text.of("break.menuCount", set));
        String missing = missing(player);
        Dom.attribute(next, "aria-disabled", missing == null ? null : "true");
        next.setAttribute("aria-label", Text.of("break.next"));
        next.setTitle(missing == null ? Text.of("break.next") : Text.of(missing));
    }

    private void fill(Menu menu) {
        Breakpoints set = player.breakpoints;
        String missing = missing(player);
        if (missing != null) {
            menu.unavailable("arrow-right-to-line", Text.of("break.next"), Text.of(missing));
        } else {
            menu.item("arrow-right-to-line", Text.of("break.runNext"), null, "F8", () -> run(player, 1));
            menu.item("arrow-left-to-line", Text.of("break.runBack"), null, "⇧ F8", () -> run(player, -1));
        }
        menu.title(Text.of("break.conditions"));
        menu.check(Text.of("break.notFinite"), set.atNotFinite(), () -> set.setNotFinite(!set.atNotFinite()));
        menu.check(Text.of("break.refused"), set.atRefused(), () -> set.setRefused(!set.atRefused()));
        boolean over = !Double.isNaN(set.norm());
        menu.check(over ? Text.of("break.normOver", NumberText.of(set.norm())) : Text.of("break.norm"), over,
                over ? () -> set.setNorm(Double.NaN) : this::askNorm);
        menu.title(Text.of("break.nodes"));
        String one = editor.selection.single();
        if (one != null && !set.isAt(one)) {
            menu.item("circle-plus", Text.of("break.setAt", editor.graph().node(one).label()), null, "F9",
                    () -> toggle(player, editor.graph(), one));
        } else if (set.nodes().isEmpty()) {
            menu.unavailable(null, Text.of("break.setHere"), Text.of("break.selectFirst"));
        }
        for (String node : set.nodes()) {
            menu.check(editor.graph().node(node).label(), true, () -> toggle(player, editor.graph(), node));
        }
        if (set.count() > 0) {
            menu.item("trash-2", Text.of("break.clear"), null, null, set::clear);
        }
    }

    private void askNorm() {
        NumberDialog.ask("break.normTitle", "break.set.button", List.of(
                new NumberDialog.Field("break.normLimit", lastNorm)), numbers -> {
                    lastNorm = numbers[0];
                    player.breakpoints.setNorm(lastNorm);
                });
    }
}
