package dev.backstep.web.gpu;

import dev.backstep.engine.backend.Bernoulli;
import dev.backstep.engine.backend.MersenneTwister;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Operand;
import java.util.List;

/**
 * Random words, each of which follows from words before: one workgroup makes as many at once as follow from none of
 * each other, or one invocation makes all, where barriers are dear. Then numbers of them, which many make.
 */
final class Draws {
    private static final String SIZE = MersenneTwister.SIZE + "u";
    private static final String NEAR = MersenneTwister.NEAR + "u";
    /** Larger than the words that are read and those that are written at once; a power of two. */
    private static final int RING = 1024;
    private static final String FOLLOW = """
            fn follow(first: u32, second: u32, near: u32) -> u32 {
                let y = (first & 0x80000000u) | (second & 0x7fffffffu);
                return near ^ (y >> 1u) ^ select(0u, 0x9908b0dfu, (y & 1u) == 1u);
            }
            """;
    private static final String TEMPER = """
            fn temper(word: i32) -> u32 {
                var y = bitcast<u32>(word);
                y ^= y >> 11u;
                y ^= (y << 7u) & 0x9d2c5680u;
                y ^= (y << 15u) & 0xefc60000u;
                return y ^ (y >> 18u);
            }
            """;

    private Draws() {}

    /** @param tuning how many make the words together */
    static void twist(Operand out, Operand first, Tuning tuning, List<Slot> slots, List<Dispatch> to) {
        int count = View.numel(out.shape());
        if (count == 0) {
            return;
        }
        Shader shader = new Shader(slots);
        shader.declare(FOLLOW);
        String from = shader.read(first.slot()) + "[" + shader.word(first.offset()) + " + k]";
        String target = shader.write(out.slot()) + "[" + shader.word(out.offset()) + " + k";
        shader.add("let count = ", shader.word(count), ";");
        if (tuning.words() > 1) {
            together(shader, from, target);
            to.add(shader.blocks(1));
        } else {
            alone(shader, from, target);
            to.add(shader.dispatch(1));
        }
    }

    private static void together(Shader shader, String from, String target) {
        String step = Shader.GROUP + "u";
        shader.declare("var<workgroup> ring: array<u32, " + RING + ">;\n");
        shader.add("for (var k = local; k < min(count, " + SIZE + "); k += " + step + ") {\nlet word = ", from,
                ";\nring[k] = bitcast<u32>(word);\n", target, "] = word;\n}\nworkgroupBarrier();");
        shader.add("for (var start = " + SIZE + "; start < count; start += " + NEAR + ") {\nlet end = min(start + "
                + NEAR + ", count);\nfor (var k = start + local; k < end; k += " + step + ") {");
        shader.add("let word = follow(", ring("k - " + SIZE), ", ", ring("k - " + SIZE + " + 1u"), ", ",
                ring("k - " + NEAR), ");");
        shader.add(ring("k"), " = word;\n", target, "] = bitcast<i32>(word);\n}\nworkgroupBarrier();\n}");
    }

    private static String ring(String at) {
        return "ring[(" + at + ") & " + (RING - 1) + "u]";
    }

    private static void alone(Shader shader, String from, String target) {
        shader.add("for (var k = 0u; k < min(count, " + SIZE + "); k++) { ", target, "] = ", from, "; }");
        shader.add("if (count <= " + SIZE + ") { return; }\nvar k = 0u;\nvar first = bitcast<u32>(", target, "]);");
        shader.add("for (; k < count - " + SIZE + "; k++) {\nlet second = bitcast<u32>(", target, " + 1u]);");
        shader.add("let near = bitcast<u32>(", target, " + " + SIZE + " - " + NEAR + "]);");
        shader.add(target, " + " + SIZE + "] = bitcast<i32>(follow(first, second, near));\nfirst = second;\n}");
    }

    /** Ones where two tempered words are below a limit, else zeros. */
    static void bernoulli(Operand out, Operand words, Operand below, List<Slot> slots, List<Dispatch> to) {
        int count = View.numel(out.shape());
        if (count == 0) {
            return;
        }
        Shader shader = new Shader(slots);
        shader.declare(TEMPER);
        String word = shader.read(words.slot()) + "[" + shader.word(words.offset()) + " + 2u * id";
        String limit = shader.read(below.slot()) + "[" + shader.word(below.offset());
        shader.add("let high = temper(", word, "]) & " + Bernoulli.UPPER_BITS + "u;\nlet low = temper(", word,
                " + 1u]);");
        shader.add("let most = bitcast<u32>(", limit, "]);\nlet rest = bitcast<u32>(", limit, " + 1u]);");
        shader.add(shader.write(out.slot()), "[", shader.word(out.offset()),
                " + id] = select(0.0, 1.0, high < most || (high == most && low < rest));");
        to.add(shader.dispatch(count));
    }
}
