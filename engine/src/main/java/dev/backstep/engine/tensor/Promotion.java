package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import java.util.List;

/** PyTorch's type promotion: tensors with dimensions, then zero-dimensional ones, then Python numbers. */
final class Promotion {
    private DType dims;
    private DType zeroDim;
    private DType numbers;

    private Promotion() {
    }

    static DType of(Tensor[] in) {
        Promotion ranks = new Promotion();
        for (Tensor tensor : in) {
            ranks.add(tensor.dtype(), tensor.view().rank(), tensor.isWrapped());
        }
        return ranks.result();
    }

    static DType of(Meta[] in) {
        Promotion ranks = new Promotion();
        for (Meta meta : in) {
            ranks.add(meta.dtype(), meta.shape().length, false);
        }
        return ranks.result();
    }

    /** What a type becomes beside the numbers that a call gives as parameters; infinite ones are no limit at all. */
    static DType with(DType type, List<String> params, Attrs attrs) {
        DType result = type;
        for (String param : params) {
            Object value = attrs.get(param);
            if (value instanceof Long && result == DType.BOOL) {
                result = DType.INT64;
            } else if (value instanceof Double number && !number.isInfinite()) {
                result = result.toFloat();
            }
        }
        return result;
    }

    private void add(DType type, int rank, boolean number) {
        if (number) {
            numbers = join(numbers, type.isFloat() ? DType.FLOAT32 : type);
        } else if (rank == 0) {
            zeroDim = join(zeroDim, type);
        } else {
            dims = join(dims, type);
        }
    }

    private static DType join(DType a, DType b) {
        return a == null ? b : DType.promote(a, b);
    }

    private DType result() {
        return over(dims, over(zeroDim, numbers));
    }

    /** What two ranks make together: the lower one counts only where it is of a higher kind. */
    private static DType over(DType higher, DType lower) {
        if (higher == null || lower == null) {
            return higher == null ? lower : higher;
        }
        if (higher.isFloat()) {
            return higher;
        }
        return higher == DType.BOOL || lower.isFloat() ? DType.promote(higher, lower) : higher;
    }
}
