package dev.backstep.web.simd;

import dev.backstep.engine.backend.Sliding;
import dev.backstep.web.simd.wasm.Code;
import dev.backstep.web.simd.wasm.Op;
import dev.backstep.web.simd.wasm.Type;
import java.util.List;

/** Writes images as sums over the windows that hold their elements: one after the other, which stays in the cache. */
final class FoldCode {
    private static final int FROM = 0;
    private static final int TO = 1;
    /** So many vectors are added one after another instead of in a loop. */
    private static final int STRAIGHT = 64;

    private FoldCode() {
    }

    static void write(Lanes lanes, Arguments arguments, Place out, Place in) {
        Sliding windows = Sliding.of(out.shape(), out.strides());
        if (windows.size() == 0) {
            return;
        }
        Code code = lanes.code;
        Code image = code.module().function(List.of(Type.I32, Type.I32), List.of());
        image(new Lanes(image, lanes.env), windows.plane(), out, in);
        int from = arguments.pointer(code, in.place());
        int to = arguments.pointer(code, out.place());
        Nest.write(code, new int[] {out.shape()[0], out.shape()[1]},
                List.of(new Nest.Walker(from, 4 * in.strides()[0], 4 * in.strides()[1]),
                        new Nest.Walker(to, 4 * out.shape()[1] * windows.plane(), 4 * windows.plane())),
                () -> code.get(from).get(to).call(image.index()));
    }

    /** Zeros, then what each element of the window adds in all its places, a row of places after the other. */
    private static void image(Lanes lanes, int plane, Place out, Place in) {
        Code code = lanes.code;
        int zero = lanes.number(0);
        int at = Nest.copy(code, TO);
        code.repeat(plane / 4, () -> {
            Memory4.store(code, at, 0, 4, 4, zero);
            code.advance(at, 16);
        });
        if (plane % 4 > 0) {
            Memory4.store(code, at, 0, 4, plane % 4, zero);
        }
        int length = out.shape()[5];
        int step = 4 * in.strides()[5];
        int apart = 4 * out.strides()[5];
        boolean straight = (length + 3) / 4 * out.shape()[4] <= STRAIGHT;
        int[] extents = {out.shape()[2], out.shape()[3], straight ? 1 : out.shape()[4]};
        Nest.write(code, extents, List.of(walker(FROM, in), walker(TO, out)), () -> {
            for (int row = 0; straight && row < out.shape()[4]; row++) {
                for (int q = 0; q < length; q += 4) {
                    add(lanes, FROM, TO, 4 * row * in.strides()[4] + q * step, 4 * row * out.strides()[4] + q * apart,
                            step, apart, Math.min(4, length - q));
                }
            }
            if (straight) {
                return;
            }
            int x = Nest.copy(code, FROM);
            int y = Nest.copy(code, TO);
            code.repeat(length / 4, () -> {
                add(lanes, x, y, 0, 0, step, apart, 4);
                code.advance(x, 4 * step).advance(y, 4 * apart);
            });
            if (length % 4 > 0) {
                add(lanes, x, y, 0, 0, step, apart, length % 4);
            }
        });
    }

    private static Nest.Walker walker(int pointer, Place place) {
        return new Nest.Walker(pointer, 4 * place.strides()[2], 4 * place.strides()[3], 4 * place.strides()[4]);
    }

    /** @param x bytes from the pointer to the elements that are added, and {@code y} to those they are added to */
    private static void add(Lanes lanes, int from, int to, int x, int y, int step, int apart, int count) {
        Code code = lanes.code;
        int sum = lanes.of(Op.F32X4_ADD, Memory4.load(code, from, x, step, count),
                Memory4.load(code, to, y, apart, count));
        Memory4.store(code, to, y, apart, count, sum);
    }
}
