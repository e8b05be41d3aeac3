package dev.backstep.web.simd;

import dev.backstep.web.jso.WebAssembly;
import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Op;
import dev.backstep.web.simd.wasm.WasmModule;
import java.util.List;
import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.Float32Array;
import org.teavm.jso.typedarrays.Int32Array;
import org.teavm.jso.typedarrays.Int8Array;

/** The browser's own WebAssembly. */
final class BrowserMachine implements Machine {
    private static final int PAGE = 1 << 16;

    private final JSObject memory;
    private final boolean relaxed = takes(Op.F32X4_RELAXED_MADD, 3);
    private final Ferry ferry = new Ferry();
    private int size = PAGE;
    private Float32Array floats;
    private Int32Array ints;

    private BrowserMachine(JSObject memory) {
        this.memory = memory;
        look();
    }

    /** A machine with memory of its own, or null where there is none to be had. */
    static BrowserMachine open() {
        JSObject memory = WebAssembly.memory(1);
        return memory == null ? null : new BrowserMachine(memory);
    }

    /** Whether this browser knows SIMD. */
    static boolean isThere() {
        return takes(Op.F32X4_ADD, 2);
    }

    private static boolean takes(Op op, int operands) {
        WasmModule module = new WasmModule();
        Code code = module.function(List.of(), List.of());
        int zero = code.words(0, 0, 0, 0);
        for (int i = 0; i < operands; i++) {
            code.get(zero);
        }
        code.op(op).op(Op.DROP);
        return WebAssembly.validate(Int8Array.copyFromJavaArray(module.toBytes()));
    }

    private void look() {
        floats = new Float32Array(WebAssembly.buffer(memory));
        ints = new Int32Array(WebAssembly.buffer(memory));
    }

    @Override
    public boolean isRelaxed() {
        return relaxed;
    }

    @Override
    public boolean reserve(int bytes) {
        if (bytes <= size) {
            return true;
        }
        int needed = (bytes - size - 1) / PAGE + 1;
        // Growing makes all views anew, so it is not done often; where there is no such room, what is needed will do.
        int most = (Integer.MAX_VALUE - size) / PAGE;
        int wanted = Math.min(most, Math.max(needed, size / PAGE / 2 + 16));
        int pages = WebAssembly.grow(memory, wanted) ? wanted : WebAssembly.grow(memory, needed) ? needed : 0;
        if (pages > 0) {
            size += pages * PAGE;
            look();
        }
        return pages > 0;
    }

    @Override
    public Entry compile(byte[] module) {
        JSObject run = WebAssembly.run(Int8Array.copyFromJavaArray(module), memory);
        return run == null ? null : () -> WebAssembly.call(run);
    }

    @Override
    public void zero(int address, int bytes) {
        WebAssembly.zero(ints, address >> 2, address + bytes >> 2);
    }

    @Override
    public void set(int address, int word) {
        ints.set(address >> 2, word);
    }

    @Override
    public void write(int address, float[] values) {
        ferry.write(floats, address >> 2, values);
    }

    @Override
    public void write(int address, int[] values) {
        ferry.write(ints, address >> 2, values);
    }

    @Override
    public void read(int address, float[] values) {
        ferry.read(floats, address >> 2, values);
    }

    @Override
    public void read(int address, int[] values) {
        ferry.read(ints, address >> 2, values);
    }
}
