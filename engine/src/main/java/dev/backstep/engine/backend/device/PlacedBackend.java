package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.Sliding;
import dev.backstep.engine.backend.View;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.expr.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The CPU and any number of devices: each computation goes where it is fastest, what was measured and what must be
 * moved being known, or where it is told to go. Small memory, and float64, is the CPU's own and passes straight through.
 *
 * <p>What a device holds can be computed again ({@link Value}), so a device that is lost, full, or refuses a kernel
 * loses no number: the CPU goes on. For one thread.
 */
public final class PlacedBackend implements Backend {
    /** The name of the CPU among the devices. */
    public static final String CPU = "cpu";

    /** Memory of fewer elements is the CPU's own. */
    public static final int SMALL = 1024;

    static final int MOST_DEVICES = 4;
    private static final int MOST_CALLS = 1024;
    /** After so many computations in a row on devices the numbers are brought home, so that few need be done again. */
    private static final int DEEPEST = 200;
    /** How many results the share of those that are read is taken over. */
    private static final int REMEMBERED = 128;

    /** Why something was computed where it was. */
    public enum Why { FASTEST, FORCED, TYPE, REFUSED }

    /** Where something was computed. */
    public record Ran(String device, Why why) {
    }

    /** Is told when a device fails. */
    public interface Watcher {
        /** @param lost whether the device is not used any more; else it refused one computation, which the CPU did */
        void failed(String device, DeviceException failure, boolean lost);
    }

    private final CpuBackend cpu = new CpuBackend();
    private final List<Place> places = new ArrayList<>();
    private final Map<Call.Key, Call> calls = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<Object, Ran> ran = new HashMap<>();
    private final Supplier<Object> who;
    private Function<Object, String> forced;
    private Calibration calibration = Calibration.CPU;
    private Watcher watcher = (_, _, _) -> { };
    private boolean usable;
    /** Whether the last computation on large memory went to a device: then small results are to stay there too. */
    private boolean away;
    private int results = REMEMBERED / 2;
    private int reads = REMEMBERED / 4;

    /** @param who says whom a computation is for; what it gives is the key of {@link #ran} */
    public PlacedBackend(Supplier<Object> who) {
        this.who = who;
    }

    /** @param budget the most bytes that copies there may take together */
    public void add(Device device, Calibration measured, long budget) {
        places.add(new Place(device, places.size(), measured, budget / 4));
        usable = true;
    }

    /** What was measured anew. */
    public void calibrate(String device, Calibration measured) {
        if (device.equals(CPU)) {
            calibration = measured;
        } else {
            place(device).calibration = measured;
        }
    }

    /** Has a device used or not; what lies there stays readable. */
    public void use(String device, boolean on) {
        place(device).on = on;
        usable = places.stream().anyMatch(Place::isUsable);
    }

    /** @param by gives the name of the device for whom a computation is (null is nobody), or null for the fastest */
    public void force(Function<Object, String> by) {
        forced = by;
        away = false;
    }

    public void watch(Watcher by) {
        watcher = by;
    }

    /** Where the last computation for somebody went, or null where it was too small to go anywhere. */
    public Ran ran(Object of) {
        return ran.get(of);
    }

    /** Begins anew: forgets where all went, so that what comes goes where it would have gone first. */
    public void forget() {
        ran.clear();
        away = false;
    }

    /** How many bytes the copies on a device take. */
    public long bytes(String device) {
        return 4 * place(device).used();
    }

    private Place place(String name) {
        for (Place place : places) {
            if (place.device.name().equals(name)) {
                return place;
            }
        }
        throw new IllegalArgumentException("no device '" + name + "'");
    }

    private Place forcedPlace() {
        String name = forced == null ? null : forced.apply(who.get());
        if (name != null) {
            for (Place place : places) {
                if (place.device.name().equals(name) && place.isUsable()) {
                    return place;
                }
            }
        }
        return null;
    }

    @Override
    public Buffer allocate(DType type, int size) {
        if (!usable || type == DType.FLOAT64 || size < SMALL && !away && forcedPlace() == null || size == 0) {
            return cpu.allocate(type, size);
        }
        return new PlacedBuffer(new Store(new Value(type, size, null)));
    }

    private Buffer placed(Buffer home) {
        boolean stays = !usable || home.dtype() == DType.FLOAT64 || home.size() < SMALL && forcedPlace() == null
                || home.size() == 0;
        return stays ? home : new PlacedBuffer(new Store(new Value(home.dtype(), home.size(), home)));
    }

    @Override
    public Buffer upload(DType type, double[] values) {
        return placed(cpu.upload(type, values));
    }

    @Override
    public Buffer upload(long[] values) {
        return placed(cpu.upload(values));
    }

    @Override
    public Buffer scalar(DType type, double value) {
        return cpu.scalar(type, value);
    }

    @Override
    public double[] download(View view) {
        return cpu.download(atHome(view));
    }

    @Override
    public long[] downloadLongs(View view) {
        return cpu.downloadLongs(atHome(view));
    }

    @Override
    public double item(View view) {
        return cpu.item(atHome(view));
    }

    @Override
    public double squares(View view) {
        return cpu.squares(atHome(view));
    }

    @Override
    public void pointwise(Program formula, double[] params, DType compute, View out, View... in) {
        if (!isPlaced(out, in)) {
            cpu.pointwise(formula, params, compute, out, in);
        } else if (!onDevice(formula, params, compute, null, out, in)) {
            View[] here = atHome(in);
            cpu.pointwise(formula, params, compute, writable(out, in, null), here);
        }
    }

    @Override
    public void run(Kernel kernel, View out, View... in) {
        if (!isPlaced(out, in)) {
            cpu.run(kernel, out, in);
        } else if (!onDevice(null, null, null, kernel, out, in)) {
            View[] here = atHome(in);
            cpu.run(kernel, writable(out, in, kernel), here);
        }
    }

    private static boolean isPlaced(View out, View[] in) {
        if (out.buffer() instanceof PlacedBuffer) {
            return true;
        }
        for (View view : in) {
            if (view.buffer() instanceof PlacedBuffer) {
                return true;
            }
        }
        return false;
    }

    /** The view over the CPU's memory, its numbers being there. */
    private View atHome(View view) {
        return view.buffer() instanceof PlacedBuffer placed
                ? new View(home(placed.store), view.shape(), view.strides(), view.offset()) : view;
    }

    private View[] atHome(View[] views) {
        View[] here = new View[views.length];
        for (int i = 0; i < views.length; i++) {
            here[i] = atHome(views[i]);
        }
        return here;
    }

    /** The CPU's memory of a store with its numbers, not to be written. */
    Buffer home(Store store) {
        Value value = store.value;
        if (value.home != null) {
            return value.home;
        }
        for (Place place : places) {
            Store.Copy copy = store.copies[place.index];
            if (copy != null) {
                try {
                    Buffer here = place.read(copy.memory);
                    value.arrived(here);
                    reads++;
                    return here;
                } catch (DeviceException failure) {
                    // What else it did since the last read is as doubtful.
                    lose(place, failure);
                }
            }
        }
        return value.recompute(cpu);
    }

    /** The view over memory of the CPU's that may be written; what lies on devices is out of date from here on. */
    private View writable(View out, View[] in, Kernel kernel) {
        if (!(out.buffer() instanceof PlacedBuffer placed)) {
            return out;
        }
        Store store = placed.store;
        if (isOverwritten(out, in, kernel)) {
            if (store.value.home == null || store.value.kept) {
                store.value = new Value(store.type, store.size, cpu.allocate(store.type, store.size));
            }
        } else {
            Buffer here = home(store);
            if (store.value.kept) {
                store.value = new Value(store.type, store.size, Value.copyOf(cpu, here));
            }
        }
        for (Place place : places) {
            place.drop(store);
        }
        return new View(store.value.home, out.shape(), out.strides(), out.offset());
    }

    /** Whether nothing is left of what the output's memory holds. */
    private static boolean isOverwritten(View out, View[] in, Kernel kernel) {
        int size = out.buffer().size();
        if (kernel == Kernel.SCATTER || out.offset() != 0
                || !(kernel == Kernel.FOLD ? Sliding.of(out.shape(), out.strides()).size() == size
                : out.isContiguous() && out.numel() == size)) {
            return false;
        }
        for (View view : in) {
            if (view.buffer().isSameMemory(out.buffer())) {
                return false;
            }
        }
        return true;
    }

    /** Has a device compute, where one is forced or the fastest; false: the CPU is to. */
    private boolean onDevice(Program formula, double[] params, DType compute, Kernel kernel, View out, View[] in) {
        Object maker = who.get();
        if (!(out.buffer() instanceof PlacedBuffer) || !usable) {
            note(maker, CPU, Why.FASTEST);
            return false;
        }
        Place told = forcedPlace();
        boolean fixed = told != null || forced != null && CPU.equals(forced.apply(maker));
        if (!Kinds.fit(compute, kernel, out, in)) {
            note(maker, CPU, Why.TYPE);
            return false;
        }
        Place place = fixed ? told : fastest(formula, kernel, out, in);
        away = place != null;
        if (place == null) {
            note(maker, CPU, fixed ? Why.FORCED : Why.FASTEST);
            return false;
        }
        Arrangement arrangement = new Arrangement(formula, params, kernel, out, in, cpu::item);
        Call call = arrangement.overlaps() ? null : call(arrangement);
        if (call == null || !call.fits(place) || !runOn(place, call, arrangement, isOverwritten(out, in, kernel))) {
            note(maker, CPU, Why.REFUSED);
            return false;
        }
        note(maker, place.device.name(), fixed ? Why.FORCED : Why.FASTEST);
        return true;
    }

    private void note(Object maker, String device, Why why) {
        if (maker != null) {
            ran.put(maker, new Ran(device, why));
        }
    }

    private Call call(Arrangement arrangement) {
        Call.Key key = arrangement.key();
        Call call = calls.get(key);
        if (call == null) {
            call = arrangement.call();
            calls.put(key, call);
            if (calls.size() > MOST_CALLS) {
                var eldest = calls.entrySet().iterator();
                eldest.next().getValue().close();
                eldest.remove();
            }
        }
        return call;
    }

    /** The place that has the result soonest, or null where that is the CPU. */
    private Place fastest(Program formula, Kernel kernel, View out, View[] in) {
        double soonest = time(calibration, formula, kernel, out, in);
        for (View view : in) {
            soonest += timeHome(view);
        }
        Place best = null;
        for (Place place : places) {
            if (place.isUsable()) {
                double time = time(place.calibration, formula, kernel, out, in)
                        + place.calibration.moveHome(out.buffer().size()) * reads / results;
                for (View view : in) {
                    time += timeThere(place, view, formula != null);
                }
                if (time < soonest) {
                    soonest = time;
                    best = place;
                }
            }
        }
        return best;
    }

    private static double time(Calibration by, Program formula, Kernel kernel, View out, View[] in) {
        return kernel == null ? by.pointwise(formula, out, in.length) : by.kernel(kernel, out, in);
    }

    private double timeHome(View view) {
        if (!(view.buffer() instanceof PlacedBuffer placed) || placed.store.value.home != null) {
            return 0;
        }
        for (Place place : places) {
            if (placed.store.copies[place.index] != null) {
                return place.calibration.moveHome(placed.store.size);
            }
        }
        return 0;
    }

    private double timeThere(Place place, View view, boolean numbersFree) {
        if (view.buffer() instanceof PlacedBuffer placed) {
            return placed.store.copies[place.index] != null ? 0
                    : timeHome(view) + place.calibration.moveThere(placed.store.size);
        }
        return numbersFree && view.buffer().size() == 1 ? 0 : place.calibration.moveThere(view.buffer().size());
    }

    private boolean runOn(Place place, Call call, Arrangement arrangement, boolean overwritten) {
        List<Buffer> slots = arrangement.memories();
        Store target = ((PlacedBuffer) slots.getFirst()).store;
        Memory[] memories = new Memory[slots.size()];
        Value[] values = new Value[slots.size()];
        List<Store> passing = new ArrayList<>();
        boolean started = false;
        try {
            Executable executable = call.on(place);
            place.begin();
            for (int i = 1; i < memories.length; i++) {
                Store store;
                if (slots.get(i) instanceof PlacedBuffer placed) {
                    store = placed.store;
                } else {
                    // Whoever writes this memory later does not know that it is still needed.
                    Buffer now = Value.copyOf(cpu, slots.get(i));
                    store = new Store(new Value(now.dtype(), now.size(), now));
                    passing.add(store);
                }
                memories[i] = bring(place, store, false);
                values[i] = store.value;
                if (memories[i] == null) {
                    return false;
                }
            }
            memories[0] = bring(place, target, overwritten);
            values[0] = overwritten || target.value.isBlank() ? null : target.value;
            if (memories[0] == null) {
                return false;
            }
            started = true;
            executable.run(memories, arrangement.numbers());
        } catch (DeviceException failure) {
            if (started) {
                place.drop(target);
            }
            fail(place, call, failure);
            return false;
        } finally {
            passing.forEach(place::drop);
        }
        for (Place other : places) {
            if (other != place) {
                other.drop(target);
            }
        }
        target.value = Value.made(call, values, arrangement.numbers(), target.type, target.size);
        results++;
        if (results > REMEMBERED) {
            results /= 2;
            reads /= 2;
        }
        if (target.value.depth() > DEEPEST) {
            home(target);
        }
        return true;
    }

    /** Memory there with what a store holds, or null where that cannot be. */
    private Memory bring(Place place, Store store, boolean overwritten) {
        Store.Copy copy = store.copies[place.index];
        if (copy != null) {
            place.touch(copy);
            return copy.memory;
        }
        boolean empty = overwritten || store.value.isBlank();
        Buffer from = empty ? null : home(store);
        copy = place.allocate(store, this);
        boolean written = false;
        try {
            written = empty || place.write(copy.memory, from);
        } finally {
            if (!written) {
                place.drop(store);
            }
        }
        return written ? copy.memory : null;
    }

    private void fail(Place place, Call call, DeviceException failure) {
        switch (failure.kind()) {
            case LOST -> lose(place, failure);
            case KERNEL -> {
                call.refuse(place);
                watcher.failed(place.device.name(), failure, false);
            }
            case OUT_OF_MEMORY -> watcher.failed(place.device.name(), failure, false);
        }
    }

    private void lose(Place place, DeviceException failure) {
        if (!place.lost) {
            place.lose();
            usable = places.stream().anyMatch(Place::isUsable);
            away = false;
            watcher.failed(place.device.name(), failure, true);
        }
    }
}
