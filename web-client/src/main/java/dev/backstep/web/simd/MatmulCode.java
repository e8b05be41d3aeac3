package dev.backstep.web.simd;

import dev.backstep.engine.backend.Factor;
import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a batched matrix product: the inner dimension in blocks, for each block the right matrix packed into panels
 * as wide as a tile and the left one into panels as high (K. Goto, R. van de Geijn, Anatomy of High-Performance Matrix
 * Multiplication, ACM TOMS 34, 2008), and in the middle a {@link TileCode tile} kept in registers. What is small, or
 * read only once, is used where it lies.
 */
final class MatmulCode {
    /** The inner dimension's block; a packed panel of that length stays in the first cache. */
    private static final int INNER = 256;
    /** Rows of a block of packed left panels, which stays in the second cache. */
    private static final int ROWS = 96;
    /** A matrix with more elements than that is packed, if it is used often enough to pay. */
    private static final int LARGE = 16_384;

    /** A matrix: strides in elements. */
    private record Matrix(int batch, int down, int across) {
        Matrix turned() {
            return new Matrix(batch, across, down);
        }
    }

    private final Lanes lanes;
    private final Code code;
    private final int batches;
    private final int rows;
    private final int columns;
    private final int inner;
    private final Matrix left;
    private final Matrix right;
    private final Matrix out;
    private final int height;
    private final int width;
    /** The function that copies a right matrix from where it lies in several dimensions, or -1. */
    private final int slide;
    private final boolean packsLeft;
    private final boolean packsRight;
    private final int depth;
    private final Map<List<Integer>, Integer> parts = new HashMap<>();

    private MatmulCode(Lanes lanes, int batches, int rows, int columns, int inner, Matrix left, Matrix right,
            Matrix out, int slide) {
        this.lanes = lanes;
        code = lanes.code;
        this.batches = batches;
        this.rows = rows;
        this.columns = columns;
        this.inner = inner;
        this.left = left;
        this.right = right;
        this.out = out;
        this.slide = slide;
        // As many sums as sixteen registers hold beside what they are made of: an addition keeps eight of them waiting.
        height = Math.min(rows, lanes.env.relaxed() ? 6 : 5);
        int most = height > 3 ? 2 : height == 3 ? 3 : height == 2 ? 4 : 8;
        int vectors = (columns + 3) / 4;
        width = 4 * (vectors <= most ? vectors : most);
        packsRight = right.across != 1 || (long) inner * columns > LARGE && rows > 2 * height;
        packsLeft = (long) rows * inner > LARGE && columns > 2 * width && rows > 1;
        int blocks = (inner + INNER - 1) / INNER;
        depth = blocks == 0 ? 0 : Math.min(inner, ((inner + blocks - 1) / blocks + 3) / 4 * 4);
    }

    /** out = left right, for each batch; nothing is written where the output has no elements. */
    static void write(Lanes lanes, Arguments arguments, Place out, Place left, Place right) {
        if (out.numel() == 0) {
            return;
        }
        int a = arguments.pointer(lanes.code, left.place());
        int b = arguments.pointer(lanes.code, right.place());
        int c = arguments.pointer(lanes.code, out.place());
        int batches = out.shape()[0];
        int rows = out.shape()[1];
        int columns = out.shape()[2];
        int inner = left.shape()[2];
        Matrix first = matrix(left);
        Factor factor = right.rank() == 3 ? null : Factor.of(right.shape(), right.strides(), inner);
        boolean slides = factor != null && !factor.isMatrix();
        Matrix second = factor == null ? matrix(right) : !slides
                ? new Matrix(factor.batch(), factor.down(), factor.across())
                : new Matrix(factor.batch(), factor.isTurned() ? 1 : columns, factor.isTurned() ? inner : 1);
        Matrix target = matrix(out);
        if (batches > 1 && second.batch == 0 && first.batch == rows * first.down
                && target.batch == rows * target.down) {
            rows *= batches;
            batches = 1;
        }
        boolean turned = columns > 1 && target.across != 1 && (rows == 1 || target.down == 1)
                || columns == 1 && rows > 1 && target.down == 1;
        if (turned && !slides) {
            new MatmulCode(lanes, batches, columns, rows, inner, second.turned(), first.turned(), target.turned(),
                    -1)
                    .write(arguments, b, a, c);
        } else {
            new MatmulCode(lanes, batches, rows, columns, inner, first, second, target,
                    slides ? SlideCode.write(lanes.code, factor) : -1).write(arguments, a, b, c);
        }
    }

    private static Matrix matrix(Place place) {
        return new Matrix(place.strides()[0], place.shape()[1] == 1 ? 0 : place.strides()[1],
                place.shape()[2] == 1 ? 1 : place.strides()[2]);
    }

    private void write(Arguments arguments, int a, int b, int c) {
        int packedRight = packsRight ? align(depth * ((columns + width - 1) / width * width) * 4) : 0;
        int packedLeft = packsLeft ? align(depth * ((ROWS + height - 1) / height * height) * 4) : 0;
        // The last vector of a packed panel may reach past it.
        int copied = slide < 0 ? 0 : 4 * inner * columns;
        int panels = packedRight + align(packedLeft + 64);
        int scratch = packsRight || packsLeft || slide >= 0 ? arguments.scratch(code, panels + copied + 64) : -1;
        Nest.write(code, new int[] {batches}, List.of(new Nest.Walker(a, 4 * left.batch),
                new Nest.Walker(b, 4 * right.batch), new Nest.Walker(c, 4 * out.batch)), () -> {
            if (inner == 0) {
                block(a, b, c, scratch, 0, true, packedRight);
                return;
            }
            int x = Nest.copy(code, a);
            int y = Nest.copy(code, slide < 0 ? b : scratch);
            if (slide >= 0) {
                code.advance(y, panels).get(b).get(y).call(slide);
            }
            int full = inner / depth;
            for (int part = 0; part < 2; part++) {
                boolean first = part == 0;
                code.repeat(first ? 1 : full - 1, () -> {
                    block(x, y, c, scratch, depth, first, packedRight);
                    code.advance(x, 4 * depth * left.across).advance(y, 4 * depth * right.down);
                });
            }
            if (inner % depth > 0) {
                block(x, y, c, scratch, inner % depth, false, packedRight);
            }
        });
    }

    private static int align(int bytes) {
        return bytes + 63 & -64;
    }

    /** A block of the inner dimension: all of the output from it, or that added to what is there. */
    private void block(int a, int b, int c, int scratch, int length, boolean first, int packedRight) {
        int panels = b;
        if (packsRight) {
            panels = Nest.copy(code, scratch);
            int to = Nest.copy(code, scratch);
            int from = Nest.copy(code, b);
            int full = columns / width;
            code.repeat(full, () -> {
                pack(from, to, width, width, length, right.across, right.down);
                code.advance(from, 4 * width * right.across).advance(to, 4 * width * length);
            });
            if (columns % width > 0) {
                pack(from, to, columns % width, width, length, right.across, right.down);
            }
        }
        int packed = -1;
        if (packsLeft) {
            packed = Nest.copy(code, scratch);
            code.advance(packed, packedRight);
        }
        int step = packsLeft ? (ROWS + height - 1) / height * height : rows;
        int x = Nest.copy(code, a);
        int z = Nest.copy(code, c);
        int y = panels;
        int leftPanels = packed;
        code.repeat(rows / step, () -> {
            rows(x, y, z, leftPanels, step, length, first);
            code.advance(x, 4 * step * left.down).advance(z, 4 * step * out.down);
        });
        if (rows % step > 0) {
            rows(x, y, z, leftPanels, rows % step, length, first);
        }
    }

    private void rows(int a, int b, int c, int packed, int count, int length, boolean first) {
        if (packsLeft) {
            int from = Nest.copy(code, a);
            int to = Nest.copy(code, packed);
            code.repeat(count / height, () -> {
                pack(from, to, height, height, length, left.down, left.across);
                code.advance(from, 4 * height * left.down).advance(to, 4 * height * length);
            });
            if (count % height > 0) {
                pack(from, to, count % height, height, length, left.down, left.across);
            }
        }
        int y = Nest.copy(code, b);
        int z = Nest.copy(code, c);
        code.repeat(columns / width, () -> {
            panel(packsLeft ? packed : a, y, z, count, width, length, first);
            code.advance(y, packsRight ? 4 * width * length : 4 * width).advance(z, 4 * width * out.across);
        });
        if (columns % width > 0) {
            panel(packsLeft ? packed : a, y, z, count, columns % width, length, first);
        }
    }

    private void panel(int a, int b, int c, int count, int across, int length, boolean first) {
        int x = Nest.copy(code, a);
        int z = Nest.copy(code, c);
        code.repeat(count / height, () -> {
            tile(x, b, z, height, across, length, first);
            code.advance(x, packsLeft ? 4 * height * length : 4 * height * left.down)
                    .advance(z, 4 * height * out.down);
        });
        if (count % height > 0) {
            tile(x, b, z, count % height, across, length, first);
        }
    }

    private void tile(int a, int b, int c, int down, int across, int length, boolean first) {
        int function = parts.computeIfAbsent(List.of(0, down, across, length, first ? 1 : 0), _ -> {
            Code tile = code.module().function(List.of(Type.I32, Type.I32, Type.I32), List.of());
            new TileCode(new Lanes(tile, lanes.env), down, across, length)
                    .left(packsLeft ? 4 : 4 * left.down, packsLeft ? 4 * height : 4 * left.across)
                    .right(packsRight ? 4 * width : 4 * right.down)
                    .out(4 * out.down, 4 * out.across)
                    .write(first);
            return tile.index();
        });
        code.get(a).get(b).get(c).call(function);
    }

    private void pack(int from, int to, int count, int room, int length, int across, int down) {
        int function = parts.computeIfAbsent(List.of(1, count, room, length, across, down), _ -> {
            Code pack = code.module().function(List.of(Type.I32, Type.I32), List.of());
            new PackCode(pack, count, room, 4 * across, 4 * down).write(length);
            return pack.index();
        });
        code.get(from).get(to).call(function);
    }
}
