package dev.backstep.engine.compile;

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

/** Leaves out of a step what was computed already, and copies of what can be written where it belongs at once. */
final class Shortcuts {
    /** Those that write each element of their output once, wherever it lies. */
    private static final Set<Kernel> DIRECT = EnumSet.of(Kernel.MATMUL, Kernel.SUM, Kernel.PROD, Kernel.MAX,
            Kernel.MIN, Kernel.CUMSUM, Kernel.GATHER, Kernel.SOFTMAX, Kernel.LOG_SOFTMAX, Kernel.SOFTMAX_BACKWARD,
            Kernel.LOG_SOFTMAX_BACKWARD);

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
        return new Shortcuts(once, wanted).withoutCopies();
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
