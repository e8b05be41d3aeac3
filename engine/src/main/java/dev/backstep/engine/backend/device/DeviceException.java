package dev.backstep.engine.backend.device;

/** A device that failed: it is lost, out of memory, or refused a kernel. What it held may be gone. */
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What failed. */
    public enum Kind { LOST, OUT_OF_MEMORY, KERNEL }

    private final Kind kind;

    public DeviceException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
