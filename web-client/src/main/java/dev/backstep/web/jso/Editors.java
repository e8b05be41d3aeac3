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

    /** Trains a small network in the playground, or in plain objects. */
    @JSBody(params = {"stage", "n", "times", "charts", "peer"},
            script = "return globalThis.backstepEditors.train(stage, {n: n, times: times, charts: charts, peer: peer});")
    public static native JSPromise<BenchResult> train(HTMLElement stage, int n, int times, boolean charts,
            boolean peer);

    /** Keeps a playground busy, on a device of its worker's or {@code page}, and sees what input waits for. */
    @JSBody(params = {"stage", "by", "n", "times"},
            script = "return globalThis.backstepEditors.latency(stage, {by: by, n: n, times: times});")
    public static native JSPromise<BenchResult> latency(HTMLElement stage, String by, int n, int times);

    /** A computation by another library. */
    @JSBody(params = {"task", "n", "by", "every", "times"}, script = "return globalThis.backstepEditors.measure({"
            + "task: task, n: n, by: by, every: every, times: times});")
    public static native JSPromise<BenchResult> measure(String task, int n, String by, int every, int times);
}
