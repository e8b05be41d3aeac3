package dev.backstep.web.ui.autograd;

import dev.backstep.web.ui.Dom;
import dev.backstep.web.ui.Text;
import org.teavm.jso.dom.html.HTMLElement;

/** The view's own buttons: zoom and fit. */
final class ViewTools {
    private final AutogradView autograd;
    private final HTMLElement tools = Dom.make("div", "canvas-tools");

    ViewTools(AutogradView autograd) {
        this.autograd = autograd;
        tools.setAttribute("role", "group");
        Text.onChange(this::fill);
    }

    void fill(HTMLElement area) {
        area.appendChild(tools);
    }

    private void fill() {
        Dom.clear(tools);
        Dom.label(tools, Text.of("canvas.tools"));
        tools.removeAttribute("title");
        Dom.append(tools, Dom.iconButton("tool", "minus", Text.of("canvas.zoomOut"), () -> autograd.zoom(0.8)),
                Dom.iconButton("tool", "plus", Text.of("canvas.zoomIn"), () -> autograd.zoom(1.25)),
                Dom.iconButton("tool", "maximize", Text.of("autograd.fit"), autograd::fit));
    }
}
