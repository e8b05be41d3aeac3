package dev.backstep.engine.tensor;

import dev.backstep.engine.expr.Derivative;
import dev.backstep.engine.expr.Expr;
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
         * @param g the gradient of the first output
         * @return the gradient of the input, possibly of the shape it was broadcast to; null for none
         */
        Tensor apply(Tensor g, Saved s);
    }

    /** @param inputs bit i: input i is read; @param outputs likewise */
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
        private final int[] reads;
        private final Program program;
        private final Op fused;

        Formula(int arity, Expr expr, String fusedName) {
            this.arity = arity;
            this.expr = expr;
            List<Integer> used = new ArrayList<>();
            for (int i = 0; i <= arity + 1; i++) {
                if (expr.uses(i)) {
                    used.add(i);
                }
            }
            reads = used.stream().mapToInt(Integer::intValue).toArray();
            Expr dense = expr.replace(leaf -> leaf instanceof Expr.Arg a ? Expr.arg(used.indexOf(a.index())) : leaf);
            program = new Program(dense, reads.length);
            fused = fusedName == null ? null : Op.fused(fusedName, dense, reads.length);
        }

        @Override
        public boolean usesInput(int i) {
            return expr.uses(i);
        }

        @Override
        public boolean usesOutput(int i) {
            return i == 0 && expr.uses(arity);
        }

        Tensor apply(Tensor g, Saved s) {
            if (GradMode.isEnabled() && fused == null) {
                return Interpreter.run(expr, s.attrs(), i -> argument(i, g, s), g);
            }
            Tensor[] arguments = new Tensor[reads.length];
            for (int i = 0; i < reads.length; i++) {
                arguments[i] = argument(reads[i], g, s);
            }
            return fused != null ? fused.call(s.attrs(), arguments)
                    : Op.elementwise(program, s.attrs(), g.view().shape(), g.dtype(), g.dtype(), arguments);
        }

        private Tensor argument(int i, Tensor g, Saved s) {
            return i < arity ? s.in(i) : i == arity ? s.out(0) : g;
        }

        /** The factor on the incoming gradient, with the numbers of a call put in: the local derivative. */
        Expr local() {
            return Derivative.by(arity + 1, expr);
        }
    }
}
