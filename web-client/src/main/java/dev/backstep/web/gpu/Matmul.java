package dev.backstep.web.gpu;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Factor;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Expr;
import java.util.List;

/**
 * Batched products of matrices. An invocation makes a tile of the result in registers; transposed and strided operands
 * are read as they lie, four elements at a time where these are neighbours. Where there are few tiles, the inner
 * dimension is split and the parts are summed.
 */
final class Matmul {
    /** How four neighbouring elements of an operand lie: along the inner dimension, along the outer, or not at all. */
    enum Along { INNER, OUTER, NEITHER }

    /** Products at least so high and wide, with so many elements, are made in blocks where that is faster. */
    private static final int BLOCK = 48;
    private static final int FEWEST = 1 << 16;

    /** Rows and columns that an invocation may make, the largest first. */
    private static final int[][] TILES = {{16, 16}, {16, 8}, {8, 8}, {8, 4}, {4, 4}, {2, 4}, {1, 4}};

    final Operand out;
    final Operand left;
    final Operand right;
    final List<Slot> slots;
    private final List<Dispatch> to;
    final int batches;
    final int rows;
    final int columns;
    final int inner;
    Along leftAlong;
    Along rightAlong;
    boolean quadsOut;
    /** The right factor where it lies in more dimensions than a matrix, else null. */
    final Factor factor;

    private Matmul(Operand out, Operand left, Operand right, List<Slot> slots, List<Dispatch> to) {
        this.out = out;
        this.left = left;
        Factor found = right.shape().length == 3 ? null : Factor.of(right.shape(), right.strides(), left.shape()[2]);
        factor = found == null || found.isMatrix() ? null : found;
        this.right = found == null || factor != null ? right : matrix(right, left.shape()[2], found);
        this.slots = slots;
        this.to = to;
        batches = out.shape()[0];
        rows = out.shape()[1];
        columns = out.shape()[2];
        inner = left.shape()[2];
    }

    /** The same as a matrix. */
    private static Operand matrix(Operand right, int inner, Factor factor) {
        int batches = right.shape()[0];
        return new Operand(right.slot(), right.type(),
                new int[] {batches, inner, View.numel(right.shape()) / batches / inner},
                new int[] {factor.batch(), factor.down(), factor.across()}, right.offset());
    }

    static void multiply(Operand out, Operand left, Operand right, Tuning tuning, List<Slot> slots, List<Dispatch> to) {
        Matmul m = new Matmul(out, left, right, slots, to);
        if (m.batches * m.rows * m.columns == 0) {
            return;
        }
        if (m.inner == 0) {
            Elementwise.pointwise(new Work.Pointwise(List.of(Expr.ZERO), List.of(out), List.of(), List.of(), 0), slots,
                    to);
        } else if (out.type() != DType.FLOAT32) {
            to.add(m.plain());
        } else {
            m.floats(tuning);
        }
    }

    private void floats(Tuning tuning) {
        chooseLoads();
        long outputs = (long) batches * rows * columns;
        if (tuning.blocks() && rows >= BLOCK && columns >= BLOCK && outputs >= FEWEST) {
            to.add(MatmulBlocks.dispatch(this));
            return;
        }
        int[] shape = TILES[TILES.length - 1];
        for (int i = TILES.length - 1; i >= 0; i--) {
            int size = TILES[i][0] * TILES[i][1];
            if (TILES[i][0] <= tuning.tile() && TILES[i][0] < 2 * rows && TILES[i][1] < 2 * columns
                    && outputs >= (long) tuning.threads() * size) {
                shape = TILES[i];
            }
        }
        int height = shape[0];
        int width = shape[1];
        long tiles = (long) batches * ((rows + height - 1) / height) * ((columns + width - 1) / width);
        int splits = 1;
        while (tiles * splits * 2 <= tuning.threads() && inner / (splits * 2) >= 64) {
            splits *= 2;
        }
        if (splits == 1) {
            to.add(tile(out, height, width, inner, 1));
            return;
        }
        int chunk = ((inner + splits - 1) / splits + 3) / 4 * 4;
        splits = (inner + chunk - 1) / chunk;
        int size = batches * rows * columns;
        slots.add(new Slot(DType.FLOAT32, size * splits));
        int scratch = slots.size() - 1;
        int[] wide = {splits, batches, rows, columns};
        Operand parts = new Operand(scratch, DType.FLOAT32, wide, View.rowMajor(wide), 0);
        quadsOut = columns % 4 == 0;
        to.add(tile(parts, height, width, chunk, splits));
        int[] into = {0, out.strides()[0], out.strides()[1], out.strides()[2]};
        Folds.fold(false, new Operand(out.slot(), out.type(), wide, into, out.offset()), parts, tuning, slots, to);
    }

    private void chooseLoads() {
        leftAlong = along(left, 2, 1);
        rightAlong = factor == null ? along(right, 1, 2) : Along.NEITHER;
        if (left.slot() == right.slot() && (leftAlong == Along.NEITHER) != (rightAlong == Along.NEITHER)) {
            leftAlong = Along.NEITHER;
            rightAlong = Along.NEITHER;
        }
        quadsOut = out.strides()[2] == 1 && columns % 4 == 0 && isEven(out, 2);
    }

    private static Along along(Operand matrix, int innerDim, int outerDim) {
        if (matrix.strides()[innerDim] == 1 && matrix.shape()[innerDim] % 4 == 0 && isEven(matrix, innerDim)) {
            return Along.INNER;
        }
        return matrix.strides()[outerDim] == 1 && matrix.shape()[outerDim] % 4 == 0 && isEven(matrix, outerDim)
                ? Along.OUTER : Along.NEITHER;
    }

    /** Whether fours along {@code dim} begin at multiples of four. */
    private static boolean isEven(Operand matrix, int dim) {
        int other = 3 - dim;
        return (matrix.offset() & 3) == 0 && (matrix.strides()[other] & 3) == 0
                && (matrix.strides()[0] & 3) == 0;
    }

    /** Integers: an element each. */
    private Dispatch plain() {
        Shader shader = new Shader(slots);
        slides(shader);
        shader.add("let columns = ", shader.word(columns), ";\nlet rows = ", shader.word(rows), ";");
        shader.add("let column = id % columns;\nlet row = (id / columns) % rows;\nlet batch = id / columns / rows;");
        shader.add("var total = 0;\nfor (var k = 0u; k < ", shader.word(inner), "; k++) {");
        shader.add("total += ", shader.read(left.slot()), "[", at(shader, left, "batch", "row", "k"), "] * ",
                shader.read(right.slot()), "[", factor == null ? at(shader, right, "batch", "k", "column")
                        : shader.word(right.offset()) + " + batch * " + shader.word(factor.batch())
                        + " + inner_place(k) + column_place(column)", "];\n}");
        shader.add(shader.write(out.slot()), "[", at(shader, out, "batch", "row", "column"), "] = ",
                out.type() == DType.BOOL ? "select(0, 1, total != 0)" : "total", ";");
        return shader.dispatch(batches * rows * columns);
    }

    /** The way in the right factor, or null where it is a matrix. */
    Slides slides(Shader shader) {
        if (factor == null) {
            return null;
        }
        Slides slides = new Slides(shader, factor);
        slides.declare();
        return slides;
    }

    private static String at(Shader shader, Operand matrix, String batch, String row, String column) {
        return shader.word(matrix.offset()) + " + " + batch + " * " + shader.word(matrix.strides()[0]) + " + " + row
                + " * " + shader.word(matrix.strides()[1]) + " + " + column + " * " + shader.word(matrix.strides()[2]);
    }

    /**
     * @param target the result, or scratch memory for the parts of it with a dimension more in front
     * @param chunk how much of the inner dimension an invocation sums
     */
    private Dispatch tile(Operand target, int height, int width, int chunk, int splits) {
        Shader shader = new Shader(slots);
        Slides slides = slides(shader);
        int down = (rows + height - 1) / height;
        int across = (columns + width - 1) / width;
        int runs = batches * down * across * splits;
        if (down >= 8 && across >= 8) {
            // Neighbours in both directions, which read the same rows and columns.
            int blocksDown = (down + 7) / 8;
            int blocksAcross = (across + 7) / 8;
            String downWord = shader.word(blocksDown);
            String acrossWord = shader.word(blocksAcross);
            shader.add("let square = id >> 6u;\nlet column = ((square % ", acrossWord, ") * 8u + (id & 7u)) * " + width
                    + "u;\nlet row = (((square / ", acrossWord, ") % ", downWord, ") * 8u + ((id >> 3u) & 7u)) * "
                    + height + "u;\nlet rest = square / ", acrossWord, " / ", downWord, ";");
            shader.add("if (row >= ", shader.word(rows), " || column >= ", shader.word(columns), ") { return; }");
            runs = batches * blocksDown * blocksAcross * 64 * splits;
        } else {
            String downWord = shader.word(down);
            String acrossWord = shader.word(across);
            shader.add("let column = (id % ", acrossWord, ") * " + width + "u;\nlet row = ((id / ", acrossWord, ") % ",
                    downWord, ") * " + height + "u;\nlet rest = id / ", acrossWord, " / ", downWord, ";");
        }
        shader.add("let lastRow = ", shader.word(rows - 1), ";\nlet lastColumn = ", shader.word(columns - 1), ";");
        if (splits > 1) {
            shader.add("let batch = rest % ", shader.word(batches), ";\nlet part = rest / ", shader.word(batches), ";");
            shader.add("let first = part * ", shader.word(chunk), ";\nlet end = min(first + ", shader.word(chunk), ", ",
                    shader.word(inner), ");");
        } else {
            shader.add("let batch = rest;\nlet first = 0u;\nlet end = ", shader.word(inner), ";");
        }
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j += 4) {
                shader.add("var c" + i + "_" + j, " = vec4<f32>();");
            }
        }
        places(shader, slides, height, width);
        shader.add("var lk = ", leftAlong == Along.INNER ? "first >> 2u" : "first * leftStep", ";");
        if (slides == null) {
            shader.add("var rk = ", rightAlong == Along.INNER ? "first >> 2u" : "first * rightStep", ";");
        } else {
            slides.begin();
        }
        shader.add("var k = first;\nfor (; k + 4u <= end; k += 4u) {");
        step(shader, slides, height, width, 4);
        shader.add("}");
        if (leftAlong != Along.INNER && rightAlong != Along.INNER && inner % 4 != 0) {
            shader.add("for (; k < end; k++) {");
            step(shader, slides, height, width, 1);
            shader.add("}");
        }
        store(shader, target, height, width, splits);
        return shader.dispatch(runs);
    }

    /** Where the tile's rows of the left and columns of the right begin, not beyond the last. */
    private void places(Shader shader, Slides slides, int height, int width) {
        int unit = leftAlong == Along.NEITHER ? 1 : 4;
        shader.add("let leftBase = ", shader.word(left.offset() / unit), " + batch * ",
                shader.word(left.strides()[0] / unit), ";");
        String rowStride = shader.word(leftAlong == Along.OUTER ? 1 : left.strides()[1] / unit);
        for (int i = 0; i < height; i += leftAlong == Along.OUTER ? 4 : 1) {
            String row = "min(row + " + i + "u, lastRow)";
            shader.add("let l" + i, " = leftBase + ", leftAlong == Along.OUTER ? "(" + row + " >> 2u)" : row, " * ",
                    rowStride, ";");
        }
        if (leftAlong != Along.INNER) {
            shader.add("let leftStep = ", shader.word(left.strides()[2] / unit), ";");
        }
        if (slides != null) {
            shader.add("let rightBase = ", shader.word(right.offset()), " + batch * ", shader.word(factor.batch()),
                    ";");
            slides.columns(width);
            return;
        }
        unit = rightAlong == Along.NEITHER ? 1 : 4;
        shader.add("let rightBase = ", shader.word(right.offset() / unit), " + batch * ",
                shader.word(right.strides()[0] / unit), ";");
        String columnStride = shader.word(rightAlong == Along.OUTER ? 1 : right.strides()[2] / unit);
        for (int j = 0; j < width; j += rightAlong == Along.OUTER ? 4 : 1) {
            String column = "min(column + " + j + "u, lastColumn)";
            shader.add("let r" + j, " = rightBase + ", rightAlong == Along.OUTER ? "(" + column + " >> 2u)" : column,
                    " * ", columnStride, ";");
        }
        if (rightAlong != Along.INNER) {
            shader.add("let rightStep = ", shader.word(right.strides()[1] / unit), ";");
        }
    }

    /** Adds the products of {@code count} steps of the inner dimension from k on. */
    private void step(Shader shader, Slides slides, int height, int width, int count) {
        String a = leftAlong == Along.NEITHER ? shader.read(left.slot()) : shader.readQuads(left.slot());
        String b = rightAlong == Along.NEITHER ? shader.read(right.slot()) : shader.readQuads(right.slot());
        if (leftAlong == Along.INNER) {
            for (int i = 0; i < height; i++) {
                shader.add("let a" + i, " = ", a, "[l" + i, " + (k >> 2u)];");
            }
        }
        if (rightAlong == Along.INNER) {
            for (int j = 0; j < width; j++) {
                shader.add("let q" + j, " = ", b, "[r" + j, " + (k >> 2u)];");
            }
        }
        for (int q = 0; q < count; q++) {
            char component = "xyzw".charAt(q);
            for (int i = 0; i < height && leftAlong != Along.INNER; i += leftAlong == Along.OUTER ? 4 : 1) {
                shader.add("let a" + q + "_" + i, " = ", a, "[l" + i + " + lk];");
            }
            for (int j = 0; j < width; j += 4) {
                String name = "let b" + q + "_" + j;
                if (rightAlong == Along.OUTER) {
                    shader.add(name, " = ", b, "[r" + j + " + rk];");
                } else {
                    StringBuilder four = new StringBuilder();
                    for (int c = 0; c < 4; c++) {
                        four.append(c > 0 ? ", " : "").append(rightAlong == Along.INNER ? "q" + (j + c) + "."
                                + component : b + "[r" + (j + c) + " + rk]");
                    }
                    shader.add(name, " = vec4<f32>(", four.toString(), ");");
                }
            }
            for (int i = 0; i < height; i++) {
                String factor = switch (leftAlong) {
                    case INNER -> "a" + i + "." + component;
                    case OUTER -> height < 4 ? "a" + q + "_0[(row & 3u) + " + i + "u]"
                            : "a" + q + "_" + i / 4 * 4 + "." + "xyzw".charAt(i % 4);
                    case NEITHER -> "a" + q + "_" + i;
                };
                for (int j = 0; j < width; j += 4) {
                    shader.add("c" + i + "_" + j, " += ", factor, " * b" + q + "_" + j, ";");
                }
            }
            if (leftAlong != Along.INNER) {
                shader.add("lk += leftStep;");
            }
            if (slides != null) {
                slides.step();
            } else if (rightAlong != Along.INNER) {
                shader.add("rk += rightStep;");
            }
        }
        shader.add(leftAlong == Along.INNER ? "lk += 1u;" : "", rightAlong == Along.INNER ? "rk += 1u;" : "");
    }

    private void store(Shader shader, Operand target, int height, int width, int splits) {
        int extra = target.shape().length - 3;
        int unit = quadsOut ? 4 : 1;
        String c = quadsOut ? shader.writeQuads(target.slot()) : shader.write(target.slot());
        shader.add("let outBase = ", shader.word(target.offset() / unit), " + batch * ",
                shader.word(target.strides()[extra] / unit),
                splits > 1 ? " + part * " + shader.word(target.strides()[0] / unit) : "", ";");
        String rowStride = shader.word(target.strides()[extra + 1] / unit);
        String columnStride = shader.word(quadsOut ? 1 : target.strides()[extra + 2]);
        for (int i = 0; i < height; i++) {
            shader.add("if (row + " + i + "u <= lastRow) {\nlet o = outBase + (row + " + i + "u) * ", rowStride, ";");
            for (int j = 0; j < width; j += 4) {
                if (quadsOut) {
                    shader.add("if (column + " + j + "u <= lastColumn) { ", c, "[o + ((column + " + j + "u) >> 2u)] = c"
                            + i + "_" + j, "; }");
                    continue;
                }
                for (int x = 0; x < 4; x++) {
                    shader.add("if (column + " + (j + x) + "u <= lastColumn) { ", c, "[o + (column + " + (j + x)
                            + "u) * ", columnStride, "] = c" + i + "_" + j + "." + "xyzw".charAt(x), "; }");
                }
            }
            shader.add("}");
        }
    }
}
