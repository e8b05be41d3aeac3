package dev.backstep.web.value;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.Tensor;
import java.util.Arrays;

/** Tensors as text. */
public final class TensorText {
    private static final int SHORT = 16;
    private static final int FEW = 12;

    private TensorText() {}

    /** The number, or the list where it is short; null where it is neither. */
    public static String brief(Tensor tensor) {
        if (tensor.numel() == 1 && tensor.dim() == 0) {
            return number(tensor.toDoubles()[0], tensor.dtype());
        }
        if (tensor.numel() > FEW) {
            return null;
        }
        String list = list(tensor);
        return list.length() <= SHORT ? list : null;
    }

    /** The numbers where they are few enough to say, else how large they are: {@code ‖·‖ 3.7}. */
    public static String orNorm(Tensor tensor) {
        String brief = brief(tensor);
        return brief != null ? brief : "‖·‖ " + NumberText.of(norm(tensor));
    }

    /** All numbers, nested as PyTorch's {@code tolist()} nests them. */
    public static String list(Tensor tensor) {
        StringBuilder out = new StringBuilder();
        list(tensor.toDoubles(), tensor.shape(), tensor.dtype(), 0, 0, out);
        return out.toString();
    }

    private static int list(double[] flat, int[] shape, DType type, int depth, int at, StringBuilder out) {
        if (depth == shape.length) {
            out.append(number(flat[at], type));
            return at + 1;
        }
        out.append('[');
        int next = at;
        for (int i = 0; i < shape[depth]; i++) {
            out.append(i == 0 ? "" : ", ");
            next = list(flat, shape, type, depth + 1, next, out);
        }
        out.append(']');
        return next;
    }

    public static String number(double value, DType type) {
        return type == DType.BOOL ? (value != 0 ? "True" : "False") : NumberText.of(value);
    }

    public static double norm(Tensor tensor) {
        return norm(tensor.toDoubles());
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    public static double mean(Tensor tensor) {
        return mean(tensor.toDoubles());
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    public static String shape(int[] shape) {
        return Arrays.toString(shape);
    }
}
