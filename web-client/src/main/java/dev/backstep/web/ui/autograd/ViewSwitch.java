package dev.backstep.web.ui.autograd;

import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Notices;
import dev.backstep.web.ui.Text;
import org.teavm.jso.dom.html.HTMLElement;

/** Chooses what the middle of the page shows: the drawing, PyTorch's graph, or one beside the other. */
public final class ViewSwitch {
    private static final String[] VIEWS = {"graph", "autograd", "both"};

    private final AutogradView autograd;
    private final HTMLElement area = Dom.byId("canvas");
    private final Runnable fit;
    private String shown = "graph";

    /** @param fit shows the whole drawing, for when it gets another room */
    public ViewSwitch(AutogradView autograd, Runnable fit) {
        this.autograd = autograd;
        this.fit = fit;
        for (String view : VIEWS) {
            Dom.on(Dom.byId("view-" + view), "click", event -> show(view));
        }
    }

    /** Goes to the other view. */
    public void toggle() {
        show(shown.equals("graph") ? "autograd" : "graph");
        Notices.announce(Text.of(shown.equals("graph") ? "autograd.view.graph" : "autograd.view.autograd"));
    }

    private void show(String view) {
        boolean resized = view.equals("both") != shown.equals("both");
        shown = view;
        area.setAttribute("data-view", view);
        for (String other : VIEWS) {
            Dom.byId("view-" + other).setAttribute("aria-pressed", String.valueOf(other.equals(view)));
        }
        autograd.setVisible(!view.equals("graph"));
        if (resized) {
            fit.run();
        }
    }
}
