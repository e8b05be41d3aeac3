package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Attrs;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Expr;
import dev.backstep.engine.expr.Program;
import java.util.Arrays;

/**
 * A formula that overwrites a tensor, element by element and outside the graph: what an optimizer does to a parameter
 * and to what it remembers of it, in one loop.
 */
public final class Update {
    private final Program program;
    private final int arity;

    /** @param formula of the tensor's own element (argument 0), those of the others (1 and up), and named numbers */
    public Update(Expr formula, int arity) {
        this.program = new Program(formula, arity);
        this.arity = arity;
    }

    /**
     * Overwrites the target, which counts as a write in place.
     *
     * @param numbers the value of each named number of the formula
     * @param others tensors of the target's shape
     */
    public void apply(Attrs numbers, Tensor target, Tensor... others) {
        if (others.length != arity - 1) {
            throw new IllegalArgumentException("the formula takes " + arity + " tensors");
        }
        View out = target.view();
        View[] in = new View[arity];
        in[0] = out;
        for (int i = 1; i < arity; i++) {
            in[i] = others[i - 1].view();
            if (!Arrays.equals(in[i].shape(), out.shape())) {
                throw TorchError.runtime("The size of tensor a " + Arrays.toString(out.shape())
                        + " must match the size of tensor b " + Arrays.toString(in[i].shape()));
            }
        }
        // Not rounded to the target's type: 1 - 0.999 in float32 would be off by more than PyTorch's own 0.001.
        Backends.current().pointwise(program, Op.params(program, numbers, DType.FLOAT64), target.dtype(), out, in);
        out.buffer().bump(ThreadState.get().scope);
    }
}
