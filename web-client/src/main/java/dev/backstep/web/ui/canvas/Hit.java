package dev.backstep.web.ui.canvas;

import dev.backstep.engine.graph.Port;
import org.teavm.jso.dom.html.HTMLElement;
import org.teavm.jso.dom.xml.Element;

/**
 * What of the drawing an element of the page belongs to; nothing of it where all is null.
 *
 * @param node the node's id, also for its ports
 * @param edge the input that the wire leads to
 * @param isField whether one types into it
 */
record Hit(String node, Port input, Port output, Port edge, boolean isField) {
    static Hit of(Element target, HTMLElement view) {
        String port = null;
        boolean field = target.getTagName().equalsIgnoreCase("input")
                || target.getTagName().equalsIgnoreCase("textarea");
        Element at = target;
        while (at != null && at != view) {
            if (at.hasAttribute("data-port")) {
                port = at.getAttribute("data-port");
            }
            if (at.hasAttribute("data-edge")) {
                String[] end = at.getAttribute("data-edge").split(":");
                return new Hit(null, null, null, new Port(end[0], Integer.parseInt(end[1])), field);
            }
            if (at.hasAttribute("data-node")) {
                return onNode(at.getAttribute("data-node"), port, field);
            }
            at = (Element) at.getParentNode();
        }
        return new Hit(null, null, null, null, field);
    }

    private static Hit onNode(String id, String port, boolean field) {
        if (port == null) {
            return new Hit(id, null, null, null, field);
        }
        String[] parts = port.split(":");
        Port place = new Port(id, Integer.parseInt(parts[1]));
        return parts[0].equals("in") ? new Hit(id, place, null, null, field) : new Hit(id, null, place, null, field);
    }
}
