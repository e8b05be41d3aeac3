package dev.backstep.engine.lens;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.tensor.GradMode;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A call of a function that can be made again, in float64 and with other numbers.
 *
 * @param function of all inputs; it never sees the run's own tensors
 * @param inputs as the run had them, of any types
 * @param differentiated whether each input is one that gradients are asked for
 */
public record Call(Function<Tensor[], Tensor[]> function, List<Tensor> inputs, List<Boolean> differentiated) {
    public Call {
        inputs = List.copyOf(inputs);
        differentiated = List.copyOf(differentiated);
    }

    /** A call of what a box may be; {@code differentiated} as above. */
    public static Call of(NodeType type, Attrs attrs, List<Tensor> inputs, List<Boolean> differentiated) {
        return new Call(in -> {
            Tensor[] given = in.clone();
            // What is written in place must not be a leaf that requires grad.
            for (int written : type.writes(attrs)) {
                given[written] = given[written].copy();
            }
            return type.apply(attrs, given);
        }, inputs, differentiated);
    }

    /** Copies of the inputs, floats as float64; those that gradients are asked for require them. */
    Tensor[] fresh() {
        Tensor[] fresh = new Tensor[inputs.size()];
        for (int i = 0; i < fresh.length; i++) {
            fresh[i] = fresh(i);
        }
        return fresh;
    }

    private Tensor fresh(int i) {
        Tensor given = inputs.get(i).detach();
        try (GradMode.Scope _ = GradMode.noGrad()) {
            Tensor copy = given.dtype().isFloat() ? given.to(DType.FLOAT64).copy().detach() : given.copy().detach();
            return isDifferentiated(i) ? copy.requiresGrad(true) : copy;
        }
    }

    boolean isDifferentiated(int i) {
        return differentiated.get(i) && inputs.get(i).dtype().isFloat();
    }

    /** The floating-point ones of what the function gives, null in the places of the others. */
    Tensor[] run(Tensor... in) {
        try (GradMode.Scope _ = GradMode.enableGrad()) {
            Tensor[] out = function.apply(in).clone();
            for (int o = 0; o < out.length; o++) {
                out[o] = out[o].dtype().isFloat() ? out[o] : null;
            }
            return out;
        }
    }

    /** The same without gaps. */
    Tensor[] floats(Tensor... in) {
        List<Tensor> floats = new ArrayList<>();
        for (Tensor tensor : run(in)) {
            if (tensor != null) {
                floats.add(tensor);
            }
        }
        return floats.toArray(Tensor[]::new);
    }
}
