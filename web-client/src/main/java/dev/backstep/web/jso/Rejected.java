package dev.backstep.web.jso;

import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;

/**
 * The browser did not keep a promise. In WebAssembly whoever waits for one hears of its rejection only where that is an
 * exception of Java's, and waits for ever where it is the browser's own.
 */
public final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Rejected(String why) {
        super(why);
    }

    static Object of(String why) {
        return new Rejected(why);
    }

    /** What makes one, for scripts that have to. */
    @JSFunctor
    interface Maker extends JSObject {
        Object make(String why);
    }
}
