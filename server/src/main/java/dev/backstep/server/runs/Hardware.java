package dev.backstep.server.runs;

import dev.backstep.engine.backend.device.Device;
import java.util.List;

/** What runs may compute on. */
public interface Hardware {
    /**
     * What there is at one moment.
     *
     * @param devices that can be used
     * @param wanted the name of the one that a run is to use, or {@code auto} for the fastest
     */
    record Equipment(List<Device> devices, String wanted) {}

    /** What can be used now. */
    Equipment now();

    /**
     * Waits until it is known whether there is a device that all runs are to use; where none was asked for, returns at
     * once.
     */
    void await() throws InterruptedException;
}
