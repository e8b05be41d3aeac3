package dev.backstep.engine.compile;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.Bernoulli;
import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.Numbers;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Program;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Has a backend do what it is asked, and notes it. Who records says before the step what memory it begins with, and
 * after it what memory is wanted of it.
 */
public final class Recorder implements Backend {
    private static final View[] NONE = {};

    private final Backend real;
    private final Map<Buffer, Cell> cells = new IdentityHashMap<>();
    private final List<Cell> batches = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private Numbers numbers;
    private boolean late;
    private boolean making;
    private Cell loss;
    private String trouble;

    public Recorder(Backend real) {
        this.real = real;
    }

    // What the step begins and ends with

    /** Memory that lives on, and where it lies on a device. */
    public void state(View view, int arena, int offset) {
        need(view);
        Cell cell = new Cell(view.buffer(), Cell.Kind.STATE);
        cell.arena = arena;
        cell.offset = offset;
        cells.put(view.buffer(), cell);
    }

    /** Memory that is another in each step; they are numbered in the order they are told. */
    public void batch(View view) {
        need(view);
        Cell cell = new Cell(view.buffer(), Cell.Kind.BATCH);
        cells.put(view.buffer(), cell);
        batches.add(cell);
    }

    /** Memory that nobody writes as long as steps are replayed. */
    public void fixed(View view) {
        Cell cell = new Cell(view.buffer(), Cell.Kind.FIXED);
        if (cell.size == 1) {
            cell.values = new double[] {real.item(view)};
        }
        cells.putIfAbsent(view.buffer(), cell);
    }

    /** Memory made in the step that holds at its end what lives on in that place. */
    public void becomes(View view, int arena, int offset) {
        need(view);
        Cell cell = find(view.buffer());
        if (cell == null || cell.kind == Cell.Kind.STATE && (cell.arena != arena || cell.offset != offset)) {
            trouble("a gradient was not made in the step");
        } else if (cell.kind == Cell.Kind.TEMPORARY) {
            cell.arena = arena;
            cell.offset = offset;
        } else if (cell.kind != Cell.Kind.STATE) {
            trouble("a gradient was given");
        }
    }

    /** Which memory holds the loss. */
    public void loss(View view) {
        loss = find(view.buffer());
        if (loss == null || view.offset() != 0 || loss.size != 1 || loss.type != DType.FLOAT32) {
            trouble("the loss is no number of its own");
        }
    }

    /** Says that the gradients are there, and what comes now is the change of the parameters. */
    public void late() {
        late = true;
    }

    private void need(View view) {
        if (view.offset() != 0 || view.numel() != view.buffer().size() || !view.isContiguous()) {
            trouble("memory is shared by several tensors");
        }
    }

    private void trouble(String why) {
        trouble = trouble == null ? why : trouble;
    }

    List<Cell> cells() {
        return List.copyOf(cells.values());
    }

    List<Cell> batches() {
        return batches;
    }

    List<Call> calls() {
        return calls;
    }

    Cell loss() {
        return loss;
    }

    /** Why it cannot be replayed, or null. */
    public String trouble() {
        return trouble;
    }

    // Memory

    private Cell find(Buffer buffer) {
        Cell cell = cells.get(buffer);
        if (cell != null) {
            return cell;
        }
        for (Cell known : cells.values()) {
            if (known.buffer.isSameMemory(buffer)) {
                cells.put(buffer, known);
                return known;
            }
        }
        return null;
    }

    private Cell cell(View view) {
        Cell cell = find(view.buffer());
        if (cell == null) {
            trouble("a tensor takes part that was made elsewhere");
            cell = new Cell(view.buffer(), Cell.Kind.FIXED);
            cells.put(view.buffer(), cell);
        }
        return cell;
    }

    private Cell add(Buffer buffer, Cell.Kind kind) {
        Cell cell = new Cell(buffer, kind);
        cells.put(buffer, cell);
        return cell;
    }

    @Override
    public Buffer allocate(DType type, int size) {
        return add(real.allocate(type, size), Cell.Kind.TEMPORARY).buffer;
    }

    @Override
    public Buffer upload(DType type, double[] values) {
        Cell cell = add(real.upload(type, values), Cell.Kind.CONSTANT);
        cell.values = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            cell.values[i] = type.round(values[i]);
        }
        return cell.buffer;
    }

    @Override
    public Buffer upload(long[] values) {
        Cell cell = add(real.upload(values), Cell.Kind.CONSTANT);
        cell.values = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            cell.values[i] = values[i];
        }
        return cell.buffer;
    }

    @Override
    public Buffer scalar(DType type, double value) {
        Cell cell = add(real.scalar(type, value), Cell.Kind.CONSTANT);
        cell.values = new double[] {type.round(value)};
        return cell.buffer;
    }

    @Override
    public Buffer made(Supplier<long[]> whole, View... from) {
        making = true;
        try {
            Cell cell = add(real.upload(whole.get()), Cell.Kind.MADE);
            cell.whole = whole;
            made(cell, from);
            return cell.buffer;
        } finally {
            making = false;
        }
    }

    @Override
    public Buffer drawn(DType type, Bernoulli drawn) {
        Cell cell = add(real.upload(type, drawn.draw()), Cell.Kind.MADE);
        cell.drawn = drawn;
        made(cell, NONE);
        return cell.buffer;
    }

    private void made(Cell cell, View[] from) {
        cell.from = from;
        Cell[] cells = new Cell[from.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cell(from[i]);
        }
        calls.add(new Call(null, null, null, null, null, null, from, cell, cells, late));
    }

    // Numbers that are read

    private void read(View view) {
        Cell cell = find(view.buffer());
        if (!making && (cell == null || cell.kind != Cell.Kind.CONSTANT)) {
            trouble("a number is read on the way");
        }
    }

    @Override
    public double[] download(View view) {
        read(view);
        return real.download(view);
    }

    @Override
    public long[] downloadLongs(View view) {
        read(view);
        return real.downloadLongs(view);
    }

    @Override
    public double item(View view) {
        read(view);
        return real.item(view);
    }

    @Override
    public double squares(View view) {
        read(view);
        return real.squares(view);
    }

    // Computing

    @Override
    public void numbers(Numbers source) {
        numbers = source;
    }

    @Override
    public void pointwise(Program formula, double[] params, DType compute, View out, View... in) {
        note(formula, params, compute, null, out, in);
        real.pointwise(formula, params, compute, out, in);
    }

    @Override
    public void run(Kernel kernel, View out, View... in) {
        note(null, null, null, kernel, out, in);
        real.run(kernel, out, in);
    }

    private void note(Program formula, double[] params, DType compute, Kernel kernel, View out, View[] in) {
        if (making || out.numel() == 0 && out.buffer().size() == 0) {
            return;
        }
        Cell[] read = new Cell[in.length];
        for (int i = 0; i < in.length; i++) {
            read[i] = cell(in[i]);
        }
        Cell written = cell(out);
        if (written.isGiven()) {
            trouble("a given tensor is written");
        }
        calls.add(new Call(formula, params, compute, numbers, kernel, out, in.clone(), written, read, late));
    }
}
