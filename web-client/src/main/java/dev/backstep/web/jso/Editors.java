package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.dom.html.HTMLElement;

/** The global that static/js/bench.js leaves. */
public final class Editors {
    private Editors() {}

    @JSBody(params = {"subject", "gesture", "moves"},
            script = "return globalThis.backstepEditors.drive(subject, gesture, moves);")
    public static native JSPromise<BenchResult> drive(EditorSubject subject, String gesture, int moves);

    /** The same document in another editor. */
    @JSBody(params = {"stage", "document"}, script = "return globalThis.backstepEditors.peer(stage, document);")
    public static native JSPromise<EditorSubject> peer(HTMLElement stage, String document);
}
