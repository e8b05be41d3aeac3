package dev.backstep.engine.compile;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import dev.backstep.engine.expr.Expr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a device does in a step: works in order, those up to the gradients and those that change the parameters, and the
 * slots they work on. First come the arenas that all plans of a training share, then what the step reads and answers,
 * then memory for a while, which several share one after another.
 */
final class Plan {
    /** Places in the answer. */
    static final int LOSS = 0;
    static final int SQUARES = 1;

    private final boolean exact;
    final Items items;
    final List<Work> early = new ArrayList<>();
    final List<Work> late = new ArrayList<>();
    final List<Slot> slots = new ArrayList<>();
    final int results;
    /** What is sent before each step: batches and numbers that the host makes. */
    final List<Cell> sent = new ArrayList<>();
    /** What is sent once. */
    final List<Cell> once = new ArrayList<>();
    /** State that is written before the gradients are known to be finite, and where its old numbers are kept. */
    final List<int[]> undo = new ArrayList<>();

    private final Map<Cell, int[]> lives = new IdentityHashMap<>();
    private final List<Integer> free = new ArrayList<>();

    /**
     * @param arenas the sizes of the arenas
     * @param exact whether the device computes as the host does
     * @param squares whether the squares of the gradients are wanted
     * @param gradients which of them holds the gradients
     * @param draws what the device may draw, or null
     * @throws Unrecordable where the recording cannot be replayed
     */
    Plan(Recorder recorder, int[] arenas, int gradients, boolean exact, boolean squares, Draws draws) {
        if (recorder.trouble() != null) {
            throw new Unrecordable(recorder.trouble());
        }
        this.exact = exact;
        items = new Items(recorder, exact, draws);
        Set<Cell> wanted = new HashSet<>();
        for (Cell cell : recorder.cells()) {
            if (cell.kind == Cell.Kind.STATE || cell.arena >= 0) {
                wanted.add(items.place(cell));
            }
        }
        wanted.add(recorder.loss());
        for (int size : arenas) {
            slots.add(new Slot(DType.FLOAT32, size));
        }
        results = slots.size();
        slots.add(new Slot(DType.FLOAT32, 2));
        if (recorder.loss().kind != Cell.Kind.TEMPORARY) {
            throw new Unrecordable("the loss was not computed");
        }
        recorder.loss().slot = results;
        recorder.loss().offset = LOSS;
        Set<Cell> known = new HashSet<>(wanted);
        known.addAll(items.sent());
        List<Cluster> order = new Fusion(Shortcuts.take(items.items(), known), wanted).order();
        if (items.draws() != null) {
            items.draws().begin(slots, early);
        }
        keep(order, arenas);
        place(order);
        for (Cluster cluster : order) {
            (cluster.late() ? late : early).add(work(cluster));
        }
        Folding.fold(late, slots);
        if (squares) {
            squares(arenas[gradients], gradients);
        }
    }

    /** Remembers state that is written early, unless nobody has read what it was. */
    private void keep(List<Cluster> order, int[] arenas) {
        Set<Cell> written = new HashSet<>();
        Set<Cell> live = new LinkedHashSet<>();
        Set<Cell> early = new HashSet<>();
        for (Cluster cluster : order) {
            for (Item item : cluster.items) {
                for (Ref ref : item.in) {
                    if (ref.cell().kind == Cell.Kind.STATE && !written.contains(ref.cell())) {
                        live.add(ref.cell());
                    }
                }
                if (item.out.cell().kind == Cell.Kind.STATE) {
                    if (!cluster.late()) {
                        early.add(item.out.cell());
                    }
                    if (!item.out.isWhole()) {
                        live.add(item.out.cell());
                    }
                    written.add(item.out.cell());
                }
            }
        }
        live.retainAll(early);
        Set<Integer> kept = new LinkedHashSet<>();
        live.forEach(cell -> kept.add(cell.arena));
        for (int arena : kept) {
            int slot = slots.size();
            slots.add(new Slot(DType.FLOAT32, arenas[arena]));
            undo.add(new int[] {arena, slot});
            this.early.add(new Work.Run(Kernel.COPY, List.of(row(slot, arenas[arena])),
                    List.of(row(arena, arenas[arena]))));
        }
    }

    private static Operand row(int slot, int size) {
        return new Operand(slot, DType.FLOAT32, new int[] {size}, new int[] {1}, 0);
    }

    // Memory

    private DType type(Cell cell) {
        return exact ? cell.type : cell.deviceType();
    }

    private void place(List<Cluster> order) {
        for (int i = 0; i < order.size(); i++) {
            Cluster cluster = order.get(i);
            for (Ref ref : cluster.in) {
                touch(ref.cell(), i);
            }
            for (Ref ref : cluster.out) {
                touch(ref.cell(), i);
            }
        }
        for (int i = 0; i < order.size(); i++) {
            Cluster cluster = order.get(i);
            List<Ref> refs = new ArrayList<>(cluster.in);
            refs.addAll(cluster.out);
            for (Ref ref : refs) {
                if (ref.cell().slot < 0) {
                    place(ref.cell());
                }
            }
            Set<Cell> ended = new LinkedHashSet<>();
            for (Ref ref : refs) {
                if (isTemporary(ref.cell()) && lives.get(ref.cell())[1] == i) {
                    ended.add(ref.cell());
                }
            }
            ended.forEach(cell -> free.add(cell.slot));
        }
    }

    private void touch(Cell cell, int at) {
        lives.computeIfAbsent(cell, _ -> new int[] {at, at})[1] = at;
    }

    private boolean isTemporary(Cell cell) {
        return cell.kind == Cell.Kind.TEMPORARY && cell.arena < 0 && cell.slot != results
                && !items.sent().contains(cell);
    }

    private void place(Cell cell) {
        if (cell.arena >= 0) {
            cell.slot = cell.arena;
            return;
        }
        cell.offset = 0;
        if (isTemporary(cell)) {
            int best = -1;
            for (int slot : free) {
                Slot known = slots.get(slot);
                if (known.type() == type(cell) && known.size() >= cell.size
                        && (best < 0 || known.size() < slots.get(best).size())) {
                    best = slot;
                }
            }
            if (best >= 0) {
                free.remove((Integer) best);
                cell.slot = best;
                return;
            }
        } else if (cell.kind == Cell.Kind.BATCH || items.sent().contains(cell)) {
            sent.add(cell);
        } else {
            once.add(cell);
        }
        cell.slot = slots.size();
        slots.add(new Slot(type(cell), Math.max(1, cell.size)));
    }

    // Works

    private Work work(Cluster cluster) {
        List<Operand> outs = cluster.out.stream().map(this::operand).toList();
        List<Operand> ins = cluster.in.stream().map(this::operand).toList();
        if (!cluster.isPointwise()) {
            return new Work.Run(cluster.items.getFirst().kernel, outs, ins);
        }
        return new Work.Pointwise(List.copyOf(cluster.formulas), outs, ins, items.params(), 0);
    }

    private Operand operand(Ref ref) {
        Cell cell = ref.cell();
        return new Operand(cell.slot, type(cell), ref.shape(), ref.strides(), cell.offset + ref.offset());
    }

    /** The sum of the squares of all gradients. */
    private void squares(int size, int gradients) {
        int slot = slots.size();
        slots.add(new Slot(DType.FLOAT32, size));
        Expr square = new Expr.Call(dev.backstep.engine.expr.Fn.MUL, List.of(Expr.arg(0), Expr.arg(0)));
        early.add(new Work.Pointwise(List.of(square), List.of(row(slot, size)), List.of(row(gradients, size)),
                List.of(), 0));
        early.add(new Work.Run(Kernel.SUM, List.of(new Operand(results, DType.FLOAT32, new int[] {size},
                new int[] {0}, SQUARES)), List.of(row(slot, size))));
    }

    static int padded(int size) {
        return (size + 3) / 4 * 4;
    }

    static int numel(Operand operand) {
        return View.numel(operand.shape());
    }
}
