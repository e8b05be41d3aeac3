package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Float32Array;
import org.teavm.jso.typedarrays.Int32Array;
import org.teavm.jso.typedarrays.Int8Array;

/** The global WebAssembly, for modules that work on numbers in a memory. */
public final class WebAssembly {
    private WebAssembly() {}

    @JSBody(params = "bytes", script = "return typeof WebAssembly === 'object' && WebAssembly.validate(bytes);")
    public static native boolean validate(Int8Array bytes);

    /** A WebAssembly.Memory of so many pages of 64 KB, or null. */
    @JSBody(params = "pages", script = "try { return new WebAssembly.Memory({initial: pages}); }"
            + "catch (error) { return null; }")
    public static native JSObject memory(int pages);

    @JSBody(params = "memory", script = "return memory.buffer;")
    public static native ArrayBuffer buffer(JSObject memory);

    /** Whether the memory could be made larger by so many pages. */
    @JSBody(params = {"memory", "pages"}, script = "try { memory.grow(pages); return true; }"
            + "catch (error) { return false; }")
    public static native boolean grow(JSObject memory, int pages);

    /** The function {@code run} that a module over the memory exports, or null where the module is refused. */
    @JSBody(params = {"bytes", "memory"}, script = "try {"
            + "var env = {memory: memory, sin: Math.sin, cos: Math.cos, tan: Math.tan, pow: function(x, y) {"
            + "return x === 1 || x === -1 && Math.abs(y) === Infinity ? 1 : Math.pow(x, y); }};"
            + "return new WebAssembly.Instance(new WebAssembly.Module(bytes), {env: env}).exports.run;"
            + "} catch (error) { return null; }")
    public static native JSObject run(Int8Array bytes, JSObject memory);

    @JSBody(params = "run", script = "run();")
    public static native void call(JSObject run);

    @JSBody(params = {"to", "from", "at"}, script = "to.set(from, at);")
    public static native void set(Float32Array to, Float32Array from, int at);

    @JSBody(params = {"to", "from", "at"}, script = "to.set(from, at);")
    public static native void set(Int32Array to, Int32Array from, int at);

    @JSBody(params = {"to", "from", "until"}, script = "to.fill(0, from, until);")
    public static native void zero(Int32Array to, int from, int until);

    @JSBody(params = {"of", "from", "until"}, script = "return of.subarray(from, until);")
    public static native Float32Array subarray(Float32Array of, int from, int until);

    @JSBody(params = {"of", "from", "until"}, script = "return of.subarray(from, until);")
    public static native Int32Array subarray(Int32Array of, int from, int until);

    /** Sixteen numbers from {@code at} on: for arrays of a moderate size the quickest way across. */
    @JSBody(params = {"to", "at", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"},
            script = "to[at] = a; to[at + 1] = b; to[at + 2] = c; to[at + 3] = d; to[at + 4] = e; to[at + 5] = f;"
            + "to[at + 6] = g; to[at + 7] = h; to[at + 8] = i; to[at + 9] = j; to[at + 10] = k; to[at + 11] = l;"
            + "to[at + 12] = m; to[at + 13] = n; to[at + 14] = o; to[at + 15] = p;")
    public static native void set(Float32Array to, int at, float a, float b, float c, float d, float e, float f,
            float g, float h, float i, float j, float k, float l, float m, float n, float o, float p);
}
