package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.expr.Program;
import java.util.Arrays;
import java.util.List;

/** A computation by its structure: what devices make ready once, and what the CPU does in their place. */
final class Call {
    /** What tells two calls apart. */
    record Key(Object what, int[] geometry) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.what == what && Arrays.equals(key.geometry, geometry);
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(what) * 31 + Arrays.hashCode(geometry);
        }
    }

    private final Work work;
    private final List<Device.Slot> slots;
    private final Executable[] executables = new Executable[PlacedBackend.MOST_DEVICES];
    private final boolean[] refused = new boolean[PlacedBackend.MOST_DEVICES];
    private Program program;

    Call(Work work, List<Device.Slot> slots) {
        this.work = work;
        this.slots = slots;
    }

    Work work() {
        return work;
    }

    /** The slot that is written. */
    int target() {
        return work.outs().getFirst().slot();
    }

    void refuse(Place place) {
        refused[place.index] = true;
    }

    /** Whether that place does it. */
    boolean fits(Place place) {
        if (!refused[place.index] && executables[place.index] == null && !place.device.takes(work)) {
            refused[place.index] = true;
        }
        return !refused[place.index];
    }

    Executable on(Place place) {
        if (executables[place.index] == null) {
            executables[place.index] = place.device.prepare(List.of(work), slots);
        }
        return executables[place.index];
    }

    void close() {
        for (Executable executable : executables) {
            if (executable != null) {
                executable.close();
            }
        }
    }

    /** Does the same in the CPU's memory. */
    void onCpu(Backend cpu, Buffer[] memories, double[] numbers) {
        View out = view(work.outs().getFirst(), memories);
        View[] in = new View[work.ins().size()];
        for (int i = 0; i < in.length; i++) {
            in[i] = view(work.ins().get(i), memories);
        }
        switch (work) {
            case Work.Run run -> cpu.run(run.kernel(), out, in);
            case Work.Pointwise pointwise -> {
                if (program == null) {
                    program = new Program(pointwise.formulas().getFirst(), in.length);
                }
                double[] params = new double[program.params().size()];
                for (int i = 0; i < params.length; i++) {
                    params[i] = numbers[pointwise.params().indexOf(program.params().get(i))];
                }
                cpu.pointwise(program, params, DType.FLOAT32, out, in);
            }
        }
    }

    private static View view(Operand operand, Buffer[] memories) {
        return new View(memories[operand.slot()], operand.shape(), operand.strides(), operand.offset());
    }
}
