package dev.backstep.engine.oracle;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.EdgeVector;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringSupplier;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** LibTorch in this JVM, the oracle: our tensors as its own, and what tests compare of the two. */
final class Torch {
    /** For each refusal LibTorch looks up the names in its stack, which takes ten milliseconds; nobody reads them. */
    private static final StringSupplier NO_STACK = new StringSupplier() {
        @Override
        public BytePointer call() {
            return new BytePointer("");
        }
    };

    static {
        // Whatever scope this class is first used in, LibTorch keeps asking.
        NO_STACK.retainReference();
        torch.SetStackTraceFetcher(NO_STACK);
    }

    private Torch() {
    }

    // Tensors

    /** A leaf of LibTorch with the numbers, type, shape, strides and the flag of one of ours. */
    static org.bytedeco.pytorch.Tensor of(Tensor tensor) {
        View view = tensor.view();
        org.bytedeco.pytorch.Tensor result = torch.empty_strided(longs(view.shape()), longs(view.strides()),
                new ScalarTypeOptional(type(tensor.dtype())), new LayoutOptional(), new DeviceOptional(),
                new BoolOptional());
        double[] values = tensor.toDoubles();
        long[] whole = tensor.dtype() == DType.INT64 ? tensor.toLongs() : null;
        for (int i = 0; i < values.length; i++) {
            long at = 0;
            for (int d = view.rank() - 1, rest = i; d >= 0; rest /= view.shape()[d--]) {
                at += (long) (rest % view.shape()[d]) * view.strides()[d];
            }
            switch (tensor.dtype()) {
                case BOOL -> result.data_ptr_bool().put(at, values[i] != 0);
                case INT64 -> result.data_ptr_long().put(at, whole[i]);
                case FLOAT32 -> result.data_ptr_float().put(at, (float) values[i]);
                case FLOAT64 -> result.data_ptr_double().put(at, values[i]);
            }
        }
        return tensor.requiresGrad() ? result.set_requires_grad(true) : result;
    }

    /** A contiguous tensor to be filled. */
    static org.bytedeco.pytorch.Tensor empty(DType type, long... shape) {
        return torch.zeros(shape, new ScalarTypeOptional(type(type)), new LayoutOptional(), new DeviceOptional(),
                new BoolOptional());
    }

    static org.bytedeco.pytorch.Tensor[] of(List<Tensor> tensors) {
        return tensors.stream().map(Torch::of).toArray(org.bytedeco.pytorch.Tensor[]::new);
    }

    /** A number of the program, which gives way in type promotion: what {@code 2.0} is in {@code x + 2.0}. */
    static org.bytedeco.pytorch.Tensor number(Number value) {
        return torch.wrapped_scalar_tensor(scalar(value));
    }

    static Scalar scalar(Number value) {
        return value instanceof Long whole ? new Scalar(whole.longValue()) : new Scalar(value.doubleValue());
    }

    static double[] values(org.bytedeco.pytorch.Tensor tensor) {
        double[] values = new double[(int) tensor.numel()];
        // Zeros that LibTorch knows to be zeros have no memory.
        if (values.length == 0 || tensor._is_zerotensor()) {
            return values;
        }
        org.bytedeco.pytorch.Tensor plain = tensor.detach().contiguous();
        switch (dtype(tensor)) {
            case BOOL -> {
                BoolPointer data = plain.data_ptr_bool();
                for (int i = 0; i < values.length; i++) {
                    values[i] = data.get(i) ? 1 : 0;
                }
            }
            case INT64 -> {
                LongPointer data = plain.data_ptr_long();
                for (int i = 0; i < values.length; i++) {
                    values[i] = data.get(i);
                }
            }
            case FLOAT32 -> {
                FloatPointer data = plain.data_ptr_float();
                for (int i = 0; i < values.length; i++) {
                    values[i] = data.get(i);
                }
            }
            case FLOAT64 -> {
                DoublePointer data = plain.data_ptr_double();
                for (int i = 0; i < values.length; i++) {
                    values[i] = data.get(i);
                }
            }
        }
        return values;
    }

    static int[] shape(org.bytedeco.pytorch.Tensor tensor) {
        int[] shape = new int[(int) tensor.dim()];
        for (int d = 0; d < shape.length; d++) {
            shape[d] = (int) tensor.size(d);
        }
        return shape;
    }

    static int[] strides(org.bytedeco.pytorch.Tensor tensor) {
        int[] strides = new int[(int) tensor.dim()];
        for (int d = 0; d < strides.length; d++) {
            strides[d] = (int) tensor.stride(d);
        }
        return strides;
    }

    static DType dtype(org.bytedeco.pytorch.Tensor tensor) {
        return switch (tensor.scalar_type().intern()) {
            case Bool -> DType.BOOL;
            case Long -> DType.INT64;
            case Float -> DType.FLOAT32;
            case Double -> DType.FLOAT64;
            default -> throw new IllegalArgumentException("a type that the engine lacks: " + tensor.scalar_type());
        };
    }

    static ScalarType type(DType type) {
        return switch (type) {
            case BOOL -> ScalarType.Bool;
            case INT64 -> ScalarType.Long;
            case FLOAT32 -> ScalarType.Float;
            case FLOAT64 -> ScalarType.Double;
        };
    }

    static long[] longs(int... values) {
        long[] longs = new long[values.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = values[i];
        }
        return longs;
    }

    static TensorVector vector(List<org.bytedeco.pytorch.Tensor> tensors) {
        return new TensorVector(tensors.toArray(org.bytedeco.pytorch.Tensor[]::new));
    }

    // Graphs, as GraphText writes ours

    static String graph(org.bytedeco.pytorch.Tensor tensor) {
        return graph(tensor, new HashMap<>());
    }

    /** @param seen the number of each node that was written before, by its address */
    static String graph(org.bytedeco.pytorch.Tensor tensor, Map<Long, Integer> seen) {
        return tensor.grad_fn() == null ? "leaf" : graph(tensor.grad_fn(), (int) tensor.output_nr(), seen);
    }

    private static String graph(org.bytedeco.pytorch.Node node, int nr, Map<Long, Integer> seen) {
        long address = node.address();
        String output = nr == 0 ? "" : "." + nr;
        if (seen.containsKey(address)) {
            return "#" + seen.get(address) + output;
        }
        seen.put(address, seen.size());
        List<String> inputs = new ArrayList<>();
        EdgeVector edges = node.next_edges();
        for (long i = 0; i < edges.size(); i++) {
            org.bytedeco.pytorch.Edge edge = edges.get(i);
            inputs.add(edge.is_valid() ? graph(edge.function(), edge.input_nr(), seen) : "-");
        }
        return name(node) + output + (inputs.isEmpty() ? "" : inputs.toString());
    }

    /** The name as Python shows it, without C++ namespaces. */
    static String name(org.bytedeco.pytorch.Node node) {
        return node.name().getString().replace("torch::autograd::", "");
    }

    // Refusals

    /** What LibTorch says when it refuses, in the words that Python shows; null where it does not refuse. */
    static String refusal(Runnable call) {
        try {
            call.run();
            return null;
        } catch (TorchError e) {
            return e.getMessage();
        } catch (RuntimeException e) {
            String text = String.valueOf(e.getMessage());
            int stack = text.indexOf("\nException raised from");
            // Python knows this type by another name.
            return (stack < 0 ? text : text.substring(0, stack)).replaceAll("CPU(\\w+)Type", "torch.$1Tensor");
        }
    }
}
