package dev.backstep.web.jso;

import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;

/** The object that stands in window.bench. */
public interface BenchObject extends JSObject {
    @JSProperty
    void setRun(Run run);

    @JSProperty
    void setGraph(Draw graph);

    /** The document, as text, of a graph of so many nodes. */
    @JSFunctor
    interface Draw extends JSObject {
        String draw(int nodes);
    }

    @JSFunctor
    interface Run extends JSObject {
        JSPromise<BenchResult> run(String name, BenchOptions options);
    }
}
