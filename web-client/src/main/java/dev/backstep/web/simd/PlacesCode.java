package dev.backstep.web.simd;

import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Op;
import dev.backstep.web.simd.wasm.Type;
import java.util.List;

/** Writes what picks and puts elements by their place. */
final class PlacesCode {
    private PlacesCode() {
    }

    /** out[i] = source[places[i]]. */
    static void gather(Code code, Arguments arguments, Place out, Place source, Place places) {
        int from = arguments.pointer(code, source.place());
        each(code, arguments, out, places, (target, place) -> {
            code.get(target);
            code.get(place).memory(Op.I32_LOAD, 0).i32(2).op(Op.I32_SHL).get(from).op(Op.I32_ADD);
            code.memory(Op.I32_LOAD, 0).memory(Op.I32_STORE, 0);
        });
    }

    /** out[places[i]] = values[i]. */
    static void scatter(Code code, Arguments arguments, Place out, Place values, Place places) {
        int to = arguments.pointer(code, out.place());
        each(code, arguments, values, places, (source, place) -> {
            code.get(place).memory(Op.I32_LOAD, 0).i32(2).op(Op.I32_SHL).get(to).op(Op.I32_ADD);
            code.get(source).memory(Op.I32_LOAD, 0).memory(Op.I32_STORE, 0);
        });
    }

    /** The sums of the values that go to each place; in double, rounded once. */
    static void scatterAdd(Code code, Arguments arguments, Place out, Place values, Place places) {
        int size = out.numel();
        int totals = arguments.scratch(code, 8 * size);
        code.get(totals).i32(0).i32(8 * size).fill();
        int total = code.local(Type.I32);
        each(code, arguments, values, places, (source, place) -> {
            code.get(place).memory(Op.I32_LOAD, 0).i32(3).op(Op.I32_SHL).get(totals).op(Op.I32_ADD).tee(total);
            code.get(total).memory(Op.F64_LOAD, 0).get(source).memory(Op.F32_LOAD, 0).op(Op.F64_PROMOTE_F32)
                    .op(Op.F64_ADD).memory(Op.F64_STORE, 0);
        });
        int to = arguments.pointer(code, out.place());
        int at = Nest.copy(code, totals);
        code.repeat(size, () -> {
            code.get(to).get(at).memory(Op.F64_LOAD, 0).op(Op.F32_DEMOTE_F64).memory(Op.F32_STORE, 0);
            code.advance(at, 8).advance(to, 4);
        });
    }

    /** What is done with the addresses of an element and of its place. */
    private interface Step {
        void write(int element, int place);
    }

    private static void each(Code code, Arguments arguments, Place elements, Place places, Step step) {
        Dims dims = Dims.of(elements.shape(), new int[][] {elements.strides(), places.strides()});
        if (dims.isEmpty()) {
            return;
        }
        int element = arguments.pointer(code, elements.place());
        int place = arguments.pointer(code, places.place());
        Nest.write(code, dims.extents, List.of(new Nest.Walker(element, bytes(dims.strides[0])),
                new Nest.Walker(place, bytes(dims.strides[1]))), () -> step.write(element, place));
    }

    private static int[] bytes(int[] strides) {
        int[] bytes = new int[strides.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = 4 * strides[i];
        }
        return bytes;
    }
}
