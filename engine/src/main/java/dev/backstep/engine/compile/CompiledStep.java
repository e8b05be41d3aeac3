package dev.backstep.engine.compile;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.Numbers;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Work;
import java.util.List;

/** A step of a training on a device, again and again with other batches. */
public final class CompiledStep {
    private final Backend real;
    private final Device device;
    private final Plan plan;
    private final Executable early;
    private final Executable late;
    private final Memory[] slots;
    private final Numbers[] sources;
    private final String[] names;
    private final double[] numbers;
    private final View[] batches;
    private final Call[] host;
    private final Cell[] sent;
    /** Which tensor of the batch each of them is, or -1. */
    private final int[] places;
    private final View[] views;
    private final float[][] floats;
    private final int[][] ints;
    private final float[] answer = new float[2];
    private final int own;
    private final int shared;
    /** What the device draws, and where from; null where it draws nothing. */
    private final Draws draws;
    private final Words words;

    /**
     * Makes a recorded step ready.
     *
     * @param real the backend of the tensors
     * @param gradients which arena holds the gradients
     * @param history where the answers go, or null where they are there at once
     * @throws Unrecordable where it cannot be replayed
     * @throws DeviceException where the device fails
     */
    public CompiledStep(Recorder recorder, Backend real, Arenas arenas, int gradients, History history) {
        this.real = real;
        device = arenas.device;
        plan = new Plan(recorder, arenas.sizes, gradients, device.isExact(),
                !device.isExact() || history != null, Draws.of(recorder, device));
        draws = plan.items.draws();
        words = draws == null ? null : arenas.words();
        for (List<Work> works : List.of(plan.early, plan.late)) {
            for (Work work : works) {
                if (!device.takes(work)) {
                    throw new Unrecordable(device.name() + " does not do " + name(work));
                }
            }
        }
        own = arenas.memories.length;
        slots = new Memory[plan.slots.size()];
        System.arraycopy(arenas.memories, 0, slots, 0, own);
        shared = history == null ? -1 : plan.results;
        for (int i = own; i < slots.length; i++) {
            if (i == shared) {
                slots[i] = history.answer();
            } else if (draws != null && i == draws.first()) {
                slots[i] = words.memory;
            } else {
                slots[i] = device.allocate(plan.slots.get(i).type(), plan.slots.get(i).size());
            }
        }
        early = device.prepare(plan.early, plan.slots);
        late = plan.late.isEmpty() ? null : device.prepare(plan.late, plan.slots);
        sources = plan.items.sources().toArray(Numbers[]::new);
        names = plan.items.sourceNames().toArray(String[]::new);
        numbers = new double[names.length];
        host = plan.items.host().toArray(Call[]::new);
        batches = new View[recorder.batches().size()];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = row(recorder.batches().get(i));
        }
        sent = plan.sent.toArray(Cell[]::new);
        places = new int[sent.length];
        views = new View[sent.length];
        floats = new float[sent.length][];
        ints = new int[sent.length][];
        for (int i = 0; i < sent.length; i++) {
            places[i] = batchOf(sent[i]);
            views[i] = row(sent[i]);
            if (sent[i].deviceType() == DType.FLOAT32) {
                floats[i] = new float[sent[i].size];
            } else {
                ints[i] = new int[sent[i].size];
            }
        }
        for (Cell cell : plan.once) {
            send(cell, cell.values != null ? cell.values : real.download(row(cell)));
        }
    }

    private static String name(Work work) {
        return work instanceof Work.Run run ? run.kernel().name() : "a formula";
    }

    private static View row(Cell cell) {
        return View.contiguous(cell.buffer, new int[] {cell.size});
    }

    private void send(Cell cell, double[] values) {
        if (cell.deviceType() == DType.FLOAT32) {
            float[] numbers = new float[values.length];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) values[i];
            }
            device.write(slots[cell.slot], numbers);
        } else {
            int[] numbers = new int[values.length];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (int) values[i];
            }
            device.write(slots[cell.slot], numbers);
        }
    }

    /** How many works a step has on the device. */
    public int works() {
        return plan.early.size() + plan.late.size();
    }

    /**
     * Goes up to the gradients; then {@link #answer()} can be asked for.
     *
     * @param batch the tensors of the batch, as they were recorded
     */
    public void begin(View[] batch) {
        if (host.length > 0) {
            for (int i = 0; i < batches.length; i++) {
                real.run(Kernel.COPY, batches[i], View.contiguous(batch[i].buffer(), batches[i].shape()));
            }
            for (Call call : host) {
                make(call);
            }
        }
        for (int i = 0; i < sent.length; i++) {
            View view = places[i] < 0 || host.length > 0 ? views[i] : batch[places[i]];
            if (floats[i] != null) {
                real.read(view, floats[i]);
                device.write(slots[sent[i].slot], floats[i]);
            } else {
                real.read(view, ints[i]);
                device.write(slots[sent[i].slot], ints[i]);
            }
        }
        if (draws != null) {
            words.follow(draws.twister);
        }
        early.run(slots, numbers);
        if (draws != null) {
            words.took(draws.twister, draws.count);
        }
    }

    private int batchOf(Cell cell) {
        for (int i = 0; i < batches.length; i++) {
            if (batches[i].buffer() == cell.buffer) {
                return i;
            }
        }
        return -1;
    }

    private void make(Call call) {
        Cell cell = call.cell();
        if (call.isMade()) {
            Buffer made = cell.whole != null ? real.upload(cell.whole.get())
                    : real.upload(cell.type, cell.drawn.draw());
            if (made.size() != cell.size) {
                throw new Unrecordable("a mask picks another number of elements");
            }
            real.run(Kernel.COPY, row(cell), View.contiguous(made, new int[] {cell.size}));
        } else if (call.program() != null) {
            real.pointwise(call.program(), call.params(), call.compute(), call.out(), call.in());
        } else {
            real.run(call.kernel(), call.out(), call.in());
        }
    }

    /** Waits for the answer of the step that was begun. */
    public void answer() {
        device.read(slots[plan.results], answer);
    }

    /** The loss of the last answer. */
    public double loss() {
        return answer[Plan.LOSS];
    }

    /** The sum of the squares of the gradients of the last answer; NaN where the device leaves that to others. */
    public double squares() {
        return device.isExact() ? Double.NaN : answer[Plan.SQUARES];
    }

    /** Changes the parameters. */
    public void end() {
        if (late != null) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = sources[i].get(names[i]);
            }
            late.run(slots, numbers);
        }
    }

    /** Has what lives on be as it was before {@link #begin}. */
    public void undo() {
        for (int[] kept : plan.undo) {
            float[] values = new float[plan.slots.get(kept[1]).size()];
            device.read(slots[kept[1]], values);
            device.write(slots[kept[0]], values);
        }
    }

    /** Gives back what it holds, but for the arenas. */
    public void close() {
        early.close();
        if (late != null) {
            late.close();
        }
        for (int i = own; i < slots.length; i++) {
            if (i != shared && !(draws != null && i == draws.first())) {
                device.free(slots[i]);
            }
        }
    }
}
