package dev.backstep.engine.compile;

import dev.backstep.engine.backend.Bernoulli;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.MersenneTwister;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Work;
import java.util.ArrayList;
import java.util.List;

/**
 * The random numbers of a step where the device draws them: first all words of the step, which follow from those that
 * lie there, then the numbers where they are wanted. The last words stay there for the next step.
 */
final class Draws {
    /** Of more words the CPU draws: they would fill much of the device's memory. */
    private static final long MOST = 1 << 24;

    final MersenneTwister twister;
    /** How many words a step takes. */
    final int count;
    private final List<Cell> cells;
    /** The words of a step, and behind them those that the next one begins with. */
    private final Cell words;
    /** The slot of the words that a step begins with. */
    private int first = -1;

    private Draws(List<Cell> cells, int count) {
        this.cells = cells;
        this.count = count;
        twister = cells.getFirst().drawn.twister();
        words = new Cell(DType.INT64, count + MersenneTwister.SIZE, Cell.Kind.FIXED);
    }

    /** What that device is to draw of a recorded step; null where the host draws, or nobody. */
    static Draws of(Recorder recorder, Device device) {
        List<Cell> cells = new ArrayList<>();
        long count = 0;
        for (Call call : recorder.calls()) {
            Cell cell = call.cell();
            if (cell.drawn != null && call.isMade()) {
                cells.add(cell);
                count += (long) Bernoulli.WORDS * cell.size;
            }
        }
        if (cells.isEmpty() || count > MOST || !device.draws()) {
            return null;
        }
        Draws draws = new Draws(cells, (int) count);
        for (Cell cell : cells) {
            // Words of several generators do not lie in one row.
            if (cell.drawn.twister() != draws.twister || cell.type != DType.FLOAT32) {
                return null;
            }
        }
        Operand row = new Operand(0, DType.INT64, new int[] {2}, new int[] {1}, 0);
        boolean taken = device.takes(new Work.Run(Kernel.TWIST, List.of(row), List.of(row)))
                && device.takes(new Work.Run(Kernel.BERNOULLI,
                        List.of(new Operand(0, DType.FLOAT32, row.shape(), row.strides(), 0)), List.of(row, row)));
        return taken ? draws : null;
    }

    /** Whether that memory is drawn there. */
    boolean has(Cell cell) {
        return cells.contains(cell);
    }

    /** Says that this memory is written by works from now on. */
    void take() {
        cells.forEach(cell -> cell.kind = Cell.Kind.TEMPORARY);
    }

    /** Draws the numbers of a cell. */
    Item item(Cell cell, boolean late) {
        int from = 0;
        for (Cell before : cells.subList(0, cells.indexOf(cell))) {
            from += Bernoulli.WORDS * before.size;
        }
        long bits = Bernoulli.below(cell.drawn.probability());
        Cell below = new Cell(DType.INT64, Bernoulli.WORDS, Cell.Kind.CONSTANT);
        below.values = new double[] {(int) (bits >>> 32), (int) bits};
        return Item.run(Kernel.BERNOULLI, row(cell, cell.size, 0),
                List.of(row(words, Bernoulli.WORDS * cell.size, from), row(below, below.size, 0)), late);
    }

    private static Ref row(Cell cell, int size, int from) {
        int[] shape = {size};
        return new Ref(cell, shape, View.rowMajor(shape), from);
    }

    /** Adds what makes the words before all else, and the slots for it. */
    void begin(List<Slot> slots, List<Work> works) {
        first = slots.size();
        slots.add(new Slot(DType.INT64, MersenneTwister.SIZE));
        words.slot = slots.size();
        slots.add(new Slot(DType.INT64, words.size));
        works.add(new Work.Run(Kernel.TWIST, List.of(row(words.slot, words.size, 0)),
                List.of(row(first, MersenneTwister.SIZE, 0))));
        works.add(new Work.Run(Kernel.COPY, List.of(row(first, MersenneTwister.SIZE, 0)),
                List.of(row(words.slot, MersenneTwister.SIZE, count))));
    }

    private static Operand row(int slot, int size, int from) {
        return new Operand(slot, DType.INT64, new int[] {size}, new int[] {1}, from);
    }

    /** The slot of the words that a step begins with. */
    int first() {
        return first;
    }
}
