package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.expr.Expr;
import java.util.List;

/** One computation, all that a device must know of it. */
public sealed interface Work {
    /** Where results go. */
    List<Operand> outs();

    /** What is read. */
    List<Operand> ins();

    /**
     * {@code outs[i] = formulas[i](ins...)}, elementwise, computed in float32. All operands have one shape; inputs are
     * expanded by strides of 0. An output may be an input too (the same operand), but no other overlap is allowed.
     *
     * @param formulas whose argument i is {@code ins[i]}; they may share subformulas, which are computed once
     * @param params the names of the formulas' parameters: number i is {@code numbers[firstNumber + i]} of the run
     */
    record Pointwise(List<Expr> formulas, List<Operand> outs, List<Operand> ins, List<String> params, int firstNumber)
            implements Work {
    }

    /** A structural kernel, as {@link Kernel} says. */
    record Run(Kernel kernel, List<Operand> outs, List<Operand> ins) implements Work {
    }
}
