package dev.backstep.server.runs;

import dev.backstep.engine.backend.device.Device;
import java.util.List;

/** What runs may compute on. */
public interface Hardware {
    /** The devices that can be used now. */
    List<Device> devices();

    /** The name of the one that a run is to use, or {@code auto} for the fastest. */
    String wanted();
}
