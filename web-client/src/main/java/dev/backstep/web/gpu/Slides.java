package dev.backstep.web.gpu;

import dev.backstep.engine.backend.Factor;

/** How an invocation of a product of matrices finds its way in a right factor that lies in several dimensions. */
final class Slides {
    private final Shader shader;
    private final Factor factor;

    Slides(Shader shader, Factor factor) {
        this.shader = shader;
        this.factor = factor;
    }

    /** Declares the functions that tell where a column, and a step of the inner dimension, lies. */
    void declare() {
        PlaceFunction.declare(shader, "column_place", factor.columns(), factor.columnStrides());
        PlaceFunction.declare(shader, "inner_place", factor.inner(), factor.innerStrides());
    }

    /** Writes where so many columns begin, as r0, r1 and so on; those beyond the last are others once more. */
    void columns(int width) {
        int rank = factor.columns().length;
        boolean fours = rank > 0 && factor.columns()[rank - 1] % 4 == 0;
        String step = rank > 0 ? shader.word(factor.columnStrides()[rank - 1]) : "0u";
        for (int j = 0; j < width; j++) {
            if (fours && j % 4 > 0) {
                shader.add("let r" + j, " = r" + j / 4 * 4, " + " + j % 4 + "u * ", step, ";");
            } else {
                shader.add("let r" + j, " = rightBase + column_place(min(column + " + j + "u, lastColumn",
                        fours ? " - 3u" : "", "));");
            }
        }
    }

    /** Writes the place along the inner dimension, and how far it is from there in each of its dimensions. */
    void begin() {
        int rank = factor.inner().length;
        shader.add("var rk = inner_place(first);\nvar ahead = first;");
        for (int d = rank - 1; d > 0; d--) {
            String extent = shader.word(factor.inner()[d]);
            shader.add("let e" + d, " = ", extent, ";\nvar i" + d, " = ahead % e" + d, ";\nahead /= e" + d, ";");
            int back = factor.innerStrides()[d - 1] - factor.inner()[d] * factor.innerStrides()[d];
            shader.add("let s" + d, " = ", shader.word(back), ";");
        }
        shader.add("let rightStep = ", shader.word(rank > 0 ? factor.innerStrides()[rank - 1] : 0), ";");
    }

    /** Goes a step along the inner dimension. */
    void step() {
        shader.add("rk += rightStep;");
        for (int d = factor.inner().length - 1; d > 0; d--) {
            shader.add("i" + d, "++;\nif (i" + d, " == e" + d, ") {\ni" + d, " = 0u;\nrk += s" + d, ";");
        }
        shader.add("}".repeat(Math.max(0, factor.inner().length - 1)));
    }
}
