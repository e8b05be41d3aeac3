package dev.backstep.engine.lens;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.check.Functional;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Program;
import dev.backstep.engine.tensor.InPlaceOp;
import dev.backstep.engine.tensor.NodeType;
import dev.backstep.engine.tensor.Op;
import dev.backstep.engine.tensor.Tensor;
import dev.backstep.engine.tensor.TorchError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where the elements of an op's outgoing gradients come from. Each is a sum of products: over the elements j of the
 * output that the input's element i has a part in, {@code dX[i] = sum_j G[j] * dY[j]/dX[i]}. Of products of matrices
 * the local derivative is itself an element of the other factor, and is told as that.
 */
public final class Origins {
    /** The most terms that are told one by one; the sum is over all. */
    public static final int MAX_TERMS = 4_096;

    /** The most elements where the local derivatives of an element are found by differentiating the whole op. */
    public static final int MAX_ELEMENTS = 1 << 16;

    /** How the local derivatives are known. */
    public enum Rule {
        /** A formula of the elements at one place. */
        ELEMENTWISE,
        /** A product of matrices: the other factor's elements. */
        PRODUCT,
        /** A column of the Jacobian matrix, worked out by differentiating the op. */
        JACOBIAN
    }

    /**
     * One product of the sum.
     *
     * @param output which output of the op, {@code element} of it by row-major number
     * @param incoming the gradient there, 0 where none came
     * @param local the derivative of that output element by the input element
     * @param factor the input whose element the local derivative is, or -1; {@code factorElement} which element
     */
    public record Term(int output, int element, double incoming, double local, int factor, int factorElement) {
        public double product() {
            return incoming * local;
        }
    }

    /**
     * An element of an outgoing gradient.
     *
     * @param terms the first {@link #MAX_TERMS} of them, in the order of output elements
     * @param count how many there are
     * @param value their sum, in float64
     */
    public record Sum(Rule rule, List<Term> terms, int count, double value) {}

    /** Null where the derivative is code of its own. */
    private final Op op;
    private final Attrs attrs;
    private final Call call;
    private final List<Tensor> inputs;
    private final List<Tensor> outputs;
    private final List<double[]> values = new ArrayList<>();
    private final Product product;

    /**
     * @param type of the box that was called
     * @param attrs as the call had them, with those that were left out
     * @param inputs of the call, and {@code outputs} likewise
     */
    public Origins(NodeType type, Attrs attrs, List<Tensor> inputs, List<Tensor> outputs) {
        this.op = type instanceof Op known ? known : type instanceof InPlaceOp writing ? writing.outOfPlace() : null;
        this.attrs = attrs;
        this.call = Call.of(type, attrs, inputs, Collections.nCopies(inputs.size(), false));
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.product = op == null ? null : Product.of(op, attrs, inputs.stream().map(Tensor::shape).toList());
    }

    /** How the derivatives of that input are known; null where the op has none, or is too large to work them out. */
    public Rule rule(int input) {
        if (!inputs.get(input).dtype().isFloat() || op != null && !op.isDifferentiable()) {
            return null;
        }
        if (product != null && (input == product.left() || input == product.right() || input == product.added())) {
            return Rule.PRODUCT;
        }
        if (op != null && op.elements() != null) {
            return op.localDerivative(input) == null ? null : Rule.ELEMENTWISE;
        }
        long elements = 0;
        for (Tensor tensor : inputs) {
            elements += tensor.numel();
        }
        for (Tensor tensor : outputs) {
            elements += tensor.numel();
        }
        return elements > MAX_ELEMENTS ? null : Rule.JACOBIAN;
    }

    /** The input whose elements are the local derivatives of that one: the other factor of a product; else -1. */
    public int factor(int input) {
        return product == null || input == product.added() ? -1
                : input == product.left() ? product.right() : input == product.right() ? product.left() : -1;
    }

    /**
     * The sum that an element of the outgoing gradient is.
     *
     * @param incoming the gradient of each output, null where none came
     * @return null where {@link #rule} is
     * @throws TorchError where the op refuses to be differentiated twice
     */
    public Sum of(int input, int element, List<Tensor> incoming) {
        Rule rule = rule(input);
        if (rule == null) {
            return null;
        }
        List<double[]> gradients = new ArrayList<>();
        for (int o = 0; o < outputs.size(); o++) {
            Tensor gradient = o < incoming.size() ? incoming.get(o) : null;
            gradients.add(gradient == null ? new double[outputs.get(o).numel()] : gradient.toDoubles());
        }
        Terms terms = new Terms(rule, gradients);
        switch (rule) {
            case ELEMENTWISE -> elementwise(input, element, terms);
            case PRODUCT -> product(input, element, terms);
            case JACOBIAN -> jacobian(input, element, terms);
        }
        return terms.sum();
    }

    /** Collects terms. */
    private static final class Terms {
        private final Rule rule;
        private final List<double[]> gradients;
        private final List<Term> terms = new ArrayList<>();
        private int count;
        private double value;

        Terms(Rule rule, List<double[]> gradients) {
            this.rule = rule;
            this.gradients = gradients;
        }

        void add(int output, int element, double local, int factor, int factorElement) {
            Term term = new Term(output, element, gradients.get(output)[element], local, factor, factorElement);
            count++;
            value += term.product();
            if (terms.size() < MAX_TERMS) {
                terms.add(term);
            }
        }

        Sum sum() {
            return new Sum(rule, List.copyOf(terms), count, value);
        }
    }

    private double[] values(int argument) {
        while (values.size() <= inputs.size()) {
            int next = values.size();
            values.add(next < inputs.size() ? inputs.get(next).toDoubles() : outputs.getFirst().toDoubles());
        }
        return values.get(argument);
    }

    private void elementwise(int input, int element, Terms terms) {
        Expr formula = op.localDerivative(input, attrs);
        Program program = new Program(formula, inputs.size() + 1);
        double[] memory = program.registers(program.params().stream().mapToDouble(attrs::number).toArray());
        int[] shape = outputs.getFirst().shape();
        for (int place : Broadcast.places(inputs.get(input).shape(), shape, element)) {
            double[] arguments = arguments(place);
            System.arraycopy(arguments, 0, memory, 0, arguments.length);
            terms.add(0, place, program.run(memory), -1, -1);
        }
    }

    /** The inputs' numbers that an elementwise op made an element of its output of, and that element. */
    public double[] arguments(int output) {
        double[] arguments = new double[inputs.size() + 1];
        for (int i = 0; i < inputs.size(); i++) {
            arguments[i] = values(i)[Broadcast.source(inputs.get(i).shape(), outputs.getFirst().shape(), output)];
        }
        arguments[inputs.size()] = values(inputs.size())[output];
        return arguments;
    }

    private void product(int input, int element, Terms terms) {
        if (input == product.added()) {
            for (int place : Broadcast.places(inputs.get(input).shape(), outputs.getFirst().shape(), element)) {
                terms.add(0, place, product.addedScale(), -1, -1);
            }
            return;
        }
        int other = factor(input);
        for (Product.Pair pair : product.pairs(input, element)) {
            terms.add(0, pair.output(), product.scale() * values(other)[pair.other()], other, pair.other());
        }
    }

    /** The derivative in the direction of one element is its column of the Jacobian matrix. */
    private void jacobian(int input, int element, Terms terms) {
        Tensor[] in = call.fresh();
        double[] direction = new double[in[input].numel()];
        direction[element] = 1;
        Tensor[] columns = Functional.jvp(given -> {
            Tensor[] replaced = in.clone();
            replaced[input] = given[0];
            return call.floats(replaced);
        }, new Tensor[] {Tensor.of(direction, in[input].shape(), in[input].dtype())}, false, false, in[input])
                .product();
        int next = 0;
        for (int o = 0; o < outputs.size(); o++) {
            if (!outputs.get(o).dtype().isFloat()) {
                continue;
            }
            double[] column = columns[next++].toDoubles();
            for (int j = 0; j < column.length; j++) {
                if (column[j] != 0) {
                    terms.add(o, j, column[j], -1, -1);
                }
            }
        }
    }

    /** The indices of an element, outermost first. */
    public static int[] indices(int[] shape, int element) {
        int[] strides = View.rowMajor(shape);
        int[] indices = new int[shape.length];
        for (int d = 0; d < shape.length; d++) {
            indices[d] = element / strides[d] % shape[d];
        }
        return indices;
    }
}
