package dev.backstep.web.simd;

import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Op;
import dev.backstep.web.simd.wasm.Type;

/** Loads and stores of up to four words. */
final class Memory4 {
    private Memory4() {
    }

    /**
     * A new local with the words that lie {@code step} bytes apart. Lanes past {@code count} hold anything: what lies
     * behind in memory, which is why memory never ends where an operand does.
     */
    static int load(Code code, int pointer, int offset, int step, int count) {
        int local = code.local(Type.V128);
        if (step == 4) {
            code.get(pointer).memory(count == 1 ? Op.V128_LOAD32_ZERO : Op.V128_LOAD, offset).set(local);
        } else if (step == 0) {
            code.get(pointer).memory(Op.V128_LOAD32_SPLAT, offset).set(local);
        } else {
            code.get(pointer).memory(Op.V128_LOAD32_ZERO, offset).set(local);
            for (int lane = 1; lane < count; lane++) {
                code.get(pointer).get(local).memory(Op.V128_LOAD32_LANE, offset + lane * step, lane).set(local);
            }
        }
        return local;
    }

    /** Stores the first {@code count} words of a local, {@code step} bytes apart. */
    static void store(Code code, int pointer, int offset, int step, int count, int local) {
        if (step == 4 && count == 4) {
            code.get(pointer).get(local).memory(Op.V128_STORE, offset);
            return;
        }
        int lane = 0;
        if (step == 4 && count >= 2) {
            code.get(pointer).get(local).memory(Op.V128_STORE64_LANE, offset, 0);
            lane = 2;
        }
        for (; lane < count; lane++) {
            code.get(pointer).get(local).memory(Op.V128_STORE32_LANE, offset + lane * step, lane);
        }
    }
}
