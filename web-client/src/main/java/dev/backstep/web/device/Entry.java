package dev.backstep.web.device;

import dev.backstep.engine.backend.device.Calibration;
import dev.backstep.engine.backend.device.Device;
import java.util.Set;

/** One device, or what there is instead of it. */
public final class Entry {
    /**
     * How it stands with a device. WAITING is not opened yet, because nothing needed it; TESTING is the self-test,
     * MEASURING its speed; OFF was chosen by the reader, or is a device that has to be asked for.
     */
    public enum State { WAITING, STARTING, TESTING, MEASURING, READY, OFF, MISSING, LOST }

    private final String name;
    private final String kind;
    private final Opener opener;
    State state = State.WAITING;
    String reason;
    /** What the browser calls it, from when it was opened. */
    String adapter = "";
    String detail = "";
    Set<String> failed = Set.of();
    Calibration calibration;
    /** Without what it fails at. */
    Device device;
    /** As it was opened. */
    Device opened;

    Entry(String name, String kind, Opener opener) {
        this.name = name;
        this.kind = kind;
        this.opener = opener;
    }

    /** The name in documents: cpu, simd, webgpu. */
    public String name() {
        return name;
    }

    /** {@code cpu} or {@code gpu}. */
    public String kind() {
        return kind;
    }

    public State state() {
        return state;
    }

    public boolean isReady() {
        return state == State.READY;
    }

    /** Why it is not ready, a word of the messages after {@code devices.reason.}; null where there is none to tell. */
    public String reason() {
        return reason;
    }

    /** What the browser said of it: the adapter, or the words of a failure; may be empty. */
    public String detail() {
        return detail;
    }

    /** What the browser calls it; empty before it was opened. */
    public String adapter() {
        return adapter;
    }

    /** Functions and kernels that failed the self-test, which the CPU does instead. */
    public Set<String> failed() {
        return failed;
    }

    /** How fast it is; null while that is not known. */
    public Calibration calibration() {
        return calibration;
    }

    /** What computes there, or null where nothing does. */
    public Device device() {
        return isReady() ? device : null;
    }

    Opener opener() {
        return opener;
    }

    boolean isThere() {
        return opened != null && state != State.LOST;
    }
}
