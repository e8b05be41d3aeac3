package dev.backstep.web.jso;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Int32Array;
import org.teavm.jso.typedarrays.Int8Array;
import org.teavm.jso.typedarrays.TypedArray;

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

    @JSBody(params = {"to", "from", "until"}, script = "to.fill(0, from, until);")
    public static native void zero(Int32Array to, int from, int until);

    /** Copies numbers between arrays of one type. False where one has no elements, or lost them as its memory grew. */
    @JSBody(params = {"to", "at", "from", "start", "count"}, script =
            "if (to.length === 0 || from.length === 0) return false;"
            + "if (count > 64) to.set(from.subarray(start, start + count), at);"
            + "else for (var i = 0; i < count; i++) to[at + i] = from[start + i];"
            + "return true;")
    public static native boolean copy(TypedArray to, int at, TypedArray from, int start, int count);
}
