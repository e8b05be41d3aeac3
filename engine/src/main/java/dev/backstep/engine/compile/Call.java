package dev.backstep.engine.compile;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.Numbers;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Program;

/**
 * A call of a backend as it was noted. One without a program and a kernel makes numbers for its output cell.
 *
 * @param out what was written; null where numbers are made
 * @param cell the cell of the output
 * @param cells those of the inputs
 * @param late whether it belongs to the change of the parameters, after the gradients
 */
record Call(Program program, double[] params, DType compute, Numbers numbers, Kernel kernel, View out, View[] in,
        Cell cell, Cell[] cells, boolean late) {
    boolean isMade() {
        return program == null && kernel == null;
    }
}
