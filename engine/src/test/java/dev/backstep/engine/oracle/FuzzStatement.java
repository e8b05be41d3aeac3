package dev.backstep.engine.oracle;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A line of a random program. Variables are numbers; a line whose variables are not there is left out, so that a
 * program stays a program when lines are taken away.
 *
 * @param name the op or method
 * @param values the numbers of a leaf or of the gradient that backward starts with, or the number of an arithmetic op
 * @param in the variables read
 * @param out the variables set
 * @param mode {@code no_grad} or {@code enable_grad} around the line where not null
 */
record FuzzStatement(Kind kind, String name, Attrs attrs, double[] values, List<Integer> in, List<Integer> out,
        Boolean mode) {
    enum Kind {
        /** A tensor of given numbers, with attributes dtype, shape and requires_grad. */
        LEAF,
        /** An op by its type. */
        OP,
        /** Arithmetic with a Python number, out of place. */
        NUMBER,
        /** An in-place method; with a number where there are values. */
        IN_PLACE,
        /** A method that gives another view of the graph or of the flags: detach, data, requires_grad_ and so on. */
        METHOD,
        /** {@code in[0].backward(gradient=values, inputs=in[1..])}. */
        BACKWARD,
        /** {@code torch.autograd.grad(in[0], in[1..], grad_outputs=values)}. */
        GRAD
    }

    FuzzStatement(Kind kind, String name, Attrs attrs, List<Integer> in, List<Integer> out) {
        this(kind, name, attrs, new double[0], in, out, null);
    }

    FuzzStatement in(Boolean newMode) {
        return new FuzzStatement(kind, name, attrs, values, in, out, newMode);
    }

    boolean flag(String attr) {
        return attrs.has(attr) && attrs.flag(attr);
    }

    DType dtype() {
        return DType.of(String.valueOf(attrs.get("dtype")));
    }

    /** The line as one would write it in Python. */
    @Override
    public String toString() {
        String scope = mode == null ? "" : mode ? "with torch.enable_grad(): " : "with torch.no_grad(): ";
        String results = out.isEmpty() ? "" : String.join(", ", out.stream().map(i -> "v" + i).toList())
                + " = ";
        List<String> arguments = new ArrayList<>();
        in.stream().skip(1).forEach(i -> arguments.add("v" + i));
        Arrays.stream(values).forEach(v -> arguments.add(Double.toString(v)));
        String attributes = attrs.toString();
        if (!attributes.equals("{}") && !attributes.isEmpty()) {
            arguments.add(attributes);
        }
        String self = in.isEmpty() ? "torch" : "v" + in.get(0);
        return scope + results + self + "." + name + "(" + String.join(", ", arguments) + ")";
    }
}
