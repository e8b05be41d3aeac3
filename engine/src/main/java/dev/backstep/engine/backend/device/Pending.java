package dev.backstep.engine.backend.device;

/** Numbers on their way from a device. */
public interface Pending {
    /** Whether they have come, or never will; between two askings the caller must let the browser work. */
    boolean isReady();

    /**
     * The numbers, once they are ready.
     *
     * @throws DeviceException where they will never come
     */
    float[] floats();

    /** Numbers that have come already. */
    static Pending of(float[] values) {
        return new Pending() {
            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public float[] floats() {
                return values;
            }
        };
    }
}
