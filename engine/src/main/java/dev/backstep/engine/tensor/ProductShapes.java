package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import java.util.Arrays;

/** The results of the products of {@link Linalg}, and why some have none. */
final class ProductShapes {
    private ProductShapes() {
    }

    static Meta mm(Meta a, Meta b) {
        if (a.shape().length != 2) {
            throw TorchError.runtime("self must be a matrix");
        }
        if (b.shape().length != 2) {
            throw TorchError.runtime("mat2 must be a matrix");
        }
        checkInner(a, b);
        checkTypes(a, b);
        return new Meta(new int[] {a.shape()[0], b.shape()[1]}, numbers("addmm_impl_cpu_", a, b));
    }

    static Meta mv(Meta a, Meta v) {
        if (a.shape().length != 2 || v.shape().length != 1) {
            throw TorchError.runtime("vector + matrix @ vector expected, got 1, " + a.shape().length + ", "
                    + v.shape().length);
        }
        if (a.shape()[1] != v.shape()[0]) {
            throw TorchError.runtime("size mismatch, got input (" + a.shape()[0] + "), mat (" + by(a) + "), vec ("
                    + v.shape()[0] + ")");
        }
        if (a.dtype() != v.dtype()) {
            throw TorchError.runtime("expected scalar type " + a.dtype().scalarName() + " but found "
                    + v.dtype().scalarName());
        }
        return new Meta(new int[] {a.shape()[0]}, numbers("addmv_impl_cpu", a, v));
    }

    static Meta dot(Meta u, Meta v) {
        if (u.shape().length != 1 || v.shape().length != 1) {
            throw TorchError.runtime("1D tensors expected, but got " + u.shape().length + "D and " + v.shape().length
                    + "D tensors");
        }
        if (u.dtype() != v.dtype()) {
            throw TorchError.runtime("dot : expected both vectors to have same dtype, but found "
                    + u.dtype().scalarName() + " and " + v.dtype().scalarName());
        }
        int m = u.shape()[0];
        int n = v.shape()[0];
        if (m != n) {
            throw TorchError.runtime("inconsistent tensor size, expected tensor [" + m + "] and src [" + n
                    + "] to have the same number of elements, but got " + m + " and " + n + " elements respectively");
        }
        return new Meta(View.SCALAR, numbers("dot", u, v));
    }

    static Meta outer(Meta u, Meta v) {
        if (u.shape().length != 1) {
            throw TorchError.runtime("outer: Expected 1-D argument self, but got " + u.shape().length + "-D");
        }
        if (v.shape().length != 1) {
            throw TorchError.runtime("outer: Expected 1-D argument vec2, but got " + v.shape().length + "-D");
        }
        return new Meta(new int[] {u.shape()[0], v.shape()[0]}, Promotion.of(new Meta[] {u, v}));
    }

    static Meta bmm(Meta a, Meta b) {
        if (a.shape().length != 3) {
            throw TorchError.runtime("batch1 must be a 3D tensor");
        }
        if (b.shape().length != 3) {
            throw TorchError.runtime("batch2 must be a 3D tensor");
        }
        if (a.shape()[0] != b.shape()[0] || a.shape()[2] != b.shape()[1]) {
            throw TorchError.runtime("Expected size for first two dimensions of batch2 tensor to be: [" + a.shape()[0]
                    + ", " + a.shape()[2] + "] but got: [" + b.shape()[0] + ", " + b.shape()[1] + "].");
        }
        checkScalarTypes(a, b);
        return new Meta(new int[] {a.shape()[0], a.shape()[1], b.shape()[2]}, numbers("bmm", a, b));
    }

    static Meta addmm(Meta c, Meta a, Meta b) {
        if (a.shape().length != 2) {
            throw TorchError.runtime("mat1 must be a matrix, got " + a.shape().length + "-D tensor");
        }
        if (b.shape().length != 2) {
            throw TorchError.runtime("mat2 must be a matrix, got " + b.shape().length + "-D tensor");
        }
        checkInner(a, b);
        int[] shape = {a.shape()[0], b.shape()[1]};
        Movement.EXPAND.infer(Attrs.of("size", shape), c);
        if (c.dtype() != b.dtype()) {
            throw TorchError.runtime("self and mat2 must have the same dtype, but got " + c.dtype().scalarName()
                    + " and " + b.dtype().scalarName());
        }
        checkTypes(a, b);
        return new Meta(shape, numbers("addmm_impl_cpu_", a, b));
    }

    static void checkInner(Meta a, Meta b) {
        if (a.shape()[1] != b.shape()[0]) {
            throw TorchError.runtime("mat1 and mat2 shapes cannot be multiplied (" + by(a) + " and " + by(b) + ")");
        }
    }

    private static void checkTypes(Meta a, Meta b) {
        if (a.dtype() != b.dtype()) {
            throw TorchError.runtime("expected m1 and m2 to have the same dtype, but got: " + cpp(a.dtype()) + " != "
                    + cpp(b.dtype()));
        }
    }

    private static void checkScalarTypes(Meta a, Meta b) {
        if (a.dtype() != b.dtype()) {
            throw TorchError.runtime("expected scalar type " + a.dtype().scalarName() + " but found "
                    + b.dtype().scalarName());
        }
    }

    /** The type, which is no truth; but of nothing even PyTorch makes truths. */
    private static DType numbers(String function, Meta a, Meta b) {
        if (a.dtype() == DType.BOOL && Shapes.numel(a.shape()) > 0 && Shapes.numel(b.shape()) > 0) {
            throw TorchError.notImplemented(function, a.dtype());
        }
        return a.dtype();
    }

    private static String by(Meta meta) {
        return Arrays.toString(meta.shape()).replace(", ", "x").replace("[", "").replace("]", "");
    }

    private static String cpp(DType type) {
        return switch (type) {
            case BOOL -> "bool";
            case INT64 -> "long long";
            case FLOAT32 -> "float";
            case FLOAT64 -> "double";
        };
    }
}
