package dev.backstep.web.simd;

import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Type;

/** Writes the product of a few rows and a few columns, all sums in registers: a function of three addresses. */
final class TileCode {
    private static final int LEFT = 0;
    private static final int RIGHT = 1;
    private static final int OUT = 2;
    /** So many steps of the inner dimension are a turn of the loop. */
    private static final int UNROLLED = 4;

    private final Lanes lanes;
    private final Code code;
    private final int rows;
    private final int columns;
    private final int length;
    private final int vectors;
    private int leftDown;
    private int leftAlong;
    private int rightDown;
    private int outDown;
    private int outAcross;

    TileCode(Lanes lanes, int rows, int columns, int length) {
        this.lanes = lanes;
        code = lanes.code;
        this.rows = rows;
        this.columns = columns;
        this.length = length;
        vectors = (columns + 3) / 4;
    }

    /** How many bytes it is to the next row, and along the inner dimension. */
    TileCode left(int down, int along) {
        leftDown = down;
        leftAlong = along;
        return this;
    }

    /** How many bytes it is along the inner dimension; columns lie side by side. */
    TileCode right(int down) {
        rightDown = down;
        return this;
    }

    TileCode out(int down, int across) {
        outDown = down;
        outAcross = across;
        return this;
    }

    /** @param first whether the product takes the place of what is there; else it is added to that */
    void write(boolean first) {
        int[] sums = new int[rows * vectors];
        int zero = lanes.number(0);
        for (int i = 0; i < sums.length; i++) {
            sums[i] = code.local(Type.V128);
            code.get(zero).set(sums[i]);
        }
        int turns = length <= 2 * UNROLLED ? 0 : length / UNROLLED;
        code.repeat(turns, () -> {
            for (int k = 0; k < UNROLLED; k++) {
                step(sums, k);
            }
            code.advance(LEFT, UNROLLED * leftAlong).advance(RIGHT, UNROLLED * rightDown);
        });
        for (int k = 0; k < length - turns * UNROLLED; k++) {
            step(sums, k);
        }
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                int count = Math.min(4, columns - 4 * v);
                int offset = r * outDown + 4 * v * outAcross;
                int sum = sums[r * vectors + v];
                if (!first) {
                    sum = lanes.add(sum, Memory4.load(code, OUT, offset, outAcross, count));
                }
                Memory4.store(code, OUT, offset, outAcross, count, sum);
            }
        }
    }

    private void step(int[] sums, int k) {
        int[] right = new int[vectors];
        for (int v = 0; v < vectors && rows > 1; v++) {
            right[v] = right(k, v);
        }
        for (int r = 0; r < rows; r++) {
            int left = Memory4.load(code, LEFT, r * leftDown + k * leftAlong, 0, 4);
            for (int v = 0; v < vectors; v++) {
                // A single row needs each vector but once: loaded late it takes no register meanwhile.
                int sum = sums[r * vectors + v];
                code.get(lanes.fuse(left, rows > 1 ? right[v] : right(k, v), sum)).set(sum);
            }
        }
    }

    private int right(int k, int v) {
        return Memory4.load(code, RIGHT, k * rightDown + 16 * v, 4, 4);
    }
}
