package dev.backstep.engine.graph;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.tensor.Meta;
import dev.backstep.engine.tensor.Tensor;
import java.util.function.IntFunction;

/** Many random numbers, drawn piece by piece: millions of them take longer than a page may stand still. */
final class Drawing {
    /** Normal numbers are made by sixteens, and the last sixteen of all anew: so no piece may be shorter. */
    static final int PIECE = 1 << 14;

    private final Meta meta;
    private final boolean requiresGrad;
    private final IntFunction<Tensor> next;
    private final double[] values;
    private final long[] integers;
    private int drawn;

    /** @param next gives so many numbers, those after the ones that it gave before */
    Drawing(Meta meta, boolean requiresGrad, IntFunction<Tensor> next) {
        this.meta = meta;
        this.requiresGrad = requiresGrad;
        this.next = next;
        int count = View.numel(meta.shape());
        boolean whole = meta.dtype() == DType.INT64;
        values = new double[whole ? 0 : count];
        integers = new long[whole ? count : 0];
    }

    /** Draws the next piece; false where it was the last. */
    boolean proceed() {
        int count = values.length + integers.length;
        int left = count - drawn;
        Tensor piece = next.apply(left < 2 * PIECE ? left : PIECE);
        if (integers.length > 0) {
            System.arraycopy(piece.toLongs(), 0, integers, drawn, piece.numel());
        } else {
            System.arraycopy(piece.toDoubles(), 0, values, drawn, piece.numel());
        }
        drawn += piece.numel();
        return drawn < count;
    }

    /** The tensor, once all is drawn. */
    Tensor result() {
        Tensor all = integers.length > 0 ? Tensor.of(integers, meta.shape())
                : Tensor.of(values, meta.shape(), meta.dtype());
        return all.requiresGrad(requiresGrad);
    }
}
