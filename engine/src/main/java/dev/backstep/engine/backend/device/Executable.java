package dev.backstep.engine.backend.device;

/** A list of {@link Work}s made ready, which runs over and over in a handful of calls. */
public interface Executable {
    /**
     * Does the works in their order. It need not wait for them; a read of their results does.
     *
     * @param slots the memory in each slot, of the slot's type and size; the same array of the same memories again is
     *     the fast way
     * @param numbers for the parameters of the pointwise works
     * @throws DeviceException where the device is lost or out of memory
     */
    void run(Memory[] slots, double[] numbers);

    /** Bytes of the device's memory that it holds for itself until it is closed. */
    default long bytes() {
        return 0;
    }

    /** Gives back what it holds. */
    void close();
}
