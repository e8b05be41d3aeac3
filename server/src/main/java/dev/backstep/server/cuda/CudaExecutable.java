package dev.backstep.server.cuda;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.device.Device.Slot;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Work;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Works as steps. On the same memories a second time they become a graph, which from then on is launched by one call.
 * Numbers lie in memory of the device, so that a graph need not change with them.
 */
final class CudaExecutable implements Executable {
    /** Fewer steps are launched as fast one by one. */
    private static final int WORTH = 3;

    private final CudaDevice device;
    private final List<Bound> steps = new ArrayList<>();
    private final List<CudaMemory> scratch = new ArrayList<>();
    private final int given;
    private final boolean usesNumbers;
    private final long[] addresses;
    private boolean canGraph;
    private int runs;
    private CudaMemory numbers;
    private float[] sent = {};

    /** A step and where its parameters lie: an address for each, which names the values behind them. */
    private static final class Bound {
        final Step step;
        final long function;
        final MemorySegment params;
        final MemorySegment values;

        Bound(Step step, Cubins cubins, Arena arena) {
            this.step = step;
            if (!(step instanceof Step.Launch launch)) {
                function = 0;
                params = null;
                values = null;
                return;
            }
            function = cubins.take(launch.source());
            int pointers = launch.slots().size() + (launch.numbers() ? 1 : 0);
            params = arena.allocate(ValueLayout.ADDRESS, pointers + 1L);
            values = arena.allocate(8L * pointers + 4L * launch.words().length, 8);
            for (int i = 0; i <= pointers; i++) {
                params.setAtIndex(ValueLayout.ADDRESS, i, values.asSlice(8L * i));
            }
            MemorySegment.copy(launch.words(), 0, values, ValueLayout.JAVA_INT, 8L * pointers, launch.words().length);
        }
    }

    CudaExecutable(CudaDevice device, List<Work> works, List<Slot> slots) {
        this.device = device;
        given = slots.size();
        Plan plan = new Plan(works, slots, device.tf32());
        Arena arena = Arena.ofAuto();
        boolean reads = false;
        try {
            for (Step step : plan.steps()) {
                steps.add(new Bound(step, device.cubins(), arena));
                reads |= step instanceof Step.Launch launch && launch.numbers();
            }
            for (Slot slot : plan.scratch()) {
                scratch.add(device.memory(slot.type(), slot.size()));
            }
        } catch (CudaException full) {
            scratch.forEach(device::giveBack);
            kernels().forEach(device.cubins()::release);
            throw full;
        }
        usesNumbers = reads;
        canGraph = steps.size() >= WORTH;
        addresses = new long[given + scratch.size()];
    }

    /** The texts of the kernels that it has. */
    private List<String> kernels() {
        List<String> kernels = new ArrayList<>();
        for (Bound bound : steps) {
            if (bound.step instanceof Step.Launch launch) {
                kernels.add(launch.source());
            }
        }
        return kernels;
    }

    @Override
    public void run(Memory[] slots, double[] values) {
        device.ask(() -> {
            bind(slots, values.length);
            if (usesNumbers) {
                send(values);
            }
            if (!canGraph || !device.graphs().launch(this)) {
                first();
            }
            return true;
        });
    }

    private void first() {
        if (canGraph && runs > 0) {
            canGraph = device.graphs().capture(this, this::launch);
            if (canGraph && device.graphs().launch(this)) {
                runs++;
                return;
            }
        }
        launch();
        runs++;
    }

    /** Has the steps know where the memories lie. */
    private void bind(Memory[] slots, int count) {
        boolean same = true;
        for (int i = 0; i < given; i++) {
            long address = ((CudaMemory) slots[i]).address;
            same &= address == addresses[i];
            addresses[i] = address;
        }
        for (int i = 0; i < scratch.size(); i++) {
            addresses[given + i] = scratch.get(i).address;
        }
        if (usesNumbers && (numbers == null || numbers.size() < count)) {
            same = false;
            numbers = replace(numbers, Math.max(1, count));
            sent = new float[0];
        }
        if (same && runs > 0) {
            return;
        }
        device.graphs().drop(this);
        runs = 0;
        for (Bound bound : steps) {
            if (bound.step instanceof Step.Launch launch) {
                for (int i = 0; i < launch.slots().size(); i++) {
                    bound.values.set(ValueLayout.JAVA_LONG, 8L * i, addresses[launch.slots().get(i)]);
                }
                if (launch.numbers()) {
                    bound.values.set(ValueLayout.JAVA_LONG, 8L * launch.slots().size(), numbers.address);
                }
            }
        }
    }

    private CudaMemory replace(CudaMemory old, int count) {
        if (old != null) {
            device.giveBack(old);
        }
        return device.memory(DType.FLOAT32, count);
    }

    private void send(double[] values) {
        float[] now = new float[values.length];
        for (int i = 0; i < now.length; i++) {
            now[i] = (float) values[i];
        }
        if (!Arrays.equals(now, sent)) {
            device.staging().write(numbers.address, MemorySegment.ofArray(now));
            sent = now;
        }
    }

    private void launch() {
        Driver driver = device.driver();
        for (Bound bound : steps) {
            switch (bound.step) {
                case Step.Launch l -> driver.cuLaunchKernel(bound.function, l.blocks(), l.threads(), bound.params);
                case Step.Product p -> driver.cublasGemmStridedBatchedEx(p.gemm(), addresses[p.a()] + 4 * p.aOffset(),
                        addresses[p.b()] + 4 * p.bOffset(), addresses[p.c()] + 4 * p.cOffset());
            }
        }
    }

    @Override
    public long bytes() {
        return scratch.stream().mapToLong(CudaMemory::bytes).sum();
    }

    @Override
    public void close() {
        device.close(this, kernels(), scratch, numbers);
        steps.clear();
        scratch.clear();
        numbers = null;
    }
}
