package dev.backstep.web.gpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.expr.Wgsl;
import dev.backstep.web.gpu.Dispatch.Binding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A shader as it is written. Sizes, strides and offsets are words it is told, not part of its text, so that one text
 * serves all shapes of a kind.
 */
final class Shader {
    /** Invocations of a workgroup. */
    static final int GROUP = 64;

    /** How the elements of a slot are declared. */
    private enum Kind { SINGLE, QUAD, ATOMIC }

    private final List<Slot> slots;
    private final List<Integer> bound = new ArrayList<>();
    private final List<Boolean> written = new ArrayList<>();
    private final List<Kind> kinds = new ArrayList<>();
    private final StringBuilder declarations = new StringBuilder();
    private final StringBuilder body = new StringBuilder();
    private int[] words = new int[16];
    /** The first word is the number of invocations. */
    private int count = 1;
    private final List<Integer> numbers = new ArrayList<>();
    private boolean subgroups;

    Shader(List<Slot> slots) {
        this.slots = slots;
    }

    /** The code of a word, a u32. */
    String word(int value) {
        if (count == words.length) {
            words = Arrays.copyOf(words, count * 2);
        }
        words[count] = value;
        return place(count++);
    }

    private static String place(int word) {
        return "words[" + (word >> 2) + "]." + "xyzw".charAt(word & 3);
    }

    /** The code of a number of the run, an f32; after the first of them there must be no more words. */
    String number(int place) {
        int at = numbers.indexOf(place);
        if (at < 0) {
            at = numbers.size();
            numbers.add(place);
        }
        return "bitcast<f32>(" + place(count + at) + ")";
    }

    /** The code of a slot's elements. */
    String read(int slot) {
        return "b" + bind(slot, Kind.SINGLE);
    }

    String write(int slot) {
        return written(bind(slot, Kind.SINGLE));
    }

    /** The code of a slot's elements, four at a time; the whole shader must take this slot so. */
    String readQuads(int slot) {
        return "b" + bind(slot, Kind.QUAD);
    }

    String writeQuads(int slot) {
        return written(bind(slot, Kind.QUAD));
    }

    /** The code of a slot's elements as atomic integers. */
    String writeAtomic(int slot) {
        return written(bind(slot, Kind.ATOMIC));
    }

    private String written(int at) {
        written.set(at, true);
        return "b" + at;
    }

    private int bind(int slot, Kind kind) {
        int at = bound.indexOf(slot);
        if (at < 0) {
            at = bound.size();
            bound.add(slot);
            written.add(false);
            kinds.add(kind);
        } else if (kinds.get(at) != kind) {
            throw new IllegalArgumentException("slot " + slot + " is taken in two ways");
        }
        return at;
    }

    /** Says that what is declared needs the feature of that name. */
    void useSubgroups() {
        subgroups = true;
    }

    Shader declare(String text) {
        declarations.append(text);
        return this;
    }

    Shader add(String... text) {
        for (String part : text) {
            body.append(part);
        }
        body.append('\n');
        return this;
    }

    /** How a type's elements are kept. */
    static String element(DType type) {
        return type == DType.FLOAT32 ? "f32" : "i32";
    }

    /** Element {@code at} of a slot that is taken by fours. */
    static String single(String quads, String at) {
        return quads + "[(" + at + ") >> 2u][(" + at + ") & 3u]";
    }

    /** The shader for so many invocations, each of which has its number in {@code id}. */
    Dispatch dispatch(int threads) {
        words[0] = threads;
        return finish("let id = (group.y * groups.x + group.x) * " + GROUP + "u + local;\n"
                + "if (id >= words[0].x) { return; }\n", (threads + GROUP - 1) / GROUP);
    }

    /** The shader for so many workgroups, each of which has its number in {@code block}. */
    Dispatch blocks(int blocks) {
        words[0] = blocks;
        return finish("let block = group.y * groups.x + group.x;\nif (block >= words[0].x) { return; }\n", blocks);
    }

    private Dispatch finish(String start, int groups) {
        StringBuilder text = new StringBuilder(subgroups ? "enable subgroups;\n" : "");
        text.append("@group(0) @binding(0) var<uniform> words: array<vec4<u32>, "
                + blocks16(count + numbers.size()) + ">;\n");
        List<Binding> bindings = new ArrayList<>();
        for (int i = 0; i < bound.size(); i++) {
            String element = element(slots.get(bound.get(i)).type());
            element = switch (kinds.get(i)) {
                case SINGLE -> element;
                case QUAD -> "vec4<" + element + ">";
                case ATOMIC -> "atomic<" + (element.equals("f32") ? "u32" : "i32") + ">";
            };
            text.append("@group(0) @binding(").append(i + 1).append(") var<storage, ")
                    .append(written.get(i) ? "read_write" : "read").append("> b").append(i).append(": array<")
                    .append(element).append(">;\n");
            bindings.add(new Binding(bound.get(i), written.get(i)));
        }
        text.append(Wgsl.functions(declarations.toString() + body)).append(declarations)
                .append("@compute @workgroup_size(").append(GROUP).append(") fn main(\n")
                .append("    @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,\n")
                .append("    @builtin(local_invocation_index) local: u32) {\n")
                .append(start).append(body).append("}\n");
        return new Dispatch(text.toString(), Arrays.copyOf(words, count),
                numbers.stream().mapToInt(Integer::intValue).toArray(), bindings, groups);
    }

    /** Room for that many words, in vec4s, by whole steps of a dynamic offset. */
    static int blocks16(int words) {
        return (words + 63) / 64 * 16;
    }
}
