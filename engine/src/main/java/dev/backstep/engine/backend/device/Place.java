package dev.backstep.engine.backend.device;

import dev.backstep.engine.backend.Buffer;
import dev.backstep.engine.backend.DType;
import dev.backstep.engine.backend.cpu.HostMemory;
import java.util.ArrayList;
import java.util.List;

/** One device, and what lies there. */
final class Place {
    /** Copies that may be made before those of dead stores are looked for. */
    private static final int SWEEP = 64;

    final Device device;
    final int index;
    Calibration calibration;
    /** Whether it is to be used; a lost one never is again. */
    boolean on = true;
    boolean lost;
    private final long budget;
    private final List<Store.Copy> copies = new ArrayList<>();
    private long used;
    private long now;
    private int sweepAt = SWEEP;

    /** @param budget the most elements that copies may have together */
    Place(Device device, int index, Calibration calibration, long budget) {
        this.device = device;
        this.index = index;
        this.calibration = calibration;
        this.budget = budget;
    }

    boolean isUsable() {
        return on && !lost;
    }

    /** From here on another computation begins: what it touches is not sent home before the next. */
    void begin() {
        now++;
        if (copies.size() > sweepAt) {
            sweep();
            sweepAt = copies.size() + Math.max(SWEEP, copies.size() / 2);
        }
    }

    void touch(Store.Copy copy) {
        copy.used = now;
    }

    /** Zeroed memory for a store; where there is not enough, what was not used for longest goes home. */
    Store.Copy allocate(Store store, PlacedBackend owner) {
        if (used + store.size > budget) {
            sweep();
            while (used + store.size > budget && sendHome(owner)) {
                continue;
            }
        }
        Memory memory = memory(store.type, store.size, owner);
        Store.Copy copy = new Store.Copy(memory, store);
        copies.add(copy);
        used += store.size;
        touch(copy);
        store.copies[index] = copy;
        return copy;
    }

    private Memory memory(DType type, int size, PlacedBackend owner) {
        try {
            return device.allocate(type, size);
        } catch (DeviceException refusal) {
            if (refusal.kind() != DeviceException.Kind.OUT_OF_MEMORY) {
                throw refusal;
            }
        }
        // Less fits than was thought: all but what is needed at the moment goes.
        sweep();
        while (sendHome(owner)) {
            continue;
        }
        return device.allocate(type, size);
    }

    /** Frees the copy that was not used for longest, once its numbers are at home. */
    private boolean sendHome(PlacedBackend owner) {
        Store.Copy oldest = null;
        for (Store.Copy copy : copies) {
            if (copy.used < now && (oldest == null || copy.used < oldest.used)) {
                oldest = copy;
            }
        }
        if (oldest == null) {
            return false;
        }
        Store store = oldest.owner.get();
        if (store != null) {
            owner.home(store);
            if (lost) {
                throw new DeviceException(DeviceException.Kind.LOST, "lost while memory was made free");
            }
            store.copies[index] = null;
        }
        free(oldest);
        return true;
    }

    /** Frees the copy of a store, if there is one. */
    void drop(Store store) {
        Store.Copy copy = store.copies[index];
        if (copy != null) {
            store.copies[index] = null;
            free(copy);
        }
    }

    private void free(Store.Copy copy) {
        copies.remove(copy);
        used -= copy.memory.size();
        if (!lost) {
            device.free(copy.memory);
        }
    }

    private void sweep() {
        List<Store.Copy> alive = new ArrayList<>();
        for (Store.Copy copy : copies) {
            if (copy.owner.get() != null) {
                alive.add(copy);
            } else {
                used -= copy.memory.size();
                device.free(copy.memory);
            }
        }
        copies.clear();
        copies.addAll(alive);
    }

    /** Forgets all that lies there. */
    void lose() {
        lost = true;
        for (Store.Copy copy : copies) {
            Store store = copy.owner.get();
            if (store != null) {
                store.copies[index] = null;
            }
        }
        copies.clear();
        used = 0;
    }

    /** Writes memory; false where an integer is too large for it. */
    boolean write(Memory to, Buffer from) {
        if (to.type() == DType.FLOAT32) {
            device.write(to, HostMemory.floats(from));
            return true;
        }
        int[] values = HostMemory.ints(from);
        if (values == null) {
            return false;
        }
        device.write(to, values);
        return true;
    }

    Buffer read(Memory from) {
        if (from.type() == DType.FLOAT32) {
            float[] values = new float[from.size()];
            device.read(from, values);
            return HostMemory.of(values);
        }
        int[] values = new int[from.size()];
        device.read(from, values);
        return HostMemory.of(from.type(), values);
    }

    /** How many elements all copies have together. */
    long used() {
        return used;
    }
}
