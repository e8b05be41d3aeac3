package dev.backstep.web.ui.train;

import org.teavm.jso.dom.html.HTMLElement;

/** What another area of the interface has in this one. */
public interface Addition {
    /** A button beside the choice of where runs go on. */
    HTMLElement button();

    /** What it shows below the controls. */
    HTMLElement part();

    /** @param missing why the document cannot be trained, or null */
    void show(String missing);
}
