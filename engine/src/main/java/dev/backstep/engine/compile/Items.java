package dev.backstep.engine.compile;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.Numbers;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Expr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes of a recording what a device is to compute, and finds what is computed on the host before. */
final class Items {
    private final Recorder recorder;
    private final List<Item> items = new ArrayList<>();
    /** What is done on the host in each step, in order. */
    private final List<Call> host = new ArrayList<>();
    /** What the host makes for the device. */
    private final Set<Cell> sent = new LinkedHashSet<>();
    /** The memory that takes the place of other memory. */
    private final Map<Cell, Cell> places = new IdentityHashMap<>();
    private final Map<Cell, Expr> constants = new IdentityHashMap<>();
    private final Map<Numbers, Map<String, String>> names = new IdentityHashMap<>();
    private final List<String> params = new ArrayList<>();
    private final List<Numbers> sources = new ArrayList<>();
    private final List<String> sourceNames = new ArrayList<>();

    private final boolean exact;
    private Draws draws;

    /**
     * @param exact whether the device computes as the host does
     * @param draws what the device may draw, or null
     */
    Items(Recorder recorder, boolean exact, Draws draws) {
        this.recorder = recorder;
        this.exact = exact;
        this.draws = draws;
        List<Call> calls = recorder.calls();
        boolean[] hosted = hosted(calls);
        List<Cell[]> copied = heirs(calls);
        Set<Cell> filled = new HashSet<>();
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            if (hosted[i]) {
                host.add(call);
                continue;
            }
            add(call, filled);
        }
        for (Cell[] copy : copied) {
            int[] row = {copy[0].size};
            items.add(Item.pointwise(Expr.arg(0), whole(copy[0], row), List.of(whole(copy[1], row)), true));
        }
    }

    private static Ref whole(Cell cell, int[] row) {
        return new Ref(cell, row, View.rowMajor(row), 0);
    }

    List<Item> items() {
        return items;
    }

    List<Call> host() {
        return host;
    }

    /** What the device draws, or null. */
    Draws draws() {
        return draws;
    }

    Set<Cell> sent() {
        return sent;
    }

    List<String> params() {
        return params;
    }

    List<Numbers> sources() {
        return sources;
    }

    List<String> sourceNames() {
        return sourceNames;
    }

    Cell place(Cell cell) {
        return places.getOrDefault(cell, cell);
    }

    // What the host does

    private boolean[] hosted(List<Call> calls) {
        Set<Cell> given = new HashSet<>();
        for (Cell cell : recorder.cells()) {
            if (cell.isGiven()) {
                given.add(cell);
            }
        }
        // Written by the host's calls only, from given numbers only.
        Map<Cell, Boolean> pure = new IdentityHashMap<>();
        for (Call call : calls) {
            if (call.isMade()) {
                continue;
            }
            boolean known = call.cell().kind == Cell.Kind.TEMPORARY && pure.getOrDefault(call.cell(), true);
            for (Cell cell : call.cells()) {
                known &= given.contains(cell) || cell == call.cell();
            }
            pure.put(call.cell(), known);
            if (known) {
                given.add(call.cell());
            } else {
                given.remove(call.cell());
            }
        }
        boolean[] hosted = new boolean[calls.size()];
        Set<Cell> needed = new HashSet<>();
        for (int i = calls.size() - 1; i >= 0; i--) {
            Call call = calls.get(i);
            if (draws != null && draws.has(call.cell()) && needed.contains(call.cell())) {
                // The host needs what is drawn, and then draws all of it.
                draws = null;
                return hosted(calls);
            }
            hosted[i] = call.isMade() && !(draws != null && draws.has(call.cell())) || needed.contains(call.cell())
                    || call.program() != null && call.compute() == DType.INT64
                    || (call.cell().type == DType.INT64 || isCount(call)) && given.contains(call.cell());
            if (hosted[i]) {
                for (Cell cell : call.cells()) {
                    if (!given.contains(cell)) {
                        throw new Unrecordable("whole numbers are computed of results");
                    }
                    needed.add(cell);
                }
                if (!call.isMade()) {
                    needed.add(call.cell());
                }
            }
        }
        if (draws != null) {
            draws.take();
        }
        for (int i = 0; i < calls.size(); i++) {
            for (Cell cell : hosted[i] ? new Cell[0] : calls.get(i).cells()) {
                if (cell.kind == Cell.Kind.MADE || needed.contains(cell) && cell.kind == Cell.Kind.TEMPORARY) {
                    sent.add(cell);
                }
            }
            // Numbers that both sides write would be of two minds.
            if (!hosted[i] && needed.contains(calls.get(i).cell())) {
                throw new Unrecordable("numbers of a batch are written on the way");
            }
        }
        return hosted;
    }

    /** Whether a single whole number becomes one of float32: then that is sent in its place. */
    private static boolean isCount(Call call) {
        return call.kernel() == Kernel.COPY && call.cell().type == DType.FLOAT32 && call.cell().size == 1
                && call.cells()[0].type == DType.INT64;
    }

    // Memory that ends where other memory began

    private List<Cell[]> heirs(List<Call> calls) {
        Map<Long, Cell> states = new HashMap<>();
        for (Cell cell : recorder.cells()) {
            if (cell.kind == Cell.Kind.STATE) {
                states.put((long) cell.arena << 32 | cell.offset, cell);
            }
        }
        List<Cell[]> copied = new ArrayList<>();
        for (Cell cell : new LinkedHashSet<>(recorder.cells())) {
            if (cell.kind == Cell.Kind.TEMPORARY && cell.arena >= 0) {
                Cell old = states.get((long) cell.arena << 32 | cell.offset);
                if (old == null) {
                    continue;
                }
                if (follows(calls, old, cell)) {
                    places.put(cell, old);
                } else {
                    copied.add(new Cell[] {old, cell});
                    cell.arena = -1;
                }
            }
        }
        return copied;
    }

    /** Whether nobody reads the old memory once the new is written, so that both may lie in one place. */
    private static boolean follows(List<Call> calls, Cell old, Cell heir) {
        boolean begun = false;
        for (Call call : calls) {
            if (begun && (call.cell() == old || Arrays.asList(call.cells()).contains(old))) {
                return false;
            }
            if (call.cell() == heir && !begun) {
                begun = true;
                for (int i = 0; i < call.cells().length; i++) {
                    if (call.cells()[i] == old && !(call.kernel() == null
                            && Ref.of(heir, call.out()).isSame(Ref.of(heir, call.in()[i])))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    // What the device does

    private void add(Call call, Set<Cell> filled) {
        if (call.isMade()) {
            items.add(draws.item(call.cell(), call.late()));
            filled.add(call.cell());
            return;
        }
        if (call.program() == null && call.in().length > 0) {
            for (View view : call.in()) {
                if (view.numel() == 0) {
                    throw new Unrecordable("a tensor without elements takes part");
                }
            }
        }
        Ref out = ref(call.cell(), call.out());
        List<Ref> in = new ArrayList<>();
        for (int i = 0; i < call.in().length; i++) {
            check(call.cells()[i]);
            in.add(ref(call.cells()[i], call.in()[i]));
        }
        check(call.cell());
        for (int i = 0; i < in.size(); i++) {
            fill(call.cells()[i], in.get(i), filled, call.late());
        }
        boolean part = !out.isOverwritten(call.kernel());
        if (part) {
            fill(call.cell(), out, filled, call.late());
        }
        filled.add(out.cell());
        boolean copy = call.kernel() == Kernel.COPY && isPlain(call.cell()) && isPlain(call.cells()[0]);
        Item item;
        if (call.program() != null || copy) {
            item = pointwise(call, out, in);
        } else {
            item = Item.run(call.kernel(), out, in, call.late());
        }
        items.add(item);
        if (!part && item.isPointwise() && item.formula instanceof Expr.Const) {
            constants.put(out.cell(), Formulas.stored(item.formula, out.cell().type));
        } else {
            constants.remove(out.cell());
        }
    }

    /** Whether a copy to or from it is a formula: whole numbers are more than float32 holds. */
    private static boolean isPlain(Cell cell) {
        return cell.type != DType.INT64;
    }

    private static void check(Cell cell) {
        if (cell.type == DType.FLOAT64 && cell.kind != Cell.Kind.TEMPORARY && cell.kind != Cell.Kind.CONSTANT) {
            throw new Unrecordable("a float64 tensor takes part");
        }
    }

    private Ref ref(Cell cell, View view) {
        return Ref.of(place(cell), view);
    }

    /** Zeros for memory that is read, or written in part, before it is written as a whole. */
    private void fill(Cell cell, Ref ref, Set<Cell> filled, boolean late) {
        if (cell.kind == Cell.Kind.TEMPORARY && !sent.contains(cell) && filled.add(ref.cell())) {
            items.add(Item.pointwise(Expr.ZERO, whole(ref.cell(), new int[] {ref.cell().size}), List.of(), late));
            constants.put(ref.cell(), Expr.ZERO);
        }
    }

    private Item pointwise(Call call, Ref out, List<Ref> in) {
        Expr formula = call.program() == null ? Expr.arg(0) : call.program().formula();
        List<Ref> read = new ArrayList<>();
        Expr[] arguments = new Expr[in.size()];
        for (int i = 0; i < arguments.length; i++) {
            Ref ref = in.get(i);
            Expr constant = constant(ref);
            if (constant instanceof Expr.Const c) {
                arguments[i] = call.compute() == DType.FLOAT32 ? Expr.of(DType.FLOAT32.round(c.value())) : constant;
            } else {
                arguments[i] = Expr.arg(read.size());
                read.add(ref);
                if (exact && call.compute() == DType.FLOAT32 && ref.cell().type == DType.FLOAT64) {
                    arguments[i] = Formulas.rounded(arguments[i]);
                }
            }
            if (call.compute() == DType.BOOL && ref.cell().type != DType.BOOL) {
                arguments[i] = Formulas.truth(arguments[i]);
            }
        }
        DType type = call.compute() == DType.FLOAT64 || exact && call.program() != null && !call.program().isExact()
                ? DType.FLOAT64 : DType.FLOAT32;
        Expr bound = Formulas.bind(formula, type, leaf -> switch (leaf) {
            case Expr.Arg a -> arguments[a.index()];
            case Expr.Param p -> param(call, p.name());
            default -> leaf;
        });
        if (exact) {
            // As CpuBackend does it: formulas of exactly rounded functions in float32, others in float64.
            bound = type == DType.FLOAT32 ? Formulas.stepwise(bound) : bound;
            bound = out.cell().type == DType.FLOAT32 && !(bound instanceof Expr.Arg a
                    && read.get(a.index()).cell().type == DType.FLOAT32) ? Formulas.rounded(bound) : bound;
        }
        return Item.pointwise(bound, out, read, call.late());
    }

    private Expr constant(Ref ref) {
        Expr known = constants.get(ref.cell());
        double[] values = ref.cell().values;
        if (known == null && values != null && values.length > 0 && (ref.isSingle() || values.length == 1)) {
            known = Expr.of(values[ref.offset()]);
        }
        return known;
    }

    private Expr param(Call call, String name) {
        if (call.numbers() == null) {
            return Expr.of(call.params()[call.program().params().indexOf(name)]);
        }
        return Expr.param(names.computeIfAbsent(call.numbers(), _ -> new HashMap<>()).computeIfAbsent(name, _ -> {
            sources.add(call.numbers());
            sourceNames.add(name);
            params.add("n" + params.size());
            return params.getLast();
        }));
    }
}
