package dev.backstep.engine.compile;

import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.Kernel;
import dev.backstep.engine.backend.device.Device;
import dev.backstep.engine.backend.device.Executable;
import dev.backstep.engine.backend.device.Memory;
import dev.backstep.engine.backend.device.Operand;
import dev.backstep.engine.backend.device.Pending;
import dev.backstep.engine.backend.device.Work;
import java.util.List;

/**
 * The answers of the last steps on a device that lets one wait: they gather in memory there, and come in one go for
 * several steps.
 */
public final class History {
    /** How many steps may be on their way. */
    public static final int MOST = 32;
    /** After how many steps their answers are asked for. */
    private static final int SEVERAL = 8;
    private static final int WIDTH = 2;

    private final Device device;
    private final Memory[] slots = new Memory[2];
    private final Executable[] copies = new Executable[MOST];
    private final double[] none = {};
    /** Steps counted: those begun, those asked for, those whose answers have come, those given out. */
    private long begun;
    private long asked;
    private long come;
    private long given;
    private Pending pending;
    private final float[] values = new float[WIDTH * MOST];

    public History(Device device) {
        this.device = device;
        slots[0] = device.allocate(DType.FLOAT32, WIDTH);
        slots[1] = device.allocate(DType.FLOAT32, WIDTH * MOST);
        List<Device.Slot> all = List.of(new Device.Slot(DType.FLOAT32, WIDTH),
                new Device.Slot(DType.FLOAT32, WIDTH * MOST));
        for (int i = 0; i < MOST; i++) {
            copies[i] = device.prepare(List.of(new Work.Run(Kernel.COPY, List.of(row(1, WIDTH * i)),
                    List.of(row(0, 0)))), all);
        }
    }

    private static Operand row(int slot, int offset) {
        return new Operand(slot, DType.FLOAT32, new int[] {WIDTH}, new int[] {1}, offset);
    }

    /** Where steps leave their answer. */
    Memory answer() {
        return slots[0];
    }

    /** Keeps the answer of a step that was just begun. */
    public void keep() {
        copies[(int) (begun % MOST)].run(slots, none);
        begun++;
        if (begun - asked >= SEVERAL) {
            ask();
        }
    }

    /** Asks for all answers that nobody asked for yet, unless some are on their way. */
    public void ask() {
        if (pending == null && begun > asked) {
            pending = device.readLater(slots[1]);
            asked = begun;
        }
    }

    /** How many steps have not given their answer out. */
    public int open() {
        return (int) (begun - given);
    }

    /** Goes to the next answer. @return whether there is one */
    public boolean next() {
        if (given == come && pending != null && pending.isReady()) {
            float[] now = pending.floats();
            System.arraycopy(now, 0, values, 0, values.length);
            come = asked;
            pending = null;
            if (begun - asked >= SEVERAL) {
                ask();
            }
        }
        if (given == come) {
            return false;
        }
        given++;
        return true;
    }

    /** Forgets what was not given out. */
    public void clear() {
        given = begun;
        come = begun;
        asked = begun;
        pending = null;
    }

    /** Waits for all answers. */
    public void drain() {
        if (begun > come) {
            device.read(slots[1], values);
            come = begun;
            asked = begun;
            pending = null;
        }
    }

    private int place() {
        return WIDTH * (int) ((given - 1) % MOST);
    }

    /** The loss of the answer that was given out last. */
    public double loss() {
        return values[place() + Plan.LOSS];
    }

    /** The sum of the squares of its gradients. */
    public double squares() {
        return values[place() + Plan.SQUARES];
    }

    /** The sum of the losses that were not given out, after {@link #drain}. */
    public double rest() {
        double sum = 0;
        for (long i = given; i < begun; i++) {
            sum += values[WIDTH * (int) (i % MOST) + Plan.LOSS];
        }
        return sum;
    }

    /** Gives back what it holds. */
    public void close() {
        for (Executable copy : copies) {
            copy.close();
        }
        device.free(slots[0]);
        device.free(slots[1]);
    }
}
