package dev.backstep.engine.tensor;

/**
 * {@code torch.autograd.set_detect_anomaly}: while it is on, backward refuses at the first node that gives a NaN. The
 * refusal's {@link TorchError#node()} tells by its {@link Node#scope()} which forward call made that node.
 */
public final class AnomalyMode {
    private AnomalyMode() {
    }

    public static boolean isEnabled() {
        return ThreadState.get().detectAnomaly;
    }

    /** Turns it on or off: {@code try (var _ = AnomalyMode.setDetectAnomaly(true)) { ... }}, or for good. */
    public static Scope setDetectAnomaly(boolean enabled) {
        ThreadState state = ThreadState.get();
        Scope scope = new Scope(state, state.detectAnomaly);
        state.detectAnomaly = enabled;
        return scope;
    }

    /** Puts the mode back to what it was when it closes. */
    public static final class Scope implements AutoCloseable {
        private final ThreadState state;
        private final boolean before;

        private Scope(ThreadState state, boolean before) {
            this.state = state;
            this.before = before;
        }

        @Override
        public void close() {
            state.detectAnomaly = before;
        }
    }
}
