package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.expr.Derivative;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Fn;
import dev.backstep.engine.expr.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * How the gradient of one input follows from that of the output (a vector-Jacobian product), and what it must have
 * kept of the forward run to say so.
 */
sealed interface Vjp {
    /** Whether it reads input {@code i}. */
    boolean usesInput(int i);

    /** Whether it reads output {@code i}. */
    boolean usesOutput(int i);

    /** A rule in tensor ops, which are differentiable themselves. */
    interface Rule {
        /**
         * @param g the gradient of the first output, null where none arrived
         * @return the gradient of the input, possibly of the shape it was broadcast to; null for none
         */
        Tensor apply(Tensor g, Saved s);
    }

    /** @param inputs bit i: input i is read; @param outputs likewise; @param formula the rule as the reader sees it */
    record Ruled(int inputs, int outputs, Rule rule, String formula) implements Vjp {
        @Override
        public boolean usesInput(int i) {
            return (inputs >> i & 1) == 1;
        }

        @Override
        public boolean usesOutput(int i) {
            return (outputs >> i & 1) == 1;
        }
    }

    /**
     * A rule as a formula of the op's inputs (arguments 0 to n-1), its output (n) and the incoming gradient (n+1). It
     * runs as one fused loop; when the derivative must be differentiable, it runs as the tensor ops it is made of, or,
     * where PyTorch has one function for the whole, as the op {@code fused}.
     */
    final class Formula implements Vjp {
        private final int arity;
        private final Expr expr;
        /** Which arguments it reads, in the order it meets them. */
        private final int[] reads;
        private final int inputs;
        private final boolean output;
        private final Program program;
        private final Op fused;
        /** The formula of what it reads, where PyTorch has no one function for it. */
        private final Expr steps;
        /** Whether it subtracts something from an input, which PyTorch refuses of truths. */
        private final boolean strict;

        Formula(int arity, Expr expr, String fusedName) {
            this.arity = arity;
            this.expr = expr;
            List<Integer> met = new ArrayList<>();
            Expr dense = expr.replace(leaf -> {
                if (!(leaf instanceof Expr.Arg a)) {
                    return leaf;
                }
                if (!met.contains(a.index())) {
                    met.add(a.index());
                }
                return Expr.arg(met.indexOf(a.index()));
            });
            reads = met.stream().mapToInt(Integer::intValue).toArray();
            int mask = 0;
            for (int i : reads) {
                mask |= i < arity ? 1 << i : 0;
            }
            inputs = mask;
            output = expr.uses(arity);
            program = new Program(dense, reads.length);
            steps = fusedName == null ? dense : null;
            strict = subtracts(expr, arity);
            fused = fusedName == null ? null : Op.fused(fusedName, dense, names(fusedName));
        }

        /** What PyTorch calls the arguments of its function for the derivative. */
        private String[] names(String function) {
            String[] names = new String[reads.length];
            for (int i = 0; i < names.length; i++) {
                names[i] = reads[i] > arity ? "grad_output" : switch (function) {
                    case "tanh_backward", "sigmoid_backward" -> "output";
                    case "elu_backward" -> "self_or_result";
                    default -> "self";
                };
            }
            return names;
        }

        @Override
        public boolean usesInput(int i) {
            return (inputs >> i & 1) == 1;
        }

        @Override
        public boolean usesOutput(int i) {
            return output && i == 0;
        }

        private static boolean subtracts(Expr e, int arity) {
            return e instanceof Expr.Call c && (c.fn() == Fn.SUB && c.arg(0) instanceof Expr.Arg a && a.index() < arity
                    || c.args().stream().anyMatch(arg -> subtracts(arg, arity)));
        }

        Tensor apply(ThreadState state, Tensor g, OpNode node) {
            if (reads.length == 1 && expr instanceof Expr.Arg) {
                return argument(reads[0], g, node);
            }
            if (expr instanceof Expr.Const c) {
                return Creation.fullLike(g, c.value());
            }
            Attrs attrs = node.attrs();
            if (state.gradEnabled && fused == null) {
                return Interpreter.run(expr, attrs, i -> argument(i, g, node), g);
            }
            Tensor[] arguments = new Tensor[reads.length];
            for (int i = 0; i < reads.length; i++) {
                arguments[i] = argument(reads[i], g, node);
                if (strict && arguments[i].dtype() == DType.BOOL) {
                    return Interpreter.run(expr, attrs, k -> argument(k, g, node), g);
                }
            }
            return fused != null && state.gradEnabled ? fused.call(attrs, arguments)
                    : Op.elementwise(program, steps, attrs, g.view().shape(), g.dtype(), g.dtype(), arguments);
        }

        private Tensor argument(int i, Tensor g, OpNode node) {
            return i < arity ? node.in(i) : i == arity ? node.out(0) : g;
        }

        /** The factor on the incoming gradient: the local derivative. */
        Expr local() {
            return Derivative.by(arity + 1, expr);
        }
    }
}
