package dev.backstep.web.gpu;

import dev.backstep.web.gpu.Matmul.Along;

/**
 * A product of matrices by blocks of 64 x 64: a workgroup brings 16 steps of the inner dimension of both operands into
 * its memory, where each invocation reads them for 8 x 8 elements of the result.
 */
final class MatmulBlocks {
    private static final int SIDE = 64;
    private static final int DEPTH = 16;

    private MatmulBlocks() {}

    static Dispatch dispatch(Matmul m) {
        Shader shader = new Shader(m.slots);
        shader.declare("var<workgroup> lefts: array<f32, " + SIDE * DEPTH + ">;\nvar<workgroup> rights: array<f32, "
                + SIDE * DEPTH + ">;\n");
        int down = (m.rows + SIDE - 1) / SIDE;
        int across = (m.columns + SIDE - 1) / SIDE;
        String downWord = shader.word(down);
        String acrossWord = shader.word(across);
        shader.add("let row = ((block / ", acrossWord, ") % ", downWord, ") * 64u;\nlet column = (block % ", acrossWord,
                ") * 64u;\nlet batch = block / ", acrossWord, " / ", downWord, ";");
        shader.add("let lastRow = ", shader.word(m.rows - 1), ";\nlet lastColumn = ", shader.word(m.columns - 1),
                ";\nlet inner = ", shader.word(m.inner), ";\nlet x = (local & 7u) * 4u;\nlet y = (local >> 3u) * 4u;");
        for (int i = 0; i < 8; i++) {
            shader.add("var c" + i + "_0 = vec4<f32>();\nvar c" + i + "_1 = vec4<f32>();");
        }
        int[] ls = m.left.strides();
        int[] rs = m.right.strides();
        boolean slides = m.slides(shader) != null;
        String leftBase = base(shader, "leftBase", m.left.offset(), ls[0], m.leftAlong);
        String rightBase = base(shader, "rightBase", m.right.offset(), rs[0], m.rightAlong);
        String leftOuter = step(shader, ls[1], m.leftAlong, Along.OUTER);
        String leftInner = step(shader, ls[2], m.leftAlong, Along.INNER);
        String rightOuter = slides ? "" : step(shader, rs[2], m.rightAlong, Along.OUTER);
        String rightInner = slides ? "" : step(shader, rs[1], m.rightAlong, Along.INNER);
        if (slides) {
            shader.add("let mine = rightBase + column_place(min(column + local, lastColumn));");
        }
        shader.add("for (var k = 0u; k < inner; k += " + DEPTH + "u) {");
        load(shader, "lefts", m.leftAlong == Along.NEITHER ? shader.read(m.left.slot())
                : shader.readQuads(m.left.slot()), m.leftAlong, leftBase, "row", "lastRow", leftOuter, leftInner);
        if (slides) {
            shader.add("for (var s = 0u; s < " + DEPTH + "u; s++) {\nvar v = ", shader.read(m.right.slot()),
                    "[mine + inner_place(min(k + s, inner - 1u))];\nif (k + s >= inner) { v = 0.0; }\n",
                    "rights[s * 64u + local] = v;\n}");
        } else {
            load(shader, "rights", m.rightAlong == Along.NEITHER ? shader.read(m.right.slot())
                    : shader.readQuads(m.right.slot()), m.rightAlong, rightBase, "column", "lastColumn", rightOuter,
                    rightInner);
        }
        shader.add("workgroupBarrier();\nfor (var q = 0u; q < " + SIDE * DEPTH + "u; q += 64u) {");
        for (int j = 0; j < 2; j++) {
            StringBuilder four = new StringBuilder("let b" + j + " = vec4<f32>(");
            for (int c = 0; c < 4; c++) {
                four.append("rights[q + x + ").append(32 * j + c).append("u], ");
            }
            shader.add(four.append(");").toString());
        }
        for (int i = 0; i < 8; i++) {
            shader.add("let a" + i, " = lefts[q + y + " + (i < 4 ? i : 28 + i) + "u];\nc" + i + "_0 += a" + i
                    + " * b0;\nc" + i + "_1 += a" + i + " * b1;");
        }
        shader.add("}\nworkgroupBarrier();\n}");
        store(shader, m);
        return shader.blocks(m.batches * down * across);
    }

    private static String base(Shader shader, String name, int offset, int batch, Along along) {
        int unit = along == Along.NEITHER ? 1 : 4;
        shader.add("let ", name, " = ", shader.word(offset / unit), " + batch * ", shader.word(batch / unit), ";");
        return name;
    }

    private static String step(Shader shader, int stride, Along along, Along here) {
        return along == Along.NEITHER ? shader.word(stride) : along == here ? "1u" : shader.word(stride / 4);
    }

    /** Brings 64 x 16 elements, those beyond the inner dimension as zeros, with those of one step side by side. */
    private static void load(Shader shader, String to, String from, Along along, String base, String first, String last,
            String outer, String inner) {
        shader.add("for (var s = 0u; s < " + (along == Along.NEITHER ? DEPTH : DEPTH / 4) + "u; s++) {");
        switch (along) {
            case INNER -> {
                shader.add("let at = k + s * 4u;\nvar v = ", from, "[", base, " + min(", first, " + local, ", last,
                        ") * ", outer, " + (at >> 2u)];\nif (at >= inner) { v = vec4<f32>(); }");
                for (int c = 0; c < 4; c++) {
                    shader.add(to, "[(s * 4u + " + c + "u) * 64u + local] = v." + "xyzw".charAt(c), ";");
                }
            }
            case OUTER -> {
                shader.add("let deep = s * 4u + (local >> 4u);\nlet wide = (local & 15u) * 4u;\nvar v = ", from, "[",
                        base, " + (min(", first, " + wide, ", last, ") >> 2u) + (k + deep) * ", inner,
                        "];\nif (k + deep >= inner) { v = vec4<f32>(); }");
                for (int c = 0; c < 4; c++) {
                    shader.add(to, "[deep * 64u + wide + " + c + "u] = v." + "xyzw".charAt(c), ";");
                }
            }
            case NEITHER -> shader.add("var v = ", from, "[", base, " + min(", first, " + local, ", last, ") * ", outer,
                    " + (k + s) * ", inner, "];\nif (k + s >= inner) { v = 0.0; }\n", to, "[s * 64u + local] = v;");
        }
        shader.add("}");
    }

    private static void store(Shader shader, Matmul m) {
        int unit = m.quadsOut ? 4 : 1;
        int[] strides = m.out.strides();
        String c = m.quadsOut ? shader.writeQuads(m.out.slot()) : shader.write(m.out.slot());
        shader.add("let outBase = ", shader.word(m.out.offset() / unit), " + batch * ", shader.word(strides[0] / unit),
                ";");
        String rowStride = shader.word(strides[1] / unit);
        String columnStride = shader.word(m.quadsOut ? 1 : strides[2]);
        for (int i = 0; i < 8; i++) {
            String row = "row + y + " + (i < 4 ? i : 28 + i) + "u";
            shader.add("if (", row, " <= lastRow) {\nlet o = outBase + (", row, ") * ", rowStride, ";");
            for (int j = 0; j < 8; j += m.quadsOut ? 4 : 1) {
                String column = "column + x + " + (j < 4 ? j : 28 + j) + "u";
                String value = "c" + i + "_" + j / 4 + (m.quadsOut ? "" : "." + "xyzw".charAt(j % 4));
                shader.add("if (", column, " <= lastColumn) { ", c, "[o + ", m.quadsOut ? "((" + column + ") >> 2u)"
                        : "(" + column + ") * " + columnStride, "] = ", value, "; }");
            }
            shader.add("}");
        }
    }
}
