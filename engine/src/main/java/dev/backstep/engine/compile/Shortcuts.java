package dev.backstep.engine.compile;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.expr.Expr;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Leaves out of a step what was computed already, single numbers that others can make on their way, and copies of what
 * can be written where it belongs at once.
 */
final class Shortcuts {
    /** Those that write each element of their output once, wherever it lies. */
    private static final Set<Kernel> DIRECT = EnumSet.of(Kernel.MATMUL, Kernel.SUM, Kernel.PROD, Kernel.MAX,
            Kernel.MIN, Kernel.CUMSUM, Kernel.GATHER, Kernel.SOFTMAX, Kernel.LOG_SOFTMAX, Kernel.SOFTMAX_BACKWARD,
            Kernel.LOG_SOFTMAX_BACKWARD);

    /** A formula over so many elements at most may make a single number anew for each. */
    private static final int SHORT = 1 << 10;

    private final List<Item> items;
    /** Memory that somebody else looks at: it has to be there, and to be that one. */
    private final Set<Cell> wanted;
    private final Map<Cell, List<Integer>> writers = new IdentityHashMap<>();
    private final Map<Cell, List<Integer>> readers = new IdentityHashMap<>();

    private Shortcuts(List<Item> items, Set<Cell> wanted) {
        this.items = items;
        this.wanted = wanted;
        for (int i = 0; i < items.size(); i++) {
            writers.computeIfAbsent(items.get(i).out.cell(), _ -> new ArrayList<>()).add(i);
            for (Ref ref : items.get(i).in) {
                readers.computeIfAbsent(ref.cell(), _ -> new ArrayList<>()).add(i);
            }
        }
    }

    /**
     * The items without those that need not be.
     *
     * @param wanted the cells whose numbers are wanted after the step, or that come from elsewhere
     */
    static List<Item> take(List<Item> items, Set<Cell> wanted) {
        List<Item> once = new Shortcuts(items, wanted).withoutTwins();
        List<Item> few = new Shortcuts(once, wanted).withoutSingles();
        return new Shortcuts(few, wanted).withoutCopies();
    }

    // What was computed already

    private List<Item> withoutTwins() {
        Map<Expr, List<Integer>> known = new HashMap<>();
        Map<Cell, Cell> twins = new IdentityHashMap<>();
        List<Item> left = new ArrayList<>();
        List<Item> reading = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i).reading(twins);
            reading.add(item);
            if (!item.isPointwise() || !isOwn(item.out)) {
                left.add(item);
                continue;
            }
            List<Integer> alike = known.computeIfAbsent(item.formula, _ -> new ArrayList<>());
            Item twin = null;
            for (int j : alike) {
                twin = isTwin(reading.get(j), item) && areUntouched(item.in, j, i) ? reading.get(j) : twin;
            }
            if (twin == null) {
                alike.add(i);
                left.add(item);
            } else {
                twins.put(item.out.cell(), twin.out.cell());
            }
        }
        return left;
    }

    /** Whether the memory is written there as a whole and nowhere else, and nobody wants it after the step. */
    private boolean isOwn(Ref out) {
        Cell cell = out.cell();
        return cell.kind == Cell.Kind.TEMPORARY && cell.arena < 0 && !wanted.contains(cell)
                && writers.get(cell).size() == 1 && out.numel() == cell.size && out.isContiguous();
    }

    private static boolean isTwin(Item a, Item b) {
        if (a.late != b.late || a.in.size() != b.in.size() || a.out.cell().type != b.out.cell().type
                || !new Ref(a.out.cell(), b.out.shape(), b.out.strides(), b.out.offset()).isSame(a.out)) {
            return false;
        }
        for (int i = 0; i < a.in.size(); i++) {
            if (!a.in.get(i).isSame(b.in.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether nobody writes what is read between two items. */
    private boolean areUntouched(List<Ref> refs, int from, int to) {
        for (Ref ref : refs) {
            for (int at : writers.getOrDefault(ref.cell(), List.of())) {
                if (at > from && at < to) {
                    return false;
                }
            }
        }
        return true;
    }

    // Numbers that are sooner made again than made first

    /** Puts the formula of a single number into the short formulas that read it, where only such do. */
    private List<Item> withoutSingles() {
        List<Item> left = new ArrayList<>(items);
        Set<Item> gone = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            Item single = left.get(i);
            Cell cell = single.out.cell();
            List<Integer> at = readers.getOrDefault(cell, List.of());
            if (!single.isPointwise() || cell.size != 1 || cell.type == DType.INT64 || !isOwn(single.out)) {
                continue;
            }
            boolean all = true;
            for (int reader : at) {
                all &= takes(left.get(reader), single) && areUntouched(single.in, i, reader);
            }
            if (all) {
                at.forEach(reader -> left.set(reader, with(left.get(reader), single)));
                gone.add(single);
            }
        }
        left.removeAll(gone);
        return left;
    }

    private static boolean takes(Item reader, Item single) {
        return reader.isPointwise() && reader.late == single.late && reader.out.numel() <= SHORT
                && reader.in.size() + single.in.size() <= Cluster.MOST_INPUTS;
    }

    /** The reader, with the formula of the number in its own. */
    private static Item with(Item reader, Item single) {
        List<Ref> in = new ArrayList<>();
        Expr[] arguments = new Expr[reader.in.size()];
        for (int i = 0; i < arguments.length; i++) {
            int before = in.size();
            if (reader.in.get(i).cell() == single.out.cell()) {
                single.in.forEach(ref -> in.add(ref.as(reader.out.shape())));
                arguments[i] = Formulas.stored(Formulas.put(single.formula, leaf -> leaf instanceof Expr.Arg a
                        ? Expr.arg(before + a.index()) : leaf), single.out.cell().type);
            } else {
                in.add(reader.in.get(i));
                arguments[i] = Expr.arg(before);
            }
        }
        Expr formula = Formulas.put(reader.formula, leaf -> leaf instanceof Expr.Arg a ? arguments[a.index()] : leaf);
        return Item.pointwise(formula, reader.out, in, reader.late);
    }

    // Copies

    private List<Item> withoutCopies() {
        List<Item> left = new ArrayList<>(items);
        Set<Item> gone = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            int made = maker(i);
            if (made >= 0) {
                left.set(made, left.get(made).writing(items.get(i).out));
                gone.add(items.get(i));
            }
        }
        left.removeAll(gone);
        return left;
    }

    /** The item that could write where the one at that place copies to, or -1. */
    private int maker(int at) {
        Item copy = items.get(at);
        if (!copy.isPointwise() || !copy.formula.equals(Expr.arg(0)) || !copy.out.isContiguous()) {
            return -1;
        }
        Ref from = copy.in.getFirst();
        Cell cell = from.cell();
        Cell to = copy.out.cell();
        if (cell.type != to.type || from.offset() != 0 || !from.isContiguous() || from.numel() != cell.size
                || cell.kind != Cell.Kind.TEMPORARY || cell.arena >= 0 || wanted.contains(cell)
                || readers.get(cell).size() != 1 || writers.getOrDefault(cell, List.of()).size() != 1) {
            return -1;
        }
        int made = writers.get(cell).getFirst();
        Item maker = items.get(made);
        if (made > at || maker.kernel == null || !DIRECT.contains(maker.kernel) || maker.late != copy.late
                || !maker.out.isWhole() || isUsed(to, made, at)) {
            return -1;
        }
        for (Ref ref : maker.in) {
            // Arenas are one memory each, which no kernel reads and writes at once.
            if (ref.cell() == to || to.arena >= 0 && ref.cell().arena == to.arena) {
                return -1;
            }
        }
        return made;
    }

    private boolean isUsed(Cell cell, int from, int to) {
        for (List<Integer> places : List.of(writers.getOrDefault(cell, List.of()),
                readers.getOrDefault(cell, List.of()))) {
            for (int at : places) {
                if (at > from && at < to) {
                    return true;
                }
            }
        }
        return false;
    }
}
