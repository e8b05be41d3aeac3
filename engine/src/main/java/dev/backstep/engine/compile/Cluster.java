package dev.backstep.engine.compile;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Expr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Items that run as one. Several are pointwise over the same elements; then what one writes and another reads stays in
 * the formula, and is stored only where somebody else wants it.
 */
final class Cluster {
    /** WebGPU binds at least eight buffers to a kernel. */
    static final int MOST_INPUTS = 6;
    private static final int MOST_OUTPUTS = 4;
    private static final int MOST_OPERANDS = 8;
    private static final int MOST_FUNCTIONS = 120;

    final List<Item> items;
    final List<Ref> in = new ArrayList<>();
    final List<Ref> out = new ArrayList<>();
    final List<Expr> formulas = new ArrayList<>();

    private Cluster(List<Item> items) {
        this.items = items;
    }

    static Cluster of(Item item) {
        Cluster cluster = new Cluster(List.of(item));
        cluster.in.addAll(item.in);
        cluster.out.add(item.out);
        if (item.isPointwise()) {
            cluster.formulas.add(item.formula);
        }
        return cluster;
    }

    boolean isPointwise() {
        return items.getFirst().isPointwise();
    }

    boolean late() {
        return items.getFirst().late;
    }

    /** Both as one, or null where that cannot be. Whether others must run between them is not asked here. */
    static Cluster join(Cluster a, Cluster b) {
        Item x = a.items.getFirst();
        Item y = b.items.getFirst();
        if (!x.isPointwise() || !y.isPointwise() || x.late != y.late || x.out.numel() != y.out.numel()) {
            return null;
        }
        List<Item> items = new ArrayList<>(a.items);
        items.addAll(b.items);
        items.sort(Comparator.comparingInt(item -> item.index));
        Cluster joined = new Cluster(items);
        return joined.fuse() ? joined : null;
    }

    private boolean fuse() {
        int[] shape = items.getFirst().out.shape();
        for (Item item : items) {
            shape = item.flat ? shape : item.out.shape();
        }
        Map<Cell, Ref> written = new IdentityHashMap<>();
        Map<Cell, Item> writers = new IdentityHashMap<>();
        Map<Cell, Expr> values = new IdentityHashMap<>();
        for (Item item : items) {
            if (!item.flat && !Arrays.equals(item.out.shape(), shape)) {
                return false;
            }
            Expr[] arguments = new Expr[item.in.size()];
            for (int i = 0; i < arguments.length; i++) {
                Ref ref = item.flat ? item.in.get(i).as(shape) : item.in.get(i);
                Ref own = written.get(ref.cell());
                if (own != null && (!own.isSame(ref) || ref.cell().type == DType.INT64)) {
                    return false;
                }
                arguments[i] = own == null ? Expr.arg(place(ref)) : values.get(ref.cell());
            }
            Ref out = item.flat ? item.out.as(shape) : item.out;
            for (Ref ref : in) {
                if (ref.cell() == out.cell() && !ref.isSame(out)) {
                    return false;
                }
            }
            Ref before = written.put(out.cell(), out);
            if (before != null && !before.isSame(out)) {
                return false;
            }
            Expr value = Formulas.put(item.formula,
                    leaf -> leaf instanceof Expr.Arg a ? arguments[a.index()] : leaf);
            if (Formulas.size(value, MOST_FUNCTIONS) >= MOST_FUNCTIONS) {
                return false;
            }
            values.put(out.cell(), Formulas.stored(value, out.cell().type));
            writers.put(out.cell(), item);
        }
        for (Item item : items) {
            Cell cell = item.out.cell();
            if (writers.get(cell) == item && isWanted(item)) {
                out.add(written.get(cell));
                formulas.add(values.get(cell));
            }
        }
        prune();
        return in.size() <= MOST_INPUTS && out.size() <= MOST_OUTPUTS && in.size() + out.size() <= MOST_OPERANDS;
    }

    private boolean isWanted(Item item) {
        if (item.last) {
            return true;
        }
        for (Item reader : item.readers) {
            if (!items.contains(reader)) {
                return true;
            }
        }
        return false;
    }

    private int place(Ref ref) {
        for (int i = 0; i < in.size(); i++) {
            if (in.get(i).isSame(ref)) {
                return i;
            }
        }
        in.add(ref);
        return in.size() - 1;
    }

    /** Drops inputs that no formula reads any more. */
    private void prune() {
        for (int i = in.size() - 1; i >= 0; i--) {
            int at = i;
            if (formulas.stream().noneMatch(formula -> formula.uses(at))) {
                in.remove(i);
                formulas.replaceAll(formula -> Formulas.put(formula, leaf -> leaf instanceof Expr.Arg a
                        && a.index() > at ? Expr.arg(a.index() - 1) : leaf));
            }
        }
    }

    /** Whether it is the same computation over a row, elsewhere. */
    boolean isLike(Cluster other) {
        return isPointwise() && other.isPointwise() && formulas.equals(other.formulas) && in.size() == other.in.size()
                && out.size() == other.out.size();
    }

    int numel() {
        return View.numel(out.getFirst().shape());
    }
}
