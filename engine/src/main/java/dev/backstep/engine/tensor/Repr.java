package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.DType;
import java.util.ArrayList;
import java.util.List;

/** Tensors, shapes and nodes as PyTorch prints them in Python. The rules are those of {@code torch/_tensor_str.py}. */
public final class Repr {
    private static final int LINE_WIDTH = 80;
    private static final String PREFIX = "tensor(";

    private Repr() {
    }

    /** {@code repr(tensor)}, such as {@code tensor([2., 4.], grad_fn=<MulBackward0>)}. */
    public static String of(Tensor tensor) {
        List<String> suffixes = new ArrayList<>();
        boolean empty = tensor.numel() == 0;
        if (empty && tensor.dim() != 1) {
            suffixes.add("size=" + tuple(tensor.view().shape()));
        }
        // float32 goes without saying; so do integers and truths where there is one to be seen.
        if (tensor.dtype() == DType.FLOAT64 || empty && tensor.dtype() != DType.FLOAT32) {
            suffixes.add("dtype=" + tensor.dtype().torch());
        }
        if (tensor.gradFn() != null) {
            suffixes.add("grad_fn=<" + tensor.gradFn().name() + ">");
        } else if (tensor.requiresGrad()) {
            suffixes.add("requires_grad=True");
        }
        String contents = PREFIX + (empty ? "[]" : new ReprElements(tensor).text(PREFIX.length()));
        return withSuffixes(contents, suffixes);
    }

    /** {@code repr(tensor.shape)}: {@code torch.Size([2, 3])}. */
    public static String size(int... shape) {
        return "torch.Size([" + list(shape) + "])";
    }

    /** {@code repr(node)}: {@code <AddBackward0 object at 0x...>}, the address being whatever tells objects apart. */
    public static String of(Node node) {
        return "<" + node.name() + " object at 0x" + Integer.toHexString(System.identityHashCode(node)) + ">";
    }

    /**
     * {@code f"{tensor:spec}"}: a zero-dimensional tensor is formatted as its number, any other takes no format and
     * prints as it is.
     *
     * @param spec Python's {@code [width][.precision][type]}, the type one of {@code f e % d} or none; may be empty
     * @throws TorchError a {@code TypeError} where a tensor with dimensions is given a format, a {@code ValueError}
     *     for a format that its number does not take
     */
    public static String formatted(Tensor tensor, String spec) {
        if (tensor.dim() > 0) {
            if (!spec.isEmpty()) {
                throw TorchError.type("unsupported format string passed to Tensor.__format__");
            }
            return of(tensor);
        }
        return new FormatSpec(spec, tensor.dtype()).format(tensor);
    }

    private static String withSuffixes(String contents, List<String> suffixes) {
        StringBuilder text = new StringBuilder(contents);
        int line = contents.length() - contents.lastIndexOf('\n') + 1;
        for (String suffix : suffixes) {
            if (line + suffix.length() + 2 > LINE_WIDTH) {
                text.append(",\n").append(" ".repeat(PREFIX.length()));
                line = PREFIX.length() + suffix.length();
            } else {
                text.append(", ");
                line += suffix.length() + 2;
            }
            text.append(suffix);
        }
        return text.append(')').toString();
    }

    private static String tuple(int[] shape) {
        return "(" + list(shape) + (shape.length == 1 ? ",)" : ")");
    }

    private static String list(int[] shape) {
        StringBuilder text = new StringBuilder();
        for (int d = 0; d < shape.length; d++) {
            text.append(d == 0 ? "" : ", ").append(shape[d]);
        }
        return text.toString();
    }
}
