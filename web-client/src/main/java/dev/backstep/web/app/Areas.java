package dev.backstep.web.app;

import dev.backstep.web.jso.MediaQueryList;
import dev.backstep.web.jso.Styles;
import dev.backstep.web.session.Signal;
import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Settings;
import org.teavm.jso.dom.events.Event;
import org.teavm.jso.dom.html.HTMLDocument;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.xml.NodeList;

/** Folds the areas beside the canvas. On a phone they are sheets over it, of which one is open at most. */
final class Areas {
    private final MediaQueryList phone = Styles.matchMedia("(max-width: 720px)");
    private final MediaQueryList wide = Styles.matchMedia("(min-width: 2200px)");
    private final HTMLElement body = HTMLDocument.current().getBody();

    /** The train area is opened or closed. */
    final Signal trained = new Signal();

    Areas() {
        for (String area : new String[] {"palette", "train", "inspector", "timeline"}) {
            Dom.on(Dom.byId(area + "-toggle"), "click", event -> toggle(area));
            fold(area, area.equals("timeline") ? folded(area) : phone.matches() || folded(area));
        }
        if (!isFolded("train") && !wide.matches()) {
            fold("inspector", true);
        }
        Dom.on(Dom.byId("train-close"), "click", event -> toggle("train"));
        NodeList<? extends HTMLElement> closers = HTMLDocument.current().querySelectorAll(".sheet-close");
        for (int i = 0; i < closers.getLength(); i++) {
            Dom.on(closers.get(i), "click", event -> closeSheets());
        }
        Dom.on(phone, "change", (Event event) -> {
            fold("palette", phone.matches() || folded("palette"));
            fold("train", phone.matches() || folded("train"));
            fold("inspector", phone.matches() || folded("inspector") || !isFolded("train") && !wide.matches());
        });
    }

    private static boolean folded(String area) {
        return Settings.get("folded." + area, String.valueOf(area.equals("train"))).equals("true");
    }

    boolean isPhone() {
        return phone.matches();
    }

    void toggle(String area) {
        boolean fold = !isFolded(area);
        if (phone.matches()) {
            closeSheets();
        } else {
            Settings.put("folded." + area, String.valueOf(fold));
        }
        fold(area, fold);
        // Beside both there would be no room for the drawing.
        if (!fold && !phone.matches() && !wide.matches() && (area.equals("train") || area.equals("inspector"))) {
            fold(area.equals("train") ? "inspector" : "train", true);
        }
    }

    /** Makes sure an area is to be seen. */
    void open(String area) {
        if (isFolded(area)) {
            toggle(area);
        }
    }

    /** Closes what covers the canvas; does nothing where there is room for all. */
    void closeSheets() {
        if (phone.matches()) {
            fold("palette", true);
            fold("train", true);
            fold("inspector", true);
        }
    }

    private boolean isFolded(String area) {
        return body.getClassList().contains(area + "-folded");
    }

    private void fold(String area, boolean fold) {
        Dom.flag(body, area + "-folded", fold);
        Dom.byId(area + "-toggle").setAttribute("aria-expanded", String.valueOf(!fold));
        if (area.equals("train")) {
            trained.fire();
        }
    }
}
