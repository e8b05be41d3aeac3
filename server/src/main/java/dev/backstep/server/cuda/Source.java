package dev.backstep.server.cuda;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Dims;
import dev.backstep.engine.expr.Cuda;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A kernel as it is written. Sizes, strides and offsets are words it is told, not part of its text, so that one text
 * serves all shapes of a kind.
 */
final class Source {
    /** What a kernel is called. */
    static final String NAME = "backstep";
    /** Threads of a block. */
    static final int THREADS = 256;

    private final Plan plan;
    private final List<Integer> bound = new ArrayList<>();
    private final List<Boolean> written = new ArrayList<>();
    private final StringBuilder declarations = new StringBuilder();
    private final StringBuilder body = new StringBuilder();
    private int[] words = new int[16];
    /** The first word is how many there are to do. */
    private int count = 1;
    private boolean numbers;

    Source(Plan plan) {
        this.plan = plan;
    }

    /** The code of a word, an unsigned number. */
    String word(int value) {
        if (count == words.length) {
            words = Arrays.copyOf(words, count * 2);
        }
        words[count] = value;
        return "w.v[" + count++ + "]";
    }

    /** The code of a number of the run, a float. */
    String number(int place) {
        numbers = true;
        return "numbers[" + word(place) + "]";
    }

    /** The code of a slot's elements. */
    String read(int slot) {
        return "b" + bind(slot);
    }

    String write(int slot) {
        int at = bind(slot);
        written.set(at, true);
        return "b" + at;
    }

    private int bind(int slot) {
        int at = bound.indexOf(slot);
        if (at < 0) {
            at = bound.size();
            bound.add(slot);
            written.add(false);
        }
        return at;
    }

    Source declare(String text) {
        declarations.append(text);
        return this;
    }

    Source add(String... text) {
        for (String part : text) {
            body.append(part);
        }
        body.append('\n');
        return this;
    }

    /** How a type's elements are kept; float64 is scratch memory's only. */
    static String element(DType type) {
        return switch (type) {
            case FLOAT32 -> "float";
            case BOOL, INT64 -> "int";
            case FLOAT64 -> "double";
        };
    }

    /** An element of one type as another keeps it: integers drop the fraction, a truth says whether it is not zero. */
    static String convert(String value, DType from, DType to) {
        return from == to ? value : switch (to) {
            case FLOAT32 -> "(float) (" + value + ")";
            case FLOAT64 -> "(double) (" + value + ")";
            case BOOL -> "(" + value + ") != 0 ? 1 : 0";
            case INT64 -> "(int) (" + value + ")";
        };
    }

    /**
     * The code of the place of a number in these dimensions; declares what it needs under names with that prefix.
     * Strides of 0 and 1 and an offset of 0 are part of the text.
     */
    String places(Dims dims, int operand, String number, int offset, String prefix) {
        StringBuilder code = new StringBuilder(offset == 0 ? "0u" : word(offset));
        String rest = number;
        for (int d = dims.rank() - 1; d >= 0; d--) {
            String index = rest;
            if (d > 0) {
                String extent = word(dims.extents[d]);
                index = prefix + d;
                add("const unsigned ", index, " = ", rest, " % ", extent, ", ", prefix, "r" + d, " = ", rest, " / ",
                        extent, ";");
                rest = prefix + "r" + d;
            }
            int stride = dims.strides[operand][d];
            if (stride != 0) {
                code.append(" + ").append(index).append(stride == 1 ? "" : " * " + word(stride));
            }
        }
        return code.toString();
    }

    /** Asks for the kernel with so many threads at least, each of which has its number in {@code id}. */
    void perThread(int threads) {
        words[0] = threads;
        finish("const unsigned id = blockIdx.x * " + THREADS + "u + threadIdx.x;\nif (id >= w.v[0]) return;\n",
                (int) ((threads + (long) THREADS - 1) / THREADS));
    }

    /** Asks for it with so many blocks of threads. */
    void perBlock(int blocks) {
        words[0] = blocks;
        finish("", blocks);
    }

    private void finish(String start, int blocks) {
        StringBuilder text = new StringBuilder(Cuda.FUNCTIONS).append("struct Words { unsigned v[").append(count)
                .append("]; };\n").append(declarations).append("extern \"C\" __global__ void __launch_bounds__(")
                .append(THREADS).append(") ").append(NAME).append('(');
        for (int i = 0; i < bound.size(); i++) {
            text.append(written.get(i) ? "" : "const ").append(element(plan.type(bound.get(i))))
                    .append("* __restrict__ b").append(i).append(", ");
        }
        text.append(numbers ? "const float* __restrict__ numbers, " : "").append("const Words w) {\n").append(start)
                .append(body).append("}\n");
        plan.add(new Step.Launch(text.toString(), Arrays.copyOf(words, count), List.copyOf(bound), numbers, blocks,
                THREADS));
    }
}
