package dev.backstep.engine.tensor;

/** What autograd remembers of the running thread. */
final class ThreadState {
    private static final ThreadLocal<ThreadState> CURRENT = ThreadLocal.withInitial(ThreadState::new);

    /** Whether results of differentiable ops are recorded. */
    boolean gradEnabled = true;
    /** Number the next node gets; nodes made later have higher ones and run earlier in backward. */
    long sequence;
    /** Who is to be named as the maker of new nodes, or null. */
    Object scope;

    private ThreadState() {
    }

    static ThreadState get() {
        return CURRENT.get();
    }
}
