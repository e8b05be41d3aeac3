package dev.backstep.web.value;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Program;
import dev.backstep.engine.tensor.Tensor;
import java.util.List;

/** The numbers of an elementwise op's local derivative: its formula with this run's inputs and output put in. */
public final class LocalDerivative {
    /** Larger outputs are not worked out for showing. */
    private static final int MAX_ELEMENTS = 4_096;

    private LocalDerivative() {}

    /**
     * The derivative of each output element by the element of an input that it was made of.
     *
     * @param formula of the inputs, and the output as the argument after them
     * @param attrs every parameter the formula names
     * @return a tensor of the output's shape, or null where it would be too large
     */
    public static Tensor of(Expr formula, Attrs attrs, List<Tensor> inputs, Tensor output) {
        int count = output.numel();
        if (count > MAX_ELEMENTS) {
            return null;
        }
        Program program = new Program(formula, inputs.size() + 1);
        double[] memory = program.registers(program.params().stream().mapToDouble(attrs::number).toArray());
        double[][] columns = new double[inputs.size() + 1][];
        for (int i = 0; i < inputs.size(); i++) {
            columns[i] = spread(inputs.get(i), output.shape(), count);
        }
        columns[inputs.size()] = output.toDoubles();
        double[] local = new double[count];
        for (int at = 0; at < count; at++) {
            for (int i = 0; i < columns.length; i++) {
                memory[i] = columns[i][at];
            }
            local[at] = program.run(memory);
        }
        return Tensor.of(local, output.shape(), output.dtype().isFloat() ? output.dtype() : DType.FLOAT64);
    }

    /**
     * The derivative at one place.
     *
     * @param numbers of the inputs there, and of the output
     */
    public static double at(Expr formula, Attrs attrs, double[] numbers) {
        Program program = new Program(formula, numbers.length);
        double[] memory = program.registers(program.params().stream().mapToDouble(attrs::number).toArray());
        System.arraycopy(numbers, 0, memory, 0, numbers.length);
        return program.run(memory);
    }

    /** The elements of a tensor, repeated as broadcasting repeats them over a shape. */
    private static double[] spread(Tensor tensor, int[] shape, int count) {
        int[] from = tensor.shape();
        double[] values = tensor.toDoubles();
        double[] out = new double[count];
        for (int at = 0; at < count; at++) {
            int rest = at;
            int index = 0;
            int stride = 1;
            for (int d = 1; d <= shape.length; d++) {
                int place = rest % shape[shape.length - d];
                rest /= shape[shape.length - d];
                if (d <= from.length) {
                    index += from[from.length - d] == 1 ? 0 : place * stride;
                    stride *= from[from.length - d];
                }
            }
            out[at] = values[index];
        }
        return out;
    }
}
