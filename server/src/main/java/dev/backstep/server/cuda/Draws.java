package dev.backstep.server.cuda;

import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Operand;

/** Random words by one block, because each follows from the words before, and numbers made of them. */
final class Draws {
    /** Words that follow from none of each other. */
    private static final int ROUND = 227;

    private Draws() {
    }

    /** The last words lie in a ring that is larger than those that are read and those that are written in a round. */
    static void twist(Operand out, Operand first, Plan plan) {
        int count = View.numel(out.shape());
        if (count == 0) {
            return;
        }
        Source source = new Source(plan);
        source.add("__shared__ unsigned ring[1024];\nconst unsigned count = ", source.word(count), ";");
        String from = source.read(first.slot()) + "[" + source.word(first.offset()) + " + k]";
        String to = source.write(out.slot()) + "[" + source.word(out.offset()) + " + k] = (int) word;";
        source.add("for (unsigned k = threadIdx.x; k < 624u && k < count; k += " + Source.THREADS + "u) {\n",
                "const unsigned word = (unsigned) ", from, ";\nring[k] = word;\n", to, "\n}\n__syncthreads();");
        source.add("for (unsigned start = 624u; start < count; start += " + ROUND + "u) {\n",
                "const unsigned k = start + threadIdx.x;\nif (threadIdx.x < " + ROUND + "u && k < count) {\n",
                "const unsigned y = (ring[k - 624u & 1023u] & 0x80000000u) | (ring[k - 623u & 1023u] & 0x7fffffffu);\n",
                "const unsigned word = ring[k - 227u & 1023u] ^ y >> 1 ^ (y & 1u ? 0x9908b0dfu : 0u);\n",
                "ring[k & 1023u] = word;\n", to, "\n}\n__syncthreads();\n}");
        source.perBlock(1);
    }

    static void bernoulli(Operand out, Operand words, Operand below, Plan plan) {
        int count = View.numel(out.shape());
        if (count == 0) {
            return;
        }
        Source source = new Source(plan);
        source.declare("static __device__ __forceinline__ unsigned temper(int word) {\n"
                + "unsigned y = (unsigned) word;\ny ^= y >> 11;\ny ^= y << 7 & 0x9d2c5680u;\n"
                + "y ^= y << 15 & 0xefc60000u;\nreturn y ^ y >> 18;\n}\n");
        String from = source.read(words.slot()) + "[" + source.word(words.offset()) + " + 2u * id";
        String limit = source.read(below.slot()) + "[" + source.word(below.offset());
        source.add("const unsigned long long bits = (unsigned long long) (temper(", from,
                "]) & 0x1fffffu) << 32 | temper(", from, " + 1u]);");
        source.add("const unsigned long long below = (unsigned long long) (unsigned) ", limit,
                "] << 32 | (unsigned) ", limit, " + 1u];");
        source.add(source.write(out.slot()), "[", source.word(out.offset()), " + id] = bits < below ? 1.0f : 0.0f;");
        source.perThread(count);
    }
}
