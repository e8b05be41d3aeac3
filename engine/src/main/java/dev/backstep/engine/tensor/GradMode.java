package dev.backstep.engine.tensor;

/** Whether ops are recorded for backward: PyTorch's {@code no_grad}, {@code enable_grad}, {@code set_grad_enabled}. */
public final class GradMode {
    private GradMode() {
    }

    public static boolean isEnabled() {
        return ThreadState.get().gradEnabled;
    }

    /** Ops inside are not recorded: {@code try (var _ = GradMode.noGrad()) { ... }}. */
    public static Scope noGrad() {
        return set(false);
    }

    /** Ops inside are recorded, also within a {@link #noGrad()}. */
    public static Scope enableGrad() {
        return set(true);
    }

    public static Scope set(boolean enabled) {
        ThreadState state = ThreadState.get();
        Scope scope = new Scope(state, state.gradEnabled);
        state.gradEnabled = enabled;
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
            state.gradEnabled = before;
        }
    }
}
