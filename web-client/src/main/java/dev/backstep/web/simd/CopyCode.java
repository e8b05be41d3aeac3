package dev.backstep.web.simd;

import dev.backstep.web.simd.wasm.Code;
import java.util.List;

/** Writes copies. One that turns a matrix over goes four times four elements at a time. */
final class CopyCode {
    private CopyCode() {
    }

    static void write(Lanes lanes, Arguments arguments, Place out, Place in) {
        Dims dims = Dims.of(out.shape(), new int[][] {out.strides(), in.strides()});
        int rank = dims.rank();
        int inner = rank - 1;
        int unit = -1;
        for (int d = 0; d < inner; d++) {
            unit = dims.strides[1][d] == 1 && dims.extents[d] >= 4 ? d : unit;
        }
        if (out.type() == in.type() && unit >= 0 && dims.strides[0][inner] == 1 && dims.extents[inner] >= 4
                && !dims.isEmpty()) {
            turn(lanes.code, dims, arguments.pointer(lanes.code, in.place()),
                    arguments.pointer(lanes.code, out.place()), unit);
        } else {
            PointwiseCode.copy(lanes, arguments, out, in);
        }
    }

    private static void turn(Code code, Dims dims, int from, int to, int unit) {
        int inner = dims.rank() - 1;
        int[] extents = new int[inner - 1];
        int[] source = new int[inner - 1];
        int[] target = new int[inner - 1];
        for (int d = 0, i = 0; d < inner; d++) {
            if (d != unit) {
                extents[i] = dims.extents[d];
                source[i] = 4 * dims.strides[1][d];
                target[i++] = 4 * dims.strides[0][d];
            }
        }
        int down = 4 * dims.strides[0][unit];
        int across = 4 * dims.strides[1][inner];
        int high = dims.extents[unit];
        int wide = dims.extents[inner];
        Nest.write(code, extents, List.of(new Nest.Walker(from, source), new Nest.Walker(to, target)), () -> {
            Nest.write(code, new int[] {high / 4},
                    List.of(new Nest.Walker(from, 16), new Nest.Walker(to, 4 * down)),
                    () -> band(code, from, to, down, across, 0, 4, wide));
            if (high % 4 > 0) {
                band(code, from, to, down, across, high / 4 * 4, high % 4, wide);
            }
        });
    }

    /** Up to four rows of the output. */
    private static void band(Code code, int from, int to, int down, int across, int first, int count, int wide) {
        int x = Nest.copy(code, from);
        int y = Nest.copy(code, to);
        code.advance(x, 4 * first).advance(y, first * down);
        code.repeat(wide / 4, () -> {
            tile(code, x, y, down, across, count, 4);
            code.advance(x, 4 * across).advance(y, 16);
        });
        if (wide % 4 > 0) {
            tile(code, x, y, down, across, count, wide % 4);
        }
    }

    private static void tile(Code code, int from, int to, int down, int across, int high, int wide) {
        int[] columns = new int[4];
        for (int i = 0; i < 4; i++) {
            columns[i] = i < wide ? Memory4.load(code, from, i * across, 4, 4) : columns[0];
        }
        int[] rows = Turn.write(code, columns);
        for (int i = 0; i < high; i++) {
            Memory4.store(code, to, i * down, 4, wide, rows[i]);
        }
    }
}
