package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;

/**
 * What may go to a device: no float64, no int64 that could leave the range of an int, nothing that is read or written
 * backward through memory.
 */
final class Kinds {
    private Kinds() {
    }

    /** @param compute the type a formula computes in; for a kernel it is null */
    static boolean fit(DType compute, Kernel kernel, View out, View[] in) {
        if (out.dtype() == DType.FLOAT64 || out.numel() == 0 || out.buffer().size() == 0 || isBackward(out)) {
            return false;
        }
        for (View view : in) {
            // A single float64 among float32 is rounded before it takes part.
            boolean number = kernel == null && view.buffer().size() == 1;
            if (view.dtype() == DType.FLOAT64 && !number || view.buffer().size() == 0 || isBackward(view)) {
                return false;
            }
        }
        if (kernel == null) {
            return compute == DType.FLOAT32 && out.dtype() != DType.INT64;
        }
        return out.dtype() != DType.INT64 || switch (kernel) {
            case ARGMAX, ARGMIN -> true;
            case COPY, MAX, MIN, GATHER, SCATTER -> in[0].dtype() != DType.FLOAT32;
            case SUM, PROD, FOLD, CUMSUM, SOFTMAX, LOG_SOFTMAX, SOFTMAX_BACKWARD, LOG_SOFTMAX_BACKWARD,
                    MATMUL, SCATTER_ADD, TWIST, BERNOULLI -> false;
        };
    }

    private static boolean isBackward(View view) {
        for (int stride : view.strides()) {
            if (stride < 0) {
                return true;
            }
        }
        return false;
    }
}
