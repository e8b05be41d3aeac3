package dev.backstep.web.simd;

import dev.backstep.web.simd.wasm.Type;
import dev.backstep.web.simd.wasm.WasmModule;
import java.util.Collections;
import java.util.List;

/** What a module may use: relaxed SIMD where there is any, and functions of doubles that JavaScript lends. */
record Env(boolean relaxed, int sin, int cos, int tan, int pow) {
    static Env of(WasmModule module, boolean relaxed) {
        return new Env(relaxed, lent(module, "sin", 1), lent(module, "cos", 1), lent(module, "tan", 1),
                lent(module, "pow", 2));
    }

    private static int lent(WasmModule module, String name, int params) {
        return module.imported(name, Collections.nCopies(params, Type.F64), List.of(Type.F64));
    }
}
