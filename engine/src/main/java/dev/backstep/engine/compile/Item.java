package dev.backstep.engine.compile;

import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.expr.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One computation of a step, before any are joined. */
final class Item {
    /** Null where it is pointwise. */
    final Kernel kernel;
    /** Of a pointwise one, with the inputs as arguments. */
    final Expr formula;
    final Ref out;
    final List<Ref> in;
    final boolean late;
    /** Whether its elements may be counted in a row: each operand lies in order, or is one element. */
    final boolean flat;

    int index;
    /** Those that must run after this one; of them, those that read what it writes. */
    final List<Item> after = new ArrayList<>();
    final List<Item> readers = new ArrayList<>();
    /** Whether what it writes is wanted at the end of the step. */
    boolean last;
    boolean live;
    Cluster cluster;

    private Item(Kernel kernel, Expr formula, Ref out, List<Ref> in, boolean late, boolean flat) {
        this.kernel = kernel;
        this.formula = formula;
        this.out = out;
        this.in = in;
        this.late = late;
        this.flat = flat;
    }

    static Item run(Kernel kernel, Ref out, List<Ref> in, boolean late) {
        return new Item(kernel, null, out, in, late, false);
    }

    static Item pointwise(Expr formula, Ref out, List<Ref> in, boolean late) {
        boolean flat = out.isContiguous();
        for (Ref ref : in) {
            flat &= ref.isSingle() || ref.isContiguous();
        }
        List<Ref> plain = new ArrayList<>(in.size());
        int n = out.numel();
        int[] row = n == 1 ? new int[0] : new int[] {n};
        for (Ref ref : in) {
            plain.add(flat ? ref.as(row) : ref.squeezed());
        }
        return new Item(null, formula, flat ? out.as(row) : out.squeezed(), plain, late, flat);
    }

    /** The same, reading other memory in the place of some. */
    Item reading(Map<Cell, Cell> others) {
        List<Ref> read = new ArrayList<>(in.size());
        for (Ref ref : in) {
            Cell other = others.get(ref.cell());
            read.add(other == null ? ref : new Ref(other, ref.shape(), ref.strides(), ref.offset()));
        }
        return new Item(kernel, formula, out, read, late, flat);
    }

    /** The same, whose output lies in that row in the order that it has in its own memory. */
    Item writing(Ref row) {
        return new Item(kernel, formula, new Ref(row.cell(), out.shape(), out.strides(), out.offset() + row.offset()),
                in, late, flat);
    }

    boolean isPointwise() {
        return kernel == null;
    }
}
