package dev.backstep.engine.tensor;

import dev.backstep.engine.backend.Backend;

/** What autograd remembers of the running thread. */
final class ThreadState {
    private static final ThreadLocal<ThreadState> CURRENT = ThreadLocal.withInitial(ThreadState::new);

    /** The state of all threads where they are one, or null. */
    private static ThreadState only;

    /** Whether results of differentiable ops are recorded. */
    boolean gradEnabled = true;
    /** Number the next node gets; nodes made later have higher ones and run earlier in backward. */
    long sequence;
    /** Who is to be named as the maker of new nodes, or null. */
    Object scope;
    /** The node whose backward runs, or null. */
    Node running;
    /** The backward going on where it wants the gradients of some tensors only, else null. */
    Backward partial;
    /** Whether backward looks for NaN. */
    boolean detectAnomaly;
    /** Who notes the calls of the backend, or null. */
    Backend recorder;

    private ThreadState() {
    }

    static ThreadState get() {
        ThreadState state = only;
        return state != null ? state : CURRENT.get();
    }

    static void share() {
        only = CURRENT.get();
    }
}
