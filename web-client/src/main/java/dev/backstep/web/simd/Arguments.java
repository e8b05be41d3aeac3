package dev.backstep.web.simd;

import dev.backstep.engine.backend.device.Operand;
import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Op;
import dev.backstep.web.simd.wasm.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * The words in linear memory through which a run tells a module where its operands begin and what its numbers are:
 * an address for each slot and offset, then the address of memory to work in, then the numbers.
 */
final class Arguments {
    private final int address;
    private final int places;
    private int scratch;

    /** @param places how many addresses of operands there are */
    Arguments(int address, int places) {
        this.address = address;
        this.places = places;
    }

    /** A new local with the address of an operand's first element. */
    int pointer(Code code, int place) {
        return code.read(Type.I32, Op.I32_LOAD, address + 4 * place);
    }

    /** A local with one of the run's numbers in all lanes. */
    int number(Code code, int index) {
        return code.read(Type.V128, Op.V128_LOAD32_SPLAT, address + 4 * (places + 1 + index));
    }

    /** A new local with the address of memory for the time of one work. */
    int scratch(Code code, int bytes) {
        scratch = Math.max(scratch, bytes);
        return code.read(Type.I32, Op.I32_LOAD, address + 4 * places);
    }

    /** How much memory to work in the works asked for. */
    int scratchBytes() {
        return scratch;
    }

    /** Which slots and offsets the operands of a list of works have, and which numbers they read, each once. */
    static final class Places {
        final List<int[]> found = new ArrayList<>();
        final List<Integer> numbers = new ArrayList<>();

        int number(int index) {
            int place = numbers.indexOf(index);
            if (place < 0) {
                numbers.add(index);
                place = numbers.size() - 1;
            }
            return place;
        }

        int of(Operand operand) {
            for (int i = 0; i < found.size(); i++) {
                int[] place = found.get(i);
                if (place[0] == operand.slot() && place[1] == operand.offset()) {
                    return i;
                }
            }
            found.add(new int[] {operand.slot(), operand.offset()});
            return found.size() - 1;
        }
    }
}
