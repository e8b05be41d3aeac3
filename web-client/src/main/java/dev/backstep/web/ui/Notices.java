package dev.backstep.web.ui;

import org.teavm.jso.browser.Window;
import org.teavm.jso.dom.html.HTMLElement;

/** What the page tells its reader: to the ear through live regions, to the eye as a line that goes away. */
public final class Notices {
    private static final int SHOWN_MS = 5_000;
    private static final HTMLElement AREA = Dom.byId("toasts");
    private static final HTMLElement POLITE = Dom.byId("announce");
    private static final HTMLElement ALERT = Dom.byId("alert");

    private Notices() {}

    /** Says something to those who listen to the page; the eye sees it elsewhere. */
    public static void announce(String text) {
        POLITE.setTextContent(text);
    }

    /** Shows and says that something was done. */
    public static void tell(String text) {
        announce(text);
        show("toast", text, null, null);
    }

    /** The same, with a button that takes it back or goes on. */
    public static void offer(String text, String action, Runnable run) {
        announce(text);
        show("toast", text, action, run);
    }

    /** The same, below what is shown already. */
    public static void alsoOffer(String text, String action, Runnable run) {
        announce(text);
        add("toast", text, action, run);
    }

    /** Shows and says that something went wrong. */
    public static void error(String text) {
        ALERT.setTextContent(text);
        show("toast bad", text, null, null);
    }

    private static void show(String classes, String text, String action, Runnable run) {
        Dom.clear(AREA);
        add(classes, text, action, run);
    }

    private static void add(String classes, String text, String action, Runnable run) {
        HTMLElement toast = Dom.make("div", classes, Dom.make("span", "", text));
        if (action != null) {
            toast.appendChild(Dom.button("action", null, action, () -> {
                toast.delete();
                run.run();
            }));
        }
        toast.appendChild(Dom.iconButton("tool small", "x", Text.of("notice.close"), toast::delete));
        AREA.appendChild(toast);
        Window.setTimeout(() -> {
            if (toast.getParentNode() != null) {
                toast.delete();
            }
        }, action == null ? SHOWN_MS : 2 * SHOWN_MS);
    }
}
