package dev.backstep.server.cuda;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.backend.device.Operand;
import java.util.List;
import java.util.stream.IntStream;

/** Running sums along the last dimension, of floats in float64: a thread for each of many rows, or a block for one. */
final class RunningSums {
    private static final int MANY = 1 << 12;
    private static final int SHORT = 64;

    private RunningSums() {
    }

    static void sum(Operand out, Operand in, Plan plan) {
        int last = in.shape().length - 1;
        if (last < 0) {
            Elementwise.copy(out, in, plan);
            return;
        }
        int length = in.shape()[last];
        Dims dims = Dims.of(List.of(out, in), IntStream.range(0, last).toArray());
        if (dims.numel == 0 || length == 0) {
            return;
        }
        boolean alone = dims.numel >= MANY || length <= SHORT;
        Source source = new Source(plan);
        source.add("const unsigned row = ", alone ? "id" : "blockIdx.x", ";");
        source.add("const unsigned base = ", source.places(dims, 1, "row", in.offset(), "k"), ";");
        source.add("const unsigned sums = ", source.places(dims, 0, "row", out.offset(), "t"), ";");
        boolean wide = out.type() == DType.FLOAT32 || in.type() == DType.FLOAT32;
        String type = wide ? "double" : "long long";
        String value = source.read(in.slot()) + "[base + j * " + source.word(in.strides()[last]) + "]";
        String target = source.write(out.slot()) + "[sums + j * " + source.word(out.strides()[last]) + "] = ";
        String end = source.word(length);
        DType from = wide ? DType.FLOAT64 : DType.INT64;
        if (alone) {
            source.add(type, " total = 0;\nfor (unsigned j = 0u; j < ", end, "; j++) {\ntotal += ", value, ";\n",
                    target, Source.convert("total", from, out.type()), ";\n}");
            source.perThread(dims.numel);
            return;
        }
        // Each round 256 elements: running sums within warps, then what the warps before and the rounds before have.
        source.add("__shared__ ", type, " warps[8];\n", type, " before = 0;\nconst unsigned lane = threadIdx.x % 32u;");
        source.add("for (unsigned first = 0u; first < ", end, "; first += 256u) {\nconst unsigned j = first + threadIdx.x;");
        source.add(type, " total = j < ", end, " ? (", type, ") ", value, " : 0;");
        for (int distance = 1; distance < 32; distance *= 2) {
            source.add("{ const ", type, " other = __shfl_up_sync(0xffffffffu, total, " + distance
                    + "); if (lane >= " + distance + "u) total += other; }");
        }
        source.add("if (lane == 31u) warps[threadIdx.x / 32u] = total;\n__syncthreads();");
        source.add(type, " here = before;\nfor (unsigned k = 0u; k < 8u; k++) {\n",
                "if (k == threadIdx.x / 32u) here = before;\nbefore += warps[k];\n}\ntotal += here;");
        source.add("if (j < ", end, ") ", target, Source.convert("total", from, out.type()), ";\n__syncthreads();\n}");
        source.perBlock(dims.numel);
    }
}
