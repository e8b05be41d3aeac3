package dev.backstep.web.jso;

import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.dom.html.HTMLElement;

/** An editor as static/js/parts/drive.js drives it: { stage, node(), fit(), back(), close() }. */
public interface EditorSubject extends JSObject {
    @JSProperty
    void setStage(HTMLElement stage);

    /** The element of one node, to be looked at and dragged. */
    @JSProperty
    void setNode(Find find);

    /** Shows the whole graph. */
    @JSProperty
    void setFit(Act act);

    /** Goes one step back in the run. */
    @JSProperty
    void setBack(Act act);

    @JSProperty
    void setClose(Act act);

    void close();

    @JSFunctor
    interface Find extends JSObject {
        HTMLElement find();
    }

    @JSFunctor
    interface Act extends JSObject {
        void act();
    }
}
