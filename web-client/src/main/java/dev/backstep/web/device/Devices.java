package dev.backstep.web.device;

import dev.backstep.engine.backend.Backend;
import dev.backstep.engine.backend.cpu.CpuBackend;
import dev.backstep.engine.backend.device.Calibration;
import dev.backstep.engine.backend.device.Calibrator;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.PlacedBackend;
import dev.backstep.engine.backend.device.SelfTest;
import dev.backstep.engine.tensor.Backends;
import dev.backstep.engine.tensor.Tape;
import dev.backstep.web.jso.Idle;
import dev.backstep.web.session.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.teavm.jso.browser.Performance;

/**
 * The devices of this browser. Each is opened when something needs it, tested against the CPU and measured while the
 * page has nothing else to do, a few milliseconds at a time; results are kept. Tensors are placed on devices from when
 * the first of them is ready.
 */
public final class Devices {
    /** Part of the names under which results are kept: to be raised when kernels change. */
    private static final String VERSION = "4";
    private static final int SLICE_MS = 6;
    /** The longest that work waits for a moment in which nothing else is to be done. */
    private static final int MOST_MS = 200;
    /** The same for a device that nothing needs yet. */
    private static final int SOON_MS = 3000;
    private static final long BUDGET = 1L << 29;

    /** Something came or went, or is known better. */
    public final Signal changed = new Signal();
    /** A device failed while it was used: its words are in {@link #failure}. */
    public final Signal failing = new Signal();

    private final Notebook kept;
    private final List<Entry> entries = new ArrayList<>();
    private final Entry cpu = new Entry(PlacedBackend.CPU, "cpu", null);
    private final PlacedBackend placed = new PlacedBackend(Tape::maker);
    /** What is to be tested and measured, one after another. */
    private final ArrayDeque<Job> jobs = new ArrayDeque<>();
    private boolean working;
    private Entry failed;

    /** Does a little; false once all is done. */
    private interface Job {
        boolean step();
    }

    public Devices(Notebook kept) {
        this.kept = kept;
        cpu.state = Entry.State.READY;
        entries.add(cpu);
        Calibration known = known(cpu);
        if (known != null) {
            measured(cpu, known);
        }
        placed.watch(this::failed);
    }

    /** A device that may be there; it is opened when it is wanted. */
    public void add(String name, String kind, Opener opener) {
        Entry entry = new Entry(name, kind, opener);
        entries.add(entry);
        if ("off".equals(kept.get("device." + name))) {
            entry.state = Entry.State.OFF;
            entry.reason = "OFF";
        }
    }

    /** Opens all that have not been yet, because something may need them. */
    public void want() {
        for (Entry entry : entries) {
            if (entry.state == Entry.State.WAITING) {
                open(entry, "on".equals(kept.get("device." + entry.name())));
            }
        }
    }

    /** Whether {@link #want} would do anything. */
    public boolean isWaiting() {
        return entries.stream().anyMatch(entry -> entry.state == Entry.State.WAITING);
    }

    /** Opens the device of that name, which was asked for; does nothing where it is open, or the reader's is off. */
    public void want(String name) {
        Entry entry = entry(name);
        if (entry != null && (entry.state == Entry.State.WAITING || Opener.SOFTWARE.equals(entry.reason))) {
            open(entry, true);
        }
    }

    /** The same once the page has nothing else to do. */
    public void soon(String name) {
        Idle.request(() -> want(name), SOON_MS);
    }

    /** All of them, the CPU first. */
    public List<Entry> entries() {
        return entries;
    }

    /** The one of that name, or null. */
    public Entry entry(String name) {
        return entries.stream().filter(entry -> entry.name().equals(name)).findFirst().orElse(null);
    }

    /** Whether anything but the CPU's plain loops is ready. */
    public boolean isMoreThanCpu() {
        return entries.stream().anyMatch(entry -> entry != cpu && entry.isReady());
    }

    /** The device that failed last, and how is in its {@link Entry#detail}. */
    public Entry failure() {
        return failed;
    }

    /** Where the last computation for a box went, or null where it was the CPU's by its size. */
    public PlacedBackend.Ran ran(String box) {
        return placed.ran(box);
    }

    /** Forgets where boxes ran, because they are about to run anew. */
    public void forget() {
        placed.forget();
    }

    /** Says which device a box is to run on: a name, or null for the fastest. */
    public void force(Function<Object, String> by) {
        placed.force(by);
    }

    /** A backend that has everything on that device, for comparing; null where it is not ready. */
    public Backend only(Entry entry) {
        if (entry == cpu) {
            return new CpuBackend();
        }
        if (!entry.isReady()) {
            return null;
        }
        PlacedBackend alone = new PlacedBackend(Tape::maker);
        alone.add(entry.device, entry.calibration, BUDGET);
        alone.force(_ -> entry.name());
        return alone;
    }

    /** Puts the backend of this page back after a comparison. */
    public void back() {
        Backends.use(entries.stream().anyMatch(entry -> entry.opened != null) ? placed : new CpuBackend());
    }

    /** Switches a device on or off, for this and later visits. */
    public void use(String name, boolean on) {
        Entry entry = entry(name);
        kept.put("device." + name, on ? "on" : "off");
        if (!on) {
            entry.state = Entry.State.OFF;
            entry.reason = "OFF";
            if (entry.device != null) {
                placed.use(name, false);
            }
        } else if (entry.device != null && entry.isThere() && entry.calibration != null) {
            entry.state = Entry.State.READY;
            entry.reason = null;
            placed.use(name, true);
        } else {
            open(entry, true);
        }
        changed.fire();
    }

    /** Tests and measures a device anew. */
    public void again(String name) {
        Entry entry = entry(name);
        if (entry == cpu) {
            measureCpu();
        } else if (entry.opened != null && entry.state == Entry.State.READY) {
            test(entry);
        }
        changed.fire();
        work();
    }

    private void open(Entry entry, boolean asked) {
        entry.state = Entry.State.STARTING;
        entry.reason = null;
        entry.opener().open(asked, new Opener.Answer() {
            @Override
            public void found(Device device, String detail) {
                entry.opened = device;
                entry.adapter = detail;
                entry.detail = detail;
                if (cpu.calibration == null) {
                    measureCpu();
                }
                String failures = kept.get(key("failed", entry));
                Calibration known = known(entry);
                if (failures != null && known != null) {
                    tested(entry, failures.isEmpty() ? Set.of() : Set.of(failures.split(" ")));
                    measured(entry, known);
                } else {
                    test(entry);
                }
                changed.fire();
                work();
            }

            @Override
            public void missing(String reason, String detail) {
                entry.state = reason.equals(Opener.SOFTWARE) ? Entry.State.OFF : Entry.State.MISSING;
                entry.reason = reason;
                entry.detail = detail;
                changed.fire();
            }

            @Override
            public void lost(String detail) {
                lose(entry, detail);
            }
        });
    }

    private static String key(String what, Entry entry) {
        return "device." + entry.name() + "." + what + "." + VERSION + "." + entry.adapter;
    }

    private Calibration known(Entry entry) {
        String text = kept.get(key("speed", entry));
        return text == null ? null : Calibration.of(text);
    }

    private void test(Entry entry) {
        entry.state = Entry.State.TESTING;
        if (entry.device != null) {
            placed.use(entry.name(), false);
        }
        SelfTest test = new SelfTest(entry.opened);
        jobs.add(() -> {
            if (test.step()) {
                return true;
            }
            if (test.lost() != null) {
                lose(entry, test.lost().getMessage());
            } else {
                kept.put(key("failed", entry), String.join(" ", new TreeSet<>(test.failed())));
                tested(entry, test.failed());
                measure(entry);
            }
            return false;
        });
    }

    private void tested(Entry entry, Set<String> failures) {
        entry.failed = Set.copyOf(failures);
        entry.device = SelfTest.without(entry.opened, failures);
    }

    private void measure(Entry entry) {
        entry.state = Entry.State.MEASURING;
        changed.fire();
        jobs.add(new Job() {
            private Calibrator calibrator;

            @Override
            public boolean step() {
                try {
                    calibrator = calibrator == null ? Calibrator.of(entry.opened, System::nanoTime) : calibrator;
                    if (calibrator.step()) {
                        return true;
                    }
                    kept.put(key("speed", entry), calibrator.result().text());
                    measured(entry, calibrator.result());
                } catch (DeviceException failure) {
                    lose(entry, failure.getMessage());
                }
                return false;
            }
        });
    }

    private void measureCpu() {
        Calibrator calibrator = Calibrator.ofCpu(System::nanoTime);
        jobs.add(() -> {
            if (calibrator.step()) {
                return true;
            }
            kept.put(key("speed", cpu), calibrator.result().text());
            measured(cpu, calibrator.result());
            return false;
        });
    }

    private void measured(Entry entry, Calibration calibration) {
        boolean first = entry.calibration == null;
        entry.calibration = calibration;
        if (entry != cpu && first) {
            placed.add(entry.device, calibration, BUDGET);
            Backends.use(placed);
        } else {
            placed.calibrate(entry.name(), calibration);
        }
        if (entry != cpu) {
            placed.use(entry.name(), entry.state != Entry.State.OFF);
        }
        if (entry.state != Entry.State.OFF) {
            entry.state = Entry.State.READY;
            entry.reason = null;
        }
        changed.fire();
    }

    private void failed(String name, DeviceException failure, boolean lost) {
        Entry entry = entry(name);
        if (lost) {
            lose(entry, failure.getMessage());
        } else {
            entry.detail = failure.getMessage();
            failed = entry;
            failing.fire();
            changed.fire();
        }
    }

    private void lose(Entry entry, String words) {
        if (entry.state == Entry.State.LOST) {
            return;
        }
        entry.state = Entry.State.LOST;
        entry.reason = "LOST";
        entry.detail = words;
        if (entry.calibration != null) {
            placed.use(entry.name(), false);
        }
        failed = entry;
        failing.fire();
        changed.fire();
    }

    private void work() {
        if (!working && !jobs.isEmpty()) {
            working = true;
            Idle.request(this::slice, MOST_MS);
        }
    }

    private void slice() {
        hurry();
        working = false;
        work();
    }

    /** Tests and measures a little at once: a page that computes is never idle, and waits for what is faster. */
    public void hurry() {
        double end = Performance.now() + SLICE_MS;
        while (!jobs.isEmpty() && Performance.now() < end) {
            if (!jobs.peek().step()) {
                jobs.poll();
            }
        }
    }
}
