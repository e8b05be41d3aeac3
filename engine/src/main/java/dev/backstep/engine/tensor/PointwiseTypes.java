package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;

/** Types that elementwise ops refuse or widen, in PyTorch's words; some of them name the function inside. */
final class PointwiseTypes {
    private PointwiseTypes() {
    }

    /** Only floating types. */
    static Op.TypeRule floats(String function) {
        return (type, _, _, _) -> {
            if (!type.isFloat()) {
                throw TorchError.notImplemented(function, type);
            }
            return type;
        };
    }

    /** All types but truths. */
    static Op.TypeRule noTruths(String function) {
        return (type, _, _, _) -> {
            if (type == DType.BOOL) {
                throw TorchError.notImplemented(function, type);
            }
            return type;
        };
    }

    static void checkCondition(DType type) {
        if (type != DType.BOOL) {
            throw TorchError.runtime("where expected condition to be a boolean tensor, but got a tensor with dtype "
                    + type.scalarName());
        }
    }

    static DType sub(DType type, boolean anyBool, boolean allBool, Attrs attrs) {
        if (allBool) {
            throw TorchError.runtime("Subtraction, the `-` operator, with two bool tensors is not supported. Use the "
                    + "`^` or `logical_xor()` operator instead.");
        }
        if (anyBool) {
            throw TorchError.runtime("Subtraction, the `-` operator, with a bool tensor is not supported. If you are "
                    + "trying to invert a mask, use the `~` or `logical_not()` operator instead.");
        }
        return type;
    }

    static DType rsub(DType type, boolean anyBool, boolean allBool, Attrs attrs) {
        return sub(type, anyBool, false, attrs);
    }

    static DType neg(DType type, boolean anyBool, boolean allBool, Attrs attrs) {
        if (anyBool) {
            throw TorchError.runtime("Negation, the `-` operator, on a bool tensor is not supported. If you are trying "
                    + "to invert a mask, use the `~` or `logical_not()` operator instead.");
        }
        return type;
    }

    static DType relu(DType type, boolean anyBool, boolean allBool, Attrs attrs) {
        if (anyBool) {
            throw TorchError.runtime("Boolean inputs not supported for relu");
        }
        return type;
    }

    static DType pow(DType type, boolean anyBool, boolean allBool, Attrs attrs) {
        if (type == DType.BOOL && !attrs.has("exponent")) {
            throw TorchError.notImplemented("pow", type);
        }
        if (!type.isFloat() && attrs.get("exponent") instanceof Long exponent && exponent < 0) {
            throw TorchError.runtime("Integers to negative integer powers are not allowed.");
        }
        return type;
    }

    /** A truth times a truth is a number. */
    static DType whole(DType type, boolean anyBool, boolean allBool, Attrs attrs) {
        return type == DType.BOOL ? DType.INT64 : type;
    }
}
