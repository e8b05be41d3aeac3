package dev.backstep.server.cuda;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.backend.device.Operand;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Largest and smallest elements over the last dimensions, and their places. All four look for the greatest key: the
 * upper half is ordered as the elements are, NaN above all, the lower half prefers earlier places.
 */
final class Extremes {
    private Extremes() {
    }

    /** @param place whether the element's place is wanted and not the element */
    static void find(Operand out, Operand in, boolean largest, boolean place, Plan plan) {
        int last = Math.min(out.shape().length, in.shape().length);
        Dims row = Dims.of(List.of(in), IntStream.range(last, in.shape().length).toArray());
        int length = row.numel;
        Dims dims = Dims.of(List.of(out, in), IntStream.range(0, last).toArray());
        if (dims.numel == 0 || length == 0) {
            return;
        }
        boolean across = dims.rank() > 0 && dims.last(1) == 1 && !(row.rank() > 0 && row.last(0) == 1);
        Lanes lanes = Lanes.of(dims.numel, length, across);
        Source source = new Source(plan);
        source.declare("static __device__ __forceinline__ long long key(" + Source.element(in.type())
                + " x, unsigned place) {\n" + order(in.type(), largest)
                + "return (long long) ((unsigned long long) (long long) order << 32 | (0xffffffffu - place));\n}\n");
        lanes.begin(source, "1u");
        source.add("long long total = (long long) 0x8000000000000000ull;\nunsigned base = 0u;");
        source.add("if (result < ", source.word(dims.numel), ") {");
        source.add("base = ", source.places(dims, 1, "result", in.offset(), "k"), ";");
        String memory = source.read(in.slot());
        source.add("for (unsigned j = lane; j < ", source.word(length), "; j += " + lanes.each() + "u) {");
        String at = source.places(row, 0, "j", 0, "f");
        source.add("const long long now = key(", memory, "[base + ", at,
                "], j);\ntotal = now > total ? now : total;\n}\n}");
        lanes.end(source, "long long", "total = other > total ? other : total;");
        source.add("if (lane == 0u && result < ", source.word(dims.numel), ") {");
        source.add("const unsigned best = 0xffffffffu - (unsigned) total;");
        String found = place ? "(int) best" : Source.convert(memory + "[base + "
                + source.places(row, 0, "best", 0, "e") + "]", in.type(), out.type());
        String to = source.places(dims, 0, "result", out.offset(), "t");
        source.add(source.write(out.slot()), "[", to, "] = ", found, ";\n}");
        source.perBlock((dims.numel + lanes.results() - 1) / lanes.results());
    }

    private static String order(DType type, boolean largest) {
        String turn = largest ? "" : "~";
        if (type != DType.FLOAT32) {
            return "const int order = " + turn + "x;\n";
        }
        // Both zeros are 0, so that the first of them is found.
        return "const int bits = __float_as_int(x), size = bits & 0x7fffffff;\n"
                + "const int order = x != x ? 0x7fffffff : " + turn + "(bits < 0 ? -size : size);\n";
    }
}
