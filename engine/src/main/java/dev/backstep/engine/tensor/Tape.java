package dev.backstep.engine.tensor;

/** Lets whoever runs ops leave a mark on the nodes they record, so that a node can be traced to its maker. */
public final class Tape {
    private Tape() {
    }

    /** Nodes made until the scope closes carry {@code maker} as their {@link Node#scope()}. */
    public static Scope scope(Object maker) {
        ThreadState state = ThreadState.get();
        Scope scope = new Scope(state, state.scope);
        state.scope = maker;
        return scope;
    }

    /** Whom what is computed now is for: the maker of the node whose backward runs, else the mark that was left. */
    public static Object maker() {
        ThreadState state = ThreadState.get();
        return state.running == null ? state.scope : state.running.scope();
    }

    /** Puts the earlier mark back when it closes. */
    public static final class Scope implements AutoCloseable {
        private final ThreadState state;
        private final Object before;

        private Scope(ThreadState state, Object before) {
            this.state = state;
            this.before = before;
        }

        /** From here on nodes carry another mark. */
        public void maker(Object maker) {
            state.scope = maker;
        }

        @Override
        public void close() {
            state.scope = before;
        }
    }
}
